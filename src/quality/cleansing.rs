//! What cleansing gained: records fit for contact before and after it.
//!
//! In: standard records. Out: per source, [`Cleansing`]. A record is fit when its telephone and its address both keep
//! their rules. *Before* counts values that are valid exactly as they were delivered; *after* counts repaired and filled
//! ones as well. Doubtful (suspicious) values are never fit. Every repaired value is a row of the issues table.

use super::inputs::Inputs;
use super::share::Share;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::StandardColumn;
use serde::Deserialize;
use serde::Serialize;

/// Records fit for contact, before and after cleansing, and what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cleansing {
    /// Records whose telephone and address are valid as delivered, of all.
    pub before: Share,
    /// Records whose telephone and address are valid, repaired or filled, of all.
    pub after: Share,
    /// Values repaired or filled, in all fields.
    pub repaired_values: u64,
}

/// The figures of every source.
pub(super) fn cleansing_by_source(inputs: &Inputs<'_>) -> Vec<Cleansing> {
    let mut of_sources = vec![Cleansing::default(); inputs.records.sources.len()];
    let columns = [
        inputs.standard.column("phones"),
        inputs.standard.column("location"),
    ];
    for (record, source) in inputs.records.delivered() {
        let Some(figures) = of_sources.get_mut(source.at()) else {
            continue;
        };
        let least = columns.iter().map(|column| standing(*column, record)).min();
        let least = least.unwrap_or_default();
        figures.before.denominator += 1;
        figures.after.denominator += 1;
        figures.before.numerator += u64::from(least == ValueStatus::Valid);
        figures.after.numerator += u64::from(least >= ValueStatus::Repaired);
    }
    for field in inputs.fields {
        let Some(column) = inputs.standard.column(&field.name) else {
            continue;
        };
        // Many fields have nothing that was repaired; a look at their cells tells.
        if !column.status.contains(&ValueStatus::Repaired) {
            continue;
        }
        for (record, source) in inputs.records.delivered() {
            if standing(Some(column), record) == ValueStatus::Repaired
                && let Some(figures) = of_sources.get_mut(source.at())
            {
                figures.repaired_values += 1;
            }
        }
    }
    of_sources
}

fn standing(column: Option<&StandardColumn>, record: RecordIndex) -> ValueStatus {
    column
        .filter(|column| record.at() < column.cell_of.len())
        .map_or(ValueStatus::Missing, |column| column.status_of(record))
}

/// The sum over all sources.
pub(super) fn sum(of_sources: impl Iterator<Item = Cleansing>) -> Cleansing {
    let add = |a: Share, b: Share| Share::of(a.numerator + b.numerator, a.denominator + b.denominator);
    of_sources.fold(Cleansing::default(), |sum, of_source| Cleansing {
        before: add(sum.before, of_source.before),
        after: add(sum.after, of_source.after),
        repaired_values: sum.repaired_values + of_source.repaired_values,
    })
}
