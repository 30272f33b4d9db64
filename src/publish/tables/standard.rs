//! `standard`: every record with its standard values and the parts of its name and address.

use crate::field::DERIVED_FIELDS;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::publish::columns::RecordKeys;
use crate::publish::columns::table;
use crate::publish::columns::words;
use crate::publish::error::PublishError;
use crate::table::Part;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use frame::Column;
use frame::Table;
use frame::TextColumn;
use std::ops::Range;

/// Records of one table; bounds the memory that writing takes.
const BATCH_RECORDS: u32 = 100_000;

/// Parts that serve matching alone.
const INTERNAL: &[&str] = &[
    "full",
    "tokens",
    "core_sound",
    "family_sound",
    "given_sound",
    "numerals",
];

/// The records in order, batch by batch, at least one table: source, record_key, per field its standard text (several
/// joined by `; `) and `<field>_status`, then the parts of the customer's name and address as `party_<part>` and
/// `location_<part>`.
///
/// # Errors
/// [`PublishError::Table`] when records and keys do not fit together.
pub fn standard_tables<'a>(
    keys: &'a RecordKeys,
    records: &'a StandardRecords,
) -> impl Iterator<Item = Result<Table, PublishError>> + 'a {
    let len = records.len() as u32;
    let starts = std::iter::once(0).chain((BATCH_RECORDS..len).step_by(BATCH_RECORDS as usize));
    starts.map(move |start| {
        let rows = start..len.min(start + BATCH_RECORDS);
        table("standard", columns(keys, records, &rows))
    })
}

fn columns(
    keys: &RecordKeys,
    records: &StandardRecords,
    rows: &Range<u32>,
) -> Result<Vec<Column>, frame::TableError> {
    let mut columns: Vec<Column> = keys.columns("", rows.clone().map(RecordIndex))?.into();
    for column in records.columns() {
        let name = column.field.as_str();
        if DERIVED_FIELDS.iter().any(|derived| derived.name == name) {
            let parts = column.parts.iter().filter(|part| !INTERNAL.contains(&part.name));
            columns.extend(parts.map(|part| part_column(column, part, rows)));
        } else {
            columns.push(text_column(column, rows));
            let status = rows
                .clone()
                .map(|row| column.status_of(RecordIndex(row)).as_str());
            columns.push(words(&format!("{name}_status"), STATUS, status)?);
        }
    }
    Ok(columns)
}

/// The words of every standing, so that each batch numbers them alike.
const STATUS: &[&str] = &[
    ValueStatus::Missing.as_str(),
    ValueStatus::Placeholder.as_str(),
    ValueStatus::Invalid.as_str(),
    ValueStatus::Suspicious.as_str(),
    ValueStatus::Repaired.as_str(),
    ValueStatus::Valid.as_str(),
];

fn text_column(column: &StandardColumn, rows: &Range<u32>) -> Column {
    let mut texts = TextColumn::with_capacity(rows.len(), rows.len() * 16);
    for record in rows.clone().map(RecordIndex) {
        match column.items_of(record) {
            [] => texts.push_null(),
            [item] => texts.push(column.values.get(*item)),
            _ => texts.push(&column.text_of(record)),
        }
    }
    Column::text(column.field.as_str(), texts)
}

fn part_column(column: &StandardColumn, part: &Part, rows: &Range<u32>) -> Column {
    let mut texts = TextColumn::with_capacity(rows.len(), rows.len() * 6);
    for record in rows.clone().map(RecordIndex) {
        match part.codes[column.item_of(record) as usize] {
            0 => texts.push_null(),
            code => texts.push(part.values.get(code)),
        }
    }
    Column::text(format!("{}_{}", column.field.as_str(), part.name), texts)
}
