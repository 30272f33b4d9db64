//! What `ingest` needs to know: which files make a source, how to read them, and where the fields come from.
//!
//! In: nothing; `plan` fills these types from the checked job file. Out: plain values. The defaults are what a job
//! file that says nothing means.

use super::CompleteWhen;
use crate::model::FieldName;
use crate::table::Forgotten;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything the stage is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder that relative patterns start from: that of the job file.
    pub base: PathBuf,
    /// The sources, in any order; names must be unique.
    pub sources: Vec<SourceSettings>,
    /// Sizes above which input is refused or rejected.
    pub limits: Limits,
    /// Records that were erased and are skipped when an export still has them.
    pub forgotten: Forgotten,
}

impl Settings {
    /// Settings under which no record was erased.
    pub fn new(base: PathBuf, sources: Vec<SourceSettings>, limits: Limits) -> Self {
        Self {
            base,
            sources,
            limits,
            forgotten: Forgotten::default(),
        }
    }
}

/// One source: a subsidiary's export, or one export that holds several subsidiaries.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Name in the job file.
    pub name: String,
    /// Person or department that answers for the data; empty when the job names none.
    pub owner: String,
    /// Where a column names the sources, who answers for each of them; the others have [`SourceSettings::owner`].
    pub owners: BTreeMap<String, String>,
    /// Survivorship rank, smaller is trusted more.
    pub priority: u32,
    /// Must the source be readable for the run to publish?
    pub required: bool,
    /// Files, folders and globs, relative to [`Settings::base`] or absolute.
    pub patterns: Vec<String>,
    /// Declared format; `None` = by the first bytes, then by the ending.
    pub format: Option<Format>,
    /// Declared encoding by any WHATWG label (`gbk`, `utf-8`, `utf-16le`); `None` = detected.
    pub encoding: Option<String>,
    /// Declared delimiter, an ASCII byte; `None` = detected.
    pub delimiter: Option<u8>,
    /// Line or sheet row of the header, from 1; `None` = detected.
    pub header_row: Option<u32>,
    /// Globs of sheet names; empty = the first visible sheet with the mapped columns, and every visible sheet with
    /// the same header (one sheet a month).
    pub sheets: Vec<String>,
    /// What identifies a record in this source.
    pub key: RecordKey,
    /// Column whose cell names the subsidiary; splits one export into several sources.
    pub source_column: Option<String>,
    /// Words that open a totals row; see [`default_totals_words`].
    pub skip_rows_starting: Vec<String>,
    /// Where the fields come from; each field at most once.
    pub columns: Vec<ColumnMapping>,
    /// What says that a file was delivered whole; `None` = nothing.
    pub complete_when: Option<CompleteWhen>,
    /// What an export holds.
    pub extract: Extract,
    /// When the source cannot be read: do its records of the last run stand, marked stale? Else only their membership does.
    pub carries_late: bool,
    /// When a full export lacks a record: do its values stand, marked withdrawn, until others replace them?
    pub keeps_withdrawn: bool,
}

impl SourceSettings {
    /// Settings of a source that says no more than its name, files and key.
    pub fn new(name: &str, patterns: &[&str], key: RecordKey) -> Self {
        Self {
            name: name.to_owned(),
            owner: String::new(),
            owners: BTreeMap::new(),
            priority: 100,
            required: true,
            patterns: patterns.iter().map(|&pattern| pattern.to_owned()).collect(),
            format: None,
            encoding: None,
            delimiter: None,
            header_row: None,
            sheets: Vec::new(),
            key,
            source_column: None,
            skip_rows_starting: default_totals_words(),
            columns: Vec::new(),
            complete_when: None,
            extract: Extract::Full,
            carries_late: true,
            keeps_withdrawn: true,
        }
    }

    /// Who answers for the source `name` of this export; empty when the job names nobody.
    pub fn owner_of(&self, name: &str) -> &str {
        self.owners.get(name).unwrap_or(&self.owner)
    }
}

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extract {
    /// Every record of the source: one that is not there was withdrawn.
    Full,
    /// The records that changed: the others stand as they were.
    Delta,
}

impl Extract {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::Full, Self::Delta];

    /// The word in job files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Delta => "delta",
        }
    }
}

/// Words that open a totals row unless the job says otherwise: `合计`, `总计`, `小计`, `total` and its kin.
pub fn default_totals_words() -> Vec<String> {
    ["合计", "总计", "小计", "total", "subtotal", "grand total"]
        .map(str::to_owned)
        .to_vec()
}

/// How a file is laid out. Compression (`.gz`, `.zst` of the text formats) is seen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Text with a delimiter: CSV, TSV and the like.
    Csv,
    /// Office Open XML workbook (`.xlsx`, `.xlsm`).
    Xlsx,
    /// Excel 97-2003 workbook.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Csv,
        Self::Xlsx,
        Self::Xls,
        Self::Ods,
        Self::Parquet,
        Self::JsonLines,
    ];

    /// The word in job files: `csv`, `xlsx`, `xls`, `ods`, `parquet`, `jsonl`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Parquet => "parquet",
            Self::JsonLines => "jsonl",
        }
    }

    /// The format of this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Is it a workbook with sheets?
    pub fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::Ods)
    }
}

/// What identifies a record in its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordKey {
    /// The trimmed cells of these columns, joined by `|`.
    Columns(Vec<String>),
    /// `<file stem>:<line>`, for exports without any key; changes when rows move. Workbooks with several sheets
    /// add the sheet: `<file stem>#<sheet>:<row>`.
    Row,
}

/// One field and where its text comes from.
#[derive(Debug, Clone)]
pub struct ColumnMapping {
    /// Field of the schema.
    pub field: FieldName,
    /// Columns or constant that it is made from.
    pub from: ColumnSource,
    /// Code table that translates the text; codes it lacks keep the raw text and are reported.
    pub codes: Option<Arc<CodeTable>>,
    /// Is the field an amount? Then unit and tax statement of the header are handed on behind the cell's text:
    /// `cell U+001F unit U+001F tax`, when the header gives either.
    pub is_amount: bool,
}

/// What a field is made from. Columns are named by header, with or without the unit in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// The non-empty cells of these columns in order, joined by `join`; usually one column.
    Columns {
        /// Headers.
        columns: Vec<String>,
        /// Text between the cells.
        join: String,
    },
    /// One part of a cell that holds several; empty when the cell has fewer parts.
    Split {
        /// Header.
        column: String,
        /// Text between the parts; must not be empty.
        separator: String,
        /// Part to take, 0-based.
        part: usize,
    },
    /// The same text in every record.
    Constant(String),
}

/// Code table (编码映射表): raw code to text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeTable {
    /// Name in the job file.
    pub name: String,
    /// Version written in its file.
    pub version: String,
    /// Text of each code; codes are trimmed.
    pub entries: BTreeMap<String, String>,
}

/// Sizes above which input is refused (files) or rejected (rows). Bytes are those of the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest cell.
    pub field_bytes_max: usize,
    /// Longest record.
    pub record_bytes_max: usize,
    /// Longest line of a JSON lines file.
    pub line_bytes_max: usize,
    /// Most columns.
    pub columns_max: usize,
    /// Most files of one source.
    pub files_max: usize,
    /// Largest result of decompressing a text file.
    pub decompressed_bytes_max: u64,
    /// Largest ratio of decompressed to compressed bytes, counted from 16 MiB on.
    pub ratio_max: u64,
    /// Most entries of a workbook's zip archive.
    pub zip_entries_max: usize,
    /// Largest zip entry, inflated.
    pub zip_entry_bytes_max: u64,
    /// Largest zip archive, inflated.
    pub zip_total_bytes_max: u64,
    /// Largest shared-strings part, which the reader holds in memory.
    pub shared_strings_bytes_max: u64,
    /// Largest `.xls` file and largest `.ods` content, which the reader holds in memory.
    pub whole_workbook_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            field_bytes_max: 1 << 20,
            record_bytes_max: 4 << 20,
            line_bytes_max: 4 << 20,
            columns_max: 16_384,
            files_max: 10_000,
            decompressed_bytes_max: 64 << 30,
            ratio_max: 200,
            zip_entries_max: 2_000,
            zip_entry_bytes_max: 1 << 30,
            zip_total_bytes_max: 4 << 30,
            shared_strings_bytes_max: 512 << 20,
            whole_workbook_bytes_max: 256 << 20,
        }
    }
}
