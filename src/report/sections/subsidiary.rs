//! What the one who answers for a source gets: its own figures, and nothing of any other.
//!
//! Everything is taken from the source's own entry in the figures. Of other sources only one number enters, that of the own records
//! whose customers others serve too, without a name.

use super::super::format::Figure;
use super::Context;
use super::conflicts;
use super::grade::Graded;
use super::scorecard;
use super::scorecard::FailedRow;
use super::scorecard::ScoreCell;
use super::trend;
use super::trend::AlertRow;
use super::trend::Movement;
use crate::model::IssueCode;
use crate::model::Language;
use crate::quality::FieldQuality;
use crate::quality::SourceQuality;

/// One source.
pub(crate) struct Subsidiary {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) run: Figure,
    pub(crate) day: String,
    /// Class: `good`, `poor` or `plain`.
    pub(crate) class: &'static str,
    pub(crate) standing: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) is_late: bool,
    pub(crate) failed: Vec<FailedRow>,
    pub(crate) alerts: Vec<AlertRow>,
    pub(crate) facts: Vec<(&'static str, Figure)>,
    pub(crate) measures: Vec<MeasureRow>,
    pub(crate) fields: Vec<FieldRow>,
    pub(crate) rejects: Vec<RejectRow>,
    pub(crate) duplicates: Vec<(&'static str, Figure)>,
    pub(crate) cleansing: Vec<(&'static str, Figure)>,
    pub(crate) conflicts: Vec<(String, Figure)>,
}

/// One measure with its movement.
pub(crate) struct MeasureRow {
    pub(crate) cell: ScoreCell,
    pub(crate) movement: Option<Movement>,
}

/// One field.
pub(crate) struct FieldRow {
    pub(crate) label: String,
    pub(crate) is_necessary: bool,
    pub(crate) is_absent: bool,
    pub(crate) completeness: Graded,
    pub(crate) validity: Graded,
    pub(crate) counts: Vec<Figure>,
}

/// Rejected rows of one code.
pub(crate) struct RejectRow {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) hint: &'static str,
    pub(crate) rows: Figure,
}

impl Subsidiary {
    /// The source at `at`, which is in the list.
    pub(crate) fn new(context: Context<'_>, at: usize) -> Self {
        let (m, source) = (context.m, &context.quality.sources[at]);
        let failed = scorecard::failed(context, Some(at));
        let has_gates = source.scorecard.iter().any(|of| of.gate.is_some());
        let (class, standing, lead) = match (failed.is_empty(), has_gates) {
            (false, _) => ("poor", m.standing_poor, m.standing_poor_lead),
            (true, true) => ("good", m.standing_good, m.standing_good_lead),
            (true, false) => ("plain", m.standing_plain, m.standing_plain_lead),
        };
        let path = |name: &str| format!("sources.{at}.{name}");
        let count = |label, name: &str, count| (label, Figure::count(path(name), count));
        let share = |label, name: &str, share| (label, Figure::share(path(name), share));
        let fields = source.fields.iter().enumerate();
        Self {
            name: source.name.clone(),
            owner: source.owner.clone(),
            run: Figure::count("run.run_number", u64::from(context.quality.run.run_number)),
            day: context.quality.run.day.clone(),
            class,
            standing,
            lead,
            is_late: source.is_late,
            failed,
            alerts: trend::alerts(context, Some(&source.name)),
            facts: vec![
                count(m.read, "read", source.read),
                count(m.accepted, "accepted", source.accepted),
                count(m.rejected, "rejected", source.rejected),
                count(m.skipped, "skipped", source.skipped),
            ],
            measures: measures(context, at, source),
            fields: fields
                .map(|(place, field)| field_row(context, &path(&format!("fields.{place}")), field))
                .collect(),
            rejects: rejects(context, at),
            duplicates: duplicates(context, at, source),
            conflicts: conflicts::of_source(context, at),
            cleansing: vec![
                share(m.fit_before, "cleansing.before", source.cleansing.before),
                share(m.fit_after, "cleansing.after", source.cleansing.after),
                count(
                    m.repaired_values,
                    "cleansing.repaired_values",
                    source.cleansing.repaired_values,
                ),
            ],
        }
    }
}

fn measures(context: Context<'_>, at: usize, source: &SourceQuality) -> Vec<MeasureRow> {
    let series = context
        .quality
        .trend
        .sources
        .get(at)
        .map_or(&[][..], Vec::as_slice);
    let cells = scorecard::cells(context, &format!("sources.{at}"), &source.scorecard);
    let rows = cells.into_iter().zip(&context.quality.measures);
    rows.map(|(cell, measure)| {
        let place = series.iter().position(|of| of.figure == measure.name);
        MeasureRow {
            movement: place.map(|place| {
                trend::movement(context, &format!("trend.sources.{at}.{place}"), &series[place])
            }),
            cell,
        }
    })
    .collect()
}

fn field_row(context: Context<'_>, path: &str, field: &FieldQuality) -> FieldRow {
    let labels = context.quality.fields.iter();
    let is_necessary = labels
        .filter(|label| label.name == field.field)
        .any(|label| label.is_necessary);
    let completeness = format!("{path}.completeness");
    let counts = [
        ("missing", field.missing),
        ("placeholder", field.placeholder),
        ("invalid", field.invalid),
        ("suspicious", field.suspicious),
        ("repaired", field.repaired),
    ];
    FieldRow {
        label: context.field_label(&field.field).to_owned(),
        is_necessary,
        is_absent: !field.is_mapped && field.filled == 0,
        completeness: if field.expected > 0 {
            Graded::of(completeness, field.completeness, context.m)
        } else {
            Graded::plain(completeness, field.completeness)
        },
        validity: Graded::of(format!("{path}.validity"), field.validity, context.m),
        counts: counts
            .map(|(name, count)| Figure::count(format!("{path}.{name}"), count))
            .to_vec(),
    }
}

fn rejects(context: Context<'_>, source: usize) -> Vec<RejectRow> {
    let language = usize::from(context.language == Language::Zh);
    let rejects = context.quality.rejects.iter().enumerate();
    let row = |(at, count): (usize, &crate::quality::CodeCount)| {
        let rows = *count.by_source.get(source).filter(|&&rows| rows > 0)?;
        let known = IssueCode::find(&count.code);
        Some(RejectRow {
            code: count.code.clone(),
            label: known.map_or("", |code| context.pick(code.en, code.zh)).to_owned(),
            hint: known.map_or("", |code| code.hint[language]),
            rows: Figure::count(format!("rejects.{at}.by_source.{source}"), rows),
        })
    };
    rejects.filter_map(row).collect()
}

fn duplicates(context: Context<'_>, at: usize, source: &SourceQuality) -> Vec<(&'static str, Figure)> {
    let m = context.m;
    let path = |name: &str| format!("sources.{at}.{name}");
    let own = &source.duplicates;
    let mut figures = vec![
        (m.records, Figure::count(path("accepted"), source.accepted)),
        (
            m.customers,
            Figure::count(path("duplicates.unified_ids"), own.unified_ids),
        ),
        (
            m.redundant,
            Figure::share(path("duplicates.redundant"), own.redundant),
        ),
        (
            m.affected,
            Figure::share(path("duplicates.affected"), own.affected),
        ),
    ];
    let scorecard = source.scorecard.iter().enumerate();
    figures.extend(
        scorecard
            .filter(|(_, of)| of.measure == "agreement")
            .map(|(place, of)| {
                let place = path(&format!("scorecard.{place}.share.denominator"));
                (m.shared_records, Figure::count(place, of.share.denominator))
            }),
    );
    figures
}
