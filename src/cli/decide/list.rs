//! `guiyi decide list`: what was decided and how it stood in the last run.

use super::act::kind;
use crate::cli::Failure;
use crate::cli::console;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::plan;
use crate::publish::Hub;
use crate::publish::read_decision_states;
use crate::steward;
use crate::steward::Decision;
use crate::steward::Store;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Also those that were undone.
    #[arg(long)]
    all: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

/// One decision as it is printed in JSON.
#[derive(Debug, Serialize)]
struct Shown {
    decision: i64,
    kind: &'static str,
    /// `source:key` of its records; of the first side for a parting.
    records: Vec<String>,
    /// The other side of a parting.
    others: Vec<String>,
    field: Option<String>,
    value: Option<String>,
    author: String,
    reason: String,
    made_at: String,
    expiry: String,
    /// How it stood in the last run; `null` when that run did not know it.
    state: Option<String>,
    undone_by: Option<String>,
    undone_reason: Option<String>,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let store = Store::open_existing(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    let known = match &store {
        Some(store) => store.known().map_err(RunError::from)?,
        None => steward::Known::default(),
    };
    let run = hub.current().map_err(RunError::from)?;
    let states = run
        .as_ref()
        .map(read_decision_states)
        .transpose()
        .map_err(RunError::from)?;
    let states: BTreeMap<i64, String> = states
        .unwrap_or_default()
        .into_iter()
        .map(|(id, state, _)| (id, state))
        .collect();
    let wanted = known
        .decisions
        .iter()
        .filter(|decision| arguments.all || decision.undone.is_none());
    if arguments.json {
        let shown: Vec<Shown> = wanted.map(|decision| shown(decision, &states)).collect();
        let text = serde_json::to_string_pretty(&shown).map_err(|error| Failure::usage(error.to_string()))?;
        console::print(&text);
        return Ok(0);
    }
    let lines: Vec<String> = wanted
        .map(|decision| line(decision, &states, plan.language))
        .collect();
    let none = plan.language.choose("no decisions", "暂无裁决");
    console::print(
        if lines.is_empty() {
            none.to_owned()
        } else {
            lines.join("\n")
        }
        .as_str(),
    );
    Ok(0)
}

fn names(decision: &Decision, side: u8) -> Vec<String> {
    let own = decision.records.iter().filter(|record| record.side == side);
    own.map(|record| format!("{}:{}", record.source, record.key))
        .collect()
}

fn shown(decision: &Decision, states: &BTreeMap<i64, String>) -> Shown {
    let undone = decision.undone.as_ref();
    Shown {
        decision: decision.id,
        kind: decision.matter.as_str(),
        records: names(decision, 0),
        others: names(decision, 1),
        field: decision.matter.field().map(str::to_owned),
        value: decision.matter.value(),
        author: decision.word.author.clone(),
        reason: decision.word.reason.clone(),
        made_at: decision.word.made_at.clone(),
        expiry: decision.expiry.to_string(),
        state: states.get(&decision.id).cloned(),
        undone_by: undone.map(|word| word.author.clone()),
        undone_reason: undone.map(|word| word.reason.clone()),
    }
}

fn line(decision: &Decision, states: &BTreeMap<i64, String>, language: Language) -> String {
    let shown = shown(decision, states);
    let others = match shown.others.is_empty() {
        true => String::new(),
        false => format!(" ≠ {}", shown.others.join(", ")),
    };
    let field = shown.field.map(|field| format!("{field} = ")).unwrap_or_default();
    let value = shown
        .value
        .map(|value| format!("  {field}{value}"))
        .unwrap_or_default();
    let state = match (&shown.undone_by, &shown.state) {
        (Some(author), _) => format!("{} {author}", language.choose("undone by", "撤销人")),
        (None, Some(state)) => state.clone(),
        (None, None) => language.choose("from the next run", "下次运行生效").to_owned(),
    };
    format!(
        "{:>5}  {}  {}{others}{value}  {}  {}  {}  [{state}]",
        shown.decision,
        kind(&decision.matter, language),
        shown.records.join(", "),
        shown.expiry,
        shown.author,
        shown.reason
    )
}
