//! Weights of pairs: a model bound to the frequencies of the records' values.
//!
//! A pair is weighed against strangers, against kin and against neighbours, and the three together give its odds:
//! `W = -log2(2^-S + 2^-K + 2^-N)`, nearly the smallest of them. So a phone, a house and a family name that agree lift a
//! pair far above strangers, and not above a brother.
//!
//! Two persons of wholly different names, for whom no value of their own speaks (a birth date, an identifier), may be people of
//! one household. Files teach little of these, so they are taken to be at least as common as matches, and calibration, which
//! asks all pairs, does not lift them: shared contacts must make up for the names against that.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::em::CIRCLES;
use crate::score::model::Model;
use crate::score::model::PopulationModel;
use crate::score::population::Population;
use crate::score::population::Populations;
use crate::score::terms::Frequencies;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Weights by level.
type ByLevel<T> = Vec<[T; 16]>;

/// The weights of one population.
struct Table {
    prior: MatchWeight,
    /// Of kin and of neighbours.
    prior_circles: [MatchWeight; CIRCLES],
    /// Per comparison and level, `log2(m/u)`.
    plain: ByLevel<MatchWeight>,
    /// Per comparison and level, `log2(m)` and the term, where the frequency sets the weight.
    by_term: ByLevel<Option<(usize, MatchWeight)>>,
    /// Per comparison and level, the weights against kin and against neighbours; `None` where both are as strangers are.
    circles: Vec<Option<[[MatchWeight; CIRCLES]; 16]>>,
    /// Per comparison and level, the most it weighs against kin, who share such values more often than strangers do.
    kin_max: ByLevel<Option<MatchWeight>>,
    /// Prior against people of one household; never above even odds, nor lifted by calibration.
    prior_household: MatchWeight,
}

/// A model bound to the terms of the records: ready to score.
pub struct Weights<'a> {
    populations: Populations,
    tables: [Table; 2],
    frequencies: &'a Frequencies,
    /// Per comparison and level, the most that it weighs in any population without regard to frequency.
    plain_max: ByLevel<MatchWeight>,
    /// What frequencies can make of them.
    by_term_max: Vec<TermMax>,
}

/// The levels of one comparison that weigh by one term.
struct TermMax {
    comparison: usize,
    term: usize,
    /// Levels, and the largest `log2(m)` of any population.
    levels: Vec<(usize, MatchWeight)>,
}

/// The weights that make up a pair's weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waterfall {
    /// Weight of two random records against strangers.
    pub prior: MatchWeight,
    /// Weight of each comparison against strangers; zero where a value is missing.
    pub comparisons: [MatchWeight; ComparisonVector::WIDTH_MAX],
    /// The same weights against kin and against neighbours.
    pub circles: [CircleWaterfall; CIRCLES],
    /// Are the neighbours the people of one household, who are at least as common as matches?
    pub is_household: bool,
}

/// Weights against kin or neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircleWaterfall {
    /// `log2` of matches over pairs of this kind.
    pub prior: MatchWeight,
    /// Weight of each comparison; zero where a value is missing.
    pub comparisons: [MatchWeight; ComparisonVector::WIDTH_MAX],
}

impl CircleWaterfall {
    /// The pair's weight against this kind.
    pub fn total(&self) -> MatchWeight {
        self.prior + self.comparisons.iter().copied().sum()
    }
}

impl Waterfall {
    /// The pair's weight against strangers.
    pub fn against_strangers(&self) -> MatchWeight {
        self.prior + self.comparisons.iter().copied().sum()
    }

    /// The same without one comparison.
    #[must_use]
    pub(super) fn without(mut self, comparison: usize) -> Self {
        self.comparisons[comparison] = MatchWeight::ZERO;
        for circle in &mut self.circles {
            circle.comparisons[comparison] = MatchWeight::ZERO;
        }
        self
    }

    /// Shares of strangers, kin and neighbours among pairs of this evidence that are no match.
    pub(super) fn shares_of_others(&self) -> [f64; 3] {
        let [kin, neighbours] = self.circles.map(|circle| circle.total());
        let weights = [self.against_strangers(), kin, neighbours];
        let least = weights.into_iter().min().unwrap_or_default();
        let odds = weights.map(|weight| libm::exp2((least - weight).bits()));
        let sum: f64 = odds.iter().sum();
        odds.map(|odds| odds / sum)
    }

    /// The pair's weight.
    pub fn total(&self) -> MatchWeight {
        together(
            self.against_strangers(),
            self.circles.map(|circle| circle.total()),
        )
    }
}

/// Step of the table of corrections, in thousandths of a bit.
const CORRECTION_STEP: i32 = 8;

/// `log2(1 + 2^-d)` in thousandths of a bit, by d in steps; 0 beyond the table.
static CORRECTIONS: LazyLock<Vec<i32>> = LazyLock::new(|| {
    (0..1_500)
        .map(|step| {
            let bits = f64::from(step * CORRECTION_STEP) / 1000.0;
            MatchWeight::from_bits(libm::log2(1.0 + libm::exp2(-bits))).0
        })
        .collect()
});

/// `-log2(2^-a + 2^-b)`.
fn both(a: MatchWeight, b: MatchWeight) -> MatchWeight {
    let apart = a.0.abs_diff(b.0) as usize / CORRECTION_STEP as usize;
    a.min(b) - MatchWeight(CORRECTIONS.get(apart).copied().unwrap_or(0))
}

fn together(strangers: MatchWeight, [kin, neighbours]: [MatchWeight; CIRCLES]) -> MatchWeight {
    both(strangers, both(kin, neighbours))
}

impl<'a> Weights<'a> {
    /// Binds `model` to the frequencies of the records' values.
    pub fn new(model: &Model, specs: &[ComparisonSpec], frequencies: &'a Frequencies) -> Self {
        let tables = Population::ALL.map(|population| Table::new(model.of(population), specs));
        Self {
            populations: Populations::new(specs, model.unnamed),
            plain_max: plain_max(&tables),
            by_term_max: by_term_max(&tables),
            tables,
            frequencies,
        }
    }

    /// The most that a pair weighs before its comparisons.
    pub fn prior(&self) -> MatchWeight {
        self.tables[0].prior.max(self.tables[1].prior)
    }

    /// The most that each level of each comparison can weigh for the pairs of `left`, or of any record: kin and neighbours
    /// only take off, and a weight by frequency is at most that of the rarest value. Entries beyond the comparisons stay as
    /// they are.
    pub fn upper(&self, left: Option<RecordIndex>, upper: &mut [[MatchWeight; 16]]) {
        for (upper, plain) in upper.iter_mut().zip(&self.plain_max) {
            *upper = *plain;
        }
        for of in &self.by_term_max {
            let Some(upper) = upper.get_mut(of.comparison) else {
                continue;
            };
            if let Some(rarest) = self.frequencies.rarest(of.comparison, of.term, left) {
                for &(level, log_m) in &of.levels {
                    upper[level] = upper[level].max(log_m + rarest);
                }
            }
        }
    }

    /// The population of a pair.
    pub fn population(&self, vector: ComparisonVector) -> Population {
        self.populations.of(vector)
    }

    /// Weight of a pair.
    pub fn weight(&self, left: RecordIndex, right: RecordIndex, vector: ComparisonVector) -> MatchWeight {
        let table = &self.tables[self.populations.of(vector).at()];
        let is_household = self.is_household(table, left, right, vector);
        let mut strangers = table.prior;
        let [mut kin, mut neighbours] = table.priors_of_circles(is_household);
        for comparison in 0..table.plain.len() {
            let level = vector.level(comparison);
            if level == AgreementLevel::NULL {
                continue;
            }
            let weight = self.comparison_weight(table, comparison, left, right, level);
            strangers += weight;
            let [of_kin, of_neighbours] = table.weights_of_circles(comparison, level, weight);
            kin += of_kin;
            neighbours += of_neighbours;
        }
        together(strangers, [kin, neighbours])
    }

    /// The weights that make up a pair's weight.
    pub fn waterfall(&self, left: RecordIndex, right: RecordIndex, vector: ComparisonVector) -> Waterfall {
        let table = &self.tables[self.populations.of(vector).at()];
        let is_household = self.is_household(table, left, right, vector);
        self.waterfall_with(left, right, vector, is_household)
    }

    /// The weights that the kinds give as they were learned, without regard to households: what one comparison shows must
    /// not depend on the level of another.
    pub(super) fn learned_waterfall(
        &self,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
    ) -> Waterfall {
        self.waterfall_with(left, right, vector, false)
    }

    fn waterfall_with(
        &self,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
        is_household: bool,
    ) -> Waterfall {
        let table = &self.tables[self.populations.of(vector).at()];
        let none = [MatchWeight::ZERO; ComparisonVector::WIDTH_MAX];
        let mut waterfall = Waterfall {
            prior: table.prior,
            comparisons: none,
            circles: table
                .priors_of_circles(is_household)
                .map(|prior| CircleWaterfall {
                    prior,
                    comparisons: none,
                }),
            is_household,
        };
        for comparison in 0..table.plain.len() {
            let level = vector.level(comparison);
            if level != AgreementLevel::NULL {
                let weight = self.comparison_weight(table, comparison, left, right, level);
                waterfall.comparisons[comparison] = weight;
                let of_circles = table.weights_of_circles(comparison, level, weight);
                for (circle, weight) in waterfall.circles.iter_mut().zip(of_circles) {
                    circle.comparisons[comparison] = weight;
                }
            }
        }
        waterfall
    }

    /// Are the two persons of wholly different names, for whom no value of their own speaks?
    fn is_household(
        &self,
        table: &Table,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
    ) -> bool {
        if !self.populations.are_names_apart(vector) {
            return false;
        }
        let own = (0..table.plain.len()).filter(|&at| table.circles[at].is_none());
        let known = own.filter(|&at| vector.level(at) != AgreementLevel::NULL);
        let weight = |at| self.comparison_weight(table, at, left, right, vector.level(at));
        known.map(weight).sum::<MatchWeight>() <= MatchWeight::ZERO
    }

    fn comparison_weight(
        &self,
        table: &Table,
        comparison: usize,
        left: RecordIndex,
        right: RecordIndex,
        level: AgreementLevel,
    ) -> MatchWeight {
        let plain = table.plain[comparison][level.at()];
        let Some((term, log_m)) = table.by_term[comparison][level.at()] else {
            return plain;
        };
        let rarity = self.frequencies.rarity(comparison, term, left, right);
        rarity.map_or(plain, |rarity| log_m + rarity)
    }
}

/// For every comparison and level the larger of the populations' weights.
fn plain_max(tables: &[Table; 2]) -> ByLevel<MatchWeight> {
    let [a, b] = tables.each_ref().map(|table| &table.plain);
    let larger = |(a, b): (&[MatchWeight; 16], &[MatchWeight; 16])| {
        std::array::from_fn(|level| a[level].max(b[level]))
    };
    a.iter().zip(b).map(larger).collect()
}

/// The levels that weigh by a term, with the largest `log2(m)` of the populations.
fn by_term_max(tables: &[Table; 2]) -> Vec<TermMax> {
    let mut all: BTreeMap<(usize, usize), BTreeMap<usize, MatchWeight>> = BTreeMap::new();
    for (comparison, levels) in tables.iter().flat_map(|table| table.by_term.iter().enumerate()) {
        for (level, by_term) in levels.iter().enumerate() {
            if let Some((term, log_m)) = *by_term {
                let levels = all.entry((comparison, term)).or_default();
                let most = levels.entry(level).or_insert(log_m);
                *most = (*most).max(log_m);
            }
        }
    }
    let term_max = |((comparison, term), levels): (_, BTreeMap<usize, MatchWeight>)| TermMax {
        comparison,
        term,
        levels: levels.into_iter().collect(),
    };
    all.into_iter().map(term_max).collect()
}

impl Table {
    fn new(model: &PopulationModel, specs: &[ComparisonSpec]) -> Self {
        let lifted = MatchWeight::from_bits(model.offset_bits.max(0.0));
        let mut table = Self {
            prior: MatchWeight(model.prior_weight),
            prior_circles: [model.prior_weight_kin, model.prior_weight_neighbours].map(MatchWeight),
            plain: vec![[MatchWeight::ZERO; 16]; specs.len()],
            by_term: vec![[None; 16]; specs.len()],
            circles: vec![None; specs.len()],
            kin_max: vec![[None; 16]; specs.len()],
            prior_household: (MatchWeight(model.prior_weight_neighbours) - lifted).min(MatchWeight::ZERO),
        };
        for (at, (spec, learned)) in specs.iter().zip(&model.comparisons).enumerate() {
            for (level, (level_spec, level_model)) in spec.levels.iter().zip(&learned.levels).enumerate() {
                table.plain[at][level] = MatchWeight(level_model.weight);
                if let Some(term) = level_spec.term {
                    let log_m = MatchWeight::from_bits(libm::log2(level_model.m));
                    table.by_term[at][level] = Some((term, log_m));
                }
                let of_kin = MatchWeight(level_model.weight_kin);
                table.kin_max[at][level] = level_spec.kin_bits.map(|_| of_kin);
                if !spec.is_own {
                    let weights = table.circles[at].get_or_insert([[MatchWeight::ZERO; CIRCLES]; 16]);
                    weights[level] = [level_model.weight_kin, level_model.weight_neighbours].map(MatchWeight);
                }
            }
        }
        table
    }

    /// What a level that weighs `weight` against strangers weighs against kin and against neighbours.
    #[inline]
    fn weights_of_circles(
        &self,
        comparison: usize,
        level: AgreementLevel,
        weight: MatchWeight,
    ) -> [MatchWeight; CIRCLES] {
        match &self.circles[comparison] {
            Some(weights) => weights[level.at()],
            None => {
                let most = self.kin_max[comparison][level.at()];
                [most.map_or(weight, |most| weight.min(most)), weight]
            }
        }
    }

    /// Priors against kin and neighbours, or the people of one household in place of these: never more, so that upper bounds
    /// stay true.
    fn priors_of_circles(&self, is_household: bool) -> [MatchWeight; CIRCLES] {
        let [kin, neighbours] = self.prior_circles;
        [
            kin,
            if is_household {
                self.prior_household
            } else {
                neighbours
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_as_common_as_matches_and_calibration_does_not_lift_it() {
        let table = |neighbours: i32, offset_bits: f64| {
            let model = PopulationModel {
                population: Population::Persons,
                prior: 0.001,
                prior_kin: 0.001,
                prior_neighbours: 0.001,
                offset_bits,
                prior_weight: -7_000,
                prior_weight_kin: 1_000,
                prior_weight_neighbours: neighbours,
                comparisons: Vec::new(),
                taught_by: Vec::new(),
            };
            Table::new(&model, &[])
        };
        for (neighbours, offset, household) in [
            (15_000, 1.25, 0),
            (1_000, 1.25, -250),
            (-2_000, 1.0, -3_000),
            (-2_000, -1.0, -2_000),
        ] {
            let table = table(neighbours, offset);
            let expected = [1_000, household].map(MatchWeight);
            assert_eq!(table.priors_of_circles(true), expected);
            assert_eq!(
                table.priors_of_circles(false),
                [1_000, neighbours].map(MatchWeight)
            );
        }
    }

    #[test]
    fn odds_against_both_kinds_are_nearly_the_smaller_ones() {
        let bits = |a: f64, b: f64| both(MatchWeight::from_bits(a), MatchWeight::from_bits(b)).bits();
        assert!((bits(3.0, 3.0) - 2.0).abs() < 0.01);
        assert!((bits(25.0, -4.0) + 4.0).abs() < 0.01);
        assert!((bits(-30.0, 2.0) + 30.0).abs() < 0.01);
        assert_eq!(bits(1.0, 2.5), bits(2.5, 1.0));
    }
}
