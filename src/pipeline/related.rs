//! Candidates that are too unlike for one customer, yet speak of related ones.
//!
//! In: the candidate pairs of a batch and those above the floor. Out: the others at a level that names a relation (a
//! branch, a sibling company) and that share more than a name. Only that one comparison is made of every pair, so jobs
//! without organisations pay nothing.

use crate::model::MatchWeight;
use crate::pipeline::Matching;
use crate::score::Weights;
use crate::table::CandidatePairs;
use crate::table::ScoredPair;

impl Matching<'_> {
    /// Pairs of `batch` that are not among `kept`, which has the order of the batch, and whose customers are related.
    ///
    /// What the two share beside the name must make up for half of the prior, the odds of two records taken at random: in
    /// files of any size that is a telephone number or an address, and not a city.
    pub(super) fn related(
        &self,
        weights: &Weights,
        batch: &CandidatePairs,
        kept: &[ScoredPair],
    ) -> Vec<ScoredPair> {
        let names_relation = |position: &usize| {
            self.specs[*position]
                .levels
                .iter()
                .any(|level| level.relation.is_some())
        };
        let Some(position) = (0..self.specs.len()).find(names_relation) else {
            return Vec::new();
        };
        let levels = self.specs[position].levels;
        let mut kept = kept.iter().peekable();
        let mut related = Vec::new();
        for (at, (&left, &right)) in batch.left.iter().zip(&batch.right).enumerate() {
            if kept
                .next_if(|pair| (pair.left, pair.right) == (left, right))
                .is_some()
            {
                continue;
            }
            // Related customers share a key of the name and another; this saves comparing most pairs.
            if batch.rules[at].count_ones() < 2 {
                continue;
            }
            let level = self.comparisons.level(position, left, right);
            if levels
                .get(level.at())
                .is_none_or(|level| level.relation.is_none())
            {
                continue;
            }
            let vector = self.comparisons.vector(left, right);
            let waterfall = weights.waterfall(left, right, vector);
            let others = waterfall
                .comparisons
                .iter()
                .enumerate()
                .filter(|(of, _)| *of != position);
            let shared: MatchWeight = others.map(|(_, weight)| (*weight).max(MatchWeight::ZERO)).sum();
            if shared + shared + waterfall.prior >= MatchWeight::ZERO {
                related.push(ScoredPair {
                    left,
                    right,
                    weight: waterfall.total(),
                    vector,
                    rule: batch.rules[at].trailing_zeros() as u8,
                });
            }
        }
        related
    }
}
