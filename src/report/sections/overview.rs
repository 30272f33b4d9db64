//! The first screen: published or not and why, key figures with their change, and where to act first.

use super::super::format::Figure;
use super::Context;
use super::grade::Graded;
use crate::model::IssueCode;
use crate::model::Language;
use crate::quality::Change;
use crate::quality::FieldQuality;
use crate::quality::MainFault;
use crate::quality::Share;
use crate::quality::ShareChange;
use crate::quality::SourceQuality;
use crate::quality::WorstSource;
use std::cmp::Reverse;

/// The first screen.
pub(crate) struct Overview {
    /// Class of the status: `good`, `fair`, `poor`.
    pub(crate) class: &'static str,
    pub(crate) status: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) run: Figure,
    pub(crate) previous_run: Option<Figure>,
    pub(crate) key_figures: Vec<KeyFigure>,
    pub(crate) worst: Vec<Worst>,
}

/// One key figure.
pub(crate) struct KeyFigure {
    pub(crate) label: &'static str,
    pub(crate) note: &'static str,
    pub(crate) value: Figure,
    pub(crate) change: Option<KeyChange>,
}

/// A key figure against the last run.
pub(crate) struct KeyChange {
    pub(crate) delta: Figure,
    pub(crate) unit: &'static str,
    pub(crate) previous: Figure,
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
        let is_clean = run.warnings.is_empty() && run.unreadable_sources.is_empty();
        let (class, status, lead) = match (run.is_published, is_clean) {
            (true, true) => ("good", m.published, m.published_lead),
            (true, false) => ("fair", m.published, m.published_with_warnings),
            (false, _) => ("poor", m.held_back, m.held_back_lead),
        };
        Self {
            class,
            status,
            lead,
            run: Figure::count("run.run_number", u64::from(run.run_number)),
            previous_run: quality
                .key_changes
                .map(|c| Figure::count("key_changes.previous_run", u64::from(c.previous_run))),
            key_figures: key_figures(context),
            worst: quality
                .worst_sources
                .iter()
                .filter_map(|worst| Some(worst_source(context, worst, quality.sources.get(worst.source)?)))
                .collect(),
        }
    }
}

fn key_figures(context: Context<'_>) -> Vec<KeyFigure> {
    let (m, now) = (context.m, &context.quality.key_figures);
    let before = context.quality.key_changes.as_ref();
    let count = |name: &str, label, note, value, change: Option<Change>| KeyFigure {
        label,
        note,
        value: Figure::count(format!("key_figures.{name}"), value),
        change: change.map(|change| KeyChange {
            delta: Figure::delta(format!("key_changes.{name}.delta"), change.delta),
            unit: "",
            previous: Figure::count(format!("key_changes.{name}.previous"), change.previous),
        }),
    };
    let share = |name: &str, label, note, value: Share, change: Option<ShareChange>| KeyFigure {
        label,
        note,
        value: Figure::share(format!("key_figures.{name}"), value),
        change: change.map(|change| KeyChange {
            delta: Figure::points(
                format!("key_changes.{name}.delta_basis_points"),
                change.delta_basis_points,
            ),
            unit: m.points_unit,
            previous: Figure::share(format!("key_changes.{name}.previous"), change.previous),
        }),
    };
    vec![
        count(
            "rows_read",
            m.rows_read,
            m.rows_read_note,
            now.rows_read,
            before.map(|b| b.rows_read),
        ),
        count(
            "rows_rejected",
            m.rows_rejected,
            m.rows_rejected_note,
            now.rows_rejected,
            before.map(|b| b.rows_rejected),
        ),
        count(
            "unified_ids",
            m.unified_ids,
            m.unified_ids_note,
            now.unified_ids,
            before.map(|b| b.unified_ids),
        ),
        share(
            "redundant",
            m.redundant,
            m.redundant_note,
            now.redundant,
            before.map(|b| b.redundant),
        ),
        share(
            "affected",
            m.affected,
            m.affected_note,
            now.affected,
            before.map(|b| b.affected),
        ),
        count(
            "shared_ids",
            m.shared_ids,
            m.shared_ids_note,
            now.shared_ids,
            before.map(|b| b.shared_ids),
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
