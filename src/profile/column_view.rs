//! One column as the page shows it.
//!
//! In: the figures of a column. Out: texts, bars and figures in the order of the page. Lists are cut to what fits a
//! laptop; the JSON file has them in full.

use super::figures::Column;
use super::figures::Example;
use super::figures::Finding;
use super::figures::Range;
use super::figures::Reading;
use super::figures::TopValue;
use super::page::Fact;
use super::page::place;
use super::words::Words;
use crate::model::Language;
use crate::quality::Share;
use crate::report::Figure;
use crate::report::percent;
use crate::report::width;

/// Kinds from this share of the samples on are named, per mille.
const KIND_PER_MILLE_MIN: u64 = 100;

/// A card of the page, and a row of its overview.
pub(super) struct ColumnView {
    pub(super) position: usize,
    pub(super) header: String,
    pub(super) is_mapped: bool,
    pub(super) is_filled: bool,
    /// The field, or what else the column is.
    pub(super) role: String,
    pub(super) role_note: String,
    pub(super) filled_share: Figure,
    pub(super) distinct: Figure,
    pub(super) distinct_note: String,
    pub(super) tags: Vec<Tag>,
    pub(super) facts: Vec<Fact>,
    pub(super) readings: Vec<ReadingView>,
    pub(super) findings: Vec<FindingView>,
    pub(super) patterns: Vec<PatternView>,
    pub(super) patterns_note: String,
    pub(super) values: Vec<ValueView>,
    pub(super) range: Vec<Fact>,
    pub(super) range_note: String,
    pub(super) sample_note: String,
}

/// A word in a box.
pub(super) struct Tag {
    pub(super) class: &'static str,
    pub(super) text: &'static str,
}

/// The cells as one type reads them.
pub(super) struct ReadingView {
    pub(super) label: &'static str,
    pub(super) bars: Vec<Bar>,
    /// Usable cells.
    pub(super) usable: Figure,
    /// Valid, repaired, suspicious, invalid, placeholder.
    pub(super) shares: Vec<Figure>,
}

/// A part of a bar, in per cent.
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: String,
    pub(super) width: String,
}

/// A finding of the first reading that has it.
pub(super) struct FindingView {
    pub(super) message: &'static str,
    pub(super) code: &'static str,
    pub(super) class: &'static str,
    pub(super) severity: &'static str,
    pub(super) cells: Figure,
    pub(super) masked: String,
    pub(super) place: String,
}

/// A pattern.
pub(super) struct PatternView {
    pub(super) text: String,
    pub(super) masked: String,
    pub(super) share: Figure,
}

/// A frequent value.
pub(super) struct ValueView {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) note: &'static str,
    pub(super) cells: String,
    pub(super) share: Figure,
}

/// Class of a tag for a severity.
pub(super) fn severity_class(severity: &str) -> &'static str {
    match severity {
        "error" => "poor",
        "warning" => "fair",
        _ => "plain",
    }
}

/// Word of a severity.
pub(super) fn severity_word(severity: &str, w: &Words) -> &'static str {
    match severity {
        "error" => w.error,
        "warning" => w.warning,
        _ => w.info,
    }
}

impl ColumnView {
    /// The view of the column at `at`.
    pub(super) fn new(at: usize, column: &Column, w: &'static Words, language: Language) -> Self {
        let path = |name: &str| format!("columns.{at}.{name}");
        let rows = column.filled + column.empty;
        let mut distinct_note = String::new();
        if column.is_unique {
            distinct_note.push_str(w.unique);
        } else if column.is_distinct_estimated {
            distinct_note.push('≈');
        }
        let sample = column.looked_at;
        Self {
            position: column.position,
            header: column.header.clone(),
            is_mapped: column.suggestion.role == "field",
            is_filled: column.filled > 0,
            role: role(column, w, language),
            role_note: role_note(column, w, language),
            filled_share: Figure::share(path("filled"), Share::of(column.filled, rows)),
            distinct: Figure::count(path("distinct"), column.distinct),
            distinct_note,
            tags: tags(column, w),
            facts: facts(column, w, language),
            readings: column
                .readings
                .iter()
                .enumerate()
                .map(|(nth, reading)| reading_view(&path(&format!("readings.{nth}")), reading, language))
                .collect(),
            findings: findings(&path("readings"), column, w, language),
            patterns: patterns(&path("patterns"), column),
            patterns_note: format!("{} {}", column.patterns_distinct, w.of_patterns),
            values: column
                .top_values
                .iter()
                .enumerate()
                .map(|(nth, value)| value_view(&path(&format!("top_values.{nth}")), value, column, w))
                .collect(),
            range: column
                .range
                .as_ref()
                .map(|range| quantiles(range, w))
                .unwrap_or_default(),
            range_note: column
                .range
                .as_ref()
                .map(|range| range_note(range, column, w))
                .unwrap_or_default(),
            sample_note: if sample.is_sample {
                let looked = crate::report::grouped(sample.distinct);
                format!("{}{}{looked}", w.sampled, w.colon)
            } else {
                String::new()
            },
        }
    }
}

/// What the column would be: a field by its label, key, subsidiary, a question, or nothing.
pub(super) fn role(column: &Column, w: &Words, language: Language) -> String {
    let suggestion = &column.suggestion;
    match suggestion.role {
        "field" => language.choose(suggestion.en, suggestion.zh),
        "key" => w.role_key,
        "source" => w.role_source,
        "question" => w.role_question,
        _ => w.none,
    }
    .to_owned()
}

fn role_note(column: &Column, w: &Words, language: Language) -> String {
    let suggestion = &column.suggestion;
    let main = column
        .kinds
        .iter()
        .find(|kind| kind.per_mille >= 600)
        .map(|kind| language.choose(kind.en, kind.zh));
    match (suggestion.field, suggestion.confidence) {
        (Some(field), Some(confidence)) => format!("{field} · {confidence}%"),
        _ if suggestion.role == "question" => candidates(column, w, language),
        _ if suggestion.instead.is_some() => w.instead.to_owned(),
        _ => main.unwrap_or_default().to_owned(),
    }
}

fn candidates(column: &Column, w: &Words, language: Language) -> String {
    let named = column.suggestion.candidates.iter().map(|candidate| {
        let label = language.choose(candidate.en, candidate.zh);
        if candidate.confidence == 0 {
            label.to_owned()
        } else {
            format!("{label} {}%", candidate.confidence)
        }
    });
    named.collect::<Vec<_>>().join(w.comma)
}

fn tags(column: &Column, w: &'static Words) -> Vec<Tag> {
    let tag = |class, text| Tag { class, text };
    let mut tags = Vec::new();
    if column.is_unique {
        tags.push(tag("plain", w.unique));
    }
    if column.filled == 0 {
        tags.push(tag("plain", w.no_values));
    } else if column.distinct == 1 {
        tags.push(tag("plain", w.constant));
    }
    if !column.frequent_values.is_empty() {
        tags.push(tag("fair", w.frequent));
    }
    tags
}

fn facts(column: &Column, w: &'static Words, language: Language) -> Vec<Fact> {
    let suggestion = &column.suggestion;
    let rows = column.filled + column.empty;
    let counted = |count: u64, whole: u64| {
        let grouped = crate::report::grouped(count);
        format!("{grouped} ({})", percent(Share::of(count, whole)))
    };
    let reason = suggestion.evidence.map(|evidence| match evidence {
        "preset" => w.by_preset,
        "header" => w.by_header,
        _ => w.by_contents,
    });
    let confidence = suggestion.confidence.unwrap_or(0);
    let reason = reason.map(|reason| format!("{reason}{}{} {confidence}%", w.comma, w.confidence));
    let kinds: Vec<String> = column
        .kinds
        .iter()
        .filter(|kind| kind.per_mille >= KIND_PER_MILLE_MIN)
        .take(4)
        .map(|kind| {
            let share = percent(Share::of(kind.per_mille, 1_000));
            format!("{} {share}", language.choose(kind.en, kind.zh))
        })
        .collect();
    let lengths = column.lengths.map(|lengths| {
        let (min, median, max) = (lengths.min, lengths.median, lengths.max);
        format!("{min} – {max} ({} {median})", w.median)
    });
    let all = [
        (w.filled, counted(column.filled, rows)),
        (
            w.empty,
            if column.empty > 0 {
                counted(column.empty, rows)
            } else {
                String::new()
            },
        ),
        (w.distinct, distinct(column)),
        (w.reason, reason.unwrap_or_default()),
        (w.candidates, candidates(column, w, language)),
        (w.looks_like, kinds.join(w.comma)),
        (w.masking, masking(column, w).to_owned()),
        (w.unit, column.unit.clone().unwrap_or_default()),
        (w.tax, column.tax.unwrap_or_default().to_owned()),
        (w.lengths, lengths.unwrap_or_default()),
        (w.scripts, scripts(column, w)),
    ];
    all.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(label, text)| Fact { label, text })
        .collect()
}

fn masking(column: &Column, w: &Words) -> &'static str {
    match column.masking {
        "none" => w.mask_none,
        "name" => w.mask_name,
        "phone" => w.mask_phone,
        "email" => w.mask_email,
        "id" | "bank_card" => w.mask_id,
        "address" => w.mask_address,
        "date" => w.mask_date,
        _ => w.mask_text,
    }
}

/// The number of distinct values; `≈` before an estimate.
pub(super) fn distinct(column: &Column) -> String {
    let mark = if column.is_distinct_estimated { "≈" } else { "" };
    format!("{mark}{}", crate::report::grouped(column.distinct))
}

fn scripts(column: &Column, w: &Words) -> String {
    let scripts = column.scripts;
    let all = [
        (w.han, scripts.han),
        (w.latin, scripts.latin),
        (w.mixed, scripts.mixed),
        (w.digits, scripts.digits),
        (w.other, scripts.other),
    ];
    let cells = column.looked_at.cells;
    let named = all
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{word} {}", percent(Share::of(count, cells))));
    named.collect::<Vec<_>>().join(w.comma)
}

fn reading_view(path: &str, reading: &Reading, language: Language) -> ReadingView {
    let parts = [
        ("v1", "valid", reading.valid),
        ("v2", "repaired", reading.repaired),
        ("v3", "suspicious", reading.suspicious),
        ("v4", "invalid", reading.invalid),
        ("v5", "placeholder", reading.placeholder),
    ];
    let mut before = 0;
    let mut bars = Vec::new();
    for (class, _, cells) in parts.iter().filter(|(.., cells)| *cells > 0) {
        bars.push(Bar {
            class,
            x: width(before, reading.cells),
            width: width(*cells, reading.cells),
        });
        before += cells;
    }
    let usable = reading.valid + reading.repaired + reading.suspicious;
    ReadingView {
        label: language.choose(reading.en, reading.zh),
        bars,
        usable: Figure::share(format!("{path}.cells"), Share::of(usable, reading.cells)),
        shares: parts
            .iter()
            .map(|(_, name, cells)| Figure::share(format!("{path}.{name}"), Share::of(*cells, reading.cells)))
            .collect(),
    }
}

/// Findings of the reading that counts: that of the suggested field, or the first.
fn findings(path: &str, column: &Column, w: &'static Words, language: Language) -> Vec<FindingView> {
    let Some(reading) = column.readings.first() else {
        return Vec::new();
    };
    let view = |(nth, finding): (usize, &Finding)| FindingView {
        message: language.choose(finding.en, finding.zh),
        code: finding.code,
        class: severity_class(finding.severity),
        severity: severity_word(finding.severity, w),
        cells: Figure::count(format!("{path}.0.findings.{nth}.cells"), finding.cells),
        masked: finding.example.masked.clone(),
        place: example_place(&finding.example, w),
    };
    reading.findings.iter().enumerate().map(view).collect()
}

fn example_place(example: &Example, w: &Words) -> String {
    let line = place(&example.line.to_string(), w);
    match &example.sheet {
        Some(sheet) => format!("{sheet} {line}"),
        None => line,
    }
}

fn patterns(path: &str, column: &Column) -> Vec<PatternView> {
    let cells = column.looked_at.cells;
    let patterns = column.patterns.iter().enumerate();
    patterns
        .map(|(nth, pattern)| PatternView {
            text: pattern.pattern.clone(),
            masked: pattern.example.masked.clone(),
            share: Figure::share(format!("{path}.{nth}.cells"), Share::of(pattern.cells, cells)),
        })
        .collect()
}

fn value_view(path: &str, value: &TopValue, column: &Column, w: &'static Words) -> ValueView {
    let is_frequent = column
        .frequent_values
        .iter()
        .any(|frequent| (frequent.line, frequent.cells) == (value.line, value.cells));
    let (class, note) = match (value.is_placeholder, is_frequent) {
        (true, _) => ("poor", w.placeholder),
        (false, true) => ("fair", w.frequent),
        (false, false) => ("plain", ""),
    };
    let mark = if value.is_at_least { "≥" } else { "" };
    ValueView {
        text: value.masked.clone(),
        class,
        note,
        cells: format!("{mark}{}", crate::report::grouped(value.cells)),
        share: Figure::share(format!("{path}.cells"), Share::of(value.cells, column.filled)),
    }
}

fn quantiles(range: &Range, w: &'static Words) -> Vec<Fact> {
    let all = [
        (w.min, &range.min),
        ("5%", &range.p05),
        ("25%", &range.p25),
        (w.median, &range.median),
        ("75%", &range.p75),
        ("95%", &range.p95),
        (w.max, &range.max),
    ];
    all.map(|(label, text)| Fact {
        label,
        text: text.clone(),
    })
    .into()
}

fn range_note(range: &Range, column: &Column, w: &Words) -> String {
    let kind = if range.kind == "date" { w.date } else { w.number };
    let share = percent(Share::of(range.cells, column.looked_at.cells));
    format!("{kind}, {share} {}", w.of_cells)
}
