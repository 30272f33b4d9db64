//! Holds `--max-time`, `--max-memory` and `--min-free-disk` while a run goes on.
//!
//! In: a [`Budget`] and what to do before the end. Out: an ended process with exit code 12 when a limit is exceeded. It ends
//! as a signal ends it ([`crate::cli::signals`]): at once, without cleaning up, because the next run needs no clean-up
//! anyway. From the stage `publish` on nothing is ended any more: what is half written is of no use, and a run that says 12
//! has published nothing.

use crate::cli::console;
use crate::pipeline::budget;
use crate::pipeline::budget::Breach;
use crate::pipeline::budget::Budget;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

/// How often time and memory are looked at.
const POLL: Duration = Duration::from_millis(50);

/// Exit code of a run that a budget ended.
pub(super) const CODE: u8 = 12;
/// Its name in the closing line.
pub(super) const NAME: &str = "budget";

/// The limits of a run, and whether they still hold it.
pub(super) struct Guarded {
    budget: Budget,
    hub: PathBuf,
    start: Instant,
    /// False from publishing on; held for ever by whoever ends the run.
    is_armed: Mutex<bool>,
    /// Called once before the process ends: metrics and hooks.
    before_end: Box<dyn Fn(&str) + Send + Sync>,
}

impl Guarded {
    /// Holds the limits from now on.
    pub(super) fn start(
        budget: Budget,
        hub: PathBuf,
        before_end: Box<dyn Fn(&str) + Send + Sync>,
    ) -> Arc<Self> {
        let guarded = Arc::new(Self {
            budget,
            hub,
            start: Instant::now(),
            is_armed: Mutex::new(true),
            before_end,
        });
        if !budget.is_empty() {
            let watched = Arc::clone(&guarded);
            let thread = std::thread::Builder::new().name("limits".to_owned());
            // Without a thread to spare the stages still look.
            let _ = thread.spawn(move || watched.poll());
        }
        guarded
    }

    fn poll(&self) {
        loop {
            std::thread::sleep(POLL);
            if !self.look(None) {
                return;
            }
        }
    }

    /// A stage begins with that many records, 0 when unknown.
    pub(super) fn stage(&self, stage: &str, records: u64) {
        if self.budget.is_empty() {
            return;
        }
        let records = if stage == "standardise" { records } else { 0 };
        self.look(Some(records));
        if stage == "publish" {
            *self.is_armed.lock().unwrap_or_else(PoisonError::into_inner) = false;
        }
    }

    /// Ends the process when a limit is exceeded; false when nothing is held any more.
    fn look(&self, records: Option<u64>) -> bool {
        let is_armed = self.is_armed.lock().unwrap_or_else(PoisonError::into_inner);
        if !*is_armed {
            return false;
        }
        let at_once = self.budget.check(self.start.elapsed(), budget::resident_bytes());
        let at_stage = || {
            let records = records?;
            let disk = || check_disk(&self.budget, &self.hub, Budget::disk_forecast(records));
            self.budget.check_records(records).or_else(disk)
        };
        if let Some(breach) = at_once.or_else(at_stage) {
            let message = stopped(&breach);
            (self.before_end)(&message);
            console::last_line(CODE, NAME, &message, || std::process::exit(i32::from(CODE)));
        }
        true
    }
}

/// What the disk of the hub says before a run, which will write about what the last one wrote.
pub(super) fn check_before(budget: &Budget, hub: &std::path::Path) -> Option<Breach> {
    let current = std::fs::read_to_string(hub.join("CURRENT")).unwrap_or_default();
    let last = hub.join("runs").join(current.trim());
    let files = std::fs::read_dir(last).into_iter().flatten().flatten();
    let sizes = files.filter_map(|file| file.metadata().ok().filter(std::fs::Metadata::is_file));
    let needed = match current.trim().is_empty() {
        true => 0,
        false => sizes.map(|metadata| metadata.len()).sum(),
    };
    check_disk(budget, hub, needed)
}

fn check_disk(budget: &Budget, hub: &std::path::Path, needed: u64) -> Option<Breach> {
    budget.disk_free_bytes_min?;
    budget.check_disk(budget::free_bytes(hub)?, needed)
}

/// The sentence of the closing line.
pub(super) fn stopped(breach: &Breach) -> String {
    format!("{breach}; nothing was published, and the last published run stands")
}
