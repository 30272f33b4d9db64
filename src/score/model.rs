//! The model: probabilities and weights of every level, and the frequencies of every term.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::terms::Frequencies;
use serde::Deserialize;
use serde::Serialize;

/// One agreement level with its probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelModel {
    /// Label in English.
    pub level: String,
    /// P(level given match), `0.0..=1.0`.
    pub m: f64,
    /// P(level given non-match), `0.0..=1.0`.
    pub u: f64,
    /// P(level given non-match) among pairs that share a value with other names (a family's house, an agent's phone);
    /// only for comparisons of the customer's name, and only when enough such pairs taught it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u_sharing: Option<f64>,
    /// `log2(m/u)` in thousandths of a bit.
    pub weight: i32,
    /// Is the weight taken from the frequency of the value that agrees, instead of from u?
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
}

/// What the pairs taught. Readable as `model.json`; frozen between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Version of this layout.
    pub schema_version: u32,
    /// P(match) of two random records.
    pub prior: f64,
    /// Prior weight in thousandths of a bit.
    pub prior_weight: i32,
    /// Comparisons in the order of the vector.
    pub comparisons: Vec<ComparisonModel>,
    /// Largest number of EM rounds that a rule took.
    pub rounds: u32,
    /// Did EM converge for every rule within the limit of rounds?
    pub is_converged: bool,
    /// Blocking rules that taught, with the expected share of matches among their pairs.
    pub taught_by: Vec<(String, f64)>,
}

impl Model {
    /// Weight of a level without regard to frequencies; zero for a missing value.
    pub fn level_weight(&self, comparison: usize, level: AgreementLevel) -> MatchWeight {
        let levels = &self.comparisons[comparison].levels;
        levels
            .get(level.at())
            .map_or(MatchWeight::ZERO, |level| MatchWeight(level.weight))
    }
}

/// A model bound to the terms of the records: ready to score.
pub struct Weights<'a> {
    prior: MatchWeight,
    /// Per comparison and level, the plain weight.
    plain: Vec<[MatchWeight; 16]>,
    /// Per comparison and level, `log2(m)` and the term, where the frequency sets the weight.
    by_term: Vec<[Option<(usize, MatchWeight)>; 16]>,
    /// Per comparison and level, the weight among pairs that share a value with other names.
    sharing: Vec<Option<[MatchWeight; 16]>>,
    frequencies: &'a Frequencies,
}

/// The weights that make up a pair's weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waterfall {
    /// Weight of two random records.
    pub prior: MatchWeight,
    /// Weight of each comparison; zero where a value is missing.
    pub comparisons: [MatchWeight; ComparisonVector::WIDTH_MAX],
    /// What is taken off because the agreeing phone, e-mail or house is shared by several names and speaks once only.
    pub sharing: MatchWeight,
    /// Different names that share the value; 0 when it is not shared.
    pub sharing_names: u32,
}

impl Waterfall {
    /// The pair's weight.
    pub fn total(&self) -> MatchWeight {
        self.prior + self.comparisons.iter().copied().sum() + self.sharing
    }
}

impl<'a> Weights<'a> {
    /// Binds `model` to the frequencies of the records' values.
    pub fn new(model: &Model, specs: &[ComparisonSpec], frequencies: &'a Frequencies) -> Self {
        let mut plain = vec![[MatchWeight::ZERO; 16]; specs.len()];
        let mut by_term = vec![[None; 16]; specs.len()];
        let mut sharing = vec![None; specs.len()];
        for (at, (spec, learned)) in specs.iter().zip(&model.comparisons).enumerate() {
            for (level, (level_spec, level_model)) in spec.levels.iter().zip(&learned.levels).enumerate() {
                plain[at][level] = MatchWeight(level_model.weight);
                if let Some(term) = level_spec.term {
                    by_term[at][level] = Some((term, MatchWeight::from_bits(libm::log2(level_model.m))));
                }
                if let Some(u) = level_model.u_sharing {
                    let weights = sharing[at].get_or_insert([MatchWeight::ZERO; 16]);
                    weights[level] = MatchWeight::from_probabilities(level_model.m, u);
                }
            }
        }
        Self {
            prior: MatchWeight(model.prior_weight),
            plain,
            by_term,
            sharing,
            frequencies,
        }
    }

    /// Weight of a pair.
    pub fn weight(&self, left: RecordIndex, right: RecordIndex, vector: ComparisonVector) -> MatchWeight {
        self.waterfall(left, right, vector).total()
    }

    /// Weight of every pair before its comparisons.
    pub fn prior(&self) -> MatchWeight {
        self.prior
    }

    /// The most that each level of each comparison can weigh for the pairs of `left`, or of any record: a weight by frequency
    /// is at most that of the rarest value. Entries beyond the comparisons stay as they are.
    pub fn upper(&self, left: Option<RecordIndex>, upper: &mut [[MatchWeight; 16]]) {
        for (comparison, upper) in upper.iter_mut().enumerate().take(self.plain.len()) {
            upper.copy_from_slice(&self.plain[comparison]);
            let mut known: Option<(usize, Option<MatchWeight>)> = None;
            for (level, upper) in upper.iter_mut().enumerate() {
                if let Some((term, log_m)) = self.by_term[comparison][level] {
                    // Neighbouring levels mostly have one term.
                    let rarest = match known {
                        Some((of, rarest)) if of == term => rarest,
                        _ => self.frequencies.rarest(comparison, term, left),
                    };
                    known = Some((term, rarest));
                    *upper = rarest.map_or(*upper, |rarest| (*upper).max(log_m + rarest));
                }
                if let Some(sharing) = &self.sharing[comparison] {
                    *upper = (*upper).max(sharing[level]);
                }
            }
        }
    }

    /// The weights that make up a pair's weight.
    ///
    /// A phone, e-mail or house that k different names carry is evidence for the circle of its carriers, not for one of
    /// them: all such agreement together lifts the pair at most to odds of 1 to k, and names are then judged against
    /// non-matches of the same circle.
    pub fn waterfall(&self, left: RecordIndex, right: RecordIndex, vector: ComparisonVector) -> Waterfall {
        let names = self.frequencies.sharing_names(left, right, vector);
        let mut waterfall = Waterfall {
            prior: self.prior,
            comparisons: [MatchWeight::ZERO; ComparisonVector::WIDTH_MAX],
            sharing: MatchWeight::ZERO,
            sharing_names: names.unwrap_or(0),
        };
        let mut circle = MatchWeight::ZERO;
        for comparison in 0..self.plain.len() {
            let level = vector.level(comparison);
            if level == AgreementLevel::NULL {
                continue;
            }
            let weight = match (&self.sharing[comparison], names) {
                (Some(weights), Some(_)) => weights[level.at()],
                _ => self.comparison_weight(comparison, left, right, level),
            };
            waterfall.comparisons[comparison] = weight;
            if names.is_some()
                && self
                    .frequencies
                    .names_of(comparison, left, right, vector)
                    .is_some()
            {
                circle += weight;
            }
        }
        if let Some(names) = names {
            let odds = MatchWeight::from_bits(libm::log2(f64::from(names)));
            let most = (-self.prior - odds).max(MatchWeight::ZERO);
            waterfall.sharing = (most - circle).min(MatchWeight::ZERO);
        }
        waterfall
    }

    fn comparison_weight(
        &self,
        comparison: usize,
        left: RecordIndex,
        right: RecordIndex,
        level: AgreementLevel,
    ) -> MatchWeight {
        let plain = self.plain[comparison][level.at()];
        let Some((term, log_m)) = self.by_term[comparison][level.at()] else {
            return plain;
        };
        let rarity = self.frequencies.rarity(comparison, term, left, right);
        rarity.map_or(plain, |rarity| log_m + rarity)
    }
}
