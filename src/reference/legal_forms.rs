//! Legal forms of organisations, Chinese and Latin.
//!
//! `data/legal_forms.tsv`, compiled for guiyi after 企业名称登记管理规定 (2020), common typing errors of registers, and the company
//! laws of the countries named by their forms; dated 2026-11. 有限责任公司 and 有限公司 are one form in law; 集团 stays visible because
//! a group company is another entity, and 控股 stays in the name. Forms are stripped at the end of a name, longest first.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::list::List;
use super::list::hash_of;
use super::list::is_word;
use super::list::packed;
use super::organisation_words;
pub use super::organisation_words::LATIN_ORGANISATION_WORDS;
pub use super::organisation_words::WordSet;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "legal_forms",
    version: "2026-11",
    source: "compiled for guiyi; suffixes of companynameparser 0.1.8 reviewed",
    licence: "Apache-2.0",
    packed: packed!("legal_forms"),
    is_row: |cells| {
        matches!(cells, ["han" | "latin", form, standard] | ["han" | "latin", form, standard, "" | "repair"]
            if is_word(form) && is_word(standard))
    },
    loaded: OnceLock::new(),
};

fn forms(script: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = LIST.rows().filter(move |cells| cells[0] == script);
    rows.map(|cells| (cells[1], cells[2]))
}

/// Chinese forms and their standard.
pub static HAN: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| forms("han").collect());

/// Latin forms as tokens joined by blanks, and their standard.
pub static LATIN: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| forms("latin").collect());

/// A form with what is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegalForm {
    /// The form as the law writes it, or its nearest equivalent.
    pub standard: &'static str,
    /// Was the written form a typing error (有限公词) or cut off (有限公)?
    pub is_repair: bool,
}

fn known(script: &'static str) -> FixedMap<&'static str, LegalForm> {
    let rows = LIST.rows().filter(move |cells| cells[0] == script);
    rows.map(|cells| {
        let is_repair = cells.get(3) == Some(&"repair");
        let standard = cells[2];
        (cells[1], LegalForm { standard, is_repair })
    })
    .collect()
}

static KNOWN_HAN: LazyLock<FixedMap<&'static str, LegalForm>> = LazyLock::new(|| known("han"));
static KNOWN_LATIN: LazyLock<FixedMap<&'static str, LegalForm>> = LazyLock::new(|| known("latin"));
const FORM_CHARS_MAX: usize = 12;

/// The Chinese forms that `text` ends with and their standard, longest first.
pub fn han_suffixes(text: &str) -> impl Iterator<Item = (&str, &'static str)> {
    super::suffixes(text, FORM_CHARS_MAX).filter_map(|suffix| Some((suffix, KNOWN_HAN.get(suffix)?.standard)))
}

/// The standard of a Chinese form.
pub fn han_form(form: &str) -> Option<&'static str> {
    KNOWN_HAN.get(form).map(|form| form.standard)
}

/// A form, Chinese or Latin tokens joined by blanks, with its standard and whether it was repaired.
///
/// # Examples
/// ```
/// use guiyi::reference::legal_forms::legal_form;
/// let form = legal_form("有限公词").unwrap();
/// assert!(form.standard == "有限公司" && form.is_repair);
/// assert_eq!(legal_form("pty ltd").map(|form| form.standard), Some("pty ltd"));
/// ```
pub fn legal_form(form: &str) -> Option<LegalForm> {
    KNOWN_HAN.get(form).or_else(|| KNOWN_LATIN.get(form)).copied()
}

pub(super) fn about() -> ReferenceData {
    let list = LIST.about();
    let words: Vec<&str> = organisation_words::all().collect();
    let hashed = std::iter::once(list.hash.as_str()).chain(words.iter().copied());
    ReferenceData {
        rows: list.rows + words.len(),
        hash: hash_of(hashed),
        ..list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_law_have_their_standard() {
        for form in [
            "集团股份有限公司",
            "集团有限责任公司",
            "集团有限公司",
            "股份有限公司",
            "有限责任公司",
            "有限公司",
            "股份合作公司",
            "股份合作企业",
            "(特殊普通合伙)",
            "(普通合伙)",
            "(有限合伙)",
            "合伙企业",
            "个人独资企业",
            "农民专业合作社",
            "农民专业合作社联合社",
            "集团公司",
            "总公司",
            "股份公司",
            "公司",
            "厂",
            "店",
            "商行",
            "经营部",
            "工作室",
            "事务所",
            "中心",
            "馆",
            "坊",
            "局",
            "厅",
            "委员会",
            "协会",
            "学会",
            "商会",
            "基金会",
            "大学",
            "学院",
            "学校",
            "医院",
            "研究院",
            "研究所",
            "银行",
            "信用社",
            "村民委员会",
            "企业社",
            "行号",
            "株式会社",
            "(株)",
        ] {
            assert!(legal_form(form).is_some_and(|form| !form.is_repair), "{form}");
        }
        for form in [
            "co ltd", "ltd", "inc", "corp", "llc", "gmbh", "pte ltd", "pty ltd", "s a", "s p a", "b v", "oy",
            "ab", "as", "kk",
        ] {
            assert!(legal_form(form).is_some_and(|form| !form.is_repair), "{form}");
        }
    }

    #[test]
    fn typing_errors_are_repairs() {
        for typed in ["有限责任公同", "有限公司司", "有限公词", "责任有限公司", "有限公"]
        {
            let form = legal_form(typed).unwrap();
            assert_eq!((form.standard, form.is_repair), ("有限公司", true), "{typed}");
        }
        assert!(legal_form("limted").unwrap().is_repair);
        for (typed, standard) in [
            ("股份有限公词", "股份有限公司"),
            ("集团有限公司司", "集团有限公司"),
        ] {
            assert_eq!(legal_form(typed).map(|form| form.standard), Some(standard));
        }
        assert_eq!(
            han_suffixes("华夏科技有限责任公同").next(),
            Some(("有限责任公同", "有限公司"))
        );
        assert_eq!(legal_form(""), None);
    }

    #[test]
    fn every_standard_is_its_own_standard_and_no_form_occurs_twice() {
        assert_eq!(HAN.len() + LATIN.len(), KNOWN_HAN.len() + KNOWN_LATIN.len());
        assert!(HAN.iter().all(|(form, _)| form.chars().count() <= FORM_CHARS_MAX));
    }
}
