//! `guiyi history ID`: the ID in every retained run.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::timeline::History;
use crate::timeline::Moment;
use crate::timeline::history;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A unified ID, also one that was merged, retired or taken back.
    id: UnifiedId,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    let found = history(&hub, arguments.id).map_err(RunError::from)?;
    let Some(found) = found else {
        return Err(Failure::usage(format!(
            "`{}` was never issued by this hub",
            arguments.id
        )));
    };
    console::print(&match arguments.json {
        true => hub::json(&found)?,
        false => render(&found, plan.language).join("\n"),
    });
    Ok(0)
}

fn render(history: &History, language: Language) -> Vec<String> {
    let now = match history.now.as_slice() {
        [] => language.choose("nobody", "无").to_owned(),
        ids => ids.join(" "),
    };
    let mut lines = vec![match language {
        Language::En => format!("{}  now {now}", history.unified_id),
        Language::Zh => format!("{}  现为 {now}", history.unified_id),
    }];
    if history.is_taken_back {
        let text = language.choose(
            "issued by a run that was taken back; never used again",
            "由已撤回的运行签发，永不再用",
        );
        lines.push(text.to_owned());
    }
    lines.extend(
        history
            .runs
            .iter()
            .flat_map(|moment| moment_lines(moment, language)),
    );
    lines
}

fn moment_lines(moment: &Moment, language: Language) -> Vec<String> {
    let into = match moment.into.as_slice() {
        [] => String::new(),
        ids => format!(" → {}", ids.join(" ")),
    };
    let records = match language {
        Language::En => format!("{} records", moment.records),
        Language::Zh => format!("{} 条记录", moment.records),
    };
    let (run, standing, state) = (&moment.run_id, moment.standing, &moment.state);
    let mut lines = vec![format!("{run}  {standing:<11}  {state}{into}  {records}")];
    lines.extend(moment.gained.iter().map(|record| format!("  + {record}")));
    lines.extend(moment.lost.iter().map(|record| format!("  - {record}")));
    lines.extend(moment.events.iter().map(|event| {
        let other = match event.other_id.as_str() {
            "" => String::new(),
            other => format!(" {other}"),
        };
        format!("  {} {}{other}", event.unified_id, event.kind)
    }));
    lines
}
