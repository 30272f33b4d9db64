//! Quality gates, scorecards and what looks invented, through the command line.

use crate::support::PUBLISHED;
use crate::support::Workplace;
use crate::support::source;
use serde_json::Value;

/// Exit code of a run below a gate.
const BELOW_GATE: i32 = 6;

/// Rows of `count` customers from `first`; every `gap`-th lacks its telephone.
fn rows(first: u32, count: u32, gap: u32) -> String {
    let row = |at: u32| {
        let phone = match at % gap {
            0 => String::new(),
            // Far apart, so that no two are in a row.
            _ => format!("138{:08}", u64::from(at) * 7_919 % 100_000_000),
        };
        format!("K{at:04},启明{at}号商贸有限公司,{phone}\n")
    };
    format!(
        "编号,客户名称,电话\n{}",
        (first..first + count).map(row).collect::<String>()
    )
}

fn scorecard(quality: &Value, source: &str, measure: &str) -> Value {
    let sources = quality["sources"].as_array().unwrap();
    let of_source = sources.iter().find(|of| of["name"] == source).unwrap();
    let measurements = of_source["scorecard"].as_array().unwrap();
    measurements
        .iter()
        .find(|of| of["measure"] == measure)
        .unwrap()
        .clone()
}

#[test]
fn a_subsidiary_below_ninety_five_per_cent_fails_its_gate_and_the_run_exits_6() {
    let workplace = Workplace::new();
    let gates = "[gates]\ncompleteness = 0.6\naccuracy = 0.5\n";
    let north = source("north", "north.csv") + "[source.gates]\naccuracy = 0\ncompleteness = 0.65\n";
    workplace.write(
        "guiyi.toml",
        format!("{gates}{}{north}", source("华东", "east.csv")),
    );
    workplace.write("east.csv", rows(0, 40, 5));
    workplace.write("north.csv", rows(100, 40, 1_000));
    // Name and telephone of three necessary fields: 华东 has 72 of 120 values, north 80 of 120.
    let outcome = workplace
        .guiyi(&["run", "--gate", "guiyi.toml"])
        .expect(BELOW_GATE);
    let closing: Value = serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(
        (closing["code"].as_i64(), closing["name"].as_str()),
        (Some(6), Some("below_gate"))
    );
    let quality = workplace.published().json("quality.json");
    let completeness = scorecard(&quality, "华东", "completeness");
    assert_eq!(completeness["share"]["numerator"], 72);
    assert_eq!(completeness["gate"]["state"], "passed");
    let accuracy = scorecard(&quality, "华东", "accuracy");
    assert_eq!(accuracy["gate"]["state"], "not_measured");
    assert_eq!(accuracy["share"]["denominator"], 0, "not measured is not 100 %");
    let failed: Vec<&str> = quality["gates_failed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failed| failed["measure"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["accuracy", "accuracy"]);
    for told in ["华东", "未测量", "50.00 %"] {
        assert!(outcome.stderr.contains(told), "{told} in {}", outcome.stderr);
    }
    workplace.run(PUBLISHED);
}

#[test]
fn a_gate_of_completeness_tells_the_source_and_by_how_much() {
    let workplace = Workplace::new();
    let job = format!(
        "language = \"en\"\n[gates]\ncompleteness = 0.95\n{}",
        source("华东", "east.csv")
    );
    // The address is not expected of this group: the phone is what is missing.
    workplace.write("guiyi.toml", job);
    workplace.write("east.csv", rows(0, 40, 5));
    let outcome = workplace
        .guiyi(&["run", "--gate", "guiyi.toml"])
        .expect(BELOW_GATE);
    assert!(
        outcome
            .stderr
            .contains("source `华东`: Completeness 60.00 %, the gate is 95.00 %"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn numbers_in_a_row_and_a_telephone_of_many_are_listed_with_rows_and_masked() {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", source("华东", "east.csv"));
    let mut text = rows(0, 60, 1_000);
    for at in 0..6 {
        text += &format!("S{at},海天{at}号贸易有限公司,1391234560{at}\n");
        let names = [
            "Blue River Ltd",
            "杭州飞驰物流有限公司",
            "Ann Smith",
            "长沙湘江酒店有限公司",
            "Zhang Wei",
            "Oak Dental Ltd",
        ];
        text += &format!("A{at},{},13752638417\n", names[at]);
    }
    workplace.write("east.csv", text);
    workplace.guiyi(&["run", "guiyi.toml"]);
    let quality = workplace.published().json("quality.json");
    let found: Vec<(String, u64)> = quality["suspicions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            (
                of["kind"].as_str().unwrap().to_owned(),
                of["customers"].as_u64().unwrap(),
            )
        })
        .collect();
    assert!(found.contains(&("sequential_numbers".to_owned(), 6)), "{found:?}");
    assert!(
        found
            .iter()
            .any(|(kind, customers)| kind == "shared_contact" && *customers >= 5),
        "{found:?}"
    );
    let text = workplace.published().text("quality.json");
    assert!(text.contains("139****5600") && !text.contains("13912345600"));
    let rows = &quality["suspicions"][0]["rows"];
    assert!(rows[0]["line"].as_u64().unwrap() > 1 && rows[0]["file"] == "east.csv");
}

#[test]
fn b14_every_run_leaves_metrics_that_name_no_customer() {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", source("华东", "east.csv"));
    workplace.write("east.csv", rows(0, 40, 5));
    workplace.run(PUBLISHED);
    let published = workplace.read_text("hub/metrics.prom");
    assert!(published.contains("guiyi_exit_code 0\n"), "{published}");
    assert!(
        published.contains("guiyi_source_rows{source=\"华东\",rows=\"read\"} 40"),
        "{published}"
    );
    assert!(!published.contains("启明") && !published.contains("13800007919"));
    std::fs::remove_file(workplace.path().join("east.csv")).unwrap();
    workplace.run(5);
    let failed = workplace.read_text("hub/metrics.prom");
    assert!(failed.contains("guiyi_exit_code 5\n"), "{failed}");
    let success = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("guiyi_last_success"))
            .unwrap();
        line.to_owned()
    };
    assert_eq!(success(&failed), success(&published));
}
