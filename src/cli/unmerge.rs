//! `guiyi unmerge ID RECORD`: a record, or the part of the customer that it came with, leaves.
//!
//! Writes one `part` decision between what leaves and what stays, and undoes decisions that joined the two; the next run follows
//! and gives former IDs and golden values back. The linear form takes the record alone; `--tree` takes the records that stood
//! with it before the customer last grew together, as the retained runs show.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::decide::Desk;
use crate::cli::decide::Key;
use crate::cli::decide::WordArguments;
use crate::cli::decide::is_joining;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::publish::Run;
use crate::publish::read_registry;
use crate::steward::Matter;
use crate::steward::former_part;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The unified ID, also one that was merged since.
    id: UnifiedId,
    /// A record of it, `source:key`, or the key alone when it is unique.
    record: String,
    /// Take the records along that stood with it before the customer last grew together.
    #[arg(long)]
    tree: bool,
    /// Take the records along that stood with it in this retained run.
    #[arg(long, value_name = "RUN", requires = "tree")]
    as_of: Option<String>,
    #[command(flatten)]
    word: WordArguments,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(&arguments.word)?;
    let id = desk.published.live(arguments.id)?;
    let members = desk.published.members(id);
    let record = desk.published.find(&arguments.record)?;
    let Some(at) = members.iter().position(|key| *key == record) else {
        return Err(Failure::usage(format!(
            "`{}` is no record of `{id}`",
            arguments.record
        )));
    };
    let leaving = match arguments.tree {
        true => former(&desk, arguments.as_of.as_deref(), &members, at)?,
        false => vec![at],
    };
    let side_of = |at: usize| if leaving.contains(&at) { 0 } else { 1 };
    let mut sides: Vec<(Key, u8)> = members
        .into_iter()
        .enumerate()
        .map(|(at, key)| (key, side_of(at)))
        .collect();
    sides.sort_by_key(|(_, side)| *side);
    if sides.iter().all(|(_, side)| *side == 0) {
        return Err(Failure::usage(format!("`{id}` has no other records")));
    }
    let undone = joined(&desk, &sides);
    if !undone.is_empty() {
        let what = desk
            .plan
            .language
            .choose("undone, as they joined the two", "已撤销合并双方的裁决");
        let numbers: Vec<String> = undone.iter().map(ToString::to_string).collect();
        console::print(&format!("{what}: {}", numbers.join(", ")));
    }
    desk.decide(&arguments.word, &undone, Matter::Part, &sides)
}

/// Standing decisions that join a record of the one side to one of the other.
fn joined(desk: &Desk, sides: &[(Key, u8)]) -> Vec<i64> {
    let side_of = |key: &Key| sides.iter().find(|(of, _)| of == key).map(|(_, side)| *side);
    let crosses = |records: &[(Key, u8)]| {
        let mut found = records.iter().filter_map(|(key, _)| side_of(key));
        found.next().is_some_and(|first| found.any(|side| side != first))
    };
    let standing = desk.standing().filter(|standing| is_joining(&standing.decision));
    standing
        .filter(|standing| crosses(&standing.records))
        .map(|standing| standing.decision.id)
        .collect()
}

/// Positions of the members that stood with the record in the named run, else in the latest that shows them apart.
fn former(desk: &Desk, run: Option<&str>, members: &[Key], record: usize) -> Result<Vec<usize>, Failure> {
    let runs: Vec<String> = match run {
        Some(run) => vec![run.to_owned()],
        None => desk.hub.run_ids().map_err(RunError::from)?,
    };
    for run_id in runs.iter().rev() {
        let run: Run = desk.hub.run(run_id).map_err(RunError::from)?;
        let night = read_registry(&run).map_err(RunError::from)?.members;
        if let Some(part) = former_part(&night, members, record) {
            return Ok(part);
        }
    }
    Err(Failure::usage(
        "no retained run shows the record apart from the others; leave `--tree` out to take it alone",
    ))
}
