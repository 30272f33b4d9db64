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
use crate::field::mask::MaskingClass;
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
    let place = |record: &RecordIndex| row_of(inputs, *record);
    records.iter().filter_map(place).take(ROWS_MAX).collect()
}

/// Where a record stands; `None` when nobody knows.
pub(super) fn row_of(inputs: &Inputs<'_>, record: RecordIndex) -> Option<RowPlace> {
    let place = inputs.records.places.get(record.at())?;
    let file = inputs.records.files.get(place.file as usize)?;
    Some(RowPlace {
        file: file.clone(),
        line: place.line,
    })
}

/// A value of a field, masked; what may be shown in a table of records is still masked here, where figures alone belong.
pub(super) fn masked(inputs: &Inputs<'_>, field: &str, text: &str) -> String {
    let spec = inputs.fields.iter().find(|spec: &&FieldSpec| spec.name == field);
    spec.map_or_else(String::new, |spec| match masking_class(spec) {
        MaskingClass::None => mask(MaskingClass::Text, text),
        class => mask(class, text),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::model::FieldName;
    use crate::model::SourceId;
    use crate::quality::ModelSummary;
    use crate::quality::RunInfo;
    use crate::quality::Settings;
    use crate::quality::Trend;
    use crate::table::CellFindings;
    use crate::table::IdAssignments;
    use crate::table::Interner;
    use crate::table::Place;
    use crate::table::RawRecords;
    use crate::table::RecordStatus;
    use crate::table::ScoredPairs;
    use crate::table::SourceInfo;
    use crate::table::StandardRecords;

    /// One row of an export: source, customer, telephone, address, day of entry; `!` before a value makes it a stop-gap.
    type Row = (u16, u64, String, String, String);

    fn row(source: u16, customer: u64, phone: &str, place: &str, day: &str) -> Row {
        let text = str::to_owned;
        (source, customer, text(phone), text(place), text(day))
    }

    /// A column whose values are the texts themselves.
    fn column(field: &str, cells: &[&str]) -> StandardColumn {
        let (mut raw, mut values) = (Interner::default(), Interner::default());
        let mut column = StandardColumn {
            field: FieldName::from(field),
            field_type: "text",
            cell_of: Vec::new(),
            raw: Default::default(),
            status: vec![ValueStatus::Missing],
            findings: CellFindings::default(),
            item_ends: vec![0],
            items: Vec::new(),
            values: Default::default(),
            parts: Vec::new(),
        };
        for text in cells {
            let cell = raw.intern(text);
            if cell as usize == column.status.len() {
                match text.strip_prefix('!') {
                    Some(_) => column.status.push(ValueStatus::Placeholder),
                    None => {
                        column.status.push(ValueStatus::Valid);
                        column.items.push(values.intern(text));
                    }
                }
                column.item_ends.push(column.items.len() as u32);
            }
            column.cell_of.push(cell);
        }
        column.raw = raw.finish();
        column.values = values.finish();
        column
    }

    fn found(rows: &[Row]) -> Vec<Suspicion> {
        let source = |name: &str| SourceInfo {
            name: name.to_owned(),
            owner: String::new(),
            priority: 1,
            export: name.to_owned(),
            status: RecordStatus::Active,
        };
        let place = |at: usize| Place {
            file: 0,
            line: at as u32 + 2,
        };
        let records = RawRecords {
            sources: vec![source("north"), source("华东")],
            source_of: rows.iter().map(|row| SourceId(row.0)).collect(),
            places: (0..rows.len()).map(place).collect(),
            files: vec!["客户.csv".to_owned()],
            ..RawRecords::default()
        };
        let texts = |of: fn(&Row) -> &str| rows.iter().map(of).collect::<Vec<&str>>();
        let columns = vec![
            column("phones", &texts(|row| &row.2)),
            column("location", &texts(|row| &row.3)),
            column("created_date", &texts(|row| &row.4)),
        ];
        let standard = StandardRecords::try_new(rows.len(), columns).expect("columns of these rows");
        let ids = IdAssignments {
            id_of: rows.iter().map(|row| UnifiedId::from_number(row.1)).collect(),
            ..IdAssignments::default()
        };
        suspicions(&Inputs {
            records: &records,
            standard: &standard,
            rejects: &[],
            ids: &ids,
            pairs: &ScoredPairs::default(),
            model: &ModelSummary::default(),
            weakest: &[],
            fields: customer_schema(),
            mapped_fields: &[],
            previous: None,
            trend: &Trend::default(),
            settings: &Settings::default(),
            issues: &[],
            headers: &BTreeMap::new(),
            conflicts: &[],
            relations: &[],
            questions: &[],
            audits: &[],
            hash_key: None,
            run: &RunInfo::default(),
        })
    }

    fn of_kind<'a>(found: &'a [Suspicion], kind: &str) -> Vec<&'a Suspicion> {
        found.iter().filter(|found| found.kind == kind).collect()
    }

    /// Telephone and address of one block in both scripts.
    const BLOCKS: [(u16, &str, &str); 2] = [
        (0, "+442079460018", "12 Baker Street, London"),
        (1, "13752638417", "浙江省杭州市西湖区文三路1号"),
    ];

    #[test]
    fn a_block_of_telephone_and_address_with_four_customers_is_listed_and_with_three_is_not() {
        for (source, phone, place) in BLOCKS {
            let rows = |customers: u64| -> Vec<Row> {
                let copies = (0..customers).map(|customer| row(source, customer + 1, phone, place, ""));
                // The same customer again, and the telephone at another address, make no block.
                let others = [
                    row(source, 1, phone, place, ""),
                    row(source, 90, phone, "别处 Elsewhere", ""),
                ];
                copies.chain(others).collect()
            };
            let listed = found(&rows(4));
            let blocks = of_kind(&listed, "copied_block");
            assert_eq!(blocks.len(), 1, "{phone}");
            let block = blocks[0];
            assert_eq!(
                (block.source, block.customers, block.records),
                (usize::from(source), 4, 5)
            );
            assert_eq!(block.rows[0].line, 2);
            assert!(
                block.evidence.contains(" + ") && !block.evidence.contains(phone),
                "{}",
                block.evidence
            );
            assert!(!block.evidence.contains(place), "{}", block.evidence);
            assert!(of_kind(&found(&rows(3)), "copied_block").is_empty(), "{phone}");
        }
    }

    #[test]
    fn a_block_is_of_one_source_and_a_stop_gap_is_no_block() {
        let (_, phone, place) = BLOCKS[1];
        let apart: Vec<Row> = (0..6)
            .map(|at| row((at % 2) as u16, at + 1, phone, place, ""))
            .collect();
        assert!(
            of_kind(&found(&apart), "copied_block").is_empty(),
            "three in each source"
        );
        let stop_gap: Vec<Row> = (0..6)
            .map(|at| row(1, at + 1, "!13800138000", place, ""))
            .collect();
        assert!(of_kind(&found(&stop_gap), "copied_block").is_empty());
    }

    /// A year of honest entries, one placeholder a hundred, and `burst` placeholders on one day.
    fn entries(source: u16, stop_gap: &str, phone: &str, burst: u64) -> Vec<Row> {
        let honest = (0..1_000u64).map(|at| {
            let text = match at % 100 {
                0 => format!("!{stop_gap}"),
                _ => format!("{phone}{:04}", at * 7 % 10_000),
            };
            row(source, at, &text, "", &format!("2026-01-{:02}", at % 28 + 1))
        });
        let bursts = (0..burst).map(|at| row(source, 5_000 + at, &format!("!{stop_gap}"), "", "2026-03-15"));
        honest.chain(bursts).collect()
    }

    #[test]
    fn twenty_placeholders_on_one_day_are_a_burst_and_nineteen_are_none() {
        for (source, stop_gap, phone) in [(0, "N/A", "+4420794"), (1, "无", "1375263")] {
            let listed = found(&entries(source, stop_gap, phone, 20));
            let bursts = of_kind(&listed, "placeholder_burst");
            assert_eq!(bursts.len(), 1, "{stop_gap}");
            let burst = bursts[0];
            assert_eq!((burst.source, burst.records), (usize::from(source), 20));
            assert_eq!(burst.evidence, "2026-03-15");
            assert_eq!((burst.rows.len(), burst.rows[0].line), (ROWS_MAX, 1_002));
            assert!(of_kind(&found(&entries(source, stop_gap, phone, 19)), "placeholder_burst").is_empty());
        }
    }

    #[test]
    fn a_source_that_is_full_of_placeholders_has_no_burst() {
        // A third of every day: bad, and a matter of the scorecard, but no day stands out.
        let rows: Vec<Row> = (0..900u64)
            .map(|at| {
                let phone = if at % 3 == 0 { "!无" } else { "13752638417" };
                row(1, at, phone, "", &format!("2026-01-{:02}", at % 3 + 1 + at / 300))
            })
            .collect();
        assert!(of_kind(&found(&rows), "placeholder_burst").is_empty());
    }

    #[test]
    fn five_codes_in_a_row_of_different_customers_are_listed_and_masked() {
        for (source, first) in [(0, 447_700_900_100u64), (1, 13_912_345_600)] {
            let rows = |count: u64, step: u64| -> Vec<Row> {
                (0..count)
                    .map(|at| row(source, at + 1, &(first + at * step).to_string(), "", ""))
                    .collect()
            };
            let listed = found(&rows(5, 1));
            let sequences = of_kind(&listed, "sequential_numbers");
            assert_eq!(sequences.len(), 1, "{first}");
            assert_eq!((sequences[0].customers, sequences[0].records), (5, 5));
            assert!(!sequences[0].evidence.contains(&first.to_string()));
            assert!(of_kind(&found(&rows(4, 1)), "sequential_numbers").is_empty());
            assert!(
                of_kind(&found(&rows(9, 2)), "sequential_numbers").is_empty(),
                "with gaps"
            );
            // One customer with a block of numbers of its own is a switchboard.
            let mut own = rows(5, 1);
            own.iter_mut().for_each(|row| row.1 = 1);
            assert!(of_kind(&found(&own), "sequential_numbers").is_empty());
        }
    }

    #[test]
    fn each_kind_of_a_source_is_listed_twenty_times_at_most() {
        let rows: Vec<Row> = (0..30u64)
            .flat_map(|block| {
                let phone = format!("1375263{block:04}");
                (0..4u64).map(move |at| row(1, block * 10 + at, &phone, &format!("文三路{block}号"), ""))
            })
            .collect();
        assert_eq!(of_kind(&found(&rows), "copied_block").len(), LISTED_MAX);
    }
}
