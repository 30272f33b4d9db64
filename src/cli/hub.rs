//! What commands on the hub share: opening it by its job, naming runs and people.

use crate::cli::Failure;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::PublishError;
use crate::publish::Run;
use crate::publish::Word;
use std::path::Path;

/// The job's plan and its hub; a hub that is not there is not made.
pub(super) fn open(job: &Path) -> Result<(Plan, Hub), Failure> {
    let plan = plan::load(job).map_err(RunError::from)?;
    if !plan.hub.is_dir() {
        return Err(Failure::usage(
            "no run has been published yet; start `guiyi run` first",
        ));
    }
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    Ok((plan, hub))
}

/// A run by its id or number; a misspelt one is answered with the newest.
pub(super) fn find_run(hub: &Hub, asked: &str) -> Result<Run, Failure> {
    match hub.find_run(asked) {
        Err(PublishError::UnknownRun { .. } | PublishError::UnsafeName { .. }) => {
            let ids = hub.run_ids().map_err(RunError::from)?;
            let near = ids.iter().min_by_key(|id| strsim::damerau_levenshtein(id, asked));
            let near = near.map_or_else(String::new, |id| format!("; did you mean `{id}`?"));
            let message = format!("the hub has no run `{asked}`{near} `guiyi runs` lists them");
            Err(Failure::usage(message))
        }
        other => Ok(other.map_err(RunError::from)?),
    }
}

/// Who acts and why; neither may be blank.
pub(super) fn word(at: String, author: &str, reason: &str) -> Result<Word, Failure> {
    for (name, text) in [("author", author), ("reason", reason)] {
        if text.trim().is_empty() {
            return Err(Failure::usage(format!(
                "`--{name}` is blank; say who decides and why"
            )));
        }
    }
    Ok(Word {
        at,
        author: author.trim().to_owned(),
        reason: reason.trim().to_owned(),
    })
}

/// JSON of one line, as `--json` prints it.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::usage(error.to_string()))
}
