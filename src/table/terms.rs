//! Which values (terms) every record holds, for term-frequency adjustment.

use crate::model::RecordIndex;

/// Terms of one kind for every record, such as the family names or the telephone numbers.
#[derive(Debug, Clone, Default)]
pub struct TermColumn {
    /// Number of codes, code 0 (missing) included.
    pub codes_len: usize,
    /// Per record, the end of its codes.
    pub ends: Vec<u32>,
    /// Codes of all records, record after record, without 0.
    pub codes: Vec<u32>,
}

impl TermColumn {
    /// Codes of a record.
    pub fn of(&self, record: RecordIndex) -> &[u32] {
        let at = record.at();
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.codes[start..self.ends[at] as usize]
    }
}

/// Terms of every comparison: `columns[comparison][term]`.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Columns by comparison, then by term.
    pub columns: Vec<Vec<TermColumn>>,
    /// Per record, a code of the customer's name; 0 = none. Shared values are counted by different names.
    pub name_of: Vec<u32>,
}
