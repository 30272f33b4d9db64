//! The first cells of every finding, masked, so that each figure leads to rows that someone can open.
//!
//! In: the findings of the run, sorted by record. Out: per source, field and code at most [`SAMPLES_MAX`] cells with file, line and
//! column. All of them are in `issues.parquet`, with their raw texts. A cell carries a hash of its raw text only under a key: without one,
//! whoever has the page finds a telephone number by trying all of them.

use super::figures::SampleCell;
use super::inputs::Inputs;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::model::SourceId;
use crate::table::Issue;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;
use std::collections::BTreeMap;

/// Cells of one finding of one source.
const SAMPLES_MAX: usize = 3;

/// Cells by (source, field, code).
pub(super) type Samples<'a> = BTreeMap<(usize, &'a str, &'a str), Vec<SampleCell>>;

/// The samples of every finding.
pub(super) fn samples<'a>(inputs: &Inputs<'a>) -> Samples<'a> {
    let mut samples = Samples::new();
    for issue in inputs.issues {
        let Some(&source) = inputs.records.source_of.get(issue.record.at()) else {
            continue;
        };
        if inputs.records.kept(issue.record).is_some() {
            continue;
        }
        let of_it = samples
            .entry((source.at(), issue.field.as_str(), issue.code.name))
            .or_default();
        if of_it.len() < SAMPLES_MAX {
            of_it.extend(sample(inputs, source, issue));
        }
    }
    samples
}

fn sample(inputs: &Inputs<'_>, source: SourceId, issue: &Issue) -> Option<SampleCell> {
    let place = inputs.records.places.get(issue.record.at())?;
    let spec = inputs
        .fields
        .iter()
        .find(|spec| spec.name == issue.field.as_str());
    // A field that no schema knows is made of others; nothing of it is shown. What may be shown in a table of records is still
    // masked here, where figures alone belong.
    let masked = match spec.map(masking_class) {
        Some(MaskingClass::None) => mask(MaskingClass::Text, &issue.raw),
        Some(class) => mask(class, &issue.raw),
        None => String::new(),
    };
    let header = inputs.headers.get(&(source, issue.field.clone()));
    Some(SampleCell {
        file: inputs
            .records
            .files
            .get(place.file as usize)
            .cloned()
            .unwrap_or_default(),
        line: place.line,
        column: header.cloned().unwrap_or_default(),
        raw_hash: inputs
            .hash_key
            .map_or_else(String::new, |key| raw_hash(key, issue.field.as_str(), &issue.raw)),
        masked,
    })
}

/// Bytes of a published hash.
const HASH_BYTES: usize = 8;

/// HMAC-SHA-256 of field and raw text under a key derived from `key`, its first eight bytes in hexadecimal; empty of an empty text.
fn raw_hash(key: &[u8], field: &str, raw: &str) -> String {
    if raw.is_empty() {
        return String::new();
    }
    let mac = |key: &[u8], parts: &[&str]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        parts.iter().for_each(|part| mac.update(part.as_bytes()));
        mac.finalize().into_bytes()
    };
    let own = mac(key, &["guiyi raw value"]);
    let hash = mac(&own, &[field, "\u{1f}", raw]);
    let digits = hash.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q6_a_raw_value_has_a_hash_under_a_key_alone() {
        let hash = |key: &str, field: &str, raw: &str| raw_hash(key.as_bytes(), field, raw);
        let of_it = hash("a key of the group", "phones", "13912345600");
        assert_eq!(of_it.len(), 16);
        assert_eq!(of_it, hash("a key of the group", "phones", "13912345600"));
        assert_ne!(of_it, hash("another key", "phones", "13912345600"));
        assert_ne!(of_it, hash("a key of the group", "emails", "13912345600"));
        assert_ne!(of_it, hash("a key of the group", "phones", "13912345601"));
        assert_ne!(
            hash("k", "customer_name", "王芳"),
            hash("k", "customer_name", "Ann Lee")
        );
        assert_eq!(hash("k", "phones", ""), "");
    }
}
