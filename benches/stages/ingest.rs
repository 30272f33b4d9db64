//! Stage `ingest`: CSV, workbook, Parquet and text of several encodings to mapped raw columns. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::ingest::Ingested;
use guiyi::ingest::ingest;
use guiyi::model::RecordIndex;
use guiyi::table::RawRecords;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let settings = &fixture.plan.ingest;
    let read = || ingest(settings).unwrap_or_else(|error| panic!("the exports cannot be read: {error}"));
    let found = once("ingest", read);
    check(&found, &read());
    let mut group = criterion.benchmark_group("ingest");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("eight_formats", |bencher| bencher.iter(read));
    group.finish();
}

/// Every row is accounted for, and reading twice gives the same texts.
fn check(found: &Ingested, again: &Ingested) {
    assert!(found.faults.is_empty() && found.rejects.is_empty());
    assert_eq!(found.records.len() as u64, RECORDS);
    assert!(found.records.accounts.iter().all(|account| account.is_balanced()));
    assert!(found.records.columns.len() > 10);
    for record in (0..RECORDS as u32).map(RecordIndex) {
        assert_eq!(texts(&found.records, record), texts(&again.records, record));
    }
}

fn texts(records: &RawRecords, record: RecordIndex) -> Vec<&str> {
    let columns = records.columns.iter();
    let cells = columns.map(|column| column.values.get(column.codes[record.at()]));
    std::iter::once(records.key(record)).chain(cells).collect()
}
