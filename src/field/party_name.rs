//! The name of a customer: an organisation, a branch, a sole trader, a person, or an account for many.
//!
//! In: a name, or `customer_name␟given␟middle␟family␟party_type` (U+001F), any component empty. Out: items whose parts
//! tell what kind of party it is (`organisation`, `branch`, `sole_trader`, `person`, `catch_all`; `party_kind`) and take its
//! name apart (`organisation`, `person`). Organisation parts are empty for persons and the other way round. A misspelt
//! legal form is put right; other wrong characters are suggested, and the keys follow the suggestion.

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::Finding;
use super::StandardValue;
use super::cell;
use super::organisation;
use super::organisation::Organisation;
use super::organisation_latin;
use super::party_kind;
use super::party_kind::Hint;
use super::person;
use super::person::Person;
use super::person_latin;
use super::person_name;
use super::text::text_key;
use crate::model::IssueCode;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::fold;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::simplify::simplify;
use std::borrow::Cow;

const PARTS: &[&str] = &[
    "kind",
    "full",
    "region",
    "core",
    "industry",
    "group",
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
    "former",
];

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
        PARTS
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    /// A whole name holds as it is when nothing but the kind of customer stands beside it, and says the same.
    fn derived(&self, first: &StandardValue, others: &[&str]) -> Option<StandardValue> {
        let [given, middle, family, party_type] = others else {
            return None;
        };
        let is_alone = [given, middle, family].iter().all(|part| part.is_empty());
        let [item] = first.items.as_slice() else {
            return None;
        };
        let kind = item.parts[0].as_str();
        let agrees = match party_kind::hinted_kind(&cell::folded(party_type).unwrap_or_default()) {
            Some(Hint::Organisation) => kind != "person",
            Some(Hint::SoleTrader) => kind == "sole_trader",
            Some(Hint::Person) => kind == "person",
            None => true,
        };
        (is_alone && agrees && kind != "catch_all").then(|| first.clone())
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
            ("1、北京华夏科技有限责任公同", Some("北京华夏科技有限责任公司")),
            ("杭洲华夏科技有限公司", Some("杭洲华夏科技有限公司")),
            (
                "华夏科技有限公司（原：华北科技有限公司）",
                Some("华夏科技有限公司"),
            ),
            ("Acme Ltd t/a Best Foods", Some("Acme Ltd")),
            ("王记面馆", Some("王记面馆")),
            ("王小明13812349876", Some("王小明")),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("北京华夏科技有限公同", "repaired"),
            ("北京华夏科技有限工司", "repaired"),
            ("北京华夏科枝有限公司", "typo_suggested"),
            ("杭洲华夏科技有限公司", "typo_suggested"),
            ("北京华夏科技有限公司（已停用）", "suspicious"),
            ("王总", "surname_only"),
            ("王小明13812349876", "wrong_field"),
            ("散户", "catch_all_account"),
            ("默认客户", "catch_all_account"),
            ("Default Customer", "catch_all_account"),
            ("测试客户", "placeholder"),
            ("Cash Customer", "catch_all_account"),
            ("John Doe", "placeholder"),
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
    let is_catch_all =
        || placeholders::is_catch_all(whole) || placeholders::is_catch_all(&organisation::han_key(whole));
    if !whole.is_empty() && is_catch_all() {
        return catch_all(raw, whole);
    }
    let hint = party_kind::hinted_kind(party_type);
    let is_company = |hint| match hint {
        Some(Hint::Organisation | Hint::SoleTrader) => true,
        Some(Hint::Person) => false,
        None => !is_person_with_phone(whole) && party_kind::is_organisation(whole, [given, family]),
    };
    let couple = if hint.is_none() && !has_parts {
        several(whole)
    } else {
        None
    };
    if let Some(names) = couple {
        let persons: Vec<Person> = names.iter().map(|name| person::parse(name)).collect();
        persons_value(raw, &persons)
    } else if !whole.is_empty() && is_company(hint) {
        organisation_value(raw, whole, hint)
    } else if has_parts {
        let person = person::from_components(whole, given, middle, family);
        persons_value(raw, &[person])
    } else {
        one_person(raw, whole)
    }
}

/// The folded component; `None` when it is empty or a stop-gap.
fn usable(text: &str) -> Option<Cow<'_, str>> {
    if text.is_empty() {
        return None;
    }
    let text = cell::folded_cow(text).ok()?;
    let is_name = if text.is_ascii() {
        text.bytes().any(|b| b.is_ascii_alphabetic()) && !placeholders::is_name(&text)
    } else {
        let lower = text.to_lowercase();
        let lower = simplify(&lower);
        lower.chars().any(char::is_alphabetic) && !placeholders::is_name(&lower)
    };
    is_name.then_some(text)
}

fn catch_all(raw: &str, whole: &str) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    cell.issue("catch_all_account");
    let mut parts = cell::parts(["catch_all", &text_key(whole)]);
    parts.resize(PARTS.len(), String::new());
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

fn organisation_value(raw: &str, whole: &str, hint: Option<Hint>) -> StandardValue {
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
        let status = add_findings(&mut cell, &parsed);
        let kind = if hint == Some(Hint::SoleTrader) || party_kind::is_sole_trader(&parsed) {
            "sole_trader"
        } else if parsed.branch.is_empty() {
            "organisation"
        } else {
            "branch"
        };
        cell.item(status, parsed.value.clone(), organisation_parts(kind, parsed));
    }
    cell.finish()
}

/// Notes what was repaired, suggested or doubted of a name, and gives its standing.
fn add_findings(cell: &mut cell::Cell, parsed: &Organisation) -> ValueStatus {
    let mut status = ValueStatus::Valid;
    if let Some(repair) = &parsed.repair {
        cell.finding("repaired", repair.clone());
        status = ValueStatus::Repaired;
    }
    if let Some(suggestion) = &parsed.suggestion {
        cell.finding("typo_suggested", suggestion.clone());
        status = ValueStatus::Suspicious;
    }
    if is_closed(&parsed.note) {
        cell.finding("suspicious", parsed.note.clone());
        status = ValueStatus::Suspicious;
    }
    status
}

/// Does a note say that the customer is no more or the account not to be used?
fn is_closed(note: &str) -> bool {
    const WORDS: &[&str] = &[
        "作废",
        "勿用",
        "重复",
        "测试",
        "停用",
        "禁用",
        "注销",
        "吊销",
        "销户",
        "倒闭",
        "废弃",
        "closed",
        "liquidation",
        "dissolved",
        "inactive",
        "do not use",
        "duplicate",
        "deleted",
        "obsolete",
        "struck off",
        "bankrupt",
        "test",
    ];
    !note.is_empty() && {
        let lower = note.to_ascii_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    }
}

fn long_value(raw: &str, text: String) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    cell.issue("suspicious");
    let key = text_key(&text);
    let core = key.clone();
    let parsed = Organisation {
        full: key,
        core,
        ..Organisation::default()
    };
    let parts = organisation_parts("organisation", parsed);
    cell.item(ValueStatus::Suspicious, text, parts);
    cell.finish()
}

fn organisation_parts(kind: &str, parsed: Organisation) -> Vec<String> {
    let empty = String::new;
    vec![
        kind.to_owned(),
        parsed.full,
        parsed.region,
        parsed.core,
        parsed.industry,
        parsed.group.to_owned(),
        parsed.form,
        parsed.branch,
        parsed.numerals,
        parsed.core_sound,
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        parsed.note,
        parsed.former,
    ]
}

/// Is a name of several words an organisation's?
fn is_firm(name: &str) -> bool {
    name.contains(' ') && organisation_latin::is_latin_organisation(name)
}

/// The names of several persons: `John & Mary Smith`, 刘德华/张学友.
fn several(whole: &str) -> Option<Vec<String>> {
    if !has_han(whole) {
        // Martin & Kim Electric is a firm: the second name is one of trade.
        let is_firm = |names: &Vec<String>| names.iter().any(|name| is_firm(name));
        return person_latin::clear_couple(whole).filter(|names| !is_firm(names));
    }
    if !whole.contains(['/', '、', '&', ';']) {
        return None;
    }
    let names = whole.split(['/', '、', '&', ';']).map(join_han);
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let is_name = |name: &String| name.chars().nth(1).is_some() && person::is_han_person(&simplify(name));
    (names.len() > 1 && names.iter().all(is_name)).then_some(names)
}

/// Is this a Chinese person's name and a telephone number?
fn is_person_with_phone(whole: &str) -> bool {
    person_name::has_phone(whole)
        && person::is_han_person(&simplify(&join_han(&person_name::without_extras(whole))))
}

/// A person's whole name; a telephone number beside it is told and left to its own field.
fn one_person(raw: &str, whole: &str) -> StandardValue {
    let name = person_name::has_phone(whole).then(|| person_name::without_extras(whole));
    match name.filter(|name| name.chars().any(char::is_alphabetic)) {
        Some(name) => {
            let mut value = persons_value(raw, &[person::parse(&name)]);
            value.findings.push(Finding {
                code: IssueCode::named("wrong_field"),
                evidence: Cow::Borrowed("phones"),
            });
            value
        }
        None => persons_value(raw, &[person::parse(whole)]),
    }
}

/// Place of the first part of a person among [`PARTS`].
const FAMILY: usize = 10;

fn persons_value(raw: &str, persons: &[Person]) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    for person in persons {
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
        let mut parts = cell::parts(["person", &person.full]);
        parts.resize(PARTS.len(), String::new());
        let own = [
            &person.family,
            &person.given,
            &person.middle,
            &family_sound,
            &given_sound,
            &person.remark(),
        ];
        for (part, text) in parts[FAMILY..].iter_mut().zip(own) {
            part.clone_from(text);
        }
        cell.item(status, person.value.clone(), parts);
    }
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
            ("王记面馆", "sole_trader"),
            ("张三丰个体户", "sole_trader"),
            ("王小明\u{1F}\u{1F}\u{1F}\u{1F}个体工商户", "sole_trader"),
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
    fn several_persons_are_several_items() {
        let kinds = |raw: &str| {
            let items = PartyName.standardise(raw).items;
            items
                .into_iter()
                .map(|item| item.parts[0].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds("刘建国/张小梅"), ["person", "person"]);
        assert_eq!(kinds("John & Mary Smith"), ["person", "person"]);
        assert_eq!(kinds("Smith & Wesson"), ["organisation"]);
        assert_eq!(kinds("Martin & Kim Electric LLC"), ["organisation"]);
        assert_eq!(kinds("James and James Catering"), ["organisation"]);
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
