//! Plain text: short names, countries, streets, occupations.
//!
//! In: text. Out: the folded text as value, and a key: lower case, simplified, without accents; without blanks when it
//! holds Han, otherwise words joined by one blank.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;
use crate::text::fold::join_han;
use crate::text::script::has_han;
use crate::text::simplify::simplify;
use crate::text::tokens::joined_tokens;
use crate::text::tokens::squeeze;

/// The field type.
pub(super) struct Text;

impl FieldType for Text {
    fn name(&self) -> &'static str {
        "text"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Text", "文本"]
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
        "text"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("软件 工程师", Some("软件工程师")),
            ("  Civil   Engineer ", Some("Civil Engineer")),
            ("ＩＴ 行业", Some("IT行业")),
            ("15", Some("15")),
            ("n/a", None),
            ("----", None),
            ("é”¦æ±Ÿ", Some("锦江")),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("é”¦æ±Ÿ", "mojibake"),
            ("锟斤拷", "mojibake"),
            ("软件\u{FFFD}程师", "replacement_character"),
            ("n/a", "placeholder"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    match cell::folded_cow(raw) {
        Ok(text) => {
            let key = text_key(&text);
            cell::single(raw, ValueStatus::Valid, join_han(&text), vec![key])
        }
        Err(answer) => answer,
    }
}

/// Key of a text: Han without blanks and punctuation and in simplified characters, Latin words joined by one blank.
pub(super) fn text_key(text: &str) -> String {
    if has_han(text) {
        simplify(&squeeze(text)).into_owned()
    } else {
        joined_tokens(text)
    }
}
