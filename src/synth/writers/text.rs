//! Delimited text in any of the encodings that subsidiaries export.
//!
//! In: rows, a dialect. Out: a header line and one line per row, RFC 4180 quotes where a cell needs them. Characters that an encoding
//! lacks become `?`, as exporting programs do. Blocks of a few hundred lines are encoded at once.

use super::super::SynthError;
use super::super::row::Field;
use super::super::row::Row;
use super::super::sources::Encoding;
use super::create_file;
use super::encoder::Encoder;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

/// Bytes of text that are encoded and written together.
const BLOCK_BYTES: usize = 1 << 16;

/// Encoding, delimiter and line ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) encoding: Encoding,
    pub(super) delimiter: char,
    pub(super) is_crlf: bool,
}

/// An open text file.
pub(crate) struct TextSink {
    path: PathBuf,
    file: File,
    dialect: Dialect,
    columns: &'static [(Field, &'static str)],
    pending: String,
    encoder: Encoder,
    bytes: Vec<u8>,
}

impl TextSink {
    pub(super) fn create(
        path: &Path,
        columns: &'static [(Field, &'static str)],
        dialect: Dialect,
    ) -> Result<Self, SynthError> {
        let file = create_file(path)?;
        let pending = String::with_capacity(BLOCK_BYTES + 4096);
        let mut sink = Self {
            path: path.to_owned(),
            file,
            dialect,
            columns,
            pending,
            bytes: Vec::new(),
            encoder: Encoder::new(dialect.encoding),
        };
        if matches!(dialect.encoding, Encoding::Utf8Bom | Encoding::Utf16Le) {
            sink.pending.push('\u{feff}');
        }
        for (position, (_, header)) in columns.iter().enumerate() {
            sink.push_cell(position, header);
        }
        sink.end_line()?;
        Ok(sink)
    }

    fn push_cell(&mut self, position: usize, text: &str) {
        let delimiter = self.dialect.delimiter;
        if position > 0 {
            self.pending.push(delimiter);
        }
        let needs_quotes = text.contains([delimiter, '"', '\n', '\r']);
        if !needs_quotes {
            self.pending.push_str(text);
            return;
        }
        self.pending.push('"');
        for found in text.chars() {
            if found == '"' {
                self.pending.push('"');
            }
            self.pending.push(found);
        }
        self.pending.push('"');
    }

    fn end_line(&mut self) -> Result<(), SynthError> {
        self.pending
            .push_str(if self.dialect.is_crlf { "\r\n" } else { "\n" });
        if self.pending.len() >= BLOCK_BYTES {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        self.bytes.clear();
        self.encoder.encode(&self.pending, &mut self.bytes);
        self.pending.clear();
        self.file
            .write_all(&self.bytes)
            .map_err(|source| SynthError::write(&self.path, source))
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        let columns = self.columns;
        for (position, (field, _)) in columns.iter().enumerate() {
            self.push_cell(position, row.get(*field));
        }
        self.end_line()
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, SynthError> {
        self.flush()?;
        Ok(self.path)
    }
}
