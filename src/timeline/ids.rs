//! What happened to IDs between two runs, however many runs lie between.

use super::snapshot::Key;
use super::snapshot::Snapshot;
use super::snapshot::shown;
use crate::model::UnifiedId;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Examples shown of each kind.
pub(super) const EXAMPLES_MAX: usize = 10;

/// Record keys shown of each example.
const KEYS_MAX: usize = 3;

/// One ID that something happened to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdExample {
    /// The ID.
    pub unified_id: String,
    /// The ID that took its records, or that it leads to; empty when none.
    pub other_id: String,
    /// Records concerned.
    pub records: u64,
    /// Some of them, as `source:key`.
    pub record_keys: Vec<String>,
}

/// IDs that one thing happened to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IdKind {
    /// How many, each ID once.
    pub ids: u64,
    /// The first of them by ID.
    pub examples: Vec<IdExample>,
}

impl IdKind {
    fn add(&mut self, example: impl FnOnce() -> IdExample) {
        self.ids += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(example());
        }
    }
}

/// IDs by what happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IdDiff {
    /// Never issued before.
    pub new: IdKind,
    /// Lead to another ID now.
    pub merged: IdKind,
    /// Lost records to an ID that is new or back.
    pub split: IdKind,
    /// Lost records to an ID that was live before.
    pub moved: IdKind,
    /// Were not live and are again.
    pub resurrected: IdKind,
    /// Were live and lead nowhere.
    pub retired: IdKind,
}

/// Records by what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RecordDiff {
    /// There now and not before.
    pub came: u64,
    /// There before and not now.
    pub left: u64,
    /// Under another ID.
    pub changed_id: u64,
}

/// Records by the ID they had and the ID they have.
type Moves<'a> = BTreeMap<(UnifiedId, UnifiedId), Vec<&'a Key>>;

/// Compares the IDs of two runs.
pub(super) fn compare(a: &Snapshot, b: &Snapshot) -> (IdDiff, RecordDiff) {
    let (moves, records) = moves(a, b);
    let mut ids = IdDiff::default();
    for standing in &b.standings {
        let before = a.standing(standing.id);
        let was_live = before.is_some_and(|before| before.is_live());
        let kind = match (before, was_live, standing.is_live()) {
            (None, _, true) => &mut ids.new,
            (Some(_), false, true) => &mut ids.resurrected,
            (_, true, false) if standing.state == "merged" => &mut ids.merged,
            (_, true, false) if standing.state == "split" => &mut ids.split,
            (_, true, false) => &mut ids.retired,
            _ => continue,
        };
        let snapshot = if standing.is_live() { b } else { a };
        kind.add(|| example(standing.id, &standing.into, snapshot.members_of(standing.id)));
    }
    let is_gone = |id| b.standing(id).is_none();
    for standing in a.standings.iter().filter(|s| s.is_live() && is_gone(s.id)) {
        ids.retired
            .add(|| example(standing.id, "", a.members_of(standing.id)));
    }
    let mut counted = BTreeSet::new();
    for (&(from, to), keys) in moves.iter().filter(|((from, _), _)| b.is_live(*from)) {
        let is_move = a.is_live(to);
        if counted.insert((from, is_move)) {
            let kind = if is_move { &mut ids.moved } else { &mut ids.split };
            kind.add(|| example(from, &to.to_string(), keys.iter().copied()));
        }
    }
    (ids, records)
}

fn moves<'a>(a: &'a Snapshot, b: &Snapshot) -> (Moves<'a>, RecordDiff) {
    let mut moves = Moves::new();
    let mut records = RecordDiff::default();
    let mut now = b.members.iter().peekable();
    for (key, id) in &a.members {
        while now.next_if(|(other, _)| other < key).is_some() {
            records.came += 1;
        }
        match now.next_if(|(other, _)| other == key) {
            None => records.left += 1,
            Some((_, to)) if to != id => {
                records.changed_id += 1;
                moves.entry((*id, *to)).or_default().push(key);
            }
            Some(_) => {}
        }
    }
    records.came += now.count() as u64;
    (moves, records)
}

fn example<'a>(id: UnifiedId, other: &str, keys: impl Iterator<Item = &'a Key>) -> IdExample {
    let mut records = 0;
    let mut record_keys = Vec::new();
    for key in keys {
        records += 1;
        if record_keys.len() < KEYS_MAX {
            record_keys.push(shown(key));
        }
    }
    IdExample {
        unified_id: id.to_string(),
        other_id: other.to_owned(),
        records,
        record_keys,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::snapshot::Standing;

    fn snapshot(standings: &[(u64, &str)], members: &[(&str, u64)]) -> Snapshot {
        let id = UnifiedId::from_number;
        let standing = |(number, state): &(u64, &str)| Standing {
            id: id(*number),
            state: (*state).to_owned(),
            into: String::new(),
        };
        let member = |(key, number): &(&str, u64)| (("华东".to_owned(), (*key).to_owned()), id(*number));
        Snapshot::new(
            standings.iter().map(standing).collect(),
            members.iter().map(member).collect(),
        )
    }

    #[test]
    fn b11_every_kind_of_change_is_counted_once_an_id() {
        let a = snapshot(
            &[
                (1, "live"),
                (2, "live"),
                (3, "live"),
                (4, "live"),
                (5, "deleted"),
                (6, "live"),
            ],
            &[
                ("a", 1),
                ("b", 1),
                ("c", 2),
                ("d", 3),
                ("e", 3),
                ("f", 4),
                ("g", 6),
            ],
        );
        let b = snapshot(
            &[
                (1, "live"),
                (2, "merged"),
                (3, "live"),
                (4, "deleted"),
                (5, "live"),
                (6, "live"),
                (7, "live"),
            ],
            &[
                ("a", 1),
                ("b", 6),
                ("c", 1),
                ("d", 3),
                ("e", 7),
                ("g", 6),
                ("h", 5),
            ],
        );
        let (ids, records) = compare(&a, &b);
        let counts = [
            &ids.new,
            &ids.merged,
            &ids.split,
            &ids.moved,
            &ids.resurrected,
            &ids.retired,
        ];
        assert_eq!(counts.map(|kind| kind.ids), [1; 6]);
        assert_eq!(ids.moved.examples[0].record_keys, ["华东:b"]);
        assert_eq!(
            ids.split.examples[0].other_id,
            UnifiedId::from_number(7).to_string()
        );
        assert_eq!((records.came, records.left, records.changed_id), (1, 1, 3));
        let (same, none) = compare(&a, &a);
        assert_eq!((same, none), (IdDiff::default(), RecordDiff::default()));
    }

    #[test]
    fn ids_that_a_later_run_does_not_know_are_retired() {
        let a = snapshot(&[(1, "live"), (2, "live")], &[("a", 1), ("b", 2)]);
        let b = snapshot(&[(1, "live")], &[("a", 1)]);
        assert_eq!(compare(&a, &b).0.retired.ids, 1);
    }
}
