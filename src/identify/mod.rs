//! Identify: unified IDs that last.
//!
//! In: clusters, and the registry of the last published run. Out: an ID for every record, the new registry, what changed,
//! and the pins that contradict each other. Method, step by step:
//!
//! 0. Records of a source that could not be read keep their membership.
//! 1. A pinned ID claims the cluster of its record (`pins`).
//! 2. Live IDs go to clusters greedily one to one, most records in common first, then the older ID, then the smaller
//!    (`overlap`), which stays within a few records of the exact optimum.
//! 3. A cluster left over gets the retired ID that its records had last (`resurrect`), else a new one (`mint`), made from
//!    the key of its smallest record, never from a counter or a clock.
//! 4. An ID left over leads to the ID that has most of its records, to several, or to none (`registry`).
//! 5. Every record whose ID changed is a row of the change feed with its event and its cause (`changes`, `cause`).
//!
//! No ID is ever used twice for another customer. Whether IDs should change at all, as when a link is only just lost, is
//! decided where records are clustered.

mod assign;
mod before;
mod cause;
mod changes;
mod content;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod histories;
mod id_set;
mod mint;
mod new_keys;
mod overlap;
mod pins;
mod registry;
mod rekey;
mod resurrect;

pub use cause::Causes;
pub use content::contents;
pub use new_keys::RenamedMember;
pub use new_keys::with_new_keys;
pub use rekey::Rekey;
pub use rekey::RekeyPair;
pub use rekey::rekey;

use crate::identify::before::Before;
use crate::identify::cause::Touched;
use crate::identify::changes::Judge;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdAssignments;
use crate::table::RawRecords;
use crate::table::Registry;
use std::collections::BTreeSet;

/// What identifying needs to know beside the data.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Names of sources that are in the job but could not be read: their records keep their membership.
    pub absent_sources: BTreeSet<String>,
    /// IDs that stewards pinned: the customer of this record keeps this ID. Records exist; order means nothing.
    pub pins: Vec<(RecordIndex, UnifiedId)>,
    /// What can be told of the causes of changes.
    pub causes: Causes,
}

/// Gives every record its unified ID.
///
/// The same clusters twice change nothing; the result does not depend on threads or on the order of input. Contradictory
/// pins are listed in the result; a cluster still has one ID.
pub fn identify(
    settings: &Settings,
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
) -> IdAssignments {
    let before = Before::new(settings, records, registry);
    let named = assign::assign(settings, records, clusters, registry, &before);
    let next = registry::next(records, registry, &before, &named);
    // A first run has nothing to differ from.
    let is_first_run = registry.run == 0;
    let feed = match is_first_run {
        true => Vec::new(),
        false => {
            let touched = Touched::new(settings, records, registry, &before, &named.id_of);
            let judge = Judge::new(&next.entries, &named, touched);
            changes::feed(records, registry, &before, &named, &judge)
        }
    };
    let stale = before.stale.iter().map(|&at| at as usize);
    IdAssignments {
        stale: stale.clone().map(|at| registry.members[at].clone()).collect(),
        stale_contents: stale.map(|at| registry.mark(at).content).collect(),
        contents: settings.causes.contents.clone(),
        entries: next.entries,
        former: next.former,
        events: changes::events(&feed, &named, is_first_run),
        changes: feed,
        conflicts: named.conflicts,
        id_of: named.id_of,
    }
}

/// Members of the last run that are not among the records, as (source, key), sorted.
pub fn missing<'a>(records: &RawRecords, registry: &'a Registry) -> Vec<(&'a str, &'a str)> {
    let before = Before::new(&Settings::default(), records, registry);
    let name = |&at: &u32| {
        let (source, key, _) = &registry.members[at as usize];
        (source.as_str(), key.as_str())
    };
    before.withdrawn.iter().map(name).collect()
}

/// Per record, the ID it had in the last run; empty before the first.
pub fn previous_ids(records: &RawRecords, registry: &Registry) -> Vec<Option<UnifiedId>> {
    if registry.members.is_empty() {
        return Vec::new();
    }
    let before = Before::new(&Settings::default(), records, registry);
    let id_of = |member: usize| registry.members[member].2;
    (0..records.len())
        .map(|record| before.member(record).map(id_of))
        .collect()
}

#[cfg(test)]
mod tests;
