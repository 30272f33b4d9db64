//! Which run was built on which, and what a next run needs to know of all of them.

use crate::publish::error::PublishError;
use crate::publish::hub::Hub;
use crate::publish::registry::read_registry;
use crate::publish::run::Run;
use crate::table::Registry;

/// Number of a run by its id: `000007-20260930T210000Z` is 7.
pub fn run_number(run_id: &str) -> Option<u32> {
    run_id.split('-').next()?.parse().ok()
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStanding {
    /// `CURRENT` names it.
    Current,
    /// It was published, and runs were built on it.
    Published,
    /// It was published and taken back.
    RolledBack,
    /// It was sealed and never published: refused by a guard, or killed before it was named.
    Candidate,
}

impl RunStanding {
    /// The word in tables: `current`, `published`, `rolled_back`, `candidate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Published => "published",
            Self::RolledBack => "rolled_back",
            Self::Candidate => "candidate",
        }
    }
}

impl Hub {
    /// A run and those that it was built on, newest first, at most `runs_max`; ends where a run is no longer there.
    ///
    /// # Errors
    /// [`PublishError::Damaged`], [`PublishError::Io`].
    pub fn ancestry(&self, run: &Run, runs_max: usize) -> Result<Vec<Run>, PublishError> {
        let ids = self.run_ids()?;
        let mut found = vec![run.clone()];
        while found.len() < runs_max {
            let newest = &found[found.len() - 1];
            let base = match &newest.manifest().facts.base_run {
                Some(base) => ids.iter().find(|id| *id == base),
                // Older programs published every run.
                None => ids.iter().rev().find(|id| id.as_str() < newest.id()),
            };
            // A base is older; anything else would be a circle.
            let Some(base) = base.filter(|base| base.as_str() < newest.id()) else {
                break;
            };
            found.push(self.run(base)?);
        }
        Ok(found)
    }

    /// A run by its id, or by its number.
    ///
    /// # Errors
    /// As [`Hub::run`].
    pub fn find_run(&self, asked: &str) -> Result<Run, PublishError> {
        let number: Option<u32> = asked.parse().ok();
        let by_number = match number {
            Some(number) => self
                .run_ids()?
                .into_iter()
                .find(|id| run_number(id) == Some(number)),
            None => None,
        };
        match by_number {
            Some(id) => self.run(&id),
            None if number.is_some() => Err(PublishError::UnknownRun {
                run_id: asked.to_owned(),
            }),
            None => self.run(asked),
        }
    }

    /// Every sealed run with its standing, oldest first.
    ///
    /// # Errors
    /// [`PublishError::Damaged`], [`PublishError::Io`].
    pub fn standings(&self) -> Result<Vec<(Run, RunStanding)>, PublishError> {
        let current = self.current()?;
        let line = match &current {
            Some(run) => self.ancestry(run, usize::MAX)?,
            None => Vec::new(),
        };
        let tombstones = self.tombstones()?;
        let standing = |id: &str| {
            if current.as_ref().is_some_and(|run| run.id() == id) {
                RunStanding::Current
            } else if line.iter().any(|run| run.id() == id) {
                RunStanding::Published
            } else if tombstones.taking_back(id).is_some() {
                RunStanding::RolledBack
            } else {
                RunStanding::Candidate
            }
        };
        let runs = self.run_ids()?.into_iter();
        runs.map(|id| Ok((self.run(&id)?, standing(&id)))).collect()
    }

    /// The registry that the next run starts from: that of `last`, with the IDs that rollbacks took back as deleted ones.
    ///
    /// Its number is that of the newest run of any standing, so that the numbers of runs go on and none is used twice.
    ///
    /// # Errors
    /// As [`read_registry`] and [`Hub::tombstones`].
    pub fn registry(&self, last: Option<&Run>) -> Result<Registry, PublishError> {
        let mut registry = last.map(read_registry).transpose()?.unwrap_or_default();
        self.tombstones()?.bury(&mut registry);
        let numbers = self.run_ids()?.into_iter().filter_map(|id| run_number(&id));
        registry.run = numbers.max().unwrap_or(0).max(registry.run);
        Ok(registry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::RunFacts;
    use crate::publish::lock::Lock;

    fn seal(hub: &Hub, lock: &Lock, run_id: &str, base: Option<&str>) -> Run {
        let facts = RunFacts {
            base_run: base.map(str::to_owned),
            ..RunFacts::default()
        };
        hub.begin(lock, run_id).unwrap().seal(facts).unwrap()
    }

    #[test]
    fn ancestors_are_found_by_base_and_older_runs_by_number() {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(&folder.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        seal(&hub, &lock, "000001-a", None);
        seal(&hub, &lock, "000002-b", None);
        seal(&hub, &lock, "000003-c", Some("000002-b"));
        let last = seal(&hub, &lock, "000004-d", Some("000002-b"));
        hub.set_current(&lock, &last).unwrap();
        let line = hub.ancestry(&last, usize::MAX).unwrap();
        assert_eq!(
            line.iter().map(Run::id).collect::<Vec<_>>(),
            ["000004-d", "000002-b", "000001-a"]
        );
        assert_eq!(hub.ancestry(&last, 2).unwrap().len(), 2);
        let standings: Vec<&str> = hub.standings().unwrap().iter().map(|(_, s)| s.as_str()).collect();
        assert_eq!(standings, ["published", "published", "candidate", "current"]);
        assert_eq!(hub.find_run("3").unwrap().id(), "000003-c");
        assert_eq!(hub.find_run("000003-c").unwrap().id(), "000003-c");
        assert!(matches!(hub.find_run("9"), Err(PublishError::UnknownRun { .. })));
    }

    #[test]
    fn a_run_that_names_no_base_has_no_ancestors() {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(&folder.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        seal(&hub, &lock, "000001-a", Some(""));
        let second = seal(&hub, &lock, "000002-b", Some(""));
        assert_eq!(hub.ancestry(&second, usize::MAX).unwrap().len(), 1);
    }
}
