//! `standard`: every record with its standard values and the parts of its name and address.

use crate::field::DERIVED_FIELDS;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use crate::publish::view::coded;
use crate::publish::view::extended;
use crate::publish::view::lent;
use crate::publish::view::pool_of;
use crate::table::Part;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use frame::ROWS_PER_GROUP;
use std::ops::Range;

/// Parts that serve matching alone.
const INTERNAL: &[&str] = &[
    "full",
    "tokens",
    "core_sound",
    "family_sound",
    "given_sound",
    "numerals",
];

/// The records in order, row group by row group, at least one table: source, record_key, per field its standard text (several
/// joined by `; `) and `<field>_status`, then the parts of the customer's name and address as `party_<part>` and
/// `location_<part>`.
///
/// # Errors
/// [`PublishError::Table`] when records and keys do not fit together.
pub fn standard_tables<'a>(
    keys: &'a RecordKeys<'a>,
    records: &'a StandardRecords,
) -> impl Iterator<Item = Result<View<'a>, PublishError>> + 'a {
    let len = records.len() as u32;
    let starts = std::iter::once(0).chain((ROWS_PER_GROUP as u32..len).step_by(ROWS_PER_GROUP));
    starts.map(move |start| {
        let rows = start..len.min(start + ROWS_PER_GROUP as u32);
        View::try_new("standard", columns(keys, records, &rows))
    })
}

fn columns<'a>(
    keys: &'a RecordKeys<'a>,
    records: &'a StandardRecords,
    rows: &Range<u32>,
) -> Vec<ViewColumn<'a>> {
    let mut columns: Vec<ViewColumn> = keys.columns("", rows.clone().map(RecordIndex)).into();
    let words = pool_of(STATUS.iter().copied());
    for column in records.columns() {
        let name = column.field.as_str();
        if DERIVED_FIELDS.iter().any(|derived| derived.name == name) {
            let parts = column.parts.iter().filter(|part| !INTERNAL.contains(&part.name));
            let items: Vec<u32> = rows.clone().map(|row| column.item_of(RecordIndex(row))).collect();
            columns.extend(parts.map(|part| part_column(column, part, &items)));
        } else {
            let (text, status) = text_and_status(column, rows);
            columns.push(text);
            columns.push(coded(format!("{name}_status"), status, &words));
        }
    }
    columns
}

/// The words of every standing, in the order of [`ValueStatus`].
const STATUS: &[&str] = &[
    ValueStatus::Missing.as_str(),
    ValueStatus::Placeholder.as_str(),
    ValueStatus::Invalid.as_str(),
    ValueStatus::Suspicious.as_str(),
    ValueStatus::Repaired.as_str(),
    ValueStatus::Valid.as_str(),
];

/// The texts and, as codes of [`STATUS`], their standing: a record leads to its cell once.
fn text_and_status<'a>(column: &'a StandardColumn, rows: &Range<u32>) -> (ViewColumn<'a>, Vec<u32>) {
    let mut pool = extended(&column.values);
    let cells = &column.cell_of[rows.start as usize..rows.end as usize];
    let mut codes = Vec::with_capacity(cells.len());
    let mut statuses = Vec::with_capacity(cells.len());
    for (row, &cell) in rows.clone().zip(cells) {
        let status = column.status[cell as usize];
        statuses.push(status as u32 + 1);
        codes.push(match status.is_usable() {
            false => 0,
            true => match column.items_of_cell(cell) {
                [] => 0,
                [item] => *item,
                _ => pool.push(&column.text_of(RecordIndex(row))),
            },
        });
    }
    (coded(column.field.as_str(), codes, &pool.finish()), statuses)
}

/// One part of the first items of records.
fn part_column<'a>(column: &'a StandardColumn, part: &'a Part, items: &[u32]) -> ViewColumn<'a> {
    let codes: Vec<u32> = items.iter().map(|&item| part.codes[item as usize]).collect();
    coded(
        format!("{}_{}", column.field.as_str(), part.name),
        codes,
        &lent(&part.values),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_is_the_code_of_its_word() {
        let all = [
            ValueStatus::Missing,
            ValueStatus::Placeholder,
            ValueStatus::Invalid,
            ValueStatus::Suspicious,
            ValueStatus::Repaired,
            ValueStatus::Valid,
        ];
        assert!(
            all.iter()
                .all(|status| STATUS[*status as usize] == status.as_str())
        );
    }
}
