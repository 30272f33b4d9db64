//! What answers come to: per unit, and per lot by its plan.
//!
//! In: a sample and the answers of an auditor. Out: an [`Outcome`] per unit and a [`Verdict`] per lot. A record is wrong when one of its values
//! is, unknown when none is wrong and one cannot be told. A lot passes when its wrong units and those that cannot be told are at most Ac
//! together, fails when the wrong ones alone are more, and is undecided between.

use crate::audit::sample::Sample;
use crate::audit::sampling::AcceptancePlan;
use crate::audit::sampling::LotOutcome;
use crate::audit::sampling::Mode;
use crate::audit::sampling::State;
use crate::audit::sampling::Steering;
use crate::audit::sampling::aql_of;
use crate::audit::sampling::code_letter;
use crate::audit::sampling::table_plan;
use crate::audit::sampling::tighter_aql;
use crate::audit::unit::RecordName;
use crate::audit::unit::Unit;
use crate::steward::StoredAnswer;
use crate::steward::StoredImport;
use crate::steward::StoredSteering;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of one question or unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is right.
    Correct,
    /// It is wrong.
    Wrong,
    /// The auditor could not tell.
    CannotTell,
    /// Nobody has answered yet.
    Open,
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOutcome {
    /// Of the whole unit.
    pub outcome: Outcome,
    /// Of each of its parts.
    pub parts: Vec<Outcome>,
    /// For the unit `records`: the other records of the customer that the auditor found.
    pub found: Vec<RecordName>,
}

/// The answers that count: the newest import of the auditor who was first to answer.
pub fn first_auditor(imports: &[StoredImport]) -> Option<&StoredImport> {
    let first = imports.first()?;
    imports.iter().rfind(|import| import.auditor == first.auditor)
}

fn outcome_of(verdict: &str) -> Outcome {
    match verdict {
        "correct" => Outcome::Correct,
        "wrong" => Outcome::Wrong,
        _ => Outcome::CannotTell,
    }
}

/// What became of every unit of the sample, in its order.
pub fn outcomes(sample: &Sample, answers: &[StoredAnswer]) -> Vec<ItemOutcome> {
    let answers: BTreeMap<(u32, &str), &StoredAnswer> = answers
        .iter()
        .map(|answer| ((answer.item, answer.part.as_str()), answer))
        .collect();
    let one = |at: u32, part: &str| {
        answers
            .get(&(at, part))
            .map_or(Outcome::Open, |answer| outcome_of(&answer.verdict))
    };
    let outcome = |at: usize| {
        let (item, at) = (&sample.items[at].1, at as u32);
        if sample.unit == Unit::Records {
            let found: Option<Vec<RecordName>> = answers
                .get(&(at, ""))
                .and_then(|answer| serde_json::from_str(&answer.found).ok());
            let found = found.unwrap_or_default();
            let found: Vec<RecordName> = found
                .into_iter()
                .filter(|name| *name != item.records[0])
                .collect();
            let is_missing = found.iter().any(|name| !item.predicted.contains(name));
            let outcome = match one(at, "") {
                Outcome::Correct if is_missing => Outcome::Wrong,
                other => other,
            };
            return ItemOutcome {
                outcome,
                parts: Vec::new(),
                found,
            };
        }
        let parts: Vec<Outcome> = item.parts.iter().map(|part| one(at, &part.field)).collect();
        let has = |wanted: Outcome| parts.contains(&wanted);
        let outcome = match () {
            () if parts.is_empty() => one(at, ""),
            () if has(Outcome::Wrong) => Outcome::Wrong,
            () if has(Outcome::Open) => Outcome::Open,
            () if has(Outcome::CannotTell) => Outcome::CannotTell,
            () => Outcome::Correct,
        };
        ItemOutcome {
            outcome,
            parts,
            found: Vec::new(),
        }
    };
    (0..sample.items.len()).map(outcome).collect()
}

/// How a lot stands by its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It passes.
    Passed,
    /// It fails.
    Failed,
    /// It depends on what nobody could tell.
    Undecided,
    /// Not everything is answered.
    Open,
}

impl Standing {
    /// Its name in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Passed => ["passed", "通过"],
            Self::Failed => ["failed", "不通过"],
            Self::Undecided => ["undecided", "待定"],
            Self::Open => ["unfinished", "未完成"],
        }
    }
}

/// The verdict on one lot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The subsidiary.
    pub source: String,
    /// How it stands.
    pub standing: Standing,
    /// Wrong units of the sample.
    pub wrong: u64,
    /// Units that nobody could tell.
    pub cannot_tell: u64,
    /// Units without answer.
    pub open: u64,
    /// The plan.
    #[serde(flatten)]
    pub plan: AcceptancePlan,
}

/// The verdicts on the lots of a sample that was drawn by a plan.
pub fn verdicts(sample: &Sample, outcomes: &[ItemOutcome]) -> Vec<Verdict> {
    let verdict = |(at, stratum): (usize, &crate::audit::unit::DrawnStratum)| {
        let plan = stratum.plan.clone()?;
        let own = sample
            .items
            .iter()
            .zip(outcomes)
            .filter(|((of, _), _)| *of as usize == at);
        let own: Vec<Outcome> = own.map(|(_, outcome)| outcome.outcome).collect();
        let count = |wanted: Outcome| own.iter().filter(|outcome| **outcome == wanted).count() as u64;
        let [wrong, cannot_tell, open] = [Outcome::Wrong, Outcome::CannotTell, Outcome::Open].map(count);
        let standing = match () {
            () if wrong > plan.accept => Standing::Failed,
            () if open > 0 => Standing::Open,
            () if wrong + cannot_tell > plan.accept => Standing::Undecided,
            () => Standing::Passed,
        };
        Some(Verdict {
            source: stratum.key.source.clone(),
            standing,
            wrong,
            cannot_tell,
            open,
            plan,
        })
    };
    sample.strata.iter().enumerate().filter_map(verdict).collect()
}

/// Where each subsidiary's series of lots of one unit stands, from all audits by GB/T 2828.1 in their order.
///
/// A lot that is not answered to the end is not part of the series yet; an undecided one counts as not accepted.
pub fn states(
    audits: &[(Sample, Vec<StoredAnswer>)],
    steering: &[StoredSteering],
    unit: Unit,
) -> BTreeMap<String, State> {
    let mut states: BTreeMap<String, State> = BTreeMap::new();
    let mut words = steering.iter().peekable();
    let steer = |states: &mut BTreeMap<String, State>, said: &StoredSteering| {
        let word = Steering::ALL.into_iter().find(|word| word.as_str() == said.word);
        let state = states.entry(said.source.clone()).or_default();
        if let Some(word) = word {
            *state = std::mem::take(state).steered(word);
        }
    };
    for (sample, answers) in audits {
        while let Some(said) = words.next_if(|said| said.after_audit < sample.audit) {
            steer(&mut states, said);
        }
        let request = sample.spec.plan.as_ref().filter(|plan| plan.mode == Mode::Tables);
        let Some(request) = request.filter(|_| sample.unit == unit) else {
            continue;
        };
        for verdict in verdicts(sample, &outcomes(sample, answers)) {
            if verdict.standing == Standing::Open {
                continue;
            }
            let outcome = LotOutcome {
                is_accepted: verdict.standing == Standing::Passed,
                accept: verdict.plan.accept,
                passes_tighter: passes_tighter(&verdict, request.p0_ppm, &request.level),
            };
            let state = states.entry(verdict.source.clone()).or_default();
            *state = std::mem::take(state).after(outcome);
        }
    }
    words.for_each(|said| steer(&mut states, said));
    states
}

/// Would the lot have passed had the AQL been one step tighter?
fn passes_tighter(verdict: &Verdict, p0_ppm: u64, level: &str) -> bool {
    let plan = aql_of(p0_ppm)
        .ok()
        .zip(verdict.plan.severity)
        .and_then(|(aql, severity)| {
            let code = code_letter(verdict.plan.lot, level)?;
            table_plan(severity, code, tighter_aql(aql))
        });
    let bad = verdict.wrong + verdict.cannot_tell;
    // With a larger sample nobody knows what the rest of it would have shown.
    plan.is_some_and(|plan| plan.n <= verdict.plan.n && bad <= plan.accept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sampling::PlanRequest;
    use crate::audit::sampling::Severity;
    use crate::audit::sampling::acceptance_plan;
    use crate::audit::unit::Band;
    use crate::audit::unit::DrawSpec;
    use crate::audit::unit::DrawnStratum;
    use crate::audit::unit::Item;
    use crate::audit::unit::Part;
    use crate::audit::unit::SizeBin;
    use crate::audit::unit::StratumKey;

    fn sample_of(audit: i64, request: PlanRequest, plan: AcceptancePlan, items: Vec<(u32, Item)>) -> Sample {
        Sample {
            audit,
            run_id: "000001-x".to_owned(),
            unit: Unit::RecordFields,
            seed: 1,
            spec: DrawSpec {
                size: None,
                plan: Some(request),
                sources: Vec::new(),
                strata: Vec::new(),
                fields: Vec::new(),
                cut: 0,
                band: 0,
            },
            frame_sha256: String::new(),
            population: 1_000,
            excluded: 0,
            made_at: String::new(),
            strata: vec![DrawnStratum {
                key: StratumKey {
                    source: "华东".to_owned(),
                    band: Band::Unscored,
                    size: SizeBin::Any,
                    field: String::new(),
                },
                population: 1_000,
                sampled: plan.n,
                plan: Some(plan),
            }],
            items,
        }
    }

    /// A lot of 1,000 records by J 80/2, of which the first are wrong and the next cannot be told.
    fn lot(audit: i64, wrong: u32, cannot_tell: u32, open: u32) -> (Sample, Vec<StoredAnswer>) {
        let request = PlanRequest {
            mode: Mode::Tables,
            p0_ppm: 10_000,
            p1_ppm: 30_000,
            level: "II".to_owned(),
        };
        let plan = acceptance_plan(&request, 1_000, Severity::Normal).unwrap();
        let item = |at: u32| Item {
            records: vec![RecordName {
                source: "华东".to_owned(),
                key: at.to_string(),
            }],
            id: String::new(),
            parts: vec![
                Part {
                    field: "uscc".to_owned(),
                    masked: String::new(),
                },
                Part {
                    field: "address".to_owned(),
                    masked: String::new(),
                },
            ],
            names: Vec::new(),
            predicted: Vec::new(),
        };
        let answer = |at: u32, part: &str| StoredAnswer {
            item: at,
            part: part.to_owned(),
            verdict: match at {
                at if part == "uscc" && at < wrong => "wrong",
                at if part == "uscc" && at < wrong + cannot_tell => "cannot_tell",
                _ => "correct",
            }
            .to_owned(),
            found: "[]".to_owned(),
            comment: String::new(),
        };
        let sample = sample_of(audit, request, plan, (0..80).map(|at| (0, item(at))).collect());
        let answers = (0..80 - open).flat_map(|at| [answer(at, "address"), answer(at, "uscc")]);
        (sample, answers.collect())
    }

    fn standing(wrong: u32, cannot_tell: u32, open: u32) -> Standing {
        let (sample, answers) = lot(1, wrong, cannot_tell, open);
        verdicts(&sample, &outcomes(&sample, &answers))[0].standing
    }

    #[test]
    fn q11_what_cannot_be_told_counts_as_failure_before_a_lot_passes() {
        assert_eq!(standing(2, 0, 0), Standing::Passed);
        assert_eq!(standing(2, 1, 0), Standing::Undecided);
        assert_eq!(standing(3, 0, 0), Standing::Failed);
        assert_eq!(standing(2, 0, 5), Standing::Open);
        // More wrong answers than allowed are enough, whatever the others will be.
        assert_eq!(standing(3, 0, 5), Standing::Failed);
    }

    #[test]
    fn q9_the_series_of_a_subsidiary_is_kept_from_audit_to_audit() {
        let severity = |lots: &[(Sample, Vec<StoredAnswer>)], steering: &[StoredSteering]| {
            let states = states(lots, steering, Unit::RecordFields);
            states
                .get("华东")
                .map(|state| (state.severity, state.is_suspended))
        };
        let lots = |wrong: &[u32]| -> Vec<_> {
            wrong
                .iter()
                .enumerate()
                .map(|(at, wrong)| lot(at as i64 + 1, *wrong, 0, 0))
                .collect()
        };
        assert_eq!(severity(&lots(&[0, 5]), &[]), Some((Severity::Normal, false)));
        assert_eq!(
            severity(&lots(&[5, 0, 5]), &[]),
            Some((Severity::Tightened, false))
        );
        let bad = lots(&[5, 5, 5, 5, 5, 5, 5]);
        assert_eq!(severity(&bad, &[]), Some((Severity::Tightened, true)));
        let resume = StoredSteering {
            source: "华东".to_owned(),
            word: "resume".to_owned(),
            after_audit: 7,
        };
        assert_eq!(severity(&bad, &[resume]), Some((Severity::Tightened, false)));
        // An unfinished audit, and one of another unit, do not count.
        assert_eq!(severity(&[lot(1, 0, 0, 3)], &[]), None);
        assert!(states(&bad, &[], Unit::Links).is_empty());
    }
}
