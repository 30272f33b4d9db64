//! The registry that this run leaves: where every ID stands.
//!
//! In: last registry, tonight's IDs. Out: entries and the records that retired IDs held last. An ID that names nothing
//! any more stands where these records are now, asked anew every night: so no redirect goes to an ID that is not live, no
//! chain grows, no circle closes, and an ID whose customer was parted again lists both parts. Where none of the records is
//! left, the last redirect stays.

use crate::identify::assign::Named;
use crate::identify::before::Before;
use crate::identify::id_set::IdSet;
use crate::model::UnifiedId;
use crate::table::Former;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::table::RegistryEntry;
use crate::table::Resolution;
use crate::table::find_entry;
use crate::table::resolve;
use rayon::prelude::*;

/// What the next run is told of IDs.
pub(super) struct Next {
    pub(super) entries: Vec<RegistryEntry>,
    pub(super) former: Vec<Former>,
}

/// Where every ID stands after this run.
pub(super) fn next(records: &RawRecords, registry: &Registry, before: &Before, named: &Named) -> Next {
    if registry.entries.is_empty() {
        let entries = with_minted(Vec::new(), named, registry.run + 1);
        return Next {
            entries,
            former: Vec::new(),
        };
    }
    let live: IdSet = named.id_of.iter().copied().chain(before.stale_ids()).collect();
    let former = former(registry, &live);
    let heirs = heirs(records, registry, before, named, &former);
    let mut entries = registry.entries.clone();
    for entry in &mut entries {
        if entry.state == IdState::Tombstone {
            continue;
        }
        if live.contains(entry.id) {
            entry.state = IdState::Live;
        } else if let Some(state) = state_of(heirs_of(&heirs, entry.id)) {
            entry.state = state;
        } else if entry.state == IdState::Live {
            entry.state = IdState::Deleted;
        }
    }
    let mut entries = with_minted(entries, named, registry.run + 1);
    follow(&mut entries);
    Next { entries, former }
}

/// Records that the IDs not live now held last, sorted.
fn former(registry: &Registry, live: &IdSet) -> Vec<Former> {
    let kept = registry.former.iter().filter(|former| !live.contains(former.id));
    let mut all: Vec<Former> = kept.cloned().collect();
    let known = all.len();
    let retired = registry.members.iter().filter(|(_, _, id)| !live.contains(*id));
    all.extend(retired.map(|(source, key, id)| Former {
        source: source.clone(),
        key: key.clone(),
        id: *id,
        run: registry.run + 1,
    }));
    if all.len() > known {
        all.par_sort_unstable();
        all.dedup_by(|a, b| (&a.source, &a.key, a.id) == (&b.source, &b.key, b.id));
    }
    all
}

/// Where the records of retired IDs are now: (retired ID, ID now, records), sorted.
fn heirs(
    records: &RawRecords,
    registry: &Registry,
    before: &Before,
    named: &Named,
    former: &[Former],
) -> Vec<(UnifiedId, UnifiedId, u32)> {
    let id_now = |former: &Former| {
        let (source, key) = (&former.source, &former.key);
        match records.find(source, key) {
            Some(record) => Some(named.id_of[record.at()]),
            None => before.find_stale(source, key).map(|at| registry.members[at].2),
        }
    };
    let mut pairs: Vec<(UnifiedId, UnifiedId)> = former
        .par_iter()
        .filter_map(|former| Some((former.id, id_now(former)?)))
        .collect();
    pairs.par_sort_unstable();
    pairs
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0].0, same[0].1, same.len() as u32))
        .collect()
}

/// The heirs of `id`.
fn heirs_of(heirs: &[(UnifiedId, UnifiedId, u32)], id: UnifiedId) -> &[(UnifiedId, UnifiedId, u32)] {
    let start = heirs.partition_point(|(from, ..)| *from < id);
    let count = heirs[start..].partition_point(|(from, ..)| *from == id);
    &heirs[start..start + count]
}

/// Merged into the heir of more than half of the records, else split among all of them; `None` without heirs.
fn state_of(heirs: &[(UnifiedId, UnifiedId, u32)]) -> Option<IdState> {
    let (_, largest, most) = *heirs.iter().max_by_key(|(.., records)| *records)?;
    let all: u32 = heirs.iter().map(|(.., records)| records).sum();
    Some(if 2 * most > all {
        IdState::Merged(largest)
    } else {
        IdState::Split(heirs.iter().map(|(_, to, _)| *to).collect())
    })
}

/// Brings redirects of IDs without records to what is live now.
fn follow(entries: &mut [RegistryEntry]) {
    let moved: Vec<(usize, IdState)> = (0..entries.len())
        .filter_map(|at| Some((at, followed(entries, &entries[at].state)?)))
        .collect();
    for (at, state) in moved {
        entries[at].state = state;
    }
}

/// The state in place of a redirect that no longer leads straight to live IDs; `None` where nothing changes.
fn followed(entries: &[RegistryEntry], state: &IdState) -> Option<IdState> {
    match state {
        IdState::Merged(into) => match resolve(entries, *into)? {
            Resolution::Live(live) => (live != *into).then_some(IdState::Merged(live)),
            Resolution::Split(ids) => from_ids(ids.into_iter(), entries),
            // The ID that it leads to may come back, and this with it.
            Resolution::Deleted => {
                let end = end_of(entries, *into);
                (end != *into).then_some(IdState::Merged(end))
            }
        },
        IdState::Split(ids) => {
            let is_live = |id: &UnifiedId| resolve(entries, *id) == Some(Resolution::Live(*id));
            if ids.iter().all(is_live) {
                return None;
            }
            from_ids(ids.iter().copied(), entries)
        }
        IdState::Live | IdState::Deleted | IdState::Tombstone => None,
    }
}

/// Where the redirects from `id` end, live or not.
fn end_of(entries: &[RegistryEntry], id: UnifiedId) -> UnifiedId {
    let mut end = id;
    // A damaged registry may hold a circle, which is longer than any chain is.
    for _ in 0..entries.len() {
        match find_entry(entries, end).map(|entry| &entry.state) {
            Some(IdState::Merged(next)) => end = *next,
            _ => return end,
        }
    }
    id
}

/// The state of an ID that leads to all of `ids`.
fn from_ids(ids: impl Iterator<Item = UnifiedId>, entries: &[RegistryEntry]) -> Option<IdState> {
    let mut live: Vec<UnifiedId> = ids
        .flat_map(|id| match resolve(entries, id) {
            Some(Resolution::Live(live)) => vec![live],
            // Lists are those of this run or of the last one; what is live in them is enough.
            Some(Resolution::Split(parts)) => {
                let is_live = |id: &UnifiedId| resolve(entries, *id) == Some(Resolution::Live(*id));
                parts.into_iter().filter(is_live).collect()
            }
            Some(Resolution::Deleted) | None => Vec::new(),
        })
        .collect();
    live.sort_unstable();
    live.dedup();
    Some(match live.as_slice() {
        [] => IdState::Deleted,
        [one] => IdState::Merged(*one),
        _ => IdState::Split(live),
    })
}

/// The entries and those of the new IDs, sorted by ID.
fn with_minted(entries: Vec<RegistryEntry>, named: &Named, birth_run: u32) -> Vec<RegistryEntry> {
    let mut all = Vec::with_capacity(entries.len() + named.minted.len());
    let mut old = entries.into_iter().peekable();
    for &(id, _) in &named.minted {
        while let Some(entry) = old.next_if(|entry| entry.id < id) {
            all.push(entry);
        }
        all.push(RegistryEntry {
            id,
            birth_run,
            state: IdState::Live,
        });
    }
    all.extend(old);
    all
}
