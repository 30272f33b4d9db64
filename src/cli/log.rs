//! Lines on stderr: for people, or one JSON object each.
//!
//! In: level, event, figures and a sentence. Out: the sentence, or, with `--log-format json`, an object with `ts` (UTC),
//! `level`, `run_id`, `stage`, `event`, `counts` and the sentence as `message`: the layout of `run.log.jsonl`. The form is
//! chosen once, before the first line. Sentences name places (source, file, line, column), never a value of a record.

use crate::cli::console;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::sync::OnceLock;

/// How stderr is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    /// Progress on a terminal, plain lines elsewhere.
    Auto,
    /// Plain lines, also on a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

static FORMAT: OnceLock<LogFormat> = OnceLock::new();
static RUN_ID: OnceLock<String> = OnceLock::new();

/// From now on lines are about this run.
pub(super) fn about(run_id: &str) {
    let _ = RUN_ID.set(run_id.to_owned());
}

/// Chooses the form; the first choice holds.
pub(super) fn choose(format: LogFormat) {
    let _ = FORMAT.set(format);
}

/// Is stderr one JSON object a line?
pub(super) fn is_json() -> bool {
    FORMAT.get() == Some(&LogFormat::Json)
}

/// May a progress bar be drawn?
pub(super) fn may_draw() -> bool {
    FORMAT.get().is_none_or(|format| *format == LogFormat::Auto)
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of an exit code.
    const fn of_code(code: u8) -> Self {
        match code {
            0 => Self::Info,
            3 | 6 => Self::Warning,
            _ => Self::Error,
        }
    }
}

/// Writes one line: `human` as it is, or an object with `message`.
pub(super) fn tell(level: Level, event: &str, human: &str, message: &str) {
    if is_json() {
        eprintln!("{}", object(level, "end", event, &[], Some(message)));
    } else {
        eprintln!("{human}");
    }
}

/// A warning in one sentence.
pub(super) fn warn(message: &str) {
    tell(Level::Warning, "warning", &format!("warning: {message}"), message);
}

/// A stage has begun.
pub(super) fn stage(stage: &str, elapsed_ms: u64, total: u64) {
    if is_json() {
        let counts = [("elapsed_ms", elapsed_ms), ("total", total)];
        let line = object(Level::Info, stage, "stage_begun", &counts, None);
        eprintln!("{line}");
    } else {
        eprintln!("guiyi: {stage} ({:.1} s)", elapsed_ms as f64 / 1_000.0);
    }
}

/// One event with figures, for the JSON form only.
pub(super) fn figures(level: Level, stage: &str, event: &str, counts: &[(&str, u64)]) {
    if is_json() {
        eprintln!("{}", object(level, stage, event, counts, None));
    }
}

/// The closing line with what every line of the JSON form has.
pub(super) fn closing(mut closing: Map<String, Value>) -> Value {
    if is_json() {
        let code = closing.get("code").and_then(Value::as_u64).unwrap_or(1);
        let level = Level::of_code(u8::try_from(code).unwrap_or(1));
        let head = object(level, "end", "closed", &[], None);
        if let Value::Object(head) = head {
            for (key, value) in head {
                closing.entry(key).or_insert(value);
            }
        }
    }
    Value::Object(closing)
}

fn object(level: Level, stage: &str, event: &str, counts: &[(&str, u64)], message: Option<&str>) -> Value {
    let counts: Map<String, Value> = counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(count)))
        .collect();
    let mut line = json!({
        "ts": console::now(), "level": level.as_str(), "run_id": RUN_ID.get(), "stage": stage, "event": event, "counts": counts,
    });
    if let (Some(message), Some(line)) = (message, line.as_object_mut()) {
        line.insert("message".to_owned(), json!(message));
    }
    line
}
