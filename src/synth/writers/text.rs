//! Delimited text in any of the encodings that subsidiaries export.
//!
//! In: rows, a dialect. Out: a header line and one line per row, RFC 4180 quotes where a cell needs them. Characters that an encoding
//! lacks become `?`, as exporting programs do. Blocks of a few hundred lines are encoded at once.

use super::super::SynthError;
use super::super::row::Field;
use super::super::row::Row;
use super::super::sources::Encoding;
use super::create_file;
use encoding_rs::EncoderResult;
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
        encode(self.dialect.encoding, &self.pending, &mut self.bytes);
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

/// Adds `text` in `encoding` to `bytes`.
fn encode(encoding: Encoding, text: &str, bytes: &mut Vec<u8>) {
    let table = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => {
            bytes.extend_from_slice(text.as_bytes());
            return;
        }
        Encoding::Utf16Le => {
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            return;
        }
        Encoding::Gbk => encoding_rs::GBK,
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Big5 => encoding_rs::BIG5,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    };
    let mut encoder = table.new_encoder();
    let mut rest = text;
    loop {
        // Room for the rest even if each byte of it took four, and for one replacement.
        bytes.reserve(rest.len() * 4 + 16);
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, bytes, true);
        rest = rest.get(read..).unwrap_or("");
        match result {
            EncoderResult::InputEmpty => return,
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(_) => bytes.push(b'?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sources::Encoding;
    use super::encode;

    #[test]
    fn characters_outside_the_encoding_become_question_marks() {
        let mut bytes = Vec::new();
        encode(Encoding::Big5, "華华A", &mut bytes);
        assert_eq!(encoding_rs::BIG5.decode(&bytes).0, "華?A");
        bytes.clear();
        encode(Encoding::Windows1252, "Müller 王", &mut bytes);
        assert_eq!(bytes, b"M\xfcller ?");
        bytes.clear();
        encode(Encoding::Utf16Le, "A", &mut bytes);
        assert_eq!(bytes, b"A\0");
    }
}
