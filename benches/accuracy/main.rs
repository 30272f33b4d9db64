//! Bench `accuracy`: every labelled set through `init`, `run` and `eval`, unedited; Markdown tables.
//!
//! `cargo bench --bench accuracy -- [--data DIR]… [--large] [--only NAME]… [--mistakes N]`. A set is a folder with exports and
//! `truth.csv`; `DIR` is a set or holds sets, by default `../shared/data` when it is there. Added are `fixtures/group` and
//! generated sets; `--large` adds 200,000 Chinese records. Each set runs in a process of its own, so that processor time and peak
//! memory are its own. `--mistakes N` shows N pairs of every kind of mistake; sets are public or generated, so values may be shown.
//!
//! `--sensitivity [--tunable NAME]…` moves every number of `[matching.tuning]` by a fifth down and up and prints how far F1 moves.
//! `--small` draws files of 2 to 128 records from every set and runs each by itself.
//! `--labels N` draws N pairs of a run, labels them by the truth, runs again with them and prints F1 without and with.

#[path = "../support/job.rs"]
mod job;
mod labels;
mod measure;
mod mistakes;
#[path = "../support/process.rs"]
mod process;
mod sensitivity;
mod sets;
mod small;
mod table;

use measure::Figures;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// What the command line asks for.
#[derive(Default)]
struct Arguments {
    data: Vec<PathBuf>,
    is_large: bool,
    only: Vec<String>,
    mistakes: usize,
    is_sensitivity: bool,
    is_small: bool,
    tunables: Vec<String>,
    labels: Option<usize>,
    /// Set only by this program for its own child: the one set to measure.
    folder: Option<PathBuf>,
}

fn main() {
    let arguments = arguments();
    if let Some(folder) = &arguments.folder {
        let figures = measure::measure(folder, arguments.mistakes);
        println!(
            "{}",
            serde_json::to_string(&figures).expect("figures have a JSON form")
        );
        return;
    }
    let scratch = tempfile::tempdir().expect("there is room for generated sets");
    let sets = sets::sets(&arguments.data, arguments.is_large, scratch.path());
    let is_asked = |set: &&sets::Set| match &arguments.only[..] {
        [] => !arguments.is_sensitivity || sets::SMALL.contains(&set.name.as_str()),
        only => only.contains(&set.name),
    };
    let sets = sets.iter().filter(is_asked);
    let named = sets.map(|set| (set.name.clone(), set.folder(scratch.path())));
    if arguments.is_small {
        small::print(&named.collect::<Vec<_>>(), scratch.path());
    } else if arguments.is_sensitivity {
        sensitivity::print(&named.collect::<Vec<_>>(), &arguments.tunables);
    } else if let Some(count) = arguments.labels {
        labels::print(&named.collect::<Vec<_>>(), count);
    } else {
        let measured = named.map(|(name, folder)| {
            eprintln!("accuracy: {name}");
            (name, in_child(&folder, arguments.mistakes))
        });
        table::print(&measured.collect::<Vec<_>>());
    }
}

fn arguments() -> Arguments {
    let mut found = Arguments::default();
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || {
            given
                .next()
                .unwrap_or_else(|| panic!("`{argument}` needs a value"))
        };
        match argument.as_str() {
            "--data" => found.data.push(value().into()),
            "--large" => found.is_large = true,
            "--only" => found.only.push(value()),
            "--mistakes" => found.mistakes = value().parse().expect("`--mistakes` needs a number"),
            "--small" => found.is_small = true,
            "--sensitivity" => found.is_sensitivity = true,
            "--tunable" => found.tunables.push(value()),
            "--labels" => found.labels = Some(value().parse().expect("`--labels` needs a number")),
            "--folder" => found.folder = Some(value().into()),
            // Cargo's own word to benches.
            "--bench" => {}
            other => panic!("unknown argument `{other}`"),
        }
    }
    found
}

fn in_child(folder: &Path, mistakes: usize) -> Figures {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .arg("--folder")
        .arg(folder)
        .args(["--mistakes", &mistakes.to_string()])
        .stderr(std::process::Stdio::inherit())
        .output()
        .expect("this program can be started");
    assert!(output.status.success(), "`{}` failed", folder.display());
    serde_json::from_slice(&output.stdout).expect("the child prints its figures")
}
