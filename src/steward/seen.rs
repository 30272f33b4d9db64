//! What a steward saw of a record, as one number.
//!
//! In: the standard texts of a record. Out: a fingerprint that changes when one of them does. Standard texts, so that another
//! spelling of the same value changes nothing; only the fields that tell who a customer is ([`MATERIAL`]): telephone, address
//! and trade come and go while the customer stays, and a decision asked again for each of them would soon be read by nobody.
//! A pinned value rests on its own field alone. Missing values do not count, so that an added column changes nothing.

use crate::model::RecordIndex;
use crate::steward::Matter;
use crate::table::StandardRecords;
use crate::text::hash::hash_text;
use crate::text::hash::mix;

/// Fields whose change makes a decision about the record doubtful, in a fixed order.
pub const MATERIAL: &[&str] = &[
    "customer_name",
    "former_names",
    "given_name",
    "middle_name",
    "family_name",
    "uscc",
    "organisation_code",
    "registration_number",
    "tax_number",
    "id_card",
    "other_identifier",
    "birth_date",
    "legal_representative",
];

/// Fields that a decision rests on.
pub fn material_of(matter: &Matter) -> Vec<&str> {
    match matter.field() {
        Some(field) => vec![field],
        None => MATERIAL.to_vec(),
    }
}

/// Fingerprint of a record's standard texts in `fields`; several values of a cell are joined by `; ` as they are published.
///
/// # Examples
/// ```
/// use guiyi::steward::seen;
/// let record = |field: &str| if field == "uscc" { "91310000MA1K35X51X".to_owned() } else { String::new() };
/// assert_eq!(seen(&["uscc", "tax_number"], record), seen(&["uscc"], record));
/// assert_ne!(seen(&["uscc"], record), seen(&["tax_number"], record));
/// ```
pub fn seen(fields: &[&str], text_of: impl Fn(&str) -> String) -> u64 {
    let texts = fields.iter().map(|field| (field, text_of(field)));
    texts
        .filter(|(_, text)| !text.is_empty())
        .fold(0, |state, (field, text)| {
            mix(mix(state, hash_text(field)), hash_text(&text))
        })
}

/// Fingerprint of a record as it is tonight.
pub(super) fn seen_tonight(fields: &[&str], standard: &StandardRecords, record: RecordIndex) -> u64 {
    let text = |field: &str| {
        let column = standard.column(field);
        column.map_or_else(String::new, |column| column.text_of(record))
    };
    seen(fields, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_with_its_field_and_its_place() {
        let record = |values: &'static [(&'static str, &'static str)]| {
            move |field: &str| {
                let found = values.iter().find(|(name, _)| *name == field);
                found.map_or_else(String::new, |(_, text)| (*text).to_owned())
            }
        };
        let han = seen(
            MATERIAL,
            record(&[("customer_name", "华夏科技"), ("tax_number", "1")]),
        );
        let latin = seen(
            MATERIAL,
            record(&[("customer_name", "Ann Lee"), ("tax_number", "1")]),
        );
        let other = seen(
            MATERIAL,
            record(&[("customer_name", "华夏科技"), ("tax_number", "2")]),
        );
        let phone = seen(
            MATERIAL,
            record(&[
                ("customer_name", "华夏科技"),
                ("tax_number", "1"),
                ("phones", "1"),
            ]),
        );
        assert!(han != latin && han != other);
        assert_eq!(han, phone);
        // The fingerprint is kept for years.
        assert_eq!(seen(MATERIAL, record(&[])), 0);
        assert_eq!(han, 5_480_811_727_617_028_489);
    }
}
