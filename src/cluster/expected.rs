//! What the weights promise of a partition: the share of its merged pairs that are right, and of right pairs that it merged.
//!
//! In: weights of pairs and their posterior probability. Out: sums in integers, so that they do not depend on the order in
//! which threads add them up. The promise is that of the model: pairs that blocking never made are in neither figure, and
//! pairs that a steward linked are left out.

use crate::cluster::Evidence;
use crate::model::MatchWeight;
use crate::table::Clusters;
use rayon::prelude::*;

/// Parts of a probability of one.
const ONE: f64 = 1e9;

/// Sums over pairs and merges; probabilities in parts of 10^9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expected {
    /// Pairs of records inside clusters.
    pub pairs: u64,
    /// Sum of their probabilities to be matches.
    pub pairs_right: u64,
    /// Merges that made the clusters.
    pub merges: u64,
    /// Sum of the probabilities of their average weights.
    pub merges_right: u64,
    /// Sum of the probabilities of the pairs above the floor that are in different clusters without a conflict.
    pub pairs_missed: u64,
}

fn share(part: u64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part as f64 / whole)
}

pub(super) fn parts(weight: MatchWeight) -> u64 {
    (weight.probability() * ONE) as u64
}

impl Expected {
    /// Mean probability of the pairs inside clusters; `None` without any.
    pub fn precision(&self) -> Option<f64> {
        share(self.pairs_right, self.pairs as f64 * ONE)
    }

    /// Mean probability of the merges by their averages, which count a large cluster no more than a small one; `None`
    /// without any.
    pub fn merge_precision(&self) -> Option<f64> {
        share(self.merges_right, self.merges as f64 * ONE)
    }

    /// Expected matches inside clusters, of all among the pairs above the floor; `None` without any.
    pub fn recall(&self) -> Option<f64> {
        share(
            self.pairs_right,
            self.pairs_right as f64 + self.pairs_missed as f64,
        )
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.pairs_right += other.pairs_right;
        self.merges += other.merges;
        self.merges_right += other.merges_right;
        self.pairs_missed += other.pairs_missed;
    }

    /// The matches expected among pairs that were kept apart.
    pub(super) fn of_pairs_apart(evidence: &Evidence, clusters: &Clusters) -> Self {
        let missed = evidence
            .pairs
            .pairs
            .par_iter()
            .with_min_len(1 << 14)
            .filter(|pair| clusters.label(pair.left) != clusters.label(pair.right))
            .filter(|pair| !(evidence.claim)(pair.vector).parts())
            .map(|pair| parts(pair.weight))
            .sum();
        Self {
            pairs_missed: missed,
            ..Self::default()
        }
    }
}
