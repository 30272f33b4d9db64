//! Telephone numbers: any number of one record against any of the other.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::compare::similarity::is_one_edit;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares the keys of all numbers; the best pair decides.
pub(super) struct Phone;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("one digit apart", "相差一位").by_chance(16),
    LevelSpec::of_term("a number agrees", "有相同号码", 0).by_chance(13),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    key: PartView<'a>,
}

/// The characters of a key of digits, four bits each, the first lowest and never 0; an order of at most 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed(u64);

impl Packed {
    /// No number.
    const NONE: Self = Self(0);

    /// Stands in the row of a record whose numbers do not fit into it; no key is packed like this.
    const ELSEWHERE: Self = Self(u64::MAX);

    fn of(key: &str) -> Option<Self> {
        if key.len() > 16 {
            return None;
        }
        key.bytes().rev().try_fold(Self::NONE, |packed, byte| {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0' + 1,
                b'+' => 11,
                b'-' => 12,
                b'*' => 13,
                _ => return None,
            };
            Some(Self(packed.0 << 4 | u64::from(digit)))
        })
    }

    fn from_words([low, high]: [u32; 2]) -> Self {
        Self(u64::from(high) << 32 | u64::from(low))
    }

    fn words(self) -> [u32; 2] {
        [self.0 as u32, (self.0 >> 32) as u32]
    }

    /// Are two different keys one edit apart? What follows the first character that differs must agree once one side, or
    /// both, or a swapped pair is skipped.
    fn is_one_edit(self, other: Self) -> bool {
        let at = (self.0 ^ other.0).trailing_zeros() & !3;
        let (a, b) = (self.0 >> at, other.0 >> at);
        let is_swap = || a & 0xF == b >> 4 & 0xF && a >> 4 & 0xF == b & 0xF && a >> 8 == b >> 8;
        a >> 4 == b >> 4 || a >> 4 == b || a == b >> 4 || is_swap()
    }
}

impl Comparator for Phone {
    fn name(&self) -> &'static str {
        "phone"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("phones", &["phones"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn counts_names(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        Some(Box::new(Prepared {
            column,
            key: PartView::new(column, "key")?,
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        4
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        let mut numbers = [Packed::NONE; 2];
        let mut places = numbers.iter_mut();
        for &item in self.column.items_of(record) {
            if self.key.code(item) != 0 {
                match (places.next(), Packed::of(self.key.text(item))) {
                    (Some(place), Some(packed)) => *place = packed,
                    _ => {
                        numbers = [Packed::ELSEWHERE, Packed::NONE];
                        break;
                    }
                }
            }
        }
        row[..2].copy_from_slice(&numbers[0].words());
        row[2..].copy_from_slice(&numbers[1].words());
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (&[a, b, c, d], &[e, f, g, h]) = (words::<4>(left), words::<4>(right));
        let left = [Packed::from_words([a, b]), Packed::from_words([c, d])];
        let right = [Packed::from_words([e, f]), Packed::from_words([g, h])];
        if left[0] == Packed::NONE || right[0] == Packed::NONE {
            return LevelSet::NULL;
        }
        if left[0] == Packed::ELSEWHERE || right[0] == Packed::ELSEWHERE {
            return LevelSet::of(&[0, 1, 2]);
        }
        let mut best = 0;
        for l in left.into_iter().filter(|l| *l != Packed::NONE) {
            for r in right.into_iter().filter(|r| *r != Packed::NONE) {
                let level = if l == r { 2 } else { u8::from(l.is_one_edit(r)) };
                best = best.max(level);
            }
        }
        LevelSet::only(best)
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (
            self.column.items_of(left.record),
            self.column.items_of(right.record),
        );
        let mut best = AgreementLevel::NULL;
        for &l in left {
            for &r in right {
                let (a, b) = (self.key.code(l), self.key.code(r));
                if a == 0 || b == 0 {
                    continue;
                }
                if a == b {
                    return AgreementLevel(2);
                }
                let is_near = best != AgreementLevel(1) && is_one_edit(self.key.text(l), self.key.text(r));
                best = if is_near || best == AgreementLevel(1) {
                    AgreementLevel(1)
                } else {
                    AgreementLevel(0)
                };
            }
        }
        best
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.key.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        self.key.codes_of(self.column, record, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn packed_keys_are_judged_as_their_texts(a in "[0-2+-]{1,16}|[12]{1,6}", b in "[0-2+-]{1,16}|[12]{1,6}") {
            let (left, right) = (Packed::of(&a).unwrap(), Packed::of(&b).unwrap());
            proptest::prop_assert_eq!(left == right, a == b);
            if a != b {
                proptest::prop_assert_eq!(left.is_one_edit(right), is_one_edit(&a, &b));
            }
        }
    }

    #[test]
    fn a_key_that_is_no_number_is_left_to_its_text() {
        assert_eq!(Packed::of("13800001111转8"), None);
        assert_eq!(Packed::of("123456789012345678"), None);
        assert_ne!(Packed::of("9999999999999999"), Some(Packed::ELSEWHERE));
    }
}
