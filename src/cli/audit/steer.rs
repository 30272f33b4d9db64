//! `guiyi audit steer`: words that steer a subsidiary's series of lots.

use super::desk::Desk;
use crate::audit::Unit;
use crate::audit::sampling::Steering;
use crate::cli::Failure;
use crate::cli::console;
use crate::pipeline::RunError;
use crate::steward::Word;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The subsidiary.
    #[arg(long, value_name = "SOURCE")]
    lot: String,
    /// What is said: corrective action was taken, reduced inspection is allowed, or is not any more.
    #[arg(value_parser = steering_named, value_name = "resume|allow-reduced|withdraw-reduced")]
    word: Steering,
    /// Who says it.
    #[arg(long, value_name = "NAME")]
    author: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

fn steering_named(word: &str) -> Result<Steering, String> {
    let found = Steering::ALL
        .into_iter()
        .find(|steering| steering.as_str().replace('_', "-") == word);
    found.ok_or_else(|| "must be one of resume, allow-reduced, withdraw-reduced".to_owned())
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(&arguments.job)?;
    let word = Word {
        author: arguments.author.trim().to_owned(),
        reason: arguments.reason.trim().to_owned(),
        made_at: console::now(),
    };
    desk.store
        .steer_audits(&arguments.lot, arguments.word.as_str(), &word)
        .map_err(RunError::from)?;
    let states = desk.states(Unit::RecordFields)?;
    let state = states.get(&arguments.lot).cloned().unwrap_or_default();
    let [en, zh] = state.severity.names();
    let source = &arguments.lot;
    let suspended = if state.is_suspended {
        desk.language().choose(", suspended", "，暂停检验")
    } else {
        ""
    };
    console::print(&format!(
        "{source}: {}{suspended}",
        desk.language().choose(en, zh)
    ));
    Ok(0)
}
