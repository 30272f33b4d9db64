//! How many records clusters and IDs have in common, and who comes first.
//!
//! In: what clusters and IDs share. Out: an assignment, one to one, taken greedily in a total order: it keeps within a few
//! records of the exact optimum (test `s4_…` in `exact.rs`), as clusters seldom take from more than two IDs.

use crate::identify::before::Before;
use crate::identify::id_set::IdSet;
use crate::identify::mint::Wishes;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::table::find_entry;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One cluster's claim to one ID. The smaller claim comes first: more records in common, fewer that the ID has beside
/// them, then the older ID, the smaller ID, the smaller cluster. Of clusters that are equal but for the last, the one with the record
/// that the ID was made for goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) common: Reverse<u32>,
    pub(super) others: u32,
    pub(super) birth_run: u32,
    pub(super) id: UnifiedId,
    pub(super) label: RecordIndex,
}

/// IDs of clusters, by smallest record, while they are given out.
pub(super) struct Names {
    /// Per record, the ID of its cluster, where the record is the cluster's smallest and the cluster has one.
    pub(super) by_label: Vec<Option<UnifiedId>>,
    taken: IdSet,
    /// Clusters whose ID was not live, or not known, in the last run.
    pub(super) not_live: Vec<RecordIndex>,
}

impl Names {
    pub(super) fn new(records: usize, registry: &Registry) -> Self {
        Self {
            by_label: vec![None; records],
            taken: IdSet::with_capacity(registry.entries.len()),
            not_live: Vec::new(),
        }
    }

    /// Grants the claim when both its cluster and its ID are free.
    pub(super) fn grant(&mut self, claim: &Claim) -> bool {
        let free = self.by_label[claim.label.at()].is_none() && !self.taken.contains(claim.id);
        if free {
            self.by_label[claim.label.at()] = Some(claim.id);
            self.taken.insert(claim.id);
        }
        free
    }

    /// Grants the claim to an ID that was not live in the last run.
    pub(super) fn grant_retired(&mut self, claim: &Claim) {
        if self.grant(claim) {
            self.not_live.push(claim.label);
        }
    }
}

/// What clusters have of the IDs that were live in the last run; sorted, best claim first.
pub(super) fn claims(
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    before: &Before,
) -> Vec<Claim> {
    if registry.members.is_empty() {
        return Vec::new();
    }
    let mut shared: Vec<(RecordIndex, UnifiedId)> = (0..clusters.len())
        .filter_map(|record| Some((clusters.label(RecordIndex(record as u32)), before.id(record)?)))
        .collect();
    shared.par_sort_unstable();
    let mut claims: Vec<Claim> = shared
        .chunk_by(|a, b| a == b)
        .filter_map(|same| {
            let (label, id) = same[0];
            let entry = find_entry(&registry.entries, id)?;
            (entry.state == IdState::Live).then_some(Claim {
                common: Reverse(same.len() as u32),
                others: 0,
                birth_run: entry.birth_run,
                id,
                label,
            })
        })
        .collect();
    claims.par_sort_unstable();
    prefer_first_records(&mut claims, records, clusters, before);
    claims
}

/// Where clusters have as much of an ID in common, the one with the record that the ID was made for comes first: a customer
/// parted into halves is named as before its halves were joined.
fn prefer_first_records(claims: &mut [Claim], records: &RawRecords, clusters: &Clusters, before: &Before) {
    let are_tied = |a: &Claim, b: &Claim| (a.common, a.id) == (b.common, b.id);
    let ties = claims.chunk_by(are_tied).filter(|tied| tied.len() > 1);
    let tied: IdSet = ties.map(|tied| tied[0].id).collect();
    if tied.is_empty() {
        return;
    }
    let wishes = Wishes::new(records);
    let firsts: BTreeMap<UnifiedId, RecordIndex> = (0..clusters.len())
        .filter_map(|record| {
            let id = before.id(record)?;
            let record = RecordIndex(record as u32);
            let is_first = tied.contains(id) && wishes.id(record) == id;
            is_first.then(|| (id, clusters.label(record)))
        })
        .collect();
    for tied in claims.chunk_by_mut(are_tied).filter(|tied| tied.len() > 1) {
        if let Some(first) = firsts.get(&tied[0].id) {
            tied.sort_by_key(|claim| claim.label != *first);
        }
    }
}
