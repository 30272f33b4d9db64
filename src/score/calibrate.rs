//! Calibration: do the weights claim too much or too little?
//!
//! Every comparison is asked about the others (cross-field calibration). Take the pairs that were made without field f; let
//! x be the evidence of all other comparisons. If x claims a match with probability p, the levels of f must be those of
//! p matches and 1 - p others. Where they are not, evidence that the model takes for independent is not: fields that are
//! damaged together make true pairs look poorer than they are, fields that agree together make strangers look better. The
//! offset that explains the levels best is added to the prior. No labels are needed.
//!
//! In: a sample of candidate pairs with their vectors. Out: one offset a population, in bits. Counts are integers, so that
//! parts may be merged in any order.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::score::Settings;
use crate::score::model::Model;
use crate::score::population::Population;
use crate::score::weights::Weights;
use crate::table::CandidatePairs;

/// Parts of one pair in which the levels of the others are counted.
const UNIT: f64 = 1024.0;

/// Step of the offsets tried, in bits.
const OFFSET_STEP: f64 = 0.125;

/// What one comparison shows in one bin of evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Bin {
    /// Pairs at each level.
    seen: [u64; 16],
    /// What each level would be among pairs that are no match, in parts of a pair.
    others: [u64; 16],
}

/// Levels of every comparison by the evidence of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCounts {
    /// By population, then by comparison.
    bins: [Vec<Vec<Bin>>; 2],
}

/// What is asked, and of whom.
pub struct Asked<'a> {
    settings: &'a Settings,
    weights: &'a Weights<'a>,
    model: &'a Model,
    /// Per comparison, the rules that do not read its fields.
    free: Vec<u32>,
}

impl<'a> Asked<'a> {
    /// Asks every comparison; `rules` gives the fields that each blocking rule reads.
    pub fn new(
        settings: &'a Settings,
        weights: &'a Weights<'a>,
        model: &'a Model,
        specs: &[ComparisonSpec],
        rules: &[(&str, &[&str])],
    ) -> Self {
        let free_of = |spec: &ComparisonSpec| {
            let is_free = |fields: &[&str]| !spec.fields.iter().any(|field| fields.contains(field));
            let free = rules
                .iter()
                .enumerate()
                .filter(|(_, (_, fields))| is_free(fields));
            free.fold(0, |mask, (number, _)| mask | 1 << number)
        };
        Self {
            settings,
            weights,
            model,
            free: specs.iter().map(free_of).collect(),
        }
    }

    /// No pairs yet.
    pub fn none(&self) -> CrossCounts {
        let bins = 2 * self.settings.evidence_bits_max as usize;
        let none = vec![vec![Bin::default(); bins]; self.free.len()];
        CrossCounts {
            bins: [none.clone(), none],
        }
    }

    /// Counts one batch.
    pub fn count(&self, batch: &CandidatePairs, vectors: &[ComparisonVector]) -> CrossCounts {
        let mut counts = self.none();
        let bits_max = self.settings.evidence_bits_max as i32;
        for (at, &vector) in vectors.iter().enumerate() {
            let waterfall = self
                .weights
                .learned_waterfall(batch.left[at], batch.right[at], vector);
            let population = self.weights.population(vector);
            for (comparison, free) in self.free.iter().enumerate() {
                let level = vector.level(comparison);
                if level == AgreementLevel::NULL || batch.rules[at] & free == 0 {
                    continue;
                }
                let rest = waterfall.without(comparison);
                let bit = rest.total().0.div_euclid(1000) + bits_max;
                if !(0..2 * bits_max).contains(&bit) {
                    continue;
                }
                let bin = &mut counts.bins[population.at()][comparison][bit as usize];
                bin.seen[level.at()] += 1;
                let [strangers, kin, neighbours] = rest.shares_of_others();
                let levels = &self.model.of(population).comparisons[comparison].levels;
                for (sum, level) in bin.others.iter_mut().zip(levels) {
                    let share = strangers * level.u + kin * level.kin + neighbours * level.neighbours;
                    *sum += (share * UNIT) as u64;
                }
            }
        }
        counts
    }
}

impl CrossCounts {
    /// Adds the counts of another part.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        let own = self.bins.iter_mut().flatten().flatten();
        for (own, other) in own.zip(other.bins.iter().flatten().flatten()) {
            for level in 0..16 {
                own.seen[level] += other.seen[level];
                own.others[level] += other.others[level];
            }
        }
        self
    }

    /// The offset in bits that explains the levels of a population best; 0 when too few pairs speak.
    pub fn offset(&self, settings: &Settings, model: &Model, population: Population) -> f64 {
        let comparisons = &model.of(population).comparisons;
        let asked: Vec<(&[Bin], Vec<f64>)> = self.bins[population.at()]
            .iter()
            .zip(comparisons)
            .filter(|(bins, _)| bins.iter().flat_map(|bin| bin.seen).sum::<u64>() >= settings.asked_pairs_min)
            .map(|(bins, learned)| (&bins[..], learned.levels.iter().map(|level| level.m).collect()))
            .collect();
        let steps = (settings.offset_bits_max / OFFSET_STEP) as i32;
        let likelihood =
            |offset: f64| -> f64 { asked.iter().map(|(bins, m)| likelihood(bins, m, offset)).sum() };
        let mut best = (0.0, likelihood(0.0));
        for step in (-steps..=steps).filter(|step| *step != 0) {
            let offset = f64::from(step) * OFFSET_STEP;
            let found = likelihood(offset);
            if found > best.1 {
                best = (offset, found);
            }
        }
        best.0
    }
}

/// Log-likelihood of the levels of one comparison when all evidence is moved by `offset` bits.
fn likelihood(bins: &[Bin], m: &[f64], offset: f64) -> f64 {
    let mut sum = 0.0;
    for (number, bin) in bins.iter().enumerate() {
        let pairs: u64 = bin.seen.iter().sum();
        if pairs == 0 {
            continue;
        }
        let bits = number as f64 - bins.len() as f64 / 2.0 + 0.5 + offset;
        let p = MatchWeight::from_bits(bits).probability();
        let others: u64 = bin.others[..m.len()].iter().sum();
        for (level, m) in m.iter().enumerate() {
            let other = bin.others[level] as f64 / others as f64;
            sum += bin.seen[level] as f64 * libm::log(p * m + (1.0 - p) * other + 1e-9);
        }
    }
    sum
}
