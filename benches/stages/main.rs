//! Bench `stages`: one file per stage, on 20,000 generated records of mixed script from eight sources in their own formats.
//!
//! `cargo bench --bench stages` runs all, `… -- block` one stage; a stage run alone shows its own peak memory. Every stage is first
//! run once by itself: its result is checked, and the peak of memory is printed. Then criterion
//! measures it and reports records or pairs per second of processor time, which others on the machine hardly touch.
//! All stages are one program, because linking ten takes longer than running them.

mod block;
mod cluster;
mod compare;
mod cpu_time;
mod fixture;
mod identify;
mod ingest;
#[path = "../support/job.rs"]
mod job;
#[path = "../support/process.rs"]
mod process;
mod publish;
mod report;
mod score;
mod standardise;
mod survive;

use cpu_time::CpuTime;
use criterion::Criterion;
use fixture::Fixture;
use std::time::Duration;

/// Measures one stage.
type Stage = fn(&mut Criterion<CpuTime>, &Fixture);

const STAGES: [(&str, Stage); 10] = [
    ("ingest", ingest::bench),
    ("standardise", standardise::bench),
    ("block", block::bench),
    ("compare", compare::bench),
    ("score", score::bench),
    ("cluster", cluster::bench),
    ("identify", identify::bench),
    ("survive", survive::bench),
    ("publish", publish::bench),
    ("report", report::bench),
];

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let given: Vec<String> = std::env::args().skip(1).collect();
    let is_named = |name: &str| {
        given
            .iter()
            .any(|argument| argument.split('/').next() == Some(name))
    };
    let is_any_named = STAGES.iter().any(|(name, _)| is_named(name));
    // Starts rayon's threads; see `cpu_time`.
    rayon::broadcast(|_| ());
    let fixture = Fixture::new();
    for (name, stage) in STAGES {
        if !is_any_named || is_named(name) {
            stage(&mut criterion, &fixture);
        }
    }
    criterion.final_summary();
}
