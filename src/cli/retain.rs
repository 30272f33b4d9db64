//! `guiyi retain`: the customers whose term of retention is over, and their erasure.
//!
//! In: `[retention]` of the job and a day, today unless given. Out: who is due and why; with `--erase`, their records erased as
//! `guiyi forget` does it, with a certificate, but for those under a legal hold. A day or a term that would take more of the
//! customer master than `--share-max` erases nothing.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::decide::Key;
use crate::cli::forget;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::pipeline::retention::Due;
use crate::pipeline::retention::Retained;
use crate::pipeline::retention::due;
use crate::plan::Plan;
use crate::plan::Retention;
use crate::publish::Hub;
use crate::publish::read_registry;
use crate::steward::Word;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

/// Customers that are told one by one without `--json`.
const SHOWN: usize = 20;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The day by which terms must have ended, `YYYY-MM-DD`; today (UTC) unless given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Erase the records of the customers that are due and under no legal hold.
    #[arg(long, requires_all = ["author", "reason"])]
    erase: bool,
    /// Largest share of all records that one command may erase.
    #[arg(long, default_value_t = 0.05, value_name = "SHARE", value_parser = share)]
    share_max: f64,
    /// Who asks for the erasure.
    #[arg(long, value_name = "NAME", requires = "erase")]
    author: Option<String>,
    /// Why: the rule or the file number; no names of customers, it is kept.
    #[arg(long, value_name = "TEXT", requires = "erase")]
    reason: Option<String>,
    /// Print JSON, every customer that is due with its records.
    #[arg(long, conflicts_with = "erase")]
    json: bool,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = text.parse().ok();
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share is a number from 0 to 1".to_owned())
}

/// What stands, and who is due by it.
struct Found {
    today: Date,
    retained: Retained,
    /// Customers that are due and stay, for one of their records is under a hold.
    held: BTreeSet<usize>,
}

impl Found {
    /// The records that may be erased.
    fn names(&self) -> BTreeSet<Key> {
        let due = self.retained.due.iter().enumerate();
        due.filter(|(at, _)| !self.held.contains(at))
            .flat_map(|(_, due)| due.records.iter().cloned())
            .collect()
    }
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let now = console::now();
    let today = match arguments.as_of {
        Some(day) => day,
        None => now[..10].parse().expect("an RFC 3339 time begins with its date"),
    };
    let (Some(author), Some(reason)) = (&arguments.author, &arguments.reason) else {
        let (plan, hub) = hub::open(&arguments.job)?;
        let found = find(&plan, &hub, today)?;
        console::print(&match arguments.json {
            true => told_json(retention(&plan)?, &found),
            false => told(&plan, &found)?,
        });
        return Ok(0);
    };
    let said = hub::word(now, author, reason)?;
    let word = Word {
        author: said.author,
        reason: said.reason,
        made_at: said.at,
    };
    let (plan, hub) = hub::open(&arguments.job)?;
    let lock = hub.lock().map_err(RunError::from)?;
    forget::finish_pending_of(&plan, &hub, &lock)?;
    let found = find(&plan, &hub, today)?;
    let names = found.names();
    if names.len() as f64 > arguments.share_max * found.retained.records as f64 {
        return Err(too_many(plan.language, names.len(), found.retained.records));
    }
    console::print(&told(&plan, &found)?);
    if !names.is_empty() {
        forget::erase(&plan, &hub, &lock, &names, &word)?;
    }
    Ok(0)
}

/// The terms of the job.
fn retention(plan: &Plan) -> Result<&Retention, Failure> {
    let hint = "the job has no `[retention]`; customers are kept for ever. Such a table may say: general = \"5y\", sensitive = \"10y\"";
    plan.retention.as_ref().ok_or_else(|| Failure::usage(hint))
}

fn find(plan: &Plan, hub: &Hub, today: Date) -> Result<Found, Failure> {
    let retention = retention(plan)?;
    let run = hub.current().map_err(RunError::from)?;
    let run = run.ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
    let registry = read_registry(&run).map_err(RunError::from)?;
    let retained = due(&run, &registry, retention, today)?;
    let under_hold = forget::names_held(hub)?;
    let is_held = |due: &Due| due.records.iter().any(|record| under_hold.contains(record));
    let held = retained.due.iter().enumerate().filter(|(_, due)| is_held(due));
    let held = held.map(|(at, _)| at).collect();
    Ok(Found {
        today,
        retained,
        held,
    })
}

fn too_many(language: Language, records: usize, of: usize) -> Failure {
    let message = match language {
        Language::En => format!(
            "{records} of {of} records would be erased, more than `--share-max` allows; nothing was erased"
        ),
        Language::Zh => format!("将删除 {of} 条记录中的 {records} 条，超过 `--share-max`；未删除任何内容"),
    };
    Failure {
        code: 4,
        name: "refused",
        message,
        is_shown: false,
    }
}

fn told(plan: &Plan, found: &Found) -> Result<String, Failure> {
    let retention = retention(plan)?;
    let retained = &found.retained;
    let (due, held, today) = (retained.due.len(), found.held.len(), found.today);
    let records = found.names().len();
    let (general, sensitive) = (retention.general, retention.sensitive);
    let (customers, without) = (retained.customers, retained.without_date);
    let mut text = match plan.language {
        Language::En => format!(
            "retention at {today}: {general} in general, {sensitive} for sensitive data\n\
             customers      {customers}, of which {without} without a date that starts a term\n\
             due            {due}, of which {held} under a legal hold; {records} records to erase\n"
        ),
        Language::Zh => format!(
            "保存期限，截至 {today}：一般数据 {general}，敏感数据 {sensitive}\n\
             客户           {customers} 个，其中 {without} 个没有可作起算点的日期\n\
             到期           {due} 个，其中 {held} 个处于法律保留；可删除 {records} 条记录\n"
        ),
    };
    for (at, due) in retained.due.iter().enumerate().take(SHOWN) {
        let class = match (plan.language, due.is_sensitive) {
            (Language::En, true) => "sensitive",
            (Language::En, false) => "general",
            (Language::Zh, true) => "敏感",
            (Language::Zh, false) => "一般",
        };
        let hold = match (plan.language, found.held.contains(&at)) {
            (_, false) => "",
            (Language::En, true) => "  legal hold",
            (Language::Zh, true) => "  法律保留",
        };
        let (id, last, end) = (due.id, due.last, due.end);
        let _ = writeln!(text, "{id}  {last} → {end}  {class}{hold}");
    }
    if due > SHOWN {
        let more = due - SHOWN;
        let _ = match plan.language {
            Language::En => writeln!(text, "and {more} more; `--json` shows all"),
            Language::Zh => writeln!(text, "另有 {more} 个；`--json` 可查看全部"),
        };
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}

fn told_json(retention: &Retention, found: &Found) -> String {
    let due = found.retained.due.iter().enumerate().map(|(at, due)| {
        let record = |(source, key): &Key| json!({ "source": source, "record_key": key });
        json!({
            "unified_id": due.id.to_string(),
            "records": due.records.iter().map(record).collect::<Vec<_>>(),
            "started": due.last.to_string(),
            "ended": due.end.to_string(),
            "is_sensitive": due.is_sensitive,
            "is_held": found.held.contains(&at),
        })
    });
    let report = json!({
        "as_of": found.today.to_string(),
        "general": retention.general.to_string(),
        "sensitive": retention.sensitive.to_string(),
        "customers": found.retained.customers,
        "without_date": found.retained.without_date,
        "due": due.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&report).expect("figures and names have a JSON form")
}
