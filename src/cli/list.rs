//! `guiyi list`: what the program knows, from the registries themselves.

use crate::block::blocking_rules;
use crate::cli::Failure;
use crate::cli::console;
use crate::compare::comparators;
use crate::field::customer_schema;
use crate::field::field_types;
use crate::guard::guards;
use crate::guard::limits;
use crate::model::issue_catalogue;
use crate::plan::Tunable;
use crate::plan::tunables;
use crate::reference;
use crate::survive::survivorship_rules;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    what: What,
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
    /// Embedded reference data with version, rows, hash (SHA-256), licence and source.
    Reference,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let lines: Vec<String> = match arguments.what {
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
        What::Reference => reference::reference_data()
            .iter()
            .map(|d| {
                format!(
                    "{:<24} {:<25} {:>6} {:.12}  {:<11} {}",
                    d.name, d.version, d.rows, d.hash, d.licence, d.source
                )
            })
            .collect(),
    };
    console::print(&lines.join("\n"));
    Ok(0)
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
