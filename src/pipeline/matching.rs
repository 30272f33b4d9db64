//! Matching: from standard records to clusters, in batches of left records.

use crate::block;
use crate::block::Blocks;
use crate::block::blocking_rules;
use crate::cluster;
use crate::cluster::Clustering;
use crate::cluster::DoubtfulPair;
use crate::cluster::Judgement;
use crate::cluster::Relation;
use crate::compare::Bounds;
use crate::compare::Comparisons;
use crate::compare::UpperWeights;
use crate::compare::compare;
use crate::compare::compare_above;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline::Circumstances;
use crate::pipeline::cluster_settings;
use crate::plan::Plan;
use crate::score;
use crate::score::Frequencies;
use crate::score::Model;
use crate::score::PatternCounts;
use crate::score::TrainingPairs;
use crate::score::Weights;
use crate::table::CandidatePairs;
use crate::table::ScoredPairs;
use crate::table::StandardRecords;
use crate::text::hash::mix;
use rayon::prelude::*;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Left records of one batch; large enough to keep threads busy, small enough to stay in cache.
const BATCH_RECORDS: u32 = 2_048;

/// Left records whose candidate pairs train the model; a sample of larger files.
const TRAINING_RECORDS: u32 = 60_000;

/// The matching side of a run, bound to its records.
pub struct Matching<'a> {
    plan: &'a Plan,
    records: &'a StandardRecords,
    comparisons: Comparisons<'a>,
    specs: Vec<ComparisonSpec>,
    frequencies: Frequencies,
    blocks: Blocks,
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
    /// Questions to a steward.
    pub doubtful: Vec<DoubtfulPair>,
    /// Related customers.
    pub relations: Vec<Relation>,
    /// Average weight at which clusters become one.
    pub cut: MatchWeight,
    /// Weight below which pairs are not kept.
    pub floor: MatchWeight,
}

fn block_settings(plan: &Plan) -> block::Settings {
    block::Settings {
        pairs_per_record_max: plan.matching.pairs_per_record_max,
        block_size_max: plan.matching.block_size_max,
    }
}

/// Blocks the records without comparing any: what each rule would make.
pub fn forecast(plan: &Plan, records: &StandardRecords) -> Blocks {
    block::block(&block_settings(plan), records)
}

impl<'a> Matching<'a> {
    /// Binds comparisons, terms and blocks to the records.
    pub fn new(plan: &'a Plan, records: &'a StandardRecords) -> Self {
        let comparisons = Comparisons::new(records);
        let specs = comparisons.specs();
        let (frequencies, blocks) = rayon::join(
            || Frequencies::new(&specs, comparisons.terms(records)),
            || block::block(&block_settings(plan), records),
        );
        Self {
            plan,
            records,
            specs,
            comparisons,
            frequencies,
            blocks,
        }
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
        (dropped > 0).then(|| {
            format!(
                "{refined} oversized blocks were refined; up to {dropped} of their pairs were not compared"
            )
        })
    }

    /// Finds the model that fits this job, or learns it.
    pub fn model(&self, known: Option<Model>, circumstances: &Circumstances) -> (Model, bool) {
        let fits = |model: &Model| {
            model.schema_version == 1
                && model.comparisons.len() == self.specs.len()
                && model.comparisons.iter().zip(&self.specs).all(|(learned, spec)| {
                    learned.comparison == spec.name && learned.levels.len() == spec.levels.len()
                })
        };
        match known.filter(fits) {
            Some(model) => (model, false),
            None => (self.train(circumstances), true),
        }
    }

    /// Matches the records with `known` where it fits, else with a newly learned model.
    pub fn match_records(&self, known: Option<Model>, circumstances: &Circumstances) -> Matched {
        let (model, is_newly_trained) = self.model(known, circumstances);
        let settings = cluster_settings(self.plan);
        let band = MatchWeight::from_bits(self.plan.matching.review_band_bits);
        let floor = settings.cut - band;
        let weights = self.weights(&model);
        let (pairs, candidates) = self.score(&weights, floor, circumstances);
        (circumstances.progress)("cluster", 0, 0);
        let judge = |left: RecordIndex, right: RecordIndex| {
            let vector = self.comparisons.vector(left, right);
            Judgement {
                weight: weights.weight(left, right, vector),
                is_conflict: self.comparisons.is_conflict(vector),
            }
        };
        let clustering = cluster::cluster(&settings, self.records.len(), &pairs, &judge);
        let doubtful = cluster::doubtful_pairs(settings.cut, band, &pairs, &clustering.clusters, &judge);
        let relations = cluster::relations(&pairs, &clustering.clusters, &|v| self.comparisons.relation(v));
        Matched {
            is_newly_trained,
            specs: self.specs.clone(),
            pairs,
            candidates,
            clustering,
            doubtful,
            relations,
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
    ) -> (ScoredPairs, u64) {
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
        let scored: Vec<(Vec<_>, u64)> = self
            .batches()
            .map(|batch| {
                let (likely, vectors) = compare_above(&self.comparisons, &batch, &bounds);
                let pairs = score::score(weights, &likely, &vectors, floor);
                (circumstances.progress)("score", done.fetch_add(1, Ordering::Relaxed) + 1, total);
                (pairs, batch.len() as u64)
            })
            .collect();
        let candidates = scored.iter().map(|(_, candidates)| candidates).sum();
        let mut pairs = Vec::with_capacity(scored.iter().map(|(pairs, _)| pairs.len()).sum());
        scored.into_iter().for_each(|(part, _)| pairs.extend(part));
        (ScoredPairs { pairs }, candidates)
    }

    fn train(&self, circumstances: &Circumstances) -> Model {
        let settings = score::Settings {
            seed: self.plan.matching.seed,
            ..score::Settings::default()
        };
        (circumstances.progress)("train", 0, 0);
        let random: Vec<ComparisonVector> = score::random_pairs(&settings, self.records.len())
            .into_par_iter()
            .map(|(left, right)| self.comparisons.vector(left, right))
            .collect();
        let (candidates, share_counted) = self.count_patterns(settings.seed);
        let rules: Vec<(&str, &[&str])> = blocking_rules()
            .iter()
            .map(|rule| (rule.name, rule.fields))
            .collect();
        let pairs = TrainingPairs {
            random: &random,
            candidates: &candidates,
            share_counted,
            records: self.records.len(),
            rules: &rules,
        };
        score::train(&settings, &self.specs, &pairs)
    }

    /// Counts of the candidate pairs' vectors, of a seeded sample of left records in large files.
    fn count_patterns(&self, seed: u64) -> (PatternCounts, f64) {
        let records = self.records.len() as u32;
        let count = |batch: CandidatePairs| {
            let vectors = compare(&self.comparisons, &batch);
            PatternCounts::partial(&batch, &vectors, &self.frequencies.is_sharing(&batch, &vectors))
        };
        let merge = |a: PatternCounts, b| a.merge(b);
        if records <= TRAINING_RECORDS {
            return (
                self.batches().map(count).reduce(PatternCounts::default, merge),
                1.0,
            );
        }
        let share = f64::from(TRAINING_RECORDS) / f64::from(records);
        let limit = (share * u64::MAX as f64) as u64;
        let lefts: Vec<u32> = (0..records)
            .filter(|&left| mix(seed, u64::from(left)) <= limit)
            .collect();
        let counts = lefts
            .par_chunks(BATCH_RECORDS as usize)
            .map(|lefts| count(self.blocks.candidates(lefts.iter().copied())))
            .reduce(PatternCounts::default, merge);
        (counts, lefts.len() as f64 / f64::from(records))
    }
}
