//! Stage `publish`: the tables of a run to Parquet, CSV and a workbook on disk, with their digests. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::first_ids;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::block::blocking_rules;
use guiyi::pipeline::Matched;
use guiyi::publish::Headers;
use guiyi::publish::Hub;
use guiyi::publish::Relation;
use guiyi::publish::ReviewItem;
use guiyi::publish::RunFacts;
use guiyi::publish::RunTables;
use guiyi::publish::Settings;
use guiyi::publish::Since;
use guiyi::publish::verify;
use guiyi::publish::write_tables;
use guiyi::standardise::collect_issues;
use guiyi::survive;
use guiyi::survive::survive;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let matched = fixture.matched(&prepared);
    let ids = first_ids(&prepared, &matched);
    let raw = &prepared.ingested.records;
    let (golden, lineage) = survive(&survive::Settings::default(), raw, &prepared.standard, &ids)
        .expect("the schema names known rules");
    let (relations, review) = pair_tables(&matched);
    let tables = RunTables {
        raw,
        headers: &Headers::new(),
        standard: &prepared.standard,
        golden: &golden,
        lineage: &lineage,
        since: &Since::first(1),
        ids: &ids,
        layers: &matched.layers,
        pairs: &matched.pairs,
        issues: &collect_issues(&prepared.standard),
        rejects: &prepared.ingested.rejects,
        relations: &relations,
        review: &review,
        rekeys: &[],
        decisions: &[],
    };
    let rules: Vec<&str> = blocking_rules().iter().map(|rule| rule.name).collect();
    let settings = Settings::new(fixture.plan.language, &fixture.plan.fields, &rules);
    let hub = Hub::open(&fixture.scratch.path().join("bench-hub")).expect("the folder is our own");
    let lock = hub.lock().expect("nobody else holds it");
    let staging = hub.begin(&lock, "000001-bench").expect("the hub is empty");
    let written = once("publish", || write_tables(&staging, &settings, &tables));
    written.unwrap_or_else(|error| panic!("the tables cannot be written: {error}"));
    let run = staging
        .publish(RunFacts::default())
        .expect("the tables were written");
    verify(&run).expect("every file is as the manifest says");
    let rows = |name: &str| run.manifest().file(name).and_then(|file| file.rows);
    assert_eq!(rows("golden.parquet"), Some(golden.ids.len() as u64));
    assert_eq!(rows("crosswalk.csv"), Some(RECORDS));
    assert_eq!(rows("pairs.parquet"), Some(matched.pairs.pairs.len() as u64));
    let mut group = criterion.benchmark_group("publish");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("all_tables", |bencher| {
        bencher.iter(|| {
            // Dropped unsealed, so that it is gone before the next.
            let staging = hub.begin(&lock, "000002-bench").expect("the last one is gone");
            write_tables(&staging, &settings, &tables).expect("they were written before");
        });
    });
    group.finish();
}

fn pair_tables(matched: &Matched) -> (Vec<Relation>, Vec<ReviewItem>) {
    let relations = matched.relations.iter().map(|relation| Relation {
        left: relation.pair.left,
        right: relation.pair.right,
        kind: relation.kind,
        weight: relation.pair.weight,
    });
    let review = matched.review.items.iter().map(|item| ReviewItem {
        left: item.left,
        right: item.right,
        weight: item.weight,
        pairs: item.pairs,
        reason: item.doubt.as_str(),
        names: [String::new(), String::new()],
        since_run: 1,
    });
    (relations.collect(), review.collect())
}
