//! `guiyi audit report`: what an audit found, as JSON, a page and notices; without a number, the audits that there are.

use super::desk::Desk;
use super::desk::failure;
use super::desk::unwritable;
use super::desk::write;
use crate::audit::report;
use crate::audit::report::AuditReport;
use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Number of the audit; lists them unless given.
    audit: Option<i64>,
    /// Ask for the precision among the labelled records alone: refused, with the reason and the right figure.
    #[arg(long, requires = "audit")]
    labelled_only: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let desk = Desk::open(&arguments.job)?;
    let Some(number) = arguments.audit else {
        return list(&desk, arguments.json);
    };
    let sample = desk.sample(number)?;
    let imports = desk.store.audit_imports(number).map_err(RunError::from)?;
    let report = report::report(&sample, &imports, &desk.owners(&sample));
    let language = desk.language();
    if arguments.labelled_only {
        return Err(Failure::usage(report::refuse_naive(&report, language)));
    }
    let folder = desk.folder(number)?;
    let written = write_all(&desk, &report, &folder)?;
    if arguments.json {
        console::print(&hub::json(&report)?);
    } else {
        let written: Vec<String> = written
            .iter()
            .map(|path| format!("→ {}", path.display()))
            .collect();
        console::print(&format!(
            "{}\n{}",
            report::summary(&report, language),
            written.join("\n")
        ));
    }
    Ok(0)
}

/// Writes JSON, page and notices; notices of before that are not due any more go.
fn write_all(desk: &Desk, report: &AuditReport, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (language, schema) = (desk.language(), &desk.plan.fields);
    remove_notices(folder)?;
    let json = serde_json::to_string_pretty(report).map_err(|error| Failure::usage(error.to_string()))?;
    let page = report::render(report, schema, language).map_err(|error| failure(&error))?;
    let mut written = vec![folder.join("report.json"), folder.join("report.html")];
    write(&written[0], format!("{json}\n").as_bytes())?;
    write(&written[1], page.as_bytes())?;
    let now = console::now();
    let date = now.get(..10).unwrap_or_default();
    for figures in &report.verdicts {
        if let Some(name) = &figures.notice {
            let page =
                report::notice(report, figures, schema, date, language).map_err(|error| failure(&error))?;
            written.push(folder.join(name));
            write(&folder.join(name), page.as_bytes())?;
        }
    }
    Ok(written)
}

fn remove_notices(folder: &Path) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unwritable(folder, &error))?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("notice-") && name.ends_with(".html") {
            std::fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
        }
    }
    Ok(())
}

#[derive(serde::Serialize)]
struct Listed<'a> {
    audit: i64,
    unit: &'a str,
    run_id: &'a str,
    seed: u64,
    drawn_at: &'a str,
    population: u64,
    auditors: Vec<String>,
    is_complete: bool,
}

fn list(desk: &Desk, as_json: bool) -> Result<u8, Failure> {
    let audits = desk.store.audits().map_err(RunError::from)?;
    for audit in &audits {
        let imports = desk.store.audit_imports(audit.audit).map_err(RunError::from)?;
        let mut auditors: Vec<String> = imports.iter().map(|import| import.auditor.clone()).collect();
        auditors.dedup();
        let listed = Listed {
            audit: audit.audit,
            unit: &audit.unit,
            run_id: &audit.run_id,
            seed: audit.seed,
            drawn_at: &audit.made_at,
            population: audit.population,
            is_complete: imports.last().is_some_and(|import| import.is_complete),
            auditors,
        };
        if as_json {
            console::print(&hub::json(&listed)?);
            continue;
        }
        let state = match (desk.language(), listed.is_complete) {
            (Language::En, true) => "answered",
            (Language::En, false) => "open",
            (Language::Zh, true) => "已答完",
            (Language::Zh, false) => "未答完",
        };
        let (number, unit, run, at) = (listed.audit, listed.unit, listed.run_id, listed.drawn_at);
        console::print(&format!(
            "{number}  {unit}  {run}  {at}  {state}  {}",
            listed.auditors.join(", ")
        ));
    }
    if audits.is_empty() && !as_json {
        let none = desk.language().choose(
            "no audit has been drawn yet; start with `guiyi audit draw`",
            "尚未抽样；请先执行 guiyi audit draw",
        );
        console::print(none);
    }
    Ok(0)
}
