//! E-mail addresses: whole, user name, alike, or different.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::FirstItems;
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
    party: Option<Party<'a>>,
}

/// Names of the customers, as far as they are persons.
struct Party<'a> {
    first: FirstItems,
    family: PartView<'a>,
    given: PartView<'a>,
}

impl Comparator for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("emails", &["emails"]).beside(&["party"])] }
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
            party: columns.get(1).and_then(|party| {
                Some(Party {
                    first: FirstItems::new(party),
                    family: PartView::new(party, "family")?,
                    given: PartView::new(party, "given")?,
                })
            }),
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

impl Party<'_> {
    /// Is the user name made of the customer's: does it hold the family or the given name?
    fn is_source_of(&self, user: &str, record: RecordIndex) -> bool {
        let item = self.first.of(record);
        [self.family.text(item), self.given.text(item)]
            .iter()
            .any(|name| name.len() >= 3 && user.contains(*name))
    }
}

impl Prepared<'_> {
    /// Does the likeness of two addresses only say again how alike the customers' names are? One user name with a number
    /// in it, which tells namesakes apart, says more.
    fn is_said(&self, level: u8, [(l, left), (r, right)]: [(u32, RecordIndex); 2]) -> bool {
        let (of_left, of_right) = (self.user.text(l), self.user.text(r));
        let has_number = || of_left.bytes().any(|b| b.is_ascii_digit());
        let is_doubtful = level == 1 || level == 2 && !has_number();
        is_doubtful
            && self
                .party
                .as_ref()
                .is_some_and(|party| party.is_source_of(of_left, left) && party.is_source_of(of_right, right))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (of_left, of_right) = (self.items.of(left), self.items.of(right));
        let mut best = None;
        for &l in of_left {
            for &r in of_right {
                let level = self.one(l, r);
                let is_said = self.is_said(level, [(l, left), (r, right)]);
                best = best.max((!is_said).then_some(level));
            }
        }
        best.map_or(AgreementLevel::NULL, AgreementLevel)
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.column.values.len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        out.extend(self.column.items_of(record));
    }
}
