//! Does an amount hold value-added tax? 含税标志.
//!
//! In: text. Out: `included` or `excluded`. Amounts are never converted between the two without a rate.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;
use crate::text::simplify::simplify;

/// The field type.
pub(super) struct TaxFlag;

impl FieldType for TaxFlag {
    fn name(&self) -> &'static str {
        "tax_flag"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Tax statement", "含税标志"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        let text = match cell::folded_short(raw) {
            Ok(text) => text,
            Err(answer) => return answer,
        };
        let flag = tax_statement(&text).or(match text.to_lowercase().as_str() {
            "是" | "y" | "yes" | "true" => Some("included"),
            "否" | "n" | "no" | "false" => Some("excluded"),
            _ => None,
        });
        match flag {
            Some(flag) => cell::single(raw, ValueStatus::Valid, flag.to_owned(), Vec::new()),
            None => cell::invalid("malformed"),
        }
    }
    fn comparator(&self) -> Option<&'static str> {
        None
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("含税", Some("included")),
            ("不含稅", Some("excluded")),
            ("价税合计", Some("included")),
            ("Excl. VAT", Some("excluded")),
            ("是", Some("included")),
            ("未知", None),
            ("13%", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("13%", "malformed"),
            ("税率１３％", "malformed"),
            ("未知", "placeholder"),
        ]
    }
}

/// The statement on tax that a text makes, if any: in a header, a unit or a cell.
pub(super) fn tax_statement(text: &str) -> Option<&'static str> {
    let text = simplify(&text.to_lowercase()).into_owned();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&[
        "不含税",
        "未含税",
        "未税",
        "无税",
        "除税",
        "excl",
        "before tax",
        "net of",
    ]) {
        Some("excluded")
    } else if has(&["含税", "价税合计", "税后价", "incl", "after tax", "gross"]) {
        Some("included")
    } else {
        None
    }
}
