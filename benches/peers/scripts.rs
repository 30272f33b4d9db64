//! The peers by their own scripts: `bench.py PEER SET` measures and scores one and appends a line to `results.jsonl`.

use crate::Measured;
use crate::guiyi_job::Set;
use serde_json::Value;
use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// Seconds after which a peer is ended.
const TIMEOUT_S: &str = "3600";

/// Where the peers' environments and results are.
fn environments() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join("guiyi-peers");
    env::var_os("PEERS_ENVS").map_or_else(home, PathBuf::from)
}

/// Runs a peer; `None` with a word on stderr when it is not installed or fails.
pub(crate) fn measure(folder: &Path, data: &Path, peer: &str, set: &Set) -> Option<Measured> {
    let environments = environments();
    if !environments.exists() {
        eprintln!(
            "peers: `{}` is not there; `setup.sh` beside the scripts makes it",
            environments.display()
        );
        return None;
    }
    let own = environments.join("main/bin/python");
    let python = if own.exists() { own } else { "python3".into() };
    let name = set.folder.file_name().unwrap_or_default();
    let data = fs::canonicalize(data).unwrap_or_else(|_| data.to_path_buf());
    let status = Command::new(python)
        .arg(folder.join("bench.py"))
        .arg(peer)
        .arg(name)
        .args(["--tag", "bench", "--timeout", TIMEOUT_S])
        .env("PEERS_DATA", data)
        .env("PEERS_ENVS", &environments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let found = status
        .ok()
        .filter(|status| status.success())
        .and_then(|_| result(&environments, peer, &name.to_string_lossy()));
    if found.is_none() {
        eprintln!("peers: {peer} could not be measured on {}", set.name);
    }
    found
}

/// The last line of the results, when it is of this peer and set and the peer succeeded.
fn result(environments: &Path, peer: &str, set: &str) -> Option<Measured> {
    let text = fs::read_to_string(environments.join("out/results.jsonl")).ok()?;
    let line: Value = serde_json::from_str(text.lines().last()?).ok()?;
    let number = |name: &str| line[name].as_f64();
    if line["peer"] != peer || line["set"] != set || line["rc"] != 0 {
        return None;
    }
    let peak_mib = number("rss_mb")?.max(number("tree_mb").unwrap_or(0.0));
    Some(Measured {
        cpu_s: number("user")? + number("sys")?,
        wall_s: number("wall"),
        peak_gb: Some(peak_mib * 1_048_576.0 / 1e9),
        f1: line["score"]["f1"].as_f64(),
        is_published: false,
    })
}
