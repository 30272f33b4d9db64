//! Intervals of 95 % for a share.
//!
//! In: how many were asked (`n`), how many are right (`x`), how many there are to ask (`population`). Out: an [`Interval`]. Wilson is
//! reported, Clopper-Pearson where a promise hangs on it or where Wilson falls short (at most three wrong: its coverage there is
//! .90 to .92 for p from .99 to .999 and n = 100); beyond 5 % of the population the exact hypergeometric interval. Never Wald: .39
//! instead of .95 at p = .995 and n = 100.

use super::TAIL;
use super::Z_95;
use super::beta::beta_inverse;
use super::hypergeometric::cumulative;
use serde::Deserialize;
use serde::Serialize;

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's score interval.
    Wilson,
    /// Clopper and Pearson's exact interval.
    ClopperPearson,
    /// The exact interval for a sample without replacement.
    Hypergeometric,
    /// Every unit was asked: nothing is estimated.
    Census,
    /// MOVER over the strata's reported intervals.
    MoverWilson,
    /// MOVER over the strata's exact intervals.
    MoverExact,
    /// Ratio of means with its normal approximation; for information.
    Ratio,
    /// Ratio over records that were asked about several values each, at least as wide as the exact interval of as many records.
    RecordRatio,
}

impl Method {
    /// Its name in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Wilson => ["Wilson", "Wilson 得分区间"],
            Self::ClopperPearson => ["Clopper-Pearson", "Clopper-Pearson 精确区间"],
            Self::Hypergeometric => ["exact hypergeometric", "超几何精确区间"],
            Self::Census => ["all units asked", "全部检查"],
            Self::MoverWilson => ["MOVER over strata (Wilson)", "分层 MOVER（Wilson）"],
            Self::MoverExact => ["MOVER over strata (exact)", "分层 MOVER（精确）"],
            Self::Ratio => ["ratio estimate, for information", "比率估计，仅供参考"],
            Self::RecordRatio => ["ratio over records", "以记录为单位的比率估计"],
        }
    }
}

/// An interval of 95 % within 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
    /// How it was made.
    pub method: Method,
}

/// Share of the population from which the sample counts as drawn without replacement: 1/20.
const FINITE_FROM: u64 = 20;

/// Wrong answers up to which Wilson falls short.
const FEW_WRONG: u64 = 3;

/// Wilson's interval; `n` > 0.
pub fn wilson(n: u64, x: u64) -> Interval {
    let (count, p, z) = (n as f64, x as f64 / n as f64, Z_95);
    let scale = 1.0 + z * z / count;
    let centre = (p + z * z / (2.0 * count)) / scale;
    let half = z / scale * (p * (1.0 - p) / count + z * z / (4.0 * count * count)).sqrt();
    // The ends are exactly 0 and 1 there; floats miss them by a hair.
    let lo = if x == 0 { 0.0 } else { (centre - half).max(0.0) };
    let hi = if x == n { 1.0 } else { (centre + half).min(1.0) };
    Interval {
        lo,
        hi,
        method: Method::Wilson,
    }
}

/// Clopper and Pearson's interval; `n` > 0.
pub fn clopper_pearson(n: u64, x: u64) -> Interval {
    let (right, wrong) = (x as f64, (n - x) as f64);
    Interval {
        lo: if x == 0 {
            0.0
        } else {
            beta_inverse(TAIL, right, wrong + 1.0)
        },
        hi: if x == n {
            1.0
        } else {
            beta_inverse(1.0 - TAIL, right + 1.0, wrong)
        },
        method: Method::ClopperPearson,
    }
}

/// The smallest number of `range` that `holds`, which holds from some number on; the end of the range when none does.
fn first(range: std::ops::Range<u64>, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The exact interval for `x` right units among `n` drawn from `population` without replacement.
pub fn finite(n: u64, x: u64, population: u64) -> Interval {
    let (least, most) = (x, population - (n - x));
    // P(X >= x) grows and P(X <= x) falls with the number of right units in the population.
    let reaches = |right: u64| x == 0 || 1.0 - cumulative(population, right, n, x - 1) > TAIL;
    let exceeds = |right: u64| cumulative(population, right, n, x) <= TAIL;
    let lo = first(least..most, reaches);
    let hi = first(least..most + 1, exceeds).saturating_sub(1).max(lo);
    Interval {
        lo: lo as f64 / population as f64,
        hi: hi as f64 / population as f64,
        method: Method::Hypergeometric,
    }
}

/// The interval without approximation: what a promise may rest on.
pub fn guarantee(n: u64, x: u64, population: u64) -> Interval {
    match (n, population) {
        (0, _) => nothing_asked(),
        (n, population) if n >= population => {
            let p = x as f64 / n as f64;
            Interval {
                lo: p,
                hi: p,
                method: Method::Census,
            }
        }
        (n, population) if n.saturating_mul(FINITE_FROM) > population => finite(n, x, population),
        (n, _) => clopper_pearson(n, x),
    }
}

/// The interval that is reported: Wilson's, or [`guarantee`] where it falls short.
pub fn reported(n: u64, x: u64, population: u64) -> Interval {
    let is_small_share = n.saturating_mul(FINITE_FROM) <= population;
    if n > 0 && is_small_share && x + FEW_WRONG < n && x > FEW_WRONG {
        return wilson(n, x);
    }
    guarantee(n, x, population)
}

/// Nothing is known.
pub(super) fn nothing_asked() -> Interval {
    Interval {
        lo: 0.0,
        hi: 1.0,
        method: Method::ClopperPearson,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(interval: Interval, lo: f64, hi: f64) {
        assert!(
            (interval.lo - lo).abs() < 1e-6 && (interval.hi - hi).abs() < 1e-6,
            "{interval:?}"
        );
    }

    #[test]
    fn q12_intervals_equal_published_values() {
        // The cases of Newcombe (1998), table I; to six places as R's binom.test and prop.test give them.
        close(wilson(263, 81), 0.255_289, 0.366_210);
        close(wilson(148, 15), 0.062_386, 0.160_487);
        close(wilson(20, 0), 0.0, 0.161_125);
        close(wilson(29, 1), 0.006_113, 0.171_755);
        close(clopper_pearson(263, 81), 0.252_737, 0.367_622);
        close(clopper_pearson(148, 15), 0.057_844, 0.161_650);
        close(clopper_pearson(20, 0), 0.0, 0.168_433);
        close(clopper_pearson(29, 1), 0.000_873, 0.177_644);
    }

    #[test]
    fn a_sample_of_more_than_a_twentieth_is_finite_and_a_whole_is_a_census() {
        assert_eq!(reported(100, 90, 2_000).method, Method::Wilson);
        assert_eq!(reported(100, 90, 1_999).method, Method::Hypergeometric);
        assert_eq!(
            reported(100, 90, 100),
            Interval {
                lo: 0.9,
                hi: 0.9,
                method: Method::Census
            }
        );
        // Half of the population is known: the interval is narrower than for an endless one, and holds what was found.
        let (half, endless) = (finite(100, 97, 200), clopper_pearson(100, 97));
        assert!(
            half.lo > endless.lo && half.hi < endless.hi,
            "{half:?} {endless:?}"
        );
        assert!((0.485..=0.97).contains(&half.lo) && (0.97..=0.985).contains(&half.hi));
        assert_eq!(finite(10, 0, 40).lo, 0.0);
        assert_eq!(finite(10, 10, 40).hi, 1.0);
    }

    #[test]
    fn q13_where_few_are_wrong_the_exact_interval_is_reported() {
        for (n, x, method) in [
            (100, 100, Method::ClopperPearson),
            (100, 97, Method::ClopperPearson),
            (100, 96, Method::Wilson),
            (100, 3, Method::ClopperPearson),
            (100, 4, Method::Wilson),
        ] {
            assert_eq!(reported(n, x, 1_000_000).method, method, "{x}");
        }
        assert_eq!((reported(0, 0, 10).lo, reported(0, 0, 10).hi), (0.0, 1.0));
    }
}
