//! Guards over several nights: a night that looks wrong stays a candidate, a steward may accept it, and the nights after it
//! go on from there (operations.md B8, B9).

use crate::support::PUBLISHED;
use crate::support::Published;
use crate::support::REFUSED;
use crate::support::SOURCE_MISSING;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Rows of a source of `count` customers in two scripts, keys from `first`.
pub(crate) fn rows(first: usize, count: usize) -> String {
    let mut text = "编号,客户名称,电话\n".to_owned();
    for at in first..first + count {
        text += &row(at, at);
    }
    text
}

/// The row of customer `at` under the key `key`.
pub(crate) fn row(key: usize, at: usize) -> String {
    const HAN: [&str; 10] = ["鼎", "泰", "恒", "瑞", "昌", "盛", "华", "隆", "信", "德"];
    const LATIN: [&str; 10] = [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper",
    ];
    let digits = [at / 100 % 10, at / 10 % 10, at % 10];
    let name = match at % 2 {
        0 => format!(
            "杭州{}{}{}机械有限公司",
            HAN[digits[0]], HAN[digits[1]], HAN[digits[2]]
        ),
        _ => format!(
            "{} {} {} Ltd",
            LATIN[digits[0]], LATIN[digits[1]], LATIN[digits[2]]
        ),
    };
    format!("K{key:04},{name},138{:08}\n", 10_000_000 + at * 7919)
}

const JOB: &str = "language = \"en\"\n[[source]]\nname = \"华东\"\nfiles = [\"east.csv\"]\nkey = \"编号\"\nrequired = false\n\
                   [source.map]\ncustomer_name = \"客户名称\"\nphones = \"电话\"\n\
                   [[source]]\nname = \"华南\"\nfiles = [\"south.csv\"]\nkey = \"编号\"\n\
                   [source.map]\ncustomer_name = \"客户名称\"\nphones = \"电话\"\n";

/// A workplace whose first night is published: 60 customers in 华东, the first 30 of them in 华南 too.
pub(crate) fn first_night() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", JOB);
    workplace.write("east.csv", rows(0, 60));
    workplace.write("south.csv", rows(0, 30));
    workplace.run(PUBLISHED);
    workplace
}

/// Text of `CURRENT`.
pub(crate) fn current(workplace: &Workplace) -> String {
    workplace.read_text("hub/CURRENT").trim_end().to_owned()
}

/// Runs a night that `guard` refuses; returns the candidate's id. `CURRENT` stays.
pub(crate) fn refused(workplace: &Workplace, guard: &str) -> String {
    let before = current(workplace);
    let outcome = workplace.run(REFUSED);
    let line = outcome.closing_line();
    assert_eq!(line["name"], "refused");
    let guards = line["guards"].as_array().unwrap();
    assert!(guards.iter().any(|name| name == guard), "{line}");
    assert!(
        outcome.stderr.contains(&format!("guard `{guard}` refused")),
        "{}",
        outcome.stderr
    );
    assert_eq!(current(workplace), before);
    let run = line["run_id"].as_str().unwrap().to_owned();
    assert!(
        workplace
            .path()
            .join("hub/runs")
            .join(&run)
            .join("golden.csv")
            .is_file()
    );
    run
}

/// Accepts `guards` of a candidate.
pub(crate) fn publish(workplace: &Workplace, run: &str, guards: &str, code: i32) -> String {
    let arguments = [
        "publish",
        run,
        "--accept",
        guards,
        "--reason",
        "新年度导出 checked",
        "--author",
        "王芳",
    ];
    let outcome = workplace.guiyi(&arguments).expect(code);
    outcome.stdout + &outcome.stderr
}

#[test]
fn b9_an_export_of_a_header_only_is_refused_until_a_steward_accepts_it() {
    let workplace = first_night();
    workplace.write("east.csv", rows(0, 0));
    let candidate = refused(&workplace, "rows");
    let live = workplace.published().ids();
    assert_eq!(live.len(), 90);
    publish(&workplace, &candidate, "rows,ids_merged", PUBLISHED);
    assert_eq!(current(&workplace), candidate);
    let rows = workplace.published().rows("crosswalk.parquet", &["status"]);
    let withdrawn = rows.iter().filter(|row| row[0] == "withdrawn").count();
    assert_eq!((rows.len(), withdrawn), (90, 60), "nothing is lost even then");
}

#[test]
fn b9_a_truncated_export_is_refused_and_published_without_computing_again() {
    let workplace = first_night();
    let text = rows(0, 60);
    let half = text.lines().take(28).collect::<Vec<_>>().join("\n");
    workplace.write("east.csv", half);
    let candidate = refused(&workplace, "rows");
    let folder = workplace.path().join("hub/runs").join(&candidate);
    let sealed = Published { directory: folder }.checksums();
    let said = publish(&workplace, &candidate, "keys", REFUSED);
    assert!(said.contains("rows"), "{said}");
    publish(&workplace, &candidate, "rows,keys", PUBLISHED);
    assert_eq!(current(&workplace), candidate);
    assert_eq!(workplace.published().checksums(), sealed);
    let path = workplace.path().join("hub/acceptances.jsonl");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let line: serde_json::Value =
        serde_json::from_str(fs::read_to_string(&path).unwrap().trim_end()).unwrap();
    assert_eq!(line["author"], "王芳");
    assert_eq!(line["run"], candidate);
    assert_eq!(line["guards"], serde_json::json!(["rows", "keys"]));
    // What was accepted is the new normal.
    workplace.run(PUBLISHED);
}

#[test]
fn b9_renumbered_keys_are_refused_by_the_guard_of_keys() {
    let workplace = first_night();
    let mut text = "编号,客户名称,电话\n".to_owned();
    (0..60).for_each(|at| text += &row(5_000 + at, at));
    workplace.write("east.csv", text);
    refused(&workplace, "keys");
}

#[test]
fn b9_values_that_are_gone_and_rows_that_are_rejected_are_refused() {
    let workplace = first_night();
    let text = rows(0, 60);
    let no_phones: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| match (at, line.rsplit_once(',')) {
            (1..=30, Some((head, _))) => format!("{head},"),
            _ => line.to_owned(),
        })
        .collect();
    workplace.write("east.csv", no_phones.join("\n"));
    refused(&workplace, "unusable");
    let ragged: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| {
            if (1..=10).contains(&at) {
                format!("{line},x")
            } else {
                line.to_owned()
            }
        })
        .collect();
    workplace.write("east.csv", ragged.join("\n"));
    refused(&workplace, "rejects");
}

#[test]
fn b9_a_mass_merge_is_refused() {
    let workplace = first_night();
    let mut text = "编号,客户名称,电话\n".to_owned();
    (0..60).for_each(|at| text += &row(at, if at < 30 { at } else { at - at % 4 }));
    workplace.write("east.csv", text);
    let run = refused(&workplace, "ids_merged");
    assert!(run.starts_with("000002-"));
}

#[test]
fn b8_an_added_column_warns_and_a_lost_or_swapped_one_refuses_with_the_nearest() {
    let workplace = first_night();
    let text = rows(0, 60);
    let added = text.replace("电话\n", "电话,备注\n").replace("\nK", ",\nK");
    workplace.write("east.csv", added.trim_end().to_owned() + ",\n");
    let outcome = workplace.run(WITH_WARNINGS);
    assert!(
        outcome.stderr.contains("`备注` (guard `schema` warned)"),
        "{}",
        outcome.stderr
    );
    workplace.write("east.csv", text.replace("客户名称", "客户名"));
    refused(&workplace, "schema");
    let outcome = workplace.run(REFUSED);
    assert!(
        outcome.stderr.contains("did you mean `客户名`?"),
        "{}",
        outcome.stderr
    );
    workplace.write("guiyi.toml", JOB.replace("required = false", "required = true"));
    let outcome = workplace.run(SOURCE_MISSING);
    assert!(
        outcome.stderr.contains("did you mean `客户名`?"),
        "{}",
        outcome.stderr
    );
    workplace.write("east.csv", text.replace("客户名称,电话", "电话,客户名称"));
    refused(&workplace, "schema");
}

#[test]
fn b10_a_dry_run_shows_what_guards_would_refuse_and_writes_nothing() {
    let workplace = first_night();
    workplace.write("east.csv", rows(0, 0));
    let outcome = workplace.guiyi(&["run", "--dry-run"]).expect(REFUSED);
    assert_eq!(outcome.closing_line()["guards"], serde_json::json!(["rows"]));
    assert!(outcome.closing_line()["run_id"].is_null());
    assert_eq!(
        fs::read_dir(workplace.path().join("hub/runs")).unwrap().count(),
        1
    );
}

#[test]
fn b9_a_candidate_that_was_built_on_another_run_is_not_published() {
    let workplace = first_night();
    workplace.write("east.csv", rows(0, 30));
    let candidate = refused(&workplace, "rows");
    workplace.write("east.csv", rows(0, 61));
    workplace.run(PUBLISHED);
    let said = publish(&workplace, &candidate, "rows,keys", USAGE);
    assert!(said.contains("run the job again"), "{said}");
    let said = publish(&workplace, &candidate, "row", USAGE);
    assert!(said.contains("did you mean `rows`?"), "{said}");
}

#[test]
fn limits_of_the_job_move_the_guards() {
    let workplace = first_night();
    workplace.write(
        "guiyi.toml",
        format!("{JOB}[guards]\nrows_refuse = 0.9\nkeys_refuse = 0.1\n"),
    );
    workplace.write("east.csv", rows(0, 30));
    workplace.run(WITH_WARNINGS);
    workplace.write("guiyi.toml", format!("{JOB}[guards]\nrow_refuse = 0.9\n"));
    let outcome = workplace.run(USAGE);
    assert!(
        outcome.stderr.contains("did you mean `rows_refuse`?"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn messages_of_guards_are_chinese_in_a_chinese_job() {
    let workplace = first_night();
    workplace.write("guiyi.toml", JOB.replace("\"en\"", "\"zh\""));
    workplace.write("east.csv", rows(0, 0));
    let outcome = workplace.run(REFUSED);
    assert!(
        outcome
            .stderr
            .contains("来源 `华东`：0 行，通常 60 行（守卫 `rows` 拒绝）"),
        "{}",
        outcome.stderr
    );
}
