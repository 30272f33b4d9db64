//! A set of unified IDs.
//!
//! In: IDs. Out: is it there? IDs are made of hashes, so their own number spreads them.

use crate::model::UnifiedId;
use hashbrown::HashTable;

/// A set of unified IDs; its order is never shown.
#[derive(Default)]
pub(super) struct IdSet(HashTable<UnifiedId>);

impl IdSet {
    pub(super) fn with_capacity(ids: usize) -> Self {
        Self(HashTable::with_capacity(ids))
    }

    /// Was `id` new to the set?
    pub(super) fn insert(&mut self, id: UnifiedId) -> bool {
        if self.contains(id) {
            return false;
        }
        self.0.insert_unique(id.spread(), id, |id| id.spread());
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, id: UnifiedId) -> bool {
        self.0.find(id.spread(), |known| *known == id).is_some()
    }
}

impl FromIterator<UnifiedId> for IdSet {
    fn from_iter<I: IntoIterator<Item = UnifiedId>>(ids: I) -> Self {
        let ids = ids.into_iter();
        let mut set = Self::with_capacity(ids.size_hint().0);
        ids.for_each(|id| {
            set.insert(id);
        });
        set
    }
}
