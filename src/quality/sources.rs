//! Figures per source and field, and rejects and issues by code.
//!
//! In: standard columns, accounts and rejects. Out: counts of every standing of every element. A field that a source
//! gives in parts (a name as family and given name, an address as street and city) is measured by the derived field
//! made of those parts, so that necessary fields are not called missing for their layout.

use super::figures::CodeCount;
use super::figures::FieldIssue;
use super::figures::FieldQuality;
use super::inputs::Inputs;
use super::share::Share;
use crate::field::DERIVED_FIELDS;
use crate::field::FieldSpec;
use crate::field::Necessity;
use crate::model::IssueCode;
use crate::model::ValueStatus;
use crate::table::StandardColumn;
use std::collections::BTreeMap;

/// Records per standing, indexed by [`ValueStatus`].
type StatusTally = [u64; 6];

/// Per source, the standing of every element of `column`; all missing when there is no such column.
fn tally(inputs: &Inputs<'_>, column: Option<&StandardColumn>) -> Vec<StatusTally> {
    let mut tallies = vec![StatusTally::default(); inputs.records.sources.len()];
    for (record, source) in inputs.records.delivered() {
        let status = column.map_or(ValueStatus::Missing, |c| c.status_of(record));
        tallies[source.at()][status as usize] += 1;
    }
    tallies
}

/// The derived column that holds `field` as a component.
fn derived_column<'a>(inputs: &Inputs<'a>, field: &str) -> Option<&'a StandardColumn> {
    let derived = DERIVED_FIELDS.iter().find(|d| d.components.contains(&field))?;
    inputs.standard.column(derived.name)
}

fn is_mapped(inputs: &Inputs<'_>, source: usize, field: &str, tally: &StatusTally) -> bool {
    match inputs.mapped_fields.get(source) {
        Some(mapped) => mapped.iter().any(|name| name.as_str() == field),
        None => tally[1..].iter().sum::<u64>() > 0,
    }
}

fn field_quality(field: &FieldSpec, tally: &StatusTally) -> FieldQuality {
    let [missing, placeholder, invalid, suspicious, repaired, valid] = *tally;
    let records: u64 = tally.iter().sum();
    let filled = invalid + suspicious + repaired + valid;
    let is_necessary = field.necessity == Necessity::Necessary;
    FieldQuality {
        field: field.name.to_string(),
        is_mapped: true,
        measured_as: None,
        expected: if is_necessary { records } else { 0 },
        filled,
        missing,
        placeholder,
        invalid,
        suspicious,
        repaired,
        valid,
        completeness: Share::of(filled, records),
        validity: Share::of(valid + repaired, filled),
    }
}

/// One field in every source: `None` where it is neither mapped nor necessary.
fn field_by_source(inputs: &Inputs<'_>, field: &FieldSpec) -> Vec<Option<FieldQuality>> {
    let tallies = tally(inputs, inputs.standard.column(&field.name));
    let is_necessary = field.necessity == Necessity::Necessary;
    let derived = if is_necessary {
        derived_column(inputs, &field.name)
    } else {
        None
    };
    let derived_tallies = derived.map(|column| (column, tally(inputs, Some(column))));
    let of_source = |(source, tally): (usize, &StatusTally)| {
        if is_mapped(inputs, source, &field.name, tally) {
            return Some(field_quality(field, tally));
        }
        let quality = match &derived_tallies {
            _ if !is_necessary => return None,
            Some((column, in_parts)) => FieldQuality {
                measured_as: Some(column.field.to_string()),
                ..field_quality(field, &in_parts[source])
            },
            None => field_quality(field, tally),
        };
        Some(FieldQuality {
            is_mapped: false,
            ..quality
        })
    };
    tallies.iter().enumerate().map(of_source).collect()
}

/// Per source, its measured fields in published order.
pub(super) fn fields_by_source(inputs: &Inputs<'_>) -> Vec<Vec<FieldQuality>> {
    let mut by_source = vec![Vec::new(); inputs.records.sources.len()];
    for field in inputs.fields {
        for (fields, quality) in by_source.iter_mut().zip(field_by_source(inputs, field)) {
            fields.extend(quality);
        }
    }
    by_source
}

/// Sums over the fields of one source.
pub(super) struct FieldSums {
    pub(super) completeness: Share,
    pub(super) validity: Share,
    pub(super) placeholders: Share,
}

pub(super) fn sum_fields(fields: &[FieldQuality]) -> FieldSums {
    let sum = |count: fn(&FieldQuality) -> u64| fields.iter().map(count).sum::<u64>();
    let filled = sum(|f| f.filled);
    let placeholders = sum(|f| f.placeholder);
    let assigned = sum(|f| if f.expected > 0 { f.filled } else { 0 });
    FieldSums {
        completeness: Share::of(assigned, sum(|f| f.expected)),
        validity: Share::of(sum(|f| f.valid + f.repaired), filled),
        placeholders: Share::of(placeholders, filled + placeholders),
    }
}

/// Per source, findings in schema fields; a derived field's findings are those of its components.
pub(super) fn issues_by_source(inputs: &Inputs<'_>) -> Vec<Vec<FieldIssue>> {
    let mut by_source = vec![Vec::new(); inputs.records.sources.len()];
    for field in inputs.fields {
        let Some(column) = inputs.standard.column(&field.name) else {
            continue;
        };
        for ((source, code), records) in column_issues(inputs, column) {
            by_source[source].push(FieldIssue {
                field: field.name.to_string(),
                code: code.to_owned(),
                records,
                samples: Vec::new(),
            });
        }
    }
    let mut counts: BTreeMap<(usize, &str, &str), u64> = BTreeMap::new();
    for finding in inputs.standard.findings() {
        if inputs.records.kept(finding.record).is_some() {
            continue;
        }
        if let Some(source) = inputs.records.source_of.get(finding.record.at()) {
            *counts
                .entry((source.at(), finding.field.as_str(), finding.code))
                .or_default() += 1;
        }
    }
    for ((source, field, code), records) in counts {
        by_source[source].push(FieldIssue {
            field: field.to_owned(),
            code: code.to_owned(),
            records,
            samples: Vec::new(),
        });
    }
    by_source
}

fn column_issues(inputs: &Inputs<'_>, column: &StandardColumn) -> BTreeMap<(usize, &'static str), u64> {
    let mut counts = BTreeMap::new();
    for (record, source) in inputs.records.delivered() {
        for (code, _) in column.findings.of(column.cell_of[record.at()]) {
            *counts.entry((source.at(), code.name)).or_default() += 1;
        }
    }
    counts
}

/// Counts of (source, code) as one row per code, most first, ties by name.
fn by_code(counts: impl Iterator<Item = (usize, String, u64)>, sources: usize) -> Vec<CodeCount> {
    let mut rows: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (source, code, count) in counts {
        let row = rows.entry(code).or_insert_with(|| vec![0; sources]);
        if let Some(cell) = row.get_mut(source) {
            *cell += count;
        }
    }
    let mut rows: Vec<CodeCount> = rows
        .into_iter()
        .map(|(code, by_source)| {
            let known = IssueCode::find(&code);
            CodeCount {
                severity: known.map_or("", |c| c.severity.as_str()).to_owned(),
                dimension: known.map_or("", |c| c.dimension).to_owned(),
                total: by_source.iter().sum(),
                code,
                by_source,
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total));
    rows
}

/// Rejected rows by code. A reject of an unknown source has no place in the table and is left to the account.
pub(super) fn rejects_by_code(inputs: &Inputs<'_>) -> Vec<CodeCount> {
    let sources = &inputs.records.sources;
    let counts = inputs.rejects.iter().filter_map(|reject| {
        let source = sources.iter().position(|s| s.name == reject.source)?;
        Some((source, reject.code.name.to_owned(), reject.rows))
    });
    by_code(counts, sources.len())
}

/// Findings by code.
pub(super) fn issues_by_code(issues: &[Vec<FieldIssue>]) -> Vec<CodeCount> {
    let counts = issues.iter().enumerate().flat_map(|(source, of_source)| {
        of_source
            .iter()
            .map(move |issue| (source, issue.code.clone(), issue.records))
    });
    by_code(counts, issues.len())
}
