//! Two-risk plans: the smallest sample that keeps both promises.
//!
//! In: a lot of N units, a good level p0 and a bad level p1, the risks alpha and beta. Out: the smallest n, and its Ac, such that a lot of
//! quality p0 (at most `floor(N p0)` nonconforming units) is accepted with at least 1 - alpha and one of quality p1 (at least
//! `ceil(N p1)`) with at most beta. Exact by the hypergeometric distribution.

use crate::audit::stats::cumulative;

/// Millionths in one.
pub(super) const MILLION: u64 = 1_000_000;

/// Risks that are equal but for rounding are equal.
const ROUNDING: f64 = 1e-12;

/// Nonconforming units of the best bad lot: at least this share.
pub(super) fn at_least(lot: u64, share_ppm: u64) -> u64 {
    (lot * share_ppm).div_ceil(MILLION)
}

/// Nonconforming units of the worst good lot: at most this share.
pub(crate) fn at_most(lot: u64, share_ppm: u64) -> u64 {
    lot * share_ppm / MILLION
}

/// The plan (n, Ac). Levels that the lot is too small to tell apart are told apart by asking all: (N, floor(N p0)).
pub fn two_risk(lot: u64, p0_ppm: u64, p1_ppm: u64, alpha: f64, beta: f64) -> (u64, u64) {
    let (good, bad) = (at_most(lot, p0_ppm), at_least(lot, p1_ppm));
    // Asking all accepts at `good` for certain and refuses at `good + 1`.
    for accept in 0..good {
        let n = smallest_sample(lot, bad, accept, beta);
        if n >= lot {
            break;
        }
        if cumulative(lot, good, n, accept) >= 1.0 - alpha - ROUNDING {
            return (n, accept);
        }
    }
    let n = smallest_sample(lot, bad, good, beta);
    (n, good)
}

/// The smallest sample that accepts a lot with `bad` nonconforming units with at most `beta`; the whole lot when none smaller does.
fn smallest_sample(lot: u64, bad: u64, accept: u64, beta: f64) -> u64 {
    let (mut low, mut high) = ((accept + 1).min(lot), lot);
    while low < high {
        let middle = low + (high - low) / 2;
        if cumulative(lot, bad, middle, accept) <= beta + ROUNDING {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHA: f64 = 0.05;
    const BETA: f64 = 0.10;

    #[test]
    fn q9_two_risk_plans_equal_the_published_table() {
        let levels = [
            (5_000, 20_000),
            (10_000, 30_000),
            (10_000, 50_000),
            (20_000, 60_000),
        ];
        let table = [
            (500, [(224, 2), (231, 4), (123, 3), (142, 5)]),
            (5_000, [(390, 4), (384, 7), (131, 3), (193, 7)]),
            (50_000, [(461, 5), (390, 7), (132, 3), (194, 7)]),
            (1_000_000, [(462, 5), (390, 7), (132, 3), (194, 7)]),
        ];
        for (lot, plans) in table {
            for ((p0, p1), plan) in levels.into_iter().zip(plans) {
                assert_eq!(two_risk(lot, p0, p1, ALPHA, BETA), plan, "{lot} {p0} {p1}");
            }
        }
    }

    /// P(X <= accept) by counting unit after unit, nothing shared with the program.
    fn counted(lot: u64, bad: u64, sample: u64, accept: u64) -> f64 {
        let mut shares = vec![0.0; sample as usize + 2];
        shares[0] = 1.0;
        for drawn in 0..sample {
            for k in (0..=drawn.min(bad)).rev() {
                let hit = shares[k as usize] * (bad - k) as f64 / (lot - drawn) as f64;
                shares[k as usize] -= hit;
                shares[k as usize + 1] += hit;
            }
        }
        shares[..=accept as usize].iter().sum()
    }

    #[test]
    fn q9_both_risks_hold_and_no_smaller_sample_keeps_them_up_to_lots_of_2000() {
        for lot in [1, 2, 7, 20, 50, 99, 180, 333, 500, 777, 1_200, 1_999, 2_000] {
            for (p0, p1) in [
                (5_000, 20_000),
                (10_000, 30_000),
                (20_000, 60_000),
                (50_000, 51_000),
            ] {
                let (n, accept) = two_risk(lot, p0, p1, ALPHA, BETA);
                let (good, bad) = (at_most(lot, p0), at_least(lot, p1));
                let keeps = |n: u64, accept: u64| {
                    counted(lot, good, n, accept) >= 1.0 - ALPHA - 1e-9
                        && counted(lot, bad, n, accept) <= BETA + 1e-9
                };
                assert!(keeps(n, accept), "{lot} {p0} {p1}: {n} {accept}");
                if lot <= 500 {
                    let smaller = (0..n)
                        .rev()
                        .take(25)
                        .find(|n| (0..=good.min(*n)).any(|accept| keeps(*n, accept)));
                    assert_eq!(smaller, None, "{lot} {p0} {p1}: {n} {accept}");
                }
            }
        }
    }

    /// P(X <= accept) by the ratio of neighbouring terms from P(X = 0) on, which is carried from sample to sample; nothing shared with the
    /// program. A sample that must hold a nonconforming unit has no P(X = 0), and none of these plans asks for so much.
    struct Recurrence {
        lot: f64,
        bad: f64,
        sample: f64,
        none: f64,
    }

    impl Recurrence {
        fn new(lot: u64, bad: u64) -> Self {
            Self {
                lot: lot as f64,
                bad: bad as f64,
                sample: 0.0,
                none: 1.0,
            }
        }

        /// One unit more in the sample.
        fn draw(&mut self) {
            self.none *= (self.lot - self.bad - self.sample) / (self.lot - self.sample);
            self.sample += 1.0;
        }

        fn at_most(&self, accept: u64) -> f64 {
            let (mut term, mut sum) = (self.none, self.none);
            for k in 0..accept {
                let k = k as f64;
                term *= (self.bad - k) * (self.sample - k)
                    / ((k + 1.0) * (self.lot - self.bad - self.sample + k + 1.0));
                sum += term.max(0.0);
            }
            sum
        }
    }

    /// Checks a plan of every lot by asking of every smaller sample, and of every number that it could accept, whether it keeps both promises.
    fn brute_force(lots: impl Iterator<Item = u64>) {
        for lot in lots {
            for (p0, p1) in [
                (5_000, 20_000),
                (10_000, 30_000),
                (10_000, 50_000),
                (20_000, 60_000),
            ] {
                let (n, accept) = two_risk(lot, p0, p1, ALPHA, BETA);
                let (good, bad) = (at_most(lot, p0), at_least(lot, p1));
                let mut of_good = Recurrence::new(lot, good);
                let mut of_bad = Recurrence::new(lot, bad);
                for sample in 1..=n.min(lot - bad) {
                    of_good.draw();
                    of_bad.draw();
                    let keeps = |accept: u64| {
                        let refuses_good = 1.0 - of_good.at_most(accept);
                        refuses_good <= ALPHA + 1e-9 && of_bad.at_most(accept) <= BETA + 1e-9
                    };
                    if sample == n {
                        assert!(keeps(accept), "{lot} {p0} {p1}: {n} {accept}");
                    } else {
                        let smaller = (0..=good.min(sample)).find(|accept| keeps(*accept));
                        assert_eq!(smaller, None, "{lot} {p0} {p1}: {n} {accept}, but {sample}");
                    }
                }
            }
        }
    }

    #[test]
    fn q9_brute_force_agrees_for_every_lot_up_to_2000() {
        brute_force(1..=2_000);
    }

    #[test]
    fn a_lot_without_error_needs_the_known_zero_defect_samples() {
        // 95 % sure of at most 5 %, 1 %, 0.5 %, 0.1 %: ln .05 / ln (1 - p).
        for (p1, n) in [(50_000, 59), (10_000, 299), (5_000, 598), (1_000, 2_995)] {
            assert_eq!(two_risk(100_000_000, 0, p1, 0.05, 0.05), (n, 0));
        }
    }
}
