//! `guiyi list`: what the program knows, from the registries themselves.

use crate::block::blocking_rules;
use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::compare::comparators;
use crate::export::Role;
use crate::export::roles;
use crate::field::customer_schema;
use crate::field::field_types;
use crate::guard::guards;
use crate::guard::limits;
use crate::model::issue_catalogue;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Tunable;
use crate::plan::tunables;
use crate::reference;
use crate::survive::survivorship_rules;
use std::path::Path;
use std::path::PathBuf;

/// Where the job is looked for unless it is named.
const USUAL_JOB: &str = "guiyi.toml";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    what: What,
    /// The job file whose roles are listed; `guiyi.toml` when it is there, else the built-in ones alone.
    #[arg(long, value_name = "JOB")]
    job: Option<PathBuf>,
    /// Roles as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    /// Fields of the standard schema.
    Fields,
    /// Field types with their parts.
    Types,
    /// Comparators with their agreement levels.
    Comparators,
    /// Blocking rules.
    Blocking,
    /// Survivorship rules.
    Rules,
    /// Issue codes.
    Issues,
    /// Numbers of matching that a job may move, with default and reason.
    Tuning,
    /// Guards, and the limits that a job may move, with default and reason.
    Guards,
    /// Roles of `guiyi export`, built in and of the job, with what they show.
    Roles,
    /// Embedded reference data with version, rows, hash (SHA-256), licence and source.
    Reference,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let is_of_roles = matches!(arguments.what, What::Roles);
    if !is_of_roles && (arguments.json || arguments.job.is_some()) {
        return Err(Failure::usage(
            "`--json` and `--job` go with `guiyi list roles` only",
        ));
    }
    if is_of_roles && arguments.json {
        console::print(&role_json(&known_roles(arguments)?)?);
        return Ok(0);
    }
    console::print(&lines(arguments)?.join("\n"));
    Ok(0)
}

fn lines(arguments: &Arguments) -> Result<Vec<String>, Failure> {
    Ok(match arguments.what {
        What::Fields => customer_schema()
            .iter()
            .map(|f| {
                let (level, need) = (format!("{:?}", f.sensitivity), format!("{:?}", f.necessity));
                format!(
                    "{:<22} {:<20} {:<10} {:<10} {} / {}",
                    f.name, f.field_type, level, need, f.en, f.zh
                )
            })
            .collect(),
        What::Types => field_types()
            .iter()
            .map(|t| {
                format!(
                    "{:<20} {} / {}  [{}]",
                    t.name(),
                    t.labels()[0],
                    t.labels()[1],
                    t.parts().join(" ")
                )
            })
            .collect(),
        What::Comparators => comparators()
            .iter()
            .flat_map(|c| {
                let head = std::iter::once(c.name().to_owned());
                let levels = c.levels().iter().enumerate();
                head.chain(levels.map(|(n, l)| format!("  {n:>2} {} / {}", l.en, l.zh)))
                    .collect::<Vec<_>>()
            })
            .collect(),
        What::Blocking => blocking_rules()
            .iter()
            .map(|rule| format!("{:<26} {}", rule.name, rule.features.join(" × ")))
            .collect(),
        What::Rules => survivorship_rules()
            .iter()
            .map(|rule| rule.name().to_owned())
            .collect(),
        What::Issues => issue_catalogue()
            .iter()
            .map(|c| {
                format!(
                    "{:<24} {:<8} {:<13} {} / {}",
                    c.name,
                    c.severity.as_str(),
                    c.dimension,
                    c.en,
                    c.zh
                )
            })
            .collect(),
        What::Tuning => tuning(),
        What::Guards => guard_lines(),
        What::Roles => role_lines(&known_roles(arguments)?),
        What::Reference => reference::reference_data()
            .iter()
            .map(|d| {
                format!(
                    "{:<24} {:<25} {:>6} {:.12}  {:<11} {}",
                    d.name, d.version, d.rows, d.hash, d.licence, d.source
                )
            })
            .collect(),
    })
}

/// The roles of the job that is named or lies here; the built-in ones when there is none.
fn known_roles(arguments: &Arguments) -> Result<Vec<Role>, Failure> {
    let usual = Path::new(USUAL_JOB);
    let job = arguments.job.as_deref().or(usual.exists().then_some(usual));
    Ok(match job {
        Some(job) => plan::load(job).map_err(RunError::from)?.roles,
        None => roles(),
    })
}

/// A line a role, and below it the fields that it names.
fn role_lines(roles: &[Role]) -> Vec<String> {
    let lines = |role: &Role| {
        let origin = if role.is_of_job { "job" } else { "built-in" };
        let [en, zh] = &role.purpose;
        let head = format!(
            "{:<14} {:<7} {origin:<9} {en} / {zh}",
            role.name,
            role.rows.as_str()
        );
        let lists = [("fields", &role.plain), ("masked", &role.masked)];
        let named = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let named = named.map(|(list, names)| format!("  {list}: {}", names.join(" ")));
        std::iter::once(head).chain(named).collect::<Vec<_>>()
    };
    roles.iter().flat_map(lines).collect()
}

/// The same as JSON.
fn role_json(roles: &[Role]) -> Result<String, Failure> {
    let object = |role: &Role| {
        let [en, zh] = &role.purpose;
        serde_json::json!({
            "name": role.name,
            "en": en,
            "zh": zh,
            "scope": role.rows.as_str(),
            "fields": role.plain,
            "masked": role.masked,
            "built_in": !role.is_of_job,
        })
    };
    hub::json(&roles.iter().map(object).collect::<Vec<_>>())
}

/// Guards with what they watch, then the names of `[guards]`.
fn guard_lines() -> Vec<String> {
    let guards = guards()
        .iter()
        .map(|guard| format!("{:<24} {} / {}", guard.name, guard.labels[0], guard.labels[1]));
    let limits = limits().iter().map(|limit| {
        let [en, zh] = limit.reason;
        format!("{:<24} {:>12}  {en} / {zh}", limit.name, limit.default)
    });
    guards.chain(limits).collect()
}

/// Names of `[matching.tuning]`, each with default and reason.
fn tuning() -> Vec<String> {
    let line = |tunable: &Tunable| {
        let [en, zh] = tunable.reason;
        format!("{:<22} {:>8}  {en} / {zh}", tunable.name, tunable.default)
    };
    tunables().iter().map(line).collect()
}
