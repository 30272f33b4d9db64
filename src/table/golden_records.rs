//! One golden record per unified ID, and where every value came from.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::ValuePool;
use std::collections::BTreeMap;

/// Golden records, one row per unified ID, sorted by ID.
#[derive(Debug, Clone, Default)]
pub struct GoldenRecords {
    /// The IDs.
    pub ids: Vec<UnifiedId>,
    /// Per ID, its number of records.
    pub sizes: Vec<u32>,
    /// Fields in the order of the schema.
    pub fields: Vec<FieldName>,
    /// Per field, a code per ID into `values`; 0 = no source has a usable value.
    pub codes: Vec<Vec<u32>>,
    /// Per field, the texts.
    pub values: Vec<ValuePool>,
    /// Values in which sources contradict each other about a customer, by (ID, field in the order of the stage, record).
    pub conflicts: Vec<Conflict>,
}

/// One of several sound values that sources give of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The customer.
    pub id: UnifiedId,
    /// The field.
    pub field: &'static str,
    /// The record that says so.
    pub record: RecordIndex,
}

impl GoldenRecords {
    /// Value of a field for the ID at `row`; empty when missing.
    pub fn value(&self, row: usize, field: usize) -> &str {
        self.values[field].get(self.codes[field][row])
    }
}

/// Origin of every golden value.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// Per field of [`GoldenRecords::fields`], where its values came from.
    pub fields: Vec<FieldLineage>,
    /// Per (row, field) whose value a steward pinned, the number of the decision.
    pub decisions: BTreeMap<(u32, u32), i64>,
}

/// Origin of the values of one field, a row per unified ID; a row without golden value has none.
#[derive(Debug, Clone, Default)]
pub struct FieldLineage {
    /// The record whose value was taken.
    pub records: Vec<RecordIndex>,
    /// Which of `rule_names` chose it.
    pub decided_by: Vec<u8>,
    /// Names of survivorship rules.
    pub rule_names: Vec<&'static str>,
    /// Per row whose members have different values, the code of the value that came second, by row.
    pub runners_up: Vec<(u32, u32)>,
}

impl FieldLineage {
    /// Code of the value that came second at `row`; 0 when there was no other.
    pub fn runner_up(&self, row: usize) -> u32 {
        let at = self
            .runners_up
            .binary_search_by_key(&(row as u32), |(row, _)| *row);
        at.map_or(0, |at| self.runners_up[at].1)
    }

    /// Name of the rule that chose the value at `row`.
    pub fn rule(&self, row: usize) -> &'static str {
        self.rule_names[usize::from(self.decided_by[row])]
    }
}
