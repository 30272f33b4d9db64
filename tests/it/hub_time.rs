//! A hub through time: taking runs back, comparing them, and what an ID was in any of them (operations.md B11, B12, S17, S18).

use crate::guards::current;
use crate::guards::first_night;
use crate::guards::publish;
use crate::guards::refused;
use crate::guards::row;
use crate::guards::rows;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::Workplace;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;

fn roll_back(workplace: &Workplace, run: &str, code: i32) -> String {
    let arguments = [
        "rollback",
        run,
        "--reason",
        "wrong export 导出有误",
        "--author",
        "Ann",
    ];
    let outcome = workplace.guiyi(&arguments).expect(code);
    outcome.stdout + &outcome.stderr
}

fn json(workplace: &Workplace, arguments: &[&str]) -> Value {
    serde_json::from_str(&workplace.guiyi(arguments).expect(PUBLISHED).stdout).unwrap()
}

/// State of every ID that the published run knows.
fn states(workplace: &Workplace) -> BTreeMap<String, (String, String)> {
    let rows = workplace
        .published()
        .rows("registry.parquet", &["unified_id", "state", "birth_run"]);
    rows.into_iter()
        .map(|row| (row[0].clone(), (row[1].clone(), row[2].clone())))
        .collect()
}

/// Nights of 60, 61, 62 and 63 customers.
fn four_nights() -> (Workplace, Vec<String>) {
    let workplace = first_night();
    let mut runs = vec![current(&workplace)];
    for count in [61, 62, 63] {
        workplace.write("east.csv", rows(0, count));
        workplace.run(PUBLISHED);
        runs.push(current(&workplace));
    }
    (workplace, runs)
}

#[test]
fn b12_a_rollback_of_three_runs_takes_registry_and_ids_back_and_no_id_has_two_meanings() {
    let (workplace, runs) = four_nights();
    let before = states(&workplace);
    let records = workplace.published().ids();
    let said = roll_back(&workplace, "1", PUBLISHED);
    assert!(said.contains(&runs[3]) && !said.contains("王"), "{said}");
    assert_eq!(current(&workplace), runs[0]);
    let first = states(&workplace);
    let taken_back: BTreeSet<&String> = before.keys().filter(|id| !first.contains_key(*id)).collect();
    assert_eq!(taken_back.len(), 3);
    // Forward again with the same records: they get other IDs, and those taken back stay buried.
    workplace.run(PUBLISHED);
    assert!(current(&workplace).starts_with("000005-"));
    let now = states(&workplace);
    for id in &taken_back {
        assert_ne!(now[*id].0, "live", "{id}");
    }
    let again = workplace.published().ids();
    assert_eq!(again.len(), 93);
    for (record, id) in &again {
        let is_new = !first.contains_key(id);
        assert!(!is_new || !taken_back.contains(id), "{record:?}");
        assert_eq!(records[record] == *id, !is_new, "{record:?}");
    }
    let births: BTreeSet<&String> = now.values().map(|(_, birth)| birth).collect();
    assert!(births.contains(&"5".to_owned()), "{births:?}");
    let text = workplace.read_text("hub/tombstones.json");
    assert!(text.contains("\"Ann\"") && text.contains(&runs[3]));
}

#[test]
fn a_run_taken_back_is_not_published_again_and_only_ancestors_are_gone_back_to() {
    let (workplace, runs) = four_nights();
    roll_back(&workplace, &runs[2], PUBLISHED);
    let said = publish(&workplace, &runs[3], "rows", USAGE);
    assert!(said.contains("took back"), "{said}");
    assert!(roll_back(&workplace, &runs[3], USAGE).contains("taken back itself"));
    assert!(roll_back(&workplace, &runs[2], USAGE).contains("published run already"));
    assert!(roll_back(&workplace, "77", USAGE).contains("`guiyi runs`"));
    let listed = workplace.guiyi(&["runs", "--json"]).expect(PUBLISHED).stdout;
    let standings: Vec<String> = listed
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["standing"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(standings, ["published", "published", "current", "rolled_back"]);
}

#[test]
fn candidates_of_a_run_taken_back_are_no_fault_of_the_hub_once_that_run_is_removed() {
    let (workplace, runs) = four_nights();
    // Built on the fourth night, whose customer it has, and refused.
    workplace.write("east.csv", rows(3, 40));
    refused(&workplace, "rows");
    roll_back(&workplace, &runs[2], PUBLISHED);
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
    workplace.write("east.csv", rows(0, 64));
    workplace.run(PUBLISHED);
    // As old runs are removed: the one taken back before those that were built on it.
    fs::remove_dir_all(workplace.path().join("hub/runs").join(&runs[3])).unwrap();
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
}

#[test]
fn a_damaged_list_of_tombstones_stops_the_next_run() {
    let (workplace, runs) = four_nights();
    roll_back(&workplace, &runs[2], PUBLISHED);
    let text = workplace.read_text("hub/tombstones.json");
    workplace.write("hub/tombstones.json", text.replace("Ann", "Bob"));
    workplace.run(10);
    assert_eq!(current(&workplace), runs[2]);
}

#[test]
fn the_number_of_a_run_goes_on_after_candidates() {
    let workplace = first_night();
    workplace.write("east.csv", rows(0, 20));
    refused(&workplace, "rows");
    workplace.write("east.csv", rows(0, 61));
    workplace.run(PUBLISHED);
    assert!(current(&workplace).starts_with("000003-"));
    assert_eq!(workplace.published().json("manifest.json")["run"], 3);
    let births: BTreeSet<String> = states(&workplace).into_values().map(|(_, birth)| birth).collect();
    assert_eq!(births, BTreeSet::from(["1".to_owned(), "3".to_owned()]));
}

/// Cells by cause.
fn causes(golden: &Value) -> BTreeMap<String, u64> {
    let counts = golden["causes"].as_array().unwrap().iter();
    counts
        .map(|count| {
            (
                count["cause"].as_str().unwrap().to_owned(),
                count["cells"].as_u64().unwrap(),
            )
        })
        .filter(|(_, cells)| *cells > 0)
        .collect()
}

#[test]
fn b11_a_diff_counts_ids_and_its_causes_add_up_to_every_changed_cell() {
    let workplace = first_night();
    // A second night: one new customer, one gone, one whose phone is another, one that turns out to be another.
    let mut text = "编号,客户名称,电话\n".to_owned();
    for at in 0..61 {
        text += &match at {
            45 => continue,
            47 => row(47, 47).replace(",138", ",139"),
            49 => row(49, 48),
            _ => row(at, at),
        };
    }
    workplace.write("east.csv", text);
    workplace.run(PUBLISHED);
    let diff = json(&workplace, &["diff", "1", "2", "--json"]);
    let counts: Vec<u64> = ["new", "merged", "retired"]
        .iter()
        .map(|kind| diff["ids"][kind]["ids"].as_u64().unwrap())
        .collect();
    // The one that is gone stands as withdrawn.
    assert_eq!(counts, [1, 1, 0], "{diff}");
    assert_eq!(diff["ids"]["new"]["examples"][0]["record_keys"][0], "华东:K0060");
    let golden = &diff["golden"];
    let changed = golden["changed"].as_u64().unwrap();
    assert!(changed >= 1, "{golden}");
    assert_eq!(causes(golden).values().sum::<u64>(), changed);
    let of_fields = golden["fields"].as_array().unwrap().iter();
    assert_eq!(
        of_fields
            .map(|field| field["changed"].as_u64().unwrap())
            .sum::<u64>(),
        changed
    );
    assert_eq!(causes(golden).keys().collect::<Vec<_>>(), ["source"]);
    let shown = workplace.guiyi(&["diff", "1", "2"]).expect(PUBLISHED).stdout;
    assert!(shown.contains("merged") && shown.contains("source"), "{shown}");
    let same = json(&workplace, &["diff", "2", "2", "--json"]);
    assert_eq!(same["golden"]["changed"], 0);
    // No personal data: names and phones of records are not shown.
    for value in ["Alder", "杭州"] {
        assert!(!shown.contains(value), "{shown}");
    }
    // Ids of runs hold numbers too, none as long as a telephone's.
    let numbers = shown.split(|c: char| !c.is_ascii_digit());
    assert!(numbers.into_iter().all(|digits| digits.len() < 11), "{shown}");
}

#[test]
fn b11_a_cell_that_another_rule_changed_says_so() {
    let workplace = first_night();
    let job = workplace.read_text("guiyi.toml");
    // One of three records has a longer name: the rule decides which stands.
    let text = rows(0, 60) + &row(900, 4).replace("有限公司", "有限责任公司");
    workplace.write("east.csv", text);
    workplace.run(PUBLISHED);
    workplace.write(
        "guiyi.toml",
        format!("{job}[survivorship]\ncustomer_name = [\"longest\"]\n"),
    );
    workplace.run(PUBLISHED);
    let diff = json(&workplace, &["diff", "2", "3", "--json"]);
    assert_eq!(diff["circumstances"]["has_other_rules"], true);
    let changed = diff["golden"]["changed"].as_u64().unwrap();
    let causes = causes(&diff["golden"]);
    assert_eq!(causes.values().sum::<u64>(), changed);
    assert!(
        changed > 0 && causes.keys().all(|cause| cause == "rule"),
        "{diff}"
    );
}

#[test]
fn s17_a_record_that_an_export_lacks_leaves_its_id_resolvable() {
    let workplace = first_night();
    let job = workplace.read_text("guiyi.toml");
    let forgets = job.replace("[[source]]", "[[source]]\nkeep_withdrawn = false");
    let record = ("华东".to_owned(), "K0045".to_owned());
    let id = workplace.published().ids()[&record].clone();
    let text = rows(0, 60).replace(&row(45, 45), "");
    workplace.write("east.csv", text);
    workplace.run(PUBLISHED);
    assert_eq!(workplace.published().ids()[&record], id);
    let shown = workplace.guiyi(&["show", &id]).expect(PUBLISHED).stdout;
    assert!(
        shown.contains("withdrawn") && shown.contains("Alder Elm Fir Ltd"),
        "{shown}"
    );
    workplace.write("guiyi.toml", forgets);
    workplace.run(PUBLISHED);
    assert!(!workplace.published().ids().contains_key(&record));
    let shown = workplace.guiyi(&["show", &id]).expect(PUBLISHED).stdout;
    assert!(shown.contains("deleted"), "{shown}");
    let history = json(&workplace, &["history", &id, "--json"]);
    assert_eq!(history["now"], serde_json::json!([]));
    assert_eq!(history["runs"][2]["lost"], serde_json::json!(["华东:K0045"]));
    let before = workplace
        .guiyi(&["show", &id, "--as-of", "1"])
        .expect(PUBLISHED)
        .stdout;
    assert!(before.contains("Alder Elm Fir Ltd"), "{before}");
}

#[test]
fn s18_every_retained_run_is_shown_byte_for_byte_as_it_was() {
    let workplace = first_night();
    let ids: Vec<String> = workplace.published().ids().into_values().step_by(13).collect();
    let shown = |workplace: &Workplace, run: Option<&str>| -> Vec<String> {
        let of = |id: &String| {
            let mut arguments = vec!["show", id.as_str()];
            arguments.extend(run.iter().flat_map(|run| ["--as-of", run]));
            workplace.guiyi(&arguments).expect(PUBLISHED).stdout
        };
        ids.iter().map(of).collect()
    };
    let mut then = vec![(current(&workplace), shown(&workplace, None))];
    for night in 1..4 {
        let mut text = rows(0, 60 + night);
        text = text.replace(
            &row(13 * night, 13 * night),
            &row(13 * night, 13 * night).replace(",138", ",137"),
        );
        workplace.write("east.csv", text);
        workplace.run(PUBLISHED);
        then.push((current(&workplace), shown(&workplace, None)));
    }
    for (run, texts) in &then {
        assert_eq!(shown(&workplace, Some(run)), *texts, "{run}");
    }
    let new = workplace.published().ids()[&("华东".to_owned(), "K0062".to_owned())].clone();
    let early = workplace.guiyi(&["show", &new, "--as-of", "1"]).expect(USAGE);
    assert!(early.stderr.contains("not issued yet"), "{}", early.stderr);
}

#[test]
fn s18_the_history_of_a_merged_id_tells_each_run_and_where_it_leads() {
    let workplace = first_night();
    let ids = workplace.published().ids();
    let [kept, gone] = ["K0048", "K0049"].map(|key| ids[&("华东".to_owned(), key.to_owned())].clone());
    workplace.write("east.csv", rows(0, 60).replace(&row(49, 49), &row(49, 48)));
    workplace.run(PUBLISHED);
    let now = workplace.published().ids();
    let survivor = now[&("华东".to_owned(), "K0049".to_owned())].clone();
    let lost = if survivor == kept { gone } else { kept };
    let history = json(&workplace, &["history", &lost, "--json"]);
    assert_eq!(history["now"], serde_json::json!([survivor]));
    let states: Vec<&str> = history["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["live", "merged"]);
    let shown = workplace.guiyi(&["history", &survivor]).expect(PUBLISHED).stdout;
    assert!(shown.contains("+ 华东:K004"), "{shown}");
    let never = guiyi::model::UnifiedId::from_number(1).to_string();
    workplace.guiyi(&["history", &never]).expect(USAGE);
}

#[test]
fn a_hub_that_is_not_there_is_not_made_by_looking() {
    let workplace = Workplace::with_good_source("");
    for arguments in [&["runs"][..], &["diff", "1", "2"]] {
        workplace.guiyi(arguments).expect(USAGE);
    }
    assert!(fs::metadata(workplace.path().join("hub")).is_err());
}

#[test]
fn s15_the_lineage_names_the_run_since_which_each_value_stands() {
    let (workplace, _) = four_nights();
    // Customer 40 has another telephone on the fifth night.
    let changed = rows(0, 63).replace(&row(40, 40), &row(40, 40).replace(",138", ",139"));
    workplace.write("east.csv", changed);
    workplace.run(PUBLISHED);
    let published = workplace.published();
    let id_of: BTreeMap<String, String> = published
        .rows("crosswalk.parquet", &["source", "record_key", "unified_id"])
        .into_iter()
        .filter(|row| row[0] == "华东")
        .map(|row| (row[1].clone(), row[2].clone()))
        .collect();
    let since: BTreeMap<(String, String), String> = published
        .rows("lineage.parquet", &["unified_id", "field", "since_run"])
        .into_iter()
        .map(|row| ((row[0].clone(), row[1].clone()), row[2].clone()))
        .collect();
    for (record, field, run) in [
        ("K0000", "customer_name", "1"),
        ("K0040", "customer_name", "1"),
        ("K0040", "phones", "5"),
        ("K0060", "customer_name", "2"),
        ("K0062", "phones", "4"),
    ] {
        assert_eq!(since[&(id_of[record].clone(), field.to_owned())], run, "{record}");
    }
    let shown = workplace
        .guiyi(&["show", &id_of["K0060"]])
        .expect(PUBLISHED)
        .stdout;
    assert!(shown.contains("since run 2"), "{shown}");
}
