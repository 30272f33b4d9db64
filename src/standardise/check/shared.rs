//! Values that stand where they should not: on many customers, or in several fields of one record.

use super::all;
use crate::model::RecordIndex;
use crate::table::RecordFinding;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::text::fold::fold;
use crate::text::hash::hash_text;
use rayon::prelude::*;

/// Customers of different names from which on a shared value is reported: more than a family or a group has.
const CUSTOMERS_MIN: usize = 20;

/// Field types whose values belong to one customer.
const IDENTIFYING: &[&str] = &[
    "phone",
    "email",
    "wechat",
    "qq",
    "uscc",
    "organisation_code",
    "registration_number",
    "tax_number",
    "id_card",
    "bank_account",
];

/// A telephone, address or code on many customers of different names: a default, or an agent's.
pub(super) fn frequent_value(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let Some(party) = records.column("party") else {
        return;
    };
    for column in records
        .columns()
        .iter()
        .filter(|column| IDENTIFYING.contains(&column.field_type))
    {
        let customers = customers_of_items(records, column, party);
        for record in all(records) {
            let most = column
                .items_of(record)
                .iter()
                .map(|&item| customers[item as usize])
                .max();
            if let Some(count) = most.filter(|&count| count as usize >= CUSTOMERS_MIN) {
                findings.push(RecordFinding {
                    record,
                    field: column.field.clone(),
                    code: "frequent_value",
                    evidence: count.to_string(),
                });
            }
        }
    }
}

/// Per item, the number of different customer names that have it; 0 when too few records do.
fn customers_of_items(
    records: &StandardRecords,
    column: &StandardColumn,
    party: &StandardColumn,
) -> Vec<u32> {
    let mut counts = vec![0u32; column.values.len()];
    for &item in all(records).flat_map(|record| column.items_of(record)) {
        counts[item as usize] += 1;
    }
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for record in all(records) {
        let name = party.item_of(record);
        for &item in column.items_of(record) {
            if name != 0 && counts[item as usize] as usize >= CUSTOMERS_MIN {
                pairs.push((item, name));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut customers = vec![0u32; counts.len()];
    for (item, _) in pairs {
        customers[item as usize] += 1;
    }
    customers
}

/// Kinds of values that never coincide; a field of another type is in none.
const KINDS: &[&[&str]] = &[
    &["party_name", "person_name"],
    &["address"],
    &["phone", "wechat", "qq"],
    &["email", "website"],
    &[
        "uscc",
        "organisation_code",
        "registration_number",
        "tax_number",
        "id_card",
    ],
    &["bank_account"],
    &["postcode"],
];

/// One text in fields of different kinds: the customer's name as address, the telephone as code.
pub(super) fn repeated_across_fields(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let columns: Vec<(usize, &StandardColumn, Vec<u64>)> = records
        .columns()
        .par_iter()
        .filter(|column| !matches!(column.field.as_str(), "party" | "location"))
        .filter_map(|column| {
            let kind = KINDS
                .iter()
                .position(|types| types.contains(&column.field_type))?;
            let hashes = column.raw.iter().map(|text| hash_text(&fold(text))).collect();
            Some((kind, column, hashes))
        })
        .collect();
    let mut seen: Vec<(u64, usize)> = Vec::with_capacity(columns.len());
    for record in all(records) {
        seen.clear();
        for (kind, column, hashes) in &columns {
            let cell = column.cell_of[record.at()];
            if column.raw.get(cell).len() < 2 {
                continue;
            }
            let hash = hashes[cell as usize];
            if seen.iter().any(|&(other, of)| other == hash && of != *kind) {
                findings.push(repeated(record, column));
            }
            seen.push((hash, *kind));
        }
    }
}

fn repeated(record: RecordIndex, column: &StandardColumn) -> RecordFinding {
    RecordFinding {
        record,
        field: column.field.clone(),
        code: "repeated_across_fields",
        evidence: String::new(),
    }
}
