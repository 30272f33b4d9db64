//! Addresses, whole or in columns.
//!
//! In: a whole address, or `address␟country␟province␟city␟county␟street␟street_number␟address_line2␟locality␟postcode`
//! (U+001F), any component empty. Out: one item with the levels of the address as parts; Han text is read by
//! `address_han`, Latin text by `address_latin`. Columns fill what the whole address does not say. Coordinates and
//! checking against registers are left to others.

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::StandardValue;
use super::address_han;
use super::address_latin;
use super::cell;
use super::text::text_key;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::fold;
use crate::text::fold::join_han;
use crate::text::script::has_han;

/// The field type.
pub(super) struct Address;

/// Levels of an address; empty when not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) province: String,
    pub(super) city: String,
    pub(super) county: String,
    pub(super) road: String,
    pub(super) number: String,
    pub(super) building: String,
    pub(super) room: String,
    pub(super) locality: String,
    pub(super) state: String,
    pub(super) postcode: String,
    pub(super) full: String,
    pub(super) tokens: String,
    /// Another reading is as good.
    pub(super) is_ambiguous: bool,
}

/// The folded components of a raw text, in the order of the derived field.
pub(super) struct Components {
    pub(super) whole: String,
    pub(super) country: String,
    pub(super) province: String,
    pub(super) city: String,
    pub(super) county: String,
    pub(super) street: String,
    pub(super) number: String,
    pub(super) line2: String,
    pub(super) locality: String,
    pub(super) postcode: String,
}

impl FieldType for Address {
    fn name(&self) -> &'static str {
        "address"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Address", "地址"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[
            "province", "city", "county", "road", "number", "building", "room", "locality", "state",
            "postcode", "full", "tokens",
        ]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("address")
    }
    fn masking(&self) -> &'static str {
        "address"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("北京市海淀区 中关村大街１号", Some("北京市海淀区中关村大街1号")),
            (
                "江蘇省蘇州市工業園區星湖街328號",
                Some("江蘇省蘇州市工業園區星湖街328號"),
            ),
            (
                "18 Rosedale  St, Como NSW 2226",
                Some("18 Rosedale St, Como NSW 2226"),
            ),
            (
                "\u{1F}\u{1F}nsw\u{1F}\u{1F}\u{1F}castleton crescent\u{1F}15\u{1F}montrose\u{1F}como\u{1F}4214",
                Some("15 castleton crescent, montrose, como, nsw, 4214"),
            ),
            (
                "\u{1F}\u{1F}广东省\u{1F}深圳市\u{1F}南山区\u{1F}科苑路\u{1F}15号",
                Some("广东省深圳市南山区科苑路15号"),
            ),
            ("上海 No.8 大厦", Some("上海No.8大厦")),
            ("同上", None),
            ("中国", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let mut was_given = false;
    let mut texts = raw.split(COMPONENT_SEPARATOR).map(|text| {
        was_given |= !fold(text).is_empty();
        usable(text)
    });
    let mut next = || texts.next().unwrap_or_default();
    let components = Components {
        whole: next(),
        country: next(),
        province: next(),
        city: next(),
        county: next(),
        street: next(),
        number: next(),
        line2: next(),
        locality: next(),
        postcode: next(),
    };
    drop(texts);
    let text = joined(&components);
    if text.is_empty() {
        return if was_given {
            cell::placeholder()
        } else {
            cell::missing()
        };
    }
    standardise_components(raw, &components, text)
}

fn usable(text: &str) -> String {
    cell::folded(text)
        .ok()
        .filter(|text| !placeholders::ADDRESSES.contains(&text.to_lowercase().as_str()))
        .unwrap_or_default()
}

/// The readable address: the whole one, or the columns in the order of their script.
fn joined(components: &Components) -> String {
    let c = components;
    if !c.whole.is_empty() {
        return join_han(&c.whole);
    }
    let all = [
        &c.province,
        &c.city,
        &c.county,
        &c.locality,
        &c.street,
        &c.number,
        &c.line2,
    ];
    if all.iter().any(|text| has_han(text)) {
        let mut address = String::new();
        for text in all {
            // Columns often repeat the level above: 北京市 beside 北京市朝阳区.
            if !text.is_empty() && text.starts_with(address.as_str()) {
                address.clear();
            }
            address.push_str(text);
        }
        return join_han(&fold(&address));
    }
    let street = [c.number.as_str(), c.street.as_str()];
    let street: Vec<&str> = street.into_iter().filter(|text| !text.is_empty()).collect();
    let street = street.join(" ");
    let rows = [
        &street,
        &c.line2,
        &c.locality,
        &c.county,
        &c.city,
        &c.province,
        &c.postcode,
        &c.country,
    ];
    let rows: Vec<&str> = rows
        .into_iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    rows.join(", ")
}

fn standardise_components(raw: &str, components: &Components, text: String) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    if text.chars().count() > cell::TEXT_CHARS_MAX {
        cell.issue("suspicious");
        let levels = Levels {
            full: text_key(&text),
            ..Levels::default()
        };
        cell.item(ValueStatus::Suspicious, text, levels.into_parts());
        return cell.finish();
    }
    let levels = if has_han(&text) {
        address_han::read(&text, components)
    } else {
        address_latin::read(&text, components)
    };
    let status = if levels.is_ambiguous {
        cell.issue("ambiguous_value");
        ValueStatus::Suspicious
    } else if levels.is_province_only() {
        cell.issue("suspicious");
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    };
    cell.item(status, text, levels.into_parts());
    cell.finish()
}

impl Levels {
    /// Does the address name a province or state and nothing inside it?
    fn is_province_only(&self) -> bool {
        let inside = [
            &self.city,
            &self.county,
            &self.road,
            &self.number,
            &self.building,
            &self.locality,
            &self.postcode,
        ];
        let has_level = !self.province.is_empty() || !self.state.is_empty();
        has_level && inside.iter().all(|level| level.is_empty())
    }

    fn into_parts(self) -> Vec<String> {
        vec![
            self.province,
            self.city,
            self.county,
            self.road,
            self.number,
            self.building,
            self.room,
            self.locality,
            self.state,
            self.postcode,
            self.full,
            self.tokens,
        ]
    }
}
