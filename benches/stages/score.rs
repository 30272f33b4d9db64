//! Stage `score`: comparison vectors to scored pairs, and counts of vectors to a model, on one thread. Pairs per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::block;
use guiyi::block::block;
use guiyi::block::blocking_rules;
use guiyi::compare::Comparisons;
use guiyi::compare::compare;
use guiyi::model::ComparisonVector;
use guiyi::model::MatchWeight;
use guiyi::score;
use guiyi::score::Frequencies;
use guiyi::score::PatternCounts;
use guiyi::score::RandomPairs;
use guiyi::score::TrainingPairs;
use guiyi::score::Weights;
use guiyi::table::CandidatePairs;

const FLOOR: MatchWeight = MatchWeight(-6_000);

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let comparisons = Comparisons::new(&prepared.standard);
    let specs = comparisons.specs();
    let frequencies = Frequencies::new(
        &score::Settings::default(),
        &specs,
        comparisons.terms(&prepared.standard),
    );
    let batch = block(&block::Settings::default(), &prepared.standard).candidates(0..RECORDS as u32);
    let vectors = compare(&comparisons, &batch);
    let settings = score::Settings::default();
    let records = prepared.standard.len();
    let vectors_of_random = score::random_pairs(&settings, records, 0)
        .into_iter()
        .map(|(left, right)| comparisons.vector(left, right))
        .collect();
    // All records as one population: what is measured is the cost.
    let random = [
        RandomPairs {
            vectors: vectors_of_random,
            records,
            others: 0,
        },
        RandomPairs::default(),
    ];
    let rules: Vec<(&str, &[&str])> = blocking_rules()
        .iter()
        .map(|rule| (rule.name, rule.fields))
        .collect();
    let learn = || {
        let pairs = TrainingPairs {
            random: &random,
            candidates: &PatternCounts::partial(&batch, &vectors),
            share_counted: 1.0,
            known: &[],
            rules: &rules,
        };
        score::train(&settings, &specs, &pairs)
    };
    let model = once("score/train", learn);
    assert_eq!(model, learn());
    let weights = Weights::new(&model, &specs, &frequencies);
    once("score/weigh", || score::score(&weights, &batch, &vectors, FLOOR));
    check(&weights, &batch, &vectors);
    let mut group = criterion.benchmark_group("score");
    group.throughput(Throughput::Elements(batch.len() as u64));
    group.bench_function("train", |bencher| bencher.iter(learn));
    group.bench_function("weigh", |bencher| {
        bencher.iter(|| score::score(&weights, &batch, &vectors, FLOOR));
    });
    group.finish();
}

/// A weight is what its parts come to, and exactly the pairs from the floor up are kept.
fn check(weights: &Weights, batch: &CandidatePairs, vectors: &[ComparisonVector]) {
    let scored = score::score(weights, batch, vectors, FLOOR);
    let mut kept = scored.iter();
    for (at, vector) in vectors.iter().enumerate() {
        let (left, right) = (batch.left[at], batch.right[at]);
        let weight = weights.waterfall(left, right, *vector).total().0;
        if weight >= FLOOR.0 {
            let pair = kept.next().expect("pairs from the floor up are kept");
            assert!(pair.left == left && pair.right == right && pair.weight.0 == weight);
        }
    }
    assert!(kept.next().is_none() && scored.len() > 1_000);
}
