//! A steward's pins: the customer of this record keeps this ID.
//!
//! In: pins as (record, ID), and the claims of clusters to live IDs. Out: clusters named by their pins before any other
//! claim, and the pins that contradict each other. A pinned ID that was merged, split or deleted is live again; one that
//! this hub never issued is taken over as given, so that a hub made anew keeps the IDs that stewards pinned; one that a
//! rolled-back run issued is refused. Keeping records apart that have different pins is the cluster stage's business.

use crate::identify::Settings;
use crate::identify::overlap::Claim;
use crate::identify::overlap::Names;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdState;
use crate::table::PinConflict;
use crate::table::PinFault;
use crate::table::Registry;
use crate::table::find_entry;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// A pin that cannot be followed alone; who gets what is known later.
pub(super) type Contradiction = (RecordIndex, UnifiedId, PinFault);

/// Names the clusters that pins claim; returns the contradictions, sorted.
pub(super) fn follow(
    settings: &Settings,
    clusters: &Clusters,
    registry: &Registry,
    claims: &[Claim],
    names: &mut Names,
) -> Vec<Contradiction> {
    if settings.pins.is_empty() {
        return Vec::new();
    }
    let pins: BTreeSet<(RecordIndex, UnifiedId)> = settings.pins.iter().copied().collect();
    let is_tombstone =
        |id| find_entry(&registry.entries, id).is_some_and(|entry| entry.state == IdState::Tombstone);
    let (dead, pins): (Vec<_>, Vec<_>) = pins.into_iter().partition(|(_, id)| is_tombstone(*id));
    let wanted: BTreeSet<(RecordIndex, UnifiedId)> = pins
        .iter()
        .map(|&(record, id)| (clusters.label(record), id))
        .collect();
    let common: BTreeMap<(RecordIndex, UnifiedId), u32> = claims
        .iter()
        .map(|claim| ((claim.label, claim.id), claim.common.0))
        .filter(|(pair, _)| wanted.contains(pair))
        .collect();
    let mut ordered: Vec<Claim> = wanted
        .iter()
        .map(|&(label, id)| Claim {
            common: Reverse(common.get(&(label, id)).copied().unwrap_or(0)),
            others: 0,
            birth_run: find_entry(&registry.entries, id).map_or(registry.run + 1, |entry| entry.birth_run),
            id,
            label,
        })
        .collect();
    ordered.sort_unstable();
    for claim in &ordered {
        let entry = find_entry(&registry.entries, claim.id);
        match entry.is_some_and(|entry| entry.state == IdState::Live) {
            true => {
                names.grant(claim);
            }
            false => names.grant_retired(claim),
        }
    }
    contradictions(clusters, &dead, &pins, &wanted)
}

fn contradictions(
    clusters: &Clusters,
    dead: &[(RecordIndex, UnifiedId)],
    pins: &[(RecordIndex, UnifiedId)],
    wanted: &BTreeSet<(RecordIndex, UnifiedId)>,
) -> Vec<Contradiction> {
    let mut ids_of: BTreeMap<RecordIndex, u32> = BTreeMap::new();
    let mut clusters_of: BTreeMap<UnifiedId, u32> = BTreeMap::new();
    for &(label, id) in wanted {
        *ids_of.entry(label).or_default() += 1;
        *clusters_of.entry(id).or_default() += 1;
    }
    let mut found: Vec<Contradiction> = dead
        .iter()
        .map(|&(record, id)| (record, id, PinFault::Tombstone))
        .collect();
    for &(record, id) in pins {
        if ids_of[&clusters.label(record)] > 1 {
            found.push((record, id, PinFault::TwoIdsInOneCluster));
        }
        if clusters_of[&id] > 1 {
            found.push((record, id, PinFault::TwoClustersOfOneId));
        }
    }
    found.sort_unstable();
    found
}

/// The contradictions with the IDs that their records have got.
pub(super) fn conflicts(found: Vec<Contradiction>, id_of: &[UnifiedId]) -> Vec<PinConflict> {
    let conflict = |(record, id, fault): Contradiction| PinConflict {
        record,
        id,
        fault,
        given: id_of[record.at()],
    };
    found.into_iter().map(conflict).collect()
}
