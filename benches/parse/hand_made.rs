//! The hand-made sets: one raw value a row, every expected part beside it.

use crate::conventions::spelling;
use crate::tally::Outcome;
use crate::tally::Tally;
use crate::tally::table;
use guiyi::field;
use guiyi::field::FieldType;
use guiyi::text::script::has_han;
use std::collections::BTreeMap;

const NAMES: &str = include_str!("names.tsv");
const ADDRESSES: &str = include_str!("addresses.tsv");

/// A set: what is read, by which field type, and how rows are grouped in the second table.
struct Set {
    title: &'static str,
    field_type: &'static str,
    text: &'static str,
    group: fn(&Row) -> String,
}

/// One row of a set.
struct Row {
    raw: &'static str,
    expected: BTreeMap<&'static str, &'static str>,
}

/// A part that did not come out.
struct Miss {
    part: &'static str,
    raw: &'static str,
    expected: String,
    got: String,
}

/// Measures both sets and prints their tables, then up to `misses` misses of every part.
pub(crate) fn measure(misses: usize) {
    let sets = [
        Set {
            title: "Names",
            field_type: "party_name",
            text: NAMES,
            group: name_group,
        },
        Set {
            title: "Addresses",
            field_type: "address",
            text: ADDRESSES,
            group: |row| script(row.raw).to_owned(),
        },
    ];
    for set in &sets {
        let field_type = field::field_type(set.field_type).expect("the field type is registered");
        let (columns, rows) = read(set.text);
        let found = compare(set, field_type, &columns, &rows);
        println!("### {}: {} by hand\n", set.title, rows.len());
        print(&columns, &found, rows.len() as u64);
        print_misses(&found.misses, misses);
    }
}

fn script(raw: &str) -> &'static str {
    if has_han(raw) { "Chinese" } else { "Latin" }
}

fn name_group(row: &Row) -> String {
    format!("{} {}", script(row.raw), row.expected["kind"])
}

/// Columns after the first, and the rows.
fn read(text: &'static str) -> (Vec<&'static str>, Vec<Row>) {
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()
        .map(|line| line.split('\t').collect())
        .unwrap_or_default();
    let columns = header[1..].to_vec();
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), header.len(), "`{line}` has all columns");
        Row {
            raw: cells[0],
            expected: columns.iter().copied().zip(cells[1..].iter().copied()).collect(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() >= 300, "the set is whole");
    (columns, rows)
}

/// What was found, part by part.
struct Found {
    parts: BTreeMap<&'static str, Tally>,
    groups: BTreeMap<String, BTreeMap<&'static str, Tally>>,
    misses: Vec<Miss>,
}

fn compare(set: &Set, field_type: &dyn FieldType, columns: &[&'static str], rows: &[Row]) -> Found {
    let mut found = Found {
        parts: BTreeMap::new(),
        groups: BTreeMap::new(),
        misses: Vec::new(),
    };
    for row in rows {
        let parts = parts_of(field_type, row.raw);
        let group = found.groups.entry((set.group)(row)).or_default();
        for &part in columns {
            if part == "locality" && has_han(row.raw) {
                continue; // The set says localities of Latin addresses only.
            }
            let expected = spelling(part, row.expected[part]);
            let got = parts.get(part).cloned().unwrap_or_default();
            let got = spelling(part, &got);
            let (expected, got) = if part == "kind" {
                (coarse(&expected), coarse(&got))
            } else {
                (expected, got)
            };
            let outcome = Outcome::of(&expected, &got);
            found.parts.entry(part).or_default().add(outcome);
            group.entry(part).or_default().add(outcome);
            if !outcome.is_right() {
                found.misses.push(Miss {
                    part,
                    raw: row.raw,
                    expected,
                    got,
                });
            }
        }
    }
    found
}

/// Organisations, branches and sole traders are one kind here: only the registration tells them apart for sure.
fn coarse(kind: &str) -> String {
    let is_organisation = ["organisation", "branch", "sole_trader"].contains(&kind);
    if is_organisation { "organisation" } else { kind }.to_owned()
}

/// Parts of the first value of the cell, by name; those of unusable cells are empty.
fn parts_of(field_type: &dyn FieldType, raw: &str) -> BTreeMap<&'static str, String> {
    let standard = field_type.standardise(raw);
    let Some(item) = standard.items.first() else {
        return BTreeMap::new();
    };
    let names = field_type.parts().iter().copied();
    let mut parts: BTreeMap<&str, String> = names.zip(item.parts.iter().cloned()).collect();
    join_middle(&mut parts);
    split_group(&mut parts);
    parts
}

/// The sets keep middle names with the given name.
fn join_middle(parts: &mut BTreeMap<&'static str, String>) {
    let Some(middle) = parts.remove("middle").filter(|middle| !middle.is_empty()) else {
        return;
    };
    if let Some(given) = parts.get_mut("given") {
        *given = format!("{given} {middle}");
    }
}

/// The sets keep the mark of a group apart from the form.
fn split_group(parts: &mut BTreeMap<&'static str, String>) {
    let form = parts.get("form").cloned().unwrap_or_default();
    if let Some(rest) = form.strip_prefix("集团") {
        parts.insert("form", rest.to_owned());
        parts.insert("group", "集团".to_owned());
    }
}

fn print(columns: &[&'static str], found: &Found, rows: u64) {
    let header = [
        "part",
        "expected",
        "correct",
        "wrong",
        "missed",
        "invented",
        "accuracy, all rows",
        "accuracy where expected",
    ];
    let line = |part: &&'static str| {
        let tally = &found.parts[part];
        tally.check(if *part == "locality" { tally.rows() } else { rows });
        vec![
            (*part).to_owned(),
            tally.expected().to_string(),
            tally.count(Outcome::Correct).to_string(),
            tally.wrong().to_string(),
            tally.count(Outcome::Missed).to_string(),
            tally.count(Outcome::Invented).to_string(),
            tally.accuracy(),
            tally.accuracy_expected(),
        ]
    };
    table(&header, &columns.iter().map(line).collect::<Vec<_>>());
    println!("Accuracy over all rows, by kind and script:\n");
    let header: Vec<&str> = ["group", "rows"]
        .into_iter()
        .chain(columns.iter().copied())
        .collect();
    let line = |(group, parts): (&String, &BTreeMap<&'static str, Tally>)| {
        let rows = parts[columns[0]].rows().to_string();
        let share = |part| parts.get(part).map_or_else(|| "–".to_owned(), Tally::accuracy);
        let shares = columns.iter().map(share);
        [group.clone(), rows].into_iter().chain(shares).collect()
    };
    table(&header, &found.groups.iter().map(line).collect::<Vec<_>>());
    let sum: u64 = found.groups.values().map(|parts| parts[columns[0]].rows()).sum();
    assert_eq!(sum, rows, "every row is in one group");
}

fn print_misses(misses: &[Miss], most: usize) {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sorted: Vec<&Miss> = misses.iter().collect();
    sorted.sort_by_key(|miss| miss.part);
    for miss in sorted {
        let shown = shown.entry(miss.part).or_default();
        *shown += 1;
        if *shown <= most {
            println!("{}\t{}\t{} → {}", miss.part, miss.raw, miss.expected, miss.got);
        }
    }
}
