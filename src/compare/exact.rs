//! Equal or not: for short closed lists such as gender.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::view::FirstItems;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Level 1 when the standard texts are equal, else 0.
pub(super) struct Exact;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::of_term("equal", "相同", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    first: FirstItems,
}

impl Comparator for Exact {
    fn name(&self) -> &'static str {
        "exact"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("gender", &["gender"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn is_own(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        Some(Box::new(Prepared {
            column,
            first: FirstItems::new(column),
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.first.of(left), self.first.of(right));
        if left == 0 || right == 0 {
            return AgreementLevel::NULL;
        }
        AgreementLevel(u8::from(
            left == right || self.column.values.get(left) == self.column.values.get(right),
        ))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record).first());
    }
}
