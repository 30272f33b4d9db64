//! Key features: hashes of the parts of values that blocking rules combine.
//!
//! A feature gives every distinct standard value some 64-bit hashes once; a record's hashes are looked up through its
//! items. Values that are missing, placeholders or invalid give none.

use crate::block::lists::Lists;
use crate::model::RecordIndex;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys are 32 bits wide: a billion keys of one rule meet by chance less often than records share a rare name.
fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The records as features read them: for the columns of which no record has several items, the item of every record.
pub(super) struct Reader<'a> {
    records: &'a StandardRecords,
    single: BTreeMap<&'static str, Option<Arc<[u32]>>>,
}

impl<'a> Reader<'a> {
    /// Reads nothing yet.
    pub(super) fn new(records: &'a StandardRecords) -> Self {
        Self {
            records,
            single: BTreeMap::new(),
        }
    }

    /// Looks at the columns of these readings that were not looked at before.
    fn look_at(&mut self, readings: &[Reading]) {
        for reading in readings {
            if let Some(column) = self.records.column(reading.field) {
                self.single
                    .entry(reading.field)
                    .or_insert_with(|| single_items(column));
            }
        }
    }
}

/// The item of every record, 0 for none; `None` when a record has several.
fn single_items(column: &StandardColumn) -> Option<Arc<[u32]>> {
    let item_of_cell = |cell: u32| match column.items_of_cell(cell) {
        _ if !column.status[cell as usize].is_usable() => Some(0),
        [] => Some(0),
        [item] => Some(*item),
        _ => None,
    };
    let of_cells: Option<Vec<u32>> = (0..column.status.len() as u32).map(item_of_cell).collect();
    let of_cells = of_cells?;
    let items = column.cell_of.iter().map(|&cell| of_cells[cell as usize]);
    Some(items.collect())
}

/// One column as a feature reads it: the distinct hashes of its texts, and the text of every item.
struct Source<'a> {
    column: &'a StandardColumn,
    /// Per record, its only item.
    single: Option<Arc<[u32]>>,
    codes: Option<&'a [u32]>,
    hashes: Lists,
}

impl<'a> Source<'a> {
    fn new(reading: &Reading, reader: &Reader<'a>) -> Option<Self> {
        let column = reader.records.column(reading.field)?;
        let (codes, values) = if reading.part.is_empty() {
            (None, &column.values)
        } else {
            let part = column.part(reading.part)?;
            (Some(&part.codes[..]), &part.values)
        };
        let hashes = Lists::build(values.len(), |code, out| {
            if code > 0 {
                let first = out.len();
                (reading.hashes)(values.get(code as u32), out);
                keep_distinct(out, first);
            }
        });
        Some(Self {
            column,
            single: reader.single.get(reading.field).cloned().flatten(),
            codes,
            hashes,
        })
    }

    #[inline]
    fn of(&self, item: u32) -> &[u32] {
        self.hashes
            .of(self.codes.map_or(item, |codes| codes[item as usize]) as usize)
    }

    /// The items of a record.
    #[inline]
    fn items(&self, record: usize) -> &[u32] {
        match &self.single {
            Some(single) => &single[record..=record],
            None => self.column.items_of(RecordIndex(record as u32)),
        }
    }
}

/// Keeps the first of equal hashes from `first` on.
fn keep_distinct(hashes: &mut Vec<u32>, first: usize) {
    let mut end = first;
    for at in first..hashes.len() {
        let hash = hashes[at];
        if !hashes[first..end].contains(&hash) {
            hashes[end] = hash;
            end += 1;
        }
    }
    hashes.truncate(end);
}

/// The distinct hashes of one feature for every record.
pub(super) enum Feature<'a> {
    /// A list for every record.
    Own(Lists),
    /// The lists of the texts, which are long, read through the only item of a record.
    OfTexts {
        /// Per record, its item.
        items: Arc<[u32]>,
        /// Per item, the code of its text, unless the items are the texts.
        codes: Option<&'a [u32]>,
        /// Per text, its hashes.
        hashes: Lists,
    },
}

impl Feature<'_> {
    /// The hashes of a record.
    #[inline]
    pub(super) fn of(&self, record: usize) -> &[u32] {
        match self {
            Self::Own(lists) => lists.of(record),
            Self::OfTexts { items, codes, hashes } => {
                let item = items[record];
                hashes.of(codes.map_or(item, |codes| codes[item as usize]) as usize)
            }
        }
    }
}

/// Hashes of one text; the closures below are the vocabulary of the rules.
type TextHashes = fn(&str, &mut Vec<u32>);

fn whole(text: &str, out: &mut Vec<u32>) {
    if !text.is_empty() {
        out.push(short(hash_text(text)));
    }
}

fn tokens(text: &str, out: &mut Vec<u32>) {
    out.extend(
        text.split(' ')
            .filter(|token| token.chars().nth(1).is_some())
            .map(|token| short(hash_text(token))),
    );
}

/// First characters: four of a Latin token, the whole of a Han one (two characters rarely tell less than four letters).
fn prefix(text: &str, out: &mut Vec<u32>) {
    for token in text.split(' ').filter(|token| !token.is_empty()) {
        let length = token.char_indices().nth(4).map_or(token.len(), |(at, _)| at);
        out.push(short(hash_text(&token[..length])));
    }
}

fn initial(text: &str, out: &mut Vec<u32>) {
    if let Some(first) = text.chars().next() {
        out.push(short(mix(0x1A, u64::from(u32::from(first)))));
    }
}

/// Base of the rolling hashes; odd, so that no character is lost.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The text and every text with one character left out: texts within one edit share one of them
/// (Bocek et al. 2007, FastSS). The hash of a text is a polynomial of its characters, so that each one left out is two
/// products.
fn deletions(text: &str, out: &mut Vec<u32>) {
    let mut characters = [0u64; DELETIONS_MAX];
    let mut len = 0;
    for character in text.chars() {
        if len == DELETIONS_MAX {
            return;
        }
        characters[len] = mix(0xDE, u64::from(u32::from(character)));
        len += 1;
    }
    if len < 3 {
        return;
    }
    let characters = &characters[..len];
    let mut after = characters
        .iter()
        .fold(0u64, |hash, &c| hash.wrapping_mul(BASE).wrapping_add(c));
    let mut powers = [1u64; DELETIONS_MAX + 1];
    for at in 1..=len {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
    }
    out.push(short(mix(after, len as u64)));
    let mut before = 0u64;
    for (at, &character) in characters.iter().enumerate() {
        let power = powers[len - 1 - at];
        after = after.wrapping_sub(character.wrapping_mul(power));
        let hash = short(mix(
            before.wrapping_mul(power).wrapping_add(after),
            len as u64 - 1,
        ));
        out.push(hash);
        before = before.wrapping_mul(BASE).wrapping_add(character);
    }
}

/// Longest text whose deletions are keys; longer ones share other parts.
const DELETIONS_MAX: usize = 24;

/// Runs of four letters or digits of a Latin text, across its words; which of them tell anything is for their frequency.
fn quadgrams(text: &str, out: &mut Vec<u32>) {
    let mut window = [0u8; 4];
    let mut seen = 0;
    for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
        window.rotate_left(1);
        window[3] = byte;
        seen += 1;
        if seen >= 4 {
            out.push(short(mix(0x46, u64::from(u32::from_le_bytes(window)))));
        }
    }
}

/// The outward part of a postcode, or its first three digits.
fn postcode_area(text: &str, out: &mut Vec<u32>) {
    let area = match text.split_once(' ') {
        Some((area, _)) => area,
        None => text.get(..3).unwrap_or_default(),
    };
    if !area.is_empty() {
        out.push(short(mix(0xA7EA, hash_text(area))));
    }
}

/// Pairs of neighbouring characters, for Han texts only: Latin bigrams are too common to block on.
fn bigrams(text: &str, out: &mut Vec<u32>) {
    let characters: Vec<char> = text.chars().collect();
    if characters.iter().any(char::is_ascii) {
        tokens(text, out);
        return;
    }
    for pair in characters.windows(2) {
        out.push(short(mix(
            u64::from(u32::from(pair[0])),
            u64::from(u32::from(pair[1])),
        )));
    }
}

/// Digits in ascending order: a date keeps them when two digits are swapped or day and month change places.
fn sorted_digits(text: &str, out: &mut Vec<u32>) {
    let mut digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    if digits.len() == 8 {
        digits.sort_unstable();
        let hash = digits
            .iter()
            .fold(0xD1, |hash, &digit| mix(hash, u64::from(digit)));
        out.push(short(hash));
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

/// What a feature speaks about, one bit each: keys of the same evidence do not count twice.
pub(super) type Evidence = u16;

/// The name of the customer.
pub(super) const NAME: Evidence = 1;
const BIRTH: Evidence = 1 << 1;
const PLACE: Evidence = 1 << 2;
const STREET: Evidence = 1 << 3;
const PHONE: Evidence = 1 << 4;
const EMAIL: Evidence = 1 << 5;
const IDENTITY: Evidence = 1 << 6;
const WORK: Evidence = 1 << 7;
const CONTACT: Evidence = 1 << 8;

/// Values that many customers may share and that no two rules combine with a name.
pub(super) const SHAREABLE: Evidence = PHONE | EMAIL | IDENTITY | STREET;

/// The features by name. Readings of one feature are alternatives: their hashes are put together.
const FEATURES: &[(&str, Evidence, &[Reading])] = &[
    (
        "organisation_key",
        IDENTITY,
        &[
            reading("uscc", "organisation_key", whole),
            reading("organisation_code", "organisation_key", whole),
            reading("tax_number", "organisation_key", whole),
        ],
    ),
    (
        "identifier",
        IDENTITY,
        &[
            reading("id_card", "", whole),
            reading("other_identifier", "", whole),
            reading("registration_number", "", whole),
        ],
    ),
    ("phone", PHONE, &[reading("phones", "key", whole)]),
    ("phone_near", PHONE, &[reading("phones", "key", deletions)]),
    ("email", EMAIL, &[reading("emails", "", whole)]),
    ("email_near", EMAIL, &[reading("emails", "local", deletions)]),
    ("core", NAME, &[reading("party", "core", whole)]),
    ("core_sound", NAME, &[reading("party", "core_sound", whole)]),
    ("core_near", NAME, &[reading("party", "core", deletions)]),
    ("core_bigram", NAME, &[reading("party", "core", bigrams)]),
    ("core_gram", NAME, &[reading("party", "core", quadgrams)]),
    ("full_name", NAME, &[reading("party", "full", whole)]),
    (
        "any_token",
        NAME,
        &[
            reading("party", "family", tokens),
            reading("party", "given", tokens),
            reading("party", "core", tokens),
            reading("party", "family", prefix),
            reading("party", "given", prefix),
        ],
    ),
    (
        "name_token",
        NAME,
        &[
            reading("party", "family", tokens),
            reading("party", "given", tokens),
        ],
    ),
    (
        "name_prefix",
        NAME,
        &[
            reading("party", "family", prefix),
            reading("party", "given", prefix),
        ],
    ),
    ("family_sound", NAME, &[reading("party", "family_sound", whole)]),
    ("given_sound", NAME, &[reading("party", "given_sound", whole)]),
    ("family_near", NAME, &[reading("party", "family", deletions)]),
    ("given_near", NAME, &[reading("party", "given", deletions)]),
    ("given_initial", NAME, &[reading("party", "given", initial)]),
    ("family_initial", NAME, &[reading("party", "family", initial)]),
    (
        "family_or_core",
        NAME,
        &[
            reading("party", "family", prefix),
            reading("party", "core_sound", whole),
            reading("party", "core", whole),
        ],
    ),
    (
        "former_name",
        NAME,
        &[
            reading("party", "full", whole),
            reading("former_names", "full", whole),
        ],
    ),
    (
        "birth_date",
        BIRTH,
        &[
            reading("birth_date", "", whole),
            reading("id_card", "birth_date", whole),
        ],
    ),
    ("birth_digits", BIRTH, &[reading("birth_date", "", sorted_digits)]),
    ("birth_year", BIRTH, &[reading("birth_date", "year", whole)]),
    (
        "place",
        PLACE,
        &[
            reading("location", "city", whole),
            reading("location", "locality", whole),
            reading("birth_place", "key", whole),
            reading("location", "postcode", postcode_area),
        ],
    ),
    ("postcode", PLACE, &[reading("location", "postcode", whole)]),
    (
        "road",
        STREET,
        &[
            reading("location", "road", whole),
            reading("location", "compound", whole),
        ],
    ),
    ("number", STREET, &[reading("location", "number", whole)]),
    ("address_token", STREET, &[reading("location", "tokens", tokens)]),
    ("occupation", WORK, &[reading("occupation", "key", whole)]),
    (
        "region",
        PLACE,
        &[
            reading("party", "region", whole),
            reading("location", "city", whole),
        ],
    ),
    (
        "contact",
        CONTACT,
        &[
            reading("contact_name", "full", whole),
            reading("legal_representative", "full", whole),
        ],
    ),
];

fn known(name: &str) -> &'static (&'static str, Evidence, &'static [Reading]) {
    FEATURES
        .iter()
        .find(|(known, _, _)| *known == name)
        .expect("rules name known features")
}

/// What the feature of this name speaks about.
pub(super) fn evidence(name: &str) -> Evidence {
    known(name).1
}

/// Builds the feature of this name, or `None` when no column it reads is there.
///
/// # Panics
/// When the name is not in the table; the rules are checked by a test.
pub(super) fn feature<'a>(name: &str, reader: &mut Reader<'a>) -> Option<Feature<'a>> {
    let readings = known(name).2;
    reader.look_at(readings);
    let mut sources: Vec<Source<'a>> = readings
        .iter()
        .filter_map(|reading| Source::new(reading, reader))
        .collect();
    // A feature of former names without that column is the full name once more.
    if sources.is_empty() || (name == "former_name" && sources.len() < readings.len()) {
        return None;
    }
    if sources.len() == 1 && !sources[0].hashes.is_single() && sources[0].single.is_some() {
        let Source {
            single,
            codes,
            hashes,
            ..
        } = sources.remove(0);
        return single.map(|items| Feature::OfTexts { items, codes, hashes });
    }
    Some(Feature::Own(Lists::build(reader.records.len(), |record, out| {
        let first = out.len();
        for source in &sources {
            for &item in source.items(record) {
                let hashes = source.of(item);
                if out.len() == first {
                    out.extend_from_slice(hashes);
                    continue;
                }
                for &hash in hashes {
                    if !out[first..].contains(&hash) {
                        out.push(hash);
                    }
                }
            }
        }
    })))
}

/// Appends the hashes of one record, for the few records of which a feature is wanted; nothing is held.
pub(super) fn collect(name: &str, records: &StandardRecords, record: RecordIndex, out: &mut Vec<u32>) {
    for reading in known(name).2 {
        let Some(column) = records.column(reading.field) else {
            continue;
        };
        for &item in column.items_of(record) {
            let text = if reading.part.is_empty() {
                column.values.get(item)
            } else if let Some(part) = column.part(reading.part) {
                part.values.get(part.codes[item as usize])
            } else {
                continue;
            };
            (reading.hashes)(text, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(of: TextHashes, text: &str) -> Vec<u32> {
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
        assert_eq!(hashes(prefix, "欧阳"), [short(hash_text("欧阳"))]);
        assert_eq!(hashes(prefix, "armstrong"), [short(hash_text("arms"))]);
        assert_eq!(hashes(prefix, "ÅÄÖÜß"), [short(hash_text("ÅÄÖÜ"))]);
    }
}
