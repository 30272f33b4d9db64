//! `guiyi check`: every fault of the job and its sources, and a forecast of the work.

use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::console;
use crate::pipeline;
use crate::pipeline::RunError;
use crate::plan;

/// Pairs compared and scored by one thread in a second; measured by `benches/compare`, halved to be safe.
const PAIRS_PER_SECOND: u64 = 400_000;

/// Rows read, standardised and published by one thread in a second; measured by `benches/whole_run`.
const ROWS_PER_SECOND: u64 = 40_000;

/// Bytes that a record and a candidate pair keep in memory at the peak; measured on generated data.
const BYTES_PER_RECORD: u64 = 2_500;

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
    let seconds = (records / ROWS_PER_SECOND + 2 * pairs / PAIRS_PER_SECOND) / threads.max(1) + 1;
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
        "forecast: about {} MiB of memory, {seconds} s on {threads} threads",
        (records * BYTES_PER_RECORD) / (1 << 20) + 60
    ));
    for fault in &prepared.ingested.faults {
        eprintln!(
            "warning: source `{}` cannot be read: {}",
            fault.source, fault.error
        );
    }
    Ok(if prepared.ingested.faults.is_empty() { 0 } else { 3 })
}
