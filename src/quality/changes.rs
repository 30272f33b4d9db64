//! What changed since the last published run.
//!
//! In: the ID events of this run and the figures of the last one. Out: IDs by what happened to them (each ID once a
//! kind, however many records moved), rows per source against last time, and the key figures' differences.

use super::figures::KeyFigures;
use super::figures::Quality;
use super::figures::SourceQuality;
use super::share::Change;
use super::share::ShareChange;
use crate::table::EventKind;
use crate::table::IdEvent;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Key figures against the last run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChanges {
    /// Number of the last run.
    pub previous_run: u32,
    /// Rows read.
    pub rows_read: Change,
    /// Rows rejected.
    pub rows_rejected: Change,
    /// Unified IDs.
    pub unified_ids: Change,
    /// Redundant share.
    pub redundant: ShareChange,
    /// Affected share.
    pub affected: ShareChange,
    /// Unified IDs of two or more sources.
    pub shared_ids: Change,
}

/// Changes of IDs and sources.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Number of the last run; `None` in the first run.
    pub previous_run: Option<u32>,
    /// IDs by what happened.
    pub ids: IdChanges,
    /// Sources of this run or the last one, sorted by name; empty in the first run.
    pub sources: Vec<SourceChange>,
}

/// IDs by what happened; an ID counts once for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IdChanges {
    /// Issued for records no ID held.
    pub new: u64,
    /// Redirect to another ID.
    pub merged: u64,
    /// Lost records to another live ID.
    pub split: u64,
    /// Came back to their records.
    pub resurrected: u64,
    /// Have no record left.
    pub retired: u64,
}

/// Rows of one source now and last time; `None` when the source was not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceChange {
    /// Name of the source.
    pub name: String,
    /// Records now.
    pub records: Option<u64>,
    /// Records of the last run.
    pub previous_records: Option<u64>,
    /// The difference, an absent source counting 0.
    pub delta: i64,
}

fn id_changes(events: &[IdEvent]) -> IdChanges {
    let mut changes = IdChanges::default();
    // Events are sorted by (id, kind, other): equal ids and kinds are neighbours.
    for of_kind in events.chunk_by(|a, b| (a.id, a.kind) == (b.id, b.kind)) {
        let count = match of_kind[0].kind {
            EventKind::New => &mut changes.new,
            EventKind::Merge => &mut changes.merged,
            EventKind::Split => &mut changes.split,
            EventKind::Resurrect => &mut changes.resurrected,
            EventKind::Retire => &mut changes.retired,
            // The ID is live before and after, and no other ID is new or gone.
            EventKind::Grow | EventKind::Shrink | EventKind::Move => continue,
        };
        *count += 1;
    }
    changes
}

fn source_changes(sources: &[SourceQuality], previous: &[SourceQuality]) -> Vec<SourceChange> {
    let mut by_name: BTreeMap<&str, (Option<u64>, Option<u64>)> = BTreeMap::new();
    for source in sources {
        by_name.entry(&source.name).or_default().0 = Some(source.accepted);
    }
    for source in previous {
        by_name.entry(&source.name).or_default().1 = Some(source.accepted);
    }
    let change = |(name, (records, previous_records)): (&str, (Option<u64>, Option<u64>))| SourceChange {
        name: name.to_owned(),
        records,
        previous_records,
        delta: Change::between(previous_records.unwrap_or(0), records.unwrap_or(0)).delta,
    };
    by_name.into_iter().map(change).collect()
}

/// Changes of IDs and sources since `previous`.
pub(super) fn changes(events: &[IdEvent], sources: &[SourceQuality], previous: Option<&Quality>) -> Changes {
    Changes {
        previous_run: previous.map(|p| p.run.run_number),
        ids: id_changes(events),
        sources: previous.map_or_else(Vec::new, |p| source_changes(sources, &p.sources)),
    }
}

/// Key figures `now` against the run `previous`.
pub(super) fn key_changes(now: &KeyFigures, previous: &Quality) -> KeyChanges {
    let before = &previous.key_figures;
    KeyChanges {
        previous_run: previous.run.run_number,
        rows_read: Change::between(before.rows_read, now.rows_read),
        rows_rejected: Change::between(before.rows_rejected, now.rows_rejected),
        unified_ids: Change::between(before.unified_ids, now.unified_ids),
        redundant: ShareChange::between(before.redundant, now.redundant),
        affected: ShareChange::between(before.affected, now.affected),
        shared_ids: Change::between(before.shared_ids, now.shared_ids),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnifiedId;
    use crate::table::Cause;

    #[test]
    fn an_id_counts_once_a_kind_however_many_ids_took_its_records() {
        let id = UnifiedId::from_number;
        let event = |n: u64, kind, other: Option<u64>| IdEvent {
            id: id(n),
            kind,
            other: other.map(id),
            records: 1,
            cause: Cause::Source,
        };
        let got = id_changes(&[
            event(1, EventKind::Split, Some(2)),
            event(1, EventKind::Split, Some(3)),
            event(2, EventKind::New, None),
            event(4, EventKind::Grow, None),
            event(4, EventKind::Merge, Some(1)),
        ]);
        assert_eq!((got.split, got.new, got.merged, got.retired), (1, 1, 1, 0));
    }
}
