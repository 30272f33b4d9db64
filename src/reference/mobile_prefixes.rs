//! Prefixes of Chinese mobile numbers.
//!
//! Version 2026-11, compiled for guiyi from libphonenumber 9.0.43 metadata (Apache-2.0) and the public notices on number
//! segments. Operators are left out: numbers move between operators since 2019-12.

use super::ReferenceData;

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

const ASSIGNED: &[&str] = &[
    "130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "145", "147", "149", "150", "151",
    "152", "153", "155", "156", "157", "158", "159", "162", "165", "166", "167", "170", "171", "172", "173",
    "175", "176", "177", "178", "180", "181", "182", "183", "184", "185", "186", "187", "188", "189", "190",
    "191", "192", "193", "195", "196", "197", "198", "199",
];
const SPECIAL: &[&str] = &[
    "1349", "1400", "1410", "1440", "1441", "146", "148", "174", "1064", "161",
];

/// The class of a number of digits.
pub fn mobile_class(digits: &str) -> MobileClass {
    if SPECIAL.iter().any(|prefix| digits.starts_with(prefix)) {
        MobileClass::Special
    } else if ASSIGNED.iter().any(|prefix| digits.starts_with(prefix)) {
        MobileClass::Assigned
    } else {
        MobileClass::Unassigned
    }
}

pub(super) fn about() -> ReferenceData {
    super::own("mobile_prefixes", ASSIGNED.len() + SPECIAL.len())
}
