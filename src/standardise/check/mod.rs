//! Fields of one record, and values of many records, checked against each other.
//!
//! In: standard records. Out: findings about records; no value is changed. Each check is one function and one line of
//! [`CHECKS`]; its code is in the issue catalogue. Missing, refused and filled values prove nothing and are passed over.

mod shared;
mod together;

use crate::model::RecordIndex;
use crate::table::RecordFinding;
use crate::table::StandardRecords;
use rayon::prelude::*;

/// A check over all records: adds its findings.
type Check = fn(&StandardRecords, &mut Vec<RecordFinding>);

/// Every check, in the order of the issue catalogue.
const CHECKS: &[Check] = &[
    together::disconnected_number,
    together::id_birth_date,
    together::id_gender,
    together::phone_area,
    together::code_region,
    together::email_company,
    together::incomplete_address,
    together::date_order,
    shared::frequent_value,
    shared::repeated_across_fields,
];

/// What all checks find.
pub(super) fn check(records: &StandardRecords) -> Vec<RecordFinding> {
    let found: Vec<Vec<RecordFinding>> = CHECKS
        .par_iter()
        .map(|check| {
            let mut findings = Vec::new();
            check(records, &mut findings);
            findings
        })
        .collect();
    found.concat()
}

/// Every record, in order.
fn all(records: &StandardRecords) -> impl Iterator<Item = RecordIndex> {
    (0..records.len() as u32).map(RecordIndex)
}
