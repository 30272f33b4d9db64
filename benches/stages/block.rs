//! Stage `block`: records to the index of blocks, and the index to candidate pairs. Records and pairs per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::block::Blocks;
use guiyi::block::Settings;
use guiyi::block::block;
use guiyi::table::CandidatePairs;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let settings = Settings::default();
    let blocks = once("block/index", || block(&settings, &prepared.standard));
    let pairs = once("block/draw", || blocks.candidates(0..RECORDS as u32));
    check(&blocks, &pairs);
    let mut group = criterion.benchmark_group("block");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("index", |bencher| {
        bencher.iter(|| block(&settings, &prepared.standard))
    });
    group.throughput(Throughput::Elements(pairs.len() as u64));
    group.bench_function("draw", |bencher| {
        bencher.iter(|| blocks.candidates(0..RECORDS as u32))
    });
    group.finish();
}

/// Pairs are ordered and each is there once, within what the rules report; batches of any size give the same pairs.
fn check(blocks: &Blocks, pairs: &CandidatePairs) {
    assert!(pairs.len() as u64 > RECORDS && pairs.len() as u64 <= blocks.pairs_max());
    assert!(pairs.left.iter().zip(&pairs.right).is_sorted_by(|a, b| a < b));
    let mut at = 0;
    for start in (0..RECORDS as u32).step_by(777) {
        let batch = blocks.candidates(start..(start + 777).min(RECORDS as u32));
        let end = at + batch.len();
        assert!(batch.left == pairs.left[at..end] && batch.right == pairs.right[at..end]);
        assert!(batch.rules == pairs.rules[at..end]);
        at = end;
    }
    assert_eq!(at, pairs.len());
}
