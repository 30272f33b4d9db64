//! A hub that lives through many nights while everything happens to it (operations.md R10).
//!
//! In: nights of synthetic exports of three subsidiaries in two scripts. Each night some of them are late, cut short, damaged,
//! renumbered or have other columns; the program is killed, stopped at a failpoint or finds its disk failing; and stewards decide,
//! undo, unmerge, confirm, pin, accept, roll back, hold, forget, audit, export and back up, killed now and then as well. Held after every
//! command: the hub verifies, the log of what was done is whole, no decision is gone, records that were parted have different IDs, no ID that was issued
//! is unknown or used again, the feed turns the last crosswalk into the new one, what was forgotten stays away, and a night that
//! was published leaves nothing unfinished.
//!
//! Twelve nights; `GUIYI_SOAK_NIGHTS=365 GUIYI_SOAK_SEED=1 cargo test --test it -- r10_ --nocapture` for a year, whose figures
//! stand in docs/reliability.md. All chance comes of the seed, which is printed.

mod chance;
mod exports;
mod held;
mod stewards;

use crate::crash::places;
use crate::faults::shimmed;
use crate::support::PUBLISHED;
use crate::support::REFUSED;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::guiyi_in;
use chance::Chance;
use exports::Exports;
use held::State;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

/// Nights whose sizes are told.
const MILESTONES: [u32; 5] = [1, 30, 90, 180, 365];

/// How often something happened, by its name.
#[derive(Default)]
struct Tally(BTreeMap<String, u32>);

impl Tally {
    fn count(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

fn setting(name: &str, usual: u32) -> u32 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// The job of the exports that lie there; runs pile up to eight.
fn write_job(workplace: &Workplace) {
    let folders = exports::SOURCES.map(|(source, _)| format!("exports/{source}"));
    let mut arguments = vec!["init", "--out", "made.toml"];
    arguments.extend(folders.iter().map(String::as_str));
    workplace.guiyi(&arguments).expect(PUBLISHED);
    let job = workplace
        .read_text("made.toml")
        .replace("required = true", "required = false");
    workplace.write("guiyi.toml", format!("keep_runs = 8\n{job}"));
}

/// Starts a command and kills it after a while; its exit code when it was done before.
fn killed_after(folder: &Path, arguments: &[&str], wait: Duration) -> Option<i32> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guiyi"))
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(wait);
    let _ = child.kill();
    child.wait().unwrap().code()
}

/// One fault of the machine while a command runs; says which.
fn disturbed(folder: &Path, arguments: &[&str], places: &[String], chance: &mut Chance) -> &'static str {
    match chance.below(3) {
        0 => {
            let wait = Duration::from_millis(u64::from(chance.below(1_200)));
            killed_after(folder, arguments, wait);
            "killed at a moment"
        }
        1 => {
            let place = format!("{}:abort", chance.pick(places));
            let (_, said) = crate::crash::stopped_at(folder, arguments, &place);
            assert!(!said.contains("panicked"), "{place}: {said}");
            "stopped at a place"
        }
        _ => {
            let fault = chance.pick(&["enospc", "eio", "short", "eintr"]);
            let when = chance.pick(&["once", "always"]);
            let case = format!("{}:{fault}:{when}", 1 + chance.below(260));
            let (code, said) = shimmed(folder, arguments, "GUIYI_SHIM", &case);
            assert!(code.is_some() && !said.contains("panicked"), "{case}: {said}");
            "writing call failed"
        }
    }
}

/// The night's run, and what a steward does with a refused one; the exit code.
fn run_night(state: &mut State, is_sound: bool, accepts: bool, tally: &mut Tally) -> i32 {
    let outcome = guiyi_in(state.folder(), &["run", "--quiet"]);
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    let sound = [PUBLISHED, WITH_WARNINGS, REFUSED];
    assert!(
        sound.contains(&outcome.code) || !is_sound && outcome.code == crate::support::SOURCE_MISSING,
        "{outcome:?}"
    );
    tally.count(&format!("run ended with {}", outcome.code));
    state.hold("run");
    if outcome.code == REFUSED && accepts {
        stewards::accept(state);
        state.hold("publish");
        tally.count("candidate accepted");
    }
    outcome.code
}

fn live_through(nights: u32, seed: u32) -> Tally {
    let workplace = Workplace::with_synth(&[
        "--records",
        "300",
        "--sources",
        "3",
        "--seed",
        &seed.to_string(),
        "--plain",
        "--locale",
        "mixed",
        "--nights",
        &nights.to_string(),
    ]);
    let mut chance = Chance::new(seed);
    let mut exports = Exports::new(workplace.path());
    exports.lay_sound(1);
    write_job(&workplace);
    let mut state = State::new(workplace.path());
    let mut tally = Tally::default();
    let mut passed: Vec<String> = Vec::new();
    for night in 1..=nights {
        state.night = night;
        let disturbances = exports.lay(night, &mut chance);
        for &what in &disturbances {
            tally.count(what);
        }
        if night == 2 {
            passed = places(&workplace, &["run"]);
            assert!(passed.len() > 100, "{}", passed.len());
        }
        if night > 2 && chance.is_in(100, 30) {
            tally.count(disturbed(workplace.path(), &["run"], &passed, &mut chance));
            state.hold("run with a fault");
        }
        let is_sound = disturbances.is_empty();
        // Nobody accepts new keys as new records.
        let accepts = is_sound || chance.is_in(100, 20) && exports.renumbered.is_none();
        let code = run_night(&mut state, is_sound, accepts, &mut tally);
        if let Some(source) = exports.renumbered.take() {
            stewards::renumber(&mut state, &exports, &source, code, &mut tally);
        }
        for _ in 0..chance.below(3) {
            stewards::act(&mut state, &exports, &passed, &mut chance, &mut tally);
        }
        if MILESTONES.contains(&night) || night == nights {
            println!("night {night}: {}", state.sizes());
        }
    }
    state.hold("last night");
    // Whatever is left of the last faults goes with the next sound night.
    exports.lay_sound(nights);
    let outcome = guiyi_in(workplace.path(), &["run", "--quiet"]);
    if outcome.code == REFUSED {
        stewards::accept(&mut state);
    }
    guiyi_in(workplace.path(), &["run", "--quiet"]);
    state.hold("end");
    state.hold_clean();
    tally
}

#[test]
fn r10_a_hub_outlives_faults_drift_and_stewards() {
    let (nights, seed) = (setting("GUIYI_SOAK_NIGHTS", 12), setting("GUIYI_SOAK_SEED", 1));
    println!("nights {nights}, seed {seed}");
    let tally = live_through(nights, seed);
    for (what, count) in &tally.0 {
        println!("{count:6} {what}");
    }
    let published: u32 = ["run ended with 0", "run ended with 3", "candidate accepted"]
        .iter()
        .filter_map(|what| tally.0.get(*what))
        .sum();
    assert!(
        published * 2 > nights,
        "{published} of {nights} nights were published"
    );
}
