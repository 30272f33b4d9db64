//! What the rules came to, told without labels.
//!
//! In: the finished index. Out: for every rule the candidate pairs it makes, those that no other rule makes, and the share
//! that is strong, which stands for the share of matches; and an estimate of how many strong pairs blocking found.
//! Method: two captures, by keys with a name and by keys without any, and Chapman's estimate of what neither caught
//! (Chapman 1951; Herzog, Scheuren, Winkler, *Data Quality and Record Linkage Techniques*, 2007, chapter 14).

use crate::block::Blocks;
use crate::block::features::NAME;
use crate::block::rules::RuleReport;
use crate::block::rules::blocking_rules;
use rayon::prelude::*;

/// Left records of one batch.
const BATCH: u32 = 4_096;

/// What one rule gives.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleYield {
    /// Blocks and their pairs.
    pub report: RuleReport,
    /// Candidate pairs among its pairs: those whose keys together say enough.
    pub candidates: u64,
    /// Candidate pairs that no other rule makes.
    pub only: u64,
    /// Expected share of matches among its candidates, `0.0..=1.0`: the share whose keys together single out one record.
    pub strong_share: f64,
}

/// What blocking gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Every rule, in rule order.
    pub rules: Vec<RuleYield>,
    /// Candidate pairs, each once.
    pub candidates: u64,
    /// Estimated share of the strong pairs that became candidates, `0.0..=1.0`; `None` when the two captures have no pair
    /// in common. Rules lean on each other, so that the true share is somewhat lower.
    pub recall: Option<f64>,
}

/// Counts of a part of the pairs; adding them up in any order gives the same.
#[derive(Debug, Clone, Default)]
struct Counts {
    candidates: u64,
    of_rule: Vec<[u64; 3]>,
    with_name: u64,
    without_name: u64,
    both: u64,
}

impl Counts {
    fn add(&mut self, rules: u32, is_strong: bool, with_name: u32) {
        self.candidates += 1;
        self.of_rule.resize(32, [0; 3]);
        let mut rest = rules;
        while rest != 0 {
            let counts = &mut self.of_rule[rest.trailing_zeros() as usize];
            counts[0] += 1;
            counts[1] += u64::from(rules.is_power_of_two());
            counts[2] += u64::from(is_strong);
            rest &= rest - 1;
        }
        let (named, unnamed) = (
            is_strong && rules & with_name != 0,
            is_strong && rules & !with_name != 0,
        );
        self.with_name += u64::from(named);
        self.without_name += u64::from(unnamed);
        self.both += u64::from(named && unnamed);
    }

    fn merge(mut self, other: Self) -> Self {
        self.candidates += other.candidates;
        self.of_rule.resize(32, [0; 3]);
        for (own, more) in self.of_rule.iter_mut().zip(&other.of_rule) {
            own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
        }
        self.with_name += other.with_name;
        self.without_name += other.without_name;
        self.both += other.both;
        self
    }

    /// Share of the pairs of either capture in Chapman's estimate of all.
    fn recall(&self) -> Option<f64> {
        let (named, unnamed, both) = (self.with_name as f64, self.without_name as f64, self.both as f64);
        let all = (named + 1.0) * (unnamed + 1.0) / (both + 1.0) - 1.0;
        (self.both > 0).then(|| ((named + unnamed - both) / all).min(1.0))
    }
}

impl Blocks {
    /// Goes through all candidate pairs once and counts what each rule gives.
    pub fn forecast(&self) -> Forecast {
        let records = self.records();
        let named = |rule: usize| u32::from(self.evidence_of(rule) & NAME != 0) << rule;
        let with_name = (0..blocking_rules().len()).fold(0, |mask, rule| mask | named(rule));
        let counts = (0..records.div_ceil(BATCH))
            .into_par_iter()
            .map(|batch| {
                let mut counts = Counts::default();
                let lefts = batch * BATCH..records.min((batch + 1) * BATCH);
                self.visit(lefts, |_, _, rules, is_strong| {
                    counts.add(rules, is_strong, with_name)
                });
                counts
            })
            .reduce(Counts::default, Counts::merge);
        let of_rule = |report: &RuleReport| {
            let rule = blocking_rules().iter().position(|rule| rule.name == report.rule);
            let [candidates, only, strong] = rule
                .and_then(|rule| counts.of_rule.get(rule).copied())
                .unwrap_or_default();
            RuleYield {
                report: report.clone(),
                candidates,
                only,
                strong_share: strong as f64 / candidates.max(1) as f64,
            }
        };
        Forecast {
            rules: self.reports().iter().map(of_rule).collect(),
            candidates: counts.candidates,
            recall: counts.recall(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_captures_share_tells_what_both_missed() {
        let mut counts = Counts::default();
        let (named, unnamed) = (0b01, 0b10);
        (0..60).for_each(|_| counts.add(named | unnamed, true, named));
        (0..20).for_each(|_| counts.add(named, true, named));
        (0..20).for_each(|_| counts.add(unnamed, true, named));
        // 80 × 80 / 60: some 107 in all, of which 100 were found.
        let recall = counts.recall().unwrap();
        assert!((recall - 100.0 / 106.6).abs() < 0.01, "{recall}");
        assert_eq!(Counts::default().recall(), None);
        assert_eq!(counts.of_rule[0], [80, 20, 80]);
    }
}
