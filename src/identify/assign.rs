//! Which cluster gets which ID.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// IDs of this run: per record, and which of them are new.
pub(super) struct Named {
    pub(super) id_of: Vec<UnifiedId>,
    pub(super) minted: BTreeSet<UnifiedId>,
}

/// Assigns IDs by overlap and mints the missing ones.
pub(super) fn assign(
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    previous: &[Option<UnifiedId>],
) -> Named {
    let by_label = greedy(clusters, registry, previous);
    let mut issued: BTreeSet<UnifiedId> = registry.entries.iter().map(|entry| entry.id).collect();
    let mut minted = BTreeSet::new();
    let mut id_of = Vec::with_capacity(clusters.len());
    for record in 0..clusters.len() as u32 {
        let label = clusters.label(RecordIndex(record));
        let id = match by_label.get(&label) {
            Some(id) => *id,
            // The label is the smallest record of its cluster, so its own ID was made before the others need it.
            None if label.0 < record => id_of[label.at()],
            None => {
                let id = mint(records, label, &issued);
                issued.insert(id);
                minted.insert(id);
                id
            }
        };
        id_of.push(id);
    }
    Named { id_of, minted }
}

/// Greedy one-to-one assignment over (records in common descending, older ID, smaller ID, smaller cluster).
fn greedy(
    clusters: &Clusters,
    registry: &Registry,
    previous: &[Option<UnifiedId>],
) -> BTreeMap<RecordIndex, UnifiedId> {
    let live: BTreeMap<UnifiedId, u32> = registry
        .entries
        .iter()
        .filter(|entry| entry.state == IdState::Live)
        .map(|entry| (entry.id, entry.birth_run))
        .collect();
    let mut overlaps: Vec<(RecordIndex, UnifiedId)> = previous
        .iter()
        .enumerate()
        .filter_map(|(record, id)| Some((clusters.label(RecordIndex(record as u32)), (*id)?)))
        .filter(|(_, id)| live.contains_key(id))
        .collect();
    overlaps.sort_unstable();
    let mut triples: Vec<(Reverse<usize>, u32, UnifiedId, RecordIndex)> = overlaps
        .chunk_by(|a, b| a == b)
        .map(|same| (Reverse(same.len()), live[&same[0].1], same[0].1, same[0].0))
        .collect();
    triples.sort_unstable();
    let mut taken = BTreeSet::new();
    let mut by_label = BTreeMap::new();
    for (_, _, id, label) in triples {
        if !taken.contains(&id) && !by_label.contains_key(&label) {
            taken.insert(id);
            by_label.insert(label, id);
        }
    }
    by_label
}

/// A new ID for the cluster of `label`: a hash of its source and key, tried again until it is free.
fn mint(records: &RawRecords, label: RecordIndex, issued: &BTreeSet<UnifiedId>) -> UnifiedId {
    let key = mix(
        hash_text(&records.source(label).name),
        hash_text(records.key(label)),
    );
    (0u64..)
        .map(|attempt| UnifiedId::from_number(mix(key, attempt)))
        .find(|id| !issued.contains(id))
        .expect("there are more IDs than records")
}
