//! What must hold of a run's registry, whatever was read and decided (operations.md S1, S2).
//!
//! In: sealed runs. Out: sentences on what does not hold, at most [`NAMED_MAX`] of a kind; they name IDs and counts, never values of
//! records. How IDs are given is `identify`'s business.

use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::registry::read_registry;
use crate::publish::run::Run;
use crate::table::IdState;
use crate::table::RecordStatus;
use crate::table::Registry;
use crate::table::RegistryEntry;
use crate::table::find_entry;
use std::collections::BTreeSet;

/// IDs that one sentence names.
const NAMED_MAX: usize = 5;

/// Redirects that are followed before they count as a circle; runs leave chains of one.
const STEPS_MAX: usize = 64;

/// What does not hold of the registry of `run`; `buried` are the IDs that rollbacks took back; `base` is the run that it was built on, when it is still there.
///
/// # Errors
/// As [`read_registry`].
pub(super) fn unsound(
    run: &Run,
    base: Option<&Run>,
    buried: &[RegistryEntry],
) -> Result<Vec<String>, PublishError> {
    let registry = read_registry(run)?;
    let mut said = of_registry(&registry);
    said.extend(of_golden(run, &registry)?);
    if let Some(base) = base {
        said.extend(of_ancestor(&registry, &read_registry(base)?));
    }
    let is_live = |entry: &&RegistryEntry| {
        find_entry(&registry.entries, entry.id).is_some_and(|found| found.state == IdState::Live)
    };
    let risen = buried.iter().filter(is_live).map(|entry| entry.id);
    said.extend(sentence("IDs that a rollback took back are in use", risen));
    Ok(said)
}

fn of_registry(registry: &Registry) -> Vec<String> {
    let entries = &registry.entries;
    let ids = |holds: &dyn Fn(&RegistryEntry) -> bool| {
        let found = entries.iter().filter(|entry| holds(entry)).map(|entry| entry.id);
        found.collect::<Vec<_>>()
    };
    let is_known = |id: &UnifiedId| find_entry(entries, *id).is_some();
    let is_live = |id: &UnifiedId| find_entry(entries, *id).is_some_and(|entry| entry.state == IdState::Live);
    let used: BTreeSet<UnifiedId> = registry.members.iter().map(|(_, _, id)| *id).collect();
    let twice = entries
        .windows(2)
        .filter(|two| two[0].id >= two[1].id)
        .map(|two| two[1].id);
    let records = registry.members.windows(2);
    let records = records
        .filter(|two| (&two[0].0, &two[0].1) >= (&two[1].0, &two[1].1))
        .count();
    let former = registry
        .former
        .iter()
        .filter(|former| !is_known(&former.id) || is_live(&former.id));
    let mut said: Vec<String> = [
        sentence("IDs are entered twice or out of order", twice),
        sentence(
            "records have IDs that are not live",
            used.iter().copied().filter(|id| !is_live(id)),
        ),
        sentence(
            "live IDs have no record",
            ids(&|entry| entry.state == IdState::Live && !used.contains(&entry.id)),
        ),
        sentence(
            "IDs lead to IDs that were never issued",
            ids(&|entry| match &entry.state {
                IdState::Merged(into) => !is_known(into),
                IdState::Split(into) => !into.iter().all(is_known),
                _ => false,
            }),
        ),
        sentence("IDs lead in a circle", ids(&|entry| is_circular(entries, entry))),
        sentence(
            "IDs are younger than the run",
            ids(&|entry| entry.birth_run > registry.run),
        ),
        sentence(
            "former records belong to IDs that are live or unknown",
            former.map(|former| former.id),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if records > 0 {
        said.push(format!("{records} records are entered twice or out of order"));
    }
    said
}

fn is_circular(entries: &[RegistryEntry], from: &RegistryEntry) -> bool {
    let mut entry = from;
    for _ in 0..STEPS_MAX {
        match &entry.state {
            IdState::Merged(into) => match find_entry(entries, *into) {
                Some(next) => entry = next,
                None => return false,
            },
            _ => return false,
        }
    }
    true
}

/// Every customer of tonight's records has one golden record, and nobody who has no record at all.
fn of_golden(run: &Run, registry: &Registry) -> Result<Vec<String>, PublishError> {
    let path = run.path("golden.parquet");
    run.verify_file("golden.parquet")?;
    let unread = |error: frame::FrameError| PublishError::damaged(&path, error.to_string());
    let table = frame::read_parquet(&path, Some(&["unified_id"])).map_err(unread)?;
    let Ok(frame::ColumnData::Text(texts)) = table.column("unified_id") else {
        return Err(PublishError::damaged(&path, "it has no column of IDs"));
    };
    let golden = (0..table.rows()).map(|row| texts.get(row).and_then(|text| text.parse().ok()));
    let Some(golden) = golden.collect::<Option<Vec<UnifiedId>>>() else {
        return Err(PublishError::damaged(
            &path,
            "it holds a text that is no unified ID",
        ));
    };
    let distinct: BTreeSet<UnifiedId> = golden.iter().copied().collect();
    let members = registry.members.iter().enumerate();
    // A source that is late may have left no more than the names of its records.
    let sure = members.filter(|(at, _)| registry.mark(*at).status != RecordStatus::Stale);
    let sure: BTreeSet<UnifiedId> = sure.map(|(_, (_, _, id))| *id).collect();
    let all: BTreeSet<UnifiedId> = registry.members.iter().map(|(_, _, id)| *id).collect();
    let mut said: Vec<String> = [
        sentence(
            "customers have no golden record",
            sure.difference(&distinct).copied(),
        ),
        sentence(
            "golden records belong to no customer",
            distinct.difference(&all).copied(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if distinct.len() != golden.len() {
        said.push(format!(
            "{} golden records too many",
            golden.len() - distinct.len()
        ));
    }
    Ok(said)
}

/// An ID that was issued once is known for ever, with its birth.
fn of_ancestor(registry: &Registry, base: &Registry) -> Option<String> {
    let lost = base.entries.iter().filter(|entry| {
        let found = find_entry(&registry.entries, entry.id);
        found.is_none_or(|found| found.birth_run != entry.birth_run)
    });
    sentence(
        "IDs of the run before are lost or have another birth",
        lost.map(|entry| entry.id),
    )
}

fn sentence(what: &str, ids: impl IntoIterator<Item = UnifiedId>) -> Option<String> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    let shown = ids.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    let more = if ids.len() > NAMED_MAX { ", …" } else { "" };
    (!ids.is_empty()).then(|| format!("{} {what}: {shown}{more}", ids.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> UnifiedId {
        UnifiedId::from_number(number)
    }

    fn registry(states: &[(u64, IdState)], members: &[(&str, u64)]) -> Registry {
        let entry = |(number, state): &(u64, IdState)| RegistryEntry {
            id: id(*number),
            birth_run: 1,
            state: state.clone(),
        };
        Registry {
            run: 1,
            entries: states.iter().map(entry).collect(),
            members: members
                .iter()
                .map(|(key, number)| ("华东".to_owned(), (*key).to_owned(), id(*number)))
                .collect(),
            ..Registry::default()
        }
    }

    #[test]
    fn a_sound_registry_has_nothing_to_say() {
        let states = [
            (1, IdState::Live),
            (2, IdState::Merged(id(1))),
            (3, IdState::Tombstone),
        ];
        assert_eq!(of_registry(&registry(&states, &[("a", 1)])), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_unsoundness_is_told() {
        use IdState::Live;
        use IdState::Merged;
        for (states, members, expected) in [
            (
                vec![(1, Live), (1, Live)],
                vec![("a", 1)],
                "twice or out of order",
            ),
            (vec![(1, IdState::Deleted)], vec![("a", 1)], "not live"),
            (vec![(1, Live), (2, Live)], vec![("a", 1)], "no record"),
            (
                vec![(1, Live), (2, Merged(id(9)))],
                vec![("a", 1)],
                "never issued",
            ),
            (
                vec![(1, Live), (2, IdState::Split(vec![id(1), id(9)]))],
                vec![("a", 1)],
                "never issued",
            ),
            (
                vec![(1, Live), (2, Merged(id(3))), (3, Merged(id(2)))],
                vec![("a", 1)],
                "circle",
            ),
            (
                vec![(1, Live)],
                vec![("a", 1), ("a", 1)],
                "records are entered twice",
            ),
        ] {
            let said = of_registry(&registry(&states, &members));
            assert!(
                said.iter().any(|said| said.contains(expected)),
                "{expected}: {said:?}"
            );
        }
        let mut young = registry(&[(1, Live)], &[("a", 1)]);
        young.run = 0;
        assert!(of_registry(&young)[0].contains("younger"));
        let base = registry(&[(1, Live), (2, Live)], &[("a", 1), ("b", 2)]);
        assert!(
            of_ancestor(&registry(&[(1, Live)], &[("a", 1)]), &base)
                .unwrap()
                .contains("lost")
        );
    }
}
