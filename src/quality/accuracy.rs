//! What finished audits say of the accuracy of sources, and of those who answer for them.
//!
//! In: what each finished audit found of each source ([`AuditFact`], oldest first), the day of the run, and for how long an audit
//! speaks (`audit_days`). Out: per source the latest audit that still speaks: values found right, of those that could be told, with
//! the interval. Of several sources of one owner the counts are added up, but the estimate is weighted by what each source holds, as
//! samples are not drawn in proportion to it: `P = sum W p`, interval by MOVER, `P - sqrt(sum W² (p - l)²)` (Zou and Donner, 2008).
//! A source without such an audit is not measured. How answers become a finding is left to `audit`.

use super::inputs::AuditFact;
use super::inputs::Inputs;
use super::share::Share;
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Millionths in one.
const MILLION: f64 = 1e6;

/// The audits behind an accuracy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedShare {
    /// Numbers of the audits, ascending.
    pub audits: Vec<i64>,
    /// Day on which the oldest of them was drawn.
    pub day: String,
    /// The estimate in millionths; of several sources weighted by the values that each holds.
    pub estimate_ppm: u64,
    /// Lower end of its interval of 95 %.
    pub lo_ppm: u64,
    /// Upper end.
    pub hi_ppm: u64,
    /// How the interval was made, in English.
    pub method_en: String,
    /// The same in Chinese.
    pub method_zh: String,
    /// Values found right.
    pub right: u64,
    /// Values that could be told.
    pub answered: u64,
    /// Values that nobody could tell; not part of the estimate.
    pub cannot_tell: u64,
    /// Sources that were audited.
    pub sources_audited: u64,
    /// Sources that the figure should speak of.
    pub sources: u64,
}

/// Per source, the audit that speaks of it.
pub(super) struct Accuracies<'a>(BTreeMap<&'a str, &'a AuditFact>);

/// The latest audit of every source that is not too old.
pub(super) fn latest<'a>(inputs: &Inputs<'a>) -> Accuracies<'a> {
    let first = first_day(&inputs.run.day, inputs.settings.audit_days);
    let Some(first) = first else {
        return Accuracies(BTreeMap::new());
    };
    let speaks = |fact: &&AuditFact| fact.answered > 0 && day(&fact.day).is_some_and(|day| day >= first);
    // A later audit takes the place of an earlier one.
    let facts = inputs.audits.iter().filter(speaks);
    Accuracies(facts.map(|fact| (fact.source.as_str(), fact)).collect())
}

fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The first day from which an audit speaks.
fn first_day(today: &str, days: Option<u32>) -> Option<Date> {
    let span = Span::new().try_days(i64::from(days?)).ok()?;
    day(today)?.checked_sub(span).ok()
}

impl Accuracies<'_> {
    /// Values found right of those that could be told; `None` when no audit speaks of the source.
    pub(super) fn share(&self, source: &str) -> Option<Share> {
        let fact = self.0.get(source)?;
        Some(Share::of(fact.right, fact.answered))
    }

    /// What the audits say of some sources together; `None` when they speak of none.
    pub(super) fn over<'s>(&self, sources: impl Iterator<Item = &'s str>) -> Option<AuditedShare> {
        let mut count = 0;
        let found = sources.inspect(|_| count += 1);
        let facts: Vec<&AuditFact> = found.filter_map(|source| self.0.get(source).copied()).collect();
        let mut audits: Vec<i64> = facts.iter().map(|fact| fact.audit).collect();
        audits.sort_unstable();
        audits.dedup();
        let (estimate, lo, hi) = weighted(&facts)?;
        let [method_en, method_zh] = match &facts[..] {
            [only] => only.method.clone(),
            _ => ["MOVER over sources", "按来源加权 MOVER"].map(str::to_owned),
        };
        let sum = |of: fn(&AuditFact) -> u64| facts.iter().map(|fact| of(fact)).sum();
        Some(AuditedShare {
            audits,
            day: facts.iter().map(|fact| fact.day.clone()).min()?,
            estimate_ppm: ppm(estimate),
            lo_ppm: ppm(lo),
            hi_ppm: ppm(hi),
            method_en,
            method_zh,
            right: sum(|fact| fact.right),
            answered: sum(|fact| fact.answered),
            cannot_tell: sum(|fact| fact.cannot_tell),
            sources_audited: facts.len() as u64,
            sources: count,
        })
    }
}

fn ppm(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * MILLION).round() as u64
}

/// Estimate and ends of its interval.
fn weighted(facts: &[&AuditFact]) -> Option<(f64, f64, f64)> {
    let all: u64 = facts.iter().map(|fact| fact.population.max(1)).sum();
    let (mut share, mut below, mut above) = (0.0, 0.0, 0.0);
    for fact in facts {
        let weight = fact.population.max(1) as f64 / all as f64;
        let p = fact.right as f64 / fact.answered as f64;
        share += weight * p;
        below += (weight * (p - fact.lo_ppm as f64 / MILLION)).powi(2);
        above += (weight * (fact.hi_ppm as f64 / MILLION - p)).powi(2);
    }
    (!facts.is_empty()).then(|| (share, share - below.sqrt(), share + above.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::fixture::Fixture;

    fn fact(source: &str, audit: i64, day: &str, right: u64) -> AuditFact {
        AuditFact {
            source: source.to_owned(),
            audit,
            day: day.to_owned(),
            right,
            answered: 200,
            cannot_tell: 3,
            population: if source.starts_with("East") { 9_000 } else { 1_000 },
            lo_ppm: right * 5_000 - 30_000,
            hi_ppm: right * 5_000 + 20_000,
            method: ["exact", "精确"].map(str::to_owned),
        }
    }

    fn measured(audits: Vec<AuditFact>, days: Option<u32>) -> crate::quality::Quality {
        let mut fixture = Fixture::group();
        for source in &mut fixture.records.sources {
            source.owner = "王经理".to_owned();
        }
        fixture.run.day = "2026-11-23".to_owned();
        fixture.settings.audit_days = days;
        fixture
            .settings
            .gates
            .general
            .insert("accuracy".to_owned(), 9_200);
        fixture.audits = audits;
        fixture.measure()
    }

    fn accuracy(quality: &crate::quality::Quality, source: usize) -> &crate::quality::Measurement {
        let scorecard = &quality.sources[source].scorecard;
        scorecard.iter().find(|of| of.measure == "accuracy").unwrap()
    }

    #[test]
    fn q5_the_latest_audit_that_still_speaks_is_the_accuracy_of_a_source() {
        let audits = vec![
            fact("East 东区", 1, "2026-01-10", 190),
            fact("East 东区", 2, "2026-06-10", 184),
            fact("West <b>", 3, "2025-11-22", 199),
        ];
        let quality = measured(audits, Some(365));
        let east = accuracy(&quality, 0);
        assert_eq!(east.share, Share::of(184, 200));
        let audit = east.audit.as_ref().unwrap();
        assert_eq!((audit.audits.as_slice(), audit.estimate_ppm), (&[2][..], 920_000));
        assert_eq!(audit.method_zh, "精确");
        assert_eq!(
            east.gate.unwrap().state,
            crate::quality::GateState::Passed,
            "92 % is enough"
        );
        // The audit of the west is a day too old, and is owed.
        let west = accuracy(&quality, 1);
        assert_eq!((west.share, &west.audit), (Share::default(), &None));
        assert_eq!(quality.gates_failed.len(), 1);
        assert_eq!(quality.gates_failed[0].source, 1);
        let longer = measured(vec![fact("West <b>", 3, "2025-11-22", 199)], Some(366));
        assert_eq!(accuracy(&longer, 1).share, Share::of(199, 200));
        let never = measured(vec![fact("West <b>", 3, "2026-11-22", 199)], None);
        assert_eq!(accuracy(&never, 1).share.denominator, 0);
    }

    #[test]
    fn q5_an_owner_is_weighed_by_what_each_source_holds() {
        let audits = vec![
            fact("East 东区", 4, "2026-06-10", 180),
            fact("West <b>", 5, "2026-07-10", 200),
        ];
        let quality = measured(audits, Some(365));
        let owner = &quality.owners[0];
        let accuracy = owner
            .scorecard
            .iter()
            .find(|of| of.measure == "accuracy")
            .unwrap();
        let audit = accuracy.audit.as_ref().unwrap();
        // 9,000 values of which 90 % are right, and 1,000 that are all right; 380 of 400 would say 95 %.
        assert_eq!(audit.estimate_ppm, 910_000);
        assert_eq!(
            (audit.right, audit.answered, audit.sources_audited),
            (380, 400, 2)
        );
        assert_eq!(audit.audits, [4, 5]);
        assert!(audit.lo_ppm < 910_000 && audit.hi_ppm > 910_000);
        assert_eq!(audit.day, "2026-06-10");
        // By hand: sqrt((.9 × .03)² + (.1 × .03)²) below.
        assert_eq!(audit.lo_ppm, 882_834);
    }
}
