//! The scorecard: every source by every measure with numerator, denominator and gate, and what each measure means.
//!
//! Standing is told by a mark and a word beside the colour. A measure that was not taken reads as such, never as 100 per cent.

use super::super::file_name;
use super::super::format::Figure;
use super::Context;
use crate::model::IssueCode;
use crate::quality::GateState;
use crate::quality::Measurement;

/// Sources, or those who answer for them, by measures.
pub(crate) struct ScoreTable {
    pub(crate) heads: Vec<ScoreHead>,
    pub(crate) rows: Vec<ScoreRow>,
}

/// One measure.
pub(crate) struct ScoreHead {
    pub(crate) label: String,
    /// Indicator of GB/T 36344-2018; empty for our own.
    pub(crate) code: String,
}

/// One source or owner.
pub(crate) struct ScoreRow {
    pub(crate) name: String,
    pub(crate) owner: String,
    /// File of the source's own page.
    pub(crate) page: Option<String>,
    pub(crate) is_late: bool,
    pub(crate) cells: Vec<ScoreCell>,
}

/// One measure of one source.
pub(crate) struct ScoreCell {
    pub(crate) label: String,
    pub(crate) code: String,
    pub(crate) meaning: String,
    /// `None` when there was nothing to measure.
    pub(crate) measured: Option<Measured>,
    pub(crate) gate: Option<GateCell>,
    pub(crate) audit: Option<AuditCell>,
    /// Class: `good`, `poor` or `plain`.
    pub(crate) class: &'static str,
}

/// A figure as a part of a whole.
pub(crate) struct Measured {
    pub(crate) share: Figure,
    pub(crate) numerator: Figure,
    pub(crate) denominator: Figure,
}

/// What an accuracy rests on.
pub(crate) struct AuditCell {
    pub(crate) lo: Figure,
    pub(crate) hi: Figure,
    pub(crate) audits: Vec<i64>,
    pub(crate) day: String,
    pub(crate) method: String,
    /// Sources audited of those that the figure should speak of, where they are several.
    pub(crate) sources: Option<[Figure; 2]>,
}

/// A gate and the standing at it.
pub(crate) struct GateCell {
    /// `≥` or `≤`.
    pub(crate) relation: &'static str,
    pub(crate) limit: Figure,
    pub(crate) mark: &'static str,
    pub(crate) word: &'static str,
}

/// A gate that is not passed.
pub(crate) struct FailedRow {
    pub(crate) source: String,
    pub(crate) label: String,
    pub(crate) value: Option<Figure>,
    pub(crate) relation: &'static str,
    pub(crate) limit: Figure,
}

/// What a measure means.
pub(crate) struct MeaningRow {
    pub(crate) label: String,
    pub(crate) code: String,
    pub(crate) meaning: String,
    /// Labels of the rules behind it.
    pub(crate) rules: Vec<String>,
}

impl ScoreTable {
    /// Sources by measures.
    pub(crate) fn of_sources(context: Context<'_>) -> Self {
        let sources = context.quality.sources.iter().enumerate();
        let row = |(at, source): (usize, &crate::quality::SourceQuality)| ScoreRow {
            name: source.name.clone(),
            owner: source.owner.clone(),
            page: Some(file_name(&source.name)),
            is_late: source.is_late,
            cells: cells(context, &format!("sources.{at}"), &source.scorecard),
        };
        Self {
            heads: heads(context),
            rows: sources.map(row).collect(),
        }
    }

    /// Owners by measures.
    pub(crate) fn of_owners(context: Context<'_>) -> Self {
        let owners = context.quality.owners.iter().enumerate();
        let row = |(at, owner): (usize, &crate::quality::OwnerQuality)| {
            let names = owner.sources.iter();
            let names: Vec<&str> = names
                .filter_map(|&at| Some(context.quality.sources.get(at)?.name.as_str()))
                .collect();
            ScoreRow {
                name: owner.owner.clone(),
                owner: names.join(context.m.comma),
                page: None,
                is_late: false,
                cells: cells(context, &format!("owners.{at}"), &owner.scorecard),
            }
        };
        Self {
            heads: heads(context),
            rows: owners.map(row).collect(),
        }
    }
}

fn heads(context: Context<'_>) -> Vec<ScoreHead> {
    let measures = context.quality.measures.iter();
    let head = |measure: &crate::quality::MeasureLabel| ScoreHead {
        label: context.pick(&measure.en, &measure.zh).to_owned(),
        code: measure.code.clone(),
    };
    measures.map(head).collect()
}

/// The cells of the scorecard at `path`, one a measure, in the order of the measures.
pub(super) fn cells(context: Context<'_>, path: &str, scorecard: &[Measurement]) -> Vec<ScoreCell> {
    let measures = context.quality.measures.iter();
    measures
        .map(|measure| {
            let at = scorecard.iter().position(|of| of.measure == measure.name);
            let found = at.map(|at| (format!("{path}.scorecard.{at}"), &scorecard[at]));
            let gate = found.as_ref().and_then(|(path, of)| {
                let gate = of.gate?;
                let (mark, word) = match gate.state {
                    GateState::Passed => ("✓", context.m.gate_passed),
                    GateState::Failed => ("✕", context.m.gate_failed),
                    GateState::NotMeasured => ("?", context.m.not_measured),
                };
                let cell = GateCell {
                    relation: relation(measure.is_lower_better),
                    limit: Figure::limit(format!("{path}.gate.limit_basis_points"), gate.limit_basis_points),
                    mark,
                    word,
                };
                Some((gate.state, cell))
            });
            ScoreCell {
                label: context.pick(&measure.en, &measure.zh).to_owned(),
                code: measure.code.clone(),
                meaning: context.pick(&measure.meaning_en, &measure.meaning_zh).to_owned(),
                audit: found.as_ref().and_then(|(path, of)| audit(context, path, of)),
                measured: found.and_then(|(path, of)| measured(&path, of)),
                class: match gate.as_ref().map(|(state, _)| state) {
                    Some(GateState::Passed) => "good",
                    Some(GateState::Failed) => "poor",
                    _ => "plain",
                },
                gate: gate.map(|(_, cell)| cell),
            }
        })
        .collect()
}

fn audit(context: Context<'_>, path: &str, of: &Measurement) -> Option<AuditCell> {
    let audit = of.audit.as_ref()?;
    let path = |name: &str| format!("{path}.audit.{name}");
    let is_several = audit.sources > 1;
    Some(AuditCell {
        lo: Figure::ppm(path("lo_ppm"), audit.lo_ppm),
        hi: Figure::ppm(path("hi_ppm"), audit.hi_ppm),
        audits: audit.audits.clone(),
        day: audit.day.clone(),
        method: context.pick(&audit.method_en, &audit.method_zh).to_owned(),
        sources: is_several.then(|| {
            [
                Figure::count(path("sources_audited"), audit.sources_audited),
                Figure::count(path("sources"), audit.sources),
            ]
        }),
    })
}

fn measured(path: &str, of: &Measurement) -> Option<Measured> {
    if let Some(audit) = &of.audit {
        let path = |name: &str| format!("{path}.audit.{name}");
        return Some(Measured {
            share: Figure::ppm(path("estimate_ppm"), audit.estimate_ppm),
            numerator: Figure::count(path("right"), audit.right),
            denominator: Figure::count(path("answered"), audit.answered),
        });
    }
    let share = of.share;
    (share.denominator > 0).then(|| Measured {
        share: Figure::share(format!("{path}.share"), share),
        numerator: Figure::count(format!("{path}.share.numerator"), share.numerator),
        denominator: Figure::count(format!("{path}.share.denominator"), share.denominator),
    })
}

fn relation(is_lower_better: bool) -> &'static str {
    if is_lower_better { "≤" } else { "≥" }
}

/// Gates that are not passed, those of one source when its position is given.
pub(super) fn failed(context: Context<'_>, of_source: Option<usize>) -> Vec<FailedRow> {
    let quality = context.quality;
    let failed = quality.gates_failed.iter().enumerate();
    let wanted = failed.filter(|(_, gate)| of_source.is_none_or(|at| gate.source == at));
    let row = |(at, gate): (usize, &crate::quality::FailedGate)| {
        let measure = quality.measures.iter().find(|m| m.name == gate.measure);
        let path = format!("gates_failed.{at}");
        Some(FailedRow {
            source: quality.sources.get(gate.source)?.name.clone(),
            label: context.measure_label(&gate.measure).to_owned(),
            value: (gate.share.denominator > 0).then(|| Figure::share(format!("{path}.share"), gate.share)),
            relation: relation(measure.is_some_and(|measure| measure.is_lower_better)),
            limit: Figure::limit(format!("{path}.limit_basis_points"), gate.limit_basis_points),
        })
    };
    let mut rows: Vec<FailedRow> = wanted.filter_map(row).collect();
    // What can be corrected today comes before what waits for an audit.
    rows.sort_by_key(|row| row.value.is_none());
    rows
}

/// What every measure means, and its rules.
pub(crate) fn meanings(context: Context<'_>) -> Vec<MeaningRow> {
    let rule = |name: &String| match IssueCode::find(name) {
        Some(code) => context.pick(code.en, code.zh).to_owned(),
        None => name.clone(),
    };
    let row = |measure: &crate::quality::MeasureLabel| MeaningRow {
        label: context.pick(&measure.en, &measure.zh).to_owned(),
        code: measure.code.clone(),
        meaning: context.pick(&measure.meaning_en, &measure.meaning_zh).to_owned(),
        rules: measure.rules.iter().map(rule).collect(),
    };
    context.quality.measures.iter().map(row).collect()
}
