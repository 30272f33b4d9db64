//! Where the region stands in a Chinese name.
//!
//! In: the name without branch and form. Out: the region in its short form and the name without it. The region stands
//! first, in brackets after the core or the words of trade (实施办法 2023), after 集团, between core and trade with its
//! suffix (国网江苏省电力), or without brackets after words of trade (腾讯科技深圳).

use super::industry::core_chars;
use super::industry::is_of_trade;
use super::industry::trade_start;
use crate::field::region::former_region;
use crate::field::region::leading_region;
use crate::field::region::region_named;
use crate::reference::legal_forms;

const GROUP: &str = "集团";

/// A name without its region, and what else was seen on the way.
pub(super) struct Placed {
    pub(super) region: String,
    pub(super) body: String,
    /// Did 集团 stand before the region?
    pub(super) has_group: bool,
}

/// Takes the region out of `body`, which may hold brackets.
pub(super) fn take_region(body: &str) -> Placed {
    let (body, bracketed) = take_bracketed(body);
    let placed = |region: String, body: String| Placed {
        region,
        body,
        has_group: false,
    };
    if let Some(region) = bracketed {
        return placed(region, body);
    }
    if let Some((region, rest)) = leading(&body) {
        let rest = rest.to_owned();
        let group = after_group(&rest);
        return match group {
            // 中国移动通信集团广东: the subsidiary's region is the narrower one.
            Some((core, inner, trade)) => grouped(core, inner, trade),
            None => placed(region, rest),
        };
    }
    if let Some((core, region, trade)) = after_group(&body) {
        return grouped(core, region, trade);
    }
    match inner(&body).or_else(|| trailing(&body)) {
        Some((region, body)) => placed(region, body),
        None => placed(String::new(), body),
    }
}

fn grouped(core: &str, region: String, trade: &str) -> Placed {
    Placed {
        region,
        body: [core, trade].concat(),
        has_group: true,
    }
}

/// The name without a region in brackets and without brackets, and that region.
fn take_bracketed(body: &str) -> (String, Option<String>) {
    if !body.contains(['(', ')']) {
        return (body.to_owned(), None);
    }
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let mut from = 0;
    while let Some(open) = body[from..].find('(').map(|at| at + from) {
        let Some(close) = body[open..].find(')').map(|at| at + open) else {
            break;
        };
        if let Some(region) = region_named(&body[open + 1..close]) {
            let rest = [&body[..open], &body[close + 1..]].concat();
            return (bare(&rest), Some(region));
        }
        from = close;
    }
    (bare(body), None)
}

/// A region in brackets behind the form, and the name without it: 华夏科技有限公司(北京).
pub(super) fn bracket_behind_form(head: &str) -> (&str, Option<String>) {
    let bracket = head.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    match bracket {
        Some((name, inner)) if legal_forms::han_suffixes(name).next().is_some() => {
            match region_named(inner) {
                Some(region) => (name, Some(region)),
                None => (head, None),
            }
        }
        _ => (head, None),
    }
}

/// The region before a name, and the rest. A doubtful region needs two characters of core after it; the short form of
/// any region needs more than one, because the next character may belong to the same word (上海滩, 北京人).
fn leading(body: &str) -> Option<(String, &str)> {
    let found = leading_region(body).or_else(|| former_region(body))?;
    if found.length == body.len() {
        // A government is named by its region alone: 杭州市西湖区(人民政府).
        return (!found.is_short && found.is_certain).then_some((found.region, body));
    }
    let rest = &body[found.length..];
    // 台北市立联合医院: 市立 is no part of the name.
    let run_by_region = rest.strip_prefix('立').filter(|_| !found.is_short);
    let rest = run_by_region.unwrap_or(rest);
    let is_long = rest.chars().nth(1).is_some();
    if !is_long || legal_forms::han_form(rest).is_some() || rest.starts_with("大学") {
        return None;
    }
    let is_enough = match core_chars(rest) {
        0 => found.is_certain,
        1 => found.is_certain && !found.is_short,
        _ => true,
    };
    is_enough.then_some((found.region, rest))
}

/// A subsidiary of a group for one region: 移动通信集团广东, 神华集团包头矿业.
fn after_group(body: &str) -> Option<(&str, String, &str)> {
    let at = body.rfind(GROUP)?;
    body[..at].chars().nth(1)?;
    let rest = &body[at + GROUP.len()..];
    if let Some(region) = region_named(rest) {
        return Some((&body[..at], region, ""));
    }
    let found = leading_region(rest).filter(|found| found.length < rest.len())?;
    let trade = &rest[found.length..];
    is_of_trade(trade).then_some((&body[..at], found.region, trade))
}

/// A region with its suffix between core and words of trade: 国网江苏省电力.
fn inner(body: &str) -> Option<(String, String)> {
    if !body.contains(['省', '市', '区', '县']) {
        return None;
    }
    body.char_indices().skip(2).take(6).find_map(|(at, _)| {
        let found = leading_region(&body[at..]).filter(|found| !found.is_short && found.is_certain)?;
        let trade = &body[at + found.length..];
        let is_whole = !trade.is_empty() && (is_of_trade(trade) || legal_forms::han_form(trade).is_some());
        is_whole.then(|| (found.region, [&body[..at], trade].concat()))
    })
}

/// A province or city after words of trade: 腾讯科技深圳.
fn trailing(body: &str) -> Option<(String, String)> {
    let mut ends = body.char_indices().rev().skip(1).take(3).map(|(at, _)| at);
    ends.find_map(|at| {
        let head = &body[..at];
        let start = trade_start(head);
        if start == head.len() || head[..start].chars().nth(1).is_none() {
            return None;
        }
        let found = leading_region(&body[at..])?;
        let is_whole = found.length == body.len() - at && found.is_certain;
        is_whole.then(|| (found.region, head.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_found_wherever_they_stand() {
        for (body, region, rest) in [
            ("北京华夏科技", "北京", "华夏科技"),
            ("华夏科技(北京)", "北京", "华夏科技"),
            ("华夏(中国)科技", "中国", "华夏科技"),
            ("国网江苏省电力", "江苏", "国网电力"),
            ("腾讯科技深圳", "深圳", "腾讯科技"),
            ("中国移动通信集团广东", "广东", "移动通信"),
            ("神华集团包头矿业", "包头", "神华矿业"),
            ("上海滩服饰", "", "上海滩服饰"),
            ("东阳光科技", "", "东阳光科技"),
            ("北京银行", "", "北京银行"),
            ("海南橡胶", "海南", "橡胶"),
            ("杭州市西湖区", "杭州", "杭州市西湖区"),
            ("台北市立联合", "台北", "联合"),
            ("襄樊市华夏汽车配件", "襄阳", "华夏汽车配件"),
            ("华夏", "", "华夏"),
        ] {
            let placed = take_region(body);
            assert_eq!(
                (placed.region.as_str(), placed.body.as_str()),
                (region, rest),
                "{body}"
            );
        }
    }
}
