//! Matching: from standard records to clusters, in batches of left records.
//!
//! Judged pairs (labels) teach the model when it is learned, and stand in the clusters of every run: a pair judged the same
//! is joined unless something else keeps it apart, one judged different is never joined. Decisions of stewards stand beside
//! them and teach nothing. Weights are the model's own.

#[cfg(test)]
mod bounds;
mod decided;
mod labelled;
mod layers;
mod training;

use crate::block;
use crate::block::Blocks;
use crate::cluster;
use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Judgement;
use crate::cluster::Links;
use crate::cluster::Relation;
use crate::cluster::Review;
use crate::cluster::Standing;
use crate::compare::Bounds;
use crate::compare::Comparisons;
use crate::compare::UpperWeights;
use crate::compare::compare_above;
use crate::model::ComparisonSpec;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::pipeline::Circumstances;
use crate::pipeline::StalePair;
use crate::pipeline::settings;
use crate::plan::Plan;
use crate::score;
use crate::score::Frequencies;
use crate::score::LabelledPair;
use crate::score::Model;
use crate::score::Waterfall;
use crate::score::Weights;
use crate::steward::Against;
use crate::steward::Resolved;
use crate::table::CandidatePairs;
use crate::table::Layers;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use crate::table::StandardRecords;
use rayon::prelude::*;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Left records of one batch; large enough to keep threads busy, small enough to stay in cache.
const BATCH_RECORDS: u32 = 2_048;

/// Links of a run that are shown as its weakest.
const WEAKEST_LINKS: usize = 3;

/// The matching side of a run, bound to its records.
pub struct Matching<'a> {
    plan: &'a Plan,
    records: &'a StandardRecords,
    settings: score::Settings,
    pub(super) comparisons: Comparisons<'a>,
    pub(super) specs: Vec<ComparisonSpec>,
    frequencies: Frequencies,
    blocks: Blocks,
    /// Judged pairs, ascending, each once.
    labels: Vec<LabelledPair>,
    /// Labels of which a record is missing.
    labels_missing: usize,
    standing: Standing,
    /// What stewards said.
    decisions: Resolved,
}

/// What matching came to.
pub struct Matched {
    /// The model that weighed the pairs.
    pub model: Model,
    /// Was it learned in this run?
    pub is_newly_trained: bool,
    /// What the later stages need to know of the comparisons.
    pub specs: Vec<ComparisonSpec>,
    /// Pairs at or above the floor.
    pub pairs: ScoredPairs,
    /// Candidate pairs compared.
    pub candidates: u64,
    /// The clusters.
    pub clustering: Clustering,
    /// What they would be without the last layers of judgement.
    pub layers: Layers,
    /// Questions to a steward.
    pub review: Review,
    /// What stewards said, settled by the clusters.
    pub decisions: Resolved,
    /// Decisions that are asked again, in their order.
    pub stale: Vec<StalePair>,
    /// Related customers.
    pub relations: Vec<Relation>,
    /// The pairs by which the loosest customers hang together, lightest first.
    pub weakest: Vec<WeakestLink>,
    /// Average weight at which clusters become one.
    pub cut: MatchWeight,
    /// Weight below which pairs are not kept.
    pub floor: MatchWeight,
}

/// The pair by which a customer hangs together, and what makes its weight.
pub struct WeakestLink {
    /// The pair.
    pub pair: ScoredPair,
    /// Its weight, item by item.
    pub waterfall: Waterfall,
}

/// Blocks the records without comparing any: what each rule would make.
pub fn forecast(plan: &Plan, records: &StandardRecords) -> Blocks {
    block::block(&settings::block(&plan.matching), records)
}

impl<'a> Matching<'a> {
    /// Binds comparisons, terms and blocks to the records.
    pub fn new(plan: &'a Plan, records: &'a StandardRecords) -> Self {
        let comparisons = Comparisons::new(records);
        let specs = comparisons.specs();
        let settings = settings::score(&plan.matching);
        let (frequencies, blocks) = rayon::join(
            || Frequencies::new(&settings, &specs, comparisons.terms(records)),
            || block::block(&settings::block(&plan.matching), records),
        );
        Self {
            plan,
            records,
            settings,
            specs,
            comparisons,
            frequencies,
            blocks,
            labels: Vec::new(),
            labels_missing: 0,
            standing: Standing::default(),
            decisions: Resolved::default(),
        }
    }

    /// Lets clusters take account of the IDs of last night (empty before the first run) and of the groups that a steward
    /// confirmed.
    #[must_use]
    pub fn with_standing(mut self, id_of: Vec<Option<UnifiedId>>) -> Self {
        let policy = settings::policy(&self.plan.matching);
        self.standing = Standing::new(policy, self.records.len(), id_of, &self.decisions.confirmed);
        self
    }

    /// What stood last night.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The comparisons of this job.
    pub fn comparisons(&self) -> &Comparisons<'a> {
        &self.comparisons
    }

    /// What the blocking rules did.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// A model bound to the records of this run.
    pub fn weights(&self, model: &Model) -> Weights<'_> {
        Weights::new(model, &self.specs, &self.frequencies)
    }

    /// A word on pairs that the budget left out, when there are any.
    pub fn report_budget(&self) -> Option<String> {
        let dropped: u64 = self
            .blocks
            .reports()
            .iter()
            .map(|report| report.pairs_dropped)
            .sum();
        let refined: u64 = self.blocks.reports().iter().map(|report| report.refined).sum();
        (dropped > 0).then(|| match self.plan.language {
            Language::En => format!(
                "{refined} oversized blocks were refined; up to {dropped} pairs of blocks too large to say anything were not compared"
            ),
            Language::Zh => format!(
                "{refined} 个过大的分块已细分；分块过大、说明不了什么的记录对至多 {dropped} 对未比较"
            ),
        })
    }

    /// The model, if it fits this job.
    pub(super) fn fitting(&self, known: Option<Model>) -> Option<Model> {
        known.filter(|model| model.fits(&self.specs))
    }

    /// Finds the model that fits this job, or learns it.
    pub fn model(&self, known: Option<Model>, circumstances: &Circumstances) -> (Model, bool) {
        match self.fitting(known) {
            Some(model) => (model, false),
            None => (self.train(circumstances), true),
        }
    }

    /// Matches the records with `known` where it fits, else with a newly learned model.
    pub fn match_records(&self, known: Option<Model>, circumstances: &Circumstances) -> Matched {
        let (model, is_newly_trained) = self.model(known, circumstances);
        let settings = settings::cluster(&self.plan.matching);
        let floor = settings.cut - settings.band;
        let weights = self.weights(&model);
        let (pairs, related, candidates) = self.score(&weights, floor, circumstances);
        (circumstances.progress)("cluster", 0, 0);
        let judge = |left: RecordIndex, right: RecordIndex| {
            let vector = self.comparisons.vector(left, right);
            Judgement {
                weight: weights.weight(left, right, vector),
                claim: self.comparisons.claim(vector),
            }
        };
        let no_links = Links::default();
        let evidence = Evidence {
            pairs: &pairs,
            judge: &judge,
            claim: &|vector| self.comparisons.claim(vector),
            links: &no_links,
            standing: &self.standing,
        };
        let mut decisions = self.decisions.clone();
        let links = |decisions: &Resolved| self.links(decisions);
        let (links, clustering) =
            decided::cluster(&settings, self.records.len(), &evidence, &mut decisions, links);
        decisions.settle(&clustering.clusters, |left, right| self.against(left, right));
        let stale = self.stale(&decisions, &weights);
        let evidence = Evidence {
            links: &links,
            ..evidence
        };
        let layers = layers::layers(&settings, self.records.len(), &evidence, &clustering);
        let review = cluster::review(&settings, &clustering, &evidence);
        let weakest = cluster::weakest_links(&pairs, &clustering.clusters, settings.cut, WEAKEST_LINKS);
        let weakest = weakest.into_iter().map(|pair| WeakestLink {
            pair,
            waterfall: weights.waterfall(pair.left, pair.right, pair.vector),
        });
        let weakest = weakest.collect();
        let all = pairs.pairs.iter().chain(&related);
        let relations = cluster::relations(all, &clustering.clusters, &|v| self.comparisons.relation(v));
        Matched {
            is_newly_trained,
            specs: self.specs.clone(),
            pairs,
            candidates,
            clustering,
            layers,
            review,
            decisions,
            stale,
            relations,
            weakest,
            cut: settings.cut,
            floor,
            model,
        }
    }

    fn batches(&self) -> impl IndexedParallelIterator<Item = CandidatePairs> + '_ {
        let records = self.records.len() as u32;
        (0..records.div_ceil(BATCH_RECORDS))
            .into_par_iter()
            .map(move |batch| {
                let start = batch * BATCH_RECORDS;
                self.blocks.candidates(start..records.min(start + BATCH_RECORDS))
            })
    }

    fn score(
        &self,
        weights: &Weights,
        floor: MatchWeight,
        circumstances: &Circumstances,
    ) -> (ScoredPairs, Vec<ScoredPair>, u64) {
        let total = u64::from((self.records.len() as u32).div_ceil(BATCH_RECORDS));
        let done = AtomicU64::new(0);
        (circumstances.progress)("score", 0, total);
        let mut upper = UpperWeights::default();
        weights.upper(None, &mut upper);
        let bounds = Bounds {
            floor,
            constant: weights.prior(),
            upper,
            upper_of: &|left, upper| weights.upper(Some(left), upper),
        };
        let scored: Vec<(Vec<_>, Vec<_>, u64)> = self
            .batches()
            .map(|batch| {
                let (likely, vectors) = compare_above(&self.comparisons, &batch, &bounds);
                let pairs = score::score(weights, &likely, &vectors, floor);
                (circumstances.progress)("score", done.fetch_add(1, Ordering::Relaxed) + 1, total);
                let related = self.related(weights, &batch, &pairs);
                (pairs, related, batch.len() as u64)
            })
            .collect();
        let candidates = scored.iter().map(|(_, _, candidates)| candidates).sum();
        let mut pairs = Vec::with_capacity(scored.iter().map(|(pairs, ..)| pairs.len()).sum());
        let mut related = Vec::new();
        for (part, others, _) in scored {
            pairs.extend(part);
            related.extend(others);
        }
        (ScoredPairs { pairs }, related, candidates)
    }
}
