//! Which value survives, case by case.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::survive::Settings;
use crate::survive::survive;
use crate::survive::survivorship_rules;
use crate::table::CellFindings;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Lineage;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::SourceInfo;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::table::ValuePool;
use crate::text::hash::mix;
use std::collections::BTreeMap;

/// A table of one customer: the header names fields, every row is a record whose source has the rank of its first cell. A cell
/// that begins with `?` is suspicious, `-` is missing, `;` parts several values.
pub(super) fn column(field: &str, field_type: &'static str, cells: &[&str]) -> StandardColumn {
    let mut column = StandardColumn {
        field: FieldName::from(field),
        field_type,
        cell_of: Vec::new(),
        raw: ValuePool::default(),
        status: vec![ValueStatus::Missing],
        findings: CellFindings::default(),
        item_ends: vec![0],
        items: Vec::new(),
        values: ValuePool::default(),
        parts: Vec::new(),
    };
    for cell in cells {
        if *cell == "-" {
            column.cell_of.push(0);
            continue;
        }
        let sound = cell.strip_prefix('?').unwrap_or(cell);
        column.cell_of.push(column.raw.push(cell));
        column.status.push(match sound.len() < cell.len() {
            true => ValueStatus::Suspicious,
            false => ValueStatus::Valid,
        });
        for text in sound.split(';') {
            let known = (1..column.values.len() as u32).find(|&item| column.values.get(item) == text);
            let item = known.unwrap_or_else(|| column.values.push(text));
            column.items.push(item);
        }
        column.item_ends.push(column.items.len() as u32);
    }
    column
}

/// Golden records of one customer made of all rows; `rules` for the field `value`.
fn golden(rules: &[&str], header: &[(&str, &'static str)], rows: &[&[&str]]) -> (GoldenRecords, Lineage) {
    let cells = |at: usize| rows.iter().map(|row| row[at + 1]).collect::<Vec<_>>();
    let columns = header
        .iter()
        .enumerate()
        .map(|(at, (field, field_type))| column(field, field_type, &cells(at)))
        .collect();
    let standard = StandardRecords::try_new(rows.len(), columns).unwrap();
    let mut keys = ValuePool::default();
    (0..rows.len()).for_each(|row| {
        keys.push(&format!("K{row}"));
    });
    let source = |rank: &str| SourceInfo {
        name: format!("源{rank}"),
        owner: String::new(),
        priority: rank.parse().unwrap(),
        export: String::new(),
        status: RecordStatus::Active,
    };
    let raw = RawRecords {
        sources: rows.iter().map(|row| source(row[0])).collect(),
        source_of: (0..rows.len() as u16).map(SourceId).collect(),
        keys,
        ..RawRecords::default()
    };
    let ids = IdAssignments {
        id_of: vec![UnifiedId::from_number(7); rows.len()],
        ..IdAssignments::default()
    };
    let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let settings = Settings {
        rules: BTreeMap::from([(FieldName::from("value"), rules)]),
    };
    survive(&settings, &raw, &standard, &ids).unwrap()
}

/// The golden value of the field `value` by one rule; rows are (rank of the source, date of change, value).
fn by(rule: &str, rows: &[[&str; 3]]) -> String {
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 3]>::as_slice).collect();
    let field_type = if rule.starts_with('m') && rule.len() == 3 {
        "amount"
    } else {
        "text"
    };
    let header = [("updated_date", "date"), ("value", field_type)];
    let value = |rows: &[&[&str]]| golden(&[rule], &header, rows).0.value(0, 1).to_owned();
    let found = value(&rows);
    // The order of records decides only between values that are equal to every rule, and no case has such.
    let mut turned = rows.clone();
    turned.reverse();
    assert_eq!(value(&turned), found, "{rule}: {rows:?}");
    found
}

#[test]
fn s13_every_rule_chooses_as_its_name_says() {
    #[rustfmt::skip]
    let cases: &[(&str, &[[&str; 3]], &str)] = &[
        ("most_frequent", &[["1", "-", "甲"], ["2", "-", "乙"], ["3", "-", "乙"]], "乙"),
        ("most_frequent", &[["1", "-", "Ann"], ["2", "-", "Bob"]], "Ann"),
        ("most_frequent", &[["1", "-", "?甲"], ["2", "-", "?甲"], ["3", "-", "乙"]], "乙"),
        ("most_frequent", &[["1", "-", "-"], ["2", "-", "-"], ["3", "-", "乙"]], "乙"),
        ("most_frequent", &[["1", "-", "甲"], ["2", "-", "甲"], ["3", "-", "Bob"]], "甲"),
        ("most_recent", &[["1", "2024-01-31", "甲"], ["2", "2024-02-01", "乙"]], "乙"),
        ("most_recent", &[["1", "-", "甲"], ["2", "1999-01-01", "乙"]], "乙"),
        ("most_recent", &[["1", "2024-02-01", "?甲"], ["2", "2023-02-01", "乙"]], "乙"),
        ("most_recent", &[["2", "2024-02-01", "甲"], ["1", "2024-02-01", "乙"]], "乙"),
        ("most_recent", &[["1", "2024-12-31", "-"], ["2", "2023-02-01", "Bob"]], "Bob"),
        ("source_priority", &[["2", "2024-02-01", "甲"], ["1", "-", "乙"]], "乙"),
        ("source_priority", &[["1", "-", "?甲"], ["2", "-", "乙"]], "乙"),
        ("source_priority", &[["1", "-", "-"], ["2", "-", "乙"]], "乙"),
        ("source_priority", &[["3", "-", "甲"], ["10", "-", "乙"]], "甲"),
        ("source_priority", &[["3", "-", "Ann"], ["2", "-", "Bob"], ["9", "-", "Cy"]], "Bob"),
        ("longest", &[["1", "-", "华夏"], ["2", "-", "华夏科技有限公司"]], "华夏科技有限公司"),
        ("longest", &[["1", "-", "Ltd."], ["2", "-", "有限公司司"]], "有限公司司"),
        ("longest", &[["1", "-", "a;b"], ["2", "-", "abc"]], "abc"),
        ("longest", &[["1", "-", "?abcdef"], ["2", "-", "abc"]], "abc"),
        ("longest", &[["1", "-", "-"], ["2", "-", "a"]], "a"),
        ("trust_decay", &[["1", "2024-01-01", "甲"], ["2", "2024-06-01", "乙"]], "甲"),
        ("trust_decay", &[["1", "2024-01-01", "甲"], ["2", "2025-02-01", "乙"]], "乙"),
        ("trust_decay", &[["1", "2024-01-01", "Ann"], ["4", "2025-02-01", "Bob"]], "Ann"),
        ("trust_decay", &[["1", "-", "甲"], ["9", "2001-01-01", "乙"]], "乙"),
        ("trust_decay", &[["2", "2024-01-01", "甲"], ["1", "2024-01-01", "乙"]], "乙"),
        ("min", &[["1", "-", "10.5"], ["2", "-", "9"]], "9"),
        ("min", &[["1", "-", "-3"], ["2", "-", "2"]], "-3"),
        ("min", &[["1", "-", "?1"], ["2", "-", "2"]], "2"),
        ("min", &[["1", "-", "面议"], ["2", "-", "2"]], "2"),
        ("min", &[["1", "-", "100"], ["2", "-", "99.999"]], "99.999"),
        ("max", &[["1", "-", "10.5"], ["2", "-", "9"]], "10.5"),
        ("max", &[["1", "-", "-3"], ["2", "-", "-4"]], "-3"),
        ("max", &[["1", "-", "?100"], ["2", "-", "2"]], "2"),
        ("max", &[["1", "-", "面议"], ["2", "-", "2"]], "2"),
        ("max", &[["1", "-", "100"], ["2", "-", "100.001"]], "100.001"),
    ];
    for (rule, rows, expected) in cases {
        assert_eq!(by(rule, rows), *expected, "{rule}: {rows:?}");
    }
    // `most_complete` needs values with parts and is told by the field types; `all_values` has its own test.
    let others = ["most_complete", "all_values"];
    for rule in survivorship_rules() {
        let told = cases.iter().filter(|(name, ..)| *name == rule.name()).count();
        assert!(told >= 5 || others.contains(&rule.name()), "{}", rule.name());
    }
}

#[test]
fn s13_all_values_is_the_set_of_what_the_members_say() {
    let rows: [&[&str]; 3] = [&["1", "a@x.cn;b@x.cn"], &["2", "-"], &["3", "b@x.cn;c@x.cn"]];
    let (golden, _) = golden(&["all_values"], &[("value", "email")], &rows);
    assert_eq!(golden.value(0, 0), "a@x.cn; b@x.cn; c@x.cn");
}

#[test]
fn s15_the_value_that_came_second_is_kept() {
    let rows: [&[&str]; 3] = [&["1", "甲"], &["2", "乙"], &["3", "乙"]];
    let (golden, lineage) = golden(&["most_frequent"], &[("value", "text")], &rows);
    let origin = &lineage.fields[0];
    assert_eq!(golden.value(0, 0), "乙");
    assert_eq!(origin.rule(0), "most_frequent");
    assert_eq!(golden.values[0].get(origin.runner_up(0)), "甲");
    let (_, alone) = self::golden(
        &["most_frequent"],
        &[("value", "text")],
        &[&["1", "甲"], &["2", "甲"]],
    );
    assert_eq!(alone.fields[0].runner_up(0), 0);
}

/// What the customer's fields are, joined.
fn group(header: &[&'static str], rows: &[&[&str]]) -> Vec<String> {
    let header: Vec<_> = header.iter().map(|field| (*field, "text")).collect();
    let (golden, _) = golden(&[], &header, rows);
    (0..header.len())
        .map(|at| golden.value(0, at).to_owned())
        .collect()
}

#[test]
fn s14_an_account_takes_its_bank_from_records_that_name_the_account() {
    let header = ["bank_name", "bank_account"];
    let rows: [&[&str]; 3] = [
        &["1", "中行", "111"],
        &["2", "工行", "222"],
        &["3", "工行", "222"],
    ];
    assert_eq!(group(&header, &rows), ["工行", "222"]);
    // Nobody names the bank of the account that survives, and another bank must not stand beside it.
    let rows: [&[&str]; 3] = [&["1", "中行", "111"], &["2", "-", "222"], &["3", "-", "222"]];
    assert_eq!(group(&header, &rows), ["", "222"]);
}

#[test]
fn s14_a_register_entry_takes_its_name_from_who_states_the_code_and_a_gap_from_who_states_none() {
    let header = ["customer_name", "uscc"];
    let rows: [&[&str]; 3] = [
        &["1", "华夏", "-"],
        &["2", "华夏", "-"],
        &["3", "华夏科技有限公司", "9111"],
    ];
    assert_eq!(group(&header, &rows), ["华夏科技有限公司", "9111"]);
    let rows: [&[&str]; 2] = [&["1", "Huaxia Ltd", "-"], &["2", "-", "9111"]];
    assert_eq!(group(&header, &rows), ["Huaxia Ltd", "9111"]);
    // A code that is not sound leads nobody.
    let rows: [&[&str]; 3] = [&["1", "华夏", "-"], &["2", "华夏", "-"], &["3", "华厦", "?9111"]];
    assert_eq!(group(&header, &rows), ["华夏", "9111"]);
}

#[test]
fn s14_no_address_is_put_together_from_two() {
    let header = ["address", "city", "postcode"];
    let texts = |at: u64, choices: &[&'static str]| choices[(at % choices.len() as u64) as usize];
    for case in 0..10_000u64 {
        let records = 2 + mix(case, 1) % 4;
        let rows: Vec<Vec<&str>> = (0..records)
            .map(|record| {
                let draw = |n| mix(mix(case, record), n) >> 9;
                vec![
                    texts(draw(1), &["1", "2", "3"]),
                    texts(draw(2), &["长安街1号", "Main St 2", "-", "-"]),
                    texts(draw(3), &["北京", "Leeds", "-"]),
                    texts(draw(4), &["100000", "LS1", "-"]),
                ]
            })
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let golden = group(&header, &rows);
        // In the order of the group: address, postcode, city.
        let Some(lead) = [0, 2, 1].into_iter().find(|&at| !golden[at].is_empty()) else {
            continue;
        };
        for at in (0..3).filter(|&at| at != lead && !golden[at].is_empty()) {
            let says_both = |row: &&[&str]| row[lead + 1] == golden[lead] && row[at + 1] == golden[at];
            assert!(rows.iter().any(says_both), "case {case}: {golden:?} of {rows:?}");
        }
    }
}

#[test]
fn sources_that_contradict_each_other_are_listed_with_every_value() {
    let header = [("uscc", "uscc"), ("credit_rating", "text")];
    let rows: [&[&str]; 3] = [&["1", "9111", "红"], &["2", "9222", "绿"], &["3", "?9333", "-"]];
    let (golden, _) = golden(&[], &header, &rows);
    let found: Vec<_> = golden
        .conflicts
        .iter()
        .map(|conflict| (conflict.field, conflict.record))
        .collect();
    let [a, b] = [0, 1].map(RecordIndex);
    assert_eq!(
        found,
        [
            ("uscc", a),
            ("uscc", b),
            ("credit_rating", a),
            ("credit_rating", b)
        ]
    );
}
