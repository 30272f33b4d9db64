//! Match weights in fixed point.

use std::iter::Sum;
use std::ops::Add;
use std::ops::AddAssign;
use std::ops::Neg;
use std::ops::Sub;

/// Match weight `log2(m/u)` in thousandths of a bit.
///
/// Sums are exact and do not depend on the order of the terms, so every thread count, batch and platform gives the
/// same weight. A pair's weight is the prior weight plus the sum over its comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MatchWeight(pub i32);

impl MatchWeight {
    /// No evidence either way.
    pub const ZERO: Self = Self(0);

    /// Rounds `bits` to the nearest thousandth; not-a-number becomes zero and the range is that of `i32`.
    pub fn from_bits(bits: f64) -> Self {
        Self(libm::round(bits * 1000.0) as i32)
    }

    /// `log2(m / u)` of two probabilities.
    pub fn from_probabilities(m: f64, u: f64) -> Self {
        Self::from_bits(libm::log2(m) - libm::log2(u))
    }

    /// The weight in bits.
    pub fn bits(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Posterior probability `2^w / (1 + 2^w)`, in `0.0..=1.0`.
    pub fn probability(self) -> f64 {
        1.0 / (1.0 + libm::exp2(-self.bits()))
    }
}

impl Add for MatchWeight {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for MatchWeight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for MatchWeight {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for MatchWeight {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for MatchWeight {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_in_any_order() {
        let terms = [MatchWeight(1), MatchWeight(-7_333), MatchWeight(12_001)];
        let forward: MatchWeight = terms.iter().copied().sum();
        let backward: MatchWeight = terms.iter().rev().copied().sum();
        assert_eq!((forward, forward.0), (backward, 4_669));
    }

    #[test]
    fn odds_of_four_to_one_are_two_bits() {
        assert_eq!(MatchWeight::from_probabilities(0.8, 0.2).0, 2_000);
        assert!((MatchWeight(0).probability() - 0.5).abs() < 1e-12);
    }
}
