//! From what was seen of a file to its figures.
//!
//! In: the watched file and the suggestion for its columns. Out: the [`Profile`]. Columns are measured in parallel, each
//! by itself; texts are masked here and go no further.

use super::checks;
use super::figures::Candidate;
use super::figures::Column;
use super::figures::ColumnSuggestion;
use super::figures::Kind;
use super::figures::Layout;
use super::figures::Lengths;
use super::figures::LookedAt;
use super::figures::Method;
use super::figures::Pattern;
use super::figures::Profile;
use super::figures::Range;
use super::figures::Reading;
use super::figures::Reject;
use super::figures::RowFigures;
use super::figures::SCHEMA;
use super::figures::Scripts;
use super::figures::SourceSuggestion;
use super::figures::TopValue;
use super::masking::Headers;
use super::masking::Masker;
use super::pattern::CellScript;
use super::pattern::cell_script;
use super::pattern::pattern;
use super::reading;
use super::reading::READ_MAX;
use super::reading::ReadColumn;
use super::values::DISTINCT_MAX;
use super::values::DistinctValues;
use super::values::Value;
use super::watch::Seen;
use super::watch::SeenColumn;
use crate::field::FieldSpec;
use crate::field::customer_schema;
use crate::ingest::ColumnProfile;
use crate::ingest::WatchedFile;
use crate::model::IssueCode;
use crate::plan::propose;
use crate::plan::propose::Evidence;
use crate::plan::propose::KeyNote;
use crate::plan::propose::Role;
use crate::plan::propose::Suggestion;
use crate::text::script::has_han;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;
use std::collections::BTreeMap;

/// Patterns and values that are listed.
const LISTED_MAX: usize = 10;

/// A column with everything known about it; what `checks` looks at, too.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownColumn<'a> {
    pub(super) profile: &'a ColumnProfile,
    pub(super) seen: &'a SeenColumn,
    pub(super) suggestion: &'a propose::ColumnSuggestion,
    /// Position among all columns of the file, unnamed ones included.
    pub(super) position: usize,
}

impl KnownColumn<'_> {
    /// The field that a job would make of the column.
    pub(super) fn field(&self) -> Option<&'static FieldSpec> {
        match self.suggestion.role {
            Role::Field { field, .. } => field_named(field),
            _ => None,
        }
    }

    /// The field that decides how the column is masked: the likeliest one where a job would ask.
    fn masked_as(&self) -> Option<&'static FieldSpec> {
        let likely = self
            .suggestion
            .candidates
            .iter()
            .find(|(_, confidence)| *confidence > 0.5);
        match &self.suggestion.role {
            Role::Field { field, .. } | Role::NotCarried(Some(field)) => field_named(field),
            Role::Question(options) => options.first().copied().and_then(field_named),
            _ => likely.and_then(|(field, _)| field_named(field)),
        }
    }
}

/// The field of the schema with this name.
fn field_named(name: &str) -> Option<&'static FieldSpec> {
    customer_schema().iter().find(|field| field.name == name)
}

/// Makes the figures of one file.
pub(super) fn measure(file: String, watched: &WatchedFile, suggestion: &Suggestion, seen: &Seen) -> Profile {
    let profile = &watched.profile;
    let known: Vec<KnownColumn<'_>> = profile
        .columns
        .iter()
        .zip(&suggestion.columns)
        .zip(&watched.positions)
        .filter_map(|((profile, suggestion), &position)| {
            let seen = seen.columns.get(position)?;
            Some(KnownColumn {
                profile,
                seen,
                suggestion,
                position,
            })
        })
        .collect();
    let headers = Headers::new(profile.columns.iter().map(|column| column.header.as_str()));
    let columns: Vec<Column> = known
        .par_iter()
        .map(|known| column(*known, profile.rows, headers, &seen.sheets))
        .collect();
    let checks = checks::checks(&known, &columns, suggestion, watched, seen, headers);
    Profile {
        schema: SCHEMA,
        file,
        has_han_headers: profile.columns.iter().any(|column| has_han(&column.header)),
        layout: layout(watched),
        rows: rows(watched, seen),
        suggestion: source(suggestion, headers),
        checks,
        columns,
        method: Method {
            distinct_exact_max: DISTINCT_MAX as u64,
            distinct_read_max: READ_MAX as u64,
            rows_compared: seen.compared.rows() as u64,
        },
    }
}

fn layout(watched: &WatchedFile) -> Layout {
    let profile = &watched.profile;
    Layout {
        format: profile.format.as_str(),
        encoding: profile.encoding.clone(),
        delimiter: profile.delimiter.map(|byte| match byte {
            b'\t' => "\\t".to_owned(),
            byte => char::from(byte).to_string(),
        }),
        header_row: profile.header_row,
        sheets: profile.sheets.clone(),
        sheets_left_out: watched.sheets_left_out.clone(),
    }
}

fn rows(watched: &WatchedFile, seen: &Seen) -> RowFigures {
    let reject = |(name, rows): (&&'static str, &super::watch::Rows)| {
        let code = IssueCode::find(name)?;
        Some(Reject {
            code: code.name,
            en: code.en,
            zh: code.zh,
            rows: rows.count,
            lines: rows.places.iter().map(|place| place.line).collect(),
        })
    };
    RowFigures {
        records: watched.profile.rows,
        rejected: watched.profile.rows_rejected,
        totals: seen.totals.count,
        rejects: seen.rejected.iter().filter_map(reject).collect(),
    }
}

fn source(suggestion: &Suggestion, headers: Headers) -> SourceSuggestion {
    let source = &suggestion.source;
    let shown = |header: &Option<String>| header.as_deref().map(|header| headers.show(header));
    SourceSuggestion {
        key: shown(&source.key),
        key_note: match source.key_note {
            KeyNote::Sure => "sure",
            KeyNote::ByContents => "by_contents",
            KeyNote::NotQuiteUnique => "not_quite_unique",
            KeyNote::Rows => "rows",
        },
        source_column: shown(&source.source_column),
        preset: source.preset,
    }
}

fn column(known: KnownColumn<'_>, rows: u64, headers: Headers, sheets: &[String]) -> Column {
    let (profile, values) = (known.profile, &known.seen.values);
    let masker = Masker::new(known.masked_as(), known.seen.filled, values);
    let read_column = ReadColumn {
        values,
        masker,
        sheets,
        unit: profile.unit.as_deref().unwrap_or(""),
        tax: profile.tax.map_or("", |tax| tax.as_str()),
    };
    let (readings, range, placeholders) = readings(known, read_column);
    let patterns = patterns(read_column);
    Column {
        position: known.position + 1,
        header: headers.show(&profile.header),
        unit: profile.unit.clone(),
        tax: profile.tax.map(|tax| tax.as_str()),
        filled: known.seen.filled,
        empty: rows.saturating_sub(known.seen.filled),
        distinct: if profile.is_unique { rows } else { values.distinct },
        is_distinct_estimated: values.is_sample && !profile.is_unique,
        is_unique: profile.is_unique,
        suggestion: column_suggestion(known),
        kinds: kinds(known),
        masking: masker.class(),
        looked_at: LookedAt {
            distinct: values.values.len() as u64,
            cells: values.spread(usize::MAX).iter().map(|(_, cells)| cells).sum(),
            is_sample: values.is_sample,
        },
        frequent_values: frequent(known, masker, &placeholders),
        top_values: top(values, masker, &placeholders),
        readings,
        lengths: lengths(values),
        scripts: scripts(values),
        patterns_distinct: patterns.1,
        patterns: patterns.0,
        range,
    }
}

fn readings<'a>(
    known: KnownColumn<'_>,
    column: ReadColumn<'a>,
) -> (Vec<Reading>, Option<Range>, Vec<&'a str>) {
    let suggested = match known.suggestion.role {
        Role::Key => Some("code"),
        Role::Source => Some("text"),
        _ => known.field().map(|field| &*field.field_type),
    };
    let mut types = reading::telling_types(suggested, &known.suggestion.kinds);
    if types.is_empty() && known.seen.filled > 0 {
        types.extend(crate::field::field_type("text"));
    }
    let mut readings = Vec::new();
    let mut range = None;
    let mut placeholders: Vec<&str> = Vec::new();
    for field_type in types {
        let is_suggested = suggested == Some(field_type.name());
        let read = reading::read(column, field_type, is_suggested);
        readings.push(read.figures.clone());
        if placeholders.is_empty() && (is_suggested || suggested.is_none()) {
            placeholders.clone_from(&read.placeholders);
        }
        let is_first = range.is_none() && (is_suggested || suggested.is_none());
        if is_first && !matches!(known.suggestion.role, Role::Key) {
            range = reading::range(column, read);
        }
    }
    placeholders.sort_unstable();
    (readings, range, placeholders)
}

fn per_cent(confidence: f64) -> u64 {
    libm::round(confidence * 100.0).clamp(0.0, 100.0) as u64
}

fn column_suggestion(known: KnownColumn<'_>) -> ColumnSuggestion {
    let mut suggestion = ColumnSuggestion {
        role: "none",
        field: None,
        en: "",
        zh: "",
        confidence: None,
        evidence: None,
        instead: None,
        candidates: Vec::new(),
    };
    match &known.suggestion.role {
        Role::Key => suggestion.role = "key",
        Role::Source => suggestion.role = "source",
        Role::Question(_) => suggestion.role = "question",
        Role::NotCarried(instead) => suggestion.instead = *instead,
        Role::Field {
            field,
            confidence,
            evidence,
        } => {
            suggestion.role = "field";
            suggestion.field = Some(field);
            suggestion.confidence = Some(per_cent(*confidence));
            suggestion.evidence = Some(match evidence {
                Evidence::Preset => "preset",
                Evidence::Header => "header",
                Evidence::Contents => "contents",
            });
        }
    }
    if let Some(field) = known.field() {
        (suggestion.en, suggestion.zh) = (&field.en, &field.zh);
    }
    let mut others = known.suggestion.candidates.clone();
    if let Role::Question(options) = &known.suggestion.role {
        let known: Vec<&str> = others.iter().map(|(field, _)| *field).collect();
        let more = options.iter().filter(|option| !known.contains(option));
        let more: Vec<_> = more.map(|option| (*option, 0.0)).collect();
        others.extend(more);
    }
    let others = others
        .into_iter()
        .filter(|(field, _)| Some(*field) != suggestion.field);
    suggestion.candidates = others
        .filter_map(|(name, confidence)| {
            let field = field_named(name)?;
            Some(Candidate {
                field: name,
                en: &field.en,
                zh: &field.zh,
                confidence: per_cent(confidence),
            })
        })
        .collect();
    suggestion
}

fn kinds(known: KnownColumn<'_>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for seen in &known.suggestion.kinds {
        let per_mille = libm::round(seen.share * 1_000.0) as u64;
        let [en, zh] = seen.labels;
        // Two kinds may have one label, such as dates in words and in numbers.
        match kinds.iter_mut().find(|kind| kind.en == en) {
            Some(kind) => kind.per_mille = kind.per_mille.max(per_mille),
            None => kinds.push(Kind { en, zh, per_mille }),
        }
    }
    kinds
}

fn lengths(values: &DistinctValues) -> Option<Lengths> {
    let mut lengths: Vec<(u32, u64)> = values
        .spread(usize::MAX)
        .into_iter()
        .map(|(value, cells)| (value.chars, cells))
        .collect();
    lengths.sort_unstable();
    let (first, last) = (lengths.first()?.0, lengths.last()?.0);
    let all: u64 = lengths.iter().map(|(_, cells)| cells).sum();
    let half = all.saturating_sub(1) / 2;
    let mut passed = 0;
    let median = lengths.iter().find(|(_, cells)| {
        passed += cells;
        passed > half
    });
    Some(Lengths {
        min: u64::from(first),
        median: u64::from(median.map_or(last, |(length, _)| *length)),
        max: u64::from(last),
    })
}

fn scripts(values: &DistinctValues) -> Scripts {
    let mut scripts = Scripts::default();
    for (value, cells) in values.spread(usize::MAX) {
        let count = match cell_script(&value.text) {
            CellScript::Han => &mut scripts.han,
            CellScript::Latin => &mut scripts.latin,
            CellScript::Mixed => &mut scripts.mixed,
            CellScript::Digits => &mut scripts.digits,
            CellScript::Other => &mut scripts.other,
        };
        *count += cells;
    }
    scripts
}

/// The most frequent patterns, and how many there are.
fn patterns(column: ReadColumn<'_>) -> (Vec<Pattern>, usize) {
    let mut counts: BTreeMap<String, (u64, &Value)> = BTreeMap::new();
    for (value, cells) in column.values.spread(usize::MAX) {
        counts.entry(pattern(&value.text)).or_insert((0, value)).0 += cells;
    }
    let distinct = counts.len();
    let mut ordered: Vec<(String, (u64, &Value))> = counts.into_iter().collect();
    ordered.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    let listed = ordered.into_iter().take(LISTED_MAX);
    let patterns = listed
        .map(|(pattern, (cells, value))| Pattern {
            pattern,
            cells,
            example: reading::example(column, value),
        })
        .collect();
    (patterns, distinct)
}

fn top_value(value: &Value, is_exact: bool, masker: Masker, placeholders: &[&str]) -> TopValue {
    TopValue {
        masked: masker.mask(&value.text),
        cells: value.cells,
        is_at_least: !is_exact,
        is_placeholder: placeholders.binary_search(&&*value.text).is_ok(),
        line: value.place.line,
    }
}

fn top(values: &DistinctValues, masker: Masker, placeholders: &[&str]) -> Vec<TopValue> {
    let top = values.top(LISTED_MAX);
    if top.first().is_none_or(|(value, _)| value.cells < 2) {
        return Vec::new();
    }
    top.into_iter()
        .map(|(value, is_exact)| top_value(value, is_exact, masker, placeholders))
        .collect()
}

/// Fields whose values should tell customers apart.
const IDENTIFYING: [&str; 16] = [
    "customer_name",
    "contact_name",
    "phones",
    "emails",
    "address",
    "street",
    "uscc",
    "organisation_code",
    "registration_number",
    "tax_number",
    "id_card",
    "other_identifier",
    "wechat",
    "qq",
    "website",
    "birth_date",
];

/// Values of an identifying column with at least five cells, half a per cent of the filled ones, and five times as many
/// as the other values have on average: defaults, stop-gaps, agents.
fn frequent(known: KnownColumn<'_>, masker: Masker, placeholders: &[&str]) -> Vec<TopValue> {
    let is_identifying = known
        .field()
        .is_some_and(|field| IDENTIFYING.contains(&&*field.name));
    let (filled, values) = (known.seen.filled, &known.seen.values);
    if !is_identifying || values.distinct < 2 {
        return Vec::new();
    }
    let is_unusual = |cells: u64| {
        let others = filled.saturating_sub(cells) as f64 / (values.distinct - 1) as f64;
        cells >= 5 && cells.saturating_mul(200) >= filled && cells as f64 >= 5.0 * others
    };
    values
        .top(LISTED_MAX)
        .into_iter()
        .filter(|(value, _)| is_unusual(value.cells))
        .map(|(value, is_exact)| top_value(value, is_exact, masker, placeholders))
        .collect()
}
