//! Audits of a run whose truth is known, over and over: are estimates right on average, and do intervals cover?
//!
//! In: a published run and its truth. Out: for a unit and a sample size, what many draws with other seeds estimated, answered by the
//! truth. Shared by the tests and the bench `audit`.

use guiyi::audit::DrawRequest;
use guiyi::audit::DrawSpec;
use guiyi::audit::Judged;
use guiyi::audit::RecordName;
use guiyi::audit::Sample;
use guiyi::audit::Unit;
use guiyi::audit::draw;
use guiyi::audit::report::report;
use guiyi::field::customer_schema;
use guiyi::publish::Run;
use guiyi::steward::StoredAnswer;
use guiyi::steward::StoredImport;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

/// True customer of every record, and its records.
pub struct Truth {
    of: BTreeMap<RecordName, usize>,
    members: Vec<Vec<RecordName>>,
}

impl Truth {
    /// Reads `truth.csv` of `guiyi synth`.
    pub fn read(path: &Path) -> Self {
        let mut truth = Self {
            of: BTreeMap::new(),
            members: Vec::new(),
        };
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut reader = csv::Reader::from_path(path).expect("the truth is there");
        for row in reader.records() {
            let row = row.expect("the truth is CSV");
            let next = numbers.len();
            let number = *numbers.entry(row[2].to_owned()).or_insert(next);
            if number == next {
                truth.members.push(Vec::new());
            }
            let name = RecordName {
                source: row[0].to_owned(),
                key: row[1].to_owned(),
            };
            truth.members[number].push(name.clone());
            truth.of.insert(name, number);
        }
        truth
    }

    fn others(&self, record: &RecordName) -> Vec<RecordName> {
        let members = self.members[self.of[record]].iter();
        members.filter(|other| *other != record).cloned().collect()
    }

    /// What a perfect auditor answers.
    fn answers(&self, sample: &Sample) -> StoredImport {
        let answer = |(at, (_, item)): (usize, &(u32, guiyi::audit::Item))| {
            let customers: BTreeSet<usize> = item.records.iter().map(|record| self.of[record]).collect();
            let found = match sample.unit {
                Unit::Records => self.others(&item.records[0]),
                _ => Vec::new(),
            };
            StoredAnswer {
                item: at as u32,
                part: String::new(),
                verdict: if customers.len() == 1 { "correct" } else { "wrong" }.to_owned(),
                found: serde_json::to_string(&found).expect("names have a JSON form"),
                comment: String::new(),
            }
        };
        StoredImport {
            revision: 1,
            auditor: "truth".to_owned(),
            reason: String::new(),
            is_complete: true,
            made_at: String::new(),
            answers: sample.items.iter().enumerate().map(answer).collect(),
        }
    }
}

/// One estimated quantity over all draws.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The quantity.
    pub name: &'static str,
    /// What it is.
    pub truth: f64,
    /// Mean of the estimates.
    pub mean: f64,
    /// Standard deviation of the estimates.
    pub sd: f64,
    /// Share of draws whose reported interval holds the truth.
    pub reported: f64,
    /// Share of draws whose guaranteed interval does; of ratios, the reported one.
    pub guaranteed: f64,
    /// Mean width of the reported interval.
    pub width: f64,
}

fn request(unit: Unit, size: u64, seed: u64) -> DrawRequest {
    DrawRequest {
        unit,
        seed,
        spec: DrawSpec {
            size: Some(size),
            plan: None,
            sources: Vec::new(),
            strata: Vec::new(),
            fields: Vec::new(),
            cut: 0,
            band: 6_000,
        },
        states: BTreeMap::new(),
        made_at: String::new(),
    }
}

/// Per quantity its estimate and intervals, over all subsidiaries; none for units that say nothing of it.
type Figures = BTreeMap<&'static str, (f64, [f64; 2], [f64; 2])>;

fn estimated(run: &Run, truth: &Truth, unit: Unit, size: u64, seed: u64) -> (Figures, f64) {
    let sample = draw(
        run,
        &Judged::default(),
        &request(unit, size, seed),
        customer_schema(),
    )
    .expect("a sample can be drawn");
    let report = report(&sample, &[truth.answers(&sample)], &BTreeMap::new());
    let all = report
        .estimates
        .iter()
        .filter(|estimate| estimate.source.is_none());
    let figures = all.map(|estimate| {
        let exact = estimate.guarantee.as_ref().unwrap_or(&estimate.figure);
        let figure = &estimate.figure;
        (
            estimate.name,
            (figure.estimate, [figure.lo, figure.hi], [exact.lo, exact.hi]),
        )
    });
    (figures.collect(), naive(&sample, truth))
}

/// Precision among the labelled records alone: right ones among the published links between labelled records.
fn naive(sample: &Sample, truth: &Truth) -> f64 {
    if sample.unit != Unit::Records {
        return f64::NAN;
    }
    let mut labelled: BTreeSet<&RecordName> = BTreeSet::new();
    for (_, item) in &sample.items {
        labelled.extend(truth.members[truth.of[&item.records[0]]].iter());
    }
    let (mut right, mut links) = (0_u64, 0_u64);
    for (_, item) in &sample.items {
        for other in item.predicted.iter().filter(|other| labelled.contains(other)) {
            links += 1;
            right += u64::from(truth.of[other] == truth.of[&item.records[0]]);
        }
    }
    right as f64 / links as f64
}

/// Draws `times` samples of `size` and answers them by the truth. What is asked of all units is the truth to compare with.
pub fn trials(run: &Run, truth: &Truth, unit: Unit, size: u64, times: u64) -> Vec<Trial> {
    let (census, _) = estimated(run, truth, unit, u64::MAX, 0);
    let seeds: Vec<u64> = (1..=times).collect();
    let one = |seed: &u64| estimated(run, truth, unit, size, *seed);
    let draws: Vec<(Figures, f64)> = seeds.par_iter().map(one).collect();
    let share = |count: usize| count as f64 / times as f64;
    let mut found: Vec<Trial> = census
        .iter()
        .map(|(name, (exact, ..))| {
            let own: Vec<_> = draws
                .iter()
                .filter_map(|(figures, _)| figures.get(name))
                .collect();
            let mean = own.iter().map(|of| of.0).sum::<f64>() / own.len() as f64;
            let spread = own.iter().map(|of| (of.0 - mean).powi(2)).sum::<f64>() / (own.len() as f64 - 1.0);
            // Published figures are rounded to six places.
            let holds = |ends: &[f64; 2]| ends[0] - 1e-6 <= *exact && *exact <= ends[1] + 1e-6;
            Trial {
                name,
                truth: *exact,
                mean,
                sd: spread.sqrt(),
                reported: share(own.iter().filter(|of| holds(&of.1)).count()),
                guaranteed: share(own.iter().filter(|of| holds(&of.2)).count()),
                width: own.iter().map(|of| of.1[1] - of.1[0]).sum::<f64>() / own.len() as f64,
            }
        })
        .collect();
    if let (Unit::Records, Some((exact, ..))) = (unit, census.get("pairwise_precision")) {
        let values: Vec<f64> = draws
            .iter()
            .map(|(_, naive)| *naive)
            .filter(|naive| naive.is_finite())
            .collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let spread = values.iter().map(|of| (of - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0);
        found.push(Trial {
            name: "naive_precision",
            truth: *exact,
            mean,
            sd: spread.sqrt(),
            reported: f64::NAN,
            guaranteed: f64::NAN,
            width: f64::NAN,
        });
    }
    found
}
