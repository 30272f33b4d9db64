//! The new registry and the events that lead to it.

use crate::identify::assign::Named;
use crate::model::UnifiedId;
use crate::table::EventKind;
use crate::table::IdAssignments;
use crate::table::IdEvent;
use crate::table::IdState;
use crate::table::Registry;
use crate::table::RegistryEntry;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Builds the assignments of this run. `held` are the IDs that absent sources keep alive.
pub(super) fn finish(
    registry: &Registry,
    previous: &[Option<UnifiedId>],
    named: &Named,
    held: &BTreeSet<UnifiedId>,
    stale: Vec<(String, String, UnifiedId)>,
) -> IdAssignments {
    let current: BTreeSet<UnifiedId> = named.id_of.iter().copied().collect();
    let moves = moves(previous, named);
    let mut entries: BTreeMap<UnifiedId, RegistryEntry> = registry
        .entries
        .iter()
        .map(|entry| (entry.id, entry.clone()))
        .collect();
    let mut events = Vec::new();
    for entry in entries.values_mut().filter(|entry| entry.state == IdState::Live) {
        if current.contains(&entry.id) || held.contains(&entry.id) {
            continue;
        }
        let heir = moves
            .get(&entry.id)
            .and_then(|to| to.iter().min_by_key(|(id, n)| (Reverse(**n), **id)));
        let (state, kind, other, records) = match heir {
            Some((heir, n)) => (IdState::Merged(*heir), EventKind::Merge, Some(*heir), *n),
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
    for (from, to) in moves.iter().filter(|(from, _)| current.contains(from)) {
        let others = to.iter().filter(|(id, _)| *id != from);
        events.extend(others.map(|(id, n)| IdEvent {
            id: *from,
            kind: EventKind::Split,
            other: Some(*id),
            records: *n,
        }));
    }
    for id in &named.minted {
        entries.insert(
            *id,
            RegistryEntry {
                id: *id,
                birth_run: registry.run + 1,
                state: IdState::Live,
            },
        );
    }
    events.extend(new_events(named));
    compress(&mut entries);
    events.sort_unstable();
    let stale = stale
        .into_iter()
        .map(|(source, key, id)| (source, key, resolve(&entries, id)))
        .collect();
    IdAssignments {
        id_of: named.id_of.clone(),
        stale,
        entries: entries.into_values().collect(),
        events,
    }
}

/// Records that went from one ID to another (or stayed), counted.
fn moves(previous: &[Option<UnifiedId>], named: &Named) -> BTreeMap<UnifiedId, BTreeMap<UnifiedId, u32>> {
    let mut moves: BTreeMap<UnifiedId, BTreeMap<UnifiedId, u32>> = BTreeMap::new();
    for (from, to) in previous.iter().zip(&named.id_of) {
        if let Some(from) = from {
            *moves.entry(*from).or_default().entry(*to).or_default() += 1;
        }
    }
    moves
}

fn new_events(named: &Named) -> impl Iterator<Item = IdEvent> {
    let mut sizes: BTreeMap<UnifiedId, u32> = BTreeMap::new();
    for id in named.id_of.iter().filter(|id| named.minted.contains(id)) {
        *sizes.entry(*id).or_default() += 1;
    }
    sizes.into_iter().map(|(id, records)| IdEvent {
        id,
        kind: EventKind::New,
        other: None,
        records,
    })
}

/// The live ID that `id` leads to, or itself.
fn resolve(entries: &BTreeMap<UnifiedId, RegistryEntry>, id: UnifiedId) -> UnifiedId {
    let mut at = id;
    // Redirects never make a circle: an ID redirects once, when it stops being live, to one that is live then.
    while let Some(RegistryEntry {
        state: IdState::Merged(next),
        ..
    }) = entries.get(&at)
    {
        at = *next;
    }
    at
}

/// Makes every redirect lead straight to its end.
fn compress(entries: &mut BTreeMap<UnifiedId, RegistryEntry>) {
    let ends: Vec<(UnifiedId, UnifiedId)> = entries
        .values()
        .filter(|entry| matches!(entry.state, IdState::Merged(_)))
        .map(|entry| (entry.id, resolve(entries, entry.id)))
        .collect();
    for (id, end) in ends {
        if let Some(entry) = entries.get_mut(&id) {
            entry.state = IdState::Merged(end);
        }
    }
}
