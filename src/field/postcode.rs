//! Postcodes 邮政编码.
//!
//! In: text. Out: six digits for China, otherwise capitals as the country writes them (`NG7 1FT`, `12345-6789`, `2000`).
//! A country is not known here, so a lost leading zero is not put back.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;
use crate::reference::placeholders::is_repeated;

/// The field type.
pub(super) struct Postcode;

impl FieldType for Postcode {
    fn name(&self) -> &'static str {
        "postcode"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Postcode", "邮政编码"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("text")
    }
    fn masking(&self) -> &'static str {
        "address"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("100080", Some("100080")),
            ("５１８０５７", Some("518057")),
            ("ng71ft", Some("NG7 1FT")),
            ("ng7 1ft", Some("NG7 1FT")),
            ("12345-6789", Some("12345-6789")),
            ("2000", Some("2000")),
            ("000000", None),
            ("北京", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let Some(code) = cell::code_characters(&text) else {
        return cell::invalid("malformed");
    };
    if is_repeated(&code, 3) || matches!(code.as_str(), "123456" | "0" | "00" | "1") {
        return cell::placeholder();
    }
    match standard_postcode(&code) {
        Some(value) => cell::single(raw, ValueStatus::Valid, value, Vec::new()),
        None => cell::invalid("malformed"),
    }
}

/// Standard form of upper-case letters and digits; `None` when no country writes them so.
pub(super) fn standard_postcode(code: &str) -> Option<String> {
    let is_digits = code.bytes().all(|b| b.is_ascii_digit());
    let has_digit = code.bytes().any(|b| b.is_ascii_digit());
    match code.len() {
        3..=8 if is_digits => Some(code.to_owned()),
        9 if is_digits => Some(format!("{}-{}", &code[..5], &code[5..])),
        5..=7 if is_british(code) => Some(format!("{} {}", &code[..code.len() - 3], &code[code.len() - 3..])),
        3..=10 if has_digit => Some(code.to_owned()),
        _ => None,
    }
}

/// A letter first, and a digit and two letters last: the form of the United Kingdom.
fn is_british(code: &str) -> bool {
    let bytes = code.as_bytes();
    let (outward, inward) = bytes.split_at(bytes.len() - 3);
    outward[0].is_ascii_alphabetic()
        && outward.iter().any(u8::is_ascii_digit)
        && inward[0].is_ascii_digit()
        && inward[1..].iter().all(u8::is_ascii_alphabetic)
}

/// A Chinese postcode with the leading zero that a spreadsheet took: five digits that then begin 01 to 07.
pub(super) fn with_lost_zero(code: &str) -> Option<String> {
    let is_five = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    (is_five && matches!(code.as_bytes()[0], b'1'..=b'7')).then(|| format!("0{code}"))
}
