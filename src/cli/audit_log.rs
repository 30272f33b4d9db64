//! `guiyi log`: the log of what was done with the hub, checked and shown; and the line that other commands leave in it.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::ledger;
use crate::ledger::Entry;
use crate::ledger::Ledger;
use crate::ledger::LedgerError;
use crate::model::Language;
use crate::plan::Plan;
use crate::publish::Finding;
use crate::publish::FindingKind;
use clap::Subcommand;
use std::io::ErrorKind;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check that every line is as it was written, and the end against the anchor.
    Verify {
        /// The job file.
        #[arg(default_value = "guiyi.toml", value_name = "JOB")]
        job: PathBuf,
    },
    /// Show the lines.
    Show {
        /// The job file.
        #[arg(default_value = "guiyi.toml", value_name = "JOB")]
        job: PathBuf,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

/// 0 sound, 10 when a line is not as it was written.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.action {
        Action::Verify { job } => verify(job),
        Action::Show { job, json } => show(job, *json),
    }
}

fn open(plan: &Plan) -> Result<Ledger, LedgerError> {
    let security = &plan.security;
    let path = plan.hub.join(ledger::FILE);
    Ledger::open(&path, security.log_key.as_deref(), security.log_anchor.as_deref())
}

fn verify(job: &std::path::Path) -> Result<u8, Failure> {
    let (plan, _) = hub::open(job)?;
    let checked = open(&plan).and_then(|ledger| ledger.check()).map_err(failure)?;
    let lines = checked.lines.len();
    console::print(&match plan.language {
        Language::En => format!("{lines} lines, each as it was written"),
        Language::Zh => format!("共 {lines} 行，均与写入时一致"),
    });
    if !checked.is_keyed {
        console::print(plan.language.choose(
            "without a key (`log_key` in [security]) the chain finds slips, not forgers",
            "未设密钥（[security] 的 log_key），只能发现差错，不能防伪造",
        ));
    }
    if !checked.is_anchored {
        console::print(plan.language.choose(
            "without an anchor (`log_anchor`) a cut end is not found",
            "未设锚文件（log_anchor），无法发现末尾被截断",
        ));
    }
    Ok(0)
}

fn show(job: &std::path::Path, json: bool) -> Result<u8, Failure> {
    let (plan, _) = hub::open(job)?;
    let checked = open(&plan).and_then(|ledger| ledger.check()).map_err(failure)?;
    for line in &checked.lines {
        if json {
            console::print(&hub::json(line)?);
            continue;
        }
        let facts: Vec<String> = line
            .entry
            .facts
            .iter()
            .map(|(name, fact)| format!("{name}={fact}"))
            .collect();
        let entry = &line.entry;
        console::print(&format!(
            "{:>6}  {}  {:<18} {}  {}",
            line.seq,
            entry.at,
            entry.event,
            entry.by,
            facts.join(" ")
        ));
    }
    Ok(0)
}

fn failure(error: LedgerError) -> Failure {
    let (code, name) = match &error {
        LedgerError::Io { source, .. } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (12, "budget"),
            _ => (1, "internal"),
        },
        LedgerError::Key { .. } => (2, "usage"),
        _ => (10, "log_damaged"),
    };
    Failure {
        code,
        name,
        message: error.to_string(),
        is_shown: false,
    }
}

/// What is wrong with the log of a hub, for `guiyi verify`.
pub(super) fn finding(plan: &Plan) -> Option<Finding> {
    let checked = open(plan).and_then(|ledger| ledger.check());
    checked.err().map(|error| Finding {
        kind: FindingKind::HubFile,
        path: plan.hub.join(ledger::FILE),
        detail: error.to_string(),
    })
}

/// Leaves a line: what was done, by whom, and plain facts of it.
///
/// # Errors
/// What was done is done; that nobody can look it up must not go unseen: 12 without room, 10 when the log is damaged, 1 else.
pub(super) fn leave(plan: &Plan, event: &str, by: &str, facts: &[(&str, &str)]) -> Result<(), Failure> {
    let facts = facts
        .iter()
        .map(|(name, fact)| ((*name).to_owned(), (*fact).to_owned()));
    let entry = Entry {
        at: console::now(),
        event: event.to_owned(),
        by: by.to_owned(),
        facts: facts.collect(),
    };
    open(plan)
        .and_then(|ledger| ledger.append(entry))
        .map_err(failure)?;
    Ok(())
}
