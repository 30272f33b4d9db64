//! Renumbered keys: which key a record has today that a decision knows by an older one.
//!
//! In: maps that a steward accepted, each with the number of the last decision made before it. Out: today's key. A source that is
//! renumbered may give an old key to another record, so a decision follows only the maps that came after it, in their order.

use std::collections::BTreeMap;

/// One accepted map of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Batch {
    /// Number of the map, 1 for the first ever accepted.
    pub(super) number: i64,
    /// Decisions up to this number knew the old keys.
    pub(super) made_after: i64,
    /// The source.
    pub(super) source: String,
    /// When it was accepted, UTC, RFC 3339.
    pub(super) made_at: String,
    /// Old key to new key.
    pub(super) keys: BTreeMap<String, String>,
}

/// What a run knew of the maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since<'a> {
    /// It followed the maps up to this number.
    Map(i64),
    /// It does not say; it started at this time, UTC, RFC 3339.
    Start(&'a str),
}

impl<'a> Since<'a> {
    /// From what a run says of itself: `last_map`, and `started_at` where it says nothing. Times tell less: a map may be accepted
    /// in the second in which a run starts, or while it reads.
    pub fn of_run(last_map: Option<i64>, started_at: &'a str) -> Self {
        last_map.map_or(Self::Start(started_at), Self::Map)
    }
}

/// Every accepted map, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rekeys {
    pub(super) batches: Vec<Batch>,
}

impl Rekeys {
    /// Today's key of a record that decision number `decision` knew as `key`.
    pub fn current<'a>(&'a self, decision: i64, source: &str, key: &'a str) -> &'a str {
        let later = self
            .batches
            .iter()
            .filter(|batch| batch.made_after >= decision && batch.source == source);
        later.fold(key, |key, batch| batch.keys.get(key).map_or(key, String::as_str))
    }

    /// Tonight's key of a record that a run of `since` knew as `key`.
    pub fn pending<'a>(&'a self, since: Since<'_>, source: &str, key: &'a str) -> &'a str {
        let is_later = |batch: &&Batch| match since {
            Since::Map(number) => batch.number > number,
            Since::Start(at) => batch.made_at.as_str() > at,
        };
        let later = self
            .batches
            .iter()
            .filter(|batch| batch.source == source)
            .filter(is_later);
        later.fold(key, |key, batch| batch.keys.get(key).map_or(key, String::as_str))
    }

    /// Number of the last map; 0 when there is none.
    pub fn last(&self) -> i64 {
        self.batches.iter().map(|batch| batch.number).max().unwrap_or(0)
    }

    /// Is there no map?
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_follows_the_maps_that_came_after_it() {
        let batch = |number, made_after, pairs: &[(&str, &str)]| Batch {
            number,
            made_after,
            source: "华东".to_owned(),
            made_at: "2026-11-23T06:00:00Z".to_owned(),
            keys: pairs
                .iter()
                .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
                .collect(),
        };
        let rekeys = Rekeys {
            batches: vec![
                batch(1, 3, &[("1", "2"), ("2", "1")]),
                batch(2, 5, &[("1", "A-1")]),
            ],
        };
        let current = |decision, key| rekeys.current(decision, "华东", key);
        assert_eq!(
            [current(3, "1"), current(3, "2"), current(3, "9")],
            ["2", "A-1", "9"]
        );
        assert_eq!(
            [current(4, "1"), current(4, "2"), current(6, "1")],
            ["A-1", "2", "1"]
        );
        assert_eq!(rekeys.current(1, "north", "1"), "1");
        let pending = |since| rekeys.pending(since, "华东", "2");
        assert_eq!(
            ["2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z"].map(|at| pending(Since::Start(at))),
            ["A-1", "2"]
        );
        assert_eq!(
            [0, 1, 2].map(|number| pending(Since::Map(number))),
            ["A-1", "2", "2"]
        );
        assert_eq!((rekeys.last(), Rekeys::default().last()), (2, 0));
    }
}
