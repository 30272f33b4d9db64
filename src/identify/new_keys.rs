//! The change feed of records whose keys a steward renamed.
//!
//! In: the rows of a feed, in which such a record stands under its new key with the ID it had, and the renamed members of the last run. Out: rows for
//! whoever holds the last crosswalk, which knows the old keys only: a row that takes the old key away and one that brings the new one,
//! or one row where another record has taken the old key. Their event is `rekey` unless the ID is another too.

use crate::model::UnifiedId;
use crate::table::Cause;
use crate::table::IdChange;
use crate::table::RecordStatus;
use std::collections::BTreeMap;

/// A member of the last run under another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedMember {
    /// Name of the source.
    pub source: String,
    /// Its key in the last run.
    pub old_key: String,
    /// Its key now.
    pub new_key: String,
    /// Its ID in the last run.
    pub id: UnifiedId,
    /// Its standing in the last run.
    pub status: RecordStatus,
}

/// What is known of a key, before and now.
#[derive(Default)]
struct Key {
    old: Option<UnifiedId>,
    now: Option<(UnifiedId, RecordStatus)>,
    /// The row that says what happened to the record.
    row: Option<IdChange>,
}

/// The rows of a feed that fit the last crosswalk; sorted by (source, key), as `changes` are.
pub fn with_new_keys(changes: Vec<IdChange>, renamed: &[RenamedMember]) -> Vec<IdChange> {
    if renamed.is_empty() {
        return changes;
    }
    let mut keys: BTreeMap<(String, String), Key> = BTreeMap::new();
    for member in renamed {
        let stands = Some((member.id, member.status));
        let name = |key: &str| (member.source.clone(), key.to_owned());
        keys.entry(name(&member.new_key)).or_default().now = stands;
        keys.entry(name(&member.old_key)).or_default().old = Some(member.id);
    }
    let mut rows = Vec::with_capacity(changes.len() + renamed.len());
    for row in changes {
        match keys.get_mut(&(row.source.clone(), row.key.clone())) {
            Some(key) => {
                key.now = row.new.map(|id| (id, row.status));
                key.row = Some(row);
            }
            None => rows.push(row),
        }
    }
    rows.extend(keys.into_iter().filter_map(|(name, key)| row_of(name, key)));
    rows.sort_unstable_by(|a, b| (&a.source, &a.key).cmp(&(&b.source, &b.key)));
    rows
}

fn row_of((source, name): (String, String), key: Key) -> Option<IdChange> {
    let new = key.now.map(|(id, _)| id);
    if key.old.is_none() && new.is_none() {
        return None;
    }
    let known = key.row.filter(|row| row.event.is_some());
    let gone = RecordStatus::Withdrawn;
    Some(IdChange {
        source,
        key: name,
        old: key.old,
        new,
        status: key.now.map_or(gone, |(_, status)| status),
        event: known.as_ref().and_then(|row| row.event),
        is_renamed: known.is_none(),
        cause: known.map_or(Cause::Decision, |row| row.cause),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::EventKind;

    const ACTIVE: RecordStatus = RecordStatus::Active;

    fn id(number: u32) -> UnifiedId {
        UnifiedId::from_number(number.into())
    }

    fn renamed(old_key: &str, new_key: &str, number: u32) -> RenamedMember {
        RenamedMember {
            source: "华东".to_owned(),
            old_key: old_key.to_owned(),
            new_key: new_key.to_owned(),
            id: id(number),
            status: ACTIVE,
        }
    }

    fn change(key: &str, old: Option<u32>, new: Option<u32>, event: Option<EventKind>) -> IdChange {
        IdChange {
            source: "华东".to_owned(),
            key: key.to_owned(),
            old: old.map(id),
            new: new.map(id),
            status: if new.is_some() {
                ACTIVE
            } else {
                RecordStatus::Withdrawn
            },
            event,
            is_renamed: false,
            cause: Cause::Source,
        }
    }

    /// (key, old, new, word) of every row.
    fn told(
        changes: Vec<IdChange>,
        renames: &[RenamedMember],
    ) -> Vec<(String, Option<UnifiedId>, Option<UnifiedId>, &'static str)> {
        let rows = with_new_keys(changes, renames).into_iter();
        rows.map(|row| (row.key.clone(), row.old, row.new, row.word()))
            .collect()
    }

    #[test]
    fn a_renamed_record_leaves_its_old_key_and_stands_under_the_new() {
        let rows = told(vec![], &[renamed("K1", "新1", 7)]);
        assert_eq!(
            rows,
            [
                ("K1".to_owned(), Some(id(7)), None, "rekey"),
                ("新1".to_owned(), None, Some(id(7)), "rekey")
            ]
        );
    }

    #[test]
    fn keys_given_out_in_another_order_change_hands() {
        let rows = told(vec![], &[renamed("A", "B", 1), renamed("B", "A", 2)]);
        assert_eq!(
            rows,
            [
                ("A".to_owned(), Some(id(1)), Some(id(2)), "rekey"),
                ("B".to_owned(), Some(id(2)), Some(id(1)), "rekey")
            ]
        );
    }

    #[test]
    fn what_else_happened_to_the_record_is_kept() {
        let merged = change("B", Some(1), Some(9), Some(EventKind::Merge));
        let other = change("Z", None, Some(5), Some(EventKind::New));
        let rows = told(vec![merged, other], &[renamed("A", "B", 1)]);
        assert_eq!(
            rows,
            [
                ("A".to_owned(), Some(id(1)), None, "rekey"),
                ("B".to_owned(), None, Some(id(9)), "merge"),
                ("Z".to_owned(), None, Some(id(5)), "new")
            ]
        );
        // A record that went away tonight was never under its new key.
        let gone = change("B", Some(1), None, Some(EventKind::Shrink));
        let rows = told(vec![gone], &[renamed("A", "B", 1)]);
        assert_eq!(rows, [("A".to_owned(), Some(id(1)), None, "rekey")]);
    }
}
