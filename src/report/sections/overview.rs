//! The first screen: published or not and why, what changed and what to do, five figures with their movement, and where to
//! act first.

use super::super::format::Figure;
use super::Context;
use super::changes;
use super::changes::IdChange;
use super::grade::Graded;
use super::scorecard;
use super::scorecard::FailedRow;
use super::trend;
use super::trend::AlertRow;
use super::trend::Movement;
use crate::model::IssueCode;
use crate::model::Language;
use crate::quality::FieldQuality;
use crate::quality::MainFault;
use crate::quality::Share;
use crate::quality::SourceQuality;
use crate::quality::WorstSource;
use std::cmp::Reverse;

/// Gates that are not passed, and figures that stand out, on the first screen at most.
const LISTED_MAX: usize = 6;

/// The first screen.
pub(crate) struct Overview {
    /// Class of the status: `good`, `fair`, `poor`.
    pub(crate) class: &'static str,
    pub(crate) status: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) run: Figure,
    pub(crate) previous_run: Option<Figure>,
    /// What happened to IDs since the last run; nothing in the first.
    pub(crate) changes: Vec<IdChange>,
    pub(crate) alerts: Vec<AlertRow>,
    pub(crate) gates_failed: Vec<FailedRow>,
    /// Are there more than are listed?
    pub(crate) has_more_gates: bool,
    /// Does the job set any gate?
    pub(crate) has_gates: bool,
    pub(crate) queue: Queue,
    pub(crate) key_figures: Vec<KeyFigure>,
    pub(crate) facts: Vec<(&'static str, Figure)>,
    pub(crate) worst: Vec<Worst>,
}

/// The review queue: how much waits, for how long, and why.
pub(crate) struct Queue {
    pub(crate) items: Figure,
    pub(crate) is_empty: bool,
    /// What is told of its age and of what is new.
    pub(crate) facts: Vec<QueueFact>,
    pub(crate) reasons: Vec<(String, Figure)>,
}

/// One of them.
pub(crate) struct QueueFact {
    pub(crate) label: &'static str,
    pub(crate) figure: Figure,
    pub(crate) unit: &'static str,
}

impl Queue {
    fn new(context: Context<'_>) -> Self {
        let (m, queue) = (context.m, &context.quality.review);
        let fact = |label, name: &str, count: Option<u64>, unit| {
            let figure = Figure::count(format!("review.{name}"), count?);
            Some(QueueFact { label, figure, unit })
        };
        let facts = [
            fact(m.queue_oldest, "oldest_days", queue.oldest_days, m.days),
            fact(m.queue_median, "median_days", queue.median_days, m.days),
            fact(m.queue_new, "new_items", Some(queue.new_items), ""),
        ];
        let reasons = queue.by_reason.iter().enumerate();
        Self {
            items: Figure::count("review.items", queue.items),
            is_empty: queue.items == 0,
            facts: facts.into_iter().flatten().collect(),
            reasons: reasons
                .map(|(at, of)| {
                    let label = m.doubt(&of.reason).to_owned();
                    (
                        label,
                        Figure::count(format!("review.by_reason.{at}.items"), of.items),
                    )
                })
                .collect(),
        }
    }
}

/// One key figure.
pub(crate) struct KeyFigure {
    pub(crate) label: &'static str,
    pub(crate) note: &'static str,
    pub(crate) value: Figure,
    pub(crate) movement: Option<Movement>,
}

/// One of the worst sources.
pub(crate) struct Worst {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) fault: &'static str,
    pub(crate) weakest: Option<Weakest>,
    pub(crate) completeness: Graded,
    pub(crate) validity: Graded,
    pub(crate) rejected: Figure,
    pub(crate) redundant: Figure,
}

/// What is weakest in a source.
pub(crate) struct Weakest {
    pub(crate) label: String,
    pub(crate) figure: Figure,
    pub(crate) hint: &'static str,
}

impl Overview {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let (quality, m) = (context.quality, context.m);
        let run = &quality.run;
        let gates_failed = scorecard::failed(context, None);
        let is_clean = run.warnings.is_empty() && run.unreadable_sources.is_empty();
        let (class, status, lead) = match (run.is_published, is_clean, gates_failed.is_empty()) {
            (true, true, true) => ("good", m.published, m.published_lead),
            (true, true, false) => ("fair", m.published, m.published_below_gates),
            (true, false, _) => ("fair", m.published, m.published_with_warnings),
            (false, ..) => ("poor", m.held_back, m.held_back_lead),
        };
        let has_more_gates = gates_failed.len() > LISTED_MAX;
        let is_first = quality.changes.previous_run.is_none();
        let scorecards = quality.sources.iter().flat_map(|source| &source.scorecard);
        Self {
            class,
            status,
            lead,
            run: Figure::count("run.run_number", u64::from(run.run_number)),
            previous_run: quality
                .key_changes
                .map(|c| Figure::count("key_changes.previous_run", u64::from(c.previous_run))),
            changes: if is_first {
                Vec::new()
            } else {
                changes::ids(context)
            },
            alerts: trend::alerts(context, None)
                .into_iter()
                .take(LISTED_MAX)
                .collect(),
            gates_failed: gates_failed.into_iter().take(LISTED_MAX).collect(),
            has_more_gates,
            has_gates: scorecards.into_iter().any(|of| of.gate.is_some()),
            queue: Queue::new(context),
            key_figures: key_figures(context),
            facts: facts(context),
            worst: quality
                .worst_sources
                .iter()
                .filter_map(|worst| Some(worst_source(context, worst, quality.sources.get(worst.source)?)))
                .collect(),
        }
    }
}

fn facts(context: Context<'_>) -> Vec<(&'static str, Figure)> {
    let (m, now) = (context.m, &context.quality.key_figures);
    vec![
        (m.rows_read, Figure::count("key_figures.rows_read", now.rows_read)),
        (m.records, Figure::count("key_figures.records", now.records)),
        (m.affected, Figure::share("key_figures.affected", now.affected)),
    ]
}

/// The five figures, each with its movement.
fn key_figures(context: Context<'_>) -> Vec<KeyFigure> {
    let (m, now) = (context.m, &context.quality.key_figures);
    let series = &context.quality.trend.key;
    let moved = |name: &str| {
        let at = series.iter().position(|series| series.figure == name)?;
        Some(trend::movement(context, &format!("trend.key.{at}"), &series[at]))
    };
    let figure = |name: &str, label, note, value| KeyFigure {
        label,
        note,
        value,
        movement: moved(name),
    };
    let count = |name: &str, value| Figure::count(format!("key_figures.{name}"), value);
    vec![
        figure(
            "unified_ids",
            m.unified_ids,
            m.unified_ids_note,
            count("unified_ids", now.unified_ids),
        ),
        figure(
            "completeness",
            m.completeness,
            m.completeness_note,
            Figure::share("key_figures.completeness", now.completeness),
        ),
        figure(
            "redundant",
            m.redundant,
            m.redundant_note,
            Figure::share("key_figures.redundant", now.redundant),
        ),
        figure(
            "rows_rejected",
            m.rows_rejected,
            m.rows_rejected_note,
            count("rows_rejected", now.rows_rejected),
        ),
        figure(
            "shared_ids",
            m.shared_ids,
            m.shared_ids_note,
            count("shared_ids", now.shared_ids),
        ),
    ]
}

fn worst_source(context: Context<'_>, worst: &WorstSource, source: &SourceQuality) -> Worst {
    let m = context.m;
    let path = |name: &str| format!("sources.{}.{name}", worst.source);
    Worst {
        name: source.name.clone(),
        owner: source.owner.clone(),
        fault: m.fault(worst.main_fault),
        weakest: weakest(context, worst, source),
        completeness: Graded::of(path("completeness"), source.completeness, m),
        validity: Graded::of(path("validity"), source.validity, m),
        rejected: Figure::share(path("rejected_share"), source.rejected_share),
        redundant: Figure::share(path("duplicates.redundant"), source.duplicates.redundant),
    }
}

/// The field or reject code that weighs most in the main fault.
fn weakest(context: Context<'_>, worst: &WorstSource, source: &SourceQuality) -> Option<Weakest> {
    let field = |name: &str, failing: fn(&FieldQuality) -> u64, share: fn(&FieldQuality) -> Share| {
        let fields = source.fields.iter().enumerate();
        let (at, field) = fields
            .filter(|(_, field)| failing(field) > 0)
            .max_by_key(|(at, field)| (failing(field), Reverse(*at)))?;
        let path = format!("sources.{}.fields.{at}.{name}", worst.source);
        Some(Weakest {
            label: context.field_label(&field.field).to_owned(),
            figure: Figure::share(path, share(field)),
            hint: "",
        })
    };
    match worst.main_fault {
        MainFault::Completeness => field(
            "completeness",
            |f| f.expected.saturating_sub(f.filled),
            |f| f.completeness,
        ),
        MainFault::Validity => field("validity", |f| f.invalid + f.suspicious, |f| f.validity),
        MainFault::Rejects => weakest_code(context, worst.source),
        MainFault::Duplicates => None,
    }
}

fn weakest_code(context: Context<'_>, source: usize) -> Option<Weakest> {
    let rows = |at: usize| context.quality.rejects[at].by_source.get(source).copied();
    let at = (0..context.quality.rejects.len()).max_by_key(|&at| (rows(at), Reverse(at)))?;
    let code = IssueCode::find(&context.quality.rejects[at].code);
    let language = usize::from(context.language == Language::Zh);
    Some(Weakest {
        label: code.map_or_else(
            || context.quality.rejects[at].code.clone(),
            |code| context.pick(code.en, code.zh).to_owned(),
        ),
        figure: Figure::count(format!("rejects.{at}.by_source.{source}"), rows(at)?),
        hint: code.map_or("", |code| code.hint[language]),
    })
}
