//! The cells of a column as field types read them.
//!
//! In: the distinct values of a column, its suggested field and the kinds that were seen. Out: for the most telling
//! field types the standing of the cells and what was found, each distinct value read once and counted by its cells; and
//! the range of dates and numbers. Which types tell is decided by the suggested field and the kinds; what a value means is
//! decided by the types.

use super::figures::Example;
use super::figures::Finding;
use super::figures::Range;
use super::figures::Reading;
use super::masking::Masker;
use super::values::DistinctValues;
use super::values::Value;
use crate::field::COMPONENT_SEPARATOR;
use crate::field::FieldType;
use crate::field::field_type;
use crate::model::IssueCode;
use crate::model::ValueStatus;
use crate::plan::propose::SeenKind;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Distinct values of a column that are read, at most; evenly spread over those that are known.
pub(super) const READ_MAX: usize = 20_000;

/// Types beside that of the suggested field, at most.
const OTHERS_MAX: usize = 2;

/// Share of the samples from which a kind is worth reading.
const KIND_SHARE_MIN: f64 = 0.15;

/// Types that take almost anything and so tell nothing about a column whose field is unknown.
const TAKES_ALL: [&str; 4] = ["text", "code", "enumeration", "tax_flag"];

/// Findings of a reading that are listed.
const FINDINGS_MAX: usize = 12;

/// A column as its readers need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadColumn<'a> {
    pub(super) values: &'a DistinctValues,
    pub(super) masker: Masker,
    pub(super) sheets: &'a [String],
    /// Unit and tax statement of the header, which amounts need.
    pub(super) unit: &'a str,
    pub(super) tax: &'a str,
}

/// What a reading gave: the figures, and the standard values of dates and amounts.
pub(super) struct Read<'a> {
    pub(super) figures: Reading,
    /// Values that are stop-gaps to this type.
    pub(super) placeholders: Vec<&'a str>,
    /// First standard value of usable cells, with the cells.
    standard: Vec<(String, u64)>,
}

/// The types that are worth reading a column with, that of the suggested field first.
pub(super) fn telling_types(suggested: Option<&str>, kinds: &[SeenKind]) -> Vec<&'static dyn FieldType> {
    let mut names: Vec<&str> = suggested.into_iter().collect();
    let others = kinds
        .iter()
        .filter(|kind| kind.share >= KIND_SHARE_MIN && !TAKES_ALL.contains(&kind.field_type));
    let mut by_share: Vec<&SeenKind> = others.collect();
    // Stable, so that the telling kinds stay first.
    by_share.sort_by(|a, b| b.share.total_cmp(&a.share));
    for kind in by_share {
        let is_known = names.contains(&kind.field_type);
        // Every code is a number or a date by accident, and every name a party.
        let is_accident = suggested.is_some() && matches!(kind.field_type, "amount" | "date" | "person_name");
        let is_same = kind.field_type == "party_name"
            && names
                .iter()
                .any(|name| matches!(*name, "person_name" | "name_part"));
        if !is_known
            && !is_accident
            && !is_same
            && names.len() < OTHERS_MAX + usize::from(suggested.is_some())
        {
            names.push(kind.field_type);
        }
    }
    names.into_iter().filter_map(field_type).collect()
}

/// Reads the values of `column` by one type.
pub(super) fn read<'a>(
    column: ReadColumn<'a>,
    field_type: &'static dyn FieldType,
    is_suggested: bool,
) -> Read<'a> {
    let [en, zh] = field_type.labels();
    let mut read = Read {
        figures: Reading {
            field_type: field_type.name(),
            en,
            zh,
            is_suggested,
            cells: 0,
            valid: 0,
            repaired: 0,
            suspicious: 0,
            invalid: 0,
            placeholder: 0,
            missing: 0,
            findings: Vec::new(),
        },
        placeholders: Vec::new(),
        standard: Vec::new(),
    };
    let keeps_standard = matches!(field_type.name(), "date" | "amount");
    let mut found: BTreeMap<&'static str, (u64, &Value, &'static IssueCode)> = BTreeMap::new();
    for (value, cells) in column.values.spread(READ_MAX) {
        let standard = field_type.standardise(&raw(column, value, field_type.name()));
        read.figures.cells += cells;
        *standing(&mut read.figures, standard.status) += cells;
        if standard.status == ValueStatus::Placeholder {
            read.placeholders.push(&value.text);
        }
        for finding in &standard.findings {
            let entry = found.entry(finding.code.name).or_insert((0, value, finding.code));
            entry.0 += cells;
        }
        if let Some(item) = standard.items.into_iter().next().filter(|_| keeps_standard) {
            read.standard.push((item.value, cells));
        }
    }
    read.figures.findings = findings(column, found);
    read
}

/// The text that a type is given: amounts are handed what their header says.
fn raw<'v>(column: ReadColumn<'_>, value: &'v Value, field_type: &str) -> Cow<'v, str> {
    if field_type != "amount" || (column.unit.is_empty() && column.tax.is_empty()) {
        return Cow::Borrowed(&value.text);
    }
    let separator = COMPONENT_SEPARATOR;
    Cow::Owned(format!(
        "{}{separator}{}{separator}{}",
        value.text, column.unit, column.tax
    ))
}

fn standing(figures: &mut Reading, status: ValueStatus) -> &mut u64 {
    match status {
        ValueStatus::Valid => &mut figures.valid,
        ValueStatus::Repaired => &mut figures.repaired,
        ValueStatus::Suspicious => &mut figures.suspicious,
        ValueStatus::Invalid => &mut figures.invalid,
        ValueStatus::Placeholder => &mut figures.placeholder,
        ValueStatus::Missing => &mut figures.missing,
    }
}

fn findings(
    column: ReadColumn<'_>,
    found: BTreeMap<&'static str, (u64, &Value, &'static IssueCode)>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = found
        .into_values()
        .map(|(cells, value, code)| Finding {
            code: code.name,
            severity: code.severity.as_str(),
            en: code.en,
            zh: code.zh,
            cells,
            example: example(column, value),
        })
        .collect();
    findings.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.code.cmp(b.code)));
    findings.truncate(FINDINGS_MAX);
    findings
}

/// A value masked, with its place.
pub(super) fn example(column: ReadColumn<'_>, value: &Value) -> Example {
    let sheet = column.sheets.get(usize::from(value.place.sheet));
    Example {
        masked: column.masker.mask(&value.text),
        sheet: sheet.filter(|sheet| !sheet.is_empty()).cloned(),
        line: value.place.line,
    }
}

/// The range of a reading by date or amount that most cells pass.
pub(super) fn range(column: ReadColumn<'_>, read: Read<'_>) -> Option<Range> {
    let kind = match read.figures.field_type {
        "date" => "date",
        "amount" => "number",
        _ => return None,
    };
    let mut values = read.standard;
    let cells: u64 = values.iter().map(|(_, cells)| cells).sum();
    if cells == 0 || cells.saturating_mul(2) < read.figures.cells {
        return None;
    }
    if kind == "date" {
        values.sort();
    } else {
        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
        values.sort_by(|a, b| number(&a.0).total_cmp(&number(&b.0)));
    }
    let at = |per_mille: u64| column.masker.quantile(weighted(&values, cells, per_mille));
    Some(Range {
        kind,
        cells,
        min: at(0),
        p05: at(50),
        p25: at(250),
        median: at(500),
        p75: at(750),
        p95: at(950),
        max: at(1_000),
    })
}

/// The value at a quantile of sorted, weighted values.
pub(super) fn weighted<T: AsRef<str>>(values: &[(T, u64)], cells: u64, per_mille: u64) -> &str {
    let wanted = (u128::from(cells.saturating_sub(1)) * u128::from(per_mille) / 1_000) as u64;
    let mut passed = 0;
    for (value, count) in values {
        passed += count;
        if passed > wanted {
            return value.as_ref();
        }
    }
    values.last().map_or("", |(value, _)| value.as_ref())
}
