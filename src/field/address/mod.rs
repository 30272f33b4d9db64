//! Addresses, whole or in columns.
//!
//! In: a whole address, or `address␟country␟province␟city␟county␟street␟street_number␟address_line2␟locality␟postcode`
//! (U+001F), any component empty. Out: one item with the levels of the address as parts; Han text is read by `han`, Latin
//! text by `latin`. Columns fill what the whole address does not say. Chinese addresses give `town` (街道, 镇, 乡) and repeat
//! it as `locality`; a village is their `compound`. `tokens` are the words of a Latin street and second line, `full` all
//! letters and digits, `division` the six-digit code (GB/T 2260) of the lowest division known. Coordinates and checking
//! against registers of houses are left to others.

mod han;
mod latin;

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::StandardValue;
use super::cell;
use super::postcode;
use super::text::text_key;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::fold;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use std::borrow::Cow;

/// The field type.
pub(super) struct Address;

/// Levels of an address; empty when not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Levels {
    province: String,
    city: String,
    county: String,
    town: String,
    zone: String,
    road: String,
    number: String,
    compound: String,
    building: String,
    unit: String,
    floor: String,
    room: String,
    locality: String,
    state: String,
    postcode: String,
    note: String,
    full: String,
    tokens: String,
    division: String,
    /// Another division is as good.
    is_ambiguous: bool,
    findings: Vec<(&'static str, String)>,
}

/// The folded components of a raw text, in the order of the derived field.
#[derive(Default)]
struct Components<'a> {
    whole: Cow<'a, str>,
    country: Cow<'a, str>,
    province: Cow<'a, str>,
    city: Cow<'a, str>,
    county: Cow<'a, str>,
    street: Cow<'a, str>,
    number: Cow<'a, str>,
    line2: Cow<'a, str>,
    locality: Cow<'a, str>,
    postcode: Cow<'a, str>,
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
            "province", "city", "county", "town", "zone", "road", "number", "compound", "building", "unit",
            "floor", "room", "locality", "state", "postcode", "note", "full", "tokens", "division",
        ]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    /// A sound Chinese address holds as it is when it names every level that has a column.
    fn derived(&self, first: &StandardValue, others: &[&str]) -> Option<StandardValue> {
        let [country, province, city, county, .., postcode] = others else {
            return None;
        };
        let [item] = first.items.as_slice() else {
            return None;
        };
        let at = |name: &str| self.parts().iter().position(|part| *part == name);
        let is_told = |column: &str, part: &str| {
            column.is_empty() || at(part).is_some_and(|at| !item.parts[at].is_empty())
        };
        let is_whole = first.status >= ValueStatus::Repaired
            && has_han(&item.value)
            && country.is_empty()
            && is_told(province, "province")
            && (is_told(city, "city")
                || is_no_city(city)
                || at("province").is_some_and(|at| item.parts[at] == *city))
            && is_told(county, "county")
            && is_told(postcode, "postcode")
            && at("province").is_some_and(|at| !item.parts[at].is_empty());
        is_whole.then(|| first.clone())
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
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("朝阳区汉庭酒店", "ambiguous_value"),
            ("北京市朝阳区望京园3-2-501", "ambiguous_value"),
            ("杭州市下城区青云街5号", "former_region"),
            ("襄樊市长虹路8号", "former_region"),
            ("杭洲市文三路5号", "typo_suggested"),
            ("疆苏省南京市秦淮区汉中路140号", "repaired"),
            ("广东省深训市南山区科苑路15号", "repaired"),
            ("北京市", "suspicious"),
            ("Queensland", "suspicious"),
            ("无", "placeholder"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let mut texts = raw.split(COMPONENT_SEPARATOR).map(usable);
    let mut next = || texts.next().unwrap_or_default();
    let components = Components {
        whole: next(),
        country: next(),
        province: next(),
        city: city_of_column(next()),
        county: next(),
        street: next(),
        number: next(),
        line2: next(),
        locality: next(),
        postcode: next(),
    };
    let text = joined(&components);
    if text.is_empty() {
        let mut texts = raw.split(COMPONENT_SEPARATOR);
        return if texts.any(|text| !fold(text).is_empty()) {
            cell::placeholder()
        } else {
            cell::missing()
        };
    }
    standardise_components(raw, &components, text)
}

/// A column of cities is filled with 市辖区 or 县 where a county has no city above it.
fn city_of_column(text: Cow<str>) -> Cow<str> {
    if is_no_city(&text) {
        Cow::Borrowed("")
    } else {
        text
    }
}

fn is_no_city(text: &str) -> bool {
    matches!(text, "市辖区" | "市辖县" | "县")
}

fn usable(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed("");
    }
    cell::folded_cow(text)
        .ok()
        .filter(|text| !placeholders::is_address(text))
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
    let street = [&*c.number, &*c.street];
    let street: Vec<&str> = street.into_iter().filter(|text| !text.is_empty()).collect();
    let street = Cow::Owned(street.join(" "));
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
        .map(|text| &**text)
        .filter(|text| !text.is_empty())
        .collect();
    rows.join(", ")
}

fn standardise_components(raw: &str, components: &Components, text: String) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    if text.len() > cell::TEXT_CHARS_MAX && text.chars().count() > cell::TEXT_CHARS_MAX {
        cell.issue("suspicious");
        let levels = Levels {
            full: text_key(&text),
            ..Levels::default()
        };
        cell.item(ValueStatus::Suspicious, text, levels.into_parts());
        return cell.finish();
    }
    let (levels, repair) = if has_han(&text) {
        han::read(&text, components)
    } else {
        (latin::read(&text, components), None)
    };
    let mut status = ValueStatus::Valid;
    let mut text = text;
    if let Some((written, meant)) = repair {
        text = repaired(&text, &written, meant);
        status = ValueStatus::Repaired;
    }
    // All columns of the record together (a derived field) name no place: nobody can go there.
    let is_nowhere = raw.contains(COMPONENT_SEPARATOR) && has_han(&text) && levels.names_no_place();
    if levels.is_ambiguous || is_nowhere {
        status = ValueStatus::Suspicious;
    } else if levels.is_province_only() {
        cell.issue("suspicious");
        status = ValueStatus::Suspicious;
    }
    let mut levels = levels;
    for (code, evidence) in levels.findings.drain(..) {
        cell.finding(code, evidence);
    }
    cell.item(status, text, levels.into_parts());
    cell.finish()
}

/// The text with its wrong name put right; as it was when it writes the name in other characters than the key.
fn repaired(text: &str, written: &str, meant: &str) -> String {
    text.replacen(written, meant, 1)
}

/// The standard form of a postcode in its own column; empty when it has none.
fn postcode_of(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    postcode::standard_postcode(&code.to_ascii_uppercase()).unwrap_or_default()
}

impl Levels {
    /// Does the address name a province or state and nothing inside it?
    fn is_province_only(&self) -> bool {
        let inside = [
            &self.city,
            &self.county,
            &self.road,
            &self.number,
            &self.compound,
            &self.building,
            &self.room,
            &self.locality,
            &self.zone,
            &self.postcode,
        ];
        let has_level = !self.province.is_empty() || !self.state.is_empty();
        has_level && inside.iter().all(|level| level.is_empty())
    }

    /// Is not even the city known?
    fn names_no_place(&self) -> bool {
        let places = [&self.province, &self.city, &self.county, &self.state];
        places.iter().all(|place| place.is_empty())
    }

    /// Notes a finding; the first of a code counts.
    fn find(&mut self, code: &'static str, evidence: String) {
        self.findings.push((code, evidence));
    }

    /// Adds to the note, notes parted by blanks.
    fn add_note(&mut self, text: &[char]) {
        let text = text.iter().filter(|c| c.is_alphanumeric() || **c == '-');
        let before = self.note.len();
        if before > 0 {
            self.note.push(' ');
        }
        self.note.extend(text);
        if self.note.len() == before + 1 {
            self.note.truncate(before);
        }
    }

    /// Is a building or something in it known?
    fn has_house_inside(&self) -> bool {
        [&self.building, &self.unit, &self.floor, &self.room]
            .iter()
            .any(|level| !level.is_empty())
    }

    /// Is a house known, by number, name or building?
    fn has_house(&self) -> bool {
        !self.number.is_empty() || !self.compound.is_empty() || self.has_house_inside()
    }

    fn into_parts(self) -> Vec<String> {
        vec![
            self.province,
            self.city,
            self.county,
            self.town,
            self.zone,
            self.road,
            self.number,
            self.compound,
            self.building,
            self.unit,
            self.floor,
            self.room,
            self.locality,
            self.state,
            self.postcode,
            self.note,
            self.full,
            self.tokens,
            self.division,
        ]
    }
}
