//! Unified social credit code 统一社会信用代码 (GB 32100-2015).
//!
//! In: text. Out: the 18 characters, the organisation key (positions 9–17, shared with the old organisation code and tax
//! number), a grade, the division of the registering office (positions 3–8, which may be a zone that GB/T 2260 lacks) and
//! the kind of organisation (positions 1–2). Grades: `strong` both checks pass, `medium` the organisation check only (real
//! codes of 2015 do that), `weak` the code's own check only. Letters that cannot occur are repaired when both checks then
//! pass. A number of digits only is often an ID card: it needs a known authority and the organisation check. Older codes
//! found in the column give their key and stay suspicious; ID cards and telephone numbers are named as what they are.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::check_digits::passes_id_card;
use super::check_digits::passes_organisation;
use super::check_digits::passes_uscc;
use super::code_text;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct Uscc;

impl FieldType for Uscc {
    fn name(&self) -> &'static str {
        "uscc"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Unified social credit code", "统一社会信用代码"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["organisation_key", "grade", "region", "kind"]
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
            ("９１３３０１００７９９６５５０５８Ｂ", Some("91330100799655058B")),
            ("9111 0000 7109 2546 2x", Some("91110000710925462X")),
            ("9144O3OOI92I8I49OG", Some("91440300192181490G")),
            ("=\"91440300192181490G\"", Some("91440300192181490G")),
            ("信用代码：91330105MACPN4X08Y", Some("91330105MACPN4X08Y")),
            ("91350203M0001QKT19", Some("91350203M0001QKT19")),
            ("92141127MA0KD1Y64A", Some("92141127MA0KD1Y64A")),
            ("91310115MA1H8R7C6D", None),
            ("000000000000000000", None),
            ("123456789012345678", None),
            ("9.1440300192E+17", None),
            ("无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("9144O3OOI92I8I49OG", "repaired"),
            ("91350203M0001QKT19", "check_digit"),
            ("91310115MA1H8R7C6D", "check_digit"),
            ("９１３５０１００M000100Y4Z", "check_digit"),
            ("11010519491231002X", "wrong_field"),
            ("13812349876", "wrong_field"),
            ("19218149-0", "wrong_field"),
            ("9.1440300192E+17", "precision_lost"),
            ("914403001922182000", "precision_lost"),
            ("000000000000000000", "placeholder"),
            ("暂无代码证", "malformed"),
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
        18 => match read(&code) {
            Some(reading) => {
                let status = reading.note(&mut cell);
                let parts = reading.parts();
                cell.item(status, reading.code, parts);
            }
            None => refuse(&mut cell, &code),
        },
        15 if passes_organisation(&code[6..15]) => older(&mut cell, &code, &code[6..15], "tax_number"),
        9 if passes_organisation(&code) => older(&mut cell, &code, &code, "organisation_code"),
        _ => match code_text::home_field(&code) {
            Some(field) => cell.refused("wrong_field", field),
            None => cell.invalid("malformed"),
        },
    }
    cell.finish()
}

/// Eighteen characters that no check speaks for.
fn refuse(cell: &mut Cell, code: &str) {
    match code_text::home_field(code) {
        Some(field) => cell.refused("wrong_field", field),
        None if code_text::is_cut(code) => cell.invalid("precision_lost"),
        None => cell.invalid("check_digit"),
    }
}

/// A code of an older generation: its key is worth having, the value is none of this field.
fn older(cell: &mut Cell, code: &str, key: &str, field: &'static str) {
    cell.doubt("wrong_field", field);
    let parts = cell::parts([key, "weak", "", ""]);
    cell.item(ValueStatus::Suspicious, code.to_owned(), parts);
}

/// A unified social credit code as read.
pub(super) struct Reading {
    /// The 18 characters, repaired where that was safe.
    pub(super) code: String,
    grade: &'static str,
    repair: Option<String>,
}

impl Reading {
    /// The organisation key.
    pub(super) fn key(&self) -> &str {
        &self.code[8..17]
    }

    /// Notes repair or doubt, and says what the standing of the code is.
    pub(super) fn note(&self, cell: &mut Cell) -> ValueStatus {
        if let Some(repair) = &self.repair {
            cell.finding("repaired", repair.clone());
            ValueStatus::Repaired
        } else if self.grade == "strong" {
            ValueStatus::Valid
        } else {
            cell.issue("check_digit");
            ValueStatus::Suspicious
        }
    }

    fn parts(&self) -> Vec<String> {
        let kind = kind(&self.code).unwrap_or_default();
        cell::parts([self.key(), self.grade, &self.code[2..8], kind])
    }
}

/// Reads 18 upper-case characters; `None` when nothing speaks for them, even with letters read as digits.
pub(super) fn read(code: &str) -> Option<Reading> {
    if let Some(grade) = grade(code) {
        return Some(Reading {
            code: code.to_owned(),
            grade,
            repair: None,
        });
    }
    let (repaired, done) = code_text::with_digits_for_letters(code)?;
    (grade(&repaired) == Some("strong")).then_some(Reading {
        code: repaired,
        grade: "strong",
        repair: Some(done),
    })
}

/// Grade of 18 upper-case characters; `None` when nothing speaks for them.
pub(super) fn grade(code: &str) -> Option<&'static str> {
    let organisation = code.get(8..17).is_some_and(passes_organisation);
    let is_known = kind(code).is_some();
    let is_digits = code.bytes().all(|b| b.is_ascii_digit());
    // The organisation check alone knows letters that the code cannot hold.
    let is_written_so = code
        .bytes()
        .all(|b| !matches!(b, b'I' | b'O' | b'S' | b'V' | b'Z'));
    match (passes_uscc(code), organisation) {
        (true, true) if !is_digits || is_known => Some("strong"),
        _ if passes_id_card(code) && !(organisation && is_known) => None,
        (false, true) if is_known && is_written_so => Some("medium"),
        (true, false) if !is_digits && is_known => Some("weak"),
        _ => None,
    }
}

/// Kind of organisation by the authority and category of GB 32100-2015, table 1; `None` for pairs that it lacks.
fn kind(code: &str) -> Option<&'static str> {
    let &[authority, category] = code.as_bytes().first_chunk::<2>()?;
    Some(match (authority, category) {
        (b'1', b'1') => "government",
        (b'1', b'2') => "institution",
        (b'1', b'3') => "mass_organisation",
        (b'2', b'1' | b'9') => "foreign_mission",
        (b'3', b'1'..=b'5' | b'9') => "legal_service",
        (b'4', b'1' | b'9') => "culture",
        (b'5', b'1') => "society",
        (b'5', b'2') => "private_institution",
        (b'5', b'3') => "foundation",
        (b'6', b'1' | b'2' | b'9') => "tourism",
        (b'7', b'1' | b'2' | b'9') => "religion",
        (b'8', b'1' | b'9') => "trade_union",
        (b'9', b'1') => "enterprise",
        (b'9', b'2') => "sole_trader",
        (b'9', b'3') => "cooperative",
        (b'A', b'1' | b'9') => "military",
        (b'N', b'1'..=b'3' | b'9') => "rural_collective",
        (b'1' | b'5' | b'9', b'9') | (b'Y', b'1') => "other",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_follow_the_two_checks() {
        assert_eq!(grade("91440300192181490G"), Some("strong"));
        assert_eq!(grade("91350203M0001QKT19"), Some("medium"));
        assert_eq!(grade("91310115MA1H8R7C6D"), None);
        assert_eq!(grade("91350100M000100Y4Z"), None);
        assert_eq!(grade("11010519491231002X"), None);
    }

    #[test]
    fn three_generations_share_the_organisation_key() {
        let key = |raw| Uscc.standardise(raw).items[0].parts[0].clone();
        assert_eq!(key("91440300192181490G"), "192181490");
        assert_eq!(key("440300192181490"), "192181490");
        assert_eq!(key("19218149-0"), "192181490");
    }

    #[test]
    fn office_and_kind_are_read_off() {
        let parts = |raw| Uscc.standardise(raw).items[0].parts.clone();
        assert_eq!(
            parts("91440300192181490G")[1..],
            ["strong", "440300", "enterprise"]
        );
        assert_eq!(parts("92141127MA0KD1Y64A")[2..], ["141127", "sole_trader"]);
        assert_eq!(parts("12440600MB2C07549J")[3], "institution");
    }

    #[test]
    fn repairs_and_other_fields_are_named() {
        let finding = |raw: &str| {
            let value = Uscc.standardise(raw);
            (value.status, value.findings[0].evidence.to_string())
        };
        assert_eq!(
            finding("9144O3OOI92I8I49OG"),
            (ValueStatus::Repaired, "O → 0, I → 1".to_owned())
        );
        assert_eq!(
            finding("11010519491231002X"),
            (ValueStatus::Invalid, "id_card".to_owned())
        );
        assert_eq!(
            finding("13812349876"),
            (ValueStatus::Invalid, "phones".to_owned())
        );
    }
}
