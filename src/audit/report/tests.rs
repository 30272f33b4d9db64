use super::*;
use crate::audit::sample::Sample;
use crate::audit::unit::Band;
use crate::audit::unit::DrawSpec;
use crate::audit::unit::DrawnStratum;
use crate::audit::unit::Item;
use crate::audit::unit::Part;
use crate::audit::unit::RecordName;
use crate::audit::unit::SizeBin;
use crate::audit::unit::StratumKey;
use crate::audit::unit::Unit;
use crate::field::customer_schema;
use crate::model::Language;
use crate::steward::StoredAnswer;
use crate::steward::StoredImport;
use serde_json::Value;
use std::collections::BTreeMap;

fn name(source: &str, key: usize) -> RecordName {
    RecordName {
        source: source.to_owned(),
        key: key.to_string(),
    }
}

fn sample(unit: Unit, populations: &[(&str, Band, u64)], items: Vec<(u32, Item)>) -> Sample {
    let stratum = |(at, (source, band, population)): (usize, &(&str, Band, u64))| DrawnStratum {
        key: StratumKey {
            source: (*source).to_owned(),
            band: *band,
            size: SizeBin::Any,
            field: String::new(),
        },
        population: *population,
        sampled: items.iter().filter(|(of, _)| *of as usize == at).count() as u64,
        plan: None,
    };
    Sample {
        audit: 3,
        run_id: "000007-20260930T210000Z".to_owned(),
        unit,
        seed: 9,
        spec: DrawSpec {
            size: Some(items.len() as u64),
            plan: None,
            sources: Vec::new(),
            strata: Vec::new(),
            fields: vec!["uscc".to_owned(), "phones".to_owned()],
            cut: 0,
            band: 6_000,
        },
        frame_sha256: "ab".repeat(32),
        population: populations.iter().map(|(_, _, population)| population).sum(),
        excluded: 0,
        made_at: "2026-10-01T08:00:00Z".to_owned(),
        strata: populations.iter().enumerate().map(stratum).collect(),
        items,
    }
}

fn link(stratum: u32, a: RecordName, b: RecordName) -> (u32, Item) {
    let item = Item {
        records: vec![a, b],
        id: String::new(),
        parts: Vec::new(),
        names: vec!["张*丰".to_owned(), "A** S****".to_owned()],
        predicted: Vec::new(),
    };
    (stratum, item)
}

fn answer(item: usize, part: &str, verdict: &str) -> StoredAnswer {
    StoredAnswer {
        item: item as u32,
        part: part.to_owned(),
        verdict: verdict.to_owned(),
        found: "[]".to_owned(),
        comment: "<script>".to_owned(),
    }
}

fn import(auditor: &str, answers: Vec<StoredAnswer>) -> StoredImport {
    StoredImport {
        revision: 1,
        auditor: auditor.to_owned(),
        reason: String::new(),
        is_complete: true,
        made_at: String::new(),
        answers,
    }
}

/// 300 links of one stratum, of which `wrong` are and `unknown` cannot be told.
fn links(wrong: usize, unknown: usize) -> AuditReport {
    let items = (0..300)
        .map(|at| link(0, name("华东", at), name("华东", at + 300)))
        .collect();
    let sample = sample(Unit::Links, &[("华东", Band::Clean, 100_000)], items);
    let verdict = |at: usize| match at {
        at if at < wrong => "wrong",
        at if at < wrong + unknown => "cannot_tell",
        _ => "correct",
    };
    let answers = (0..300).map(|at| answer(at, "", verdict(at))).collect();
    report(&sample, &[import("王芳", answers)], &BTreeMap::new())
}

/// Every object that has an `estimate`, wherever it stands.
fn estimates_of<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            if map.contains_key("estimate") {
                found.push(value);
            }
            map.values().for_each(|value| estimates_of(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| estimates_of(value, found)),
        _ => {}
    }
}

#[test]
fn q12_no_estimate_stands_without_n_interval_and_method() {
    let json = serde_json::to_value(links(7, 3)).unwrap();
    let mut found = Vec::new();
    estimates_of(&json, &mut found);
    assert!(found.len() >= 3, "{json}");
    for estimate in found {
        assert!(estimate["n"].as_u64().is_some_and(|n| n > 0), "{estimate}");
        let [lo, p, hi] = ["lo", "estimate", "hi"].map(|key| estimate[key].as_f64().unwrap());
        assert!(lo <= p && p <= hi && estimate["method"].is_string(), "{estimate}");
    }
}

#[test]
fn q11_the_conservative_figure_counts_what_nobody_could_tell_as_wrong() {
    let report = links(7, 3);
    let all = &report.estimates[0];
    assert_eq!((all.figure.n, all.figure.x, all.cannot_tell), (297, Some(290), 3));
    assert_eq!((all.conservative.n, all.conservative.x), (300, Some(290)));
    assert!(all.conservative.lo < all.figure.lo && all.conservative.estimate < all.figure.estimate);
    assert!(report.notes.contains(&Note::CannotTell));
}

#[test]
fn q12_the_exact_interval_is_reported_where_at_most_three_are_wrong() {
    use crate::audit::stats::Method;
    assert_eq!(links(3, 0).estimates[0].figure.method, Method::ClopperPearson);
    assert_eq!(links(4, 0).estimates[0].figure.method, Method::Wilson);
    let guarantee = links(4, 0).estimates[0].guarantee.clone().unwrap();
    assert_eq!(guarantee.method, Method::ClopperPearson);
}

#[test]
fn q15_precision_among_the_labelled_is_refused_with_the_right_figure() {
    assert_eq!(
        refuse_naive(&links(4, 0), Language::En),
        "precision among the labelled records alone is refused: a wrong link mostly leads from a labelled record to one \
         outside the sample, where it is not seen, so that the figure comes near 100 % whatever the matching does\n\
         the right figure: precision of links: 98.67\u{a0}% (n = 300, 95 % interval 96.62\u{a0}% – 99.48\u{a0}%, Wilson)"
    );
    assert_eq!(
        refuse_naive(&links(4, 0), Language::Zh),
        "不提供“仅在已标注记录内”的准确率：错误关联多半连到样本之外的记录，在标注子集中看不到，\
         因此无论匹配好坏，该数字都接近 100 %\n\
         正确的数字：关联准确率：98.67\u{a0}%（n = 300，95 % 区间 96.62\u{a0}% – 99.48\u{a0}%，Wilson 得分区间）"
    );
}

#[test]
fn q12_recall_weighs_by_the_true_customer_and_precision_by_the_whole_published_one() {
    // One record of each kind: all found; one of two others missed; one wrongly taken in; alone and right.
    let record = |at: usize, predicted: Vec<RecordName>| {
        let item = Item {
            records: vec![name("north", at)],
            id: String::new(),
            parts: Vec::new(),
            names: vec![String::new()],
            predicted,
        };
        (0, item)
    };
    let items = vec![
        record(0, vec![name("华东", 0)]),
        record(1, vec![name("华东", 1)]),
        record(2, vec![name("华东", 2)]),
        record(3, Vec::new()),
    ];
    let found = [
        vec![name("华东", 0)],
        vec![name("华东", 1), name("华东", 9)],
        Vec::new(),
        Vec::new(),
    ];
    let sample = sample(Unit::Records, &[("north", Band::Clean, 4)], items);
    let answers = found.iter().enumerate().map(|(at, found)| StoredAnswer {
        found: serde_json::to_string(found).unwrap(),
        ..answer(at, "", "correct")
    });
    let report = report(&sample, &[import("Lee", answers.collect())], &BTreeMap::new());
    let of = |name: &str| {
        let found = report.estimates.iter().find(|estimate| estimate.name == name);
        found.unwrap().figure.estimate
    };
    // A census: the figures are the shares themselves.
    assert_eq!(of("records_with_nothing_missed"), 0.75);
    assert_eq!(of("pairwise_recall"), 0.666_667);
    assert_eq!(of("pairwise_precision"), 0.666_667);
    assert_eq!(of("b_cubed_recall"), 0.916_667);
    assert_eq!(of("b_cubed_precision"), 0.875);
}

#[test]
fn q12_a_sample_without_a_miss_does_not_promise_that_nothing_is_missed() {
    let items = (0..60).map(|at| {
        let item = Item {
            records: vec![name("north", at)],
            id: String::new(),
            parts: Vec::new(),
            names: vec![String::new()],
            predicted: vec![name("华东", at)],
        };
        (0, item)
    });
    let sample = sample(Unit::Records, &[("north", Band::Clean, 90_000)], items.collect());
    let answers = (0..60).map(|at| StoredAnswer {
        found: serde_json::to_string(&[name("华东", at)]).unwrap(),
        ..answer(at, "", "correct")
    });
    let report = report(&sample, &[import("Lee", answers.collect())], &BTreeMap::new());
    for estimate in &report.estimates {
        let figure = &estimate.figure;
        assert_eq!((figure.estimate, figure.hi), (1.0, 1.0), "{figure:?}");
        // The exact interval of 60 of 60.
        assert_eq!(figure.lo, 0.940_371, "{figure:?}");
    }
}

#[test]
fn q17_fields_are_estimated_each_and_two_auditors_are_compared() {
    let record = |at: usize| {
        let part = |field: &str| Part {
            field: field.to_owned(),
            masked: "138****8000".to_owned(),
        };
        let item = Item {
            records: vec![name(if at < 100 { "华东" } else { "north" }, at)],
            id: String::new(),
            parts: vec![part("uscc"), part("phones")],
            names: Vec::new(),
            predicted: Vec::new(),
        };
        (u32::from(at >= 100), item)
    };
    let strata = [("华东", Band::Unscored, 9_000), ("north", Band::Unscored, 5_000)];
    let sample = sample(Unit::RecordFields, &strata, (0..200).map(record).collect());
    let answers = |wrong: usize| -> Vec<StoredAnswer> {
        let phone = |at: usize| if at < wrong { "wrong" } else { "correct" };
        (0..200)
            .flat_map(|at| [answer(at, "phones", phone(at)), answer(at, "uscc", "correct")])
            .collect()
    };
    let imports = [import("王芳", answers(10)), import("Lee", answers(12))];
    let report = report(&sample, &imports, &BTreeMap::new());
    let of = |source: Option<&str>, field: Option<&str>| {
        let is_it = |of: &&Estimate| of.source.as_deref() == source && of.field.as_deref() == field;
        report.estimates.iter().find(is_it).unwrap().figure.clone()
    };
    assert_eq!(of(Some("华东"), Some("phones")).estimate, 0.9);
    assert_eq!(of(Some("north"), Some("phones")).estimate, 1.0);
    // 9/14 of the weight at .9.
    assert_eq!(of(None, Some("phones")).estimate, 0.935_714);
    assert_eq!(of(None, Some("uscc")).x, Some(200));
    assert_eq!(of(Some("华东"), None).estimate, 0.9);
    let kappa = report.kappa.unwrap();
    assert!((0.9..1.0).contains(&kappa), "{kappa}");
    assert_eq!(report.auditors.len(), 2);
}

#[test]
fn pages_are_escaped_and_have_no_script_and_no_address() {
    let evil = "<script>alert(1)</script>";
    let items = vec![
        link(0, name(evil, 1), name(evil, 2)),
        link(0, name(evil, 3), name(evil, 4)),
    ];
    let sample = sample(Unit::Links, &[(evil, Band::Clean, 900)], items);
    let answers = vec![answer(0, "", "wrong"), answer(1, "", "correct")];
    let report = report(&sample, &[import(evil, answers)], &BTreeMap::new());
    for language in [Language::Zh, Language::En] {
        let page = render(&report, customer_schema(), language).unwrap();
        assert!(!page.contains("<script") && page.contains("&#60;script&#62;"));
        assert!(page.contains("default-src 'none'; style-src 'sha256-"));
        for word in ["http://", "https://", " style=", " onclick", "src="] {
            assert!(!page.contains(word), "{word}");
        }
        assert_eq!(page, render(&report, customer_schema(), language).unwrap());
    }
}
