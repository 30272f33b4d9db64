//! Entries that look invented (伪造客户信息): patterns that honest work hardly makes, by source.
//!
//! In: standard values, unified IDs and places. Out: [`Suspicion`]s with masked evidence and rows to look at; they accuse nobody
//! and change nothing. Limits are of what chance and ordinary life make:
//!
//! - `shared_contact`: one telephone or e-mail with [`SHARED_MIN`] or more different customers of a source. Two or three share
//!   one in a family or an office; more is an agent, a switchboard or a convenience of whoever typed.
//! - `sequential_numbers`: [`SEQUENCE_MIN`] or more mobile numbers in a row with different customers. Of a million numbers drawn
//!   from four thousand million, five in a row come up once in a hundred million files.
//! - `copied_block`: telephone and address together with [`COPIED_MIN`] or more different customers.
//! - `placeholder_burst`: a day on which a source entered [`BURST_MIN`] or more placeholders, five times as many a record as it
//!   does otherwise.

use super::inputs::Inputs;
use crate::field::DERIVED_FIELDS;
use crate::field::FieldSpec;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::table::StandardColumn;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Customers of one source with one telephone or e-mail.
const SHARED_MIN: usize = 5;

/// Mobile numbers in a row.
const SEQUENCE_MIN: usize = 5;

/// Customers of one source with one telephone and one address.
const COPIED_MIN: usize = 4;

/// Placeholders of one day.
const BURST_MIN: u64 = 20;

/// How many times the usual share makes a burst.
const BURST_TIMES: u64 = 5;

/// Digits of a number that is drawn from a range wide enough.
const DIGITS_MIN: usize = 10;

/// Findings of one kind in one source.
const LISTED_MAX: usize = 20;

/// Rows named for one finding.
const ROWS_MAX: usize = 3;

/// A row of an export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowPlace {
    /// File as named in the job.
    pub file: String,
    /// Line or sheet row; 0 when unknown.
    pub line: u32,
}

/// One pattern that someone should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// Position in the list of sources.
    pub source: usize,
    /// `shared_contact`, `sequential_numbers`, `copied_block` or `placeholder_burst`.
    pub kind: String,
    /// The field.
    pub field: String,
    /// What it is, masked; the first and the last number of a sequence, the day of a burst.
    pub evidence: String,
    /// Different customers.
    pub customers: u64,
    /// Records.
    pub records: u64,
    /// The first rows of them.
    pub rows: Vec<RowPlace>,
}

/// Everything found, by source, kind and size.
pub(super) fn suspicions(inputs: &Inputs<'_>) -> Vec<Suspicion> {
    let mut found = Vec::new();
    for field in ["phones", "emails"] {
        found.extend(shared(inputs, field));
    }
    found.extend(sequences(inputs));
    found.extend(copied(inputs));
    found.extend(bursts(inputs));
    found.sort_by(|a, b| {
        let order = |s: &Suspicion| (s.source, s.kind.clone());
        order(a)
            .cmp(&order(b))
            .then_with(|| b.customers.cmp(&a.customers))
            .then_with(|| b.records.cmp(&a.records))
            .then_with(|| a.rows.cmp(&b.rows))
            .then_with(|| a.evidence.cmp(&b.evidence))
    });
    let mut listed: BTreeMap<(usize, String), usize> = BTreeMap::new();
    found.retain(|suspicion| {
        let count = listed
            .entry((suspicion.source, suspicion.kind.clone()))
            .or_default();
        *count += 1;
        *count <= LISTED_MAX
    });
    found
}

/// Records that say one thing: the thing, the customer, the record.
type Said<K> = (usize, K, UnifiedId, RecordIndex);

/// Different customers among sorted records of one thing.
fn customers<K>(said: &[Said<K>]) -> usize {
    said.chunk_by(|a, b| a.2 == b.2).count()
}

fn rows(inputs: &Inputs<'_>, records: impl Iterator<Item = RecordIndex>) -> Vec<RowPlace> {
    let mut records: Vec<RecordIndex> = records.collect();
    records.sort_unstable();
    records.dedup();
    let place = |record: &RecordIndex| {
        let place = inputs.records.places.get(record.at())?;
        let file = inputs.records.files.get(place.file as usize)?;
        Some(RowPlace {
            file: file.clone(),
            line: place.line,
        })
    };
    records.iter().filter_map(place).take(ROWS_MAX).collect()
}

fn masked(inputs: &Inputs<'_>, field: &str, text: &str) -> String {
    let spec = inputs.fields.iter().find(|spec: &&FieldSpec| spec.name == field);
    spec.map_or_else(String::new, |spec| mask(masking_class(spec), text))
}

/// Sound items of a column with their records, sorted.
fn items<'a>(
    inputs: &'a Inputs<'_>,
    column: &'a StandardColumn,
) -> impl Iterator<Item = (usize, u32, UnifiedId, RecordIndex)> + 'a {
    inputs.records.delivered().flat_map(move |(record, source)| {
        let is_sound = column.status_of(record) > ValueStatus::Suspicious;
        let items = column.items_of(record).iter().filter(move |_| is_sound);
        let id = inputs.ids.id_of[record.at()];
        items.map(move |&item| (source.at(), item, id, record))
    })
}

fn shared(inputs: &Inputs<'_>, field: &str) -> Vec<Suspicion> {
    let Some(column) = inputs.standard.column(field) else {
        return Vec::new();
    };
    let mut said: Vec<Said<u32>> = items(inputs, column).collect();
    said.sort_unstable();
    let of_one = said.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let suspicion = |of_one: &[Said<u32>]| Suspicion {
        source: of_one[0].0,
        kind: "shared_contact".to_owned(),
        field: field.to_owned(),
        evidence: masked(inputs, field, column.values.get(of_one[0].1)),
        customers: customers(of_one) as u64,
        records: of_one.len() as u64,
        rows: rows(inputs, of_one.iter().map(|said| said.3)),
    };
    let many = of_one.filter(|of_one| of_one.len() >= SHARED_MIN && customers(of_one) >= SHARED_MIN);
    many.map(suspicion).collect()
}

fn sequences(inputs: &Inputs<'_>) -> Vec<Suspicion> {
    let Some(column) = inputs.standard.column("phones") else {
        return Vec::new();
    };
    let number_of: Vec<u64> = column.values.iter().map(number).collect();
    let numbers = items(inputs, column).filter(|(_, item, ..)| number_of[*item as usize] > 0);
    let mut said: Vec<Said<u64>> = numbers
        .map(|(source, item, id, record)| (source, number_of[item as usize], id, record))
        .collect();
    said.sort_unstable();
    // One record a number is enough to tell whose it is.
    said.dedup_by_key(|(source, number, ..)| (*source, *number));
    let in_a_row = said.chunk_by(|a, b| a.0 == b.0 && a.1 + 1 == b.1);
    let suspicion = |row: &[Said<u64>]| {
        let mut ids: Vec<UnifiedId> = row.iter().map(|said| said.2).collect();
        ids.sort_unstable();
        ids.dedup();
        let ends =
            [row[0].1, row[row.len() - 1].1].map(|number| masked(inputs, "phones", &number.to_string()));
        (ids.len() >= SEQUENCE_MIN).then(|| Suspicion {
            source: row[0].0,
            kind: "sequential_numbers".to_owned(),
            field: "phones".to_owned(),
            evidence: ends.join(" … "),
            customers: ids.len() as u64,
            records: row.len() as u64,
            rows: rows(inputs, row.iter().map(|said| said.3)),
        })
    };
    in_a_row
        .filter(|row| row.len() >= SEQUENCE_MIN)
        .filter_map(suspicion)
        .collect()
}

/// The number of a telephone without its signs; 0 when it has too few digits or an extension.
fn number(text: &str) -> u64 {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+');
    let digits = text.trim_start_matches('+');
    match is_plain && digits.len() >= DIGITS_MIN {
        true => digits.parse().unwrap_or(0),
        false => 0,
    }
}

fn copied(inputs: &Inputs<'_>) -> Vec<Suspicion> {
    let (Some(phones), Some(places)) = (
        inputs.standard.column("phones"),
        inputs.standard.column("location"),
    ) else {
        return Vec::new();
    };
    let sound = |column: &StandardColumn, record| match column.status_of(record) > ValueStatus::Suspicious {
        true => column.item_of(record),
        false => 0,
    };
    let block = |(record, source): (RecordIndex, crate::model::SourceId)| {
        let block = (sound(phones, record), sound(places, record));
        let is_whole = block.0 != 0 && block.1 != 0;
        is_whole.then(|| (source.at(), block, inputs.ids.id_of[record.at()], record))
    };
    let mut said: Vec<Said<(u32, u32)>> = inputs.records.delivered().filter_map(block).collect();
    said.sort_unstable();
    let of_one = said.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let suspicion = |of_one: &[Said<(u32, u32)>]| Suspicion {
        source: of_one[0].0,
        kind: "copied_block".to_owned(),
        field: "phones".to_owned(),
        evidence: [
            masked(inputs, "phones", phones.values.get(of_one[0].1.0)),
            masked(inputs, "address", places.values.get(of_one[0].1.1)),
        ]
        .join(" + "),
        customers: customers(of_one) as u64,
        records: of_one.len() as u64,
        rows: rows(inputs, of_one.iter().map(|said| said.3)),
    };
    let many = of_one.filter(|of_one| of_one.len() >= COPIED_MIN && customers(of_one) >= COPIED_MIN);
    many.map(suspicion).collect()
}

fn bursts(inputs: &Inputs<'_>) -> Vec<Suspicion> {
    let Some(dates) = inputs.standard.column("created_date") else {
        return Vec::new();
    };
    // By source and day: records, placeholders, and the records that have one.
    let mut days: BTreeMap<(usize, u32), (u64, u64, Vec<RecordIndex>)> = BTreeMap::new();
    let mut totals: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    let is_given = |column: &&StandardColumn| {
        let name = column.field.as_str();
        DERIVED_FIELDS.iter().all(|derived| derived.name != name)
    };
    let columns: Vec<&StandardColumn> = inputs.standard.columns().iter().filter(is_given).collect();
    let is_stop_gap: Vec<Vec<bool>> = columns
        .iter()
        .map(|column| {
            column
                .status
                .iter()
                .map(|status| *status == ValueStatus::Placeholder)
                .collect()
        })
        .collect();
    for (record, source) in inputs.records.delivered() {
        let placeholders = columns
            .iter()
            .zip(&is_stop_gap)
            .filter(|(column, is_stop_gap)| is_stop_gap[column.cell_of[record.at()] as usize])
            .count() as u64;
        let total = totals.entry(source.at()).or_default();
        total.0 += 1;
        total.1 += placeholders;
        let day = dates.item_of(record);
        if day != 0 {
            let of_day = days.entry((source.at(), day)).or_default();
            of_day.0 += 1;
            of_day.1 += placeholders;
            if placeholders > 0 && of_day.2.len() < ROWS_MAX {
                of_day.2.push(record);
            }
        }
    }
    let burst =
        |((source, day), (records, placeholders, examples)): ((usize, u32), (u64, u64, Vec<RecordIndex>))| {
            let (all_records, all_placeholders) = totals[&source];
            let (other_records, others) = (all_records - records, all_placeholders - placeholders);
            let is_burst = placeholders >= BURST_MIN
                && u128::from(placeholders) * u128::from(other_records)
                    >= u128::from(BURST_TIMES) * u128::from(others) * u128::from(records)
                && other_records > 0;
            is_burst.then(|| Suspicion {
                source,
                kind: "placeholder_burst".to_owned(),
                field: "created_date".to_owned(),
                evidence: dates.values.get(day).to_owned(),
                customers: 0,
                records: placeholders,
                rows: rows(inputs, examples.into_iter()),
            })
        };
    days.into_iter().filter_map(burst).collect()
}
