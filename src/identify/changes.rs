//! The change feed and the events of a run.
//!
//! In: members of the last run, tonight's IDs, and where retired IDs stand. Out: one row per record whose row of the
//! crosswalk changed, and the events that these rows sum up to. The first run has no feed, as nothing came before it.

use crate::identify::assign::Named;
use crate::identify::before::Before;
use crate::identify::cause::Touched;
use crate::identify::id_set::IdSet;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Cause;
use crate::table::EventKind;
use crate::table::IdChange;
use crate::table::IdEvent;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::Registry;
use crate::table::RegistryEntry;
use crate::table::find_entry;
use rayon::prelude::*;

/// What is asked of IDs to tell what happened to a record.
pub(super) struct Judge<'a> {
    entries: &'a [RegistryEntry],
    minted: IdSet,
    revived: IdSet,
    touched: Touched<'a>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(entries: &'a [RegistryEntry], named: &Named, touched: Touched<'a>) -> Self {
        let ids = |list: &[(UnifiedId, u32)]| list.iter().map(|(id, _)| *id).collect();
        Self {
            entries,
            minted: ids(&named.minted),
            revived: ids(&named.revived),
            touched,
        }
    }

    /// What happened to a record that has another ID than before, or came, or went.
    fn event(&self, old: Option<UnifiedId>, new: Option<UnifiedId>) -> EventKind {
        let state = |id| find_entry(self.entries, id).map(|entry| &entry.state);
        match (old, new) {
            (_, Some(new)) if old.is_none() && self.minted.contains(new) => EventKind::New,
            (_, Some(new)) if old.is_none() && self.revived.contains(new) => EventKind::Resurrect,
            (None, _) => EventKind::Grow,
            (Some(old), None) => match state(old) {
                Some(IdState::Deleted) => EventKind::Retire,
                _ => EventKind::Shrink,
            },
            (Some(old), Some(new)) => match state(old) {
                Some(IdState::Live) if self.minted.contains(new) || self.revived.contains(new) => {
                    EventKind::Split
                }
                Some(IdState::Live) => EventKind::Move,
                Some(IdState::Merged(into)) if *into == new => EventKind::Merge,
                _ => EventKind::Split,
            },
        }
    }

    fn change(
        &self,
        (source, key): (&str, &str),
        old: Option<UnifiedId>,
        new: Option<UnifiedId>,
        status: RecordStatus,
    ) -> IdChange {
        let event = (old != new).then(|| self.event(old, new));
        let cause = match (event, old, new) {
            (Some(_), Some(old), Some(new)) => self.touched.cause(old, new),
            // A record that came, went or could not be read: its source did that.
            _ => Cause::Source,
        };
        IdChange {
            source: source.to_owned(),
            key: key.to_owned(),
            old,
            new,
            status,
            event,
            is_renamed: false,
            cause,
        }
    }
}

/// Rows of the feed, sorted by (source, key).
pub(super) fn feed(
    records: &RawRecords,
    registry: &Registry,
    before: &Before,
    named: &Named,
    judge: &Judge,
) -> Vec<IdChange> {
    let of_record = |record: usize| {
        let (old, new) = (before.id(record), Some(named.id_of[record]));
        let index = RecordIndex(record as u32);
        let status = records.status(index);
        let stands_as_before = before
            .member(record)
            .is_none_or(|member| registry.mark(member).status == status);
        if old == new && stands_as_before {
            return None;
        }
        let names = (records.source(index).name.as_str(), records.key(index));
        Some(judge.change(names, old, new, status))
    };
    let mut rows: Vec<IdChange> = (0..records.len()).into_par_iter().filter_map(of_record).collect();
    let of_member = |at: u32, is_kept: bool, status| {
        let (source, key, id) = &registry.members[at as usize];
        judge.change((source, key), Some(*id), is_kept.then_some(*id), status)
    };
    let newly_stale = before
        .stale
        .iter()
        .filter(|at| registry.mark(**at as usize).status != RecordStatus::Stale);
    rows.extend(newly_stale.map(|&at| of_member(at, true, RecordStatus::Stale)));
    let withdrawn = before.withdrawn.iter();
    rows.extend(withdrawn.map(|&at| of_member(at, false, RecordStatus::Withdrawn)));
    rows.par_sort_unstable_by(|a, b| (&a.source, &a.key).cmp(&(&b.source, &b.key)));
    rows
}

/// The events that the rows of a feed sum up to, and those of IDs that are new or back; sorted by (id, kind, other).
pub(super) fn events(rows: &[IdChange], named: &Named, is_first_run: bool) -> Vec<IdEvent> {
    let mut events: Vec<IdEvent> = rows.iter().filter_map(event_of).collect();
    events.par_sort_unstable();
    let mut events: Vec<IdEvent> = events
        .chunk_by(|a, b| (a.id, a.kind, a.other) == (b.id, b.kind, b.other))
        .map(|same| IdEvent {
            records: same.len() as u32,
            ..same[0]
        })
        .collect();
    let causes = match is_first_run {
        true => Vec::new(),
        false => causes(rows),
    };
    let named = [
        (EventKind::New, &named.minted),
        (EventKind::Resurrect, &named.revived),
    ];
    for (kind, ids) in named {
        events.extend(ids.iter().map(|&(id, records)| IdEvent {
            id,
            kind,
            other: None,
            records,
            cause: match causes.binary_search_by_key(&id, |(id, _)| *id) {
                Ok(at) => causes[at].1,
                Err(_) => Cause::Source,
            },
        }));
    }
    events.par_sort_unstable();
    events
}

/// The event of one row; IDs that are new or back have theirs elsewhere.
fn event_of(row: &IdChange) -> Option<IdEvent> {
    let (id, other) = match row.event? {
        EventKind::New | EventKind::Resurrect => return None,
        EventKind::Grow => (row.new?, None),
        EventKind::Shrink | EventKind::Retire => (row.old?, None),
        EventKind::Move | EventKind::Merge | EventKind::Split => (row.old?, Some(row.new?)),
    };
    Some(IdEvent {
        id,
        kind: row.event?,
        other,
        records: 1,
        cause: row.cause,
    })
}

/// Per ID that records came to, the first cause of these; sorted by ID.
fn causes(rows: &[IdChange]) -> Vec<(UnifiedId, Cause)> {
    let came = rows.iter().filter(|row| row.event.is_some());
    let mut causes: Vec<(UnifiedId, Cause)> = came.filter_map(|row| Some((row.new?, row.cause))).collect();
    causes.sort_unstable();
    causes.dedup_by_key(|(id, _)| *id);
    causes
}
