//! `guiyi verify`: what it notices (operations.md B20, B21), and what the fixtures of past formats must stay readable for.

use crate::crash::THIRD_NIGHT;
use crate::crash::copy;
use crate::support::PUBLISHED;
use crate::support::Workplace;
use crate::support::copy_folder;
use crate::support::fixture;
use crate::support::guiyi_in;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

const DAMAGED: i32 = 10;

/// Every file of a hub that holds state; the lock's text is for people and holds none.
fn files(hub: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![hub.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false if entry.file_name() != "lock" && entry.file_name() != "metrics.prom" => {
                    found.push(entry.path())
                }
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// A hub with everything in it: three runs, one of them taken back, an accepted candidate, an adopted model, a decision.
fn full_hub() -> Workplace {
    let workplace = copy(&THIRD_NIGHT);
    let word = ["--reason", "演练", "--author", "Ann"];
    let with_word = |arguments: &[&'static str]| [arguments, &word].concat();
    workplace.guiyi(&with_word(&["rollback", "1"])).expect(PUBLISHED);
    // Two runs of one second could differ in one bit of their number.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    workplace.write("good.csv", "编号,客户名称,电话\nZ1,新客户有限公司,13810019999\n");
    workplace.run(crate::support::REFUSED);
    let runs = workplace.guiyi(&["runs", "--json"]).expect(PUBLISHED).stdout;
    let last: serde_json::Value = serde_json::from_str(runs.lines().last().unwrap()).unwrap();
    let names: Vec<&str> = last["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let accept = format!("--accept={}", names.join(","));
    workplace
        .guiyi(&["publish", "3", &accept, "--reason", "演练", "--author", "Ann"])
        .expect(PUBLISHED);
    workplace.guiyi(&["train", "--adopt"]).expect(PUBLISHED);
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
    workplace
}

#[test]
fn b21_every_flipped_bit_of_every_file_is_noticed() {
    let flips: u64 = std::env::var("GUIYI_FLIPS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(150);
    let workplace = full_hub();
    let hub = workplace.path().join("hub");
    let all = files(&hub);
    for name in [
        "acceptances.jsonl",
        "tombstones.json",
        "model.json",
        "train.log.jsonl",
        "steward.db",
        "steward.db.seal",
        "CURRENT",
    ] {
        assert!(all.contains(&hub.join(name)), "{name}");
    }
    let mut seed = 21_u64;
    let mut number = |end: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % end
    };
    for flip in 0..flips {
        // Every file in turn, so that the small ones are not left to luck.
        let path = &all[flip as usize % all.len()];
        // Made anew by every run; nothing reads it back.
        if path.ends_with("metrics.prom") {
            continue;
        }
        let bytes = fs::read(path).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let position = number(bytes.len() as u64 * 8);
        let mut flipped = bytes.clone();
        flipped[(position / 8) as usize] ^= 1 << (position % 8);
        fs::write(path, flipped).unwrap();
        let outcome = guiyi_in(workplace.path(), &["verify", "--all", "--json"]);
        assert_eq!(
            outcome.code,
            DAMAGED,
            "bit {position} of {}: {outcome:?}",
            path.display()
        );
        outcome.closing_line();
        fs::write(path, bytes).unwrap();
    }
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
}

#[test]
fn b21_missing_foreign_and_swapped_files_are_told_with_a_hint() {
    let workplace = copy(&THIRD_NIGHT);
    let directory = workplace.published().directory;
    let moved = |name: &str| fs::rename(directory.join(name), workplace.path().join("moved")).unwrap();
    let back = |name: &str| fs::rename(workplace.path().join("moved"), directory.join(name)).unwrap();
    for name in [
        "golden.csv",
        "registry.parquet",
        "crosswalk.parquet",
        "manifest.json",
    ] {
        moved(name);
        let outcome = workplace.guiyi(&["verify"]).expect(DAMAGED);
        assert!(
            outcome.stdout.contains(name) && outcome.stdout.contains("hint: "),
            "{outcome:?}"
        );
        back(name);
    }
    fs::write(directory.join("more.csv"), "x").unwrap();
    assert!(
        workplace
            .guiyi(&["verify"])
            .expect(DAMAGED)
            .stdout
            .contains("more.csv")
    );
    fs::remove_file(directory.join("more.csv")).unwrap();
    fs::remove_file(workplace.path().join("hub/CURRENT")).unwrap();
    assert!(
        workplace
            .guiyi(&["verify"])
            .expect(DAMAGED)
            .stdout
            .contains("CURRENT")
    );
}

#[test]
fn lost_decisions_are_damage_and_open_files_are_a_note() {
    let workplace = copy(&THIRD_NIGHT);
    let path = workplace.path().join("hub/CURRENT");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let outcome = workplace.guiyi(&["verify", "--json"]).expect(PUBLISHED);
    let line: serde_json::Value = serde_json::from_str(outcome.stdout.trim()).unwrap();
    assert_eq!(
        (&line["finding"], &line["is_damage"]),
        (&"permissions".into(), &false.into())
    );
    for name in ["steward.db", "steward.db.seal"] {
        fs::remove_file(workplace.path().join("hub").join(name)).unwrap();
    }
    let outcome = workplace.guiyi(&["verify"]).expect(DAMAGED);
    assert!(outcome.stdout.contains("steward.db"), "{outcome:?}");
}

#[test]
fn verify_names_a_run_by_its_number_and_changes_nothing() {
    let workplace = copy(&THIRD_NIGHT);
    let before: Vec<Vec<u8>> = files(&workplace.path().join("hub"))
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    workplace.guiyi(&["verify", "1"]).expect(PUBLISHED);
    workplace.guiyi(&["verify", "77"]).expect(crate::support::USAGE);
    let after: Vec<Vec<u8>> = files(&workplace.path().join("hub"))
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(before == after);
}

/// A copy of `fixtures/hubs/v1`, its hub closed to others as git cannot keep it.
fn past() -> Workplace {
    let workplace = Workplace::new();
    let from = fixture("hubs/v1");
    copy_folder(&from, workplace.path());
    let status = std::process::Command::new("cp")
        .args(["-a", "-T"])
        .arg(from.join("hub"))
        .arg(workplace.path().join("hub"))
        .status();
    assert!(status.unwrap().success());
    let status = std::process::Command::new("chmod")
        .args(["-R", "go="])
        .arg(workplace.path().join("hub"))
        .status();
    assert!(status.unwrap().success());
    workplace
}

#[test]
fn b20_a_hub_of_a_past_format_verifies_and_is_built_upon() {
    let workplace = past();
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
    let before = workplace.published().ids();
    let outcome = workplace.guiyi(&["run"]);
    assert!(matches!(outcome.code, 0 | 3), "{outcome:?}");
    let after = workplace.published().ids();
    let registry = workplace
        .published()
        .rows("registry.parquet", &["unified_id", "state", "into"]);
    for (record, id) in &before {
        let now = &after[record];
        // A later program may find what an earlier one did not; the former ID then leads there.
        let is_led = || {
            registry
                .iter()
                .any(|row| row[..] == [id.as_str(), "merged", now.as_str()])
        };
        assert!(now == id || is_led(), "{record:?}: {id} became {now}");
    }
    // H9 and L9 are H0 and L0 once more: name and telephone.
    let moved = before.iter().filter(|(record, id)| after[*record] != **id);
    let moved: Vec<&str> = moved.map(|((_, key), _)| key.as_str()).collect();
    assert_eq!(moved, ["H9", "L9"]);
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
}

#[test]
fn b20_a_newer_hub_is_refused_by_name() {
    let newer = |name: &str, from: &str, to: &str| {
        let workplace = past();
        let path = match name {
            "manifest.json" => workplace.published().path(name),
            _ => workplace.path().join("hub").join(name),
        };
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let outcome = workplace.guiyi(&["run"]).expect(DAMAGED);
        assert!(
            outcome.stderr.contains("newer") || outcome.stderr.contains("format"),
            "{name}: {outcome:?}"
        );
        let outcome = workplace.guiyi(&["verify"]).expect(DAMAGED);
        assert!(outcome.stdout.contains("format"), "{name}: {outcome:?}");
    };
    newer("manifest.json", "\"format\": 1", "\"format\": 2");
    newer("tombstones.json", "\"format\": 1", "\"format\": 2");
    newer("steward.db.seal", "\"format\":1", "\"format\":2");
}
