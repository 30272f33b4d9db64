//! Every ID ever issued, where it stands, and who its records were.
//!
//! In: what a run published. Out: the same, and where an ID leads. An ID resolves for ever: to itself, to the one ID that
//! took most of its records, to the several that share them, or to nothing once no record is left.

use crate::model::UnifiedId;
use crate::table::RecordStatus;

/// State of an ID; every ID ever issued resolves through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdState {
    /// Names a cluster of this run, or records of a source that could not be read.
    Live,
    /// Its customer now has another ID, which is live, or deleted: then so is this, until that comes back.
    Merged(UnifiedId),
    /// Its records went to several live IDs, none of which has more than half of them; sorted, two or more.
    Split(Vec<UnifiedId>),
    /// No record of it is left.
    Deleted,
    /// Issued by a run that was rolled back: it names nothing and is neither revived nor issued again.
    Tombstone,
}

/// One ID of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryEntry {
    /// The ID.
    pub id: UnifiedId,
    /// Number of the run that issued it; the first run is 1.
    pub birth_run: u32,
    /// Where it stands.
    pub state: IdState,
}

/// A record that a retired ID held when it retired. Sorted by (source, key, id).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Former {
    /// Name of the source.
    pub source: String,
    /// Key of the record in it.
    pub key: String,
    /// The ID, which is not live.
    pub id: UnifiedId,
    /// Number of the run in which the ID retired.
    pub run: u32,
}

/// What the last run knew of a member beside its ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Hash of what its source said; 0 when unknown.
    pub content: u64,
    /// Its standing in that run.
    pub status: RecordStatus,
}

/// Every ID ever issued with its members of the last published run.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Number of the last published run; 0 before the first.
    pub run: u32,
    /// Entries sorted by ID.
    pub entries: Vec<RegistryEntry>,
    /// Crosswalk of the last run: (source name, record key, ID), sorted.
    pub members: Vec<(String, String, UnifiedId)>,
    /// Per member, what else is known of it; empty when nothing is.
    pub marks: Vec<Mark>,
    /// Records that retired IDs held last, sorted; runs of older programs have none.
    pub former: Vec<Former>,
}

/// Where an ID leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// To this live ID.
    Live(UnifiedId),
    /// To several live IDs, sorted.
    Split(Vec<UnifiedId>),
    /// To nobody.
    Deleted,
}

/// Redirects that are followed before a registry counts as damaged; runs leave chains of one.
const STEPS_MAX: usize = 64;

/// The entry of `id`; `entries` are sorted by ID.
pub fn find_entry(entries: &[RegistryEntry], id: UnifiedId) -> Option<&RegistryEntry> {
    let at = entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
    Some(&entries[at])
}

/// Where `id` leads, and `None` when it was never issued; `entries` are sorted by ID.
///
/// # Examples
/// ```
/// use guiyi::model::UnifiedId;
/// use guiyi::table::{IdState, RegistryEntry, Resolution, resolve};
/// let [old, now] = [1, 2].map(UnifiedId::from_number);
/// let entry = |id, state| RegistryEntry { id, birth_run: 1, state };
/// let entries = [entry(old, IdState::Merged(now)), entry(now, IdState::Live)];
/// assert_eq!(resolve(&entries, old), Some(Resolution::Live(now)));
/// assert_eq!(resolve(&entries, UnifiedId::from_number(3)), None);
/// ```
pub fn resolve(entries: &[RegistryEntry], id: UnifiedId) -> Option<Resolution> {
    let mut entry = find_entry(entries, id)?;
    for _ in 0..STEPS_MAX {
        match &entry.state {
            IdState::Live => return Some(Resolution::Live(entry.id)),
            IdState::Split(ids) => return Some(Resolution::Split(ids.clone())),
            IdState::Deleted | IdState::Tombstone => return Some(Resolution::Deleted),
            IdState::Merged(into) => match find_entry(entries, *into) {
                Some(next) => entry = next,
                None => return Some(Resolution::Deleted),
            },
        }
    }
    Some(Resolution::Deleted)
}

impl Registry {
    /// What is known of the member at `at` beside its ID.
    pub fn mark(&self, at: usize) -> Mark {
        self.marks.get(at).copied().unwrap_or_default()
    }

    /// Where `id` leads, and `None` when it was never issued.
    pub fn resolve(&self, id: UnifiedId) -> Option<Resolution> {
        resolve(&self.entries, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_registry_of_circles_leads_nowhere_and_ends() {
        let [a, b] = [1, 2].map(UnifiedId::from_number);
        let entry = |id, into| RegistryEntry {
            id,
            birth_run: 1,
            state: IdState::Merged(into),
        };
        let circle = [entry(a, b), entry(b, a)];
        assert_eq!(resolve(&circle, a), Some(Resolution::Deleted));
        let lost = [entry(a, b)];
        assert_eq!(resolve(&lost, a), Some(Resolution::Deleted));
    }
}
