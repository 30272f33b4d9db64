//! Expectation maximisation on counts of distinct comparison vectors, with four kinds of pairs.
//!
//! Pairs are matches, strangers, *kin* (different customers of one family or group of companies, who share parts of the
//! name and often phone and house) or *neighbours* (customers of one place, phone or agent, whatever their names). Kin and
//! neighbours share no birth date or identifier more often than strangers do. u (of strangers) is given; m (of matches),
//! the shares of levels among kin and neighbours, and the shares of the four kinds are learned. Without these kinds, EM takes
//! relatives for matches that differ, and the weights of shared values add up to a wrong merge.
//! Missing values stand outside the denominators. The cost is that of the distinct vectors, however many pairs there are
//! (Winkler 1988; Splink aggregates likewise).

use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::score::KnownPair;
use crate::score::Settings;

/// Kinds of different customers that belong together: kin and neighbours.
pub(super) const CIRCLES: usize = 2;

/// Probabilities of every level: `[comparison][level]`.
pub(super) type Probabilities = Vec<Vec<f64>>;

/// The kinds of pairs, with the probabilities of their levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kinds<'a> {
    pub(super) m: &'a Probabilities,
    pub(super) u: &'a Probabilities,
    pub(super) circles: &'a [Probabilities; CIRCLES],
    pub(super) shares: Shares,
}

/// Shares of the kinds among all pairs; the rest are strangers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shares {
    pub(super) matches: f64,
    /// Of kin and of neighbours; 0 leaves them out.
    pub(super) circles: [f64; CIRCLES],
}

impl Shares {
    pub(super) fn strangers(&self) -> f64 {
        1.0 - self.matches - self.circles.iter().sum::<f64>()
    }
}

impl Kinds<'_> {
    /// Posterior probabilities of the kinds for one vector, over the comparisons in `active`.
    pub(super) fn posterior(&self, vector: ComparisonVector, active: &[usize]) -> Shares {
        let strangers = self.shares.strangers();
        let mut matches = self.shares.matches / strangers;
        let mut circles = self.shares.circles.map(|share| share / strangers);
        for &comparison in active {
            let level = vector.level(comparison);
            if level != AgreementLevel::NULL {
                let u = self.u[comparison][level.at()];
                matches *= self.m[comparison][level.at()] / u;
                for (odds, shares) in circles.iter_mut().zip(self.circles) {
                    *odds *= shares[comparison][level.at()] / u;
                }
            }
        }
        let all = 1.0 + matches + circles.iter().sum::<f64>();
        Shares {
            matches: matches / all,
            circles: circles.map(|odds| odds / all),
        }
    }
}

impl Kinds<'_> {
    /// Posterior probabilities of a pair of which is known whether it is a match.
    fn posterior_of(&self, pair: &KnownPair, active: &[usize]) -> Shares {
        if pair.is_same {
            return Shares {
                matches: 1.0,
                circles: [0.0; CIRCLES],
            };
        }
        let open = self.posterior(pair.vector, active);
        let others = (1.0 - open.matches).max(1e-12);
        Shares {
            matches: 0.0,
            circles: open.circles.map(|share| share / others),
        }
    }
}

/// What one EM learned.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    pub(super) m: Probabilities,
    pub(super) circles: [Probabilities; CIRCLES],
    pub(super) shares: Shares,
    /// Expected matches per comparison among pairs where it is not missing.
    pub(super) matches_of: Vec<f64>,
    pub(super) rounds: u32,
    pub(super) is_converged: bool,
}

/// What one EM reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    /// Counted vectors.
    pub(super) counts: &'a [(ComparisonVector, u64)],
    /// Comparisons that take part.
    pub(super) active: &'a [usize],
    /// Comparisons in which kin and neighbours differ from strangers; empty = neither is looked for.
    pub(super) shared: &'a [usize],
    /// u of random pairs.
    pub(super) u: &'a Probabilities,
    /// First m.
    pub(super) start: &'a Probabilities,
    /// First shares of kin and neighbours; equal to u outside `shared`.
    pub(super) start_circles: &'a [Probabilities; CIRCLES],
    /// Pairs whose kind is known.
    pub(super) known: &'a [KnownPair],
    pub(super) settings: &'a Settings,
}

/// Expected pairs of every kind, in all and by level.
pub(super) struct Sums {
    pub(super) shares: Shares,
    pub(super) matched: Probabilities,
    pub(super) circles: [Probabilities; CIRCLES],
}

/// The expectation step: how many pairs of every kind the counted vectors hold.
pub(super) fn expect(counts: &[(ComparisonVector, u64)], active: &[usize], kinds: &Kinds) -> Sums {
    let zeros: Probabilities = kinds.u.iter().map(|levels| vec![0.0; levels.len()]).collect();
    let mut sums = Sums {
        shares: Shares::default(),
        matched: zeros.clone(),
        circles: [zeros.clone(), zeros],
    };
    for &(vector, count) in counts {
        sums.add(vector, count as f64, kinds.posterior(vector, active), active);
    }
    sums
}

/// Learns m, the levels of kin and neighbours, and the shares of the kinds from counted vectors.
pub(super) fn learn(task: Task) -> Learned {
    let counts = projected(task.counts, task.active);
    let total: f64 = counts.iter().map(|(_, count)| *count as f64).sum();
    let start_circle = if task.shared.is_empty() {
        0.0
    } else {
        task.settings.start_circle
    };
    let mut state = Learned {
        m: task.start.clone(),
        circles: task.start_circles.clone(),
        shares: Shares {
            matches: task.settings.start_matches,
            circles: [start_circle; CIRCLES],
        },
        matches_of: vec![0.0; task.u.len()],
        rounds: 0,
        is_converged: false,
    };
    while state.rounds < task.settings.rounds_max && !state.is_converged {
        state.rounds += 1;
        let kinds = Kinds {
            m: &state.m,
            u: task.u,
            circles: &state.circles,
            shares: state.shares,
        };
        let mut sums = expect(&counts, task.active, &kinds);
        sums.learn_known(task.settings, task.known, task.active, &kinds);
        let change = state.take(&task, total, &sums);
        state.is_converged = change < task.settings.change_min;
    }
    state
}

impl Sums {
    /// Adds the levels of pairs whose kind is known, in each comparison up to a share of what is learned there. The shares of
    /// the kinds stay: known pairs were not drawn at random.
    pub(super) fn learn_known(
        &mut self,
        settings: &Settings,
        known: &[KnownPair],
        active: &[usize],
        kinds: &Kinds,
    ) {
        if known.is_empty() {
            return;
        }
        let zeros: Probabilities = kinds.u.iter().map(|levels| vec![0.0; levels.len()]).collect();
        let mut told = Self {
            shares: Shares::default(),
            matched: zeros.clone(),
            circles: [zeros.clone(), zeros],
        };
        for pair in known {
            let posterior = kinds.posterior_of(pair, active);
            told.add(pair.vector, pair.pairs, posterior, active);
        }
        let share = settings.label_share_max;
        let heard = |own: &mut Vec<f64>, told: &[f64]| {
            let (expected, known): (f64, f64) = (own.iter().sum(), told.iter().sum());
            let loudness = (expected * share / (1.0 - share) / known.max(1e-9)).min(1.0);
            own.iter_mut()
                .zip(told)
                .for_each(|(own, told)| *own += loudness * told);
        };
        for &at in active {
            heard(&mut self.matched[at], &told.matched[at]);
            for (own, told) in self.circles.iter_mut().zip(&told.circles) {
                heard(&mut own[at], &told[at]);
            }
        }
    }

    fn add(&mut self, vector: ComparisonVector, count: f64, posterior: Shares, active: &[usize]) {
        let matches = posterior.matches * count;
        let circles = posterior.circles.map(|share| share * count);
        self.shares.matches += matches;
        for (sum, circle) in self.shares.circles.iter_mut().zip(circles) {
            *sum += circle;
        }
        for &comparison in active {
            let level = vector.level(comparison);
            if level != AgreementLevel::NULL {
                self.matched[comparison][level.at()] += matches;
                for (sums, circle) in self.circles.iter_mut().zip(circles) {
                    sums[comparison][level.at()] += circle;
                }
            }
        }
    }
}

impl Learned {
    /// Takes over the sums of one round; returns the largest change of a probability.
    fn take(&mut self, task: &Task, total: f64, sums: &Sums) -> f64 {
        let matches = (sums.shares.matches / total).clamp(1e-9, 1.0 - 1e-6);
        let mut change = (matches - self.shares.matches).abs();
        self.shares.matches = matches;
        if !task.shared.is_empty() {
            let rest = (1.0 - matches) / CIRCLES as f64 - 1e-7;
            self.shares.circles = sums.shares.circles.map(|sum| (sum / total).clamp(1e-9, rest));
        }
        for &comparison in task.active {
            self.matches_of[comparison] = sums.matched[comparison].iter().sum();
            let m = shares(
                &sums.matched[comparison],
                &task.start[comparison],
                task.settings.pseudo_matches,
            );
            for (old, new) in self.m[comparison].iter_mut().zip(m) {
                change = change.max((new - *old).abs());
                *old = new;
            }
        }
        for circle in 0..CIRCLES {
            for &comparison in task.shared {
                let sums = &sums.circles[circle][comparison];
                let start = &task.start_circles[circle][comparison];
                self.circles[circle][comparison] = shares(sums, start, task.settings.pseudo_circle);
            }
        }
        change
    }
}

/// Counts of the vectors with the levels of `active` alone.
fn projected(counts: &[(ComparisonVector, u64)], active: &[usize]) -> Vec<(ComparisonVector, u64)> {
    let mask = active
        .iter()
        .fold(0u64, |mask, &comparison| mask | (0xF << (4 * comparison)));
    let mut projected: Vec<(ComparisonVector, u64)> = counts
        .iter()
        .map(|&(vector, count)| (ComparisonVector(vector.0 & mask), count))
        .collect();
    projected.sort_unstable_by_key(|(vector, _)| *vector);
    projected.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 += later.1;
        }
        is_same
    });
    projected
}

/// Shares of the sums, with `pseudo` pairs of the first shares added so that no level becomes impossible.
pub(super) fn shares(sums: &[f64], first: &[f64], pseudo: f64) -> Vec<f64> {
    let all: f64 = sums.iter().sum::<f64>() + pseudo;
    sums.iter()
        .zip(first)
        .map(|(sum, first)| ((sum + pseudo * first) / all).max(1e-6))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(levels: &[u8]) -> ComparisonVector {
        levels
            .iter()
            .enumerate()
            .fold(ComparisonVector::default(), |vector, (at, &level)| {
                vector.with(at, AgreementLevel(level))
            })
    }

    fn settings() -> Settings {
        Settings {
            rounds_max: 100,
            change_min: 1e-6,
            ..Settings::default()
        }
    }

    #[test]
    fn counted_vectors_teach_what_the_single_pairs_teach() {
        let u = vec![vec![0.9, 0.1], vec![0.8, 0.2]];
        let start = vec![vec![0.2, 0.8], vec![0.2, 0.8]];
        let counted = [
            (vector(&[1, 1]), 30),
            (vector(&[0, 0]), 60),
            (vector(&[1, 0]), 10),
        ];
        let single: Vec<(ComparisonVector, u64)> = counted
            .iter()
            .flat_map(|&(v, n)| std::iter::repeat_n((v, 1), n as usize))
            .collect();
        let (settings, start_circles) = (settings(), [start.clone(), start.clone()]);
        let task = |counts| Task {
            counts,
            active: &[0, 1],
            shared: &[0],
            u: &u,
            start: &start,
            start_circles: &start_circles,
            known: &[],
            settings: &settings,
        };
        let (a, b) = (learn(task(&counted)), learn(task(&single)));
        assert!((a.shares.matches - b.shares.matches).abs() < 1e-9);
        assert!((a.m[0][1] - b.m[0][1]).abs() < 1e-9);
    }

    #[test]
    fn a_clear_mixture_is_found() {
        let u = vec![vec![0.99, 0.01], vec![0.99, 0.01]];
        let start = vec![vec![0.2, 0.8], vec![0.2, 0.8]];
        let counts = [
            (vector(&[1, 1]), 90),
            (vector(&[1, 0]), 10),
            (vector(&[0, 1]), 10),
            (vector(&[0, 0]), 890),
        ];
        let learned = learn(Task {
            counts: &counts,
            active: &[0, 1],
            shared: &[],
            u: &u,
            start: &start,
            start_circles: &[u.clone(), u.clone()],
            known: &[],
            settings: &settings(),
        });
        assert!(
            (learned.shares.matches - 0.1).abs() < 0.02,
            "{:?}",
            learned.shares
        );
        assert!(learned.m[0][1] > 0.85);
    }

    /// Name (differs, family name agrees, equal), house (differs, equal) and birth date (differs, equal).
    #[test]
    fn known_pairs_teach_up_to_their_share_and_leave_the_prior() {
        let u = vec![vec![0.99, 0.01], vec![0.99, 0.01]];
        let start = vec![vec![0.2, 0.8], vec![0.2, 0.8]];
        let counts = [(vector(&[1, 1]), 100), (vector(&[0, 0]), 900)];
        let learn = |known: &[KnownPair]| {
            learn(Task {
                counts: &counts,
                active: &[0, 1],
                shared: &[],
                u: &u,
                start: &start,
                start_circles: &[u.clone(), u.clone()],
                known,
                settings: &settings(),
            })
        };
        let moved = KnownPair {
            vector: vector(&[1, 0]),
            is_same: true,
            pairs: 20.0,
        };
        let (without, with) = (learn(&[]), learn(&[moved; 1_000]));
        assert!(without.m[1][0] < 0.05, "{:?}", without.m);
        let told = with.m[1][0];
        assert!((told - settings().label_share_max).abs() < 0.02, "{:?}", with.m);
        assert!((with.shares.matches - without.shares.matches).abs() < 0.02);
        let different = learn(
            &[KnownPair {
                is_same: false,
                ..moved
            }; 10],
        );
        assert_eq!(different.m, without.m);
    }

    #[test]
    fn a_family_at_one_house_is_not_taken_for_customers_who_changed_their_birth_date() {
        let u = vec![vec![0.98, 0.01, 0.01], vec![0.99, 0.01], vec![0.999, 0.001]];
        let start = vec![vec![0.1, 0.2, 0.7], vec![0.2, 0.8], vec![0.2, 0.8]];
        let start_r = vec![vec![0.2, 0.7, 0.1], vec![0.4, 0.6], u[2].clone()];
        let counts = [
            (vector(&[2, 1, 1]), 900),
            (vector(&[2, 0, 1]), 100),
            (vector(&[1, 1, 0]), 2000),
            (vector(&[0, 0, 0]), 7000),
        ];
        let learn = |shared: &[usize]| {
            learn(Task {
                counts: &counts,
                active: &[0, 1, 2],
                known: &[],
                shared,
                u: &u,
                start: &start,
                start_circles: &[start_r.clone(), start_r.clone()],
                settings: &settings(),
            })
        };
        let (with, without) = (learn(&[0, 1]), learn(&[]));
        assert!(with.m[2][1] > 0.99 && with.m[0][2] > 0.99, "{:?}", with.m);
        let kin: f64 = with.shares.circles.iter().sum();
        assert!((with.shares.matches - 0.1).abs() < 0.01 && (kin - 0.2).abs() < 0.01);
        assert!(without.m[2][1] < 0.5, "the third kind is needed: {:?}", without.m);
    }
}
