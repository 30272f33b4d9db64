//! Stage `compare`: candidate pairs to comparison vectors, on one thread: all pairs, only those above the floor, and each
//! comparison alone. Pairs per second.
//!
//! Instructions a pair, where the machine counts them: `perf stat -e instructions:u cargo bench --bench stages -- compare/all
//! --profile-time 10`, and the same for `compare/above` and every comparison; criterion prints the iterations it made.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::once;
use crate::job;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::block;
use guiyi::block::block;
use guiyi::compare::Bounds;
use guiyi::compare::Comparisons;
use guiyi::compare::UpperWeights;
use guiyi::compare::compare;
use guiyi::compare::compare_above;
use guiyi::model::AgreementLevel;
use guiyi::model::MatchWeight;
use guiyi::pipeline::Matching;
use guiyi::score;
use guiyi::score::Weights;
use guiyi::table::CandidatePairs;

/// Left records whose candidate pairs are compared.
const LEFTS: u32 = 4_000;

/// Weight that pairs are to reach: the floor of a job with a review band of six bits.
const FLOOR: MatchWeight = MatchWeight(-6_000);

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let comparisons = once("compare/rows", || Comparisons::new(&prepared.standard));
    let batch = block(&block::Settings::default(), &prepared.standard).candidates(0..LEFTS);
    let matching = Matching::new(&fixture.plan, &prepared.standard);
    let (model, _) = job::with_circumstances(&|_, _, _| {}, |c| matching.model(None, c));
    let weights = matching.weights(&model);
    let mut upper = UpperWeights::default();
    weights.upper(None, &mut upper);
    let bounds = Bounds {
        floor: FLOOR,
        constant: weights.prior(),
        upper,
        upper_of: &|left, upper| weights.upper(Some(left), upper),
    };
    once("compare", || compare(&comparisons, &batch));
    check(&comparisons, &batch);
    check_above(&comparisons, &batch, &bounds, &weights);
    let mut group = criterion.benchmark_group("compare");
    group.throughput(Throughput::Elements(batch.len() as u64));
    group.bench_function("all", |bencher| bencher.iter(|| compare(&comparisons, &batch)));
    group.bench_function("above", |bencher| {
        bencher.iter(|| compare_above(&comparisons, &batch, &bounds));
    });
    for (position, comparison) in comparisons.list().iter().enumerate() {
        group.bench_function(comparison.name, |bencher| {
            bencher.iter(|| {
                let pairs = batch.left.iter().zip(&batch.right);
                let levels = pairs.map(|(left, right)| comparisons.level(position, *left, *right));
                levels.filter(|level| *level != AgreementLevel::NULL).count()
            });
        });
    }
    group.finish();
}

/// Comparing is symmetric, a record agrees with itself, and the vectors are those of each comparison.
fn check(comparisons: &Comparisons, batch: &CandidatePairs) {
    let vectors = compare(comparisons, batch);
    assert!(vectors.len() == batch.len() && batch.len() > LEFTS as usize);
    let pairs = batch.left.iter().copied().zip(batch.right.iter().copied());
    for ((left, right), vector) in pairs.zip(vectors) {
        assert_eq!(vector, comparisons.vector(right, left));
        for position in 0..comparisons.list().len() {
            assert_eq!(vector.level(position), comparisons.level(position, left, right));
        }
    }
}

/// Pruning loses no pair that reaches the floor.
fn check_above(comparisons: &Comparisons, batch: &CandidatePairs, bounds: &Bounds, weights: &Weights) {
    let (kept, vectors) = compare_above(comparisons, batch, bounds);
    let all = score::score(weights, batch, &compare(comparisons, batch), FLOOR);
    assert_eq!(score::score(weights, &kept, &vectors, FLOOR), all);
    assert!(kept.len() < batch.len());
}
