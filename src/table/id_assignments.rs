//! Unified IDs of the records, what changed since the last run, and what a steward must settle.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::Former;
use crate::table::RegistryEntry;

/// What happened to an ID in this run.
///
/// Every record whose ID is another than in the last run, or that came or went, belongs to one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// Issued for a cluster that no ID named.
    New,
    /// Records that were not there in the last run came to an ID that was.
    Grow,
    /// Records went away, and others of the ID stayed somewhere.
    Shrink,
    /// Records went to another ID; both IDs were live and are.
    Move,
    /// No longer live: leads to the ID that most of its records have now.
    Merge,
    /// Records parted: to an ID that is new or back, or, when the ID itself is gone, to several IDs.
    Split,
    /// A retired ID came back to its records, or by a steward's pin.
    Resurrect,
    /// No record is left.
    Retire,
}

impl EventKind {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Grow => "grow",
            Self::Shrink => "shrink",
            Self::Move => "move",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Resurrect => "resurrect",
            Self::Retire => "retire",
        }
    }
}

/// Why a record's ID changed; the first of these that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A decision that came or went since the last run names a record of one of the two IDs, or a pin acted.
    Decision,
    /// A record of one of the two IDs is new, changed or gone.
    Source,
    /// The model is another than in the last run.
    Model,
    /// The job's rules of matching are others than in the last run.
    Rule,
    /// None of these: other records changed what the values of these are worth as evidence.
    Evidence,
}

impl Cause {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Source => "source",
            Self::Model => "model",
            Self::Rule => "rule",
            Self::Evidence => "evidence",
        }
    }
}

/// One event. Events are sorted by (id, kind, other).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdEvent {
    /// The ID.
    pub id: UnifiedId,
    /// What happened.
    pub kind: EventKind,
    /// The ID merged into, or the ID that took the records.
    pub other: Option<UnifiedId>,
    /// Records concerned: of a new or resurrected ID all that it has, else those that came or went.
    pub records: u32,
    /// Why; the first cause of its records.
    pub cause: Cause,
}

/// Standing of a record in the crosswalk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RecordStatus {
    /// In tonight's export.
    #[default]
    Active,
    /// Its source could not be read tonight; it stands as it was.
    Stale,
    /// Its source was read and lacks it, or is no longer in the job; its values stand until others replace them.
    Withdrawn,
}

impl RecordStatus {
    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Stale => "stale",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The standing of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Stale, Self::Withdrawn]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// One row of the change feed: a record whose row in the crosswalk differs from the last run's.
///
/// Putting `new` and `status` in place of the row of (source, key), or removing it when `new` is none, for every row of
/// a feed turns the last crosswalk into this run's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdChange {
    /// Name of the source.
    pub source: String,
    /// Key of the record in it.
    pub key: String,
    /// ID in the last run; none for a record that it did not have.
    pub old: Option<UnifiedId>,
    /// ID now; none for a record that left the crosswalk.
    pub new: Option<UnifiedId>,
    /// Standing now.
    pub status: RecordStatus,
    /// The event that it belongs to; none when only the standing changed.
    pub event: Option<EventKind>,
    /// Has only the key of the record changed, by a map that a steward accepted?
    pub is_renamed: bool,
    /// Why.
    pub cause: Cause,
}

impl IdChange {
    /// The word for what happened: the event's, `rekey` for another key, or `late`, `withdrawn` and `back` where only the standing changed.
    pub fn word(&self) -> &'static str {
        match (self.event, self.status) {
            (Some(event), _) => event.as_str(),
            (None, _) if self.is_renamed => "rekey",
            (None, RecordStatus::Active) => "back",
            (None, RecordStatus::Stale) => "late",
            (None, RecordStatus::Withdrawn) => "withdrawn",
        }
    }
}

/// Why a pinned ID could not be followed, or not for all of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PinFault {
    /// Another ID is pinned to the same cluster; one of both names it, and a steward must choose.
    TwoIdsInOneCluster,
    /// The ID is pinned to records of several clusters; it names one of them.
    TwoClustersOfOneId,
    /// A run that was rolled back issued the ID; it stays unused.
    Tombstone,
}

/// A pin that contradicts another. Sorted by (record, id); every pin that takes part is listed, the one followed too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PinConflict {
    /// The record pinned.
    pub record: RecordIndex,
    /// The ID pinned to it.
    pub id: UnifiedId,
    /// What is wrong.
    pub fault: PinFault,
    /// The ID that the record has got.
    pub given: UnifiedId,
}

/// The result of identifying: an ID a record, the new registry, and the events.
#[derive(Debug, Clone, Default)]
pub struct IdAssignments {
    /// Per record, its unified ID.
    pub id_of: Vec<UnifiedId>,
    /// Per record, the hash of what its source says of it; empty when nobody asked.
    pub contents: Vec<u64>,
    /// Members of sources that could not be read tonight and of which no more than the name was kept, (source, record key, ID),
    /// sorted: they keep their membership.
    pub stale: Vec<(String, String, UnifiedId)>,
    /// Per stale member, the hash of what its source said last; empty when unknown.
    pub stale_contents: Vec<u64>,
    /// Every ID ever issued, sorted by ID.
    pub entries: Vec<RegistryEntry>,
    /// Records that retired IDs held last, sorted.
    pub former: Vec<Former>,
    /// What changed since the last run.
    pub events: Vec<IdEvent>,
    /// Per record that changed, its row of the feed, sorted by (source, key); empty in the first run.
    pub changes: Vec<IdChange>,
    /// Pins that contradict each other.
    pub conflicts: Vec<PinConflict>,
}
