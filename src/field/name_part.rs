//! A given, middle or family name in a column of its own.
//!
//! In: text. Out: the folded text, a key (lower case, simplified, without accents, blanks for Latin words only) and its
//! sound. Splitting a whole name is left to `party_name` and `person_name`.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::text::text_key;
use crate::model::ValueStatus;
use crate::text::fold::join_han;
use crate::text::pinyin::sound;

/// The field type.
pub(super) struct NamePart;

impl FieldType for NamePart {
    fn name(&self) -> &'static str {
        "name_part"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Part of a name", "姓或名"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["key", "sound"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("text")
    }
    fn masking(&self) -> &'static str {
        "name"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("小 明", Some("小明")),
            (" O’Brien ", Some("O'Brien")),
            ("Ｍüller", Some("Müller")),
            ("12", None),
            ("none", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("12", "malformed"),
            ("none", "placeholder"),
            ("无", "placeholder"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let key = text_key(&text);
    if !key.chars().any(char::is_alphabetic) {
        return cell::invalid("malformed");
    }
    let sound = sound(&key);
    cell::single(raw, ValueStatus::Valid, join_han(&text), vec![key, sound])
}
