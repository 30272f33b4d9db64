//! Numbers as people read them, each with its place in `quality.json`.
//!
//! In: integers and shares. Out: [`Figure`]s: digits grouped by commas, per cent with one decimal, bits with two,
//! probabilities with four significant digits. All arithmetic is on integers, so no platform rounds differently. A share
//! below the whole never reads 100.0 %, one above nothing never reads 0.0 %, and an unmeasured one reads as a dash.

use crate::quality::Share;
use std::fmt;

/// What stands for a figure that was not measured.
pub(crate) const NOT_MEASURED: &str = "\u{2013}";

/// The minus sign of typography, as wide as a plus.
const MINUS: char = '\u{2212}';

/// A number as text with its place in `quality.json`, such as `sources.0.accepted`.
///
/// Displays as an HTML element. That is safe without escaping, because paths are made of field names of the program
/// and positions, and texts of digits and signs; neither ever holds data.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    path: String,
    text: String,
    /// Numerator and denominator of a share.
    parts: Option<String>,
    /// Place of what is taken off, where the number is a difference of two figures.
    minus: Option<String>,
}

impl askama::filters::HtmlSafe for Figure {}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span data-path=\"{}\"", self.path)?;
        if let Some(minus) = &self.minus {
            write!(f, " data-minus=\"{minus}\"")?;
        }
        if let Some(parts) = &self.parts {
            write!(f, " title=\"{parts}\"")?;
        }
        write!(f, ">{}</span>", self.text)
    }
}

impl Figure {
    /// A count.
    pub(crate) fn count(path: impl Into<String>, count: u64) -> Self {
        Self::new(path, grouped(count))
    }

    /// A count that may be absent.
    pub(crate) fn count_or_dash(path: impl Into<String>, count: Option<u64>) -> Self {
        Self::new(path, count.map_or_else(|| NOT_MEASURED.to_owned(), grouped))
    }

    /// A difference, with its sign.
    pub(crate) fn delta(path: impl Into<String>, delta: i64) -> Self {
        Self::new(path, signed(delta, grouped(delta.unsigned_abs())))
    }

    /// A share in per cent.
    pub(crate) fn share(path: impl Into<String>, share: Share) -> Self {
        let parts = format!("{} / {}", grouped(share.numerator), grouped(share.denominator));
        Self {
            parts: Some(parts),
            ..Self::new(path, percent(share))
        }
    }

    /// A limit in per cent with two decimals, without the sign.
    pub(super) fn limit(path: impl Into<String>, basis_points: u64) -> Self {
        Self::new(path, decimal(basis_points, 100, 2))
    }

    /// A share in millionths, in per cent with one decimal.
    pub(super) fn ppm(path: impl Into<String>, ppm: u64) -> Self {
        Self::new(path, percent(Share::of(ppm, 1_000_000)))
    }

    /// A figure of a trend.
    pub(super) fn of_trend(path: impl Into<String>, value: i64, scale: Scale) -> Self {
        let size = value.unsigned_abs();
        let text = match scale {
            Scale::Count => grouped(size),
            Scale::Share => format!("{}%", decimal(size, 100, 2)),
        };
        match value {
            i64::MIN..0 => Self::new(path, format!("{MINUS}{text}")),
            _ => Self::new(path, text),
        }
    }

    /// What the figure at `path` is above the one at `minus`; percentage points without the unit for shares.
    pub(super) fn difference(path: String, minus: String, delta: i64, scale: Scale) -> Self {
        let size = delta.unsigned_abs();
        let text = match scale {
            Scale::Count => grouped(size),
            Scale::Share => decimal(size, 100, 2),
        };
        Self {
            minus: Some(minus),
            ..Self::new(path, signed(delta, text))
        }
    }

    /// A robust score in hundredths.
    pub(super) fn score(path: impl Into<String>, hundredths: i64) -> Self {
        Self::new(
            path,
            signed(hundredths, decimal(hundredths.unsigned_abs(), 100, 2)),
        )
    }

    /// A weight in bits.
    pub(crate) fn bits(path: impl Into<String>, millibits: i32) -> Self {
        Self::new(path, decimal_bits(millibits))
    }

    /// A whole number of bits.
    pub(crate) fn whole_bits(path: impl Into<String>, bits: i32) -> Self {
        Self::new(path, whole(bits))
    }

    /// A probability in parts of 10^12.
    pub(crate) fn probability(path: impl Into<String>, per_trillion: Option<u64>) -> Self {
        Self::new(
            path,
            per_trillion.map_or_else(|| NOT_MEASURED.to_owned(), probability),
        )
    }

    fn new(path: impl Into<String>, text: String) -> Self {
        Self {
            path: path.into(),
            text,
            parts: None,
            minus: None,
        }
    }
}

/// A count, or a share in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Count,
    Share,
}

/// Bits with two decimals.
pub(super) fn decimal_bits(millibits: i32) -> String {
    let rounded = (millibits.unsigned_abs() + 5) / 10;
    let text = decimal(u64::from(rounded), 100, 2);
    match millibits {
        i32::MIN..0 => format!("{MINUS}{text}"),
        _ => text,
    }
}

/// Digits in groups of three.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A whole number with the minus sign of typography.
pub(crate) fn whole(number: i32) -> String {
    let sign = if number < 0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    format!("{sign}{}", number.unsigned_abs())
}

/// Per cent with one decimal.
pub(crate) fn percent(share: Share) -> String {
    let is_whole = share.numerator >= share.denominator;
    match share.per_mille() {
        None => NOT_MEASURED.to_owned(),
        Some(0) if share.numerator > 0 => "<0.1%".to_owned(),
        Some(1_000) if !is_whole => ">99.9%".to_owned(),
        Some(per_mille) => format!("{}%", decimal(per_mille, 10, 1)),
    }
}

fn signed(number: i64, text: String) -> String {
    match number {
        0 => format!("±{text}"),
        i64::MIN..0 => format!("{MINUS}{text}"),
        _ => format!("+{text}"),
    }
}

fn decimal(number: u64, scale: u64, places: usize) -> String {
    format!("{}.{:0places$}", grouped(number / scale), number % scale)
}

/// Four decimals, or two significant digits with an exponent when there is less.
fn probability(per_trillion: u64) -> String {
    if per_trillion >= 100_000_000 {
        return decimal((per_trillion + 50_000_000) / 100_000_000, 10_000, 4);
    }
    if per_trillion == 0 {
        return "0".to_owned();
    }
    let digits = per_trillion.ilog10();
    let tenths = match digits {
        0 => per_trillion * 10,
        _ => (per_trillion + 10u64.pow(digits - 1) / 2) / 10u64.pow(digits - 1),
    };
    // 9.96 rounds to 10.0, which is 1.0 of the next decade.
    let (tenths, digits) = if tenths == 100 {
        (10, digits + 1)
    } else {
        (tenths, digits)
    };
    format!("{}.{}e{MINUS}{}", tenths / 10, tenths % 10, 12 - digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_differences_signed() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        assert_eq!(Figure::delta("a", -1_200).text, "−1,200");
        assert_eq!(Figure::delta("a", 0).text, "±0");
        let points = |delta| Figure::difference("a".to_owned(), "b".to_owned(), delta, Scale::Share);
        assert_eq!(points(-155).text, "−1.55");
        assert_eq!(
            points(0).to_string(),
            "<span data-path=\"a\" data-minus=\"b\">±0.00</span>"
        );
        assert_eq!(Figure::of_trend("a", 9_995, Scale::Share).text, "99.95%");
        assert_eq!(Figure::of_trend("a", -1_200, Scale::Count).text, "−1,200");
        assert_eq!(Figure::bits("a", -7_215).text, "−7.22");
        assert_eq!(Figure::bits("a", i32::MIN).text, "−2,147,483.65");
    }

    #[test]
    fn shares_never_round_to_all_or_nothing() {
        assert_eq!(percent(Share::of(1, 3)), "33.3%");
        assert_eq!(percent(Share::of(99_999, 100_000)), ">99.9%");
        assert_eq!(percent(Share::of(1, 100_000)), "<0.1%");
        assert_eq!(percent(Share::of(0, 7)), "0.0%");
        assert_eq!(percent(Share::of(7, 7)), "100.0%");
        assert_eq!(percent(Share::of(0, 0)), "–");
    }

    #[test]
    fn small_probabilities_keep_two_digits() {
        assert_eq!(probability(910_000_000_000), "0.9100");
        assert_eq!(probability(2_000_000), "2.0e−6");
        assert_eq!(probability(99_600_000), "1.0e−4");
        assert_eq!(probability(1), "1.0e−12");
        assert_eq!(probability(0), "0");
        assert_eq!(probability(1_000_000_000_000), "1.0000");
    }

    #[test]
    fn a_figure_names_its_place() {
        let html = Figure::share("key_figures.redundant", Share::of(1, 4)).to_string();
        assert_eq!(
            html,
            "<span data-path=\"key_figures.redundant\" title=\"1 / 4\">25.0%</span>"
        );
    }
}
