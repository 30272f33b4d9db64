//! Identifiers without a rule of their own: passports, Hong Kong business registrations, numbers of other systems.
//!
//! In: text. Out: letters and digits in upper case; `_` is kept because names of accounts hold it, other marks and blanks
//! are dropped. Codes of one character throughout and known fakes are stop-gaps.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::code_text;
use crate::model::ValueStatus;
use crate::reference::placeholders;

/// The field type.
pub(super) struct Code;

impl FieldType for Code {
    fn name(&self) -> &'static str {
        "code"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Identifier", "标识码"]
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
            ("e12345678", Some("E12345678")),
            ("Ｇ-1234 5678", Some("G12345678")),
            ("wx_abc99", Some("WX_ABC99")),
            ("京字第007号", Some("京字第007号")),
            ("6056886", Some("6056886")),
            ("1.1E+10", None),
            ("00000000", None),
            ("暂无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[("1.1E+10", "precision_lost"), ("０００００", "placeholder")]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let line = match code_text::line(raw) {
        Ok(line) => line,
        Err(answer) => return answer,
    };
    let code: String = line
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if placeholders::is_code(&code) {
        return cell::placeholder();
    }
    cell::single(raw, ValueStatus::Valid, code, Vec::new())
}
