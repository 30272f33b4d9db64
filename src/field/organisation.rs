//! Names of organisations, taken apart.
//!
//! In: a folded name. Out: region + core (字号) + industry + legal form + branch (企业名称登记管理规定 2020, article 6), hard
//! tokens (numerals, directions, digits) and a note. Chinese names are read from both ends: notes and branch off, form off
//! longest first, region off the front or out of brackets, words of trade off the end; the core is what is left and never
//! empty. Latin names lose their form only. Whether two names agree is decided by `compare`.

use super::region::leading_region;
use super::region::region_named;
use crate::reference::branch_markers;
use crate::reference::industries;
use crate::reference::legal_forms;
use crate::reference::longest_suffix;
use crate::reference::titles;
use crate::text::pinyin::sound;
use crate::text::script::is_han;
use crate::text::simplify::simplify;

/// The parts of an organisation's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Organisation {
    pub(super) value: String,
    pub(super) full: String,
    pub(super) region: String,
    pub(super) core: String,
    pub(super) industry: String,
    pub(super) form: String,
    pub(super) branch: String,
    pub(super) numerals: String,
    pub(super) core_sound: String,
    pub(super) note: String,
}

/// Takes a name with Han characters apart; `text` is folded and has no blanks beside Han.
pub(super) fn parse_han(text: &str) -> Organisation {
    let (value, note) = without_notes(text);
    let key: String = han_key(&value).replace("(集团)", "集团");
    let full: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let (key, leading_form) = without_leading_form(&key);
    let (head, branch) = split_branch(key);
    let (body, form) = split_form(head);
    let form = if form.is_empty() { leading_form } else { form };
    let (body, bracketed) = take_bracketed_region(body);
    let body: String = body.chars().filter(|c| c.is_alphanumeric()).collect();
    let (region, body) = match bracketed {
        Some(region) => (region, body.as_str()),
        None => split_region(&body),
    };
    let (body, region) = split_group_region(body).unwrap_or((body, region));
    let (core, industry, has_group) = split_industry(body);
    let form = match (has_group, form) {
        (true, form) if !form.starts_with("集团") => format!("集团{form}"),
        (_, form) => form.to_owned(),
    };
    let branch = standard_branch(branch);
    let core = [core, industry.as_str(), full.as_str()]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned();
    Organisation {
        numerals: hard_tokens(&core, &branch),
        core_sound: sound(&core),
        value,
        full,
        region,
        core,
        industry,
        form,
        branch,
        note,
    }
}

/// Does a Chinese name end like an organisation's: in a legal form, a branch or a word of trade?
pub(super) fn is_han_organisation(key: &str) -> bool {
    let length = key.chars().count();
    let has_form = legal_forms::han_suffixes(key).any(|(form, _)| form.chars().count() > 1 || length > 2);
    has_form
        || key.contains("公司")
        || longest_suffix(key, branch_markers::STRONG).is_some()
        || length > 3 && industries::suffixes(key).next().is_some()
}

/// Lower case, simplified, letters, digits and brackets only.
pub(super) fn han_key(text: &str) -> String {
    let lower = text.to_lowercase();
    simplify(&lower)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '(' | ')'))
        .collect()
}

/// The name without leading numbering, notes in brackets and a Latin translation, and what was taken off.
fn without_notes(text: &str) -> (String, String) {
    let mut rest = without_numbering(text);
    let mut notes: Vec<&str> = Vec::new();
    loop {
        let last = rest
            .strip_suffix(')')
            .and_then(|open| open.rfind('(').map(|at| (&rest[..at], &open[at + 1..])));
        let first = rest.strip_prefix('(').and_then(|closed| closed.split_once(')'));
        if let Some((head, inner)) = last
            && !head.is_empty()
            && is_note(inner, head)
        {
            notes.push(inner);
            rest = head.trim_end();
        } else if let Some((inner, tail)) = first
            && !tail.is_empty()
            && is_note(inner, "")
        {
            notes.push(inner);
            rest = tail.trim_start();
        } else {
            break;
        }
    }
    let translation = rest
        .rfind("公司")
        .map(|at| rest.split_at(at + "公司".len()))
        .filter(|(_, tail)| tail.is_ascii() && tail.bytes().filter(u8::is_ascii_alphabetic).count() >= 4);
    if let Some((head, tail)) = translation {
        notes.push(tail.trim());
        rest = head;
    }
    notes.reverse();
    (rest.to_owned(), notes.join(";"))
}

/// `1、北京…` or `12.北京…` without its number.
fn without_numbering(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = rest.len() < text.len() && text.len() - rest.len() <= 4;
    match rest.strip_prefix(['、', '.', ')', ',']) {
        Some(name) if is_numbered && name.trim_start().starts_with(is_han) => name.trim_start(),
        _ => text,
    }
}

/// Is a text in brackets a remark rather than part of the name that stands before it?
fn is_note(inner: &str, before: &str) -> bool {
    const WORDS: &[&str] = &[
        "收",
        "代",
        "代收",
        "旧",
        "新",
        "备用",
        "测试",
        "勿动",
        "暂停",
        "停业",
        "冻结",
        "黑名单",
        "公章",
        "盖章",
    ];
    const MARKS: &[&str] = &[
        "注销",
        "吊销",
        "停用",
        "作废",
        "勿用",
        "重复",
        "撤消",
        "撤销",
        "曾用名",
        "更名",
        "原名",
        "禁用",
        "已合并",
    ];
    let inner = han_key(inner);
    let after_form = ["公司", "厂", "店", "中心", "集团"]
        .iter()
        .any(|form| before.ends_with(form));
    let is_part = region_named(&inner).is_some()
        || legal_forms::han_form(&inner).is_some()
        || legal_forms::han_form(&format!("({inner})")).is_some()
        || longest_suffix(&inner, branch_markers::STRONG).is_some()
        || inner == "集团";
    !is_part
        && (WORDS.contains(&inner.as_str())
            || MARKS.iter().any(|mark| inner.contains(mark))
            || inner.starts_with('原')
            || inner.starts_with('已')
            || inner.is_empty()
            || after_form
            || titles::HAN
                .iter()
                .any(|title| title.chars().count() > 1 && inner.ends_with(title)))
}

/// 个体户 or 株式会社 before the name, and the name without it.
fn without_leading_form(key: &str) -> (&str, &'static str) {
    for (prefix, form) in [
        ("个体工商户", "个体工商户"),
        ("个体户", "个体工商户"),
        ("株式会社", "株式会社"),
    ] {
        if let Some(rest) = key.strip_prefix(prefix)
            && rest.chars().count() >= 2
        {
            return (rest, form);
        }
    }
    (key, "")
}

/// The branch without brackets, its region in the short form: 北京市分公司 → 北京分公司.
fn standard_branch(branch: &str) -> String {
    let branch: String = branch.chars().filter(|c| c.is_alphanumeric()).collect();
    match leading_region(&branch) {
        Some(found) if found.length < branch.len() => format!("{}{}", found.region, &branch[found.length..]),
        _ => branch,
    }
}

/// The name before a branch, and the branch.
fn split_branch(key: &str) -> (&str, &str) {
    const COMPANY: &str = "公司";
    let mut from = 0;
    while let Some(found) = key[from..].find(COMPANY) {
        let start = from + found;
        let end = start + COMPANY.len();
        from = end;
        let rest = &key[end..];
        let is_branch_itself = key[..start].ends_with(['分', '支', '子']);
        let is_rest_branch = rest.chars().count() >= 2
            && !rest.starts_with('(')
            && (!rest.ends_with(COMPANY) || longest_suffix(rest, branch_markers::STRONG).is_some());
        if !is_branch_itself && is_rest_branch {
            return (&key[..end], rest);
        }
    }
    let Some(marker) = longest_suffix(key, branch_markers::STRONG) else {
        return (key, "");
    };
    let mut at = key.len() - marker.len();
    if let Some(bank) = key[..at].find("银行")
        && bank > 0
    {
        at = bank + "银行".len();
        return key.split_at(at);
    }
    at = without_ordinal(&key[..at]).len();
    at = without_trailing_region(&key[..at]).len();
    if key[..at].chars().count() < 2 {
        (key, "")
    } else {
        key.split_at(at)
    }
}

fn without_ordinal(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| is_numeral(c) || c.is_ascii_digit());
    match rest.strip_suffix('第') {
        Some(rest) => rest,
        None => rest,
    }
}

fn without_trailing_region(text: &str) -> &str {
    let mut starts: Vec<usize> = text.char_indices().rev().take(8).map(|(at, _)| at).collect();
    starts.reverse();
    starts
        .into_iter()
        .filter(|&at| text[..at].chars().count() >= 2)
        .find(|&at| region_named(&text[at..]).is_some())
        .map_or(text, |at| &text[..at])
}

/// The name before its legal form, and the standard form. A bank's form stays in its core, because the company form after
/// it is often left out; a partnership may name its kind of firm before its form.
fn split_form(head: &str) -> (&str, &'static str) {
    let found = legal_forms::han_suffixes(head).find(|(form, _)| {
        let length = head[..head.len() - form.len()].chars().count();
        length >= 2 || (length == 1 && form.contains("公司"))
    });
    match found {
        Some(("银行" | "信用社", standard)) => (head, standard),
        Some((form, standard)) if standard.ends_with("合伙") => {
            (split_form(&head[..head.len() - form.len()]).0, standard)
        }
        Some((form, standard)) => (&head[..head.len() - form.len()], standard),
        None => (head, ""),
    }
}

/// A region in brackets, and the name without it.
fn take_bracketed_region(body: &str) -> (String, Option<String>) {
    let mut from = 0;
    while let Some(open) = body[from..].find('(').map(|at| at + from) {
        let Some(close) = body[open..].find(')').map(|at| at + open) else {
            break;
        };
        let inner = &body[open + 1..close];
        if let Some(region) = region_named(inner) {
            return (format!("{}{}", &body[..open], &body[close + 1..]), Some(region));
        }
        from = close;
    }
    (body.to_owned(), None)
}

/// The region before a name, and the rest; nothing when only words of trade would be left of a doubtful region.
fn split_region(body: &str) -> (String, &str) {
    match leading_region(body) {
        Some(found) if found.length < body.len() => {
            let rest = &body[found.length..];
            let is_enough = rest.chars().count() >= 2
                && legal_forms::han_form(rest).is_none()
                && (found.is_certain || !is_of_trade(rest));
            if is_enough {
                (found.region, rest)
            } else {
                (String::new(), body)
            }
        }
        _ => (String::new(), body),
    }
}

/// Is the text made of words of trade only?
fn is_of_trade(text: &str) -> bool {
    let mut rest = text;
    while let Some(word) = industries::suffixes(rest).next() {
        rest = &rest[..rest.len() - word.len()];
    }
    rest.is_empty()
}

/// Core, words of trade, and whether 集团 stood among them. A name of words of trade only is all core.
fn split_industry(body: &str) -> (&str, String, bool) {
    const GROUP: &str = "集团";
    let mut rest = body;
    let mut industry = String::new();
    let mut has_group = false;
    if is_of_trade(body) {
        return (body, industry, has_group);
    }
    loop {
        let before = |word: &str| rest.len() - word.len();
        let leaves_enough = |word: &str| rest[..before(word)].chars().count() >= 2;
        if rest.ends_with(GROUP) && leaves_enough(GROUP) {
            rest = &rest[..before(GROUP)];
            has_group = true;
            continue;
        }
        let Some(word) = industries::suffixes(rest).find(|word| leaves_enough(word)) else {
            break;
        };
        industry.insert_str(0, word);
        rest = &rest[..before(word)];
    }
    (rest, industry, has_group)
}

/// A subsidiary of a group for one region: 移动通信集团广东 → 移动通信集团 and 广东.
fn split_group_region(body: &str) -> Option<(&str, String)> {
    let at = body.rfind("集团")? + "集团".len();
    Some((&body[..at], region_named(&body[at..])?))
}

fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百".contains(c)
}

/// Tokens that may not differ by one character: digits, numerals and directions of the name, numbers of the branch.
fn hard_tokens(name: &str, branch: &str) -> String {
    const PLACES: &[&str] = &[
        "广东",
        "山东",
        "河南",
        "湖南",
        "海南",
        "云南",
        "江西",
        "广西",
        "陕西",
        "山西",
        "河北",
        "湖北",
        "济南",
        "浦东",
        "西安",
        "西藏",
        "东莞",
        "南京",
        "南宁",
        "南昌",
        "南通",
        "北京",
        "东方",
        "台北",
        "五金",
        "西门子",
    ];
    let mut name = name.to_owned();
    for place in PLACES {
        name = name.replace(place, " ");
    }
    let mut tokens: Vec<String> = Vec::new();
    let mut run = String::new();
    let chars = name.chars().map(|c| (c, true)).chain([(' ', true)]);
    let all = chars
        .chain(branch.chars().map(|c| (c, false)))
        .chain([(' ', false)]);
    for (c, is_name) in all {
        if c.is_ascii_digit() || is_numeral(c) {
            run.push(arabic(c));
            continue;
        }
        if !run.is_empty() {
            tokens.push(std::mem::take(&mut run));
        }
        if is_name && "东南西北".contains(c) {
            tokens.push(c.to_string());
        }
    }
    tokens.join(" ")
}

fn arabic(c: char) -> char {
    match "零一二三四五六七八九".chars().position(|n| n == c) {
        Some(digit) => char::from(b'0' + digit as u8),
        None if c == '〇' => '0',
        None => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: [&str; 5]) {
        let o = parse_han(name);
        let got = [&o.region, &o.core, &o.industry, &o.form, &o.branch].map(String::as_str);
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
            ["深圳", "香港华艺设计顾问", "", "有限公司", ""],
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
    fn notes_are_taken_off() {
        for (raw, value, note) in [
            ("北京华夏科技有限公司(已注销)", "北京华夏科技有限公司", "已注销"),
            (
                "赛仕软件研究开发(北京)有限公司(收)",
                "赛仕软件研究开发(北京)有限公司",
                "收",
            ),
            (
                "北京中铁特货冷藏物流有限公司(已于2009年1月8日撤消)",
                "北京中铁特货冷藏物流有限公司",
                "已于2009年1月8日撤消",
            ),
            ("1、上海华信贸易有限公司", "上海华信贸易有限公司", ""),
            ("某某投资中心(有限合伙)", "某某投资中心(有限合伙)", ""),
        ] {
            let o = parse_han(raw);
            assert_eq!((o.value.as_str(), o.note.as_str()), (value, note));
        }
    }

    #[test]
    fn hard_tokens_tell_siblings_apart() {
        assert_eq!(parse_han("中铁二局集团有限公司").numerals, "2");
        assert_eq!(parse_han("华东电力有限公司第一分公司").numerals, "东 1");
    }
}
