//! A job as a steward gets it: `guiyi init` on a folder of exports, unedited, and the circumstances to run it.

use guiyi::pipeline::Circumstances;
use guiyi::plan;
use guiyi::plan::Plan;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

/// The exports below `folder`: its files and those of its sub-folders, truth and job files left out, sorted.
pub(crate) fn exports(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the set is a folder") {
            let path = entry.expect("the set can be listed").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // A hub beside the exports holds tables that read like exports.
            if name == "hub" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("truth") && !name.ends_with(".toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Proposes a job for `files`, writes it into `folder` and loads it as it is.
pub(crate) fn propose(files: &[PathBuf], folder: &Path) -> Plan {
    propose_with(files, folder, "")
}

/// Proposes a job as [`propose`], with more TOML at its end.
pub(crate) fn propose_with(files: &[PathBuf], folder: &Path, more: &str) -> Plan {
    let job = folder.join("guiyi.toml");
    let proposal = plan::propose(files, &job, &guiyi::ingest::ProfileOptions::default())
        .expect("the exports can be read");
    fs::write(&job, proposal.to_toml() + more).expect("the folder is our own");
    plan::load(&job).unwrap_or_else(|faults| panic!("the proposed job has faults: {faults}"))
}

/// Told of progress: stage, done, total.
pub(crate) type Progress<'a> = &'a (dyn Fn(&'static str, u64, u64) + Sync);

/// Calls `body` with the circumstances of a run that starts now.
pub(crate) fn with_circumstances<T>(progress: Progress, body: impl FnOnce(&Circumstances) -> T) -> T {
    let start = Instant::now();
    body(&Circumstances {
        started_at: "2026-01-01T00:00:00Z".to_owned(),
        now: &|| "2026-01-01T00:00:00Z".to_owned(),
        elapsed_ms: &|| start.elapsed().as_millis() as u64,
        progress,
    })
}
