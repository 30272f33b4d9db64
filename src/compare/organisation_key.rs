//! The nine-character organisation key that three generations of codes share.
//!
//! Unified social credit code (positions 9–17), organisation code and old tax number (positions 7–15) carry the same key
//! (GB 32100-2015), so the comparison reads all three columns. Two valid, different keys never belong to one customer.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::compare::similarity::is_one_edit;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::Interner;
use crate::table::StandardColumn;

/// Compares organisation keys across the columns that may hold one.
pub(super) struct OrganisationKey;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("both valid, differ", "均有效但不同").claims(Claim::Conflict),
    LevelSpec::plain("differs", "不同"),
    LevelSpec::plain("one character apart", "相差一个字符").by_chance(14),
    LevelSpec::of_term("equal", "相同", 0)
        .by_chance(16)
        .claims(Claim::Tie),
];

struct Source<'a> {
    column: &'a StandardColumn,
    key: PartView<'a>,
    /// Per code of this column's part, the code in the common pool.
    common: Vec<u32>,
}

/// The key of a record, and whether its value is valid.
type RecordKey = (u32, bool);

struct Prepared {
    key_of: Vec<RecordKey>,
    keys: Interner,
}

impl Comparator for OrganisationKey {
    fn name(&self) -> &'static str {
        "organisation_key"
    }

    fn uses(&self) -> &'static [Use] {
        const {
            &[Use::of_issued_code(
                "organisation_key",
                &["uscc", "organisation_code", "tax_number"],
            )]
        }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn is_own(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let mut keys = Interner::default();
        let sources: Vec<Source<'a>> = columns
            .iter()
            .filter_map(|&column| {
                let part = column.part("organisation_key")?;
                let common = part.values.iter().map(|text| keys.intern(text)).collect();
                Some(Source {
                    column,
                    key: PartView::new(column, "organisation_key")?,
                    common,
                })
            })
            .collect();
        let records = sources.first()?.column.cell_of.len() as u32;
        let key_of = (0..records)
            .map(|record| key(&sources, RecordIndex(record)))
            .collect();
        Some(Box::new(Prepared { key_of, keys }))
    }
}

/// First key of a record in the order of the columns, and whether its value is valid.
fn key(sources: &[Source], record: RecordIndex) -> RecordKey {
    for source in sources {
        let code = source.key.code(source.column.item_of(record));
        if code != 0 {
            let is_valid = source.column.status_of(record) == ValueStatus::Valid;
            return (source.common[code as usize], is_valid);
        }
    }
    (0, false)
}

impl PreparedComparison for Prepared {
    fn width(&self) -> usize {
        2
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        let (key, is_valid) = self.key_of[record.at()];
        row.copy_from_slice(&[key, u32::from(is_valid)]);
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        match (words::<2>(left), words::<2>(right)) {
            ([0, _], _) | (_, [0, _]) => LevelSet::NULL,
            ([l, _], [r, _]) if l == r => LevelSet::only(3),
            ([_, 1], [_, 1]) => LevelSet::of(&[0, 2]),
            _ => LevelSet::of(&[1, 2]),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (&[left, left_valid], &[right, right_valid]) = (words::<2>(left.words), words::<2>(right.words));
        let pool = self.keys.pool();
        if is_one_edit(pool.get(left), pool.get(right)) {
            return AgreementLevel(2);
        }
        AgreementLevel(u8::from(left_valid & right_valid == 0))
    }

    fn term_codes(&self, _term: usize) -> usize {
        self.keys.pool().len()
    }

    fn terms(&self, _term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        let (code, _) = self.key_of[record.at()];
        if code != 0 {
            out.push(code);
        }
    }
}
