//! Exact tails of the hypergeometric distribution.
//!
//! In: a lot, its nonconforming units, a sample without replacement. Out: the probability of at most so many of them in the sample. One
//! term comes from log factorials, the others from the ratio of neighbours, away from it in both directions.

/// Natural logarithm of n over k.
fn ln_choose(n: u64, k: u64) -> f64 {
    let ln_factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// P(X = `found`) for a sample of `sample` from `lot` units of which `bad` are nonconforming; `found` is possible.
fn probability(lot: u64, bad: u64, sample: u64, found: u64) -> f64 {
    let ln = ln_choose(bad, found) + ln_choose(lot - bad, sample - found) - ln_choose(lot, sample);
    libm::exp(ln)
}

/// P(X <= `found`): at most `found` nonconforming units in a sample of `sample` from `lot` units of which `bad` are so.
///
/// `bad` and `sample` beyond `lot` count as `lot`.
pub fn cumulative(lot: u64, bad: u64, sample: u64, found: u64) -> f64 {
    let (bad, sample) = (bad.min(lot), sample.min(lot));
    let least = (bad + sample).saturating_sub(lot);
    let most = bad.min(sample);
    if found >= most {
        return 1.0;
    }
    if found < least {
        return 0.0;
    }
    // The smaller tail is summed, from its largest term outwards, so that nothing is lost by cancellation.
    let mean = bad as f64 * sample as f64 / lot as f64;
    if (found as f64) < mean {
        tail(found, least, probability(lot, bad, sample, found), |k| {
            // P(k - 1) / P(k)
            let (k, n) = (k as f64, sample as f64);
            k * (lot as f64 - bad as f64 - n + k) / ((bad as f64 - k + 1.0) * (n - k + 1.0))
        })
    } else {
        let above = found + 1;
        let first = probability(lot, bad, sample, above);
        let mut sum = first;
        let mut term = first;
        for k in above..most {
            let (k, n) = (k as f64, sample as f64);
            term *= (bad as f64 - k) * (n - k) / ((k + 1.0) * (lot as f64 - bad as f64 - n + k + 1.0));
            sum += term;
            if term < sum * 1e-18 {
                break;
            }
        }
        (1.0 - sum).clamp(0.0, 1.0)
    }
}

/// The sum of `first` at `from` and the terms below it, down to `least`.
fn tail(from: u64, least: u64, first: f64, ratio: impl Fn(u64) -> f64) -> f64 {
    let (mut sum, mut term) = (first, first);
    for k in (least + 1..=from).rev() {
        term *= ratio(k);
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By counting: the distribution of the number of bad units, unit after unit of the sample.
    fn counted(lot: u64, bad: u64, sample: u64, found: u64) -> f64 {
        let mut shares = vec![0.0; sample as usize + 2];
        shares[0] = 1.0;
        for drawn in 0..sample {
            for k in (0..=drawn.min(bad)).rev() {
                let left = (lot - drawn) as f64;
                let hit = shares[k as usize] * (bad - k) as f64 / left;
                shares[k as usize] -= hit;
                shares[k as usize + 1] += hit;
            }
        }
        shares[..=found as usize].iter().sum()
    }

    #[test]
    fn tails_equal_those_counted_unit_by_unit() {
        for (lot, bad, sample) in [
            (10, 3, 4),
            (50, 0, 7),
            (50, 50, 7),
            (200, 6, 80),
            (2_000, 60, 384),
            (90, 80, 60),
        ] {
            for found in 0..=sample.min(20) {
                let expected = counted(lot, bad, sample, found);
                let result = cumulative(lot, bad, sample, found);
                assert!(
                    (result - expected).abs() < 1e-10,
                    "{lot} {bad} {sample} {found}: {result} {expected}"
                );
            }
        }
        assert_eq!(cumulative(10, 3, 10, 2), 0.0);
        assert_eq!(cumulative(10, 3, 10, 3), 1.0);
    }
}
