//! Area codes of Chinese landlines.
//!
//! Source: JioNLP 1.5.31 `landline_phone_area_code.txt` (Apache-2.0), retired codes included; `data/area_codes.tsv` is
//! made by `scripts/reference/area_codes.py`. Codes of four digits start `03`–`09`, codes of three are 010 and 02x.

use super::ReferenceData;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("data/area_codes.tsv");

static AREAS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// The area code that starts `digits` (with its leading zero).
pub fn leading_area_code(digits: &str) -> Option<&'static str> {
    [3, 4]
        .into_iter()
        .filter_map(|length| digits.get(..length))
        .find_map(|code| AREAS.get_key_value(code))
        .map(|(&code, _)| code)
}

/// Province and city of an area code, joined by `/`.
pub fn place_of(area_code: &str) -> Option<&'static str> {
    AREAS.get(area_code).copied()
}

/// The area code of a city, written with or without 市.
pub fn area_code_of(city: &str) -> Option<&'static str> {
    let stem = city.strip_suffix('市').unwrap_or(city);
    let mut found = AREAS
        .iter()
        .filter(|(_, place)| place.split('/').nth(1) == Some(stem));
    found.next().map(|(&code, _)| code)
}

pub(super) fn about() -> ReferenceData {
    ReferenceData {
        name: "area_codes",
        version: "1.5.31",
        source: "JioNLP",
        licence: "Apache-2.0",
        rows: AREAS.len(),
    }
}
