//! Identity card numbers 身份证号 (GB 11643-1999) and the documents that stand in their place.
//!
//! In: text. Out: 18 characters with birth date, gender, the division that issued it and the kind of document. Numbers of 15
//! digits get their century and check character; letters typed for digits are repaired when the check then passes; a wrong
//! check is suspicious, an impossible birth date is invalid, a division that never was is noted only. Hong Kong and Taiwan
//! cards are checked by their own rules; Macao's, passports and travel permits are known by form only. Residence permits of
//! 810000, 820000, 830000 and of foreigners (9…) follow the same rule. Kinds: `resident`, `hk`, `macao`, `taiwan`,
//! `foreigner`, `passport`, `permit`.

use super::FieldType;
use super::StandardValue;
use super::calendar::is_date;
use super::cell;
use super::cell::Cell;
use super::check_digits::id_card_check;
use super::check_digits::passes_hong_kong_id;
use super::check_digits::passes_id_card;
use super::check_digits::passes_registration;
use super::check_digits::passes_taiwan_id;
use super::code_text;
use super::code_text::birth_date;
use crate::model::ValueStatus;
use crate::reference::regions::is_known_code;

/// The field type.
pub(super) struct IdCard;

impl FieldType for IdCard {
    fn name(&self) -> &'static str {
        "id_card"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["ID card number", "身份证号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["birth_date", "gender", "region", "kind"]
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
            ("11010519491231002x", Some("11010519491231002X")),
            ("４４０５２４１８８００１０１００１４", Some("440524188001010014")),
            ("110105491231002", Some("11010519491231002X")),
            ("110105 19491231 0021", Some("110105194912310021")),
            ("A123456(3)", Some("A1234563")),
            ("护照E12345678", None),
            ("E12345678", Some("E12345678")),
            ("110105194913310021", None),
            ("110101199001011237", None),
            ("666666666666666666", None),
            ("1.10105E+17", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("110105491231002", "repaired"),
            ("1101O519491231OO2X", "repaired"),
            ("11010519491231002*", "repaired"),
            ("110105194912310021", "check_digit"),
            ("１１０１０５１９４９１２３１００２１", "check_digit"),
            ("99010519491231002X", "unknown_region"),
            ("91440300192181490G", "wrong_field"),
            ("13812349876", "wrong_field"),
            ("19491231", "wrong_field"),
            ("110108002734659", "wrong_field"),
            ("1.10105E+17", "precision_lost"),
            ("110105194912310000", "precision_lost"),
            ("666666666666666666", "placeholder"),
            ("身份证号不详细", "malformed"),
            ("12345678", "placeholder"),
            ("87654321", "ambiguous_value"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let code = match code_text::code(raw) {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match code.len() {
        18 => add_eighteen(&mut cell, &code),
        17 if is_digits(&code)
            && raw.trim_end().ends_with(['*', '＊'])
            && id_card_check(&code) == Some('X') =>
        {
            add_starred(&mut cell, &code);
        }
        15 if is_digits(&code) => add_fifteen(&mut cell, &code),
        15 if code.as_bytes()[..3].iter().all(u8::is_ascii_uppercase) && is_digits(&code[3..]) => {
            let parts = cell::parts(["", "", "", "foreigner"]);
            cell.item(ValueStatus::Valid, code.into_owned(), parts);
        }
        8 if is_digits(&code) => add_eight(&mut cell, &code, raw),
        _ => add_other_document(&mut cell, &code),
    }
    cell.finish()
}

/// Eighteen characters: seventeen digits and a check.
fn add_eighteen(cell: &mut Cell, code: &str) {
    let is_number = |code: &str| code[..17].bytes().all(|b| b.is_ascii_digit());
    if is_number(code) && passes_id_card(code) && birth_date(code).is_some() {
        return add_number(cell, ValueStatus::Valid, code);
    }
    if let Some((repaired, done)) = code_text::with_digits_for_letters(code)
        && passes_id_card(&repaired)
        && birth_date(&repaired).is_some()
    {
        cell.finding("repaired", done);
        return add_number(cell, ValueStatus::Repaired, &repaired);
    }
    if let Some(field) = code_text::home_field(code) {
        return cell.refused("wrong_field", field);
    }
    if code_text::is_cut(code) {
        return cell.invalid("precision_lost");
    }
    if !is_number(code) || birth_date(code).is_none() {
        return cell.invalid("malformed");
    }
    cell.issue("check_digit");
    add_number(cell, ValueStatus::Suspicious, code);
}

/// Seventeen digits and a star: some systems take no letter in a number and print a star for X.
fn add_starred(cell: &mut Cell, body: &str) {
    if birth_date(body).is_none() {
        return cell.invalid("malformed");
    }
    cell.finding("repaired", "* → X");
    add_number(cell, ValueStatus::Repaired, &[body, "X"].concat());
}

/// Fifteen digits of before 1999: the century and the check are added. Serials 996–999 were kept for people born before 1900.
fn add_fifteen(cell: &mut Cell, code: &str) {
    let century = if matches!(&code[12..], "996" | "997" | "998" | "999") {
        "18"
    } else {
        "19"
    };
    let mut body = [&code[..6], century, &code[6..]].concat();
    match (birth_date(&body), id_card_check(&body)) {
        (Some(_), Some(check)) => {
            cell.finding("repaired", "15 → 18");
            body.push(check);
            add_number(cell, ValueStatus::Repaired, &body);
        }
        _ if passes_registration(code) => cell.refused("wrong_field", "registration_number"),
        _ => cell.invalid("malformed"),
    }
}

fn add_number(cell: &mut Cell, status: ValueStatus, code: &str) {
    let region = &code[..6];
    let kind = match region {
        "810000" => "hk",
        "820000" => "macao",
        "830000" => "taiwan",
        _ if code.starts_with('9') => "foreigner",
        _ => "resident",
    };
    if !is_known_region(region, kind) {
        cell.issue("unknown_region");
    }
    let gender = if code.as_bytes()[16] % 2 == 1 {
        "male"
    } else {
        "female"
    };
    let birth = birth_date(code).unwrap_or_default();
    cell.item(
        status,
        code.to_owned(),
        vec![birth, gender.to_owned(), region.to_owned(), kind.to_owned()],
    );
}

/// Has the division of the number ever been? Permits of people from elsewhere carry codes of their own.
fn is_known_region(region: &str, kind: &str) -> bool {
    match kind {
        "resident" => region.parse().is_ok_and(is_known_code),
        // Foreigners' cards: 9, the province, and three digits of the country (ISO 3166-1 numeric).
        "foreigner" => matches!(region.as_bytes()[1], b'1'..=b'6') && region.as_bytes()[2] < b'8',
        _ => true,
    }
}

/// Eight digits: a card of Macao when its check stands in brackets, a date, or a permit of a resident of Taiwan.
fn add_eight(cell: &mut Cell, code: &str, raw: &str) {
    let is_macao = matches!(code.as_bytes()[0], b'1' | b'5' | b'7');
    let year: u32 = code[..4].parse().unwrap_or(0);
    let (month, day) = (code[4..6].parse().unwrap_or(0), code[6..].parse().unwrap_or(0));
    if is_macao && raw.trim_end().ends_with([')', '）']) {
        cell.item(
            ValueStatus::Valid,
            code.to_owned(),
            cell::parts(["", "", "", "macao"]),
        );
    } else if (1900..=2035).contains(&year) && is_date(year, month, day) {
        cell.refused("wrong_field", "birth_date");
    } else {
        cell.doubt("ambiguous_value", "");
        cell.item(
            ValueStatus::Suspicious,
            code.to_owned(),
            cell::parts(["", "", "", "permit"]),
        );
    }
}

fn add_other_document(cell: &mut Cell, code: &str) {
    let (gender, kind) = if passes_taiwan_id(code) {
        let is_male = matches!(code.as_bytes()[1], b'1' | b'8');
        (if is_male { "male" } else { "female" }, "taiwan")
    } else if passes_hong_kong_id(code) {
        ("", "hk")
    } else if let Some(kind) = travel_document(code) {
        ("", kind)
    } else {
        return match code_text::home_field(code) {
            Some(field) => cell.refused("wrong_field", field),
            None => cell.invalid("malformed"),
        };
    };
    cell.item(
        ValueStatus::Valid,
        code.to_owned(),
        cell::parts(["", gender, "", kind]),
    );
}

/// Passports and travel permits by form: one or two letters and seven to ten digits.
fn travel_document(code: &str) -> Option<&'static str> {
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &code[letters..];
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match (letters, digits.len()) {
        // 港澳居民来往内地通行证.
        (1, 8 | 10) if matches!(code.as_bytes()[0], b'H' | b'M') => Some("permit"),
        (1 | 2, 7..=10) => Some("passport"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> Vec<String> {
        IdCard.standardise(raw).items[0].parts.clone()
    }

    #[test]
    fn birth_date_gender_and_place_come_from_the_number() {
        let value = IdCard.standardise("11010519491231002X");
        assert_eq!(
            value.items[0].parts,
            ["1949-12-31", "female", "110105", "resident"]
        );
        assert_eq!(value.status, ValueStatus::Valid);
        assert_eq!(parts("110105491231002")[..2], ["1949-12-31", "female"]);
        assert_eq!(parts("110105991231998")[0], "1899-12-31");
    }

    #[test]
    fn documents_are_told_apart() {
        for (raw, kind) in [
            ("A123456(3)", "hk"),
            ("C668668(9)", "hk"),
            ("A123456789", "taiwan"),
            ("5215299（8）", "macao"),
            ("E12345678", "passport"),
            ("EA1234567", "passport"),
            ("H1234567890", "permit"),
            ("m12345678", "permit"),
            ("USA123456789012", "foreigner"),
        ] {
            assert_eq!(parts(raw)[3], kind, "{raw}");
        }
    }

    #[test]
    fn residence_permits_follow_the_same_rule() {
        let body = "81000019900101001";
        let check = id_card_check(body).expect("17 digits");
        assert_eq!(parts(&format!("{body}{check}"))[3], "hk");
    }

    #[test]
    fn the_standards_numbers_are_valid() {
        for raw in ["11010519491231002X", "440524188001010014", "34052419800101001x"] {
            assert_eq!(IdCard.standardise(raw).status, ValueStatus::Valid, "{raw}");
        }
    }
}
