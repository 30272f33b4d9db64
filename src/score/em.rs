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

/// Learns m and λ of the comparisons in `active` from counted vectors; `start` gives the first m.
pub(super) fn learn(
    counts: &[(ComparisonVector, u64)],
    active: &[usize],
    u: &Probabilities,
    start: &Probabilities,
    limits: Limits,
) -> Learned {
    let total: f64 = counts.iter().map(|(_, count)| *count as f64).sum();
    let mut state = Learned {
        m: start.clone(),
        lambda: 0.2,
        matches: vec![0.0; u.len()],
        rounds: 0,
        is_converged: false,
    };
    while state.rounds < limits.rounds_max && !state.is_converged {
        state.rounds += 1;
        let mut sums: Probabilities = u.iter().map(|levels| vec![0.0; levels.len()]).collect();
        let mut expected = 0.0;
        for &(vector, count) in counts {
            let matches = posterior(vector, active, &state.m, u, state.lambda) * count as f64;
            expected += matches;
            for &comparison in active {
                let level = vector.level(comparison);
                if level != AgreementLevel::NULL {
                    sums[comparison][level.at()] += matches;
                }
            }
        }
        let lambda = (expected / total).clamp(1e-9, 1.0 - 1e-9);
        let mut change = (lambda - state.lambda).abs();
        state.lambda = lambda;
        for &comparison in active {
            let prior: f64 = PSEUDO_PAIRS * start[comparison].iter().sum::<f64>();
            let all: f64 = sums[comparison].iter().sum();
            state.matches[comparison] = all;
            for (level, sum) in sums[comparison].iter().enumerate() {
                let m = (sum + PSEUDO_PAIRS * start[comparison][level]) / (all + prior);
                change = change.max((m - state.m[comparison][level]).abs());
                state.m[comparison][level] = m.max(1e-6);
            }
        }
        state.is_converged = change < limits.change_min;
    }
    state
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
        let (a, b) = (
            learn(&counted, &[0, 1], &u, &start, limits),
            learn(&single, &[0, 1], &u, &start, limits),
        );
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
        let learned = learn(
            &counts,
            &[0, 1],
            &u,
            &start,
            Limits {
                rounds_max: 100,
                change_min: 1e-6,
            },
        );
        assert!((learned.lambda - 0.1).abs() < 0.02, "{}", learned.lambda);
        assert!(learned.m[0][1] > 0.85);
    }
}
