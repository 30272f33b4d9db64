//! Dates: equal, damaged, related by parts, or different.
//!
//! A date that differs in one digit, in two swapped neighbours or by day and month changing places is a typing error;
//! the same day and month in another year is a level of its own, because it speaks for the match in one file (damage)
//! and against it in another (parents and children).

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares ISO dates, also partial ones (`1985`, `1985-06`) and impossible ones kept as digits.
pub(super) struct Date;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("same year only", "仅年相同").by_chance(6),
    LevelSpec::plain("same day and month, other year", "月日相同，年不同").by_chance(8),
    LevelSpec::plain("two of year, month, day", "年月日中两项相同").by_chance(10),
    LevelSpec::plain("one typing error", "一处录入错误").by_chance(9),
    // Twins: some 1.5 in 100 pairs of brothers and sisters, who are about half of the kin under one roof.
    LevelSpec::of_term("equal", "相同", 0).by_chance(13).among_kin(7),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    /// Per item, its digits.
    digits: Vec<Digits>,
}

/// The digits of `YYYYMMDD`, four bits each and one more than the digit, the first digit highest; missing digits are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digits(u32);

/// Bits of the year.
const YEAR: u32 = 0xFFFF_0000;

/// Bits of the month.
const MONTH: u32 = 0x0000_FF00;

/// Bits of the day.
const DAY: u32 = 0x0000_00FF;

impl Digits {
    fn of(text: &str) -> Self {
        let digits = text.bytes().filter(u8::is_ascii_digit).take(8);
        Self(digits.zip((0..8).rev()).fold(0, |all, (digit, place)| {
            all | u32::from(digit - b'0' + 1) << (4 * place)
        }))
    }

    /// Are all digits of `part` there? Digits fill up from the first.
    fn has(self, part: u32) -> bool {
        self.0 & ((part & part.wrapping_neg()) * 0xF) != 0
    }
}

impl Comparator for Date {
    fn name(&self) -> &'static str {
        "date"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("birth_date", &["birth_date"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn is_own(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        let digits = column.values.iter().map(Digits::of).collect();
        Some(Box::new(Prepared { column, digits }))
    }
}

/// Are two whole dates that differ one typing error apart?
fn is_typing_error(left: Digits, right: Digits) -> bool {
    let (a, b) = (left.0, right.0);
    let differing = a ^ b;
    // The lowest bit of every digit that differs.
    let places = (differing | differing >> 1 | differing >> 2 | differing >> 3) & 0x1111_1111;
    match places.count_ones() {
        1 => true,
        2 => {
            let at = places.trailing_zeros();
            let swapped = (a >> at & 0xF) << 4 | (a >> at >> 4 & 0xF);
            places == 0x11 << at && b >> at & 0xFF == swapped
        }
        _ => differing & YEAR == 0 && (a & DAY) << 8 == b & MONTH && (a & MONTH) >> 8 == b & DAY,
    }
}

fn judge(a: Digits, b: Digits) -> LevelSet {
    if !a.has(YEAR) || !b.has(YEAR) {
        return LevelSet::NULL;
    }
    let agree = |part: u32| (a.0 ^ b.0) & part == 0 && a.has(part);
    LevelSet::only(match (agree(YEAR), agree(MONTH), agree(DAY)) {
        (true, true, true) => 5,
        _ if a.has(DAY) && b.has(DAY) && is_typing_error(a, b) => 4,
        (true, true, false) | (true, false, true) => 3,
        (false, true, true) => 2,
        (true, false, false) => 1,
        _ => 0,
    })
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        1
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        row[0] = self.digits[self.column.item_of(record) as usize].0;
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let ([left], [right]) = (words::<1>(left), words::<1>(right));
        judge(Digits(*left), Digits(*right))
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let level = self.glance(left.words, right.words).single();
        level.unwrap_or(AgreementLevel::NULL)
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record).first());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_one_digit_a_swap_or_day_for_month() {
        let is_error = |a, b| is_typing_error(Digits::of(a), Digits::of(b));
        let pairs = [
            ("1974-03-04", "1974-03-05"),
            ("1974-03-04", "1974-30-04"),
            ("1974-03-12", "1974-12-03"),
        ];
        assert!(pairs.iter().all(|(a, b)| is_error(a, b)));
        assert!(!is_error("1974-03-04", "1984-03-05"));
    }

    #[test]
    fn partial_dates_agree_by_the_parts_they_have() {
        let level = |a, b| judge(Digits::of(a), Digits::of(b)).single().map(|level| level.0);
        assert_eq!(level("1985", "1985-06-01"), Some(1));
        assert_eq!(level("1985-06", "1985-06-01"), Some(3));
        assert_eq!(level("1985-06", "1985-06"), Some(3), "the day is not known");
        assert_eq!(level("198", "198"), Some(AgreementLevel::NULL.0));
        assert_eq!(level("1985-06-01", "1975-06-01"), Some(4));
        assert_eq!(level("1985-06-01", "1962-06-01"), Some(2));
    }
}
