//! Stage `compare`: candidate pairs to comparison vectors, on one thread; all comparisons, then each alone. Pairs per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::block;
use guiyi::block::block;
use guiyi::compare::Comparisons;
use guiyi::compare::compare;
use guiyi::model::AgreementLevel;
use guiyi::table::CandidatePairs;

/// Left records whose candidate pairs are compared.
const LEFTS: u32 = 4_000;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let comparisons = Comparisons::new(&prepared.standard);
    let batch = block(&block::Settings::default(), &prepared.standard).candidates(0..LEFTS);
    once("compare", || compare(&comparisons, &batch));
    check(&comparisons, &batch);
    let mut group = criterion.benchmark_group("compare");
    group.throughput(Throughput::Elements(batch.len() as u64));
    group.bench_function("all", |bencher| bencher.iter(|| compare(&comparisons, &batch)));
    for comparison in comparisons.list() {
        group.bench_function(comparison.name, |bencher| {
            bencher.iter(|| {
                let pairs = batch.left.iter().zip(&batch.right);
                let levels = pairs.map(|(left, right)| comparison.level(*left, *right));
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
        for (position, comparison) in comparisons.list().iter().enumerate() {
            assert_eq!(vector.level(position), comparison.level(left, right));
        }
    }
}
