//! What people write around the name of a Chinese organisation.
//!
//! In: a folded name. Out: the name alone, the remarks taken off (state of the account, handling, customer manager,
//! translation, trailing codes and dates), and former names (原:…, 曾用名:…). Leading numbering and symbols go without a
//! trace. Brackets that hold a region, a form, 集团 or a branch are parts of the name and stay.

use super::branch::is_unit;
use super::han_key;
use super::is_han_organisation;
use crate::field::organisation_latin;
use crate::field::person;
use crate::field::region::leading_region;
use crate::field::region::region_named;
use crate::reference::legal_forms;
use crate::reference::titles;
use crate::text::script::has_han;
use crate::text::script::is_han;
use crate::text::simplify::simplify;

/// A name and what stood around it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stripped<'a> {
    pub(super) name: &'a str,
    pub(super) note: String,
    /// Former names, joined by `;`.
    pub(super) former: String,
}

/// A remark is a whole word of this list …
const WORDS: &[&str] = &[
    "收",
    "代",
    "代收",
    "代付",
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
    "主",
    "正",
    "副",
    "大客户",
    "老客户",
    "新客户",
    "重点",
    "重点客户",
    "月结",
    "现结",
    "现款",
    "预付",
    "欠款",
    "待审核",
    "未审核",
    "公海",
    "线上",
    "线下",
    "经销商",
    "代理商",
    "供应商",
    "客户",
    "个体",
];

/// … or holds one of these.
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
    "合并",
    "销户",
    "停止合作",
    "倒闭",
    "破产",
    "清算",
    "请勿",
    "不再",
    "废弃",
    "失效",
    "测试用",
];

/// Labels of former names, the longer before the shorter.
const FORMER: &[&str] = &[
    "原公司名称",
    "曾用名称",
    "原公司名",
    "曾用名",
    "原名称",
    "旧名称",
    "更名前",
    "变更前",
    "改制前",
    "原公司",
    "原名",
    "原称",
    "旧名",
    "前身",
    "原",
];

const SEPARATORS: &[char] = &[
    ' ', '-', '_', '/', '\\', ':', ';', ',', '.', '*', '#', '+', '~', '|', '、', '。', '·', '=', '>', '<',
    '!', '?', '^', '\'', '"', '`',
];

/// Takes off what stands around a name.
pub(super) fn strip(text: &str) -> Stripped<'_> {
    const ROUNDS_MAX: usize = 8;
    let mut rest = without_repeat(without_numbering(text));
    let mut notes: Vec<&str> = Vec::new();
    let mut former: Vec<String> = Vec::new();
    for _ in 0..ROUNDS_MAX {
        let taken = last_bracket(rest)
            .filter(|(head, inner)| is_note(inner, head))
            .or_else(|| first_bracket(rest).filter(|(_, inner)| is_note(inner, "")))
            .or_else(|| tail(rest))
            .or_else(|| leading_mark(rest));
        let Some((name, note)) = taken else { break };
        match former_names(note) {
            Some(names) => former.push(names),
            None => notes.extend((!note.is_empty()).then_some(note)),
        }
        rest = name;
    }
    notes.reverse();
    Stripped {
        name: rest,
        note: notes.join(";"),
        former: former.join(";"),
    }
}

/// A name written twice, once.
fn without_repeat(text: &str) -> &str {
    const BYTES_MIN: usize = 12;
    let (middle, is_even) = (text.len() / 2, text.len().is_multiple_of(2));
    let is_twice = is_even
        && middle >= BYTES_MIN
        && text.is_char_boundary(middle)
        && text[..middle] == text[middle..]
        && text[..middle].ends_with("公司");
    if is_twice { &text[..middle] } else { text }
}

/// `1、北京…`, `一、北京…` or `*北京…` without what stands before the name.
fn without_numbering(text: &str) -> &str {
    if text.starts_with(is_han) && !text.contains('、') {
        return text;
    }
    let plain = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '"'));
    let plain = if plain.is_empty() { text } else { plain };
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = plain.len() - rest.len();
    let numbered = if digits == 0 {
        plain
            .trim_start_matches(super::hard_tokens::is_numeral)
            .strip_prefix('、')
            .filter(|name| plain.len() - name.len() <= 12)
    } else {
        rest.strip_prefix(['、', '.', ')', ',', ':', '-', '_', '#'])
            .filter(|_| digits <= 5)
    };
    match numbered {
        Some(name) if name.trim_start().starts_with(is_han) => name.trim_start(),
        _ => plain,
    }
}

/// The name before its last bracket and what the bracket holds; a bracket that is never closed ends with the text.
fn last_bracket(text: &str) -> Option<(&str, &str)> {
    if !text.contains('(') {
        return None;
    }
    let (open, inner_end) = match text.strip_suffix(')') {
        Some(body) => (matching_open(body)?, body.len()),
        None => (
            text.rfind('(').filter(|&at| !text[at..].contains(')'))?,
            text.len(),
        ),
    };
    let head = text[..open].trim_end();
    (!head.is_empty()).then_some((head, &text[open + 1..inner_end]))
}

/// The place of the bracket that the end of `body` closes.
fn matching_open(body: &str) -> Option<usize> {
    let mut depth = 1_u32;
    for (at, c) in body.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn first_bracket(text: &str) -> Option<(&str, &str)> {
    let (inner, name) = text.strip_prefix('(')?.split_once(')')?;
    let name = name.trim_start();
    (!name.is_empty()).then_some((name, inner))
}

/// What follows 公司 and is neither branch nor form: remarks, codes, dates, a translation, a former name.
fn tail(text: &str) -> Option<(&str, &str)> {
    const COMPANY: &str = "公司";
    if text.ends_with(COMPANY) {
        return leading_translation(text);
    }
    let at = text.rfind(COMPANY)? + COMPANY.len();
    let (name, tail) = text.split_at(at);
    let bare = tail.trim_matches(SEPARATORS);
    let is_apart = tail.starts_with(SEPARATORS);
    if tail.starts_with('(') || bare.starts_with('(') {
        return None;
    }
    let is_code = || {
        let letters = bare.bytes().filter(u8::is_ascii_alphabetic).count();
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        bare.is_ascii() && (is_apart || letters >= 4 || digits >= 4)
    };
    let is_remark = || {
        let key = han_key(bare);
        let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_place = name.ends_with([
            '站', '部', '处', '室', '所', '店', '厂', '点', '组', '院', '库', '局', '司', '行', '社', '区',
        ]) || leading_region(name).is_some();
        !is_unit(&key) && (has_mark(&key) || is_contact(name) && (is_apart || !is_place))
    };
    (bare.is_empty() || is_code() || is_remark()).then_some((name, bare))
}

/// `Huaxia Technology Co., Ltd. 北京华夏科技有限公司`: the Latin name before the Chinese one.
fn leading_translation(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (head, name) = text.split_at(text.find(is_han)?);
    let head = head.trim_matches(SEPARATORS);
    organisation_latin::has_clear_form(head).then_some((name, head))
}

/// `停用-北京…` and `作废北京…`: a mark before the name.
fn leading_mark(text: &str) -> Option<(&str, &str)> {
    const LEADING: &[&str] = &[
        "请勿使用",
        "已注销",
        "已停用",
        "已作废",
        "已吊销",
        "停用",
        "作废",
        "勿用",
        "注销",
        "吊销",
        "重复",
        "测试",
    ];
    let mark = LEADING.iter().find(|mark| text.starts_with(**mark))?;
    let rest = &text[mark.len()..];
    let name = rest.trim_start_matches(SEPARATORS);
    let is_apart = name.len() < rest.len();
    let is_name = name.chars().nth(3).is_some()
        && (is_apart || !matches!(*mark, "重复" | "测试"))
        && is_han_organisation(&han_key(name));
    is_name.then_some((name, &text[..mark.len()]))
}

/// Is a text in brackets a remark rather than part of the name that stands before it?
fn is_note(inner: &str, before: &str) -> bool {
    let inner = han_key(inner);
    if inner.is_empty() {
        return true;
    }
    let is_part = region_named(&inner).is_some()
        || legal_forms::han_form(&inner).is_some()
        || legal_forms::han_form(&["(", &inner, ")"].concat()).is_some()
        || is_unit(&inner)
        || matches!(inner.as_str(), "集团" | "控股" | "股份");
    let is_former = || FORMER.iter().any(|label| inner.starts_with(label));
    (!is_part || is_former())
        && (has_mark(&inner)
            || is_former()
            || is_contact(&inner)
            || !before.is_empty() && is_whole_name(before)
            || before.is_empty() && inner.bytes().all(|b| b.is_ascii_digit()))
}

/// Does the text before a bracket end as a whole name does?
fn is_whole_name(before: &str) -> bool {
    let key = han_key(before);
    let has_form = legal_forms::han_suffixes(&key).any(|(form, _)| form.chars().nth(1).is_some());
    has_form || key.ends_with(['厂', '店', '馆', '部', '所']) || is_unit(&key)
}

fn has_mark(key: &str) -> bool {
    WORDS.contains(&key) || key.starts_with('已') || MARKS.iter().any(|mark| key.contains(mark))
}

/// A customer manager: a title behind a name, or a person's full name.
fn is_contact(key: &str) -> bool {
    let has_title = titles::HAN
        .iter()
        .any(|title| title.chars().count() > 1 && key.ends_with(title));
    has_title || key.chars().count() >= 3 && person::is_han_person(key) && !is_han_organisation(key)
}

/// The former names in a remark, joined by `;`.
fn former_names(note: &str) -> Option<String> {
    if !note.starts_with(['原', '曾', '旧', '舊', '更', '变', '變', '改', '前']) {
        return None;
    }
    let note = simplify(note);
    let label = FORMER.iter().find(|label| note.starts_with(**label))?;
    let rest = &note[label.len()..];
    let names = rest.trim_start_matches([':', ' ', ',', '-', '为', '是', '系']);
    let is_stated = names.len() < rest.len() || label.len() > "原".len();
    let is_name = names.chars().nth(1).is_some() && (has_han(names) || is_stated);
    if !is_name || !is_stated && !is_han_organisation(&han_key(names)) {
        return None;
    }
    let names: Vec<&str> = names
        .split([';', '、', ',', '/'])
        .map(|name| name.trim_matches(SEPARATORS))
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_taken_off() {
        for (raw, name, note) in [
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
            ("(2)上海华信贸易有限公司", "上海华信贸易有限公司", "2"),
            ("*上海华信贸易有限公司", "上海华信贸易有限公司", ""),
            ("某某投资中心(有限合伙)", "某某投资中心(有限合伙)", ""),
            ("华夏科技有限公司(王经理)", "华夏科技有限公司", "王经理"),
            ("华夏科技有限公司(王建国)(代)", "华夏科技有限公司", "王建国;代"),
            ("华夏科技有限公司-已停用", "华夏科技有限公司", "已停用"),
            ("华夏科技有限公司-20240131", "华夏科技有限公司", "20240131"),
            ("(停用)华夏科技有限公司", "华夏科技有限公司", "停用"),
            ("作废-华夏科技有限公司", "华夏科技有限公司", "作废"),
            ("华夏科技有限公司(已注销", "华夏科技有限公司", "已注销"),
            (
                "北京华夏科技有限公司Beijing Huaxia Co., Ltd.",
                "北京华夏科技有限公司",
                "Beijing Huaxia Co., Ltd",
            ),
            (
                "Beijing Huaxia Co., Ltd.北京华夏科技有限公司",
                "北京华夏科技有限公司",
                "Beijing Huaxia Co., Ltd",
            ),
            (
                "华夏科技有限公司王经理13812345678",
                "华夏科技有限公司",
                "王经理13812345678",
            ),
            ("华夏科技有限公司华夏科技有限公司", "华夏科技有限公司", ""),
            ("华夏科技有限公司万达店", "华夏科技有限公司万达店", ""),
            ("华夏科技有限公司北京分公司", "华夏科技有限公司北京分公司", ""),
            ("华夏科技有限公司(北京)", "华夏科技有限公司(北京)", ""),
        ] {
            let stripped = strip(raw);
            assert_eq!((stripped.name, stripped.note.as_str()), (name, note), "{raw}");
        }
    }

    #[test]
    fn former_names_are_kept_apart() {
        for (raw, former) in [
            ("华夏科技有限公司(原:华北科技有限公司)", "华北科技有限公司"),
            ("华夏科技有限公司(原华北科技有限公司)", "华北科技有限公司"),
            (
                "华夏科技有限公司(曾用名:华北(北京)科技有限公司、华南公司)",
                "华北(北京)科技有限公司;华南公司",
            ),
            ("华夏科技有限公司(原名华北)", "华北"),
        ] {
            let stripped = strip(raw);
            assert_eq!(
                (stripped.name, stripped.former.as_str()),
                ("华夏科技有限公司", former)
            );
        }
    }
}
