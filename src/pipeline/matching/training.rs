//! Training of a run: what is read of the records, and in which order the model is learned.

use crate::block::blocking_rules;
use crate::compare::compare;
use crate::model::ComparisonVector;
use crate::model::RecordIndex;
use crate::pipeline::Circumstances;
use crate::pipeline::matching::BATCH_RECORDS;
use crate::pipeline::matching::Matching;
use crate::pipeline::settings;
use crate::score;
use crate::score::KnownPair;
use crate::score::Model;
use crate::score::PatternCounts;
use crate::score::Population;
use crate::score::RandomPairs;
use crate::score::TrainingPairs;
use crate::score::WeightCounts;
use crate::table::CandidatePairs;
use crate::text::hash::mix;
use rayon::prelude::*;

/// Name and fields of every blocking rule.
type Rules = [(&'static str, &'static [&'static str])];

/// Candidate pairs to learn from.
struct Sample {
    batches: Vec<(CandidatePairs, Vec<ComparisonVector>)>,
    /// Share of the records whose pairs these are.
    share: f64,
}

impl Matching<'_> {
    /// Learns the model; twice with labels, since what a label stands for is seen by its weight.
    pub(super) fn train(&self, circumstances: &Circumstances) -> Model {
        let settings = &self.settings;
        (circumstances.progress)("train", 0, 0);
        let [persons, organisations] = self.populations();
        let random = [
            self.random_pairs(&persons, &[]),
            self.random_pairs(&organisations, &persons),
        ];
        let sample = self.sample(settings.seed);
        let rules: Vec<(&'static str, &'static [&'static str])> = blocking_rules()
            .iter()
            .map(|rule| (rule.name, rule.fields))
            .collect();
        let candidates = sample
            .batches
            .par_iter()
            .map(|(batch, vectors)| PatternCounts::partial(batch, vectors))
            .reduce(PatternCounts::default, PatternCounts::merge);
        let learn = |known: &[KnownPair]| {
            let pairs = TrainingPairs {
                random: &random,
                candidates: &candidates,
                share_counted: sample.share,
                known,
                rules: &rules,
            };
            let mut model = score::train(settings, &self.specs, &pairs);
            model.records = self.records.len() as u64;
            self.calibrated(model, &sample, &rules)
        };
        let model = learn(&[]);
        if self.labels.is_empty() {
            return model;
        }
        let model = learn(&self.known_pairs(&model, &sample));
        let weights = self.weights(&model);
        let offsets = Population::ALL
            .map(|population| score::label_offset(settings, &weights, &self.labels, population));
        let mut model = model.moved_by(offsets);
        model.labels = self.labels.len() as u64;
        model
    }

    /// The model with its priors moved as the comparisons say of each other.
    fn calibrated(&self, model: Model, sample: &Sample, rules: &Rules) -> Model {
        let weights = self.weights(&model);
        let asked = score::Asked::new(&self.settings, &weights, &model, &self.specs, rules);
        let counts = sample
            .batches
            .par_iter()
            .map(|(batch, vectors)| asked.count(batch, vectors))
            .reduce(|| asked.none(), |a, b| a.merge(&b));
        let offsets = Population::ALL.map(|population| counts.offset(&self.settings, &model, population));
        model.moved_by(offsets)
    }

    /// The labels as EM is told of them, by what a model without labels weighs.
    fn known_pairs(&self, model: &Model, sample: &Sample) -> Vec<KnownPair> {
        let weights = self.weights(model);
        let candidates = sample
            .batches
            .par_iter()
            .map(|(batch, vectors)| WeightCounts::partial(&weights, batch, vectors))
            .reduce(WeightCounts::default, |a, b| a.merge(&b));
        score::known_pairs(&self.settings, &weights, &self.labels, &candidates)
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

    /// Random pairs of `records`, and of them with the `others`.
    fn random_pairs(&self, records: &[RecordIndex], others: &[RecordIndex]) -> RandomPairs {
        let record = |at: RecordIndex| match at.at().checked_sub(records.len()) {
            Some(after) => others[after],
            None => records[at.at()],
        };
        let vectors = score::random_pairs(&self.settings, records.len(), others.len())
            .into_par_iter()
            .map(|(a, b)| (record(a), record(b)))
            .map(|(a, b)| self.comparisons.vector(a.min(b), a.max(b)))
            .collect();
        RandomPairs {
            vectors,
            records: records.len(),
            others: others.len(),
        }
    }

    /// Candidate pairs of a seeded sample of left records with their vectors: all pairs of small files.
    fn sample(&self, seed: u64) -> Sample {
        let share = (settings::training_pairs(&self.plan.matching) as f64
            / self.blocks.pairs_max().max(1) as f64)
            .min(1.0);
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
