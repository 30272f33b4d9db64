//! The Markdown tables.

use crate::measure::Figures;

/// What others reach on a set, and what is asked of guiyi; F1 of pairs.
struct Known {
    set: &'static str,
    /// Splink at its default cut and, in brackets, at the best of all cuts by the truth.
    splink: &'static str,
    best_unlabelled: &'static str,
    best_labelled: &'static str,
    must: f64,
    aim: f64,
}

/// As measured by the authors of the comparison on the same kind of machine: Splink 5.0, goldenmatch 3.22 without configuration, recordlinkage
/// 0.16 with ECM, custmatch with 600 labels. Generated Chinese sets: on comparable data, with cleaning written by hand for Splink.
const KNOWN: &[Known] = &[
    known(
        "fake_1000",
        [".837 (.921)", "Splink .837", "custmatch .947"],
        0.92,
        0.97,
    ),
    known(
        "febrl3",
        [".9948 (.9979)", "recordlinkage .9990", "custmatch .9999"],
        0.999,
        0.9995,
    ),
    known(
        "febrl4",
        [".9958 (.9988)", "recordlinkage .9989", "custmatch .9999"],
        0.999,
        0.9995,
    ),
    known(
        "historical_50k",
        [".828 (.828)", "goldenmatch .846", "custmatch .859"],
        0.90,
        0.94,
    ),
    known(
        "person100k",
        [".755 (.885)", "Splink .755", "custmatch .951"],
        0.95,
        0.975,
    ),
    known(
        "person1m",
        [".688 (.852)", "Splink .688", "custmatch .944"],
        0.94,
        0.965,
    ),
    known("person5m", [".456 (.823)", "Splink .456", ""], 0.92, 0.95),
    known(
        "synth_zh_20k",
        [".890", "goldenmatch .134", "custmatch .927"],
        0.96,
        0.98,
    ),
    known(
        "synth_zh_200k",
        [".890", "goldenmatch .134", "custmatch .898"],
        0.95,
        0.97,
    ),
];

const fn known(set: &'static str, peers: [&'static str; 3], must: f64, aim: f64) -> Known {
    Known {
        set,
        splink: peers[0],
        best_unlabelled: peers[1],
        best_labelled: peers[2],
        must,
        aim,
    }
}

/// Prints the figures, where pairs went wrong, which related customers were merged and which customers split.
pub(super) fn print(rows: &[(String, Figures)]) {
    figures(rows);
    println!();
    pairs(rows);
    println!();
    merged(rows);
    println!();
    split(rows);
}

/// The head of a table whose first columns are text.
pub(super) fn head(columns: &[&str], texts: usize) {
    line(&columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    let marks = (0..columns.len()).map(|at| if at < texts { "---" } else { "--:" }.to_owned());
    line(&marks.collect::<Vec<_>>());
}

/// One row.
pub(super) fn line(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

fn figures(rows: &[(String, Figures)]) {
    let columns = [
        "set",
        "records",
        "true pairs",
        "precision",
        "recall",
        "F1",
        "must",
        "aim",
        "B³ F1",
        "unified IDs",
        "candidates/record",
        "CPU s",
        "peak MB",
        "Splink, default cut (best cut)",
        "best unlabelled peer",
        "best labelled peer",
    ];
    head(&columns, 1);
    for (name, figures) in rows {
        let known = KNOWN.iter().find(|known| known.set == name);
        let text = |of: fn(&Known) -> String| known.map_or_else(String::new, of);
        line(&[
            name.clone(),
            figures.records.to_string(),
            figures.pairs_true.to_string(),
            format!("{:.4}", figures.precision),
            format!("{:.4}", figures.recall),
            format!("{:.4}", figures.f1),
            known.map_or_else(String::new, |known| {
                let mark = if figures.f1 >= known.must { "✓" } else { "✗" };
                format!("{} {mark}", known.must)
            }),
            known.map_or_else(String::new, |known| {
                let mark = if figures.f1 >= known.aim { " ✓" } else { "" };
                format!("{}{mark}", known.aim)
            }),
            format!("{:.4}", figures.b_cubed_f1),
            figures.unified_ids.to_string(),
            format!("{:.1}", figures.candidates as f64 / figures.records as f64),
            format!("{:.1}", figures.cpu_s),
            (figures.peak_bytes / 1_000_000).to_string(),
            text(|known| known.splink.to_owned()),
            text(|known| known.best_unlabelled.to_owned()),
            text(|known| known.best_labelled.to_owned()),
        ]);
    }
}

fn pairs(rows: &[(String, Figures)]) {
    let columns = [
        "set",
        "blocking recall",
        "true among candidates",
        "missed: unblocked, weak",
        "unblocked, strong",
        "below the cut",
        "conflict",
        "kept apart",
        "false: strong",
        "false: weak",
    ];
    head(&columns, 1);
    for (name, figures) in rows {
        let pairs = &figures.pairs;
        line(&[
            name.clone(),
            format!("{:.4}", pairs.blocked as f64 / figures.pairs_true as f64),
            format!(
                "{:.2} %",
                100.0 * pairs.blocked as f64 / figures.candidates as f64
            ),
            pairs.unblocked_weak.to_string(),
            pairs.unblocked_strong.to_string(),
            pairs.below.to_string(),
            pairs.conflict.to_string(),
            pairs.apart.to_string(),
            pairs.false_strong.to_string(),
            pairs.false_weak.to_string(),
        ]);
    }
}

/// Hard negatives: related customers that share a unified ID.
fn merged(rows: &[(String, Figures)]) {
    let columns = [
        "set",
        "relation",
        "related pairs of customers",
        "merged",
        "per thousand",
        "asked",
    ];
    head(&columns, 2);
    let known = |row: &&(String, Figures)| !row.1.separation.relations.is_empty();
    for (name, figures) in rows.iter().filter(known) {
        for found in &figures.separation.relations {
            let mark = if found.merged_per_thousand <= 1.0 {
                "≤ 1 ✓"
            } else {
                "≤ 1 ✗"
            };
            line(&[
                name.clone(),
                found.relation.clone(),
                found.pairs.to_string(),
                found.merged.to_string(),
                format!("{:.2}", found.merged_per_thousand),
                mark.to_owned(),
            ]);
        }
        line(&[
            name.clone(),
            "no known relation".to_owned(),
            String::new(),
            figures.separation.unrelated_merged.to_string(),
            String::new(),
            String::new(),
        ]);
    }
}

/// Customers of two or more records that have two or more unified IDs.
fn split(rows: &[(String, Figures)]) {
    let columns = [
        "set",
        "what happened to a record",
        "customers of two or more records",
        "split",
        "per thousand",
    ];
    head(&columns, 2);
    for (name, figures) in rows {
        for found in &figures.separation.splits {
            line(&[
                name.clone(),
                found.damage.clone(),
                found.customers.to_string(),
                found.split.to_string(),
                format!("{:.1}", found.split_per_thousand),
            ]);
        }
    }
}
