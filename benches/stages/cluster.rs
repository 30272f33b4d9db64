//! Stage `cluster`: scored pairs to clusters and questions to a steward. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::once;
use crate::job;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::cluster;
use guiyi::cluster::Clustering;
use guiyi::cluster::Evidence;
use guiyi::cluster::Judge;
use guiyi::cluster::Judgement;
use guiyi::cluster::Links;
use guiyi::cluster::Standing;
use guiyi::model::Claim;
use guiyi::model::RecordIndex;
use guiyi::pipeline::Matching;
use guiyi::table::ScoredPairs;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let matching = Matching::new(&fixture.plan, &prepared.standard);
    let matched = job::with_circumstances(&|_, _, _| {}, |c| matching.match_records(None, c));
    let weights = matching.weights(&matched.model);
    let judge = |left: RecordIndex, right: RecordIndex| {
        let vector = matching.comparisons().vector(left, right);
        Judgement {
            weight: weights.weight(left, right, vector),
            claim: matching.comparisons().claim(vector),
        }
    };
    let settings = cluster::Settings {
        cut: matched.cut,
        ..cluster::Settings::default()
    };
    let claim = |vector| matching.comparisons().claim(vector);
    let standing = Standing::default();
    let links = Links::default();
    let work = |pairs: &ScoredPairs| {
        let evidence = Evidence {
            pairs,
            judge: &judge,
            claim: &claim,
            links: &links,
            standing: &standing,
        };
        cluster::cluster(&settings, RECORDS as usize, &evidence)
    };
    let found = once("cluster/agglomerate", || work(&matched.pairs));
    let evidence = Evidence {
        pairs: &matched.pairs,
        judge: &judge,
        claim: &claim,
        links: &links,
        standing: &standing,
    };
    let questions = || cluster::review(&settings, &found, &evidence);
    assert!(!once("cluster/review", questions).items.is_empty());
    let mut reversed = matched.pairs.clone();
    reversed.pairs.reverse();
    check(&found, &work(&reversed), &judge);
    let mut group = criterion.benchmark_group("cluster");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("agglomerate", |bencher| bencher.iter(|| work(&matched.pairs)));
    group.bench_function("review", |bencher| bencher.iter(questions));
    group.finish();
}

/// The order of the pairs changes nothing, and no cluster holds a conflict.
fn check(found: &Clustering, again: &Clustering, judge: &Judge) {
    assert_eq!(found.clusters, again.clusters);
    let groups = found.clusters.groups();
    assert!(groups.len() as u64 > RECORDS / 4 && (groups.len() as u64) < RECORDS);
    for group in groups {
        for (at, left) in group.iter().enumerate() {
            assert!(
                group[at + 1..]
                    .iter()
                    .all(|right| judge(*left, *right).claim != Claim::Conflict)
            );
        }
    }
}
