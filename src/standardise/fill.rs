//! Gaps filled from other fields of the same record.
//!
//! In: the columns, standardised cell by cell. Out: the same columns, in which a record whose value is missing (or a
//! landline without its area code) has a cell of its own with the value that another of its fields proves. Such a value is
//! `repaired`, and its finding `filled` says where it came from; the raw text stays as it was. Only sound values fill
//! (`valid` or `repaired`), in the order of [`FILLS`], and what is given is never replaced. Columns of province, city and
//! county stay as they are: an address that names them lacks nothing, and its parts say so.

use super::column::ColumnBuilder;
use crate::field::Finding;
use crate::field::StandardValue;
use crate::model::IssueCode;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::reference::area_codes;
use crate::reference::regions;
use crate::text::script::has_han;
use std::collections::BTreeMap;

/// One way to fill a field.
struct Fill {
    /// The field that is filled.
    target: &'static str,
    /// Does this record lack the value?
    lacks: fn(&ColumnBuilder, RecordIndex) -> bool,
    /// The field that knows the value.
    from: &'static str,
    /// Which of its parts; [`RAW_TEXT`] or [`FILLED_VALUE`] otherwise.
    part: &'static str,
    /// The text to standardise, from the target's standard text and the source's text.
    text: fn(&str, &str) -> Option<String>,
}

/// The raw text serves, whatever its standing.
const RAW_TEXT: &str = "";

/// The whole standard text serves when it was filled itself.
const FILLED_VALUE: &str = "(filled)";

/// Every way to fill, in the order in which they are tried.
const FILLS: &[Fill] = &[
    part("birth_date", "id_card", "birth_date"),
    part("gender", "id_card", "gender"),
    part("postcode", "location", "postcode"),
    Fill {
        target: "phones",
        lacks: is_local_number,
        from: "location",
        part: "city",
        text: with_area_code,
    },
    Fill {
        target: "phones",
        lacks: is_local_number,
        from: "location",
        part: "province",
        text: with_area_code,
    },
    Fill {
        target: "location",
        lacks: is_nowhere,
        from: "phones",
        part: "area",
        text: in_city_of_area,
    },
    Fill {
        target: "address",
        lacks: is_nowhere,
        from: "location",
        part: FILLED_VALUE,
        text: as_it_is,
    },
    Fill {
        target: "phones",
        lacks: is_missing,
        from: "contact_name",
        part: RAW_TEXT,
        text: telephone_in,
    },
];

const fn part(target: &'static str, from: &'static str, part: &'static str) -> Fill {
    Fill {
        target,
        lacks: is_missing,
        from,
        part,
        text: as_it_is,
    }
}

/// Fills what can be filled.
pub(super) fn fill(columns: &mut [ColumnBuilder]) {
    for fill in FILLS {
        let position = |name: &str| columns.iter().position(|column| column.field() == name);
        let (Some(target), Some(from)) = (position(fill.target), position(fill.from)) else {
            continue;
        };
        if let Ok([target, from]) = columns.get_disjoint_mut([target, from]) {
            fill_column(fill, target, from);
        }
    }
}

fn fill_column(fill: &Fill, target: &mut ColumnBuilder, from: &ColumnBuilder) {
    let part = from
        .field_type()
        .parts()
        .iter()
        .position(|name| *name == fill.part);
    let mut filled: BTreeMap<(u32, u32), Option<u32>> = BTreeMap::new();
    for record in (0..target.len() as u32).map(RecordIndex) {
        if !(fill.lacks)(target, record) {
            continue;
        }
        let (code, text) = match part {
            Some(part) if from.status_of(record) >= ValueStatus::Repaired => {
                let code = from.part_code(part, from.only_item_of(record));
                (code, from.part_text(part, code))
            }
            None if fill.part == RAW_TEXT => (from.cell_of(record), from.raw(from.cell_of(record))),
            None if fill.part == FILLED_VALUE && from.is_filled(record) => {
                let item = from.only_item_of(record);
                (item, from.value(item))
            }
            _ => continue,
        };
        if code == 0 {
            continue;
        }
        let cell = target.cell_of(record);
        let known = filled.entry((cell, code)).or_insert_with(|| {
            let value = filled_value(fill, target, record, text)?;
            let raw = target.raw(cell).to_owned();
            Some(target.add_cell(&raw, value))
        });
        if let Some(cell) = *known {
            target.set_cell(record, cell);
        }
    }
}

/// The value that `text` gives the record; nothing when it is not sound.
fn filled_value(
    fill: &Fill,
    target: &ColumnBuilder,
    record: RecordIndex,
    text: &str,
) -> Option<StandardValue> {
    let known = target.value(target.only_item_of(record));
    let text = (fill.text)(known, text)?;
    let mut value = target.field_type().standardise(&text);
    if value.status < ValueStatus::Repaired {
        return None;
    }
    value.status = ValueStatus::Repaired;
    value.findings.push(Finding {
        code: IssueCode::named("filled"),
        evidence: fill.from.into(),
    });
    Some(value)
}

fn is_missing(target: &ColumnBuilder, record: RecordIndex) -> bool {
    target.status_of(record) <= ValueStatus::Placeholder
}

/// Is the value one landline without its area code?
fn is_local_number(target: &ColumnBuilder, record: RecordIndex) -> bool {
    let is_local = |value: &str| matches!(value.len(), 7 | 8) && value.bytes().all(|b| b.is_ascii_digit());
    target.status_of(record) == ValueStatus::Suspicious && is_local(target.value(target.only_item_of(record)))
}

/// Is it a Chinese address that names no province, city or county?
fn is_nowhere(target: &ColumnBuilder, record: RecordIndex) -> bool {
    let item = target.only_item_of(record);
    let parts = target.field_type().parts().iter().enumerate();
    item != 0
        && has_han(target.value(item))
        && parts
            .filter(|(_, name)| matches!(**name, "province" | "city" | "county" | "state"))
            .all(|(part, _)| target.part_code(part, item) == 0)
}

fn as_it_is(_: &str, text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The number with the area code of a city.
fn with_area_code(number: &str, city: &str) -> Option<String> {
    let area = area_codes::area_code_of(city)?;
    Some(format!("{area}-{number}"))
}

/// The address with the city whose area code the telephone has.
fn in_city_of_area(address: &str, area: &str) -> Option<String> {
    let city = area_codes::city_of(area).filter(|_| !area_codes::is_shared(area))?;
    let named = regions::divisions_named(city).next();
    Some(format!(
        "{}{address}",
        named.map_or(city, |division| division.name)
    ))
}

/// The telephone number in a text such as `王建国13812349876`.
fn telephone_in(_: &str, text: &str) -> Option<String> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')');
    text.split(|c| !is_of_number(c))
        .find(|run| run.bytes().filter(u8::is_ascii_digit).count() >= 7)
        .map(|run| run.trim().to_owned())
}
