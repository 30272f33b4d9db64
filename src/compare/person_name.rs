//! Names of persons, Latin and Chinese, by family, given and middle name.
//!
//! The levels keep apart what a single similarity mixes up: one name of two agreeing, swapped names, initials, homophones
//! and a middle name that contradicts. Han names never go through Jaro–Winkler, which ranks 王伟 / 王芳 like 王伟 / 王玮;
//! equal toneless pinyin is their fuzzy level.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::hint::Hint;
use crate::compare::rows::words;
use crate::compare::similarity::Nearness;
use crate::compare::texts::Text;
use crate::compare::texts::Texts;
use crate::compare::texts::is_close;
use crate::compare::texts::nearness;
use crate::compare::view::CodePairs;
use crate::compare::view::PartView;
use crate::compare::view::Stand;
use crate::compare::view::stand;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares persons; records of another kind (organisations, catch-all accounts) have no level.
pub(super) struct PersonName;

/// Family and given name together.
const FULL: usize = 0;
const FAMILY: usize = 1;
const GIVEN: usize = 2;

/// Levels of names that are equal, as positions in [`LEVELS`].
const OTHER_GENERATION: u8 = 8;
const OTHER_MIDDLE: u8 = 9;
const EQUAL: u8 = 10;
const EQUAL_WITH_MIDDLE: u8 = 11;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("both names differ", "姓名均不同"),
    LevelSpec::of_term("given name agrees, family name differs", "名同姓不同", GIVEN).by_chance(7),
    LevelSpec::of_term("family name agrees, given name differs", "姓同名不同", FAMILY)
        .by_chance(6)
        .of_relatives(),
    LevelSpec::plain("one name agrees, the other is missing", "一项相同，另一项缺失").by_chance(10),
    LevelSpec::of_term(
        "family name agrees, initial or short form of the given name",
        "姓同，名为缩写",
        FAMILY,
    )
    .by_chance(13),
    LevelSpec::plain("both names alike", "姓名相近").by_chance(13),
    LevelSpec::plain("names swapped", "姓名互换").by_chance(14),
    LevelSpec::plain("both names nearly equal or sound alike", "姓名几乎相同或同音").by_chance(13),
    LevelSpec::of_term("equal, one of another generation", "姓名相同，世代后缀不同", FULL)
        .by_chance(14)
        .of_relatives(),
    LevelSpec::of_term("equal, middle names differ", "姓名相同，中间名不同", FULL).by_chance(14),
    LevelSpec::of_term("equal", "姓名相同", FULL).by_chance(12),
    LevelSpec::of_term("equal with middle name", "含中间名全部相同", FULL).by_chance(15),
];

/// The comparator bound to a column of names.
pub(super) struct Prepared<'a> {
    column: &'a StandardColumn,
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
    note: Option<PartView<'a>>,
    /// Per code of the note, the generation it names.
    generations: Vec<u32>,
    families: Texts<'a>,
    givens: Texts<'a>,
    middles: Option<Texts<'a>>,
    /// Do rows hold hints of both names?
    has_hints: bool,
}

/// The words of a row.
#[derive(Debug, Clone, Copy)]
struct Name {
    /// [`NOBODY`] when the record is no person.
    family: u32,
    given: u32,
    middle: u32,
    family_sound: u32,
    given_sound: u32,
    /// Position among [`GENERATIONS`] and one; 0 = none is said.
    generation: u32,
}

/// What is put behind the name of a son, a grandson or their elder.
const GENERATIONS: &[&str] = &["jr", "sr", "ii", "iii", "iv"];

/// The generation that a note names, as it stands in a row.
fn generation(note: &str) -> u32 {
    let is_in = |word: &str| GENERATIONS.iter().position(|known| *known == word);
    let words = note.split(|c: char| !c.is_alphanumeric());
    words.filter_map(is_in).next().map_or(0, |at| at as u32 + 1)
}

/// What the hints of two names leave possible.
#[derive(Debug, Clone, Copy)]
struct MayBe {
    /// Are the family names anything but unlike?
    family: bool,
    given: bool,
    swapped: bool,
}

impl Default for MayBe {
    fn default() -> Self {
        Self {
            family: true,
            given: true,
            swapped: true,
        }
    }
}

impl MayBe {
    /// By the hints of two rows; of a name that is alike already they are not asked.
    #[inline]
    fn of_rows(left: &[u32], right: &[u32], [family, given]: [bool; 2]) -> Self {
        let hints = |row: &[u32]| {
            let &[_, _, _, _, _, _, a, b, c, d, e, f, g, h] = words::<14>(row);
            [Hint::from_words([a, b, c, d]), Hint::from_words([e, f, g, h])]
        };
        let ([l_family, l_given], [r_family, r_given]) = (hints(left), hints(right));
        Self {
            family: family || l_family.may_be_near(&r_family),
            given: given || l_given.may_be_near(&r_given),
            swapped: l_family.may_be_close(&r_given) && r_family.may_be_close(&l_given),
        }
    }

    /// Levels of names that do not both agree, by how each stands and whether it may be anything but unlike.
    #[inline]
    fn levels(self, family: (Stand, bool), given: (Stand, bool)) -> LevelSet {
        let levels = match (family, given) {
            ((Stand::Equal, _), (_, true)) => LevelSet::of(&[2, 4, 7]),
            ((Stand::Equal, _), (_, false)) => LevelSet::only(2),
            ((_, true), (Stand::Equal, _)) => LevelSet::of(&[1, 5, 7]),
            ((_, false), (Stand::Equal, _)) => LevelSet::only(1),
            ((_, true), (_, true)) => LevelSet::of(&[0, 1, 2, 4, 5, 7]),
            ((_, true), (_, false)) => LevelSet::of(&[0, 2]),
            ((_, false), (_, true)) => LevelSet::of(&[0, 1]),
            ((_, false), (_, false)) => LevelSet::only(0),
        };
        if self.swapped {
            levels.or(LevelSet::only(6))
        } else {
            levels
        }
    }
}

/// Stands for the family name where there is no person.
const NOBODY: u32 = u32::MAX;

impl Name {
    /// Words of a row.
    const WIDTH: usize = 6;

    #[inline]
    fn from_row(row: &[u32]) -> Self {
        let &[family, given, middle, family_sound, given_sound, generation] = words::<{ Self::WIDTH }>(row);
        Self {
            family,
            given,
            middle,
            family_sound,
            given_sound,
            generation,
        }
    }

    fn to_row(self) -> [u32; Self::WIDTH] {
        [
            self.family,
            self.given,
            self.middle,
            self.family_sound,
            self.given_sound,
            self.generation,
        ]
    }
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
        Some(Box::new(Prepared::new(columns.first()?)?))
    }
}

impl<'a> Prepared<'a> {
    /// Binds the comparator to `column`; `None` when a part is not there.
    pub(super) fn new(column: &'a StandardColumn) -> Option<Self> {
        let part = |name| PartView::new(column, name);
        let (family, given, middle) = (part("family")?, part("given")?, part("middle"));
        let (kind, note) = (part("kind"), part("note"));
        let items = 0..column.values.len() as u32;
        let persons = kind.map(|kind| (kind, kind.codes_where(|kind| kind == "person")));
        let is_person = items
            .clone()
            .map(|item| {
                let of_kind = |(kind, is): &(PartView, Vec<bool>)| is[kind.code(item) as usize];
                item != 0 && persons.as_ref().is_none_or(of_kind)
            })
            .collect();
        let mut pairs = CodePairs::default();
        let full = items
            .map(|item| pairs.code(family.code(item), given.code(item)))
            .collect();
        Some(Self {
            column,
            is_person,
            full,
            full_codes: pairs.len(),
            family,
            given,
            middle,
            family_sound: part("family_sound")?,
            given_sound: part("given_sound")?,
            note,
            generations: note.map_or_else(Vec::new, |note| note.map_codes(generation)),
            families: family.texts(),
            givens: given.texts(),
            middles: middle.map(|middle| middle.texts()),
            // Contacts and representatives mostly agree or are missing: hints would only take room.
            has_hints: kind.is_some(),
        })
    }

    fn person(&self, record: RecordIndex) -> Option<u32> {
        let item = self.column.item_of(record);
        self.is_person[item as usize].then_some(item)
    }

    fn near(&self, names: &Texts, left: [u32; 2], right: [u32; 2]) -> Nearness {
        let ([left, left_sound], [right, right_sound]) = (left, right);
        if left == right {
            return Nearness::Equal;
        }
        let (left, right) = (names.get(left), names.get(right));
        let nearness = nearness(left, right);
        let sounds_alike = stand(left_sound, right_sound) == Stand::Equal;
        // A homophone in Han is a typing error; a shared phonetic code in Latin is only a likeness.
        let by_sound = if left.is_ascii() {
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

    fn middles_differ(&self, left: Name, right: Name) -> bool {
        self.middles.as_ref().is_some_and(|middles| {
            nearness(middles.get(left.middle), middles.get(right.middle)) == Nearness::Unlike
        })
    }

    fn is_swapped(&self, left: Name, right: Name) -> bool {
        let crosswise = |a: Name, b: Name| is_close(self.families.get(a.family), self.givens.get(b.given));
        crosswise(left, right) && crosswise(right, left)
    }

    /// Both sides have both names, and not both agree.
    fn judge_names(&self, left: Name, right: Name) -> u8 {
        let family = self.near(
            &self.families,
            [left.family, left.family_sound],
            [right.family, right.family_sound],
        );
        let given = self.near(
            &self.givens,
            [left.given, left.given_sound],
            [right.given, right.given_sound],
        );
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
    fn judge_partial(&self, left: Name, right: Name) -> u8 {
        let names =
            |name: Name| -> [Text; 2] { [self.families.get(name.family), self.givens.get(name.given)] };
        let agrees = names(left)
            .iter()
            .any(|l| !l.is_empty() && names(right).iter().any(|r| !r.is_empty() && is_close(*l, *r)));
        if agrees { 3 } else { 0 }
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        if self.has_hints {
            Name::WIDTH + 2 * Hint::WIDTH
        } else {
            Name::WIDTH
        }
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        let nobody = Name {
            family: NOBODY,
            given: 0,
            middle: 0,
            family_sound: 0,
            given_sound: 0,
            generation: 0,
        };
        let name = self.person(record).map_or(nobody, |item| Name {
            family: self.family.code(item),
            given: self.given.code(item),
            middle: self.middle.map_or(0, |middle| middle.code(item)),
            family_sound: self.family_sound.code(item),
            given_sound: self.given_sound.code(item),
            generation: self
                .note
                .map_or(0, |note| self.generations[note.code(item) as usize]),
        });
        let (name_words, hints) = row.split_at_mut(Name::WIDTH);
        name_words.copy_from_slice(&name.to_row());
        if self.has_hints && name.family != NOBODY {
            hints[..Hint::WIDTH].copy_from_slice(&self.families.get(name.family).hint().words());
            hints[Hint::WIDTH..].copy_from_slice(&self.givens.get(name.given).hint().words());
        }
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let rows = self.has_hints.then_some((left, right));
        let (left, right) = (Name::from_row(left), Name::from_row(right));
        if left.family == NOBODY || right.family == NOBODY {
            return LevelSet::NULL;
        }
        match (stand(left.family, right.family), stand(left.given, right.given)) {
            (Stand::Missing, _) | (_, Stand::Missing) => LevelSet::of(&[0, 3]),
            (Stand::Equal, Stand::Equal) if left.generation != right.generation => {
                LevelSet::only(OTHER_GENERATION)
            }
            (Stand::Equal, Stand::Equal) => match stand(left.middle, right.middle) {
                Stand::Equal => LevelSet::only(EQUAL_WITH_MIDDLE),
                Stand::Differ => LevelSet::of(&[OTHER_MIDDLE, EQUAL]),
                Stand::Missing => LevelSet::only(EQUAL),
            },
            (family, given) => {
                let is_alike = |stand_of: Stand, left_sound: u32, right_sound: u32| {
                    stand_of == Stand::Equal || stand(left_sound, right_sound) == Stand::Equal
                };
                let alike = [
                    is_alike(family, left.family_sound, right.family_sound),
                    is_alike(given, left.given_sound, right.given_sound),
                ];
                let of_rows = |(left, right)| MayBe::of_rows(left, right, alike);
                let may = rows.map_or(MayBe::default(), of_rows);
                may.levels((family, may.family), (given, may.given))
            }
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (Name::from_row(left.words), Name::from_row(right.words));
        let is_missing = |name: Name| name.family == 0 || name.given == 0;
        AgreementLevel(if is_missing(left) || is_missing(right) {
            self.judge_partial(left, right)
        } else if left.family == right.family && left.given == right.given {
            if self.middles_differ(left, right) {
                OTHER_MIDDLE
            } else {
                EQUAL
            }
        } else {
            self.judge_names(left, right)
        })
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
