//! Unified social credit code 统一社会信用代码 (GB 32100-2015).
//!
//! In: text. Out: the 18 characters, the organisation key (positions 9–17, shared with the old organisation code and tax
//! number) and a grade: `strong` both checks pass, `medium` the organisation check only (real codes of 2015 do that),
//! `weak` the code's own check only. Letters that cannot occur are repaired when both checks then pass. A number of digits
//! only is often an ID card: it needs a known authority and the organisation check. Older codes found in the column give
//! their key and stay suspicious.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::check_digits::passes_id_card;
use super::check_digits::passes_organisation;
use super::check_digits::passes_uscc;
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
        &["organisation_key", "grade"]
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
            ("91350203M0001QKT19", Some("91350203M0001QKT19")),
            ("92141127MA0KD1Y64A", Some("92141127MA0KD1Y64A")),
            ("91310115MA1H8R7C6D", None),
            ("000000000000000000", None),
            ("123456789012345678", None),
            ("9.1440300192E+17", None),
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
    match cell::code_characters(&text) {
        Some(code) if cell::is_placeholder_code(&code) => cell::placeholder(),
        Some(code) => standardise_code(raw, &code),
        None => cell::invalid("malformed"),
    }
}

fn standardise_code(raw: &str, code: &str) -> StandardValue {
    let mut cell = cell::Cell::new(raw);
    match code.len() {
        18 => {
            let repaired = repair(code);
            match (grade(code), repaired) {
                (Some(grade), _) => {
                    let status = if grade == "strong" {
                        ValueStatus::Valid
                    } else {
                        cell.issue("check_digit");
                        ValueStatus::Suspicious
                    };
                    cell.item(status, code.to_owned(), cell::parts([&code[8..17], grade]));
                }
                (None, Some(repaired)) => {
                    cell.issue("repaired");
                    let parts = cell::parts([&repaired[8..17], "strong"]);
                    cell.item(ValueStatus::Repaired, repaired, parts);
                }
                (None, None) => cell.invalid("check_digit"),
            }
        }
        15 if passes_organisation(&code[6..15]) => older(&mut cell, code, &code[6..15]),
        9 if passes_organisation(code) => older(&mut cell, code, code),
        _ => cell.invalid("malformed"),
    }
    cell.finish()
}

fn older(cell: &mut cell::Cell, code: &str, key: &str) {
    cell.issue("suspicious");
    cell.item(
        ValueStatus::Suspicious,
        code.to_owned(),
        cell::parts([key, "weak"]),
    );
}

/// Grade of 18 upper-case characters; `None` when nothing speaks for them.
pub(super) fn grade(code: &str) -> Option<&'static str> {
    let organisation = code.get(8..17).is_some_and(passes_organisation);
    let is_digits = code.bytes().all(|b| b.is_ascii_digit());
    let is_person = passes_id_card(code) && !(organisation && is_known_authority(code));
    match (passes_uscc(code), organisation) {
        _ if is_person => None,
        (true, true) if !is_digits || is_known_authority(code) => Some("strong"),
        (false, true) if is_known_authority(code) => Some("medium"),
        (true, false) if !is_digits && is_known_authority(code) => Some("weak"),
        _ => None,
    }
}

/// Are the authority and category of GB 32100-2015, table 1?
fn is_known_authority(code: &str) -> bool {
    let Some(pair) = code.as_bytes().first_chunk::<2>() else {
        return false;
    };
    match pair[0] {
        b'1' => b"1239".contains(&pair[1]),
        b'2' | b'4' | b'7' | b'8' | b'A' => b"19".contains(&pair[1]),
        b'3' => b"123459".contains(&pair[1]),
        b'5' | b'9' | b'N' => b"1239".contains(&pair[1]),
        b'6' => b"129".contains(&pair[1]),
        b'Y' => pair[1] == b'1',
        _ => false,
    }
}

/// The code with I, O, S, Z read as digits, when both checks then pass.
fn repair(code: &str) -> Option<String> {
    let repaired: String = code
        .chars()
        .map(|c| match c {
            'I' => '1',
            'O' => '0',
            'Z' => '2',
            'S' => '5',
            c => c,
        })
        .collect();
    (grade(&repaired) == Some("strong")).then_some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_follow_the_two_checks() {
        assert_eq!(grade("91440300192181490G"), Some("strong"));
        assert_eq!(grade("91350203M0001QKT19"), Some("medium"));
        assert_eq!(grade("91310115MA1H8R7C6D"), None);
        assert_eq!(grade("11010519491231002X"), None);
    }

    #[test]
    fn three_generations_share_the_organisation_key() {
        let key = |raw| Uscc.standardise(raw).items[0].parts[0].clone();
        assert_eq!(key("91440300192181490G"), "192181490");
        assert_eq!(key("440300192181490"), "192181490");
        assert_eq!(key("19218149-0"), "192181490");
    }
}
