//! Figures of the scored pairs and of the model that weighed them.
//!
//! In: pairs above the floor and the model's parameters. Out: a histogram of weights in bins of one bit, and the table
//! of agreement levels. Weights are thousandths of a bit, probabilities are parts of 10^12, so nothing here is a float
//! and `quality.json` reads back to the same bytes.

use super::inputs::ModelComparison;
use super::inputs::ModelLevel;
use super::inputs::ModelSummary;
use crate::model::MatchWeight;
use crate::table::ScoredPair;
use serde::Deserialize;
use serde::Serialize;

/// Weights beyond this many bits either way are counted in the outermost bins.
const BITS_MAX: i32 = 100;

/// Pairs by weight.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WeightHistogram {
    /// Pairs above the floor.
    pub pairs: u64,
    /// Pairs at or above the cut.
    pub pairs_at_cut: u64,
    /// Bins of one bit in ascending order without gaps.
    pub bins: Vec<WeightBin>,
}

/// Pairs with a weight in `from_bits..from_bits + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightBin {
    /// Lower edge in whole bits.
    pub from_bits: i32,
    /// Pairs below the cut.
    pub below_cut: u64,
    /// Pairs at or above the cut.
    pub at_cut: u64,
}

/// Parameters of the model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelFigures {
    /// Weight from which a pair is a link, in thousandths of a bit.
    pub cut_millibits: i32,
    /// Weight below which pairs are not kept.
    pub floor_millibits: i32,
    /// Prior weight of a candidate pair.
    pub prior_millibits: i32,
    /// Did EM converge?
    pub has_converged: bool,
    /// Comparisons in the order of the plan.
    pub comparisons: Vec<ComparisonFigures>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonFigures {
    /// Field compared.
    pub field: String,
    /// English label of the field.
    pub en: String,
    /// Chinese label of the field.
    pub zh: String,
    /// Name of the comparator.
    pub comparator: String,
    /// Its levels.
    pub levels: Vec<LevelFigures>,
}

/// One agreement level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFigures {
    /// Number of the level; 15 is the null level.
    pub level: u8,
    /// English label.
    pub en: String,
    /// Chinese label.
    pub zh: String,
    /// P(level given match) in parts of 10^12; `None` for the null level.
    pub m_per_trillion: Option<u64>,
    /// P(level given non-match) in parts of 10^12; `None` for the null level.
    pub u_per_trillion: Option<u64>,
    /// Weight in thousandths of a bit.
    pub weight_millibits: i32,
}

fn whole_bits(weight: MatchWeight) -> i32 {
    weight.0.div_euclid(1_000).clamp(-BITS_MAX, BITS_MAX)
}

/// Counts pairs in bins of one bit, from the lower of the floor and the lightest pair to the heaviest.
pub(super) fn weight_histogram(pairs: &[ScoredPair], model: &ModelSummary) -> WeightHistogram {
    let weights = || pairs.iter().map(|pair| whole_bits(pair.weight));
    let (Some(lightest), Some(heaviest)) = (weights().min(), weights().max()) else {
        return WeightHistogram::default();
    };
    let first = lightest.min(whole_bits(model.floor));
    let mut bins: Vec<WeightBin> = (first..=heaviest)
        .map(|from_bits| WeightBin {
            from_bits,
            below_cut: 0,
            at_cut: 0,
        })
        .collect();
    let mut pairs_at_cut = 0;
    for pair in pairs {
        let bin = &mut bins[(whole_bits(pair.weight) - first) as usize];
        if pair.weight >= model.cut {
            bin.at_cut += 1;
            pairs_at_cut += 1;
        } else {
            bin.below_cut += 1;
        }
    }
    WeightHistogram {
        pairs: pairs.len() as u64,
        pairs_at_cut,
        bins,
    }
}

fn per_trillion(probability: f64) -> u64 {
    // `as` saturates, and turns not-a-number into 0.
    libm::round(probability.clamp(0.0, 1.0) * 1e12) as u64
}

fn level_figures(level: &ModelLevel) -> LevelFigures {
    LevelFigures {
        level: level.level,
        en: level.labels[0].clone(),
        zh: level.labels[1].clone(),
        m_per_trillion: level.m.map(per_trillion),
        u_per_trillion: level.u.map(per_trillion),
        weight_millibits: level.weight.0,
    }
}

fn comparison_figures(comparison: &ModelComparison) -> ComparisonFigures {
    ComparisonFigures {
        field: comparison.field.clone(),
        en: comparison.labels[0].clone(),
        zh: comparison.labels[1].clone(),
        comparator: comparison.comparator.clone(),
        levels: comparison.levels.iter().map(level_figures).collect(),
    }
}

/// The model's parameters in integers.
pub(super) fn model_figures(model: &ModelSummary) -> ModelFigures {
    ModelFigures {
        cut_millibits: model.cut.0,
        floor_millibits: model.floor.0,
        prior_millibits: model.prior.0,
        has_converged: model.has_converged,
        comparisons: model.comparisons.iter().map(comparison_figures).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ComparisonVector;
    use crate::model::RecordIndex;

    fn pair(millibits: i32) -> ScoredPair {
        ScoredPair {
            left: RecordIndex(0),
            right: RecordIndex(1),
            weight: MatchWeight(millibits),
            vector: ComparisonVector::default(),
            rule: 0,
        }
    }

    #[test]
    fn the_bin_of_the_cut_is_counted_on_both_sides() {
        let model = ModelSummary {
            cut: MatchWeight(1_500),
            floor: MatchWeight(-500),
            ..ModelSummary::default()
        };
        let got = weight_histogram(&[pair(-1), pair(1_499), pair(1_500), pair(1_999)], &model);
        let bins: Vec<_> = got
            .bins
            .iter()
            .map(|b| (b.from_bits, b.below_cut, b.at_cut))
            .collect();
        assert_eq!(bins, [(-1, 1, 0), (0, 0, 0), (1, 1, 2)]);
        assert_eq!((got.pairs, got.pairs_at_cut), (4, 2));
    }

    #[test]
    fn absurd_weights_land_in_the_outermost_bins() {
        let got = weight_histogram(&[pair(i32::MIN), pair(i32::MAX)], &ModelSummary::default());
        assert_eq!(got.bins.len(), 201);
        assert_eq!(per_trillion(f64::NAN), 0);
    }
}
