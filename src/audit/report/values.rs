//! How many of the values that were asked about are right, over all fields.
//!
//! In: a sample of records of which several values each were asked about, and what became of them. Out: the share of right values over all
//! and by subsidiary, as an [`Estimate`] of the report and as [`AuditedValues`] for a scorecard. Values of one record go wrong together, so
//! the interval counts records, not values: the combined ratio estimate over records (Cochran, Sampling Techniques, 6.11), never
//! narrower than the exact interval of as many records.

use super::estimates::around;
use super::estimates::domain;
use super::estimates::source_of;
use super::figures::Bounds;
use super::figures::Estimate;
use crate::audit::outcome::ItemOutcome;
use crate::audit::outcome::Outcome;
use crate::audit::outcome::first_auditor;
use crate::audit::outcome::outcomes;
use crate::audit::sample::Sample;
use crate::audit::stats::Method;
use crate::audit::stats::StratumTotal;
use crate::audit::stats::stratified_ratio;
use crate::audit::unit::Unit;
use crate::steward::StoredImport;
use std::collections::BTreeSet;

/// Name of the quantity.
pub(super) const NAME: &str = "values_correct";

/// What a finished audit found of the values of one subsidiary.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditedValues {
    /// The subsidiary.
    pub source: String,
    /// Values found right.
    pub right: u64,
    /// Values that could be told.
    pub answered: u64,
    /// Values that nobody could tell.
    pub cannot_tell: u64,
    /// Values that the audit speaks of, estimated from the records of the subsidiary.
    pub population: u64,
    /// Lower end of the interval of 95 %.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// How it was made.
    pub method: Method,
}

/// By subsidiary, what an audit of values found; nothing of an audit that is not answered to the end, or of other units.
pub fn audited_values(sample: &Sample, imports: &[StoredImport]) -> Vec<AuditedValues> {
    let import = first_auditor(imports).filter(|import| import.is_complete);
    let Some(import) = import.filter(|_| sample.unit == Unit::RecordFields) else {
        return Vec::new();
    };
    let outcomes = outcomes(sample, &import.answers);
    let found = sources(sample).into_iter().filter_map(|source| {
        let found = estimate(sample, &outcomes, Some(source))?;
        Some(AuditedValues {
            source: source.to_owned(),
            right: found.figure.x?,
            answered: found.figure.n,
            cannot_tell: found.cannot_tell,
            population: found.population,
            lo: found.figure.lo,
            hi: found.figure.hi,
            method: found.figure.method,
        })
    });
    found.collect()
}

fn sources(sample: &Sample) -> BTreeSet<&str> {
    sample.items.iter().map(|(_, item)| source_of(item)).collect()
}

/// The estimates over all fields, all subsidiaries first.
pub(super) fn over_fields(sample: &Sample, outcomes: &[ItemOutcome]) -> Vec<Estimate> {
    let sources = sources(sample);
    let each = sources.iter().filter(|_| sources.len() > 1);
    let each = each.filter_map(|source| estimate(sample, outcomes, Some(source)));
    estimate(sample, outcomes, None).into_iter().chain(each).collect()
}

/// Values of the records of one stratum.
struct Layer {
    /// Right values and those that could be told, a record each.
    told: Vec<(f64, f64)>,
    /// Right values and all.
    all: Vec<(f64, f64)>,
    /// Records that there are.
    records: u64,
}

fn estimate(sample: &Sample, outcomes: &[ItemOutcome], source: Option<&str>) -> Option<Estimate> {
    let layers: Vec<Layer> = (0..sample.strata.len())
        .filter_map(|at| layer(sample, outcomes, at, source))
        .collect();
    let values = |of: fn(&Layer) -> &Vec<(f64, f64)>, part: fn(&(f64, f64)) -> f64| {
        let units = layers.iter().flat_map(of);
        units.map(part).sum::<f64>() as u64
    };
    let (x, n) = (
        values(|layer| &layer.told, |unit| unit.0),
        values(|layer| &layer.told, |unit| unit.1),
    );
    let all = values(|layer| &layer.all, |unit| unit.1);
    let population = layers.iter().map(|layer| {
        let asked: f64 = layer.all.iter().map(|unit| unit.1).sum();
        (layer.records as f64 * asked / layer.all.len() as f64).round() as u64
    });
    let population = population.sum();
    let bounds = |of: fn(&Layer) -> &Vec<(f64, f64)>, n: u64| {
        let strata: Vec<StratumTotal> = layers
            .iter()
            .map(|layer| StratumTotal {
                population: layer.records,
                units: of(layer).clone(),
            })
            .collect();
        let found = around(stratified_ratio(&strata)?, &strata, Method::RecordRatio);
        Some(Bounds {
            n,
            x: Some(x),
            ..found
        })
    };
    Some(Estimate {
        name: NAME,
        source: source.map(str::to_owned),
        field: None,
        population,
        cannot_tell: all - n,
        figure: bounds(|layer| &layer.told, n)?,
        guarantee: None,
        conservative: bounds(|layer| &layer.all, all)?,
        sd: None,
    })
}

/// What was asked of `source` in the stratum at `at`; `None` when nothing of it was answered.
fn layer(sample: &Sample, outcomes: &[ItemOutcome], at: usize, source: Option<&str>) -> Option<Layer> {
    let stratum = &sample.strata[at];
    let items = sample.items.iter().zip(outcomes);
    let own = items.filter(|((of, item), _)| {
        *of as usize == at && source.is_none_or(|source| source_of(item) == source)
    });
    let (mut told, mut all, mut drawn) = (Vec::new(), Vec::new(), 0);
    for (_, outcome) in own {
        drawn += 1;
        let count = |wanted: Outcome| outcome.parts.iter().filter(|part| **part == wanted).count() as f64;
        let [right, wrong, unknown] = [Outcome::Correct, Outcome::Wrong, Outcome::CannotTell].map(count);
        if right + wrong > 0.0 {
            told.push((right, right + wrong));
        }
        if right + wrong + unknown > 0.0 {
            all.push((right, right + wrong + unknown));
        }
    }
    (!told.is_empty()).then(|| Layer {
        told,
        all,
        records: domain(stratum.population, stratum.sampled, drawn),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steele's splitmix64.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut x = self.0;
            x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// A population that no sample exhausts.
    const ENDLESS: u64 = 1 << 40;

    /// A record of three to five values: a careless one, of which there are `careless`, has each value wrong with `wrong`.
    fn record(chance: &mut Chance, careless: f64, wrong: f64) -> (f64, f64) {
        let values = 3 + (chance.next() * 3.0) as u32;
        let is_careless = chance.next() < careless;
        let bad = (0..values)
            .filter(|_| is_careless && chance.next() < wrong)
            .count();
        (f64::from(values) - bad as f64, f64::from(values))
    }

    #[test]
    fn q13_the_interval_over_records_covers_although_values_of_a_record_go_wrong_together() {
        const DRAWS: u32 = 1_500;
        let mut chance = Chance(20_261_123);
        for (careless, wrong) in [(0.1, 0.5), (0.02, 0.5), (0.2, 1.0), (0.05, 0.2), (1.0, 0.05)] {
            for n in [100, 300] {
                let (mut covered, mut naive) = (0, 0);
                for _ in 0..DRAWS {
                    let strata = [StratumTotal {
                        population: ENDLESS,
                        units: (0..n).map(|_| record(&mut chance, careless, wrong)).collect(),
                    }];
                    let found = stratified_ratio(&strata).expect("values were answered");
                    let found = around(found, &strata, Method::RecordRatio);
                    let truth = 1.0 - careless * wrong;
                    covered += u32::from(found.lo <= truth && truth <= found.hi);
                    // As if every value had been drawn by itself.
                    let sums = strata[0]
                        .units
                        .iter()
                        .fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
                    let plain = crate::audit::stats::wilson(sums.1 as u64, sums.0 as u64);
                    naive += u32::from(plain.lo <= truth && truth <= plain.hi);
                }
                let share = f64::from(covered) / f64::from(DRAWS);
                assert!(share >= 0.95, "{careless} {wrong} {n}: {share}");
                if wrong == 1.0 {
                    let naive = f64::from(naive) / f64::from(DRAWS);
                    assert!(naive < 0.75, "counting values would do: {naive}");
                }
            }
        }
    }

    #[test]
    fn one_stratum_gives_the_plain_share_and_unequal_ones_are_weighed() {
        let units = |right: f64, count: usize| vec![(right, 4.0); count];
        let stratum = |population, units| StratumTotal { population, units };
        let one = [stratum(1_000, [units(4.0, 30), units(2.0, 10)].concat())];
        let found = around(stratified_ratio(&one).expect("asked"), &one, Method::RecordRatio);
        assert!((found.estimate - 140.0 / 160.0).abs() < 1e-6, "{found:?}");
        assert!(found.lo < found.estimate && found.estimate < found.hi);
        // Nine in ten records are in the stratum of which all values are right.
        let two = [stratum(9_000, units(4.0, 20)), stratum(1_000, units(2.0, 20))];
        let found = around(stratified_ratio(&two).expect("asked"), &two, Method::RecordRatio);
        assert!((found.estimate - 0.95).abs() < 1e-6, "{found:?}");
    }
}
