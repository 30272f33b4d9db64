//! What changed since the last run.

use super::super::format::Figure;
use super::Context;

/// IDs and sources against the last run.
pub(crate) struct ChangesSection {
    /// Number of the last run; `None` in the first run.
    pub(crate) previous_run: Option<Figure>,
    pub(crate) ids: Vec<IdChange>,
    pub(crate) sources: Vec<SourceRow>,
}

/// IDs to which one thing happened.
pub(crate) struct IdChange {
    pub(crate) label: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) figure: Figure,
}

/// Records of one source.
pub(crate) struct SourceRow {
    pub(crate) name: String,
    pub(crate) before: Figure,
    pub(crate) now: Figure,
    pub(crate) delta: Figure,
}

impl ChangesSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let changes = &context.quality.changes;
        let sources = changes.sources.iter().enumerate();
        Self {
            previous_run: changes
                .previous_run
                .map(|run| Figure::count("changes.previous_run", u64::from(run))),
            ids: ids(context),
            sources: sources
                .map(|(at, change)| {
                    let path = |name: &str| format!("changes.sources.{at}.{name}");
                    SourceRow {
                        name: change.name.clone(),
                        before: Figure::count_or_dash(path("previous_records"), change.previous_records),
                        now: Figure::count_or_dash(path("records"), change.records),
                        delta: Figure::delta(path("delta"), change.delta),
                    }
                })
                .collect(),
        }
    }
}

/// What happened to IDs.
pub(super) fn ids(context: Context<'_>) -> Vec<IdChange> {
    let (m, changes) = (context.m, &context.quality.changes);
    let id = |name: &str, label, meaning, count| IdChange {
        label,
        meaning,
        figure: Figure::count(format!("changes.ids.{name}"), count),
    };
    vec![
        id("new", m.new, m.new_means, changes.ids.new),
        id("merged", m.merged, m.merged_means, changes.ids.merged),
        id("split", m.split, m.split_means, changes.ids.split),
        id(
            "resurrected",
            m.resurrected,
            m.resurrected_means,
            changes.ids.resurrected,
        ),
        id("retired", m.retired, m.retired_means, changes.ids.retired),
    ]
}
