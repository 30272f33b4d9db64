//! The estimates of an audit.
//!
//! In: a sample with what became of its units. Out: per quantity, subsidiary and field an [`Estimate`]: the share among what could be told with
//! its reported and its guaranteed interval, and the conservative figure in which what nobody could tell counts as wrong. Where a
//! stratum holds units of several subsidiaries or fields, a subset's weight is estimated by its share of the sample (a domain in the
//! sense of Cochran, Sampling Techniques, 2.11).

use super::figures::Bounds;
use super::figures::Estimate;
use super::figures::rounded;
use super::values;
use crate::audit::outcome::ItemOutcome;
use crate::audit::outcome::Outcome;
use crate::audit::sample::Sample;
use crate::audit::stats::Interval;
use crate::audit::stats::Method;
use crate::audit::stats::RatioEstimate;
use crate::audit::stats::Stratum;
use crate::audit::stats::StratumTotal;
use crate::audit::stats::Z_95;
use crate::audit::stats::guarantee;
use crate::audit::stats::pooled_mover;
use crate::audit::stats::ratio;
use crate::audit::stats::stratified_ratio;
use crate::audit::unit::BETWEEN;
use crate::audit::unit::Item;
use crate::audit::unit::Unit;
use std::collections::BTreeSet;

/// One question: its layer, what it is about, what became of it.
struct Asked<'a> {
    stratum: usize,
    source: &'a str,
    field: &'a str,
    outcome: Outcome,
}

/// The subsidiary of an item, or [`BETWEEN`].
pub(super) fn source_of(item: &Item) -> &str {
    let first = item.records.first().map_or("", |record| record.source.as_str());
    match item.records.iter().all(|record| record.source == first) {
        true => first,
        false => BETWEEN,
    }
}

/// Every estimate of an audit, over all and by subsidiary and field.
pub(super) fn estimates(sample: &Sample, outcomes: &[ItemOutcome]) -> Vec<Estimate> {
    let items: Vec<Asked> = sample
        .items
        .iter()
        .zip(outcomes)
        .map(|((stratum, item), outcome)| Asked {
            stratum: *stratum as usize,
            source: source_of(item),
            field: "",
            outcome: outcome.outcome,
        })
        .collect();
    let whole = match sample.unit {
        Unit::RecordFields => "records_without_error",
        Unit::GoldenFields => "golden_values_correct",
        Unit::Links => "precision_of_links",
        Unit::Ids => "purity_of_ids",
        Unit::Records => "records_with_nothing_missed",
    };
    let mut found = by_source(whole, sample, &items, "");
    match sample.unit {
        Unit::RecordFields => {
            found.extend(values::over_fields(sample, outcomes));
            found.extend(by_field(values::NAME, sample, &cells(sample, outcomes)));
        }
        Unit::GoldenFields => found.extend(by_field(whole, sample, &cells(sample, outcomes))),
        Unit::Records => found.extend(recall(sample, outcomes)),
        Unit::Links | Unit::Ids => {}
    }
    found
}

/// Every value asked about.
fn cells<'a>(sample: &'a Sample, outcomes: &'a [ItemOutcome]) -> Vec<Asked<'a>> {
    let cell = |((stratum, item), outcome): (&'a (u32, Item), &'a ItemOutcome)| {
        let parts = item.parts.iter().zip(&outcome.parts);
        parts.map(move |(part, outcome)| Asked {
            stratum: *stratum as usize,
            source: source_of(item),
            field: part.field.as_str(),
            outcome: *outcome,
        })
    };
    sample.items.iter().zip(outcomes).flat_map(cell).collect()
}

fn by_source(name: &'static str, sample: &Sample, asked: &[Asked], field: &str) -> Vec<Estimate> {
    let of = |asked: &&Asked| field.is_empty() || asked.field == field;
    let mut found: Vec<Estimate> = Vec::new();
    found.extend(share(name, sample, asked, None, field));
    let sources: BTreeSet<&str> = asked.iter().filter(of).map(|asked| asked.source).collect();
    if sources.len() > 1 {
        found.extend(
            sources
                .into_iter()
                .filter_map(|source| share(name, sample, asked, Some(source), field)),
        );
    }
    found
}

fn by_field(name: &'static str, sample: &Sample, cells: &[Asked]) -> Vec<Estimate> {
    let fields: BTreeSet<&str> = cells.iter().map(|cell| cell.field).collect();
    // In the order in which they were asked for.
    let ordered = sample
        .spec
        .fields
        .iter()
        .filter(|field| fields.contains(field.as_str()));
    ordered
        .flat_map(|field| by_source(name, sample, cells, field))
        .collect()
}

/// The estimate of one subset; `None` when nothing of it was answered.
fn share(
    name: &'static str,
    sample: &Sample,
    asked: &[Asked],
    source: Option<&str>,
    field: &str,
) -> Option<Estimate> {
    let is_own = |asked: &&Asked| {
        source.is_none_or(|source| asked.source == source) && (field.is_empty() || asked.field == field)
    };
    let (mut told, mut all) = (Vec::new(), Vec::new());
    for (at, stratum) in sample.strata.iter().enumerate() {
        let own: Vec<Outcome> = asked
            .iter()
            .filter(|asked| asked.stratum == at)
            .filter(is_own)
            .map(|asked| asked.outcome)
            .collect();
        if own.is_empty() {
            continue;
        }
        let count = |wanted: Outcome| own.iter().filter(|outcome| **outcome == wanted).count() as u64;
        let [x, wrong, cannot_tell] = [Outcome::Correct, Outcome::Wrong, Outcome::CannotTell].map(count);
        let population = domain(stratum.population, stratum.sampled, own.len() as u64);
        let band = stratum.key.band as u8;
        let asked = |n: u64| (band, Stratum { population, n, x });
        told.push(asked(x + wrong));
        all.push(asked(x + wrong + cannot_tell));
    }
    let sum = |strata: &[(u8, Stratum)], of: fn(&Stratum) -> u64| -> u64 {
        strata.iter().map(|(_, stratum)| of(stratum)).sum()
    };
    let n = sum(&told, |stratum| stratum.n);
    let n_all = sum(&all, |stratum| stratum.n);
    if n == 0 {
        return None;
    }
    let x = sum(&told, |stratum| stratum.x);
    let bounds = |strata: &[(u8, Stratum)], n: u64, is_exact: bool| {
        let (estimate, interval) = pooled_mover(strata, is_exact);
        bounds(estimate, interval, n, Some(x))
    };
    Some(Estimate {
        name,
        source: source.map(str::to_owned),
        field: (!field.is_empty()).then(|| field.to_owned()),
        population: sum(&told, |stratum| stratum.population),
        cannot_tell: n_all - n,
        figure: bounds(&told, n, false),
        guarantee: Some(bounds(&told, n, true)),
        conservative: bounds(&all, n_all, true),
        sd: None,
    })
}

/// Units of a subset in a stratum of which `own` of `sampled` units belong to it.
pub(super) fn domain(population: u64, sampled: u64, own: u64) -> u64 {
    match sampled {
        0 => 0,
        sampled if own >= sampled => population,
        sampled => {
            let estimated =
                (u128::from(population) * u128::from(own) + u128::from(sampled / 2)) / u128::from(sampled);
            (estimated as u64).max(own)
        }
    }
}

fn bounds(estimate: f64, interval: Interval, n: u64, x: Option<u64>) -> Bounds {
    Bounds {
        n,
        x,
        estimate: rounded(estimate),
        lo: rounded(interval.lo),
        hi: rounded(interval.hi),
        method: interval.method,
    }
}

/// (numerator, denominator) of one labelled record.
type Term = fn(&Labelled) -> (f64, f64);

/// A record with its true customer beside the published one.
struct Labelled {
    /// Records of the true customer.
    size: f64,
    /// Of them, those that the published customer lacks.
    missing: f64,
    /// Records of the published customer.
    predicted: f64,
}

/// Ratios over labelled records. A record stands for itself, so that a customer counts once a record: a sample of customers with weight
/// 1/size, in the words of Binette and others.
const RATIOS: [(&str, Term); 4] = [
    ("pairwise_recall", |of| {
        (of.size - 1.0 - of.missing, of.size - 1.0)
    }),
    ("b_cubed_recall", |of| (1.0 - of.missing / of.size, 1.0)),
    ("pairwise_precision", |of| {
        (of.size - 1.0 - of.missing, of.predicted - 1.0)
    }),
    ("b_cubed_precision", |of| {
        ((of.size - of.missing) / of.predicted, 1.0)
    }),
];

fn recall(sample: &Sample, outcomes: &[ItemOutcome]) -> Vec<Estimate> {
    let labelled = |item: &Item, outcome: &ItemOutcome| {
        let missing = outcome.found.iter().filter(|name| !item.predicted.contains(name));
        Labelled {
            size: 1.0 + outcome.found.len() as f64,
            missing: missing.count() as f64,
            predicted: 1.0 + item.predicted.len() as f64,
        }
    };
    let cannot_tell = outcomes
        .iter()
        .filter(|of| of.outcome == Outcome::CannotTell)
        .count() as u64;
    let population = sample.strata.iter().map(|stratum| stratum.population).sum();
    let estimate = |(name, term): &(&'static str, Term)| {
        let strata = |counts_unknown: bool| -> Vec<StratumTotal> {
            let mut strata: Vec<StratumTotal> = sample
                .strata
                .iter()
                .map(|stratum| StratumTotal {
                    population: stratum.population,
                    units: Vec::new(),
                })
                .collect();
            for ((stratum, item), outcome) in sample.items.iter().zip(outcomes) {
                let unit = match outcome.outcome {
                    Outcome::Correct | Outcome::Wrong => Some(term(&labelled(item, outcome))),
                    // As if one record of the same customer had been missed.
                    Outcome::CannotTell if counts_unknown => Some((0.0, 1.0)),
                    _ => None,
                };
                strata[*stratum as usize].units.extend(unit);
            }
            strata
        };
        let figure = ratio_bounds(&strata(false))?;
        Some(Estimate {
            name,
            source: None,
            field: None,
            population,
            cannot_tell,
            conservative: ratio_bounds(&strata(true)).map_or_else(|| figure.0.clone(), |of| of.0),
            sd: Some(rounded(figure.1)),
            figure: figure.0,
            guarantee: None,
        })
    };
    RATIOS.iter().filter_map(estimate).collect()
}

/// A ratio with its interval for information and its standard deviation.
///
/// The normal approximation shrinks to a point when a sample holds no miss, as most do near 1; so the interval is never narrower than the
/// exact one of a share of as many records, those that say something of the ratio.
fn ratio_bounds(strata: &[StratumTotal]) -> Option<(Bounds, f64)> {
    let of = match strata {
        // One stratum of a large population: with the correction for bias.
        [only] if only.population > 20 * only.units.len() as u64 => ratio(only.units.iter().copied()),
        strata => stratified_ratio(strata),
    };
    let of = of?;
    let sd = of.sd;
    Some((around(of, strata, Method::Ratio), sd))
}

/// The interval around a ratio over strata: by its standard deviation, and never narrower than the exact one of a share of as many units.
pub(super) fn around(of: RatioEstimate, strata: &[StratumTotal], method: Method) -> Bounds {
    let RatioEstimate { estimate, sd, n } = of;
    let sums = |of: fn(&StratumTotal) -> u64| strata.iter().map(of).sum::<u64>();
    let telling = sums(|stratum| stratum.units.iter().filter(|unit| unit.1 > 0.0).count() as u64);
    // As large a part of the telling records was asked as of all.
    let population = domain(sums(|stratum| stratum.population), n, telling);
    let exact = |count: f64| {
        guarantee(
            telling,
            (count.clamp(0.0, 1.0) * telling as f64) as u64,
            population,
        )
    };
    let is_census = n >= sums(|stratum| stratum.population);
    let half = if is_census { 0.0 } else { Z_95 * sd };
    let floor = exact(estimate + 1e-9).lo.min(estimate);
    let interval = Interval {
        lo: (estimate - half)
            .min(if is_census { estimate } else { floor })
            .clamp(0.0, 1.0),
        hi: (estimate + half)
            .max(if is_census { estimate } else { exact(estimate).hi })
            .clamp(0.0, 1.0),
        method,
    };
    bounds(estimate.clamp(0.0, 1.0), interval, n, None)
}
