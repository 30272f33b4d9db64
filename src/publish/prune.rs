//! How long runs are kept.
//!
//! In: limits of the job and the day. Out: old runs are gone. Never removed: the published run, the seven that it was built on and
//! that guards compare with, and whatever is newer than it (a candidate may still be accepted, and the number of a run taken back
//! is not given twice). A run loses its name before its files, so that a kill in between leaves what [`Hub::tidy`] removes.

use crate::publish::error::PublishError;
use crate::publish::hub::Hub;
use crate::publish::lock::Lock;
use crate::publish::run::Run;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs;

/// The published run and those before it that stay whatever the limits say.
const LINE_MIN: usize = 8;

/// Limits; a run goes when it is beyond every one that is given, and stays when none is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keep {
    /// Newest runs that stay.
    pub runs: Option<u64>,
    /// Days that a run stays, from its start.
    pub days: Option<u64>,
}

impl Hub {
    /// Removes runs that are beyond the limits at `now` (UTC, RFC 3339); returns their ids.
    ///
    /// # Errors
    /// [`PublishError::Damaged`], [`PublishError::Io`]; runs removed before stay removed.
    pub fn prune(&self, lock: &Lock, keep: Keep, now: &str) -> Result<Vec<String>, PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        let Some(current) = self.current()? else {
            return Ok(Vec::new());
        };
        if keep == Keep::default() {
            return Ok(Vec::new());
        }
        let line = self.ancestry(&current, LINE_MIN)?;
        let line: BTreeSet<&str> = line.iter().map(Run::id).collect();
        let ids = self.run_ids()?;
        let mut removed = Vec::new();
        for (rank, id) in ids.iter().rev().enumerate() {
            let is_kept = line.contains(id.as_str()) || id.as_str() > current.id();
            let is_beyond = keep.runs.is_none_or(|runs| rank as u64 >= runs);
            if !is_kept && is_beyond && self.is_older(id, keep.days, now)? {
                removed.push(id.clone());
            }
        }
        for id in &removed {
            let aside = self.take_name(&self.runs().join(id))?;
            fs::remove_dir_all(&aside).map_err(PublishError::io(&aside))?;
        }
        Ok(removed)
    }

    /// A run whose age is not known is not old.
    fn is_older(&self, id: &str, days: Option<u64>, now: &str) -> Result<bool, PublishError> {
        let Some(days) = days else { return Ok(true) };
        let started_at = self.run(id)?.manifest().facts.started_at.clone();
        let at = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
        let (Some(start), Some(now)) = (at(&started_at), at(now)) else {
            return Ok(false);
        };
        Ok(now.saturating_sub(start) > i64::try_from(days.saturating_mul(86_400)).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::RunFacts;

    const NOW: &str = "2026-03-31T01:00:00Z";

    /// Runs of thirty nights, one a day, each built on the one before.
    fn nights() -> (tempfile::TempDir, Hub) {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(&folder.path().join("hub")).unwrap();
        let lock = hub.lock().unwrap();
        let mut base = String::new();
        for day in 1..=30 {
            let facts = RunFacts {
                base_run: Some(base),
                started_at: format!("2026-03-{day:02}T01:00:00Z"),
                ..RunFacts::default()
            };
            let run = hub
                .begin(&lock, &format!("{day:06}-x"))
                .unwrap()
                .publish(facts)
                .unwrap();
            base = run.id().to_owned();
        }
        drop(lock);
        (folder, hub)
    }

    fn left(hub: &Hub, runs: Option<u64>, days: Option<u64>) -> Vec<u32> {
        let lock = hub.lock().unwrap();
        hub.prune(&lock, Keep { runs, days }, NOW).unwrap();
        let ids = hub.run_ids().unwrap();
        ids.iter().filter_map(|id| id[..6].parse().ok()).collect()
    }

    #[test]
    fn a_run_goes_when_it_is_beyond_every_limit() {
        let (_folder, hub) = nights();
        assert_eq!(left(&hub, None, None).len(), 30);
        assert_eq!(left(&hub, Some(10), Some(20)), (11..=30).collect::<Vec<_>>());
        assert_eq!(left(&hub, Some(12), Some(2)), (19..=30).collect::<Vec<_>>());
        assert_eq!(left(&hub, None, Some(1)), (23..=30).collect::<Vec<_>>());
        assert_eq!(left(&hub, Some(1), None), (23..=30).collect::<Vec<_>>());
        assert!(hub.inspect(&crate::publish::Scope::Published).is_ok());
    }

    #[test]
    fn what_is_newer_than_the_published_run_stays() {
        let (_folder, hub) = nights();
        let lock = hub.lock().unwrap();
        let earlier = hub.find_run("20").unwrap();
        hub.set_current(&lock, &earlier).unwrap();
        drop(lock);
        let expected: Vec<u32> = (13..=30).collect();
        assert_eq!(left(&hub, Some(1), Some(1)), expected);
    }
}
