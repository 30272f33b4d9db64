//! The rows that every format's reader gives, and who takes them.
//!
//! In: nothing. Out: the types between a reader (CSV, workbook, JSON lines, Parquet) and the table that is built from
//! it (`collect` for a run, `profile` for `guiyi init`). Cells are ranges of one text, so that a row costs no
//! allocation.

use super::IngestError;
use super::header::Header;
use super::locate::SourceFile;
use crate::model::IssueCode;

/// One row as the file has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// Line or sheet row, from 1.
    pub(super) line: u64,
    /// Offset in the decoded file; 0 for workbooks.
    pub(super) byte: u64,
    /// Text that the cells are ranges of.
    pub(super) text: &'a str,
    /// Cells in file order.
    pub(super) cells: &'a [(u32, u32)],
    /// Positions of cells whose number the format itself shows to be rounded, ascending.
    pub(super) rounded: &'a [u32],
    /// May cells at the end be left out? Sheets leave out empty cells, delimited text does not.
    pub(super) may_be_short: bool,
}

impl<'a> Row<'a> {
    /// The cell at `position`; empty beyond the last.
    pub(super) fn cell(&self, position: usize) -> &'a str {
        let range = self.cells.get(position);
        range
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    /// Every cell in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> {
        (0..self.cells.len()).map(|position| self.cell(position))
    }

    /// Is there nothing but white space?
    pub(super) fn is_blank(&self) -> bool {
        self.iter().all(|cell| cell.trim().is_empty())
    }
}

/// A row that cannot be read.
#[derive(Debug, Clone)]
pub(super) struct BadRow {
    pub(super) line: u64,
    pub(super) byte: u64,
    /// Cell at fault, when it is one.
    pub(super) cell: Option<usize>,
    pub(super) code: &'static IssueCode,
}

/// Takes the raw rows of a CSV file or sheet, titles and header among them.
pub(super) trait RowSink {
    /// Takes one row.
    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError>;
    /// Takes one row that cannot be read.
    fn bad(&mut self, bad: BadRow) -> Result<(), IngestError>;
}

/// Where a table stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct TablePlace<'a> {
    pub(super) file: &'a SourceFile,
    /// Sheet, when several sheets of the workbook are read.
    pub(super) sheet: Option<&'a str>,
}

impl TablePlace<'_> {
    /// Path as in the job, `path#sheet` when several sheets are read.
    pub(super) fn name(&self) -> String {
        match self.sheet {
            None => self.file.path.clone(),
            Some(sheet) => format!("{}#{sheet}", self.file.path),
        }
    }
}

/// Takes the rows below a header.
pub(super) trait TableSink {
    /// Begins a table.
    fn begin(&mut self, place: TablePlace<'_>, header: &Header) -> Result<(), IngestError>;
    /// Takes one row; its number of cells may differ from that of the header.
    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError>;
    /// Takes one row that cannot be read.
    fn bad(&mut self, bad: BadRow);
}

/// Builds rows cell by cell.
#[derive(Debug, Default)]
pub(super) struct RowBuffer {
    pub(super) text: String,
    pub(super) cells: Vec<(u32, u32)>,
    pub(super) rounded: Vec<u32>,
}

impl RowBuffer {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.rounded.clear();
    }

    /// Sets the cell at `position`, with empty cells before it; positions must ascend.
    pub(super) fn set(&mut self, position: usize, write: impl FnOnce(&mut String)) {
        let start = self.text.len() as u32;
        if self.cells.len() < position {
            self.cells.resize(position, (start, start));
        }
        write(&mut self.text);
        self.cells.push((start, self.text.len() as u32));
    }

    pub(super) fn as_row(&self, line: u64, byte: u64) -> Row<'_> {
        Row {
            line,
            byte,
            text: &self.text,
            cells: &self.cells,
            rounded: &self.rounded,
            may_be_short: true,
        }
    }
}
