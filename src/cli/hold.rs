//! `guiyi hold add|list|lift`: legal holds, which keep records from being erased.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::decide::Published;
use crate::cli::forget::Asked;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::steward;
use crate::steward::Store;
use crate::steward::Word;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Lay a hold on records of the published run.
    Add(AddArguments),
    /// List the holds that stand.
    List(ListArguments),
    /// Lift a hold.
    Lift(LiftArguments),
}

#[derive(Debug, clap::Args)]
struct AddArguments {
    /// Records, each `source:key`, or the key alone when it is unique.
    #[arg(required = true, value_name = "RECORD")]
    records: Vec<String>,
    #[command(flatten)]
    asked: Asked,
}

#[derive(Debug, clap::Args)]
struct ListArguments {
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

#[derive(Debug, clap::Args)]
struct LiftArguments {
    /// Number of the hold.
    hold: i64,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Add(arguments) => add(arguments),
        Command::List(arguments) => list(arguments),
        Command::Lift(arguments) => lift(arguments),
    }
}

fn add(arguments: &AddArguments) -> Result<u8, Failure> {
    let (word, plan, hub, _lock) = arguments.asked.open()?;
    let published = Published::of(&hub)?;
    let records = arguments.records.iter().map(|record| published.find(record));
    let records: Vec<_> = records.collect::<Result<_, _>>()?;
    let mut store = Store::open(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    let numbers = store.hold(&records, &word).map_err(RunError::from)?;
    let numbers = numbers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    audit_log::leave(&plan, "hold", &word.author, &[("holds", &numbers)])?;
    console::print(&match plan.language {
        Language::En => format!("hold {numbers} stands"),
        Language::Zh => format!("法律保留 {numbers} 已生效"),
    });
    Ok(0)
}

fn list(arguments: &ListArguments) -> Result<u8, Failure> {
    let (_, hub) = hub::open(&arguments.job)?;
    let store = Store::open_existing(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    let Some(store) = store else { return Ok(0) };
    for hold in store.holds().map_err(RunError::from)? {
        let Word {
            author,
            reason,
            made_at,
        } = &hold.word;
        console::print(&format!(
            "{}  {}:{}  {made_at}  {author}  {reason}",
            hold.hold, hold.source, hold.key
        ));
    }
    Ok(0)
}

fn lift(arguments: &LiftArguments) -> Result<u8, Failure> {
    let (word, plan, hub, _lock) = arguments.asked.open()?;
    let mut store = Store::open(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    let number = arguments.hold;
    if !store.lift_hold(number, &word).map_err(RunError::from)? {
        return Err(Failure::usage(format!(
            "no hold {number} stands; `guiyi hold list` shows those that do"
        )));
    }
    audit_log::leave(
        &plan,
        "hold_lifted",
        &word.author,
        &[("hold", &number.to_string())],
    )?;
    console::print(&match plan.language {
        Language::En => format!("hold {number} is lifted"),
        Language::Zh => format!("法律保留 {number} 已解除"),
    });
    Ok(0)
}
