//! The adopted model: weights that a steward has taken over between two runs, for the next one.
//!
//! In: the text of a model. Out: `model.json` in the hub, private, replaced by one rename, with its SHA-256 and the run that it
//! follows; and a line in `train.log.jsonl`. The next run uses it when no other run was published meanwhile; that run's own
//! `model.json` then carries it on, so that the file needs no removal. What a model is, is known to `score`.

use crate::publish::error::PublishError;
use crate::publish::files::digest_bytes;
use crate::publish::files::replace_file;
use crate::publish::hub::Hub;
use crate::publish::journal::append;
use crate::publish::lock::Lock;
use crate::publish::run_log::LogEvent;
use crate::publish::run_log::LogLevel;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::io;

const MODEL: &str = "model.json";
pub(super) const LOG: &str = "train.log.jsonl";

/// A model that was adopted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedModel {
    /// When, UTC, RFC 3339.
    pub adopted_at: String,
    /// Id of the run that was published then; empty before the first.
    pub after_run: String,
    /// SHA-256 in hexadecimal of the text of `model`.
    pub model_sha256: String,
    /// The model as it was written.
    pub model: Box<RawValue>,
    /// SHA-256 of the file with this value empty; none in files of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl AdoptedModel {
    fn render(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts under text keys have a JSON form");
        text + "\n"
    }

    fn seal(&mut self) {
        self.sha256 = Some(String::new());
        self.sha256 = Some(digest_bytes(self.render().as_bytes()));
    }
}

impl Hub {
    /// Keeps a model, a text in JSON, for the run after `after_run`; returns its SHA-256. `counts` go to the log.
    ///
    /// # Errors
    /// [`PublishError::Io`]; the model adopted before then stays.
    pub fn adopt_model(
        &self,
        lock: &Lock,
        after_run: &str,
        adopted_at: &str,
        model: Box<RawValue>,
        counts: BTreeMap<&'static str, u64>,
    ) -> Result<String, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        let sha256 = digest_bytes(model.get().as_bytes());
        let mut adopted = AdoptedModel {
            adopted_at: adopted_at.to_owned(),
            after_run: after_run.to_owned(),
            model_sha256: sha256.clone(),
            model,
            sha256: None,
        };
        adopted.seal();
        replace_file(self.path(), MODEL, adopted.render().as_bytes())?;
        self.log_adoption(after_run, adopted_at, &sha256, counts)?;
        Ok(sha256)
    }

    /// The model that waits for the next run: adopted since `current_run` was published.
    ///
    /// # Errors
    /// [`PublishError::Damaged`] when the file is not as written, and [`PublishError::Io`].
    pub fn adopted_model(&self, current_run: &str) -> Result<Option<AdoptedModel>, PublishError> {
        let adopted = self.read_adopted()?;
        Ok(adopted.filter(|adopted| adopted.after_run == current_run))
    }

    /// The model that was adopted last, waiting or carried on by a run since.
    pub(super) fn read_adopted(&self) -> Result<Option<AdoptedModel>, PublishError> {
        let path = self.path().join(MODEL);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PublishError::io(&path)(error)),
        };
        let adopted: AdoptedModel = serde_json::from_slice(&bytes).map_err(|error| {
            PublishError::damaged(&path, format!("line {} is not as written", error.line()))
        })?;
        let mut fresh = adopted.clone();
        if adopted.sha256.is_some() {
            fresh.seal();
        }
        let is_whole = adopted.sha256.is_none() || fresh.render().as_bytes() == bytes;
        if !is_whole || digest_bytes(adopted.model.get().as_bytes()) != adopted.model_sha256 {
            return Err(PublishError::damaged(&path, "its checksum does not fit"));
        }
        Ok(Some(adopted))
    }

    fn log_adoption(
        &self,
        after_run: &str,
        adopted_at: &str,
        sha256: &str,
        counts: BTreeMap<&'static str, u64>,
    ) -> Result<(), PublishError> {
        let event = LogEvent {
            ts: adopted_at,
            level: LogLevel::Info,
            stage: "train",
            event: "model_adopted",
            place: Some(sha256),
            counts,
        };
        append(self.path(), LOG, &event.of_run(after_run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_adopted_model_waits_for_the_next_run_only_and_damage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(&directory.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        assert!(hub.adopted_model("").unwrap().is_none());
        let text = "{\n  \"权重\": 1.25\n}".to_owned();
        let model = RawValue::from_string(text.clone()).unwrap();
        let counts = BTreeMap::from([("pairs_joined", 3)]);
        let sha256 = hub
            .adopt_model(&lock, "000001-a", "2026-01-01T00:00:00Z", model, counts)
            .unwrap();
        assert_eq!(sha256, digest_bytes(text.as_bytes()));
        let found = hub.adopted_model("000001-a").unwrap().unwrap();
        assert_eq!((found.model.get(), found.model_sha256), (text.as_str(), sha256));
        assert!(hub.adopted_model("000002-b").unwrap().is_none());
        for name in [MODEL, LOG] {
            let mode = fs::metadata(hub.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let path = hub.path().join(MODEL);
        let written = fs::read_to_string(&path).unwrap();
        for damaged in [written.replace("1.25", "1.35"), written[..40].to_owned()] {
            fs::write(&path, damaged).unwrap();
            let found = hub.adopted_model("000001-a");
            assert!(matches!(found, Err(PublishError::Damaged { .. })));
        }
    }
}
