//! `guiyi show ID`: what is published of one customer.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::plan;
use crate::publish::Hub;
use crate::publish::Run;
use frame::ColumnData;
use frame::Table;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A unified ID, also one that was merged or retired.
    id: UnifiedId,
    /// As it was in this run, by id or number; the published run when left out.
    #[arg(long, value_name = "RUN")]
    as_of: Option<String>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let run = match &arguments.as_of {
        Some(asked) => hub::find_run(&hub, asked)?,
        None => hub
            .current()
            .map_err(RunError::from)?
            .ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?,
    };
    let registry = read(&run, "registry.parquet")?;
    let asked = arguments.id.to_string();
    let rows = rows_with(&registry, "unified_id", &asked);
    let Some(&row) = rows.first() else {
        let message = match &arguments.as_of {
            Some(_) => format!("`{asked}` was not issued yet in run `{}`", run.id()),
            None => format!("`{asked}` was never issued by this hub"),
        };
        return Err(Failure::usage(message));
    };
    let state = text(&registry, "state", row);
    console::print(&format!("{asked}  {state}"));
    let id = match state {
        "merged" => text(&registry, "into", row).to_owned(),
        "live" => asked,
        "split" => {
            console::print(&format!(
                "now {}",
                text(&registry, "into", row).replace(' ', ", ")
            ));
            return Ok(0);
        }
        _ => return Ok(0),
    };
    if state == "merged" {
        console::print(&format!("now {id}"));
    }
    print_rows("golden record", &read(&run, "golden.parquet")?, &id, &[]);
    print_rows("members", &read(&run, "crosswalk.parquet")?, &id, &["unified_id"]);
    print_origins(&read(&run, "lineage.parquet")?, &id);
    Ok(0)
}

fn read(run: &Run, name: &str) -> Result<Table, Failure> {
    run.verify_file(name).map_err(RunError::from)?;
    frame::read_parquet(&run.path(name), None).map_err(|error| Failure {
        code: 10,
        name: "state_damaged",
        message: format!("`{name}` of run `{}` cannot be read: {error}", run.id()),
        is_shown: false,
    })
}

fn text<'a>(table: &'a Table, column: &str, row: usize) -> &'a str {
    table
        .column(column)
        .ok()
        .and_then(|column| column.as_text())
        .and_then(|texts| texts.get(row))
        .unwrap_or("")
}

fn rows_with(table: &Table, column: &str, wanted: &str) -> Vec<usize> {
    (0..table.rows())
        .filter(|&row| text(table, column, row) == wanted)
        .collect()
}

/// Where every golden value comes from: its record, the rule that chose it, and since which run it stands.
fn print_origins(lineage: &Table, id: &str) {
    console::print("\norigin of values");
    for row in rows_with(lineage, "unified_id", id) {
        let [field, source, key, rule, runner_up] =
            ["field", "source", "record_key", "rule", "runner_up"].map(|column| text(lineage, column, row));
        let decision = number(lineage, "decision", row).map_or_else(String::new, |at| format!(" {at}"));
        let since =
            number(lineage, "since_run", row).map_or_else(String::new, |run| format!("  since run {run}"));
        let second = match runner_up {
            "" => String::new(),
            value => format!("  before `{value}`"),
        };
        console::print(&format!(
            "  {field:<22} {source}:{key}  {rule}{decision}{since}{second}"
        ));
    }
}

/// Number at `row` of a column; `None` for null and for a column that is not there.
fn number(table: &Table, column: &str, row: usize) -> Option<i64> {
    match table.column(column) {
        Ok(ColumnData::I64(numbers)) => numbers[row],
        _ => None,
    }
}

/// One block of lines: a golden record field by field, other tables row by row.
fn print_rows(title: &str, table: &Table, id: &str, hidden: &[&str]) {
    console::print(&format!("\n{title}"));
    for row in rows_with(table, "unified_id", id) {
        let cells = table
            .columns()
            .iter()
            .filter(|column| !hidden.contains(&column.name.as_str()));
        let cells = cells.map(|column| (column.name.as_str(), text(table, &column.name, row)));
        if hidden.is_empty() {
            for (name, value) in cells.filter(|(_, value)| !value.is_empty()) {
                console::print(&format!("  {name:<22} {value}"));
            }
        } else {
            let shown: Vec<&str> = cells
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty())
                .collect();
            console::print(&format!("  {}", shown.join("  ")));
        }
    }
}
