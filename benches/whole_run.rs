//! Bench `whole_run`: the nightly job from the exports to the published run.
//!
//! `cargo bench --bench whole_run -- [--records N] [--locale zh|en|mixed] [--sources K] [--seed S] [--plain]`, by default 100,000 records of
//! mixed script from eight sources in their own formats. One run in this process, first night, new model. Prints rows
//! per second, processor time and peak memory of the whole and of every stage, and checks its own result: every generated
//! record was read, every file of the run is as its manifest says, a dry second run changes no ID, and pairs agree
//! with the truth.

#[path = "support/job.rs"]
mod job;
#[path = "support/process.rs"]
mod process;

use guiyi::evaluate::Truth;
use guiyi::evaluate::agreement;
use guiyi::pipeline;
use guiyi::pipeline::Options;
use guiyi::publish::Hub;
use guiyi::publish::Run;
use guiyi::publish::read_registry;
use guiyi::publish::verify;
use guiyi::synth;
use guiyi::synth::Locale;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

/// Least F1 of pairs that a sound run has on generated records of any script; far below what is expected.
const F1_MIN: f64 = 0.25;

fn main() {
    let scratch = tempfile::tempdir().expect("there is room for generated exports");
    let settings = settings(scratch.path().join("exports"));
    let summary = synth::generate(&settings).expect("there is room for generated exports");
    let size_bytes: u64 = job::exports(&settings.out)
        .iter()
        .map(|path| path.metadata().expect("it was written").len())
        .sum();
    let generated = process::cpu();
    let plan = job::propose(&job::exports(&settings.out), scratch.path());
    let start = Instant::now();
    let watch = Watch::default();
    let progress = |stage: &'static str, _, _| watch.see(stage);
    let result = job::with_circumstances(&progress, |c| pipeline::run(&plan, Options::default(), c));
    watch.see("");
    let result = result.unwrap_or_else(|error| panic!("the run failed: {error}"));
    let (wall, cpu, peak) = (start.elapsed(), process::cpu() - generated, process::peak_bytes());
    let run = Hub::open(&plan.hub)
        .and_then(|hub| hub.current())
        .expect("the hub is sound")
        .expect("a run was published");
    let f1 = check(&run, &settings, &summary);
    let records = settings.records as f64;
    println!(
        "whole_run: {} records, {:?}, {} sources, {:.0} MB of exports",
        settings.records,
        settings.locale,
        settings.sources,
        size_bytes as f64 / 1e6
    );
    println!("  {:>12.0} records per CPU second", records / cpu.as_secs_f64());
    println!(
        "  {:>12.0} records per second of wall time",
        records / wall.as_secs_f64()
    );
    println!("  {:>12.1} CPU seconds, user and system", cpu.as_secs_f64());
    println!("  {:>12.1} seconds of wall time", wall.as_secs_f64());
    println!("  {:>12.0} MB at the peak", peak as f64 / 1e6);
    println!("  {:>12.4} F1 of pairs", f1);
    println!("  {:>12} unified IDs", result.quality.key_figures.unified_ids);
    for (name, count) in &run.manifest().facts.counts {
        println!("  {count:>12} {name}");
    }
}

/// Processor time and peak memory by stage, printed as stages end; what runs between two of them counts for the first.
#[derive(Default)]
struct Watch {
    running: Mutex<(&'static str, Duration)>,
}

impl Watch {
    /// A stage runs: either the one that ran before, or a new one.
    fn see(&self, stage: &'static str) {
        let mut running = self.running.lock().expect("no thread panics while it watches");
        if running.0 == stage {
            return;
        }
        let now = process::cpu();
        if !running.0.is_empty() {
            let cpu = (now - running.1).as_secs_f64();
            let peak = process::peak_bytes() as f64 / 1e6;
            println!("  {cpu:>12.1} CPU seconds, peak then {peak:.0} MB: {}", running.0);
        }
        *running = (stage, now);
    }
}

fn settings(out: PathBuf) -> synth::Settings {
    let mut settings = synth::Settings {
        records: 100_000,
        locale: Locale::Mixed,
        sources: 8,
        seed: 1,
        nights: 1,
        out,
        plain: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || {
            given
                .next()
                .unwrap_or_else(|| panic!("`{argument}` needs a value"))
        };
        let number = |text: String| {
            text.parse::<u64>()
                .unwrap_or_else(|_| panic!("`{text}` is no number"))
        };
        match argument.as_str() {
            "--records" => settings.records = number(value()),
            "--sources" => settings.sources = number(value()) as u16,
            "--seed" => settings.seed = number(value()),
            "--plain" => settings.plain = true,
            "--locale" => {
                settings.locale = match value().as_str() {
                    "zh" => Locale::Zh,
                    "en" => Locale::En,
                    "mixed" => Locale::Mixed,
                    other => panic!("`{other}` is not zh, en or mixed"),
                }
            }
            // Cargo's own word to benches.
            "--bench" => {}
            other => panic!("unknown argument `{other}`"),
        }
    }
    settings
}

/// Checks the run against what was generated; returns the F1 of pairs.
fn check(run: &Run, settings: &synth::Settings, summary: &synth::Summary) -> f64 {
    verify(run).expect("every file is as the manifest says");
    let facts = &run.manifest().facts;
    assert_eq!(facts.counts["records"], summary.records());
    assert_eq!(facts.counts["rows_rejected"], 0);
    let registry = read_registry(run).expect("the registry is sound");
    assert_eq!(registry.members.len() as u64, summary.records());
    let truth = Truth::read(&settings.out.join("truth.csv")).expect("the truth can be read");
    assert_eq!(truth.labels().len(), registry.members.len());
    let records = registry
        .members
        .iter()
        .map(|(source, key, _)| (&**source, &**key));
    let clusters = truth.clusters_of(records).expect("the truth names sources");
    let mut codes = HashMap::new();
    let members = registry.members.iter().zip(clusters);
    let labels: Vec<(u64, u64)> = members
        .map(|((_, _, id), cluster)| {
            let next = codes.len() as u64;
            let code = *codes.entry(*id).or_insert(next);
            (code, u64::from(cluster.expect("every record is in the truth")))
        })
        .collect();
    assert_eq!(codes.len() as u64, facts.counts["unified_ids"]);
    let found = agreement(&labels);
    assert_eq!(found.pairs_true, summary.true_pairs);
    assert!(found.f1 >= F1_MIN, "F1 of pairs is {:.4}", found.f1);
    found.f1
}
