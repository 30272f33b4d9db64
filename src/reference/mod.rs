//! Embedded reference data.
//!
//! In: nothing. Out: read-only lists that field types consult: divisions, surnames, legal forms, number plans, stop
//! values. Every list names its version, source and licence in its module and in [`reference_data`]. Files under
//! `data/` are made by `scripts/reference/`. What a hit means for a value is decided in `field`.

pub mod area_codes;
pub mod branch_markers;
pub mod industries;
pub mod latin_addresses;
pub mod legal_forms;
pub mod mail_domains;
pub mod mobile_prefixes;
pub mod nicknames;
pub mod placeholders;
pub mod regions;
pub mod surnames;
pub mod titles;

/// What is known about one embedded list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceData {
    /// Name of the list.
    pub name: &'static str,
    /// Version or date.
    pub version: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Licence of the data.
    pub licence: &'static str,
    /// Number of entries.
    pub rows: usize,
}

/// Every embedded list, by name.
pub fn reference_data() -> Vec<ReferenceData> {
    vec![
        area_codes::about(),
        branch_markers::about(),
        industries::about(),
        latin_addresses::about(),
        legal_forms::about(),
        mail_domains::about(),
        mobile_prefixes::about(),
        nicknames::about(),
        placeholders::about(),
        regions::about(),
        surnames::about(),
        titles::about(),
        ReferenceData {
            name: "traditional_simplified",
            version: "OpenCC 0.1.7 (Python)",
            source: "OpenCC TSCharacters",
            licence: "Apache-2.0",
            rows: crate::text::simplify::rows(),
        },
    ]
}

/// A list compiled by this project.
fn own(name: &'static str, rows: usize) -> ReferenceData {
    ReferenceData {
        name,
        version: "2026-11",
        source: "compiled for guiyi",
        licence: "Apache-2.0",
        rows,
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
                .all(|data| data.rows > 3 && !data.licence.is_empty())
        );
    }
}
