//! Why the ID of a record changed.
//!
//! In: what is known of tonight beside the clusters ([`Causes`]). Out: for a change from one ID to another the first cause
//! that fits: a decision, a source, the model, the rules, else the evidence of other records. Whether a cause suffices
//! alone is not tried, as that would mean matching again; the order makes it the nearest to the two customers.

use crate::identify::Settings;
use crate::identify::before::Before;
use crate::identify::id_set::IdSet;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Cause;
use crate::table::RawRecords;
use crate::table::Registry;

/// What is known of tonight that can move IDs.
#[derive(Debug, Clone, Default)]
pub struct Causes {
    /// Per record, the hash of what its source says of it (see [`contents`](crate::identify::contents)); empty when unknown.
    pub contents: Vec<u64>,
    /// Is the model another than in the last run?
    pub is_new_model: bool,
    /// Are the job's rules of matching others than in the last run?
    pub are_new_rules: bool,
    /// Records named by decisions that came or went since the last run.
    pub decided: Vec<RecordIndex>,
}

/// IDs that something happened to.
pub(super) struct Touched<'a> {
    causes: &'a Causes,
    by_source: IdSet,
    by_decision: IdSet,
}

impl<'a> Touched<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        records: &RawRecords,
        registry: &Registry,
        before: &Before,
        id_of: &[UnifiedId],
    ) -> Self {
        let causes = &settings.causes;
        let mut touched = Self {
            causes,
            by_source: IdSet::default(),
            by_decision: IdSet::default(),
        };
        for (record, &id) in id_of.iter().enumerate() {
            let is_new_or_changed = match before.member(record) {
                None => true,
                Some(member) => {
                    let (before, index) = (registry.mark(member), RecordIndex(record as u32));
                    before.status != records.status(index)
                        || is_changed(before.content, causes.contents.get(record))
                }
            };
            if is_new_or_changed {
                touched.by_source.insert(id);
                before.id(record).map(|old| touched.by_source.insert(old));
            }
        }
        for &at in &before.withdrawn {
            touched.by_source.insert(registry.members[at as usize].2);
        }
        let acting = settings
            .pins
            .iter()
            .filter(|(record, pinned)| before.id(record.at()).is_some_and(|id| id != *pinned))
            .map(|(record, _)| record);
        for record in causes.decided.iter().chain(acting) {
            touched.by_decision.insert(id_of[record.at()]);
            before.id(record.at()).map(|old| touched.by_decision.insert(old));
        }
        touched
    }

    /// The first cause for which a record went from `old` to `new`.
    pub(super) fn cause(&self, old: UnifiedId, new: UnifiedId) -> Cause {
        let touches = |ids: &IdSet| ids.contains(old) || ids.contains(new);
        if touches(&self.by_decision) {
            Cause::Decision
        } else if touches(&self.by_source) {
            Cause::Source
        } else if self.causes.is_new_model {
            Cause::Model
        } else if self.causes.are_new_rules {
            Cause::Rule
        } else {
            Cause::Evidence
        }
    }
}

/// Did the source say something else? A content that nobody kept says nothing.
fn is_changed(before: u64, now: Option<&u64>) -> bool {
    now.is_some_and(|&now| before != 0 && before != now)
}
