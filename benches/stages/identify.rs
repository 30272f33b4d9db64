//! Stage `identify`: clusters and last night's registry to IDs and events, on one thread. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::first_ids;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::identify;
use guiyi::identify::identify;
use guiyi::model::RecordIndex;
use guiyi::table::IdAssignments;
use guiyi::table::RawRecords;
use guiyi::table::Registry;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let matched = fixture.matched(&prepared);
    let records = &prepared.ingested.records;
    let first = once("identify/first_night", || first_ids(&prepared, &matched));
    let registry = registry(records, &first);
    let settings = identify::Settings::default();
    let night = |registry: &Registry| identify(&settings, records, &matched.clustering.clusters, registry);
    let second = once("identify/second_night", || night(&registry));
    check(&first, &second, matched.clustering.clusters.groups().len());
    let mut group = criterion.benchmark_group("identify");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("first_night", |bencher| {
        bencher.iter(|| night(&Registry::default()))
    });
    group.bench_function("second_night", |bencher| bencher.iter(|| night(&registry)));
    group.finish();
}

/// The registry that the first night leaves.
fn registry(records: &RawRecords, ids: &IdAssignments) -> Registry {
    let member = |at: usize| {
        let record = RecordIndex(at as u32);
        let source = records.source(record).name.clone();
        (source, records.key(record).to_owned(), ids.id_of[at])
    };
    Registry {
        run: 1,
        entries: ids.entries.clone(),
        members: (0..records.len()).map(member).collect(),
        ..Registry::default()
    }
}

/// One ID a cluster, and the same clusters again change nothing.
fn check(first: &IdAssignments, second: &IdAssignments, clusters: usize) {
    let mut ids = first.id_of.clone();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), clusters);
    assert_eq!(first.id_of, second.id_of);
    assert!(second.events.is_empty());
}
