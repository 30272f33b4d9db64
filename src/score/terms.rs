//! How rare every value is.
//!
//! A value that agrees weighs by its own frequency. Telephones, e-mail addresses and houses are counted by the different
//! customer names that carry them: a booking agent's phone or a family's house is common to its carriers, however rare it
//! is in the file.

use crate::model::ComparisonSpec;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::Settings;
use crate::table::TermColumn;
use crate::table::Terms;
use rayon::prelude::*;

/// Per code of one term, `-log2(frequency)`.
type Rarities = Vec<MatchWeight>;

/// The terms of the records with the statistics of every value.
pub struct Frequencies {
    terms: Terms,
    /// Per comparison and term.
    rarities: Vec<Vec<Rarities>>,
}

impl Frequencies {
    /// Counts every value.
    pub fn new(settings: &Settings, specs: &[ComparisonSpec], terms: Terms) -> Self {
        let rarities = specs
            .par_iter()
            .zip(&terms.columns)
            .map(|(spec, columns)| {
                columns
                    .iter()
                    .map(|column| count(settings, spec, column, &terms.name_of))
                    .collect()
            })
            .collect();
        Self { terms, rarities }
    }

    /// Rarity of the rarest value of `term` that both records hold; `None` when they share none.
    pub(super) fn rarity(
        &self,
        comparison: usize,
        term: usize,
        left: RecordIndex,
        right: RecordIndex,
    ) -> Option<MatchWeight> {
        let rarities = &self.rarities[comparison][term];
        self.common(comparison, term, left, right)
            .map(|code| rarities[code as usize])
            .max()
    }

    /// Rarity of the rarest value of `term` that `record` holds, or that any does; `None` when there is none.
    pub(super) fn rarest(
        &self,
        comparison: usize,
        term: usize,
        record: Option<RecordIndex>,
    ) -> Option<MatchWeight> {
        let rarities = self.rarities[comparison].get(term)?;
        match record {
            Some(record) => {
                let codes = self.terms.columns[comparison][term].of(record).iter();
                codes.map(|&code| rarities[code as usize]).max()
            }
            None => rarities.iter().copied().max(),
        }
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

fn count(settings: &Settings, spec: &ComparisonSpec, column: &TermColumn, name_of: &[u32]) -> Rarities {
    let mut counts = vec![0u32; column.codes_len()];
    let mut holders = 0u64;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for record in 0..column.records() as u32 {
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
        MatchWeight::from_bits(bits.min(settings.term_bits_max)).max(spec.rarity_min)
    };
    counts.iter().map(rarity).collect()
}
