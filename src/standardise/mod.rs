//! Standardise: raw texts become standard values with parts, standing and issues.
//!
//! In: mapped raw columns. Out: [`StandardRecords`] with one column a field of the schema and one a derived field
//! (`party`, `location`), and the issues found. Work is done once per distinct cell, in parallel; what a value means is
//! the field type's business. Then gaps are filled from other fields of the record (`fill`), and fields are checked
//! against each other (`check`). Rates and scores are left to `quality`.

mod check;
mod column;
mod derive;
mod fill;
mod flat;
mod issues;
#[cfg(test)]
mod tests;

pub use issues::collect_issues;

use self::column::ColumnBuilder;
use self::derive::DerivedColumn;
use crate::field::DERIVED_FIELDS;
use crate::field::DerivedField;
use crate::field::FieldSpec;
use crate::field::FieldType;
use crate::field::field_type;
use crate::table::RawColumn;
use crate::table::StandardRecords;
use crate::table::TableError;
use rayon::prelude::*;
use thiserror::Error;

/// What standardising needs to know beside the data.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Fields of the job: the standard schema and the job's own, in published order.
    pub fields: Vec<FieldSpec>,
}

/// Why standardising cannot give a sound result.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StandardiseError {
    /// A column's field is not in the schema.
    #[error("column `{field}` is not a field of the schema")]
    UnknownField {
        /// The field.
        field: String,
    },
    /// A field's type does not exist.
    #[error("field `{field}` has the unknown type `{field_type}`; `guiyi list fields` shows the types")]
    UnknownType {
        /// The field.
        field: String,
        /// The type named.
        field_type: String,
    },
    /// A field type broke its contract.
    #[error("standardised columns do not fit together")]
    Table(#[from] TableError),
}

/// Standardises every column of `columns`, which have `len` codes each, and adds the derived fields.
///
/// Columns come out in the order of `settings.fields`, derived fields last and only when one of their components is
/// there. The result depends on the texts alone.
///
/// # Errors
/// [`StandardiseError`] when a column names an unknown field or type.
pub fn standardise(
    settings: &Settings,
    len: usize,
    columns: Vec<RawColumn>,
) -> Result<StandardRecords, StandardiseError> {
    let derived: Vec<(&DerivedField, DerivedColumn)> = DERIVED_FIELDS
        .iter()
        .filter_map(|derived| Some((derived, derive::derive(derived, len, &columns)?)))
        .collect();
    let mut inputs = Vec::with_capacity(columns.len());
    for column in columns {
        let position = settings
            .fields
            .iter()
            .position(|field| *field.name == *column.field.as_str());
        let position = position.ok_or_else(|| StandardiseError::UnknownField {
            field: column.field.to_string(),
        })?;
        let type_of = field_type_of(column.field.as_str(), &settings.fields[position].field_type)?;
        inputs.push((position, type_of, column));
    }
    inputs.sort_by_key(|(position, ..)| *position);
    let mut columns: Vec<ColumnBuilder> = inputs
        .into_par_iter()
        .map(|(_, field_type, raw)| ColumnBuilder::new(field_type, raw))
        .collect();
    let derived: Result<Vec<ColumnBuilder>, StandardiseError> = derived
        .into_par_iter()
        .map(|(of, column)| {
            let field_type = field_type_of(of.name, of.field_type)?;
            Ok(ColumnBuilder::derived(field_type, column, &columns))
        })
        .collect();
    columns.extend(derived?);
    fill::fill(&mut columns);
    let columns = columns.into_iter().map(ColumnBuilder::finish).collect();
    let records = StandardRecords::try_new(len, columns)?;
    let findings = check::check(&records);
    Ok(records.with_findings(findings))
}

fn field_type_of(field: &str, name: &str) -> Result<&'static dyn FieldType, StandardiseError> {
    field_type(name).ok_or_else(|| StandardiseError::UnknownType {
        field: field.to_owned(),
        field_type: name.to_owned(),
    })
}
