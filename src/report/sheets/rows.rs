//! The sheets of rows: scorecard, findings, suspicious entries, contradictions and trend.

use super::Cell;
use super::Sheet;
use super::count;
use super::fraction;
use super::share;
use super::sheet;
use super::text;
use crate::model::IssueCode;
use crate::quality::FieldIssue;
use crate::quality::GateState;
use crate::quality::Measurement;
use crate::quality::RowPlace;
use crate::quality::SampleCell;
use crate::quality::Series;
use crate::quality::SourceQuality;
use crate::report::sections::Context;

/// Basis points in one.
const BASIS_POINTS: f64 = 1e4;

/// Millionths in one.
const MILLION: f64 = 1e6;

/// Whom a row speaks of.
#[derive(Clone, Copy)]
enum Scope {
    Run,
    Source,
    Owner,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Source => "source",
            Self::Owner => "owner",
        }
    }
}

/// A row a source and measure, then a row an owner and measure.
pub(super) fn scorecard(context: Context<'_>) -> Sheet {
    let (m, quality) = (context.m, context.quality);
    let mut rows = Vec::new();
    for (at, source) in quality.sources.iter().enumerate() {
        let series = quality.trend.sources.get(at).map_or(&[][..], Vec::as_slice);
        let of = (Scope::Source, source.name.as_str(), source.owner.as_str());
        rows.extend(
            source
                .scorecard
                .iter()
                .map(|measured| measure_row(context, of, measured, series)),
        );
    }
    for owner in &quality.owners {
        let of = (Scope::Owner, owner.owner.as_str(), owner.owner.as_str());
        rows.extend(
            owner
                .scorecard
                .iter()
                .map(|measured| measure_row(context, of, measured, &[])),
        );
    }
    let columns = [
        ("scope", m.scope),
        ("name", m.name),
        ("owner", m.owner),
        ("measure", m.measure),
        ("gb_t_36344", "GB/T 36344"),
        ("label", m.label),
        ("numerator", m.numerator),
        ("denominator", m.denominator),
        ("share", m.share_of_total),
        ("gate", m.gate),
        ("standing", m.standing),
        ("last", m.was),
        ("median", m.median_of_runs),
        ("lo", m.interval_lo),
        ("hi", m.interval_hi),
        ("audits", m.audit_of),
        ("audited_on", m.audit_drawn),
        ("meaning", m.meaning),
    ];
    sheet("scorecard", m.scorecard, true, &columns, rows)
}

fn measure_row(
    context: Context<'_>,
    (scope, name, owner): (Scope, &str, &str),
    measured: &Measurement,
    series: &[Series],
) -> Vec<Cell> {
    let label = context
        .quality
        .measures
        .iter()
        .find(|of| of.name == measured.measure);
    let [mut part, mut whole, mut of_it] = share(measured.share);
    if let Some(audit) = &measured.audit {
        [part, whole] = [audit.right, audit.answered].map(count);
        of_it = fraction(audit.estimate_ppm as i64, MILLION);
    }
    let gate = measured.gate.map_or(Cell::Empty, |gate| {
        fraction(gate.limit_basis_points as i64, BASIS_POINTS)
    });
    let standing = measured.gate.map_or("", |gate| match gate.state {
        GateState::Passed => "passed",
        GateState::Failed => "failed",
        GateState::NotMeasured => "not_measured",
    });
    let series = series.iter().find(|series| series.figure == measured.measure);
    let points = |value: Option<i64>| value.map_or(Cell::Empty, |value| fraction(value, BASIS_POINTS));
    let audit = measured.audit.as_ref();
    let ppm = |ppm: Option<u64>| ppm.map_or(Cell::Empty, |ppm| fraction(ppm as i64, MILLION));
    let audits = audit.map(|audit| audit.audits.iter().map(i64::to_string).collect::<Vec<_>>());
    vec![
        text(scope.as_str()),
        text(name),
        text(owner),
        text(measured.measure.as_str()),
        text(label.map_or("", |label| label.code.as_str())),
        text(context.measure_label(&measured.measure)),
        part,
        whole,
        of_it,
        gate,
        text(standing),
        points(series.and_then(|series| series.values.iter().rev().nth(1).copied())),
        points(series.and_then(|series| series.median)),
        ppm(audit.map(|audit| audit.lo_ppm)),
        ppm(audit.map(|audit| audit.hi_ppm)),
        text(audits.unwrap_or_default().join(" ")),
        text(audit.map_or("", |audit| audit.day.as_str())),
        text(label.map_or("", |label| context.pick(&label.meaning_en, &label.meaning_zh))),
    ]
}

/// A row a sample of a finding; a finding without samples has one row.
pub(super) fn findings(context: Context<'_>) -> Sheet {
    let m = context.m;
    let mut rows = Vec::new();
    for source in &context.quality.sources {
        for issue in &source.issues {
            rows.extend(
                issue
                    .samples
                    .iter()
                    .map(|sample| finding_row(context, source, issue, Some(sample))),
            );
            if issue.samples.is_empty() {
                rows.push(finding_row(context, source, issue, None));
            }
        }
    }
    let columns = [
        ("source", m.source),
        ("owner", m.owner),
        ("field", m.field),
        ("field_label", m.label),
        ("code", m.code),
        ("severity", m.severity),
        ("code_label", m.finding),
        ("records", m.records),
        ("file", m.file),
        ("line", m.line),
        ("column", m.column),
        ("masked", m.masked),
        ("raw_hash", m.hash),
    ];
    sheet("findings", m.findings, true, &columns, rows)
}

fn finding_row(
    context: Context<'_>,
    source: &SourceQuality,
    issue: &FieldIssue,
    sample: Option<&SampleCell>,
) -> Vec<Cell> {
    let known = IssueCode::find(&issue.code);
    let of_sample = |of: fn(&SampleCell) -> &str| text(sample.map_or("", of));
    let line = sample.map_or(0, |sample| sample.line);
    vec![
        text(source.name.as_str()),
        text(source.owner.as_str()),
        text(issue.field.as_str()),
        text(context.field_label(&issue.field)),
        text(issue.code.as_str()),
        text(known.map_or("", |code| code.severity.as_str())),
        text(known.map_or("", |code| context.pick(code.en, code.zh))),
        count(issue.records),
        of_sample(|sample| &sample.file),
        line_cell(line),
        of_sample(|sample| &sample.column),
        of_sample(|sample| &sample.masked),
        of_sample(|sample| &sample.raw_hash),
    ]
}

/// A line; nothing where it is not known.
fn line_cell(line: u32) -> Cell {
    match line {
        0 => Cell::Empty,
        line => count(u64::from(line)),
    }
}

/// A row an entry that looks invented, with its first row.
pub(super) fn suspicions(context: Context<'_>) -> Sheet {
    let (m, quality) = (context.m, context.quality);
    let row = |of: &crate::quality::Suspicion| {
        let source = quality.sources.get(of.source);
        let place = of.rows.first();
        vec![
            text(context.source_name(of.source)),
            text(source.map_or("", |source| source.owner.as_str())),
            text(of.kind.as_str()),
            text(m.suspicion(&of.kind)),
            text(of.field.as_str()),
            text(of.evidence.as_str()),
            count(of.customers),
            count(of.records),
            text(place.map_or("", |place| place.file.as_str())),
            line_cell(place.map_or(0, |place: &RowPlace| place.line)),
        ]
    };
    let columns = [
        ("source", m.source),
        ("owner", m.owner),
        ("kind", m.kind),
        ("kind_label", m.label),
        ("field", m.field),
        ("evidence", m.evidence),
        ("customers", m.customers),
        ("records", m.records),
        ("file", m.file),
        ("line", m.line),
    ];
    let rows = quality.suspicions.iter().map(row).collect();
    sheet("suspicions", m.suspicions, false, &columns, rows)
}

/// A row a field and source that contradicts others in it.
pub(super) fn conflicts(context: Context<'_>) -> Sheet {
    let (m, quality) = (context.m, context.quality);
    let mut rows = Vec::new();
    for field in &quality.conflicts.by_field {
        let sources = field.by_source.iter().enumerate();
        for (at, customers) in sources.filter(|(_, customers)| **customers > 0) {
            rows.push(vec![
                text(field.field.as_str()),
                text(context.field_label(&field.field)),
                text(m.conflict(&field.kind)),
                text(context.source_name(at)),
                count(*customers),
            ]);
        }
    }
    let columns = [
        ("field", m.field),
        ("field_label", m.label),
        ("kind", m.conflict_kind),
        ("source", m.source),
        ("customers", m.conflicts_customers),
    ];
    sheet("conflicts", m.conflicts, false, &columns, rows)
}

/// A row a figure and run, oldest first; of a figure that was not measured in every run shown, its last value alone.
pub(super) fn trend(context: Context<'_>) -> Sheet {
    let (m, quality) = (context.m, context.quality);
    let mut rows = Vec::new();
    for series in &quality.trend.key {
        series_rows(context, (Scope::Run, ""), series, &mut rows);
    }
    for (source, all) in quality.sources.iter().zip(&quality.trend.sources) {
        for series in all {
            series_rows(context, (Scope::Source, &source.name), series, &mut rows);
        }
    }
    let columns = [
        ("scope", m.scope),
        ("name", m.name),
        ("figure", m.measure),
        ("run", m.run_number),
        ("value", m.value),
        ("median", m.median_of_runs),
    ];
    sheet("trend", m.trend, true, &columns, rows)
}

fn series_rows(
    context: Context<'_>,
    (scope, name): (Scope, &str),
    series: &Series,
    rows: &mut Vec<Vec<Cell>>,
) {
    let runs = &context.quality.trend.runs;
    let value = |value: i64| match series.is_share {
        true => fraction(value, BASIS_POINTS),
        false => Cell::Count(value),
    };
    let from = match series.values.len() == runs.len() {
        true => 0,
        false => runs.len().saturating_sub(1),
    };
    let values = series.values.len().saturating_sub(runs.len() - from);
    for (run, of) in runs[from..].iter().zip(&series.values[values..]) {
        rows.push(vec![
            text(scope.as_str()),
            text(name),
            text(series.figure.as_str()),
            count(u64::from(*run)),
            value(*of),
            series.median.map_or(Cell::Empty, value),
        ]);
    }
}
