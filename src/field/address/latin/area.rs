//! The areas at the end of a Latin address: country, postcode, state, county, locality.
//!
//! In: the words of a row. Out: what the row ends with, taken off. Postcodes are those of Australia, New Zealand, the United
//! States, the United Kingdom, Canada, Ireland and, before the town, of Germany, the Netherlands and their neighbours.

use super::Levels;
use super::words::is_number;
use crate::field::postcode::standard_postcode;
use crate::reference::latin_addresses;
use crate::reference::latin_addresses::state_code;
use crate::reference::latin_addresses::street_type;

/// The country at the end of a row, taken off; `true` when there was one.
pub(super) fn take_country(row: &mut Vec<String>, is_only: bool) -> Option<String> {
    for length in (1..=4.min(row.len())).rev() {
        let at = row.len() - length;
        let name = row[at..].join(" ");
        // A row that is all of the address and one word (`Ireland`) is no country at its end.
        let is_whole = at == 0 && is_only;
        let is_northern = at > 0 && row[at - 1] == "northern" && name == "ireland";
        if latin_addresses::COUNTRIES.contains(&name.as_str()) && !is_whole && !is_northern {
            row.truncate(at);
            return Some(name);
        }
    }
    None
}

/// Postcode, state and postcode again (`VIC 3004`, `3004 VIC`) at the end of a row; `may_lead`: a number in front may be a
/// postcode, because the street is in another row.
pub(super) fn take_postcode_and_state(row: &mut Vec<String>, levels: &mut Levels, may_lead: bool) {
    take_postcode(row, levels);
    take_state(row, levels, !may_lead);
    take_postcode(row, levels);
    if may_lead {
        take_leading_postcode(row, levels);
    }
}

/// May the number in front of a row be a postcode? Not before words with a street type or a flat: then it is that of the
/// house. Behind a street it may have four digits, otherwise five or letters behind it (1016 DW).
pub(super) fn may_lead(row: &[String], is_behind_street: bool) -> bool {
    let is_of_street = |word: &String| street_type(word).is_some() || is_before_number(word);
    let [first, tail @ ..] = row else { return false };
    if !is_number(first) {
        return true;
    }
    let second = tail.first().map_or("", String::as_str);
    let is_name = matches!(
        second,
        "la" | "le" | "el" | "de" | "st" | "ne" | "nw" | "se" | "sw"
    );
    let has_letters =
        tail.len() > 1 && !is_name && second.len() == 2 && second.bytes().all(|b| b.is_ascii_alphabetic());
    let is_before_state = tail.len() == 1 && second.len() < 4 && state_code(second).is_some();
    let has_length = match first.len() {
        3 => second.len() == 2 && is_number(second),
        4 => is_behind_street || has_letters || is_before_state,
        length => length == 5,
    };
    let begins_street = tail.first().is_some_and(|word| is_before_number(word))
        || !is_behind_street && tail.first().is_some_and(|word| begins_street_name(word));
    has_length && !begins_street && !tail.iter().skip(1).any(is_of_street)
}

/// Words that begin names of streets without a type.
fn begins_street_name(word: &str) -> bool {
    latin_addresses::LEADING_STREET_TYPES.contains(&word)
        || matches!(
            word,
            "broadway" | "the" | "unter" | "am" | "an" | "auf" | "im" | "zum" | "zur" | "hinter" | "vor"
        )
}

/// Words whose number is never a postcode: flats, floors, boxes, numbered roads.
fn is_before_number(word: &str) -> bool {
    latin_addresses::UNIT_WORDS.contains(&word)
        || matches!(
            word,
            "#" | "no"
                | "box"
                | "bag"
                | "pob"
                | "postfach"
                | "rm"
                | "room"
                | "floor"
                | "fl"
                | "level"
                | "lot"
                | "bldg"
                | "building"
                | "hwy"
                | "highway"
                | "rte"
                | "route"
        )
}

fn take_postcode(row: &mut Vec<String>, levels: &mut Levels) {
    for length in [2, 1] {
        let Some(at) = row.len().checked_sub(length) else {
            continue;
        };
        let tail = &row[at..];
        if !tail.iter().any(|word| word.bytes().any(|b| b.is_ascii_digit())) {
            continue;
        }
        // FL 32220 is in Florida, FL 3 a floor.
        let is_florida = |word: &String| word == "fl" && tail[0].len() == 5;
        if at > 0 && is_before_number(&row[at - 1]) && !is_florida(&row[at - 1]) {
            return;
        }
        let code: String = tail.concat().to_ascii_uppercase();
        let plain: String = code.chars().filter(|&c| c != '-').collect();
        let is_one = match length {
            2 => is_split_code(&tail[0], &tail[1]),
            _ => is_code(&tail[0]),
        };
        if is_one && let Some(postcode) = standard_postcode(&plain) {
            // One from its own column is read off the row as well.
            if !levels.postcode.is_empty() && levels.postcode != postcode {
                return;
            }
            levels.postcode = postcode;
            row.truncate(at);
            return;
        }
    }
}

/// NG7 1FT, M5V 2T6, D02 X285, 62701 1234.
fn is_split_code(first: &str, second: &str) -> bool {
    let has = |word: &str, is: fn(&u8) -> bool| word.bytes().any(|b| is(&b));
    let starts_with_letter = first.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_mixed = has(first, u8::is_ascii_digit)
        && has(second, u8::is_ascii_digit)
        && has(second, u8::is_ascii_alphabetic);
    let is_british =
        (2..=4).contains(&first.len()) && matches!(second.len(), 3 | 4) && starts_with_letter && is_mixed;
    let is_american = first.len() == 5
        && second.len() == 4
        && !has(first, u8::is_ascii_alphabetic)
        && !has(second, u8::is_ascii_alphabetic);
    is_british || is_american
}

fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == word.len() {
        return (4..=6).contains(&digits);
    }
    let is_long_zip = word.len() == 10 && word.as_bytes()[5] == b'-' && digits == 9;
    let is_joined = (5..=7).contains(&word.len())
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && digits >= 2
        && word.ends_with(|c: char| c.is_ascii_alphanumeric());
    is_long_zip || is_joined
}

/// 80331 München, D-80331 München, 1012 AB Amsterdam: the code before the town.
fn take_leading_postcode(row: &mut Vec<String>, levels: &mut Levels) {
    if !levels.postcode.is_empty() || row.len() < 2 {
        return;
    }
    // 111 43 Stockholm.
    let is_split = row.len() > 2
        && (row[0].len(), row[1].len()) == (3, 2)
        && row[..2]
            .iter()
            .all(|word| word.bytes().all(|b| b.is_ascii_digit()));
    if is_split {
        levels.postcode = row[..2].join(" ");
        row.drain(..2);
        return;
    }
    let start = usize::from(row.len() > 2 && matches!(row[0].as_str(), "d" | "a" | "ch" | "f" | "b" | "nl"));
    let is_digits = (4..=5).contains(&row[start].len()) && row[start].bytes().all(|b| b.is_ascii_digit());
    if !is_digits {
        return;
    }
    let mut code = row[start].clone();
    let mut end = start + 1;
    if code.len() == 4
        && let Some(letters) = row.get(end).filter(|word| word.len() == 2 && row.len() > end + 1)
        && letters.bytes().all(|b| b.is_ascii_alphabetic())
    {
        code.push(' ');
        code.push_str(&letters.to_ascii_uppercase());
        end += 1;
    }
    levels.postcode = code;
    row.drain(..end);
}

/// `is_street`: the row may hold a house number, whose street is then no state (`1432 West Virginia`).
fn take_state(row: &mut Vec<String>, levels: &mut Levels, is_street: bool) {
    if !levels.state.is_empty() {
        return;
    }
    for length in (1..=3.min(row.len())).rev() {
        let at = row.len() - length;
        // 100 King St NE: a side behind a street type.
        let is_side = at > 0 && row[at] == "ne" && street_type(&row[at - 1]).is_some();
        let is_road = is_street && at < 2 && is_number(&row[0]);
        if is_side || is_road {
            continue;
        }
        let code = if length == 1 {
            state_code(&row[at])
        } else {
            state_code(&row[at..].join(" "))
        };
        if let Some(code) = code {
            code.clone_into(&mut levels.state);
            row.truncate(at);
            return;
        }
    }
}

/// Is the whole row a British county? It is set then.
pub(super) fn take_county(row: &[String], levels: &mut Levels) -> bool {
    if !levels.county.is_empty() || row.len() > 4 {
        return false;
    }
    let found = latin_addresses::british_county(&row.join(" "));
    if let Some(county) = found {
        county.clone_into(&mut levels.county);
    }
    found.is_some()
}

/// The words of a locality, saint as st.
pub(super) fn locality(words: &[String]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(if word == "saint" { "st" } else { word });
    }
    text
}
