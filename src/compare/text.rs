//! Free text in folded form: equal, alike, part of each other, or different.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::compare::similarity::Nearness;
use crate::compare::texts::Text as Sketched;
use crate::compare::texts::Texts;
use crate::compare::texts::nearness;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares the `key` part of text fields such as birth place or occupation.
pub(super) struct Text;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("alike or part of it", "相近或包含").by_chance(6),
    LevelSpec::of_term("equal", "相同", 0).by_chance(4),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    key: PartView<'a>,
    texts: Texts<'a>,
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
        // A website has its domain where a text has its folded form.
        let key = PartView::new(column, "key").or_else(|| PartView::new(column, "domain"))?;
        Some(Box::new(Prepared {
            column,
            key,
            texts: key.texts(),
        }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        1
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        row[0] = self.key.code(self.column.item_of(record));
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        match (words::<1>(left), words::<1>(right)) {
            ([0], _) | (_, [0]) => LevelSet::NULL,
            (left, right) if left == right => LevelSet::only(2),
            _ => LevelSet::of(&[0, 1]),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (self.texts.get(left.words[0]), self.texts.get(right.words[0]));
        AgreementLevel(u8::from(
            is_part(left, right) || nearness(left, right) >= Nearness::Near,
        ))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.key.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        self.key.codes_of(self.column, record, out);
    }
}

/// Is one of the texts, of four bytes and more, part of the other?
fn is_part(left: Sketched, right: Sketched) -> bool {
    if !left.may_hold(right) && !right.may_hold(left) {
        return false;
    }
    let (left, right) = (left.text(), right.text());
    left.len().min(right.len()) >= 4 && (left.contains(right) || right.contains(left))
}
