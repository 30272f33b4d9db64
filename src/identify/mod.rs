//! Identify: unified IDs that last.
//!
//! In: clusters, and the registry of the last published run. Out: an ID for every record, the new registry, and what
//! changed. Method: greedy one-to-one assignment by overlap (n descending, then the older ID, then the smaller), which
//! stays within a few records of the exact optimum; clusters left over get a new ID; IDs left over redirect to the ID that
//! holds most of their records, or are deleted when no record is left. No ID is ever used twice. New IDs are made from
//! the key of the cluster's smallest record, never from a counter or a clock.

mod assign;
mod registry;

use crate::model::SourceId;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdAssignments;
use crate::table::RawRecords;
use crate::table::Registry;
use std::collections::BTreeSet;

/// What identifying needs to know beside the data.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Names of sources that are in the job but could not be read: their records keep their membership.
    pub absent_sources: BTreeSet<String>,
}

/// Gives every record its unified ID.
///
/// The same clusters twice change nothing; the result does not depend on threads or on the order of input.
pub fn identify(
    settings: &Settings,
    records: &RawRecords,
    clusters: &Clusters,
    registry: &Registry,
) -> IdAssignments {
    let previous = previous_ids(records, registry);
    let stale: Vec<(String, String, UnifiedId)> = registry
        .members
        .iter()
        .filter(|member| settings.absent_sources.contains(&member.0))
        .cloned()
        .collect();
    let held: BTreeSet<UnifiedId> = stale.iter().map(|member| member.2).collect();
    let named = assign::assign(records, clusters, registry, &previous);
    registry::finish(registry, &previous, named, &held, stale)
}

/// Per record, the ID it had in the last run, empty before the first; both sides are sorted by (source, key).
pub fn previous_ids(records: &RawRecords, registry: &Registry) -> Vec<Option<UnifiedId>> {
    if registry.members.is_empty() {
        return Vec::new();
    }
    let mut members = registry.members.iter().peekable();
    (0..records.len() as u32)
        .map(|record| {
            let record = crate::model::RecordIndex(record);
            let SourceId(source) = records.source_of[record.at()];
            let here = (
                records.sources[usize::from(source)].name.as_str(),
                records.key(record),
            );
            while members
                .next_if(|(source, key, _)| (source.as_str(), key.as_str()) < here)
                .is_some()
            {}
            let (source, key, id) = members.peek()?;
            ((source.as_str(), key.as_str()) == here).then_some(*id)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordIndex;
    use crate::table::EventKind;
    use crate::table::IdState;
    use crate::table::SourceInfo;
    use crate::table::ValuePool;

    fn records(keys: &[&str]) -> RawRecords {
        let mut pool = ValuePool::default();
        keys.iter().for_each(|key| {
            pool.push(key);
        });
        RawRecords {
            sources: vec![SourceInfo {
                name: "华东".to_owned(),
                owner: String::new(),
                priority: 0,
            }],
            source_of: vec![SourceId(0); keys.len()],
            keys: pool,
            ..RawRecords::default()
        }
    }

    /// Runs one night and returns the assignments with the registry for the next.
    fn night(keys: &[&str], labels: &[u32], before: &Registry) -> (IdAssignments, Registry) {
        let records = records(keys);
        let ids = identify(
            &Settings::default(),
            &records,
            &Clusters::from_labels(labels),
            before,
        );
        let members = (0..keys.len())
            .map(|at| {
                (
                    "华东".to_owned(),
                    records.key(RecordIndex(at as u32)).to_owned(),
                    ids.id_of[at],
                )
            })
            .collect();
        let registry = Registry {
            run: before.run + 1,
            entries: ids.entries.clone(),
            members,
        };
        (ids, registry)
    }

    #[test]
    fn the_same_input_twice_changes_nothing() {
        let (first, registry) = night(&["a", "b", "c"], &[0, 0, 1], &Registry::default());
        let (second, after) = night(&["a", "b", "c"], &[0, 0, 1], &registry);
        assert_eq!(first.id_of, second.id_of);
        assert!(second.events.is_empty());
        assert_eq!(registry.entries, after.entries);
    }

    #[test]
    fn a_merged_id_redirects_and_the_larger_part_keeps_its_own() {
        let (first, registry) = night(&["a", "b", "c"], &[0, 0, 1], &Registry::default());
        let (second, _) = night(&["a", "b", "c"], &[0, 0, 0], &registry);
        assert_eq!(second.id_of, vec![first.id_of[0]; 3]);
        let merged = second
            .entries
            .iter()
            .find(|entry| entry.id == first.id_of[2])
            .expect("nothing is forgotten");
        assert_eq!(merged.state, IdState::Merged(first.id_of[0]));
        assert_eq!(
            second.events.iter().map(|event| event.kind).collect::<Vec<_>>(),
            [EventKind::Merge]
        );
    }

    #[test]
    fn a_split_keeps_the_id_with_the_larger_part_and_never_reuses_one() {
        let (first, registry) = night(&["a", "b", "c"], &[0, 0, 0], &Registry::default());
        let (second, registry) = night(&["a", "b", "c"], &[0, 0, 1], &registry);
        assert_eq!(second.id_of[..2], first.id_of[..2]);
        assert_ne!(second.id_of[2], first.id_of[2]);
        let (third, _) = night(&["b", "c"], &[0, 1], &registry);
        assert_eq!(third.id_of, second.id_of[1..]);
    }

    #[test]
    fn a_record_that_came_back_gets_a_new_id_and_the_old_one_stays_deleted() {
        let (first, registry) = night(&["a", "b"], &[0, 1], &Registry::default());
        let (_, registry) = night(&["b"], &[0], &registry);
        let (third, _) = night(&["a", "b"], &[0, 1], &registry);
        assert_ne!(third.id_of[0], first.id_of[0]);
        let gone = third
            .entries
            .iter()
            .find(|entry| entry.id == first.id_of[0])
            .expect("nothing is forgotten");
        assert_eq!(gone.state, IdState::Deleted);
    }

    #[test]
    fn an_absent_source_keeps_its_members() {
        let (first, registry) = night(&["a"], &[0], &Registry::default());
        let settings = Settings {
            absent_sources: BTreeSet::from(["华东".to_owned()]),
        };
        let none = identify(&settings, &records(&[]), &Clusters::from_labels(&[]), &registry);
        assert_eq!(none.stale.len(), 1);
        assert_eq!(none.entries[0].state, IdState::Live);
        assert_eq!(none.entries[0].id, first.id_of[0]);
    }
}
