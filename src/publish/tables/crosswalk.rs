//! `crosswalk`: which record is which customer.

use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use crate::publish::view::coded;
use crate::publish::view::ids;
use crate::publish::view::pool_of;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::IdAssignments;
use frame::Table;
use frame::TextColumn;

/// The record was in this run's exports.
const ACTIVE: &str = "active";

/// The record's source could not be read tonight; its membership is that of the last run.
const STALE: &str = "stale";

/// One row a record, sorted by (source, record_key): source, record_key, unified_id, status (`active` or `stale`).
///
/// # Errors
/// [`PublishError::Table`] when `assignments` has another number of records than `records`.
pub fn crosswalk_table<'a>(
    records: &RecordKeys<'a>,
    assignments: &IdAssignments,
) -> Result<View<'a>, PublishError> {
    let active = View::try_new("crosswalk", active_columns(records, assignments))?;
    if assignments.stale.is_empty() {
        return Ok(active);
    }
    let mut rows: Vec<(&str, &str, UnifiedId, &'static str)> = records
        .all()
        .map(|record| {
            let (source, key) = records.names(record);
            (source, key, assignments.id_of[record.at()], ACTIVE)
        })
        .collect();
    rows.extend(
        assignments
            .stale
            .iter()
            .map(|(source, key, id)| (source.as_str(), key.as_str(), *id, STALE)),
    );
    rows.sort();
    let columns = vec![
        texts("source", rows.iter().map(|row| row.0)),
        texts("record_key", rows.iter().map(|row| row.1)),
        ids("unified_id", rows.iter().map(|row| Some(row.2))),
        words("status", &[ACTIVE, STALE], rows.iter().map(|row| row.3)),
    ];
    View::try_new("crosswalk", columns)
}

fn active_columns<'a>(records: &RecordKeys<'a>, assignments: &IdAssignments) -> Vec<ViewColumn<'a>> {
    let [source, key] = records.columns("", records.all());
    let status = vec![1; records.len()];
    vec![
        source,
        key,
        ids("unified_id", assignments.id_of.iter().copied().map(Some)),
        coded("status", status, &pool_of([ACTIVE].into_iter())),
    ]
}

/// The text column `name` of a table that was read back.
pub(in crate::publish) fn text_column<'a>(table: &'a Table, name: &str) -> Option<&'a TextColumn> {
    table.column(name).ok()?.as_text()
}

/// Members (source, record key, ID) of a crosswalk read back, sorted; `None` when it is not one.
pub(in crate::publish) fn read_members(crosswalk: &Table) -> Option<Vec<(String, String, UnifiedId)>> {
    let source = text_column(crosswalk, "source")?;
    let key = text_column(crosswalk, "record_key")?;
    let id = text_column(crosswalk, "unified_id")?;
    let member = |row| {
        Some((
            source.get(row)?.to_owned(),
            key.get(row)?.to_owned(),
            id.get(row)?.parse().ok()?,
        ))
    };
    let mut members = (0..crosswalk.rows()).map(member).collect::<Option<Vec<_>>>()?;
    members.sort();
    Some(members)
}
