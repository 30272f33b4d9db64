//! `guiyi verify`: every checksum and invariant of the hub again; 0 sound, 10 damaged.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::Finding;
use crate::publish::FindingKind;
use crate::publish::Hub;
use crate::publish::Scope;
use crate::publish::read_decision_states;
use crate::steward;
use crate::steward::StewardError;
use crate::steward::StewardErrorKind;
use crate::steward::Store;
use serde::Serialize;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A run to check beside the published one: its id, or its number.
    run: Option<String>,
    /// Check every run that is there.
    #[arg(long, conflicts_with = "run")]
    all: bool,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// Print JSON, one object a finding.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    finding: &'static str,
    is_damage: bool,
    path: &'a str,
    detail: &'a str,
    hint: &'static str,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    let scope = match (&arguments.run, arguments.all) {
        (_, true) => Scope::All,
        (Some(asked), _) => Scope::Run(hub::find_run(&hub, asked)?.id().to_owned()),
        (None, _) => Scope::Published,
    };
    let mut found = hub.inspect(&scope).map_err(RunError::from)?;
    found.extend(decisions(&hub)?);
    found.extend(audit_log::finding(&plan));
    for finding in &found {
        print(hub.path(), finding, plan.language, arguments.json)?;
    }
    let damaged = found.iter().filter(|finding| finding.kind.is_damage()).count();
    if damaged == 0 {
        if !arguments.json {
            let sound = plan.language.choose("the hub is sound", "中心目录完好");
            console::print(sound);
        }
        return Ok(0);
    }
    let first = found.iter().find(|finding| finding.kind.is_damage());
    let place = first.map_or_else(String::new, |finding| shown(hub.path(), &finding.path));
    let message = match damaged {
        1 => format!("`{place}` is damaged"),
        _ => format!("`{place}` and {} more are damaged", damaged - 1),
    };
    console::closing_line(10, "state_damaged", None, &message);
    Ok(10)
}

/// The hub as a whole, as `verify` sees it: for those who have just written one.
pub(super) fn inspect(hub: &Hub, scope: &Scope) -> Result<Vec<Finding>, Failure> {
    let mut found = hub.inspect(scope).map_err(RunError::from)?;
    found.extend(decisions(hub)?);
    found.retain(|finding| finding.kind.is_damage());
    Ok(found)
}

/// What is wrong with the stewards' decisions.
fn decisions(hub: &Hub) -> Result<Option<Finding>, Failure> {
    let path = hub.path().join(steward::FILE);
    let finding = |kind, detail: String| {
        Ok(Some(Finding {
            kind,
            path: path.clone(),
            detail,
        }))
    };
    let known = Store::open_existing(&path).and_then(|store| {
        store
            .map(|store| store.check().and_then(|()| store.known()))
            .transpose()
    });
    let known = match known {
        Ok(known) => known.unwrap_or_default(),
        Err(StewardError::Damaged { detail, .. }) => return finding(FindingKind::Decisions, detail),
        Err(error @ StewardError::Newer { .. }) => return finding(FindingKind::Newer, error.to_string()),
        Err(error) if error.kind() == StewardErrorKind::State => {
            return finding(FindingKind::Decisions, "it is no database any more".to_owned());
        }
        Err(error) => return Err(RunError::from(error).into()),
    };
    let Ok(Some(current)) = hub.current() else {
        return Ok(None);
    };
    // Damage of the run itself is told already.
    let Ok(states) = read_decision_states(&current) else {
        return Ok(None);
    };
    let is_kept = |id: i64| known.decisions.iter().any(|decision| decision.id == id);
    match states.iter().filter(|(id, ..)| !is_kept(*id)).count() {
        0 => Ok(None),
        lost => finding(
            FindingKind::Decisions,
            format!("{lost} decisions that the published run followed are lost"),
        ),
    }
}

fn shown(hub: &Path, path: &Path) -> String {
    path.strip_prefix(hub).unwrap_or(path).display().to_string()
}

fn print(hub: &Path, finding: &Finding, language: Language, is_json: bool) -> Result<(), Failure> {
    let path = shown(hub, &finding.path);
    let hint = hint(finding.kind, language);
    if is_json {
        let line = Line {
            finding: finding.kind.as_str(),
            is_damage: finding.kind.is_damage(),
            path: &path,
            detail: &finding.detail,
            hint,
        };
        console::print(&hub::json(&line)?);
        return Ok(());
    }
    let word = match finding.kind.is_damage() {
        true => language.choose("damaged", "损坏"),
        false => language.choose("note", "提示"),
    };
    console::print(&format!("{word}: {path}: {}\n  hint: {hint}", finding.detail));
    Ok(())
}

fn hint(kind: FindingKind, language: Language) -> &'static str {
    let (en, zh) = match kind {
        FindingKind::Current => (
            "write the id of a run that `guiyi runs` shows and one line break into `CURRENT`, or restore a backup",
            "将 `guiyi runs` 所列的一个运行编号加一个换行写入 `CURRENT`，或恢复备份",
        ),
        FindingKind::RunFile | FindingKind::Registry => (
            "go back with `guiyi rollback` to a run that verifies, or restore a backup",
            "用 `guiyi rollback` 回到校验通过的运行，或恢复备份",
        ),
        FindingKind::HubFile => (
            "take the file from a backup (`guiyi restore`)",
            "从备份中取回该文件 (`guiyi restore`)",
        ),
        FindingKind::Newer => ("use the newer program", "请使用更新版本的程序"),
        FindingKind::Decisions => (
            "take `steward.db` and `steward.db.seal` from a backup (`guiyi restore`)",
            "从备份中取回 `steward.db` 与 `steward.db.seal` (`guiyi restore`)",
        ),
        FindingKind::Permissions => ("`chmod -R go= HUB`", "`chmod -R go= HUB`"),
        FindingKind::Leftover => ("the next run removes it", "下次运行会自动清除"),
        FindingKind::Unknown => ("if it is not yours, move it away", "若非您所放置，请移走"),
    };
    language.choose(en, zh)
}
