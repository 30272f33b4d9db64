//! `crosswalk`: which record is which customer.

use crate::model::UnifiedId;
use crate::publish::columns::RecordKeys;
use crate::publish::columns::ids;
use crate::publish::columns::table;
use crate::publish::columns::text_column;
use crate::publish::columns::words;
use crate::publish::error::PublishError;
use frame::Table;

/// Standing of a row of the crosswalk.
const ACTIVE: &str = "active";

/// One row a record, sorted by (source, record_key): source, record_key, unified_id, status.
///
/// `id_of` has the ID of every record. The status is `active`: the record was in this run's exports.
///
/// # Errors
/// [`PublishError::Table`] when `id_of` has another length than `records`.
pub fn crosswalk_table(records: &RecordKeys, id_of: &[UnifiedId]) -> Result<Table, PublishError> {
    let columns = || {
        let [source, key] = records.columns("", records.all())?;
        let status = words("status", &[ACTIVE], records.all().map(|_| ACTIVE))?;
        Ok(vec![
            source,
            key,
            ids("unified_id", id_of.iter().copied().map(Some)),
            status,
        ])
    };
    table("crosswalk", columns())
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
