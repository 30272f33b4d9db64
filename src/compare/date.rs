//! Dates: equal, damaged, related by parts, or different.
//!
//! A date that differs in one digit, in two swapped neighbours or by day and month changing places is a typing error;
//! the same day and month in another year is a level of its own, because it speaks for the match in one file (damage)
//! and against it in another (parents and children).

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::view::FirstItems;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares ISO dates, also partial ones (`1985`, `1985-06`) and impossible ones kept as digits.
pub(super) struct Date;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("same year only", "仅年相同"),
    LevelSpec::plain("same day and month, other year", "月日相同，年不同"),
    LevelSpec::plain("two of year, month, day", "年月日中两项相同"),
    LevelSpec::plain("one typing error", "一处录入错误"),
    LevelSpec::of_term("equal", "相同", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    first: FirstItems,
    /// Per item, its digits `YYYYMMDD`; missing digits are 0 and counted by `length`.
    digits: Vec<[u8; 8]>,
    length: Vec<u8>,
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
        let mut digits = Vec::with_capacity(column.values.len());
        let mut length = Vec::with_capacity(column.values.len());
        for text in column.values.iter() {
            let mut slots = [0; 8];
            let mut filled = 0;
            for (slot, byte) in slots.iter_mut().zip(text.bytes().filter(u8::is_ascii_digit)) {
                *slot = byte;
                filled += 1;
            }
            digits.push(slots);
            length.push(filled);
        }
        Some(Box::new(Prepared {
            column,
            first: FirstItems::new(column),
            digits,
            length,
        }))
    }
}

fn is_typing_error(left: &[u8; 8], right: &[u8; 8]) -> bool {
    let mut differing = (0..8).filter(|&at| left[at] != right[at]);
    let (first, second, third) = (differing.next(), differing.next(), differing.next());
    let is_swap = |a: usize, b: usize| left[a] == right[b] && left[b] == right[a];
    match (first, second, third) {
        (Some(_), None, _) => true,
        (Some(a), Some(b), None) => b == a + 1 && is_swap(a, b),
        _ => left[..4] == right[..4] && left[4..6] == right[6..8] && left[6..8] == right[4..6],
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.first.of(left) as usize, self.first.of(right) as usize);
        if left == 0 || right == 0 {
            return AgreementLevel::NULL;
        }
        let (a, b) = (&self.digits[left], &self.digits[right]);
        let is_whole = self.length[left] == 8 && self.length[right] == 8;
        let known = usize::from(self.length[left].min(self.length[right]));
        if known < 4 {
            return AgreementLevel::NULL;
        }
        let agree = |range: std::ops::Range<usize>| range.end <= known && a[range.clone()] == b[range];
        let (year, month, day) = (agree(0..4), agree(4..6), agree(6..8));
        AgreementLevel(match (year, month, day) {
            (true, true, true) => 5,
            _ if is_whole && is_typing_error(a, b) => 4,
            (true, true, false) | (true, false, true) => 3,
            (false, true, true) => 2,
            (true, false, false) => 1,
            _ => 0,
        })
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
        let pairs = [
            (b"19740304", b"19740305"),
            (b"19740304", b"19743004"),
            (b"19740312", b"19741203"),
        ];
        assert!(pairs.iter().all(|(a, b)| is_typing_error(a, b)));
        assert!(!is_typing_error(b"19740304", b"19840305"));
    }
}
