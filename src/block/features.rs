//! Key features: hashes of the parts of values that blocking rules combine.
//!
//! A feature gives every distinct standard value some 64-bit hashes once; a record's hashes are looked up through its
//! items. Values that are missing, placeholders or invalid give none.

use crate::model::RecordIndex;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::text::hash::hash_text;
use crate::text::hash::mix;

/// Hashes of one column's items.
struct ItemHashes<'a> {
    column: &'a StandardColumn,
    ends: Vec<u32>,
    hashes: Vec<u64>,
}

impl<'a> ItemHashes<'a> {
    fn new(column: &'a StandardColumn, mut hashes_of: impl FnMut(u32, &mut Vec<u64>)) -> Self {
        let mut ends = Vec::with_capacity(column.values.len());
        let mut hashes = Vec::new();
        for item in 0..column.values.len() as u32 {
            if item > 0 {
                hashes_of(item, &mut hashes);
            }
            ends.push(hashes.len() as u32);
        }
        Self { column, ends, hashes }
    }

    fn of(&self, item: u32) -> &[u64] {
        let at = item as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.hashes[start..self.ends[at] as usize]
    }
}

/// One feature over all records; may read several columns (three kinds of organisation code, say).
pub(super) struct Feature<'a>(Vec<ItemHashes<'a>>);

impl Feature<'_> {
    /// Appends the distinct hashes of a record to `out`.
    pub(super) fn collect(&self, record: RecordIndex, out: &mut Vec<u64>) {
        let first = out.len();
        for source in &self.0 {
            for &item in source.column.items_of(record) {
                for &hash in source.of(item) {
                    if !out[first..].contains(&hash) {
                        out.push(hash);
                    }
                }
            }
        }
    }
}

/// Hashes of one text; the closures below are the vocabulary of the rules.
type TextHashes = fn(&str, &mut Vec<u64>);

fn whole(text: &str, out: &mut Vec<u64>) {
    if !text.is_empty() {
        out.push(hash_text(text));
    }
}

fn tokens(text: &str, out: &mut Vec<u64>) {
    out.extend(
        text.split(' ')
            .filter(|token| token.chars().nth(1).is_some())
            .map(hash_text),
    );
}

/// First characters: four of a Latin token, the whole of a Han one (two characters rarely tell less than four letters).
fn prefix(text: &str, out: &mut Vec<u64>) {
    for token in text.split(' ').filter(|token| !token.is_empty()) {
        let length = token.char_indices().nth(4).map_or(token.len(), |(at, _)| at);
        out.push(hash_text(&token[..length]));
    }
}

fn initial(text: &str, out: &mut Vec<u64>) {
    if let Some(first) = text.chars().next() {
        out.push(mix(0x1A, u64::from(u32::from(first))));
    }
}

/// The text and every text with one character left out: texts within one edit share one of them
/// (Bocek et al. 2007, FastSS).
fn deletions(text: &str, out: &mut Vec<u64>) {
    let characters = text.chars().count();
    if !(3..=24).contains(&characters) {
        return;
    }
    out.push(hash_text(text));
    let mut shorter = String::with_capacity(text.len());
    for skipped in 0..characters {
        shorter.clear();
        shorter.extend(
            text.chars()
                .enumerate()
                .filter(|(at, _)| *at != skipped)
                .map(|(_, c)| c),
        );
        let hash = hash_text(&shorter);
        if !out.contains(&hash) {
            out.push(hash);
        }
    }
}

/// Pairs of neighbouring characters, for Han texts only: Latin bigrams are too common to block on.
fn bigrams(text: &str, out: &mut Vec<u64>) {
    let characters: Vec<char> = text.chars().collect();
    if characters.iter().any(char::is_ascii) {
        tokens(text, out);
        return;
    }
    for pair in characters.windows(2) {
        out.push(mix(u64::from(u32::from(pair[0])), u64::from(u32::from(pair[1]))));
    }
}

/// Digits in ascending order: a date keeps them when two digits are swapped or day and month change places.
fn sorted_digits(text: &str, out: &mut Vec<u64>) {
    let mut digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    if digits.len() == 8 {
        digits.sort_unstable();
        out.push(
            digits
                .iter()
                .fold(0xD1, |hash, &digit| mix(hash, u64::from(digit))),
        );
    }
}

/// Which text of which column a feature reads, and what it makes of it.
struct Reading {
    field: &'static str,
    /// Empty for the standard text itself.
    part: &'static str,
    hashes: TextHashes,
}

const fn reading(field: &'static str, part: &'static str, hashes: TextHashes) -> Reading {
    Reading { field, part, hashes }
}

/// The features by name. Readings of one feature are alternatives: their hashes are put together.
const FEATURES: &[(&str, &[Reading])] = &[
    (
        "organisation_key",
        &[
            reading("uscc", "organisation_key", whole),
            reading("organisation_code", "organisation_key", whole),
            reading("tax_number", "organisation_key", whole),
        ],
    ),
    (
        "identifier",
        &[
            reading("id_card", "", whole),
            reading("other_identifier", "", whole),
            reading("registration_number", "", whole),
        ],
    ),
    ("phone", &[reading("phones", "key", whole)]),
    ("email", &[reading("emails", "", whole)]),
    ("email_user", &[reading("emails", "local", whole)]),
    ("core", &[reading("party", "core", whole)]),
    ("core_sound", &[reading("party", "core_sound", whole)]),
    ("core_near", &[reading("party", "core", deletions)]),
    ("core_bigram", &[reading("party", "core", bigrams)]),
    ("full_name", &[reading("party", "full", whole)]),
    (
        "name_token",
        &[
            reading("party", "family", tokens),
            reading("party", "given", tokens),
        ],
    ),
    (
        "name_prefix",
        &[
            reading("party", "family", prefix),
            reading("party", "given", prefix),
        ],
    ),
    (
        "name_sound",
        &[
            reading("party", "family_sound", whole),
            reading("party", "given_sound", whole),
        ],
    ),
    ("family", &[reading("party", "family", whole)]),
    ("family_sound", &[reading("party", "family_sound", whole)]),
    ("given", &[reading("party", "given", whole)]),
    ("given_sound", &[reading("party", "given_sound", whole)]),
    ("given_initial", &[reading("party", "given", initial)]),
    ("family_initial", &[reading("party", "family", initial)]),
    (
        "former_name",
        &[
            reading("party", "full", whole),
            reading("former_names", "full", whole),
        ],
    ),
    (
        "birth_date",
        &[
            reading("birth_date", "", whole),
            reading("id_card", "birth_date", whole),
        ],
    ),
    ("birth_digits", &[reading("birth_date", "", sorted_digits)]),
    (
        "birth_year",
        &[
            reading("birth_date", "year", whole),
            reading("id_card", "birth_year", whole),
        ],
    ),
    (
        "place",
        &[
            reading("location", "city", whole),
            reading("location", "locality", whole),
            reading("birth_place", "key", whole),
        ],
    ),
    ("postcode", &[reading("location", "postcode", whole)]),
    (
        "road",
        &[
            reading("location", "road", whole),
            // Villages and estates have no road.
            reading("location", "compound", whole),
        ],
    ),
    ("number", &[reading("location", "number", whole)]),
    ("address_token", &[reading("location", "tokens", tokens)]),
    ("occupation", &[reading("occupation", "key", whole)]),
    (
        "region",
        &[
            reading("party", "region", whole),
            reading("location", "city", whole),
        ],
    ),
    (
        "contact",
        &[
            reading("contact_name", "full", whole),
            reading("legal_representative", "full", whole),
        ],
    ),
];

/// Builds the feature of this name, or `None` when no column it reads is there.
///
/// # Panics
/// When the name is not in the table; the rules are checked by a test.
pub(super) fn feature<'a>(name: &str, records: &'a StandardRecords) -> Option<Feature<'a>> {
    let (_, readings) = FEATURES
        .iter()
        .find(|(known, _)| *known == name)
        .expect("rules name known features");
    let sources: Vec<ItemHashes<'a>> = readings
        .iter()
        .filter_map(|reading| {
            let column = records.column(reading.field)?;
            if reading.part.is_empty() {
                let hashes = |item, out: &mut Vec<u64>| (reading.hashes)(column.values.get(item), out);
                return Some(ItemHashes::new(column, hashes));
            }
            let part = column.part(reading.part)?;
            let mut of_code: Vec<Vec<u64>> = vec![Vec::new(); part.values.len()];
            for (code, text) in part.values.iter().enumerate().skip(1) {
                (reading.hashes)(text, &mut of_code[code]);
            }
            Some(ItemHashes::new(column, |item, out| {
                out.extend(&of_code[part.codes[item as usize] as usize])
            }))
        })
        .collect();
    (!sources.is_empty()).then_some(Feature(sources))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(of: TextHashes, text: &str) -> Vec<u64> {
        let mut out = Vec::new();
        of(text, &mut out);
        out
    }

    #[test]
    fn one_edit_apart_shares_a_deletion() {
        for (a, b) in [
            ("华夏科", "华厦科"),
            ("armstrong", "armstong"),
            ("恒瑞医药", "恒瑞医"),
        ] {
            let (a, b) = (hashes(deletions, a), hashes(deletions, b));
            assert!(a.iter().any(|hash| b.contains(hash)));
        }
    }

    #[test]
    fn swapped_digits_keep_the_sorted_key() {
        assert_eq!(
            hashes(sorted_digits, "1970-04-11"),
            hashes(sorted_digits, "1907-11-40")
        );
        assert!(hashes(sorted_digits, "1970").is_empty());
    }

    #[test]
    fn prefixes_cut_after_characters_and_not_bytes() {
        assert_eq!(hashes(prefix, "欧阳"), [hash_text("欧阳")]);
        assert_eq!(hashes(prefix, "armstrong"), [hash_text("arms")]);
        assert_eq!(hashes(prefix, "ÅÄÖÜß"), [hash_text("ÅÄÖÜ")]);
    }
}
