//! What the stages after `compare` need to know of a comparison: its levels and their meaning.

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
    /// Do two records at this level never belong to one customer?
    pub is_conflict: bool,
    /// Relation between two customers that this level speaks of, such as `branch`.
    pub relation: Option<&'static str>,
    /// Is it what related customers show: relatives of one family name, companies of one group?
    pub is_of_relatives: bool,
}

impl LevelSpec {
    /// A level without term, conflict or relation.
    pub const fn plain(en: &'static str, zh: &'static str) -> Self {
        Self {
            en,
            zh,
            term: None,
            is_conflict: false,
            relation: None,
            is_of_relatives: false,
        }
    }

    /// A level at which the values of `term` agree.
    pub const fn of_term(en: &'static str, zh: &'static str, term: usize) -> Self {
        Self {
            en,
            zh,
            term: Some(term),
            is_conflict: false,
            relation: None,
            is_of_relatives: false,
        }
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
