//! Findings about values of accepted records.

use crate::model::FieldName;
use crate::model::IssueCode;
use crate::model::RecordIndex;

/// One finding. Issues are sorted by (record, field, code).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The record.
    pub record: RecordIndex,
    /// The field.
    pub field: FieldName,
    /// What was found.
    pub code: &'static IssueCode,
    /// Raw text of the cell; masked or left out by whoever shows it.
    pub raw: String,
    /// Standard text made of it; empty when the cell is not usable.
    pub standard: String,
    /// What shows the finding; may hold personal data like the raw text.
    pub evidence: String,
}
