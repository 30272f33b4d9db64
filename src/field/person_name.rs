//! Names of contacts and representatives.
//!
//! In: a cell with one or several persons, perhaps with title, note in brackets or telephone. Out: one item a person with
//! its family and given name and title. A surname with a title is kept as suspicious, a title alone is a stop-gap.
//! Telephone numbers and mail addresses beside a name are told (`wrong_field`) and left to the record's other fields.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::person;
use super::person::Person;
use super::person_latin;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::script::is_han;
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
        &[
            "full",
            "family",
            "given",
            "family_sound",
            "given_sound",
            "middle",
            "title",
        ]
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
            ("经理", None),
            ("无", None),
            ("买买提．吐尔逊", Some("买买提·吐尔逊")),
            ("财务部李小梅", Some("李小梅")),
            ("John \"Jack\" Smith", Some("John Smith")),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("王总", "surname_only"),
            ("财务部王会计", "surname_only"),
            ("王建国13812349876", "wrong_field"),
            ("Jane Smith jane@acme.com", "wrong_field"),
            ("北京华夏科技有限公司", "wrong_field"),
            ("女士", "placeholder"),
            ("经理", "placeholder"),
            ("13812349876", "malformed"),
            ("咪咪咪咪", "suspicious"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let mut cell = cell::Cell::new(raw);
    if let Some(field) = foreign_field(&text) {
        cell.finding("wrong_field", field);
    }
    let name = without_extras(&text);
    let separators: &[char] = if has_han(&name) {
        &['/', ';', '、', ',', '|', '&', '+']
    } else {
        &['/', ';', '|']
    };
    for piece in name.split(separators).map(str::trim) {
        add_piece(&mut cell, piece);
    }
    if cell.is_empty() && !name.chars().any(char::is_alphabetic) {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// The field to which something in the cell belongs: a telephone number, a mail address, a company's name.
fn foreign_field(text: &str) -> Option<&'static str> {
    if text.contains('@') {
        return Some("emails");
    }
    if has_phone(text) {
        return Some("phones");
    }
    let is_company = text.ends_with("公司") && text.chars().nth(4).is_some();
    is_company.then_some("customer_name")
}

/// Does the text hold seven digits or more in a row, hyphens and blanks between them allowed?
pub(super) fn has_phone(text: &str) -> bool {
    const DIGITS_MIN: usize = 7;
    let mut digits = 0;
    text.chars().any(|c| {
        match c {
            '0'..='9' => digits += 1,
            '-' | ' ' => {}
            _ => digits = 0,
        }
        digits >= DIGITS_MIN
    })
}

/// The text without labels, mail addresses, digits, and brackets that hold neither title nor nickname.
pub(super) fn without_extras(text: &str) -> String {
    let text = match text.split_once(':') {
        Some((label, rest)) if label.chars().count() <= 6 && !rest.trim().is_empty() => rest,
        _ => text,
    };
    if text.chars().all(is_han) {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    for label in ["联系电话", "电话", "手机号", "手机", "微信"] {
        if text.contains(label) {
            text = text.replace(label, " ");
        }
    }
    let mut name = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, bracket)) = rest.split_once('(') {
        push_name(before, &mut name);
        let (inner, after) = bracket.split_once(')').unwrap_or((bracket, ""));
        let is_kept = person::is_title(&simplify(inner)) || is_nickname(inner);
        if is_kept {
            name.extend(["(", inner, ")"]);
        }
        rest = after;
    }
    push_name(rest, &mut name);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.trim_matches(|c: char| matches!(c, ' ' | '-' | ':' | '*'))
        .to_owned()
}

fn is_nickname(inner: &str) -> bool {
    !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphabetic())
}

/// Appends the words of a name; digits and mail addresses become blanks.
fn push_name(text: &str, name: &mut String) {
    for word in text.split(' ').filter(|word| !word.contains('@')) {
        name.push(' ');
        let plain = word.chars().filter(|c| *c != ')');
        name.extend(plain.map(|c| if c.is_ascii_digit() || c == '+' { ' ' } else { c }));
    }
    if text.is_empty() || text.ends_with(' ') {
        name.push(' ');
    }
}

/// Adds the person or persons of a piece of the cell.
fn add_piece(cell: &mut cell::Cell, piece: &str) {
    if !has_han(piece) {
        match person_latin::couple(piece) {
            Some(persons) => persons.iter().for_each(|person| add_person(cell, person)),
            None => piece
                .split('&')
                .for_each(|person| add_person(cell, person.trim())),
        }
        return;
    }
    for one in split_at_blanks(piece) {
        let both = ['和', '与'].iter().find_map(|&and| {
            let (left, right) = one.split_once(and)?;
            (is_name(left) && is_name(right)).then_some([left, right])
        });
        match both {
            Some(persons) => persons.iter().for_each(|person| add_person(cell, person)),
            None => add_person(cell, &one),
        }
    }
}

fn is_name(text: &str) -> bool {
    text.chars().nth(1).is_some() && person::is_han_person(&simplify(text))
}

/// Two Chinese names with a blank between them; one name when either piece is too short to be a name.
fn split_at_blanks(piece: &str) -> Vec<String> {
    let words: Vec<&str> = piece.split(' ').filter(|word| !word.is_empty()).collect();
    if words.len() > 1 && words.iter().all(|word| is_name(word)) {
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
    let is_stop_gap = placeholders::NAMES.contains(&lower.as_str()) || placeholders::is_placeholder(&lower);
    if is_stop_gap || person::is_title(&lower) {
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
        person.middle,
        person.title,
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
        assert_eq!(values("王和平"), ["王和平"]);
        assert_eq!(values("王建国和李梅"), ["王建国", "李梅"]);
        assert_eq!(values("John & Mary Smith"), ["John Smith", "Mary Smith"]);
        assert_eq!(
            PersonName.standardise("王总").findings[0].code.name,
            "surname_only"
        );
    }
}
