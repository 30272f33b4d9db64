//! Expectation maximisation on counts of distinct comparison vectors.
//!
//! u is given; m and the share of matches λ are learned. Missing values stand outside the denominators. The cost is that
//! of the distinct vectors, however many pairs there are (Winkler 1988; Splink aggregates likewise).

use crate::model::AgreementLevel;
use crate::model::ComparisonVector;

/// Pairs that each level's m is given before any is seen; keeps levels that never occur from being impossible.
const PSEUDO_PAIRS: f64 = 0.5;

/// Probabilities of every level: `[comparison][level]`.
pub(super) type Probabilities = Vec<Vec<f64>>;

/// What one EM learned.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    pub(super) m: Probabilities,
    pub(super) lambda: f64,
    /// Expected matches per comparison among pairs where it is not missing.
    pub(super) matches: Vec<f64>,
    pub(super) rounds: u32,
    pub(super) is_converged: bool,
}

/// Posterior probability of a match for one vector, over the comparisons in `active`.
pub(super) fn posterior(
    vector: ComparisonVector,
    active: &[usize],
    m: &Probabilities,
    u: &Probabilities,
    lambda: f64,
) -> f64 {
    let mut log_odds = libm::log2(lambda / (1.0 - lambda));
    for &comparison in active {
        let level = vector.level(comparison);
        if level != AgreementLevel::NULL {
            log_odds += libm::log2(m[comparison][level.at()] / u[comparison][level.at()]);
        }
    }
    1.0 / (1.0 + libm::exp2(-log_odds))
}

/// Limits of one EM.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) rounds_max: u32,
    pub(super) change_min: f64,
}

/// What one EM reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    /// Counted vectors.
    pub(super) counts: &'a [(ComparisonVector, u64)],
    /// Comparisons that take part.
    pub(super) active: &'a [usize],
    /// Comparisons of `active` whose u is learned too, because the non-matches of these pairs are alike in a special way.
    pub(super) free_u: &'a [usize],
    /// u of random pairs.
    pub(super) u: &'a Probabilities,
    /// First m.
    pub(super) start: &'a Probabilities,
    pub(super) limits: Limits,
}

/// Learns m and λ of the active comparisons from counted vectors.
pub(super) fn learn(task: Task) -> Learned {
    let total: f64 = task.counts.iter().map(|(_, count)| *count as f64).sum();
    let mut u = task.u.clone();
    let mut state = Learned {
        m: task.start.clone(),
        lambda: 0.2,
        matches: vec![0.0; u.len()],
        rounds: 0,
        is_converged: false,
    };
    while state.rounds < task.limits.rounds_max && !state.is_converged {
        state.rounds += 1;
        let mut matched: Probabilities = u.iter().map(|levels| vec![0.0; levels.len()]).collect();
        let mut unmatched = matched.clone();
        let mut expected = 0.0;
        for &(vector, count) in task.counts {
            let matches = posterior(vector, task.active, &state.m, &u, state.lambda) * count as f64;
            expected += matches;
            for &comparison in task.active {
                let level = vector.level(comparison);
                if level != AgreementLevel::NULL {
                    matched[comparison][level.at()] += matches;
                    unmatched[comparison][level.at()] += count as f64 - matches;
                }
            }
        }
        let lambda = (expected / total).clamp(1e-9, 1.0 - 1e-9);
        let mut change = (lambda - state.lambda).abs();
        state.lambda = lambda;
        for &comparison in task.active {
            state.matches[comparison] = matched[comparison].iter().sum();
            let m = shares(&matched[comparison], &task.start[comparison]);
            for (old, new) in state.m[comparison].iter_mut().zip(m) {
                change = change.max((new - *old).abs());
                *old = new;
            }
        }
        for &comparison in task.free_u {
            u[comparison] = shares(&unmatched[comparison], &task.u[comparison]);
        }
        state.is_converged = change < task.limits.change_min;
    }
    state
}

/// Shares of the sums, with some pairs of the first shares added so that no level becomes impossible.
fn shares(sums: &[f64], first: &[f64]) -> Vec<f64> {
    let all: f64 = sums.iter().sum::<f64>() + PSEUDO_PAIRS;
    sums.iter()
        .zip(first)
        .map(|(sum, first)| ((sum + PSEUDO_PAIRS * first) / all).max(1e-6))
        .collect()
}

/// Learns u of the comparisons in `free` while m and the other u stand; returns u and the share of matches.
///
/// For a population whose non-matches are alike in a special way, such as families at one address.
pub(super) fn learn_u(
    counts: &[(ComparisonVector, u64)],
    active: &[usize],
    free: &[usize],
    m: &Probabilities,
    u: &Probabilities,
    limits: Limits,
) -> (Probabilities, f64) {
    let total: f64 = counts.iter().map(|(_, count)| *count as f64).sum();
    let (mut learned, mut lambda) = (u.clone(), 0.5);
    for _ in 0..limits.rounds_max {
        let mut sums: Probabilities = u.iter().map(|levels| vec![0.0; levels.len()]).collect();
        let mut expected = 0.0;
        for &(vector, count) in counts {
            let matches = posterior(vector, active, m, &learned, lambda) * count as f64;
            expected += matches;
            for &comparison in free {
                let level = vector.level(comparison);
                if level != AgreementLevel::NULL {
                    sums[comparison][level.at()] += count as f64 - matches;
                }
            }
        }
        let next = (expected / total).clamp(1e-6, 1.0 - 1e-6);
        let change = (next - lambda).abs();
        lambda = next;
        for &comparison in free {
            let all: f64 = sums[comparison].iter().sum::<f64>() + 1.0;
            for (level, sum) in sums[comparison].iter().enumerate() {
                learned[comparison][level] = ((sum + u[comparison][level]) / all).max(1e-6);
            }
        }
        if change < limits.change_min {
            break;
        }
    }
    (learned, lambda)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(levels: [u8; 2]) -> ComparisonVector {
        ComparisonVector::default()
            .with(0, AgreementLevel(levels[0]))
            .with(1, AgreementLevel(levels[1]))
    }

    #[test]
    fn counted_vectors_teach_what_the_single_pairs_teach() {
        let u = vec![vec![0.9, 0.1], vec![0.8, 0.2]];
        let start = vec![vec![0.2, 0.8], vec![0.2, 0.8]];
        let limits = Limits {
            rounds_max: 20,
            change_min: 0.0,
        };
        let counted = [(vector([1, 1]), 30), (vector([0, 0]), 60), (vector([1, 0]), 10)];
        let single: Vec<(ComparisonVector, u64)> = counted
            .iter()
            .flat_map(|&(v, n)| std::iter::repeat_n((v, 1), n as usize))
            .collect();
        let task = |counts| Task {
            counts,
            active: &[0, 1],
            free_u: &[],
            u: &u,
            start: &start,
            limits,
        };
        let (a, b) = (learn(task(&counted)), learn(task(&single)));
        assert!((a.lambda - b.lambda).abs() < 1e-9);
        assert!((a.m[0][1] - b.m[0][1]).abs() < 1e-9);
    }

    #[test]
    fn a_clear_mixture_is_found() {
        let u = vec![vec![0.99, 0.01], vec![0.99, 0.01]];
        let start = vec![vec![0.2, 0.8], vec![0.2, 0.8]];
        let counts = [
            (vector([1, 1]), 90),
            (vector([1, 0]), 10),
            (vector([0, 1]), 10),
            (vector([0, 0]), 890),
        ];
        let limits = Limits {
            rounds_max: 100,
            change_min: 1e-6,
        };
        let learned = learn(Task {
            counts: &counts,
            active: &[0, 1],
            free_u: &[],
            u: &u,
            start: &start,
            limits,
        });
        assert!((learned.lambda - 0.1).abs() < 0.02, "{}", learned.lambda);
        assert!(learned.m[0][1] > 0.85);
    }
}
