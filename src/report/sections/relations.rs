//! Customers that belong together without being one.

use super::super::chart;
use super::super::format::Figure;
use super::Context;
use super::findings::Place;
use crate::quality::RelatedCustomer;
use crate::quality::RelatedPair;

/// Relations by kind, and the heaviest.
pub(crate) struct RelationSection {
    pub(crate) total: Figure,
    pub(crate) kinds: Vec<KindRow>,
    pub(crate) shown: Vec<PairRow>,
}

/// One kind.
pub(crate) struct KindRow {
    pub(crate) label: String,
    pub(crate) relations: Figure,
    pub(crate) between: Figure,
    pub(crate) bar: String,
}

/// Two related customers.
pub(crate) struct PairRow {
    pub(crate) kind: String,
    pub(crate) weight: Figure,
    pub(crate) customers: Vec<CustomerCell>,
}

/// One of them.
pub(crate) struct CustomerCell {
    pub(crate) source: String,
    pub(crate) unified_id: String,
    pub(crate) masked: String,
    pub(crate) place: Option<Place>,
}

impl RelationSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let relations = &context.quality.relations;
        let most = relations.by_kind.iter().map(|of| of.relations).max().unwrap_or(0);
        let kinds = relations.by_kind.iter().enumerate().map(|(at, of)| {
            let path = |name: &str| format!("relations.by_kind.{at}.{name}");
            KindRow {
                label: context.m.relation(&of.kind).to_owned(),
                relations: Figure::count(path("relations"), of.relations),
                between: Figure::count(path("between_sources"), of.between_sources),
                bar: chart::width(of.relations, most),
            }
        });
        let shown = relations.shown.iter().enumerate();
        Self {
            total: Figure::count("relations.total", relations.total),
            kinds: kinds.collect(),
            shown: shown.map(|(at, pair)| pair_row(context, at, pair)).collect(),
        }
    }
}

fn pair_row(context: Context<'_>, at: usize, pair: &RelatedPair) -> PairRow {
    let path = format!("relations.shown.{at}");
    let cell = |(side, customer): (usize, &RelatedCustomer)| CustomerCell {
        source: context.source_name(customer.source).to_owned(),
        unified_id: customer.unified_id.clone(),
        masked: customer.masked.clone(),
        place: customer
            .row
            .as_ref()
            .map(|row| Place::new(&format!("{path}.customers.{side}.row"), &row.file, row.line)),
    };
    PairRow {
        kind: context.m.relation(&pair.kind).to_owned(),
        weight: Figure::bits(format!("{path}.weight_millibits"), pair.weight_millibits),
        customers: pair.customers.iter().enumerate().map(cell).collect(),
    }
}
