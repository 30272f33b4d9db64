//! Pairs with their evidence and weight.

use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;

/// One pair above the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoredPair {
    /// Smaller index.
    pub left: RecordIndex,
    /// Larger index.
    pub right: RecordIndex,
    /// Prior weight plus the weights of the comparisons.
    pub weight: MatchWeight,
    /// Agreement levels.
    pub vector: ComparisonVector,
    /// Number of the first blocking rule that makes the pair.
    pub rule: u8,
}

/// Scored pairs, ordered by (left, right), each pair once.
#[derive(Debug, Clone, Default)]
pub struct ScoredPairs {
    /// The pairs.
    pub pairs: Vec<ScoredPair>,
}
