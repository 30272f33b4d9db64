//! The first cells of every finding, masked, so that each figure leads to rows that someone can open.
//!
//! In: the findings of the run, sorted by record. Out: per source, field and code at most [`SAMPLES_MAX`] cells with file, line and
//! column. All of them are in `issues.parquet`, with their raw texts.

use super::figures::SampleCell;
use super::inputs::Inputs;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::model::SourceId;
use crate::table::Issue;
use std::collections::BTreeMap;

/// Cells of one finding of one source.
const SAMPLES_MAX: usize = 3;

/// Cells by (source, field, code).
pub(super) type Samples<'a> = BTreeMap<(usize, &'a str, &'a str), Vec<SampleCell>>;

/// The samples of every finding.
pub(super) fn samples<'a>(inputs: &Inputs<'a>) -> Samples<'a> {
    let mut samples = Samples::new();
    for issue in inputs.issues {
        let Some(&source) = inputs.records.source_of.get(issue.record.at()) else {
            continue;
        };
        if inputs.records.kept(issue.record).is_some() {
            continue;
        }
        let of_it = samples
            .entry((source.at(), issue.field.as_str(), issue.code.name))
            .or_default();
        if of_it.len() < SAMPLES_MAX {
            of_it.extend(sample(inputs, source, issue));
        }
    }
    samples
}

fn sample(inputs: &Inputs<'_>, source: SourceId, issue: &Issue) -> Option<SampleCell> {
    let place = inputs.records.places.get(issue.record.at())?;
    let spec = inputs
        .fields
        .iter()
        .find(|spec| spec.name == issue.field.as_str());
    // A field that no schema knows is made of others; nothing of it is shown. What may be shown in a table of records is still
    // masked here, where figures alone belong.
    let masked = match spec.map(masking_class) {
        Some(MaskingClass::None) => mask(MaskingClass::Text, &issue.raw),
        Some(class) => mask(class, &issue.raw),
        None => String::new(),
    };
    let header = inputs.headers.get(&(source, issue.field.clone()));
    Some(SampleCell {
        file: inputs
            .records
            .files
            .get(place.file as usize)
            .cloned()
            .unwrap_or_default(),
        line: place.line,
        column: header.cloned().unwrap_or_default(),
        masked,
    })
}
