//! Names of persons, Latin and Chinese, by family, given and middle name.
//!
//! The levels keep apart what a single similarity mixes up: one name of two agreeing, swapped names, initials, homophones
//! and a middle name that contradicts. Han names never go through Jaro–Winkler, which ranks 王伟 / 王芳 like 王伟 / 王玮;
//! equal toneless pinyin is their fuzzy level.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::FirstItems;
use crate::compare::view::PartView;
use crate::compare::view::Stand;
use crate::compare::view::stand;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::Interner;
use crate::table::StandardColumn;

/// Compares persons; records of another kind (organisations, catch-all accounts) have no level.
pub(super) struct PersonName;

/// Family and given name together.
const FULL: usize = 0;
const FAMILY: usize = 1;
const GIVEN: usize = 2;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("both names differ", "姓名均不同"),
    LevelSpec::of_term("given name agrees, family name differs", "名同姓不同", GIVEN),
    LevelSpec::of_term("family name agrees, given name differs", "姓同名不同", FAMILY).of_relatives(),
    LevelSpec::plain("one name agrees, the other is missing", "一项相同，另一项缺失"),
    LevelSpec::of_term(
        "family name agrees, initial or short form of the given name",
        "姓同，名为缩写",
        FAMILY,
    ),
    LevelSpec::plain("both names alike", "姓名相近"),
    LevelSpec::plain("names swapped", "姓名互换"),
    LevelSpec::plain("both names nearly equal or sound alike", "姓名几乎相同或同音"),
    LevelSpec::of_term("equal, middle names differ", "姓名相同，中间名不同", FULL),
    LevelSpec::of_term("equal", "姓名相同", FULL),
    LevelSpec::of_term("equal with middle name", "含中间名全部相同", FULL),
];

struct Prepared<'a> {
    first: FirstItems,
    /// Per item: is it the name of a person?
    is_person: Vec<bool>,
    /// Per item, a code of family and given name together.
    full: Vec<u32>,
    full_codes: usize,
    family: PartView<'a>,
    given: PartView<'a>,
    middle: Option<PartView<'a>>,
    family_sound: PartView<'a>,
    given_sound: PartView<'a>,
}

impl Comparator for PersonName {
    fn name(&self) -> &'static str {
        "person_name"
    }

    fn uses(&self) -> &'static [Use] {
        const {
            &[
                Use::of("person_name", &["party"]),
                Use::of("legal_representative", &["legal_representative"]),
            ]
        }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        let part = |name| PartView::new(column, name);
        let (family, given) = (part("family")?, part("given")?);
        let kind = part("kind");
        let is_person = (0..column.values.len() as u32)
            .map(|item| item != 0 && kind.is_none_or(|kind| kind.text(item) == "person"))
            .collect();
        let mut pairs = Interner::default();
        let full = (0..column.values.len() as u32)
            .map(|item| match (family.text(item), given.text(item)) {
                ("", _) | (_, "") => 0,
                (family, given) => pairs.intern(&format!("{family}\u{1F}{given}")),
            })
            .collect();
        Some(Box::new(Prepared {
            first: FirstItems::new(column),
            is_person,
            full,
            full_codes: pairs.pool().len(),
            family,
            given,
            middle: part("middle"),
            family_sound: part("family_sound")?,
            given_sound: part("given_sound")?,
        }))
    }
}

impl<'a> Prepared<'a> {
    fn person(&self, record: RecordIndex) -> Option<u32> {
        let item = self.first.of(record);
        self.is_person[item as usize].then_some(item)
    }

    fn near(&self, names: PartView<'a>, sounds: PartView<'a>, left: u32, right: u32) -> Nearness {
        let nearness = nearness(names.text(left), names.text(right));
        let sounds_alike = stand(sounds.code(left), sounds.code(right)) == Stand::Equal;
        // A homophone in Han is a typing error; a shared phonetic code in Latin is only a likeness.
        let by_sound = if names.text(left).is_ascii() {
            Nearness::Near
        } else {
            Nearness::Close
        };
        if sounds_alike && nearness < by_sound && nearness != Nearness::Initial {
            by_sound
        } else {
            nearness
        }
    }

    fn both_equal(&self, left: u32, right: u32) -> u8 {
        match self
            .middle
            .map(|middle| stand(middle.code(left), middle.code(right)))
        {
            Some(Stand::Equal) => 10,
            Some(Stand::Differ) => {
                let middle = self.middle.expect("a stand of middle names was just taken");
                if nearness(middle.text(left), middle.text(right)) == Nearness::Unlike {
                    8
                } else {
                    9
                }
            }
            Some(Stand::Missing) | None => 9,
        }
    }

    fn is_swapped(&self, left: u32, right: u32) -> bool {
        let crosswise = |a: u32, b: u32| nearness(self.family.text(a), self.given.text(b)) >= Nearness::Close;
        crosswise(left, right) && crosswise(right, left)
    }

    fn judge(&self, left: u32, right: u32) -> u8 {
        let family = stand(self.family.code(left), self.family.code(right));
        let given = stand(self.given.code(left), self.given.code(right));
        if family == Stand::Missing || given == Stand::Missing {
            return self.judge_partial(left, right);
        }
        if family == Stand::Equal && given == Stand::Equal {
            return self.both_equal(left, right);
        }
        let family = self.near(self.family, self.family_sound, left, right);
        let given = self.near(self.given, self.given_sound, left, right);
        if family >= Nearness::Close && given >= Nearness::Close {
            return 7;
        }
        if self.is_swapped(left, right) {
            return 6;
        }
        match (family, given) {
            (Nearness::Equal, Nearness::Near | Nearness::Initial) | (Nearness::Close, Nearness::Initial) => 4,
            (family, given) if family >= Nearness::Near && given >= Nearness::Near => 5,
            (Nearness::Close | Nearness::Equal, _) => 2,
            (_, Nearness::Close | Nearness::Equal) => 1,
            _ => 0,
        }
    }

    /// One side has only one of the two names.
    fn judge_partial(&self, left: u32, right: u32) -> u8 {
        let whole = |item: u32| [self.family.text(item), self.given.text(item)];
        let agrees = whole(left).iter().any(|l| {
            !l.is_empty()
                && whole(right)
                    .iter()
                    .any(|r| !r.is_empty() && nearness(l, r) >= Nearness::Close)
        });
        if agrees { 3 } else { 0 }
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        match (self.person(left), self.person(right)) {
            (Some(left), Some(right)) => AgreementLevel(self.judge(left, right)),
            _ => AgreementLevel::NULL,
        }
    }

    fn term_codes(&self, term: usize) -> usize {
        match term {
            FULL => self.full_codes,
            FAMILY => self.family.len(),
            _ => self.given.len(),
        }
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        if let Some(item) = self.person(record) {
            let code = match term {
                FULL => self.full[item as usize],
                FAMILY => self.family.code(item),
                _ => self.given.code(item),
            };
            out.extend((code != 0).then_some(code));
        }
    }
}
