//! Survive: one golden record per unified ID, value by value, with lineage.
//!
//! In: standard records and their IDs. Out: [`GoldenRecords`] and [`Lineage`]. Validity comes before every rule; then the
//! rules of the field rank its values in order; what is still equal goes to the more trusted source and then to the
//! smaller record, so the choice is total and does not depend on the order of input. Nothing is made up: a golden value is
//! a standard value of one member.

mod choose;
mod members;
mod pinned;
mod rules;

pub use pinned::Pin;
pub use pinned::pin;
pub use rules::survivorship_rules;

use crate::field::DERIVED_FIELDS;
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
    let chosen: Vec<choose::Chosen> = columns
        .par_iter()
        .zip(rules?)
        .map(|(column, rules)| choose::choose(&context, column, &rules, &members))
        .collect();
    let mut golden = GoldenRecords {
        sizes: members.sizes(),
        ids: members.ids,
        fields: columns.iter().map(|column| column.field.clone()).collect(),
        ..GoldenRecords::default()
    };
    let mut lineage = Lineage::default();
    for chosen in chosen {
        golden.codes.push(chosen.codes);
        golden.values.push(chosen.values);
        lineage.fields.push(chosen.lineage);
    }
    Ok((golden, lineage))
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
