//! Addresses in Latin script.
//!
//! In: a folded address and its columns. Out: house number, street with its type written short, unit, floor, room, house
//! name (`compound`), dependent locality (`town`), locality, county, state code and postcode; `tokens` are the words of
//! street and second line. A whole address is split at commas: the row with a number or a street type is the street, the last
//! rows hold locality, state and postcode. Chinese addresses in English are read by `chinese`.

mod area;
mod chinese;
mod street;
mod words;

use super::Components;
use super::Levels;
use super::postcode_of;
use crate::reference::latin_addresses;
use crate::reference::latin_addresses::street_type;
use words::is_number;
use words::words;

/// Reads an address, from its columns when it has no whole text.
pub(super) fn read(text: &str, components: &Components) -> Levels {
    let c = components;
    if c.whole.is_empty() {
        if let Some(levels) = chinese::read_columns(text, c) {
            return levels;
        }
        return read_columns(c);
    }
    let mut rows: Vec<Vec<String>> = c
        .whole
        .split([',', ';', '|'])
        .map(words)
        .filter(|row| !row.is_empty())
        .collect();
    let mut levels = Levels {
        full: full(rows.iter().flatten()),
        ..Levels::default()
    };
    let is_only = rows.len() < 2;
    let country = rows.last_mut().and_then(|row| area::take_country(row, is_only));
    let country = country.or_else(|| country_before_code(rows.last_mut()?));
    rows.retain(|row| !row.is_empty());
    let country = country.unwrap_or_else(|| words(&c.country).join(" "));
    if let Some(chinese) = chinese::read(&rows, &country, components) {
        return Levels {
            full: levels.full,
            ..chinese
        };
    }
    read_columns_of_area(c, &Areas::of(c), &mut levels);
    read_rows(rows, &mut levels);
    settle_locality(&mut levels);
    levels
}

/// `China 518057`: the postcode after the country stays.
fn country_before_code(row: &mut Vec<String>) -> Option<String> {
    let code = row.pop_if(|word| matches!(word.len(), 5 | 6) && word.bytes().all(|b| b.is_ascii_digit()))?;
    let country = area::take_country(row, false);
    row.push(code);
    country
}

fn full<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut full = String::new();
    for word in words {
        for piece in word
            .split(['-', '/'])
            .filter(|piece| !piece.is_empty() && *piece != "#")
        {
            if !full.is_empty() {
                full.push(' ');
            }
            full.push_str(piece);
        }
    }
    full
}

/// Words of the columns of areas.
struct Areas {
    locality: Vec<String>,
    county: Vec<String>,
    city: Vec<String>,
    province: Vec<String>,
}

impl Areas {
    fn of(c: &Components) -> Self {
        Self {
            locality: words(&c.locality),
            county: words(&c.county),
            city: words(&c.city),
            province: words(&c.province),
        }
    }
}

/// Areas from their own columns.
fn read_columns_of_area(c: &Components, areas: &Areas, levels: &mut Levels) {
    if !c.province.is_empty() {
        let key = areas.province.join(" ");
        levels.state = latin_addresses::state_code(&key).map_or(key, str::to_owned);
    }
    levels.city = area::locality(&areas.city);
    levels.county = areas.county.join(" ");
    if let Some(county) = latin_addresses::british_county(&levels.county) {
        county.clone_into(&mut levels.county);
    }
    levels.locality = area::locality(&areas.locality);
    levels.postcode = postcode_of(&c.postcode);
}

fn settle_locality(levels: &mut Levels) {
    if levels.locality.is_empty() {
        levels.locality.clone_from(&levels.city);
    }
}

fn read_columns(c: &Components) -> Levels {
    let number = words(&c.number);
    let street = words(&c.street);
    let line2 = words(&c.line2);
    let areas = Areas::of(c);
    let (postcode, country) = (words(&c.postcode), words(&c.country));
    // The columns in the order of the address's text: commas part words as their ends do.
    let columns = [
        &number,
        &street,
        &line2,
        &areas.locality,
        &areas.county,
        &areas.city,
        &areas.province,
        &postcode,
        &country,
    ];
    let mut levels = Levels {
        full: full(columns.into_iter().flatten()),
        ..Levels::default()
    };
    read_columns_of_area(c, &areas, &mut levels);
    let mut tokens = String::new();
    street::add_standardised(&street, &mut tokens);
    street::add_standardised(&line2, &mut tokens);
    levels.tokens = tokens;
    let mut row = number;
    row.extend(street);
    if !row.is_empty() {
        street::read(&row, &mut levels, true);
    }
    read_line2(&line2, &mut levels);
    settle_locality(&mut levels);
    levels
}

/// The second line: a flat, the street itself when its column is empty, or a house name.
fn read_line2(row: &[String], levels: &mut Levels) {
    let rest = street::after_units(row, levels);
    if rest.is_empty() {
        return;
    }
    let is_street = levels.road.is_empty() && is_street_row(rest);
    if is_street {
        street::read(rest, levels, true);
    } else if levels.compound.is_empty() {
        levels.compound = rest.join(" ");
    }
}

/// A whole address in rows.
fn read_rows(mut rows: Vec<Vec<String>>, levels: &mut Levels) {
    let count = rows.len();
    for at in (1..count).rev().take(3) {
        let is_numbered = rows[at].first().is_some_and(|word| is_number(word));
        let is_behind_street = is_numbered && rows[..at].iter().any(|row| is_street_behind_units(row));
        let may_lead = area::may_lead(&rows[at], is_behind_street);
        area::take_postcode_and_state(&mut rows[at], levels, may_lead);
    }
    if count == 1
        && let Some(row) = rows.first_mut()
    {
        // The number in front is that of the house, unless nothing else tells the place.
        let may_lead = levels.city.is_empty() && levels.locality.is_empty() && area::may_lead(row, false);
        area::take_postcode_and_state(row, levels, may_lead);
    }
    rows.retain(|row| !row.is_empty());
    let Some(at) = street_row(&rows) else {
        read_places(&rows, levels);
        return;
    };
    let before = &rows[..at];
    for row in before {
        let rest = street::after_units(row, levels);
        match rest {
            [] => {}
            // 3, 15 Smith St: a number of its own before the street is the flat.
            [number] if is_number(number) && levels.unit.is_empty() => levels.unit.clone_from(number),
            _ if levels.compound.is_empty() => levels.compound = rest.join(" "),
            _ => {
                levels.compound.push(' ');
                levels.compound.push_str(&rest.join(" "));
            }
        }
    }
    let after = street::read(&rows[at], levels, false).to_vec();
    let mut tokens: Vec<String> = vec![levels.road.clone(), levels.compound.clone()];
    let mut places: Vec<Vec<String>> = Vec::new();
    places.push(after);
    places.extend(rows[at + 1..].iter().cloned());
    read_places(&places, levels);
    tokens.push(levels.town.clone());
    tokens.retain(|words| !words.is_empty());
    levels.tokens = tokens.join(" ");
}

/// Localities after the street, the last the larger one; counties of Britain and late flats among them.
fn read_places(rows: &[Vec<String>], levels: &mut Levels) {
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        let rest = street::after_units(row, levels);
        let is_county = !names.is_empty() && area::take_county(rest, levels);
        if !rest.is_empty() && !is_county {
            names.push(area::locality(rest));
        }
    }
    if !levels.locality.is_empty() {
        names.retain(|name| *name != levels.locality);
    } else if let Some(last) = names.pop() {
        levels.locality = last;
    }
    if let Some(first) = names.first() {
        levels.town.clone_from(first);
    }
}

/// The row of the street: the first with a number at either end, with a street type, or with a word that may be one.
fn street_row(rows: &[Vec<String>]) -> Option<usize> {
    let rank = |row: &Vec<String>| {
        let mut levels = Levels::default();
        street_rank(street::after_units(row, &mut levels), row.len())
    };
    let ranks: Vec<u8> = rows.iter().map(rank).collect();
    let best = ranks.iter().copied().max().filter(|&best| best > 0)?;
    let at = ranks.iter().position(|&rank| rank == best)?;
    (rows.len() == 1 || at + 1 < rows.len() || rows[at].len() > 2).then_some(at)
}

fn is_street_row(row: &[String]) -> bool {
    street_rank(row, row.len()) > 0
}

fn is_street_behind_units(row: &[String]) -> bool {
    let mut levels = Levels::default();
    is_street_row(street::after_units(row, &mut levels))
}

/// How surely words name a street: 0 not at all, 3 with a number.
fn street_rank(words: &[String], row_len: usize) -> u8 {
    let [first, tail @ ..] = words else { return 0 };
    if tail.is_empty() {
        return u8::from(words.len() < row_len && !is_number(first) || is_german_street(first));
    }
    let is_box = matches!(
        first.as_str(),
        "po" | "p" | "gpo" | "pob" | "locked" | "rmb" | "rsd" | "lot" | "postfach" | "private" | "no" | "cmb"
    ) && tail.iter().any(|word| is_number(word));
    let is_numbered = is_number(first) && !first.ends_with("/f");
    let ends_with_number = tail.last().is_some_and(|word| is_number(word)) && !is_district(first);
    if is_box || is_numbered || ends_with_number {
        return 3;
    }
    let kinds = || tail.iter().filter_map(|word| street_type(word));
    if kinds().any(|kind| !latin_addresses::WEAK_STREET_TYPES.contains(&kind)) || is_german_street(first) {
        return 2;
    }
    u8::from(kinds().next().is_some())
}

/// Dublin 1 is a district, not a house.
fn is_district(first: &str) -> bool {
    first == "dublin"
}

fn is_german_street(word: &str) -> bool {
    word.len() > 6 && (word.ends_with("strasse") || word.ends_with("str"))
}

#[cfg(test)]
mod tests;
