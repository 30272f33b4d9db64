//! Counts that need every row, taken while the file is read.
//!
//! In: the rows of a file as they pass. Out: for each column its filled cells and distinct values; for the file its
//! rejected and totals rows, the rows that repeat another one, and the columns that hold the same cells. Memory does not
//! grow with the rows: rows are told apart by an adaptive sample of their hashes, and columns are compared on rows evenly
//! spread over the file.

use super::values::DistinctValues;
use super::values::Place;
use super::values::ValueTable;
use crate::ingest::RowWatch;
use crate::ingest::SeenCell;
use crate::model::IssueCode;
use crate::plan::propose::is_record_number;
use crate::text::hash::mix;
use hashbrown::HashTable;
use std::collections::BTreeMap;

/// Rows whose hashes are told apart exactly.
const ROW_HASHES_MAX: usize = 1 << 20;

/// Rows on which columns are compared, at most; fewer in wide files.
const COMPARED_ROWS_MAX: usize = 16_384;

/// Cells held for comparing columns.
const COMPARED_CELLS_MAX: usize = 1 << 22;

/// Places that are named for each kind of bad row.
const PLACES_MAX: usize = 5;

/// Rows of one kind: how many, and the first places.
#[derive(Debug, Default, Clone)]
pub(super) struct Rows {
    pub(super) count: u64,
    pub(super) places: Vec<Place>,
}

impl Rows {
    fn note(&mut self, place: Place) {
        self.count += 1;
        if self.places.len() < PLACES_MAX {
            self.places.push(place);
        }
    }
}

/// One column while it passes.
#[derive(Debug, Default)]
struct Column {
    filled: u64,
    rounded: u64,
    table: ValueTable,
    /// Is its header one of record keys?
    is_record_number: bool,
}

/// Watches one file.
#[derive(Debug, Default)]
pub(super) struct Watch {
    columns: Vec<Column>,
    pub(super) sheets: Vec<String>,
    pub(super) rejected: BTreeMap<&'static str, Rows>,
    pub(super) totals: Rows,
    repeats: Repeats,
    compared: Compared,
    rows: u64,
}

/// What was seen of one column.
#[derive(Debug, Default)]
pub(super) struct SeenColumn {
    pub(super) filled: u64,
    /// Numbers that a spreadsheet rounded.
    pub(super) rounded: u64,
    pub(super) values: DistinctValues,
}

/// What was seen of a file.
pub(super) struct Seen {
    /// By position.
    pub(super) columns: Vec<SeenColumn>,
    pub(super) sheets: Vec<String>,
    pub(super) rejected: BTreeMap<&'static str, Rows>,
    pub(super) totals: Rows,
    /// Rows whose cells all stand in an earlier row, too, record numbers left out; `None` without other columns.
    pub(super) repeated_rows: Option<u64>,
    pub(super) compared: Compared,
}

impl Watch {
    fn place(&self, line: u64) -> Place {
        Place {
            sheet: u16::try_from(self.sheets.len().saturating_sub(1)).unwrap_or(u16::MAX),
            line,
        }
    }

    /// The figures, once all rows have passed.
    pub(super) fn finish(self) -> Seen {
        let has_values = self.columns.iter().any(|column| !column.is_record_number);
        Seen {
            repeated_rows: has_values.then(|| self.repeats.count(self.rows)),
            columns: self
                .columns
                .into_iter()
                .map(|column| SeenColumn {
                    filled: column.filled,
                    rounded: column.rounded,
                    values: column.table.finish(),
                })
                .collect(),
            sheets: self.sheets,
            rejected: self.rejected,
            totals: self.totals,
            compared: self.compared,
        }
    }
}

impl RowWatch for Watch {
    fn begin(&mut self, sheet: Option<&str>, headers: &[&str]) {
        if self.columns.is_empty() {
            let column = |header: &&str| Column {
                is_record_number: is_record_number(header),
                ..Column::default()
            };
            self.columns = headers.iter().map(column).collect();
            self.compared = Compared::new(headers.len());
        }
        self.sheets.push(sheet.unwrap_or_default().to_owned());
    }

    fn row(&mut self, line: u64, cells: &mut dyn Iterator<Item = SeenCell<'_>>) {
        let place = self.place(line);
        let mut row = 0_u64;
        let is_compared = self.compared.begin_row();
        for cell in cells {
            let Some(column) = self.columns.get_mut(cell.position) else {
                continue;
            };
            column.filled += 1;
            column.rounded += u64::from(cell.is_rounded);
            let hash = column.table.note(cell.text, place);
            if !column.is_record_number {
                // A sum, because later sheets may have their columns in another order.
                row = row.wrapping_add(mix(hash, cell.position as u64));
            }
            if is_compared {
                self.compared.note(cell.position, hash);
            }
        }
        self.repeats.note(row);
        self.rows += 1;
    }

    fn totals(&mut self, line: u64) {
        let place = self.place(line);
        self.totals.note(place);
    }

    fn rejected(&mut self, line: u64, code: &'static IssueCode) {
        let place = self.place(line);
        self.rejected.entry(code.name).or_default().note(place);
    }
}

/// Distinct rows by hash; beyond the limit an adaptive sample of them.
#[derive(Debug, Default)]
struct Repeats {
    seen: HashTable<u64>,
    depth: u32,
}

impl Repeats {
    fn note(&mut self, row: u64) {
        let is_sampled = |row: u64, depth: u32| (row >> 16) & ((1 << depth.min(40)) - 1) == 0;
        if !is_sampled(row, self.depth) || self.seen.find(row, |&known| known == row).is_some() {
            return;
        }
        self.seen.insert_unique(row, row, |&known| known);
        if self.seen.len() > ROW_HASHES_MAX {
            self.depth += 1;
            self.seen.retain(|&mut known| is_sampled(known, self.depth));
        }
    }

    fn count(&self, rows: u64) -> u64 {
        let distinct = (self.seen.len() as u64).saturating_mul(1 << self.depth.min(40));
        // An estimate may exceed the rows, and a difference within its error is none.
        let repeated = rows.saturating_sub(distinct);
        if self.depth > 0 && repeated < rows / 200 {
            0
        } else {
            repeated
        }
    }
}

/// Cells of rows evenly spread over the file, as hashes; 0 stands for an empty cell.
#[derive(Debug, Default)]
pub(super) struct Compared {
    width: usize,
    rows_max: usize,
    /// Row after row.
    cells: Vec<u64>,
    step_log2: u32,
    rows_seen: u64,
}

impl Compared {
    fn new(width: usize) -> Self {
        let rows_max = (COMPARED_CELLS_MAX / width.max(1)).clamp(64, COMPARED_ROWS_MAX);
        Self {
            width,
            rows_max,
            ..Self::default()
        }
    }

    /// Begins a row; will its cells be compared?
    fn begin_row(&mut self) -> bool {
        let is_due = self.rows_seen.trailing_zeros() >= self.step_log2 && self.width > 0;
        self.rows_seen += 1;
        if !is_due {
            return false;
        }
        if self.rows() >= self.rows_max {
            self.step_log2 += 1;
            let kept: Vec<u64> = self
                .cells
                .chunks(self.width)
                .step_by(2)
                .flatten()
                .copied()
                .collect();
            self.cells = kept;
            // The row that begins is the first of the old step behind the last kept one.
            if (self.rows_seen - 1).trailing_zeros() < self.step_log2 {
                return false;
            }
        }
        self.cells.resize(self.cells.len() + self.width, 0);
        true
    }

    fn note(&mut self, position: usize, hash: u64) {
        let start = self.cells.len() - self.width;
        self.cells[start + position] = hash.max(1);
    }

    /// Rows compared.
    pub(super) fn rows(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    /// Rows in which either of two columns is filled, and those in which both hold the same.
    ///
    /// `None` as soon as they differ in more rows than `differing_max`.
    pub(super) fn equal(&self, a: usize, b: usize, differing_max: usize) -> Option<(u64, u64)> {
        let (mut filled, mut equal) = (0, 0);
        for row in self.cells.chunks_exact(self.width.max(1)) {
            let (left, right) = (row[a], row[b]);
            if left == 0 && right == 0 {
                continue;
            }
            filled += 1;
            equal += u64::from(left == right);
            if filled - equal > differing_max as u64 {
                return None;
            }
        }
        Some((equal, filled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(watch: &mut Watch, line: u64, cells: &[&str]) {
        let mut seen = cells.iter().enumerate().map(|(position, text)| SeenCell {
            position,
            text,
            is_rounded: false,
        });
        watch.row(line, &mut seen.by_ref().filter(|cell| !cell.text.is_empty()));
    }

    #[test]
    fn rows_that_differ_in_their_number_alone_are_repeats() {
        let mut watch = Watch::default();
        watch.begin(None, &["编号", "名称", "Name"]);
        for (line, cells) in [
            ["1", "甲", "甲"],
            ["2", "甲", "甲"],
            ["3", "乙", ""],
            ["4", "", "乙"],
        ]
        .iter()
        .enumerate()
        {
            pass(&mut watch, line as u64 + 2, cells);
        }
        let seen = watch.finish();
        assert_eq!(seen.repeated_rows, Some(1));
        assert_eq!(seen.columns[1].filled, 3);
        assert_eq!(seen.compared.equal(1, 2, 9), Some((2, 4)));
        assert_eq!(seen.compared.equal(0, 2, 1), None);
    }

    #[test]
    fn compared_rows_are_bounded_and_spread() {
        let mut watch = Watch::default();
        watch.begin(None, &["a", "b"]);
        for line in 0..100_000 {
            pass(&mut watch, line, &[&line.to_string(), &line.to_string()]);
        }
        let compared = watch.compared;
        assert!((COMPARED_ROWS_MAX / 2..=COMPARED_ROWS_MAX).contains(&compared.rows()));
        let rows = compared.rows() as u64;
        assert_eq!(compared.equal(0, 1, 0), Some((rows, rows)));
    }
}
