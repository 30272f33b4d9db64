//! What a published run looks like from outside: checksums, modes, locks, guards, and no personal data where logs go.

use crate::support::GROUP;
use crate::support::LOCKED;
use crate::support::PUBLISHED;
use crate::support::Published;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use calamine::Data;
use calamine::Reader;
use sha2::Digest;
use std::fs;
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.clone());
        if path.is_dir() {
            found.extend(files_below(&path));
        }
    }
    found
}

#[test]
fn the_manifest_lists_every_file_with_its_size_and_checksum() {
    let run = GROUP.first();
    let manifest = run.json("manifest.json");
    let files = manifest["files"].as_array().unwrap();
    for file in files {
        let name = file["name"].as_str().unwrap();
        let bytes = fs::read(run.path(name)).unwrap();
        assert_eq!(file["size_bytes"], bytes.len(), "{name}");
        assert_eq!(file["sha256"], sha256(&bytes), "{name}");
    }
    let names = fs::read_dir(&run.directory).unwrap().count();
    assert_eq!(names, files.len() + 1, "a file beside the manifest's");
    for input in manifest["inputs"].as_array().unwrap() {
        let bytes = fs::read(GROUP.folder.join(input["file"].as_str().unwrap())).unwrap();
        assert_eq!(input["sha256"], sha256(&bytes));
    }
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 5);
    assert_eq!(
        manifest["run_id"],
        run.directory.file_name().unwrap().to_str().unwrap()
    );
}

#[test]
fn the_last_run_stands_beside_the_new_one_and_current_names_the_new() {
    assert_ne!(GROUP.first().directory, GROUP.second().directory);
    assert!(GROUP.first().path("manifest.json").is_file());
    let current = Published::of(&GROUP.folder.join("hub"));
    assert_eq!(current.directory, GROUP.second().directory);
}

#[test]
fn everything_in_the_hub_is_private() {
    let hub = GROUP.folder.join("hub");
    for path in files_below(&hub) {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, expected, "{}", path.display());
    }
    assert_eq!(fs::metadata(&hub).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn what_a_killed_run_left_is_cleaned_and_the_last_run_stands_meanwhile() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    let first = workplace.published().directory;
    workplace.write(
        "hub/runs/000002-20200101T000000Z.partial/golden.csv",
        "half a row",
    );
    workplace.write("hub/CURRENT.aside", "00000");
    assert_eq!(workplace.published().directory, first);
    workplace.run(PUBLISHED);
    assert_ne!(workplace.published().directory, first);
    let left: Vec<PathBuf> = files_below(&workplace.path().join("hub"))
        .into_iter()
        .filter(|path| path.to_str().unwrap().contains(".partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(
        fs::read_dir(workplace.path().join("hub/runs")).unwrap().count(),
        2
    );
}

#[test]
fn a_failed_run_leaves_the_last_one_in_place() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    let current = workplace.read("hub/CURRENT");
    fs::remove_file(workplace.path().join("good.csv")).unwrap();
    workplace.run(crate::support::SOURCE_MISSING);
    assert_eq!(workplace.read("hub/CURRENT"), current);
    assert_eq!(
        fs::read_dir(workplace.path().join("hub/runs")).unwrap().count(),
        1
    );
}

#[test]
fn a_second_process_finds_the_hub_locked() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    let current = workplace.read("hub/CURRENT");
    let lock = File::options()
        .write(true)
        .open(workplace.path().join("hub/lock"))
        .unwrap();
    lock.lock().unwrap();
    let outcome = workplace.run(LOCKED);
    assert_eq!(outcome.closing_line()["name"], "locked");
    assert_eq!(workplace.read("hub/CURRENT"), current);
    drop(lock);
    workplace.run(PUBLISHED);
}

#[test]
fn a_damaged_state_is_refused_with_its_own_code() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    workplace.write("hub/CURRENT", "000009-nowhere\n");
    let outcome = workplace.run(10);
    assert_eq!(outcome.closing_line()["name"], "state_damaged");
}

#[test]
fn a_damaged_model_is_refused_and_one_that_does_not_fit_is_named() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    let model = workplace.published().path("model.json");
    let before = fs::read(&model).unwrap();
    fs::write(&model, "{}").unwrap();
    let outcome = workplace.run(10);
    assert!(outcome.stderr.contains("model.json"), "{}", outcome.stderr);
    fs::write(&model, before).unwrap();
    // Without its telephones the job has one comparison less.
    let job = workplace
        .read_text("guiyi.toml")
        .replace("phones = \"电话\"\n", "");
    workplace.write("guiyi.toml", job);
    let outcome = workplace.run(PUBLISHED);
    assert!(outcome.stdout.contains("已重新学习"), "{}", outcome.stdout);
    assert!(!workplace.run(PUBLISHED).stdout.contains("已重新学习"));
}

#[test]
fn a_dry_run_publishes_nothing() {
    let workplace = Workplace::with_good_source("");
    workplace.guiyi(&["run", "--dry-run"]).expect(PUBLISHED);
    assert!(!workplace.path().join("hub/CURRENT").exists());
    assert_eq!(
        fs::read_dir(workplace.path().join("hub/runs")).unwrap().count(),
        0
    );
}

#[test]
fn formulas_are_guarded_in_csv_and_strings_in_the_workbook() {
    let formula = "=HYPERLINK(1) Ltd";
    let workplace = Workplace::with_good_source("");
    workplace.write(
        "good.csv",
        format!("编号,客户名称,电话\n+1,{formula},\nG2,Harbour Lights Ltd,\n"),
    );
    workplace.run(PUBLISHED);
    let run = workplace.published();
    let published = run.rows("golden.parquet", &["customer_name"]);
    assert!(
        published.iter().any(|row| row[0].starts_with("=HYPERLINK(1)")),
        "{published:?}"
    );
    for name in ["golden.csv", "crosswalk.csv"] {
        let text = run.text(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells: Vec<String> = reader
            .records()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert!(
            !cells.iter().any(|cell| cell.starts_with(['=', '+', '@'])),
            "{cells:?}"
        );
        assert!(
            cells
                .iter()
                .any(|cell| cell.starts_with("'=") || cell.starts_with("'+")),
            "{cells:?}"
        );
        let back: Vec<&str> = cells
            .iter()
            .map(|cell| guiyi::publish::unguard_cell(cell))
            .collect();
        assert!(
            back.iter()
                .any(|cell| cell.starts_with("=HYPERLINK(1)") || *cell == "+1")
        );
    }
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(run.path("golden.xlsx")).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let cell = sheet
        .used_cells()
        .find(|(_, _, cell)| cell.to_string().starts_with("=HYPERLINK"));
    assert!(matches!(cell, Some((_, _, Data::String(_)))), "{cell:?}");
    let formulas = workbook.worksheet_formula("黄金记录").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
}

/// Header, field, and a cell that can be told from everything else.
const CANARIES: &[(&str, &str, &str)] = &[
    ("编号", "", "KZQ771"),
    ("客户名称", "customer_name", "上海鸑鷟彧翀电子有限公司"),
    ("对接人", "contact_name", "鸑鷟昶"),
    ("身份证号", "id_card", "110101199003074477"),
    ("电话", "phones", "13987650123"),
    ("邮箱", "emails", "zqcanary@example.com"),
    ("微信", "wechat", "zq_canary_wx"),
    ("地址", "address", "上海市浦东新区鸑鷟路771号"),
    ("法人", "legal_representative", "彧翀晟"),
    ("税号", "uscc", "91310115MA1K4ZQ77X"),
    ("建档日期", "created_date", "1987年13月77日"),
    ("金额", "amount", "七七一鸑"),
];

#[test]
fn no_value_of_a_record_reaches_logs_manifest_messages_or_file_names() {
    let header: Vec<&str> = CANARIES.iter().map(|canary| canary.0).collect();
    let row: Vec<&str> = CANARIES.iter().map(|canary| canary.2).collect();
    let map: String = CANARIES[1..]
        .iter()
        .map(|(column, field, _)| format!("{field} = \"{column}\"\n"))
        .collect();
    let workplace = Workplace::new();
    let (header, row) = (header.join(","), row.join(","));
    // The row again is a duplicate key, a shorter one is ragged, and one holds a NUL.
    let ragged = "KZQ772,上海鸑鷟彧翀电子有限公司";
    let nul = row.replace("KZQ771", "KZQ773").replace("昶", "\0");
    workplace.write("a.csv", format!("{header}\n{row}\n{row}\n{ragged}\n{nul}\n"));
    let job = format!("[[source]]\nname = \"a\"\nfiles = [\"a.csv\"]\nkey = \"编号\"\n[source.map]\n{map}");
    workplace.write("guiyi.toml", job);
    let outcome = workplace.run(WITH_WARNINGS);
    let run = workplace.published();
    assert_eq!(run.source("a").rejected, 3);
    let mut places = outcome.stderr + &outcome.stdout;
    for name in [
        "run.log.jsonl",
        "manifest.json",
        "quality.json",
        "report.html",
        "model.json",
        "rejects.csv",
    ] {
        places += &run.text(name);
    }
    for path in files_below(workplace.path()) {
        places += path.to_str().unwrap();
    }
    for (_, _, canary) in CANARIES {
        assert!(!places.contains(canary), "{canary}");
    }
    for part in ["鸑鷟", "彧翀", "zqcanary", "zq_canary", "13987650123", "KZQ77"] {
        assert!(!places.contains(part), "{part}");
    }
    let failed = workplace.guiyi(&["explain", "a:KZQ771", "a:KZQ779"]);
    assert_eq!(failed.code, 2, "{}", failed.stderr);
}
