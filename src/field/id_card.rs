//! Identity card numbers 身份证号 (GB 11643-1999) and the documents that stand in their place.
//!
//! In: text. Out: 18 characters with birth date and gender. Numbers of 15 digits get their century and check character; a
//! wrong check is suspicious, an impossible birth date is invalid. Hong Kong and Taiwan cards are checked by their own
//! rules; passports and travel permits are known by form only. Residence permits of 810000, 820000, 830000 and of
//! foreigners (9…) follow the same rule.

use super::FieldType;
use super::StandardValue;
use super::calendar::is_date;
use super::cell;
use super::check_digits::id_card_check;
use super::check_digits::passes_hong_kong_id;
use super::check_digits::passes_id_card;
use super::check_digits::passes_taiwan_id;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct IdCard;

impl FieldType for IdCard {
    fn name(&self) -> &'static str {
        "id_card"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["ID card number", "身份证号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["birth_date", "gender"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("identifier")
    }
    fn masking(&self) -> &'static str {
        "id"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("11010519491231002x", Some("11010519491231002X")),
            ("４４０５２４１８８００１０１００１４", Some("440524188001010014")),
            ("110105491231002", Some("11010519491231002X")),
            ("110105 19491231 0021", Some("110105194912310021")),
            ("A123456(3)", Some("A1234563")),
            ("护照E12345678", None),
            ("E12345678", Some("E12345678")),
            ("110105194913310021", None),
            ("110101199001011237", None),
            ("666666666666666666", None),
            ("1.10105E+17", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    if cell::is_scientific(&text) {
        return cell::invalid("precision_lost");
    }
    match cell::code_characters(&text) {
        Some(code) if cell::is_placeholder_code(&code) => cell::placeholder(),
        Some(code) => standardise_code(raw, &code),
        None => cell::invalid("malformed"),
    }
}

fn standardise_code(raw: &str, code: &str) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    let is_digits = code.bytes().all(|b| b.is_ascii_digit());
    match code.len() {
        15 if is_digits => {
            let body = format!("{}19{}", &code[..6], &code[6..]);
            match (birth_date(&body), id_card_check(&body)) {
                (Some(date), Some(check)) => {
                    cell.issue("repaired");
                    let parts = vec![date, gender(&body).to_owned()];
                    cell.item(ValueStatus::Repaired, format!("{body}{check}"), parts);
                }
                _ => cell.invalid("malformed"),
            }
        }
        18 if code[..17].bytes().all(|b| b.is_ascii_digit()) => match birth_date(code) {
            Some(date) => {
                let mut status = ValueStatus::Valid;
                if !passes_id_card(code) {
                    cell.issue("check_digit");
                    status = ValueStatus::Suspicious;
                }
                let parts = vec![date, gender(code).to_owned()];
                cell.item(status, code.to_owned(), parts);
            }
            None => cell.invalid("malformed"),
        },
        _ => add_other_document(&mut cell, code),
    }
    cell.finish()
}

fn add_other_document(cell: &mut cell::Cell, code: &str) {
    if passes_taiwan_id(code) {
        let gender = if code.as_bytes()[1] == b'1' {
            "male"
        } else {
            "female"
        };
        cell.item(ValueStatus::Valid, code.to_owned(), cell::parts(["", gender]));
    } else if passes_hong_kong_id(code) || is_travel_document(code) {
        cell.item(ValueStatus::Valid, code.to_owned(), cell::parts(["", ""]));
    } else {
        cell.invalid("malformed");
    }
}

/// One or two letters and seven to ten digits: passports and travel permits.
fn is_travel_document(code: &str) -> bool {
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &code[letters..];
    matches!(letters, 1 | 2) && matches!(digits.len(), 7..=10) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Birth date of the first 14 digits, when it is a date.
fn birth_date(body: &str) -> Option<String> {
    let date = body.get(6..14)?;
    let (year, month, day) = (
        date[..4].parse().ok()?,
        date[4..6].parse().ok()?,
        date[6..].parse().ok()?,
    );
    let is_possible = (1850..=2100).contains(&year) && is_date(year, month, day);
    is_possible.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn gender(body: &str) -> &'static str {
    if body.as_bytes()[16] % 2 == 1 {
        "male"
    } else {
        "female"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_date_and_gender_come_from_the_number() {
        let value = IdCard.standardise("11010519491231002X");
        assert_eq!(value.items[0].parts, ["1949-12-31", "female"]);
        assert_eq!(value.status, ValueStatus::Valid);
        assert_eq!(
            IdCard.standardise("110105491231002").items[0].parts,
            ["1949-12-31", "female"]
        );
    }
}
