//! Pairs of records that share a blocking key.

use crate::model::RecordIndex;

/// One batch of candidate pairs, `left < right`, ordered by (left, right), each pair once.
#[derive(Debug, Clone, Default)]
pub struct CandidatePairs {
    /// Smaller index of each pair.
    pub left: Vec<RecordIndex>,
    /// Larger index of each pair.
    pub right: Vec<RecordIndex>,
    /// Per pair, one bit for each blocking rule that makes it; the lowest bit is the rule it is published under.
    pub rules: Vec<u32>,
}

impl CandidatePairs {
    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Is the batch empty?
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Appends a pair; `left < right`.
    pub fn push(&mut self, left: RecordIndex, right: RecordIndex, rules: u32) {
        debug_assert!(left < right);
        self.left.push(left);
        self.right.push(right);
        self.rules.push(rules);
    }
}
