//! Joins the tables of all sources into one.
//!
//! In: one [`SourceTable`] a source. Out: [`RawRecords`] ordered by (source name, key), rejects and findings in their
//! published order. The columns are joined in parallel, each by itself; the first source's pool grows by the texts of
//! the others, so that the values of a single source are never copied. Nothing depends on the order in which the
//! sources were read.

use super::IngestError;
use super::collect::CellMark;
use super::collect::SourceColumn;
use super::collect::SourceTable;
use super::ingested::CellIssue;
use super::ingested::Ingested;
use super::ingested::UnmappedCode;
use super::settings::SourceSettings;
use crate::field::schema_rank;
use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::table::Interner;
use crate::table::Place;
use crate::table::RawColumn;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::SourceAccount;
use crate::table::SourceInfo;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The rows of one source name: which table they stand in, and where.
struct Segment {
    name: String,
    table: usize,
    account: SourceAccount,
    rows: Vec<u32>,
}

/// Joins `tables`, given with their settings in the order of the source names.
pub(super) fn assemble(mut tables: Vec<(&SourceSettings, SourceTable)>) -> Result<Ingested, IngestError> {
    let segments = segments_of(&mut tables);
    let sources_max = usize::from(u16::MAX);
    let records: usize = segments.iter().map(|segment| segment.rows.len()).sum();
    if segments.len() > sources_max {
        return Err(too_many("sources", sources_max as u64));
    }
    if records >= u32::MAX as usize {
        return Err(too_many("records", u64::from(u32::MAX)));
    }
    let mut result = Ingested::default();
    let raw = &mut result.records;
    raw.files = files_of(&tables);
    for segment in &segments {
        let settings = tables[segment.table].0;
        raw.sources.push(SourceInfo {
            name: segment.name.clone(),
            owner: settings.owner_of(&segment.name).to_owned(),
            priority: settings.priority,
            export: settings.name.clone(),
            status: RecordStatus::Active,
        });
        raw.accounts.push(segment.account);
    }
    add_rows(raw, &segments, &tables);
    let marks: Vec<Vec<CellMark>> = tables
        .iter_mut()
        .map(|(_, t)| std::mem::take(&mut t.marks))
        .collect();
    add_findings(&mut result, &segments, &tables, &marks);
    for (_, table) in &mut tables {
        result.rejects.append(&mut table.rejects);
    }
    result.rejects.sort_by(|a, b| {
        let key = |r: &crate::table::Reject| (r.line, r.byte);
        (&a.source, &a.file)
            .cmp(&(&b.source, &b.file))
            .then_with(|| key(a).cmp(&key(b)))
    });
    result.records.columns = join_columns(tables, &segments, records);
    Ok(result)
}

fn too_many(what: &'static str, limit: u64) -> IngestError {
    IngestError::TooMany { what, limit }
}

fn segments_of(tables: &mut [(&SourceSettings, SourceTable)]) -> Vec<Segment> {
    let mut segments = Vec::new();
    for (at, (_, table)) in tables.iter_mut().enumerate() {
        for (name, part) in std::mem::take(&mut table.parts) {
            segments.push(Segment {
                name,
                table: at,
                account: part.account,
                rows: part.rows,
            });
        }
    }
    segments.sort_by(|a, b| a.name.cmp(&b.name));
    segments
}

fn files_of(tables: &[(&SourceSettings, SourceTable)]) -> Vec<String> {
    let files: BTreeSet<&String> = tables.iter().flat_map(|(_, table)| &table.files).collect();
    files.into_iter().cloned().collect()
}

/// Sources, keys and places of every record.
fn add_rows(raw: &mut RawRecords, segments: &[Segment], tables: &[(&SourceSettings, SourceTable)]) {
    let position = |file: &String| raw.files.binary_search(file).unwrap_or_default() as u32;
    let files: Vec<Vec<u32>> = tables
        .iter()
        .map(|(_, table)| table.files.iter().map(position).collect())
        .collect();
    for (source, segment) in segments.iter().enumerate() {
        let table = &tables[segment.table].1;
        for &row in &segment.rows {
            raw.source_of.push(SourceId(source as u16));
            raw.keys.push(table.keys.get(row + 1));
            let place = table.places[row as usize];
            raw.places.push(Place {
                file: files[segment.table][place.file as usize],
                line: place.line,
            });
        }
    }
}

/// Turns marks of rows into findings on records; marks of rejected rows fall away.
fn add_findings(
    result: &mut Ingested,
    segments: &[Segment],
    tables: &[(&SourceSettings, SourceTable)],
    marks: &[Vec<CellMark>],
) {
    let mut first = 0;
    let mut unmapped: BTreeMap<UnmappedCode, u64> = BTreeMap::new();
    for segment in segments {
        let marks = &marks[segment.table];
        let (settings, table) = &tables[segment.table];
        if !marks.is_empty() {
            for (at, &row) in segment.rows.iter().enumerate() {
                // Marks are made row by row, so they ascend.
                let from = marks.partition_point(|mark| mark.row < row);
                for mark in marks[from..].iter().take_while(|mark| mark.row == row) {
                    let column = &table.columns[usize::from(mark.column)];
                    result.cell_issues.push(CellIssue {
                        record: RecordIndex((first + at) as u32),
                        field: column.field.clone(),
                        code: mark.code,
                    });
                    if let (Some(codes), "unmapped_code") =
                        (&settings.columns[usize::from(mark.column)].codes, mark.code.name)
                    {
                        let code = UnmappedCode {
                            source: segment.name.clone(),
                            field: column.field.clone(),
                            code: column.values.pool().get(column.codes[row as usize]).to_owned(),
                            table: codes.name.clone(),
                            records: 0,
                        };
                        *unmapped.entry(code).or_default() += 1;
                    }
                }
            }
        }
        first += segment.rows.len();
    }
    result.cell_issues.sort_by(|a, b| {
        let key = |issue: &CellIssue| (issue.record, issue.code.name);
        key(a).cmp(&key(b)).then_with(|| a.field.cmp(&b.field))
    });
    result.unmapped_codes = unmapped
        .into_iter()
        .map(|(code, records)| UnmappedCode { records, ..code })
        .collect();
}

/// Fields in the order of the schema, others behind them by name.
fn field_order(tables: &[(&SourceSettings, SourceTable)]) -> Vec<FieldName> {
    let fields: BTreeSet<&FieldName> = tables
        .iter()
        .flat_map(|(_, table)| table.columns.iter().map(|column| &column.field))
        .collect();
    let mut fields: Vec<FieldName> = fields.into_iter().cloned().collect();
    fields.sort_by(|a, b| schema_rank(a).cmp(&schema_rank(b)).then_with(|| a.cmp(b)));
    fields
}

fn join_columns(
    tables: Vec<(&SourceSettings, SourceTable)>,
    segments: &[Segment],
    records: usize,
) -> Vec<RawColumn> {
    let fields = field_order(&tables);
    let mut by_field: BTreeMap<FieldName, Vec<Option<SourceColumn>>> = BTreeMap::new();
    let count = tables.len();
    for (at, (_, table)) in tables.into_iter().enumerate() {
        for column in table.columns {
            let of_tables = by_field.entry(column.field.clone()).or_default();
            of_tables.resize_with(count, || None);
            of_tables[at] = Some(column);
        }
    }
    let parts: Vec<(FieldName, Vec<Option<SourceColumn>>)> = fields
        .into_iter()
        .filter_map(|field| by_field.remove(&field).map(|columns| (field, columns)))
        .collect();
    parts
        .into_par_iter()
        .map(|(field, columns)| join_column(field, columns, segments, records))
        .collect()
}

/// Codes of one table's column, and what each of its codes became in the joined pool; `None` = they stayed.
type TableCodes = (Vec<u32>, Option<Vec<u32>>);

fn join_column(
    field: FieldName,
    columns: Vec<Option<SourceColumn>>,
    segments: &[Segment],
    records: usize,
) -> RawColumn {
    let mut values: Option<Interner> = None;
    let mut tables: Vec<Option<TableCodes>> = Vec::with_capacity(columns.len());
    for column in columns {
        let Some(column) = column else {
            tables.push(None);
            continue;
        };
        let renamed = match &mut values {
            None => {
                values = Some(column.values);
                None
            }
            Some(values) => Some(
                column
                    .values
                    .pool()
                    .iter()
                    .map(|text| values.intern(text))
                    .collect(),
            ),
        };
        tables.push(Some((column.codes, renamed)));
    }
    let mut codes = Vec::with_capacity(records);
    for segment in segments {
        match &tables[segment.table] {
            None => codes.resize(codes.len() + segment.rows.len(), 0),
            Some((own, None)) => codes.extend(segment.rows.iter().map(|&row| own[row as usize])),
            Some((own, Some(renamed))) => {
                codes.extend(
                    segment
                        .rows
                        .iter()
                        .map(|&row| renamed[own[row as usize] as usize]),
                );
            }
        }
    }
    RawColumn {
        field,
        codes,
        values: values.unwrap_or_default().finish(),
    }
}
