//! Names of organisations, taken apart.
//!
//! In: a folded name. Out: region + core (字号) + industry + 集团 + legal form + branch (企业名称登记管理规定 2020, article 6),
//! hard tokens (numerals, directions, digits), notes, former names, and what was repaired or suggested. Chinese names are
//! read from both ends: notes and branch off, form off longest first, region off the front or out of brackets, words of
//! trade off the end; the core is what is left and never empty. Latin names are read by `organisation_latin`. Whether two
//! names agree is decided by `compare`.

mod branch;
mod form;
mod hard_tokens;
mod industry;
mod notes;
mod place;
mod slips;
pub(super) mod word_list;

use super::region::region_named;
use crate::reference::abbreviations;
use crate::reference::industries;
use crate::reference::legal_forms;
use crate::text::pinyin::sound;
use crate::text::simplify::simplified;
use crate::text::simplify::simplify;

/// The parts of an organisation's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Organisation {
    pub(super) value: String,
    pub(super) full: String,
    pub(super) region: String,
    pub(super) core: String,
    pub(super) industry: String,
    pub(super) group: &'static str,
    pub(super) form: String,
    pub(super) branch: String,
    pub(super) numerals: String,
    pub(super) core_sound: String,
    pub(super) note: String,
    /// Former and trading names, joined by `;`.
    pub(super) former: String,
    /// A repair that was made, as `from → to`.
    pub(super) repair: Option<String>,
    /// What was probably meant, as `from → to`; the value stays as written, the keys follow the suggestion.
    pub(super) suggestion: Option<String>,
}

const GROUP: &str = "集团";

/// Takes a name with Han characters apart; `text` is folded and has no blanks beside Han.
pub(super) fn parse_han(text: &str) -> Organisation {
    let stripped = notes::strip(text);
    let key = han_key(stripped.name);
    if !abbreviations::full_names(&key).is_empty() {
        return short_name(&stripped, key);
    }
    let mut parsed = match repaired(stripped.name, &key) {
        Some((name, evidence)) => Organisation {
            repair: Some(evidence),
            ..parse_name(&name, han_key(&name))
        },
        None => parse_name(stripped.name, key),
    };
    parsed.note = stripped.note;
    parsed.former = stripped.former;
    parsed
}

/// A well-known short name, such as 中建三局: all core.
fn short_name(stripped: &notes::Stripped<'_>, key: String) -> Organisation {
    Organisation {
        value: stripped.name.to_owned(),
        numerals: hard_tokens::hard_tokens(&key, ""),
        core_sound: sound(&key),
        core: key.clone(),
        full: key,
        note: stripped.note.clone(),
        former: stripped.former.clone(),
        ..Organisation::default()
    }
}

/// The name with its misspelt legal form put right, and what was done.
fn repaired(name: &str, key: &str) -> Option<(String, String)> {
    let (head, _) = branch::split_branch(key);
    let (wrong, meant) = form::misspelt(head)?;
    let start = key[..head.len() - wrong.len()].chars().count();
    let end = start + wrong.chars().count();
    // The key leaves some characters of the name out; the form is replaced where its characters stand in the name.
    let places: Vec<(usize, char)> = name
        .char_indices()
        .filter(|&(_, c)| is_key_character(c))
        .collect();
    let first = places.get(start)?.0;
    let last = places.get(end - 1)?;
    let is_found = key.chars().count() == places.len()
        && places[start..end]
            .iter()
            .map(|&(_, c)| simplified(c))
            .eq(wrong.chars());
    let rest = &name[last.0 + last.1.len_utf8()..];
    is_found.then(|| {
        (
            [&name[..first], meant, rest].concat(),
            [wrong, " → ", meant].concat(),
        )
    })
}

/// The parts of a name without notes, given with its key.
fn parse_name(value: &str, mut key: String) -> Organisation {
    if key.contains("(集团)") {
        key = key.replace("(集团)", GROUP);
    }
    let full: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let (key, leading_form) = form::without_leading_form(&key);
    let (head, branch) = branch::split_branch(key);
    let (head, behind) = place::bracket_behind_form(head);
    let form = form::split_form(head);
    let mut place = place::take_region(form.body);
    if let Some(region) = behind.filter(|_| place.region.is_empty()) {
        place.region = region;
    }
    let mut suggestion = None;
    if place.region.is_empty() && !form.form.is_empty() {
        suggestion = suggested_region(&mut place);
    }
    let mut split = industry::split_industry(&place.body);
    let meant;
    if split.industry.is_empty()
        && !industry::is_of_trade(split.core)
        && let Some((at, trade)) = trade_meant(split.core, !form.form.is_empty())
    {
        let evidence = [&split.core[at..], " → ", trade].concat();
        suggestion = Some(match suggestion {
            Some(region) => [&region, ", ", evidence.as_str()].concat(),
            None => evidence,
        });
        meant = [&split.core[..at], trade].concat();
        split = industry::split_industry(&meant);
    }
    let core = [split.core, place.body.as_str(), form.body, full.as_str()]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned();
    let has_group = form.has_group || place.has_group || split.has_group;
    let branch = branch::standard_branch(branch);
    Organisation {
        numerals: hard_tokens::hard_tokens(&core, &branch),
        core_sound: sound(&core),
        industry: split.industry.replace(GROUP, ""),
        group: if has_group { GROUP } else { "" },
        form: if form.form.is_empty() {
            leading_form
        } else {
            form.form
        }
        .to_owned(),
        value: value.to_owned(),
        region: place.region,
        full,
        core,
        branch,
        suggestion,
        ..Organisation::default()
    }
}

/// A misspelt region before a name of core and words of trade: taken as meant.
fn suggested_region(place: &mut place::Placed) -> Option<String> {
    let (meant, length) = slips::region_meant(&place.body)?;
    let rest = &place.body[length..];
    let core_chars = rest[..industry::trade_start(rest)].chars().take(2).count();
    let has_trade = industry::trade_start(rest) < rest.len() || slips::trade_meant(rest).is_some();
    // 佳兴贸易 is a name; 佳兴华夏贸易 and 杭洲市华夏 hold a region.
    let is_place = core_chars >= 2 && (has_trade || meant.ends_with(['市', '省']));
    let region = region_named(meant).filter(|_| is_place)?;
    let evidence = [&place.body[..length], " → ", meant].concat();
    place.body = rest.to_owned();
    place.region = region;
    Some(evidence)
}

/// Where a misspelt word of trade starts at the end of a core, and what was meant. One wrong character is believed before
/// a legal form only; swapped and doubled characters anywhere.
fn trade_meant(core: &str, has_form: bool) -> Option<(usize, &'static str)> {
    let slip = || slips::trade_meant(core).map(|trade| (core.len() - trade.len(), trade));
    slips::trade_mistyped(core).or_else(|| if has_form { slip() } else { None })
}

/// Does a Chinese name end like an organisation's: in a legal form, a branch or a word of trade?
pub(super) fn is_han_organisation(key: &str) -> bool {
    let length = key.chars().count();
    let has_form =
        legal_forms::han_suffixes(key).any(|(form, _)| form.chars().nth(1).is_some() || length > 2);
    has_form
        || key.contains("公司")
        || branch::is_branch(key)
        || length > 3 && industries::suffixes(key).next().is_some()
}

/// Lower case, simplified, letters, digits and brackets only.
pub(super) fn han_key(text: &str) -> String {
    let lower = text.to_lowercase();
    simplify(&lower)
        .chars()
        .filter(|&c| is_key_character(c))
        .collect()
}

fn is_key_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: [&str; 5]) {
        let o = parse_han(name);
        let form = [o.group, &o.form].concat();
        let got = [&o.region, &o.core, &o.industry, &form, &o.branch].map(String::as_str);
        assert_eq!(got, expected, "{name}");
    }

    #[test]
    fn chinese_names_come_apart() {
        check("北京华夏科技有限公司", ["北京", "华夏", "科技", "有限公司", ""]);
        check(
            "华夏科技(北京)有限责任公司",
            ["北京", "华夏", "科技", "有限公司", ""],
        );
        check(
            "无锡市城市环境卫生有限公司",
            ["无锡", "城市", "环境卫生", "有限公司", ""],
        );
        check(
            "长安汽车(集团)有限责任公司北京分公司",
            ["", "长安", "汽车", "集团有限公司", "北京分公司"],
        );
        check(
            "国华(呼伦贝尔)风电有限公司南京办事处",
            ["呼伦贝尔", "国华", "风电", "有限公司", "南京办事处"],
        );
        check(
            "香港华艺设计顾问(深圳)有限公司",
            ["深圳", "香港华艺", "设计顾问", "有限公司", ""],
        );
        check(
            "深圳市腾讯计算机系统有限公司",
            ["深圳", "腾讯", "计算机系统", "有限公司", ""],
        );
        check(
            "腾讯计算机系统(深圳)有限公司",
            ["深圳", "腾讯", "计算机系统", "有限公司", ""],
        );
        check(
            "阿里巴巴集团控股有限公司",
            ["", "阿里巴巴", "控股", "集团有限公司", ""],
        );
        check("东方科技有限公司", ["", "东方", "科技", "有限公司", ""]);
        check(
            "广东省深圳市南山区大疆创新科技有限公司",
            ["深圳", "大疆创新", "科技", "有限公司", ""],
        );
        check(
            "中国工商银行股份有限公司上海第二支行",
            ["中国", "工商银行", "", "股份有限公司", "上海第二支行"],
        );
        check("中国银行", ["", "中国银行", "", "银行", ""]);
        check(
            "神华集团包头矿业有限责任公司运销处集装站",
            ["包头", "神华", "矿业", "集团有限公司", "运销处集装站"],
        );
        check(
            "中国移动通信集团广东有限公司",
            ["广东", "移动", "通信", "集团有限公司", ""],
        );
        check(
            "立信会计师事务所(特殊普通合伙)",
            ["", "立信", "会计师", "特殊普通合伙", ""],
        );
        check(
            "苏州工业园区恒泰贸易有限公司",
            ["苏州", "恒泰", "贸易", "有限公司", ""],
        );
        check(
            "华夏科技北京第一分公司",
            ["", "华夏", "科技", "", "北京第一分公司"],
        );
        check("上海老王商行", ["上海", "老王", "", "商行", ""]);
    }

    #[test]
    fn hard_tokens_tell_siblings_apart() {
        assert_eq!(parse_han("中铁二局集团有限公司").numerals, "2");
        assert_eq!(parse_han("华东电力有限公司第一分公司").numerals, "东 1");
    }
}
