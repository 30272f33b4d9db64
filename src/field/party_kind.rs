//! What kind of party a name belongs to.
//!
//! In: the folded name, its components and the party type of the record. Out: organisation or person, and of
//! organisations whether it is a sole trader (个体工商户): by its form, by the party type, or because a shop carries the
//! name of its owner (老王五金店, 王记面馆, 王小明商行). The party type decides when it is clear, otherwise the name.

use super::cell;
use super::organisation;
use super::organisation::Organisation;
use super::organisation_latin;
use super::person;
use crate::reference::surnames::is_surname;
use crate::reference::surnames::leading_surname;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::simplify::simplify;

/// What a party type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Organisation,
    SoleTrader,
    Person,
}

/// The kind that a party type names, when it is clear.
pub(super) fn hinted_kind(party_type: &str) -> Option<Hint> {
    if party_type.is_empty() {
        return None;
    }
    let text = simplify(&party_type.to_lowercase()).into_owned();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["个体", "sole trader", "sole prop"]) {
        Some(Hint::SoleTrader)
    } else if has(&[
        "企业", "公司", "组织", "机构", "单位", "法人", "organi", "company", "corporat", "business", "b2b",
        "firm",
    ]) {
        Some(Hint::Organisation)
    } else if has(&[
        "个人",
        "自然人",
        "person",
        "individual",
        "consumer",
        "b2c",
        "private",
    ]) {
        Some(Hint::Person)
    } else {
        None
    }
}

/// Is the name an organisation's, judged by itself? Separate name columns speak for a person.
pub(super) fn is_organisation(whole: &str, parts: [&str; 2]) -> bool {
    if whole.ends_with("公司") {
        return true;
    }
    let has_parts = parts.iter().any(|part| !part.is_empty());
    if has_parts && has_han(whole) {
        return organisation::is_han_organisation(&organisation::han_key(whole));
    }
    if has_parts {
        // A company beside the name of its contact may hold the family name (`Garcia & Marshall Logistics`); `Maria Sa` holds both parts.
        let lower = whole.to_lowercase();
        let is_apart = parts
            .iter()
            .any(|part| !part.is_empty() && !lower.contains(part.to_lowercase().as_str()));
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
    let is_bare = read.note.is_empty() && read.title.is_empty();
    // 王经理 and 张伟(经理) end like a person; 张建军(个体工商户) and 王记面馆 do not.
    let is_trader = ["工商户", "工商户)", "个体户", "个体户)", "(个体)"]
        .iter()
        .any(|ending| key.ends_with(ending));
    !is_person || is_bare && organisation::is_han_organisation(&key) || is_trader
}

/// Is a parsed organisation one person's business?
pub(super) fn is_sole_trader(parsed: &Organisation) -> bool {
    const SHOPS: &[&str] = &[
        "店",
        "馆",
        "坊",
        "室",
        "行",
        "商行",
        "商店",
        "超市",
        "便利店",
        "经营部",
        "服务部",
        "批发部",
        "餐厅",
        "药店",
        "工作室",
        "面馆",
        "饭馆",
        "茶馆",
        "诊所",
        "茶楼",
        "酒楼",
        "服务站",
        "养殖场",
        "种植场",
        "网吧",
    ];
    if !parsed.branch.is_empty() {
        return false;
    }
    let form = parsed.form.as_str();
    form == "个体工商户" || SHOPS.contains(&form) && is_owner(&parsed.core)
}

/// Does the core of a shop's name name its owner: 老王, 王记, 张三丰?
fn is_owner(core: &str) -> bool {
    const FAMILIAR: &[char] = &[
        '记', '氏', '家', '姐', '哥', '嫂', '妈', '婶', '叔', '姨', '爷', '妹', '伯', '爸',
    ];
    if let Some(surname) = core.strip_suffix(FAMILIAR)
        && is_frequent(surname)
    {
        return true;
    }
    if let Some(surname) = core.strip_prefix(['老', '小', '阿'])
        && is_frequent(surname)
    {
        return true;
    }
    let Some(surname) = leading_surname(core) else {
        return false;
    };
    let given = core[surname.len()..].chars().count();
    let is_compound = surname.chars().nth(1).is_some();
    given == 2 && (is_frequent(surname) || is_compound) && person::is_han_person(core)
}

/// Frequent surnames that are no common words of names: 金, 白, 高 and the like speak for no owner.
fn is_frequent(surname: &str) -> bool {
    const FREQUENT: &str = "王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈姜崔钟谭陆范汪廖贾韦付邹孟熊秦邱侯薛闫段郝邵史毛顾赖武龚";
    is_surname(surname) && FREQUENT.contains(surname)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_with_an_owners_name_are_sole_traders() {
        for (name, is_trader) in [
            ("老王五金店", true),
            ("王记面馆", true),
            ("张三丰个体户", true),
            ("成都市武侯区王小明商行", true),
            ("李小红(个体工商户)", true),
            ("欧阳小明便利店", true),
            ("金鑫源商行", false),
            ("北京王府井饭店", false),
            ("王小明科技有限公司", false),
            ("上海第一百货商店", false),
        ] {
            let parsed = organisation::parse_han(name);
            assert_eq!(is_sole_trader(&parsed), is_trader, "{name}: {parsed:?}");
        }
    }

    #[test]
    fn the_party_type_is_read() {
        for (text, hint) in [
            ("个体工商户", Some(Hint::SoleTrader)),
            ("企业客户", Some(Hint::Organisation)),
            ("Individual", Some(Hint::Person)),
            ("Ｂ", None),
            ("", None),
        ] {
            assert_eq!(hinted_kind(text), hint);
        }
    }
}
