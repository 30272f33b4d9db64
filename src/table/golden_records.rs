//! One golden record per unified ID, and where every value came from.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::ValuePool;

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
}

impl GoldenRecords {
    /// Value of a field for the ID at `row`; empty when missing.
    pub fn value(&self, row: usize, field: usize) -> &str {
        self.values[field].get(self.codes[field][row])
    }
}

/// Origin of every golden value, sorted by (row of the ID, field).
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// Row of the ID in the golden records.
    pub row: Vec<u32>,
    /// Position of the field in [`GoldenRecords::fields`].
    pub field: Vec<u16>,
    /// The record whose value was taken.
    pub record: Vec<RecordIndex>,
    /// Name of the survivorship rule that chose it.
    pub rule: Vec<&'static str>,
}
