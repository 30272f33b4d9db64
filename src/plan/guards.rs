//! `[guards]` of the job file: other limits for the guards.
//!
//! In: names with numbers. Out: [`Limits`]; unknown names and numbers out of range are faults. What a limit means is known to
//! `guard`.

use crate::guard::Limits;
use crate::guard::limits;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use schemars::Schema;
use schemars::SchemaGenerator;

/// The limits that the job gives; a warning must come no later than its refusal.
pub(super) fn check(given: &[(Located<String>, Located<f64>)], faults: &mut FaultList) -> Limits {
    let mut found = Limits::default();
    for (name, value) in given {
        let Some(limit) = limits().iter().find(|limit| limit.name == name.value) else {
            let names: Vec<&str> = limits().iter().map(|limit| limit.name).collect();
            let message = format!("unknown key `{}` in [guards]", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &names));
            continue;
        };
        let (least, most) = limit.range;
        if !(least..=most).contains(&value.value) {
            let message = format!("`{}` must be a number from {least} to {most}", name.value);
            faults.add(value.span.clone(), message);
            continue;
        }
        found.set(limit.name, value.value);
    }
    for (name, value) in given {
        check_order(name, value, &found, faults);
    }
    found
}

/// A job that moves one of two limits beyond the other would never warn.
fn check_order(name: &Located<String>, value: &Located<f64>, found: &Limits, faults: &mut FaultList) {
    let Some(guard) = name
        .value
        .strip_suffix("_warn")
        .or(name.value.strip_suffix("_refuse"))
    else {
        return;
    };
    let [warn, refuse] = ["warn", "refuse"].map(|end| format!("{guard}_{end}"));
    if !limits().iter().any(|limit| limit.name == warn) {
        return;
    }
    let (first, second) = (found.get(&warn), found.get(&refuse));
    // Fewer keys in common are worse; more of anything else is.
    let is_sound = if guard == "keys" {
        first >= second
    } else {
        first <= second
    };
    if !is_sound {
        let message = format!("`{warn}` ({first}) is beyond `{refuse}` ({second}), so that it never warns");
        faults.add_hint(value.span.clone(), message, "move both limits");
    }
}

/// The table in the JSON schema: every name with range, default and reason.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let mut properties = serde_json::Map::new();
    for limit in limits() {
        let property = serde_json::json!({
            "type": "number",
            "minimum": limit.range.0,
            "maximum": limit.range.1,
            "default": limit.default,
            "description": limit.reason[0],
        });
        properties.insert(limit.name.to_owned(), property);
    }
    schemars::json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn checked(numbers: &[(&str, f64)]) -> Result<Limits, String> {
        let mut faults = FaultList::default();
        let given: Vec<(Located<String>, Located<f64>)> = numbers
            .iter()
            .map(|(name, value)| {
                let name = Located {
                    value: (*name).to_owned(),
                    span: 0..1,
                };
                (
                    name,
                    Located {
                        value: *value,
                        span: 2..3,
                    },
                )
            })
            .collect();
        let limits = check(&given, &mut faults);
        match faults.into_result(Path::new("guiyi.toml"), "a = 1\n") {
            Ok(()) => Ok(limits),
            Err(faults) => Err(faults.to_string()),
        }
    }

    #[test]
    fn limits_are_taken_over_and_faults_have_places_and_hints() {
        let limits = checked(&[("rows_refuse", 0.5)]).unwrap();
        assert_eq!(limits.get("rows_refuse"), 0.5);
        let fault = checked(&[("row_refuse", 0.5)]).unwrap_err();
        assert_eq!(
            fault,
            "guiyi.toml:1:1: unknown key `row_refuse` in [guards]; hint: did you mean `rows_refuse`?"
        );
        assert!(
            checked(&[("keys_warn", 2.0)])
                .unwrap_err()
                .contains("from 0 to 1")
        );
    }

    #[test]
    fn a_warning_beyond_its_refusal_is_a_fault() {
        assert!(
            checked(&[("rows_warn", 0.4)])
                .unwrap_err()
                .contains("never warns")
        );
        assert!(
            checked(&[("keys_warn", 0.4)])
                .unwrap_err()
                .contains("never warns")
        );
        assert!(checked(&[("rows_warn", 0.4), ("rows_refuse", 0.6)]).is_ok());
    }
}
