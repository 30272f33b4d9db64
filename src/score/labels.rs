//! What judged pairs teach: known pairs for EM, and where the odds are really even.
//!
//! In: labelled pairs with their vectors and weights, and the weights of the candidate pairs. Out: [`KnownPair`]s for training
//! and an offset in bits. Labels are drawn where someone looked, mostly near the cut, so a label stands for the candidates of
//! its weight: it counts as many as there are candidates of that weight for each label (inverse probability weighting,
//! Horvitz and Thompson 1952), held below a limit. The offset is a logistic regression of the verdict on the weight, which
//! needs no such care: it is conditional on the weight. It is shrunk towards what calibration without labels says. What
//! clusters make of a verdict is decided by `pipeline`.

use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::Settings;
use crate::score::population::Population;
use crate::score::weights::Weights;
use crate::table::CandidatePairs;
use std::f64::consts::LN_2;

/// Width of a bin of weights, in thousandths of a bit.
const BIN: i32 = 2_000;

/// Bins on both sides of zero; beyond 40 bits all pairs are alike.
const BINS_MAX: i32 = 20;

/// Rounds of Newton's method; the likelihood is concave and the start near.
const ROUNDS_MAX: u32 = 30;

/// Bits that a pair of the prior lies away from even odds: the usual distance of those that are asked about.
const PRIOR_SPREAD_BITS: f64 = 4.0;

/// A pair that someone has judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledPair {
    /// The smaller record.
    pub left: RecordIndex,
    /// The larger record.
    pub right: RecordIndex,
    /// Levels of the pair.
    pub vector: ComparisonVector,
    /// Are the two one customer?
    pub is_same: bool,
}

/// A pair whose kind EM is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownPair {
    /// Levels of the pair.
    pub vector: ComparisonVector,
    /// Is it a match?
    pub is_same: bool,
    /// Pairs without a label that it counts as.
    pub pairs: f64,
}

/// Candidate pairs by their weight. Merging commutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightCounts {
    bins: Vec<u64>,
}

impl Default for WeightCounts {
    fn default() -> Self {
        Self {
            bins: vec![0; 2 * BINS_MAX as usize],
        }
    }
}

fn bin(weight: MatchWeight) -> usize {
    (weight.0.div_euclid(BIN).clamp(-BINS_MAX, BINS_MAX - 1) + BINS_MAX) as usize
}

impl WeightCounts {
    /// Counts one batch.
    pub fn partial(weights: &Weights, batch: &CandidatePairs, vectors: &[ComparisonVector]) -> Self {
        let mut counts = Self::default();
        for (at, &vector) in vectors.iter().enumerate() {
            counts.bins[bin(weights.weight(batch.left[at], batch.right[at], vector))] += 1;
        }
        counts
    }

    /// Adds the counts of another part.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        for (own, other) in self.bins.iter_mut().zip(&other.bins) {
            *own += other;
        }
        self
    }
}

/// Labelled pairs as EM is told of them: matches and others each count `settings.label_pairs` on average and at most.
pub fn known_pairs(
    settings: &Settings,
    weights: &Weights,
    labels: &[LabelledPair],
    candidates: &WeightCounts,
) -> Vec<KnownPair> {
    let bins: Vec<usize> = labels
        .iter()
        .map(|label| bin(weight_of(weights, label)))
        .collect();
    let mut labels_in = vec![0u64; 2 * BINS_MAX as usize];
    bins.iter().for_each(|&bin| labels_in[bin] += 1);
    // A label beyond what blocking makes stands for itself.
    let stands_for = |bin: usize| candidates.bins[bin].max(1) as f64 / labels_in[bin] as f64;
    let mean = |is_same: bool| {
        let own = labels
            .iter()
            .zip(&bins)
            .filter(|(label, _)| label.is_same == is_same);
        let (count, sum) = own.fold((0.0, 0.0), |(count, sum), (_, &bin)| {
            (count + 1.0, sum + stands_for(bin))
        });
        if count > 0.0 { sum / count } else { 1.0 }
    };
    let means = [mean(false), mean(true)];
    let known = |(label, &bin): (&LabelledPair, &usize)| KnownPair {
        vector: label.vector,
        is_same: label.is_same,
        pairs: settings.label_pairs * (stands_for(bin) / means[usize::from(label.is_same)]).min(1.0),
    };
    labels.iter().zip(&bins).map(known).collect()
}

/// By how many bits all weights of a population must move so that verdicts are even at zero, shrunk towards none.
pub fn label_offset(
    settings: &Settings,
    weights: &Weights,
    labels: &[LabelledPair],
    population: Population,
) -> f64 {
    let own = labels
        .iter()
        .filter(|label| weights.population(label.vector) == population);
    let judged: Vec<(f64, bool)> = own
        .map(|label| (weight_of(weights, label).bits(), label.is_same))
        .collect();
    let limit = settings.offset_bits_max;
    even_odds(settings.label_offset_prior, &judged).clamp(-limit, limit)
}

fn weight_of(weights: &Weights, label: &LabelledPair) -> MatchWeight {
    weights.weight(label.left, label.right, label.vector)
}

/// Bits to be added to the weights: the most likely place of even odds, with a prior worth `prior` labels that it is zero and
/// that a bit is worth a bit.
fn even_odds(prior: f64, judged: &[(f64, bool)]) -> f64 {
    if judged.is_empty() {
        return 0.0;
    }
    // log2 odds = slope * (weight / spread) + offset; both in units that make the prior round.
    let information = 0.25 * LN_2 * LN_2;
    let precision = [
        prior.max(1e-3) * information,
        prior.max(1e-3) * information * PRIOR_SPREAD_BITS * PRIOR_SPREAD_BITS,
    ];
    let (mut offset, mut slope) = (0.0_f64, 1.0_f64);
    for _ in 0..ROUNDS_MAX {
        let mut gradient = [-precision[0] * offset, -precision[1] * (slope - 1.0)];
        let mut hessian = [precision[0], 0.0, precision[1]];
        for &(bits, is_same) in judged {
            let odds = (slope * bits + offset).clamp(-60.0, 60.0);
            let p = MatchWeight::from_bits(odds).probability();
            let error = LN_2 * (f64::from(u8::from(is_same)) - p);
            let spread = LN_2 * LN_2 * p * (1.0 - p);
            gradient[0] += error;
            gradient[1] += error * bits;
            hessian[0] += spread;
            hessian[1] += spread * bits;
            hessian[2] += spread * bits * bits;
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let step = [
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        ];
        // Far verdicts make the first steps too long.
        offset += step[0].clamp(-4.0, 4.0);
        slope = (slope + step[1].clamp(-0.5, 0.5)).clamp(0.1, 4.0);
        if step[0].abs() < 1e-6 && step[1].abs() < 1e-6 {
            break;
        }
    }
    offset / slope
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Verdicts whose odds are even at `even` bits: as many as the odds say, at every whole bit.
    fn judged(even: f64) -> Vec<(f64, bool)> {
        let mut judged = Vec::new();
        for bits in -8..=8 {
            let p = MatchWeight::from_bits(f64::from(bits) - even).probability();
            let same = (p * 20.0).round() as usize;
            judged.extend((0..20).map(|at| (f64::from(bits), at < same)));
        }
        judged
    }

    #[test]
    fn the_place_of_even_odds_is_found_and_shrunk() {
        for even in [-3.0, 0.0, 2.0] {
            let found = even_odds(30.0, &judged(even));
            assert!((found + even).abs() < 0.8, "{even}: {found}");
            assert!(found.abs() <= even.abs() + 0.1, "{even}: {found}");
        }
        assert!(even_odds(1e9, &judged(3.0)).abs() < 0.01);
        assert_eq!(even_odds(30.0, &[]), 0.0);
    }

    #[test]
    fn one_sided_and_far_verdicts_do_not_run_away() {
        let all_same: Vec<(f64, bool)> = (-2..40).map(|bits| (f64::from(bits), true)).collect();
        let found = even_odds(30.0, &all_same);
        assert!((0.0..4.0).contains(&found), "{found}");
        let mut slip = judged(0.0);
        slip.extend([(-40.0, true), (60.0, false)]);
        let found = even_odds(30.0, &slip);
        assert!(found.abs() < 1.0, "{found}");
    }
}
