//! Free text in folded form: equal, alike, part of each other, or different.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::FirstItems;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares the `key` part of text fields such as birth place or occupation.
pub(super) struct Text;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("alike or part of it", "相近或包含"),
    LevelSpec::of_term("equal", "相同", 0),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    first: FirstItems,
    key: PartView<'a>,
}

impl Comparator for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn uses(&self) -> &'static [Use] {
        const {
            &[
                Use::of("birth_place", &["birth_place"]),
                Use::of("occupation", &["occupation"]),
                Use::of("website", &["website"]),
            ]
        }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        Some(Box::new(Prepared {
            column,
            first: FirstItems::new(column),
            // A website has its domain where a text has its folded form.
            key: PartView::new(column, "key").or_else(|| PartView::new(column, "domain"))?,
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.first.of(left), self.first.of(right));
        let (left_code, right_code) = (self.key.code(left), self.key.code(right));
        if left_code == 0 || right_code == 0 {
            return AgreementLevel::NULL;
        }
        if left_code == right_code {
            return AgreementLevel(2);
        }
        let (left, right) = (self.key.text(left), self.key.text(right));
        let is_part = left.len().min(right.len()) >= 4 && (left.contains(right) || right.contains(left));
        AgreementLevel(u8::from(is_part || nearness(left, right) >= Nearness::Near))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.key.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        self.key.codes_of(self.column, record, out);
    }
}
