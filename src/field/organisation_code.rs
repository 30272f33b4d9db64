//! Organisation code 组织机构代码 (GB 11714-1997).
//!
//! In: text. Out: `XXXXXXXX-X` and the organisation key, nine characters. A code that fails its check is suspicious and has
//! no key; a unified social credit code in the column gives its positions 9–17.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::check_digits::passes_organisation;
use super::code_text;
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
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("91440300192181490G", "repaired"),
            ("19218149-O", "repaired"),
            ("１９２１８１４９－１", "check_digit"),
            ("11010519491231002X", "wrong_field"),
            ("13812349876", "wrong_field"),
            ("1.92E+08", "precision_lost"),
            ("19218", "malformed"),
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
        9 if passes_organisation(&code) => add(&mut cell, ValueStatus::Valid, &code, &code),
        9 if let Some(repaired) = with_check_digit(&code) => {
            cell.finding("repaired", [&code[8..], " → ", &repaired[8..]].concat());
            add(&mut cell, ValueStatus::Repaired, &repaired, &repaired);
        }
        9 => {
            cell.issue("check_digit");
            add(&mut cell, ValueStatus::Suspicious, &code, "");
        }
        18 => match uscc::read(&code).filter(|reading| passes_organisation(reading.key())) {
            Some(reading) => {
                cell.finding("repaired", [&reading.code, " → ", reading.key()].concat());
                add(&mut cell, ValueStatus::Repaired, reading.key(), reading.key());
            }
            None => refuse(&mut cell, &code),
        },
        _ => refuse(&mut cell, &code),
    }
    cell.finish()
}

/// The code with a digit for a letter in its last place, where only digits and X occur, when it then passes.
fn with_check_digit(code: &str) -> Option<String> {
    let (last, _) = code_text::with_digits_for_letters(&code[8..])?;
    let repaired = [&code[..8], &*last].concat();
    passes_organisation(&repaired).then_some(repaired)
}

fn add(cell: &mut Cell, status: ValueStatus, code: &str, key: &str) {
    let value = [&code[..8], "-", &code[8..]].concat();
    cell.item(status, value, cell::parts([key]));
}

fn refuse(cell: &mut Cell, code: &str) {
    match code_text::home_field(code) {
        Some(field) => cell.refused("wrong_field", field),
        None => cell.invalid("malformed"),
    }
}
