//! E-mail addresses: whole, user name, alike, or different.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::hint::Hint;
use crate::compare::rows::words;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;
use crate::text::hash::hash_text;

/// Compares every address of one record with every address of the other; the best pair decides.
pub(super) struct Email;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("alike", "相近"),
    LevelSpec::plain("same user name", "用户名相同"),
    LevelSpec::of_term("equal", "相同", 0),
];

/// Stands in the row of a record with several addresses.
const SEVERAL: u32 = u32::MAX;

struct Prepared<'a> {
    column: &'a StandardColumn,
    user: PartView<'a>,
    party: Option<Party<'a>>,
}

/// Names of the customers, as far as they are persons.
struct Party<'a> {
    column: &'a StandardColumn,
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
            user: PartView::new(column, "local")?,
            party: columns.get(1).and_then(|party| {
                Some(Party {
                    column: party,
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

/// Can the addresses or the user names of two rows be alike?
fn may_be_alike(left: &[u32], right: &[u32]) -> bool {
    let &[_, _, _, l0, l1, l2, l3, l4, l5, l6, l7] = words::<11>(left);
    let &[_, _, _, r0, r1, r2, r3, r4, r5, r6, r7] = words::<11>(right);
    let are = |left, right| Hint::from_words(left).may_be_close(&Hint::from_words(right));
    are([l0, l1, l2, l3], [r0, r1, r2, r3]) || are([l4, l5, l6, l7], [r4, r5, r6, r7])
}

impl Party<'_> {
    /// Is the user name made of the customer's: does it hold the family or the given name?
    fn is_source_of(&self, user: &str, record: RecordIndex) -> bool {
        let item = self.column.item_of(record);
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
    fn width(&self) -> usize {
        3 + 2 * Hint::WIDTH
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        match self.column.items_of(record) {
            [] => {}
            [item] => {
                let text = self.column.values.get(*item);
                let tag = (hash_text(text) >> 32) as u32;
                row[..3].copy_from_slice(&[*item, tag, self.user.code(*item)]);
                row[3..7].copy_from_slice(&Hint::of(text).words());
                row[7..].copy_from_slice(&Hint::of(self.user.text(*item)).words());
            }
            _ => row[0] = SEVERAL,
        }
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (&[l, l_tag, l_user], &[r, r_tag, r_user]) = (words::<3>(left), words::<3>(right));
        match (l, r) {
            (0, _) | (_, 0) => LevelSet::NULL,
            (SEVERAL, _) | (_, SEVERAL) => LevelSet::of(&[0, 1, 2, 3]).or(LevelSet::NULL),
            _ if l == r => LevelSet::only(3),
            // One text may be two items with other parts.
            _ if l_tag == r_tag => LevelSet::of(&[0, 1, 2, 3]).or(LevelSet::NULL),
            _ if l_user == r_user => LevelSet::only(2).or(LevelSet::NULL),
            _ if may_be_alike(left, right) => LevelSet::of(&[0, 1]).or(LevelSet::NULL),
            _ => LevelSet::only(0),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (left.record, right.record);
        let mut best = None;
        for &l in self.column.items_of(left) {
            for &r in self.column.items_of(right) {
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
