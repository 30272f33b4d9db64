//! Renumbered keys: which key a record has today that a decision knows by an older one.
//!
//! In: maps that a steward accepted, each with the number of the last decision made before it. Out: today's key. A source that is
//! renumbered may give an old key to another record, so a decision follows only the maps that came after it, in their order.

use std::collections::BTreeMap;

/// One accepted map of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Batch {
    /// Decisions up to this number knew the old keys.
    pub(super) made_after: i64,
    /// The source.
    pub(super) source: String,
    /// When it was accepted, UTC, RFC 3339.
    pub(super) made_at: String,
    /// Old key to new key.
    pub(super) keys: BTreeMap<String, String>,
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

    /// Tonight's key of a record that a run started at `since`, UTC, RFC 3339, knew as `key`.
    pub fn pending<'a>(&'a self, since: &str, source: &str, key: &'a str) -> &'a str {
        let later = self
            .batches
            .iter()
            .filter(|batch| batch.made_at.as_str() > since && batch.source == source);
        later.fold(key, |key, batch| batch.keys.get(key).map_or(key, String::as_str))
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
        let batch = |made_after, pairs: &[(&str, &str)]| Batch {
            made_after,
            source: "华东".to_owned(),
            made_at: "2026-11-23T06:00:00Z".to_owned(),
            keys: pairs
                .iter()
                .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
                .collect(),
        };
        let rekeys = Rekeys {
            batches: vec![batch(3, &[("1", "2"), ("2", "1")]), batch(5, &[("1", "A-1")])],
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
            ["2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z"].map(pending),
            ["A-1", "2"]
        );
    }
}
