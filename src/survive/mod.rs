//! Survive: one golden record per unified ID, value by value, with lineage.
//!
//! In: standard records and their IDs. Out: [`GoldenRecords`] and [`Lineage`]. Validity comes before every rule; then the
//! rules of the field rank its values in order; what is still equal goes to the more trusted source and then to the
//! smaller record, so the choice is total and does not depend on the order of input. Nothing is made up: a golden value is
//! a standard value of one member.

mod choose;
mod conflicts;
mod members;
mod pinned;
mod rules;
#[cfg(test)]
mod tests;

pub use pinned::Pin;
pub use pinned::pin;
pub use rules::survivorship_rules;

use crate::field::DERIVED_FIELDS;
use crate::field::FIELD_GROUPS;
use crate::field::FieldGroup;
use crate::field::field_type;
use crate::model::FieldName;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Lineage;
use crate::table::RawRecords;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use members::Members;
use rayon::prelude::*;
use rules::SurvivorshipRule;
use rules::rule;
use std::collections::BTreeMap;
use thiserror::Error;

/// How values survive.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Names of the rules of a field, first first; fields not named use the rule of their type.
    pub rules: BTreeMap<FieldName, Vec<String>>,
}

/// Why no golden record can be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurviveError {
    /// A field names a rule that does not exist.
    #[error("field `{field}` names the unknown survivorship rule `{rule}`; `guiyi list rules` shows them")]
    UnknownRule {
        /// The field.
        field: String,
        /// The rule named.
        rule: String,
    },
}

/// Makes the golden record of every ID.
///
/// # Errors
/// [`SurviveError::UnknownRule`] when the settings name a rule that does not exist.
pub fn survive(
    settings: &Settings,
    raw: &RawRecords,
    standard: &StandardRecords,
    ids: &IdAssignments,
) -> Result<(GoldenRecords, Lineage), SurviveError> {
    let members = Members::new(&ids.id_of);
    let columns: Vec<&StandardColumn> = standard
        .columns()
        .iter()
        .filter(|column| {
            !DERIVED_FIELDS
                .iter()
                .any(|derived| derived.name == column.field.as_str())
        })
        .collect();
    let rules: Result<Vec<_>, _> = columns.iter().map(|column| rules_of(settings, column)).collect();
    let context = rules::Context::new(raw, standard);
    let rules = rules?;
    let mut chosen: Vec<(usize, choose::Chosen)> = groups(&columns)
        .into_par_iter()
        .flat_map_iter(|(group, fills_gaps)| {
            let mut of_group: Vec<(usize, choose::Chosen)> = Vec::with_capacity(group.len());
            for at in group {
                let leaders: Vec<choose::Leader> = of_group
                    .iter()
                    .map(|(at, chosen)| choose::Leader {
                        column: columns[*at],
                        lineage: &chosen.lineage,
                        fills_gaps,
                    })
                    .collect();
                let of_field = choose::choose(&context, columns[at], &rules[at], &members, &leaders);
                drop(leaders);
                of_group.push((at, of_field));
            }
            of_group
        })
        .collect();
    chosen.sort_unstable_by_key(|(at, _)| *at);
    let mut golden = GoldenRecords {
        sizes: members.sizes(),
        conflicts: conflicts::conflicts(raw, standard, &members),
        ids: members.ids,
        fields: columns.iter().map(|column| column.field.clone()).collect(),
        ..GoldenRecords::default()
    };
    let mut lineage = Lineage::default();
    for (_, chosen) in chosen {
        golden.codes.push(chosen.codes);
        golden.values.push(chosen.values);
        lineage.fields.push(chosen.lineage);
    }
    Ok((golden, lineage))
}

/// Positions of columns whose values survive together, in the order in which they lead, and whether gaps are filled; every
/// other column alone.
fn groups(columns: &[&StandardColumn]) -> Vec<(Vec<usize>, bool)> {
    let at = |name: &str| columns.iter().position(|column| column.field.as_str() == name);
    let grouped = FIELD_GROUPS.iter().map(|group| {
        (
            group.fields.iter().filter_map(|field| at(field)).collect(),
            group.fills_gaps,
        )
    });
    let is_alone = |column: &&StandardColumn| {
        let is_it = |group: &FieldGroup| group.fields.contains(&column.field.as_str());
        !FIELD_GROUPS.iter().any(is_it)
    };
    let alone = (0..columns.len())
        .filter(|&at| is_alone(&columns[at]))
        .map(|at| (vec![at], false));
    grouped.chain(alone).collect()
}

/// What decides, in this order, where the rule of the field's type finds values equal: a whole name before one without
/// its legal form, a new value before an old one.
const FALLBACK_RULES: &[&str] = &["most_complete", "most_recent"];

fn rules_of(
    settings: &Settings,
    column: &StandardColumn,
) -> Result<Vec<&'static dyn SurvivorshipRule>, SurviveError> {
    let default = || {
        let of_type = field_type(column.field_type).map_or("most_frequent", |t| t.survivorship());
        [of_type]
            .iter()
            .chain(FALLBACK_RULES)
            .map(|name| (*name).to_owned())
            .collect()
    };
    let names = settings.rules.get(&column.field).cloned().unwrap_or_else(default);
    names
        .into_iter()
        .map(|name| {
            rule(&name).ok_or_else(|| SurviveError::UnknownRule {
                field: column.field.to_string(),
                rule: name,
            })
        })
        .collect()
}
