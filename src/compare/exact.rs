//! Equal or not: for short closed lists such as gender.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::Interner;
use crate::table::StandardColumn;

/// Level 1 when the standard texts are equal, else 0.
pub(super) struct Exact;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::of_term("equal", "相同", 0).by_chance(1),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    /// Per item, a code of its text; 0 = missing.
    text_of: Vec<u32>,
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
        let mut texts = Interner::default();
        let text_of = column.values.iter().map(|text| texts.intern(text) + 1);
        // Code 0 is for records without an item; an item has a text, were it an empty one.
        let text_of = std::iter::once(0).chain(text_of.skip(1)).collect();
        Some(Box::new(Prepared { column, text_of }))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        1
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        row[0] = self.text_of[self.column.item_of(record) as usize];
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        match (words::<1>(left), words::<1>(right)) {
            ([0], _) | (_, [0]) => LevelSet::NULL,
            (left, right) => LevelSet::only(u8::from(left == right)),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        AgreementLevel(u8::from(left.words == right.words))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record).first());
    }
}
