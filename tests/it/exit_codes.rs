//! The exit codes of the guide, one test a code (operations.md B1). 11 is held by `crash::b3_…`, 130 and 143 by `crash::b17_…`.

use crate::crash::SECOND_NIGHT;
use crate::crash::copy;
use crate::support::PUBLISHED;
use crate::support::REFUSED;
use crate::support::SOURCE_MISSING;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use std::process::Command;

/// Exit code and the name in the closing line of a run with a failpoint.
fn at(failpoint: &str) -> (Option<i32>, String) {
    let workplace = copy(&SECOND_NIGHT);
    let output = Command::new(env!("CARGO_BIN_EXE_guiyi"))
        .current_dir(workplace.path())
        .arg("run")
        .env("GUIYI_FAILPOINT", failpoint)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    (output.status.code(), line["name"].as_str().unwrap().to_owned())
}

#[test]
fn b1_code_0_is_a_published_run() {
    Workplace::with_good_source("").run(PUBLISHED);
}

#[test]
fn b1_code_1_is_every_failure_that_has_no_code_of_its_own() {
    assert_eq!(
        at("renamed:golden.parquet:error"),
        (Some(1), "internal".to_owned())
    );
}

#[test]
fn b1_code_2_is_the_command_line_or_the_job() {
    let workplace = Workplace::with_good_source("[matching]\ncut_bitz = 3");
    assert_eq!(workplace.run(USAGE).closing_line()["name"], "usage");
    assert_eq!(
        workplace.guiyi(&["fly"]).expect(USAGE).closing_line()["name"],
        "usage"
    );
}

#[test]
fn b1_code_3_is_published_with_warnings() {
    let workplace = Workplace::with_good_source("");
    workplace.write("good.csv", format!("{}G3,一,二,三,四\n", crate::support::GOOD));
    let line = workplace.run(WITH_WARNINGS).closing_line();
    assert_eq!(line["name"], "published_with_warnings");
    assert!(line["run_id"].as_str().unwrap().starts_with("000001-"));
}

#[test]
fn b1_code_4_is_refused_by_a_guard() {
    let workplace = copy(&SECOND_NIGHT);
    workplace.write("good.csv", "编号,客户名称,电话\n");
    assert_eq!(workplace.run(REFUSED).closing_line()["name"], "refused");
}

#[test]
fn b1_code_5_is_a_required_source_that_cannot_be_read() {
    let workplace =
        Workplace::with_good_source(&source("late", "late.csv").replace("key =", "required = true\nkey ="));
    assert_eq!(
        workplace.run(SOURCE_MISSING).closing_line()["name"],
        "source_missing"
    );
}

#[test]
fn b1_code_10_is_a_damaged_hub() {
    let workplace = copy(&SECOND_NIGHT);
    workplace.write("hub/CURRENT", "000009-z\n");
    assert_eq!(workplace.run(10).closing_line()["name"], "state_damaged");
}

#[test]
fn b1_code_12_is_a_full_disk() {
    assert_eq!(at("made:CURRENT:enospc"), (Some(12), "budget".to_owned()));
}
