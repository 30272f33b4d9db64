//! Unified IDs of the records, the registry of every ID ever issued, and what changed.

use crate::model::UnifiedId;

/// State of an ID; every ID ever issued resolves through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdState {
    /// Names a cluster of this run.
    Live,
    /// Its customer now has another, live ID.
    Merged(UnifiedId),
    /// No record of it is left.
    Deleted,
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

/// Every ID ever issued with its members of the last published run.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Number of the last published run; 0 before the first.
    pub run: u32,
    /// Entries sorted by ID.
    pub entries: Vec<RegistryEntry>,
    /// Crosswalk of the last run: (source name, record key, ID), sorted.
    pub members: Vec<(String, String, UnifiedId)>,
}

/// What happened to an ID in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// Issued for records no ID held.
    New,
    /// Redirects to another ID.
    Merge,
    /// Lost records to another live ID.
    Split,
    /// A retired ID came back to its records.
    Resurrect,
    /// No record is left.
    Retire,
}

impl EventKind {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Resurrect => "resurrect",
            Self::Retire => "retire",
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
    /// Records concerned.
    pub records: u32,
}

/// The result of identifying: an ID a record, the new registry, and the events.
#[derive(Debug, Clone, Default)]
pub struct IdAssignments {
    /// Per record, its unified ID.
    pub id_of: Vec<UnifiedId>,
    /// Members of sources that could not be read tonight, (source, record key, ID), sorted: they keep their membership.
    pub stale: Vec<(String, String, UnifiedId)>,
    /// Every ID ever issued, sorted by ID.
    pub entries: Vec<RegistryEntry>,
    /// What changed since the last run.
    pub events: Vec<IdEvent>,
}
