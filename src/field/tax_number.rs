//! Taxpayer number 纳税人识别号.
//!
//! In: text. Out: upper-case code and the organisation key: positions 9–17 of a unified social credit code, the last nine
//! of the old 15-character number; and the kind: `uscc`, `organisation`, `person`, `taiwan` or `other`. Numbers of sole
//! traders begin with an ID card number: they have no key and are as sensitive as the card. Eight digits that pass the rule
//! of Taiwan's 統一編號 may be one; with its label they are held to the rule.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::check_digits::passes_australian_business;
use super::check_digits::passes_id_card;
use super::check_digits::passes_organisation;
use super::check_digits::passes_taiwan_business;
use super::code_text;
use super::uscc;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct TaxNumber;

impl FieldType for TaxNumber {
    fn name(&self) -> &'static str {
        "tax_number"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Tax number", "纳税人识别号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["organisation_key", "kind"]
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
            ("440300192181490", Some("440300192181490")),
            ("４４０３００ 192181490", Some("440300192181490")),
            ("11010519491231002X00", Some("11010519491231002X00")),
            ("DE 123456789", Some("DE123456789")),
            ("統一編號：22099131", Some("22099131")),
            ("1.23457E+14", None),
            ("111111111111111", None),
            ("暂无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("9144O3OOI92I8I49OG", "repaired"),
            ("440300192181491", "check_digit"),
            ("４４０３００１９２１８１４９１", "check_digit"),
            ("統一編號 22099132", "check_digit"),
            ("13812349876", "wrong_field"),
            ("1.23457E+14", "precision_lost"),
            ("111111111111111", "placeholder"),
            ("ABC", "malformed"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let line = match code_text::line(raw) {
        Ok(line) => line,
        Err(answer) => return answer,
    };
    // A number of Taiwan that says so is held to its check.
    if let Some(number) = taiwan_number(&line) {
        let mut cell = Cell::new(raw);
        if !passes_taiwan_business(number) {
            cell.doubt("check_digit", "");
        }
        cell.item(ValueStatus::Valid, number.to_owned(), cell::parts(["", "taiwan"]));
        return cell.finish();
    }
    match code_text::code(&line) {
        Ok(code) => standardise_code(raw, &code),
        Err(answer) => answer,
    }
}

/// The eight digits after the words for 統一編號.
fn taiwan_number(line: &str) -> Option<&str> {
    let rest = ["統一編號", "统一编号", "統編", "统编"]
        .iter()
        .find_map(|label| line.strip_prefix(label))?;
    let number = rest.trim_start_matches([':', ' ']);
    (number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

fn standardise_code(raw: &str, code: &str) -> StandardValue {
    let mut cell = Cell::new(raw);
    let (status, key, kind) = match code.len() {
        18 if let Some(reading) = uscc::read(code) => {
            let status = reading.note(&mut cell);
            let parts = cell::parts([reading.key(), "uscc"]);
            cell.item(status, reading.code, parts);
            return cell.finish();
        }
        17 | 18 | 20 if code.get(..18).is_some_and(passes_id_card) => (ValueStatus::Valid, "", "person"),
        15 if passes_organisation(&code[6..15]) => (ValueStatus::Valid, &code[6..15], "organisation"),
        18 | 20 if code_text::is_cut(code) => {
            cell.invalid("precision_lost");
            return cell.finish();
        }
        15 | 17 | 18 | 20 => {
            cell.issue("check_digit");
            (ValueStatus::Suspicious, "", "")
        }
        11 if code_text::is_mobile(code) && !passes_australian_business(code) => {
            cell.finding("wrong_field", "phones");
            (ValueStatus::Suspicious, "", "")
        }
        8 if passes_taiwan_business(code) => (ValueStatus::Valid, "", "taiwan"),
        // Tax numbers of other countries have 8 to 14 characters.
        8..=14 => (ValueStatus::Valid, "", "other"),
        _ => {
            cell.invalid("malformed");
            return cell.finish();
        }
    };
    cell.item(status, code.to_owned(), cell::parts([key, kind]));
    cell.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generations_are_told_apart() {
        let parts = |raw| TaxNumber.standardise(raw).items[0].parts.clone();
        assert_eq!(parts("91440300192181490G"), ["192181490", "uscc"]);
        assert_eq!(parts("440300192181490"), ["192181490", "organisation"]);
        assert_eq!(parts("11010519491231002X00"), ["", "person"]);
        assert_eq!(parts("統一編號：22099131"), ["", "taiwan"]);
        assert_eq!(parts("04595257"), ["", "taiwan"]);
        assert_eq!(parts("DE 123456789"), ["", "other"]);
    }

    #[test]
    fn an_australian_number_is_no_telephone() {
        assert_eq!(TaxNumber.standardise("13 004 085 616").items.len(), 1);
        assert_eq!(
            TaxNumber.standardise("13812349876").status,
            ValueStatus::Suspicious
        );
    }
}
