//! Decisions against small tables of records, Han and Latin side by side.

use super::*;
use crate::model::SourceId;
use crate::model::ValueStatus;
use crate::steward::DecidedRecord;
use crate::steward::Word;
use crate::steward::rekey::Batch;
use crate::steward::seen;
use crate::table::CellFindings;
use crate::table::Clusters;
use crate::table::RecordStatus;
use crate::table::SourceInfo;
use crate::table::StandardColumn;
use crate::table::ValuePool;

/// Records `1`, `2`, … of one source, in keys of one digit, with these names.
struct Night {
    raw: RawRecords,
    standard: StandardRecords,
}

fn night(names: &[(&str, &str)]) -> Night {
    let (mut keys, mut values) = (ValuePool::default(), ValuePool::default());
    let codes: Vec<u32> = names.iter().map(|(_, name)| values.push(name)).collect();
    names.iter().for_each(|(key, _)| {
        keys.push(key);
    });
    let cells = values.len();
    let column = StandardColumn {
        field: FieldName::from("customer_name"),
        field_type: "party_name",
        cell_of: codes,
        raw: values.clone(),
        status: vec![ValueStatus::Valid; cells],
        findings: CellFindings::default(),
        item_ends: (0..cells as u32).collect(),
        items: (1..cells as u32).collect(),
        values,
        parts: Vec::new(),
    };
    let raw = RawRecords {
        sources: vec![SourceInfo {
            name: "华东".to_owned(),
            owner: String::new(),
            priority: 0,
            export: String::new(),
            status: RecordStatus::Active,
        }],
        source_of: vec![SourceId(0); names.len()],
        keys,
        ..RawRecords::default()
    };
    Night {
        raw,
        standard: StandardRecords::try_new(names.len(), vec![column]).expect("the columns fit"),
    }
}

const FIRST: &[(&str, &str)] = &[
    ("1", "华夏科技"),
    ("2", "华夏科技公司"),
    ("3", "Ann Lee"),
    ("4", "Anne Lee"),
];

/// A decision of the first night; records of side 1 stand behind the bar.
fn decision(id: i64, matter: Matter, keys: &str) -> Decision {
    let (own, other) = keys.split_once('|').unwrap_or((keys, ""));
    let record = |key: char, side: u8| {
        let name = FIRST
            .iter()
            .find(|(of, _)| of.starts_with(key))
            .map_or("", |(_, name)| *name);
        let text = |field: &str| {
            if field == "customer_name" {
                name.to_owned()
            } else {
                String::new()
            }
        };
        DecidedRecord {
            source: "华东".to_owned(),
            key: key.to_string(),
            seen: seen(&material_of(&matter), text),
            side,
        }
    };
    let records = own
        .chars()
        .map(|key| record(key, 0))
        .chain(other.chars().map(|key| record(key, 1)));
    Decision {
        id,
        records: records.collect(),
        matter,
        expiry: Expiry::ForEver,
        word: Word {
            author: "王".to_owned(),
            reason: "r".to_owned(),
            made_at: "2026-11-23T06:00:00Z".to_owned(),
        },
        undone: None,
    }
}

fn on(night: &Night, decisions: Vec<Decision>) -> Resolved {
    let known = Known {
        decisions,
        rekeys: Rekeys::default(),
    };
    resolve(&known, &night.raw, &night.standard, "2026-11-23")
}

fn pair(left: u32, right: u32) -> (RecordIndex, RecordIndex) {
    (RecordIndex(left), RecordIndex(right))
}

fn states(resolved: &Resolved) -> Vec<&'static str> {
    resolved.states.iter().map(|(_, state)| state.as_str()).collect()
}

fn against(resolved: &Resolved) -> Vec<(i64, String)> {
    let all = resolved.contradictions.iter();
    all.map(|found| (found.decision, found.against.text())).collect()
}

fn pin_name(value: &str) -> Matter {
    Matter::PinValue {
        field: FieldName::from("customer_name"),
        value: value.to_owned(),
    }
}

#[test]
fn decisions_find_their_records_by_source_and_key() {
    let resolved = on(
        &night(FIRST),
        vec![
            decision(1, Matter::Link, "21"),
            decision(2, Matter::Part, "3|41"),
            decision(3, Matter::Confirm, "4"),
            decision(4, pin_name("华夏"), "1"),
            decision(5, Matter::Link, "19"),
        ],
    );
    assert_eq!(
        states(&resolved),
        ["in_force", "in_force", "in_force", "in_force", "unresolved"]
    );
    assert_eq!(resolved.must, [pair(0, 1)]);
    assert_eq!(resolved.must_not, [pair(0, 2), pair(2, 3)]);
    assert_eq!(resolved.confirmed, [[RecordIndex(3)]]);
    assert_eq!(resolved.value_pins[0].decision, 4);
    assert!(resolved.contradictions.is_empty() && resolved.stale.is_empty());
    let undone = Decision {
        undone: Some(decision(1, Matter::Link, "12").word),
        ..decision(1, Matter::Link, "12")
    };
    assert!(on(&night(FIRST), vec![undone]).is_empty());
}

#[test]
fn s10_a_material_change_makes_a_decision_stale_and_leaves_it_in_force() {
    let mut changed = FIRST.to_vec();
    changed[1].1 = "华夏实业公司";
    let resolved = on(
        &night(&changed),
        vec![
            decision(1, Matter::Link, "12"),
            decision(2, Matter::Link, "34"),
            decision(3, pin_name("x"), "2"),
        ],
    );
    assert_eq!(states(&resolved), ["stale", "in_force", "stale"]);
    assert_eq!(resolved.must, [pair(0, 1), pair(2, 3)]);
    let asked: Vec<_> = resolved
        .stale
        .iter()
        .map(|stale| (stale.decision, stale.changed, stale.other))
        .collect();
    assert_eq!(
        asked,
        [
            (1, RecordIndex(1), Some(RecordIndex(0))),
            (3, RecordIndex(1), None)
        ]
    );
}

#[test]
fn s16_a_decision_expires_by_its_day_or_when_its_source_changes() {
    let with = |id, expiry: &str| Decision {
        expiry: expiry.parse().expect("an expiry"),
        ..decision(id, Matter::Link, "12")
    };
    let all = || {
        vec![
            with(1, "2026-11-22"),
            with(2, "2026-11-23"),
            with(3, "until_source_changes"),
            with(4, "for_ever"),
        ]
    };
    assert_eq!(
        states(&on(&night(FIRST), all())),
        ["expired", "in_force", "in_force", "in_force"]
    );
    let mut changed = FIRST.to_vec();
    changed[0].1 = "华夏集团";
    let resolved = on(&night(&changed), all());
    assert_eq!(states(&resolved), ["expired", "stale", "expired", "stale"]);
    assert_eq!(resolved.stale.len(), 2);
}

#[test]
fn a_parting_inside_a_chain_of_links_is_reported_on_both_sides() {
    let resolved = on(
        &night(FIRST),
        vec![
            decision(1, Matter::Link, "12"),
            decision(2, Matter::Part, "1|3"),
            decision(3, Matter::Link, "23"),
        ],
    );
    assert_eq!(states(&resolved), ["in_force", "contradicted", "contradicted"]);
    assert_eq!(against(&resolved), [(2, "3".to_owned()), (3, "2".to_owned())]);
    assert_eq!(
        (&resolved.must[..], &resolved.must_not[..]),
        (&[pair(0, 1)][..], &[pair(0, 2)][..])
    );
    assert_eq!(resolved.between(&[RecordIndex(2)], &[RecordIndex(0)]), [2]);
}

#[test]
fn renumbered_keys_are_followed_by_decisions_made_before() {
    let renumbered = [
        ("5", "华夏科技"),
        ("6", "华夏科技公司"),
        ("7", "Ann Lee"),
        ("8", "Anne Lee"),
    ];
    let night = night(&renumbered);
    let keys = [("1", "5"), ("2", "6"), ("3", "7"), ("4", "8")];
    let known = Known {
        decisions: vec![decision(1, Matter::Link, "12"), decision(2, Matter::Link, "34")],
        rekeys: Rekeys {
            batches: vec![Batch {
                number: 1,
                made_after: 1,
                source: "华东".to_owned(),
                made_at: String::new(),
                keys: keys.map(|(old, new)| (old.to_owned(), new.to_owned())).into(),
            }],
        },
    };
    let resolved = resolve(&known, &night.raw, &night.standard, "2026-11-23");
    assert_eq!(states(&resolved), ["in_force", "unresolved"]);
    assert_eq!(resolved.decisions[0].records[0].key, "5");
}

#[test]
fn a_join_that_the_records_refuse_names_what_refuses_it() {
    let mut resolved = on(
        &night(FIRST),
        vec![
            decision(1, Matter::Link, "12"),
            decision(2, Matter::Confirm, "34"),
        ],
    );
    resolved.settle(&Clusters::from_labels(&[0, 1, 2, 3]), |left, _| match left {
        RecordIndex(0) => Against::Identifiers,
        _ => Against::Members,
    });
    assert_eq!(
        against(&resolved),
        [(1, "identifiers".to_owned()), (2, "members".to_owned())]
    );
    assert!(resolved.confirmed.is_empty());
}

#[test]
fn two_values_pinned_to_one_cell_both_wait() {
    let pins = || {
        vec![
            decision(1, pin_name("华夏"), "1"),
            decision(2, pin_name("Huaxia"), "2"),
            decision(3, pin_name("Ann"), "3"),
            decision(4, pin_name("Ann"), "4"),
        ]
    };
    let mut resolved = on(&night(FIRST), pins());
    resolved.settle(&Clusters::from_labels(&[0, 0, 1, 1]), |_, _| Against::Members);
    assert_eq!(against(&resolved), [(1, "2".to_owned()), (2, "1".to_owned())]);
    let kept: Vec<i64> = resolved.value_pins.iter().map(|pin| pin.decision).collect();
    assert_eq!(kept, [3]);
    let mut apart = on(&night(FIRST), pins());
    apart.settle(&Clusters::from_labels(&[0, 1, 2, 2]), |_, _| Against::Members);
    assert!(apart.contradictions.is_empty());
    assert_eq!(apart.value_pins.len(), 3);
}

#[test]
fn two_ids_in_one_cluster_part_it_and_one_id_in_two_stays_with_the_earlier() {
    let pin = |id, number, key| {
        let pinned = UnifiedId::from_number(number);
        decision(id, Matter::PinId { id: pinned }, key)
    };
    let mut resolved = on(
        &night(FIRST),
        vec![pin(1, 10, "1"), pin(2, 20, "2"), pin(3, 10, "3")],
    );
    assert_eq!(
        resolved.part_pinned(&Clusters::from_labels(&[0, 0, 1, 2])),
        [pair(0, 1)]
    );
    assert_eq!(resolved.must_not, [pair(0, 1)]);
    let clusters = Clusters::from_labels(&[0, 1, 2, 3]);
    assert!(resolved.part_pinned(&clusters).is_empty());
    resolved.settle(&clusters, |_, _| Against::Members);
    assert_eq!(
        against(&resolved),
        [
            (1, "2".to_owned()),
            (1, "3".to_owned()),
            (2, "1".to_owned()),
            (3, "1".to_owned())
        ]
    );
    let kept: Vec<_> = resolved.pinned_ids().iter().map(|(record, _)| record.0).collect();
    assert_eq!(kept, [0, 1]);
    let twice = on(&night(FIRST), vec![pin(1, 10, "1"), pin(2, 20, "1")]);
    assert!(twice.id_pins.is_empty());
    assert_eq!(states(&twice), ["contradicted", "contradicted"]);
}

#[test]
fn records_of_decisions_that_came_went_or_turned_are_told() {
    let undone = Decision {
        undone: Some(decision(1, Matter::Link, "12").word),
        ..decision(3, Matter::Link, "34")
    };
    let resolved = on(
        &night(FIRST),
        vec![
            decision(1, Matter::Link, "12"),
            decision(2, Matter::Confirm, "3"),
            undone,
        ],
    );
    let before = |states: &[(i64, &str)]| -> Vec<u32> {
        let states: Vec<_> = states
            .iter()
            .map(|&(id, word)| (id, word.to_owned(), 1))
            .collect();
        resolved
            .decided_since(&states)
            .iter()
            .map(|record| record.0)
            .collect()
    };
    assert_eq!(before(&[]), [0, 1, 2]);
    assert_eq!(before(&[(1, "in_force"), (2, "stale"), (3, "in_force")]), [2, 3]);
    assert_eq!(before(&[(1, "contradicted"), (2, "unresolved")]), [0, 1]);
    assert_eq!(before(&[(1, "expired"), (2, "in_force"), (3, "expired")]), [0, 1]);
}
