//! `[gates]` and `[source.gates]` of the job file: what sources are asked for.
//!
//! In: names of measures with shares from 0 to 1, `fresh_days` and `audit_days`. Out: [`Settings`] of `quality`; unknown names and numbers out of
//! range are faults. What is measured is known to `quality`.

use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::job::SourceTable;
use crate::plan::toml_table::Located;
use crate::quality::Settings;
use crate::quality::measures;
use schemars::Schema;
use schemars::SchemaGenerator;
use std::collections::BTreeMap;

/// Days within which a record counts as up to date.
const FRESH_DAYS: &str = "fresh_days";

/// Most days; a century.
const FRESH_DAYS_MAX: f64 = 36_500.0;

/// Days after its draw for which an audit speaks of a source.
const AUDIT_DAYS: &str = "audit_days";

/// What it is unless given: a year.
const AUDIT_DAYS_DEFAULT: u32 = 365;

/// Gates as the job gives them.
pub(super) type GateList = Vec<(Located<String>, Located<f64>)>;

/// The gates of the job.
pub(super) fn check(general: &GateList, sources: &[SourceTable], faults: &mut FaultList) -> Settings {
    let mut settings = Settings {
        fresh_days: days(general, FRESH_DAYS, faults),
        audit_days: days(general, AUDIT_DAYS, faults).or(Some(AUDIT_DAYS_DEFAULT)),
        ..Settings::default()
    };
    let is_days = |(name, _): &&(Located<String>, Located<f64>)| {
        [FRESH_DAYS, AUDIT_DAYS].contains(&name.value.as_str())
    };
    let limits = general.iter().filter(|entry| !is_days(entry));
    settings.gates.general = shares(limits, faults);
    for source in sources {
        let own = shares(source.gates.iter(), faults);
        if let Some(name) = source.name.as_ref().filter(|_| !own.is_empty()) {
            settings.gates.of_source.insert(name.value.clone(), own);
        }
    }
    settings
}

/// A number of days; `None` when it is not given or is none.
fn days(general: &GateList, name: &str, faults: &mut FaultList) -> Option<u32> {
    let (_, days) = general.iter().find(|(of, _)| of.value == name)?;
    if (1.0..=FRESH_DAYS_MAX).contains(&days.value) && days.value.fract() == 0.0 {
        return Some(days.value as u32);
    }
    let message = format!("`{name}` must be a whole number from 1 to {FRESH_DAYS_MAX}");
    faults.add(days.span.clone(), message);
    None
}

/// Limits in basis points by measure.
fn shares<'a>(
    given: impl Iterator<Item = &'a (Located<String>, Located<f64>)>,
    faults: &mut FaultList,
) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (name, value) in given {
        if !measures().iter().any(|measure| measure.name == name.value) {
            let mut names: Vec<&str> = measures().iter().map(|measure| measure.name).collect();
            names.extend([FRESH_DAYS, AUDIT_DAYS]);
            let message = format!("unknown key `{}` in [gates]", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &names));
            continue;
        }
        if !(0.0..=1.0).contains(&value.value) {
            let message = format!("`{}` must be a number from 0 to 1", name.value);
            faults.add_hint(value.span.clone(), message, "write 95 % as 0.95");
            continue;
        }
        found.insert(name.value.clone(), (value.value * 10_000.0).round() as u64);
    }
    found
}

/// `[gates]` in the JSON schema.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let mut properties = limits();
    let days = serde_json::json!({
        "type": "integer",
        "minimum": 1,
        "maximum": FRESH_DAYS_MAX as u32,
        "description": "Days within which a record counts as up to date; timeliness is not measured without.",
    });
    properties.insert(FRESH_DAYS.to_owned(), days);
    let days = serde_json::json!({
        "type": "integer",
        "minimum": 1,
        "maximum": FRESH_DAYS_MAX as u32,
        "description": "Days after its draw for which an audit speaks of a source's accuracy; 365 unless given.",
    });
    properties.insert(AUDIT_DAYS.to_owned(), days);
    table(properties)
}

/// `[source.gates]` in the JSON schema.
pub(super) fn source_schema(_: &mut SchemaGenerator) -> Schema {
    table(limits())
}

fn limits() -> serde_json::Map<String, serde_json::Value> {
    let property = |measure: &crate::quality::MeasureSpec| {
        let bound = if measure.is_lower_better {
            "Largest"
        } else {
            "Least"
        };
        let property = serde_json::json!({
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": format!("{bound} share of: {}.", measure.meaning[0]),
        });
        (measure.name.to_owned(), property)
    };
    measures().iter().map(property).collect()
}

fn table(properties: serde_json::Map<String, serde_json::Value>) -> Schema {
    schemars::json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
