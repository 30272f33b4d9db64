//! Rows with a header somewhere among them, as a table.
//!
//! In: the raw rows of a CSV file or sheet. Out: the header, then the rows below it. The first rows are held back until
//! the header is known; rows above it (titles) are dropped, as they are no records. Finding the header among them is
//! left to `header`. A job may name all columns itself, for exports without a header.

use super::IngestError;
use super::header::FirstRow;
use super::header::Header;
use super::header::find_header;
use super::row::BadRow;
use super::row::Row;
use super::row::RowBuffer;
use super::row::RowSink;
use super::row::TablePlace;
use super::row::TableSink;

/// Rows held back while the header is looked for.
pub(super) const FIRST_ROWS: usize = 64;

/// What the job says about headers.
#[derive(Debug, Clone, Default)]
pub(super) struct HeaderWish {
    /// Declared line or row.
    pub(super) row: Option<u32>,
    /// Names of all columns, for files that do not have them; the rows up to `row` are then no records.
    pub(super) names: Vec<String>,
    /// Columns the job names.
    pub(super) wanted: Vec<String>,
}

enum Held {
    Row {
        line: u64,
        byte: u64,
        cells: RowBuffer,
        may_be_short: bool,
    },
    Bad(BadRow),
}

/// Sits between a reader and a [`TableSink`].
pub(super) struct Headed<'a> {
    place: TablePlace<'a>,
    encoding: &'static str,
    wish: &'a HeaderWish,
    sink: &'a mut dyn TableSink,
    held: Vec<Held>,
    is_begun: bool,
}

impl<'a> Headed<'a> {
    /// `encoding` is empty for binary formats.
    pub(super) fn new(
        place: TablePlace<'a>,
        encoding: &'static str,
        wish: &'a HeaderWish,
        sink: &'a mut dyn TableSink,
    ) -> Self {
        Self {
            place,
            encoding,
            wish,
            sink,
            held: Vec::new(),
            is_begun: false,
        }
    }

    fn hold(&mut self, held: Held) -> Result<(), IngestError> {
        let line = match &held {
            Held::Row { line, .. } => *line,
            Held::Bad(bad) => bad.line,
        };
        if self.wish.row.is_some_and(|row| line < u64::from(row)) {
            return Ok(());
        }
        self.held.push(held);
        let is_past = self.wish.row.is_some_and(|row| line >= u64::from(row));
        if is_past || (self.wish.row.is_none() && self.held.len() >= FIRST_ROWS) {
            self.begin()?;
        }
        Ok(())
    }

    /// Begins with the names of the job.
    fn begin_named(&mut self) -> Result<(), IngestError> {
        self.is_begun = true;
        let line = self.wish.row.map_or(0, u64::from);
        let header = Header::new(line, self.wish.names.iter().map(String::as_str));
        self.sink.begin(self.place, &header)
    }

    /// Is this line one that the job's own names stand for?
    fn is_replaced(&self, line: u64) -> bool {
        !self.wish.names.is_empty() && self.wish.row.is_some_and(|row| line <= u64::from(row))
    }

    fn begin(&mut self) -> Result<(), IngestError> {
        self.is_begun = true;
        let mut positions = Vec::new();
        let mut rows = Vec::new();
        for (at, held) in self.held.iter().enumerate() {
            if let Held::Row { line, cells, .. } = held {
                positions.push(at);
                rows.push(FirstRow {
                    line: *line,
                    cells: cells.as_row(*line, 0).iter().map(str::to_owned).collect(),
                });
            }
        }
        let found = find_header(&rows, self.wish.row, &self.wish.wanted);
        let Some(found) = found else {
            return Err(self.no_header());
        };
        let first_bad = self.held.iter().position(|held| matches!(held, Held::Bad(_)));
        let wanted = &self.wish.wanted;
        let has_all =
            |header: &Header| !wanted.is_empty() && wanted.iter().all(|name| header.position(name).is_some());
        let header = Header::new(rows[found].line, rows[found].cells.iter().map(String::as_str));
        // An undecodable header must not be replaced by the first readable row.
        if first_bad.is_some_and(|bad| bad < positions[found]) && self.wish.row.is_none() && !has_all(&header)
        {
            return Err(self.no_header());
        }
        self.sink.begin(self.place, &header)?;
        for held in std::mem::take(&mut self.held)
            .into_iter()
            .skip(positions[found] + 1)
        {
            match held {
                Held::Row {
                    line,
                    byte,
                    cells,
                    may_be_short,
                } => {
                    let row = Row {
                        may_be_short,
                        ..cells.as_row(line, byte)
                    };
                    self.sink.row(&row)?;
                }
                Held::Bad(bad) => self.sink.bad(bad),
            }
        }
        Ok(())
    }

    fn no_header(&self) -> IngestError {
        let (source_name, file) = (self.place.file.source.clone(), self.place.name());
        let undecodable = self.held.iter().find_map(|held| match held {
            Held::Bad(bad) if bad.code.name == "bad_encoding" => Some(bad.line),
            _ => None,
        });
        match undecodable {
            Some(line) if !self.encoding.is_empty() => IngestError::WrongEncoding {
                source_name,
                file,
                encoding: self.encoding,
                line,
            },
            _ if self.held.is_empty() => IngestError::Empty { source_name, file },
            _ => IngestError::NoHeader { source_name, file },
        }
    }

    /// Ends the rows; a file shorter than the rows held back gets its header now.
    pub(super) fn finish(mut self) -> Result<(), IngestError> {
        match self.is_begun {
            true => Ok(()),
            false if !self.wish.names.is_empty() => self.begin_named(),
            false => self.begin(),
        }
    }
}

impl RowSink for Headed<'_> {
    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError> {
        if self.is_begun {
            return self.sink.row(row);
        }
        if row.is_blank() || self.is_replaced(row.line) {
            return Ok(());
        }
        if !self.wish.names.is_empty() {
            self.begin_named()?;
            return self.sink.row(row);
        }
        let cells = RowBuffer {
            text: row.text.to_owned(),
            cells: row.cells.to_vec(),
            rounded: row.rounded.to_vec(),
        };
        self.hold(Held::Row {
            line: row.line,
            byte: row.byte,
            cells,
            may_be_short: row.may_be_short,
        })
    }

    fn bad(&mut self, bad: BadRow) -> Result<(), IngestError> {
        if self.is_begun {
            self.sink.bad(bad);
            return Ok(());
        }
        if self.is_replaced(bad.line) {
            return Ok(());
        }
        if !self.wish.names.is_empty() {
            self.begin_named()?;
            self.sink.bad(bad);
            return Ok(());
        }
        self.hold(Held::Bad(bad))
    }
}
