//! `guiyi check`: every fault of the job and its sources, and a forecast of the work.

use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::console;
use crate::pipeline;
use crate::pipeline::RunError;
use crate::plan;

// From `benches/whole_run` on 1,000,000 mixed records (docs/performance.md, commit ec587a4): 75.3 CPU s for the stages that
// work by record, 69.0 CPU s for training, scoring and clustering where blocking holds some 60 million pairs, 3,297 MB at the
// peak; 100,000 records take 510 MB.

/// Records read, standardised, blocked, identified and published in one CPU second.
const RECORDS_PER_CPU_SECOND: u64 = 13_300;

/// Pairs that blocking holds (a pair counts once for each rule) trained on, scored and clustered in one CPU second.
const PAIRS_PER_CPU_SECOND: u64 = 850_000;

/// Bytes of peak memory a record beside the base.
const BYTES_PER_RECORD: u64 = 3_200;

/// Memory of a run without records, MiB.
const BASE_MIB: u64 = 150;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: JobArgument,
}

/// Prints faults and forecast; 2 when there is a fault.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job.job).map_err(RunError::from)?;
    plan::check_sources(&plan).map_err(RunError::from)?;
    let watch = console::Watch::new(quiet);
    let prepared = watch.watch(|circumstances| pipeline::prepare(&plan, circumstances))?;
    let blocks = pipeline::forecast(&plan, &prepared.standard);
    let records = prepared.ingested.records.len() as u64;
    let threads = rayon::current_num_threads() as u64;
    let pairs = blocks.pairs_max();
    let cpu_seconds = records / RECORDS_PER_CPU_SECOND + pairs / PAIRS_PER_CPU_SECOND + 1;
    console::print(&format!(
        "{:<24} {:>12} {:>14} {:>8} {:>9}",
        "rule", "blocks", "pairs", "largest", "refined"
    ));
    for report in blocks.reports() {
        console::print(&format!(
            "{:<24} {:>12} {:>14} {:>8} {:>9}",
            report.rule, report.blocks, report.pairs, report.block_size_max, report.refined
        ));
    }
    console::print(&format!("records {records}, candidate pairs at most {pairs}"));
    console::print(&format!(
        "forecast: about {} MiB of memory and {cpu_seconds} s of processor time, at best {} s on {threads} threads",
        (records * BYTES_PER_RECORD) / (1 << 20) + BASE_MIB,
        cpu_seconds.div_ceil(threads.max(1))
    ));
    for fault in &prepared.ingested.faults {
        eprintln!(
            "warning: source `{}` cannot be read: {}",
            fault.source, fault.error
        );
    }
    Ok(if prepared.ingested.faults.is_empty() { 0 } else { 3 })
}
