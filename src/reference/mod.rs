//! Embedded reference data.
//!
//! In: nothing, or a newer file that the job names ([`replace`]). Out: read-only lists that field types consult: divisions,
//! surnames, legal forms, number plans, stop values. Every list names its version, source, licence and hash in its module
//! and in [`reference_data`]. Files under `data/` are made by `scripts/reference/`, packed by `build.rs` and inflated at first
//! use. What a hit means for a value is decided in `field`.

pub mod abbreviations;
pub mod area_codes;
pub mod branch_markers;
pub mod country_names;
mod hashing;
pub mod industries;
pub mod latin_addresses;
pub mod legal_forms;
mod list;
pub mod mail_domains;
pub mod mobile_prefixes;
pub mod nicknames;
mod organisation_words;
pub mod placeholders;
pub mod regions;
pub mod similar_characters;
pub mod surnames;
pub mod titles;
pub mod variant_surnames;
pub mod zones;

pub use list::ReplaceError;

use list::List;
use list::hash_of;

/// What is known about one embedded list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceData {
    /// Name of the list.
    pub name: &'static str,
    /// Version or date; `job file` for a list that the job replaced.
    pub version: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Licence of the data.
    pub licence: &'static str,
    /// Number of entries.
    pub rows: usize,
    /// SHA-256 of its text, in hexadecimal; of the entries one a line where the list has no file.
    pub hash: String,
}

/// The lists that are files of their own and may be replaced.
static LISTS: &[&List] = &[
    &abbreviations::LIST,
    &area_codes::LIST,
    &industries::LIST,
    &legal_forms::LIST,
    &mail_domains::LIST,
    &mobile_prefixes::LIST,
    regions::ALIASES,
    &regions::LIST,
    regions::FORMER,
    &regions::LIST_HK_MO_TW,
    &similar_characters::LIST,
    &surnames::LIST,
    &variant_surnames::LIST,
];

/// Names of the lists that a job may replace, sorted.
pub fn replaceable_lists() -> impl Iterator<Item = &'static str> {
    LISTS.iter().map(|list| list.name)
}

fn list(name: &str) -> Result<&'static List, ReplaceError> {
    let found = LISTS.iter().find(|list| list.name == name);
    found.copied().ok_or_else(|| ReplaceError::UnknownList {
        list: name.to_owned(),
    })
}

/// Checks a text that shall stand in for a list, without installing it; its SHA-256 in hexadecimal.
///
/// # Errors
/// [`ReplaceError`] for an unknown list, a malformed line or a text without rows.
pub fn check_replacement(list_name: &str, text: &str) -> Result<String, ReplaceError> {
    list(list_name)?.check(text)
}

/// Puts `text` in the place of an embedded list, for the whole program. To be called once, before the list is used; the
/// format is that of the list's file in `src/reference/data/`.
///
/// # Errors
/// [`ReplaceError`] for an unknown list, a malformed line, a text without rows, or a list that is in use already (the
/// same text again is no fault).
pub fn replace(list_name: &str, text: String) -> Result<(), ReplaceError> {
    list(list_name)?.replace(text)
}

/// Every embedded list, by name.
pub fn reference_data() -> Vec<ReferenceData> {
    vec![
        abbreviations::about(),
        area_codes::about(),
        branch_markers::about(),
        country_names::about(),
        industries::about(),
        latin_addresses::about(),
        legal_forms::about(),
        mail_domains::about(),
        mobile_prefixes::about(),
        nicknames::about(),
        placeholders::about(),
        regions::ALIASES.about(),
        regions::LIST.about(),
        regions::FORMER.about(),
        regions::LIST_HK_MO_TW.about(),
        similar_characters::about(),
        surnames::about(),
        titles::about(),
        ReferenceData {
            name: "traditional_simplified",
            version: "OpenCC 0.1.7 (Python)",
            source: "OpenCC TSCharacters",
            licence: "Apache-2.0",
            rows: crate::text::simplify::rows(),
            hash: hash_of([crate::text::simplify::TABLE]),
        },
        variant_surnames::about(),
        zones::about(),
    ]
}

/// A list compiled by this project, kept in the program's text.
fn own(name: &'static str, words: &[&[&str]], pairs: &[&[(&str, &str)]]) -> ReferenceData {
    let words = words.iter().copied().flatten().copied();
    let pairs = pairs.iter().copied().flatten();
    ReferenceData {
        name,
        version: "2026-11",
        source: "compiled for guiyi",
        licence: "Apache-2.0",
        rows: words.clone().count() + pairs.clone().count(),
        hash: hash_of(words.chain(pairs.flat_map(|&(word, meant)| [word, meant]))),
    }
}

/// The last one to `chars_max` characters of `text`, longest first.
fn suffixes(text: &str, chars_max: usize) -> impl Iterator<Item = &str> {
    let mut starts: Vec<usize> = text
        .char_indices()
        .rev()
        .take(chars_max)
        .map(|(at, _)| at)
        .collect();
    starts.reverse();
    starts.into_iter().map(|at| &text[at..])
}

/// The longest of `words` that `text` ends with.
pub fn longest_suffix<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    words
        .iter()
        .copied()
        .filter(|word| text.ends_with(word))
        .max_by_key(|word| word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_rows_and_a_licence() {
        let names: Vec<_> = reference_data().iter().map(|data| data.name).collect();
        assert!(names.is_sorted());
        assert!(
            reference_data()
                .iter()
                .all(|data| data.rows > 3 && !data.licence.is_empty() && data.hash.len() == 64)
        );
    }
}
