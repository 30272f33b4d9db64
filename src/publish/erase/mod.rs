//! Records taken out of a sealed run (operations.md R22).
//!
//! In: a run and the names of records. Out: the same run without them, under the same id, with a new manifest. A row that names one of
//! the records goes from every table; a golden value stands where another record of the customer says the same, and is left
//! empty else, until the next night chooses anew; an ID without a record is deleted. Files that hold nothing of them are taken over
//! as they are. The rewritten run takes the place of the former in one step, so that a kill leaves one of the two. What is told
//! of cells in figures and pages is the caller's to take out.

mod golden;

use crate::field::FieldSpec;
use crate::model::Language;
use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::golden_workbook::write_golden_workbook;
use crate::publish::guard::unguard_cell;
use crate::publish::hub::Hub;
use crate::publish::lock::Lock;
use crate::publish::manifest::MANIFEST;
use crate::publish::registry::read_registry;
use crate::publish::run::Run;
use crate::publish::staging::Staging;
use crate::publish::tables::SHOWN_COLUMNS;
use crate::publish::tables::former_table;
use crate::publish::tables::registry_table;
use crate::publish::view::View;
use crate::publish::write::Settings;
use crate::table::IdState;
use crate::table::Registry;
use frame::FrameError;
use frame::ParquetTableWriter;
use frame::Table;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Source and key of a record.
pub type RecordName = (String, String);

/// Columns that name the records of a row.
const NAMES: [(&str, &str); 3] = [
    ("source", "record_key"),
    ("source_a", "record_key_a"),
    ("source_b", "record_key_b"),
];

/// Tables whose rows are records, or pairs of them, by their names without ending; and whether people get them as CSV.
const TABLES: [(&str, bool); 10] = [
    ("raw", false),
    ("standard", false),
    ("crosswalk", true),
    ("issues", false),
    ("changes", true),
    ("pairs", false),
    ("relations", true),
    ("review", true),
    ("decisions", true),
    ("conflicts", true),
];

/// What is taken out of runs, and how the workbook of the golden records is labelled.
#[derive(Debug, Clone, Copy)]
pub struct Erasure<'a> {
    /// The records.
    pub names: &'a BTreeSet<RecordName>,
    /// Language of the workbook's labels.
    pub language: Language,
    /// The schema, for labels.
    pub schema: &'a [FieldSpec],
}

/// What was done to a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedRun {
    /// Its id.
    pub run_id: String,
    /// Files that were rewritten, by name, with the digests of before and after.
    pub files: Vec<(String, String, String)>,
    /// IDs that have no record any more.
    pub emptied: Vec<String>,
}

impl Hub {
    /// Does the run hold one of `names`?
    ///
    /// # Errors
    /// As [`read_registry`].
    pub fn holds(&self, run: &Run, names: &BTreeSet<RecordName>) -> Result<bool, PublishError> {
        let registry = read_registry(run)?;
        let member = |(source, key, _): &(String, String, UnifiedId)| is_named(names, source, key);
        let former = registry
            .former
            .iter()
            .any(|former| is_named(names, &former.source, &former.key));
        if former || registry.members.iter().any(member) {
            return Ok(true);
        }
        // A row may name a record that the run no longer has: a pair of decisions, a change, a map of keys.
        for (name, _) in TABLES {
            let file = format!("{name}.parquet");
            let mut is_there = false;
            each_part(run, &file, Some(&names_of(run, &file)?), &mut |part| {
                is_there = is_there || kept_rows(&part, names).len() < part.rows();
                Ok(())
            })?;
            if is_there {
                return Ok(true);
            }
        }
        Ok(!rekeys_without(run, names)?.1)
    }

    /// Takes the records out of a sealed run; `replaced` are files that the caller has made anew.
    ///
    /// # Errors
    /// [`PublishError::Damaged`] for a run that is not as published, [`PublishError::Io`]; the former run stands then.
    pub fn erase(
        &self,
        lock: &Lock,
        run: &Run,
        erasure: &Erasure<'_>,
        replaced: &BTreeMap<String, Vec<u8>>,
    ) -> Result<ErasedRun, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        for entry in &run.manifest().files {
            run.verify_file(&entry.name)?;
        }
        self.tidy(lock)?;
        let staging = Staging::create(self.clone(), lock, run.id())?;
        let mut writer = Writer {
            run,
            staging: &staging,
            erasure,
            written: BTreeSet::new(),
        };
        let registry = read_registry(run)?;
        for (name, has_csv) in TABLES.into_iter().filter(|(name, _)| *name != "conflicts") {
            writer.rows(name, has_csv)?;
        }
        let emptied = writer.registry(registry.clone())?;
        golden::rewrite(&mut writer, &registry, &emptied)?;
        writer.rekeys()?;
        for (name, bytes) in replaced {
            staging.write_bytes(name, bytes)?;
            writer.written.insert(name.clone());
        }
        let written = std::mem::take(&mut writer.written);
        let rest = run.manifest().files.iter().map(|entry| entry.name.as_str());
        for name in rest.filter(|name| !written.contains(*name)) {
            staging.keep(run, name)?;
        }
        let before: BTreeMap<String, String> = digests(run);
        let run = staging.take_place(run)?;
        let after = digests(&run);
        let changed = after
            .iter()
            .filter(|(name, digest)| before.get(*name) != Some(*digest));
        Ok(ErasedRun {
            run_id: run.id().to_owned(),
            files: changed
                .map(|(name, digest)| {
                    let former = before.get(name).cloned().unwrap_or_default();
                    (name.clone(), former, digest.clone())
                })
                .collect(),
            emptied: emptied.iter().map(ToString::to_string).collect(),
        })
    }
}

fn digests(run: &Run) -> BTreeMap<String, String> {
    let manifest = run.manifest();
    let files = manifest.files.iter();
    let files = files.map(|file| (file.name.clone(), file.sha256.clone()));
    files
        .chain([(MANIFEST.to_owned(), manifest.manifest_sha256.clone())])
        .collect()
}

/// Writes the files of a run that change.
struct Writer<'a> {
    run: &'a Run,
    staging: &'a Staging<'a>,
    erasure: &'a Erasure<'a>,
    written: BTreeSet<String>,
}

impl Writer<'_> {
    fn settings(&self) -> Settings<'_> {
        Settings::new(self.erasure.language, self.erasure.schema, &[])
    }

    /// A table without the rows that name a record; nothing when there is no such row.
    fn rows(&mut self, name: &'static str, has_csv: bool) -> Result<(), PublishError> {
        let names = self.erasure.names;
        let file = format!("{name}.parquet");
        let mut is_held = false;
        each_part(self.run, &file, Some(&names_of(self.run, &file)?), &mut |part| {
            is_held = is_held || kept_rows(&part, names).len() < part.rows();
            Ok(())
        })?;
        if !is_held {
            return Ok(());
        }
        if !has_csv {
            return self.parts(&file, &mut |part| part.pick(&kept_rows(&part, names)));
        }
        let table = whole(self.run, &file)?;
        let table = table.pick(&kept_rows(&table, names));
        self.table(name, &table)
    }

    /// A table as Parquet, part by part.
    fn parts(&mut self, file: &str, change: &mut dyn FnMut(Table) -> Table) -> Result<(), PublishError> {
        let mut sink: Option<ParquetTableWriter> = None;
        let mut rows = 0;
        let path = self.staging.reserve_parquet(file)?;
        each_part(self.run, file, None, &mut |part| {
            let part = change(part);
            let sink = match &mut sink {
                Some(sink) => sink,
                None => sink.insert(ParquetTableWriter::create(&path, &part)?),
            };
            rows += part.rows();
            Ok(sink.write(&part)?)
        })?;
        if let Some(sink) = sink {
            sink.finish()?;
        }
        self.staging.name_parquet(file, rows)?;
        self.written.insert(file.to_owned());
        Ok(())
    }

    /// A table as Parquet and as the other files that are made of it.
    fn table(&mut self, name: &'static str, table: &Table) -> Result<(), PublishError> {
        let view = View::of_table(name, table)?;
        let [parquet, csv, lines] = ["parquet", "csv", "jsonl"].map(|ending| format!("{name}.{ending}"));
        self.staging.write_parquet(&parquet, &view)?;
        self.written.insert(parquet);
        let has = |file: &str| self.run.manifest().file(file).is_some();
        if has(&lines) {
            self.staging.write_json_lines(&lines, &view)?;
        }
        if name == "golden" && has("golden.xlsx") {
            write_golden_workbook(self.staging, &self.settings(), &view)?;
            self.written.insert("golden.xlsx".to_owned());
        }
        let view = match name {
            "crosswalk" => view.first_columns(SHOWN_COLUMNS),
            _ => view,
        };
        if has(&csv) {
            self.staging.write_csv(&csv, &view)?;
        }
        self.written.extend([csv, lines]);
        Ok(())
    }

    /// The registry without the records; returns the IDs that have none any more.
    fn registry(&mut self, mut registry: Registry) -> Result<Vec<UnifiedId>, PublishError> {
        let names = self.erasure.names;
        let is_gone = |source: &str, key: &str| is_named(names, source, key);
        let touched: BTreeSet<UnifiedId> = registry
            .members
            .iter()
            .filter(|(source, key, _)| is_gone(source, key))
            .map(|(.., id)| *id)
            .collect();
        let held: BTreeSet<UnifiedId> = registry
            .members
            .iter()
            .filter(|(source, key, _)| !is_gone(source, key))
            .map(|(.., id)| *id)
            .collect();
        let emptied: Vec<UnifiedId> = touched.difference(&held).copied().collect();
        let former = registry.former.len();
        registry
            .former
            .retain(|former| !is_gone(&former.source, &former.key));
        if !emptied.is_empty() {
            for entry in &mut registry.entries {
                if emptied.binary_search(&entry.id).is_ok() {
                    entry.state = IdState::Deleted;
                }
            }
            self.staging
                .write_parquet("registry.parquet", &registry_table(&registry.entries)?)?;
            self.written.insert("registry.parquet".to_owned());
        }
        if registry.former.len() < former {
            self.staging
                .write_parquet("former.parquet", &former_table(&registry.former)?)?;
            self.written.insert("former.parquet".to_owned());
        }
        Ok(emptied)
    }

    /// The map of renumbered keys, which is there as CSV alone.
    fn rekeys(&mut self) -> Result<(), PublishError> {
        let (text, is_whole) = rekeys_without(self.run, self.erasure.names)?;
        if is_whole {
            return Ok(());
        }
        self.staging.write_bytes(REKEYS, text.as_bytes())?;
        self.written.insert(REKEYS.to_owned());
        Ok(())
    }
}

const REKEYS: &str = "rekey.csv";

/// The text of the map without lines of the records, and whether that is all of it.
fn rekeys_without(run: &Run, names: &BTreeSet<RecordName>) -> Result<(String, bool), PublishError> {
    let path = run.path(REKEYS);
    if run.manifest().file(REKEYS).is_none() {
        return Ok((String::new(), true));
    }
    let bytes = std::fs::read(&path).map_err(PublishError::io(&path))?;
    let damaged = |_| PublishError::damaged(&path, "it is no CSV");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes.as_slice());
    let mut kept = Vec::new();
    let mut start = 0;
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(damaged)? {
        let end = usize::try_from(reader.position().byte()).unwrap_or(bytes.len());
        let cell = |at: usize| unguard_cell(row.get(at).unwrap_or(""));
        let [source, old, new] = &[cell(0), cell(1), cell(2)];
        if !is_named(names, source, old) && !is_named(names, source, new) {
            kept.extend_from_slice(&bytes[start..end]);
        }
        start = end;
    }
    let is_whole = kept.len() == bytes.len();
    let text = String::from_utf8(kept).map_err(|_| PublishError::damaged(&path, "it is not UTF-8"))?;
    Ok((text, is_whole))
}

fn is_named(names: &BTreeSet<RecordName>, source: &str, key: &str) -> bool {
    // A set of a few names: comparing is cheaper than making a name to look up.
    names.iter().any(|(of, name)| of == source && name == key)
}

/// Rows of a table that name none of the records.
fn kept_rows(table: &Table, names: &BTreeSet<RecordName>) -> Vec<usize> {
    let text = |name: &str| table.column(name).ok()?.as_text();
    let columns: Vec<_> = NAMES
        .iter()
        .filter_map(|(source, key)| Some((text(source)?, text(key)?)))
        .collect();
    let is_kept = |row: &usize| {
        let mut named = columns
            .iter()
            .filter_map(|(source, key)| Some((source.get(*row)?, key.get(*row)?)));
        !named.any(|(source, key)| is_named(names, source, key))
    };
    (0..table.rows()).filter(is_kept).collect()
}

/// The columns of a file that name records; none when the run has no such file.
fn names_of(run: &Run, file: &str) -> Result<Vec<&'static str>, PublishError> {
    if run.manifest().file(file).is_none() {
        return Ok(Vec::new());
    }
    let path = run.path(file);
    let shape =
        frame::parquet_shape(&path).map_err(|error| PublishError::damaged(&path, error.to_string()))?;
    let is_there = |name: &&str| shape.columns.iter().any(|column| column.name == **name);
    let names = NAMES.iter().flat_map(|(source, key)| [*source, *key]);
    Ok(names.filter(is_there).collect())
}

/// Reads a table of the run part by part; nothing when the run has no such file, or no column is asked for.
fn each_part(
    run: &Run,
    file: &str,
    columns: Option<&[&str]>,
    each: &mut dyn FnMut(Table) -> Result<(), PublishError>,
) -> Result<(), PublishError> {
    if run.manifest().file(file).is_none() || columns.is_some_and(<[&str]>::is_empty) {
        return Ok(());
    }
    let path = run.path(file);
    let mut outcome = Ok(());
    let read = frame::read_parquet_batches(&path, columns, &mut |part| {
        outcome = each(part);
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    outcome?;
    read.map_err(|error| match error {
        FrameError::Io { path, source } => PublishError::Io { path, source },
        other => PublishError::damaged(&path, other.to_string()),
    })
}

/// A whole table of the run.
fn whole(run: &Run, file: &str) -> Result<Table, PublishError> {
    let path = run.path(file);
    frame::read_parquet(&path, None).map_err(|error| PublishError::damaged(&path, error.to_string()))
}

#[cfg(test)]
mod tests;
