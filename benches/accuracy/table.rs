//! The Markdown tables.

use crate::measure::Figures;

/// F1 of others on the same sets and the same kind of machine, as measured by the authors of the comparison: Splink 5.0 at its default cut,
/// goldenmatch 3.22 without configuration, recordlinkage 0.16 with ECM.
const PEERS: &[(&str, [&str; 3])] = &[
    ("fake_1000", [".837", ".194", ".705"]),
    ("febrl3", [".9948", ".9912", ".9990"]),
    ("febrl4", [".9958", ".9942", ".9989"]),
    ("historical_50k", [".828", ".846", ".485"]),
    ("person_100k", [".755", ".678", ".383"]),
    ("person_1m", [".688", ".512", ""]),
];

/// Prints the figures, then where pairs went wrong.
pub(super) fn print(rows: &[(String, Figures)]) {
    figures(rows);
    println!();
    pairs(rows);
}

fn figures(rows: &[(String, Figures)]) {
    let header = [
        "set",
        "records",
        "true pairs",
        "precision",
        "recall",
        "F1",
        "B³ F1",
        "unified IDs",
        "candidates/record",
        "CPU s",
        "peak MB",
        "Splink F1",
        "goldenmatch F1",
        "recordlinkage F1",
    ];
    line(&header.map(str::to_owned));
    line(&std::array::from_fn::<_, 14, _>(|at| {
        if at == 0 { "---" } else { "--:" }.to_owned()
    }));
    for (name, figures) in rows {
        let peers = PEERS
            .iter()
            .find(|(known, _)| known == name)
            .map_or([""; 3], |(_, f1)| *f1);
        line(&[
            name.clone(),
            figures.records.to_string(),
            figures.pairs_true.to_string(),
            format!("{:.4}", figures.precision),
            format!("{:.4}", figures.recall),
            format!("{:.4}", figures.f1),
            format!("{:.4}", figures.b_cubed_f1),
            figures.unified_ids.to_string(),
            format!("{:.1}", figures.candidates as f64 / figures.records as f64),
            format!("{:.1}", figures.cpu_s),
            (figures.peak_bytes / 1_000_000).to_string(),
            peers[0].to_owned(),
            peers[1].to_owned(),
            peers[2].to_owned(),
        ]);
    }
}

fn pairs(rows: &[(String, Figures)]) {
    let header = [
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
    line(&header.map(str::to_owned));
    line(&std::array::from_fn::<_, 10, _>(|at| {
        if at == 0 { "---" } else { "--:" }.to_owned()
    }));
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

fn line<const N: usize>(cells: &[String; N]) {
    println!("| {} |", cells.join(" | "));
}
