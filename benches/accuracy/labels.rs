//! What labels are worth: F1 of a run without and with N pairs judged by the truth.
//!
//! In: sets and N. Out: a Markdown table. Half of the pairs are drawn from the candidates near the cut, where a steward would be asked, half from all
//! candidates; both by a seeded hash, so the same run gives the same pairs. They are written as `labels.csv` beside the job, which names
//! them under `matching.labels`; the second run learns from scratch.

use crate::job;
use crate::measure;
use crate::table;
use guiyi::evaluate::Agreement;
use guiyi::model::MatchWeight;
use guiyi::model::RecordIndex;
use guiyi::pipeline;
use guiyi::pipeline::Matching;
use guiyi::pipeline::Options;
use guiyi::pipeline::Prepared;
use guiyi::plan;
use guiyi::plan::Plan;
use guiyi::publish::Hub;
use guiyi::publish::Run;
use guiyi::publish::read_registry;
use guiyi::text::hash::mix;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Seed of the draw.
const SEED: u64 = 200;

/// Pairs of record positions.
type Pairs = BTreeSet<(u32, u32)>;

/// Prints the table for `count` labels.
pub(super) fn print(sets: &[(String, PathBuf)], count: usize) {
    let columns = [
        "set",
        "labels",
        "same",
        "F1 without",
        "F1 with",
        "change in points",
        "precision without",
        "with",
        "recall without",
        "with",
    ];
    table::head(&columns, 1);
    for (name, folder) in sets {
        eprintln!("accuracy: {name}, {count} labels");
        let (labels, same, without, with) = effect(folder, count);
        table::line(&[
            name.clone(),
            labels.to_string(),
            same.to_string(),
            format!("{:.4}", without.f1),
            format!("{:.4}", with.f1),
            format!("{:+.2}", 100.0 * (with.f1 - without.f1)),
            format!("{:.4}", without.precision),
            format!("{:.4}", with.precision),
            format!("{:.4}", without.recall),
            format!("{:.4}", with.recall),
        ]);
    }
}

fn run(plan: &Plan, folder: &Path) -> (Run, Agreement) {
    let options = Options {
        is_from_scratch: true,
        ..Options::default()
    };
    let result = job::with_circumstances(&|_, _, _| {}, |c| pipeline::run(plan, options, c));
    result.unwrap_or_else(|error| panic!("the run failed: {error}"));
    let run = Hub::open(&plan.hub)
        .and_then(|hub| hub.current())
        .expect("the hub is sound")
        .expect("a run was published");
    let members = read_registry(&run).expect("the registry is sound").members;
    let found = measure::compare(folder, &measure::truth(folder), &members).0;
    (run, found)
}

/// Number of labels, of those that say `same`, and the figures without and with them.
fn effect(folder: &Path, count: usize) -> (usize, usize, Agreement, Agreement) {
    let scratch = tempfile::tempdir().expect("there is room for a hub");
    let plan = job::propose(&job::exports(folder), scratch.path());
    let (published, without) = run(&plan, folder);
    let prepared = job::with_circumstances(&|_, _, _| {}, |c| pipeline::prepare(&plan, None, c))
        .expect("it was read before");
    let pairs = draw(&plan, &prepared, &published, count);
    let text = judged(folder, &prepared, &pairs);
    fs::write(scratch.path().join("labels.csv"), &text).expect("the folder is our own");
    let job = fs::read_to_string(&plan.job).expect("the job was written");
    let job = format!("{job}\n[matching]\nlabels = \"labels.csv\"\n");
    fs::write(&plan.job, job).expect("the folder is our own");
    let labelled = plan::load(&plan.job).unwrap_or_else(|faults| panic!("the labels have faults: {faults}"));
    let (_, with) = run(&labelled, folder);
    let rows = &labelled.matching.labels.rows;
    let same = rows.iter().filter(|label| label.is_same).count();
    (rows.len(), same, without, with)
}

/// Candidate pairs: half near the cut, half from all.
fn draw(plan: &Plan, prepared: &Prepared, published: &Run, count: usize) -> Pairs {
    let matching = Matching::new(plan, &prepared.standard);
    let model = measure::model(published);
    let weights = matching.weights(&model);
    let band = MatchWeight::from_bits(plan.matching.review_band_bits).0;
    let cut = measure::cut(plan);
    let (mut near, mut all) = (Vec::new(), Vec::new());
    let records = prepared.ingested.records.len() as u32;
    for start in (0..records).step_by(4_096) {
        let batch = matching.blocks().candidates(start..records.min(start + 4_096));
        for (&left, &right) in batch.left.iter().zip(&batch.right) {
            let vector = matching.comparisons().vector(left, right);
            let weight = weights.weight(left, right, vector).0;
            let order = mix(mix(SEED, u64::from(left.0)), u64::from(right.0));
            all.push((order, left.0, right.0));
            if (weight - cut).abs() <= band {
                near.push((order, left.0, right.0));
            }
        }
        for drawn in [&mut near, &mut all] {
            drawn.sort_unstable();
            drawn.truncate(count);
        }
    }
    let pair = |&(_, left, right): &(u64, u32, u32)| (left, right);
    let mut pairs: Pairs = near.iter().take(count / 2).map(pair).collect();
    for drawn in all.iter().chain(&near) {
        if pairs.len() == count {
            break;
        }
        pairs.insert(pair(drawn));
    }
    pairs
}

/// The labels file: every drawn pair of labelled records, judged by the truth.
fn judged(folder: &Path, prepared: &Prepared, pairs: &Pairs) -> String {
    let records = &prepared.ingested.records;
    let key = |at: u32| {
        let record = RecordIndex(at);
        (records.source(record).name.as_str(), records.key(record))
    };
    let keys: Vec<(&str, &str)> = (0..records.len() as u32).map(key).collect();
    let clusters = measure::truth(folder)
        .clusters_of(keys.iter().copied())
        .expect("the truth fits the records");
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["source_a", "key_a", "source_b", "key_b", "verdict"];
    writer.write_record(header).expect("memory takes everything");
    for &(left, right) in pairs {
        let (Some(a), Some(b)) = (clusters[left as usize], clusters[right as usize]) else {
            continue;
        };
        let (left, right) = (keys[left as usize], keys[right as usize]);
        let verdict = if a == b { "same" } else { "different" };
        let row = [left.0, left.1, right.0, right.1, verdict];
        writer.write_record(row).expect("memory takes everything");
    }
    let bytes = writer.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("keys are texts")
}
