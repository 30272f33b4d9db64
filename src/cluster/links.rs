//! A steward's word on pairs of records: one customer, or never one.
//!
//! In: pairs in any order. Out: sorted lists that clustering asks by record. A must-link is no stronger than a conflict or
//! a must-not-link: two of them that contradict each other are for people to settle, so it is refused and reported.

use crate::model::RecordIndex;
use crate::table::Clusters;

/// Pairs that a steward decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    must: Vec<(RecordIndex, RecordIndex)>,
    must_not: Vec<(RecordIndex, RecordIndex)>,
}

fn sorted(pairs: impl IntoIterator<Item = (RecordIndex, RecordIndex)>) -> Vec<(RecordIndex, RecordIndex)> {
    let mut sorted: Vec<_> = pairs
        .into_iter()
        .filter(|(left, right)| left != right)
        .map(|(left, right)| (left.min(right), left.max(right)))
        .collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

fn of(pairs: &[(RecordIndex, RecordIndex)], left: RecordIndex) -> &[(RecordIndex, RecordIndex)] {
    let start = pairs.partition_point(|pair| pair.0 < left);
    let end = start + pairs[start..].partition_point(|pair| pair.0 == left);
    &pairs[start..end]
}

impl Links {
    /// Did nobody say anything?
    pub fn is_empty(&self) -> bool {
        self.must.is_empty() && self.must_not.is_empty()
    }

    /// Links from pairs in any order and direction.
    pub fn new(
        must: impl IntoIterator<Item = (RecordIndex, RecordIndex)>,
        must_not: impl IntoIterator<Item = (RecordIndex, RecordIndex)>,
    ) -> Self {
        Self {
            must: sorted(must),
            must_not: sorted(must_not),
        }
    }

    /// Pairs that are one customer, ascending.
    pub fn must(&self) -> &[(RecordIndex, RecordIndex)] {
        &self.must
    }

    /// Pairs that are never one customer, ascending.
    pub fn must_not(&self) -> &[(RecordIndex, RecordIndex)] {
        &self.must_not
    }

    /// Must-links whose smaller record is `left`.
    pub(super) fn must_of(&self, left: RecordIndex) -> &[(RecordIndex, RecordIndex)] {
        of(&self.must, left)
    }

    /// Must-not-links whose smaller record is `left`.
    pub(super) fn must_not_of(&self, left: RecordIndex) -> &[(RecordIndex, RecordIndex)] {
        of(&self.must_not, left)
    }

    /// Did a steward say that the two are never one? In either direction.
    pub(super) fn parts(&self, left: RecordIndex, right: RecordIndex) -> bool {
        !self.must_not.is_empty()
            && self
                .must_not
                .binary_search(&(left.min(right), left.max(right)))
                .is_ok()
    }

    /// Must-links that the partition does not hold.
    pub(super) fn refused(&self, clusters: &Clusters) -> Vec<(RecordIndex, RecordIndex)> {
        let refused = |pair: &&(RecordIndex, RecordIndex)| clusters.label(pair.0) != clusters.label(pair.1);
        self.must.iter().filter(refused).copied().collect()
    }
}
