//! Grades of shares.
//!
//! In: a share. Out: a colour class with a mark and a word, so that no standing is told by colour alone. The upper limit
//! is the group's target for completeness (95 %); it is wording of the page, gates are set in the job file.

use super::super::format::Figure;
use super::super::messages::Messages;
use crate::quality::Share;

/// Basis points from which a share is on target, and from which it is not far below.
const ON_TARGET: u64 = 9_500;
const FAR_BELOW: u64 = 8_000;

/// A share with its grade.
#[derive(Debug)]
pub(crate) struct Graded {
    pub(crate) figure: Figure,
    /// Class: `good`, `fair`, `poor` or `plain`.
    pub(crate) class: &'static str,
    /// One character; empty when there is no grade.
    pub(crate) mark: &'static str,
    /// The grade in words, for screen readers; empty when there is no grade.
    pub(crate) word: &'static str,
}

impl Graded {
    /// The grade of a share of which more is better.
    pub(super) fn of(path: String, share: Share, m: &'static Messages) -> Self {
        let (class, mark, word) = match share.basis_points() {
            None => ("plain", "", m.not_measured),
            // Rounding never lifts a share over a limit.
            Some(_) if is_at_least(share, ON_TARGET) => ("good", "✓", m.good),
            Some(_) if is_at_least(share, FAR_BELOW) => ("fair", "!", m.fair),
            Some(_) => ("poor", "✕", m.poor),
        };
        Self {
            figure: Figure::share(path, share),
            class,
            mark,
            word,
        }
    }

    /// A share without a grade.
    pub(super) fn plain(path: String, share: Share) -> Self {
        Self {
            figure: Figure::share(path, share),
            class: "plain",
            mark: "",
            word: "",
        }
    }
}

fn is_at_least(share: Share, basis_points: u64) -> bool {
    u128::from(share.numerator) * 10_000 >= u128::from(share.denominator) * u128::from(basis_points)
}

#[cfg(test)]
mod tests {
    use super::super::super::messages::messages;
    use super::*;
    use crate::model::Language;

    #[test]
    fn limits_hold_before_rounding_and_every_grade_has_a_word() {
        let class = |n, d| Graded::of(String::new(), Share::of(n, d), messages(Language::Zh)).class;
        assert_eq!(class(95, 100), "good");
        assert_eq!(class(94_999, 100_000), "fair");
        assert_eq!(class(79_999, 100_000), "poor");
        assert_eq!(class(0, 0), "plain");
    }
}
