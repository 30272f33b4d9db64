//! The model: probabilities and weights of every level, and the frequencies of every term.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::TermColumn;
use crate::table::Terms;
use serde::Deserialize;
use serde::Serialize;

/// Most bits that the rarity of one value may give; beyond it the count says more about the file than about the value.
const TERM_BITS_MAX: f64 = 24.0;

/// One agreement level with its probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelModel {
    /// Label in English.
    pub level: String,
    /// P(level given match), `0.0..=1.0`.
    pub m: f64,
    /// P(level given non-match), `0.0..=1.0`.
    pub u: f64,
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

/// Weights of one term's values.
#[derive(Debug, Clone)]
struct TermWeights {
    /// Per code, `-log2(frequency)` in thousandths of a bit.
    rarity: Vec<MatchWeight>,
}

/// A model bound to the terms of the records: ready to score.
pub struct Weights<'a> {
    prior: MatchWeight,
    /// Per comparison and level, the plain weight.
    plain: Vec<[MatchWeight; 16]>,
    /// Per comparison and level, `log2(m)` and the term, where the frequency sets the weight.
    by_term: Vec<[Option<(usize, MatchWeight)>; 16]>,
    rarity: Vec<Vec<TermWeights>>,
    terms: &'a Terms,
}

impl<'a> Weights<'a> {
    /// Binds `model` to the terms of the records.
    pub fn new(model: &Model, specs: &[ComparisonSpec], terms: &'a Terms) -> Self {
        let mut plain = vec![[MatchWeight::ZERO; 16]; specs.len()];
        let mut by_term = vec![[None; 16]; specs.len()];
        for (at, (spec, learned)) in specs.iter().zip(&model.comparisons).enumerate() {
            for (level, (level_spec, level_model)) in spec.levels.iter().zip(&learned.levels).enumerate() {
                plain[at][level] = MatchWeight(level_model.weight);
                if let Some(term) = level_spec.term {
                    by_term[at][level] = Some((term, MatchWeight::from_bits(libm::log2(level_model.m))));
                }
            }
        }
        let rarity = specs
            .iter()
            .zip(&terms.columns)
            .map(|(spec, columns)| {
                columns
                    .iter()
                    .map(|column| term_weights(spec, column, &terms.name_of))
                    .collect()
            })
            .collect();
        Self {
            prior: MatchWeight(model.prior_weight),
            plain,
            by_term,
            rarity,
            terms,
        }
    }

    /// Weight of a pair: the prior weight plus the weight of every comparison.
    pub fn weight(&self, left: RecordIndex, right: RecordIndex, vector: ComparisonVector) -> MatchWeight {
        let comparisons = (0..self.plain.len()).map(|at| self.comparison_weight(at, left, right, vector));
        self.prior + comparisons.sum()
    }

    /// Prior weight of two random records.
    pub fn prior(&self) -> MatchWeight {
        self.prior
    }

    /// Weight of one comparison of a pair.
    pub fn comparison_weight(
        &self,
        comparison: usize,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
    ) -> MatchWeight {
        let level = vector.level(comparison);
        if level == AgreementLevel::NULL {
            return MatchWeight::ZERO;
        }
        let plain = self.plain[comparison][level.at()];
        let Some((term, log_m)) = self.by_term[comparison][level.at()] else {
            return plain;
        };
        let column = &self.terms.columns[comparison][term];
        let rarity = &self.rarity[comparison][term].rarity;
        let right_codes = column.of(right);
        let shared = column.of(left).iter().filter(|code| right_codes.contains(code));
        let rarest = shared.map(|&code| rarity[code as usize]).max();
        rarest.map_or(plain, |rarity| log_m + rarity)
    }
}

/// Rarity of every code: by records, or by the different names that carry it.
fn term_weights(spec: &ComparisonSpec, column: &TermColumn, name_of: &[u32]) -> TermWeights {
    let mut counts = vec![0u32; column.codes_len];
    let mut holders = 0u64;
    if spec.counts_names {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(column.codes.len());
        for record in 0..column.ends.len() as u32 {
            let codes = column.of(RecordIndex(record));
            holders += u64::from(!codes.is_empty());
            pairs.extend(codes.iter().map(|&code| (code, name_of[record as usize])));
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.iter().for_each(|(code, _)| counts[*code as usize] += 1);
    } else {
        for record in 0..column.ends.len() as u32 {
            let codes = column.of(RecordIndex(record));
            holders += u64::from(!codes.is_empty());
            codes.iter().for_each(|&code| counts[code as usize] += 1);
        }
    }
    let holders = holders.max(2) as f64;
    let rarity = counts
        .iter()
        .map(|&count| {
            let bits = libm::log2(holders / f64::from(count.max(1)));
            MatchWeight::from_bits(bits.min(TERM_BITS_MAX))
        })
        .collect();
    TermWeights { rarity }
}
