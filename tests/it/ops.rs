//! Unattended operation: log, hooks, budgets, the world of cron, what is shipped for systemd.

use crate::support::GOOD;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

const BUDGET: i32 = 12;

/// Every line has the layout of the run log.
fn check_line(line: &str) -> Value {
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let ts = value["ts"].as_str().unwrap();
    assert!(
        ts.len() == 20 && ts.ends_with('Z') && &ts[10..11] == "T",
        "{line}"
    );
    let level = value["level"].as_str().unwrap();
    assert!(["info", "warning", "error"].contains(&level), "{line}");
    assert!(value["run_id"].is_null() || value["run_id"].is_string(), "{line}");
    for key in ["stage", "event"] {
        assert!(value[key].as_str().is_some_and(|text| !text.is_empty()), "{line}");
    }
    if let Some(counts) = value.get("counts") {
        assert!(counts.as_object().unwrap().values().all(Value::is_u64), "{line}");
    }
    value
}

#[test]
fn b13_every_line_of_the_json_log_has_the_same_layout() {
    let bad = source("bad", "none.csv").replace("[source.map]", "required = false\n[source.map]");
    let workplace = Workplace::with_good_source(&bad);
    workplace.write("wrong.toml", "langage = \"en\"\n");
    for (arguments, code) in [
        (&["run"][..], WITH_WARNINGS),
        (&["run", "--max-time", "1ms"], BUDGET),
        (&["run", "wrong.toml"], USAGE),
        (&["explain", "good:nobody", "good:G1"], USAGE),
    ] {
        let outcome = workplace.guiyi(&[arguments, &["--log-format", "json"]].concat());
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        let lines: Vec<Value> = outcome.stderr.lines().map(check_line).collect();
        assert_eq!(lines.last().unwrap()["code"], code);
    }
    let log = workplace.published().text("run.log.jsonl");
    assert!(log.lines().count() > 3);
    for line in log.lines() {
        assert!(check_line(line)["run_id"].is_string());
    }
    // People get sentences, also where there is no terminal.
    let plain = workplace.guiyi(&["run", "--log-format", "human"]);
    assert!(plain.stderr.starts_with("guiyi: ingest"), "{}", plain.stderr);
}

fn hooked(hooks: &str) -> Workplace {
    let workplace = Workplace::new();
    workplace.write("good.csv", GOOD);
    workplace.write(
        "guiyi.toml",
        format!("{}\n[hooks]\n{hooks}\n", source("good", "good.csv")),
    );
    workplace
}

#[test]
fn b15_a_hook_reads_the_outcome_on_stdin() {
    let workplace = hooked(
        "on_success = [\"sh\", \"-c\", \"cat > ok.json\"]\non_failure = [\"sh\", \"-c\", \"cat > failed.json\"]",
    );
    workplace.run(PUBLISHED);
    let told: Value = serde_json::from_str(&workplace.read_text("ok.json")).unwrap();
    assert_eq!(
        (&told["code"], &told["name"]),
        (&Value::from(0), &Value::from("published"))
    );
    let run = workplace.published();
    assert_eq!(
        told["run_id"],
        run.directory.file_name().unwrap().to_str().unwrap()
    );
    assert!(Path::new(told["hub"].as_str().unwrap()).is_absolute());
    fs::remove_file(workplace.path().join("good.csv")).unwrap();
    workplace.run(crate::support::SOURCE_MISSING);
    let told: Value = serde_json::from_str(&workplace.read_text("failed.json")).unwrap();
    assert_eq!(told["code"], crate::support::SOURCE_MISSING);
    assert!(told["run_id"].is_null());
}

#[test]
fn b15_hooks_that_hang_fail_flood_or_are_missing_change_nothing() {
    for (hook, word) in [
        (
            "[\"sh\", \"-c\", \"sleep 600 & sleep 600\"]",
            "took more than 1 s",
        ),
        ("[\"false\"]", "failed"),
        ("[\"./no-such-program\"]", "cannot be started"),
        ("[\"sh\", \"-c\", \"head -c 50000000 /dev/zero\"]", ""),
        (
            "[\"sh\", \"-c\", \"head -c 50000000 /dev/zero >&2; exit 9\"]",
            "failed",
        ),
        ("[\"sh\", \"-c\", \"exec <&-\"]", ""),
    ] {
        let workplace = hooked(&format!("on_success = {hook}\nseconds_max = 1"));
        let start = Instant::now();
        let outcome = workplace.run(PUBLISHED);
        assert!(start.elapsed() < Duration::from_secs(60), "{hook}");
        assert!(outcome.stderr.len() < 4_000, "{hook}");
        let told = outcome
            .stderr
            .lines()
            .any(|line| line.contains("hook `on_success`"));
        assert_eq!(told, !word.is_empty(), "{hook}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(word), "{hook}: {}", outcome.stderr);
    }
    // Also what the hook started has ended.
    let left = Command::new("pgrep").args(["-f", "sleep 600"]).output();
    if let Ok(left) = left {
        assert!(left.stdout.is_empty(), "{left:?}");
    }
}

#[test]
fn b15_a_hook_without_a_program_is_a_fault_of_the_job() {
    for hooks in ["on_success = []", "on_failure = [\" \"]", "seconds_max = 31"] {
        hooked(hooks).run(USAGE);
    }
}

/// A run ends with 12, and what was published before stands.
fn check_budget(workplace: &Workplace, arguments: &[&str]) -> Outcome {
    let before = fs::read(workplace.path().join("hub/CURRENT")).ok();
    let outcome = workplace.guiyi(&[&["run"], arguments].concat()).expect(BUDGET);
    assert_eq!(outcome.closing_line()["name"], "budget");
    assert_eq!(fs::read(workplace.path().join("hub/CURRENT")).ok(), before);
    outcome
}

#[test]
fn b16_a_limit_ends_the_run_and_the_next_one_needs_nobody() {
    let workplace = hooked("on_failure = [\"sh\", \"-c\", \"cat > failed.json\"]");
    for _ in 0..2 {
        for arguments in [
            ["--max-time", "1ms"],
            ["--max-memory", "1MiB"],
            ["--min-free-disk", "1000000TiB"],
        ] {
            let outcome = check_budget(&workplace, &arguments);
            assert!(outcome.stderr.contains(arguments[0]), "{}", outcome.stderr);
            let told = workplace.read_text("failed.json");
            assert!(told.contains("\"code\":12"), "{told}");
            fs::remove_file(workplace.path().join("failed.json")).unwrap();
        }
        workplace.run(PUBLISHED);
    }
    let roomy = [
        "run",
        "--max-time",
        "1h",
        "--max-memory",
        "64GiB",
        "--min-free-disk",
        "1kB",
    ];
    workplace.guiyi(&roomy).expect(PUBLISHED);
    workplace.guiyi(&["verify"]).expect(PUBLISHED);
    workplace.guiyi(&["run", "--max-time", "soon"]).expect(USAGE);
}

/// Starts the program as `script` says, with `$GUIYI` for its path.
fn shell(folder: &Path, script: &str) -> std::process::Output {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).current_dir(folder);
    command
        .env("GUIYI", env!("CARGO_BIN_EXE_guiyi"))
        .stdin(Stdio::null());
    command.output().unwrap()
}

fn check_modes(path: &Path) {
    let mode = fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    if !path.is_dir() {
        assert_eq!(mode, 0o600, "{}", path.display());
        return;
    }
    assert_eq!(mode, 0o700, "{}", path.display());
    for entry in fs::read_dir(path).unwrap() {
        check_modes(&entry.unwrap().path());
    }
}

#[test]
fn b18_r11_an_empty_environment_and_an_open_umask_change_nothing() {
    let plain = Workplace::with_good_source("");
    plain.run(PUBLISHED);
    let cron = Workplace::with_good_source("");
    let output = shell(
        cron.path(),
        "umask 000; exec env -i LC_ALL=C \"$GUIYI\" run < /dev/null",
    );
    assert!(output.status.success(), "{output:?}");
    check_modes(&cron.path().join("hub"));
    let expected = plain.published().lasting_checksums();
    assert_eq!(cron.published().lasting_checksums(), expected);
    // From another folder by a relative path, over the night of a time change.
    let other = Workplace::new();
    let name = plain.path().file_name().unwrap().to_string_lossy().into_owned();
    let script = format!("TZ=America/New_York exec \"$GUIYI\" run ../{name}/guiyi.toml");
    let output = shell(other.path(), &script);
    assert!(output.status.success(), "{output:?}");
    let files = [plain.published().lasting_checksums(), expected];
    assert_eq!(files[0].get("golden.parquet"), files[1].get("golden.parquet"));
    assert!(fs::read_dir(other.path()).unwrap().next().is_none());
}

#[test]
fn r11_a_hub_that_others_may_write_into_is_refused() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    for mode in [0o770, 0o702, 0o777] {
        let hub = workplace.path().join("hub");
        fs::set_permissions(&hub, fs::Permissions::from_mode(mode)).unwrap();
        let outcome = workplace.guiyi(&["run"]);
        assert!(outcome.code != 0, "{mode:o}");
        outcome.closing_line();
    }
}

#[test]
fn r13_sources_stay_in_their_folder_and_are_plain_files() {
    let outside = Workplace::new();
    outside.write("secret.csv", GOOD);
    let refused = |prepare: &dyn Fn(&Workplace), file: &str| {
        let bad = source("bad", file);
        let workplace = Workplace::with_good_source(&bad);
        prepare(&workplace);
        let start = Instant::now();
        let outcome = workplace.run(crate::support::SOURCE_MISSING);
        assert!(start.elapsed() < Duration::from_secs(20), "{file}");
        assert!(outcome.stderr.contains("`bad`"), "{}", outcome.stderr);
    };
    let link = |workplace: &Workplace| {
        symlink(
            outside.path().join("secret.csv"),
            workplace.path().join("link.csv"),
        )
        .unwrap();
    };
    refused(&link, "link.csv");
    refused(&link, "l*.csv");
    refused(
        &|workplace| symlink(outside.path(), workplace.path().join("folder")).unwrap(),
        "folder/secret.csv",
    );
    let fifo = |workplace: &Workplace| {
        let made = Command::new("mkfifo")
            .arg(workplace.path().join("pipe.csv"))
            .status();
        assert!(made.unwrap().success());
    };
    refused(&fifo, "pipe.csv");
    refused(&|_| {}, "/dev/zero");
    refused(&|_| {}, "/proc/self/mem");
}

#[test]
fn r25_a_run_needs_no_network() {
    let workplace = Workplace::with_good_source("");
    let output = shell(workplace.path(), "unshare -rn true");
    if !output.status.success() {
        // Not every host lets a user make an empty network.
        return;
    }
    let output = shell(workplace.path(), "exec unshare -rn \"$GUIYI\" run");
    assert!(output.status.success(), "{output:?}");
    workplace.published();
}

fn packaged(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(name);
    fs::read_to_string(path).unwrap()
}

#[test]
fn b19_the_unit_the_timer_and_the_cron_line_are_sound() {
    let timer = packaged("systemd/guiyi.timer");
    assert!(timer.contains("Persistent=true") && timer.contains("OnCalendar="));
    let service = packaged("systemd/guiyi.service");
    for word in [
        "OnFailure=",
        "SuccessExitStatus=3",
        "UMask=0077",
        "PrivateNetwork=yes",
        "NoNewPrivileges=yes",
    ] {
        assert!(service.contains(word), "{word}");
    }
    let cron = packaged("cron.d/guiyi");
    let line = cron.lines().find(|line| line.contains("guiyi run")).unwrap();
    assert!(line.contains("flock --nonblock"), "{line}");
    let Ok(version) = Command::new("systemd-analyze").arg("--version").output() else {
        return;
    };
    assert!(version.status.success());
    // `verify` wants the program to exist, so the units are read with this one in its place.
    let folder = Workplace::new();
    let units = ["guiyi.service", "guiyi.timer", "guiyi-failed.service"];
    for unit in units {
        let text = packaged(&format!("systemd/{unit}"));
        folder.write(
            unit,
            text.replace("/usr/local/bin/guiyi", env!("CARGO_BIN_EXE_guiyi")),
        );
    }
    let verify = |arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        let output = command
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), text)
    };
    let (_, said) = verify(&[
        "verify",
        "--man=no",
        "./guiyi.service",
        "./guiyi.timer",
        "./guiyi-failed.service",
    ]);
    let faults: Vec<&str> = said.lines().filter(|line| line.contains("guiyi")).collect();
    assert!(faults.is_empty(), "{said}");
    let (is_secure, said) = verify(&["security", "--offline=true", "--threshold=20", "./guiyi.service"]);
    if !said.contains("Unknown") && !said.contains("unrecognized") {
        assert!(is_secure, "{said}");
    }
}
