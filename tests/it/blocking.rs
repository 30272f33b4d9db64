//! Blocking through the public door: giant blocks, and that order, threads and batches change nothing.

use guiyi::block::Blocks;
use guiyi::block::Settings;
use guiyi::block::block;
use guiyi::ingest::ProfileOptions;
use guiyi::model::RecordIndex;
use guiyi::pipeline;
use guiyi::pipeline::Circumstances;
use guiyi::pipeline::Prepared;
use guiyi::plan;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

/// The export as `init` proposes to read it.
fn prepare(export: &str) -> Prepared {
    let folder = tempfile::tempdir().unwrap();
    let (file, job) = (folder.path().join("east.csv"), folder.path().join("guiyi.toml"));
    fs::write(&file, export).unwrap();
    let proposal = plan::propose(&[file], &job, &ProfileOptions::default()).unwrap();
    fs::write(&job, proposal.to_toml()).unwrap();
    let plan = plan::load(&job).unwrap();
    let circumstances = Circumstances {
        started_at: "2026-01-01T00:00:00Z".to_owned(),
        now: &|| "2026-01-01T00:00:00Z".to_owned(),
        elapsed_ms: &|| 0,
        progress: &|_, _, _| {},
    };
    pipeline::prepare(&plan, None, &circumstances).unwrap()
}

fn settings() -> Settings {
    Settings::default()
}

/// Keys of the candidate pairs, drawn in batches of `batch` left records, with the rules that make them.
fn pairs(prepared: &Prepared, blocks: &Blocks, batch: u32) -> BTreeSet<(String, String, u32)> {
    let records = &prepared.ingested.records;
    let mut found = BTreeSet::new();
    for start in (0..records.len() as u32).step_by(batch as usize) {
        let drawn = blocks.candidates(start..(start + batch).min(records.len() as u32));
        for at in 0..drawn.len() {
            let mut keys =
                [drawn.left[at], drawn.right[at]].map(|record: RecordIndex| records.key(record).to_owned());
            keys.sort();
            let [a, b] = keys;
            assert!(found.insert((a, b, drawn.rules[at])), "every pair is there once");
        }
    }
    found
}

/// Records with one name and one telephone, Latin or Han; every tenth is there twice with a letter of its road changed.
fn agent(records: u32, name: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for at in 0..records {
        let (number, year) = (at % 997 + 1, 1_930 + at % 71);
        let (month, day) = (at / 71 % 12 + 1, at / 852 % 28 + 1);
        let road = ["Mill", "Church", "Station", "Victoria", "Green", "Albert"][at as usize % 6];
        let row = |suffix: &str, street: &str| {
            format!(
                "R{at:06}{suffix},{name},+44 20 7946 0018,{year}-{month:02}-{day:02},{number} {road} {street},Leeds\n"
            )
        };
        rows.push(row("a", "Street"));
        if at % 10 == 0 {
            rows.push(row("b", "Stret"));
        }
    }
    rows
}

fn export(rows: &[String]) -> String {
    let mut text = String::from("id,name,phone,birth_date,address,city\n");
    rows.iter().for_each(|row| text.push_str(row));
    text
}

#[test]
fn a_giant_block_of_one_telephone_and_one_name_keeps_its_true_pairs_and_is_reported() {
    let prepared = prepare(&export(&agent(9_000, "John Smith")));
    let records = prepared.standard.len();
    let blocks = block(&settings(), &prepared.standard);
    let found = pairs(&prepared, &blocks, 1_000);
    assert!(
        found.len() <= 40 * records,
        "{} pairs of {records} records",
        found.len()
    );
    let keys: BTreeSet<(&str, &str)> = found.iter().map(|(a, b, _)| (&**a, &**b)).collect();
    for at in (0..9_000).step_by(10) {
        let (a, b) = (format!("R{at:06}a"), format!("R{at:06}b"));
        assert!(keys.contains(&(a.as_str(), b.as_str())), "{a} and {b}");
    }
    let phone = blocks
        .reports()
        .iter()
        .find(|report| report.rule == "phone")
        .unwrap();
    assert_eq!(phone.refined, 1);
    assert!(phone.pairs_dropped > 1_000_000);
    assert!(phone.block_size_max <= 200);
}

#[test]
fn a_telephone_of_many_names_is_demoted_and_its_namesakes_still_meet() {
    let mut rows = String::from("编号,客户名称,联系电话,地址\n");
    for (at, core) in [
        "启明", "华夏", "恒瑞", "远大", "长虹", "金龙", "海天", "东方", "三一",
    ]
    .iter()
    .enumerate()
    {
        let _ = writeln!(
            rows,
            "A{at},上海{core}科技有限公司,13810010001,上海市浦东新区张杨路{at}号"
        );
        let _ = writeln!(rows, "B{at},{core}科技,13810010001,");
    }
    let prepared = prepare(&rows);
    let blocks = block(&settings(), &prepared.standard);
    let phone = blocks
        .reports()
        .iter()
        .find(|report| report.rule == "phone")
        .unwrap();
    assert_eq!((phone.shared, phone.refined), (1, 1));
    let found = pairs(&prepared, &blocks, 100);
    for at in 0..9 {
        let pair = (format!("A{at}"), format!("B{at}"));
        assert!(
            found.iter().any(|(a, b, _)| (a, b) == (&pair.0, &pair.1)),
            "{pair:?}"
        );
    }
}

#[test]
fn order_of_rows_threads_and_batches_change_no_pair() {
    let mut rows = agent(400, "张伟");
    rows.extend(
        agent(300, "Ann Armstrong")
            .iter()
            .map(|row| row.replacen('R', "S", 1)),
    );
    let forward = prepare(&export(&rows));
    rows.reverse();
    let backward = prepare(&export(&rows));
    let expected = pairs(&forward, &block(&settings(), &forward.standard), 10_000);
    assert!(!expected.is_empty());
    assert_eq!(
        pairs(&forward, &block(&settings(), &forward.standard), 7),
        expected
    );
    assert_eq!(
        pairs(&backward, &block(&settings(), &backward.standard), 100),
        expected
    );
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let blocks = one.install(|| block(&settings(), &forward.standard));
    assert_eq!(pairs(&forward, &blocks, 100), expected);
}
