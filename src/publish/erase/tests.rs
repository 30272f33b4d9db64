//! Erasure of the records of the sample run, table by table.

use super::*;
use crate::field::customer_schema;
use crate::publish::RunFacts;
use crate::publish::samples;
use crate::publish::verify;
use crate::publish::write_tables;

fn publish(hub: &Hub) -> Run {
    let lock = hub.lock().unwrap();
    let staging = hub.begin(&lock, "000007-a").unwrap();
    let settings = Settings::new(Language::Zh, customer_schema(), &["exact_name", "phone"]);
    write_tables(&staging, &settings, &samples::Sample::new().tables()).unwrap();
    staging.write_bytes("quality.json", b"{}").unwrap();
    staging.publish(RunFacts::default()).unwrap()
}

fn names(records: &[(&str, &str)]) -> BTreeSet<RecordName> {
    let name = |(source, key): &(&str, &str)| ((*source).to_owned(), (*key).to_owned());
    records.iter().map(name).collect()
}

fn erased(hub: &Hub, run: &Run, names: &BTreeSet<RecordName>) -> ErasedRun {
    let erasure = Erasure {
        names,
        language: Language::Zh,
        schema: customer_schema(),
    };
    let lock = hub.lock().unwrap();
    hub.erase(&lock, run, &erasure, &BTreeMap::new()).unwrap()
}

fn column(run: &Run, file: &str, name: &str) -> Vec<String> {
    let table = whole(run, file).unwrap();
    match table.column(name).unwrap() {
        frame::ColumnData::Text(texts) => texts.iter().map(|text| text.unwrap_or("·").to_owned()).collect(),
        frame::ColumnData::I64(values) => values
            .iter()
            .map(|value| format!("{}", value.unwrap_or(-1)))
            .collect(),
        _ => panic!("no table has such a column"),
    }
}

#[test]
fn a_record_leaves_every_table_and_the_run_verifies() {
    let directory = tempfile::tempdir().unwrap();
    let hub = Hub::open(directory.path()).unwrap();
    let run = publish(&hub);
    let names = names(&[("华东", "+9")]);
    assert!(hub.holds(&run, &names).unwrap());
    let done = erased(&hub, &run, &names);
    let [_, second] = samples::unified_ids();
    assert_eq!(done.emptied, [second.to_string()]);
    let run = hub.current().unwrap().unwrap();
    verify(&run).unwrap();
    assert!(!hub.holds(&run, &names).unwrap());
    for file in ["crosswalk.parquet", "raw.parquet", "standard.parquet"] {
        assert_eq!(column(&run, file, "record_key"), ["0007", "K2", "0007"], "{file}");
    }
    assert_eq!(column(&run, "issues.parquet", "record_key"), ["K2"]);
    assert_eq!(
        column(&run, "golden.parquet", "customer_name"),
        ["北京华夏科技有限公司"]
    );
    assert_eq!(column(&run, "lineage.parquet", "record_key"), ["0007"]);
    assert_eq!(column(&run, "registry.parquet", "state"), ["live", "deleted"]);
    assert_eq!(column(&run, "relations.parquet", "kind").len(), 0);
    for file in [
        "golden.csv",
        "crosswalk.csv",
        "changes.jsonl",
        "decisions.csv",
        "rekey.csv",
    ] {
        let text = std::fs::read_to_string(run.path(file)).unwrap();
        assert!(
            !text.contains("+9") && !text.contains("110105194912310021"),
            "{file}: {text}"
        );
    }
    // What holds nothing of it is the same file as before.
    let changed: Vec<&str> = done.files.iter().map(|(file, ..)| file.as_str()).collect();
    assert!(
        !changed.contains(&"pairs.parquet") && !changed.contains(&"quality.json"),
        "{changed:?}"
    );
    assert!(!directory.path().join("runs/000007-a.partial").exists());
}

#[test]
fn a_value_that_nobody_else_says_is_left_empty() {
    let directory = tempfile::tempdir().unwrap();
    let hub = Hub::open(directory.path()).unwrap();
    let run = publish(&hub);
    // Its customer keeps two records; neither says the published name.
    erased(&hub, &run, &names(&[("north", "0007")]));
    let run = hub.current().unwrap().unwrap();
    verify(&run).unwrap();
    assert_eq!(column(&run, "golden.parquet", "customer_name")[0], "·");
    assert_eq!(column(&run, "golden.parquet", "records"), ["2", "1"]);
    assert_eq!(column(&run, "registry.parquet", "state")[0], "live");
    assert_eq!(
        column(&run, "lineage.parquet", "field"),
        ["customer_name", "id_card"]
    );
}

#[test]
fn a_record_that_a_run_never_had_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let hub = Hub::open(directory.path()).unwrap();
    let run = publish(&hub);
    assert!(
        !hub.holds(&run, &names(&[("south", "0007"), ("north", "7")]))
            .unwrap()
    );
}

#[test]
fn a_damaged_run_is_not_rewritten() {
    let directory = tempfile::tempdir().unwrap();
    let hub = Hub::open(directory.path()).unwrap();
    let run = publish(&hub);
    std::fs::write(run.path("pairs.parquet"), b"x").unwrap();
    let names = names(&[("north", "0007")]);
    let erasure = Erasure {
        names: &names,
        language: Language::En,
        schema: customer_schema(),
    };
    let lock = hub.lock().unwrap();
    let outcome = hub.erase(&lock, &run, &erasure, &BTreeMap::new());
    assert!(matches!(outcome, Err(PublishError::Damaged { .. })));
}
