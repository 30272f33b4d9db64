//! What a file looks like, for `guiyi init`: format, encoding, layout and the contents of its columns.

use super::IngestError;
use super::settings::Format;
use super::settings::Limits;
use std::path::Path;

/// What may be declared before profiling; `Default` detects everything.
#[derive(Debug, Clone)]
pub struct ProfileOptions {
    /// Declared format.
    pub format: Option<Format>,
    /// Declared encoding.
    pub encoding: Option<String>,
    /// Declared delimiter.
    pub delimiter: Option<u8>,
    /// Declared header row, from 1.
    pub header_row: Option<u32>,
    /// Sample cells a column at most.
    pub samples_max: usize,
    /// Rows up to which distinct values are counted exactly.
    pub exact_rows_max: u64,
    /// Sizes above which input is refused.
    pub limits: Limits,
}

impl Default for ProfileOptions {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            delimiter: None,
            header_row: None,
            samples_max: 2_000,
            exact_rows_max: 200_000,
            limits: Limits::default(),
        }
    }
}

/// One file, seen as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProfile {
    /// How it is laid out.
    pub format: Format,
    /// WHATWG name of the encoding; empty for binary formats.
    pub encoding: String,
    /// Delimiter of a CSV file.
    pub delimiter: Option<u8>,
    /// Line or sheet row of the header, from 1; 0 when the format has none.
    pub header_row: u64,
    /// Sheets that belong together (visible, same header), in workbook order; empty for other formats.
    pub sheets: Vec<String>,
    /// Rows below the header that can be read, totals rows left out.
    pub rows: u64,
    /// Rows below the header that cannot be read.
    pub rows_rejected: u64,
    /// The columns, in file order.
    pub columns: Vec<ColumnProfile>,
}

/// One column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnProfile {
    /// Cleaned header, as a job file may name it; a repeated one has `#2` behind it.
    pub header: String,
    /// Unit written in the header, such as `万元`.
    pub unit: Option<String>,
    /// Tax statement written in the header.
    pub tax: Option<TaxStatement>,
    /// Rows with a non-empty cell.
    pub filled: u64,
    /// Distinct cells; exact up to `exact_rows_max` rows, those of the first rows beyond.
    pub distinct: u64,
    /// Non-empty cells evenly spread over the file, in file order; text guards removed.
    pub samples: Vec<String>,
    /// Has every row a cell, and all of them different?
    pub is_unique: bool,
}

/// What a header says on tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxStatement {
    /// 含税.
    Included,
    /// 不含税.
    Excluded,
}

impl TaxStatement {
    /// The Chinese word: `含税`, `不含税`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Included => "含税",
            Self::Excluded => "不含税",
        }
    }
}

/// Profiles one file.
///
/// # Errors
/// As [`super::ingest`] for an unreadable source; the source's name is the file's stem.
pub fn profile(path: &Path, _options: &ProfileOptions) -> Result<FileProfile, IngestError> {
    Err(IngestError::Missing {
        source_name: String::new(),
        file: path.display().to_string(),
    })
}
