//! Is the hub as it was written? Every checksum and every invariant again, from the bytes on disk.
//!
//! In: a hub. Out: findings, each with its kind, its file and what was found, in the order in which they matter. Nothing is changed.
//! A published run is compared with its manifest, the manifest, the tombstones, the adopted model and the lists with their own
//! checksums, `CURRENT` with the runs that are there (two runs never differ in one bit of their names: number and start both
//! change), the registry with itself and with the run before. `steward.db` is checked by those who know it.

use crate::publish::adopted;
use crate::publish::error::PublishError;
use crate::publish::flip;
use crate::publish::hub::Hub;
use crate::publish::hub::PARTIAL;
use crate::publish::invariants;
use crate::publish::journal;
use crate::publish::run::Run;
use crate::publish::run::faults;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

/// What is wrong, as a kind that programs can go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// `CURRENT` does not name one run that is there.
    Current,
    /// A file of a run is missing, changed or foreign.
    RunFile,
    /// IDs contradict each other.
    Registry,
    /// A file of the hub beside the runs is not as written.
    HubFile,
    /// A newer program wrote it.
    Newer,
    /// The stewards' decisions are damaged.
    Decisions,
    /// Others may read or write it. Nothing is lost.
    Permissions,
    /// A killed run left it; the next run removes it. Nothing is lost.
    Leftover,
    /// Nobody checks it. Nothing is lost.
    Unknown,
}

impl FindingKind {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::RunFile => "run_file",
            Self::Registry => "registry",
            Self::HubFile => "hub_file",
            Self::Newer => "newer",
            Self::Decisions => "decisions",
            Self::Permissions => "permissions",
            Self::Leftover => "leftover",
            Self::Unknown => "unknown",
        }
    }

    /// Is the state damaged, so that the exit code is 10?
    pub fn is_damage(self) -> bool {
        !matches!(self, Self::Permissions | Self::Leftover | Self::Unknown)
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// File or directory.
    pub path: PathBuf,
    /// What was found; names places, never values of records.
    pub detail: String,
}

/// Which runs are looked at beside the published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// None.
    Published,
    /// This one.
    Run(String),
    /// All that are there.
    All,
}

/// What lies in a hub: files that this module checks, those of `steward.db`, which is checked elsewhere, and what is no state (the
/// lock's text, metrics, worksheets of audits), which is not.
const KNOWN: [&str; 16] = [
    "audit.log",
    "audit.log.head",
    "CURRENT",
    "lock",
    "runs",
    "tombstones.json",
    "acceptances.jsonl",
    "certificates",
    "forgotten.json",
    "model.json",
    "train.log.jsonl",
    "steward.db",
    "steward.db.seal",
    "steward.db-journal",
    "metrics.prom",
    "audits",
];

impl Hub {
    /// Everything that is not as it was written, besides `steward.db`.
    ///
    /// # Errors
    /// [`PublishError::UnknownRun`], and [`PublishError::Io`] when something cannot be read for another reason than its absence.
    pub fn inspect(&self, scope: &Scope) -> Result<Vec<Finding>, PublishError> {
        let mut found = Findings::default();
        let current = found.take(FindingKind::Current, self.current())?.flatten();
        let tombstones = found.take(FindingKind::HubFile, self.tombstones())?;
        found.take(FindingKind::HubFile, self.read_adopted())?;
        found.take(FindingKind::HubFile, self.erasures())?;
        for name in [flip::ACCEPTANCES, adopted::LOG] {
            found.take(FindingKind::HubFile, journal::verify(self.path(), name))?;
        }
        let ids = self.run_ids()?;
        let published = current.as_ref().map(|run| run.id().to_owned());
        let mut asked: BTreeSet<String> = published.iter().cloned().collect();
        match scope {
            Scope::Published => {}
            Scope::Run(id) => asked.extend([id.clone()]),
            Scope::All => asked.extend(ids.iter().cloned()),
        }
        for id in &asked {
            let Some(run) = found.take(FindingKind::RunFile, self.run(id))? else {
                continue;
            };
            found.run(&run)?;
            if let Some(tombstones) = &tombstones {
                let base = self.base(&run, &ids);
                let buried = tombstones.entries_before(run.id(), &self.line(&run));
                let unsound = invariants::unsound(&run, base.as_ref(), &buried);
                let unsound = found.take(FindingKind::Registry, unsound)?.unwrap_or_default();
                unsound
                    .into_iter()
                    .for_each(|detail| found.add(FindingKind::Registry, run.directory(), detail));
            }
        }
        if current.is_none() && !ids.is_empty() && found.all.is_empty() {
            let is_published = |id: &String| {
                self.run(id).is_ok_and(|run| {
                    run.manifest()
                        .facts
                        .base_run
                        .as_ref()
                        .is_some_and(|base| !base.is_empty())
                })
            };
            if ids.iter().any(is_published) {
                let detail = "it is missing, and runs were built on published ones".to_owned();
                found.add(FindingKind::Current, &self.path().join("CURRENT"), detail);
            }
        }
        self.look_around(&mut found)?;
        found
            .all
            .sort_by(|a, b| (a.kind, &a.path, &a.detail).cmp(&(b.kind, &b.path, &b.detail)));
        found.all.dedup();
        Ok(found.all)
    }

    /// Ids of the run and of those it was built on, as far as they are there.
    fn line(&self, run: &Run) -> BTreeSet<String> {
        let line = self.ancestry(run, usize::MAX).unwrap_or_default();
        let ids = line.iter().map(|run| run.id().to_owned());
        ids.chain([run.id().to_owned()]).collect()
    }

    /// The run that `run` was built on, when it is still there and readable.
    fn base(&self, run: &Run, ids: &[String]) -> Option<Run> {
        let base = run.manifest().facts.base_run.as_ref()?;
        let id = ids.iter().find(|id| *id == base)?;
        self.run(id).ok()
    }

    /// Permissions, leftovers, and what nobody knows.
    fn look_around(&self, found: &mut Findings) -> Result<(), PublishError> {
        found.permissions(self.path())?;
        for path in entries(self.path())? {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.ends_with(crate::disk::ASIDE) {
                found.add(FindingKind::Leftover, &path, "it was being written".to_owned());
            } else if !KNOWN.contains(&name.as_str()) {
                found.add(FindingKind::Unknown, &path, "nobody checks it".to_owned());
            }
            found.permissions(&path)?;
        }
        for path in entries(&self.runs())? {
            if path.to_string_lossy().ends_with(PARTIAL) {
                found.add(FindingKind::Leftover, &path, "a run was being built".to_owned());
            } else if path.is_dir() {
                found.permissions(&path)?;
                for file in entries(&path)? {
                    found.permissions(&file)?;
                }
            } else {
                found.add(FindingKind::Unknown, &path, "it is no run".to_owned());
            }
        }
        Ok(())
    }
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, PublishError> {
    let found = fs::read_dir(directory).map_err(PublishError::io(directory))?;
    let paths = found.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths
        .collect::<Result<_, _>>()
        .map_err(PublishError::io(directory))?;
    paths.sort();
    Ok(paths)
}

#[derive(Default)]
struct Findings {
    all: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, kind: FindingKind, path: &Path, detail: String) {
        self.all.push(Finding {
            kind,
            path: path.to_path_buf(),
            detail,
        });
    }

    /// What was read; a fault of the state becomes a finding.
    fn take<T>(
        &mut self,
        kind: FindingKind,
        read: Result<T, PublishError>,
    ) -> Result<Option<T>, PublishError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(PublishError::Damaged { path, detail }) => {
                self.add(kind, &path, detail);
                Ok(None)
            }
            Err(PublishError::Newer { path, found, known }) => {
                let detail = format!("it has format {found}, this program knows up to {known}");
                self.add(FindingKind::Newer, &path, detail);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn run(&mut self, run: &Run) -> Result<(), PublishError> {
        for fault in faults(run)? {
            self.take::<()>(FindingKind::RunFile, Err(fault))?;
        }
        Ok(())
    }

    fn permissions(&mut self, path: &Path) -> Result<(), PublishError> {
        let found = fs::symlink_metadata(path).map_err(PublishError::io(path))?;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let detail = format!("mode {mode:o} lets others in");
            self.add(FindingKind::Permissions, path, detail);
        }
        Ok(())
    }
}
