//! Codes of bank branches: CNAPS 联行号 and BIC.
//!
//! In: text. Out: the 12 digits of the People's Bank's system (3 bank, 4 place, 4 branch, 1 check; the rule of the check is
//! not public, so form alone is judged) or the 8 or 11 characters of ISO 9362, with the bank as part. Branch names are text.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::code_text;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct BankCode;

impl FieldType for BankCode {
    fn name(&self) -> &'static str {
        "bank_code"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Bank branch code", "开户行联行号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["bank"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        None
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("102584002345", Some("102584002345")),
            ("１０２５ ８４００ ２３４５", Some("102584002345")),
            ("行号：308584001016", Some("308584001016")),
            ("icbkcnbjszn", Some("ICBKCNBJSZN")),
            ("1.02584E+11", None),
            ("000000000000", None),
            ("工商银行", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("10258400234", "malformed"),
            ("１０２５８４００２３４５６", "malformed"),
            ("13812349876", "wrong_field"),
            ("工商银行", "malformed"),
            ("1.02584E+11", "precision_lost"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let code = match code_text::code(raw) {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    let bytes = code.as_bytes();
    let bank_length = match bytes.len() {
        12 if bytes.iter().all(u8::is_ascii_digit) => 3,
        8 | 11 if bytes[..6].iter().all(u8::is_ascii_alphabetic) => 4,
        _ => {
            return match code_text::home_field(&code) {
                Some(field) => cell::wrong_field(field),
                None => cell::invalid("malformed"),
            };
        }
    };
    let parts = cell::parts([&code[..bank_length]]);
    cell.item(ValueStatus::Valid, code.into_owned(), parts);
    cell.finish()
}
