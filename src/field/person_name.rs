//! Names of contacts and representatives.
//!
//! In: a cell with one or several persons, perhaps with title, note in brackets or telephone. Out: one item a person with
//! its family and given name. A surname with a title is kept as suspicious; telephone numbers are left to their own
//! column.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::person;
use super::person::Person;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::simplify::simplify;

/// The field type.
pub(super) struct PersonName;

impl FieldType for PersonName {
    fn name(&self) -> &'static str {
        "person_name"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Name of a person", "人员姓名"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["full", "family", "given", "family_sound", "given_sound"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("person_name")
    }
    fn masking(&self) -> &'static str {
        "name"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("王 建国", Some("王建国")),
            ("联系人：李梅（财务）", Some("李梅")),
            ("王建国13812349876", Some("王建国")),
            ("歐陽娜娜 女士", Some("歐陽娜娜")),
            ("王总", Some("王总")),
            ("Dr. Jane  Doe-Smith", Some("Jane Doe-Smith")),
            ("ＺＨＡＮＧ San", Some("San ZHANG")),
            ("张三", None),
            ("13812349876", None),
            ("无", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let mut cell = cell::Cell::new(raw);
    let name = without_extras(&text);
    if has_han(&name) {
        for piece in name.split(['/', ';', '、', ',', '|', '和', '与', '&']) {
            for one in split_at_blanks(piece.trim()) {
                add_person(&mut cell, &one);
            }
        }
    } else {
        for piece in name.split(['/', ';', '|', '&']) {
            add_person(&mut cell, piece.trim());
        }
    }
    if cell.is_empty() && !name.chars().any(char::is_alphabetic) {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// The text without labels, notes in brackets and digits.
fn without_extras(text: &str) -> String {
    let text = match text.split_once(':') {
        Some((label, rest)) if label.chars().count() <= 6 && !rest.trim().is_empty() => rest,
        _ => text,
    };
    let mut text = text.to_owned();
    for label in ["联系电话", "电话", "手机号", "手机", "微信"] {
        text = text.replace(label, " ");
    }
    let mut depth = 0_u32;
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '0'..='9' | '+' => name.push(' '),
            c => name.push(c),
        }
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.trim_matches(|c: char| matches!(c, ' ' | '-' | ':' | '*'))
        .to_owned()
}

/// Two Chinese names with a blank between them; one name when either piece is too short to be a name.
fn split_at_blanks(piece: &str) -> Vec<String> {
    let words: Vec<&str> = piece.split(' ').filter(|word| !word.is_empty()).collect();
    let is_name = |word: &&str| person::is_han_person(&simplify(word));
    if words.len() > 1 && words.iter().all(is_name) {
        words.into_iter().map(str::to_owned).collect()
    } else {
        vec![join_han(piece)]
    }
}

fn add_person(cell: &mut cell::Cell, text: &str) {
    if !text.chars().any(char::is_alphabetic) {
        return;
    }
    let lower = simplify(&text.to_lowercase()).into_owned();
    if placeholders::NAMES.contains(&lower.as_str()) || placeholders::is_placeholder(&lower) {
        return cell.placeholder();
    }
    let person: Person = person::parse(text);
    let status = if person.is_surname_only {
        cell.issue("surname_only");
        ValueStatus::Suspicious
    } else if person.is_unlikely {
        cell.issue("suspicious");
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    };
    let [family_sound, given_sound] = person.sounds();
    let parts = vec![
        person.full,
        person.family,
        person.given,
        family_sound,
        given_sound,
    ];
    cell.item(status, person.value, parts);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_persons_of_a_cell_come_out_one_by_one() {
        let values = |raw: &str| -> Vec<String> {
            PersonName
                .standardise(raw)
                .items
                .into_iter()
                .map(|item| item.value)
                .collect()
        };
        assert_eq!(values("王建国/李梅"), ["王建国", "李梅"]);
        assert_eq!(values("王建国 李梅"), ["王建国", "李梅"]);
        assert_eq!(values("王建国、张三"), ["王建国"]);
        assert_eq!(
            PersonName.standardise("王总").findings[0].code.name,
            "surname_only"
        );
    }
}
