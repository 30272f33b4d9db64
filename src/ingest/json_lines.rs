//! JSON lines to rows.
//!
//! In: a stream of UTF-8 with one JSON object (RFC 8259) a line. Out: rows under the union of the objects' keys, in the
//! order of first appearance; for that the file is read twice. Strings are unescaped; numbers keep the digits they are
//! written with; `null` is an empty cell; the scalars of an array are joined by `;`; inner objects keep their JSON
//! text. A line that is no object is rejected alone.

use super::IngestError;
use super::header::Header;
use super::locate::SourceFile;
use super::open::stream_error;
use super::read::DecodingAccount;
use super::row::BadRow;
use super::row::RowBuffer;
use super::row::TablePlace;
use super::row::TableSink;
use super::settings::Limits;
use super::window::TextWindow;
use crate::model::IssueCode;
use encoding_rs::Encoding;
use serde::de::Deserialize;
use serde::de::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::io;

/// One line, or why it cannot be used.
type Line<'a> = (u64, u64, Result<&'a str, &'static str>);

/// Gives every line that is not blank.
fn each_line(
    window: &mut TextWindow,
    limits: &Limits,
    each: &mut dyn FnMut(Line<'_>) -> Result<(), IngestError>,
    failed: &dyn Fn(io::Error) -> IngestError,
) -> Result<(), IngestError> {
    loop {
        let (line, byte) = (window.line, window.byte);
        let bytes = window.bytes();
        let found = memchr::memchr(b'\n', bytes);
        let length = match found {
            Some(at) => at + 1,
            None if bytes.len() > limits.line_bytes_max => bytes.len(),
            None if !window.is_ended() => {
                window.fill().map_err(failed)?;
                continue;
            }
            None if bytes.is_empty() => return Ok(()),
            None => bytes.len(),
        };
        if length > limits.line_bytes_max {
            window.skip_line(b'\n').map_err(failed)?;
            each((line, byte, Err("record_too_long")))?;
            continue;
        }
        window.consume(length, usize::from(found.is_some()));
        let bytes = window.consumed(length).trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let text = match std::str::from_utf8(bytes) {
            _ if memchr::memchr(0, bytes).is_some() => Err("nul_character"),
            Ok(text) => Ok(text),
            Err(_) => Err("bad_encoding"),
        };
        each((line, byte, text))?;
    }
}

/// Reads a file; `open` gives its text from the start, for each of the two passes.
pub(super) fn read_json_lines(
    file: &SourceFile,
    encoding: &'static Encoding,
    limits: &Limits,
    open: &dyn Fn() -> Result<TextWindow, IngestError>,
    sink: &mut dyn TableSink,
) -> Result<(), IngestError> {
    let failed = |cause| stream_error(file, cause);
    let mut keys = KeyList::default();
    let mut window = open()?;
    each_line(
        &mut window,
        limits,
        &mut |(_, _, line)| {
            if let Ok(line) = line {
                keys.note(line, limits.columns_max);
            }
            Ok(())
        },
        &failed,
    )?;
    if keys.names.is_empty() {
        let (source_name, file) = file.names();
        return Err(IngestError::WrongMagic {
            source_name,
            file,
            expected: "JSON lines".into(),
            hint: "write one object a line, without brackets and commas around the objects".into(),
        });
    }
    let header = Header::of_names(&keys.names);
    sink.begin(TablePlace { file, sheet: None }, &header)?;
    let mut decoding = DecodingAccount::default();
    let mut row = RowBuffer::default();
    let mut window = open()?;
    each_line(
        &mut window,
        limits,
        &mut |(line, byte, text)| {
            let fault = match text {
                Ok(text) => {
                    decoding.good(text);
                    make_row(text, &keys, &mut row, limits).err()
                }
                Err(code) => Some(code),
            };
            let Some(code) = fault else {
                return sink.row(&row.as_row(line, byte));
            };
            decoding.bad(code, line);
            sink.bad(BadRow {
                line,
                byte,
                cell: None,
                code: IssueCode::named(code),
            });
            Ok(())
        },
        &failed,
    )?;
    decoding.check(file, encoding)
}

/// The keys of all objects in the order of their first appearance.
#[derive(Debug, Default)]
struct KeyList {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl KeyList {
    /// Adds the keys of a line that is an object.
    fn note(&mut self, line: &str, columns_max: usize) {
        let Ok(Members(members)) = serde_json::from_str::<Members<IgnoredAny>>(line) else {
            return;
        };
        for (key, _) in members {
            if !self.positions.contains_key(&key) && self.names.len() < columns_max {
                self.positions.insert(key.clone(), self.names.len());
                self.names.push(key);
            }
        }
    }
}

/// The members of one object in file order.
struct Members<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfMap<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfMap(std::marker::PhantomData))
    }
}

/// Lays the members of an object under the header; of a repeated key the last counts.
fn make_row(line: &str, keys: &KeyList, row: &mut RowBuffer, limits: &Limits) -> Result<(), &'static str> {
    let Members(members) = serde_json::from_str::<Members<&RawValue>>(line).map_err(|_| "bad_json")?;
    row.clear();
    row.cells.resize(keys.names.len(), (0, 0));
    for (key, value) in members {
        let Some(&position) = keys.positions.get(&key) else {
            return Err("record_too_long");
        };
        let start = row.text.len();
        write_value(value.get(), &mut row.text).ok_or("bad_json")?;
        if row.text.len() - start > limits.field_bytes_max {
            return Err("record_too_long");
        }
        if memchr::memchr(0, &row.text.as_bytes()[start..]).is_some() {
            return Err("nul_character");
        }
        row.cells[position] = (start as u32, row.text.len() as u32);
    }
    Ok(())
}

/// Appends the text of a JSON value; `None` when a string has an escape that is no character.
fn write_value(json: &str, text: &mut String) -> Option<()> {
    match json.as_bytes().first()? {
        b'"' => {
            let inner = &json[1..json.len() - 1];
            if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
                text.push_str(inner);
            } else {
                text.push_str(&serde_json::from_str::<String>(json).ok()?);
            }
        }
        b'n' => {}
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            let is_flat = |item: &&RawValue| !item.get().starts_with(['[', '{']);
            if !items.iter().all(is_flat) {
                text.push_str(json);
                return Some(());
            }
            for (at, item) in items.into_iter().enumerate() {
                if at > 0 {
                    text.push(';');
                }
                write_value(item.get(), text)?;
            }
        }
        _ => text.push_str(json),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::rejects;
    use super::super::tests::rows;
    use super::super::tests::run;
    use super::super::tests::source;

    fn read(bytes: &[u8]) -> super::super::Ingested {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.jsonl"), bytes).unwrap();
        run(dir.path(), vec![source("甲", &["a.jsonl"])])
    }

    #[test]
    fn numbers_keep_their_digits_and_lists_are_joined() {
        let text = r#"{"编号":"0012","客户名称":"上海\u5fb7诚","电话":["021-1","138"]}
{"编号":110105199001011234,"电话":null,"客户名称":"Ann"}

{"电话":{"x":1},"编号":1.10,"客户名称":true,"更多":[1]}
"#;
        let ingested = read(text.as_bytes());
        assert!(ingested.faults.is_empty(), "{:?}", ingested.faults);
        let expected = [
            "甲/0012/上海德诚/021-1;138",
            "甲/1.10/true/{\"x\":1}",
            "甲/110105199001011234/Ann/",
        ];
        assert_eq!(rows(&ingested), expected);
    }

    #[test]
    fn lines_that_are_no_objects_are_rejected_alone() {
        let mut bytes = "{\"编号\":1,\"客户名称\":\"甲\",\"电话\":1}\n[1]\n{\"编号\":\n"
            .as_bytes()
            .to_vec();
        bytes.extend(b"{\"\xFF\":1}\n{\"a\":\"\\u0000\"}\n");
        bytes.extend(b"x".repeat(5 << 20));
        bytes.extend("\n{\"编号\":2,\"客户名称\":\"Bob\",\"电话\":2}".as_bytes());
        let ingested = read(&bytes);
        assert_eq!(rows(&ingested), ["甲/1/甲/1", "甲/2/Bob/2"]);
        let expected = [
            (2, "bad_json"),
            (3, "bad_json"),
            (4, "bad_encoding"),
            (5, "nul_character"),
            (6, "record_too_long"),
        ];
        assert_eq!(rejects(&ingested), expected);
    }
}
