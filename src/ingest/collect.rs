//! The rows of one source, mapped and counted.
//!
//! In: the tables of one source's files, in their order. Out: a [`SourceTable`] with one code a row and field, keys,
//! places, rejects and accounts per source name (one, unless a column splits the export), duplicate keys removed: the
//! first row of a key in file order stays. Cells go from the file's text straight into the pools; no cell is ever a
//! string of its own. Merging sources is left to `assemble`.

use super::IngestError;
use super::cell::TotalsWords;
use super::cell::unguarded;
use super::header::Header;
use super::locate::SourceFile;
use super::mapping::ResolvedMapping;
use super::mapping::resolve;
use super::row::BadRow;
use super::row::Row;
use super::row::TablePlace;
use super::row::TableSink;
use super::settings::RecordKey;
use super::settings::SourceSettings;
use crate::model::FieldName;
use crate::model::IssueCode;
use crate::table::Forgotten;
use crate::table::Interner;
use crate::table::Place;
use crate::table::Reject;
use crate::table::SourceAccount;
use crate::table::TextBatch;
use crate::table::ValuePool;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// One field of a source: a code per candidate row into its distinct texts.
#[derive(Debug)]
pub(super) struct SourceColumn {
    pub(super) field: FieldName,
    pub(super) codes: Vec<u32>,
    pub(super) values: Interner,
    /// Texts of the last rows, whose codes are yet to come.
    pending: TextBatch,
}

/// Rows whose texts wait for their codes: a column at a time, its pool stays at hand.
const PENDING_ROWS: usize = 1024;
/// Bytes of a column's waiting texts above which they wait no longer.
const PENDING_BYTES: usize = 1 << 20;

impl SourceColumn {
    fn flush(&mut self) {
        self.values.intern_all(&self.pending, &mut self.codes);
        self.pending.clear();
    }
}

/// A finding about a cell of a candidate row.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellMark {
    pub(super) row: u32,
    /// Position of the field in [`SourceTable::columns`].
    pub(super) column: u16,
    pub(super) code: &'static IssueCode,
}

/// The rows of one source, not yet joined with the others.
#[derive(Debug)]
pub(super) struct SourceTable {
    pub(super) columns: Vec<SourceColumn>,
    /// Keys of the candidate rows; code = row + 1.
    pub(super) keys: ValuePool,
    pub(super) places: Vec<Place>,
    /// Names of the columns of every table; a column without a name is none.
    pub(super) header: BTreeSet<String>,
    /// File and sheet names that places point to.
    pub(super) files: Vec<String>,
    pub(super) marks: Vec<CellMark>,
    pub(super) rejects: Vec<Reject>,
    /// Per source name its rows counted and its candidate rows that stay, ordered by key.
    pub(super) parts: BTreeMap<String, SourcePart>,
}

/// The rows of one source name.
#[derive(Debug, Default)]
pub(super) struct SourcePart {
    pub(super) account: SourceAccount,
    pub(super) rows: Vec<u32>,
}

/// Takes the tables of one source.
pub(super) struct Collector<'a> {
    settings: &'a SourceSettings,
    forgotten: &'a Forgotten,
    totals: TotalsWords,
    table: SourceTable,
    /// Offset of each candidate row, for rejects.
    bytes: Vec<u64>,
    /// Per candidate row the code of its source name; empty unless the export is split.
    split_codes: Vec<u32>,
    split_names: Interner,
    mapping: Option<ResolvedMapping>,
    header: Header,
    /// Do files of different folders have one name? Then row keys hold the whole path.
    has_equal_stems: bool,
    /// Text before the line in row keys.
    row_key: String,
    /// Rows seen, as an account of its own to check the others against.
    read: u64,
    skipped: u64,
    scratch: String,
    key: String,
    precision_lost: &'static IssueCode,
    unmapped_code: &'static IssueCode,
}

impl<'a> Collector<'a> {
    pub(super) fn new(settings: &'a SourceSettings, files: &[SourceFile], forgotten: &'a Forgotten) -> Self {
        let stems: BTreeSet<&str> = files.iter().map(SourceFile::stem).collect();
        let column = |field: &FieldName| SourceColumn {
            field: field.clone(),
            codes: Vec::new(),
            values: Interner::default(),
            pending: TextBatch::default(),
        };
        Self {
            settings,
            forgotten,
            totals: TotalsWords::new(&settings.skip_rows_starting),
            table: SourceTable {
                columns: settings.columns.iter().map(|m| column(&m.field)).collect(),
                header: BTreeSet::new(),
                keys: ValuePool::default(),
                places: Vec::new(),
                files: Vec::new(),
                marks: Vec::new(),
                rejects: Vec::new(),
                parts: BTreeMap::new(),
            },
            bytes: Vec::new(),
            split_codes: Vec::new(),
            split_names: Interner::default(),
            mapping: None,
            header: Header::default(),
            has_equal_stems: stems.len() < files.len(),
            row_key: String::new(),
            read: 0,
            skipped: 0,
            scratch: String::new(),
            key: String::new(),
            precision_lost: IssueCode::named("precision_lost"),
            unmapped_code: IssueCode::named("unmapped_code"),
        }
    }

    fn reject(&mut self, line: u64, byte: u64, column: String, code: &'static IssueCode) {
        self.table.rejects.push(Reject {
            source: self.settings.name.clone(),
            file: self.table.files.last().cloned().unwrap_or_default(),
            line,
            byte,
            column,
            code,
            rows: 1,
        });
    }

    fn reject_row(&mut self, row: &Row<'_>, column: String, code: &str) {
        self.reject(row.line, row.byte, column, IssueCode::named(code));
    }

    /// Is the number of cells that of the header? Empty cells behind the last column are tolerated, and so are
    /// missing cells of columns without a name.
    fn is_ragged(&self, row: &Row<'_>) -> bool {
        let columns = self.header.columns.len();
        let cells = row.cells.len();
        if cells == columns {
            false
        } else if cells > columns {
            (columns..cells).any(|at| !row.cell(at).trim().is_empty())
        } else {
            !row.may_be_short && self.header.columns[cells..].iter().any(|column| !column.is_blank)
        }
    }

    /// Is it the header once more, as where exports were appended to each other?
    fn is_header_again(&self, row: &Row<'_>) -> bool {
        let is_name = |(at, name): (usize, &str)| {
            let column = self.header.columns.get(at);
            column.is_none_or(|column| column.is_blank || same_name(&column.name, name))
        };
        let first = self.header.columns.first();
        let starts_alike =
            first.is_some_and(|column| column.is_blank || same_name(&column.name, row.cell(0)));
        starts_alike && row.iter().enumerate().all(is_name)
    }

    /// Writes the key of `row` into `self.key`; false when a part is empty.
    fn make_key(&mut self, row: &Row<'_>, mapping: &ResolvedMapping) -> bool {
        self.key.clear();
        if self.settings.key == RecordKey::Row {
            use std::fmt::Write;
            let written = write!(self.key, "{}:{}", self.row_key, row.line);
            return written.is_ok();
        }
        for (at, &position) in mapping.key.iter().enumerate() {
            let part = unguarded(row.cell(position)).trim();
            if part.is_empty() && mapping.key.len() == 1 {
                return false;
            }
            if at > 0 {
                self.key.push('|');
            }
            self.key.push_str(part);
        }
        self.key.bytes().any(|byte| byte != b'|')
    }

    fn accept(&mut self, row: &Row<'_>, mapping: &ResolvedMapping) {
        let index = self.table.places.len() as u32;
        self.table.keys.push(&self.key);
        self.table.places.push(Place {
            file: (self.table.files.len() - 1) as u32,
            line: u32::try_from(row.line).unwrap_or(u32::MAX),
        });
        self.bytes.push(row.byte);
        let columns = self.table.columns.iter_mut().zip(&mapping.columns);
        for (at, (column, resolved)) in columns.enumerate() {
            if let (true, Some(&code)) = (resolved.is_constant(), column.codes.last()) {
                column.codes.push(code);
                continue;
            }
            let text = resolved.text(row, &mut self.scratch);
            let mut mark = |code| {
                self.table.marks.push(CellMark {
                    row: index,
                    column: at as u16,
                    code,
                });
            };
            if resolved.is_rounded(row) {
                mark(self.precision_lost);
            }
            let codes = self.settings.columns[at]
                .codes
                .as_deref()
                .filter(|_| !text.is_empty());
            let known = codes.map(|table| table.entries.get(text.trim()));
            if known == Some(None) {
                mark(self.unmapped_code);
            }
            let text = known.flatten().map_or(text, String::as_str);
            column.pending.push(text);
            // A constant's code is taken over from the row before.
            let is_full =
                column.pending.len() >= PENDING_ROWS || column.pending.size_bytes() >= PENDING_BYTES;
            if is_full || resolved.is_constant() {
                column.flush();
            }
        }
    }

    /// Sorts the rows by key, rejects repeated keys and closes the accounts.
    pub(super) fn finish(mut self) -> Result<SourceTable, IngestError> {
        self.table.columns.iter_mut().for_each(SourceColumn::flush);
        let mut parts: BTreeMap<String, SourcePart> = BTreeMap::new();
        let own = parts.entry(self.settings.name.clone()).or_default();
        own.account.skipped = self.skipped;
        own.account.rejected = self.table.rejects.iter().map(|reject| reject.rows).sum();
        own.account.read = own.account.skipped + own.account.rejected;
        let mut rows: Vec<u32> = (0..self.table.places.len() as u32).collect();
        if self.split_codes.is_empty() {
            own.rows = rows;
        } else {
            rows.sort_by_key(|&row| self.split_codes[row as usize]);
            for group in rows.chunk_by(|&a, &b| self.split_codes[a as usize] == self.split_codes[b as usize])
            {
                let name = self.split_names.pool().get(self.split_codes[group[0] as usize]);
                parts
                    .entry(name.to_owned())
                    .or_default()
                    .rows
                    .extend_from_slice(group);
            }
        }
        for (name, part) in &mut parts {
            part.account.read += part.rows.len() as u64;
            part.account.skipped += self.table.leave_out(self.forgotten, name, part);
            self.table.remove_repeated_keys(name, part, &self.bytes);
            part.account.accepted = part.rows.len() as u64;
        }
        let own_is_idle = parts.len() > 1
            && parts
                .get(&self.settings.name)
                .is_some_and(|p| p.account.read == 0);
        if own_is_idle {
            parts.remove(&self.settings.name);
        }
        self.table.parts = parts;
        self.check_balance()?;
        Ok(self.table)
    }

    fn check_balance(&self) -> Result<(), IngestError> {
        let mut sum = SourceAccount::default();
        for part in self.table.parts.values() {
            sum.read += part.account.read;
            sum.accepted += part.account.accepted;
            sum.rejected += part.account.rejected;
            sum.skipped += part.account.skipped;
        }
        let rejected: u64 = self.table.rejects.iter().map(|reject| reject.rows).sum();
        let is_whole = sum.read == self.read && sum.rejected == rejected;
        if is_whole && self.table.parts.values().all(|part| part.account.is_balanced()) {
            return Ok(());
        }
        Err(IngestError::Unbalanced {
            source_name: self.settings.name.clone(),
            read: self.read,
            accepted: sum.accepted,
            rejected,
            skipped: sum.skipped,
        })
    }
}

impl SourceTable {
    /// Takes forgotten records out of a part; returns how many rows that were.
    fn leave_out(&self, forgotten: &Forgotten, name: &str, part: &mut SourcePart) -> u64 {
        if forgotten.is_empty() {
            return 0;
        }
        let rows = part.rows.len();
        part.rows
            .retain(|&row| !forgotten.holds(name, self.keys.get(row + 1)));
        (rows - part.rows.len()) as u64
    }

    /// Orders the rows of a part by (key, file order) and turns all but the first of a key into rejects.
    fn remove_repeated_keys(&mut self, name: &str, part: &mut SourcePart, bytes: &[u64]) {
        let keys = &self.keys;
        let key = |row: u32| keys.get(row + 1);
        if !part.rows.is_sorted_by(|&a, &b| key(a) < key(b)) {
            // The first eight bytes, compared as a number, settle most comparisons without following the key.
            let mut keyed: Vec<(u64, u32)> = part.rows.iter().map(|&row| (prefix(key(row)), row)).collect();
            keyed.sort_unstable_by(|a, b| {
                a.0.cmp(&b.0)
                    .then_with(|| key(a.1).cmp(key(b.1)))
                    .then_with(|| a.1.cmp(&b.1))
            });
            part.rows = keyed.into_iter().map(|(_, row)| row).collect();
        }
        let mut kept: Vec<u32> = Vec::with_capacity(part.rows.len());
        let mut repeated = Vec::new();
        for &row in &part.rows {
            if kept.last().is_some_and(|&last| key(last) == key(row)) {
                repeated.push(row);
            } else {
                kept.push(row);
            }
        }
        part.rows = kept;
        part.account.rejected += repeated.len() as u64;
        for row in repeated {
            let place = self.places[row as usize];
            self.rejects.push(Reject {
                source: name.to_owned(),
                file: self.files[place.file as usize].clone(),
                line: u64::from(place.line),
                byte: bytes[row as usize],
                column: String::new(),
                code: IssueCode::named("duplicate_key"),
                rows: 1,
            });
        }
    }
}

fn prefix(key: &str) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key.as_bytes()[..length]);
    u64::from_be_bytes(first)
}

fn same_name(name: &str, cell: &str) -> bool {
    let cell = unguarded(cell).trim();
    name == cell || name.split_once('#').is_some_and(|(plain, _)| plain == cell)
}

impl TableSink for Collector<'_> {
    fn begin(&mut self, place: TablePlace<'_>, header: &Header) -> Result<(), IngestError> {
        let name = place.name();
        self.mapping = Some(resolve(self.settings, header, &name)?);
        self.header = header.clone();
        let named = header.columns.iter().filter(|column| !column.is_blank);
        self.table.header.extend(named.map(|column| column.name.clone()));
        self.table.files.push(name);
        let stem = if self.has_equal_stems {
            &place.file.path
        } else {
            place.file.stem()
        };
        self.row_key = match place.sheet {
            None => stem.to_owned(),
            Some(sheet) => format!("{stem}#{sheet}"),
        };
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError> {
        if row.is_blank() {
            return Ok(());
        }
        let Some(mapping) = self.mapping.take() else {
            return Ok(());
        };
        self.read += 1;
        if self.totals.opens(row) || self.is_header_again(row) {
            self.skipped += 1;
        } else if self.is_ragged(row) {
            let counts = format!("{} of {} cells", row.cells.len(), self.header.columns.len());
            self.reject_row(row, counts, "ragged_row");
        } else if !self.make_key(row, &mapping) {
            let names = mapping
                .key
                .iter()
                .map(|&at| self.header.columns[at].name.as_str());
            let column = names.collect::<Vec<_>>().join("|");
            self.reject_row(row, column, "missing_key");
        } else {
            match mapping.source_column {
                None => self.accept(row, &mapping),
                Some(at) => {
                    let name = unguarded(row.cell(at)).trim();
                    if name.is_empty() {
                        let column = self.header.columns[at].name.clone();
                        self.reject_row(row, column, "missing_source");
                    } else {
                        self.split_codes.push(self.split_names.intern(name));
                        self.accept(row, &mapping);
                    }
                }
            }
        }
        self.mapping = Some(mapping);
        Ok(())
    }

    fn bad(&mut self, bad: BadRow) {
        self.read += 1;
        let column = bad.cell.and_then(|at| self.header.columns.get(at));
        let column = column.map_or_else(String::new, |column| column.name.clone());
        self.reject(bad.line, bad.byte, column, bad.code);
    }
}
