//! The model: what the pairs taught, as a file that can be read.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::MatchWeight;
use crate::score::population::Population;
use serde::Deserialize;
use serde::Serialize;

/// Version of the layout of `model.json`.
const SCHEMA_VERSION: u32 = 2;

/// One agreement level with its probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelModel {
    /// Label in English.
    pub level: String,
    /// P(level given match), `0.0..=1.0`.
    pub m: f64,
    /// P(level given two strangers), `0.0..=1.0`.
    pub u: f64,
    /// P(level given two different customers of one family or group of companies), `0.0..=1.0`.
    pub kin: f64,
    /// P(level given two different customers of one place, phone or agent), `0.0..=1.0`.
    pub neighbours: f64,
    /// `log2(m/u)` in thousandths of a bit.
    pub weight: i32,
    /// `log2(m/kin)` in thousandths of a bit.
    pub weight_kin: i32,
    /// `log2(m/neighbours)` in thousandths of a bit.
    pub weight_neighbours: i32,
    /// Is the weight against strangers taken from the frequency of the value that agrees, instead of from u?
    pub is_by_frequency: bool,
}

/// One comparison with its levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonModel {
    /// Name of the comparison.
    pub comparison: String,
    /// Levels from 0 up.
    pub levels: Vec<LevelModel>,
    /// Expected matches that m was learned from; 0 = no rule could teach this comparison and m is the default.
    pub matches_learned_from: f64,
    /// Expected pairs of kin that their shares were learned from; 0 = they are the default.
    pub kin_learned_from: f64,
    /// Expected pairs of neighbours that their shares were learned from; 0 = they are the default.
    pub neighbours_learned_from: f64,
}

/// What the pairs of one population taught.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PopulationModel {
    /// Persons or organisations.
    pub population: Population,
    /// P(match) of two random records.
    pub prior: f64,
    /// P(kin) of two random records.
    pub prior_kin: f64,
    /// P(neighbours) of two random records.
    pub prior_neighbours: f64,
    /// What calibration, by the other fields and by labels, adds to all prior weights, in bits.
    pub offset_bits: f64,
    /// Weight of two random records against strangers, in thousandths of a bit; with the offset, as the two below.
    pub prior_weight: i32,
    /// `log2` of matches over kin, in thousandths of a bit.
    pub prior_weight_kin: i32,
    /// `log2` of matches over neighbours, in thousandths of a bit.
    pub prior_weight_neighbours: i32,
    /// Comparisons in the order of the vector.
    pub comparisons: Vec<ComparisonModel>,
    /// Blocking rules that taught, with the expected share of matches among their pairs.
    pub taught_by: Vec<(String, f64)>,
}

/// What the pairs taught. Readable as `model.json`; frozen between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Version of this layout.
    pub schema_version: u32,
    /// The population of pairs without names.
    pub unnamed: Population,
    /// The populations that occur.
    pub populations: Vec<PopulationModel>,
    /// Records that it was learned from; 0 in models of older programs.
    #[serde(default, skip_serializing_if = "is_none")]
    pub records: u64,
    /// Largest number of EM rounds that a rule took.
    pub rounds: u32,
    /// Judged pairs that taught.
    #[serde(default, skip_serializing_if = "is_none")]
    pub labels: u64,
    /// Did EM converge for every rule within the limit of rounds?
    pub is_converged: bool,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Model {
    pub(super) fn new(unnamed: Population, populations: Vec<PopulationModel>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            unnamed,
            populations,
            records: 0,
            rounds: 0,
            labels: 0,
            is_converged: true,
        }
    }

    /// Was the model learned from fewer than `records_min` records, of which there are twice as many now? Such a file taught little,
    /// and its share of matches is not that of a larger one.
    pub fn is_outgrown(&self, records: usize, records_min: u64) -> bool {
        (1..records_min).contains(&self.records) && records as u64 / 2 >= self.records
    }

    /// Was the model learned for these comparisons, in this layout?
    pub fn fits(&self, specs: &[ComparisonSpec]) -> bool {
        let is_same = |(learned, spec): (&ComparisonModel, &ComparisonSpec)| {
            learned.comparison == spec.name && learned.levels.len() == spec.levels.len()
        };
        self.schema_version == SCHEMA_VERSION
            && !self.populations.is_empty()
            && self.populations.iter().all(|population| {
                population.comparisons.len() == specs.len()
                    && population.comparisons.iter().zip(specs).all(is_same)
            })
    }

    /// The model with the prior weights of its populations moved by an offset in bits each, in the order of
    /// [`Population::ALL`].
    #[must_use]
    pub fn moved_by(mut self, offsets: [f64; 2]) -> Self {
        for model in &mut self.populations {
            let bits = offsets[model.population.at()];
            let offset = MatchWeight::from_bits(bits).0;
            model.offset_bits += bits;
            model.prior_weight += offset;
            model.prior_weight_kin += offset;
            model.prior_weight_neighbours += offset;
        }
        self
    }

    /// The model of a population; that of the other one where this one did not occur.
    ///
    /// # Panics
    /// When the model has no population; [`Model::fits`] was asked before.
    pub fn of(&self, population: Population) -> &PopulationModel {
        self.populations
            .iter()
            .find(|model| model.population == population)
            .unwrap_or_else(|| &self.populations[0])
    }

    /// A comparison as the population that taught it best has it.
    pub fn best_taught(&self, comparison: usize) -> &ComparisonModel {
        let learned = self
            .populations
            .iter()
            .map(|population| &population.comparisons[comparison]);
        let best = |a: &&ComparisonModel, b: &&ComparisonModel| {
            a.matches_learned_from.total_cmp(&b.matches_learned_from)
        };
        learned.max_by(best).expect("a model has a population")
    }
}

impl PopulationModel {
    /// Weight of a level against strangers without regard to frequencies; zero for a missing value.
    pub fn level_weight(&self, comparison: usize, level: AgreementLevel) -> MatchWeight {
        let levels = &self.comparisons[comparison].levels;
        levels
            .get(level.at())
            .map_or(MatchWeight::ZERO, |level| MatchWeight(level.weight))
    }
}
