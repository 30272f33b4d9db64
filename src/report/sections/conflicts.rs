//! Where sources contradict each other; on the page of a source, how often it does.

use super::super::chart;
use super::super::format::Figure;
use super::Context;
use super::findings::Place;
use crate::quality::ConflictSample;
use crate::quality::ConflictValue;

/// Contradictions by field and by pair of sources, and the first of them.
pub(crate) struct ConflictSection {
    pub(crate) customers: Figure,
    pub(crate) values: Figure,
    pub(crate) fields: Vec<FieldRow>,
    pub(crate) pairs: Vec<PairRow>,
    pub(crate) samples: Vec<SampleRow>,
}

/// One field.
pub(crate) struct FieldRow {
    pub(crate) field: String,
    pub(crate) kind: String,
    pub(crate) customers: Figure,
    pub(crate) values: Figure,
    pub(crate) bar: String,
}

/// Two sources.
pub(crate) struct PairRow {
    pub(crate) sources: [String; 2],
    pub(crate) contradictions: Figure,
    pub(crate) bar: String,
}

/// One customer.
pub(crate) struct SampleRow {
    pub(crate) unified_id: String,
    pub(crate) field: String,
    pub(crate) values: Vec<ValueCell>,
}

/// What one record says.
pub(crate) struct ValueCell {
    pub(crate) source: String,
    pub(crate) masked: String,
    pub(crate) place: Option<Place>,
}

impl ConflictSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let conflicts = &context.quality.conflicts;
        let most = conflicts
            .by_field
            .iter()
            .map(|of| of.customers)
            .max()
            .unwrap_or(0);
        let fields = conflicts.by_field.iter().enumerate().map(|(at, of)| {
            let path = |name: &str| format!("conflicts.by_field.{at}.{name}");
            FieldRow {
                field: context.field_label(&of.field).to_owned(),
                kind: context.m.conflict(&of.kind).to_owned(),
                customers: Figure::count(path("customers"), of.customers),
                values: Figure::count(path("values"), of.values),
                bar: chart::width(of.customers, most),
            }
        });
        let most = conflicts
            .between
            .iter()
            .map(|of| of.contradictions)
            .max()
            .unwrap_or(0);
        let pairs = conflicts.between.iter().enumerate().map(|(at, of)| PairRow {
            sources: of.sources.map(|source| context.source_name(source).to_owned()),
            contradictions: Figure::count(
                format!("conflicts.between.{at}.contradictions"),
                of.contradictions,
            ),
            bar: chart::width(of.contradictions, most),
        });
        let samples = conflicts.samples.iter().enumerate();
        Self {
            customers: Figure::count("conflicts.customers", conflicts.customers),
            values: Figure::count("conflicts.values", conflicts.values),
            fields: fields.collect(),
            pairs: pairs.collect(),
            samples: samples.map(|(at, of)| sample_row(context, at, of)).collect(),
        }
    }
}

fn sample_row(context: Context<'_>, at: usize, sample: &ConflictSample) -> SampleRow {
    let cell = |(place, value): (usize, &ConflictValue)| ValueCell {
        source: context.source_name(value.source).to_owned(),
        masked: value.masked.clone(),
        place: value.row.as_ref().map(|row| {
            let path = format!("conflicts.samples.{at}.values.{place}.row");
            Place::new(&path, &row.file, row.line)
        }),
    };
    SampleRow {
        unified_id: sample.unified_id.clone(),
        field: context.field_label(&sample.field).to_owned(),
        values: sample.values.iter().enumerate().map(cell).collect(),
    }
}

/// By field, the customers about whom a source contradicts others; fields without any are left out.
pub(super) fn of_source(context: Context<'_>, source: usize) -> Vec<(String, Figure)> {
    let fields = context.quality.conflicts.by_field.iter().enumerate();
    let row = |(at, of): (usize, &crate::quality::FieldConflicts)| {
        let count = *of.by_source.get(source).filter(|&&count| count > 0)?;
        let path = format!("conflicts.by_field.{at}.by_source.{source}");
        Some((
            context.field_label(&of.field).to_owned(),
            Figure::count(path, count),
        ))
    };
    fields.filter_map(row).collect()
}
