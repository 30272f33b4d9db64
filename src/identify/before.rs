//! Tonight's records beside the members of the last run.
//!
//! In: the records and the registry, both sorted by (source, key). Out: per record its member, the members whose source is
//! absent (stale), and those that a source no longer has (withdrawn).

use crate::identify::Settings;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::RawRecords;
use crate::table::Registry;

/// In place of a member, for records that the last run did not have.
const NO_MEMBER: u32 = u32::MAX;

/// Who was there in the last run.
pub(super) struct Before<'a> {
    registry: &'a Registry,
    /// Per record, its member of the registry; empty without a last run.
    member_of: Vec<u32>,
    /// Members of sources that could not be read tonight; ascending.
    pub(super) stale: Vec<u32>,
    /// Members that their sources no longer have; ascending.
    pub(super) withdrawn: Vec<u32>,
}

impl<'a> Before<'a> {
    pub(super) fn new(settings: &Settings, records: &RawRecords, registry: &'a Registry) -> Self {
        let mut before = Self {
            registry,
            member_of: Vec::new(),
            stale: Vec::new(),
            withdrawn: Vec::new(),
        };
        if registry.members.is_empty() {
            return before;
        }
        before.member_of = vec![NO_MEMBER; records.len()];
        let mut next = 0;
        for (at, (source, key, _)) in registry.members.iter().enumerate() {
            let member = (source.as_str(), key.as_str());
            while next < records.len() && names(records, next) < member {
                next += 1;
            }
            if next < records.len() && names(records, next) == member {
                before.member_of[next] = at as u32;
            } else if settings.absent_sources.contains(source) {
                before.stale.push(at as u32);
            } else {
                before.withdrawn.push(at as u32);
            }
        }
        before
    }

    /// Position of the record among the members of the last run.
    pub(super) fn member(&self, record: usize) -> Option<usize> {
        let member = *self.member_of.get(record)?;
        (member != NO_MEMBER).then_some(member as usize)
    }

    /// The record's ID in the last run.
    pub(super) fn id(&self, record: usize) -> Option<UnifiedId> {
        Some(self.registry.members[self.member(record)?].2)
    }

    /// IDs of the stale members.
    pub(super) fn stale_ids(&self) -> impl Iterator<Item = UnifiedId> {
        self.stale.iter().map(|&at| self.registry.members[at as usize].2)
    }

    /// The stale member of this name, as position among the members.
    pub(super) fn find_stale(&self, source: &str, key: &str) -> Option<usize> {
        let name = |&at: &u32| {
            let (source, key, _) = &self.registry.members[at as usize];
            (source.as_str(), key.as_str())
        };
        let found = self.stale.binary_search_by(|at| name(at).cmp(&(source, key)));
        Some(self.stale[found.ok()?] as usize)
    }
}

fn names(records: &RawRecords, record: usize) -> (&str, &str) {
    let record = RecordIndex(record as u32);
    (&records.source(record).name, records.key(record))
}
