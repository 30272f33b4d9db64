//! `crosswalk`: which record is which customer.

use crate::model::UnifiedId;
use crate::publish::columns::RecordKeys;
use crate::publish::columns::ids;
use crate::publish::columns::table;
use crate::publish::columns::text_column;
use crate::publish::columns::texts;
use crate::publish::columns::words;
use crate::publish::error::PublishError;
use crate::table::IdAssignments;
use frame::Table;

/// The record was in this run's exports.
const ACTIVE: &str = "active";

/// The record's source could not be read tonight; its membership is that of the last run.
const STALE: &str = "stale";

/// One row a record, sorted by (source, record_key): source, record_key, unified_id, status (`active` or `stale`).
///
/// # Errors
/// [`PublishError::Table`] when `assignments` has another number of records than `records`.
pub fn crosswalk_table(records: &RecordKeys, assignments: &IdAssignments) -> Result<Table, PublishError> {
    if assignments.stale.is_empty() {
        return table("crosswalk", active_columns(records, assignments));
    }
    let active = table("crosswalk", active_columns(records, assignments))?;
    let mut rows: Vec<(String, String, UnifiedId, &'static str)> = read_members(&active)
        .unwrap_or_default()
        .into_iter()
        .map(|(source, key, id)| (source, key, id, ACTIVE))
        .collect();
    rows.extend(
        assignments
            .stale
            .iter()
            .map(|(source, key, id)| (source.clone(), key.clone(), *id, STALE)),
    );
    rows.sort();
    let columns = || {
        Ok(vec![
            texts("source", rows.iter().map(|row| row.0.as_str())),
            texts("record_key", rows.iter().map(|row| row.1.as_str())),
            ids("unified_id", rows.iter().map(|row| Some(row.2))),
            words("status", &[ACTIVE, STALE], rows.iter().map(|row| row.3))?,
        ])
    };
    table("crosswalk", columns())
}

fn active_columns(
    records: &RecordKeys,
    assignments: &IdAssignments,
) -> Result<Vec<frame::Column>, frame::TableError> {
    let [source, key] = records.columns("", records.all())?;
    let status = words("status", &[ACTIVE], records.all().map(|_| ACTIVE))?;
    Ok(vec![
        source,
        key,
        ids("unified_id", assignments.id_of.iter().copied().map(Some)),
        status,
    ])
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
