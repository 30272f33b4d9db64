//! The figures of a profile, as `.profile.json` holds them.
//!
//! In: nothing. Out: plain records of counts; texts of cells are masked before they come here. Counts of cells come with
//! the cells they were taken from, so that a reader of the file can make any share. Names and order of the keys are part
//! of the format; a change of either is a new [`SCHEMA`].

use crate::quality::Share;
use serde::Serialize;

/// Version of the format.
pub const SCHEMA: &str = "guiyi.profile.v1";

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Name of the file, without its folder.
    pub file: String,
    /// Are the headers Chinese?
    pub has_han_headers: bool,
    /// How the file is laid out.
    pub layout: Layout,
    /// Its rows.
    pub rows: RowFigures,
    /// What a job would make of the file as a whole.
    pub suggestion: SourceSuggestion,
    /// What should be known before mapping.
    pub checks: Vec<Check>,
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// Bounds of what was looked at.
    pub method: Method,
}

/// Layout of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// `csv`, `xlsx`, `xls`, `ods`, `parquet` or `jsonl`.
    pub format: &'static str,
    /// WHATWG name; empty for binary formats.
    pub encoding: String,
    /// Delimiter of a CSV file; `\t` for a tab.
    pub delimiter: Option<String>,
    /// Line or sheet row of the header, from 1; 0 when the format has none.
    pub header_row: u64,
    /// Sheets read.
    pub sheets: Vec<String>,
    /// Sheets left out, because hidden or of another header.
    pub sheets_left_out: Vec<String>,
}

/// Rows below the header, blank ones left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFigures {
    /// Rows that can be read.
    pub records: u64,
    /// Rows that cannot.
    pub rejected: u64,
    /// Totals rows.
    pub totals: u64,
    /// Rejected rows by reason.
    pub rejects: Vec<Reject>,
}

/// Rows rejected for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Issue code.
    pub code: &'static str,
    /// English and Chinese message.
    pub en: &'static str,
    /// Chinese message.
    pub zh: &'static str,
    /// Rows.
    pub rows: u64,
    /// The first lines.
    pub lines: Vec<u64>,
}

/// What a job would make of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceSuggestion {
    /// Key column; `None` = the position of the row.
    pub key: Option<String>,
    /// `sure`, `by_contents`, `not_quite_unique` or `rows`.
    pub key_note: &'static str,
    /// Column that names the subsidiary of each row.
    pub source_column: Option<String>,
    /// Product whose export this seems to be.
    pub preset: Option<&'static str>,
}

/// Something about the file that a steward should know before mapping it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Code, such as `repeated_columns`.
    pub code: &'static str,
    /// `info` or `warning`.
    pub severity: &'static str,
    /// Message in English.
    pub en: &'static str,
    /// Message in Chinese.
    pub zh: &'static str,
    /// Columns that it is about, as headers.
    pub columns: Vec<String>,
    /// Cells or rows that it holds for, of those looked at.
    pub share: Option<Share>,
    /// First lines, where there are some.
    pub lines: Vec<u64>,
    /// More, language-neutral: a masked value, kinds, encodings; may be empty.
    pub evidence: String,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Position in the file, from 1.
    pub position: usize,
    /// Header.
    pub header: String,
    /// Unit in the header, such as `万元`.
    pub unit: Option<String>,
    /// Tax statement in the header.
    pub tax: Option<&'static str>,
    /// Filled cells.
    pub filled: u64,
    /// Empty cells.
    pub empty: u64,
    /// Distinct values.
    pub distinct: u64,
    /// Is `distinct` an estimate?
    pub is_distinct_estimated: bool,
    /// Has every row a value of its own? Then it may be the key.
    pub is_unique: bool,
    /// What a job would make of the column.
    pub suggestion: ColumnSuggestion,
    /// What the cells look like, from samples.
    pub kinds: Vec<Kind>,
    /// How values of this column are masked here.
    pub masking: &'static str,
    /// Distinct values that the figures below are taken from, and the cells that hold them.
    pub looked_at: LookedAt,
    /// The cells read by the field types that tell most.
    pub readings: Vec<Reading>,
    /// Lengths in characters.
    pub lengths: Option<Lengths>,
    /// Scripts of the cells.
    pub scripts: Scripts,
    /// Different patterns.
    pub patterns_distinct: usize,
    /// The most frequent patterns.
    pub patterns: Vec<Pattern>,
    /// The most frequent values; empty when every value is different.
    pub top_values: Vec<TopValue>,
    /// Values whose share is unusual in a column that should tell customers apart.
    pub frequent_values: Vec<TopValue>,
    /// Range of dates or numbers.
    pub range: Option<Range>,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LookedAt {
    /// Distinct values.
    pub distinct: u64,
    /// Cells that hold them.
    pub cells: u64,
    /// Are they a random sample of the distinct values?
    pub is_sample: bool,
}

/// What a job would make of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnSuggestion {
    /// `key`, `source`, `field`, `question` or `none`.
    pub role: &'static str,
    /// The field of the schema.
    pub field: Option<&'static str>,
    /// English label of the field.
    pub en: &'static str,
    /// Chinese label of the field.
    pub zh: &'static str,
    /// Per cent.
    pub confidence: Option<u64>,
    /// `preset`, `header` or `contents`.
    pub evidence: Option<&'static str>,
    /// Field that another column gives better.
    pub instead: Option<&'static str>,
    /// Other fields that the column may be.
    pub candidates: Vec<Candidate>,
}

/// A field that a column may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The field.
    pub field: &'static str,
    /// English label.
    pub en: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// Per cent; 0 = called so, but the contents contradict it.
    pub confidence: u64,
}

/// A kind of cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// Share of the sampled cells, per mille.
    pub per_mille: u64,
}

/// The cells of a column, read by one field type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Name of the field type.
    pub field_type: &'static str,
    /// English label.
    pub en: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// Is it the type of the suggested field?
    pub is_suggested: bool,
    /// Cells read.
    pub cells: u64,
    /// Cells of each standing.
    pub valid: u64,
    /// Repaired cells.
    pub repaired: u64,
    /// Suspicious cells.
    pub suspicious: u64,
    /// Invalid cells.
    pub invalid: u64,
    /// Placeholders.
    pub placeholder: u64,
    /// Cells without value to this type.
    pub missing: u64,
    /// What was found, the most frequent first.
    pub findings: Vec<Finding>,
}

/// One kind of finding in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Issue code.
    pub code: &'static str,
    /// `info`, `warning` or `error`.
    pub severity: &'static str,
    /// Message in English.
    pub en: &'static str,
    /// Message in Chinese.
    pub zh: &'static str,
    /// Cells.
    pub cells: u64,
    /// A value with it.
    pub example: Example,
}

/// A masked value with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Masked text.
    pub masked: String,
    /// Sheet, when several are read.
    pub sheet: Option<String>,
    /// Line or sheet row.
    pub line: u64,
}

/// Lengths in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lengths {
    /// Shortest.
    pub min: u64,
    /// Of the cell in the middle.
    pub median: u64,
    /// Longest.
    pub max: u64,
}

/// Cells by script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Scripts {
    /// Han letters only.
    pub han: u64,
    /// Latin letters only.
    pub latin: u64,
    /// Both.
    pub mixed: u64,
    /// Digits without letters.
    pub digits: u64,
    /// Anything else.
    pub other: u64,
}

/// A pattern of character classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pattern {
    /// The pattern.
    pub pattern: String,
    /// Cells.
    pub cells: u64,
    /// A value of it.
    pub example: Example,
}

/// A frequent value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopValue {
    /// Masked text.
    pub masked: String,
    /// Cells.
    pub cells: u64,
    /// Is the count a lower bound?
    pub is_at_least: bool,
    /// Does the field type know it as a stop-gap?
    pub is_placeholder: bool,
    /// First line.
    pub line: u64,
}

/// A range of dates or numbers, quantiles by cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// `date` or `number`.
    pub kind: &'static str,
    /// Cells that it is taken from.
    pub cells: u64,
    /// Least.
    pub min: String,
    /// Quantile 0.05.
    pub p05: String,
    /// Quantile 0.25.
    pub p25: String,
    /// Median.
    pub median: String,
    /// Quantile 0.75.
    pub p75: String,
    /// Quantile 0.95.
    pub p95: String,
    /// Greatest.
    pub max: String,
}

/// Bounds of what was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Method {
    /// Distinct values of a column that are counted exactly.
    pub distinct_exact_max: u64,
    /// Distinct values of a column that field types read.
    pub distinct_read_max: u64,
    /// Rows on which columns were compared.
    pub rows_compared: u64,
}
