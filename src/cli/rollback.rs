//! `guiyi rollback RUN`: an earlier run published again, with the registry inside it.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run to go back to: its id, or its number.
    run: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decides.
    #[arg(long, value_name = "NAME")]
    author: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

/// Takes back every run since the one named; IDs that they issued are never used again.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let word = hub::word(console::now(), &arguments.author, &arguments.reason)?;
    let (plan, hub) = hub::open(&arguments.job)?;
    let lock = hub.lock().map_err(RunError::from)?;
    let run = hub::find_run(&hub, &arguments.run)?;
    let done = hub.roll_back(&lock, &run, &word).map_err(RunError::from)?;
    let (id, runs, ids) = (run.id(), done.runs.join(", "), done.ids);
    audit_log::leave(
        &plan,
        "rollback",
        &arguments.author,
        &[("run", id), ("taken_back", &runs)],
    )?;
    console::print(&match plan.language {
        Language::En => {
            format!(
                "published again: {id}\ntaken back: {runs}\n{ids} unified IDs issued since will never be used again"
            )
        }
        Language::Zh => format!("重新发布：{id}\n已撤回：{runs}\n此后签发的 {ids} 个统一客户编号永不再用"),
    });
    Ok(0)
}
