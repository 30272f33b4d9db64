//! `guiyi decide …`: what a steward says, kept for the runs to come.
//!
//! A decision is made of the published run: its records are found there, and what is seen of them is remembered, so that a
//! later change asks again. Nothing is recomputed; the next run follows. The hub is locked meanwhile.

mod act;
mod list;
mod published;
mod rekey;

pub(super) use act::Desk;
pub(super) use act::Saying;
pub(super) use act::Standing;
pub(super) use act::WordArguments;
pub(super) use published::Key;
pub(super) use published::Published;

use crate::cli::Failure;
use crate::cli::console;
use crate::field::field_type;
use crate::model::FieldName;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::steward::Decision;
use crate::steward::Matter;
use crate::steward::NewDecision;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say that records are one customer.
    Link {
        /// Records, `source:key`, or the key alone when it is unique.
        #[arg(required = true, num_args = 2.., value_name = "RECORD")]
        records: Vec<String>,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Say that a record is another customer than each of the others.
    Part {
        /// The record, then the others.
        #[arg(required = true, num_args = 2.., value_name = "RECORD")]
        records: Vec<String>,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Say that a customer is right as it stands.
    Confirm {
        /// A unified ID, or a record of the customer.
        customer: String,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Give the customer of a record a value.
    Pin {
        /// The record.
        record: String,
        /// The field of the schema.
        field: String,
        /// Its value; it is standardised.
        value: String,
        /// Take the value as it is written, also when it is not valid.
        #[arg(long)]
        as_is: bool,
        /// Undo what was pinned there before.
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Let the customer of a record keep a unified ID.
    PinId {
        /// The record.
        record: String,
        /// An ID that this hub has issued.
        id: UnifiedId,
        /// Undo what was pinned there before.
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Take decisions back.
    Undo {
        /// Their numbers.
        #[arg(required = true, value_name = "DECISION")]
        decisions: Vec<i64>,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Say again what was decided, of the records as they are now; settles stale decisions.
    Renew {
        /// Their numbers.
        #[arg(required = true, value_name = "DECISION")]
        decisions: Vec<i64>,
        #[command(flatten)]
        word: WordArguments,
    },
    /// Show what was decided and how it stood in the last run.
    List(list::Arguments),
    /// Accept that the records of a source have new keys.
    Rekey {
        /// Name of the source.
        source: String,
        /// A CSV in UTF-8 with the columns `old_key,new_key`.
        file: PathBuf,
        #[command(flatten)]
        word: WordArguments,
    },
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.action {
        Action::Link { records, word } => join(records, word),
        Action::Part { records, word } => part(records, word),
        Action::Confirm { customer, word } => confirm(customer, word),
        Action::Pin {
            record,
            field,
            value,
            as_is,
            replace,
            word,
        } => pin(record, (field, value, *as_is), *replace, word),
        Action::PinId {
            record,
            id,
            replace,
            word,
        } => pin_id(record, *id, *replace, word),
        Action::Undo { decisions, word } => undo(decisions, word),
        Action::Renew { decisions, word } => renew(decisions, word),
        Action::List(arguments) => list::execute(arguments),
        Action::Rekey { source, file, word } => rekey::execute(source, file, word),
    }
}

/// Records by their names, the first of side 0 and the others of `side`.
fn sides(desk: &Desk, names: &[String], side: u8) -> Result<Vec<(Key, u8)>, Failure> {
    let of = |(at, name): (usize, &String)| Ok((desk.published.find(name)?, if at == 0 { 0 } else { side }));
    names.iter().enumerate().map(of).collect()
}

fn join(records: &[String], word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let records = sides(&desk, records, 0)?;
    desk.decide(word, &[], Matter::Link, &records)
}

fn part(records: &[String], word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let records = sides(&desk, records, 1)?;
    desk.decide(word, &[], Matter::Part, &records)
}

fn confirm(customer: &str, word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let id = match customer.parse::<UnifiedId>() {
        Ok(id) => desk.published.live(id)?,
        Err(_) => desk.id_of(&desk.published.find(customer)?)?,
    };
    let members = desk.published.members(id).into_iter();
    let records: Vec<(Key, u8)> = members.map(|key| (key, 0)).collect();
    desk.decide(word, &[], Matter::Confirm, &records)
}

fn pin(
    record: &str,
    (field, value, as_is): (&str, &str, bool),
    replace: bool,
    word: &WordArguments,
) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let key = desk.published.find(record)?;
    let matter = Matter::PinValue {
        value: standard_value(&desk, field, value, as_is)?,
        field: FieldName::from(field),
    };
    // Another pin of the same field anywhere in the customer would contradict this one.
    let id = desk.id_of(&key)?;
    let is_same_cell = |standing: &Standing| {
        let of = &standing.records[0].0;
        standing.decision.matter.field() == Some(field)
            && (*of == key || desk.published.id_of(of) == Some(id))
    };
    let before = desk
        .standing()
        .filter(is_same_cell)
        .map(|standing| standing.decision.id);
    let before = replaced(before.collect(), replace)?;
    desk.decide(word, &before, matter, &[(key, 0)])
}

/// The value as the field's type writes it.
fn standard_value(desk: &Desk, field: &str, value: &str, as_is: bool) -> Result<String, Failure> {
    let spec = desk.plan.fields.iter().find(|spec| spec.name == field);
    let spec = spec.ok_or_else(|| {
        Failure::usage(format!(
            "the schema has no field `{field}`; `guiyi list fields` shows them"
        ))
    })?;
    if value.trim().is_empty() {
        return Err(Failure::usage("a pinned value is not empty"));
    }
    if as_is {
        return Ok(value.to_owned());
    }
    let read = field_type(&spec.field_type).map(|of| of.standardise(value));
    let texts = read.filter(|read| read.status > ValueStatus::Suspicious && !read.items.is_empty());
    let texts = texts.ok_or_else(|| {
        Failure::usage(format!(
            "the value is not valid for field `{field}`; correct it, or add `--as-is`"
        ))
    })?;
    let texts: Vec<&str> = texts.items.iter().map(|item| item.value.as_str()).collect();
    Ok(texts.join("; "))
}

/// Decisions that a new pin undoes; without leave it stops there.
fn replaced(before: Vec<i64>, replace: bool) -> Result<Vec<i64>, Failure> {
    match before.first() {
        Some(first) if !replace => Err(Failure::usage(format!(
            "decision {first} pins it already; add `--replace` to undo that one"
        ))),
        _ => Ok(before),
    }
}

fn pin_id(record: &str, id: UnifiedId, replace: bool, word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let key = desk.published.find(record)?;
    if !desk.published.has_issued(id) {
        return Err(Failure::usage(format!("`{id}` was never issued by this hub")));
    }
    let is_same = |standing: &Standing| match standing.decision.matter {
        Matter::PinId { id: pinned } => standing.records[0].0 == key || pinned == id,
        _ => false,
    };
    let before = desk
        .standing()
        .filter(is_same)
        .map(|standing| standing.decision.id);
    let before = replaced(before.collect(), replace)?;
    desk.decide(word, &before, Matter::PinId { id }, &[(key, 0)])
}

fn undo(decisions: &[i64], word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    desk.keep(word, decisions, &[])?;
    let numbers: Vec<String> = decisions.iter().map(ToString::to_string).collect();
    let what = desk
        .plan
        .language
        .choose("undone from the next run", "已撤销，下次运行生效");
    console::print(&format!("{what}: {}", numbers.join(", ")));
    Ok(0)
}

fn renew(decisions: &[i64], word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let known: Vec<Standing> = desk.standing().collect();
    let find = |id: &i64| {
        let found = known.iter().find(|standing| standing.decision.id == *id);
        found.ok_or_else(|| {
            Failure::usage(format!(
                "there is no standing decision {id}; `guiyi decide list` shows them"
            ))
        })
    };
    let old: Vec<&Standing> = decisions.iter().map(find).collect::<Result<_, _>>()?;
    let asked: Vec<(&Matter, &[(Key, u8)])> = old
        .iter()
        .map(|standing| (&standing.decision.matter, &standing.records[..]))
        .collect();
    let seen = desk.published.see(&asked)?;
    let again = |(standing, records): (&&Standing, Vec<_>)| NewDecision {
        matter: standing.decision.matter.clone(),
        records,
        expiry: word.expiry.unwrap_or(standing.decision.expiry),
        word: word.word(),
    };
    let again: Vec<NewDecision> = old.iter().zip(seen).map(again).collect();
    let ids = desk.keep(word, decisions, &again)?;
    ids.iter().zip(&again).for_each(|(id, new)| desk.tell(*id, new));
    desk.warn(&ids)
}

/// Does a decision of this matter join records?
pub(super) fn is_joining(decision: &Decision) -> bool {
    matches!(decision.matter, Matter::Link | Matter::Confirm)
}
