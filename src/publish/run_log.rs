//! The run log: one JSON object a line.
//!
//! In: events of the stages. Out: lines of `run.log.jsonl` with time, level, run, stage, event and counts. Stages,
//! events and counts are named by the program, and of the data only the name of a source or file can be given, so that
//! no value of a record finds its way into the log.

use crate::publish::error::PublishError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

/// How much an event matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// The run goes as planned.
    Info,
    /// The run goes on, someone should look.
    Warning,
    /// The run ends.
    Error,
}

/// One event of a run.
#[derive(Debug, Clone, Serialize)]
pub struct LogEvent<'a> {
    /// Time, UTC, RFC 3339.
    pub ts: &'a str,
    /// How much it matters.
    pub level: LogLevel,
    /// Stage that reports, such as `ingest`.
    pub stage: &'static str,
    /// What happened, such as `source_read`.
    pub event: &'static str,
    /// Source or file concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<&'a str>,
    /// Figures by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<&'static str, u64>,
}

impl LogEvent<'_> {
    /// The event with the run that it belongs to, as it is written.
    pub(super) fn of_run<'a>(&'a self, run_id: &'a str) -> Line<'a> {
        Line { run_id, event: self }
    }
}

/// A line as written.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    run_id: &'a str,
    #[serde(flatten)]
    event: &'a LogEvent<'a>,
}

/// Writes events; any thread may.
#[derive(Debug)]
pub struct RunLog<W> {
    writer: Mutex<W>,
    path: PathBuf,
    run_id: String,
}

impl<W: Write> RunLog<W> {
    /// A log of the run `run_id` into `writer`; `path` is what errors name.
    pub fn new(writer: W, path: PathBuf, run_id: &str) -> Self {
        Self {
            writer: Mutex::new(writer),
            path,
            run_id: run_id.to_owned(),
        }
    }

    /// Writes one line at once.
    ///
    /// # Errors
    /// [`PublishError::Io`].
    pub fn write(&self, event: &LogEvent<'_>) -> Result<(), PublishError> {
        let mut line = serde_json::to_string(&event.of_run(&self.run_id))
            .expect("texts and numbers under text keys have a JSON form");
        line.push('\n');
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .write_all(line.as_bytes())
            .map_err(PublishError::io(&self.path))
    }
}

impl RunLog<File> {
    /// Brings the log to disk.
    pub(super) fn sync(&self) -> Result<(), PublishError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.sync_all().map_err(PublishError::io(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_one_json_line() {
        let log = RunLog::new(Vec::new(), PathBuf::from("log"), "000001-a");
        let mut event = LogEvent {
            ts: "2026-11-22T19:15:00Z",
            level: LogLevel::Info,
            stage: "ingest",
            event: "source_read",
            place: Some("华北\n子公司"),
            counts: BTreeMap::from([("read", 9), ("accepted", 8)]),
        };
        log.write(&event).unwrap();
        event.place = None;
        event.counts.clear();
        log.write(&event).unwrap();
        let text = String::from_utf8(log.writer.into_inner().unwrap()).unwrap();
        let expected = concat!(
            r#"{"run_id":"000001-a","ts":"2026-11-22T19:15:00Z","level":"info","stage":"ingest","#,
            r#""event":"source_read","place":"华北\n子公司","counts":{"accepted":8,"read":9}}"#,
            "\n",
            r#"{"run_id":"000001-a","ts":"2026-11-22T19:15:00Z","level":"info","stage":"ingest","#,
            r#""event":"source_read"}"#,
            "\n",
        );
        assert_eq!(text, expected);
    }
}
