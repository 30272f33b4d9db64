//! Sources with their rows and grades, and the table of fields by source.

use super::super::chart;
use super::super::format::Figure;
use super::COLUMNS_MAX;
use super::Context;
use super::grade::Graded;
use crate::quality::FieldLabel;
use crate::quality::FieldQuality;
use crate::quality::SourceQuality;

/// One row a source.
pub(crate) struct SourceTable {
    pub(crate) rows: Vec<SourceRow>,
}

/// One source.
pub(crate) struct SourceRow {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) read: Figure,
    pub(crate) accepted: Figure,
    pub(crate) rejected: Figure,
    pub(crate) skipped: Figure,
    pub(crate) bar: RowsBar,
    pub(crate) fit_before: Figure,
    pub(crate) fit_after: Figure,
    pub(crate) repaired: Figure,
}

/// Accepted, rejected and skipped rows as parts of one bar, in per cent.
pub(crate) struct RowsBar {
    pub(crate) accepted: String,
    pub(crate) rejected_x: String,
    pub(crate) rejected: String,
    pub(crate) skipped_x: String,
    pub(crate) skipped: String,
}

impl SourceTable {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let sources = context.quality.sources.iter().enumerate();
        Self {
            rows: sources.map(|(at, source)| source_row(at, source)).collect(),
        }
    }
}

fn source_row(at: usize, source: &SourceQuality) -> SourceRow {
    let path = |name: &str| format!("sources.{at}.{name}");
    SourceRow {
        name: source.name.clone(),
        owner: source.owner.clone(),
        read: Figure::count(path("read"), source.read),
        accepted: Figure::count(path("accepted"), source.accepted),
        rejected: Figure::count(path("rejected"), source.rejected),
        skipped: Figure::count(path("skipped"), source.skipped),
        bar: RowsBar {
            accepted: chart::width(source.accepted, source.read),
            rejected_x: chart::width(source.accepted, source.read),
            rejected: chart::width(source.rejected, source.read),
            skipped_x: chart::width(source.accepted.saturating_add(source.rejected), source.read),
            skipped: chart::width(source.skipped, source.read),
        },
        fit_before: Figure::share(path("cleansing.before"), source.cleansing.before),
        fit_after: Figure::share(path("cleansing.after"), source.cleansing.after),
        repaired: Figure::count(
            path("cleansing.repaired_values"),
            source.cleansing.repaired_values,
        ),
    }
}

/// One row a field, one column a source.
pub(crate) struct FieldTable {
    pub(crate) sources: Vec<String>,
    /// Are there only the necessary fields, because of many sources?
    pub(crate) is_shortened: bool,
    pub(crate) rows: Vec<FieldRow>,
}

/// One field.
pub(crate) struct FieldRow {
    pub(crate) label: String,
    pub(crate) is_necessary: bool,
    pub(crate) cells: Vec<Option<FieldCell>>,
}

/// A field of a source.
pub(crate) struct FieldCell {
    pub(crate) completeness: Graded,
    pub(crate) validity: Graded,
    /// Is the field made of parts that the source gives instead?
    pub(crate) is_in_parts: bool,
    /// Does the source supply neither the field nor its parts?
    pub(crate) is_absent: bool,
    /// Is there any value to judge?
    pub(crate) has_values: bool,
}

impl FieldTable {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let quality = context.quality;
        let is_long = quality.sources.len() > COLUMNS_MAX;
        Self {
            sources: quality.sources.iter().map(|s| s.name.clone()).collect(),
            is_shortened: is_long,
            rows: quality
                .fields
                .iter()
                .filter(|field| !is_long || field.is_necessary)
                .map(|field| field_row(context, field))
                .collect(),
        }
    }
}

fn field_row(context: Context<'_>, field: &FieldLabel) -> FieldRow {
    let sources = context.quality.sources.iter().enumerate();
    FieldRow {
        label: context.pick(&field.en, &field.zh).to_owned(),
        is_necessary: field.is_necessary,
        cells: sources
            .map(|(source, quality)| {
                let at = quality.fields.iter().position(|f| f.field == field.name)?;
                Some(field_cell(
                    context,
                    &format!("sources.{source}.fields.{at}"),
                    &quality.fields[at],
                ))
            })
            .collect(),
    }
}

fn field_cell(context: Context<'_>, path: &str, field: &FieldQuality) -> FieldCell {
    let completeness = format!("{path}.completeness");
    FieldCell {
        completeness: if field.expected > 0 {
            Graded::of(completeness, field.completeness, context.m)
        } else {
            Graded::plain(completeness, field.completeness)
        },
        validity: Graded::of(format!("{path}.validity"), field.validity, context.m),
        is_in_parts: field.measured_as.is_some() && field.filled > 0,
        is_absent: !field.is_mapped && field.filled == 0,
        has_values: field.filled > 0,
    }
}
