//! Names of organisations by their parts: region, core (字号), industry, legal form, branch, numerals.
//!
//! A company name is region + core + industry + form + branch (企业名称登记管理规定, 2020). Cores are compared first; when
//! they agree, a contradicting numeral, branch, region or industry is a level of its own, because it is evidence
//! against the match and speaks of a relation (branch, sibling company) between two customers.

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
use crate::table::StandardColumn;

/// Compares two parties of which at least one is an organisation; catch-all accounts have no level.
pub(super) struct OrganisationName;

const FULL: usize = 0;
const CORE: usize = 1;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("cores differ", "字号不同"),
    LevelSpec::plain("one core abbreviates the other", "字号为简称"),
    LevelSpec::plain(
        "cores sound alike or nearly equal, rest differs",
        "字号近似，其余不符",
    ),
    LevelSpec {
        is_conflict: true,
        relation: Some("branch"),
        ..LevelSpec::plain("same core, other branch or numeral", "字号相同，分支或序号不同").of_relatives()
    },
    LevelSpec {
        relation: Some("sibling"),
        ..LevelSpec::of_term("same core, other region", "字号相同，行政区划不同", CORE).of_relatives()
    },
    LevelSpec {
        relation: Some("group"),
        ..LevelSpec::of_term("same core, other industry", "字号相同，行业不同", CORE).of_relatives()
    },
    LevelSpec::plain("cores nearly equal, rest agrees", "字号近似，其余相符"),
    LevelSpec::plain("cores sound alike, rest agrees", "字号同音，其余相符"),
    LevelSpec::of_term("same core, parts missing", "字号相同，部分缺失", CORE),
    LevelSpec::of_term(
        "same core and industry, region missing or moved",
        "字号行业相同，区划缺失或移位",
        CORE,
    ),
    LevelSpec::of_term("same parts, other legal form", "各部分相同，组织形式不同", CORE),
    LevelSpec::of_term("equal", "全称相同", FULL),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    first: FirstItems,
    kind: PartView<'a>,
    full: PartView<'a>,
    region: PartView<'a>,
    core: PartView<'a>,
    industry: PartView<'a>,
    form: PartView<'a>,
    branch: PartView<'a>,
    numerals: PartView<'a>,
    core_sound: PartView<'a>,
}

impl Comparator for OrganisationName {
    fn name(&self) -> &'static str {
        "organisation_name"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("organisation_name", &["party"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        let part = |name| PartView::new(column, name);
        Some(Box::new(Prepared {
            column,
            first: FirstItems::new(column),
            kind: part("kind")?,
            full: part("full")?,
            region: part("region")?,
            core: part("core")?,
            industry: part("industry")?,
            form: part("form")?,
            branch: part("branch")?,
            numerals: part("numerals")?,
            core_sound: part("core_sound")?,
        }))
    }
}

/// Is every character of `short` in `long`, in order, and `short` at least two characters?
fn is_abbreviation(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().nth(1).is_some() && short.chars().all(|c| rest.any(|l| l == c))
}

impl<'a> Prepared<'a> {
    fn is_organisation(&self, item: u32) -> bool {
        matches!(self.kind.text(item), "organisation" | "branch" | "sole_trader")
    }

    fn part_stand(&self, part: PartView<'a>, left: u32, right: u32) -> Stand {
        stand(part.code(left), part.code(right))
    }

    /// Do branch or numerals contradict? One side naming a branch and the other none is a contradiction too.
    fn is_other_unit(&self, left: u32, right: u32) -> bool {
        self.branch.code(left) != self.branch.code(right)
            || (self.numerals.code(left) != self.numerals.code(right)
                && self.part_stand(self.core, left, right) == Stand::Equal)
    }

    fn same_core(&self, left: u32, right: u32) -> u8 {
        if self.is_other_unit(left, right) {
            return 3;
        }
        let region = self.part_stand(self.region, left, right);
        let industry = self.part_stand(self.industry, left, right);
        let form = self.part_stand(self.form, left, right);
        match (region, industry) {
            (Stand::Differ, _) => 4,
            (_, Stand::Differ) => 5,
            (Stand::Equal, Stand::Equal) if form != Stand::Missing => 10,
            (_, Stand::Equal) => 9,
            _ => 8,
        }
    }

    fn other_core(&self, left: u32, right: u32) -> u8 {
        let (left_core, right_core) = (self.core.text(left), self.core.text(right));
        let contradicts = self.is_other_unit(left, right)
            || self.part_stand(self.region, left, right) == Stand::Differ
            || self.part_stand(self.industry, left, right) == Stand::Differ;
        if self.part_stand(self.core_sound, left, right) == Stand::Equal {
            return if contradicts { 2 } else { 7 };
        }
        if nearness(left_core, right_core) >= Nearness::Close {
            return if contradicts { 2 } else { 6 };
        }
        let abbreviates = |a: u32, b: u32| is_abbreviation(self.core.text(a), self.full.text(b));
        u8::from(!contradicts && (abbreviates(left, right) || abbreviates(right, left)))
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.first.of(left), self.first.of(right));
        let is_judged = |item: u32| item != 0 && self.kind.text(item) != "catch_all";
        let one_is_organisation = self.is_organisation(left) || self.is_organisation(right);
        if !is_judged(left) || !is_judged(right) || !one_is_organisation {
            return AgreementLevel::NULL;
        }
        if self.full.code(left) == self.full.code(right) {
            return AgreementLevel(11);
        }
        AgreementLevel(match self.part_stand(self.core, left, right) {
            Stand::Equal => self.same_core(left, right),
            Stand::Differ => self.other_core(left, right),
            // A person against a company: the person's name may be the company's core.
            Stand::Missing => 0,
        })
    }

    fn term_codes(&self, term: usize) -> usize {
        [self.full, self.core][term].len()
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        let item = self.column.item_of(record);
        if self.is_organisation(item) {
            let code = [self.full, self.core][term].code(item);
            out.extend((code != 0).then_some(code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_is_a_subsequence_of_two_or_more() {
        assert!(is_abbreviation("中石油", "中国石油天然气股份有限公司"));
        assert!(is_abbreviation("ibm", "international business machines"));
        assert!(!is_abbreviation("中", "中国石油"));
        assert!(!is_abbreviation("油石", "中国石油"));
    }
}
