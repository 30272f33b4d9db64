//! The other commands: check, explain, show, list, schema, init, synth.

use crate::support::GROUP;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::fixture;
use crate::support::guiyi_in;
use crate::support::source;
use serde_json::Value;
use std::fs;

fn in_group(arguments: &[&str]) -> Outcome {
    guiyi_in(&GROUP.folder, arguments)
}

#[test]
fn check_names_every_fault_of_the_job_with_its_place_and_a_hint() {
    let workplace = Workplace::with_good_source("");
    let job = format!(
        "languge = \"en\"\n{}[matching]\nseed = \"a\"\n",
        source("good", "good.csv").replace("phones", "phnes")
    );
    workplace.write("guiyi.toml", job);
    let found = workplace.guiyi(&["check"]).expect(USAGE).stderr;
    for part in [
        "unknown key `languge`",
        "guiyi.toml:1:1",
        "did you mean `language`?",
        "unknown field `phnes`",
        "guiyi.toml:8:1",
        "did you mean `phones`?",
        "`seed` must be a whole number",
        "guiyi.toml:10:8",
        "3 faults in `guiyi.toml`",
    ] {
        assert!(found.contains(part), "{part} in\n{found}");
    }
}

#[test]
fn check_names_every_fault_of_the_sources_with_its_place_and_a_hint() {
    let workplace = Workplace::with_good_source("");
    let other = source("other", "good.csv").replace("客户名称", "客户名");
    workplace.write("guiyi.toml", format!("{}{other}", source("good", "god.csv")));
    let found = workplace.guiyi(&["check"]).expect(USAGE).stderr;
    for part in [
        "no file matches `god.csv`",
        "guiyi.toml:3:10",
        "has no column `客户名`",
        "guiyi.toml:13:17",
        "did you mean `客户名称`?",
        "2 faults",
    ] {
        assert!(found.contains(part), "{part} in\n{found}");
    }
}

#[test]
fn check_forecasts_pairs_memory_and_time_and_publishes_nothing() {
    let workplace = Workplace::with_good_source("");
    let shown = workplace.guiyi(&["check"]).expect(PUBLISHED).stdout;
    for part in ["records 2", "candidate pairs", "MiB of memory", "threads"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!workplace.path().join("hub/CURRENT").exists());
}

#[test]
fn explain_refuses_records_that_do_not_exist_and_a_record_with_itself() {
    let workplace = Workplace::with_good_source("");
    let unknown = workplace.guiyi(&["explain", "good:G1", "good:G9"]).expect(USAGE);
    assert!(unknown.stderr.contains("source:key"), "{}", unknown.stderr);
    let twice = workplace.guiyi(&["explain", "G1", "good:G1"]).expect(USAGE);
    assert!(twice.stderr.contains("one record"), "{}", twice.stderr);
}

#[test]
fn show_prints_golden_record_members_and_origin() {
    let row = GROUP
        .first()
        .rows("golden.parquet", &["unified_id", "customer_name"])
        .remove(0);
    let ids = GROUP.first().ids();
    let ((source, key), _) = ids.iter().find(|(_, id)| **id == row[0]).unwrap();
    let shown = in_group(&["show", &row[0]]).expect(PUBLISHED).stdout;
    for part in [&row[0], &row[1], source, key] {
        assert!(shown.contains(part.as_str()), "{part} in\n{shown}");
    }
    for part in ["live", "golden record", "members", "origin of values"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let workplace = Workplace::with_good_source("");
    let unpublished = workplace.guiyi(&["show", &row[0]]).expect(USAGE);
    assert!(unpublished.stderr.contains("guiyi run"), "{}", unpublished.stderr);
    workplace.run(PUBLISHED);
    let unknown = workplace.guiyi(&["show", &row[0]]).expect(USAGE);
    assert!(unknown.stderr.contains("never issued"), "{}", unknown.stderr);
}

#[test]
fn list_shows_every_registry() {
    let workplace = Workplace::new();
    let lists = [
        ("fields", "customer_name"),
        ("types", "uscc"),
        ("comparators", "organisation_name"),
        ("blocking", "organisation_key"),
        ("rules", "source_priority"),
        ("issues", "tax_flag_unknown"),
        ("tuning", "block_size_max"),
        ("reference", "surnames"),
    ];
    for (what, entry) in lists {
        let shown = workplace.guiyi(&["list", what]).expect(PUBLISHED).stdout;
        assert!(shown.contains(entry), "{entry} in list {what}:\n{shown}");
    }
}

#[test]
fn the_schema_is_json_and_knows_every_key_of_the_fixture() {
    let shown = Workplace::new().guiyi(&["schema"]).expect(PUBLISHED).stdout;
    let schema: Value = serde_json::from_str(&shown).unwrap();
    let job: toml::Table = fs::read_to_string(fixture("group/guiyi.toml"))
        .unwrap()
        .parse()
        .unwrap();
    for key in job.keys() {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    let text = schema.to_string();
    let sources = job["source"].as_array().unwrap();
    for key in sources
        .iter()
        .flat_map(|source| source.as_table().unwrap().keys())
    {
        assert!(text.contains(&format!("\"{key}\":")), "{key}");
    }
}

#[test]
fn init_keeps_an_existing_job_unless_forced() {
    let workplace = Workplace::with_good_source("");
    let before = workplace.read_text("guiyi.toml");
    let refused = workplace.guiyi(&["init", "good.csv"]).expect(USAGE);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(workplace.read_text("guiyi.toml"), before);
    workplace
        .guiyi(&["init", "good.csv", "--force"])
        .expect(PUBLISHED);
    assert_ne!(workplace.read_text("guiyi.toml"), before);
    workplace.run(PUBLISHED);
    assert_eq!(workplace.published().ids().len(), 2);
}

#[test]
fn a_fault_of_the_command_line_ends_with_the_closing_line() {
    let workplace = Workplace::new();
    for arguments in [&["run", "--nope"][..], &["show", "not-an-id"], &["nope"], &[]] {
        workplace.guiyi(arguments).expect(USAGE);
    }
    workplace.guiyi(&["--version"]).expect(PUBLISHED);
    workplace.guiyi(&["help"]).expect(PUBLISHED);
}

#[test]
fn quiet_says_nothing_when_all_is_well_and_warnings_stay() {
    let workplace = Workplace::with_good_source(
        &source("bad", "none.csv").replace("[source.map]", "required = false\n[source.map]"),
    );
    let outcome = workplace.guiyi(&["run", "--quiet"]).expect(WITH_WARNINGS);
    assert!(outcome.stdout.is_empty(), "{}", outcome.stdout);
    assert!(outcome.stderr.starts_with("warning: "), "{}", outcome.stderr);
    workplace.write("guiyi.toml", source("good", "good.csv"));
    let outcome = workplace.guiyi(&["run", "-q"]).expect(PUBLISHED);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
}

#[test]
fn eval_names_what_its_truth_lacks() {
    let truth = Workplace::new();
    truth.write("truth.csv", "id,klass\nHD000001,1\n");
    let path = truth.path().join("truth.csv");
    let outcome = in_group(&["eval", "--truth", path.to_str().unwrap()]).expect(USAGE);
    assert!(
        outcome.stderr.contains("no column `cluster`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn synth_writes_the_same_bytes_for_the_same_seed_and_any_number_of_threads() {
    let files = [
        "huadong/customers.csv",
        "huabei/customers.csv",
        "truth.csv",
        "truth_parts.csv",
        "truth_relations.csv",
    ];
    let write = |seed: &str, threads: &str| {
        let arguments = [
            "--records",
            "500",
            "--sources",
            "2",
            "--seed",
            seed,
            "--threads",
            threads,
        ];
        let workplace = Workplace::with_synth(&arguments);
        files.map(|file| workplace.read(file))
    };
    assert_eq!(write("9", "1"), write("9", "2"));
    assert_ne!(write("9", "1"), write("8", "1"));
}

#[test]
fn a_job_in_another_folder_keeps_its_hub_beside_it() {
    let workplace = Workplace::new();
    workplace.write("jobs/group/good.csv", crate::support::GOOD);
    let job = "jobs/group/guiyi.toml";
    workplace
        .guiyi(&["init", "jobs/group/good.csv", "--out", job])
        .expect(PUBLISHED);
    assert!(workplace.read_text(job).contains("files = [\"good.csv\"]"));
    let outcome = workplace.guiyi(&["run", job]).expect(PUBLISHED);
    assert!(
        outcome.stdout.contains("jobs/group/hub/runs/"),
        "{}",
        outcome.stdout
    );
    assert!(workplace.path().join("jobs/group/hub/CURRENT").is_file());
    assert!(!workplace.path().join("hub").exists());
}
