//! Training: u from random pairs, m by EM rule by rule, the prior from all candidate pairs.
//!
//! The guards are those measured by others: never learn a comparison from pairs that were blocked on its own field; hold m
//! above a floor; take matches out of the random pairs before reading u from them, else a small file with many duplicates
//! makes its own values look common; report convergence as it was.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::Settings;
use crate::score::em;
use crate::score::em::Learned;
use crate::score::em::Limits;
use crate::score::em::Probabilities;
use crate::score::model::ComparisonModel;
use crate::score::model::LevelModel;
use crate::score::model::Model;
use crate::table::CandidatePairs;
use crate::text::hash::mix;
use std::collections::BTreeMap;

/// Rounds of taking expected matches out of u.
const CORRECTIONS: usize = 2;

/// A rule teaches only with this many pairs; fewer leave EM to chance.
const PAIRS_MIN: u64 = 50;

/// Expected matches beyond which a rule's word does not grow louder.
const MATCHES_HEARD_MAX: f64 = 20_000.0;

/// Stands for the pairs of all rules, each once; real rules have numbers below 32.
const ALL_RULES: u8 = u8::MAX;

/// Stands for the pairs that share a phone, e-mail or house with other names.
const SHARING: u8 = u8::MAX - 1;

/// Pairs that share a value with other names below which their own u is not learned.
const SHARING_MIN: u64 = 200;

/// Counts of distinct vectors, by blocking rule. Merging commutes, so batches may come in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatternCounts {
    by_rule: BTreeMap<u8, BTreeMap<ComparisonVector, u64>>,
    all: BTreeMap<ComparisonVector, u64>,
    /// Pairs that share a value with other names.
    sharing: BTreeMap<ComparisonVector, u64>,
}

impl PatternCounts {
    /// Counts the vectors of one batch, each under every rule that makes its pair.
    ///
    /// `is_sharing` says of each pair whether it shares a value with other names.
    pub fn partial(batch: &CandidatePairs, vectors: &[ComparisonVector], is_sharing: &[bool]) -> Self {
        let mut seen: Vec<(u8, ComparisonVector)> = Vec::with_capacity(vectors.len() * 3);
        for ((&rules, &vector), &is_sharing) in batch.rules.iter().zip(vectors).zip(is_sharing) {
            seen.push((ALL_RULES, vector));
            if is_sharing {
                seen.push((SHARING, vector));
            }
            let mut rest = rules;
            while rest != 0 {
                seen.push((rest.trailing_zeros() as u8, vector));
                rest &= rest - 1;
            }
        }
        seen.sort_unstable();
        let mut counts = Self::default();
        for same in seen.chunk_by(|a, b| a == b) {
            let ((rule, vector), count) = (same[0], same.len() as u64);
            let of_rule = match rule {
                ALL_RULES => &mut counts.all,
                SHARING => &mut counts.sharing,
                rule => counts.by_rule.entry(rule).or_default(),
            };
            of_rule.insert(vector, count);
        }
        counts
    }

    /// Adds the counts of another part.
    pub fn merge(mut self, other: Self) -> Self {
        for (vector, count) in other.all {
            *self.all.entry(vector).or_default() += count;
        }
        for (vector, count) in other.sharing {
            *self.sharing.entry(vector).or_default() += count;
        }
        for (rule, vectors) in other.by_rule {
            let own = self.by_rule.entry(rule).or_default();
            for (vector, count) in vectors {
                *own.entry(vector).or_default() += count;
            }
        }
        self
    }

    /// Number of distinct vectors.
    pub fn distinct(&self) -> usize {
        self.all.len()
    }
}

/// What training reads.
pub struct TrainingPairs<'a> {
    /// Vectors of random pairs.
    pub random: &'a [ComparisonVector],
    /// Counts of the candidate pairs' vectors.
    pub candidates: &'a PatternCounts,
    /// Share of the left records whose candidate pairs were counted, `0.0..=1.0`.
    pub share_counted: f64,
    /// Number of records.
    pub records: usize,
    /// Name and fields of every blocking rule, by its number.
    pub rules: &'a [(&'static str, &'static [&'static str])],
}

/// Random pairs by seeded hash, `left < right`; all pairs when there are at most `settings.random_pairs`.
pub fn random_pairs(settings: &Settings, records: usize) -> Vec<(RecordIndex, RecordIndex)> {
    let n = records as u64;
    let all = n * n.saturating_sub(1) / 2;
    let pair = |a: u64, b: u64| (RecordIndex(a.min(b) as u32), RecordIndex(a.max(b) as u32));
    if all <= u64::from(settings.random_pairs) {
        return (0..n).flat_map(|a| (a + 1..n).map(move |b| pair(a, b))).collect();
    }
    (0..u64::from(settings.random_pairs))
        .map(|k| {
            let hash = mix(settings.seed, k);
            let a = hash % n;
            // A non-zero step, so that the two records differ.
            let b = (a + 1 + mix(hash, 1) % (n - 1)) % n;
            pair(a, b)
        })
        .collect()
}

/// Learns the model.
pub fn train(settings: &Settings, specs: &[ComparisonSpec], pairs: &TrainingPairs) -> Model {
    let start: Probabilities = specs.iter().map(start_m).collect();
    let mut u = observed_u(specs, pairs.random, &start, 0.0);
    let mut m = start.clone();
    let mut prior = 0.0;
    let mut taught = Taught::default();
    for _ in 0..=CORRECTIONS {
        taught = learn_by_rules(settings, specs, pairs, &u, &start);
        m.clone_from(&taught.m);
        prior = learn_prior(specs, pairs, &m, &u);
        u = observed_u(specs, pairs.random, &m, prior);
    }
    let sharing = learn_sharing(settings, specs, pairs, &m, &u);
    let comparisons = specs
        .iter()
        .enumerate()
        .map(|(at, spec)| {
            let u_sharing = sharing
                .as_ref()
                .filter(|_| is_name(spec))
                .map(|u| u[at].as_slice());
            comparison_model(spec, &m[at], &u[at], u_sharing, taught.matches[at])
        })
        .collect();
    Model {
        schema_version: 1,
        prior,
        prior_weight: MatchWeight::from_bits(libm::log2(prior / (1.0 - prior))).0,
        comparisons,
        rounds: taught.rounds,
        is_converged: taught.is_converged,
        taught_by: taught.rules,
    }
}

/// First m of a comparison: agreement is likely and each step down is half as likely; conflicts are rare.
fn start_m(spec: &ComparisonSpec) -> Vec<f64> {
    let top = spec.levels.len() - 1;
    let raw: Vec<f64> = spec
        .levels
        .iter()
        .enumerate()
        .map(|(level, spec)| {
            if spec.is_conflict {
                0.005
            } else {
                libm::exp2(-0.6 * (top - level) as f64)
            }
        })
        .collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|share| share / sum).collect()
}

/// u of every level: the shares among random pairs, less the matches expected among them.
fn observed_u(
    specs: &[ComparisonSpec],
    random: &[ComparisonVector],
    m: &Probabilities,
    prior: f64,
) -> Probabilities {
    specs
        .iter()
        .enumerate()
        .map(|(at, spec)| {
            let mut counts = [0u64; 16];
            random
                .iter()
                .for_each(|vector| counts[vector.level(at).at()] += 1);
            let seen: u64 = counts[..spec.levels.len()].iter().sum();
            let floor = 0.5 / (seen as f64 + 1.0);
            let shares = (0..spec.levels.len()).map(|level| {
                let observed = counts[level] as f64 / (seen as f64).max(1.0);
                ((observed - prior * m[at][level]) / (1.0 - prior)).max(floor)
            });
            let shares: Vec<f64> = shares.collect();
            let sum: f64 = shares.iter().sum();
            shares.iter().map(|share| share / sum).collect()
        })
        .collect()
}

/// What the rules taught together.
#[derive(Debug, Clone, Default)]
struct Taught {
    m: Probabilities,
    matches: Vec<f64>,
    rules: Vec<(String, f64)>,
    rounds: u32,
    is_converged: bool,
}

fn learn_by_rules(
    settings: &Settings,
    specs: &[ComparisonSpec],
    pairs: &TrainingPairs,
    u: &Probabilities,
    start: &Probabilities,
) -> Taught {
    let limits = Limits {
        rounds_max: settings.rounds_max,
        change_min: settings.change_min,
    };
    let mut taught = Taught {
        is_converged: true,
        matches: vec![0.0; specs.len()],
        ..Taught::default()
    };
    let mut sums: Probabilities = start.iter().map(|levels| vec![0.0; levels.len()]).collect();
    for (&rule, vectors) in &pairs.candidates.by_rule {
        let (name, fields) = pairs.rules[usize::from(rule)];
        let reads = |spec: &ComparisonSpec| spec.fields.iter().any(|field| fields.contains(field));
        // Pairs made by a phone, e-mail or house are relatives and neighbours as often as matches. With the other
        // evidence of a household switched on, EM would learn the household; with u of random pairs, the family name
        // would count for the match. So the one is switched off and the other learned here.
        let is_circle = specs.iter().any(|spec| spec.counts_names && reads(spec));
        let active: Vec<usize> = (0..specs.len())
            .filter(|&at| !(reads(&specs[at]) || is_circle && specs[at].counts_names))
            .collect();
        let free_u: Vec<usize> = active
            .iter()
            .copied()
            .filter(|&at| is_circle && is_name(&specs[at]))
            .collect();
        // One comparison alone cannot tell matches from non-matches: any split of its levels explains it.
        let is_telling = |vector: &ComparisonVector| {
            active
                .iter()
                .filter(|&&at| vector.level(at) != AgreementLevel::NULL)
                .count()
                >= 2
        };
        let counts: Vec<(ComparisonVector, u64)> = vectors
            .iter()
            .filter(|(vector, _)| is_telling(vector))
            .map(|(v, n)| (*v, *n))
            .collect();
        if counts.iter().map(|(_, count)| count).sum::<u64>() < PAIRS_MIN || active.len() < 2 {
            continue;
        }
        let learned = em::learn(em::Task {
            counts: &counts,
            active: &active,
            free_u: &free_u,
            u,
            start,
            limits,
        });
        taught.rounds = taught.rounds.max(learned.rounds);
        taught.is_converged &= learned.is_converged;
        // A share that drifted to 0 or 1 has learned noise.
        if (0.001..0.999).contains(&learned.lambda) {
            taught.rules.push((name.to_owned(), learned.lambda));
            hear(&learned, &active, &mut sums, &mut taught.matches);
        }
    }
    taught.m = finish_m(settings, specs, sums, start);
    taught
}

/// Adds one rule's m, weighed by its expected matches.
fn hear(learned: &Learned, active: &[usize], sums: &mut Probabilities, matches: &mut [f64]) {
    for &comparison in active {
        let heard = learned.matches[comparison].min(MATCHES_HEARD_MAX);
        matches[comparison] += heard;
        for (sum, m) in sums[comparison].iter_mut().zip(&learned.m[comparison]) {
            *sum += m * heard;
        }
    }
}

/// Weighed means over the rules, the default where none taught, held above the floor and summing to one.
fn finish_m(
    settings: &Settings,
    specs: &[ComparisonSpec],
    sums: Probabilities,
    start: &Probabilities,
) -> Probabilities {
    sums.into_iter()
        .zip(start)
        .zip(specs)
        .map(|((sums, start), spec)| {
            let total: f64 = sums.iter().sum();
            let m: Vec<f64> = sums
                .iter()
                .zip(start)
                .zip(spec.levels)
                .map(|((sum, start), level)| {
                    let m = if total > 1.0 { sum / total } else { *start };
                    m.max(if level.is_conflict {
                        settings.m_min / 10.0
                    } else {
                        settings.m_min / 4.0
                    })
                })
                .collect();
            let mut m = m;
            m[0] = m[0].max(if spec.levels[0].is_conflict {
                m[0]
            } else {
                settings.m_min
            });
            let total: f64 = m.iter().sum();
            m.iter().map(|share| share / total).collect()
        })
        .collect()
}

/// Share of matches among all pairs of records: expected matches among the candidates over all pairs.
fn learn_prior(specs: &[ComparisonSpec], pairs: &TrainingPairs, m: &Probabilities, u: &Probabilities) -> f64 {
    let n = pairs.records as f64;
    let all_pairs = (n * (n - 1.0) / 2.0).max(1.0);
    let active: Vec<usize> = (0..specs.len()).collect();
    let mut prior = 1.0 / n.max(2.0);
    for _ in 0..20 {
        let expected: f64 = pairs
            .candidates
            .all
            .iter()
            .map(|(vector, count)| em::posterior(*vector, &active, m, u, prior) * *count as f64)
            .sum();
        let next = (expected / pairs.share_counted / all_pairs).clamp(0.01 / all_pairs, 0.5);
        let change = (next - prior).abs() / prior;
        prior = next;
        if change < 1e-3 {
            break;
        }
    }
    prior
}

/// Does the comparison judge the customer's own name?
fn is_name(spec: &ComparisonSpec) -> bool {
    spec.fields.contains(&"party")
}

/// u of the names among pairs that share a phone, e-mail or house with other names; `None` when there are too few.
///
/// Relatives share the family name and sister companies the core, so agreement in part says little there. u never falls
/// below that of random pairs.
fn learn_sharing(
    settings: &Settings,
    specs: &[ComparisonSpec],
    pairs: &TrainingPairs,
    m: &Probabilities,
    u: &Probabilities,
) -> Option<Probabilities> {
    let counts: Vec<(ComparisonVector, u64)> =
        pairs.candidates.sharing.iter().map(|(v, n)| (*v, *n)).collect();
    if counts.iter().map(|(_, count)| count).sum::<u64>() < SHARING_MIN {
        return None;
    }
    let active: Vec<usize> = (0..specs.len()).filter(|&at| !specs[at].counts_names).collect();
    let free: Vec<usize> = active.iter().copied().filter(|&at| is_name(&specs[at])).collect();
    let limits = Limits {
        rounds_max: settings.rounds_max,
        change_min: settings.change_min,
    };
    let (mut learned, _) = em::learn_u(&counts, &active, &free, m, u, limits);
    for &at in &free {
        for (learned, random) in learned[at].iter_mut().zip(&u[at]) {
            *learned = learned.max(*random);
        }
        // Level 0 is the commonest among random pairs; it keeps its learned share.
        let rest: f64 = learned[at][1..].iter().sum();
        learned[at][0] = (1.0 - rest).max(1e-3);
    }
    Some(learned)
}

fn comparison_model(
    spec: &ComparisonSpec,
    m: &[f64],
    u: &[f64],
    u_sharing: Option<&[f64]>,
    matches: f64,
) -> ComparisonModel {
    let levels = spec
        .levels
        .iter()
        .enumerate()
        .map(|(level, level_spec)| LevelModel {
            level: level_spec.en.to_owned(),
            m: m[level],
            u: u[level],
            u_sharing: u_sharing.map(|u| u[level]),
            weight: MatchWeight::from_probabilities(m[level], u[level]).0,
            is_by_frequency: level_spec.term.is_some(),
        })
        .collect();
    ComparisonModel {
        comparison: spec.name.to_owned(),
        levels,
        matches_learned_from: matches,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_pairs_are_ordered_distinct_and_repeatable() {
        let settings = Settings {
            random_pairs: 1000,
            ..Settings::default()
        };
        let pairs = random_pairs(&settings, 5000);
        assert!(pairs.iter().all(|(left, right)| left < right && right.0 < 5000));
        assert_eq!(pairs, random_pairs(&settings, 5000));
        assert_eq!(random_pairs(&settings, 5).len(), 10);
    }

    #[test]
    fn merging_counts_commutes() {
        let batch = |rules| CandidatePairs {
            left: vec![RecordIndex(0)],
            right: vec![RecordIndex(1)],
            rules: vec![rules],
        };
        let vector = ComparisonVector::default().with(0, AgreementLevel(1));
        let a = PatternCounts::partial(&batch(0b101), &[vector], &[true]);
        let b = PatternCounts::partial(&batch(0b100), &[ComparisonVector::default()], &[false]);
        assert_eq!(a.clone().merge(b.clone()), b.merge(a));
    }
}
