//! Identifiers of a person or registration: equal, one typing error apart, or different.
//!
//! Two valid identifiers are a conflict only when they are of one generation: a person has an ID card and a passport, and
//! a company has had a registration number of 13 digits, one of 15 and a code of 18.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::compare::similarity::is_one_edit;
use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::StandardColumn;
use crate::text::hash::hash_bytes;

/// Compares whole identifiers; two valid ID cards that differ by more than one character are a conflict.
pub(super) struct Identifier;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("both valid, differ", "均有效但不同").claims(Claim::Conflict),
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("one character apart", "相差一个字符").by_chance(14),
    LevelSpec::of_term("equal", "相同", 0)
        .by_chance(16)
        .claims(Claim::Tie),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    is_checked: bool,
}

/// Stands in the row of a record with several identifiers.
const SEVERAL: u32 = u32::MAX;

impl Comparator for Identifier {
    fn name(&self) -> &'static str {
        "identifier"
    }

    fn uses(&self) -> &'static [Use] {
        const {
            &[
                Use::of_issued_code("id_card", &["id_card"]),
                Use::of("other_identifier", &["other_identifier"]),
                Use::of_issued_code("registration_number", &["registration_number"]),
            ]
        }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn is_own(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        // Only types with a check digit can tell a different identifier from a mistyped one.
        let is_checked = matches!(column.field_type, "id_card" | "registration_number");
        Some(Box::new(Prepared { column, is_checked }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        5
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        match self.column.items_of(record) {
            [] => {}
            [item] => {
                let text = self.column.values.get(*item);
                let is_valid = self.is_checked && self.column.status_of(record) == ValueStatus::Valid;
                let form = if is_valid && is_checked_form(text) {
                    text.len() as u32
                } else {
                    0
                };
                let [first, last] = ends(text);
                row.copy_from_slice(&[*item, tag(text.as_bytes()), form, first, last]);
            }
            _ => row[0] = SEVERAL,
        }
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (&[l, l_tag, l_form, l_ends @ ..], &[r, r_tag, r_form, r_ends @ ..]) =
            (words::<5>(left), words::<5>(right));
        match (l, r) {
            (0, _) | (_, 0) => LevelSet::NULL,
            (SEVERAL, _) | (_, SEVERAL) => LevelSet::of(&[0, 1, 2, 3]),
            _ if l == r => LevelSet::only(3),
            // One text may be two items.
            _ if l_tag == r_tag => LevelSet::of(&[0, 1, 2, 3]),
            _ => {
                let differ = LevelSet::only(u8::from(l_form == 0 || l_form != r_form));
                if may_be_one_edit(l_ends, r_ends) {
                    differ.or(LevelSet::only(2))
                } else {
                    differ
                }
            }
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (left.record, right.record);
        let (left_items, right_items) = (self.column.items_of(left), self.column.items_of(right));
        let is_any = |are: &dyn Fn(u32, u32) -> bool| {
            left_items.iter().any(|&l| right_items.iter().any(|&r| are(l, r)))
        };
        let text = |item: u32| self.column.values.get(item);
        if is_any(&|l, r| l == r || text(l) == text(r)) {
            return AgreementLevel(3);
        }
        if is_any(&|l, r| is_one_edit(text(l), text(r))) {
            return AgreementLevel(2);
        }
        let is_valid = |record| self.column.status_of(record) == ValueStatus::Valid;
        let is_alike = |l: u32, r: u32| is_checked_form(text(l)) && text(l).len() == text(r).len();
        let is_conflict = self.is_checked && is_valid(left) && is_valid(right) && is_any(&is_alike);
        AgreementLevel(u8::from(!is_conflict))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record));
    }
}

fn tag(bytes: &[u8]) -> u32 {
    (hash_bytes(bytes) >> 32) as u32
}

/// Tags of the first and of the last eight characters, of ASCII texts of 17 and more; zeros of others.
fn ends(text: &str) -> [u32; 2] {
    if text.len() < 17 || !text.is_ascii() {
        return [0; 2];
    }
    let (first, last) = (&text.as_bytes()[..8], &text.as_bytes()[text.len() - 8..]);
    [tag(first).max(1), tag(last).max(1)]
}

/// One edit, were it a swap, leaves the first or the last eight of 17 characters as they are.
fn may_be_one_edit([l_first, l_last]: [u32; 2], [r_first, r_last]: [u32; 2]) -> bool {
    l_first == 0 || r_first == 0 || l_first == r_first || l_last == r_last
}

/// Does the identifier carry a check digit of its own: 15 digits of a registration, 18 characters of a card or code?
fn is_checked_form(text: &str) -> bool {
    matches!(text.len(), 15 | 18)
}
