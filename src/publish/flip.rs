//! `CURRENT` moved by people: a candidate accepted, a run taken back.
//!
//! In: a sealed run, who and why. Out: `CURRENT` names it, without anything being computed again. An acceptance is a line of
//! `acceptances.jsonl`, a rollback an entry of `tombstones.json`, both private and on disk before `CURRENT` moves, so that a
//! kill in between leaves a word too much and never one too few.

use crate::publish::ancestry::RunStanding;
use crate::publish::error::PublishError;
use crate::publish::hub::Hub;
use crate::publish::journal::append;
use crate::publish::lock::Lock;
use crate::publish::registry::read_registry;
use crate::publish::run::Run;
use crate::publish::run::verify;
use crate::publish::tombstones::Rollback;
use crate::publish::tombstones::Tombstone;
use crate::table::IdState;
use crate::table::Registry;
use serde::Deserialize;
use serde::Serialize;

pub(super) const ACCEPTANCES: &str = "acceptances.jsonl";

/// Who moves `CURRENT`, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// One line of `acceptances.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The run that was published.
    pub run: String,
    /// The run that was published before; empty before the first.
    pub base: String,
    /// Guards whose refusal was accepted.
    pub guards: Vec<String>,
}

/// What a rollback did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// Runs taken back, newest first.
    pub runs: Vec<String>,
    /// IDs that will never be used again.
    pub ids: usize,
}

impl Hub {
    /// Publishes a sealed candidate as it stands; `guards` are those whose refusal `word` accepts.
    ///
    /// # Errors
    /// [`PublishError::NotPublishable`] when it was not built on the run published now, or holds IDs that were taken back
    /// since; [`PublishError::Damaged`] when a file of it is not as sealed; [`PublishError::Io`].
    pub fn publish_candidate(
        &self,
        lock: &Lock,
        run: &Run,
        guards: &[String],
        word: &Word,
    ) -> Result<(), PublishError> {
        self.drop_killed_rollback(lock)?;
        let current = self.current()?;
        self.check_publishable(run, current.as_ref())?;
        verify(run)?;
        let acceptance = Acceptance {
            at: word.at.clone(),
            author: word.author.clone(),
            reason: word.reason.clone(),
            run: run.id().to_owned(),
            base: current
                .as_ref()
                .map_or_else(String::new, |run| run.id().to_owned()),
            guards: guards.to_vec(),
        };
        self.note_acceptance(&acceptance)?;
        self.set_current(lock, run)
    }

    fn check_publishable(&self, run: &Run, current: Option<&Run>) -> Result<(), PublishError> {
        let refuse = |reason: String| PublishError::NotPublishable {
            run_id: run.id().to_owned(),
            reason,
        };
        let now = current.map_or("", Run::id);
        if now == run.id() {
            return Err(refuse("it is the published run already".to_owned()));
        }
        let base = run.manifest().facts.base_run.as_deref();
        if base != Some(now) {
            let base = base.filter(|base| !base.is_empty()).unwrap_or("no run");
            let now = if now.is_empty() { "none" } else { now };
            return Err(refuse(format!(
                "it was built on `{base}`, and the published run is `{now}`; run the job again"
            )));
        }
        let issued = current.map(read_registry).transpose()?.unwrap_or_default();
        let taken_back = self.tombstones()?.entries();
        let registry = if taken_back.is_empty() {
            Registry::default()
        } else {
            read_registry(run)?
        };
        let is_used = |id| {
            let at = registry.entries.binary_search_by_key(&id, |entry| entry.id);
            let is_gone = |state: &IdState| matches!(state, IdState::Deleted | IdState::Tombstone);
            at.is_ok_and(|at| !is_gone(&registry.entries[at].state))
        };
        let is_issued = |id| issued.entries.binary_search_by_key(&id, |entry| entry.id).is_ok();
        if taken_back
            .iter()
            .any(|entry| is_used(entry.id) && !is_issued(entry.id))
        {
            let reason = "it uses unified IDs that a rollback took back; run the job again";
            return Err(refuse(reason.to_owned()));
        }
        Ok(())
    }

    fn note_acceptance(&self, acceptance: &Acceptance) -> Result<(), PublishError> {
        append(self.path(), ACCEPTANCES, acceptance)
    }

    /// Takes back every run since `run`: `CURRENT` and the registry inside it go back together.
    ///
    /// IDs that the runs taken back issued are kept as tombstones; see [`crate::publish::Tombstones`].
    ///
    /// # Errors
    /// [`PublishError::NotPublishable`] when the published run was not built on `run`, at any remove;
    /// [`PublishError::Damaged`] when a file of `run` is not as sealed; [`PublishError::Io`].
    pub fn roll_back(&self, lock: &Lock, run: &Run, word: &Word) -> Result<RolledBack, PublishError> {
        let refuse = |reason: &str| PublishError::NotPublishable {
            run_id: run.id().to_owned(),
            reason: reason.to_owned(),
        };
        self.drop_killed_rollback(lock)?;
        let standings = self.standings()?;
        let standing = standings.iter().find(|(known, _)| known.id() == run.id());
        match standing.map(|(_, standing)| *standing) {
            Some(RunStanding::Published) => {}
            Some(RunStanding::Current) => return Err(refuse("it is the published run already")),
            Some(RunStanding::RolledBack) => return Err(refuse("it was taken back itself")),
            _ => {
                return Err(refuse(
                    "it was never published; `guiyi publish` accepts a candidate",
                ));
            }
        }
        verify(run)?;
        let current = self.current()?.ok_or_else(|| refuse("no run is published"))?;
        let line = self.ancestry(&current, usize::MAX)?;
        let runs = line.iter().take_while(|taken| taken.id() != run.id());
        let runs: Vec<String> = runs.map(|run| run.id().to_owned()).collect();
        let (before, after) = (read_registry(&current)?, read_registry(run)?);
        let is_kept = |id| after.entries.binary_search_by_key(&id, |entry| entry.id).is_ok();
        let ids: Vec<Tombstone> = before
            .entries
            .iter()
            .filter(|entry| !is_kept(entry.id))
            .map(|entry| Tombstone {
                unified_id: entry.id.to_string(),
                birth_run: entry.birth_run,
            })
            .collect();
        let done = RolledBack {
            runs: runs.clone(),
            ids: ids.len(),
        };
        let rollback = Rollback {
            at: word.at.clone(),
            author: word.author.clone(),
            reason: word.reason.clone(),
            from: current.id().to_owned(),
            to: run.id().to_owned(),
            taken_back: runs,
            newest: standings
                .last()
                .map_or_else(String::new, |(run, _)| run.id().to_owned()),
            ids,
        };
        self.add_rollback(lock, rollback)?;
        self.set_current(lock, run)?;
        Ok(done)
    }
}
