//! `raw`: every record as its source gave it, for the next run.
//!
//! A source that cannot be read tomorrow, or that no longer has a record, is stood in for by these texts.

use crate::field::DERIVED_FIELDS;
use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::publish::error::PublishError;
use crate::publish::tables::crosswalk::text_column;
use crate::publish::view::Pool;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use crate::publish::view::coded;
use crate::publish::view::lent;
use crate::publish::view::numbers;
use crate::publish::view::pool_of;
use crate::table::Interner;
use crate::table::Kept;
use crate::table::Place;
use crate::table::RawColumn;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::SourceAccount;
use crate::table::SourceInfo;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use frame::ColumnData;
use frame::ROWS_PER_GROUP;
use frame::Table;
use std::ops::Range;

/// Columns before those of the fields.
const FIXED: [&str; 8] = [
    "source",
    "record_key",
    "export",
    "owner",
    "file",
    "line",
    "status",
    "since_run",
];

/// What stands before the name of a field.
const FIELD: &str = "field.";

/// The records in order, row group by row group, at least one table: source, record_key, export (the job's source), owner, file,
/// line, status (`active`, `stale`, `withdrawn`), since_run (first run without the record; null while it is active), and per
/// mapped field its raw text as `field.<name>`.
///
/// # Errors
/// [`PublishError::Table`] when records and keys do not fit together.
pub fn raw_tables<'a>(
    keys: &'a RecordKeys<'a>,
    raw: &'a RawRecords,
    standard: &'a StandardRecords,
) -> impl Iterator<Item = Result<View<'a>, PublishError>> + 'a {
    let pools = Pools {
        exports: pool_of(raw.sources.iter().map(|source| source.export.as_str())),
        owners: pool_of(raw.sources.iter().map(|source| source.owner.as_str())),
        files: pool_of(raw.files.iter().map(String::as_str)),
        statuses: pool_of(STATUS.iter().copied()),
        fields: fields(standard).map(|column| lent(&column.raw)).collect(),
    };
    let len = raw.len() as u32;
    let starts = std::iter::once(0).chain((ROWS_PER_GROUP as u32..len).step_by(ROWS_PER_GROUP));
    starts.map(move |start| {
        let rows = start..len.min(start + ROWS_PER_GROUP as u32);
        View::try_new("raw", columns(keys, raw, standard, &pools, &rows))
    })
}

const STATUS: [&str; 3] = [
    RecordStatus::Active.as_str(),
    RecordStatus::Stale.as_str(),
    RecordStatus::Withdrawn.as_str(),
];

/// Texts that all row groups share.
struct Pools<'a> {
    exports: Pool<'static>,
    owners: Pool<'static>,
    files: Pool<'static>,
    statuses: Pool<'static>,
    fields: Vec<Pool<'a>>,
}

/// The columns that a source gave, those made of others left out.
fn fields(standard: &StandardRecords) -> impl Iterator<Item = &StandardColumn> {
    let is_given = |column: &&StandardColumn| {
        let name = column.field.as_str();
        DERIVED_FIELDS.iter().all(|derived| derived.name != name)
    };
    standard.columns().iter().filter(is_given)
}

fn columns<'a>(
    keys: &'a RecordKeys<'a>,
    raw: &'a RawRecords,
    standard: &'a StandardRecords,
    pools: &Pools<'a>,
    rows: &Range<u32>,
) -> Vec<ViewColumn<'a>> {
    let records = || rows.clone().map(RecordIndex);
    let of_source: Vec<u32> = records()
        .map(|record| u32::from(raw.source_of[record.at()].0) + 1)
        .collect();
    let place = |record: RecordIndex| raw.places.get(record.at()).copied().unwrap_or_default();
    let file = |record| place(record).file + u32::from(!raw.files.is_empty());
    let line = |record| Some(i64::from(place(record).line));
    let since = |record| raw.kept(record).map(|kept| i64::from(kept.since_run));
    let mut columns: Vec<ViewColumn> = keys.columns("", records()).into();
    columns.push(coded("export", of_source, &pools.exports));
    let owner = |record: RecordIndex| match raw.source(record).owner.is_empty() {
        true => 0,
        false => u32::from(raw.source_of[record.at()].0) + 1,
    };
    columns.push(coded(
        "owner",
        records().map(owner).collect::<Vec<u32>>(),
        &pools.owners,
    ));
    columns.push(coded(
        "file",
        records().map(file).collect::<Vec<u32>>(),
        &pools.files,
    ));
    columns.push(numbers("line", records().map(line).collect()));
    let statuses: Vec<u32> = records().map(|record| raw.status(record) as u32 + 1).collect();
    columns.push(coded("status", statuses, &pools.statuses));
    columns.push(numbers("since_run", records().map(since).collect()));
    columns.extend(fields(standard).zip(&pools.fields).map(|(column, pool)| {
        let cells = &column.cell_of[rows.start as usize..rows.end as usize];
        coded(format!("{FIELD}{}", column.field.as_str()), cells, pool)
    }));
    columns
}

/// Records read back, batch by batch.
#[derive(Default)]
pub(in crate::publish) struct RawReader {
    records: RawRecords,
    columns: Vec<(FieldName, Vec<u32>, Interner)>,
}

impl RawReader {
    /// Columns of a table with these names that are needed, in the order of the file.
    pub(in crate::publish) fn wanted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
        names
            .filter(|name| FIXED.contains(name) || name.starts_with(FIELD))
            .collect()
    }

    /// Takes the rows that `is_wanted`, by source and key; `None` when it is no such table.
    pub(in crate::publish) fn add(
        &mut self,
        table: &Table,
        is_wanted: &mut dyn FnMut(&str, &str) -> bool,
    ) -> Option<()> {
        let text = |name| text_column(table, name);
        let number = |name: &str| match table.column(name) {
            Ok(ColumnData::I64(numbers)) => Some(numbers),
            _ => None,
        };
        let [source, key, export, owner] = [
            text("source")?,
            text("record_key")?,
            text("export")?,
            text("owner")?,
        ];
        let (file, status) = (text("file")?, text("status")?);
        let (line, since) = (number("line")?, number("since_run")?);
        let mut rows = Vec::new();
        for row in 0..table.rows() {
            let (of, key) = (source.get(row)?, key.get(row)?);
            if !is_wanted(of, key) {
                continue;
            }
            rows.push(row);
            let info = SourceInfo {
                name: of.to_owned(),
                owner: owner.get(row).unwrap_or_default().to_owned(),
                priority: u32::MAX,
                export: export.get(row).unwrap_or(of).to_owned(),
                status: RecordStatus::Active,
            };
            let status = RecordStatus::from_word(status.get(row)?)?;
            let since_run = since[row].and_then(|run| u32::try_from(run).ok());
            let line = line[row].and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
            self.add_row(
                info,
                key,
                (file.get(row).unwrap_or_default(), line),
                status,
                since_run,
            );
        }
        for column in table
            .columns()
            .iter()
            .filter(|column| column.name.starts_with(FIELD))
        {
            let texts = column.data.as_text()?;
            let field = &column.name[FIELD.len()..];
            let at = match self
                .columns
                .iter()
                .position(|(known, ..)| known.as_str() == field)
            {
                Some(at) => at,
                None => {
                    self.columns
                        .push((FieldName::from(field), Vec::new(), Interner::default()));
                    self.columns.len() - 1
                }
            };
            let (_, codes, values) = &mut self.columns[at];
            codes.extend(
                rows.iter()
                    .map(|&row| values.intern(texts.get(row).unwrap_or_default())),
            );
        }
        Some(())
    }

    fn add_row(
        &mut self,
        info: SourceInfo,
        key: &str,
        (file, line): (&str, u32),
        status: RecordStatus,
        since_run: Option<u32>,
    ) {
        let records = &mut self.records;
        if records.sources.last().is_none_or(|last| last.name != info.name) {
            records.sources.push(info);
            records.accounts.push(SourceAccount::default());
        }
        let file = match records.files.iter().rposition(|known| known == file) {
            Some(at) => at,
            None => {
                records.files.push(file.to_owned());
                records.files.len() - 1
            }
        };
        let record = RecordIndex(records.len() as u32);
        records.source_of.push(SourceId(records.sources.len() as u16 - 1));
        records.keys.push(key);
        records.places.push(Place {
            file: file as u32,
            line,
        });
        if let (RecordStatus::Stale | RecordStatus::Withdrawn, Some(since_run)) = (status, since_run) {
            records.kept.push(Kept {
                record,
                status,
                since_run,
            });
        }
    }

    /// The records taken, in the order of the table.
    pub(in crate::publish) fn finish(mut self) -> RawRecords {
        let columns = self.columns.into_iter();
        let columns = columns.map(|(field, codes, values)| RawColumn {
            field,
            codes,
            values: values.finish(),
        });
        self.records.columns = columns.collect();
        self.records
    }
}
