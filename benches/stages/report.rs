//! Stages `quality` and `report`: the figures of a run, and the page made from them. Records per second.

use crate::cpu_time::CpuTime;
use crate::fixture::Fixture;
use crate::fixture::RECORDS;
use crate::fixture::first_ids;
use crate::fixture::once;
use criterion::Criterion;
use criterion::Throughput;
use guiyi::quality::Inputs;
use guiyi::quality::ModelSummary;
use guiyi::quality::Quality;
use guiyi::quality::RunInfo;
use guiyi::quality::Settings;
use guiyi::quality::Trend;
use guiyi::quality::measure;
use guiyi::report;
use guiyi::standardise::collect_issues;
use std::collections::BTreeMap;

pub(crate) fn bench(criterion: &mut Criterion<CpuTime>, fixture: &Fixture) {
    let prepared = fixture.prepare();
    let matched = fixture.matched(&prepared);
    let ids = first_ids(&prepared, &matched);
    let model = ModelSummary {
        cut: matched.cut,
        floor: matched.floor,
        ..ModelSummary::default()
    };
    let run = RunInfo {
        run_number: 1,
        ..RunInfo::default()
    };
    let inputs = Inputs {
        records: &prepared.ingested.records,
        standard: &prepared.standard,
        rejects: &prepared.ingested.rejects,
        ids: &ids,
        pairs: &matched.pairs,
        model: &model,
        weakest: &[],
        fields: &fixture.plan.fields,
        mapped_fields: &[],
        previous: None,
        trend: &Trend::default(),
        settings: &Settings::default(),
        issues: &collect_issues(&prepared.standard),
        headers: &BTreeMap::new(),
        conflicts: &[],
        relations: &[],
        questions: &[],
        audits: &[],
        hash_key: None,
        run: &run,
    };
    let quality = once("report/measure", || measure(&inputs));
    let language = fixture.plan.language;
    let page = once("report/render", || report::render(&quality, language));
    check(
        &quality,
        &page.expect("the figures are of this program"),
        matched.clustering.clusters.groups().len(),
    );
    let mut group = criterion.benchmark_group("report");
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("measure", |bencher| bencher.iter(|| measure(&inputs)));
    group.bench_function("render", |bencher| {
        bencher.iter(|| report::render(&quality, language))
    });
    group.finish();
}

/// The figures are those of the run, and the page needs nothing but itself.
fn check(quality: &Quality, page: &str, clusters: usize) {
    assert_eq!(quality.key_figures.records, RECORDS);
    assert_eq!(quality.key_figures.unified_ids, clusters as u64);
    assert!(page.contains("<svg") && !page.contains("src=\"http"));
}
