//! The figures of a report.
//!
//! In: a sample, every import of answers, the owners of subsidiaries. Out: an [`AuditReport`], which is the JSON that is written; pages are
//! made from it alone.

use super::estimates::estimates;
use super::estimates::source_of;
use crate::audit::outcome::ItemOutcome;
use crate::audit::outcome::Outcome;
use crate::audit::outcome::Standing;
use crate::audit::outcome::Verdict;
use crate::audit::outcome::first_auditor;
use crate::audit::outcome::outcomes;
use crate::audit::outcome::verdicts;
use crate::audit::sample::Sample;
use crate::audit::sampling::AcceptancePlan;
use crate::audit::sampling::Mode;
use crate::audit::sampling::at_most;
use crate::audit::stats::Method;
use crate::audit::stats::cohen_kappa;
use crate::audit::stats::cumulative;
use crate::audit::stats::guarantee;
use crate::audit::stats::holm;
use crate::audit::unit::StratumKey;
use crate::audit::unit::Unit;
use crate::steward::StoredAnswer;
use crate::steward::StoredImport;
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the layout of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// Risk of wrongly failing at least one subsidiary that Holm's procedure keeps.
const FAMILY_RISK: f64 = 0.05;

/// Places of published shares.
const PLACES: f64 = 1e6;

/// A share as it is published.
pub(super) fn rounded(share: f64) -> f64 {
    (share * PLACES).round() / PLACES
}

/// A share with its interval of 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bounds {
    /// Answered units that it rests on.
    pub n: u64,
    /// Right ones among them; none for ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<u64>,
    /// The estimate.
    pub estimate: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// How the interval was made.
    pub method: Method,
}

/// One estimated quantity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// What is estimated, such as `precision_of_links`.
    pub name: &'static str,
    /// The subsidiary; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The field; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Units that it speaks of.
    pub population: u64,
    /// Units that nobody could tell; not part of n.
    pub cannot_tell: u64,
    /// The share among what could be told.
    #[serde(flatten)]
    pub figure: Bounds,
    /// Its interval without approximation, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Bounds>,
    /// What could not be told counts as wrong, and the interval is exact.
    pub conservative: Bounds,
    /// Standard deviation of a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
}

/// Whose answers there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Auditor {
    /// The name.
    pub name: String,
    /// Answers of the newest import.
    pub answers: u64,
    /// Are all questions answered?
    pub is_complete: bool,
    /// Why answers were replaced, in order.
    pub replaced: Vec<String>,
}

/// A layer with what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StratumFigures {
    /// The layer.
    #[serde(flatten)]
    pub key: StratumKey,
    /// Units that there are.
    pub population: u64,
    /// Units drawn.
    pub sampled: u64,
    /// Units by outcome.
    pub correct: u64,
    /// Wrong ones.
    pub wrong: u64,
    /// Those that nobody could tell.
    pub cannot_tell: u64,
    /// Those without answer.
    pub open: u64,
}

/// A verdict with what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictFigures {
    /// Subsidiary, standing, counts, plan with both risks.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Person or department that answers for the data; empty when the job names none.
    pub owner: String,
    /// The good level.
    pub p0: f64,
    /// The bad level.
    pub p1: f64,
    /// Error rate among what could be told.
    pub error_rate: Bounds,
    /// Does the failure hold when all verdicts are judged together (Holm, 5 %)?
    pub holds_by_holm: bool,
    /// File of its notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What was found wrong, masked.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
}

/// A wrong value or unit; nothing of it is unmasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// `source:key` of its records.
    pub records: Vec<String>,
    /// The field; empty for whole units.
    pub field: String,
    /// The value or the customer's name, masked.
    pub masked: String,
}

/// What a reader must know, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Not everything is answered yet.
    Unfinished,
    /// Decided units are not in the frame.
    ExcludesDecided,
    /// What could not be told.
    CannotTell,
    /// Several verdicts on one night's evidence.
    SeveralVerdicts,
    /// AQL plans say little about worse levels.
    AqlPlan,
    /// Ratios have no guarantee.
    RatioInterval,
    /// What belongs to several subsidiaries is a lot of its own.
    BetweenSubsidiaries,
    /// Links without a score of their own, and what blocking lost.
    WholePrediction,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditReport {
    /// Version of this layout.
    pub schema_version: u32,
    /// Number of the audit.
    pub audit: i64,
    /// The audited run.
    pub run_id: String,
    /// What was drawn.
    pub unit: Unit,
    /// Form of the plan, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Seed of the draw.
    pub seed: u64,
    /// SHA-256 of the frame.
    pub frame_sha256: String,
    /// Units of the frame.
    pub population: u64,
    /// Units left out as decided.
    pub excluded: u64,
    /// Units drawn.
    pub drawn: u64,
    /// When, UTC, RFC 3339.
    pub drawn_at: String,
    /// Who answered; the first one's answers count.
    pub auditors: Vec<Auditor>,
    /// Agreement of the first two auditors beyond chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
    /// Verdicts by subsidiary.
    pub verdicts: Vec<VerdictFigures>,
    /// Estimates.
    pub estimates: Vec<Estimate>,
    /// Layers.
    pub strata: Vec<StratumFigures>,
    /// What a reader must know.
    pub notes: Vec<Note>,
}

/// The report of an audit.
pub fn report(sample: &Sample, imports: &[StoredImport], owners: &BTreeMap<String, String>) -> AuditReport {
    let answers: &[StoredAnswer] = first_auditor(imports).map_or(&[], |import| &import.answers);
    let outcomes = outcomes(sample, answers);
    let verdicts = verdict_figures(sample, &outcomes, owners);
    let strata = strata(sample, &outcomes);
    let estimates = estimates(sample, &outcomes);
    AuditReport {
        schema_version: SCHEMA_VERSION,
        audit: sample.audit,
        run_id: sample.run_id.clone(),
        unit: sample.unit,
        mode: sample.spec.plan.as_ref().map(|plan| plan.mode),
        seed: sample.seed,
        frame_sha256: sample.frame_sha256.clone(),
        population: sample.population,
        excluded: sample.excluded,
        drawn: sample.items.len() as u64,
        drawn_at: sample.made_at.clone(),
        auditors: auditors(imports),
        kappa: kappa(imports).map(rounded),
        notes: notes(sample, &strata, &verdicts, &estimates),
        verdicts,
        estimates,
        strata,
    }
}

fn auditors(imports: &[StoredImport]) -> Vec<Auditor> {
    let mut found: Vec<Auditor> = Vec::new();
    for import in imports {
        let at = found.iter().position(|auditor| auditor.name == import.auditor);
        let at = at.unwrap_or_else(|| {
            found.push(Auditor {
                name: import.auditor.clone(),
                answers: 0,
                is_complete: false,
                replaced: Vec::new(),
            });
            found.len() - 1
        });
        let auditor = &mut found[at];
        auditor.answers = import.answers.len() as u64;
        auditor.is_complete = import.is_complete;
        if !import.reason.is_empty() {
            auditor.replaced.push(import.reason.clone());
        }
    }
    found
}

/// Kappa of the first two auditors on the questions that both answered.
fn kappa(imports: &[StoredImport]) -> Option<f64> {
    let first = first_auditor(imports)?;
    let second = imports.iter().find(|import| import.auditor != first.auditor)?;
    let second = imports.iter().rfind(|import| import.auditor == second.auditor)?;
    let words = ["correct", "wrong", "cannot_tell"];
    let place = |answer: &StoredAnswer| words.iter().position(|word| *word == answer.verdict);
    let of: BTreeMap<(u32, &str), &StoredAnswer> = second
        .answers
        .iter()
        .map(|answer| ((answer.item, answer.part.as_str()), answer))
        .collect();
    let mut counts = vec![vec![0; words.len()]; words.len()];
    for answer in &first.answers {
        let other = of.get(&(answer.item, answer.part.as_str()));
        if let (Some(a), Some(b)) = (place(answer), other.and_then(|other| place(other))) {
            counts[a][b] += 1;
        }
    }
    cohen_kappa(&counts)
}

fn strata(sample: &Sample, outcomes: &[ItemOutcome]) -> Vec<StratumFigures> {
    let figures = |(at, stratum): (usize, &crate::audit::unit::DrawnStratum)| {
        let own = sample
            .items
            .iter()
            .zip(outcomes)
            .filter(|((of, _), _)| *of as usize == at);
        let own: Vec<Outcome> = own.map(|(_, outcome)| outcome.outcome).collect();
        let count = |wanted: Outcome| own.iter().filter(|outcome| **outcome == wanted).count() as u64;
        StratumFigures {
            key: stratum.key.clone(),
            population: stratum.population,
            sampled: stratum.sampled,
            correct: count(Outcome::Correct),
            wrong: count(Outcome::Wrong),
            cannot_tell: count(Outcome::CannotTell),
            open: count(Outcome::Open),
        }
    };
    sample.strata.iter().enumerate().map(figures).collect()
}

fn verdict_figures(
    sample: &Sample,
    outcomes: &[ItemOutcome],
    owners: &BTreeMap<String, String>,
) -> Vec<VerdictFigures> {
    let Some(request) = &sample.spec.plan else {
        return Vec::new();
    };
    let verdicts = verdicts(sample, outcomes);
    let p_value = |verdict: &Verdict| {
        let plan = &verdict.plan;
        match verdict.wrong {
            0 => 1.0,
            wrong => 1.0 - cumulative(plan.lot, at_most(plan.lot, request.p0_ppm), plan.n, wrong - 1),
        }
    };
    let p_values: Vec<f64> = verdicts.iter().map(p_value).collect();
    let holds = holm(&p_values, FAMILY_RISK);
    verdicts
        .into_iter()
        .zip(holds)
        .enumerate()
        .map(|(at, (verdict, holds))| {
            let is_failed = verdict.standing == Standing::Failed;
            VerdictFigures {
                owner: owners.get(&verdict.source).cloned().unwrap_or_default(),
                p0: request.p0_ppm as f64 / PLACES,
                p1: request.p1_ppm as f64 / PLACES,
                error_rate: error_rate(&verdict),
                holds_by_holm: is_failed && holds,
                notice: is_failed.then(|| format!("notice-{}.html", at + 1)),
                evidence: if is_failed {
                    evidence(sample, outcomes, &verdict.source)
                } else {
                    Vec::new()
                },
                verdict: Verdict {
                    plan: AcceptancePlan {
                        producers_risk: rounded(verdict.plan.producers_risk),
                        consumers_risk: rounded(verdict.plan.consumers_risk),
                        ..verdict.plan
                    },
                    ..verdict
                },
            }
        })
        .collect()
}

fn error_rate(verdict: &Verdict) -> Bounds {
    let n = verdict.plan.n - verdict.open - verdict.cannot_tell;
    let interval = guarantee(n, verdict.wrong, verdict.plan.lot);
    Bounds {
        n,
        x: Some(verdict.wrong),
        estimate: if n == 0 {
            0.0
        } else {
            rounded(verdict.wrong as f64 / n as f64)
        },
        lo: rounded(interval.lo),
        hi: rounded(interval.hi),
        method: interval.method,
    }
}

fn evidence(sample: &Sample, outcomes: &[ItemOutcome], source: &str) -> Vec<Evidence> {
    let mut found = Vec::new();
    for ((stratum, item), outcome) in sample.items.iter().zip(outcomes) {
        let lot = &sample.strata[*stratum as usize].key.source;
        if lot != source || outcome.outcome != Outcome::Wrong {
            continue;
        }
        let names = item
            .records
            .iter()
            .map(|record| format!("{}:{}", record.source, record.key));
        let records: Vec<String> = names.collect();
        if item.parts.is_empty() {
            found.push(Evidence {
                records,
                field: String::new(),
                masked: item.names.join(" / "),
            });
            continue;
        }
        let wrong = item
            .parts
            .iter()
            .zip(&outcome.parts)
            .filter(|(_, of)| **of == Outcome::Wrong);
        found.extend(wrong.map(|(part, _)| Evidence {
            records: records.clone(),
            field: part.field.clone(),
            masked: part.masked.clone(),
        }));
    }
    found.sort_by(|a, b| (&a.records, &a.field).cmp(&(&b.records, &b.field)));
    found
}

fn notes(
    sample: &Sample,
    strata: &[StratumFigures],
    verdicts: &[VerdictFigures],
    estimates: &[Estimate],
) -> Vec<Note> {
    let mode = sample.spec.plan.as_ref().map(|plan| plan.mode);
    let is_between = sample
        .items
        .iter()
        .any(|(_, item)| source_of(item) == crate::audit::unit::BETWEEN);
    let known = [
        (Note::Unfinished, strata.iter().any(|stratum| stratum.open > 0)),
        (Note::ExcludesDecided, sample.excluded > 0),
        (
            Note::CannotTell,
            estimates.iter().any(|estimate| estimate.cannot_tell > 0),
        ),
        (Note::SeveralVerdicts, verdicts.len() > 1),
        (Note::AqlPlan, mode == Some(Mode::Tables)),
        (Note::RatioInterval, sample.unit == Unit::Records),
        (Note::BetweenSubsidiaries, is_between),
        (Note::WholePrediction, sample.unit == Unit::Records),
    ];
    known
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(note, _)| note)
        .collect()
}
