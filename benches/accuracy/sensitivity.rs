//! How far accuracy moves when a number of matching is moved by a fifth.
//!
//! In: sets and names of numbers. Out: a Markdown table with one row for each number and direction: change of F1 in points (hundredths)
//! of every set, and the worst of the row. Every cell is a job as `init` proposes it with one line more, run from its exports.

use crate::job;
use crate::measure;
use crate::table;
use guiyi::pipeline;
use guiyi::pipeline::Options;
use guiyi::plan::tunables;
use guiyi::publish::Hub;
use guiyi::publish::read_registry;
use std::path::Path;
use std::path::PathBuf;

/// Fall of F1 in points that no number may cause.
const FALL_MAX: f64 = 1.0;

/// Prints the table; `names` restricts the numbers unless it is empty.
pub(super) fn print(sets: &[(String, PathBuf)], names: &[String]) {
    let base: Vec<f64> = sets.iter().map(|(_, folder)| f1(folder, "")).collect();
    let mut columns = vec!["number", "from", "to"];
    columns.extend(sets.iter().map(|(name, _)| name.as_str()));
    columns.extend(["worst", "asked"]);
    table::head(&columns, 1);
    let mut first = vec!["F1 as it is".to_owned(), String::new(), String::new()];
    first.extend(base.iter().map(|f1| format!("{f1:.4}")));
    first.extend([String::new(), String::new()]);
    table::line(&first);
    for tunable in tunables() {
        if !names.is_empty() && !names.iter().any(|name| name == tunable.name) {
            continue;
        }
        for factor in [0.8, 1.2] {
            let value = tunable.moved(factor);
            eprintln!("accuracy: {} = {value}", tunable.name);
            let more = format!("\n[matching.tuning]\n{} = {value}\n", tunable.name);
            let changes: Vec<f64> = sets
                .iter()
                .zip(&base)
                .map(|((_, folder), base)| 100.0 * (f1(folder, &more) - base))
                .collect();
            let worst = changes.iter().copied().fold(0.0, f64::min);
            let mut row = vec![
                tunable.name.to_owned(),
                tunable.default.to_string(),
                format!("{value:.6}")
                    .trim_end_matches('0')
                    .trim_end_matches('.')
                    .to_owned(),
            ];
            row.extend(changes.iter().map(|change| format!("{change:+.2}")));
            row.push(format!("{worst:.2}"));
            row.push(if worst >= -FALL_MAX { "✓" } else { "✗" }.to_owned());
            table::line(&row);
        }
    }
}

/// F1 of the published run of the job that `init` proposes, with `more` at its end.
fn f1(folder: &Path, more: &str) -> f64 {
    let scratch = tempfile::tempdir().expect("there is room for a hub");
    let plan = job::propose_with(&job::exports(folder), scratch.path(), more);
    let result = job::with_circumstances(&|_, _, _| {}, |c| pipeline::run(&plan, Options::default(), c));
    result.unwrap_or_else(|error| panic!("the run failed: {error}"));
    let run = Hub::open(&plan.hub)
        .and_then(|hub| hub.current())
        .expect("the hub is sound")
        .expect("a run was published");
    let members = read_registry(&run).expect("the registry is sound").members;
    measure::compare(folder, &measure::truth(folder), &members).0.f1
}
