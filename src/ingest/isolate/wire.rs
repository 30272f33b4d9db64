//! The stream between a reader and the process that started it.
//!
//! In: the tables of a file as events, or the bytes of the other side. Out: the bytes, or the events. An event is a
//! letter, the length of its body in four bytes (little endian), and the body: JSON for what is rare, numbers in the
//! LEB128 form of DWARF 5 (section 7.6) and text for rows. Empty cells take no room, so a cell in the last column costs
//! a few bytes. The other side is not trusted: lengths are limited, text is checked, unknown words are errors.

use super::super::IngestError;
use super::super::header::Header;
use super::super::ingested::InputFile;
use super::super::locate::SourceFile;
use super::super::read::ReadFile;
use super::super::row::BadRow;
use super::super::row::Row;
use super::super::row::RowBuffer;
use super::super::settings::Format;
use super::super::settings::Limits;
use super::fault::Fault;
use crate::model::IssueCode;
use serde::Deserialize;
use serde::Serialize;
use std::io;
use std::io::Read;
use std::io::Write;

const BEGIN: u8 = b'B';
const ROW: u8 = b'R';
const BAD: u8 = b'X';
const END: u8 = b'E';
const FAULT: u8 = b'F';

/// Bytes of an event beside its text.
const OVERHEAD: usize = 8 << 20;
/// JSON may write a byte of text as six.
const JSON_FACTOR: usize = 6;

/// One step of a file.
#[derive(Debug)]
pub(super) enum Event {
    Begin {
        sheet: Option<String>,
        header: Header,
    },
    /// The cells are in the row that was handed to [`EventReader::next`].
    Row {
        line: u64,
        byte: u64,
        may_be_short: bool,
    },
    Bad(BadRow),
    End(End),
    Fault(Fault),
}

/// What was read, when all of it was.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    size_bytes: u64,
    sha256: String,
    encoding: String,
    format: Format,
    sheets: Vec<String>,
    sheets_left_out: Vec<String>,
    delimiter: Option<u8>,
}

impl End {
    pub(super) fn into_read(self, file: &SourceFile) -> ReadFile {
        ReadFile {
            input: InputFile {
                source: file.source.clone(),
                path: file.path.clone(),
                size_bytes: self.size_bytes,
                sha256: self.sha256,
                encoding: self.encoding,
                format: self.format,
                sheets: self.sheets,
                sheets_left_out: self.sheets_left_out,
            },
            delimiter: self.delimiter,
        }
    }
}

/// Writes events.
pub(super) struct EventWriter<W> {
    out: W,
    body: Vec<u8>,
}

impl<W: Write> EventWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            body: Vec::new(),
        }
    }

    fn send(&mut self, letter: u8) -> io::Result<()> {
        let length = u32::try_from(self.body.len()).map_err(io::Error::other)?;
        self.out.write_all(&[letter])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&self.body)
    }

    fn send_json(&mut self, letter: u8, value: &impl Serialize) -> io::Result<()> {
        self.body = serde_json::to_vec(value)?;
        self.send(letter)
    }

    pub(super) fn begin(&mut self, sheet: Option<&str>, header: &Header) -> io::Result<()> {
        self.send_json(BEGIN, &(sheet, header))
    }

    pub(super) fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        let body = &mut self.body;
        body.clear();
        put(body, row.line);
        put(body, row.byte);
        body.push(u8::from(row.may_be_short));
        put(body, row.rounded.len() as u64);
        for &position in row.rounded {
            put(body, u64::from(position));
        }
        put(body, row.cells.len() as u64);
        let mut empty = 0;
        for cell in row.iter() {
            if cell.is_empty() {
                empty += 1;
                continue;
            }
            put(body, empty);
            put(body, cell.len() as u64);
            body.extend_from_slice(cell.as_bytes());
            empty = 0;
        }
        self.send(ROW)
    }

    pub(super) fn bad(&mut self, bad: &BadRow) -> io::Result<()> {
        let cell = bad.cell.map(|cell| cell as u64);
        self.send_json(BAD, &(bad.line, bad.byte, cell, bad.code.name))
    }

    pub(super) fn end(&mut self, read: ReadFile) -> io::Result<()> {
        let end = End {
            size_bytes: read.input.size_bytes,
            sha256: read.input.sha256,
            encoding: read.input.encoding,
            format: read.input.format,
            sheets: read.input.sheets,
            sheets_left_out: read.input.sheets_left_out,
            delimiter: read.delimiter,
        };
        self.send_json(END, &end)?;
        self.out.flush()
    }

    pub(super) fn fault(&mut self, error: IngestError) -> io::Result<()> {
        self.send_json(FAULT, &Fault::from(error))?;
        self.out.flush()
    }
}

fn put(body: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        body.push(number as u8 | 0x80);
        number >>= 7;
    }
    body.push(number as u8);
}

/// Reads events, within limits.
pub(super) struct EventReader<R> {
    input: R,
    body: Vec<u8>,
    body_bytes_max: usize,
    columns_max: usize,
}

impl<R: Read> EventReader<R> {
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        let text = limits.record_bytes_max.max(limits.field_bytes_max);
        Self {
            input,
            body: Vec::new(),
            body_bytes_max: text.saturating_mul(JSON_FACTOR).saturating_add(OVERHEAD),
            columns_max: limits.columns_max,
        }
    }

    /// The next event, `None` when the stream breaks off; the cells of a row go to `row`.
    pub(super) fn next(&mut self, row: &mut RowBuffer) -> io::Result<Option<Event>> {
        let mut head = [0; 5];
        if let Err(error) = self.input.read_exact(&mut head) {
            let is_end = error.kind() == io::ErrorKind::UnexpectedEof;
            return if is_end { Ok(None) } else { Err(error) };
        }
        let [letter, length @ ..] = head;
        let length = u32::from_le_bytes(length) as usize;
        if length > self.body_bytes_max {
            return Err(wrong());
        }
        self.body.resize(length, 0);
        self.input.read_exact(&mut self.body)?;
        let body = self.body.as_slice();
        let event = match letter {
            ROW => self.row(row).ok_or_else(wrong)?,
            BEGIN => {
                let (sheet, header): (Option<String>, Header) = serde_json::from_slice(body)?;
                // Parquet may have more columns than a sheet.
                self.columns_max = self.columns_max.max(header.columns.len());
                Event::Begin { sheet, header }
            }
            BAD => {
                let (line, byte, cell, code): (u64, u64, Option<usize>, String) =
                    serde_json::from_slice(body)?;
                let code = IssueCode::find(&code).ok_or_else(wrong)?;
                Event::Bad(BadRow {
                    line,
                    byte,
                    cell,
                    code,
                })
            }
            END => Event::End(serde_json::from_slice(body)?),
            FAULT => Event::Fault(serde_json::from_slice(body)?),
            _ => return Err(wrong()),
        };
        Ok(Some(event))
    }

    fn row(&self, row: &mut RowBuffer) -> Option<Event> {
        row.clear();
        let mut body = Body(&self.body);
        let (line, byte) = (body.number()?, body.number()?);
        let may_be_short = body.take(1)? != [0];
        for _ in 0..body.count(self.columns_max)? {
            row.rounded.push(u32::try_from(body.number()?).ok()?);
        }
        let cells = body.count(self.columns_max)?;
        while !body.0.is_empty() {
            let position = row.cells.len() + body.count(cells)?;
            let length = body.count(usize::MAX)?;
            let text = std::str::from_utf8(body.take(length)?).ok()?;
            if position >= cells {
                return None;
            }
            row.set(position, |buffer| buffer.push_str(text));
        }
        let end = u32::try_from(row.text.len()).ok()?;
        row.cells.resize(cells, (end, end));
        Some(Event::Row {
            line,
            byte,
            may_be_short,
        })
    }
}

/// What is left of a body.
struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn count(&mut self, max: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|&count| count <= max)
    }
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a reader's stream that is none")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(write: impl FnOnce(&mut EventWriter<&mut Vec<u8>>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut EventWriter::new(&mut bytes));
        bytes
    }

    fn rows_of(cells: &[&str]) -> RowBuffer {
        let mut row = RowBuffer::default();
        for (at, cell) in cells.iter().enumerate() {
            row.set(at, |text| text.push_str(cell));
        }
        row
    }

    #[test]
    fn rows_come_back_as_they_were_sent() {
        for cells in [
            &["0012", "", "王芳", "", ""][..],
            &[],
            &["", ""],
            &["Ann\u{1}Lee", "+86"],
            &["", "一"],
        ] {
            let mut given = rows_of(cells);
            given.rounded.push(0);
            let bytes = sent(|writer| writer.row(&given.as_row(300, 1 << 40)).unwrap());
            let mut row = RowBuffer::default();
            let mut reader = EventReader::new(bytes.as_slice(), &Limits::default());
            let event = reader.next(&mut row).unwrap().unwrap();
            assert!(
                matches!(event, Event::Row { line: 300, byte, may_be_short: true } if byte == 1 << 40),
                "{event:?}"
            );
            let back = row.as_row(300, 0);
            assert_eq!(back.iter().collect::<Vec<_>>(), cells);
            assert_eq!(row.rounded, [0]);
            assert!(reader.next(&mut row).unwrap().is_none());
        }
    }

    #[test]
    fn a_stream_that_breaks_off_or_lies_is_an_error_and_no_panic() {
        let row = rows_of(&["0012", "", "王芳"]);
        let bytes = sent(|writer| {
            writer.row(&row.as_row(3, 0)).unwrap();
            writer
                .fault(IngestError::Settings {
                    source_name: "甲".into(),
                    reason: "x".into(),
                })
                .unwrap();
        });
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = value;
                for length in [at, bytes.len()] {
                    let mut reader = EventReader::new(&changed[..length], &Limits::default());
                    let mut row = RowBuffer::default();
                    while let Ok(Some(event)) = reader.next(&mut row) {
                        if matches!(event, Event::Row { .. }) {
                            assert!(row.as_row(1, 0).iter().count() <= Limits::default().columns_max);
                        }
                    }
                }
            }
        }
    }
}
