//! Gender 性别.
//!
//! In: text or a code of GB/T 2261.1 (1 male, 2 female, 0 unknown, 9 unstated). Out: `male` or `female`.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct Gender;

impl FieldType for Gender {
    fn name(&self) -> &'static str {
        "gender"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Gender", "性别"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        let text = match cell::folded_short(raw) {
            Ok(text) => text.to_lowercase(),
            Err(answer) => return answer,
        };
        let value = match text.trim_end_matches('.') {
            "m" | "male" | "man" | "男" | "男性" | "先生" | "1" | "mr" => "male",
            "f" | "female" | "woman" | "女" | "女性" | "女士" | "小姐" | "2" | "mrs" | "ms" | "miss" => {
                "female"
            }
            "0" | "9" | "u" | "未说明" => return cell::placeholder(),
            _ => return cell::invalid("malformed"),
        };
        cell::single(raw, ValueStatus::Valid, value.to_owned(), Vec::new())
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("exact")
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("男", Some("male")),
            (" 女 ", Some("female")),
            ("Ｍ", Some("male")),
            ("Female", Some("female")),
            ("未知", None),
            ("x1", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[("x1", "malformed"), ("9", "placeholder"), ("未知", "placeholder")]
    }
}
