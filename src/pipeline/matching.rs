//! Matching: from standard records to clusters, in batches of left records.

use crate::block;
use crate::block::Blocks;
use crate::block::blocking_rules;
use crate::cluster;
use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Judgement;
use crate::cluster::Links;
use crate::cluster::Relation;
use crate::cluster::Review;
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
use crate::score::Population;
use crate::score::RandomPairs;
use crate::score::TrainingPairs;
use crate::score::Weights;
use crate::table::CandidatePairs;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use crate::table::StandardRecords;
use crate::text::hash::mix;
use rayon::prelude::*;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Left records of one batch; large enough to keep threads busy, small enough to stay in cache.
const BATCH_RECORDS: u32 = 2_048;

/// Candidate pairs that train the model, a pair counted once for each rule; a sample of larger files.
const TRAINING_PAIRS: u64 = 2_000_000;

/// The matching side of a run, bound to its records.
pub struct Matching<'a> {
    plan: &'a Plan,
    records: &'a StandardRecords,
    pub(super) comparisons: Comparisons<'a>,
    pub(super) specs: Vec<ComparisonSpec>,
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
    pub review: Review,
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
        match known.filter(|model| model.fits(&self.specs)) {
            Some(model) => (model, false),
            None => (self.train(circumstances), true),
        }
    }

    /// Matches the records with `known` where it fits, else with a newly learned model.
    pub fn match_records(&self, known: Option<Model>, circumstances: &Circumstances) -> Matched {
        let (model, is_newly_trained) = self.model(known, circumstances);
        let settings = cluster_settings(self.plan);
        let floor = settings.cut - settings.band;
        let weights = self.weights(&model);
        let (pairs, related, candidates) = self.score(&weights, floor, circumstances);
        (circumstances.progress)("cluster", 0, 0);
        let judge = |left: RecordIndex, right: RecordIndex| {
            let vector = self.comparisons.vector(left, right);
            Judgement {
                weight: weights.weight(left, right, vector),
                is_conflict: self.comparisons.is_conflict(vector),
            }
        };
        let evidence = Evidence {
            pairs: &pairs,
            judge: &judge,
            is_conflict: &|vector| self.comparisons.is_conflict(vector),
            links: &Links::default(),
        };
        let clustering = cluster::cluster(&settings, self.records.len(), &evidence);
        let review = cluster::review(&settings, &clustering, &evidence);
        let all = pairs.pairs.iter().chain(&related);
        let relations = cluster::relations(all, &clustering.clusters, &|v| self.comparisons.relation(v));
        Matched {
            is_newly_trained,
            specs: self.specs.clone(),
            pairs,
            candidates,
            clustering,
            review,
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

    fn train(&self, circumstances: &Circumstances) -> Model {
        let settings = score::Settings {
            seed: self.plan.matching.seed,
            ..score::Settings::default()
        };
        (circumstances.progress)("train", 0, 0);
        let random = self
            .populations()
            .map(|records| self.random_pairs(&settings, &records));
        let sample = self.sample(settings.seed);
        let rules: Vec<(&str, &[&str])> = blocking_rules()
            .iter()
            .map(|rule| (rule.name, rule.fields))
            .collect();
        let candidates = sample
            .batches
            .par_iter()
            .map(|(batch, vectors)| PatternCounts::partial(batch, vectors))
            .reduce(PatternCounts::default, PatternCounts::merge);
        let pairs = TrainingPairs {
            random: &random,
            candidates: &candidates,
            share_counted: sample.share,
            rules: &rules,
        };
        let model = score::train(&settings, &self.specs, &pairs);
        let weights = self.weights(&model);
        let asked = score::Asked::new(&weights, &model, &self.specs, &rules);
        let counts = sample
            .batches
            .par_iter()
            .map(|(batch, vectors)| asked.count(batch, vectors))
            .reduce(|| asked.none(), |a, b| a.merge(&b));
        let offsets = Population::ALL.map(|population| counts.offset(&model, population));
        model.moved_by(offsets)
    }

    /// Records of persons and of organisations; those without a name are left out.
    fn populations(&self) -> [Vec<RecordIndex>; 2] {
        let mut populations = [Vec::new(), Vec::new()];
        let all = (0..self.records.len() as u32).map(RecordIndex);
        let party = self.records.column("party");
        let Some((party, kind)) = party.and_then(|party| Some((party, party.part("kind")?))) else {
            return [all.collect(), Vec::new()];
        };
        for record in all {
            match kind.values.get(kind.codes[party.item_of(record) as usize]) {
                "" => {}
                "person" => populations[Population::Persons.at()].push(record),
                _ => populations[Population::Organisations.at()].push(record),
            }
        }
        populations
    }

    fn random_pairs(&self, settings: &score::Settings, records: &[RecordIndex]) -> RandomPairs {
        let vectors = score::random_pairs(settings, records.len())
            .into_par_iter()
            .map(|(left, right)| self.comparisons.vector(records[left.at()], records[right.at()]))
            .collect();
        RandomPairs {
            vectors,
            records: records.len(),
        }
    }

    /// Candidate pairs of a seeded sample of left records with their vectors: all pairs of small files.
    fn sample(&self, seed: u64) -> Sample {
        let share = (TRAINING_PAIRS as f64 / self.blocks.pairs_max().max(1) as f64).min(1.0);
        let limit = (share * u64::MAX as f64) as u64;
        let lefts: Vec<u32> = (0..self.records.len() as u32)
            .filter(|&left| mix(seed, u64::from(left)) <= limit)
            .collect();
        let batches = lefts
            .par_chunks(BATCH_RECORDS as usize)
            .map(|lefts| {
                let batch = self.blocks.candidates(lefts.iter().copied());
                let vectors = compare(&self.comparisons, &batch);
                (batch, vectors)
            })
            .collect();
        Sample {
            batches,
            share: lefts.len() as f64 / (self.records.len() as f64).max(1.0),
        }
    }
}

/// Candidate pairs to learn from.
struct Sample {
    batches: Vec<(CandidatePairs, Vec<ComparisonVector>)>,
    /// Share of the records whose pairs these are.
    share: f64,
}
