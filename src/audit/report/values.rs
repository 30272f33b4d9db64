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
