//! A run under construction.
//!
//! In: tables, texts and log events. Out: a sealed [`Run`]. Each file is written aside, brought to disk and renamed;
//! the manifest comes last, then the directory gets its name. Several threads may write files at once. A run that is
//! dropped unsealed removes itself.

use crate::disk::failpoint::hit;
use crate::publish::csv_file::write_csv;
use crate::publish::error::PublishError;
use crate::publish::files::aside_path;
use crate::publish::files::check_name;
use crate::publish::files::create_file;
use crate::publish::files::digest_file;
use crate::publish::files::make_directory;
use crate::publish::files::name_aside;
use crate::publish::files::pass;
use crate::publish::files::sync_directory;
use crate::publish::files::write_bytes;
use crate::publish::files::write_file;
use crate::publish::hub::Hub;
use crate::publish::hub::PARTIAL;
use crate::publish::json_lines::write_json_lines;
use crate::publish::lock::Lock;
use crate::publish::manifest::FileEntry;
use crate::publish::manifest::MANIFEST;
use crate::publish::manifest::Manifest;
use crate::publish::manifest::RunFacts;
use crate::publish::run::Run;
use crate::publish::run_log::RunLog;
use crate::publish::view::View;
use crate::publish::workbook::Sheets;
use crate::publish::workbook::write_workbook;
use frame::ParquetTableWriter;
use frame::ROWS_PER_GROUP;
use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Name of the run log in a run's directory.
const RUN_LOG: &str = "run.log.jsonl";

/// A run that is being built, below `runs/<run-id>.partial/`.
#[derive(Debug)]
pub struct Staging<'lock> {
    hub: Hub,
    lock: &'lock Lock,
    run_id: String,
    directory: PathBuf,
    /// Per name, its entry; none while the file is being written.
    files: Mutex<BTreeMap<String, Option<FileEntry>>>,
    log: RunLog<File>,
    is_sealed: bool,
}

impl<'lock> Staging<'lock> {
    pub(super) fn create(hub: Hub, lock: &'lock Lock, run_id: &str) -> Result<Self, PublishError> {
        let directory = hub.runs().join(format!("{run_id}{PARTIAL}"));
        make_directory(&directory)?;
        let step = |step| hit(step).map_err(PublishError::io(&directory));
        step("staging.made")?;
        let log_path = directory.join(RUN_LOG);
        let log = RunLog::new(create_file(&log_path)?, log_path, run_id);
        step("staging.log_made")?;
        Ok(Self {
            hub,
            lock,
            run_id: run_id.to_owned(),
            directory,
            files: Mutex::default(),
            log,
            is_sealed: false,
        })
    }

    /// The run's id.
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// Directory under construction, for scratch files that are removed before sealing.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The run's log.
    pub fn log(&self) -> &RunLog<File> {
        &self.log
    }

    /// Writes a file that is no table, such as `quality.json`.
    ///
    /// # Errors
    /// [`PublishError::Io`], [`PublishError::UnsafeName`], [`PublishError::FileTwice`].
    pub fn write_bytes(&self, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
        self.reserve(name)?;
        write_bytes(&self.directory, name, bytes)?;
        self.record(name, None)
    }

    /// Writes a table as Parquet, byte-exact.
    ///
    /// # Errors
    /// [`PublishError::Frame`], [`PublishError::UnsafeName`], [`PublishError::FileTwice`].
    pub fn write_parquet(&self, name: &str, table: &View) -> Result<(), PublishError> {
        self.reserve(name)?;
        let aside = aside_path(&self.directory, name);
        let mut writer = ParquetTableWriter::create_like(&aside, &table.group(&(0..0)))?;
        pass("made", &self.directory, name)?;
        for start in (0..table.rows()).step_by(ROWS_PER_GROUP) {
            let rows = start..table.rows().min(start + ROWS_PER_GROUP);
            writer.write_group_of(&table.group(&rows))?;
        }
        writer.finish()?;
        name_aside(&self.directory, name)?;
        self.record(name, Some(table.rows()))
    }

    /// Writes tables of the same columns, a row group each, as one Parquet file; at least one.
    ///
    /// # Errors
    /// As [`Staging::write_parquet`], and the first fault of `tables`.
    pub fn write_parquet_groups<'a>(
        &self,
        name: &str,
        tables: impl Iterator<Item = Result<View<'a>, PublishError>>,
    ) -> Result<(), PublishError> {
        self.reserve(name)?;
        let aside = aside_path(&self.directory, name);
        let mut writer = None;
        let mut rows = 0;
        for table in tables {
            let table = table?;
            let writer = match &mut writer {
                Some(writer) => writer,
                None => {
                    let made = ParquetTableWriter::create_like(&aside, &table.group(&(0..0)))?;
                    pass("made", &self.directory, name)?;
                    writer.insert(made)
                }
            };
            writer.write_group_of(&table.group(&(0..table.rows())))?;
            rows += table.rows();
        }
        if let Some(writer) = writer {
            writer.finish()?;
        }
        name_aside(&self.directory, name)?;
        self.record(name, Some(rows))
    }

    /// Writes a table as guarded CSV for people; see [`crate::publish::guard_cell`].
    ///
    /// # Errors
    /// [`PublishError::Io`], [`PublishError::UnsafeName`], [`PublishError::FileTwice`].
    pub fn write_csv(&self, name: &str, table: &View) -> Result<(), PublishError> {
        self.reserve(name)?;
        let path = aside_path(&self.directory, name);
        write_file(&self.directory, name, |writer| {
            write_csv(writer, table).map_err(PublishError::io(&path))
        })?;
        self.record(name, Some(table.rows()))
    }

    /// Writes a table as JSON lines for programs, byte-exact.
    ///
    /// # Errors
    /// [`PublishError::Io`], [`PublishError::UnsafeName`], [`PublishError::FileTwice`].
    pub fn write_json_lines(&self, name: &str, table: &View) -> Result<(), PublishError> {
        self.reserve(name)?;
        let path = aside_path(&self.directory, name);
        write_file(&self.directory, name, |writer| {
            write_json_lines(writer, table).map_err(PublishError::io(&path))
        })?;
        self.record(name, Some(table.rows()))
    }

    /// Writes a table as a workbook for people.
    ///
    /// # Errors
    /// [`PublishError::Workbook`], [`PublishError::Io`], [`PublishError::UnsafeName`], [`PublishError::FileTwice`].
    pub fn write_workbook(&self, name: &str, table: &View, sheets: &Sheets) -> Result<(), PublishError> {
        self.reserve(name)?;
        let path = aside_path(&self.directory, name);
        write_file(&self.directory, name, |writer| {
            let write = || write_workbook(writer, table, sheets, &self.directory);
            // The library panics when its scratch files cannot grow.
            match panic::catch_unwind(AssertUnwindSafe(write)) {
                Ok(written) => written.map_err(PublishError::workbook(&path)),
                Err(_) => Err(PublishError::WorkbookScratch { path: path.clone() }),
            }
        })?;
        self.record(name, Some(table.rows()))
    }

    /// Where a table is written that the caller fills part by part; [`Staging::name_parquet`] gives it its name.
    pub(super) fn reserve_parquet(&self, name: &str) -> Result<PathBuf, PublishError> {
        self.reserve(name)?;
        Ok(aside_path(&self.directory, name))
    }

    /// Names a table that was written where [`Staging::reserve_parquet`] said and is on disk.
    pub(super) fn name_parquet(&self, name: &str, rows: usize) -> Result<(), PublishError> {
        name_aside(&self.directory, name)?;
        self.record(name, Some(rows))
    }

    /// Takes over a file of `run` as it is; no byte is copied.
    pub(super) fn keep(&self, run: &Run, name: &str) -> Result<(), PublishError> {
        let path = self.directory.join(name);
        let link = |from: PathBuf| fs::hard_link(from, &path).map_err(PublishError::io(&path));
        if name == RUN_LOG {
            // The log of the run, not that of its rewriting; it is entered when the manifest is made.
            fs::remove_file(&path).map_err(PublishError::io(&path))?;
            return link(run.path(name));
        }
        self.reserve(name)?;
        link(run.path(name))?;
        let rows = run.manifest().file(name).and_then(|entry| entry.rows);
        self.record(name, rows.map(|rows| rows as usize))
    }

    /// Takes the place of the sealed run of this id in one step; its former files are gone then.
    ///
    /// # Errors
    /// [`PublishError::Io`], also where the file system cannot exchange two directories in one step; the former run stands.
    pub(super) fn take_place(mut self, run: &Run) -> Result<Run, PublishError> {
        self.write_manifest(run.manifest().facts.clone())?;
        let (runs, sealed) = (self.hub.runs(), self.hub.runs().join(&self.run_id));
        let step = |step| hit(step).map_err(PublishError::io(&sealed));
        step("erasure.written")?;
        let exchanged = rustix::fs::renameat_with(
            rustix::fs::CWD,
            &self.directory,
            rustix::fs::CWD,
            &sealed,
            rustix::fs::RenameFlags::EXCHANGE,
        );
        exchanged.map_err(|error| PublishError::io(&sealed)(error.into()))?;
        self.is_sealed = true;
        step("erasure.exchanged")?;
        sync_directory(&runs)?;
        // A kill before leaves what the next tidying removes.
        fs::remove_dir_all(&self.directory).map_err(PublishError::io(&self.directory))?;
        step("erasure.former_removed")?;
        sync_directory(&runs)?;
        Run::open(&sealed)
    }

    /// Seals the run without publishing it: a candidate that [`Hub::set_current`] may publish later.
    ///
    /// # Errors
    /// [`PublishError::Io`]; the run is then removed, or stays a candidate when it had its name already.
    pub fn seal(mut self, facts: RunFacts) -> Result<Run, PublishError> {
        self.write_manifest(facts)?;
        let (runs, sealed) = (self.hub.runs(), self.hub.runs().join(&self.run_id));
        let step = |step| hit(step).map_err(PublishError::io(&sealed));
        fs::rename(&self.directory, &sealed).map_err(PublishError::io(&sealed))?;
        self.is_sealed = true;
        step("staging.renamed")?;
        sync_directory(&runs)?;
        step("runs.synced")?;
        let run = Run::open(&sealed)?;
        step("run.opened")?;
        Ok(run)
    }

    /// Seals the run and publishes it.
    ///
    /// Its manifest says that it was made to be published, so that what a kill between the two leaves is known as such.
    ///
    /// # Errors
    /// [`PublishError::Io`]; the run published before then stays published.
    pub fn publish(self, mut facts: RunFacts) -> Result<Run, PublishError> {
        let (hub, lock) = (self.hub.clone(), self.lock);
        facts.is_for_publication = true;
        let run = self.seal(facts)?;
        hub.set_current(lock, &run)?;
        Ok(run)
    }

    fn write_manifest(&self, facts: RunFacts) -> Result<(), PublishError> {
        let step = |step| hit(step).map_err(PublishError::io(&self.directory));
        self.log.sync()?;
        step("staging.log_synced")?;
        self.reserve(RUN_LOG)?;
        self.record(RUN_LOG, None)?;
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let files = files.values().flatten().cloned().collect();
        let manifest = Manifest::new(&self.run_id, facts, files);
        step("staging.manifest_made")?;
        write_bytes(&self.directory, MANIFEST, manifest.render().as_bytes())?;
        sync_directory(&self.directory)?;
        step("staging.synced")
    }

    fn reserve(&self, name: &str) -> Result<(), PublishError> {
        check_name(name)?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if name == MANIFEST || files.contains_key(name) {
            return Err(PublishError::FileTwice {
                name: name.to_owned(),
            });
        }
        files.insert(name.to_owned(), None);
        Ok(())
    }

    fn record(&self, name: &str, rows: Option<usize>) -> Result<(), PublishError> {
        let digested = digest_file(&self.directory.join(name))?;
        let entry = FileEntry {
            name: name.to_owned(),
            size_bytes: digested.size_bytes,
            sha256: digested.sha256,
            rows: rows.map(|rows| rows as u64),
        };
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(name.to_owned(), Some(entry));
        drop(files);
        pass("recorded", &self.directory, name)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.is_sealed {
            // What cannot be removed now is removed when the next run begins.
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}
