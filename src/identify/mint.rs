//! New IDs.
//!
//! In: the key of a cluster's smallest record, and every ID ever issued. Out: an ID made of that key's hash, tried again
//! until it is one that no run had. Nothing counts and nothing asks the clock, so the same records give the same IDs.

use crate::identify::id_set::IdSet;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::RawRecords;
use crate::table::Registry;
use crate::text::hash::hash_text;
use crate::text::hash::mix;

/// The hashes that IDs are made of.
pub(super) struct Wishes<'a> {
    records: &'a RawRecords,
    sources: Vec<u64>,
}

impl<'a> Wishes<'a> {
    pub(super) fn new(records: &'a RawRecords) -> Self {
        let names = records.sources.iter().map(|source| hash_text(&source.name));
        Self {
            records,
            sources: names.collect(),
        }
    }

    /// Hash of the record's source and key.
    pub(super) fn wish(&self, record: RecordIndex) -> u64 {
        mix(
            self.sources[self.records.source_of[record.at()].at()],
            hash_text(self.records.key(record)),
        )
    }

    /// The ID that the record is given when no run has issued it.
    pub(super) fn id(&self, record: RecordIndex) -> UnifiedId {
        attempt(self.wish(record), 0)
    }
}

fn attempt(wish: u64, attempt: u64) -> UnifiedId {
    UnifiedId::from_number(mix(wish, attempt))
}

/// Every ID ever issued.
pub(super) struct Issued {
    ids: IdSet,
}

impl Issued {
    pub(super) fn new(registry: &Registry, records: usize) -> Self {
        let mut ids = IdSet::with_capacity(registry.entries.len().max(records / 2));
        for entry in &registry.entries {
            ids.insert(entry.id);
        }
        Self { ids }
    }

    /// Was `id` new to the set?
    pub(super) fn add(&mut self, id: UnifiedId) -> bool {
        self.ids.insert(id)
    }

    /// A new ID made of a hash.
    pub(super) fn mint(&mut self, wish: u64) -> UnifiedId {
        (0u64..)
            .map(|number| attempt(wish, number))
            .find(|&id| self.ids.insert(id))
            .expect("there are more IDs than records")
    }
}
