//! The guiyi job of a set: `init`, then `run`, as a steward's night does it, and F1 of what was published.

use crate::Arguments;
use crate::Measured;
use crate::child;
use crate::known;
use guiyi::evaluate::Truth;
use guiyi::evaluate::agreement;
use guiyi::publish::Hub;
use guiyi::publish::read_registry;
use guiyi::synth;
use guiyi::synth::Locale;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// Seed of the generated sets, as in bench `accuracy`.
const SEED: u64 = 2_026;

/// One set.
pub(crate) struct Set {
    /// Its name in the tables.
    pub(crate) name: String,
    /// Exports and truth.
    pub(crate) folder: PathBuf,
    /// Does it lie in the data folder, where the peers' scripts look?
    pub(crate) is_of_data: bool,
}

/// The sets asked for; without names every folder of the data that has a truth.
pub(crate) fn sets(arguments: &Arguments, scratch: &Path) -> Vec<Set> {
    let mut folders: Vec<PathBuf> = fs::read_dir(&arguments.data)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    folders.retain(|folder| folder.join("truth.csv").exists());
    folders.sort();
    let in_data = folders.into_iter().map(|folder| Set {
        name: known::name(&folder.file_name().unwrap_or_default().to_string_lossy()),
        folder,
        is_of_data: true,
    });
    let mut in_data: Vec<Set> = in_data.collect();
    if arguments.sets.is_empty() {
        return in_data;
    }
    let mut asked = Vec::new();
    for given in &arguments.sets {
        let name = known::name(given);
        let found = in_data.iter().position(|set| set.name == name);
        match found.map(|at| in_data.swap_remove(at)) {
            Some(set) => asked.push(set),
            None => asked.extend(generated(&name, scratch)),
        }
    }
    asked
}

/// `synth_zh_200k` and the like; a set that is neither there nor generated is named and left out.
fn generated(name: &str, scratch: &Path) -> Option<Set> {
    let mut parts = name.split('_');
    let (synth, locale, size) = (parts.next()?, parts.next(), parts.next());
    let locale = match locale {
        Some("zh") => Some(Locale::Zh),
        Some("en") => Some(Locale::En),
        Some("mixed") => Some(Locale::Mixed),
        _ => None,
    };
    let records = size.and_then(known::size);
    let (Some(locale), Some(records), true) = (locale, records, synth == "synth") else {
        eprintln!("peers: `{name}` is not there and was left out");
        return None;
    };
    let out = scratch.join(name);
    let settings = synth::Settings {
        records,
        locale,
        sources: 8,
        seed: SEED,
        nights: 1,
        out: out.clone(),
        plain: false,
    };
    synth::generate(&settings).expect("there is room for generated sets");
    Some(Set {
        name: name.to_owned(),
        folder: out,
        is_of_data: false,
    })
}

/// Files of the set and of its folders; truth, jobs and hubs are left out.
fn exports(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the set is a folder") {
        let path = entry.expect("the set can be listed").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !path.join("CURRENT").exists() && name != "hub" {
            found.extend(exports(&path));
        } else if path.is_file() && !name.starts_with("truth") && !name.ends_with(".toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Records, and the least processor time of the repeated runs with its wall time and memory.
pub(crate) fn measure(arguments: &Arguments, set: &Set, scratch: &Path) -> (u64, Measured) {
    let mut best: Option<(u64, Measured)> = None;
    for _ in 0..arguments.repeat {
        let folder = tempfile::tempdir_in(scratch).expect("there is room for a hub");
        let found = once(arguments, set, folder.path());
        if best.is_none_or(|(_, best)| found.1.cpu_s < best.cpu_s) {
            best = Some(found);
        }
    }
    best.expect("a set is run at least once")
}

fn once(arguments: &Arguments, set: &Set, folder: &Path) -> (u64, Measured) {
    let job = folder.join("guiyi.toml");
    let init = Command::new(&arguments.guiyi)
        .arg("init")
        .args(exports(&set.folder))
        .arg("--out")
        .arg(&job)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program can be started");
    assert!(init.success(), "`guiyi init` failed on `{}`", set.name);
    let mut command = Command::new(&arguments.guiyi);
    if let Some(threads) = arguments.threads {
        command.args(["--threads", &threads.to_string()]);
    }
    let used = child::run(command.arg("run").arg(&job).arg("--quiet").stderr(Stdio::null()));
    let run = Hub::open(&folder.join("hub"))
        .and_then(|hub| hub.current())
        .expect("the hub is sound")
        .unwrap_or_else(|| panic!("`guiyi run` ended with {} on `{}`", used.status, set.name));
    let members = read_registry(&run).expect("the registry is sound").members;
    let truth = Truth::read(&set.folder.join("truth.csv")).unwrap_or_else(|error| panic!("{error}"));
    let keys = members.iter().map(|(source, key, _)| (&**source, &**key));
    let clusters = truth.clusters_of(keys).expect("the truth fits the records");
    let mut codes = HashMap::new();
    let mut labels = Vec::with_capacity(members.len());
    for (member, cluster) in members.iter().zip(clusters) {
        let next = codes.len() as u64;
        let code = *codes.entry(member.2).or_insert(next);
        labels.extend(cluster.map(|cluster| (code, u64::from(cluster))));
    }
    let found = Measured {
        cpu_s: used.cpu_s,
        wall_s: Some(used.wall_s),
        peak_gb: Some(used.peak_gb),
        f1: Some(agreement(&labels).f1),
        is_published: false,
    };
    (members.len() as u64, found)
}
