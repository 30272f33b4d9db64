//! Bank accounts and cards 银行账号.
//!
//! In: text. Out: digits without blanks, or an international number (IBAN). Cards have 13–19 digits and pass the Luhn rule
//! (ISO/IEC 7812-1); those of UnionPay start with 62 and are suspicious when they fail it. Accounts of companies follow no
//! common rule: 8–30 digits. Numbers above fifteen digits that a spreadsheet rounded are invalid. Which bank an account is
//! with is left to the bank's name and code.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::check_digits::passes_iban;
use super::check_digits::passes_luhn;
use super::code_text;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct BankAccount;

impl FieldType for BankAccount {
    fn name(&self) -> &'static str {
        "bank_account"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Bank account", "银行账号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["kind"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        None
    }
    fn masking(&self) -> &'static str {
        "id"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("6222 0212 0000 0000 120", Some("6222021200000000120")),
            ("'44201501100052543210", Some("44201501100052543210")),
            ("账号：０１２３４５６７９８７６５", Some("0123456798765")),
            ("4111-1111-1111-1111", Some("4111111111111111")),
            ("de89 3704 0044 0532 0130 00", Some("DE89370400440532013000")),
            ("6.22202E+18", None),
            ("88888888", None),
            ("支付宝", None),
            ("暂无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("6222021200000000123", "check_digit"),
            ("６２２２０２１２０００００００１２３", "check_digit"),
            ("6222021234567890000", "precision_lost"),
            ("6.22202E+18", "precision_lost"),
            ("62220212OOOOOOOO120", "repaired"),
            ("91440300192181490G", "wrong_field"),
            ("13812349876", "wrong_field"),
            ("12345", "malformed"),
            ("工行深圳分行", "malformed"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let code = match code_text::code(raw) {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    if code.bytes().all(|b| b.is_ascii_digit()) {
        add_digits(&mut cell, ValueStatus::Valid, &code);
    } else if passes_iban(&code) {
        cell.item(ValueStatus::Valid, code.into_owned(), cell::parts(["iban"]));
    } else if let Some(field) = code_text::home_field(&code) {
        cell.refused("wrong_field", field);
    } else if let Some((repaired, done)) = code_text::with_digits_for_letters(&code)
        && is_card(&repaired)
    {
        cell.finding("repaired", done);
        add_digits(&mut cell, ValueStatus::Repaired, &repaired);
    } else {
        cell.invalid("malformed");
    }
    cell.finish()
}

fn is_card(code: &str) -> bool {
    (13..=19).contains(&code.len()) && matches!(code.as_bytes()[0], b'3'..=b'6' | b'9') && passes_luhn(code)
}

fn add_digits(cell: &mut Cell, status: ValueStatus, code: &str) {
    let is_union_pay = code.starts_with("62") && (16..=19).contains(&code.len());
    if is_card(code) {
        cell.item(status, code.to_owned(), cell::parts(["card"]));
    } else if code_text::is_cut(code) {
        cell.invalid("precision_lost");
    } else if let Some(field) = code_text::home_field(code) {
        cell.refused("wrong_field", field);
    } else if is_union_pay {
        cell.doubt("check_digit", "");
        cell.item(status, code.to_owned(), cell::parts(["card"]));
    } else if (8..=30).contains(&code.len()) {
        cell.item(status, code.to_owned(), cell::parts(["account"]));
    } else {
        cell.invalid("malformed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_and_accounts_are_told_apart() {
        let kind = |raw| BankAccount.standardise(raw).items[0].parts[0].clone();
        assert_eq!(kind("6222021200000000120"), "card");
        assert_eq!(kind("44201501100052543210"), "account");
        assert_eq!(kind("DE89370400440532013000"), "iban");
        assert_eq!(
            BankAccount.standardise("6222021200000000123").status,
            ValueStatus::Suspicious
        );
    }
}
