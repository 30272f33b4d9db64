//! JSON lines: one object per record, empty fields left out, amounts and instants as numbers.

use super::super::SynthError;
use super::super::row::Field;
use super::super::row::Row;
use super::create_file;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

/// An open JSON lines file.
pub(crate) struct JsonSink {
    path: PathBuf,
    file: BufWriter<File>,
    columns: &'static [(Field, &'static str)],
    line: Vec<u8>,
}

impl JsonSink {
    pub(super) fn create(path: &Path, columns: &'static [(Field, &'static str)]) -> Result<Self, SynthError> {
        let file = BufWriter::with_capacity(1 << 16, create_file(path)?);
        Ok(Self {
            path: path.to_owned(),
            file,
            columns,
            line: Vec::new(),
        })
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        self.line.clear();
        self.line.push(b'{');
        for (field, header) in self.columns {
            let value = row.get(*field);
            if value.is_empty() {
                continue;
            }
            if self.line.len() > 1 {
                self.line.push(b',');
            }
            push_text(header, &mut self.line);
            self.line.push(b':');
            let is_number = matches!(field, Field::Amount | Field::Created | Field::Updated)
                && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if is_number {
                self.line.extend_from_slice(value.as_bytes());
            } else {
                push_text(value, &mut self.line);
            }
        }
        self.line.extend_from_slice(b"}\n");
        self.file
            .write_all(&self.line)
            .map_err(|source| SynthError::write(&self.path, source))
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, SynthError> {
        self.file
            .flush()
            .map_err(|source| SynthError::write(&self.path, source))?;
        Ok(self.path)
    }
}

/// Adds `text` as a JSON string.
fn push_text(text: &str, line: &mut Vec<u8>) {
    let written = serde_json::to_writer(line, text);
    debug_assert!(written.is_ok(), "writing a string to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::JsonSink;
    use crate::synth::row::Field;
    use crate::synth::row::Row;

    #[test]
    fn every_line_is_an_object_without_empty_fields() {
        let folder = tempfile::tempdir().unwrap();
        let columns = &[
            (Field::Code, "id"),
            (Field::Name, "name"),
            (Field::Amount, "amount"),
        ];
        let mut sink = JsonSink::create(&folder.path().join("x.jsonl"), columns).unwrap();
        let mut row = Row::new();
        row.set(Field::Code, "1");
        row.set(Field::Amount, "12.50");
        sink.write(&row).unwrap();
        row.set(Field::Name, "王\"五\"\n");
        sink.write(&row).unwrap();
        let text = std::fs::read_to_string(sink.finish().unwrap()).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0], serde_json::json!({"id": "1", "amount": 12.5}));
        assert_eq!(lines[1]["name"], "王\"五\"\n");
    }
}
