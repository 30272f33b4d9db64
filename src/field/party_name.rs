//! The name of a customer: an organisation, a branch, a person, or an account for many.
//!
//! In: a name, or `customer_name␟given␟middle␟family␟party_type` (U+001F), any component empty. Out: one item whose parts
//! tell what kind of party it is and take its name apart (`organisation`, `person`). Organisation parts are empty for
//! persons and the other way round. The kind is taken from the party type when that is clear, otherwise from the name.

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::StandardValue;
use super::cell;
use super::organisation;
use super::organisation::Organisation;
use super::organisation_latin;
use super::person;
use super::person::Person;
use super::text::text_key;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::fold;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::simplify::simplify;

/// The field type.
pub(super) struct PartyName;

impl FieldType for PartyName {
    fn name(&self) -> &'static str {
        "party_name"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Name of a customer", "客户名称"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[
            "kind",
            "full",
            "region",
            "core",
            "industry",
            "form",
            "branch",
            "numerals",
            "core_sound",
            "family",
            "given",
            "middle",
            "family_sound",
            "given_sound",
            "note",
        ]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("party_name")
    }
    fn masking(&self) -> &'static str {
        "name"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("北京华夏科技有限公司", Some("北京华夏科技有限公司")),
            ("华夏科技（北京）有限公司", Some("华夏科技(北京)有限公司")),
            ("北京 华夏科技 有限公司（已注销）", Some("北京华夏科技有限公司")),
            ("３Ｍ中国有限公司", Some("3M中国有限公司")),
            (
                "臺灣積體電路製造股份有限公司",
                Some("臺灣積體電路製造股份有限公司"),
            ),
            (
                "Huaxia Technology  Co., Ltd.",
                Some("Huaxia Technology Co., Ltd."),
            ),
            ("Ｓｉｅｍｅｎｓ AG", Some("Siemens AG")),
            ("王 小明", Some("王小明")),
            ("Smith, John", Some("John Smith")),
            ("\u{1F}carl\u{1F}\u{1F}wilson\u{1F}", Some("carl wilson")),
            ("\u{1F}小明\u{1F}\u{1F}王\u{1F}", Some("王小明")),
            ("现金客户", Some("现金客户")),
            ("测试客户", None),
            ("张三", None),
            ("N/A", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let mut components = [""; 5];
    for (component, text) in components.iter_mut().zip(raw.split(COMPONENT_SEPARATOR)) {
        *component = text;
    }
    let folded = components.map(usable);
    let texts = folded.each_ref().map(|text| text.as_deref().unwrap_or_default());
    let [whole, given, middle, family, party_type] = texts;
    let has_parts = !given.is_empty() || !family.is_empty();
    if whole.is_empty() && !has_parts {
        let was_given = components[..4].iter().any(|text| !fold(text).is_empty());
        return if was_given {
            cell::placeholder()
        } else {
            cell::missing()
        };
    }
    let key = organisation::han_key(whole);
    if placeholders::CATCH_ALL.contains(&whole.to_lowercase().as_str())
        || placeholders::CATCH_ALL.contains(&key.as_str())
    {
        return catch_all(raw, whole);
    }
    match hinted_kind(party_type) {
        Some(Kind::Organisation) if !whole.is_empty() => organisation_value(raw, whole),
        None if !whole.is_empty() && is_organisation(whole, [given, family]) => {
            organisation_value(raw, whole)
        }
        _ if has_parts => person_value(raw, &person::from_components(whole, given, middle, family)),
        _ => person_value(raw, &person::parse(whole)),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Organisation,
    Person,
}

/// The folded component; `None` when it is empty or a stop-gap.
fn usable(text: &str) -> Option<String> {
    let text = cell::folded(text).ok()?;
    let lower = simplify(&text.to_lowercase()).into_owned();
    let is_name = lower.chars().any(char::is_alphabetic) && !placeholders::NAMES.contains(&lower.as_str());
    is_name.then_some(text)
}

fn hinted_kind(party_type: &str) -> Option<Kind> {
    let text = simplify(&party_type.to_lowercase()).into_owned();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&[
        "企业", "公司", "组织", "机构", "单位", "法人", "organi", "company", "corporat", "business", "b2b",
        "个体", "firm",
    ]) {
        Some(Kind::Organisation)
    } else if has(&[
        "个人",
        "自然人",
        "person",
        "individual",
        "consumer",
        "b2c",
        "private",
    ]) {
        Some(Kind::Person)
    } else {
        None
    }
}

/// Is the name an organisation's, judged by itself? Separate name columns speak for a person.
fn is_organisation(whole: &str, parts: [&str; 2]) -> bool {
    let has_parts = parts.iter().any(|part| !part.is_empty());
    if has_parts && has_han(whole) {
        return organisation::is_han_organisation(&organisation::han_key(whole));
    }
    if has_parts {
        // A company beside the name of its contact holds neither part; `Maria Sa` holds both.
        let lower = whole.to_lowercase();
        let is_apart = parts
            .iter()
            .all(|part| part.is_empty() || !lower.contains(part.to_lowercase().as_str()));
        return organisation_latin::has_clear_form(whole)
            || is_apart && organisation_latin::is_latin_organisation(whole);
    }
    if !has_han(whole) {
        return organisation_latin::is_latin_organisation(whole);
    }
    let text = simplify(&join_han(whole)).into_owned();
    let key = organisation::han_key(&text);
    if person::is_brand(&key) || text.chars().count() > cell::TEXT_CHARS_MAX {
        return true;
    }
    let read = person::parse(&text);
    let is_person = read.is_surname_only || person::is_han_person(&simplify(&read.value));
    // 王经理 and 张伟(经理) end like a person; 张建军(个体工商户) and 王记面馆 do not.
    !is_person || read.note.is_empty() && organisation::is_han_organisation(&key) || key.ends_with("工商户)")
}

fn catch_all(raw: &str, whole: &str) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    cell.issue("catch_all_account");
    let mut parts = cell::parts(["catch_all", &text_key(whole)]);
    parts.resize(15, String::new());
    cell.item(ValueStatus::Valid, join_han(whole), parts);
    cell.finish()
}

/// Several companies in one cell, as columns of former names hold them; one piece otherwise.
fn companies(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = cell::pieces(text, &[';', '、', '|', '/']).collect();
    let is_company = |piece: &&str| piece.ends_with("公司") && piece.chars().count() > 4;
    if pieces.len() > 1 && pieces.iter().all(is_company) {
        pieces
    } else {
        vec![text]
    }
}

fn organisation_value(raw: &str, whole: &str) -> StandardValue {
    let text = join_han(whole);
    if text.chars().count() > cell::TEXT_CHARS_MAX {
        return long_value(raw, text);
    }
    let mut cell = cell::Cell::new(raw);
    for name in companies(&text) {
        let parsed = if has_han(name) {
            organisation::parse_han(name)
        } else {
            organisation_latin::parse(name)
        };
        let status = if is_closed(&parsed.note) {
            cell.issue("suspicious");
            ValueStatus::Suspicious
        } else {
            ValueStatus::Valid
        };
        cell.item(status, parsed.value.clone(), organisation_parts(parsed));
    }
    cell.finish()
}

/// Does a note say that the account is not to be used?
fn is_closed(note: &str) -> bool {
    ["作废", "勿用", "重复", "测试"]
        .iter()
        .any(|word| note.contains(word))
}

fn long_value(raw: &str, text: String) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    cell.issue("suspicious");
    let key = text_key(&text);
    let core = key.clone();
    let parts = organisation_parts(Organisation {
        full: key,
        core,
        ..Organisation::default()
    });
    cell.item(ValueStatus::Suspicious, text, parts);
    cell.finish()
}

fn organisation_parts(parsed: Organisation) -> Vec<String> {
    let kind = if parsed.branch.is_empty() {
        "organisation"
    } else {
        "branch"
    };
    vec![
        kind.to_owned(),
        parsed.full,
        parsed.region,
        parsed.core,
        parsed.industry,
        parsed.form,
        parsed.branch,
        parsed.numerals,
        parsed.core_sound,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        parsed.note,
    ]
}

fn person_value(raw: &str, person: &Person) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    let status = if person.is_surname_only {
        cell.issue("surname_only");
        ValueStatus::Suspicious
    } else if person.is_unlikely {
        cell.issue("suspicious");
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    };
    let [family_sound, given_sound] = person.sounds();
    let empty = "";
    let parts = cell::parts([
        "person",
        &person.full,
        empty,
        empty,
        empty,
        empty,
        empty,
        empty,
        empty,
        &person.family,
        &person.given,
        &person.middle,
        &family_sound,
        &given_sound,
        &person.note,
    ]);
    cell.item(status, person.value.clone(), parts);
    cell.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(raw: &str, name: &str) -> String {
        let value = PartyName.standardise(raw);
        let at = PartyName
            .parts()
            .iter()
            .position(|part| *part == name)
            .expect("a part of the type");
        value.items[0].parts[at].clone()
    }

    #[test]
    fn a_company_beside_its_contacts_name_is_a_company() {
        let kind = |raw: &str| PartyName.standardise(raw).items[0].parts[0].clone();
        assert_eq!(
            kind("Valley Furniture Corp\u{1F}Charles\u{1F}\u{1F}Williams\u{1F}"),
            "organisation"
        );
        assert_eq!(kind("Maria Sa\u{1F}Maria\u{1F}\u{1F}Sa\u{1F}"), "person");
        assert_eq!(
            kind("carl harry wilson\u{1F}carl\u{1F}\u{1F}wilson\u{1F}"),
            "person"
        );
    }

    #[test]
    fn kinds_are_told_apart() {
        for (raw, kind) in [
            ("北京华夏科技有限公司", "organisation"),
            ("北京华夏科技有限公司上海分公司", "branch"),
            ("华为", "organisation"),
            ("腾讯", "organisation"),
            ("王小明", "person"),
            ("王总", "person"),
            ("散户", "catch_all"),
            ("John Smith", "person"),
            ("Acme Trading", "organisation"),
            ("IBM", "organisation"),
            ("Madonna\u{1F}\u{1F}\u{1F}\u{1F}个人", "person"),
        ] {
            assert_eq!(part(raw, "kind"), kind, "{raw}");
        }
    }

    #[test]
    fn several_former_names_are_several_items() {
        let value = PartyName.standardise("北京甲一科技有限公司；北京乙二科技有限公司");
        assert_eq!(value.items.len(), 2);
    }

    #[test]
    fn keys_bring_spellings_together() {
        assert_eq!(
            part("臺灣積體電路製造股份有限公司", "full"),
            "台湾积体电路制造股份有限公司"
        );
        assert_eq!(part("北京华夏科技有限公司", "core_sound"), "huaxia");
        assert_eq!(part("Müller & Söhne GmbH", "core"), "muller and sohne");
        assert_eq!(part("单小明", "family_sound"), "shan");
    }
}
