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
mod issues;
#[cfg(test)]
mod tests;

pub use issues::collect_issues;

use self::column::ColumnBuilder;
use crate::field::DERIVED_FIELDS;
use crate::field::FieldSpec;
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
    let mut inputs = Vec::with_capacity(columns.len() + DERIVED_FIELDS.len());
    for derived in DERIVED_FIELDS {
        if let Some(column) = derive::derive(derived, len, &columns) {
            inputs.push((usize::MAX, derived.field_type, column));
        }
    }
    for column in columns {
        let position = settings
            .fields
            .iter()
            .position(|field| *field.name == *column.field.as_str());
        let position = position.ok_or_else(|| StandardiseError::UnknownField {
            field: column.field.to_string(),
        })?;
        inputs.push((position, &*settings.fields[position].field_type, column));
    }
    inputs.sort_by_key(|(position, ..)| *position);
    let columns: Result<Vec<ColumnBuilder>, StandardiseError> = inputs
        .into_par_iter()
        .map(|(_, type_name, raw)| {
            let field_type = field_type(type_name).ok_or_else(|| StandardiseError::UnknownType {
                field: raw.field.to_string(),
                field_type: type_name.to_owned(),
            })?;
            Ok(ColumnBuilder::new(field_type, raw))
        })
        .collect();
    let mut columns = columns?;
    fill::fill(&mut columns);
    let columns = columns.into_iter().map(ColumnBuilder::finish).collect();
    let records = StandardRecords::try_new(len, columns)?;
    let findings = check::check(&records);
    Ok(records.with_findings(findings))
}
