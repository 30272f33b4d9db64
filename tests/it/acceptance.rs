//! The acceptance of the nightly job: one summary, lasting IDs, the same bytes every time, the fields where they belong.

use crate::support::GROUP;
use crate::support::PUBLISHED;
use crate::support::Published;
use crate::support::Workplace;
use calamine::Reader;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const FILES: &[&str] = &[
    "changes.csv",
    "changes.jsonl",
    "changes.parquet",
    "conflicts.csv",
    "conflicts.parquet",
    "crosswalk.csv",
    "crosswalk.parquet",
    "decisions.csv",
    "decisions.parquet",
    "events.parquet",
    "former.parquet",
    "golden.csv",
    "golden.parquet",
    "golden.xlsx",
    "guards.json",
    "issues.parquet",
    "lineage.parquet",
    "model.json",
    "pairs.parquet",
    "quality.json",
    "quality.xlsx",
    "quality_findings.csv",
    "quality_scorecard.csv",
    "quality_trend.csv",
    "raw.parquet",
    "registry.parquet",
    "rejects.csv",
    "rejects.parquet",
    "relations.csv",
    "relations.parquet",
    "report-beifang.html",
    "report-huabei.html",
    "report-huadong.html",
    "report-huanan.html",
    "report-xinan.html",
    "report.html",
    "review.csv",
    "review.parquet",
    "run.log.jsonl",
    "standard.parquet",
    "trend.json",
];

/// The job's text before its first source, and the text of each source.
fn parts_of_job(job: &str) -> (String, Vec<String>) {
    let mut parts = job.split("[[source]]");
    let head = parts.next().unwrap().to_owned();
    (head, parts.map(|part| format!("[[source]]{part}")).collect())
}

/// A small set of three subsidiaries with its job.
fn small_set() -> Workplace {
    let workplace = Workplace::with_synth(&[
        "--records",
        "240",
        "--locale",
        "zh",
        "--sources",
        "3",
        "--seed",
        "11",
        "--plain",
    ]);
    init(&workplace);
    workplace
}

/// Writes the job of every folder in the workplace.
fn init(workplace: &Workplace) {
    let mut folders: Vec<String> = std::fs::read_dir(workplace.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut arguments = vec!["init", "--out", "guiyi.toml", "--force"];
    arguments.extend(folders.iter().map(String::as_str));
    workplace.guiyi(&arguments).expect(PUBLISHED);
}

fn check_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) {
    let differing: Vec<&String> = left
        .keys()
        .filter(|name| left.get(*name) != right.get(*name))
        .collect();
    assert!(
        differing.is_empty() && left.len() == right.len(),
        "other bytes: {differing:?}"
    );
}

/// Golden records and crosswalk, which no place in a file enters.
fn customers(run: &Published) -> BTreeMap<String, String> {
    let mut files = run.checksums();
    files.retain(|name, _| name.starts_with("golden.") || name.starts_with("crosswalk."));
    assert_eq!(files.len(), 5);
    files
}

#[test]
fn the_group_runs_with_a_summary_and_every_file() {
    let (outcome, run) = &GROUP.outcomes[0];
    let counts = &run.json("manifest.json")["counts"];
    for figure in ["rows_read", "records", "unified_ids"] {
        let shown = counts[figure].to_string();
        assert!(
            outcome.stdout.contains(&shown),
            "{figure} {shown}:\n{}",
            outcome.stdout
        );
    }
    assert_eq!(counts["records"], 2_000);
    let redundant = 2_000 - counts["unified_ids"].as_u64().unwrap();
    assert!(outcome.stdout.contains(&redundant.to_string()));
    let report = run.path("report.html");
    let report = report.strip_prefix(&GROUP.folder).unwrap();
    assert!(
        outcome.stdout.contains(report.to_str().unwrap()),
        "{}",
        outcome.stdout
    );
    let names: Vec<String> = run.checksums().into_keys().collect();
    assert_eq!(names, FILES);
    assert!(FILES.iter().all(|name| run.path(name).is_file()));
}

#[test]
fn published_tables_begin_with_the_columns_of_the_contract() {
    let contract: &[(&str, &[&str])] = &[
        ("golden", &["unified_id", "customer_name"]),
        ("crosswalk", &["source", "record_key", "unified_id", "status"]),
        (
            "lineage",
            &["unified_id", "field", "value", "source", "record_key", "rule"],
        ),
        (
            "pairs",
            &[
                "source_a",
                "record_key_a",
                "source_b",
                "record_key_b",
                "weight_bits",
                "blocking_rule",
            ],
        ),
        (
            "issues",
            &[
                "source",
                "record_key",
                "field",
                "code",
                "severity",
                "raw",
                "file",
                "line",
                "column",
            ],
        ),
        (
            "rejects",
            &["source", "file", "line", "byte", "column", "code", "hint"],
        ),
        (
            "relations",
            &["source_a", "record_key_a", "source_b", "record_key_b"],
        ),
        (
            "review",
            &["source_a", "record_key_a", "source_b", "record_key_b"],
        ),
    ];
    for (name, first) in contract {
        let table = frame::read_parquet(&GROUP.first().path(&format!("{name}.parquet")), None).unwrap();
        let names: Vec<&str> = table
            .columns()
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert!(names.starts_with(first), "{name}: {names:?}");
    }
}

#[test]
fn the_tables_of_a_run_hang_together() {
    let run = GROUP.first();
    let golden: BTreeSet<String> = run
        .rows("golden.parquet", &["unified_id"])
        .into_iter()
        .map(|mut row| row.remove(0))
        .collect();
    let ids = run.ids();
    assert_eq!(ids.len(), 2_000);
    assert_eq!(golden, ids.values().cloned().collect());
    let columns = ["unified_id", "field", "value", "source", "record_key"];
    for row in run.rows("lineage.parquet", &columns) {
        let record = (row[3].clone(), row[4].clone());
        assert_eq!(ids.get(&record), Some(&row[0]), "{row:?}");
        assert!(!row[2].is_empty(), "{row:?}");
    }
}

#[test]
fn a_second_run_changes_no_id_and_no_byte_of_the_tables() {
    assert_eq!(GROUP.first().ids(), GROUP.second().ids());
    check_same(
        &GROUP.first().lasting_checksums(),
        &GROUP.second().lasting_checksums(),
    );
    assert!(GROUP.second().rows("events.parquet", &["unified_id"]).is_empty());
    let changes = &GROUP.second().json("quality.json")["changes"]["ids"];
    assert!(
        changes.as_object().unwrap().values().all(|count| count == 0),
        "{changes}"
    );
}

#[test]
fn one_thread_gives_the_bytes_of_two() {
    let workplace = Workplace::with_fixture("group");
    workplace.guiyi(&["run", "--threads", "1"]).expect(PUBLISHED);
    check_same(
        &GROUP.first().lasting_checksums(),
        &workplace.published().lasting_checksums(),
    );
}

#[test]
fn the_order_of_sources_changes_no_byte_and_the_order_of_rows_no_customer() {
    let workplace = small_set();
    workplace.run(PUBLISHED);
    let expected = workplace.published();
    let (head, sources) = parts_of_job(&workplace.read_text("guiyi.toml"));
    assert_eq!(sources.len(), 3);
    let reversed: String = sources.iter().rev().map(|part| format!("{part}\n")).collect();
    workplace.write("guiyi.toml", format!("hub = \"reversed\"\n{head}{reversed}"));
    workplace.run(PUBLISHED);
    let run = Published::of(&workplace.path().join("reversed"));
    check_same(&expected.lasting_checksums(), &run.lasting_checksums());

    let text = workplace.read_text("huadong/customers.csv");
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let mut rows: Vec<&str> = lines.collect();
    // Every 37th row, round and round: no neighbours stay neighbours.
    rows = (0..rows.len()).map(|at| rows[at * 37 % rows.len()]).collect();
    assert_eq!(
        rows.iter().collect::<BTreeSet<_>>().len(),
        text.lines().count() - 1
    );
    workplace.write(
        "huadong/customers.csv",
        format!("{header}\n{}\n", rows.join("\n")),
    );
    workplace.write(
        "guiyi.toml",
        format!("hub = \"shuffled\"\n{head}{}", sources.join("\n")),
    );
    workplace.run(PUBLISHED);
    let run = Published::of(&workplace.path().join("shuffled"));
    check_same(&customers(&expected), &customers(&run));
}

#[test]
fn a_gbk_file_gives_the_records_of_its_utf8_twin() {
    let workplace = Workplace::with_fixture("group");
    let (_, sources) = parts_of_job(&workplace.read_text("guiyi.toml"));
    let huadong = sources
        .iter()
        .find(|part| part.contains("name = \"huadong\""))
        .unwrap();
    workplace.write("guiyi.toml", huadong);
    workplace.run(PUBLISHED);
    let expected = workplace.published();
    let bytes = workplace.read("huadong/customers.csv");
    let (text, _, has_faults) = encoding_rs::GBK.decode(&bytes);
    assert!(!has_faults);
    let text = text.into_owned();
    workplace.write("huadong/customers.csv", &text);
    // The encoding is detected when the job names none.
    let job = huadong.replace("encoding = \"gb18030\"\n", "");
    assert_ne!(&job, huadong);
    workplace.write("guiyi.toml", format!("hub = \"twin\"\n{job}"));
    workplace.run(PUBLISHED);
    let twin = Published::of(&workplace.path().join("twin"));
    check_same(&customers(&expected), &customers(&twin));
}

#[test]
fn three_headers_of_contacts_end_in_one_field() {
    let run = GROUP.first();
    let lineage = run.rows("lineage.parquet", &["field", "source"]);
    let sources: BTreeSet<&str> = lineage
        .iter()
        .filter(|row| row[0] == "contact_name")
        .map(|row| row[1].as_str())
        .collect();
    // 对接人, 负责人 and 联系人 in this order.
    assert!(
        ["huadong", "huabei", "huanan"]
            .iter()
            .all(|source| sources.contains(source)),
        "{sources:?}"
    );
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(run.path("golden.xlsx")).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let header: Vec<String> = sheet
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let contact = header.iter().position(|label| label == "主要联系人姓名").unwrap();
    let golden = run.rows("golden.parquet", &["contact_name"]);
    for (row, published) in sheet.rows().skip(1).zip(&golden) {
        assert_eq!(row[contact].to_string(), published[0]);
    }
    assert_eq!(sheet.rows().count(), golden.len() + 1);
}

#[test]
fn an_amount_without_tax_statement_is_flagged_and_never_averaged() {
    let run = GROUP.first();
    let issues = run.rows("issues.parquet", &["source", "field", "code", "column"]);
    let flagged: BTreeSet<&str> = issues
        .iter()
        .filter(|row| row[1] == "amount" && row[2] == "tax_flag_unknown")
        .map(|row| row[0].as_str())
        .collect();
    assert!(flagged.contains("huadong"), "{flagged:?}");
    assert!(!flagged.contains("huabei"), "its header says 含税");
    let bytes = std::fs::read(GROUP.folder.join("huadong/customers.csv")).unwrap();
    let text = encoding_rs::GBK.decode(&bytes).0.into_owned();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|label| label == name).unwrap();
    let (key, amount) = (column("客户编码"), column("合作金额"));
    let given: BTreeMap<String, f64> = reader
        .records()
        .map(Result::unwrap)
        .filter_map(|row| Some((row[key].to_owned(), row[amount].replace(',', "").parse().ok()?)))
        .collect();
    let lineage = run.rows("lineage.parquet", &["field", "source", "record_key", "value"]);
    let chosen: Vec<&Vec<String>> = lineage
        .iter()
        .filter(|row| row[0] == "amount" && row[1] == "huadong")
        .collect();
    assert!(chosen.len() > 100);
    for row in chosen {
        let value: f64 = row[3].split_whitespace().next().unwrap().parse().unwrap();
        assert!((value - given[&row[2]]).abs() < 0.005, "{row:?}");
    }
}

/// F1 of the pairs that `guiyi eval` finds; holds that its lines and its JSON say the same.
fn f1(workplace: &Workplace) -> f64 {
    let arguments = ["eval", "--truth", "truth.csv"];
    let lines = workplace.guiyi(&arguments).expect(PUBLISHED).stdout;
    let json = workplace
        .guiyi(&[&arguments[..], &["--json"]].concat())
        .expect(PUBLISHED);
    let found: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(found["records_missing"], 0, "{found}");
    let f1 = found["f1"].as_f64().unwrap();
    assert!(lines.contains(&format!("F1 {f1:.4}")), "{lines}");
    assert!(
        lines.contains("B-cubed")
            && ["cluster sizes", "簇大小"]
                .iter()
                .any(|title| lines.contains(title)),
        "{lines}"
    );
    f1
}

#[test]
fn init_run_and_eval_work_unedited_on_the_group() {
    let workplace = Workplace::with_fixture("group");
    init(&workplace);
    workplace.run(PUBLISHED);
    let f1 = f1(&workplace);
    assert!(f1 > 0.8, "{f1}");
}

#[test]
fn init_run_and_eval_work_unedited_on_latin_and_mixed_sets() {
    for locale in ["en", "mixed"] {
        let workplace = Workplace::with_synth(&["--records", "400", "--locale", locale, "--sources", "3"]);
        init(&workplace);
        workplace.run(PUBLISHED);
        let f1 = f1(&workplace);
        assert!(f1 > 0.5, "{locale}: {f1}");
    }
}
