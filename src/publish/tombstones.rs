//! IDs that runs issued which were taken back: never issued again, never used.
//!
//! In: a rollback. Out: `tombstones.json` in the hub: every rollback with who, why and the IDs that it took back, its own
//! SHA-256 beside them, replaced by one rename. Whoever reads the registry for a next run gets the IDs as tombstones.

use crate::model::UnifiedId;
use crate::publish::ancestry::run_number;
use crate::publish::error::PublishError;
use crate::publish::files::digest_bytes;
use crate::publish::files::replace_file;
use crate::publish::hub::Hub;
use crate::publish::lock::Lock;
use crate::table::IdState;
use crate::table::Registry;
use crate::table::RegistryEntry;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

const TOMBSTONES: &str = "tombstones.json";

/// Newest format of the file that this program writes and reads.
const FORMAT: u32 = 1;

/// One ID that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The ID.
    pub unified_id: String,
    /// Number of the run that issued it.
    pub birth_run: u32,
}

/// One rollback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollback {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Run that was published before.
    pub from: String,
    /// Run that is published since.
    pub to: String,
    /// Runs that were taken back, newest first.
    pub taken_back: Vec<String>,
    /// Newest run that was there, of any standing; empty in rollbacks of older programs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub newest: String,
    /// IDs that they issued, sorted.
    pub ids: Vec<Tombstone>,
}

/// All rollbacks of a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstones {
    format: u32,
    /// In the order of time.
    pub rollbacks: Vec<Rollback>,
    sha256: String,
}

impl Default for Tombstones {
    fn default() -> Self {
        Self {
            format: FORMAT,
            rollbacks: Vec::new(),
            sha256: String::new(),
        }
    }
}

impl Tombstones {
    fn render(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts and numbers have a JSON form");
        text + "\n"
    }

    fn digest(&self) -> String {
        let unsigned = Self {
            sha256: String::new(),
            ..self.clone()
        };
        digest_bytes(unsigned.render().as_bytes())
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, PublishError> {
        let fault = |error: serde_json::Error| {
            PublishError::damaged(path, format!("line {} is not as written", error.line()))
        };
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(bytes).map_err(fault)?;
        if format > FORMAT {
            return Err(PublishError::Newer {
                path: path.to_path_buf(),
                found: format,
                known: FORMAT,
            });
        }
        let found: Self = serde_json::from_slice(bytes).map_err(fault)?;
        if found.digest() != found.sha256 || found.render().as_bytes() != bytes {
            return Err(PublishError::damaged(path, "its checksum does not fit"));
        }
        if found.ids().any(|(id, _)| id.is_none()) {
            return Err(PublishError::damaged(
                path,
                "it holds a text that is no unified ID",
            ));
        }
        Ok(found)
    }

    fn ids(&self) -> impl Iterator<Item = (Option<UnifiedId>, u32)> {
        let ids = self.rollbacks.iter().flat_map(|rollback| &rollback.ids);
        ids.map(|tombstone| (tombstone.unified_id.parse().ok(), tombstone.birth_run))
    }

    /// Entries for a registry, sorted by ID, each ID once with its first birth.
    pub fn entries(&self) -> Vec<RegistryEntry> {
        let ids = self.ids().filter_map(|(id, birth_run)| Some((id?, birth_run)));
        let mut ids: Vec<(UnifiedId, u32)> = ids.collect();
        ids.sort_unstable();
        ids.dedup_by_key(|(id, _)| *id);
        let entry = |(id, birth_run)| RegistryEntry {
            id,
            birth_run,
            state: IdState::Tombstone,
        };
        ids.into_iter().map(entry).collect()
    }

    /// As [`Tombstones::entries`] for the run `run_id` that was built on the runs `line`, itself included.
    ///
    /// A rollback that came later than the run does not count. Where it does not say which runs were there, one that took back a
    /// run of the line came later.
    pub(super) fn entries_before(&self, run_id: &str, line: &BTreeSet<String>) -> Vec<RegistryEntry> {
        let counts = |rollback: &&Rollback| match run_number(&rollback.newest) {
            Some(newest) => run_number(run_id).is_none_or(|number| number > newest),
            None => !rollback.taken_back.iter().any(|run| line.contains(run)),
        };
        let rest = Self {
            rollbacks: self.rollbacks.iter().filter(counts).cloned().collect(),
            ..Self::default()
        };
        rest.entries()
    }

    /// The rollback that took back a run, if one did.
    pub fn taking_back(&self, run_id: &str) -> Option<&Rollback> {
        let takes = |rollback: &&Rollback| rollback.taken_back.iter().any(|run| run == run_id);
        self.rollbacks.iter().rev().find(takes)
    }

    /// Adds the IDs that `registry` lacks; those that it has it has issued itself.
    pub fn bury(&self, registry: &mut Registry) {
        let known =
            |entries: &[RegistryEntry], id| entries.binary_search_by_key(&id, |entry| entry.id).is_ok();
        let mut new = self.entries();
        new.retain(|entry| !known(&registry.entries, entry.id));
        if new.is_empty() {
            return;
        }
        registry.entries.extend(new);
        registry.entries.sort_by_key(|entry| entry.id);
    }
}

impl Hub {
    /// What rollbacks took back; nothing before the first.
    ///
    /// # Errors
    /// [`PublishError::Damaged`], [`PublishError::Newer`], [`PublishError::Io`].
    pub fn tombstones(&self) -> Result<Tombstones, PublishError> {
        let path = self.path().join(TOMBSTONES);
        match fs::read(&path) {
            Ok(bytes) => Tombstones::parse(&path, &bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Tombstones::default()),
            Err(error) => Err(PublishError::io(&path)(error)),
        }
    }

    /// Adds a rollback; on disk when this returns.
    ///
    /// # Errors
    /// As [`Hub::tombstones`]; what was there then stays.
    pub(super) fn add_rollback(&self, lock: &Lock, rollback: Rollback) -> Result<(), PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        let mut all = self.tombstones()?;
        all.rollbacks.push(rollback);
        self.replace_tombstones(all)
    }

    /// Removes a rollback that was killed before `CURRENT` moved: it took back nothing, and its IDs are in use.
    ///
    /// Must come before anything moves `CURRENT` or removes runs, for only `CURRENT` tells.
    ///
    /// # Errors
    /// As [`Hub::tombstones`] and [`Hub::current`].
    pub(super) fn drop_killed_rollback(&self, lock: &Lock) -> Result<bool, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        let mut all = self.tombstones()?;
        let Some(last) = all.rollbacks.last().filter(|last| !last.ids.is_empty()) else {
            return Ok(false);
        };
        let current = self.current()?;
        if current.is_none_or(|current| current.id() != last.from) {
            return Ok(false);
        }
        all.rollbacks.pop();
        self.replace_tombstones(all)?;
        Ok(true)
    }

    fn replace_tombstones(&self, mut all: Tombstones) -> Result<(), PublishError> {
        all.sha256 = all.digest();
        replace_file(self.path(), TOMBSTONES, all.render().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::RunFacts;
    use std::os::unix::fs::PermissionsExt;

    fn rollback(id: UnifiedId) -> Rollback {
        Rollback {
            at: "2026-01-01T00:00:00Z".to_owned(),
            author: "王芳".to_owned(),
            reason: "wrong export of 华东".to_owned(),
            from: "000003-c".to_owned(),
            to: "000001-a".to_owned(),
            taken_back: vec!["000003-c".to_owned(), "000002-b".to_owned()],
            newest: "000003-c".to_owned(),
            ids: vec![Tombstone {
                unified_id: id.to_string(),
                birth_run: 2,
            }],
        }
    }

    #[test]
    fn tombstones_come_back_private_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(&folder.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        assert_eq!(hub.tombstones().unwrap(), Tombstones::default());
        let id = UnifiedId::from_number(5);
        hub.add_rollback(&lock, rollback(id)).unwrap();
        let found = hub.tombstones().unwrap();
        assert_eq!(found.entries()[0].birth_run, 2);
        assert_eq!(found.taking_back("000002-b"), Some(&rollback(id)));
        let path = hub.path().join(TOMBSTONES);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        for damaged in [text.replace("王芳", "王方"), text[..40].to_owned(), String::new()] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(hub.tombstones(), Err(PublishError::Damaged { .. })));
        }
        fs::write(&path, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
        assert!(matches!(hub.tombstones(), Err(PublishError::Newer { .. })));
    }

    #[test]
    fn a_rollback_counts_for_the_runs_that_came_after_it() {
        let id = UnifiedId::from_number(5);
        let mut all = Tombstones {
            rollbacks: vec![rollback(id)],
            ..Tombstones::default()
        };
        all.rollbacks[0].newest = "000004-candidate".to_owned();
        let counts = |all: &Tombstones, run: &str, line: &[&str]| {
            let line = line.iter().map(|id| (*id).to_owned()).collect();
            !all.entries_before(run, &line).is_empty()
        };
        // A candidate built on a run taken back, whose base is still there or removed by now.
        assert!(!counts(
            &all,
            "000004-candidate",
            &["000004-candidate", "000003-c"]
        ));
        assert!(!counts(&all, "000004-candidate", &["000004-candidate"]));
        assert!(counts(&all, "000005-e", &["000005-e", "000001-a"]));
        // Older programs did not say which runs were there.
        all.rollbacks[0].newest.clear();
        assert!(!counts(
            &all,
            "000004-candidate",
            &["000004-candidate", "000003-c"]
        ));
        assert!(counts(&all, "000005-e", &["000005-e", "000001-a"]));
    }

    #[test]
    fn a_rollback_that_never_moved_current_leaves_no_tombstone() {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(&folder.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        let seal = |run_id: &str, base: &str| {
            let facts = RunFacts {
                base_run: Some(base.to_owned()),
                ..RunFacts::default()
            };
            hub.begin(&lock, run_id).unwrap().seal(facts).unwrap()
        };
        let first = seal("000001-a", "");
        let third = seal("000003-c", "000001-a");
        hub.set_current(&lock, &third).unwrap();
        let id = UnifiedId::from_number(5);
        // Killed before `CURRENT` moved: the IDs are in use, and stay so.
        hub.add_rollback(&lock, rollback(id)).unwrap();
        hub.tidy(&lock).unwrap();
        assert_eq!(hub.tombstones().unwrap().rollbacks, []);
        // Done: they stay what they are.
        hub.add_rollback(&lock, rollback(id)).unwrap();
        hub.set_current(&lock, &first).unwrap();
        hub.tidy(&lock).unwrap();
        assert_eq!(hub.tombstones().unwrap().rollbacks, [rollback(id)]);
    }

    #[test]
    fn a_registry_gets_the_ids_that_it_lacks_as_deleted() {
        let [ours, theirs] = [5, 6].map(UnifiedId::from_number);
        let tombstones = Tombstones {
            rollbacks: vec![rollback(ours), rollback(theirs)],
            ..Tombstones::default()
        };
        let live = RegistryEntry {
            id: ours,
            birth_run: 1,
            state: IdState::Live,
        };
        let mut registry = Registry {
            entries: vec![live.clone()],
            ..Registry::default()
        };
        tombstones.bury(&mut registry);
        assert_eq!(registry.entries[0], live);
        assert_eq!(
            (registry.entries[1].id, &registry.entries[1].state),
            (theirs, &IdState::Tombstone)
        );
    }
}
