//! The input of every stage, and what the stages before it make of it.

use crate::job;
use crate::process;
use guiyi::identify;
use guiyi::identify::identify;
use guiyi::pipeline;
use guiyi::pipeline::Matched;
use guiyi::pipeline::Matching;
use guiyi::pipeline::Prepared;
use guiyi::plan::Plan;
use guiyi::synth;
use guiyi::table::IdAssignments;
use guiyi::table::Registry;
use std::fs;
use tempfile::TempDir;

/// Records of the input.
pub(crate) const RECORDS: u64 = 20_000;

/// Generated exports with the job that `init` proposes for them.
pub(crate) struct Fixture {
    pub(crate) plan: Plan,
    pub(crate) scratch: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let scratch = tempfile::tempdir().expect("there is room for generated exports");
        let settings = synth::Settings {
            records: RECORDS,
            locale: synth::Locale::Mixed,
            sources: 8,
            seed: 1,
            nights: 1,
            out: scratch.path().join("exports"),
            plain: false,
        };
        let summary = synth::generate(&settings).expect("there is room for generated exports");
        assert_eq!(summary.records(), RECORDS);
        let plan = job::propose(&job::exports(&settings.out), scratch.path());
        Self { plan, scratch }
    }

    /// The records, read and standardised.
    pub(crate) fn prepare(&self) -> Prepared {
        let prepared = job::with_circumstances(&|_, _, _| {}, |c| pipeline::prepare(&self.plan, None, c));
        let prepared = prepared.unwrap_or_else(|error| panic!("the exports cannot be read: {error}"));
        assert_eq!(prepared.ingested.records.len() as u64, RECORDS);
        prepared
    }

    /// Model, pairs and clusters of the records.
    pub(crate) fn matched(&self, prepared: &Prepared) -> Matched {
        let matching = Matching::new(&self.plan, &prepared.standard);
        job::with_circumstances(&|_, _, _| {}, |c| matching.match_records(None, c))
    }
}

/// IDs of the first night.
pub(crate) fn first_ids(prepared: &Prepared, matched: &Matched) -> IdAssignments {
    identify(
        &identify::Settings::default(),
        &prepared.ingested.records,
        &matched.clustering.clusters,
        &Registry::default(),
    )
}

/// Runs `body` once and prints the most memory that the process held, before it and during it.
pub(crate) fn once<T>(name: &str, body: impl FnOnce() -> T) -> T {
    // Makes the peak what is held now; see proc(5).
    fs::write("/proc/self/clear_refs", "5").expect("the kernel keeps peaks of memory");
    let before = process::peak_bytes();
    let start = process::cpu();
    let result = body();
    let (cpu, peak) = (process::cpu() - start, process::peak_bytes());
    println!(
        "{name}: {:.0} MB at the peak, {:.0} MB of them before; {:.2} CPU seconds once",
        peak as f64 / 1e6,
        before as f64 / 1e6,
        cpu.as_secs_f64()
    );
    result
}
