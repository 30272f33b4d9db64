//! The life of one ID: every retained run that knows it.

use super::snapshot::Snapshot;
use super::snapshot::shown;
use super::snapshot::table;
use super::snapshot::text;
use crate::model::UnifiedId;
use crate::publish::Hub;
use crate::publish::PublishError;
use crate::publish::Run;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// An event of one run that concerns the ID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MomentEvent {
    /// The ID that it happened to.
    pub unified_id: String,
    /// What happened.
    pub kind: String,
    /// The other ID concerned; empty when none.
    pub other_id: String,
}

/// The ID in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Id of the run.
    pub run_id: String,
    /// `current`, `published`, `rolled_back` or `candidate`.
    pub standing: &'static str,
    /// State of the ID: `live`, `merged`, `split`, `deleted`, `tombstone`.
    pub state: String,
    /// IDs that it leads to.
    pub into: Vec<String>,
    /// Number of its records.
    pub records: u64,
    /// Records that it has and had not in the run before, as `source:key`.
    pub gained: Vec<String>,
    /// Records that it had in the run before and has not.
    pub lost: Vec<String>,
    /// What happened to it or by it.
    pub events: Vec<MomentEvent>,
}

/// The life of an ID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// The ID.
    pub unified_id: String,
    /// Where it leads in the published run; empty when nowhere.
    pub now: Vec<String>,
    /// Was it issued by a run that was taken back?
    pub is_taken_back: bool,
    /// Retained runs that know it, oldest first.
    pub runs: Vec<Moment>,
}

/// Everything that retained runs know of an ID; `None` when it was never issued.
///
/// # Errors
/// [`PublishError::Damaged`] when a file of the hub is not as written.
pub fn history(hub: &Hub, id: UnifiedId) -> Result<Option<History>, PublishError> {
    let is_taken_back = hub.tombstones()?.entries().iter().any(|entry| entry.id == id);
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut runs = Vec::new();
    let mut now = Vec::new();
    for (run, standing) in hub.standings()? {
        let snapshot = Snapshot::read(&run)?;
        let own: BTreeSet<String> = snapshot.members_of(id).map(shown).collect();
        let base = match hub.ancestry(&run, 2)?.get(1) {
            Some(base) => members.get(base.id()).cloned().unwrap_or_default(),
            None => BTreeSet::new(),
        };
        members.insert(run.id().to_owned(), own.clone());
        let Some(known) = snapshot.standing(id) else {
            continue;
        };
        let into: Vec<String> = known.into.split_whitespace().map(str::to_owned).collect();
        if standing == crate::publish::RunStanding::Current {
            now = if known.is_live() {
                vec![id.to_string()]
            } else {
                into.clone()
            };
        }
        runs.push(Moment {
            run_id: run.id().to_owned(),
            standing: standing.as_str(),
            state: known.state.clone(),
            into,
            records: own.len() as u64,
            gained: own.difference(&base).cloned().collect(),
            lost: base.difference(&own).cloned().collect(),
            events: events(&run, id)?,
        });
    }
    if runs.is_empty() && !is_taken_back {
        return Ok(None);
    }
    Ok(Some(History {
        unified_id: id.to_string(),
        now,
        is_taken_back,
        runs,
    }))
}

fn events(run: &Run, id: UnifiedId) -> Result<Vec<MomentEvent>, PublishError> {
    let Some(events) = table(run, "events.parquet", Some(&["unified_id", "kind", "other_id"]))? else {
        return Ok(Vec::new());
    };
    let id = id.to_string();
    let concerned = (0..events.rows())
        .filter(|&row| text(&events, "unified_id", row) == id || text(&events, "other_id", row) == id);
    let event = |row| MomentEvent {
        unified_id: text(&events, "unified_id", row).to_owned(),
        kind: text(&events, "kind", row).to_owned(),
        other_id: text(&events, "other_id", row).to_owned(),
    };
    Ok(concerned.map(event).collect())
}
