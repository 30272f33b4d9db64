//! Figures and pages of a run without the rows that they show of erased records.
//!
//! In: a run. Out: `quality.json` without rows, links and samples that name one of the records or stand at one of their places, and the
//! pages made from it. Counts stay: they are of the night as it was. Pages of a layout that this program no longer makes are
//! replaced by a line that says so.

use crate::model::Language;
use crate::pipeline::RunError;
use crate::pipeline::forget::has_figures;
use crate::pipeline::pages;
use crate::pipeline::pages::FIGURES;
use crate::publish::PublishError;
use crate::publish::RecordName;
use crate::publish::Run;
use crate::quality::Quality;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;

/// Files that must be written anew, by name; none when nothing of the records is shown.
pub(super) fn without(
    run: &Run,
    names: &BTreeSet<RecordName>,
) -> Result<BTreeMap<String, Vec<u8>>, RunError> {
    let mut replaced = BTreeMap::new();
    if !has_figures(run) {
        return Ok(replaced);
    }
    let path = run.path(FIGURES);
    let fault = |detail: String| PublishError::Damaged {
        path: path.clone(),
        detail,
    };
    run.verify_file(FIGURES)?;
    let bytes = fs::read(&path).map_err(|source| PublishError::Io {
        path: path.clone(),
        source,
    })?;
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|_| fault("it is no JSON".to_owned()))?;
    let shown = Shown {
        names,
        places: places(run, names)?,
    };
    if !shown.take_from(&mut value) {
        return Ok(replaced);
    }
    let (mut made, language) = match serde_json::from_value::<Quality>(value.clone()) {
        Ok(quality) if quality.schema_version == crate::quality::SCHEMA_VERSION => {
            (pages::made(&quality, quality.run.language)?, quality.run.language)
        }
        _ => (BTreeMap::from([(FIGURES.to_owned(), json(&value))]), Language::En),
    };
    for file in &run.manifest().files {
        let name = &file.name;
        match made.remove(name) {
            Some(bytes) => replaced.insert(name.clone(), bytes),
            None if is_made(name) => replaced.insert(name.clone(), note(language).into_bytes()),
            None => None,
        };
    }
    Ok(replaced)
}

/// Is the file made from the figures?
fn is_made(name: &str) -> bool {
    name.ends_with(".html") || name.starts_with("quality")
}

fn note(language: Language) -> String {
    let (tag, text) = match language {
        Language::En => ("en", "This page was taken out with a record that was erased."),
        Language::Zh => ("zh-CN", "本页因删除记录而移除。"),
    };
    format!(
        "<!doctype html>\n<html lang=\"{tag}\"><meta charset=\"utf-8\"><title>guiyi</title><p>{text}</p></html>\n"
    )
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("figures and names have a JSON form");
    bytes.push(b'\n');
    bytes
}

/// Files and lines at which a run read the records; none in runs of older programs.
fn places(run: &Run, names: &BTreeSet<RecordName>) -> Result<BTreeSet<(String, i64)>, PublishError> {
    const NAME: &str = "raw.parquet";
    let mut places = BTreeSet::new();
    if run.manifest().file(NAME).is_none() {
        return Ok(places);
    }
    let path = run.path(NAME);
    let columns = ["source", "record_key", "file", "line"];
    let read = frame::read_parquet_batches(&path, Some(&columns), &mut |part| {
        let text = |name: &str, row: usize| {
            let texts = part.column(name).ok().and_then(|column| column.as_text());
            texts.and_then(|texts| texts.get(row)).unwrap_or("").to_owned()
        };
        let lines = match part.column("line") {
            Ok(frame::ColumnData::I64(lines)) => lines.clone(),
            _ => vec![None; part.rows()],
        };
        for (row, line) in lines.iter().enumerate() {
            if names.contains(&(text("source", row), text("record_key", row))) {
                places.insert((text("file", row), line.unwrap_or(0)));
            }
        }
        ControlFlow::Continue(())
    });
    read.map_err(|error| PublishError::Damaged {
        path,
        detail: error.to_string(),
    })?;
    Ok(places)
}

/// What gives a record away in figures.
struct Shown<'a> {
    names: &'a BTreeSet<RecordName>,
    places: BTreeSet<(String, i64)>,
}

impl Shown<'_> {
    /// Takes every row that shows one of the records out of the lists that it stands in; was there one?
    fn take_from(&self, value: &mut Value) -> bool {
        match value {
            Value::Array(values) => {
                let rows = values.len();
                values.retain(|value| !self.is_shown(value));
                let is_less = values.len() < rows;
                values
                    .iter_mut()
                    .fold(is_less, |found, value| self.take_from(value) || found)
            }
            Value::Object(object) => {
                let taken = object.values_mut().map(|value| self.take_from(value));
                taken.filter(|is_taken| *is_taken).count() > 0
            }
            _ => false,
        }
    }

    /// Does this row itself name one of the records, or its place?
    fn is_shown(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.is_name(text),
            Value::Object(object) => {
                let text = |name: &str| object.get(name).and_then(Value::as_str);
                let is_at = || {
                    let line = object.get("line").and_then(Value::as_i64);
                    let place = text("file").zip(line);
                    place.is_some_and(|(file, line)| self.places.contains(&(file.to_owned(), line)))
                };
                let is_named = || {
                    let key = text("key").or_else(|| text("record_key"));
                    let name = text("source").zip(key);
                    name.is_some_and(|(source, key)| {
                        self.names.contains(&(source.to_owned(), key.to_owned()))
                    })
                };
                is_at()
                    || is_named()
                    || object
                        .values()
                        .any(|value| value.as_str().is_some_and(|text| self.is_name(text)))
            }
            _ => false,
        }
    }

    fn is_name(&self, text: &str) -> bool {
        let name = text.split_once(':');
        name.is_some_and(|(source, key)| self.names.contains(&(source.to_owned(), key.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_that_show_a_record_go_and_counts_stay() {
        let names = BTreeSet::from([("华东".to_owned(), "K7".to_owned())]);
        let shown = Shown {
            names: &names,
            places: BTreeSet::from([("东/客户.csv".to_owned(), 9)]),
        };
        let mut figures = json!({
            "records": 12,
            "fields": [{"rule": "phone", "failing": 2, "samples": [
                {"file": "东/客户.csv", "line": 9, "masked": "138****8000"},
                {"file": "东/客户.csv", "line": 8, "masked": "139****8000"}]}],
            "weakest": [{"a": "华东:K7", "b": "north:N-1"}, {"a": "华东:K70", "b": "north:N-1"}],
            "rows": [{"source": "华东", "record_key": "K7"}, {"source": "north", "record_key": "K7"}],
        });
        assert!(shown.take_from(&mut figures));
        let left = json!({
            "records": 12,
            "fields": [{"rule": "phone", "failing": 2, "samples": [
                {"file": "东/客户.csv", "line": 8, "masked": "139****8000"}]}],
            "weakest": [{"a": "华东:K70", "b": "north:N-1"}],
            "rows": [{"source": "north", "record_key": "K7"}],
        });
        assert_eq!(figures, left);
        assert!(!shown.take_from(&mut figures));
    }
}
