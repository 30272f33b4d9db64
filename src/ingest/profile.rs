//! What a file looks like, for `guiyi init`: format, encoding, layout and the contents of its columns.
//!
//! In: a file and what is already known of it. Out: a [`FileProfile`] with the figures and evenly spread sample cells of
//! each column, read by the same readers as a run, so that what is proposed can be read. What the columns mean is left
//! to `plan`. Whoever needs more than samples watches the rows as they pass ([`profile_watched`]).

use super::IngestError;
use super::Isolation;
use super::cell::TotalsWords;
use super::cell::is_rounded;
use super::cell::unguarded;
use super::headed::HeaderWish;
use super::header::Header;
use super::header::HeaderColumn;
use super::locate::locate;
use super::read::ReadOptions;
use super::read::read_file;
use super::row::BadRow;
use super::row::Row;
use super::row::TablePlace;
use super::row::TableSink;
use super::settings::Format;
use super::settings::Limits;
use super::settings::RecordKey;
use super::settings::SourceSettings;
use super::settings::default_totals_words;
use crate::model::IssueCode;
use crate::text::hash::hash_text;
use serde::Deserialize;
use serde::Serialize;
use std::collections::HashSet;
use std::path::Path;

/// Longest sample; longer cells are cut.
const SAMPLE_BYTES_MAX: usize = 512;

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
    /// Names of all columns, as in [`SourceSettings::header`].
    pub header: Vec<String>,
    /// Sample cells a column at most.
    pub samples_max: usize,
    /// Rows up to which distinct values are counted exactly.
    pub exact_rows_max: u64,
    /// Sizes above which input is refused.
    pub limits: Limits,
    /// How workbooks and Parquet are kept apart.
    pub isolation: Isolation,
    /// May the file be a symbolic link?
    pub follow_links: bool,
}

impl Default for ProfileOptions {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            delimiter: None,
            header_row: None,
            header: Vec::new(),
            samples_max: 2_000,
            exact_rows_max: 200_000,
            limits: Limits::default(),
            isolation: Isolation::default(),
            follow_links: false,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// Sees the rows of a file while it is profiled, for figures that samples cannot give.
pub trait RowWatch {
    /// A table begins: its sheet, when several are read, and the headers of all columns of the file by position. Later
    /// sheets have the columns of the first.
    fn begin(&mut self, sheet: Option<&str>, headers: &[&str]);
    /// A row: its line, and its non-empty cells with their positions.
    fn row(&mut self, line: u64, cells: &mut dyn Iterator<Item = SeenCell<'_>>);
    /// A totals row, which is no record.
    fn totals(&mut self, line: u64);
    /// A row that cannot be read.
    fn rejected(&mut self, line: u64, code: &'static IssueCode);
}

/// One non-empty cell.
#[derive(Debug, Clone, Copy)]
pub struct SeenCell<'a> {
    /// Position of its column, from 0.
    pub position: usize,
    /// Text without guards.
    pub text: &'a str,
    /// Did a spreadsheet round this number?
    pub is_rounded: bool,
}

/// What watching a file gave beside its rows.
#[derive(Debug, Clone)]
pub struct WatchedFile {
    /// The profile.
    pub profile: FileProfile,
    /// Position of each profiled column among those the watch was told of.
    pub positions: Vec<usize>,
    /// Sheets that were not read.
    pub sheets_left_out: Vec<String>,
}

/// Profiles one file.
///
/// # Errors
/// As [`super::ingest`] for an unreadable source; the source's name is the file's stem.
pub fn profile(path: &Path, options: &ProfileOptions) -> Result<FileProfile, IngestError> {
    Ok(profile_watched(path, options, &mut NoWatch)?.profile)
}

/// Nobody watches.
struct NoWatch;

impl RowWatch for NoWatch {
    fn begin(&mut self, _sheet: Option<&str>, _headers: &[&str]) {}
    fn row(&mut self, _line: u64, _cells: &mut dyn Iterator<Item = SeenCell<'_>>) {}
    fn totals(&mut self, _line: u64) {}
    fn rejected(&mut self, _line: u64, _code: &'static IssueCode) {}
}

/// Profiles one file in one pass while `watch` sees its rows.
///
/// # Errors
/// As [`profile`].
pub fn profile_watched(
    path: &Path,
    options: &ProfileOptions,
    watch: &mut dyn RowWatch,
) -> Result<WatchedFile, IngestError> {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let pattern = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut settings = SourceSettings::new(&stem, &[&pattern], RecordKey::Row);
    settings.format = options.format;
    settings.follow_links = options.follow_links;
    let mut files = locate(path.parent().unwrap_or(Path::new("")), &settings, 1)?;
    let Some(file) = files.pop() else {
        return Err(IngestError::NothingMatches {
            source_name: stem,
            pattern: pattern.into_owned(),
        });
    };
    let read_options = ReadOptions {
        format: options.format,
        encoding: options.encoding.as_deref(),
        delimiter: options.delimiter,
        sheets: &[],
        wish: HeaderWish {
            row: options.header_row,
            names: options.header.clone(),
            wanted: Vec::new(),
        },
        limits: options.limits,
        isolation: &options.isolation,
    };
    let mut profiler = Profiler::new(options, watch);
    let read = read_file(&file, &read_options, &mut profiler)?;
    let (header_row, rows, rows_rejected) = (profiler.header.line, profiler.rows, profiler.rows_rejected);
    let (positions, columns) = profiler.finish();
    Ok(WatchedFile {
        profile: FileProfile {
            format: read.input.format,
            encoding: read.input.encoding,
            delimiter: read.delimiter,
            header_row,
            sheets: read.input.sheets,
            rows,
            rows_rejected,
            columns,
        },
        positions,
        sheets_left_out: read.input.sheets_left_out,
    })
}

/// Takes the tables of one file and keeps figures and samples.
struct Profiler<'a> {
    options: &'a ProfileOptions,
    watch: &'a mut dyn RowWatch,
    totals: TotalsWords,
    /// Header of the first table; that of later sheets is the same but for the order.
    header: Header,
    /// Position in the first header of each column of the current table.
    positions: Vec<Option<usize>>,
    figures: Vec<Figures>,
    rows: u64,
    rows_rejected: u64,
}

impl<'a> Profiler<'a> {
    fn new(options: &'a ProfileOptions, watch: &'a mut dyn RowWatch) -> Self {
        Self {
            options,
            watch,
            totals: TotalsWords::new(&default_totals_words()),
            header: Header::default(),
            positions: Vec::new(),
            figures: Vec::new(),
            rows: 0,
            rows_rejected: 0,
        }
    }

    /// The columns that have a header or a cell, with their positions among all.
    fn finish(self) -> (Vec<usize>, Vec<ColumnProfile>) {
        let rows = self.rows;
        let columns = self.header.columns.into_iter().zip(self.figures).enumerate();
        columns
            .filter(|(_, (column, figures))| !column.is_blank || figures.filled > 0)
            .map(|(position, (column, figures))| {
                let profile = ColumnProfile {
                    header: column.name,
                    unit: column.unit,
                    tax: column.tax,
                    filled: figures.filled,
                    distinct: figures.distinct,
                    is_unique: figures.is_unique && figures.filled == rows && rows > 0,
                    samples: figures.samples.finish(self.options.samples_max),
                };
                (position, profile)
            })
            .unzip()
    }
}

impl TableSink for Profiler<'_> {
    fn begin(&mut self, place: TablePlace<'_>, header: &Header) -> Result<(), IngestError> {
        if self.figures.is_empty() {
            self.header = header.clone();
            self.figures = header.columns.iter().map(|_| Figures::default()).collect();
        }
        let position = |column: &HeaderColumn| self.header.position(&column.name);
        self.positions = header.columns.iter().map(position).collect();
        let names: Vec<&str> = self
            .header
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        self.watch.begin(place.sheet, &names);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError> {
        if row.is_blank() {
            return Ok(());
        }
        if self.totals.opens(row) {
            self.watch.totals(row.line);
            return Ok(());
        }
        let width = self.positions.len();
        let is_short = row.cells.len() < width && !row.may_be_short;
        if is_short || row.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            self.rows_rejected += 1;
            self.watch.rejected(row.line, IssueCode::named("ragged_row"));
            return Ok(());
        }
        self.rows += 1;
        let is_exact = self.rows <= self.options.exact_rows_max;
        for (at, position) in self.positions.iter().enumerate() {
            let cell = unguarded(row.cell(at));
            if let (Some(position), false) = (*position, cell.trim().is_empty()) {
                self.figures[position].note(cell, is_exact, self.options.samples_max);
            }
        }
        let mut cells = self.positions.iter().enumerate().filter_map(|(at, position)| {
            let text = unguarded(row.cell(at));
            let seen = SeenCell {
                position: (*position)?,
                text,
                is_rounded: is_rounded(text) || row.rounded.binary_search(&(at as u32)).is_ok(),
            };
            (!text.trim().is_empty()).then_some(seen)
        });
        self.watch.row(row.line, &mut cells);
        Ok(())
    }

    fn bad(&mut self, bad: BadRow) {
        self.rows_rejected += 1;
        self.watch.rejected(bad.line, bad.code);
    }
}

/// What is known of one column so far.
struct Figures {
    filled: u64,
    distinct: u64,
    /// Hashes of the cells, for distinct counts and uniqueness; given up beyond the exact rows once a cell repeats.
    seen: HashSet<u64>,
    is_unique: bool,
    samples: Samples,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            filled: 0,
            distinct: 0,
            seen: HashSet::new(),
            is_unique: true,
            samples: Samples::default(),
        }
    }
}

impl Figures {
    fn note(&mut self, cell: &str, is_exact: bool, samples_max: usize) {
        self.filled += 1;
        if is_exact || self.is_unique {
            let is_new = self.seen.insert(hash_text(cell.trim()));
            self.is_unique &= is_new;
            self.distinct += u64::from(is_new && is_exact);
        } else if !self.seen.is_empty() {
            self.seen = HashSet::new();
        }
        self.samples.note(cell, samples_max);
    }
}

/// Cells evenly spread over a column whose length is not known before: every `step`-th is kept, and when there are twice
/// too many, every second one goes and the step doubles.
#[derive(Default)]
struct Samples {
    cells: Vec<String>,
    step_log2: u32,
    count: u64,
}

impl Samples {
    fn note(&mut self, cell: &str, samples_max: usize) {
        let is_due = self.count.trailing_zeros() >= self.step_log2;
        self.count += 1;
        if !is_due {
            return;
        }
        // A sample shows what a column holds; the whole of a long text is not needed for that.
        let end = (0..=cell.len().min(SAMPLE_BYTES_MAX))
            .rev()
            .find(|&end| cell.is_char_boundary(end));
        self.cells.push(cell[..end.unwrap_or(0)].to_owned());
        if self.cells.len() >= samples_max.max(1) * 2 {
            let mut at = 0;
            self.cells.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.step_log2 += 1;
        }
    }

    fn finish(self, samples_max: usize) -> Vec<String> {
        let count = self.cells.len();
        let kept = count.min(samples_max);
        let mut cells: Vec<Option<String>> = self.cells.into_iter().map(Some).collect();
        (0..kept)
            .filter_map(|at| cells[at * count / kept].take())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(name: &str, text: &str, options: &ProfileOptions) -> FileProfile {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        profile(&path, options).unwrap()
    }

    #[test]
    fn layout_and_columns_are_seen() {
        let text = "客户清单;;;;\n编号;客户名称;;合作金额(万元,含税);\n001;甲公司;;'1,5;\n002;Ann Ltd;;;\n002;x\n合计;;;1,5;\n";
        let profile = of_text("a.csv", text, &ProfileOptions::default());
        let layout = (
            profile.format,
            profile.encoding.as_str(),
            profile.delimiter,
            profile.header_row,
        );
        assert_eq!(layout, (Format::Csv, "UTF-8", Some(b';'), 2));
        assert_eq!((profile.rows, profile.rows_rejected), (2, 1));
        let headers: Vec<&str> = profile.columns.iter().map(|c| c.header.as_str()).collect();
        assert_eq!(headers, ["编号", "客户名称", "合作金额(万元,含税)"]);
        let amount = &profile.columns[2];
        assert_eq!(
            (amount.unit.as_deref(), amount.tax),
            (Some("万元"), Some(TaxStatement::Included))
        );
        assert_eq!((amount.filled, amount.distinct, amount.is_unique), (1, 1, false));
        assert_eq!(amount.samples, ["1,5"]);
        assert!(profile.columns[0].is_unique);
    }

    #[test]
    fn samples_are_spread_and_counts_exact_up_to_a_limit() {
        let mut text = "id,name\n".to_owned();
        for row in 0..5_000 {
            text.push_str(&format!("{row},名{}\n", row % 7));
        }
        let options = ProfileOptions {
            samples_max: 100,
            exact_rows_max: 1_000,
            ..ProfileOptions::default()
        };
        let profile = of_text("a.csv", &text, &options);
        let [id, name] = profile.columns.as_slice() else {
            panic!()
        };
        assert!(id.is_unique && !name.is_unique);
        assert_eq!((id.distinct, name.distinct, name.filled), (1_000, 7, 5_000));
        assert_eq!(id.samples.len(), 100);
        assert_eq!(id.samples[0], "0");
        assert!(id.samples[99].parse::<u32>().unwrap() > 4_800);
    }

    #[test]
    fn json_lines_and_missing_files_are_told() {
        let profile = of_text(
            "a.jsonl",
            "{\"编号\":1}\n{\"name\":\"Ann\"}\n",
            &ProfileOptions::default(),
        );
        assert_eq!(
            (profile.format, profile.rows, profile.columns.len()),
            (Format::JsonLines, 2, 2)
        );
        let missing = super::profile(Path::new("没有.csv"), &ProfileOptions::default());
        assert!(matches!(missing, Err(IngestError::Missing { .. })));
    }
}
