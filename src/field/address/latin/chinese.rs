//! Chinese addresses in English order: Room 501, Building 3, No. 88 Jianguo Road, Chaoyang District, Beijing 100022.
//!
//! In: the words of the rows, the country off. Out: province, city and county by their Chinese names, found by pinyin from
//! the largest to the smallest, a child below its parent; road, compound and town in lower-case Latin. An address is taken
//! for Chinese when its country says so, or when it names a Chinese city and has a six-digit postcode or a word like
//! `district`.

use super::Components;
use super::Levels;
use super::area;
use super::street;
use super::words::is_number;
use super::words::words;
use crate::reference::latin_addresses::WEAK_STREET_TYPES;
use crate::reference::latin_addresses::street_type;
use crate::reference::regions::Division;
use crate::reference::regions::DivisionRef;
use crate::reference::regions::Level;
use crate::reference::regions::by_pinyin;
use crate::reference::regions::division;
use crate::reference::regions::is_within;
use crate::text::pinyin::sound;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const COUNTRIES: &[&str] = &[
    "china",
    "pr china",
    "p r china",
    "prc",
    "hong kong",
    "macau",
    "macao",
    "taiwan",
    "cn",
    "hk",
];

/// Words after the name of a division, with its level where they tell it.
const AREA_WORDS: &[(&str, Option<Level>)] = &[
    ("province", Some(Level::Province)),
    ("sheng", Some(Level::Province)),
    ("municipality", None),
    ("city", None),
    ("shi", None),
    ("district", Some(Level::County)),
    ("dist", Some(Level::County)),
    ("qu", Some(Level::County)),
    ("county", Some(Level::County)),
    ("xian", Some(Level::County)),
    ("prefecture", Some(Level::City)),
];

const TOWN_WORDS: &[&str] = &["town", "zhen", "subdistrict", "township", "jiedao", "xiang"];

/// Reads the rows of an address in China; `None` for other countries.
pub(super) fn read(rows: &[Vec<String>], country: &str, components: &Components) -> Option<Levels> {
    let is_named = COUNTRIES.contains(&country);
    if !is_named && !looks_chinese(rows) {
        return None;
    }
    let mut levels = Levels::default();
    let mut rows: Vec<Vec<String>> = rows.to_vec();
    take_postcode(&mut rows, &mut levels);
    if levels.postcode.is_empty() {
        levels.postcode = super::postcode_of(&components.postcode);
    }
    let mut lowest = division_of_country(country);
    for column in [&components.province, &components.city, &components.county] {
        if let Some(found) = of_column(column, lowest) {
            lowest = Some(found);
        }
    }
    let mut left: Vec<Vec<String>> = Vec::new();
    for mut row in rows.into_iter().rev() {
        take_divisions(&mut row, &mut lowest, &mut levels);
        if !row.is_empty() {
            left.push(row);
        }
    }
    if lowest.is_none() && !is_named {
        return None;
    }
    if let Some(found) = lowest {
        set(&mut levels, found);
    }
    left.reverse();
    read_inside(&left, &mut levels);
    Some(levels)
}

/// As [`read`], for an address in columns.
pub(super) fn read_columns(text: &str, c: &Components) -> Option<Levels> {
    let country = words(&c.country).join(" ");
    let has_district = words(&c.county)
        .last()
        .is_some_and(|word| matches!(word.as_str(), "district" | "qu"));
    let is_chinese =
        COUNTRIES.contains(&country.as_str()) || (has_district && by_pinyin(&c.city).next().is_some());
    if !is_chinese {
        return None;
    }
    let street = format!("{} {}", c.number, c.street);
    let rows: Vec<Vec<String>> = [&*c.line2, &street, &c.locality]
        .into_iter()
        .map(words)
        .filter(|row| !row.is_empty())
        .collect();
    let country = if country.is_empty() { "china" } else { &country };
    let mut levels = read(&rows, country, c)?;
    levels.full = super::full(words(text).iter());
    Some(levels)
}

/// A six-digit postcode or a word for a district, beside the name of a Chinese city or province.
fn looks_chinese(rows: &[Vec<String>]) -> bool {
    let all = || rows.iter().flatten();
    let has_mark = all().any(|word| {
        (word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()))
            || matches!(
                word.as_str(),
                "district" | "province" | "qu" | "sheng" | "lu" | "jie"
            )
    });
    // A last row that is the name of a large city says it alone.
    let is_city = rows.last().is_some_and(|row| {
        let name = row.concat();
        rows.len() > 1 && name.len() > 4 && name.is_ascii() && by_pinyin(&name).next().is_some()
    });
    is_city
        || has_mark && all().any(|word| word.len() > 3 && word.is_ascii() && by_pinyin(word).next().is_some())
}

fn division_of_country(country: &str) -> Option<DivisionRef> {
    match country {
        "hong kong" | "hk" => division(810_000),
        "macau" | "macao" => division(820_000),
        "taiwan" => division(710_000),
        _ => None,
    }
}

fn take_postcode(rows: &mut [Vec<String>], levels: &mut Levels) {
    let is_code = |word: &String| matches!(word.len(), 5 | 6) && word.bytes().all(|b| b.is_ascii_digit());
    for row in rows.iter_mut().rev().take(3) {
        for at in [row.len().checked_sub(1), (!row.is_empty()).then_some(0)]
            .into_iter()
            .flatten()
        {
            if is_code(&row[at]) && (row.len() > 1 || row[at].len() == 6) {
                levels.postcode = row.remove(at);
                return;
            }
        }
    }
}

/// The division of a column's text.
fn of_column(text: &str, above: Option<DivisionRef>) -> Option<DivisionRef> {
    if text.is_empty() {
        return None;
    }
    let mut row = words(text);
    let mut found = above;
    take_divisions(&mut row, &mut found, &mut Levels::default());
    found
}

/// Takes divisions off the end of a row, each below the one before.
fn take_divisions(row: &mut Vec<String>, lowest: &mut Option<DivisionRef>, levels: &mut Levels) {
    while let Some(last) = row.last() {
        let word = AREA_WORDS.iter().find(|(word, _)| word == last);
        let is_new_area =
            row.len() > 2 && row[row.len() - 2] == "new" && matches!(last.as_str(), "area" | "district");
        let end = match () {
            () if is_new_area => row.len() - 2,
            () => row.len() - usize::from(word.is_some() && row.len() > 1),
        };
        let level = word
            .and_then(|(_, level)| *level)
            .or(is_new_area.then_some(Level::County));
        let has_word = word.is_some() || is_new_area;
        let found = (1..=3.min(end)).rev().find_map(|length| {
            let name = row[end - length..end].concat();
            division_named(&name, level, *lowest, has_word).map(|found| (length, found))
        });
        let Some((length, found)) = found else {
            keep_unknown(row, end, level, levels);
            return;
        };
        *lowest = Some(found);
        row.truncate(end - length);
    }
}

/// A district that is not found keeps its Latin name.
fn keep_unknown(row: &mut Vec<String>, end: usize, level: Option<Level>, levels: &mut Levels) {
    if level == Some(Level::County) && end > 0 && end < row.len() && end <= 3 && levels.county.is_empty() {
        levels.county = row.join(" ");
        row.clear();
    }
}

/// The division of this pinyin below `above`; without a parent only provinces and cities.
fn division_named(
    name: &str,
    level: Option<Level>,
    above: Option<DivisionRef>,
    has_word: bool,
) -> Option<DivisionRef> {
    if name.len() < 3 || !name.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let fits = |found: &Division| {
        level.is_none_or(|level| {
            found.level == level || (level == Level::County && found.level > Level::Province)
        })
    };
    let below = |found: &Division| match above {
        Some(above) => found.level > above.level && is_within(found, above.code) || found.code == above.code,
        None => true,
    };
    let mut cities = by_pinyin(name).filter(|found| fits(found) && below(found));
    if let Some(found) = cities.next() {
        // 吉林 is a province and a city; one name of two cities is none of them.
        let is_only = cities.next().is_none_or(|other| other.level != found.level);
        return is_only.then_some(found);
    }
    let above = above.filter(|above| {
        above.level < Level::County && (has_word || above.level == Level::City || is_municipality(above))
    })?;
    let named = COUNTIES.get(name).into_iter().flatten().copied();
    let is_open = |county: &DivisionRef| {
        is_within(county, above.code) && (has_word || county.name.chars().nth(2).is_some())
    };
    let mut counties = named.filter(is_open);
    let found = counties.next()?;
    counties.next().is_none().then_some(found)
}

fn is_municipality(found: &Division) -> bool {
    found.level == Level::Province && found.name.ends_with('市')
}

/// Counties by the pinyin of their names without suffix; 新区 also without 新, as in Pudong New Area.
static COUNTIES: LazyLock<BTreeMap<String, Vec<DivisionRef>>> = LazyLock::new(|| {
    let mut counties: BTreeMap<String, Vec<DivisionRef>> = BTreeMap::new();
    let provinces = (11..=82_u32).filter(|code| division(code * 10_000).is_some());
    let all = provinces.flat_map(|province| province * 10_000..(province + 1) * 10_000);
    for county in all
        .filter_map(division)
        .filter(|division| division.level == Level::County)
    {
        let mut stem = county.name.chars();
        stem.next_back();
        let key = sound(stem.as_str()).replace('ü', "v");
        if county.name.ends_with("新区")
            && let Some(plain) = key.strip_suffix("xin")
        {
            counties.entry(plain.to_owned()).or_default().push(county);
        }
        counties.entry(key).or_default().push(county);
    }
    counties
});

fn set(levels: &mut Levels, found: &Division) {
    levels.division = found.code.to_string();
    let mut current = Some(found);
    while let Some(one) = current {
        let level = match one.level {
            Level::Province => &mut levels.province,
            Level::City => &mut levels.city,
            Level::County => &mut levels.county,
        };
        one.name.clone_into(level);
        current = division(one.parent);
    }
}

/// Room, building, number, road, town and compound.
fn read_inside(rows: &[Vec<String>], levels: &mut Levels) {
    let has_number =
        |row: &Vec<String>| row.iter().any(|word| is_number(word)) && row[0] != "no" || row.len() > 2;
    let road = rows.iter().position(|row| is_road(row) && has_number(row));
    let road = road.or_else(|| rows.iter().position(|row| has_road_word(row)));
    let mut lane = None;
    for (at, row) in rows.iter().enumerate() {
        let mut rest = row.as_slice();
        while let Some(after) = unit(rest, levels) {
            rest = after;
        }
        match rest {
            [] => continue,
            [word, number] if word == "lane" && is_number(number) => {
                lane = Some(number);
                continue;
            }
            [word, number] if word == "no" && is_number(number) && levels.number.is_empty() => {
                levels.number.clone_from(number);
                continue;
            }
            _ => {}
        }
        let is_town = rest.len() > 1
            && rest
                .last()
                .is_some_and(|word| TOWN_WORDS.contains(&word.as_str()));
        if is_town && levels.town.is_empty() {
            levels.town = rest.join(" ");
        } else if Some(at) == road && levels.road.is_empty() {
            read_road(rest, levels);
        } else if is_zone(rest) && levels.zone.is_empty() {
            levels.zone = rest.join(" ");
        } else if levels.compound.is_empty() {
            levels.compound = rest.join(" ");
        } else if levels.locality.is_empty() {
            levels.locality = area::locality(rest);
        }
    }
    if let Some(lane) = lane {
        levels.number = format!("{lane}弄{}", levels.number);
    }
    if levels.locality.is_empty() {
        levels.locality.clone_from(&levels.town);
    }
    levels.tokens.clone_from(&levels.road);
}

/// As in other Latin addresses, and `Building A`, `No. 3 Building`, `Unit 2` as they are in China.
fn unit<'a>(words: &'a [String], levels: &mut Levels) -> Option<&'a [String]> {
    let [no, number, kind, rest @ ..] = words else {
        return street::unit(words, levels);
    };
    if no == "no" && matches!(kind.as_str(), "building" | "bldg" | "block") {
        number.clone_into(&mut levels.building);
        return Some(rest);
    }
    street::unit(words, levels)
}

fn is_road(row: &[String]) -> bool {
    has_road_word(row)
        || matches!(row, [no, number, ..] if no == "no" && is_number(number))
        || (row.first().is_some_and(|word| is_number(word)) && row.len() > 1)
}

fn has_road_word(row: &[String]) -> bool {
    row.iter().skip(1).any(|word| {
        street_type(word).is_some_and(|kind| !WEAK_STREET_TYPES.contains(&kind))
            || matches!(
                word.as_str(),
                "lu" | "jie" | "dadao" | "xiang" | "hutong" | "nong"
            )
    })
}

fn is_zone(row: &[String]) -> bool {
    row.last().is_some_and(|word| word == "zone")
        || (row.len() > 1 && row[row.len() - 2..] == ["industrial", "park"])
}

/// `no 88 jianguo road`, `88 jianguo lu`, `jianguo road no 88`.
fn read_road(row: &[String], levels: &mut Levels) {
    let after = street::read(row, levels, false).to_vec();
    if let Some(at) = levels.road.find(" no ") {
        let number = levels.road[at + 4..].to_owned();
        if is_number(&number) && levels.number.is_empty() {
            levels.number = number;
            levels.road.truncate(at);
        }
    }
    let after: &[String] = match after.as_slice() {
        [no, number, rest @ ..] if no == "no" && is_number(number) && levels.number.is_empty() => {
            levels.number.clone_from(number);
            rest
        }
        rest => rest,
    };
    if !after.is_empty() && levels.compound.is_empty() {
        levels.compound = after.join(" ");
    }
}
