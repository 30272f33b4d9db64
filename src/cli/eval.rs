//! `guiyi eval`: the published run against labelled truth.

use crate::cli::Failure;
use crate::cli::console;
use crate::evaluate::Agreement;
use crate::evaluate::agreement;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::plan;
use crate::publish::Hub;
use crate::publish::read_registry;
use crate::table::Registry;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The job file.
    #[arg(default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// CSV with the columns record key (`id`, `key` or `record_key`), `cluster`, and `source` where keys repeat.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// One line of the truth.
struct Label {
    source: Option<String>,
    key: String,
    cluster: String,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let run = hub
        .current()
        .map_err(RunError::from)?
        .ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
    let registry = read_registry(&run).map_err(RunError::from)?;
    let labels = read_truth(&arguments.truth)?;
    let found = compare(&registry, &labels)?;
    if arguments.json {
        let text = serde_json::to_string(&found);
        console::print(&text.map_err(|error| Failure::usage(error.to_string()))?);
    } else {
        console::print(&render(&found));
    }
    Ok(0)
}

fn read_truth(path: &Path) -> Result<Vec<Label>, Failure> {
    let place = path.display();
    let fault = |error: csv::Error| Failure::usage(format!("`{place}` cannot be read: {error}"));
    let mut reader = csv::Reader::from_path(path).map_err(fault)?;
    let headers = reader.headers().map_err(fault)?.clone();
    let column = |names: &[&str]| headers.iter().position(|header| names.contains(&header.trim()));
    let key = column(&["id", "key", "record_key"]);
    let key =
        key.ok_or_else(|| Failure::usage(format!("`{place}` has no column `id`, `key` or `record_key`")))?;
    let cluster = column(&["cluster"]);
    let cluster = cluster.ok_or_else(|| Failure::usage(format!("`{place}` has no column `cluster`")))?;
    let source = column(&["source"]);
    let text = |row: &csv::StringRecord, at: usize| row.get(at).unwrap_or_default().to_owned();
    reader
        .records()
        .map(|row| {
            let row = row.map_err(fault)?;
            Ok(Label {
                source: source.map(|at| text(&row, at)),
                key: text(&row, key),
                cluster: text(&row, cluster),
            })
        })
        .collect()
}

/// Matches labels to records by source and key, or by key alone when keys are unique.
fn compare(registry: &Registry, labels: &[Label]) -> Result<Agreement, Failure> {
    let mut by_key: BTreeMap<&str, Vec<(&str, UnifiedId)>> = BTreeMap::new();
    for (source, key, id) in &registry.members {
        by_key.entry(key).or_default().push((source, *id));
    }
    let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut ids: BTreeMap<UnifiedId, u64> = BTreeMap::new();
    let mut pairs = Vec::with_capacity(labels.len());
    let mut missing = 0;
    for (row, label) in labels.iter().enumerate() {
        let next = codes.len() as u64;
        let truth = *codes.entry(&label.cluster).or_insert(next);
        let candidates = by_key.get(label.key.as_str()).map_or(&[][..], Vec::as_slice);
        let named = candidates
            .iter()
            .find(|(source, _)| label.source.as_deref() == Some(*source));
        let id = match (named, candidates) {
            (Some((_, id)), _) | (None, [(_, id)]) => Some(*id),
            (None, []) => None,
            (None, _) => {
                let text = "record keys repeat across sources; give the truth a `source` column";
                return Err(Failure::usage(text));
            }
        };
        let next = ids.len() as u64 * 2;
        let predicted = match id {
            Some(id) => *ids.entry(id).or_insert(next),
            None => {
                missing += 1;
                row as u64 * 2 + 1
            }
        };
        pairs.push((predicted, truth));
    }
    let mut found = agreement(&pairs);
    found.records_missing = missing;
    found.records_unlabelled = (registry.members.len() as u64).saturating_sub(labels.len() as u64 - missing);
    Ok(found)
}

fn render(found: &Agreement) -> String {
    let sizes = |of: &BTreeMap<u64, u64>| {
        let shown: Vec<String> = of.iter().map(|(size, n)| format!("{size}×{n}")).collect();
        shown.join(" ")
    };
    [
        format!(
            "records   {} labelled, {} not in the run, {} without a label",
            found.records, found.records_missing, found.records_unlabelled
        ),
        format!(
            "pairs     precision {:.4}  recall {:.4}  F1 {:.4}   (right {}, predicted {}, true {})",
            found.precision,
            found.recall,
            found.f1,
            found.pairs_right,
            found.pairs_predicted,
            found.pairs_true
        ),
        format!(
            "B-cubed   precision {:.4}  recall {:.4}  F1 {:.4}",
            found.b_cubed_precision, found.b_cubed_recall, found.b_cubed_f1
        ),
        format!(
            "cluster sizes, predicted (size×clusters)  {}",
            sizes(&found.sizes_predicted)
        ),
        format!(
            "cluster sizes, true                       {}",
            sizes(&found.sizes_true)
        ),
    ]
    .join("\n")
}
