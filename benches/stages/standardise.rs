//! Stage `standardise`: raw columns to standard values with parts and issues. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::once;
use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::ingest::ingest;
use guiyi::model::RecordIndex;
use guiyi::standardise::Settings;
use guiyi::standardise::standardise;
use guiyi::table::RawColumn;
use guiyi::table::StandardRecords;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let ingested = ingest(&fixture.plan.ingest).unwrap_or_else(|error| panic!("cannot be read: {error}"));
    let columns = ingested.records.columns;
    let settings = Settings {
        fields: fixture.plan.fields.clone(),
    };
    let work = |columns: Vec<RawColumn>| {
        standardise(&settings, RECORDS as usize, columns).expect("the job names known fields")
    };
    let found = once("standardise", || work(columns.clone()));
    check(&found, &work(columns.clone()), columns.len());
    let mut group = criterion.benchmark_group("standardise");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("all_fields", |bencher| {
        bencher.iter_batched(|| columns.clone(), work, BatchSize::LargeInput);
    });
    group.finish();
}

/// No column is lost, nearly every record has a party, and standardising twice gives the same texts.
fn check(found: &StandardRecords, again: &StandardRecords, columns: usize) {
    assert!(found.len() as u64 == RECORDS && found.columns().len() > columns);
    let party = found.column("party").expect("names are mapped");
    let all = || (0..RECORDS as u32).map(RecordIndex);
    let named = all().filter(|record| party.item_of(*record) != 0).count();
    assert!(named as u64 * 100 > RECORDS * 95, "{named} records have a name");
    for (column, again) in found.columns().iter().zip(again.columns()) {
        assert!(all().all(|record| column.text_of(record) == again.text_of(record)));
    }
}
