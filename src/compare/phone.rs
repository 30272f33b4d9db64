//! Telephone numbers: any number of one record against any of the other.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::is_one_edit;
use crate::compare::view::PartView;
use crate::compare::view::RecordItems;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares the keys of all numbers; the best pair decides.
pub(super) struct Phone;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("one digit apart", "相差一位"),
    LevelSpec::of_term("a number agrees", "有相同号码", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    items: RecordItems,
    key: PartView<'a>,
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
            items: RecordItems::new(column),
            key: PartView::new(column, "key")?,
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.items.of(left), self.items.of(right));
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
