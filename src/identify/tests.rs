//! What identifying does, case by case; `h` is 华东, `n` is north.

use super::*;
use crate::identify::fixture::night;
use crate::table::Cause;
use crate::table::EventKind;
use crate::table::IdState;
use crate::table::PinFault;
use crate::table::RecordStatus;
use crate::table::RegistryEntry;
use crate::table::Resolution;
use crate::table::find_entry;

/// Names of records of 华东.
fn keys<'a>(keys: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    keys.iter().map(|key| ("华东", *key)).collect()
}

/// A night of 华东 without pins.
fn plain(of: &[&str], labels: &[u32], before: &Registry) -> (IdAssignments, Registry) {
    night(&Settings::default(), &keys(of), labels, before)
}

fn first(of: &[&str], labels: &[u32]) -> (IdAssignments, Registry) {
    plain(of, labels, &Registry::default())
}

fn kinds(ids: &IdAssignments) -> Vec<EventKind> {
    ids.events.iter().map(|event| event.kind).collect()
}

fn state(registry: &Registry, id: UnifiedId) -> &IdState {
    &find_entry(&registry.entries, id)
        .expect("nothing is forgotten")
        .state
}

#[test]
fn the_same_input_twice_changes_nothing() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 1]);
    let (two, after) = plain(&["a", "b", "c"], &[0, 0, 1], &registry);
    assert_eq!(one.id_of, two.id_of);
    assert!(two.events.is_empty());
    assert!(two.changes.is_empty());
    assert_eq!(registry.entries, after.entries);
}

#[test]
fn a_merged_id_redirects_and_the_larger_part_keeps_its_own() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 1]);
    let (two, registry) = plain(&["a", "b", "c"], &[0, 0, 0], &registry);
    assert_eq!(two.id_of, vec![one.id_of[0]; 3]);
    assert_eq!(*state(&registry, one.id_of[2]), IdState::Merged(one.id_of[0]));
    assert_eq!(kinds(&two), [EventKind::Merge]);
    assert_eq!(two.former.len(), 1);
    assert_eq!(
        (two.former[0].key.as_str(), two.former[0].id),
        ("c", one.id_of[2])
    );
}

#[test]
fn a_split_keeps_the_id_with_the_larger_part_and_mints_for_the_other() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 0]);
    let (two, registry) = plain(&["a", "b", "c"], &[0, 0, 1], &registry);
    assert_eq!(two.id_of[..2], one.id_of[..2]);
    assert_ne!(two.id_of[2], one.id_of[2]);
    let (three, _) = plain(&["b", "c"], &[0, 1], &registry);
    assert_eq!(three.id_of, two.id_of[1..]);
    assert_eq!(kinds(&three), [EventKind::Shrink]);
}

#[test]
fn a_record_that_came_back_alone_gets_its_id_back() {
    let (one, registry) = first(&["a", "b"], &[0, 1]);
    let (two, registry) = plain(&["b"], &[0], &registry);
    assert_eq!(kinds(&two), [EventKind::Retire]);
    assert_eq!(registry.resolve(one.id_of[0]), Some(Resolution::Deleted));
    let (three, registry) = plain(&["a", "b"], &[0, 1], &registry);
    assert_eq!(three.id_of, one.id_of);
    assert_eq!(kinds(&three), [EventKind::Resurrect]);
    assert!(registry.former.is_empty(), "a live ID has no former records");
}

#[test]
fn a_record_that_came_back_into_another_customer_leaves_a_redirect() {
    let (one, registry) = first(&["a", "b"], &[0, 1]);
    let (_, registry) = plain(&["b"], &[0], &registry);
    let (three, registry) = plain(&["a", "b"], &[0, 0], &registry);
    assert_eq!(three.id_of, vec![one.id_of[1]; 2]);
    assert_eq!(
        registry.resolve(one.id_of[0]),
        Some(Resolution::Live(one.id_of[1]))
    );
}

#[test]
fn an_absent_source_keeps_its_members() {
    let (one, registry) = first(&["a"], &[0]);
    let settings = Settings {
        absent_sources: BTreeSet::from(["华东".to_owned()]),
        ..Settings::default()
    };
    let (two, registry) = night(&settings, &[], &[], &registry);
    assert_eq!(two.stale.len(), 1);
    assert_eq!(*state(&registry, one.id_of[0]), IdState::Live);
    assert_eq!(
        (two.changes[0].status, two.changes[0].word(), two.changes[0].new),
        (RecordStatus::Stale, "late", Some(one.id_of[0]))
    );
    let (again, registry) = night(&settings, &[], &[], &registry);
    assert!(again.changes.is_empty(), "still late is no change");
    let (back, _) = plain(&["a"], &[0], &registry);
    assert_eq!((back.changes[0].word(), back.id_of[0]), ("back", one.id_of[0]));
    assert!(back.events.is_empty());
}

#[test]
fn s2_an_id_whose_records_went_to_several_lists_them() {
    // Four singles; then a+b and c+d are customers, whose larger parts take their IDs away from the pair b+c.
    let names = ["a", "a2", "b", "c", "d", "d2"];
    let (one, registry) = first(&names, &[0, 0, 1, 1, 2, 2]);
    let (_, registry) = plain(&names, &[0, 0, 0, 2, 2, 2], &registry);
    let gone = one.id_of[2];
    let mut heirs = vec![one.id_of[0], one.id_of[4]];
    heirs.sort();
    assert_eq!(*state(&registry, gone), IdState::Split(heirs.clone()));
    // When one heir takes the other, the list is one redirect; when they part, a list again.
    let (_, merged) = plain(&names, &[0; 6], &registry);
    assert!(matches!(merged.resolve(gone), Some(Resolution::Live(_))));
    let (_, parted) = plain(&names, &[0, 0, 0, 2, 2, 2], &merged);
    assert_eq!(parted.resolve(gone), Some(Resolution::Split(heirs.clone())));
    // The pair itself, parted from both, has its ID back.
    let (back, _) = plain(&names, &[0, 0, 1, 1, 2, 2], &parted);
    assert_eq!(back.id_of, one.id_of);
}

const ABCD: [&str; 4] = ["A", "B", "C", "D"];

/// The example of Informatica's unmerge: A+B, C+D, then AB+CD; the IDs as issued, those after the second step, the end.
///
/// `nights` are the records of the first nights; records that come together are of one age, and chance decides whose ID
/// survives.
fn merged_twice(nights: &[&[&str]]) -> ([Vec<UnifiedId>; 2], Registry) {
    let mut registry = Registry::default();
    let mut issued = Vec::new();
    for names in nights {
        let labels: Vec<u32> = (0..names.len() as u32).collect();
        let (ids, after) = plain(names, &labels, &registry);
        (issued, registry) = (ids.id_of, after);
    }
    let (two, registry) = plain(&ABCD, &[0, 0, 1, 1], &registry);
    let (three, registry) = plain(&ABCD, &[0, 0, 0, 0], &registry);
    assert_eq!(three.id_of, vec![three.id_of[0]; 4]);
    ([issued, two.id_of], registry)
}

/// A is the oldest customer, then B, C and D.
const BY_AGE: &[&[&str]] = &[&["A"], &["A", "B"], &["A", "B", "C"], &["A", "B", "C", "D"]];

#[test]
fn s7_a_linear_unmerge_gives_the_member_the_id_that_it_was_issued() {
    let ([issued, _], registry) = merged_twice(BY_AGE);
    let [a, b, c, d] = [issued[0], issued[1], issued[2], issued[3]];
    for (labels, expected) in [
        ([0, 1, 0, 0], [a, b, a, a]),
        ([0, 0, 1, 0], [a, a, c, a]),
        ([0, 0, 0, 1], [a, a, a, d]),
        ([0, 1, 2, 3], [a, b, c, d]),
    ] {
        let (parted, registry) = plain(&ABCD, &labels, &registry);
        assert_eq!(parted.id_of, expected);
        let (again, _) = plain(&ABCD, &[0; 4], &registry);
        assert_eq!(again.id_of, vec![a; 4], "and together as before");
    }
}

#[test]
fn s7_a_tree_unmerge_gives_every_group_the_id_that_it_had() {
    for nights in [BY_AGE, &[&ABCD]] {
        let ([issued, pairs], registry) = merged_twice(nights);
        let (parted, after) = plain(&ABCD, &[0, 0, 1, 1], &registry);
        assert_eq!(parted.id_of, pairs);
        assert_eq!(plain(&ABCD, &[0, 1, 2, 3], &after).0.id_of, issued);
        assert_eq!(plain(&ABCD, &[0, 1, 2, 3], &registry).0.id_of, issued);
    }
}

#[test]
fn an_id_is_not_taken_from_the_larger_part_of_its_records() {
    // x holds p, q and r (made for p), then merges; q alone parts again: x stays a redirect to the rest.
    let names = ["o1", "o2", "o3", "o4", "p", "q", "r"];
    let (one, registry) = first(&names, &[0, 0, 0, 0, 1, 1, 1]);
    let (_, registry) = plain(&names, &[0; 7], &registry);
    let (three, after) = plain(&names, &[0, 0, 0, 0, 0, 1, 0], &registry);
    assert_eq!(after.resolve(one.id_of[4]), Some(Resolution::Live(one.id_of[0])));
    assert!(!one.id_of.contains(&three.id_of[5]));
    // The record that the ID was made for takes it along.
    let (three, _) = plain(&names, &[0, 0, 0, 0, 1, 0, 0], &registry);
    assert_eq!(three.id_of[4], one.id_of[4]);
}

#[test]
fn a_tombstone_is_neither_minted_nor_revived() {
    let (one, _) = first(&["a"], &[0]);
    let rolled_back = Registry {
        entries: vec![RegistryEntry {
            id: one.id_of[0],
            birth_run: 1,
            state: IdState::Tombstone,
        }],
        ..Registry::default()
    };
    let (two, registry) = plain(&["a"], &[0], &rolled_back);
    assert_ne!(two.id_of, one.id_of);
    assert_eq!(*state(&registry, one.id_of[0]), IdState::Tombstone);
    assert_eq!(registry.resolve(one.id_of[0]), Some(Resolution::Deleted));
    let settings = pinned(&[(0, one.id_of[0])]);
    let (three, registry) = night(&settings, &keys(&["a"]), &[0], &registry);
    assert_eq!(three.id_of, two.id_of);
    assert_eq!(three.conflicts[0].fault, PinFault::Tombstone);
    assert_eq!(*state(&registry, one.id_of[0]), IdState::Tombstone);
}

fn pinned(pins: &[(u32, UnifiedId)]) -> Settings {
    Settings {
        pins: pins
            .iter()
            .map(|(record, id)| (RecordIndex(*record), *id))
            .collect(),
        ..Settings::default()
    }
}

#[test]
fn a_pin_names_its_cluster_against_the_overlap() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 1]);
    let settings = pinned(&[(2, one.id_of[2])]);
    let before = registry.clone();
    let (two, registry) = night(&settings, &keys(&["a", "b", "c"]), &[0, 0, 0], &registry);
    assert_eq!(two.id_of, vec![one.id_of[2]; 3]);
    assert!(two.conflicts.is_empty());
    assert_eq!(*state(&registry, one.id_of[0]), IdState::Merged(one.id_of[2]));
    let mut settings = settings;
    settings.causes.decided = vec![RecordIndex(2)];
    let (two, _) = night(&settings, &keys(&["a", "b", "c"]), &[0, 0, 0], &before);
    assert!(two.events.iter().all(|event| event.cause == Cause::Decision));
}

#[test]
fn a_pin_revives_a_merged_and_a_deleted_id() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 1]);
    let (_, merged) = plain(&["a", "b", "c"], &[0, 0, 0], &registry);
    let (two, after) = night(
        &pinned(&[(0, one.id_of[2])]),
        &keys(&["a", "b", "c"]),
        &[0, 0, 0],
        &merged,
    );
    assert_eq!(two.id_of, vec![one.id_of[2]; 3]);
    assert_eq!(*state(&after, one.id_of[0]), IdState::Merged(one.id_of[2]));
    assert!(kinds(&two).contains(&EventKind::Resurrect));
    let (_, deleted) = plain(&["a", "b"], &[0, 0], &registry);
    let (three, after) = night(
        &pinned(&[(1, one.id_of[2])]),
        &keys(&["a", "b"]),
        &[0, 1],
        &deleted,
    );
    assert_eq!(three.id_of, [one.id_of[0], one.id_of[2]]);
    assert_eq!(*state(&after, one.id_of[2]), IdState::Live);
}

#[test]
fn a_pin_to_an_id_of_another_hub_is_taken_over() {
    let known = UnifiedId::from_number(31_415_926);
    let (one, registry) = night(
        &pinned(&[(1, known)]),
        &keys(&["a", "b"]),
        &[0, 1],
        &Registry::default(),
    );
    assert_eq!(one.id_of[1], known);
    assert_eq!(*state(&registry, known), IdState::Live);
    assert_eq!(kinds(&one), [EventKind::New, EventKind::New]);
}

#[test]
fn contradictory_pins_are_all_reported_and_one_of_them_holds() {
    let (one, registry) = first(&["a", "b", "c"], &[0, 0, 1]);
    let [larger, smaller] = [one.id_of[0], one.id_of[2]];
    let settings = pinned(&[(2, smaller), (0, larger)]);
    let (two, _) = night(&settings, &keys(&["a", "b", "c"]), &[0, 0, 0], &registry);
    assert_eq!(two.id_of, vec![larger; 3]);
    let listed: Vec<_> = two
        .conflicts
        .iter()
        .map(|conflict| (conflict.record.0, conflict.id, conflict.fault, conflict.given))
        .collect();
    let fault = PinFault::TwoIdsInOneCluster;
    assert_eq!(listed, [(0, larger, fault, larger), (2, smaller, fault, larger)]);
    // One ID for two customers: the one that has more of it keeps it.
    let settings = pinned(&[(0, larger), (2, larger)]);
    let (three, _) = night(&settings, &keys(&["a", "b", "c"]), &[0, 0, 1], &registry);
    assert_eq!(three.id_of, one.id_of);
    assert_eq!(three.conflicts.len(), 2);
    assert!(
        three
            .conflicts
            .iter()
            .all(|conflict| conflict.fault == PinFault::TwoClustersOfOneId)
    );
}

/// Causes of the rows of a feed by key.
fn causes(ids: &IdAssignments) -> Vec<(&str, &str, Cause)> {
    ids.changes
        .iter()
        .map(|row| (row.key.as_str(), row.word(), row.cause))
        .collect()
}

#[test]
fn s19_every_row_of_the_feed_states_its_event_and_cause() {
    let with = |contents: &[u64]| Settings {
        causes: Causes {
            contents: contents.to_vec(),
            ..Causes::default()
        },
        ..Settings::default()
    };
    let names = keys(&["a", "b", "c"]);
    let (_, registry) = night(&with(&[1, 2, 3]), &names, &[0, 1, 2], &Registry::default());
    let merged = |settings: &Settings| night(settings, &names, &[0, 0, 2], &registry).0;
    let lost = merged(&with(&[1, 2, 3])).changes[0].key.clone();
    let cause = |settings: &Settings| merged(settings).changes[0].cause;
    assert!(lost == "a" || lost == "b");
    assert_eq!(cause(&with(&[1, 2, 3])), Cause::Evidence);
    assert_eq!(cause(&with(&[1, 2, 4])), Cause::Evidence, "c is another customer");
    assert_eq!(cause(&with(&[1, 9, 3])), Cause::Source);
    let mut settings = with(&[1, 2, 3]);
    settings.causes.are_new_rules = true;
    assert_eq!(cause(&settings), Cause::Rule);
    settings.causes.is_new_model = true;
    assert_eq!(cause(&settings), Cause::Model);
    settings.causes.decided = vec![RecordIndex(1)];
    assert_eq!(cause(&settings), Cause::Decision);
}

#[test]
fn s17_a_withdrawn_record_is_a_row_of_the_feed_and_a_new_one_too() {
    let (one, registry) = first(&["a", "b"], &[0, 0]);
    let (two, registry) = plain(&["b", "c", "d"], &[0, 0, 1], &registry);
    assert_eq!(
        causes(&two),
        [
            ("a", "shrink", Cause::Source),
            ("c", "grow", Cause::Source),
            ("d", "new", Cause::Source)
        ]
    );
    let gone = &two.changes[0];
    assert_eq!(
        (gone.old, gone.new, gone.status),
        (Some(one.id_of[0]), None, RecordStatus::Withdrawn)
    );
    assert_eq!(kinds(&two).len(), 3);
    let (three, _) = plain(&["b"], &[0], &registry);
    assert_eq!(
        causes(&three),
        [("c", "shrink", Cause::Source), ("d", "retire", Cause::Source)]
    );
}

#[test]
fn records_that_part_from_a_live_id_split_or_move() {
    let names = ["a", "b", "c", "d", "e"];
    let (one, registry) = first(&names, &[0, 0, 0, 1, 1]);
    let (two, registry) = plain(&names, &[0, 0, 1, 2, 2], &registry);
    assert_eq!(
        kinds(&two)
            .iter()
            .filter(|kind| **kind == EventKind::Split)
            .count(),
        1
    );
    assert_eq!(two.changes[0].event, Some(EventKind::Split));
    let (three, _) = plain(&names, &[0, 1, 2, 1, 1], &registry);
    assert_eq!(three.id_of[1], one.id_of[3]);
    assert_eq!(kinds(&three), [EventKind::Move]);
}
