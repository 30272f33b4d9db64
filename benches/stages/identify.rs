//! Stage `identify`: clusters and last night's registry to IDs, events and feed. Records per second; and once a night of a
//! million records, which must take no more than five seconds of processor time and a gibibyte (S5).

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::first_ids;
use crate::fixture::once;
use crate::process;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::identify;
use guiyi::identify::identify;
use guiyi::model::RecordIndex;
use guiyi::model::SourceId;
use guiyi::model::UnifiedId;
use guiyi::table::Clusters;
use guiyi::table::IdAssignments;
use guiyi::table::RawRecords;
use guiyi::table::RecordStatus;
use guiyi::table::Registry;
use guiyi::table::SourceInfo;
use guiyi::table::ValuePool;
use std::time::Duration;

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
    million();
}

/// Records of the large night.
const MILLION: usize = 1_000_000;

/// Processor time that the large night may take, and memory it may hold.
const CPU_MAX: Duration = Duration::from_secs(5);
const PEAK_BYTES_MAX: u64 = 1 << 30;

/// A first night of a million records of eight sources, then one in which one record in a hundred changes its place.
fn million() {
    let names = |at: usize| (at % 8, format!("客{at:08}"));
    let kept = |at: &usize| !at.is_multiple_of(400);
    let first: Vec<usize> = (0..MILLION).collect();
    let second: Vec<usize> = (0..MILLION + MILLION / 400).filter(kept).collect();
    // Two records a customer; every two hundredth pair of customers is joined, every two hundredth customer parted.
    let joined = |at: usize| match at / 2 {
        customer if customer % 200 == 1 => customer as u32 - 1,
        customer if customer % 200 == 77 && at % 2 == 1 => (MILLION + at) as u32,
        customer => customer as u32,
    };
    let settings = identify::Settings::default();
    let (records, labels) = many(&first, names, |at| (at / 2) as u32);
    let run = |records: &RawRecords, labels: &[u32], registry: &Registry| {
        let clusters = Clusters::from_labels(labels);
        let start = process::cpu();
        let ids = identify(&settings, records, &clusters, registry);
        (ids, process::cpu() - start)
    };
    let (ids, _) = run(&records, &labels, &Registry::default());
    let registry = registry(&records, &ids);
    drop(records);
    let (records, labels) = many(&second, names, joined);
    let (two, cpu) = once("identify/million", || run(&records, &labels, &registry));
    check_million(&records, &labels, &registry, &two);
    assert!(cpu <= CPU_MAX || cfg!(debug_assertions), "{cpu:?}");
    assert!(
        process::peak_bytes() <= PEAK_BYTES_MAX,
        "{} bytes",
        process::peak_bytes()
    );
}

/// Records of these numbers, sorted as a run has them, with the label of each.
fn many(
    numbers: &[usize],
    name: impl Fn(usize) -> (usize, String),
    label: impl Fn(usize) -> u32,
) -> (RawRecords, Vec<u32>) {
    let mut rows: Vec<(usize, String, u32)> = numbers
        .iter()
        .map(|&at| {
            let (source, key) = name(at);
            (source, key, label(at))
        })
        .collect();
    rows.sort_unstable();
    let mut keys = ValuePool::default();
    rows.iter().for_each(|(_, key, _)| {
        keys.push(key);
    });
    let source = |at: usize| SourceInfo {
        name: format!("子公司{at}"),
        owner: String::new(),
        priority: 0,
        export: String::new(),
        status: RecordStatus::Active,
    };
    let records = RawRecords {
        sources: (0..8).map(source).collect(),
        source_of: rows.iter().map(|row| SourceId(row.0 as u16)).collect(),
        keys,
        ..RawRecords::default()
    };
    (records, rows.into_iter().map(|row| row.2).collect())
}

/// One ID a cluster; the feed leads from the last crosswalk to this one; most records keep their ID.
fn check_million(records: &RawRecords, labels: &[u32], before: &Registry, ids: &IdAssignments) {
    let mut pairs: Vec<(u32, UnifiedId)> = labels.iter().copied().zip(ids.id_of.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    assert!(pairs.is_sorted_by(|a, b| a.0 < b.0), "a cluster has two IDs");
    let mut named: Vec<UnifiedId> = pairs.iter().map(|pair| pair.1).collect();
    named.sort_unstable();
    assert!(named.is_sorted_by(|a, b| a < b), "an ID names two clusters");
    let now = registry(records, ids).members;
    let mut replayed = Vec::with_capacity(now.len());
    let mut rows = ids.changes.iter().peekable();
    for member in &before.members {
        let name = (&member.0, &member.1);
        while let Some(row) = rows.next_if(|row| (&row.source, &row.key) < name) {
            replayed.extend(row.new.map(|id| (row.source.clone(), row.key.clone(), id)));
        }
        match rows.next_if(|row| (&row.source, &row.key) == name) {
            Some(row) => replayed.extend(row.new.map(|id| (row.source.clone(), row.key.clone(), id))),
            None => replayed.push(member.clone()),
        }
    }
    replayed.extend(rows.filter_map(|row| Some((row.source.clone(), row.key.clone(), row.new?))));
    assert!(replayed == now, "the feed leads elsewhere");
    let share = ids.changes.len() as f64 / now.len() as f64;
    assert!((0.005..0.03).contains(&share), "{share}");
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
