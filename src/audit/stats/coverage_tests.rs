//! Coverage of intervals by simulation (operations.md Q13).

use super::Interval;
use super::Stratum;
use super::clopper_pearson;
use super::mover;
use super::reported;
use super::wilson;

/// Draws of each simulation.
const DRAWS: u32 = 20_000;

/// A population that no sample exhausts.
const ENDLESS: u64 = 1 << 40;

/// Steele's splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Cumulative probabilities of 0..=n successes.
fn binomial(n: u64, p: f64) -> Vec<f64> {
    let ln = |k: u64| {
        libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0)
            + k as f64 * p.ln()
            + (n - k) as f64 * (1.0 - p).ln()
    };
    let mut sum = 0.0;
    (0..=n)
        .map(|k| {
            sum += ln(k).exp();
            sum
        })
        .collect()
}

fn drawn(cumulative: &[f64], chance: &mut Chance) -> u64 {
    let u = chance.next();
    (cumulative.partition_point(|below| *below < u) as u64).min(cumulative.len() as u64 - 1)
}

fn coverage(n: u64, p: f64, interval: impl Fn(u64) -> Interval) -> f64 {
    let holds: Vec<bool> = (0..=n)
        .map(|x| {
            let found = interval(x);
            found.lo <= p && p <= found.hi
        })
        .collect();
    let cumulative = binomial(n, p);
    let mut chance = Chance(20_261_123);
    let covered = (0..DRAWS).filter(|_| holds[drawn(&cumulative, &mut chance) as usize]);
    covered.count() as f64 / f64::from(DRAWS)
}

const SIZES: [u64; 3] = [100, 300, 1_000];
const SHARES: [f64; 5] = [0.9, 0.95, 0.99, 0.995, 0.999];

/// Room for chance: three standard deviations of 20,000 draws.
const ROOM: f64 = 0.005;

#[test]
fn q13_reported_intervals_cover_at_least_93_per_cent_and_exact_ones_95() {
    for n in SIZES {
        for p in SHARES {
            let exact = coverage(n, p, |x| clopper_pearson(n, x));
            assert!(exact >= 0.95 - ROOM, "Clopper-Pearson {n} {p}: {exact}");
            let told = coverage(n, p, |x| reported(n, x, ENDLESS));
            assert!(told >= 0.93, "reported {n} {p}: {told}");
        }
    }
}

#[test]
fn q13_wilson_alone_falls_short_where_the_report_leaves_it() {
    for p in [0.99, 0.995, 0.999] {
        let alone = coverage(100, p, |x| wilson(100, x));
        assert!((0.90..0.93).contains(&alone), "{p}: {alone}");
    }
}

#[test]
fn q13_mover_covers_over_strata_of_unequal_quality() {
    // Three bands, nearly all of the weight in the clean one: P = .99315 (operations.md, section 2).
    let weights = [90_000, 8_000, 2_000].map(|weight| weight * (1 << 20));
    let shares = [0.999, 0.96, 0.8635];
    let whole: f64 = weights
        .iter()
        .zip(shares)
        .map(|(weight, p)| *weight as f64 * p)
        .sum();
    let truth = whole / weights.iter().sum::<u64>() as f64;
    for sizes in [[100, 100, 100], [200, 60, 40]] {
        let chances: Vec<Vec<f64>> = sizes.iter().zip(shares).map(|(n, p)| binomial(*n, p)).collect();
        let mut chance = Chance(7);
        let mut covered = [0_u32; 2];
        for _ in 0..DRAWS / 10 {
            let strata: Vec<Stratum> = (0..3)
                .map(|at| Stratum {
                    population: weights[at],
                    n: sizes[at],
                    x: drawn(&chances[at], &mut chance),
                })
                .collect();
            for (at, is_exact) in [false, true].into_iter().enumerate() {
                let (_, interval) = mover(&strata, is_exact);
                covered[at] += u32::from(interval.lo <= truth && truth <= interval.hi);
            }
        }
        let [told, exact] = covered.map(|count| f64::from(count) / f64::from(DRAWS / 10));
        assert!(told >= 0.93 && exact >= 0.95 - 0.015, "{sizes:?}: {told} {exact}");
    }
}
