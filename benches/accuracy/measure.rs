//! One set: propose, run, compare with the truth, then ask of every pair that went wrong where it went wrong.

use crate::job;
use crate::mistakes;
use crate::process;
use guiyi::evaluate::Agreement;
use guiyi::evaluate::Labelled;
use guiyi::evaluate::Relations;
use guiyi::evaluate::Separation;
use guiyi::evaluate::Truth;
use guiyi::evaluate::agreement;
use guiyi::evaluate::separation;
use guiyi::model::MatchWeight;
use guiyi::model::RecordIndex;
use guiyi::model::UnifiedId;
use guiyi::pipeline;
use guiyi::pipeline::Matching;
use guiyi::pipeline::Options;
use guiyi::plan::Plan;
use guiyi::publish::Hub;
use guiyi::publish::Run;
use guiyi::publish::read_registry;
use guiyi::score::Model;
use guiyi::table::RawRecords;
use serde::Deserialize;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;

/// What one set came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) records: u64,
    pub(super) rejected: u64,
    pub(super) unified_ids: u64,
    pub(super) pairs_true: u64,
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
    pub(super) b_cubed_f1: f64,
    pub(super) candidates: u64,
    pub(super) pairs: Pairs,
    /// Related customers merged, customers split.
    pub(super) separation: Separation,
    /// Processor time of `init` and `run`.
    pub(super) cpu_s: f64,
    /// Peak memory of `init` and `run`.
    pub(super) peak_bytes: u64,
}

/// Where pairs went right and wrong.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Pairs {
    /// True pairs that were candidates.
    pub(super) blocked: u64,
    /// True pairs missed, not candidates, that would weigh less than the cut.
    pub(super) unblocked_weak: u64,
    /// True pairs missed, not candidates, that would weigh as much as the cut.
    pub(super) unblocked_strong: u64,
    /// True pairs missed, candidates below the cut.
    pub(super) below: u64,
    /// True pairs missed, candidates at or above the cut with a conflict.
    pub(super) conflict: u64,
    /// True pairs missed, candidates at or above the cut whose clusters stayed apart.
    pub(super) apart: u64,
    /// False pairs in one cluster that weigh as much as the cut.
    pub(super) false_strong: u64,
    /// False pairs in one cluster that weigh less than the cut: others pulled them in.
    pub(super) false_weak: u64,
}

/// Measures the set in `folder`.
pub(super) fn measure(folder: &Path, shown: usize) -> Figures {
    let scratch = tempfile::tempdir().expect("there is room for a hub");
    let plan = job::propose(&job::exports(folder), scratch.path());
    let summary = job::with_circumstances(&|_, _, _| {}, |c| pipeline::run(&plan, Options::default(), c));
    let summary = summary.unwrap_or_else(|error| panic!("the run failed: {error}"));
    let (cpu, peak_bytes) = (process::cpu(), process::peak_bytes());
    for warning in &summary.warnings {
        eprintln!("accuracy: warning: {warning}");
    }
    let hub = Hub::open(&plan.hub).expect("the hub was made");
    let run = hub
        .current()
        .expect("the hub is sound")
        .expect("a run was published");
    let prepared = job::with_circumstances(&|_, _, _| {}, |c| pipeline::prepare(&plan, None, c))
        .expect("it was read before");
    let records = &prepared.ingested.records;
    let truth = truth(folder);
    let members = read_registry(&run).expect("the registry is sound").members;
    let keys = members.iter().map(|(source, key, _)| (&**source, &**key));
    let cluster_of = truth.clusters_of(keys).expect("the truth fits the records");
    let ids = ids(&members, records);
    let (found, separation) = compare(folder, &truth, &members);
    let matching = Matching::new(&plan, &prepared.standard);
    let mistakes = mistakes::Mistakes {
        records,
        standard: &prepared.standard,
        matching: &matching,
        model: &model(&run),
        cut: cut(&plan),
        ids: &ids,
        cluster_of: &cluster_of,
        shown,
    };
    let pairs = mistakes.count();
    check(&found, &pairs);
    let figures = &summary.quality.key_figures;
    Figures {
        records: figures.records,
        rejected: figures.rows_rejected,
        unified_ids: figures.unified_ids,
        pairs_true: found.pairs_true,
        precision: found.precision,
        recall: found.recall,
        f1: found.f1,
        b_cubed_f1: found.b_cubed_f1,
        candidates: run.manifest().facts.counts["candidate_pairs"],
        pairs,
        separation,
        cpu_s: cpu.as_secs_f64(),
        peak_bytes,
    }
}

/// Both ways of counting must agree.
fn check(found: &Agreement, pairs: &Pairs) {
    assert!(found.pairs_true > 0, "the set has labels");
    assert_eq!(found.records_missing, 0, "every labelled record was read");
    let missed = pairs.unblocked_weak + pairs.unblocked_strong + pairs.below + pairs.conflict + pairs.apart;
    assert_eq!(found.pairs_right + missed, found.pairs_true);
    let wrong = pairs.false_strong + pairs.false_weak;
    assert_eq!(found.pairs_right + wrong, found.pairs_predicted);
}

/// The cut of a plan in thousandths of a bit.
pub(super) fn cut(plan: &Plan) -> i32 {
    plan.matching
        .cut_bits
        .map_or(0, |bits| MatchWeight::from_bits(bits).0)
}

/// The model of a run.
pub(super) fn model(run: &Run) -> Model {
    let bytes = std::fs::read(run.path("model.json")).expect("every run has its model");
    serde_json::from_slice(&bytes).expect("the model is of this program")
}

/// The published ID of every record; members and records have one order.
fn ids(members: &[(String, String, UnifiedId)], records: &RawRecords) -> Vec<UnifiedId> {
    assert_eq!(members.len(), records.len());
    for (at, (source, key, _)) in members.iter().enumerate() {
        let record = RecordIndex(at as u32);
        assert!(records.key(record) == key && records.source(record).name == *source);
    }
    members.iter().map(|member| member.2).collect()
}

/// The truth of a set.
pub(super) fn truth(folder: &Path) -> Truth {
    Truth::read(&folder.join("truth.csv")).unwrap_or_else(|error| panic!("{error}"))
}

/// Members of the published run against the truth, and against the relations when the set has them.
pub(super) fn compare(
    folder: &Path,
    truth: &Truth,
    members: &[(String, String, UnifiedId)],
) -> (Agreement, Separation) {
    let keys = members.iter().map(|(source, key, _)| (&**source, &**key));
    let records = truth.records(keys).expect("the truth fits the records");
    let mut codes: HashMap<UnifiedId, u64> = HashMap::new();
    let mut labels = Vec::with_capacity(records.len());
    for (label, record) in truth.labels().iter().zip(records) {
        let Some(at) = record else { continue };
        let next = codes.len() as u64;
        labels.push(Labelled {
            predicted: *codes.entry(members[at as usize].2).or_insert(next),
            cluster: label.cluster,
            damage: label.damage,
        });
    }
    let pairs: Vec<(u64, u64)> = labels
        .iter()
        .map(|label| (label.predicted, u64::from(label.cluster)))
        .collect();
    let mut found = agreement(&pairs);
    found.records_missing = truth.labels().len() as u64 - found.records;
    let relations = folder.join("truth_relations.csv");
    let relations = if relations.exists() {
        Relations::read(&relations, truth).unwrap_or_else(|error| panic!("{error}"))
    } else {
        Relations::default()
    };
    let separation = separation(&labels, &relations, truth.damages());
    (found, separation)
}
