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
    LevelSpec::plain("alike", "相近").by_chance(12),
    LevelSpec::plain("same user name", "用户名相同").by_chance(13),
    LevelSpec::of_term("equal", "相同", 0).by_chance(13),
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
    let &[_, _, _, _, l0, l1, l2, l3, l4, l5, l6, l7] = words::<12>(left);
    let &[_, _, _, _, r0, r1, r2, r3, r4, r5, r6, r7] = words::<12>(right);
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

/// Is the user name made of the customer's own?
const OWN: u32 = 1;

/// Does the user name hold a number?
const NUMBERED: u32 = 2;

impl Prepared<'_> {
    /// What the user name of an address tells of its customer: [`OWN`] and [`NUMBERED`].
    fn traits_of(&self, user: &str, record: RecordIndex) -> u32 {
        let is_own = self
            .party
            .as_ref()
            .is_some_and(|party| party.is_source_of(user, record));
        let is_numbered = user.bytes().any(|b| b.is_ascii_digit());
        (u32::from(is_own) * OWN) | (u32::from(is_numbered) * NUMBERED)
    }

    /// Level of two items, unless their likeness says nothing of its own.
    fn own_level(&self, [(l, left), (r, right)]: [(u32, RecordIndex); 2]) -> Option<u8> {
        let level = self.one(l, r);
        if !matches!(level, 1 | 2) {
            return Some(level);
        }
        let traits = |item, record| self.traits_of(self.user.text(item), record);
        (!is_said(level, traits(l, left), traits(r, right))).then_some(level)
    }
}

/// Does the likeness of two addresses only say again how alike the customers' names are? One user name with a number
/// in it, which tells namesakes apart, says more.
fn is_said(level: u8, left: u32, right: u32) -> bool {
    let is_doubtful = level == 1 || level == 2 && left & NUMBERED == 0;
    is_doubtful && left & right & OWN != 0
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        4 + 2 * Hint::WIDTH
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        match self.column.items_of(record) {
            [] => {}
            [item] => {
                let text = self.column.values.get(*item);
                let tag = (hash_text(text) >> 32) as u32;
                let user = self.user.text(*item);
                let traits = self.traits_of(user, record);
                row[..4].copy_from_slice(&[*item, tag, self.user.code(*item), traits]);
                row[4..8].copy_from_slice(&Hint::of(text).words());
                row[8..].copy_from_slice(&Hint::of(user).words());
            }
            _ => row[0] = SEVERAL,
        }
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (&[l, l_tag, l_user, l_traits], &[r, r_tag, r_user, r_traits]) =
            (words::<4>(left), words::<4>(right));
        match (l, r) {
            (0, _) | (_, 0) => LevelSet::NULL,
            (SEVERAL, _) | (_, SEVERAL) => LevelSet::of(&[0, 1, 2, 3]).or(LevelSet::NULL),
            _ if l == r => LevelSet::only(3),
            // One text may be two items with other parts.
            _ if l_tag == r_tag => LevelSet::of(&[0, 1, 2, 3]).or(LevelSet::NULL),
            _ if l_user == r_user && is_said(2, l_traits, r_traits) => LevelSet::NULL,
            _ if l_user == r_user => LevelSet::only(2),
            _ if may_be_alike(left, right) => {
                let alike = if is_said(1, l_traits, r_traits) {
                    LevelSet::NULL
                } else {
                    LevelSet::only(1)
                };
                LevelSet::only(0).or(alike)
            }
            _ => LevelSet::only(0),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (&[l, _, l_user, l_traits], &[r, _, r_user, r_traits]) =
            (words::<4>(left.words), words::<4>(right.words));
        // The glance has compared all but the texts of two single addresses.
        if l != SEVERAL && r != SEVERAL && l_user != r_user {
            let level = self.one(l, r);
            let is_said = is_said(level, l_traits, r_traits);
            return if is_said {
                AgreementLevel::NULL
            } else {
                AgreementLevel(level)
            };
        }
        let (left, right) = (left.record, right.record);
        let mut best = None;
        for &l in self.column.items_of(left) {
            for &r in self.column.items_of(right) {
                best = best.max(self.own_level([(l, left), (r, right)]));
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
