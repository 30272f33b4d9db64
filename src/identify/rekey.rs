//! Renumbered sources: the same rows under other keys.
//!
//! In: tonight's records with their contents, and the last run's members with theirs. Out: for each source whose rows are
//! those of the last run but whose keys are not, a map from old to new keys to propose. A night that took such keys as they
//! are would withdraw every customer of the source and issue new IDs for all of them.
//!
//! A row keeps its key when the key stands beside the same content as before; so keys given out again in another order are
//! found as well as keys never seen. What is done about it (a guard refuses the run, a steward accepts the map) is decided
//! elsewhere.

use crate::model::RecordIndex;
use crate::table::RawRecords;
use crate::table::Registry;
use std::collections::BTreeMap;

/// Share of the last run's rows that keep their key, from which a source counts as not renumbered.
const KEPT_KEYS_MIN: f64 = 0.5;

/// Share of the last run's rows whose content is there again, above which a source with other keys is renumbered.
const KEPT_CONTENTS_MIN: f64 = 0.8;

/// One source that gave its rows new keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekey {
    /// Name of the source.
    pub source: String,
    /// Rows of the last run.
    pub rows_before: u64,
    /// Of these, rows whose key is there tonight, whatever stands beside it.
    pub keys_kept: u64,
    /// Of these, rows whose key stands beside the same content as before.
    pub rows_kept: u64,
    /// Of these, rows whose content is there tonight under any key.
    pub contents_kept: u64,
    /// The proposed map, sorted by old key; rows that kept their key are left out.
    pub pairs: Vec<RekeyPair>,
}

/// One row of a proposed map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RekeyPair {
    /// Key in the last run.
    pub old_key: String,
    /// Key tonight.
    pub new_key: String,
    /// Does only one row on each side have this content? Others are paired in the order of their keys.
    pub is_certain: bool,
}

/// Sources whose rows are the last run's under new keys, sorted by name.
///
/// `contents` has one hash a record (see [`contents`](crate::identify::contents)); without it, or without those of the
/// last run, nothing is found. Stale members count as rows of the last run; a source that is absent tonight has no records
/// and is never renumbered.
pub fn rekey(records: &RawRecords, contents: &[u64], registry: &Registry) -> Vec<Rekey> {
    if contents.len() != records.len() || registry.marks.len() != registry.members.len() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for (at, source) in records.sources.iter().enumerate() {
        let count = records.source_of[start..].partition_point(|of| of.at() <= at);
        let now = (start..start + count).map(|record| RecordIndex(record as u32));
        start += count;
        // What was kept from the last run is no row of tonight.
        let delivered: Vec<RecordIndex> = now.filter(|&record| records.kept(record).is_none()).collect();
        let member = |name: &str| registry.members.partition_point(|(of, ..)| of.as_str() < name);
        let first = member(&source.name);
        let same = registry.members[first..].partition_point(|(of, ..)| *of == source.name);
        let before = Side {
            keys: registry.members[first..first + same]
                .iter()
                .map(|(_, key, _)| key.as_str())
                .collect(),
            contents: registry.marks[first..first + same]
                .iter()
                .map(|mark| mark.content)
                .collect(),
        };
        let now = Side {
            keys: delivered.iter().map(|&record| records.key(record)).collect(),
            contents: delivered.iter().map(|record| contents[record.at()]).collect(),
        };
        found.extend(compare(&source.name, &before, &now));
    }
    found
}

/// Rows of one source, sorted by key.
struct Side<'a> {
    keys: Vec<&'a str>,
    contents: Vec<u64>,
}

fn compare(source: &str, before: &Side, now: &Side) -> Option<Rekey> {
    // A row without known content cannot be found again.
    if before.contents.contains(&0) || before.keys.is_empty() || now.keys.is_empty() {
        return None;
    }
    let (mut keys_kept, mut rows_kept) = (0u64, 0u64);
    // Per content, the keys that it moved from and to.
    let mut moved: BTreeMap<u64, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    let mut is_kept_now = vec![false; now.keys.len()];
    for (key, content) in before.keys.iter().zip(&before.contents) {
        let at = now.keys.binary_search(key).ok();
        keys_kept += u64::from(at.is_some());
        match at {
            Some(at) if now.contents[at] == *content => {
                rows_kept += 1;
                is_kept_now[at] = true;
            }
            _ => moved.entry(*content).or_default().0.push(key),
        }
    }
    let rows_before = before.keys.len() as u64;
    let limit = |share: f64| share * rows_before as f64;
    // Most nights end here.
    if rows_kept as f64 >= limit(KEPT_KEYS_MIN) {
        return None;
    }
    for (at, key) in now.keys.iter().enumerate().filter(|(at, _)| !is_kept_now[*at]) {
        if let Some((_, to)) = moved.get_mut(&now.contents[at]) {
            to.push(key);
        }
    }
    let found = moved.values().map(|(from, to)| from.len().min(to.len()) as u64);
    let contents_kept = rows_kept + found.sum::<u64>();
    if contents_kept as f64 <= limit(KEPT_CONTENTS_MIN) {
        return None;
    }
    Some(Rekey {
        source: source.to_owned(),
        rows_before,
        keys_kept,
        rows_kept,
        contents_kept,
        pairs: pairs(&moved),
    })
}

fn pairs(moved: &BTreeMap<u64, (Vec<&str>, Vec<&str>)>) -> Vec<RekeyPair> {
    let mut pairs: Vec<RekeyPair> = moved
        .values()
        .flat_map(|(from, to)| {
            let is_certain = from.len() == 1 && to.len() == 1;
            from.iter().zip(to).map(move |(old_key, new_key)| RekeyPair {
                old_key: (*old_key).to_owned(),
                new_key: (*new_key).to_owned(),
                is_certain,
            })
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::fixture::records_of;
    use crate::model::UnifiedId;
    use crate::table::Mark;
    use crate::table::RecordStatus;

    /// The registry after a night with these rows of (source, key, content).
    fn registry(rows: &[(&str, String, u64)]) -> Registry {
        let member = |(at, (source, key, _)): (usize, &(&str, String, u64))| {
            let id = UnifiedId::from_number(at as u64);
            ((*source).to_owned(), key.clone(), id)
        };
        let mark = |(_, _, content): &(&str, String, u64)| Mark {
            content: *content,
            status: RecordStatus::Active,
        };
        Registry {
            run: 1,
            members: rows.iter().enumerate().map(member).collect(),
            marks: rows.iter().map(mark).collect(),
            ..Registry::default()
        }
    }

    fn check(before: &[(&str, String, u64)], now: &[(&str, String, u64)]) -> Vec<Rekey> {
        let sorted = |rows: &[(&'static str, String, u64)]| {
            let mut rows = rows.to_vec();
            rows.sort();
            rows
        };
        let before = sorted(&before.iter().map(leaked).collect::<Vec<_>>());
        let now = sorted(&now.iter().map(leaked).collect::<Vec<_>>());
        let names: Vec<(&str, &str)> = now
            .iter()
            .map(|(source, key, _)| (*source, key.as_str()))
            .collect();
        let contents: Vec<u64> = now.iter().map(|row| row.2).collect();
        rekey(&records_of(&names), &contents, &registry(&before))
    }

    fn leaked(row: &(&str, String, u64)) -> (&'static str, String, u64) {
        let source = if row.0 == "华东" { "华东" } else { "north" };
        (source, row.1.clone(), row.2)
    }

    /// Ten rows of both sources; those of 华东 renamed by `key`.
    fn rows(key: impl Fn(u64) -> String) -> Vec<(&'static str, String, u64)> {
        (0..10)
            .flat_map(|at| [("华东", key(at), 100 + at), ("north", format!("N{at}"), 200 + at)])
            .collect()
    }

    #[test]
    fn s12_the_same_rows_under_new_keys_give_a_map() {
        let found = check(&rows(|at| format!("客{at}")), &rows(|at| format!("KH-{at:04}")));
        assert_eq!(found.len(), 1);
        let rekey = &found[0];
        assert_eq!(rekey.source, "华东");
        assert_eq!(
            (
                rekey.rows_before,
                rekey.keys_kept,
                rekey.rows_kept,
                rekey.contents_kept
            ),
            (10, 0, 0, 10)
        );
        assert_eq!(rekey.pairs.len(), 10);
        assert_eq!(
            rekey.pairs[3],
            RekeyPair {
                old_key: "客3".to_owned(),
                new_key: "KH-0003".to_owned(),
                is_certain: true
            }
        );
    }

    #[test]
    fn s12_keys_given_out_again_in_another_order_are_found() {
        let found = check(
            &rows(|at| format!("{at}")),
            &rows(|at| format!("{}", (at + 1) % 10)),
        );
        assert_eq!((found[0].keys_kept, found[0].rows_kept), (10, 0));
        assert!(found[0].pairs.iter().all(|pair| pair.old_key != pair.new_key));
    }

    #[test]
    fn s12_usual_nights_propose_nothing() {
        let before = rows(|at| format!("{at}"));
        assert!(check(&before, &before).is_empty());
        // Half of the keys are as they were.
        let half = rows(|at| if at < 5 { format!("{at}") } else { format!("x{at}") });
        assert!(check(&before, &half).is_empty());
        // New keys with other rows: another export, not a renumbered one.
        let mut other = rows(|at| format!("x{at}"));
        other.iter_mut().for_each(|row| row.2 += 1_000);
        assert!(check(&before, &other).is_empty());
        // Eight of ten contents are not more than 80 %.
        let mut eight = rows(|at| format!("x{at}"));
        eight
            .iter_mut()
            .filter(|row| row.2 > 107)
            .for_each(|row| row.2 += 1_000);
        assert!(check(&before, &eight).iter().all(|rekey| rekey.source != "华东"));
        assert!(check(&before, &[]).is_empty());
        assert!(check(&[], &before).is_empty());
    }

    #[test]
    fn rows_of_equal_content_are_paired_in_the_order_of_their_keys_and_marked() {
        let same = |key: &str| ("华东", key.to_owned(), 7);
        let found = check(
            &[same("a"), same("b"), same("c")],
            &[same("x"), same("y"), same("z")],
        );
        let pairs: Vec<(&str, &str, bool)> = found[0]
            .pairs
            .iter()
            .map(|pair| (pair.old_key.as_str(), pair.new_key.as_str(), pair.is_certain))
            .collect();
        assert_eq!(pairs, [("a", "x", false), ("b", "y", false), ("c", "z", false)]);
    }
}
