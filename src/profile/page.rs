//! The page of a profile: one self-contained HTML file without script or external address.
//!
//! In: a [`Profile`] and a language. Out: the page, equal bytes for equal figures. Style sheet and numbers are those of
//! the run report (`report`); every count carries `data-path`, its place in the JSON file. Columns are laid out in
//! `column_view`, wording is in `words`; nothing is counted here.

use super::column_view::ColumnView;
use super::column_view::severity_class;
use super::column_view::severity_word;
use super::figures::Check;
use super::figures::Profile;
use super::words::Words;
use super::words::words;
use crate::model::Language;
use crate::report::Figure;
use crate::report::STYLE;
use crate::report::style_hash;
use askama::Template;

const OWN_STYLE: &str = include_str!("../../templates/profile.css");

#[derive(Template)]
#[template(path = "profile/page.html")]
struct Page<'a> {
    w: &'static Words,
    style: String,
    style_hash: String,
    file: &'a str,
    keys: Vec<KeyFigure>,
    facts: Vec<Fact>,
    checks: Vec<CheckView>,
    columns: Vec<ColumnView>,
}

/// A number that stands for the whole file.
struct KeyFigure {
    label: &'static str,
    figure: Figure,
}

/// A label with a text.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) text: String,
}

struct CheckView {
    class: &'static str,
    severity: &'static str,
    message: &'static str,
    columns: String,
    evidence: String,
    share: Option<Figure>,
    lines: String,
}

/// Writes the page of `profile` in `language`.
///
/// # Errors
/// When the template cannot be filled, which is a defect.
pub fn render(profile: &Profile, language: Language) -> Result<String, askama::Error> {
    let w = words(language);
    let style = format!("{STYLE}{OWN_STYLE}");
    let page = Page {
        w,
        style_hash: style_hash(&style),
        style,
        file: &profile.file,
        keys: keys(profile, w),
        facts: facts(profile, w),
        checks: profile
            .checks
            .iter()
            .enumerate()
            .map(|(at, check)| check_view(at, check, w, language))
            .collect(),
        columns: profile
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| ColumnView::new(at, column, w, language))
            .collect(),
    };
    page.render()
}

fn keys(profile: &Profile, w: &'static Words) -> Vec<KeyFigure> {
    let count = |label, path: &str, count: u64| KeyFigure {
        label,
        figure: Figure::count(path, count),
    };
    let with_role = |role: &str| {
        let such = profile.columns.iter().filter(|c| c.suggestion.role == role);
        such.count() as u64
    };
    let warnings = profile.checks.iter().filter(|check| check.severity == "warning");
    vec![
        count(w.rows, "rows.records", profile.rows.records),
        count(w.rejected, "rows.rejected", profile.rows.rejected),
        count(w.columns, "columns.length", profile.columns.len() as u64),
        count(w.mapped, "columns.field", with_role("field")),
        count(w.undecided, "columns.question", with_role("question")),
        count(w.warnings, "checks.warning", warnings.count() as u64),
    ]
}

fn facts(profile: &Profile, w: &'static Words) -> Vec<Fact> {
    let layout = &profile.layout;
    let suggestion = &profile.suggestion;
    let key = match suggestion.key_note {
        "sure" => w.key_sure,
        "by_contents" => w.key_by_contents,
        "not_quite_unique" => w.key_not_quite,
        _ => w.key_rows,
    };
    let key = match &suggestion.key {
        Some(header) => format!("{header} ({key})"),
        None => key.to_owned(),
    };
    let delimiter = layout.delimiter.clone().unwrap_or_default();
    let header_row = match layout.header_row {
        0 => String::new(),
        row => row.to_string(),
    };
    let totals = match profile.rows.totals {
        0 => String::new(),
        totals => totals.to_string(),
    };
    let all = [
        (w.format, layout.format.to_owned()),
        (w.encoding, layout.encoding.clone()),
        (w.delimiter, delimiter),
        (w.header_row, header_row),
        (w.sheets, layout.sheets.join(w.comma)),
        (w.totals, totals),
        (w.key, key),
        (
            w.source_column,
            suggestion.source_column.clone().unwrap_or_default(),
        ),
        (w.product_export, suggestion.preset.unwrap_or_default().to_owned()),
    ];
    all.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(label, text)| Fact { label, text })
        .collect()
}

fn check_view(at: usize, check: &Check, w: &'static Words, language: Language) -> CheckView {
    let lines: Vec<String> = check.lines.iter().take(3).map(u64::to_string).collect();
    CheckView {
        class: severity_class(check.severity),
        severity: severity_word(check.severity, w),
        message: language.choose(check.en, check.zh),
        columns: check.columns.join(w.comma),
        evidence: check.evidence.clone(),
        share: check
            .share
            .map(|share| Figure::share(format!("checks.{at}.share"), share)),
        lines: match lines.is_empty() {
            true => String::new(),
            false => place(&lines.join(w.comma), w),
        },
    }
}

/// `line 3`, `第3行`.
pub(super) fn place(lines: &str, w: &Words) -> String {
    let blank = if w.line_end.is_empty() { " " } else { "" };
    format!("{}{blank}{lines}{}", w.line, w.line_end)
}
