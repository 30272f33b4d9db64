//! Identifiers of a person or registration: equal, one typing error apart, or different.
//!
//! Two valid identifiers are a conflict only when they are of one generation: a person has an ID card and a passport, and
//! a company has had a registration number of 13 digits, one of 15 and a code of 18.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::is_one_edit;
use crate::compare::view::RecordItems;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::StandardColumn;

/// Compares whole identifiers; two valid ID cards that differ by more than one character are a conflict.
pub(super) struct Identifier;

const LEVELS: &[LevelSpec] = &[
    LevelSpec {
        is_conflict: true,
        ..LevelSpec::plain("both valid, differ", "均有效但不同")
    },
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("one character apart", "相差一个字符"),
    LevelSpec::of_term("equal", "相同", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    items: RecordItems,
    is_checked: bool,
}

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
        Some(Box::new(Prepared {
            column,
            items: RecordItems::new(column),
            is_checked,
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left_items, right_items) = (self.items.of(left), self.items.of(right));
        if left_items.is_empty() || right_items.is_empty() {
            return AgreementLevel::NULL;
        }
        let text = |item: &u32| self.column.values.get(*item);
        if left_items
            .iter()
            .any(|l| right_items.iter().any(|r| text(l) == text(r)))
        {
            return AgreementLevel(3);
        }
        if left_items
            .iter()
            .any(|l| right_items.iter().any(|r| is_one_edit(text(l), text(r))))
        {
            return AgreementLevel(2);
        }
        let is_valid = |record| self.column.status_of(record) == ValueStatus::Valid;
        let is_alike = |l: &u32, r: &u32| is_checked_form(text(l)) && text(l).len() == text(r).len();
        let is_conflict = self.is_checked
            && is_valid(left)
            && is_valid(right)
            && left_items
                .iter()
                .any(|l| right_items.iter().any(|r| is_alike(l, r)));
        AgreementLevel(u8::from(!is_conflict))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record));
    }
}

/// Does the identifier carry a check digit of its own: 15 digits of a registration, 18 characters of a card or code?
fn is_checked_form(text: &str) -> bool {
    matches!(text.len(), 15 | 18)
}
