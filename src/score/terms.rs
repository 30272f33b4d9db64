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
                let of_term = |(term, column)| {
                    let elsewhere = Elsewhere::of(settings, spec, term);
                    count(settings, spec, elsewhere, column, &terms.name_of)
                };
                columns.iter().enumerate().map(of_term).collect()
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

/// A sample of other files that is looked at together with this one.
#[derive(Debug, Clone, Copy)]
struct Elsewhere {
    /// Its records.
    records: f64,
    /// The different values among them.
    different: f64,
}

impl Elsewhere {
    /// What the first opinion of a term's chance says: in a world in which two strangers share a value with the probability F, θ is
    /// 1/F - 1 (Ewens, 1972), and a sample has K = θ ln(1 + n/θ) values.
    fn of(settings: &Settings, spec: &ComparisonSpec, term: usize) -> Self {
        let theta = libm::exp2(spec.chance_bits(term)) - 1.0;
        Self::of_theta(theta, settings.chance_records)
    }

    fn of_theta(theta: f64, records: f64) -> Self {
        let different = if theta > 0.0 {
            theta * libm::log1p(records / theta)
        } else {
            records.min(1.0)
        };
        Self { records, different }
    }
}

fn count(
    settings: &Settings,
    spec: &ComparisonSpec,
    elsewhere: Elsewhere,
    column: &TermColumn,
    name_of: &[u32],
) -> Rarities {
    let mut counts = vec![0u32; column.codes_len()];
    let mut holders = 0u64;
    for record in 0..column.records() as u32 {
        let codes = column.of(RecordIndex(record));
        holders += u64::from(!codes.is_empty());
        codes.iter().for_each(|&code| counts[code as usize] += 1);
    }
    if spec.counts_names {
        count_names(column, name_of, &mut counts);
    }
    let holders = holders.max(2) as f64;
    let unseen = unseen_bits(&counts, elsewhere, settings.diversity_max);
    let rarity = |&count: &u32| {
        let bits = libm::log2(holders / f64::from(count.max(1)));
        MatchWeight::from_bits((bits + unseen).min(settings.term_bits_max)).max(spec.rarity_min)
    };
    counts.iter().map(rarity).collect()
}

/// How many bits rarer than by its count among `counts` a value is, when values that the file happens to lack are thought of as well.
///
/// A file is a sample. Where nearly every value is another (the telephones of eighty companies), a value that two records share
/// is far rarer than two in eighty; where few values fill the file (cities), their shares are what they are. By Ewens' sampling
/// formula a value seen c times among n has the share c / (n + θ), and θ follows from the number K of different values:
/// K = θ ln(1 + n/θ) (Ewens, The sampling theory of selectively neutral alleles, 1972). In large files this is next to nothing.
fn unseen_bits(counts: &[u32], elsewhere: Elsewhere, diversity_max: f64) -> f64 {
    let seen: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    if seen < 1.0 {
        return 0.0;
    }
    let here = counts.iter().filter(|&&count| count > 0).count() as f64;
    let all = seen + elsewhere.records;
    // Half a repetition more than the file shows: none seen does not mean that there are none.
    let different = here - 0.5 * seen / all + elsewhere.different;
    let theta = ratio_of(different / all, diversity_max / all) * all;
    libm::log2(1.0 + theta / seen)
}

/// θ/n of K/n by bisection, at most `max`.
fn ratio_of(target: f64, max: f64) -> f64 {
    let (mut low, mut high) = (1e-9, max.max(1e-9));
    for _ in 0..60 {
        let middle = libm::sqrt(low * high);
        match middle * libm::log1p(1.0 / middle) < target {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

/// Turns the records of every code into the different names that these have.
fn count_names(column: &TermColumn, name_of: &[u32], counts: &mut [u32]) {
    let total: u32 = counts.iter().sum();
    let mut names = vec![0u32; total as usize];
    let mut start = 0;
    for count in counts.iter_mut() {
        start += std::mem::replace(count, start);
    }
    // While names are put in their places, every count is the next free place of its code.
    for (record, &name) in name_of.iter().enumerate() {
        for &code in column.of(RecordIndex(record as u32)) {
            let next = &mut counts[code as usize];
            names[*next as usize] = name;
            *next += 1;
        }
    }
    let mut start = 0;
    for count in counts {
        let own = &mut names[start..*count as usize];
        start = *count as usize;
        own.sort_unstable();
        *count = own.chunk_by(|a, b| a == b).count() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOWHERE: Elsewhere = Elsewhere {
        records: 0.0,
        different: 0.0,
    };

    #[test]
    fn a_small_file_of_different_values_is_a_sample_of_a_large_world() {
        // Eighty telephones of which one is there twice: 2/80 would be 5.3 bits.
        let mut phones = vec![1; 79];
        phones[0] = 2;
        let bits = unseen_bits(&phones, NOWHERE, 1e5);
        // θ is near n²/2(n - K + ½) = 80²/3 where nearly all differ, so 1 + θ/n near 27.
        assert!((4.6..5.0).contains(&bits), "{bits}");
        // Eight thousand records in four cities: the file knows their shares.
        let bits = unseen_bits(&[2000; 4], NOWHERE, 1e5);
        assert!((0.0..0.01).contains(&bits), "{bits}");
        // A million different ones: the file is the world.
        let bits = unseen_bits(&[1; 1_000_000], NOWHERE, 1e5);
        assert!((0.1..0.2).contains(&bits), "{bits}");
        // One telephone of two records: other files tell that telephones are many and genders few.
        let elsewhere = |bits: u8| {
            let theta = libm::exp2(f64::from(bits)) - 1.0;
            Elsewhere::of_theta(theta, 32.0)
        };
        let phone = unseen_bits(&[1], elsewhere(13), 1e5);
        assert!((12.0..13.5).contains(&phone), "{phone}");
        let gender = unseen_bits(&[2], elsewhere(1), 1e5);
        assert!((0.3..1.0).contains(&gender), "{gender}");
        // A thousand records speak for themselves.
        let here = unseen_bits(&[250; 4], elsewhere(13), 1e5);
        assert!((0.0..0.1).contains(&here), "{here}");
        assert!(unseen_bits(&[], NOWHERE, 1e5) == 0.0 && unseen_bits(&[0, 1], NOWHERE, 1e5).is_finite());
    }

    #[test]
    fn a_shared_value_is_counted_by_its_names() {
        let codes: [&[u32]; 6] = [&[1, 2], &[1], &[], &[1], &[3], &[2, 1]];
        let column = TermColumn::build(5, codes.len(), |record, out| out.extend(codes[record.at()]));
        let mut counts = vec![0, 4, 2, 1, 0];
        count_names(&column, &[7, 7, 7, 8, 9, 8], &mut counts);
        assert_eq!(counts, [0, 2, 2, 1, 0]);
    }
}
