//! Training: u from random pairs, m by EM rule by rule, the priors from all candidate pairs; for each population.
//!
//! The guards are those measured by others: never learn a comparison from pairs that were blocked on its own field; let
//! the rules vote, so that one rule whose pairs mislead EM does not carry the day; hold m above a floor; take matches out
//! of the random pairs before reading u from them, else a small file with many duplicates makes its own values look
//! common; report convergence as it was.

use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::score::KnownPair;
use crate::score::PatternCounts;
use crate::score::Settings;
use crate::score::em;
use crate::score::em::CIRCLES;
use crate::score::em::Kinds;
use crate::score::em::Learned;
use crate::score::em::Probabilities;
use crate::score::em::Shares;
use crate::score::model::ComparisonModel;
use crate::score::model::LevelModel;
use crate::score::model::Model;
use crate::score::model::PopulationModel;
use crate::score::population::Population;
use crate::score::population::Populations;
use crate::score::vote::Vote;
use crate::text::hash::mix;

/// Random pairs of one population.
#[derive(Debug, Clone, Default)]
pub struct RandomPairs {
    /// Their vectors.
    pub vectors: Vec<ComparisonVector>,
    /// Records of the population.
    pub records: usize,
    /// Records of another population with which its records make pairs too: the persons that organisations are compared with.
    pub others: usize,
}

impl RandomPairs {
    /// All pairs of the population, those that were not drawn included.
    fn all(&self) -> u64 {
        all_pairs(self.records, self.others)
    }
}

/// Pairs of `records`, and of each of them with each of the `others`.
fn all_pairs(records: usize, others: usize) -> u64 {
    let (n, others) = (records as u64, others as u64);
    n * n.saturating_sub(1) / 2 + n * others
}

/// What training reads.
pub struct TrainingPairs<'a> {
    /// Random pairs by population, in the order of [`Population::ALL`].
    pub random: &'a [RandomPairs; 2],
    /// Counts of the candidate pairs' vectors.
    pub candidates: &'a PatternCounts,
    /// Share of the left records whose candidate pairs were counted, `0.0..=1.0`.
    pub share_counted: f64,
    /// Pairs whose kind is known; empty without labels.
    pub known: &'a [KnownPair],
    /// Name and fields of every blocking rule, by its number.
    pub rules: &'a [(&'static str, &'static [&'static str])],
}

/// Random pairs of positions below `records`, and of each of these with the `others` positions after them, by seeded hash, the smaller
/// first; all pairs when there are at most `settings.random_pairs`.
pub fn random_pairs(settings: &Settings, records: usize, others: usize) -> Vec<(RecordIndex, RecordIndex)> {
    let n = records as u64;
    let end = n + others as u64;
    let all = all_pairs(records, others);
    let pair = |a: u64, b: u64| (RecordIndex(a.min(b) as u32), RecordIndex(a.max(b) as u32));
    if all <= u64::from(settings.random_pairs) {
        return (0..n)
            .flat_map(|a| (a + 1..end).map(move |b| pair(a, b)))
            .collect();
    }
    let within = all_pairs(records, 0);
    (0..u64::from(settings.random_pairs))
        .map(|k| {
            let hash = mix(settings.seed, k);
            let a = hash % n;
            if mix(hash, 2) % all < within {
                // A non-zero step, so that the two records differ.
                pair(a, (a + 1 + mix(hash, 1) % (n - 1)) % n)
            } else {
                pair(a, n + mix(hash, 1) % (end - n))
            }
        })
        .collect()
}

/// Learns the model.
pub fn train(settings: &Settings, specs: &[ComparisonSpec], pairs: &TrainingPairs) -> Model {
    let [persons, organisations] = pairs.random;
    let unnamed = if persons.records >= organisations.records {
        Population::Persons
    } else {
        Population::Organisations
    };
    let populations = Populations::new(specs, unnamed);
    let mut model = Model::new(unnamed, Vec::new());
    for population in Population::ALL {
        let random = &pairs.random[population.at()];
        if random.records < 2 && population != unnamed {
            continue;
        }
        let is_own = |vector| populations.of(vector) == population;
        let known = pairs.known.iter().filter(|pair| is_own(pair.vector));
        let task = Task {
            settings,
            known: known.copied().collect(),
            specs,
            pairs,
            random,
            is_own: &is_own,
        };
        let (learned, rounds, is_converged) = task.learn(population);
        model.populations.push(learned);
        model.rounds = model.rounds.max(rounds);
        model.is_converged &= is_converged;
    }
    model
}

/// The training of one population.
struct Task<'a> {
    settings: &'a Settings,
    /// Known pairs of the population.
    known: Vec<KnownPair>,
    specs: &'a [ComparisonSpec],
    pairs: &'a TrainingPairs<'a>,
    random: &'a RandomPairs,
    /// Is a vector of this population?
    is_own: &'a dyn Fn(ComparisonVector) -> bool,
}

/// What the rules taught together.
#[derive(Debug, Clone, Default)]
struct Taught {
    m: Probabilities,
    circles: [Probabilities; CIRCLES],
    matches: Vec<f64>,
    circles_of: [Vec<f64>; CIRCLES],
    rules: Vec<(String, f64)>,
    rounds: u32,
    is_converged: bool,
}

impl Task<'_> {
    fn learn(&self, population: Population) -> (PopulationModel, u32, bool) {
        let start: Probabilities = self
            .specs
            .iter()
            .map(|spec| start_m(self.settings, spec))
            .collect();
        let mut u = self.observed_u(&start, 0.0);
        let mut priors = Shares::default();
        let mut taught = Taught::default();
        for _ in 0..=self.settings.corrections {
            taught = self.learn_by_rules(&u, &start);
            priors = self.learn_circles(&mut taught, &u, &start);
            u = self.observed_u(&taught.m, priors.matches);
        }
        let comparisons = (0..self.specs.len())
            .map(|at| comparison_model(&self.specs[at], at, &taught, &u))
            .collect();
        let weight = |against: f64| MatchWeight::from_probabilities(priors.matches, against).0;
        let [kin, neighbours] = priors.circles;
        let model = PopulationModel {
            population,
            prior: priors.matches,
            prior_kin: kin,
            prior_neighbours: neighbours,
            offset_bits: 0.0,
            prior_weight: weight(priors.strangers()),
            prior_weight_kin: weight(kin),
            prior_weight_neighbours: weight(neighbours),
            comparisons,
            taught_by: taught.rules,
        };
        (model, taught.rounds, taught.is_converged)
    }

    fn counts<'b>(
        &'b self,
        vectors: impl IntoIterator<Item = (&'b ComparisonVector, &'b u64)>,
    ) -> Vec<(ComparisonVector, u64)> {
        let own = vectors.into_iter().filter(|(vector, _)| (self.is_own)(**vector));
        own.map(|(vector, count)| (*vector, *count)).collect()
    }

    /// u of every level: the shares among random pairs, less the matches expected among them, and as many pairs of other files as
    /// the first opinion is worth.
    fn observed_u(&self, m: &Probabilities, prior: f64) -> Probabilities {
        let of_comparison = |(at, spec): (usize, &ComparisonSpec)| {
            let mut counts = [0u64; 16];
            for vector in &self.random.vectors {
                counts[vector.level(at).at()] += 1;
            }
            let seen: u64 = counts[..spec.levels.len()].iter().sum();
            let (seen, records) = (seen as f64, self.settings.chance_records);
            let elsewhere = records * (records - 1.0).max(0.0) / 2.0;
            let chances = spec.chances();
            let count = |level: usize| {
                let strangers = (counts[level] as f64 - prior * m[at][level] * seen) / (1.0 - prior);
                strangers.max(0.0) + chances[level] * elsewhere
            };
            // A level that no pair shows may be shown by one after the last.
            let share = |level: usize| count(level).max(0.5) / (seen + elsewhere + 1.0);
            normalised((0..spec.levels.len()).map(share).collect())
        };
        self.specs.iter().enumerate().map(of_comparison).collect()
    }

    fn learn_by_rules(&self, u: &Probabilities, start: &Probabilities) -> Taught {
        let start_circles = self.start_circles(u, start);
        let mut taught = Taught {
            is_converged: true,
            circles_of: [vec![0.0; self.specs.len()], vec![0.0; self.specs.len()]],
            ..Taught::default()
        };
        let mut m_vote = Vote::new(self.settings, start);
        for (&rule, vectors) in &self.pairs.candidates.by_rule {
            let (name, fields) = self.pairs.rules[usize::from(rule)];
            let Some((learned, active)) =
                self.learn_by_rule(fields, &self.counts(vectors), u, start, &start_circles)
            else {
                continue;
            };
            taught.rounds = taught.rounds.max(learned.rounds);
            taught.is_converged &= learned.is_converged;
            // A share that drifted to 0 or 1 has learned noise.
            let drift_min = self.settings.drift_min;
            if (drift_min..1.0 - drift_min).contains(&learned.shares.matches) {
                taught.rules.push((name.to_owned(), learned.shares.matches));
                m_vote.hear(&active, &learned.m, &learned.matches_of);
            }
        }
        (taught.m, taught.matches) = m_vote.finish();
        for (at, spec) in self.specs.iter().enumerate() {
            taught.m[at] = held_above_floor(self.settings, spec, &taught.m[at]);
        }
        taught
    }

    /// EM on the pairs of one rule, with the comparisons of its fields switched off; `None` when they cannot teach.
    fn learn_by_rule(
        &self,
        fields: &[&str],
        counts: &[(ComparisonVector, u64)],
        u: &Probabilities,
        start: &Probabilities,
        start_circles: &[Probabilities; CIRCLES],
    ) -> Option<(Learned, Vec<usize>)> {
        let reads = |spec: &ComparisonSpec| spec.fields.iter().any(|field| fields.contains(field));
        let active: Vec<usize> = (0..self.specs.len())
            .filter(|&at| !reads(&self.specs[at]))
            .collect();
        // One comparison alone cannot tell matches from non-matches: any split of its levels explains it.
        let is_telling = |vector: ComparisonVector| {
            let known = active
                .iter()
                .filter(|&&at| vector.level(at) != AgreementLevel::NULL);
            known.count() >= 2
        };
        let counts: Vec<(ComparisonVector, u64)> = counts
            .iter()
            .copied()
            .filter(|(vector, _)| is_telling(*vector))
            .collect();
        if counts.iter().map(|(_, count)| count).sum::<u64>() < self.settings.pairs_min || active.len() < 2 {
            return None;
        }
        let own_bits: f64 = active
            .iter()
            .filter(|&&at| self.specs[at].is_own)
            .map(|&at| telling_bits(&start[at], &u[at]))
            .sum();
        let shared: Vec<usize> = active
            .iter()
            .copied()
            .filter(|&at| !self.specs[at].is_own && own_bits >= self.settings.own_bits_min)
            .collect();
        let learned = em::learn(em::Task {
            counts: &counts,
            active: &active,
            shared: &shared,
            u,
            start,
            start_circles,
            known: &self.known,
            settings: self.settings,
        });
        Some((learned, active))
    }

    /// The levels of kin and neighbours, and the shares of the kinds among all pairs of records.
    ///
    /// Learned from the candidates of all rules together: what they hold beyond the strangers that all pairs of records
    /// would show, and beyond the matches, is kin and neighbours. A rule alone would not do: the pairs of one house are
    /// found by the house, where the address must not teach.
    fn learn_circles(&self, taught: &mut Taught, u: &Probabilities, start: &Probabilities) -> Shares {
        let n = self.random.records as f64;
        let all_pairs = (self.random.all() as f64).max(1.0);
        let counts = self.counts(&self.pairs.candidates.all);
        let start_circles = self.start_circles(u, start);
        taught.circles.clone_from(&start_circles);
        let active: Vec<usize> = (0..self.specs.len()).collect();
        let shared: Vec<usize> = (0..self.specs.len())
            .filter(|&at| !self.specs[at].is_own)
            .collect();
        let of_pairs = self.settings.start_matches_per_record * n / all_pairs;
        let first = Shares {
            matches: of_pairs,
            circles: [of_pairs / 2.0; CIRCLES],
        };
        let opinion = self.settings.start_pairs;
        let mut priors = Shares {
            // Strangers are left half of the pairs even of two records.
            matches: 1.0 / n.max(4.0),
            circles: [0.5 / n.max(4.0); CIRCLES],
        };
        for _ in 0..self.settings.circle_rounds_max {
            let kinds = Kinds {
                m: &taught.m,
                u,
                circles: &taught.circles,
                shares: priors,
            };
            let mut sums = em::expect(&counts, &active, &kinds);
            sums.learn_known(self.settings, &self.known, &active, &kinds);
            let share = |expected: f64, elsewhere: f64| {
                let found = expected / self.pairs.share_counted + elsewhere * opinion;
                (found / (all_pairs + opinion)).clamp(0.01 / all_pairs, self.settings.prior_max)
            };
            let next = Shares {
                matches: share(sums.shares.matches, first.matches),
                circles: sums
                    .shares
                    .circles
                    .map(|expected| share(expected, first.circles[0])),
            };
            for (circle, start) in start_circles.iter().enumerate() {
                for &at in &shared {
                    let sums = &sums.circles[circle][at];
                    taught.circles_of[circle][at] = sums.iter().sum();
                    taught.circles[circle][at] = em::shares(sums, &start[at], self.settings.pseudo_circle);
                }
            }
            let relative = |next: f64, last: f64| (next - last).abs() / last;
            let change = (0..CIRCLES)
                .map(|circle| relative(next.circles[circle], priors.circles[circle]))
                .fold(relative(next.matches, priors.matches), f64::max);
            priors = next;
            if change < self.settings.circle_change_min {
                break;
            }
        }
        priors
    }

    fn start_circles(&self, u: &Probabilities, start: &Probabilities) -> [Probabilities; CIRCLES] {
        [Circle::Kin, Circle::Neighbours].map(|circle| {
            let first = |at: usize| start_circle(self.settings, circle, &self.specs[at], &u[at], &start[at]);
            (0..self.specs.len()).map(first).collect()
        })
    }
}

fn normalised(shares: Vec<f64>) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

/// First m of a comparison: agreement is likely and each step down is less likely; conflicts are rare.
fn start_m(settings: &Settings, spec: &ComparisonSpec) -> Vec<f64> {
    let top = spec.levels.len() - 1;
    let share = |(level, spec): (usize, &crate::model::LevelSpec)| {
        if spec.claim == Claim::Conflict {
            settings.start_conflict
        } else {
            libm::exp2(-settings.start_step_bits * (top - level) as f64)
        }
    };
    normalised(spec.levels.iter().enumerate().map(share).collect())
}

/// Different customers that belong together.
#[derive(Clone, Copy)]
enum Circle {
    Kin,
    Neighbours,
}

/// First shares of kin and neighbours. Names of kin are what relatives show and those of neighbours what strangers show;
/// phones and houses of neighbours agree as often as not, those of kin less often; their own values are those of strangers.
fn start_circle(
    settings: &Settings,
    circle: Circle,
    spec: &ComparisonSpec,
    u: &[f64],
    m: &[f64],
) -> Vec<f64> {
    let marked = spec.levels.iter().filter(|level| level.is_of_relatives).count();
    let is_name = spec.fields.contains(&"party");
    let agreement = match circle {
        _ if spec.is_own => 0.0,
        Circle::Kin if is_name => settings.start_kin_names,
        Circle::Kin => settings.start_kin_values,
        Circle::Neighbours if is_name => 0.0,
        Circle::Neighbours => settings.start_neighbours,
    };
    let agreeing = |level: usize| match (is_name, spec.levels[level].is_of_relatives) {
        (false, _) => m[level],
        (true, true) => 1.0 / marked as f64,
        (true, false) => 0.0,
    };
    // What kin share by birth stays, whatever strangers do.
    let least = |level: usize| match (circle, spec.levels[level].kin_bits) {
        (Circle::Kin, Some(bits)) => libm::exp2(-f64::from(bits)),
        _ => 0.0,
    };
    let share = |level: usize| agreement * agreeing(level) + (1.0 - agreement) * u[level];
    normalised(
        (0..spec.levels.len())
            .map(|level| share(level).max(least(level)))
            .collect(),
    )
}

/// Bits that a comparison tells on average about a match.
fn telling_bits(m: &[f64], u: &[f64]) -> f64 {
    m.iter().zip(u).map(|(m, u)| m * libm::log2(m / u)).sum()
}

/// m with no level below its floor, summing to one: one changed field never decides alone.
fn held_above_floor(settings: &Settings, spec: &ComparisonSpec, m: &[f64]) -> Vec<f64> {
    let floor = |level: usize| match (spec.levels[level].claim == Claim::Conflict, level) {
        (true, _) => settings.m_min_conflict,
        (false, 0) => settings.m_min,
        (false, _) => settings.m_min_between,
    };
    normalised(
        m.iter()
            .enumerate()
            .map(|(level, m)| m.max(floor(level)))
            .collect(),
    )
}

fn comparison_model(spec: &ComparisonSpec, at: usize, taught: &Taught, u: &Probabilities) -> ComparisonModel {
    let (m, u) = (&taught.m[at], &u[at]);
    let [kin, neighbours] = taught.circles.each_ref().map(|circle| &circle[at]);
    let level = |(level, level_spec): (usize, &crate::model::LevelSpec)| LevelModel {
        level: level_spec.en.to_owned(),
        m: m[level],
        u: u[level],
        kin: kin[level],
        neighbours: neighbours[level],
        weight: MatchWeight::from_probabilities(m[level], u[level]).0,
        weight_kin: MatchWeight::from_probabilities(m[level], kin[level]).0,
        weight_neighbours: MatchWeight::from_probabilities(m[level], neighbours[level]).0,
        is_by_frequency: level_spec.term.is_some(),
    };
    ComparisonModel {
        comparison: spec.name.to_owned(),
        levels: spec.levels.iter().enumerate().map(level).collect(),
        matches_learned_from: taught.matches[at],
        kin_learned_from: taught.circles_of[0][at],
        neighbours_learned_from: taught.circles_of[1][at],
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
        let pairs = random_pairs(&settings, 5000, 0);
        assert!(pairs.iter().all(|(left, right)| left < right && right.0 < 5000));
        assert_eq!(pairs, random_pairs(&settings, 5000, 0));
        assert_eq!(random_pairs(&settings, 5, 0).len(), 10);
    }

    #[test]
    fn random_pairs_with_others_come_as_often_as_there_are_such_pairs() {
        let settings = Settings {
            random_pairs: 10_000,
            ..Settings::default()
        };
        let pairs = random_pairs(&settings, 300, 100);
        assert!(
            pairs
                .iter()
                .all(|(left, right)| left < right && left.0 < 300 && right.0 < 400)
        );
        let mixed = pairs.iter().filter(|(_, right)| right.0 >= 300).count();
        // 30,000 of the 74,850 pairs.
        assert!((3_800..4_200).contains(&mixed), "{mixed}");
        let few = random_pairs(&settings, 3, 2);
        assert_eq!(few.len(), 3 + 6);
    }
}
