//! Which cluster gets which ID.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use hashbrown::HashTable;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// IDs of this run.
pub(super) struct Named {
    /// Per record, its ID.
    pub(super) id_of: Vec<UnifiedId>,
    /// IDs that no run had before, with the number of their records; sorted.
    pub(super) minted: Vec<(UnifiedId, u32)>,
}

/// Assigns IDs by overlap and mints the missing ones.
pub(super) fn assign(
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    previous: &[Option<UnifiedId>],
) -> Named {
    // IDs by the smallest record of their cluster; those of other records follow.
    let mut id_of = greedy(clusters, registry, previous);
    let wishes = wishes(records, clusters, &id_of);
    let mut issued = Issued::new(registry, clusters.len());
    let mut sizes = vec![0u32; clusters.len()];
    let mut minted_labels = Vec::new();
    for record in 0..clusters.len() {
        let label = clusters.label(RecordIndex(record as u32)).at();
        sizes[label] += 1;
        // The label is the smallest record of its cluster, so its own ID was made before the others need it.
        if label == record && id_of[label].is_none() {
            id_of[label] = Some(issued.mint(wishes[label]));
            minted_labels.push(label);
        }
        id_of[record] = id_of[label];
    }
    let id_of: Vec<UnifiedId> = id_of
        .into_iter()
        .map(|id| id.expect("every record has a label, and every label has an ID"))
        .collect();
    let mut minted: Vec<(UnifiedId, u32)> = minted_labels
        .into_iter()
        .map(|label| (id_of[label], sizes[label]))
        .collect();
    minted.par_sort_unstable();
    Named { id_of, minted }
}

/// Per record, the ID of its cluster where the record is the cluster's smallest and the cluster keeps one: greedy
/// one-to-one assignment over (records in common descending, older ID, smaller ID, smaller cluster).
fn greedy(
    clusters: &Clusters,
    registry: &Registry,
    previous: &[Option<UnifiedId>],
) -> Vec<Option<UnifiedId>> {
    let mut by_label = vec![None; clusters.len()];
    let mut overlaps: Vec<(RecordIndex, UnifiedId)> = previous
        .iter()
        .enumerate()
        .filter_map(|(record, id)| Some((clusters.label(RecordIndex(record as u32)), (*id)?)))
        .collect();
    overlaps.par_sort_unstable();
    let mut triples: Vec<(Reverse<usize>, u32, UnifiedId, RecordIndex)> = overlaps
        .chunk_by(|a, b| a == b)
        .filter_map(|same| {
            let (label, id) = same[0];
            let at = registry
                .entries
                .binary_search_by_key(&id, |entry| entry.id)
                .ok()?;
            let entry = &registry.entries[at];
            (entry.state == IdState::Live).then_some((Reverse(same.len()), entry.birth_run, id, label))
        })
        .collect();
    triples.par_sort_unstable();
    let mut taken = BTreeSet::new();
    for (_, _, id, label) in triples {
        if by_label[label.at()].is_none() && taken.insert(id) {
            by_label[label.at()] = Some(id);
        }
    }
    by_label
}

/// Per smallest record of a cluster without ID, the hash of its source and key.
fn wishes(records: &RawRecords, clusters: &Clusters, id_of: &[Option<UnifiedId>]) -> Vec<u64> {
    let sources: Vec<u64> = records
        .sources
        .iter()
        .map(|source| hash_text(&source.name))
        .collect();
    let wish = |record: u32| {
        let record = RecordIndex(record);
        if clusters.label(record) != record || id_of[record.at()].is_some() {
            return 0;
        }
        mix(
            sources[records.source_of[record.at()].at()],
            hash_text(records.key(record)),
        )
    };
    (0..clusters.len() as u32).into_par_iter().map(wish).collect()
}

/// Every ID ever issued, as a set.
struct Issued {
    ids: HashTable<UnifiedId>,
}

impl Issued {
    fn new(registry: &Registry, records: usize) -> Self {
        let mut ids = HashTable::with_capacity(registry.entries.len().max(records / 2));
        for entry in &registry.entries {
            ids.insert_unique(entry.id.spread(), entry.id, |id| id.spread());
        }
        Self { ids }
    }

    /// A new ID made of a hash, tried again until it is free.
    fn mint(&mut self, key: u64) -> UnifiedId {
        let id = (0u64..)
            .map(|attempt| UnifiedId::from_number(mix(key, attempt)))
            .find(|id| self.ids.find(id.spread(), |issued| issued == id).is_none())
            .expect("there are more IDs than records");
        self.ids.insert_unique(id.spread(), id, |id| id.spread());
        id
    }
}
