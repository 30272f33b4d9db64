//! What `ingest` hands on besides the records themselves.

use super::IngestError;
use super::settings::Format;
use crate::model::FieldName;
use crate::model::IssueCode;
use crate::model::RecordIndex;
use crate::table::RawRecords;
use crate::table::Reject;
use std::collections::BTreeSet;

/// The records of every readable source, and what was found on the way.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Accepted rows, ordered by (source name, key).
    pub records: RawRecords,
    /// Rejected rows, ordered by (source, file, line, byte).
    pub rejects: Vec<Reject>,
    /// Sources that gave no records because they cannot be read, ordered by name.
    pub faults: Vec<SourceFault>,
    /// Codes that a code table lacks, ordered by (source, field, code).
    pub unmapped_codes: Vec<UnmappedCode>,
    /// Findings about single cells (`precision_lost`, `unmapped_code`), ordered by (record, field).
    pub cell_issues: Vec<CellIssue>,
    /// Per readable source of the job, the names of its columns, by source.
    pub headers: Vec<(String, BTreeSet<String>)>,
    /// Files read, ordered by (source, path).
    pub inputs: Vec<InputFile>,
}

/// A source that cannot be read; the others go on.
#[derive(Debug)]
pub struct SourceFault {
    /// Name of the source.
    pub source: String,
    /// Does the job require it?
    pub required: bool,
    /// Why it cannot be read.
    pub error: IngestError,
}

/// A code that the field's code table lacks; its raw text was kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnmappedCode {
    /// Name of the source.
    pub source: String,
    /// Field it was read for.
    pub field: FieldName,
    /// The raw code.
    pub code: String,
    /// Name of the code table.
    pub table: String,
    /// Accepted records that hold it.
    pub records: u64,
}

/// A finding about one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellIssue {
    /// Record of the cell.
    pub record: RecordIndex,
    /// Field of the cell.
    pub field: FieldName,
    /// What was found.
    pub code: &'static IssueCode,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Name of the source in the job file.
    pub source: String,
    /// Path as in the job: relative to its folder, or absolute when the job says so.
    pub path: String,
    /// Size on disk.
    pub size_bytes: u64,
    /// SHA-256 of the bytes on disk, in lower-case hexadecimal.
    pub sha256: String,
    /// WHATWG name of the encoding, such as `UTF-8` or `gb18030`; empty for binary formats.
    pub encoding: String,
    /// How it was read.
    pub format: Format,
    /// Sheets read, in workbook order; empty for other formats.
    pub sheets: Vec<String>,
    /// Sheets left out, because hidden, not named, or of another header.
    pub sheets_left_out: Vec<String>,
}
