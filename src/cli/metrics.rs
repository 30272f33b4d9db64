//! `metrics.prom` in the hub, written after every `guiyi run`: for the textfile collector of a Prometheus node exporter.

use crate::cli::profile::write_private;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::quality::Quality;
use crate::quality::RunMetrics;
use crate::quality::metrics;
use std::path::Path;

/// The file.
pub(super) const FILE: &str = "metrics.prom";

/// Writes what the published run and the exit code say; a hub that cannot be read keeps the file that it has.
///
/// Metrics never change the outcome of a run: whatever cannot be written is left out, and the exit code says the rest.
pub(super) fn write(plan: &Plan, exit_code: u8) {
    if !plan.hub.is_dir() {
        return;
    }
    let Ok(hub) = Hub::open(&plan.hub) else { return };
    let now = jiff::Timestamp::now().as_second();
    let mut run = RunMetrics {
        exit_code,
        finished_at: now,
        memory_bytes: peak_memory(),
        ..RunMetrics::default()
    };
    let mut quality = None;
    if let Ok(Some(published)) = hub.current() {
        let facts = &published.manifest().facts;
        let finished = facts.finished_at.parse::<jiff::Timestamp>();
        run.last_success_at = finished.map_or(0, jiff::Timestamp::as_second);
        run.timings_ms.clone_from(&facts.timings_ms);
        run.counts.clone_from(&facts.counts);
        let bytes = std::fs::read(published.path("quality.json")).ok();
        quality = bytes.and_then(|bytes| serde_json::from_slice::<Quality>(&bytes).ok());
    }
    let Some(quality) = quality else { return };
    let _ = write_private(&plan.hub.join(FILE), metrics(&quality, &run));
}

/// Largest resident memory of this process; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.map_or(0, |kib| kib * 1_024)
}
