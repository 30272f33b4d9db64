//! Taxpayer number 纳税人识别号.
//!
//! In: text. Out: upper-case code and the organisation key: positions 9–17 of a unified social credit code, the last nine
//! of the old 15-character number. Numbers of sole traders begin with an ID card number: they have no key and are as
//! sensitive as the card.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::check_digits::passes_id_card;
use super::check_digits::passes_organisation;
use super::uscc;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct TaxNumber;

impl FieldType for TaxNumber {
    fn name(&self) -> &'static str {
        "tax_number"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Tax number", "纳税人识别号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["organisation_key"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("organisation_key")
    }
    fn masking(&self) -> &'static str {
        "id"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("91440300192181490G", Some("91440300192181490G")),
            ("440300192181490", Some("440300192181490")),
            ("４４０３００ 192181490", Some("440300192181490")),
            ("11010519491231002X00", Some("11010519491231002X00")),
            ("DE 123456789", Some("DE123456789")),
            ("1.23457E+14", None),
            ("111111111111111", None),
            ("暂无", None),
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
    match code.len() {
        18 if uscc::grade(code) == Some("strong") => {
            cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([&code[8..17]]));
        }
        18 if uscc::grade(code).is_some() => {
            cell.issue("check_digit");
            cell.item(
                ValueStatus::Suspicious,
                code.to_owned(),
                cell::parts([&code[8..17]]),
            );
        }
        17 | 18 | 20 if code.get(..18).is_some_and(passes_id_card) => {
            cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([""]));
        }
        15 if passes_organisation(&code[6..15]) => {
            cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([&code[6..15]]));
        }
        15 | 17 | 18 | 20 => {
            cell.issue("check_digit");
            cell.item(ValueStatus::Suspicious, code.to_owned(), cell::parts([""]));
        }
        // Tax numbers of other countries have 8 to 14 characters.
        8..=14 => cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([""])),
        _ => cell.invalid("malformed"),
    }
    cell.finish()
}
