//! `issues`: findings about values of accepted records.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use crate::publish::view::coded;
use crate::publish::view::places;
use crate::publish::view::pool_of;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::Issue;
use crate::table::RawRecords;
use std::collections::BTreeMap;

/// Header of the column that a source maps to a field, as the file has it.
pub type Headers = BTreeMap<(SourceId, FieldName), String>;

/// One row a finding, sorted by (record, field, code): source, record_key, field, code, severity, raw, file, line,
/// column, standard, evidence.
///
/// `column` is the header of `headers`, null when there is none; file and line are null when unknown.
///
/// # Errors
/// [`PublishError::Table`] when records, places and files do not fit together.
pub fn issues_table<'a>(
    records: &RecordKeys<'a>,
    raw: &RawRecords,
    issues: &[Issue],
    headers: &Headers,
) -> Result<View<'a>, PublishError> {
    let place = |issue: &Issue| raw.places.get(issue.record.at()).copied().unwrap_or_default();
    let file_code = |issue: &Issue| {
        let is_placed = issue.record.at() < raw.places.len();
        if is_placed { place(issue).file + 1 } else { 0 }
    };
    let [source, key] = records.columns("", issues.iter().map(|issue| issue.record));
    let severities = issues.iter().map(|issue| issue.code.severity.as_str());
    let file_codes: Vec<u32> = issues.iter().map(file_code).collect();
    let columns = vec![
        source,
        key,
        words("field", &[], issues.iter().map(|issue| issue.field.as_str())),
        words("code", &[], issues.iter().map(|issue| issue.code.name)),
        words("severity", &[], severities),
        texts("raw", issues.iter().map(|issue| issue.raw.as_str())),
        coded("file", file_codes, &pool_of(raw.files.iter().map(String::as_str))),
        places("line", issues.iter().map(|issue| u64::from(place(issue).line))),
        column_of(raw, issues, headers),
        texts("standard", issues.iter().map(|issue| issue.standard.as_str())),
        texts("evidence", issues.iter().map(|issue| issue.evidence.as_str())),
    ];
    View::try_new("issues", columns)
}

/// The header of each finding's cell.
fn column_of<'a>(raw: &RawRecords, issues: &[Issue], headers: &Headers) -> ViewColumn<'a> {
    let mut code_of: BTreeMap<(SourceId, &str), u32> = BTreeMap::new();
    for (code, (source, field)) in (1..).zip(headers.keys()) {
        code_of.insert((*source, field.as_str()), code);
    }
    let source = |record: RecordIndex| raw.source_of.get(record.at()).copied();
    let code = |issue: &Issue| {
        let source = source(issue.record)?;
        code_of.get(&(source, issue.field.as_str())).copied()
    };
    let codes: Vec<u32> = issues.iter().map(|issue| code(issue).unwrap_or(0)).collect();
    coded("column", codes, &pool_of(headers.values().map(String::as_str)))
}
