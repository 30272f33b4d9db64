//! Organisation code 组织机构代码 (GB 11714-1997).
//!
//! In: text. Out: `XXXXXXXX-X` and the organisation key, nine characters. A code that fails its check is suspicious and has
//! no key; a unified social credit code in the column gives its positions 9–17.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::check_digits::passes_organisation;
use super::uscc;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct OrganisationCode;

impl FieldType for OrganisationCode {
    fn name(&self) -> &'static str {
        "organisation_code"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Organisation code", "组织机构代码"]
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
            ("19218149-0", Some("19218149-0")),
            ("７１０９２５４６２", Some("71092546-2")),
            ("ma0kd1y64", Some("MA0KD1Y6-4")),
            ("91440300192181490G", Some("19218149-0")),
            ("192181491", Some("19218149-1")),
            ("000000000", None),
            ("待补", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    match cell::code_characters(&text) {
        Some(code) if cell::is_placeholder_code(&code) => cell::placeholder(),
        Some(code) => standardise_code(raw, &code),
        None => cell::invalid("malformed"),
    }
}

fn standardise_code(raw: &str, code: &str) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    let key = match code.len() {
        9 => code,
        18 if uscc::grade(code).is_some() => {
            cell.issue("repaired");
            &code[8..17]
        }
        _ => return cell::invalid("malformed"),
    };
    let value = format!("{}-{}", &key[..8], &key[8..]);
    if passes_organisation(key) {
        let status = if code.len() == 9 {
            ValueStatus::Valid
        } else {
            ValueStatus::Repaired
        };
        cell.item(status, value, cell::parts([key]));
    } else {
        cell.issue("check_digit");
        cell.item(ValueStatus::Suspicious, value, cell::parts([""]));
    }
    cell.finish()
}
