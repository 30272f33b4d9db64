//! Rejects or findings by code, with what to do about each.

use super::super::chart;
use super::super::format::Figure;
use super::Context;
use crate::model::IssueCode;
use crate::model::Language;
use crate::quality::CodeCount;

/// One row a code, one column a source.
pub(crate) struct CodeTable {
    pub(crate) sources: Vec<String>,
    pub(crate) rows: Vec<CodeRow>,
}

/// One code.
pub(crate) struct CodeRow {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) hint: &'static str,
    /// Class: `good`, `fair` or `poor`.
    pub(crate) class: &'static str,
    pub(crate) severity: String,
    pub(crate) total: Figure,
    pub(crate) bar: String,
    pub(crate) by_source: Vec<Figure>,
}

impl CodeTable {
    /// The table of `counts`, which stand at `place` in `quality.json`.
    pub(crate) fn new(context: Context<'_>, place: &str, counts: &[CodeCount]) -> Self {
        let most = counts.iter().map(|count| count.total).max().unwrap_or(0);
        let rows = counts.iter().enumerate();
        Self {
            sources: context.quality.sources.iter().map(|s| s.name.clone()).collect(),
            rows: rows
                .map(|(at, count)| code_row(context, &format!("{place}.{at}"), count, most))
                .collect(),
        }
    }
}

fn code_row(context: Context<'_>, path: &str, count: &CodeCount, most: u64) -> CodeRow {
    let known = IssueCode::find(&count.code);
    let language = usize::from(context.language == Language::Zh);
    let by_source = count.by_source.iter().enumerate();
    CodeRow {
        code: count.code.clone(),
        label: known.map_or("", |code| context.pick(code.en, code.zh)).to_owned(),
        hint: known.map_or("", |code| code.hint[language]),
        class: match count.severity.as_str() {
            "error" => "poor",
            "warning" => "fair",
            _ => "plain",
        },
        severity: context.m.severity(&count.severity).to_owned(),
        total: Figure::count(format!("{path}.total"), count.total),
        bar: chart::width(count.total, most),
        by_source: by_source
            .map(|(source, &rows)| Figure::count(format!("{path}.by_source.{source}"), rows))
            .collect(),
    }
}
