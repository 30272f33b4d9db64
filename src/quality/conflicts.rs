//! Where sources contradict each other about a customer, counted by field, by source and by pair of sources.
//!
//! In: the contradicting values that survivorship lists, those of one customer and field beside each other. Out:
//! [`ConflictFigures`] with samples, masked. All of them are rows of `conflicts.csv` and `conflicts.parquet`, under the same unified
//! IDs. What counts as a contradiction is left to survivorship.

use super::inputs::Inputs;
use super::suspicion::RowPlace;
use super::suspicion::masked;
use super::suspicion::row_of;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Conflict;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Customers shown for one field.
const SAMPLES_MAX: usize = 3;

/// Values shown of one customer.
const VALUES_MAX: usize = 4;

/// Pairs of sources that are listed.
const PAIRS_MAX: usize = 20;

/// Contradictions between sources.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ConflictFigures {
    /// Customers with a contradiction.
    pub customers: u64,
    /// Contradicting values, the rows of the table.
    pub values: u64,
    /// By field, most customers first.
    pub by_field: Vec<FieldConflicts>,
    /// The pairs of sources that contradict each other about most customers.
    pub between: Vec<SourceConflicts>,
    /// The first customers of each field, in the order of `by_field`.
    pub samples: Vec<ConflictSample>,
}

/// Contradictions in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflicts {
    /// The field.
    pub field: String,
    /// `identifier` (one of the two is another customer, or mistyped), `name` or `detail`.
    pub kind: String,
    /// Customers.
    pub customers: u64,
    /// Values.
    pub values: u64,
    /// Per source, customers about whom it contradicts another source in this field.
    pub by_source: Vec<u64>,
}

/// Two sources that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceConflicts {
    /// Positions in the list of sources, ascending.
    pub sources: [usize; 2],
    /// Contradictions: customers and fields.
    pub contradictions: u64,
}

/// One customer and field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictSample {
    /// The customer.
    pub unified_id: String,
    /// The field.
    pub field: String,
    /// The first values, in the order of their records.
    pub values: Vec<ConflictValue>,
}

/// What one record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// Position in the list of sources.
    pub source: usize,
    /// The value, masked.
    pub masked: String,
    /// The row.
    pub row: Option<RowPlace>,
}

/// What kind of contradiction a field makes.
fn kind(field: &str) -> &'static str {
    match field {
        "uscc" | "organisation_code" | "registration_number" | "tax_number" | "id_card" => "identifier",
        "customer_name" => "name",
        _ => "detail",
    }
}

/// What is counted of one field.
#[derive(Default)]
struct Tally<'a> {
    values: u64,
    by_source: Vec<u64>,
    customers: Vec<&'a [Conflict]>,
    count: u64,
}

/// The figures of all contradictions.
pub(super) fn conflicts(inputs: &Inputs<'_>) -> ConflictFigures {
    let sources = inputs.records.sources.len();
    let mut fields: BTreeMap<&'static str, Tally<'_>> = BTreeMap::new();
    let mut pairs: BTreeMap<[usize; 2], u64> = BTreeMap::new();
    let mut customers = 0;
    let mut last: Option<UnifiedId> = None;
    for group in inputs
        .conflicts
        .chunk_by(|a, b| (a.id, a.field) == (b.id, b.field))
    {
        customers += u64::from(last.replace(group[0].id) != Some(group[0].id));
        let tally = fields.entry(group[0].field).or_default();
        tally.by_source.resize(sources, 0);
        tally.values += group.len() as u64;
        tally.count += 1;
        if tally.customers.len() < SAMPLES_MAX {
            tally.customers.push(group);
        }
        for pair in contradicting(inputs, group, &mut tally.by_source) {
            *pairs.entry(pair).or_default() += 1;
        }
    }
    let mut fields: Vec<(&str, Tally<'_>)> = fields.into_iter().collect();
    fields.sort_by_key(|(_, tally)| Reverse(tally.count));
    let groups = fields.iter().flat_map(|(_, tally)| &tally.customers);
    let samples = groups.map(|group| sample(inputs, group)).collect();
    let mut between: Vec<SourceConflicts> = pairs
        .into_iter()
        .map(|(sources, contradictions)| SourceConflicts {
            sources,
            contradictions,
        })
        .collect();
    between.sort_by_key(|pair| Reverse(pair.contradictions));
    between.truncate(PAIRS_MAX);
    let field = |(field, tally): (&str, Tally<'_>)| FieldConflicts {
        field: field.to_owned(),
        kind: kind(field).to_owned(),
        customers: tally.count,
        values: tally.values,
        by_source: tally.by_source,
    };
    ConflictFigures {
        customers,
        values: inputs.conflicts.len() as u64,
        by_field: fields.into_iter().map(field).collect(),
        between,
        samples,
    }
}

/// The pairs of sources that say different things in one customer's field; each source of them counts once in `by_source`.
fn contradicting(inputs: &Inputs<'_>, group: &[Conflict], by_source: &mut [u64]) -> Vec<[usize; 2]> {
    let column = inputs.standard.column(group[0].field);
    let mut said: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for conflict in group {
        let source = inputs.records.source_of[conflict.record.at()].at();
        let item = column.map_or(0, |column| column.item_of(conflict.record));
        said.entry(source).or_default().push(item);
    }
    for items in said.values_mut() {
        items.sort_unstable();
        items.dedup();
    }
    let said: Vec<(usize, Vec<u32>)> = said.into_iter().collect();
    let mut pairs = Vec::new();
    for (at, (a, of_a)) in said.iter().enumerate() {
        let others = said[at + 1..].iter().filter(|(_, of_b)| of_b != of_a);
        pairs.extend(others.map(|(b, _)| [*a, *b]));
    }
    for (source, _) in &said {
        by_source[*source] += u64::from(pairs.iter().any(|pair| pair.contains(source)));
    }
    pairs
}

fn sample(inputs: &Inputs<'_>, group: &[Conflict]) -> ConflictSample {
    let (first, column) = (group[0], inputs.standard.column(group[0].field));
    let mut shown: Vec<(usize, u32, RecordIndex)> = group
        .iter()
        .map(|conflict| {
            let source = inputs.records.source_of[conflict.record.at()].at();
            let item = column.map_or(0, |column| column.item_of(conflict.record));
            (source, item, conflict.record)
        })
        .collect();
    // A source that says one thing ten times says it once here.
    shown.sort_unstable();
    shown.dedup_by_key(|(source, item, _)| (*source, *item));
    shown.truncate(VALUES_MAX);
    let value = |(source, item, record): (usize, u32, RecordIndex)| ConflictValue {
        source,
        masked: column.map_or_else(String::new, |column| {
            masked(inputs, first.field, column.values.get(item))
        }),
        row: row_of(inputs, record),
    };
    ConflictSample {
        unified_id: first.id.to_string(),
        field: first.field.to_owned(),
        values: shown.into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::RecordIndex;
    use crate::model::UnifiedId;
    use crate::quality::fixture::Fixture;
    use crate::table::Conflict;

    #[test]
    fn contradictions_count_customers_by_field_and_pairs_of_sources() {
        let mut fixture = Fixture::group();
        let conflict = |id, field, record| Conflict {
            id: UnifiedId::from_number(id),
            field,
            record: RecordIndex(record),
        };
        fixture.conflicts = vec![
            conflict(1, "customer_name", 0),
            conflict(1, "customer_name", 1),
            conflict(1, "customer_name", 4),
            conflict(1, "id_card", 0),
            conflict(1, "id_card", 4),
            conflict(2, "customer_name", 2),
            conflict(2, "customer_name", 5),
        ];
        let quality = fixture.measure();
        let figures = &quality.conflicts;
        assert_eq!((figures.customers, figures.values), (2, 7));
        let fields: Vec<(&str, &str, u64, u64)> = figures
            .by_field
            .iter()
            .map(|of| (of.field.as_str(), of.kind.as_str(), of.customers, of.values))
            .collect();
        assert_eq!(
            fields,
            [("customer_name", "name", 2, 5), ("id_card", "identifier", 1, 2)]
        );
        assert_eq!(figures.samples.len(), 3);
        let text = serde_json::to_string(figures).unwrap();
        assert!(
            !text.contains("华夏科技有限公司") && !text.contains("Ann Lee"),
            "{text}"
        );
        // Sums of customers by field are those of the samples' fields: nothing is counted twice.
        for field in &figures.by_field {
            assert!(field.by_source.iter().all(|count| *count <= field.customers));
        }
    }
}
