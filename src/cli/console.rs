//! What people see: progress on a terminal, plain lines under cron, errors with causes, the closing JSON line.

use crate::cli::Failure;
use crate::cli::limits::Guarded;
use crate::cli::log;
use crate::disk::failpoint;
use crate::pipeline::Circumstances;
use crate::pipeline::RunError;
use crate::pipeline::STAGES;
use indicatif::ProgressBar;
use indicatif::ProgressStyle;
use serde_json::Map;
use serde_json::Value;
use std::error::Error;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Instant;

/// Shows only the place of a panic: its message may hold values of records.
pub(super) fn keep_panics_silent() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |l| format!("{}:{}", l.file(), l.line()));
        log::tell(log::Level::Error, "defect", &format!("defect at {place}"), &place);
    }));
}

/// Prints to stdout; a closed pipe ends the output, not the program.
pub(super) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The time now, UTC, RFC 3339 with seconds.
pub(super) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Shows stages as they pass.
pub(super) struct Watch {
    start: Instant,
    bar: Option<ProgressBar>,
    is_quiet: bool,
    stage: Mutex<&'static str>,
    limits: Option<Arc<Guarded>>,
}

impl Watch {
    pub(super) fn new(is_quiet: bool) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = (is_terminal && !is_quiet && log::may_draw()).then(|| {
            let bar = ProgressBar::new(STAGES.len() as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            start: Instant::now(),
            bar,
            is_quiet,
            stage: Mutex::new(""),
            limits: None,
        }
    }

    /// As [`Watch::new`], telling `limits` of every stage.
    pub(super) fn with_limits(is_quiet: bool, limits: Arc<Guarded>) -> Self {
        Self {
            limits: Some(limits),
            ..Self::new(is_quiet)
        }
    }

    fn stage(&self, stage: &'static str, done: u64, total: u64) {
        let mut last = self
            .stage
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_new = *last != stage;
        *last = stage;
        if is_new {
            // Only an abort or a wait makes sense here.
            let _ = failpoint::hit_file("stage", stage);
            if let Some(limits) = &self.limits {
                limits.stage(stage, total);
            }
        }
        let position = STAGES.iter().position(|known| *known == stage).unwrap_or(0) as u64;
        match &self.bar {
            Some(bar) => {
                bar.set_position(position);
                let share = if total > 0 {
                    format!(" {done}/{total}")
                } else {
                    String::new()
                };
                bar.set_message(format!("{stage}{share}"));
            }
            None if is_new && !self.is_quiet => {
                let elapsed_ms = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
                log::stage(stage, elapsed_ms, total);
            }
            None => {}
        }
    }

    /// Calls `body` with the circumstances of a run that starts now.
    pub(super) fn watch<T>(&self, body: impl FnOnce(&Circumstances) -> T) -> T {
        let elapsed_ms = || u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let progress = |stage: &'static str, done: u64, total: u64| self.stage(stage, done, total);
        let circumstances = Circumstances {
            started_at: now(),
            now: &now,
            elapsed_ms: &elapsed_ms,
            progress: &progress,
        };
        let result = body(&circumstances);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        result
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let kind = error.kind();
        let mut message = error.to_string();
        if let RunError::Job(faults) = &error {
            let is_coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let snippets = faults.to_snippets(is_coloured && !log::is_json());
            let snippets = snippets.trim_end();
            log::tell(log::Level::Error, "job_faults", snippets, snippets);
            let count = faults.faults().len();
            let word = if count == 1 { "fault" } else { "faults" };
            message = format!("{count} {word} in `{}`", faults.file().display());
        }
        let mut cause = error.source();
        while let Some(inner) = cause {
            message.push_str("\n  because: ");
            message.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self {
            code: kind.exit_code(),
            name: kind.name(),
            message,
            is_shown: false,
        }
    }
}

/// Shows an error with its causes, then the closing line.
pub(super) fn report_failure(failure: &Failure) {
    if !failure.is_shown {
        let human = format!("error: {}", failure.message);
        log::tell(log::Level::Error, failure.name, &human, &failure.message);
    }
    let first = failure.message.lines().next().unwrap_or_default();
    closing_line(failure.code, failure.name, None, first);
}

/// The last line on stderr of a refused run, with the guards that refuse it.
pub(super) fn refused_line(run_id: Option<&str>, guards: &[String], message: &str) {
    let mut line = object(4, "refused", run_id, message);
    line.insert("guards".to_owned(), guards.into());
    eprintln!("{}", log::closing(line));
}

/// The last line on stderr of a failed or warned run.
pub(super) fn closing_line(code: u8, name: &str, run_id: Option<&str>, message: &str) {
    eprintln!("{}", log::closing(object(code, name, run_id, message)));
}

fn object(code: u8, name: &str, run_id: Option<&str>, message: &str) -> Map<String, Value> {
    let entries: [(&str, Value); 4] = [
        ("code", code.into()),
        ("name", name.into()),
        ("run_id", run_id.into()),
        ("message", message.into()),
    ];
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

/// The closing line, after which nobody writes to stderr again: `then` is called with stderr held, and it stays held.
pub(super) fn last_line(code: u8, name: &str, message: &str, then: impl FnOnce()) {
    let line = log::closing(object(code, name, None, message));
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{line}");
    then();
    loop {
        std::thread::park();
    }
}
