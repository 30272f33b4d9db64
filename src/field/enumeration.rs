//! Values of a code list: levels, ratings, states.
//!
//! In: text. Out: the folded text. Translating codes between sources is done before, by the job's code tables.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::text::text_key;
use crate::model::ValueStatus;
use crate::text::fold::join_han;

/// The field type.
pub(super) struct Enumeration;

impl FieldType for Enumeration {
    fn name(&self) -> &'static str {
        "enumeration"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Code list", "枚举"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["key"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("text")
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("Ａ级", Some("A级")),
            (" active ", Some("active")),
            ("重点 客户", Some("重点客户")),
            ("1", Some("1")),
            ("N/A", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[("N/A", "placeholder"), ("不详", "placeholder")]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    match cell::folded(raw) {
        Ok(text) => {
            let key = text_key(&text);
            cell::single(raw, ValueStatus::Valid, join_han(&text), vec![key])
        }
        Err(answer) => answer,
    }
}
