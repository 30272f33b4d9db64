//! Score: a match weight in bits for every pair.
//!
//! In: comparison vectors and the terms of the records. Out: [`Model`] from [`train`], and scored pairs from [`score`].
//! Method: Fellegi and Sunter (1969). A pair's weight is the prior weight plus `log2(m/u)` of each comparison; u comes
//! from random pairs, m from EM on counts of distinct vectors, rule by rule, with the comparisons that the rule blocked
//! on switched off; pairs of relatives are a kind of their own beside matches and strangers; a value that agrees weighs by its own frequency. Weights are fixed point, so sums are exact.
//! Which pairs become one customer is decided by `cluster`.

mod calibrate;
mod em;
mod labels;
mod model;
mod patterns;
mod population;
mod settings;
mod terms;
mod train;
mod vote;
mod weights;

pub use calibrate::Asked;
pub use calibrate::CrossCounts;
pub use labels::KnownPair;
pub use labels::LabelledPair;
pub use labels::WeightCounts;
pub use labels::known_pairs;
pub use labels::label_offset;
pub use model::ComparisonModel;
pub use model::LevelModel;
pub use model::Model;
pub use model::PopulationModel;
pub use patterns::PatternCounts;
pub use population::Population;
pub use settings::Settings;
pub use terms::Frequencies;
pub use train::RandomPairs;
pub use train::TrainingPairs;
pub use train::random_pairs;
pub use train::train;
pub use weights::Waterfall;
pub use weights::Weights;

use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::table::CandidatePairs;
use crate::table::ScoredPair;

/// Pairs of a batch whose weight is at least `floor`, in the order of the batch.
///
/// The result depends on each pair alone.
pub fn score(
    weights: &Weights,
    batch: &CandidatePairs,
    vectors: &[ComparisonVector],
    floor: MatchWeight,
) -> Vec<ScoredPair> {
    (0..batch.len())
        .filter_map(|at| {
            let (left, right, vector) = (batch.left[at], batch.right[at], vectors[at]);
            let weight = weights.weight(left, right, vector);
            let rule = batch.rules[at].trailing_zeros() as u8;
            (weight >= floor).then_some(ScoredPair {
                left,
                right,
                weight,
                vector,
                rule,
            })
        })
        .collect()
}
