//! What has to be true of the hub after every command.

use super::exports::Exports;
use crate::support::PUBLISHED;
use crate::support::Published;
use crate::support::guiyi_in;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Source and record key.
pub(super) type Record = (String, String);

/// The hub as it was seen last, and what was promised of it.
pub(super) struct State {
    folder: PathBuf,
    pub(super) night: u32,
    /// Id of the published run, empty before the first.
    current: String,
    /// Was it rolled back to, so that it knows nothing of what was decided since?
    is_behind: bool,
    /// Unified ID of every record; empty for those that have none.
    pub(super) ids: BTreeMap<Record, String>,
    issued: BTreeSet<String>,
    /// IDs that can never lead anywhere again.
    deleted: BTreeSet<String>,
    /// Numbers of all decisions.
    pub(super) decisions: BTreeSet<u64>,
    /// Records that were said to be different customers, with the number of the decision.
    pub(super) parted: Vec<(u64, Record, Record)>,
    pub(super) held_back: BTreeSet<Record>,
    pub(super) forgotten: BTreeSet<Record>,
}

impl State {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            night: 0,
            current: String::new(),
            is_behind: false,
            ids: BTreeMap::new(),
            issued: BTreeSet::new(),
            deleted: BTreeSet::new(),
            decisions: BTreeSet::new(),
            parted: Vec::new(),
            held_back: BTreeSet::new(),
            forgotten: BTreeSet::new(),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn hub(&self) -> PathBuf {
        self.folder.join("hub")
    }

    /// Checks everything; `after` says what was done.
    pub(super) fn hold(&mut self, after: &str) {
        let at = format!("night {}, after {after}", self.night);
        if !self.hub().join("CURRENT").exists() {
            assert!(self.current.is_empty(), "{at}: nothing is published any more");
            return;
        }
        for arguments in [&["verify", "--all"][..], &["log", "verify"]] {
            let outcome = guiyi_in(&self.folder, arguments);
            if outcome.code != PUBLISHED {
                println!("{}", guiyi_in(&self.folder, &["runs", "--json"]).stdout);
                println!(
                    "{}",
                    fs::read_to_string(self.hub().join("tombstones.json")).unwrap_or_default()
                );
            }
            assert_eq!(outcome.code, PUBLISHED, "{at}: {arguments:?}: {outcome:?}");
        }
        let published = Published::of(&self.hub());
        let current = published
            .directory
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let ids = published.ids();
        let is_next = current > self.current && !self.current.is_empty();
        if is_next && !after.starts_with("rollback") && !after.starts_with("forget") {
            self.hold_feed(&published, &ids, &at);
        }
        self.is_behind = current < self.current || self.is_behind && current == self.current;
        self.current = current;
        self.ids = ids;
        self.hold_registry(&published, &at);
        self.hold_decisions(after, &at);
        for record in &self.forgotten {
            assert!(!self.ids.contains_key(record), "{at}: a forgotten record is back");
        }
        for (decision, a, b) in self.parted.iter().filter(|_| !self.is_behind) {
            if let (Some(a), Some(b)) = (self.id(a), self.id(b)) {
                assert_ne!(a, b, "{at}: decision {decision} is not held");
            }
        }
    }

    /// The live ID of a record.
    pub(super) fn id(&self, record: &Record) -> Option<&String> {
        self.ids.get(record).filter(|id| !id.is_empty())
    }

    /// The feed over the crosswalk of before gives that of now.
    fn hold_feed(&self, published: &Published, now: &BTreeMap<Record, String>, at: &str) {
        let base = &published.json("manifest.json")["base_run"];
        if base.as_str().is_some_and(|base| base != self.current) {
            return;
        }
        let mut replayed = self.ids.clone();
        for row in published.rows("changes.parquet", &["source", "record_key", "old_id", "new_id"]) {
            let [source, key, old, new] = <[String; 4]>::try_from(row).unwrap();
            let before = replayed.remove(&(source.clone(), key.clone()));
            assert_eq!(before.unwrap_or_default(), old, "{at}: {source}");
            if !new.is_empty() {
                replayed.insert((source, key), new);
            }
        }
        let other = |(record, id): &(&Record, &String)| replayed.get(*record) != Some(*id);
        let other: Vec<_> = now.iter().filter(other).take(3).collect();
        let more: Vec<_> = replayed
            .iter()
            .filter(|(record, _)| !now.contains_key(*record))
            .collect();
        assert!(
            other.is_empty() && more.is_empty(),
            "{at}: the feed does not lead to the crosswalk: {other:?} {more:?}"
        );
    }

    /// Every ID ever issued is known, leads to live ones or to none, and a deleted one stays so.
    fn hold_registry(&mut self, published: &Published, at: &str) {
        let rows = published.rows("registry.parquet", &["unified_id", "state", "into"]);
        let known: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(known.len(), rows.len(), "{at}: an ID is there twice");
        // What was issued after the run that a rollback went back to is a tombstone beside the runs.
        let tombstones = fs::read_to_string(self.hub().join("tombstones.json")).unwrap_or_default();
        let is_known = |id: &&String| known.contains(*id) || tombstones.contains(id.as_str());
        let gone = self.issued.iter().filter(|id| !is_known(id)).count();
        assert_eq!(gone, 0, "{at}: IDs are unknown");
        let live: BTreeSet<&String> = self.ids.values().filter(|id| !id.is_empty()).collect();
        assert!(live.iter().all(|id| known.contains(*id)), "{at}");
        for row in &rows {
            let into: Vec<&str> = row[2].split_whitespace().collect();
            let is_live = |id: &str| live.contains(&id.to_owned());
            match row[1].as_str() {
                "live" => assert!(is_live(&row[0]) && into.is_empty(), "{at}: {row:?}"),
                "merged" | "split" => assert!(into.iter().all(|id| is_live(id)), "{at}: {row:?}"),
                _ => assert!(!is_live(&row[0]), "{at}: {row:?}"),
            }
            let is_deleted = row[1] == "deleted";
            assert!(
                is_deleted || !self.deleted.contains(&row[0]),
                "{at}: {row:?} was deleted"
            );
        }
        self.issued.extend(known);
    }

    /// Decisions are all there.
    fn hold_decisions(&mut self, after: &str, at: &str) {
        let outcome = guiyi_in(&self.folder, &["decide", "list", "--all", "--json"]).expect(PUBLISHED);
        let list: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
        let numbers = list.iter().map(|decision| decision["decision"].as_u64().unwrap());
        let now: BTreeSet<u64> = numbers.collect();
        if !after.starts_with("forget") {
            assert!(self.decisions.is_subset(&now), "{at}: decisions are gone");
        }
        let active = |decision: &Value| {
            decision["undone_by"]
                .is_null()
                .then(|| decision["decision"].as_u64().unwrap())
        };
        let active: BTreeSet<u64> = list.iter().filter_map(active).collect();
        self.parted.retain(|(decision, ..)| active.contains(decision));
        self.decisions = now;
    }

    /// The records that a source has given other keys; what was said of them when the map was not taken over is void.
    pub(super) fn renumber(&mut self, exports: &Exports, source: &str, is_taken_over: bool) {
        let renamed = |record: &mut Record| {
            if record.0 == source {
                record.1 = exports.key(source, &record.1);
            }
        };
        self.forgotten.retain(|record| record.0 != source);
        if is_taken_over {
            for (_, a, b) in &mut self.parted {
                renamed(a);
                renamed(b);
            }
            self.held_back = std::mem::take(&mut self.held_back)
                .into_iter()
                .map(|mut record| {
                    renamed(&mut record);
                    record
                })
                .collect();
        } else {
            self.parted.retain(|(_, a, b)| a.0 != source && b.0 != source);
            self.held_back.retain(|record| record.0 != source);
        }
    }

    /// Nothing unfinished is left in the hub.
    pub(super) fn hold_clean(&self) {
        for folder in [self.hub(), self.hub().join("runs")] {
            for entry in fs::read_dir(folder).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let is_left = ["partial", ".aside", ".tmp", ".new"]
                    .iter()
                    .any(|end| name.contains(end));
                assert!(!is_left, "night {}: {name}", self.night);
            }
        }
    }

    /// Sizes of the hub and its parts.
    pub(super) fn sizes(&self) -> String {
        let size = |path: PathBuf| fs::metadata(path).map_or(0, |file| file.len()) / 1024;
        let runs = fs::read_dir(self.hub().join("runs")).unwrap().count();
        let all = folder_bytes(&self.hub()) / 1024;
        let of_runs = folder_bytes(&self.hub().join("runs")) / 1024;
        let registry = Published::of(&self.hub()).path("registry.parquet");
        format!(
            "hub {all} KiB, of which {runs} runs {of_runs}; steward.db {}, audit.log {}, registry.parquet {} KiB; {} IDs issued, {} records, {} decisions",
            size(self.hub().join("steward.db")),
            size(self.hub().join("audit.log")),
            size(registry),
            self.issued.len(),
            self.ids.len(),
            self.decisions.len(),
        )
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        data if data.is_dir() => folder_bytes(&entry.path()),
        data => data.len(),
    });
    sizes.sum()
}
