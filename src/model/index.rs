//! Indexes of records and sources.
//!
//! Records are ordered by (source name, record key), so that an index depends on the records alone and never on
//! the order in which files were read.

/// Position of a record in every table of a run; 0-based, dense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordIndex(pub u32);

impl RecordIndex {
    /// The index as a position in a slice.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// Position of a source (a subsidiary's export) in the run's list of sources, which is sorted by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u16);

impl SourceId {
    /// The id as a position in a slice.
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}
