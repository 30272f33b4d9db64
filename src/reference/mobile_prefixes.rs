//! Prefixes of Chinese mobile numbers.
//!
//! `data/mobile_prefixes.tsv`, version 2026-11, compiled for guiyi from libphonenumber 9.0.43 metadata (Apache-2.0) and the
//! public notices on number segments; the longest prefix counts. The operator in the list got the segment first and is no
//! evidence: numbers move between operators since 2019-12.

use super::ReferenceData;
use super::list::List;
use super::list::is_code;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "mobile_prefixes",
    version: "2026-11",
    source: "compiled for guiyi from libphonenumber 9.0.43 and public notices",
    licence: "Apache-2.0",
    packed: packed!("mobile_prefixes"),
    is_row: |cells| {
        matches!(cells, [prefix, "carrier" | "virtual" | "things" | "satellite"]
            | [prefix, "carrier" | "virtual" | "things" | "satellite", _] if is_code(prefix, 3..=5))
    },
    loaded: OnceLock::new(),
};

/// Standing of an 11- or 13-digit number by its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MobileClass {
    /// A handset of a carrier or virtual operator.
    Assigned,
    /// Things, data cards, satellites: possible, but nobody answers.
    Special,
    /// No source knows the prefix.
    Unassigned,
}

/// Who uses the numbers of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MobileUse {
    /// Handsets of the four carriers.
    Carrier,
    /// Handsets of virtual operators (虚拟运营商).
    Virtual,
    /// Machines and data cards (物联网).
    Things,
    /// Satellite and emergency telephones.
    Satellite,
}

static PREFIXES: LazyLock<Vec<(&'static str, MobileUse)>> = LazyLock::new(|| {
    let mut rows: Vec<_> = LIST
        .rows()
        .map(|cells| {
            let mobile_use = match cells[1] {
                "virtual" => MobileUse::Virtual,
                "things" => MobileUse::Things,
                "satellite" => MobileUse::Satellite,
                _ => MobileUse::Carrier,
            };
            (cells[0], mobile_use)
        })
        .collect();
    rows.sort_unstable_by_key(|(prefix, _)| *prefix);
    rows
});

/// Who uses a number of digits; `None` when no source knows its prefix.
///
/// # Examples
/// ```
/// use guiyi::reference::mobile_prefixes::MobileUse;
/// use guiyi::reference::mobile_prefixes::mobile_use;
/// assert_eq!(mobile_use("13800138000"), Some(MobileUse::Carrier));
/// assert_eq!(mobile_use("17012345678"), Some(MobileUse::Virtual));
/// assert_eq!(mobile_use("14212345678"), None);
/// ```
pub fn mobile_use(digits: &str) -> Option<MobileUse> {
    let prefixes = (3..=5).rev().filter_map(|length| digits.get(..length));
    let mut found = prefixes.filter_map(|prefix| {
        let at = PREFIXES.binary_search_by_key(&prefix, |(known, _)| known).ok()?;
        Some(PREFIXES[at].1)
    });
    found.next()
}

/// The class of a number of digits.
pub fn mobile_class(digits: &str) -> MobileClass {
    match mobile_use(digits) {
        Some(MobileUse::Carrier | MobileUse::Virtual) => MobileClass::Assigned,
        Some(MobileUse::Things | MobileUse::Satellite) => MobileClass::Special,
        None => MobileClass::Unassigned,
    }
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_have_the_class_of_the_notices() {
        for prefix in [
            "130", "139", "145", "166", "172", "178", "189", "190", "193", "195", "199", "1703", "162",
        ] {
            assert_eq!(
                mobile_class(&format!("{prefix}12345678")),
                MobileClass::Assigned,
                "{prefix}"
            );
        }
        for prefix in [
            "1349", "1400", "1410", "1440", "1441", "146", "148", "1740", "1749", "10646",
        ] {
            assert_eq!(
                mobile_class(&format!("{prefix}1234567")),
                MobileClass::Special,
                "{prefix}"
            );
        }
        for prefix in [
            "110", "142", "143", "154", "160", "163", "164", "168", "169", "179", "194",
        ] {
            assert_eq!(
                mobile_class(&format!("{prefix}12345678")),
                MobileClass::Unassigned,
                "{prefix}"
            );
        }
        for other in ["", "1", "Tel", "１３８"] {
            assert_eq!(mobile_class(other), MobileClass::Unassigned);
        }
    }
}
