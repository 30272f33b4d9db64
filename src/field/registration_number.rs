//! Business registration number 工商注册号 (GS 15-2006).
//!
//! In: text. Out: 15 digits with check digit, or 13 digits from before 2007, which have none. A unified social credit code
//! in the column is kept, because it replaced the number in 2015. Numbers of other countries are kept as codes.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::check_digits::passes_registration;
use super::uscc;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct RegistrationNumber;

impl FieldType for RegistrationNumber {
    fn name(&self) -> &'static str {
        "registration_number"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Registration number", "工商注册号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[]
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
            ("110108002734659", Some("110108002734659")),
            ("４４０３０１１０３０９７４１３", Some("440301103097413")),
            ("330100-400013364", Some("330100400013364")),
            ("110108002734658", Some("110108002734658")),
            ("1101082734659", Some("1101082734659")),
            ("HRB 86891", Some("HRB86891")),
            ("777777777777777", None),
            ("123456789012345", None),
            ("无", None),
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
    let Some(code) = cell::code_characters(&text) else {
        return cell::invalid("malformed");
    };
    if cell::is_placeholder_code(&code) {
        return cell::placeholder();
    }
    let is_digits = code.bytes().all(|b| b.is_ascii_digit());
    let mut cell = cell::Cell::new(raw);
    match code.len() {
        15 if is_digits && !passes_registration(&code) => {
            cell.issue("check_digit");
            cell.item(ValueStatus::Suspicious, code, Vec::new());
        }
        18 if uscc::grade(&code).is_none() => cell.invalid("check_digit"),
        5..=18 => cell.item(ValueStatus::Valid, code, Vec::new()),
        _ => cell.invalid("malformed"),
    }
    cell.finish()
}
