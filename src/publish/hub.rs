//! The hub: the directory that holds every published run (DESIGN.md section 5).
//!
//! In: a path. Out: the run that `CURRENT` names, and a place to build the next one. A run is built in
//! `runs/<run-id>.partial/`, brought to disk, renamed to `runs/<run-id>/`, and only then named by `CURRENT`, which is
//! itself replaced by rename ([`crate::disk`] says why in this order). Killed anywhere, the last published run stands, and the
//! next [`Hub::tidy`] removes what is left. How long old runs are kept is decided elsewhere.

use crate::disk::ASIDE;
use crate::disk::failpoint::hit;
use crate::publish::error::PublishError;
use crate::publish::files::check_name;
use crate::publish::files::is_safe_name;
use crate::publish::files::make_directory;
use crate::publish::files::replace_file;
use crate::publish::files::sync_directory;
use crate::publish::lock::Lock;
use crate::publish::manifest::MANIFEST;
use crate::publish::run::Run;
use crate::publish::staging::Staging;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

const CURRENT: &str = "CURRENT";
const RUNS: &str = "runs";
/// Ending of the directory of a run that is being built.
pub(super) const PARTIAL: &str = ".partial";

/// A hub directory.
#[derive(Debug, Clone)]
pub struct Hub {
    path: PathBuf,
}

impl Hub {
    /// Opens the hub at `path`; makes it, with mode 0700, when there is nothing.
    ///
    /// # Errors
    /// [`PublishError::NotADirectory`], [`PublishError::OpenToOthers`] when group or world may write into it, and
    /// [`PublishError::Io`].
    pub fn open(path: &Path) -> Result<Self, PublishError> {
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => {
                return Err(PublishError::NotADirectory {
                    path: path.to_path_buf(),
                });
            }
            Ok(found) => refuse_open(path, found.permissions().mode())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_directory(path)?,
            Err(error) => return Err(PublishError::io(path)(error)),
        }
        make_directory(&path.join(RUNS))?;
        Ok(Self {
            path: path.to_path_buf(),
        })
    }

    /// The hub's directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the hub's lock without waiting; it is given back when dropped.
    ///
    /// # Errors
    /// [`PublishError::Locked`] while another process, or another value in this one, holds it.
    pub fn lock(&self) -> Result<Lock, PublishError> {
        Lock::take(&self.path)
    }

    /// The published run; none before the first.
    ///
    /// # Errors
    /// [`PublishError::Damaged`] when `CURRENT`, the run it names or that run's manifest is not as written.
    pub fn current(&self) -> Result<Option<Run>, PublishError> {
        let path = self.path.join(CURRENT);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PublishError::io(&path)(error)),
        };
        let text = std::str::from_utf8(&bytes).unwrap_or("");
        let Some(run_id) = text.strip_suffix('\n').filter(|id| is_safe_name(id)) else {
            return Err(PublishError::damaged(&path, "it does not hold one run id"));
        };
        let directory = self.runs().join(run_id);
        if !directory.is_dir() {
            return Err(PublishError::damaged(
                &path,
                format!("run `{run_id}` does not exist"),
            ));
        }
        Run::open(&directory).map(Some)
    }

    /// A sealed run by its id, published or kept as a candidate.
    ///
    /// # Errors
    /// [`PublishError::UnknownRun`], [`PublishError::Damaged`].
    pub fn run(&self, run_id: &str) -> Result<Run, PublishError> {
        check_name(run_id)?;
        let directory = self.runs().join(run_id);
        if run_id.ends_with(PARTIAL) || !directory.is_dir() {
            return Err(PublishError::UnknownRun {
                run_id: run_id.to_owned(),
            });
        }
        Run::open(&directory)
    }

    /// Ids of all sealed runs, sorted.
    ///
    /// # Errors
    /// [`PublishError::Io`].
    pub fn run_ids(&self) -> Result<Vec<String>, PublishError> {
        let mut ids: Vec<String> = Vec::new();
        for name in self.names_in_runs()? {
            match name.into_string() {
                Ok(name) if is_safe_name(&name) && !name.ends_with(PARTIAL) => ids.push(name),
                _ => {}
            }
        }
        ids.sort();
        Ok(ids)
    }

    /// Starts the run `run_id`, such as `000001-20261122T191500Z`, after removing what killed runs left.
    ///
    /// # Errors
    /// [`PublishError::UnsafeName`], [`PublishError::RunExists`], [`PublishError::Io`].
    pub fn begin<'lock>(&self, lock: &'lock Lock, run_id: &str) -> Result<Staging<'lock>, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path.as_path()));
        check_name(run_id)?;
        if run_id.ends_with(PARTIAL) {
            return Err(PublishError::UnsafeName {
                name: run_id.to_owned(),
            });
        }
        self.tidy(lock)?;
        if self.runs().join(run_id).exists() {
            return Err(PublishError::RunExists {
                run_id: run_id.to_owned(),
            });
        }
        Staging::create(self.clone(), lock, run_id)
    }

    /// Makes a sealed run the published one.
    ///
    /// # Errors
    /// [`PublishError::Io`]; the run published before then stays published.
    pub fn set_current(&self, lock: &Lock, run: &Run) -> Result<(), PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path.as_path()));
        replace_file(&self.path, CURRENT, format!("{}\n", run.id()).as_bytes())?;
        hit("current.set").map_err(PublishError::io(&self.path))
    }

    /// The directory of all runs.
    pub(super) fn runs(&self) -> PathBuf {
        self.path.join(RUNS)
    }

    fn names_in_runs(&self) -> Result<Vec<std::ffi::OsString>, PublishError> {
        let runs = self.runs();
        let entries = fs::read_dir(&runs).map_err(PublishError::io(&runs))?;
        let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
        names.collect::<io::Result<_>>().map_err(PublishError::io(&runs))
    }

    /// Removes what killed and failed runs left; returns how many things that were.
    ///
    /// That is: runs that were being built; files of the hub that were being written; and a run that was sealed to be published
    /// and that `CURRENT` never came to name, so that the next run is what this one would have been, its number included. A
    /// rollback that never came to move `CURRENT` is taken from the list of tombstones.
    ///
    /// # Errors
    /// [`PublishError::Io`], and a damaged `CURRENT` or list of tombstones.
    pub fn tidy(&self, lock: &Lock) -> Result<usize, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path.as_path()));
        self.drop_killed_rollback(lock)?;
        let mut left = self.partial_runs()?;
        left.extend(self.files_aside()?);
        let unnamed = self.unnamed_runs()?;
        if left.is_empty() && unnamed.is_empty() {
            return Ok(0);
        }
        let step = |step| hit(step).map_err(PublishError::io(&self.path));
        step("leftovers.found")?;
        for path in unnamed {
            left.push(self.take_name(&path)?);
            step("leftovers.unnamed")?;
        }
        for path in &left {
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(path),
                false => fs::remove_file(path),
            };
            match removed {
                // Another process finished its file.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other.map_err(PublishError::io(path))?,
            }
        }
        step("leftovers.removed")?;
        Ok(left.len())
    }

    /// Takes a run its name before its files: half a run must never stand under it. Returns where it is now.
    pub(super) fn take_name(&self, run: &Path) -> Result<PathBuf, PublishError> {
        let mut aside = run.as_os_str().to_owned();
        aside.push(PARTIAL);
        let aside = PathBuf::from(aside);
        fs::rename(run, &aside).map_err(PublishError::io(run))?;
        sync_directory(&self.runs())?;
        Ok(aside)
    }

    fn partial_runs(&self) -> Result<Vec<PathBuf>, PublishError> {
        let names = self.names_in_runs()?.into_iter();
        let partial = names.filter(|name| Path::new(name).extension() == Some(OsStr::new("partial")));
        Ok(partial.map(|name| self.runs().join(name)).collect())
    }

    fn files_aside(&self) -> Result<Vec<PathBuf>, PublishError> {
        let io = || PublishError::io(&self.path);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(io())? {
            let path = entry.map_err(io())?.path();
            let name = path.to_string_lossy();
            if name.ends_with(ASIDE) && path.is_file() {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// Runs sealed to be published on top of the published run, after it became that, and not taken back.
    ///
    /// The age counts because `CURRENT` may have been set back by hand; then the newer run is not ours to remove.
    fn unnamed_runs(&self) -> Result<Vec<PathBuf>, PublishError> {
        let current = self.current()?;
        let now = current.as_ref().map_or("", Run::id);
        let tombstones = self.tombstones()?;
        let written = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
        let flipped = written(&self.path.join(CURRENT));
        let mut found = Vec::new();
        for id in self.run_ids()? {
            let directory = self.runs().join(&id);
            // A damaged run is left to `verify`.
            let Ok(run) = Run::open(&directory) else { continue };
            let facts = &run.manifest().facts;
            let is_ours = facts.is_for_publication && facts.base_run.as_deref() == Some(now) && id != now;
            let is_younger = current.is_none() || written(&run.path(MANIFEST)) > flipped;
            if is_ours && is_younger && tombstones.taking_back(&id).is_none() {
                found.push(directory);
            }
        }
        Ok(found)
    }
}

fn refuse_open(path: &Path, mode: u32) -> Result<(), PublishError> {
    if mode & 0o022 == 0 {
        return Ok(());
    }
    Err(PublishError::OpenToOthers {
        path: path.to_path_buf(),
        mode: mode & 0o777,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::PublishErrorKind;
    use crate::publish::RunFacts;
    use crate::publish::verify;
    use std::fs::Permissions;
    use std::sync::atomic::AtomicBool;
    use std::sync::atomic::Ordering;

    fn fresh() -> (tempfile::TempDir, Hub) {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(&directory.path().join("deep/hub")).unwrap();
        (directory, hub)
    }

    fn publish(hub: &Hub, lock: &Lock, run_id: &str) -> Run {
        let staging = hub.begin(lock, run_id).unwrap();
        staging.write_bytes("quality.json", run_id.as_bytes()).unwrap();
        staging
            .write_bytes("report.html", "归一 report".as_bytes())
            .unwrap();
        staging.publish(RunFacts::default()).unwrap()
    }

    #[test]
    fn a_published_run_is_current_private_and_verifies() {
        let (_guard, hub) = fresh();
        assert!(hub.current().unwrap().is_none());
        let lock = hub.lock().unwrap();
        let run = publish(&hub, &lock, "000001-20261122T191500Z");
        let current = hub.current().unwrap().unwrap();
        assert_eq!(current.manifest(), run.manifest());
        assert_eq!(
            fs::read(current.path("quality.json")).unwrap(),
            run.id().as_bytes()
        );
        verify(&current).unwrap();
        assert_eq!(hub.run_ids().unwrap(), [run.id()]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let directories = [
            hub.path().to_path_buf(),
            hub.runs(),
            run.directory().to_path_buf(),
        ];
        assert!(directories.iter().all(|path| mode(path) == 0o700));
        let files = ["quality.json", "manifest.json", "run.log.jsonl"].map(|name| run.path(name));
        assert!(files.iter().all(|path| mode(path) == 0o600));
        assert_eq!(mode(&hub.path().join(CURRENT)), 0o600);
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_the_last_run_stands() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        publish(&hub, &lock, "000001-a");
        let killed = hub.begin(&lock, "000002-b").unwrap();
        killed.write_bytes("golden.csv", b"half").unwrap();
        fs::write(hub.path().join("CURRENT.aside"), "00000").unwrap();
        std::mem::forget(killed);
        assert!(hub.runs().join("000002-b.partial").is_dir());
        assert_eq!(hub.current().unwrap().unwrap().id(), "000001-a");
        publish(&hub, &lock, "000002-b");
        assert!(!hub.runs().join("000002-b.partial").exists());
        let current = hub.current().unwrap().unwrap();
        assert_eq!(current.id(), "000002-b");
        assert!(current.manifest().file("golden.csv").is_none());
    }

    #[test]
    fn a_run_killed_before_it_is_named_stays_a_candidate() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        publish(&hub, &lock, "000001-a");
        let sealed = hub
            .begin(&lock, "000002-b")
            .unwrap()
            .seal(RunFacts::default())
            .unwrap();
        assert_eq!(hub.current().unwrap().unwrap().id(), "000001-a");
        assert_eq!(hub.run_ids().unwrap(), ["000001-a", "000002-b"]);
        let again = hub.begin(&lock, "000002-b");
        assert!(matches!(again, Err(PublishError::RunExists { .. })));
        hub.set_current(&lock, &sealed).unwrap();
        assert_eq!(hub.current().unwrap().unwrap().id(), "000002-b");
    }

    #[test]
    fn a_run_given_up_leaves_nothing() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        drop(hub.begin(&lock, "000001-a").unwrap());
        assert_eq!(fs::read_dir(hub.runs()).unwrap().count(), 0);
        assert!(hub.current().unwrap().is_none());
    }

    #[test]
    fn readers_in_a_loop_see_only_complete_runs() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = 0;
                while !done.load(Ordering::Relaxed) {
                    if let Some(run) = hub.current().unwrap() {
                        verify(&run).unwrap();
                        assert_eq!(run.manifest().files.len(), 3);
                        seen += 1;
                    }
                }
                seen
            });
            (1..=30).for_each(|n| drop(publish(&hub, &lock, &format!("{n:06}-x"))));
            done.store(true, Ordering::Relaxed);
            assert!(reader.join().unwrap() > 0);
        });
    }

    #[test]
    fn a_damaged_current_or_manifest_is_a_fault_of_the_state() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        let run = publish(&hub, &lock, "000001-a");
        let state = |hub: &Hub| hub.current().map_err(|error| error.kind()).err();
        for damaged in [
            &b""[..],
            b"000001-a",
            b"../x\n",
            b"000009-z\n",
            b"\xff\n",
            b"000001-a\n\n",
        ] {
            fs::write(hub.path().join(CURRENT), damaged).unwrap();
            assert_eq!(state(&hub), Some(PublishErrorKind::State), "{damaged:?}");
        }
        hub.set_current(&lock, &run).unwrap();
        assert_eq!(state(&hub), None);
        let text = fs::read_to_string(run.path("manifest.json")).unwrap();
        for damaged in [
            "",
            "{}",
            &text[..text.len() / 2],
            &text.replace("000001-a", "000001-b"),
        ] {
            fs::write(run.path("manifest.json"), damaged).unwrap();
            assert_eq!(state(&hub), Some(PublishErrorKind::State), "{damaged}");
        }
        fs::remove_file(run.path("manifest.json")).unwrap();
        assert_eq!(state(&hub), Some(PublishErrorKind::State));
    }

    #[test]
    fn changed_missing_and_foreign_files_do_not_verify() {
        let (_guard, hub) = fresh();
        let run = publish(&hub, &hub.lock().unwrap(), "000001-a");
        let path = run.path("report.html");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, "归一 REPORT").unwrap();
        assert!(matches!(verify(&run), Err(PublishError::Damaged { .. })));
        fs::write(&path, &bytes).unwrap();
        verify(&run).unwrap();
        fs::write(run.path("other"), "").unwrap();
        assert!(verify(&run).is_err());
        fs::remove_file(run.path("other")).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(verify(&run), Err(PublishError::Damaged { .. })));
    }

    #[test]
    fn a_file_or_an_open_directory_is_no_hub() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(
            Hub::open(&file),
            Err(PublishError::NotADirectory { .. })
        ));
        let open = directory.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(
            Hub::open(&open),
            Err(PublishError::OpenToOthers { mode: 0o777, .. })
        ));
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        assert!(Hub::open(&open).is_ok());
    }

    #[test]
    fn unsafe_run_ids_are_refused() {
        let (_guard, hub) = fresh();
        let lock = hub.lock().unwrap();
        for run_id in ["", "..", "a/b", "一", "x.partial"] {
            let refused = hub.begin(&lock, run_id);
            assert!(
                matches!(refused, Err(PublishError::UnsafeName { .. })),
                "{run_id}"
            );
        }
        assert!(matches!(
            hub.run("000009-z"),
            Err(PublishError::UnknownRun { .. })
        ));
    }
}
