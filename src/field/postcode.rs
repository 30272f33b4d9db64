//! Postcodes 邮政编码.
//!
//! In: text. Out: six digits for China, otherwise capitals as the country writes them (`NG7 1FT`, `12345-6789`, `2000`).
//! A country is not known here: a lost leading zero is put back only before the codes of Chinese head offices, which end
//! in 00 (37100 → 037100); `address` knows more.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::code_text;
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
            ("m5v2t6", Some("M5V 2T6")),
            ("D02X285", Some("D02 X285")),
            ("1016dw", Some("1016 DW")),
            ("80331", Some("80331")),
            ("37100", Some("037100")),
            ("000000", None),
            ("北京", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("37100", "repaired"),
            ("０００００", "placeholder"),
            ("北京", "malformed"),
            ("A", "malformed"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let Some(code) = code_text::code_characters(&text) else {
        return cell::invalid("malformed");
    };
    if is_repeated(&code, 3) || matches!(code.as_str(), "123456" | "0" | "00" | "1") {
        return cell::placeholder();
    }
    // Without a country, five digits may be those of another one: only codes of head offices (37100) are surely Chinese.
    if code.ends_with("00")
        && let Some(value) = with_lost_zero(&code)
    {
        let mut cell = cell::Cell::new(raw);
        cell.finding("repaired", format!("{code} → {value}"));
        cell.item(ValueStatus::Repaired, value, Vec::new());
        return cell.finish();
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
        5..=7 if has_digit && code.is_ascii() => Some(match gap(code) {
            Some(at) => format!("{} {}", &code[..at], &code[at..]),
            None => code.to_owned(),
        }),
        3..=10 if has_digit => Some(code.to_owned()),
        _ => None,
    }
}

/// Where a country writes a blank: NG7 1FT (United Kingdom), M5V 2T6 (Canada), D02 X285 (Ireland), 1016 DW (Netherlands).
fn gap(code: &str) -> Option<usize> {
    // Letters as A, digits as 9.
    let mut form = [0_u8; 7];
    for (slot, byte) in form.iter_mut().zip(code.bytes()) {
        *slot = if byte.is_ascii_digit() { b'9' } else { b'A' };
    }
    match &form[..code.len()] {
        b"A99AA" => Some(2),
        b"A999AA" | b"AA99AA" | b"A9A9AA" | b"A9A9A9" => Some(3),
        b"AA999AA" | b"AA9A9AA" | b"9999AA" => Some(4),
        [b'A', b'9', b'9', _, _, _, _] | [b'A', b'9', b'A', _, _, _, _] => Some(3),
        _ => None,
    }
}

/// A Chinese postcode with the leading zero that a spreadsheet took: five digits that then begin 01 to 07.
pub(super) fn with_lost_zero(code: &str) -> Option<String> {
    let is_five = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    (is_five && matches!(code.as_bytes()[0], b'1'..=b'7')).then(|| format!("0{code}"))
}
