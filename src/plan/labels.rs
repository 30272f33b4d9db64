//! Labels: pairs of records that someone has judged.
//!
//! In: a CSV in UTF-8 with the columns `source_a,key_a,source_b,key_b,verdict`, the verdict `same` or `different`. Out: [`Label`]s in the
//! order of the file, or a fault for every bad row with file, line, column and hint. Rows whose records no export holds any more
//! are no faults: exports change, labels stay; whoever uses labels counts them (see [`resolve`]). What matching learns
//! from labels is decided there.

use crate::model::RecordIndex;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::path::Path;

/// Bad rows shown; a file of another kind would have nothing else.
const FAULTS_MAX: usize = 20;

const COLUMNS: [&str; 5] = ["source_a", "key_a", "source_b", "key_b", "verdict"];

/// One judged pair.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Source of the one record.
    pub source_a: String,
    /// Its key.
    pub key_a: String,
    /// Source of the other record.
    pub source_b: String,
    /// Its key.
    pub key_b: String,
    /// Are the two one customer?
    pub is_same: bool,
    /// Line in the file, 1-based.
    pub line: u64,
}

impl Label {
    /// The two records, smaller first.
    fn pair(&self) -> [(&str, &str); 2] {
        let mut pair = [
            (self.source_a.as_str(), self.key_a.as_str()),
            (self.source_b.as_str(), self.key_b.as_str()),
        ];
        pair.sort_unstable();
        pair
    }
}

/// The labels of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// The file as the job names it; empty without one.
    pub file: String,
    /// In the order of the file.
    pub rows: Vec<Label>,
    /// SHA-256 of the file in hexadecimal; empty without one.
    pub hash: String,
}

/// Finds the records of labels: (left, right, same) with `left < right` in the order of the file, and the labels of which a record is missing.
pub fn resolve(
    labels: &[Label],
    find: impl Fn(&str, &str) -> Option<RecordIndex>,
) -> (Vec<(RecordIndex, RecordIndex, bool)>, Vec<&Label>) {
    let (mut found, mut missing) = (Vec::with_capacity(labels.len()), Vec::new());
    for label in labels {
        match (
            find(&label.source_a, &label.key_a),
            find(&label.source_b, &label.key_b),
        ) {
            (Some(a), Some(b)) if a != b => found.push((a.min(b), a.max(b), label.is_same)),
            _ => missing.push(label),
        }
    }
    (found, missing)
}

/// Reads the file that the job names.
pub(super) fn read(given: Option<&Located<String>>, base: &Path, faults: &mut FaultList) -> Labels {
    let Some(file) = given else {
        return Labels::default();
    };
    let name = &file.value;
    let bytes = match std::fs::read(base.join(name)) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.add_hint(
                file.span.clone(),
                format!("cannot read the labels `{name}`: {error}"),
                "name a CSV file with the columns `source_a,key_a,source_b,key_b,verdict`, relative to the job file",
            );
            return Labels::default();
        }
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        let message = format!("the labels `{name}` are not UTF-8");
        faults.add_hint(file.span.clone(), message, "save them as UTF-8");
        return Labels::default();
    };
    let (rows, mut bad) = rows_of(text.trim_start_matches('\u{FEFF}'), name);
    if bad.len() > FAULTS_MAX {
        let more = bad.len() - FAULTS_MAX;
        bad.truncate(FAULTS_MAX);
        bad.push((
            format!("`{name}`: {more} more bad rows"),
            "correct the rows above first".to_owned(),
        ));
    }
    for (message, hint) in bad {
        faults.add_hint(file.span.clone(), message, hint);
    }
    let digest = Sha256::digest(&bytes);
    Labels {
        file: name.clone(),
        rows,
        hash: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Message and hint of each fault.
type Faults = Vec<(String, String)>;

fn rows_of(text: &str, name: &str) -> (Vec<Label>, Faults) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = match reader.headers() {
        Ok(headers) => columns_of(headers, name),
        Err(error) => Err(vec![(format!("`{name}` is not CSV: {error}"), String::new())]),
    };
    let columns = match columns {
        Ok(columns) => columns,
        Err(faults) => return (Vec::new(), faults),
    };
    let (mut rows, mut faults) = (Vec::<Label>::new(), Faults::new());
    let mut row = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                faults.push((format!("`{name}` is not CSV: {error}"), String::new()));
                break;
            }
        }
        let line = row.position().map_or(0, csv::Position::line);
        match label_of(&row, columns, line) {
            Ok(label) => rows.push(label),
            Err((column, wrong, hint)) => {
                let message = format!("`{name}` line {line}, column `{column}`: {wrong}");
                faults.push((message, hint));
            }
        }
    }
    faults.extend(contradictions(&rows, name));
    (rows, faults)
}

fn columns_of(headers: &csv::StringRecord, name: &str) -> Result<[usize; 5], Faults> {
    let mut columns = [0; 5];
    let mut faults = Faults::new();
    for (at, wanted) in COLUMNS.iter().enumerate() {
        match headers
            .iter()
            .position(|header| header.eq_ignore_ascii_case(wanted))
        {
            Some(found) => columns[at] = found,
            None => faults.push((
                format!("`{name}` line 1: there is no column `{wanted}`"),
                format!("its header is `{}`", COLUMNS.join(",")),
            )),
        }
    }
    if faults.is_empty() {
        Ok(columns)
    } else {
        Err(faults)
    }
}

/// The label of a row, or column, fault and hint; cells are never shown, they may hold anything.
fn label_of(
    row: &csv::StringRecord,
    columns: [usize; 5],
    line: u64,
) -> Result<Label, (&'static str, &'static str, String)> {
    let cell = |at: usize| row.get(columns[at]).unwrap_or_default();
    if let Some(empty) = (0..4).find(|&at| cell(at).is_empty()) {
        let hint = "name source and key of both records".to_owned();
        return Err((COLUMNS[empty], "the cell is empty", hint));
    }
    let verdicts = ["same", "different"];
    let verdict = cell(4);
    let Some(found) = verdicts
        .iter()
        .position(|word| verdict.eq_ignore_ascii_case(word))
    else {
        return Err((COLUMNS[4], "no verdict", name_hint(verdict, &verdicts)));
    };
    let text = |at: usize| cell(at).to_owned();
    let label = Label {
        source_a: text(0),
        key_a: text(1),
        source_b: text(2),
        key_b: text(3),
        is_same: found == 0,
        line,
    };
    if (&label.source_a, &label.key_a) == (&label.source_b, &label.key_b) {
        let hint = "name two different records".to_owned();
        return Err((COLUMNS[3], "the record is paired with itself", hint));
    }
    Ok(label)
}

/// Pairs with both verdicts, in the order of the file.
fn contradictions(rows: &[Label], name: &str) -> Faults {
    let mut first: BTreeMap<[(&str, &str); 2], &Label> = BTreeMap::new();
    let mut faults = Faults::new();
    for label in rows {
        let earlier = *first.entry(label.pair()).or_insert(label);
        if earlier.is_same != label.is_same {
            faults.push((
                format!(
                    "`{name}` line {}, column `verdict`: line {} says otherwise of the same pair",
                    label.line, earlier.line
                ),
                "keep the one that is right".to_owned(),
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Labels, String) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("labels.csv"), text).unwrap();
        let file = Located {
            value: "labels.csv".to_owned(),
            span: 0..1,
        };
        let mut faults = FaultList::default();
        let labels = read(Some(&file), folder.path(), &mut faults);
        let shown = faults.into_result(Path::new("guiyi.toml"), "x");
        (
            labels,
            shown.err().map_or_else(String::new, |faults| faults.to_string()),
        )
    }

    #[test]
    fn labels_are_read_in_any_order_of_columns() {
        let text = "\u{FEFF}verdict,source_a,key_a,source_b,key_b\nsame,华东,HD1,north,7\nDifferent,华东,HD2,华东,HD1\n";
        let (labels, faults) = read_text(text);
        assert_eq!(faults, "");
        assert_eq!(labels.rows.len(), 2);
        assert!(labels.rows[0].is_same && !labels.rows[1].is_same);
        assert_eq!((labels.rows[1].line, labels.hash.len()), (3, 64));
    }

    #[test]
    fn every_bad_row_is_named_by_line_and_column_without_its_values() {
        let text = "source_a,key_a,source_b,key_b,verdict\n华东,1,北方,2,smae\n华东,,北方,2,same\n华东,1,华东,1,same\n华东,1,北方,2,same\n北方,2,华东,1,different\n华东\n";
        let (_, faults) = read_text(text);
        for part in [
            "line 2, column `verdict`: no verdict; hint: did you mean `same`?",
            "line 3, column `key_a`: the cell is empty",
            "line 4, column `key_b`: the record is paired with itself",
            "line 6, column `verdict`: line 5 says otherwise",
            "line 7, column `key_a`: the cell is empty",
        ] {
            assert!(faults.contains(part), "{part}: {faults}");
        }
        assert!(!faults.contains("smae") && !faults.contains("华东"), "{faults}");
    }

    #[test]
    fn a_missing_column_and_a_missing_file_are_named() {
        let (_, faults) = read_text("source_a,key_a,source_b,verdict\n");
        assert!(faults.contains("there is no column `key_b`"), "{faults}");
        let mut faults = FaultList::default();
        let file = Located {
            value: "none.csv".to_owned(),
            span: 0..1,
        };
        read(Some(&file), Path::new("."), &mut faults);
        let faults = faults.into_result(Path::new("guiyi.toml"), "x").unwrap_err();
        assert!(faults.to_string().contains("`none.csv`"), "{faults}");
    }

    #[test]
    fn labels_of_records_that_are_gone_are_told_apart() {
        let text = "source_a,key_a,source_b,key_b,verdict\nb,2,a,1,same\na,1,a,9,different\n";
        let (labels, _) = read_text(text);
        let find = |source: &str, key: &str| match (source, key) {
            ("a", "1") => Some(RecordIndex(4)),
            ("b", "2") => Some(RecordIndex(7)),
            _ => None,
        };
        let (found, missing) = resolve(&labels.rows, find);
        assert_eq!(found, [(RecordIndex(4), RecordIndex(7), true)]);
        assert_eq!(missing.iter().map(|label| label.line).collect::<Vec<_>>(), [3]);
    }
}
