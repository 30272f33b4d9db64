//! `guiyi publish RUN`: a candidate that a guard refused, accepted by a steward.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::hub;
use crate::cli::log;
use crate::guard::GuardReport;
use crate::guard::guards;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::Run;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The candidate: its id, or its number.
    run: String,
    /// Guards whose refusal is accepted; every guard that refuses the run must be named.
    #[arg(long, value_name = "GUARD", value_delimiter = ',')]
    accept: Vec<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who accepts.
    #[arg(long, value_name = "NAME")]
    author: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

/// Publishes the candidate without computing anything again; 0 published, 4 still refused.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    for name in &arguments.accept {
        check_guard(name)?;
    }
    let word = hub::word(console::now(), &arguments.author, &arguments.reason)?;
    let (plan, hub) = hub::open(&arguments.job)?;
    let lock = hub.lock().map_err(RunError::from)?;
    let run = hub::find_run(&hub, &arguments.run)?;
    let refused = refused(&run)?;
    let accepted: BTreeSet<&String> = arguments.accept.iter().collect();
    let left: Vec<String> = refused
        .iter()
        .filter(|name| !accepted.contains(name))
        .cloned()
        .collect();
    if !left.is_empty() {
        let names = left.join(",");
        let told = format!(
            "run `{}` is refused by {names}; accept each with `--accept {names}`",
            run.id()
        );
        log::tell(log::Level::Error, "refused", &format!("error: {told}"), &told);
        let message = format!("refused by {names}, which nobody accepted");
        console::refused_line(Some(run.id()), &left, &message);
        return Ok(4);
    }
    hub.publish_candidate(&lock, &run, &refused, &word)
        .map_err(RunError::from)?;
    let names = refused.join(", ");
    let facts = [("run", run.id()), ("accepted", names.as_str())];
    audit_log::leave(&plan, "candidate_published", &arguments.author, &facts)?;
    console::print(&match (plan.language, names.as_str()) {
        (Language::En, "") => format!("published {}", run.id()),
        (Language::En, names) => format!("published {}; accepted: {names}", run.id()),
        (Language::Zh, "") => format!("已发布 {}", run.id()),
        (Language::Zh, names) => format!("已发布 {}；已接受：{names}", run.id()),
    });
    Ok(0)
}

fn check_guard(name: &str) -> Result<(), Failure> {
    if guards().iter().any(|guard| guard.name == name) {
        return Ok(());
    }
    let near = guards()
        .iter()
        .min_by_key(|guard| strsim::damerau_levenshtein(guard.name, name));
    let near = near.map_or_else(String::new, |guard| format!("; did you mean `{}`?", guard.name));
    Err(Failure::usage(format!(
        "there is no guard `{name}`{near} `guiyi list guards` shows them"
    )))
}

/// Guards that refuse the run; none for a run that no guard judged.
fn refused(run: &Run) -> Result<Vec<String>, Failure> {
    if run.manifest().file("guards.json").is_none() {
        return Ok(Vec::new());
    }
    run.verify_file("guards.json").map_err(RunError::from)?;
    let bytes = std::fs::read(run.path("guards.json"));
    let report = bytes
        .ok()
        .and_then(|bytes| serde_json::from_slice::<GuardReport>(&bytes).ok());
    report.map(|report| report.refused()).ok_or_else(|| Failure {
        code: 10,
        name: "state_damaged",
        message: format!(
            "`guards.json` of run `{}` cannot be read; run the job again",
            run.id()
        ),
        is_shown: false,
    })
}
