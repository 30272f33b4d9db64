//! Disks that fail and power that goes (operations.md R4, R5): every writing call of the program, SQLite's included.
//!
//! In: the program with `tests/shim/faults.c` between it and the system. Held: with any call failing, once or from then on, the last
//! publication stands, the exit code is right, and the next run leaves nothing over; and whatever of the unsynced writes, names and
//! removals a loss of power keeps, drops or tears at any moment, the hub verifies and what was confirmed is there.
//!
//! `GUIYI_TEST_FULL=1` injects every fault at every call; `GUIYI_STATES=5000` replays that many states of each command.

use crate::crash::Numbers;
use crate::crash::SECOND_NIGHT;
use crate::crash::THIRD_NIGHT;
use crate::crash::bytes;
use crate::crash::copy;
use crate::crash::in_parallel;
use crate::crash::number;
use crate::crash::shape;
use crate::crash::verifies;
use crate::support::PUBLISHED;
use crate::support::Workplace;
use guiyi::publish::FindingKind;
use guiyi::publish::Hub;
use guiyi::publish::Scope;
use guiyi::steward::Store;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

/// The shim, built once by the compiler that builds SQLite too.
static SHIM: LazyLock<PathBuf> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shim/faults.c");
    let shim = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults.so");
    let status = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&shim, &source])
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(status.unwrap().success());
    shim
});

pub(crate) fn shimmed(
    folder: &Path,
    arguments: &[&str],
    variable: &str,
    value: &str,
) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_guiyi"))
        .current_dir(folder)
        .args(arguments)
        .args(["--threads", "1"])
        .env("LD_PRELOAD", &*SHIM)
        .env(variable, value)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// One writing call of the program, as the shim noted it.
struct Call {
    op: char,
    path: String,
    to: String,
    number: usize,
    data: Vec<u8>,
}

/// The calls of a command in a copy of `from`, with paths below the hub.
fn calls(from: &Workplace, arguments: &[&str]) -> Vec<Call> {
    let workplace = copy(from);
    let log = workplace.path().join("calls.log");
    let (code, said) = shimmed(
        workplace.path(),
        arguments,
        "GUIYI_SHIM_LOG",
        log.to_str().unwrap(),
    );
    assert_eq!(code, Some(0), "{said}");
    let hub = fs::canonicalize(workplace.path()).unwrap().join("hub");
    let below = |path: &str| {
        let rest = path.replace("/./", "/");
        rest.strip_prefix(hub.to_str().unwrap())
            .unwrap_or("")
            .trim_start_matches('/')
            .to_owned()
    };
    let text = fs::read_to_string(log).unwrap();
    let calls = text.lines().map(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        let byte = |at: usize| u8::from_str_radix(&parts[4][at..at + 2], 16).unwrap();
        Call {
            op: parts[0].chars().next().unwrap(),
            path: below(parts[1]),
            to: below(parts[2]),
            number: parts[3].parse().unwrap(),
            data: (0..parts[4].len()).step_by(2).map(byte).collect(),
        }
    });
    calls.collect()
}

const FAULTS: [(&str, &str); 8] = [
    ("enospc", "once"),
    ("eio", "once"),
    ("short", "once"),
    ("eintr", "once"),
    ("enospc", "always"),
    ("eio", "always"),
    ("short", "always"),
    ("eintr", "always"),
];

#[test]
fn r4_any_writing_call_may_fail_and_the_last_run_stands() {
    let expected = bytes(THIRD_NIGHT.path());
    let names = shape(THIRD_NIGHT.path());
    // Opening for writing counts as well, so a few more than were noted.
    let count = calls(&SECOND_NIGHT, &["run"]).len() + 20;
    assert!(count > 150, "{count}");
    let is_full = std::env::var_os("GUIYI_TEST_FULL").is_some();
    let mut cases = Vec::new();
    for at in 1..=count {
        for (kind, (fault, when)) in FAULTS.iter().enumerate() {
            if is_full || (at % 5 == 0 && at / 5 % FAULTS.len() == kind) {
                cases.push((at, *fault, *when));
            }
        }
    }
    let count = cases.len();
    in_parallel(cases, |(at, fault, when)| {
        let case = format!("{at}:{fault}:{when}");
        let workplace = copy(&SECOND_NIGHT);
        let (code, said) = shimmed(workplace.path(), &["run"], "GUIYI_SHIM", &case);
        let expected_code = match fault {
            "enospc" => Some(12),
            "eio" => Some(1),
            _ => Some(0),
        };
        // The workbook's library keeps the cause of its scratch files' faults to itself; a full disk is the usual one.
        let is_scratch = code == Some(12) && said.contains("scratch files");
        // A fault behind the last call, or while the seal is renewed, stops nothing.
        assert!(
            code == expected_code || code == Some(0) || is_scratch,
            "{case}: {code:?} {said}"
        );
        if code != Some(0) {
            let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
            assert_eq!(line["code"], code.unwrap(), "{case}");
        } else {
            assert_eq!(number(workplace.path()), 2, "{case}");
        }
        verifies(workplace.path(), &case);
        if number(workplace.path()) == 1 {
            workplace.run(PUBLISHED);
        }
        assert_eq!(bytes(workplace.path()), expected, "{case}");
        assert_eq!(shape(workplace.path()), names, "{case}");
    });
    eprintln!("{count} faults injected");
}

#[test]
fn r4_a_decision_on_a_failing_disk_is_kept_whole_or_not_at_all() {
    let arguments = [
        "decide", "part", "good:L3", "good:L4", "--reason", "两家", "--author", "Ann",
    ];
    let is_full = std::env::var_os("GUIYI_TEST_FULL").is_some();
    let count = calls(&SECOND_NIGHT, &arguments).len() + 5;
    let cases = (1..=count).flat_map(|at| FAULTS.map(|(fault, when)| (at, fault, when)));
    let cases: Vec<_> = cases
        .enumerate()
        .filter(|(case, _)| is_full || case % 3 == 0)
        .map(|(_, case)| case)
        .collect();
    in_parallel(cases, |(at, fault, when)| {
        let case = format!("{at}:{fault}:{when}");
        let workplace = copy(&SECOND_NIGHT);
        let (code, said) = shimmed(workplace.path(), &arguments, "GUIYI_SHIM", &case);
        let decisions = decisions(&workplace.path().join("hub"));
        assert!(matches!(code, Some(0 | 1 | 12)), "{case}: {code:?} {said}");
        if code == Some(0) {
            assert_eq!(decisions, 2, "{case}: what was confirmed is there");
        }
        assert!(matches!(decisions, 1 | 2), "{case}");
        verifies(workplace.path(), &case);
        workplace.run(PUBLISHED);
        verifies(workplace.path(), &case);
    });
}

#[test]
fn r3_a_kill_at_any_writing_call_is_survived() {
    let expected = bytes(THIRD_NIGHT.path());
    let is_full = std::env::var_os("GUIYI_TEST_FULL").is_some();
    let count = calls(&SECOND_NIGHT, &["run"]).len() + 20;
    let cases: Vec<usize> = (1..=count).step_by(if is_full { 1 } else { 9 }).collect();
    in_parallel(cases, |at| {
        let workplace = copy(&SECOND_NIGHT);
        shimmed(
            workplace.path(),
            &["run"],
            "GUIYI_SHIM",
            &format!("{at}:kill:once"),
        );
        verifies(workplace.path(), &format!("call {at}"));
        if number(workplace.path()) == 1 {
            workplace.run(PUBLISHED);
        }
        assert_eq!(bytes(workplace.path()), expected, "call {at}");
        assert_eq!(shape(workplace.path()), shape(THIRD_NIGHT.path()), "call {at}");
    });
}

fn decisions(hub: &Path) -> usize {
    let store = Store::open_existing(&hub.join("steward.db")).unwrap();
    store.map_or(0, |store| store.known().unwrap().decisions.len())
}

/// What a write, a name or a removal that has not been synced may become.
#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
    /// A name is given to an inode, or taken away; the former name of a rename goes with it.
    Name(String, Option<usize>, Option<String>),
}

/// A file or a directory: what is on disk for sure, and what has been asked for since.
#[derive(Clone, Default)]
struct Inode {
    is_directory: bool,
    bytes: Vec<u8>,
    names: BTreeMap<String, usize>,
    pending: Vec<Change>,
}

/// A disk with a memory in front of it, which a loss of power empties.
#[derive(Clone)]
struct Disk {
    inodes: Vec<Inode>,
    /// What the running system sees.
    paths: BTreeMap<String, usize>,
}

impl Disk {
    /// Everything below `hub` is on disk.
    fn of(hub: &Path) -> Self {
        let mut disk = Self {
            inodes: Vec::new(),
            paths: BTreeMap::new(),
        };
        disk.load(hub, "");
        disk
    }

    fn load(&mut self, path: &Path, name: &str) -> usize {
        let at = self.inodes.len();
        self.inodes.push(Inode::default());
        self.paths.insert(name.to_owned(), at);
        if path.is_dir() {
            self.inodes[at].is_directory = true;
            for entry in fs::read_dir(path).unwrap() {
                let entry = entry.unwrap();
                let own = entry.file_name().into_string().unwrap();
                let child = self.load(&entry.path(), &join(name, &own));
                self.inodes[at].names.insert(own, child);
            }
        } else {
            self.inodes[at].bytes = fs::read(path).unwrap();
        }
        at
    }

    fn change(&mut self, directory: &str, change: Change) {
        let at = self.paths[directory];
        self.inodes[at].pending.push(change);
    }

    fn apply(&mut self, call: &Call) {
        let (directory, name) = split(&call.path);
        match call.op {
            'C' | 'M' => {
                let at = self.inodes.len();
                self.inodes.push(Inode {
                    is_directory: call.op == 'M',
                    ..Inode::default()
                });
                self.paths.insert(call.path.clone(), at);
                self.change(directory, Change::Name(name.to_owned(), Some(at), None));
            }
            // Scratch files have no name and are nobody's loss.
            'W' | 'T' | 'S' if !self.paths.contains_key(&call.path) => {}
            'W' => self.change(&call.path, Change::Write(call.number, call.data.clone())),
            'T' => self.change(&call.path, Change::Length(call.number)),
            'S' => {
                let inode = &mut self.inodes[self.paths[&call.path]];
                let pending = std::mem::take(&mut inode.pending);
                pending.iter().for_each(|change| inode.settle(change));
            }
            'R' => {
                let at = self.paths[&call.path];
                let below = format!("{}/", call.path);
                let moved: Vec<String> = self
                    .paths
                    .keys()
                    .filter(|path| path.starts_with(&below))
                    .cloned()
                    .collect();
                for path in moved {
                    let inode = self.paths.remove(&path).unwrap();
                    self.paths
                        .insert(format!("{}/{}", call.to, &path[below.len()..]), inode);
                }
                self.paths.remove(&call.path);
                self.paths.insert(call.to.clone(), at);
                let (to, new) = split(&call.to);
                assert_eq!(to, directory, "a rename stays in its directory");
                self.change(
                    directory,
                    Change::Name(new.to_owned(), Some(at), Some(name.to_owned())),
                );
            }
            'U' => {
                if self.paths.remove(&call.path).is_some() && self.paths.contains_key(directory) {
                    self.change(directory, Change::Name(name.to_owned(), None, None));
                }
            }
            other => panic!("{other}"),
        }
    }

    /// What a loss of power leaves: all that was synced, and of the rest what chance keeps.
    fn lose_power(&self, chance: &mut Numbers) -> Self {
        let mut left = self.clone();
        for inode in &mut left.inodes {
            let pending = std::mem::take(&mut inode.pending);
            // Journals bring names to disk in their order, other file systems in any.
            let first = match chance.below(2) {
                0 => chance.below(pending.len() as u64 + 1) as usize,
                _ => pending.len(),
            };
            let is_ordered = first < pending.len();
            for change in &pending[..first] {
                match (change, chance.below(4)) {
                    (_, 0) if !is_ordered => {}
                    (Change::Write(from, data), 1) => {
                        inode.settle(&Change::Write(*from, data[..data.len() / 2].to_vec()))
                    }
                    // The length is on disk and the bytes are not.
                    (Change::Write(from, data), 2) => {
                        inode.settle(&Change::Write(*from, vec![0; data.len()]))
                    }
                    (change, _) => inode.settle(change),
                }
            }
        }
        left
    }

    fn write_to(&self, inode: usize, path: &Path) {
        let inode = &self.inodes[inode];
        if !inode.is_directory {
            return fs::write(path, &inode.bytes).unwrap();
        }
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        for (name, child) in &inode.names {
            self.write_to(*child, &path.join(name));
        }
    }
}

impl Inode {
    fn settle(&mut self, change: &Change) {
        match change {
            Change::Write(from, data) => {
                let end = from + data.len();
                if self.bytes.len() < end {
                    self.bytes.resize(end, 0);
                }
                self.bytes[*from..end].copy_from_slice(data);
            }
            Change::Length(length) => self.bytes.resize(*length, 0),
            Change::Name(name, inode, former) => {
                if let Some(former) = former {
                    self.names.remove(former);
                }
                match inode {
                    Some(inode) => drop(self.names.insert(name.clone(), *inode)),
                    None => drop(self.names.remove(name)),
                }
            }
        }
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Replays a command, loses power at many moments, and looks at what is left; `is_done` tells whether it took effect.
fn replay(from: &Workplace, arguments: &[&str], is_done: impl Fn(&Hub) -> bool + Sync) {
    let states: usize = std::env::var("GUIYI_STATES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(120);
    let calls = calls(from, arguments);
    let start = Disk::of(&from.path().join("hub"));
    let cases: Vec<usize> = (0..states).collect();
    in_parallel(cases, |state| {
        // The end is where what was confirmed must be there.
        let end = match state % 10 {
            0 => calls.len(),
            _ => state * 7919 % (calls.len() + 1),
        };
        let mut disk = start.clone();
        calls[..end].iter().for_each(|call| disk.apply(call));
        let left = disk.lose_power(&mut Numbers(state as u64 + 5));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub");
        left.write_to(left.paths[""], &path);
        let hub = Hub::open(&path).unwrap();
        let found = hub.inspect(&Scope::Published).unwrap();
        let damage: Vec<_> = found.iter().filter(|found| found.kind.is_damage()).collect();
        assert!(damage.is_empty(), "state {state}, call {end}: {damage:?}");
        assert!(
            found.iter().all(|found| found.kind != FindingKind::Unknown),
            "{found:?}"
        );
        assert!(hub.current().unwrap().is_some(), "state {state}");
        assert!(
            decisions(&path) >= 1,
            "state {state}, call {end}: a decision is lost"
        );
        let done = is_done(&hub);
        assert!(done || end < calls.len(), "state {state}: confirmed and lost");
        let lock = hub.lock().unwrap();
        hub.tidy(&lock).unwrap();
    });
    eprintln!("{states} states of {} calls", calls.len());
}

#[test]
fn r5_a_run_survives_every_loss_of_power() {
    replay(&SECOND_NIGHT, &["run"], |hub| {
        hub.current().unwrap().unwrap().id().starts_with("000002-")
    });
}

#[test]
fn r5_a_rollback_survives_every_loss_of_power() {
    let arguments = ["rollback", "1", "--reason", "wrong", "--author", "Ann"];
    replay(&THIRD_NIGHT, &arguments, |hub| {
        let is_back = hub.current().unwrap().unwrap().id().starts_with("000001-");
        // `CURRENT` never goes back without the tombstones.
        assert!(!is_back || hub.tombstones().unwrap().rollbacks.len() == 1);
        is_back
    });
}

#[test]
fn r5_r26_a_decision_survives_every_loss_of_power() {
    let arguments = [
        "decide", "part", "good:L3", "good:L4", "--reason", "两家", "--author", "Ann",
    ];
    replay(&SECOND_NIGHT, &arguments, |hub| decisions(hub.path()) == 2);
}

#[test]
fn r5_an_adopted_model_survives_every_loss_of_power() {
    replay(&SECOND_NIGHT, &["train", "--adopt"], |hub| {
        let current = hub.current().unwrap().unwrap();
        hub.adopted_model(current.id()).unwrap().is_some()
    });
}

#[test]
fn b18_a_clock_that_steps_back_or_far_ahead_changes_nothing_but_times() {
    const DAY: i64 = 86_400;
    let workplace = copy(&SECOND_NIGHT);
    let job = workplace.read_text("guiyi.toml");
    workplace.write("guiyi.toml", format!("keep_days = 30\n{job}"));
    let before = workplace.published().ids();
    let at = |seconds: i64, arguments: &[&str]| {
        let clock = seconds.to_string();
        let (code, said) = shimmed(workplace.path(), arguments, "GUIYI_SHIM_CLOCK", &clock);
        assert_eq!(code, Some(PUBLISHED), "{seconds}: {said}");
    };
    let record = before.keys().next().unwrap();
    let record = format!("{}:{}", record.0, record.1);
    let confirm = [
        "decide", "confirm", &record, "--author", "Ann", "--reason", "复核",
    ];
    at(-2 * DAY, &["run"]);
    at(-3 * DAY, &confirm);
    // The night of the change to winter time, an hour back, and a clock that lost its battery.
    at(-3_600, &["run"]);
    at(-50 * 365 * DAY, &["run"]);
    at(9 * DAY, &["run"]);
    for arguments in [&["verify", "--all"][..], &["log", "verify"]] {
        workplace.guiyi(arguments).expect(PUBLISHED);
    }
    let now = workplace.published().ids();
    assert!(before.iter().all(|(record, id)| now.get(record) == Some(id)));
    let outcome = workplace.guiyi(&["runs", "--json"]).expect(PUBLISHED);
    let runs: Vec<serde_json::Value> = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let standings: Vec<&str> = runs.iter().map(|run| run["standing"].as_str().unwrap()).collect();
    let numbers: Vec<&str> = runs
        .iter()
        .map(|run| &run["run_id"].as_str().unwrap()[..6])
        .collect();
    assert_eq!(numbers, ["000001", "000002", "000003", "000004", "000005"]);
    assert_eq!(standings[4], "current");
    assert!(standings[..4].iter().all(|standing| *standing == "published"));
    let times: Vec<&str> = runs
        .iter()
        .map(|run| &run["run_id"].as_str().unwrap()[7..])
        .collect();
    assert!(
        times[1] < times[0] && times[3] < "1980",
        "the clock was moved: {times:?}"
    );
}
