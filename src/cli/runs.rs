//! `guiyi runs`: every retained run and where it stands.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::guard::GuardReport;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::Run;
use crate::publish::RunStanding;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// Print JSON, one object a run.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    run_id: &'a str,
    standing: &'static str,
    base_run: Option<&'a str>,
    records: u64,
    unified_ids: u64,
    refused: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    let runs = hub.standings().map_err(RunError::from)?;
    for (run, standing) in &runs {
        let line = line(run, *standing);
        console::print(&match arguments.json {
            true => hub::json(&line)?,
            false => render(&line, *standing, plan.language),
        });
    }
    Ok(0)
}

fn line(run: &Run, standing: RunStanding) -> Line<'_> {
    let facts = &run.manifest().facts;
    let count = |name: &str| facts.counts.get(name).copied().unwrap_or(0);
    let guards = std::fs::read(run.path("guards.json")).ok();
    let guards = guards.and_then(|bytes| serde_json::from_slice::<GuardReport>(&bytes).ok());
    Line {
        run_id: run.id(),
        standing: standing.as_str(),
        base_run: facts.base_run.as_deref(),
        records: count("records"),
        unified_ids: count("unified_ids"),
        refused: guards.map_or_else(Vec::new, |report| report.refused()),
    }
}

fn render(line: &Line, standing: RunStanding, language: Language) -> String {
    let word = match standing {
        RunStanding::Current => language.choose("current", "当前"),
        RunStanding::Published => language.choose("published", "已发布"),
        RunStanding::RolledBack => language.choose("rolled back", "已撤回"),
        RunStanding::Candidate => language.choose("candidate", "候选"),
    };
    let (records, ids) = (line.records, line.unified_ids);
    let refused = match (line.refused.join(", "), language) {
        (names, _) if names.is_empty() => String::new(),
        (names, Language::En) => format!("   refused by {names}"),
        (names, Language::Zh) => format!("   拒绝：{names}"),
    };
    match language {
        Language::En => format!(
            "{:<26} {word:<12} {records:>12} records {ids:>12} IDs{refused}",
            line.run_id
        ),
        Language::Zh => format!(
            "{:<26} {word}   记录 {records:>12}   编号 {ids:>12}{refused}",
            line.run_id
        ),
    }
}
