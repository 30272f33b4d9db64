//! E-mail addresses: whole, user name, alike, or different.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::PartView;
use crate::compare::view::RecordItems;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares every address of one record with every address of the other; the best pair decides.
pub(super) struct Email;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("alike", "相近"),
    LevelSpec::plain("same user name", "用户名相同"),
    LevelSpec::of_term("equal", "相同", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    items: RecordItems,
    user: PartView<'a>,
}

impl Comparator for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("emails", &["emails"])] }
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
            items: RecordItems::new(column),
            user: PartView::new(column, "local")?,
        }))
    }
}

impl Prepared<'_> {
    fn one(&self, left: u32, right: u32) -> u8 {
        if left == right || self.column.values.get(left) == self.column.values.get(right) {
            return 3;
        }
        if self.user.code(left) == self.user.code(right) {
            return 2;
        }
        let is_alike = nearness(self.column.values.get(left), self.column.values.get(right))
            == Nearness::Close
            || nearness(self.user.text(left), self.user.text(right)) == Nearness::Close;
        u8::from(is_alike)
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.items.of(left), self.items.of(right));
        let levels = left
            .iter()
            .flat_map(|&l| right.iter().map(move |&r| self.one(l, r)));
        levels.max().map_or(AgreementLevel::NULL, AgreementLevel)
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record));
    }
}
