//! From a finding to rows that someone can open: file, line and column with the masked value, and entries that look invented.
//!
//! The page of the group shows the largest findings of each source and leads to the source's own page, which shows all; so the page
//! stays small however many sources there are.

use super::super::file_name;
use super::super::format::Figure;
use super::Context;
use crate::model::IssueCode;
use crate::model::Language;
use crate::quality::FieldIssue;
use crate::quality::SampleCell;
use crate::quality::Suspicion;
use std::cmp::Reverse;

/// Findings and entries that the page of the group shows over all sources, about.
const SHOWN_OVER_ALL: usize = 150;
/// The same of each source at least.
const SHOWN_MIN: usize = 3;

/// Findings of one source.
pub(crate) struct SourceFindings {
    pub(crate) name: String,
    /// File of the source's own page.
    pub(crate) page: String,
    pub(crate) rows: Vec<Finding>,
    /// Are there more on the source's own page?
    pub(crate) has_more: bool,
}

/// Findings of one code in one field.
pub(crate) struct Finding {
    pub(crate) field: String,
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) hint: &'static str,
    pub(crate) class: &'static str,
    pub(crate) severity: String,
    pub(crate) records: Figure,
    pub(crate) samples: Vec<Sample>,
    /// Does any sample have one?
    pub(crate) has_hashes: bool,
}

/// One cell of an export.
pub(crate) struct Sample {
    pub(crate) place: Place,
    pub(crate) column: String,
    pub(crate) masked: String,
    /// Keyed hash of the raw text; empty without a key.
    pub(crate) hash: String,
}

/// A line of a file.
pub(crate) struct Place {
    pub(crate) file: String,
    /// `None` when it is not known.
    pub(crate) line: Option<Figure>,
}

impl Place {
    pub(super) fn new(path: &str, file: &str, line: u32) -> Self {
        Self {
            file: file.to_owned(),
            line: (line > 0).then(|| Figure::count(format!("{path}.line"), u64::from(line))),
        }
    }
}

/// Findings of every source, as many of each as the page of the group holds.
pub(crate) fn of_group(context: Context<'_>) -> Vec<SourceFindings> {
    let sources = &context.quality.sources;
    let most = shown_most(sources.len());
    let sources = sources.iter().enumerate();
    let found = sources.map(|(at, source)| {
        let mut rows = of_source(context, at);
        let has_more = rows.len() > most;
        rows.truncate(most);
        if most < SHOWN_OVER_ALL / 10 {
            rows.iter_mut().for_each(|row| row.samples.truncate(1));
        }
        SourceFindings {
            name: source.name.clone(),
            page: file_name(&source.name),
            rows,
            has_more,
        }
    });
    found.filter(|source| !source.rows.is_empty()).collect()
}

impl SourceFindings {
    /// All of one source.
    pub(crate) fn of_source(context: Context<'_>, at: usize) -> Self {
        Self {
            name: String::new(),
            page: String::new(),
            rows: of_source(context, at),
            has_more: false,
        }
    }
}

fn shown_most(sources: usize) -> usize {
    (SHOWN_OVER_ALL / sources.max(1)).max(SHOWN_MIN)
}

/// All findings of a source, errors first, then by records.
fn of_source(context: Context<'_>, at: usize) -> Vec<Finding> {
    let Some(source) = context.quality.sources.get(at) else {
        return Vec::new();
    };
    let mut issues: Vec<(usize, &FieldIssue)> = source.issues.iter().enumerate().collect();
    issues.sort_by_key(|(place, issue)| (rank(&issue.code), Reverse(issue.records), *place));
    let rows = issues.into_iter();
    rows.map(|(place, issue)| finding(context, &format!("sources.{at}.issues.{place}"), issue))
        .collect()
}

/// Errors before warnings before notes.
fn rank(code: &str) -> u8 {
    match IssueCode::find(code).map(|code| code.severity.as_str()) {
        Some("error") => 0,
        Some("warning") => 1,
        _ => 2,
    }
}

fn finding(context: Context<'_>, path: &str, issue: &FieldIssue) -> Finding {
    let known = IssueCode::find(&issue.code);
    let language = usize::from(context.language == Language::Zh);
    let severity = known.map_or("info", |code| code.severity.as_str());
    let sample = |(at, sample): (usize, &SampleCell)| Sample {
        place: Place::new(&format!("{path}.samples.{at}"), &sample.file, sample.line),
        column: sample.column.clone(),
        masked: sample.masked.clone(),
        hash: sample.raw_hash.clone(),
    };
    let has_hashes = issue.samples.iter().any(|sample| !sample.raw_hash.is_empty());
    Finding {
        has_hashes,
        field: context.field_label(&issue.field).to_owned(),
        code: issue.code.clone(),
        label: known.map_or("", |code| context.pick(code.en, code.zh)).to_owned(),
        hint: known.map_or("", |code| code.hint[language]),
        class: match severity {
            "error" => "poor",
            "warning" => "fair",
            _ => "plain",
        },
        severity: context.m.severity(severity).to_owned(),
        records: Figure::count(format!("{path}.records"), issue.records),
        samples: issue.samples.iter().enumerate().map(sample).collect(),
    }
}

/// Entries that look invented.
pub(crate) struct SuspicionSection {
    pub(crate) rows: Vec<SuspicionRow>,
    /// Are there more on the sources' own pages?
    pub(crate) has_more: bool,
}

/// One pattern.
pub(crate) struct SuspicionRow {
    /// Name and owner of the source; empty on its own page.
    pub(crate) source: String,
    pub(crate) owner: String,
    pub(crate) kind: String,
    pub(crate) field: String,
    pub(crate) evidence: String,
    pub(crate) customers: Figure,
    pub(crate) records: Figure,
    pub(crate) places: Vec<Place>,
}

impl SuspicionSection {
    /// Those of every source, as many of each as the page of the group holds.
    pub(crate) fn of_group(context: Context<'_>) -> Self {
        let most = shown_most(context.quality.sources.len());
        let mut shown = vec![0usize; context.quality.sources.len()];
        let mut has_more = false;
        let mut rows = Vec::new();
        for (at, suspicion) in context.quality.suspicions.iter().enumerate() {
            let Some(count) = shown.get_mut(suspicion.source) else {
                continue;
            };
            *count += 1;
            if *count > most {
                has_more = true;
                continue;
            }
            let source = &context.quality.sources[suspicion.source];
            rows.push(SuspicionRow {
                source: source.name.clone(),
                owner: source.owner.clone(),
                ..suspicion_row(context, at, suspicion)
            });
        }
        Self { rows, has_more }
    }

    /// All of one source.
    pub(crate) fn of_source(context: Context<'_>, source: usize) -> Self {
        let suspicions = context.quality.suspicions.iter().enumerate();
        let own = suspicions.filter(|(_, suspicion)| suspicion.source == source);
        Self {
            rows: own
                .map(|(at, suspicion)| suspicion_row(context, at, suspicion))
                .collect(),
            has_more: false,
        }
    }
}

fn suspicion_row(context: Context<'_>, at: usize, suspicion: &Suspicion) -> SuspicionRow {
    let path = format!("suspicions.{at}");
    let places = suspicion.rows.iter().enumerate();
    SuspicionRow {
        source: String::new(),
        owner: String::new(),
        kind: context.m.suspicion(&suspicion.kind).to_owned(),
        field: context.field_label(&suspicion.field).to_owned(),
        evidence: suspicion.evidence.clone(),
        customers: Figure::count(format!("{path}.customers"), suspicion.customers),
        records: Figure::count(format!("{path}.records"), suspicion.records),
        places: places
            .map(|(row, place)| Place::new(&format!("{path}.rows.{row}"), &place.file, place.line))
            .collect(),
    }
}
