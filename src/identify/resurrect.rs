//! Retired IDs that go back to their records.
//!
//! In: clusters that no live ID names, and the records that retired IDs held when they retired. Out: such a cluster gets the
//! retired ID back when more than half of its records were that ID's, and the ID was theirs: more than half of its records
//! that are there tonight are among them, or the record that it was first made for. So a customer that was merged and
//! parted again has the ID that it had, and an ID is never taken from the larger part of its records.

use crate::identify::mint::Wishes;
use crate::identify::overlap::Claim;
use crate::identify::overlap::Names;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdState;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::table::find_entry;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A record of an unnamed cluster that a retired ID held last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    label: RecordIndex,
    id: UnifiedId,
    /// Was the ID made for this record?
    is_first: bool,
}

/// Gives retired IDs to clusters without name; `sizes` has the records of each cluster by its smallest.
pub(super) fn resurrect(
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
    sizes: &[u32],
    names: &mut Names,
) {
    let wishes = Wishes::new(records);
    let mut present: BTreeMap<UnifiedId, u32> = BTreeMap::new();
    let mut held = Vec::new();
    for former in &registry.former {
        let Some(record) = records.find(&former.source, &former.key) else {
            continue;
        };
        *present.entry(former.id).or_default() += 1;
        let label = clusters.label(record);
        if names.by_label[label.at()].is_none() {
            held.push(Held {
                label,
                id: former.id,
                is_first: wishes.id(record) == former.id,
            });
        }
    }
    held.sort_unstable();
    let mut claims: Vec<Claim> = held
        .chunk_by(|a, b| (a.label, a.id) == (b.label, b.id))
        .filter_map(|same| {
            let Held { label, id, .. } = same[0];
            let common = same.len() as u32;
            let others = present[&id] - common;
            let was_theirs = common > others || same.iter().any(|held| held.is_first);
            let entry = find_entry(&registry.entries, id)?;
            let is_retired = !matches!(entry.state, IdState::Live | IdState::Tombstone);
            (is_retired && was_theirs && 2 * common > sizes[label.at()]).then_some(Claim {
                common: Reverse(common),
                others,
                birth_run: entry.birth_run,
                id,
                label,
            })
        })
        .collect();
    claims.sort_unstable();
    for claim in &claims {
        names.grant_retired(claim);
    }
}
