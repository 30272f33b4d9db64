//! Rows that could not become records.

use crate::model::IssueCode;

/// One rejected row or region. Rejects are sorted by (source, file, line, byte).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Name of the source.
    pub source: String,
    /// File as named in the job.
    pub file: String,
    /// Line or sheet row, from 1; 0 when unknown.
    pub line: u64,
    /// Byte offset in the decoded file where the row starts; 0 for workbooks.
    pub byte: u64,
    /// Header of the column at fault; empty when the whole row is.
    pub column: String,
    /// What is wrong.
    pub code: &'static IssueCode,
    /// Rows this entry stands for (a region that cannot be split counts as one).
    pub rows: u64,
}
