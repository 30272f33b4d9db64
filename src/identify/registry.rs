//! The new registry and the events that lead to it.

use crate::identify::assign::Named;
use crate::model::UnifiedId;
use crate::table::EventKind;
use crate::table::IdAssignments;
use crate::table::IdEvent;
use crate::table::IdState;
use crate::table::Registry;
use crate::table::RegistryEntry;
use hashbrown::HashTable;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Builds the assignments of this run. `held` are the IDs that absent sources keep alive.
pub(super) fn finish(
    registry: &Registry,
    previous: &[Option<UnifiedId>],
    named: Named,
    held: &BTreeSet<UnifiedId>,
    stale: Vec<(String, String, UnifiedId)>,
) -> IdAssignments {
    let moves = moves(previous, &named);
    let current = current(registry, &named);
    let mut entries = registry.entries.clone();
    let mut events = Vec::new();
    for entry in entries.iter_mut().filter(|entry| entry.state == IdState::Live) {
        if current.contains(entry.id) || held.contains(&entry.id) {
            continue;
        }
        let heir = moves_of(&moves, entry.id)
            .iter()
            .min_by_key(|(_, to, n)| (Reverse(*n), *to));
        let (state, kind, other, records) = match heir {
            Some((_, heir, n)) => (IdState::Merged(*heir), EventKind::Merge, Some(*heir), *n),
            None => (IdState::Deleted, EventKind::Retire, None, 0),
        };
        entry.state = state;
        events.push(IdEvent {
            id: entry.id,
            kind,
            other,
            records,
        });
    }
    let splits = moves
        .iter()
        .filter(|(from, to, _)| from != to && current.contains(*from));
    events.extend(splits.map(|&(id, other, records)| IdEvent {
        id,
        kind: EventKind::Split,
        other: Some(other),
        records,
    }));
    events.extend(named.minted.iter().map(|&(id, records)| IdEvent {
        id,
        kind: EventKind::New,
        other: None,
        records,
    }));
    events.par_sort_unstable();
    compress(&mut entries);
    let stale = stale
        .into_iter()
        .map(|(source, key, id)| (source, key, resolve(&entries, id)))
        .collect();
    IdAssignments {
        stale,
        entries: with_minted(entries, &named, registry.run + 1),
        id_of: named.id_of,
        events,
    }
}

/// IDs of the registry that records of this run have.
struct Current(HashTable<UnifiedId>);

impl Current {
    fn contains(&self, id: UnifiedId) -> bool {
        self.0.find(id.spread(), |current| *current == id).is_some()
    }
}

fn current(registry: &Registry, named: &Named) -> Current {
    let mut current = HashTable::new();
    // Without a registry nobody asks.
    if registry.entries.is_empty() {
        return Current(current);
    }
    for &id in &named.id_of {
        if current.find(id.spread(), |known| *known == id).is_none() {
            current.insert_unique(id.spread(), id, |id: &UnifiedId| id.spread());
        }
    }
    Current(current)
}

/// Records that went from one ID to another (or stayed), counted; sorted by (from, to).
fn moves(previous: &[Option<UnifiedId>], named: &Named) -> Vec<(UnifiedId, UnifiedId, u32)> {
    let mut pairs: Vec<(UnifiedId, UnifiedId)> = previous
        .iter()
        .zip(&named.id_of)
        .filter_map(|(from, to)| Some(((*from)?, *to)))
        .collect();
    pairs.par_sort_unstable();
    pairs
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0].0, same[0].1, same.len() as u32))
        .collect()
}

/// The moves away from `id`.
fn moves_of(moves: &[(UnifiedId, UnifiedId, u32)], id: UnifiedId) -> &[(UnifiedId, UnifiedId, u32)] {
    let start = moves.partition_point(|(from, ..)| *from < id);
    let count = moves[start..].partition_point(|(from, ..)| *from == id);
    &moves[start..start + count]
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

/// The live ID that `id` leads to, or itself. `entries` are sorted by ID.
fn resolve(entries: &[RegistryEntry], id: UnifiedId) -> UnifiedId {
    let mut at = id;
    // Redirects never make a circle: an ID redirects once, when it stops being live, to one that is live then.
    while let Ok(found) = entries.binary_search_by_key(&at, |entry| entry.id)
        && let IdState::Merged(next) = entries[found].state
    {
        at = next;
    }
    at
}

/// Makes every redirect lead straight to its end.
fn compress(entries: &mut [RegistryEntry]) {
    for at in 0..entries.len() {
        if let IdState::Merged(next) = entries[at].state {
            entries[at].state = IdState::Merged(resolve(entries, next));
        }
    }
}
