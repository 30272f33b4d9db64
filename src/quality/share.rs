//! Shares and changes as integers.
//!
//! In: counts. Out: a numerator with its denominator, and differences between two runs. Rounding happens here once,
//! half up and in integers, so that every page and gate rounds alike.

use serde::Deserialize;
use serde::Serialize;

/// A part of a whole. A denominator of 0 means that nothing was measured, which is neither 0 % nor 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// The part.
    pub numerator: u64,
    /// The whole.
    pub denominator: u64,
}

impl Share {
    /// `numerator` of `denominator`.
    pub fn of(numerator: u64, denominator: u64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// Parts of one thousand, rounded half up; `None` when nothing was measured.
    pub fn per_mille(self) -> Option<u64> {
        self.scaled(1_000)
    }

    /// Hundredths of a per cent, rounded half up; `None` when nothing was measured.
    ///
    /// # Examples
    /// ```
    /// use guiyi::quality::Share;
    /// assert_eq!(Share::of(1, 3).basis_points(), Some(3_333));
    /// assert_eq!(Share::of(0, 0).basis_points(), None);
    /// ```
    pub fn basis_points(self) -> Option<u64> {
        self.scaled(10_000)
    }

    /// The parts of all of them, of all their wholes.
    pub fn sum(shares: impl Iterator<Item = Self>) -> Self {
        shares.fold(Self::default(), |sum, share| {
            Self::of(
                sum.numerator + share.numerator,
                sum.denominator + share.denominator,
            )
        })
    }

    /// What is missing to the whole.
    pub fn complement(self) -> Self {
        Self::of(self.denominator.saturating_sub(self.numerator), self.denominator)
    }

    fn scaled(self, scale: u128) -> Option<u64> {
        let whole = u128::from(self.denominator);
        if whole == 0 {
            return None;
        }
        let rounded = (u128::from(self.numerator) * scale * 2 + whole) / (whole * 2);
        Some(u64::try_from(rounded).unwrap_or(u64::MAX))
    }
}

/// A count against the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The count of the run before.
    pub previous: u64,
    /// This run's count minus the previous one.
    pub delta: i64,
}

impl Change {
    /// The change from `previous` to `now`.
    pub fn between(previous: u64, now: u64) -> Self {
        let delta = i128::from(now) - i128::from(previous);
        let delta = i64::try_from(delta).unwrap_or(if delta < 0 { i64::MIN } else { i64::MAX });
        Self { previous, delta }
    }
}

/// A share against the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareChange {
    /// The share of the run before.
    pub previous: Share,
    /// This run's share minus the previous one in hundredths of a percentage point; `None` when either is not measured.
    pub delta_basis_points: Option<i64>,
}

impl ShareChange {
    /// The change from `previous` to `now`, each rounded to a basis point.
    pub fn between(previous: Share, now: Share) -> Self {
        let delta_basis_points = match (previous.basis_points(), now.basis_points()) {
            (Some(before), Some(after)) => Some(Change::between(before, after).delta),
            _ => None,
        };
        Self {
            previous,
            delta_basis_points,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_half_up_and_nothing_measured_is_no_figure() {
        assert_eq!(Share::of(1, 2_000).per_mille(), Some(1));
        assert_eq!(Share::of(1, 2_001).per_mille(), Some(0));
        assert_eq!(Share::of(u64::MAX, u64::MAX).basis_points(), Some(10_000));
        assert_eq!(Share::of(0, 0).per_mille(), None);
        let change = ShareChange::between(Share::of(1, 2), Share::of(1, 4));
        assert_eq!(change.delta_basis_points, Some(-2_500));
        let unmeasured = ShareChange::between(Share::of(0, 0), Share::of(1, 4));
        assert_eq!(unmeasured.delta_basis_points, None);
    }
}
