//! Bench `peers`: the whole guiyi job beside the peers' matching step, as processes of their own.
//!
//! `cargo bench --bench peers -- --data DIR [--sets NAME,NAME…] [--peers SCRIPTS] [--repeat N] [--threads N] [--guiyi PROGRAM]`. `DIR` holds a folder a
//! set: exports and `truth.csv`; `synth_zh_200k` and the like (`synth_LOCALE_N`, N in `k` or `m`) are generated when they are named. For
//! each set: `guiyi init` (not counted), `guiyi run` of the release program, from the exports to the published run with report;
//! processor time (user and system), wall time, peak memory, F1 of the published crosswalk against the truth. With `--peers`, the folder of the
//! peers' scripts, each peer runs the same set by its `bench.py`; a figure that was not measured here is the published one and marked †.
//!
//! Bias: a peer's figure is matching alone, of a set that its script reads cleaned; ours is everything. Wall time depends on what else runs.

mod child;
mod guiyi_job;
mod known;
mod scripts;
mod table;

use std::path::PathBuf;

/// What the command line asks for.
pub(crate) struct Arguments {
    data: PathBuf,
    sets: Vec<String>,
    peers: Option<PathBuf>,
    repeat: usize,
    threads: Option<usize>,
    guiyi: PathBuf,
}

/// What one program came to on one set.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    /// User and system.
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: Option<f64>,
    pub(crate) peak_gb: Option<f64>,
    pub(crate) f1: Option<f64>,
    /// Taken from publications, not measured here.
    pub(crate) is_published: bool,
}

/// One set with everyone's figures.
pub(crate) struct Row {
    pub(crate) set: String,
    pub(crate) records: u64,
    pub(crate) guiyi: Measured,
    /// Name and figures.
    pub(crate) peers: Vec<(&'static str, Measured)>,
}

fn main() {
    let arguments = arguments();
    let scratch = tempfile::tempdir().expect("there is room for hubs");
    let mut rows = Vec::new();
    for set in guiyi_job::sets(&arguments, scratch.path()) {
        eprintln!("peers: {}", set.name);
        let (records, guiyi) = guiyi_job::measure(&arguments, &set, scratch.path());
        let mut peers = Vec::new();
        for &peer in known::PEERS {
            let measured = arguments
                .peers
                .as_ref()
                .filter(|_| set.is_of_data && known::SCRIPTED.contains(&peer))
                .and_then(|folder| scripts::measure(folder, &arguments.data, peer, &set));
            peers.extend(
                measured
                    .or_else(|| known::published(&set.name, peer))
                    .map(|found| (peer, found)),
            );
        }
        rows.push(Row {
            set: set.name,
            records,
            guiyi,
            peers,
        });
    }
    table::print(&rows);
}

fn arguments() -> Arguments {
    let mut found = Arguments {
        data: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        sets: Vec::new(),
        peers: None,
        repeat: 1,
        threads: None,
        guiyi: env!("CARGO_BIN_EXE_guiyi").into(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || {
            given
                .next()
                .unwrap_or_else(|| panic!("`{argument}` needs a value"))
        };
        let number = |text: String| {
            text.parse::<usize>()
                .unwrap_or_else(|_| panic!("`{text}` is no number"))
        };
        match argument.as_str() {
            "--data" => found.data = value().into(),
            "--sets" => found.sets.extend(value().split(',').map(str::to_owned)),
            "--peers" => found.peers = Some(value().into()),
            "--repeat" => found.repeat = number(value()).max(1),
            "--threads" => found.threads = Some(number(value())),
            "--guiyi" => found.guiyi = value().into(),
            // Cargo's own word to benches.
            "--bench" => {}
            other => panic!("unknown argument `{other}`"),
        }
    }
    found
}
