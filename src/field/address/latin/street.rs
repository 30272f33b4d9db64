//! The street row of a Latin address: flat, floor, house number, street.
//!
//! In: the words of a row. Out: `unit`, `floor`, `number` and `road`, whose type is written short (st, rd, cres), and the
//! words after the street, which are the locality in an address without commas. `3/15` is unit 3 of number 15. In Germany
//! and its neighbours the number follows the street. Types after USPS Publication 28 and AS 4590.

use super::Levels;
use super::words::is_number;
use crate::reference::latin_addresses;
use crate::reference::latin_addresses::street_type;

/// Reads the row and gives the words after the street. `is_column`: the row is a street's own column, which holds no
/// locality.
pub(super) fn read<'a>(row: &'a [String], levels: &mut Levels, is_column: bool) -> &'a [String] {
    let mut rest = row;
    if let Some(after) = post_box(rest, levels) {
        rest = after;
        if rest.is_empty() {
            return rest;
        }
    }
    while let Some(after) = unit(rest, levels).filter(|_| rest.len() > 1) {
        rest = after;
    }
    rest = house_number(rest, levels);
    road(rest, levels, is_column)
}

/// PO Box 123, RMB 203: the box is the road when no street follows.
fn post_box<'a>(words: &'a [String], levels: &mut Levels) -> Option<&'a [String]> {
    let first = words.first()?;
    if !matches!(first.as_bytes()[0], b'p' | b'g' | b'l' | b'r' | b'c' | b'b') {
        return None;
    }
    let (name, standard) = latin_addresses::BOX_WORDS.iter().find(|(name, _)| {
        name.split(' ')
            .eq(words.iter().map(String::as_str).take(name.split(' ').count()))
    })?;
    let length = name.split(' ').count();
    let number = words.get(length)?;
    if !number.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    (*standard).clone_into(&mut levels.road);
    levels.number.clone_from(number);
    Some(&words[length + 1..])
}

/// The words after flats, floors and rooms in front.
pub(super) fn after_units<'a>(words: &'a [String], levels: &mut Levels) -> &'a [String] {
    let mut rest = words;
    while let Some(after) = unit(rest, levels) {
        rest = after;
    }
    rest
}

/// A flat, suite, room, floor or building at the front: `unit 3`, `flat a`, `level 5`, `5th floor`, `rm 501`.
pub(super) fn unit<'a>(words: &'a [String], levels: &mut Levels) -> Option<&'a [String]> {
    let [kind, rest @ ..] = words else { return None };
    if let Some(floor) = kind.strip_suffix("/f") {
        return keep(&mut levels.floor, floor, rest);
    }
    if let [floor, rest @ ..] = rest
        && matches!(floor.as_str(), "floor" | "fl" | "flr")
    {
        let number = kind.trim_end_matches(|c: char| c.is_ascii_lowercase());
        match kind.as_str() {
            "ground" => return keep(&mut levels.floor, "g", rest),
            "first" => return keep(&mut levels.floor, "1", rest),
            "second" => return keep(&mut levels.floor, "2", rest),
            "third" => return keep(&mut levels.floor, "3", rest),
            _ if is_number(kind) && kind.len() - number.len() == 2 => {
                return keep(&mut levels.floor, number, rest);
            }
            _ => {}
        }
    }
    // Most rows begin with the number of the house; no word for a flat does.
    if is_number(kind) {
        return None;
    }
    let (slot, is_unit) = match kind.as_str() {
        "level" | "lvl" | "floor" | "fl" | "flr" | "l" => (&mut levels.floor, false),
        "room" | "rm" => (&mut levels.room, false),
        "building" | "bldg" | "block" | "blk" | "tower" => (&mut levels.building, false),
        "#" => (&mut levels.unit, true),
        word if latin_addresses::UNIT_WORDS.contains(&word) => (&mut levels.unit, true),
        _ => return None,
    };
    let rest = match rest {
        [mark, tail @ ..] if mark == "#" || mark == "no" => tail,
        _ => rest,
    };
    let [value, tail @ ..] = rest else { return None };
    if matches!(kind.as_str(), "l" | "u") && !is_number(value) {
        return None;
    }
    // Unit 3/15 Smith St holds the house number.
    if is_unit
        && !tail.is_empty()
        && let Some((unit, number)) = value.split_once('/')
    {
        unit.clone_into(slot);
        number.clone_into(&mut levels.number);
        return Some(tail);
    }
    let is_value = value.len() <= 2 || value.bytes().any(|b| b.is_ascii_digit());
    if !is_value {
        return None;
    }
    keep(slot, value, tail)
}

fn keep<'a>(slot: &mut String, value: &str, rest: &'a [String]) -> Option<&'a [String]> {
    if slot.is_empty() {
        value.clone_into(slot);
    }
    Some(rest)
}

/// The house number, with its letter or its lot.
fn house_number<'a>(words: &'a [String], levels: &mut Levels) -> &'a [String] {
    let mut rest = words;
    while let [mark, number, ..] = rest
        && matches!(mark.as_str(), "no" | "nr" | "#" | "number")
        && is_number(number)
    {
        rest = &rest[1..];
    }
    if let [lot, number, tail @ ..] = rest
        && lot == "lot"
        && number.bytes().any(|b| b.is_ascii_digit())
    {
        // A lot's number is not that of the house.
        if tail.first().is_none_or(|word| !is_number(word)) {
            levels.number = format!("lot {number}");
            return tail;
        }
        levels.unit = format!("lot {number}");
        rest = tail;
    }
    let [first, tail @ ..] = rest else { return rest };
    let is_ordinal =
        first.ends_with("th") || first.ends_with("st") || first.ends_with("nd") || first.ends_with("rd");
    if !is_number(first) || (is_ordinal && first.len() > 2) {
        return rest;
    }
    if !levels.number.is_empty() && levels.road.is_empty() {
        return rest;
    }
    // A box was read before: the street's number counts.
    let number = match first.split_once('/') {
        Some((unit, number)) if !number.is_empty() => {
            if levels.unit.is_empty() {
                unit.clone_into(&mut levels.unit);
            }
            number
        }
        _ => first,
    };
    number.clone_into(&mut levels.number);
    if let [half, tail @ ..] = tail
        && matches!(half.as_str(), "1/2" | "1/4" | "3/4")
    {
        levels.number.push(' ');
        levels.number.push_str(half);
        return tail;
    }
    // 12 a smith st; but 12 e main st is an eastern one.
    if let [letter, next, _, ..] = tail
        && letter.len() == 1
        && !matches!(letter.as_str(), "n" | "s" | "e" | "w")
        && letter.bytes().all(|b| b.is_ascii_lowercase())
        && street_type(next).is_none()
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        levels.number.push_str(letter);
        return &tail[1..];
    }
    tail
}

/// The street's name, and the words after it.
fn road<'a>(words: &'a [String], levels: &mut Levels, is_column: bool) -> &'a [String] {
    if words.is_empty() {
        return words;
    }
    if let Some(rest) = number_last(words, levels) {
        return rest;
    }
    let units = units_at(words);
    let Some(mut end) = end_of_road(&words[..units]) else {
        levels.road = joined(&words[..units], None, levels);
        return after_units(&words[units..], levels);
    };
    let type_at = end - 1;
    // In `Kings Park Rd West Perth` the side is the locality's, but not in North America.
    if words.get(end).is_some_and(|word| direction(word).is_some())
        && (is_column || words.len() == end + 1 || shortens_sides(levels))
    {
        end += 1;
    }
    // Highway 50, county rd 12: the number is the road's.
    if words.get(end).is_some_and(|word| is_number(word)) && is_numbered_road(&words[..=type_at]) {
        end += 1;
    }
    let mut rest = after_units(&words[end..], levels);
    // Main St Springfield Apt 4: the flat stands behind the locality.
    if end < units && units < words.len() && after_units(&words[units..], levels).is_empty() {
        rest = &words[end..units];
    }
    if is_column && !rest.is_empty() && rest.len() == words.len() - end {
        levels.road = joined(words, Some(type_at), levels);
        return &[];
    }
    levels.road = joined(&words[..end], Some(type_at), levels);
    rest
}

/// Place of the first flat, floor or room behind the name of a street; the length when there is none.
fn units_at(words: &[String]) -> usize {
    let is_unit = |at: usize| {
        let kind = words[at].as_str();
        let next = words.get(at + 1).map_or("", String::as_str);
        let is_floor = matches!(next, "floor" | "fl" | "flr") && is_number(kind);
        let is_marked = matches!(next, "#" | "no");
        let value = if is_marked {
            words.get(at + 2).map_or("", String::as_str)
        } else {
            next
        };
        let is_letter = value.len() == 1 && !matches!(value, "n" | "s" | "e" | "w");
        let has_value = is_letter || value.bytes().any(|b| b.is_ascii_digit());
        is_floor || has_value && value.len() <= 8 && is_unit_word(kind)
    };
    (1..words.len()).find(|&at| is_unit(at)).unwrap_or(words.len())
}

fn is_unit_word(word: &str) -> bool {
    matches!(
        word,
        "#" | "level"
            | "lvl"
            | "floor"
            | "fl"
            | "flr"
            | "room"
            | "rm"
            | "building"
            | "bldg"
            | "block"
            | "blk"
            | "tower"
    ) || word.len() > 1 && latin_addresses::UNIT_WORDS.contains(&word)
}

/// Is the road one of those that have a number for a name?
fn is_numbered_road(words: &[String]) -> bool {
    let [before @ .., kind] = words else { return false };
    let kind = street_type(kind).unwrap_or("");
    matches!(kind, "hwy" | "rte")
        || kind == "rd" && matches!(before, [owner] if matches!(owner.as_str(), "county" | "state"))
}

/// Place after the word that ends the street's name: the first type that is nothing else, otherwise the first run of others.
fn end_of_road(words: &[String]) -> Option<usize> {
    if latin_addresses::LEADING_STREET_TYPES.contains(&words[0].as_str())
        && words.get(1).is_some_and(|word| street_type(word).is_none())
        && words.len() > 1
        && street_type(&words[words.len() - 1]).is_none()
    {
        return None;
    }
    let kind = |at: usize| street_type(&words[at]);
    let is_weak = |at: usize| kind(at).is_some_and(|kind| latin_addresses::WEAK_STREET_TYPES.contains(&kind));
    let strong = (1..words.len()).find(|&at| kind(at).is_some() && !is_weak(at) && !is_saint(words, at));
    let weak = (1..words.len()).find(|&at| is_weak(at));
    let end_of_run = |at: usize| {
        (at..words.len())
            .find(|&next| kind(next).is_none())
            .unwrap_or(words.len())
    };
    match (strong, weak) {
        (Some(strong), Some(weak)) if weak < strong && strong > weak + 2 => {
            Some(end_of_run(weak).min(strong + 1))
        }
        (Some(strong), _) => Some(strong + 1),
        (None, Some(weak)) => Some(end_of_run(weak)),
        (None, None) => None,
    }
}

/// `st` after the name began is a street, unless a type follows the next word: upper st johns road.
fn is_saint(words: &[String], at: usize) -> bool {
    words[at] == "st"
        && words.get(at + 2).is_some_and(|word| street_type(word).is_some())
        && words.get(at + 1).is_some_and(|word| street_type(word).is_none())
}

/// Hauptstr. 12, Lange Strasse 5, Keizersgracht 174: the number follows the street.
fn number_last<'a>(words: &'a [String], levels: &mut Levels) -> Option<&'a [String]> {
    if !levels.number.is_empty() {
        return None;
    }
    let at = (1..words.len()).find(|&at| is_number(&words[at]))?;
    let last = words[at - 1].as_str();
    let is_english = words[..at]
        .iter()
        .skip(1)
        .any(|word| street_type(word).is_some() && word != "str");
    if is_english && at + 1 < words.len() {
        return None;
    }
    let ending = latin_addresses::STREET_ENDINGS
        .iter()
        .find(|(ending, _)| last.ends_with(ending));
    let mut name = words[..at - 1].join(" ");
    if !name.is_empty() {
        name.push(' ');
    }
    match ending {
        Some((ending, short)) => {
            name.push_str(&last[..last.len() - ending.len()]);
            name.push_str(short);
        }
        None => name.push_str(street_type(last).filter(|_| at > 1).unwrap_or(last)),
    }
    levels.road = name;
    levels.number.clone_from(&words[at]);
    let mut rest = &words[at + 1..];
    if let [letter, tail @ ..] = rest
        && letter.len() == 1
        && letter.bytes().all(|b| b.is_ascii_lowercase())
    {
        levels.number.push_str(letter);
        rest = tail;
    }
    while let Some(after) = unit(rest, levels) {
        rest = after;
    }
    Some(rest)
}

/// The road in standard words: its type short, sides short in North America, saint as st.
fn joined(words: &[String], type_at: Option<usize>, levels: &Levels) -> String {
    let is_american = shortens_sides(levels);
    let mut road = String::new();
    for (at, word) in words.iter().enumerate() {
        let is_side = (at == 0 && words.len() > 2) || type_at.is_some_and(|type_at| at > type_at);
        let standard = if Some(at) == type_at {
            street_type(word).unwrap_or(word)
        } else if is_side && (is_american || at > 0) {
            direction(word).unwrap_or(word)
        } else if word == "saint" {
            "st"
        } else if let Some(short) = german_ending(word).filter(|_| words.len() == 1) {
            road.push_str(&word[..word.len() - "strasse".len()]);
            short
        } else {
            word
        };
        if at > 0 {
            road.push(' ');
        }
        road.push_str(standard);
    }
    road
}

/// Is this an address of North America, where sides are written short (N Main St)?
fn shortens_sides(levels: &Levels) -> bool {
    let postcode = levels.postcode.as_bytes();
    postcode.len() == 5 || postcode.get(5) == Some(&b'-') || is_american(&levels.state)
}

fn german_ending(word: &str) -> Option<&'static str> {
    word.ends_with("strasse").then_some("str")
}

fn is_american(state: &str) -> bool {
    state.len() == 2 && !matches!(state, "sa" | "nt" | "wa")
}

fn direction(word: &str) -> Option<&'static str> {
    Some(match word {
        "n" | "north" => "n",
        "s" | "south" => "s",
        "e" | "east" => "e",
        "w" | "west" => "w",
        "ne" | "northeast" => "ne",
        "nw" | "northwest" => "nw",
        "se" | "southeast" => "se",
        "sw" | "southwest" => "sw",
        _ => return None,
    })
}

/// Adds the words, with the last street type written short, to a text of words.
pub(super) fn add_standardised(words: &[String], text: &mut String) {
    let last = (1..words.len())
        .rev()
        .find_map(|at| Some((at, street_type(&words[at])?)));
    for (at, word) in words.iter().enumerate() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(last.filter(|&(of, _)| of == at).map_or(word, |(_, short)| short));
    }
}
