//! Which cluster gets which ID: pins, then live IDs, then retired ones, then new ones.

use crate::identify::Settings;
use crate::identify::before::Before;
use crate::identify::mint::Issued;
use crate::identify::mint::Wishes;
use crate::identify::overlap::Names;
use crate::identify::overlap::claims;
use crate::identify::pins;
use crate::identify::resurrect::resurrect;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::PinConflict;
use crate::table::RawRecords;
use crate::table::Registry;
use rayon::prelude::*;

/// IDs of this run.
pub(super) struct Named {
    /// Per record, its ID.
    pub(super) id_of: Vec<UnifiedId>,
    /// IDs that no run had before, with the number of their records; sorted.
    pub(super) minted: Vec<(UnifiedId, u32)>,
    /// Retired IDs that are live again, with the number of their records; sorted.
    pub(super) revived: Vec<(UnifiedId, u32)>,
    /// Pins that contradict each other; sorted.
    pub(super) conflicts: Vec<PinConflict>,
}

/// Names every cluster.
pub(super) fn assign(
    settings: &Settings,
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    before: &Before,
) -> Named {
    let mut names = Names::new(clusters.len(), registry);
    let claims = claims(records, clusters, registry, before);
    let contradictions = pins::follow(settings, clusters, registry, &claims, &mut names);
    for claim in &claims {
        names.grant(claim);
    }
    let sizes = sizes(clusters);
    if !registry.former.is_empty() {
        resurrect(records, clusters, registry, &sizes, &mut names);
    }
    let mut named = fill(records, clusters, registry, names, &sizes);
    named.conflicts = pins::conflicts(contradictions, &named.id_of);
    named
}

/// Records of each cluster, by its smallest record.
fn sizes(clusters: &Clusters) -> Vec<u32> {
    let mut sizes = vec![0; clusters.len()];
    for record in 0..clusters.len() {
        sizes[clusters.label(RecordIndex(record as u32)).at()] += 1;
    }
    sizes
}

/// Mints what is missing and gives every record the ID of its cluster.
fn fill(
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    names: Names,
    sizes: &[u32],
) -> Named {
    let mut id_of = names.by_label;
    let wishes = wishes(records, clusters, &id_of);
    let mut issued = Issued::new(registry, clusters.len());
    let (mut minted, mut revived) = (Vec::new(), Vec::new());
    // Before any ID is made: a pin may bring one that this hub never issued.
    for label in names.not_live {
        let Some(id) = id_of[label.at()] else { continue };
        let list = if issued.add(id) { &mut minted } else { &mut revived };
        list.push((id, sizes[label.at()]));
    }
    for record in 0..clusters.len() {
        let label = clusters.label(RecordIndex(record as u32)).at();
        // The label is the smallest record of its cluster, so its own ID was made before the others need it.
        if label == record && id_of[label].is_none() {
            let id = issued.mint(wishes[label]);
            id_of[label] = Some(id);
            minted.push((id, sizes[label]));
        }
        id_of[record] = id_of[label];
    }
    minted.par_sort_unstable();
    revived.sort_unstable();
    Named {
        id_of: id_of
            .into_iter()
            .map(|id| id.expect("every record has a label, and every label has an ID"))
            .collect(),
        minted,
        revived,
        conflicts: Vec::new(),
    }
}

/// Per smallest record of a cluster without ID, the hash that its ID is made of.
fn wishes(records: &RawRecords, clusters: &Clusters, id_of: &[Option<UnifiedId>]) -> Vec<u64> {
    let wishes = Wishes::new(records);
    let wish = |record: u32| {
        let record = RecordIndex(record);
        if clusters.label(record) == record && id_of[record.at()].is_none() {
            wishes.wish(record)
        } else {
            0
        }
    };
    (0..clusters.len() as u32).into_par_iter().map(wish).collect()
}
