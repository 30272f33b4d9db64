//! What the stages after `compare` need to know of a comparison: its levels and their meaning.

use crate::model::Claim;
use crate::model::MatchWeight;

/// Meaning of one agreement level of a comparator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelSpec {
    /// Label in English.
    pub en: &'static str,
    /// Label in Chinese.
    pub zh: &'static str,
    /// Which of the comparator's terms agrees at this level; its rarity sets the weight.
    pub term: Option<usize>,
    /// What the level says beyond its weight.
    pub claim: Claim,
    /// Relation between two customers that this level speaks of, such as `branch`.
    pub relation: Option<&'static str>,
    /// Is it what related customers show: relatives of one family name, companies of one group?
    pub is_of_relatives: bool,
    /// How seldom two strangers reach it in customer files as they usually are, in bits: a first opinion, which the pairs of a file
    /// soon outweigh. 0 for levels that strangers usually show.
    pub chance_bits: u8,
    /// How seldom kin share it, in bits, where they do so more often than strangers: of brothers and sisters some are twins.
    pub kin_bits: Option<u8>,
}

impl LevelSpec {
    /// A level without term, conflict or relation.
    pub const fn plain(en: &'static str, zh: &'static str) -> Self {
        Self {
            en,
            zh,
            term: None,
            claim: Claim::Nothing,
            relation: None,
            is_of_relatives: false,
            chance_bits: 0,
            kin_bits: None,
        }
    }

    /// A level at which the values of `term` agree.
    pub const fn of_term(en: &'static str, zh: &'static str, term: usize) -> Self {
        Self {
            en,
            zh,
            term: Some(term),
            claim: Claim::Nothing,
            relation: None,
            is_of_relatives: false,
            chance_bits: 0,
            kin_bits: None,
        }
    }

    /// The level, with what it says beyond its weight.
    #[must_use]
    pub const fn claims(mut self, claim: Claim) -> Self {
        self.claim = claim;
        self
    }

    /// The level, reached by two strangers once in two to the power of `bits` pairs.
    #[must_use]
    pub const fn by_chance(mut self, bits: u8) -> Self {
        self.chance_bits = bits;
        self
    }

    /// The level, reached by two of kin once in two to the power of `bits` pairs.
    #[must_use]
    pub const fn among_kin(mut self, bits: u8) -> Self {
        self.kin_bits = Some(bits);
        self
    }

    /// The level, marked as what related customers show.
    #[must_use]
    pub const fn of_relatives(mut self) -> Self {
        self.is_of_relatives = true;
        self
    }
}

/// One comparison of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparisonSpec {
    /// Name in reports and in the model.
    pub name: &'static str,
    /// Fields it reads.
    pub fields: &'static [&'static str],
    /// Name of its comparator.
    pub comparator: &'static str,
    /// Its levels, from 0 up.
    pub levels: &'static [LevelSpec],
    /// Are terms counted by the different customer names that carry them instead of by records?
    pub counts_names: bool,
    /// Is the value the customer's own, so that relatives agree in it no more than strangers do?
    pub is_own: bool,
    /// Least weight of the rarity of an agreeing value, however small the file.
    pub rarity_min: MatchWeight,
}

impl ComparisonSpec {
    /// Shares of the levels among strangers, before any pair is seen; they sum to one.
    pub fn chances(&self) -> Vec<f64> {
        let chance = |level: &LevelSpec| libm::exp2(-f64::from(level.chance_bits));
        let sum: f64 = self.levels.iter().map(chance).sum();
        self.levels.iter().map(|level| chance(level) / sum).collect()
    }

    /// Bits by which two strangers seldom share a value of `term`, before any value is seen.
    pub fn chance_bits(&self, term: usize) -> f64 {
        let levels = self.levels.iter().filter(|level| level.term == Some(term));
        f64::from(levels.map(|level| level.chance_bits).min().unwrap_or(0))
    }
}
