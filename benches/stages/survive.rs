//! Stage `survive`: members of every ID to golden records with lineage. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::first_ids;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::pipeline::Prepared;
use guiyi::survive::Settings;
use guiyi::survive::survive;
use guiyi::table::GoldenRecords;
use guiyi::table::IdAssignments;
use guiyi::table::Lineage;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let ids = first_ids(&prepared, &fixture.matched(&prepared));
    let settings = Settings {
        rules: fixture.plan.survivorship.clone(),
    };
    let records = &prepared.ingested.records;
    let work = || survive(&settings, records, &prepared.standard, &ids).expect("the job names known rules");
    let (golden, lineage) = once("survive", work);
    check(&golden, &lineage, &prepared, &ids);
    let mut group = criterion.benchmark_group("survive");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("all_fields", |bencher| bencher.iter(work));
    group.finish();
}

/// One golden record an ID; every value is that of the member that the lineage names.
fn check(golden: &GoldenRecords, lineage: &Lineage, prepared: &Prepared, ids: &IdAssignments) {
    assert!(golden.ids.is_sorted_by(|a, b| a < b));
    assert_eq!(
        golden.sizes.iter().map(|size| u64::from(*size)).sum::<u64>(),
        RECORDS
    );
    assert_eq!(lineage.fields.len(), golden.fields.len());
    for (field, (origin, name)) in lineage.fields.iter().zip(&golden.fields).enumerate() {
        let column = prepared.standard.column(name.as_str());
        let column = column.expect("golden fields are standard columns");
        for (row, &record) in origin.records.iter().enumerate() {
            assert_eq!(golden.ids[row], ids.id_of[record.at()]);
            if golden.codes[field][row] != 0 {
                assert_eq!(golden.value(row, field), column.text_of(record));
            }
        }
    }
}
