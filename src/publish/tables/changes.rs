//! `changes`: the change feed, by which a consumer keeps its own crosswalk; and `rekey`, the map of a renumbered source.

use crate::publish::error::PublishError;
use crate::publish::view::View;
use crate::publish::view::ids;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::IdChange;

/// One row a record whose row of the crosswalk changed, sorted by (source, record_key): source, record_key, old_id, new_id,
/// status (`active`, `stale`, `withdrawn`), event (the kind of its event; `rekey` where only the key is another, `late`, `withdrawn` and `back` where only
/// the status changed),
/// cause (`decision`, `source`, `model`, `rule`, `evidence`).
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn changes_table(changes: &[IdChange]) -> Result<View<'static>, PublishError> {
    let columns = vec![
        texts("source", changes.iter().map(|row| row.source.as_str())),
        texts("record_key", changes.iter().map(|row| row.key.as_str())),
        ids("old_id", changes.iter().map(|row| row.old)),
        ids("new_id", changes.iter().map(|row| row.new)),
        words("status", &[], changes.iter().map(|row| row.status.as_str())),
        words("event", &[], changes.iter().map(IdChange::word)),
        words("cause", &[], changes.iter().map(|row| row.cause.as_str())),
    ];
    View::try_new("changes", columns)
}

/// One row of the proposed map of a renumbered source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RekeyRow<'a> {
    /// Name of the source.
    pub source: &'a str,
    /// Key in the last run.
    pub old_key: &'a str,
    /// Key tonight.
    pub new_key: &'a str,
    /// Is the row the only one with its content?
    pub is_certain: bool,
}

/// One row a record, sorted by (source, old_key): source, old_key, new_key, certain (`yes`; `no` where several rows have the
/// same content and are paired in the order of their keys).
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn rekey_table(rows: &[RekeyRow]) -> Result<View<'static>, PublishError> {
    let certain = |row: &RekeyRow| if row.is_certain { "yes" } else { "no" };
    let columns = vec![
        texts("source", rows.iter().map(|row| row.source)),
        texts("old_key", rows.iter().map(|row| row.old_key)),
        texts("new_key", rows.iter().map(|row| row.new_key)),
        words("certain", &["yes", "no"], rows.iter().map(certain)),
    ];
    View::try_new("rekey", columns)
}
