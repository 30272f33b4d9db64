//! Reads the exports of the subsidiaries: every cell as its exact text, mapped to the standard schema.
//!
//! In: files of any of the [`Format`]s and their mapping ([`Settings`]). Out: [`Ingested`]: the accepted rows ordered by
//! (source name, key), every other row as a reject with its place, and sources that cannot be read as faults that take
//! no other source with them. For each source `rows read = accepted + rejected + skipped`. What the texts mean is left
//! to `standardise`.

mod assemble;
mod carry;
mod cell;
mod collect;
mod complete;
mod csv;
mod decode;
mod encoding;
mod error;
mod headed;
mod header;
mod ingested;
mod json_lines;
mod locate;
mod mapping;
mod open;
mod parquet;
mod preflight;
mod profile;
mod read;
mod row;
mod settings;
mod sheet_rows;
#[cfg(test)]
mod tests;
mod window;
mod workbook;

pub use carry::carry;
pub use complete::CompleteWhen;
pub use error::IngestError;
pub use ingested::CellIssue;
pub use ingested::Ingested;
pub use ingested::InputFile;
pub use ingested::SourceFault;
pub use ingested::UnmappedCode;
pub use profile::ColumnProfile;
pub use profile::FileProfile;
pub use profile::ProfileOptions;
pub use profile::RowWatch;
pub use profile::SeenCell;
pub use profile::TaxStatement;
pub use profile::WatchedFile;
pub use profile::profile;
pub use profile::profile_watched;
pub use settings::CodeTable;
pub use settings::ColumnMapping;
pub use settings::ColumnSource;
pub use settings::Extract;
pub use settings::Format;
pub use settings::Limits;
pub use settings::RecordKey;
pub use settings::Settings;
pub use settings::SourceSettings;
pub use settings::default_totals_words;

use assemble::assemble;
use collect::Collector;
use collect::SourceTable;
use headed::HeaderWish;
use locate::locate;
use mapping::wanted_columns;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;
use read::ReadOptions;
use read::read_file;
use std::collections::BTreeSet;

/// Reads every source.
///
/// The result depends on the settings and the files alone: the order of the sources, of the files and the number of
/// threads change nothing.
///
/// # Errors
/// [`IngestError::Settings`] when two sources have one name, [`IngestError::TooMany`] above 65,535 sources or 2^32 - 1
/// records, [`IngestError::Unbalanced`] for a defect. A source that cannot be read is a fault in the result.
pub fn ingest(settings: &Settings) -> Result<Ingested, IngestError> {
    let mut sources: Vec<&SourceSettings> = settings.sources.iter().collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = sources.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(fault_of_settings(
            pair[0],
            "its name occurs twice; rename one of the two",
        ));
    }
    let read: Vec<Result<ReadSource, IngestError>> = sources
        .par_iter()
        .map(|source| read_source(source, settings))
        .collect();
    let mut tables = Vec::new();
    let mut faults = Vec::new();
    let mut inputs = Vec::new();
    let mut headers = Vec::new();
    let mut taken: BTreeSet<String> = sources.iter().map(|source| source.name.clone()).collect();
    for (source, read) in sources.into_iter().zip(read) {
        let read = read.and_then(|read| check_names(source, read, &mut taken));
        match read {
            Ok(mut read) => {
                inputs.append(&mut read.inputs);
                headers.push((source.name.clone(), std::mem::take(&mut read.table.header)));
                tables.push((source, read.table));
            }
            Err(error @ IngestError::Unbalanced { .. }) => return Err(error),
            Err(error) => faults.push(SourceFault {
                source: source.name.clone(),
                required: source.required,
                error,
            }),
        }
    }
    let mut ingested = assemble(tables)?;
    ingested.faults = faults;
    ingested.inputs = inputs;
    ingested.headers = headers;
    Ok(ingested)
}

struct ReadSource {
    table: SourceTable,
    inputs: Vec<InputFile>,
}

fn read_source(source: &SourceSettings, settings: &Settings) -> Result<ReadSource, IngestError> {
    check_settings(source)?;
    let files = locate(&settings.base, source, settings.limits.files_max)?;
    let options = ReadOptions {
        format: source.format,
        encoding: source.encoding.as_deref(),
        delimiter: source.delimiter,
        sheets: &source.sheets,
        wish: HeaderWish {
            row: source.header_row,
            wanted: wanted_columns(source),
        },
        limits: settings.limits,
    };
    let mut collector = Collector::new(source, &files, &settings.forgotten);
    let mut inputs = Vec::with_capacity(files.len());
    let mut promised = None;
    if let Some(promise) = source.complete_when {
        // Before the first row, so that half a delivery costs nothing.
        for file in &files {
            let rows = complete::check_before(file, promise)?;
            promised = rows.map_or(promised, |rows| Some(promised.unwrap_or(0) + rows));
        }
    }
    for file in &files {
        inputs.push(read_file(file, &options, &mut collector)?.input);
    }
    let table = collector.finish()?;
    if let (Some(promised), Some(file)) = (promised, files.first()) {
        let accounts = || table.parts.values().map(|part| part.account);
        let read = accounts().map(|account| account.read).sum();
        let skipped = accounts().map(|account| account.skipped).sum();
        complete::check_rows(file, promised, read, skipped)?;
    }
    Ok(ReadSource { table, inputs })
}

fn check_settings(source: &SourceSettings) -> Result<(), IngestError> {
    let mut fields = BTreeSet::new();
    for column in &source.columns {
        if !fields.insert(&column.field) {
            let reason = format!(
                "field `{}` is mapped twice; join the columns instead",
                column.field
            );
            return Err(fault_of_settings(source, &reason));
        }
        if matches!(&column.from, ColumnSource::Split { separator, .. } if separator.is_empty()) {
            let reason = format!("field `{}` is split by nothing; give a separator", column.field);
            return Err(fault_of_settings(source, &reason));
        }
    }
    if matches!(&source.key, RecordKey::Columns(columns) if columns.is_empty()) {
        return Err(fault_of_settings(source, "its key names no column"));
    }
    Ok(())
}

fn fault_of_settings(source: &SourceSettings, reason: &str) -> IngestError {
    IngestError::Settings {
        source_name: source.name.clone(),
        reason: reason.to_owned(),
    }
}

/// Sources that a column names must not be named by anything else in the job.
fn check_names(
    source: &SourceSettings,
    read: ReadSource,
    taken: &mut BTreeSet<String>,
) -> Result<ReadSource, IngestError> {
    for name in read.table.parts.keys().filter(|name| **name != source.name) {
        if taken.contains(name) {
            return Err(IngestError::SourceNameTaken {
                source_name: source.name.clone(),
                column: source.source_column.clone().unwrap_or_default(),
                other: name.clone(),
            });
        }
    }
    taken.extend(read.table.parts.keys().cloned());
    Ok(read)
}
