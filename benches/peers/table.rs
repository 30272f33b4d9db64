//! The Markdown tables: everyone's figures, and how time grows with the records.

use crate::Measured;
use crate::Row;
use crate::known;

/// Sets that double; time may grow by less than this each.
const DOUBLING: [&str; 3] = ["person1m", "person2m", "person4m"];
const GROWTH_MAX: f64 = 2.3;

/// Prints both.
pub(crate) fn print(rows: &[Row]) {
    figures(rows);
    if rows
        .iter()
        .any(|row| row.peers.iter().any(|(_, found)| found.is_published))
    {
        println!(
            "\n† not run here: the published figure, of matching alone; 2 cores with 24 GiB, Chinese sets on comparable data."
        );
    }
    doubling(rows);
}

fn line(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

fn head(columns: &[&str]) {
    line(&columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    let marks = (0..columns.len()).map(|at| if at < 2 { "---" } else { "--:" }.to_owned());
    line(&marks.collect::<Vec<_>>());
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(String::new, |value| format!("{value:.digits$}"))
}

fn figures(rows: &[Row]) {
    head(&[
        "set",
        "program",
        "records",
        "CPU s",
        "asked",
        "wall s",
        "peak GB",
        "asked",
        "F1",
        "CPU, times guiyi's",
        "peak, times guiyi's",
    ]);
    for row in rows {
        let asked = known::asked(&row.set);
        let mark = |value: f64, limit: f64| {
            let mark = if value <= limit { "✓" } else { "✗" };
            format!("≤ {limit} {mark}")
        };
        let ours = &row.guiyi;
        line(&[
            row.set.clone(),
            "guiyi, everything".to_owned(),
            row.records.to_string(),
            format!("{:.2}", ours.cpu_s),
            asked.map_or_else(String::new, |(cpu_s, _)| mark(ours.cpu_s, cpu_s)),
            number(ours.wall_s, 1),
            number(ours.peak_gb, 2),
            asked.map_or_else(String::new, |(_, gb)| mark(ours.peak_gb.unwrap_or(0.0), gb)),
            number(ours.f1, 4),
            "1".to_owned(),
            "1".to_owned(),
        ]);
        for (peer, found) in &row.peers {
            peer_line(row, peer, found);
        }
    }
}

fn peer_line(row: &Row, peer: &str, found: &Measured) {
    let mark = if found.is_published { " †" } else { "" };
    let cpu_s = Some(found.cpu_s).filter(|&cpu_s| cpu_s > 0.0);
    let times = |theirs: Option<f64>, ours: Option<f64>| match (theirs, ours) {
        (Some(theirs), Some(ours)) if ours > 0.0 => format!("{:.1}", theirs / ours),
        _ => String::new(),
    };
    line(&[
        row.set.clone(),
        format!("{peer}{mark}"),
        String::new(),
        number(cpu_s, 1),
        String::new(),
        number(found.wall_s, 1),
        number(found.peak_gb, 2),
        String::new(),
        number(found.f1, 4),
        times(cpu_s, Some(row.guiyi.cpu_s)),
        times(found.peak_gb, row.guiyi.peak_gb),
    ]);
}

fn doubling(rows: &[Row]) {
    let found: Vec<&Row> = DOUBLING
        .iter()
        .filter_map(|set| rows.iter().find(|row| row.set == *set))
        .collect();
    if found.len() < 2 {
        return;
    }
    println!();
    head(&[
        "set",
        "asked",
        "records",
        "CPU s",
        "times the one before",
        "peak GB",
    ]);
    for (at, row) in found.iter().enumerate() {
        let growth = at.checked_sub(1).map(|before| {
            let before = found[before];
            // Sets that are missing leave a step of more than one doubling.
            let doublings = (row.records as f64 / before.records as f64).log2();
            (row.guiyi.cpu_s / before.guiyi.cpu_s).powf(1.0 / doublings)
        });
        line(&[
            row.set.clone(),
            growth.map_or_else(String::new, |growth| {
                let mark = if growth < GROWTH_MAX { "✓" } else { "✗" };
                format!("< {GROWTH_MAX} {mark}")
            }),
            row.records.to_string(),
            format!("{:.2}", row.guiyi.cpu_s),
            growth.map_or_else(String::new, |growth| format!("{growth:.2}")),
            number(row.guiyi.peak_gb, 2),
        ]);
    }
}
