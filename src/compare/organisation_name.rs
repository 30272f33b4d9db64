//! Names of organisations by their parts: region, core (字号), industry, legal form, branch, numerals.
//!
//! A company name is region + core + industry + form + branch (企业名称登记管理规定, 2020). Cores are compared first; when
//! they agree, a contradicting numeral, branch, region or industry is a level of its own, because it is evidence
//! against the match and speaks of a relation (branch, sibling company) between two customers.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::rows::words;
use crate::compare::similarity::is_slip;
use crate::compare::texts::Text;
use crate::compare::texts::Texts;
use crate::compare::texts::is_close;
use crate::compare::view::PartView;
use crate::compare::view::Stand;
use crate::compare::view::stand;
use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;
use std::collections::BTreeMap;

/// Compares two parties of which at least one is an organisation; catch-all accounts have no level.
pub(super) struct OrganisationName;

/// Terms.
const FULL: usize = 0;
const CORE: usize = 1;

/// Levels, as positions in [`LEVELS`].
const OTHER_CORE: u8 = 0;
const PERSON: u8 = 1;
const ABBREVIATION: u8 = 2;
const NEAR_CORE: u8 = 3;
const OTHER_UNIT: u8 = 4;
const OTHER_REGION: u8 = 5;
const OTHER_INDUSTRY: u8 = 6;
const NEAR_NAME: u8 = 7;
const SAME_SOUND: u8 = 8;
const PARTS_MISSING: u8 = 9;
const REGION_MISSING: u8 = 10;
const FORMER_NAME: u8 = 11;
const SAME_PARTS: u8 = 12;
const SAME_SHORT: u8 = 13;
const SAME_NAME: u8 = 14;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("cores differ", "字号不同"),
    LevelSpec::plain("a person and an organisation", "一方为个人，一方为单位"),
    LevelSpec::plain("one core abbreviates the other", "字号为简称").by_chance(12),
    LevelSpec::plain(
        "cores sound alike or nearly equal, rest differs",
        "字号近似，其余不符",
    )
    .claims(Claim::OtherName)
    .by_chance(13),
    LevelSpec {
        relation: Some("branch"),
        ..LevelSpec::plain("same core, other branch or numeral", "字号相同，分支或序号不同")
            .claims(Claim::Conflict)
            .by_chance(13)
            .of_relatives()
    },
    LevelSpec {
        relation: Some("sibling"),
        ..LevelSpec::of_term("same core, other region", "字号相同，行政区划不同", CORE)
            .claims(Claim::OtherName)
            .by_chance(13)
            .of_relatives()
    },
    LevelSpec {
        relation: Some("group"),
        ..LevelSpec::of_term("same core, other industry", "字号相同，行业不同", CORE)
            .claims(Claim::OtherName)
            .by_chance(13)
            .of_relatives()
    },
    LevelSpec::plain(
        "cores or names nearly equal, rest agrees",
        "字号或全称近似，其余相符",
    )
    .by_chance(14),
    LevelSpec::plain("cores sound alike, rest agrees", "字号同音，其余相符").by_chance(15),
    LevelSpec::of_term("same core, parts missing", "字号相同，部分缺失", CORE).by_chance(14),
    LevelSpec::of_term(
        "same core and industry, region missing or moved",
        "字号行业相同，区划缺失或移位",
        CORE,
    )
    .by_chance(15),
    LevelSpec::plain("one is the former name of the other", "一方为另一方的曾用名")
        .claims(Claim::Tie)
        .by_chance(15),
    LevelSpec::of_term(
        "same parts, other spelling or legal form",
        "各部分相同，写法或组织形式不同",
        CORE,
    )
    .claims(Claim::Tie)
    .by_chance(15),
    LevelSpec::of_term("equal, short name", "简称相同", FULL).by_chance(14),
    LevelSpec::of_term("equal", "全称相同", FULL)
        .claims(Claim::Tie)
        .by_chance(14),
];

/// Characters of core and industry from which two names one slip of the typist apart are nearly equal.
const SLIP_CHARS_MIN: usize = 5;

struct Prepared<'a> {
    column: &'a StandardColumn,
    kind: PartView<'a>,
    /// Per code of the kind, the kind of a row.
    kinds: Vec<u32>,
    full: PartView<'a>,
    region: PartView<'a>,
    core: PartView<'a>,
    industry: PartView<'a>,
    form: PartView<'a>,
    branch: PartView<'a>,
    numerals: PartView<'a>,
    core_sound: PartView<'a>,
    fulls: Texts<'a>,
    cores: Texts<'a>,
    industries: Texts<'a>,
    former: Vec<FormerNames<'a>>,
    /// Is there any organisation? Without one the comparison is silent and takes no room.
    has_organisations: bool,
}

/// The words of a row.
#[derive(Debug, Clone, Copy)]
struct Name {
    kind: u32,
    full: u32,
    core: u32,
    region: u32,
    industry: u32,
    form: u32,
    branch: u32,
    numerals: u32,
    core_sound: u32,
    /// What it was called before, by the codes of `full`; 0 = nothing known, or no name of this file.
    former: [u32; FORMER_NAMES],
}

/// Former names of a record that are looked at.
const FORMER_NAMES: usize = 2;

/// Where former names stand: beside the name (原: …), or in a column of their own.
struct FormerNames<'a> {
    column: &'a StandardColumn,
    part: PartView<'a>,
    /// Per code of the part, the code of the same name among the full names of the parties.
    full: Vec<u32>,
}

impl<'a> FormerNames<'a> {
    fn new(column: &'a StandardColumn, part: PartView<'a>, full: PartView<'a>) -> Self {
        // Punctuation is no part of a full name: 千业(杭州) is 千业杭州.
        let bare = |text: &str| -> String {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let once: Vec<String> = part.map_codes(bare);
        let mut codes: BTreeMap<&str, (u32, String)> = BTreeMap::new();
        for name in once.iter().filter(|name| !name.is_empty()) {
            codes.insert(name, (0, String::new()));
        }
        if !codes.is_empty() {
            let texts = full.map_codes(|text| (bare(text), text.to_owned()));
            for (code, (name, text)) in texts.into_iter().enumerate() {
                // Of spellings that differ by punctuation the first text, whatever the codes are.
                if let Some(known) = codes.get_mut(name.as_str())
                    && (known.0 == 0 || text < known.1)
                {
                    *known = (code as u32, text);
                }
            }
        }
        let code = |name: &String| codes.get(name.as_str()).map_or(0, |(code, _)| *code);
        let full = once.iter().map(code).collect();
        Self { column, part, full }
    }

    /// Codes of the full names that a record once had.
    fn of(&self, record: RecordIndex) -> impl Iterator<Item = u32> + '_ {
        let items = self.column.items_of(record).iter();
        let codes = items.map(|item| self.full[self.part.code(*item) as usize]);
        codes.filter(|code| *code != 0)
    }
}

/// Kinds of a row: nothing to judge, a person or another party, an organisation.
const UNJUDGED: u32 = 0;
const PARTY: u32 = 1;
const ORGANISATION: u32 = 2;

impl Name {
    /// Words of a row.
    const WIDTH: usize = 9 + FORMER_NAMES;

    #[inline]
    fn from_row(row: &[u32]) -> Self {
        let &[
            kind,
            full,
            core,
            region,
            industry,
            form,
            branch,
            numerals,
            core_sound,
            former @ ..,
        ] = words::<{ Self::WIDTH }>(row);
        Self {
            kind,
            full,
            core,
            region,
            industry,
            form,
            branch,
            numerals,
            core_sound,
            former,
        }
    }

    /// Is one the former name of the other?
    fn was(self, other: Self) -> bool {
        let bore = |name: Self, full: u32| full != 0 && name.former.contains(&full);
        bore(self, other.full) || bore(other, self.full)
    }
}

impl Comparator for OrganisationName {
    fn name(&self) -> &'static str {
        "organisation_name"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("organisation_name", &["party"]).beside(&["former_names"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let (column, context) = columns.split_first()?;
        let part = |name| PartView::new(column, name);
        let (kind, full, core) = (part("kind")?, part("full")?, part("core")?);
        let industry = part("industry")?;
        let organisations = kind.codes_where(is_organisation);
        let catch_alls = kind.codes_where(|kind| kind == "catch_all");
        let kinds: Vec<u32> = organisations
            .into_iter()
            .zip(catch_alls)
            .map(|is| match is {
                (true, _) => ORGANISATION,
                (_, true) => UNJUDGED,
                _ => PARTY,
            })
            .collect();
        let is_organisation = |item| kinds[kind.code(item) as usize] == ORGANISATION;
        let has_organisations = (0..column.values.len() as u32).any(is_organisation);
        let beside = part("former").map(|part| FormerNames::new(column, part, full));
        let of_column = context
            .iter()
            .filter(|context| context.field.as_str() == "former_names");
        let of_column =
            of_column.filter_map(|names| Some(FormerNames::new(names, PartView::new(names, "full")?, full)));
        Some(Box::new(Prepared {
            former: beside.into_iter().chain(of_column).collect(),
            column,
            kind,
            full,
            region: part("region")?,
            core,
            industry,
            form: part("form")?,
            branch: part("branch")?,
            numerals: part("numerals")?,
            core_sound: part("core_sound")?,
            fulls: full.texts(),
            cores: core.texts(),
            industries: industry.texts(),
            has_organisations,
            kinds,
        }))
    }
}

/// Is every character of `short` in `long`, in order, and `short` at least two characters?
fn is_abbreviation(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().nth(1).is_some() && short.chars().all(|c| rest.any(|l| l == c))
}

/// The characters of two texts, one after the other.
fn chars_of([first, second]: [Text<'_>; 2]) -> impl DoubleEndedIterator<Item = char> + Clone {
    first.text().chars().chain(second.text().chars())
}

fn is_organisation(kind: &str) -> bool {
    matches!(kind, "organisation" | "branch" | "sole_trader")
}

/// Do branch or numerals contradict? One side naming a branch and the other none is a contradiction too.
fn is_other_unit(left: Name, right: Name) -> bool {
    left.branch != right.branch
        || (left.numerals != right.numerals && stand(left.core, right.core) == Stand::Equal)
}

fn same_core(left: Name, right: Name) -> LevelSet {
    if is_other_unit(left, right) {
        return LevelSet::only(OTHER_UNIT);
    }
    let form = stand(left.form, right.form);
    match (
        stand(left.region, right.region),
        stand(left.industry, right.industry),
    ) {
        (Stand::Differ, _) => LevelSet::only(OTHER_REGION),
        (_, Stand::Differ) => LevelSet::only(OTHER_INDUSTRY),
        (Stand::Equal, Stand::Equal) if form != Stand::Missing => LevelSet::only(SAME_PARTS),
        (_, Stand::Equal) => LevelSet::only(REGION_MISSING),
        _ => LevelSet::only(PARTS_MISSING),
    }
}

/// Is the name no registered one: neither industry nor legal form?
fn is_short(name: Name) -> bool {
    name.industry == 0 && name.form == 0
}

/// Do the parts beside cores that differ contradict too?
fn contradicts(left: Name, right: Name) -> bool {
    is_other_unit(left, right)
        || stand(left.region, right.region) == Stand::Differ
        || stand(left.industry, right.industry) == Stand::Differ
}

fn other_core(left: Name, right: Name) -> LevelSet {
    match (
        contradicts(left, right),
        stand(left.core_sound, right.core_sound) == Stand::Equal,
    ) {
        (true, true) => LevelSet::of(&[NEAR_CORE, NEAR_NAME]),
        (false, true) => LevelSet::only(SAME_SOUND),
        (true, false) => LevelSet::of(&[OTHER_CORE, NEAR_CORE, NEAR_NAME]),
        (false, false) => LevelSet::of(&[OTHER_CORE, ABBREVIATION, NEAR_NAME]),
    }
}

impl Prepared<'_> {
    fn kind_of(&self, item: u32) -> u32 {
        if item == 0 {
            UNJUDGED
        } else {
            self.kinds[self.kind.code(item) as usize]
        }
    }

    fn abbreviates(&self, short: Name, long: Name) -> bool {
        let (core, full): (Text, Text) = (self.cores.get(short.core), self.fulls.get(long.full));
        full.may_hold(core) && is_abbreviation(core.text(), full.text())
    }

    /// The level of two names whose cores are neither equal nor missing.
    fn level_of_other_core(&self, left: Name, right: Name) -> u8 {
        if self.is_one_slip(left, right) {
            return NEAR_NAME;
        }
        let is_near = is_close(self.cores.get(left.core), self.cores.get(right.core))
            || stand(left.core_sound, right.core_sound) == Stand::Equal;
        match (is_near, contradicts(left, right)) {
            (true, true) => NEAR_CORE,
            (true, false) => NEAR_NAME,
            (false, true) => OTHER_CORE,
            (false, false) if self.abbreviates(left, right) || self.abbreviates(right, left) => ABBREVIATION,
            (false, false) => OTHER_CORE,
        }
    }

    /// One name typed with a character too few, too many or out of place? It tears the name into other parts (汽车租赁, 车汽租赁), so
    /// core and industry are looked at as one.
    fn is_one_slip(&self, left: Name, right: Name) -> bool {
        if left.industry == 0 && right.industry == 0
            || left.branch != right.branch
            || left.numerals != right.numerals
            || stand(left.region, right.region) == Stand::Differ
        {
            return false;
        }
        let texts = |name: Name| [self.cores.get(name.core), self.industries.get(name.industry)];
        let [left, right] = [left, right].map(texts);
        let [a, b] = [left, right].map(|[core, industry]| core.hint().followed_by(industry.hint()));
        a.may_be_one_edit(&b)
            && a.chars().max(b.chars()) >= SLIP_CHARS_MIN
            && is_slip(chars_of(left), chars_of(right))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        if self.has_organisations { Name::WIDTH } else { 0 }
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        if !self.has_organisations {
            return;
        }
        let item = self.column.item_of(record);
        row[0] = self.kind_of(item);
        let parts = [
            self.full,
            self.core,
            self.region,
            self.industry,
            self.form,
            self.branch,
            self.numerals,
            self.core_sound,
        ];
        for (word, part) in row[1..].iter_mut().zip(parts) {
            *word = part.code(item);
        }
        let former = self.former.iter().flat_map(|names| names.of(record));
        for (word, code) in row[1 + parts.len()..].iter_mut().zip(former) {
            *word = code;
        }
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (left, right) = (Name::from_row(left), Name::from_row(right));
        let one_is_organisation = left.kind == ORGANISATION || right.kind == ORGANISATION;
        if left.kind == UNJUDGED || right.kind == UNJUDGED || !one_is_organisation {
            return LevelSet::NULL;
        }
        if left.full == right.full {
            let level = if is_short(left) { SAME_SHORT } else { SAME_NAME };
            return LevelSet::only(level);
        }
        if left.was(right) {
            return LevelSet::only(FORMER_NAME);
        }
        match stand(left.core, right.core) {
            Stand::Equal => same_core(left, right),
            Stand::Differ => other_core(left, right),
            // A person against a company: the person's name may be the company's core.
            Stand::Missing => LevelSet::only(PERSON),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (Name::from_row(left.words), Name::from_row(right.words));
        AgreementLevel(self.level_of_other_core(left, right))
    }

    fn term_codes(&self, term: usize) -> usize {
        [self.full, self.core][term].len()
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        let item = self.column.item_of(record);
        if self.has_organisations && self.kind_of(item) == ORGANISATION {
            let code = [self.full, self.core][term].code(item);
            out.extend((code != 0).then_some(code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_former_name_is_no_tie_to_a_name_that_is_missing() {
        let name = |full: u32, former: u32| {
            let mut row = [0; Name::WIDTH];
            (row[1], row[Name::WIDTH - FORMER_NAMES]) = (full, former);
            Name::from_row(&row)
        };
        assert!(name(1, 2).was(name(2, 0)));
        assert!(name(2, 0).was(name(1, 2)));
        assert!(!name(1, 0).was(name(2, 0)));
        assert!(!name(1, 0).was(name(0, 0)));
        assert!(!name(0, 3).was(name(2, 0)));
    }

    #[test]
    fn an_abbreviation_is_a_subsequence_of_two_or_more() {
        assert!(is_abbreviation("中石油", "中国石油天然气股份有限公司"));
        assert!(is_abbreviation("ibm", "international business machines"));
        assert!(!is_abbreviation("中", "中国石油"));
        assert!(!is_abbreviation("油石", "中国石油"));
    }
}
