//! How rare every value is, and which values several customers share.
//!
//! A value that agrees weighs by its own frequency. Telephones, e-mail addresses and houses are counted by the different
//! customer names that carry them: a booking agent's phone or a family's house is common to its carriers, however rare it
//! is in the file.

use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::CandidatePairs;
use crate::table::TermColumn;
use crate::table::Terms;
use rayon::prelude::*;

/// Most bits that the rarity of one value may give; beyond it the count says more about the file than about the value.
const TERM_BITS_MAX: f64 = 24.0;

/// The term of a comparison whose values a household or an agent shares: the number, the address, the house.
const SHARED_TERM: usize = 0;

/// Rarity of every code of one term, and how many names carry it.
struct TermStatistics {
    /// Per code, `-log2(frequency)`.
    rarity: Vec<MatchWeight>,
    /// Per code, the different names that carry it; empty where records are counted.
    names: Vec<u32>,
}

/// The terms of the records with the statistics of every value.
pub struct Frequencies {
    specs: Vec<ComparisonSpec>,
    terms: Terms,
    /// Per comparison and term.
    statistics: Vec<Vec<TermStatistics>>,
}

impl Frequencies {
    /// Counts every value.
    pub fn new(specs: &[ComparisonSpec], terms: Terms) -> Self {
        let statistics = specs
            .par_iter()
            .zip(&terms.columns)
            .map(|(spec, columns)| {
                columns
                    .iter()
                    .map(|column| count(spec, column, &terms.name_of))
                    .collect()
            })
            .collect();
        Self {
            specs: specs.to_vec(),
            terms,
            statistics,
        }
    }

    /// Rarity of the rarest value of `term` that both records hold; `None` when they share none.
    pub(super) fn rarity(
        &self,
        comparison: usize,
        term: usize,
        left: RecordIndex,
        right: RecordIndex,
    ) -> Option<MatchWeight> {
        let statistics = &self.statistics[comparison][term];
        self.common(comparison, term, left, right)
            .map(|code| statistics.rarity[code as usize])
            .max()
    }

    /// Rarity of the rarest value of `term` that `record` holds, or that any does; `None` when there is none.
    pub(super) fn rarest(
        &self,
        comparison: usize,
        term: usize,
        record: Option<RecordIndex>,
    ) -> Option<MatchWeight> {
        let rarity = &self.statistics[comparison].get(term)?.rarity;
        match record {
            Some(record) => {
                let codes = self.terms.columns[comparison][term].of(record).iter();
                codes.map(|&code| rarity[code as usize]).max()
            }
            None => rarity.iter().copied().max(),
        }
    }

    /// Number of different names that carry the values in which a pair agrees, when several do.
    ///
    /// `None` when no such value agrees, or when one of them belongs to a single name: then nothing is shared.
    pub fn sharing_names(
        &self,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
    ) -> Option<u32> {
        let mut fewest: Option<u32> = None;
        for comparison in 0..self.specs.len() {
            let Some(names) = self.names_of(comparison, left, right, vector) else {
                continue;
            };
            if names < 2 {
                return None;
            }
            fewest = Some(fewest.map_or(names, |fewest| fewest.min(names)));
        }
        fewest
    }

    /// For every pair of a batch: does it share a value with other names?
    pub fn is_sharing(&self, batch: &CandidatePairs, vectors: &[ComparisonVector]) -> Vec<bool> {
        let pairs = batch.left.iter().zip(&batch.right).zip(vectors);
        pairs
            .map(|((&left, &right), &vector)| self.sharing_names(left, right, vector).is_some())
            .collect()
    }

    /// Names that carry the value in which one comparison agrees; the fewest when several values agree.
    pub(super) fn names_of(
        &self,
        comparison: usize,
        left: RecordIndex,
        right: RecordIndex,
        vector: ComparisonVector,
    ) -> Option<u32> {
        let spec = &self.specs[comparison];
        let level = spec.levels.get(vector.level(comparison).at())?;
        if !spec.counts_names || level.term != Some(SHARED_TERM) {
            return None;
        }
        let names = &self.statistics[comparison][SHARED_TERM].names;
        self.common(comparison, SHARED_TERM, left, right)
            .map(|code| names[code as usize])
            .min()
    }

    fn common(
        &self,
        comparison: usize,
        term: usize,
        left: RecordIndex,
        right: RecordIndex,
    ) -> impl Iterator<Item = u32> + '_ {
        let column = &self.terms.columns[comparison][term];
        let right = column.of(right);
        column
            .of(left)
            .iter()
            .copied()
            .filter(move |code| right.contains(code))
    }
}

fn count(spec: &ComparisonSpec, column: &TermColumn, name_of: &[u32]) -> TermStatistics {
    let mut counts = vec![0u32; column.codes_len];
    let mut holders = 0u64;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for record in 0..column.ends.len() as u32 {
        let codes = column.of(RecordIndex(record));
        holders += u64::from(!codes.is_empty());
        let name = name_of[record as usize];
        if spec.counts_names {
            pairs.extend(codes.iter().map(|&code| (code, name)));
        } else {
            codes.iter().for_each(|&code| counts[code as usize] += 1);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.iter().for_each(|(code, _)| counts[*code as usize] += 1);
    let holders = holders.max(2) as f64;
    let rarity = |&count: &u32| {
        let bits = libm::log2(holders / f64::from(count.max(1)));
        MatchWeight::from_bits(bits.min(TERM_BITS_MAX)).max(spec.rarity_min)
    };
    TermStatistics {
        rarity: counts.iter().map(rarity).collect(),
        names: if spec.counts_names { counts } else { Vec::new() },
    }
}
