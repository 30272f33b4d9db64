//! Counts of distinct comparison vectors: all that training needs to know of the candidate pairs.

use crate::model::ComparisonVector;
use crate::table::CandidatePairs;
use std::collections::BTreeMap;

/// Stands for the pairs of all rules, each once; real rules have numbers below 32.
const ALL_RULES: u8 = u8::MAX;

/// Counts of distinct vectors, by blocking rule. Merging commutes, so batches may come in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatternCounts {
    pub(super) by_rule: BTreeMap<u8, BTreeMap<ComparisonVector, u64>>,
    pub(super) all: BTreeMap<ComparisonVector, u64>,
}

impl PatternCounts {
    /// Counts the vectors of one batch, each under every rule that makes its pair.
    pub fn partial(batch: &CandidatePairs, vectors: &[ComparisonVector]) -> Self {
        let mut seen: Vec<(u8, ComparisonVector)> = Vec::with_capacity(vectors.len() * 3);
        for (&rules, &vector) in batch.rules.iter().zip(vectors) {
            seen.push((ALL_RULES, vector));
            let mut rest = rules;
            while rest != 0 {
                seen.push((rest.trailing_zeros() as u8, vector));
                rest &= rest - 1;
            }
        }
        seen.sort_unstable();
        let mut counts = Self::default();
        for same in seen.chunk_by(|a, b| a == b) {
            let ((rule, vector), count) = (same[0], same.len() as u64);
            let of_rule = match rule {
                ALL_RULES => &mut counts.all,
                rule => counts.by_rule.entry(rule).or_default(),
            };
            of_rule.insert(vector, count);
        }
        counts
    }

    /// Adds the counts of another part.
    pub fn merge(mut self, other: Self) -> Self {
        for (vector, count) in other.all {
            *self.all.entry(vector).or_default() += count;
        }
        for (rule, vectors) in other.by_rule {
            let own = self.by_rule.entry(rule).or_default();
            for (vector, count) in vectors {
                *own.entry(vector).or_default() += count;
            }
        }
        self
    }

    /// Number of distinct vectors.
    pub fn distinct(&self) -> usize {
        self.all.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AgreementLevel;
    use crate::model::RecordIndex;

    #[test]
    fn merging_counts_commutes() {
        let batch = |rules| CandidatePairs {
            left: vec![RecordIndex(0)],
            right: vec![RecordIndex(1)],
            rules: vec![rules],
        };
        let vector = ComparisonVector::default().with(0, AgreementLevel(1));
        let a = PatternCounts::partial(&batch(0b101), &[vector]);
        let b = PatternCounts::partial(&batch(0b100), &[ComparisonVector::default()]);
        assert_eq!(a.clone().merge(b.clone()), b.merge(a));
    }
}
