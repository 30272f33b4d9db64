//! The page against the figures it was made from.

use super::*;
use crate::quality::Alert;
use crate::quality::AuditedShare;
use crate::quality::ConflictFigures;
use crate::quality::ConflictSample;
use crate::quality::ConflictValue;
use crate::quality::FieldConflicts;
use crate::quality::Point;
use crate::quality::QueueFigures;
use crate::quality::QueueReason;
use crate::quality::RelatedCustomer;
use crate::quality::RelatedPair;
use crate::quality::RelationFigures;
use crate::quality::RelationKind;
use crate::quality::RowPlace;
use crate::quality::SampleCell;
use crate::quality::Series;
use crate::quality::Share;
use crate::quality::SourceConflicts;
use crate::quality::Suspicion;
use crate::quality::Trend;
use crate::quality::fixture::Fixture;
use serde_json::Value;
use std::collections::BTreeMap;

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

fn quality() -> Quality {
    let first = Fixture::group().measure();
    let mut fixture = Fixture::group();
    fixture.trend = Trend::default().with(Point::of(&first));
    let mut gates = BTreeMap::from([("completeness".to_owned(), 9_500), ("accuracy".to_owned(), 9_200)]);
    gates.insert("duplicate_rate".to_owned(), 300);
    fixture.settings.gates.general = gates;
    fixture.run.run_number = 2;
    fixture.run.warnings = vec!["<script>alert(1)</script>".to_owned()];
    fixture.records.accounts[0].read += 1_000;
    fixture.records.accounts[0].skipped += 1_000;
    let mut quality = fixture.measure_after(&first);
    with_places(&mut quality);
    quality
}

/// Adds what the fixture's tables do not give: rows behind findings, suspicious entries, an alert.
fn with_places(quality: &mut Quality) {
    for (at, source) in quality.sources.iter_mut().enumerate() {
        for issue in &mut source.issues {
            issue.samples = vec![SampleCell {
                file: format!("exports/{at}.csv"),
                line: 1_000 + at as u32,
                column: "电话".to_owned(),
                masked: format!("138****{at:04}"),
                raw_hash: format!("00ff00ff00ff{at:04}"),
            }];
        }
    }
    quality.suspicions = (0..quality.sources.len())
        .map(|source| Suspicion {
            source,
            kind: "shared_contact".to_owned(),
            field: "phones".to_owned(),
            evidence: format!("139****{source:04}"),
            customers: 7,
            records: 8,
            rows: vec![RowPlace {
                file: format!("exports/{source}.csv"),
                line: 2_000 + source as u32,
            }],
        })
        .collect();
    quality.trend.alerts = vec![Alert {
        source: quality.sources[0].name.clone(),
        figure: "completeness".to_owned(),
        value: 8_000,
        median: 9_000,
        score: -1_234,
    }];
    with_groups(quality);
}

/// Adds what rests on other parts of a run: relations, contradictions, questions, an audit.
fn with_groups(quality: &mut Quality) {
    let row = |source: usize| RowPlace {
        file: format!("exports/{source}.csv"),
        line: 3_000 + source as u32,
    };
    let customer = |source: usize| RelatedCustomer {
        unified_id: format!("C0000000{source}"),
        source,
        masked: format!("华**{source}"),
        row: Some(row(source)),
    };
    quality.relations = RelationFigures {
        total: 1_357,
        by_kind: vec![RelationKind {
            kind: "branch".to_owned(),
            relations: 1_357,
            between_sources: 246,
        }],
        shown: vec![RelatedPair {
            kind: "branch".to_owned(),
            weight_millibits: -1_234,
            customers: [customer(0), customer(1)],
        }],
    };
    let value = |source: usize| ConflictValue {
        source,
        masked: format!("9133****{source:04}"),
        row: Some(row(source)),
    };
    quality.conflicts = ConflictFigures {
        customers: 1_468,
        values: 3_579,
        by_field: vec![FieldConflicts {
            field: "customer_name".to_owned(),
            kind: "name".to_owned(),
            customers: 1_468,
            values: 3_579,
            by_source: vec![1_467; quality.sources.len()],
        }],
        between: vec![SourceConflicts {
            sources: [0, 1],
            contradictions: 1_466,
        }],
        samples: vec![ConflictSample {
            unified_id: "C00000001".to_owned(),
            field: "customer_name".to_owned(),
            values: vec![value(0), value(1)],
        }],
    };
    with_queue_and_audit(quality);
}

/// Adds questions that wait, and an audit of every source.
fn with_queue_and_audit(quality: &mut Quality) {
    quality.review = QueueFigures {
        items: 1_234,
        new_items: 321,
        by_reason: vec![QueueReason {
            reason: "near".to_owned(),
            items: 1_234,
        }],
        oldest_days: Some(97),
        oldest_run: Some(1),
        median_days: Some(12),
    };
    for source in &mut quality.sources {
        let accuracy = source.scorecard.iter_mut().find(|of| of.measure == "accuracy");
        let accuracy = accuracy.expect("a measure");
        accuracy.share = Share::of(190, 200);
        accuracy.audit = Some(AuditedShare {
            audits: vec![7],
            day: "2026-06-10".to_owned(),
            estimate_ppm: 950_000,
            lo_ppm: 912_345,
            hi_ppm: 974_321,
            method_en: "Wilson".to_owned(),
            method_zh: "Wilson 得分区间".to_owned(),
            right: 190,
            answered: 200,
            cannot_tell: 2,
            sources_audited: 1,
            sources: 1,
        });
    }
}

/// Every (path, path of what is taken off, text) that the page shows.
fn figures(page: &str) -> Vec<(&str, Option<&str>, &str)> {
    page.split("data-path=\"")
        .skip(1)
        .map(|rest| {
            let (path, rest) = rest.split_once('"').expect("a closing quote");
            let minus = rest.strip_prefix(" data-minus=\"");
            let minus = minus.and_then(|rest| Some(rest.split_once('"')?.0));
            let (_, rest) = rest.split_once('>').expect("an element");
            let (text, _) = rest.split_once('<').expect("an end");
            (path, minus, text)
        })
        .collect()
}

fn lookup<'a>(json: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .fold(json, |value, step| match step.parse::<usize>() {
            Ok(at) => &value[at],
            Err(_) => &value[step],
        })
}

/// The figure as the page should read, worked out in another way than the page does.
fn expected(path: &str, value: &Value) -> String {
    if path.ends_with("_ppm") {
        let ppm = value.as_f64().expect("a count");
        return format!("{:.1}%", (ppm / 1_000.0).round() / 10.0);
    }
    if let Some(numerator) = value.get("numerator") {
        let part = numerator.as_f64().expect("a count");
        let whole = value["denominator"].as_f64().expect("a count");
        return if whole == 0.0 {
            "–".to_owned()
        } else {
            format!("{:.1}%", (part / whole * 1_000.0).round() / 10.0)
        };
    }
    let Some(number) = value.as_f64() else {
        assert!(value.is_null(), "{path}: {value}");
        return "–".to_owned();
    };
    let plain = if path.ends_with(".score") {
        format!("{:.2}", number / 100.0)
    } else if path.ends_with("millibits") {
        format!("{:.2}", (number.abs() / 10.0).round() / 100.0 * number.signum())
    } else if path.ends_with("basis_points") {
        format!("{:.2}", number / 100.0)
    } else if path.ends_with("per_trillion") && number < 1e8 {
        format!("{:.1e}", number / 1e12)
    } else if path.ends_with("per_trillion") {
        format!("{:.4}", number / 1e12)
    } else {
        format!("{number}")
    };
    plain.replace('-', "−")
}

/// A figure of a trend, or a difference of two of them; `None` for other figures.
fn expected_of_trend(json: &Value, path: &str, minus: Option<&str>) -> Option<String> {
    let is_share = if let Some((series, _)) = path
        .strip_prefix("trend.")
        .and_then(|_| path.split_once(".values."))
    {
        lookup(json, series)["is_share"].as_bool()
    } else if let Some(series) = path.strip_suffix(".median").filter(|of| !of.contains("alerts")) {
        lookup(json, series)["is_share"].as_bool()
    } else if path.starts_with("trend.alerts") && !path.ends_with("score") {
        Some(true)
    } else {
        None
    }?;
    let number = |path: &str| lookup(json, path).as_i64().expect("a whole number");
    let value = number(path) - minus.map_or(0, number);
    let plain = match (is_share, minus) {
        (true, None) => format!("{:.2}%", value as f64 / 100.0),
        (true, Some(_)) => format!("{:.2}", value as f64 / 100.0),
        (false, _) => value.to_string(),
    };
    Some(plain.replace('-', "−"))
}

/// Looks every number of a page up; how many there are.
fn check_figures(json: &Value, page: &str) -> usize {
    let figures = figures(page);
    for (path, minus, text) in &figures {
        let got = text.replace([',', '+', '±'], "");
        let expected =
            expected_of_trend(json, path, *minus).unwrap_or_else(|| expected(path, lookup(json, path)));
        assert_eq!(got, expected, "{path}");
    }
    figures.len()
}

#[test]
fn every_number_of_the_page_stands_in_the_figures() {
    let quality = quality();
    let json = serde_json::to_value(&quality).expect("figures are plain");
    for language in LANGUAGES {
        let page = render(&quality, language).expect("sound figures");
        assert!(check_figures(&json, &page) > 100);
        for at in 0..quality.sources.len() {
            let page = render_source(&quality, at, language).expect("sound figures");
            assert!(check_figures(&json, &page) > 40);
        }
    }
}

#[test]
fn the_page_of_the_json_is_the_page() {
    let quality = quality();
    let json = serde_json::to_string(&quality).expect("figures are plain");
    let back: Quality = serde_json::from_str(&json).expect("as written");
    for language in LANGUAGES {
        let page = render(&quality, language).expect("sound figures");
        assert_eq!(render(&back, language).expect("sound figures"), page);
        let own = |quality: &Quality| render_source(quality, 0, language).expect("sound figures");
        assert_eq!(own(&back), own(&quality));
    }
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let quality = quality();
    let own = render_source(&quality, 0, Language::Zh).expect("sound figures");
    for page in [render(&quality, Language::Zh).expect("sound figures"), own] {
        for forbidden in [
            "http:", "https:", "//", "src=", "url(", "@import", "<script", " style=", " on",
        ] {
            let at = page.find(forbidden).unwrap_or(page.len());
            let near: String = page[at..].chars().take(60).collect();
            assert!(at == page.len(), "{forbidden}: {near}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
        let addresses = page.split("href=\"").skip(1);
        assert!(addresses.clone().count() > 5);
        for address in addresses {
            let (address, _) = address.split_once('"').expect("a closing quote");
            match address.strip_prefix('#') {
                Some(id) => assert!(page.contains(&format!("id=\"{id}\"")), "{id}"),
                // The page of a source lies beside this one.
                None => assert!(
                    quality
                        .sources
                        .iter()
                        .any(|source| file_name(&source.name) == address)
                ),
            }
        }
    }
}

/// Texts that break pages which do not escape.
const NAUGHTY: [&str; 12] = [
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<!--",
    "-->",
    "]]>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u{202E}gnp.exe\u{2066}",
    "\0\u{FEFF}\u{1F600}王\t\r\n` onclick=x",
];

/// Puts `text` into every text of the figures, beginning with `at`, but not into names that the program gives.
fn spoil(value: &mut Value, key: &str, texts: &mut dyn Iterator<Item = &'static str>) {
    const OURS: [&str; 16] = [
        "measure",
        "figure",
        "state",
        "severity",
        "main_fault",
        "language",
        "dimension",
        "name_of",
        "rules",
        "kind",
        "field",
        "code",
        "measured_as",
        "day",
        "unified_id",
        "comparator",
    ];
    match value {
        Value::String(text) if !OURS.contains(&key) => {
            *text = format!("{}{text}", texts.next().expect("they go round"));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| spoil(value, key, texts)),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(key, value)| spoil(value, key, texts)),
        _ => {}
    }
}

#[test]
fn r15_naughty_texts_stay_texts_wherever_they_stand() {
    let sound = quality();
    let count = |page: &str, tag: &str| page.matches(tag).count();
    for shift in 0..NAUGHTY.len() {
        let mut json = serde_json::to_value(&sound).expect("figures are plain");
        spoil(&mut json, "", &mut NAUGHTY.iter().copied().cycle().skip(shift));
        let spoilt: Quality = serde_json::from_value(json).expect("the same layout");
        let pages = [
            render(&spoilt, Language::En).expect("sound figures"),
            render_source(&spoilt, 0, Language::Zh).expect("sound figures"),
        ];
        for page in &pages {
            for raw in ["<script", "<img", "<svg onload", "<b>alert", "</title><", "<!--"] {
                assert!(!page.contains(raw), "{raw}");
            }
            assert_eq!(count(page, "</style>"), 1);
            assert_eq!(count(page, "</title>"), count(page, "<title>"));
            let quotes = page
                .split('<')
                .skip(1)
                .filter_map(|tag| Some(tag.split_once('>')?.0));
            for tag in quotes.filter(|tag| !tag.contains("{") && !tag.starts_with("style")) {
                assert!(count(tag, "\"").is_multiple_of(2), "{tag}");
                let outside: String = tag.split('"').step_by(2).collect();
                assert!(!outside.contains(" on"), "{tag}");
            }
        }
    }
}

#[test]
fn names_from_the_data_are_escaped() {
    let mut quality = quality();
    quality.sources[0].owner = "\"><img src=x onerror=alert(1)>".to_owned();
    let page = render(&quality, Language::En).expect("sound figures");
    assert!(page.contains("West &#60;b&#62;"));
    assert!(page.contains("A &#38; B"));
    assert!(page.contains("&#60;script&#62;alert(1)"));
    for raw in ["West <b>", "<script", "<img"] {
        assert!(!page.contains(raw), "{raw}");
    }
}

#[test]
fn the_page_of_a_source_holds_nothing_of_another() {
    let mut quality = quality();
    assert!(quality.sources.len() >= 2);
    for (at, source) in quality.sources.iter_mut().enumerate() {
        source.name = format!("canary-name-{at}");
        source.owner = format!("canary-owner-{at}");
        for issue in &mut source.issues {
            for sample in &mut issue.samples {
                sample.file = format!("canary-file-{at}");
                sample.column = format!("canary-column-{at}");
                sample.masked = format!("canary-value-{at}");
            }
        }
    }
    for suspicion in &mut quality.suspicions {
        suspicion.evidence = format!("canary-evidence-{}", suspicion.source);
        suspicion.rows[0].file = format!("canary-row-{}", suspicion.source);
    }
    quality.run.job = "canary-job-9".to_owned();
    quality.run.warnings = vec!["source `canary-name-1` canary-warning-9".to_owned()];
    quality.run.reasons = vec!["canary-reason-9".to_owned()];
    quality.run.unreadable_sources = vec!["canary-unread-9".to_owned()];
    quality.trend.alerts[0].source = "canary-name-0".to_owned();
    let mut other = quality.trend.alerts[0].clone();
    other.source = "canary-name-1".to_owned();
    quality.trend.alerts.push(other);
    for language in LANGUAGES {
        for at in 0..quality.sources.len() {
            let page = render_source(&quality, at, language).expect("sound figures");
            assert!(page.contains(&format!("canary-name-{at}")));
            assert!(page.contains(&format!("canary-evidence-{at}")));
            for canary in page.split("canary-").skip(1) {
                let kind_and_number: String = canary
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                    .collect();
                let number = kind_and_number.rsplit('-').next();
                assert_eq!(number, Some(at.to_string().as_str()), "{kind_and_number}");
            }
            let others = (0..quality.sources.len()).filter(|&other| other != at);
            for other in others {
                assert!(!page.contains(&format!("sources.{other}.")));
            }
        }
    }
}

#[test]
fn file_names_of_pages_are_safe_and_differ() {
    assert_eq!(file_name("huadong_2"), "report-huadong_2.html");
    let names = [
        "华东",
        "../../etc/passwd",
        "A",
        "a",
        "a.b",
        "",
        "con\0",
        "x/y",
        "x\\y",
        " a",
        &"长".repeat(500),
    ];
    let files: std::collections::BTreeSet<String> = names.iter().map(|name| file_name(name)).collect();
    assert_eq!(files.len(), names.len());
    for file in files {
        assert!(file.len() < 200 && file.starts_with("report-") && file.ends_with(".html"));
        assert!(
            file.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
                && !file.contains(".."),
            "{file}"
        );
        assert!(!file.chars().any(|c| c.is_ascii_uppercase()), "{file}");
    }
}

/// Makes the lists that do not grow with sources as long as they get.
fn fill_lists(quality: &mut Quality) {
    quality.relations.shown = vec![quality.relations.shown[0].clone(); 12];
    let conflicts = &mut quality.conflicts;
    conflicts.by_field[0].by_source = vec![1_467; 50];
    conflicts.by_field = vec![conflicts.by_field[0].clone(); 11];
    conflicts.between = vec![conflicts.between[0].clone(); 20];
    conflicts.samples[0].values = vec![conflicts.samples[0].values[0].clone(); 4];
    conflicts.samples = vec![conflicts.samples[0].clone(); 33];
    quality.run.notices = vec!["好".repeat(200); 20];
}

#[test]
fn q1_fifty_sources_and_thirty_runs_keep_below_a_mebibyte() {
    let mut quality = quality();
    let template = quality.sources[0].clone();
    let series = quality.trend.sources[0].clone();
    let issue = template.issues.first().cloned().expect("a finding");
    let codes: Vec<&'static str> = crate::model::issue_catalogue()
        .iter()
        .map(|code| code.name)
        .collect();
    quality.sources = (0..50)
        .map(|at| {
            let mut source = template.clone();
            source.name = format!("subsidiary_number_{at:02}");
            source.owner = "集团信息中心数据治理部".to_owned();
            let all = codes.iter().take(60).enumerate().map(|(n, code)| {
                let mut issue = issue.clone();
                issue.code = (*code).to_owned();
                issue
                    .field
                    .clone_from(&quality.fields[n % quality.fields.len()].name);
                let sample = issue.samples[0].clone();
                issue.samples = vec![sample; 3];
                issue
            });
            source.issues = all.collect();
            source
        })
        .collect();
    let long = |series: &Series| Series {
        values: vec![1_234_567; 31],
        median: Some(1_234_567),
        ..series.clone()
    };
    quality.trend.runs = (1..=31).collect();
    quality.trend.key = quality.trend.key.iter().map(long).collect();
    quality.trend.sources = vec![series.iter().map(long).collect(); 50];
    quality.overlap.matrix = vec![vec![1_234; 50]; 50];
    quality.changes.sources = vec![quality.changes.sources[0].clone(); 50];
    for count in quality.rejects.iter_mut().chain(&mut quality.issues) {
        count.by_source = vec![1_234; 50];
    }
    let suspicion = quality.suspicions[0].clone();
    quality.suspicions = (0..50 * 40)
        .map(|n| Suspicion {
            source: n / 40,
            ..suspicion.clone()
        })
        .collect();
    let gate = quality.gates_failed[0].clone();
    quality.gates_failed = vec![gate; 300];
    fill_lists(&mut quality);
    let fields = quality.fields.clone();
    for n in fields.len()..32 {
        let mut field = fields[0].clone();
        field.name = format!("own_field_{n}");
        field.is_necessary = n < 10;
        for source in &mut quality.sources {
            let mut own = source.fields[0].clone();
            own.field.clone_from(&field.name);
            source.fields.push(own);
        }
        quality.fields.push(field);
    }
    for language in LANGUAGES {
        let page = render(&quality, language).expect("sound figures");
        assert!(page.len() <= 1 << 20, "{} bytes", page.len());
        let own = render_source(&quality, 49, language).expect("sound figures");
        assert!(own.len() <= 1 << 20, "{} bytes", own.len());
        // What the page of the group leaves out stands on the source's own.
        let findings = quality.sources[49].issues.len();
        assert_eq!(own.matches("class=\"finding\"").count(), findings);
    }
}

#[test]
fn q2_the_first_screen_says_what_happened_and_what_to_do() {
    let mut quality = quality();
    quality.run.warnings = vec!["look at this".to_owned()];
    quality.run.notices = vec!["good to know".to_owned()];
    let page = render(&quality, Language::En).expect("sound figures");
    let (first_screen, _) = page.split_once("id=\"scorecard\"").expect("a scorecard");
    for text in [
        "Published",
        "look at this",
        "Warnings",
        "Notices",
        "good to know",
        "What to do",
        "What changed",
        "Gates not passed",
        "1,234",
        "Stands out",
        "Where to act first",
        "median of 30 runs",
        "<polyline",
    ] {
        assert!(first_screen.contains(text), "{text}");
    }
    assert_eq!(first_screen.matches("class=\"kpi\"").count(), 5);
    assert!(quality.worst_sources.len() <= 3);
    let (_, warned) = first_screen.split_once("<dt>Warnings</dt>").expect("warnings");
    let (warned, _) = warned.split_once("</dl>").expect("an end");
    assert!(!warned.contains("good to know"));
    // A notice alone is no warning.
    quality.run.warnings.clear();
    quality.gates_failed.clear();
    let page = render(&quality, Language::En).expect("sound figures");
    assert!(page.contains("card status good") && !page.contains("Warnings"));
}

#[test]
fn q6_every_finding_leads_to_a_file_a_line_and_a_column() {
    let quality = quality();
    for (at, source) in quality.sources.iter().enumerate() {
        let page = render_source(&quality, at, Language::En).expect("sound figures");
        assert_eq!(page.matches("class=\"finding\"").count(), source.issues.len());
        for place in 0..source.issues.len() {
            let line = format!("data-path=\"sources.{at}.issues.{place}.samples.0.line\"");
            assert!(page.contains(&line), "{line}");
        }
        assert!(source.issues.is_empty() || page.contains(&format!("exports/{at}.csv")));
    }
}

#[test]
fn both_languages_say_what_happened() {
    let mut quality = quality();
    let zh = render(&quality, Language::Zh).expect("sound figures");
    assert!(zh.contains("<html lang=\"zh-CN\">") && zh.contains("已发布") && zh.contains("客户名称"));
    quality.run.is_published = false;
    quality.run.reasons = vec!["重复率上升".to_owned()];
    let en = render(&quality, Language::En).expect("sound figures");
    assert!(en.contains("<html lang=\"en\">") && en.contains("Not published"));
    assert!(en.contains("重复率上升") && en.contains("Customer name"));
}

#[test]
fn every_column_header_has_a_scope_and_every_tag_is_closed() {
    let quality = quality();
    check_tags(&render(&quality, Language::En).expect("sound figures"));
    check_tags(&render_source(&quality, 1, Language::En).expect("sound figures"));
}

#[test]
fn q3_the_page_reads_without_colour_scripts_or_a_mouse() {
    let quality = quality();
    for (language, lang) in [(Language::Zh, "zh-CN"), (Language::En, "en")] {
        let pages = [
            render(&quality, language).expect("sound figures"),
            render_source(&quality, 0, language).expect("sound figures"),
        ];
        for page in &pages {
            check_tags(page);
            assert!(page.contains(&format!("<html lang=\"{lang}\">")));
            // Landmarks, a way past the navigation, one heading of the first level.
            for landmark in [
                "<header>",
                "<nav aria-label=",
                "<main id=\"main\"",
                "<footer",
                "class=\"skip\" href=\"#main\"",
            ] {
                assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
            }
            assert_eq!(page.matches("<h1>").count(), 1);
            // What scrolls can be reached by the keyboard and has a name.
            let regions = page.matches("<div class=\"scroll\"").count();
            let named = page
                .matches("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label")
                .count();
            assert_eq!(regions, named);
            // Every picture is decoration beside its table, or has a name of its own.
            for picture in page.split("<svg").skip(1) {
                let (tag, _) = picture.split_once('>').expect("an end");
                assert!(
                    tag.contains("aria-hidden=\"true\"") || tag.contains("role=\"img\""),
                    "{tag}"
                );
            }
            // A standing has a mark and a word beside its colour.
            let standings = ["class=\"cell good\"", "class=\"cell poor\""];
            for cell in standings.iter().flat_map(|class| page.split(class).skip(1)) {
                let (cell, _) = cell.split_once("</div></td>").expect("an end");
                assert!(cell.contains("class=\"mark\""), "{cell}");
            }
        }
    }
}

fn check_tags(page: &str) {
    assert_eq!(page.matches("<th ").count(), page.matches("scope=").count());
    assert!(!page.contains("<th>"));
    for tag in [
        "table", "section", "div", "tr", "td", "th", "dl", "ul", "ol", "svg", "span", "details",
    ] {
        let opened = page.matches(&format!("<{tag} ")).count() + page.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn an_empty_run_and_edited_figures_make_no_panic() {
    let empty = Fixture::empty().measure();
    assert!(render(&empty, Language::Zh).is_ok());
    let mut edited = quality();
    edited.worst_sources[0].source = 99;
    assert!(matches!(
        render(&edited, Language::Zh),
        Err(ReportError::OutOfRange { position: 99, .. })
    ));
    let mut cut = quality();
    cut.sources.truncate(1);
    cut.worst_sources.clear();
    assert!(render(&cut, Language::En).is_ok());
    cut.schema_version = 99;
    assert!(matches!(
        render(&cut, Language::En),
        Err(ReportError::SchemaVersion { found: 99, .. })
    ));
}
