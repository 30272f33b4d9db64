//! Addresses in Latin script.
//!
//! In: a folded address and its columns. Out: house number, street with its type written out, flat, locality, state code
//! and postcode; `tokens` are the words of street and second line. A whole address is split at commas: the row that
//! starts with a number is the street, the last rows hold locality, state and postcode. Rules after USPS Publication 28
//! and AS 4590, in short.

use super::Components;
use super::Levels;
use crate::field::postcode::standard_postcode;
use crate::reference::latin_addresses;
use crate::text::tokens::tokens;

/// Reads an address, from its columns when it has no whole text.
pub(super) fn read(text: &str, components: &Components) -> Levels {
    let c = components;
    let mut levels = Levels {
        full: tokens(text).join(" "),
        state: state_of(&c.province),
        city: tokens(&c.city).join(" "),
        county: tokens(&c.county).join(" "),
        locality: tokens(&c.locality).join(" "),
        postcode: postcode_of(&c.postcode),
        ..Levels::default()
    };
    if c.whole.is_empty() {
        read_street(&c.number, &c.street, &mut levels);
        levels.tokens = [expanded(&tokens(&c.street)), expanded(&tokens(&c.line2))]
            .concat()
            .join(" ");
    } else {
        read_whole(&c.whole, &mut levels);
    }
    if levels.locality.is_empty() {
        levels.locality = levels.city.clone();
    }
    levels
}

fn state_of(text: &str) -> String {
    let key = tokens(text).join(" ");
    latin_addresses::state_code(&key).map_or(key, str::to_owned)
}

fn postcode_of(text: &str) -> String {
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    standard_postcode(&code.to_ascii_uppercase()).unwrap_or_default()
}

/// Words with the last abbreviated street type written out.
fn expanded(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    // `st` in front is a saint, at the end a street.
    if let Some(last) = words
        .iter()
        .skip(1)
        .rposition(|word| latin_addresses::street_type(word).is_some())
        && let Some(full) = latin_addresses::street_type(&words[last + 1])
    {
        words[last + 1] = full.to_owned();
    }
    words
}

/// Number and street, the number perhaps in front of the street's name and a flat in front of it (`3/18`, `Unit 3`).
fn read_street(number: &str, street: &str, levels: &mut Levels) {
    let text = format!("{number} {street}").replace('/', " / ");
    let words: Vec<String> = text
        .split_whitespace()
        .flat_map(|word| {
            if word == "/" {
                vec![word.to_owned()]
            } else {
                tokens(word)
            }
        })
        .collect();
    let mut rest: &[String] = &words;
    if let [unit, number, tail @ ..] = rest
        && latin_addresses::UNIT_WORDS.contains(&unit.as_str())
    {
        levels.room = number.clone();
        rest = if tail.first().is_some_and(|word| word == "/") {
            &tail[1..]
        } else {
            tail
        };
    }
    if let [no, number, ..] = rest
        && no == "no"
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        rest = &rest[1..];
    }
    if let [first, slash, tail @ ..] = rest
        && slash == "/"
    {
        levels.room = first.clone();
        rest = tail;
    }
    if let [first, tail @ ..] = rest
        && first.starts_with(|c: char| c.is_ascii_digit())
    {
        levels.number = first.clone();
        rest = tail;
    }
    let road: Vec<String> = rest.iter().filter(|word| *word != "/").cloned().collect();
    levels.road = expanded(&road).join(" ");
}

/// A whole address in rows.
fn read_whole(text: &str, levels: &mut Levels) {
    let rows: Vec<&str> = text
        .split([',', ';'])
        .map(str::trim)
        .filter(|row| !row.is_empty())
        .collect();
    let rows: Vec<&str> = rows.into_iter().filter(|row| !take_row(row, levels)).collect();
    let street = rows
        .iter()
        .position(|row| row.bytes().any(|b| b.is_ascii_digit()) && tokens(row).len() > 1);
    let mut others: Vec<Vec<String>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if Some(at) == street.filter(|&at| at < rows.len() - 1 || rows.len() < 2) {
            read_row_of_street(row, levels);
        } else {
            others.push(tokens(row));
        }
    }
    for row in others.iter_mut().rev().take(3) {
        take_postcode(row, levels);
        take_state(row, levels);
    }
    others.retain(|row| !row.is_empty());
    if levels.locality.is_empty()
        && let Some(row) = others.pop()
    {
        levels.locality = row.join(" ");
    }
    let mut words = vec![levels.road.clone()];
    words.extend(others.into_iter().map(|row| expanded(&row).join(" ")));
    words.retain(|words| !words.is_empty());
    levels.tokens = words.join(" ");
}

/// Takes a row of its own for a flat, a building or a country; false when the row is something else.
fn take_row(row: &str, levels: &mut Levels) -> bool {
    let words = tokens(row);
    if latin_addresses::COUNTRIES.contains(&words.join(" ").as_str()) {
        return true;
    }
    let [kind, name] = words.as_slice() else {
        return false;
    };
    if latin_addresses::UNIT_WORDS.contains(&kind.as_str()) {
        levels.room.clone_from(name);
    } else if kind == "building" || kind == "block" || kind == "tower" {
        levels.building.clone_from(name);
    } else {
        return false;
    }
    true
}

/// A street, perhaps with locality, state and postcode in one row: they start after the street's type.
fn read_row_of_street(row: &str, levels: &mut Levels) {
    read_street("", row, levels);
    let words: Vec<String> = levels.road.split(' ').map(str::to_owned).collect();
    let ends = words.iter().skip(1).position(|word| {
        latin_addresses::street_type(word).is_some() || latin_addresses::STREET_WORDS.contains(&word.as_str())
    });
    let Some(end) = ends.map(|at| at + 2).filter(|&end| end < words.len()) else {
        return;
    };
    let mut tail = words[end..].to_vec();
    levels.road = expanded(&words[..end]).join(" ");
    take_postcode(&mut tail, levels);
    take_state(&mut tail, levels);
    levels.locality = tail.join(" ");
}

/// A postcode at the end of a row.
fn take_postcode(row: &mut Vec<String>, levels: &mut Levels) {
    if !levels.postcode.is_empty() {
        return;
    }
    for length in [2, 1] {
        let Some(at) = row.len().checked_sub(length) else {
            continue;
        };
        let tail = &row[at..];
        let code = tail.concat().to_ascii_uppercase();
        let starts_like_one = length == 1 || tail.iter().all(|word| word.bytes().any(|b| b.is_ascii_digit()));
        let is_long_enough = (4..=9).contains(&code.len()) && code.bytes().any(|b| b.is_ascii_digit());
        if starts_like_one
            && is_long_enough
            && let Some(postcode) = standard_postcode(&code)
        {
            levels.postcode = postcode;
            row.truncate(at);
            return;
        }
    }
}

/// A state at the end of a row.
fn take_state(row: &mut Vec<String>, levels: &mut Levels) {
    if !levels.state.is_empty() {
        return;
    }
    for length in (1..=3.min(row.len())).rev() {
        let at = row.len() - length;
        if let Some(code) = latin_addresses::state_code(&row[at..].join(" ")) {
            levels.state = code.to_owned();
            row.truncate(at);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::field::FieldType;
    use crate::field::address::Address;

    /// Road, number, room, locality, state, postcode, tokens.
    fn check(raw: &str, expected: [&str; 7]) {
        let value = Address.standardise(raw);
        let parts = &value.items[0].parts;
        let got = [3, 4, 6, 7, 8, 9, 11].map(|at| parts[at].as_str());
        assert_eq!(got, expected, "{raw}");
    }

    #[test]
    fn columns_and_whole_addresses_give_the_same_parts() {
        check(
            "\u{1F}\u{1F}nsw\u{1F}\u{1F}\u{1F}castleton cres\u{1F}15\u{1F}montrose\u{1F}como\u{1F}4214",
            [
                "castleton crescent",
                "15",
                "",
                "como",
                "nsw",
                "4214",
                "castleton crescent montrose",
            ],
        );
        check(
            "15 Castleton Cres, Como, NSW 4214",
            [
                "castleton crescent",
                "15",
                "",
                "como",
                "nsw",
                "4214",
                "castleton crescent",
            ],
        );
        check(
            "3/18 St Kilda Rd, Melbourne VIC 3004",
            [
                "st kilda road",
                "18",
                "3",
                "melbourne",
                "vic",
                "3004",
                "st kilda road",
            ],
        );
        check(
            "1 High St, Nottingham, NG7 1FT",
            ["high street", "1", "", "nottingham", "", "NG7 1FT", "high street"],
        );
        check(
            "12 Main Street Springfield IL 62701",
            [
                "main street",
                "12",
                "",
                "springfield",
                "il",
                "62701",
                "main street",
            ],
        );
        check("\u{1F}\u{1F}\u{1F}Salford", ["", "", "", "salford", "", "", ""]);
    }
}
