//! Business registration number 工商注册号 (GS 15-2006).
//!
//! In: text. Out: 15 digits with check digit, or 13 digits from before 2007, which have none, with the kind of business that
//! the seventh digit tells. A unified social credit code in the column is kept, because it replaced the number in 2015.
//! Numbers of other countries are kept as codes.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::check_digits::passes_registration;
use super::code_text;
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
        &["kind"]
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
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("110108002734658", "check_digit"),
            ("１１０１０８００２７３４６５８", "check_digit"),
            ("11O1O8OO2734659", "repaired"),
            ("11010519491231002X", "wrong_field"),
            ("13812349876", "wrong_field"),
            ("1.10108E+14", "precision_lost"),
            ("777777777777777", "placeholder"),
            ("注册号不全", "malformed"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let code = match code_text::code(raw) {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    match code.len() {
        15 => add_fifteen(&mut cell, &code),
        18 => match uscc::read(&code) {
            Some(reading) => {
                let status = reading.note(&mut cell);
                cell.item(status, reading.code, cell::parts(["uscc"]));
            }
            None => match code_text::home_field(&code) {
                Some(field) => cell.refused("wrong_field", field),
                None => cell.invalid("check_digit"),
            },
        },
        11 if code_text::is_mobile(&code) => cell.refused("wrong_field", "phones"),
        13 if is_digits(&code) => {
            let kind = kind(&code);
            cell.item(ValueStatus::Valid, code.into_owned(), cell::parts([kind]));
        }
        5..=18 => cell.item(ValueStatus::Valid, code.into_owned(), cell::parts([""])),
        _ => cell.invalid("malformed"),
    }
    cell.finish()
}

fn is_digits(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_digit())
}

fn add_fifteen(cell: &mut Cell, code: &str) {
    if passes_registration(code) {
        return cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([kind(code)]));
    }
    if let Some((repaired, done)) = code_text::with_digits_for_letters(code)
        && passes_registration(&repaired)
    {
        cell.finding("repaired", done);
        let parts = cell::parts([kind(&repaired)]);
        return cell.item(ValueStatus::Repaired, repaired, parts);
    }
    if is_digits(code) {
        cell.doubt("check_digit", "");
    }
    let kind = if is_digits(code) { kind(code) } else { "" };
    cell.item(ValueStatus::Valid, code.to_owned(), cell::parts([kind]));
}

/// Kind of business by the seventh digit, GS 15-2006 clause 4.3.
fn kind(code: &str) -> &'static str {
    match code.as_bytes().get(6) {
        Some(b'0'..=b'3') => "domestic",
        Some(b'4' | b'5') => "foreign_invested",
        Some(b'6'..=b'9') => "sole_trader",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventh_digit_tells_the_kind() {
        let kind = |raw| RegistrationNumber.standardise(raw).items[0].parts[0].clone();
        assert_eq!(kind("110108002734659"), "domestic");
        assert_eq!(kind("330100400013364"), "foreign_invested");
        assert_eq!(kind("91440300192181490G"), "uscc");
        assert_eq!(kind("HRB86891"), "");
    }
}
