//! What stewards do with the hub, well or killed in the middle of it.

use super::Tally;
use super::chance::Chance;
use super::exports::Exports;
use super::exports::SOURCES;
use super::held::Record;
use super::held::State;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::guiyi_in;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const WHO: [&str; 4] = ["--author", "Ann", "--reason", "复核"];

fn with_author<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &WHO].concat()
}

fn name((source, key): &Record) -> String {
    format!("{source}:{key}")
}

/// The retained runs, oldest first.
fn runs(state: &State) -> Vec<Value> {
    let outcome = guiyi_in(state.folder(), &["runs", "--json"]).expect(PUBLISHED);
    let lines = outcome.stdout.lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Accepts the newest candidate.
pub(super) fn accept(state: &mut State) {
    let runs = runs(state);
    let newest = runs
        .iter()
        .max_by_key(|run| run["run_id"].as_str().unwrap())
        .unwrap();
    let refused: Vec<&str> = newest["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guard| guard.as_str().unwrap())
        .collect();
    assert!(!refused.is_empty(), "{newest}");
    let accept = format!("--accept={}", refused.join(","));
    let number = newest["run_id"].as_str().unwrap()[..6]
        .trim_start_matches('0')
        .to_owned();
    let arguments = with_author(&["publish", &number, &accept]);
    guiyi_in(state.folder(), &arguments).expect(PUBLISHED);
}

/// Takes a renumbered source over: by the map that the refused run proposed, else by what is there.
pub(super) fn renumber(state: &mut State, exports: &Exports, source: &str, code: i32, tally: &mut Tally) {
    let runs = fs::read_dir(state.hub().join("runs")).unwrap();
    let newest = runs.map(|run| run.unwrap().path()).max().unwrap();
    let map = newest.join("rekey.csv");
    let is_proposed = fs::read_to_string(&map).is_ok_and(|text| text.contains(source));
    let mut is_taken_over = false;
    if code == crate::support::REFUSED && is_proposed {
        let text = fs::read_to_string(&map).unwrap();
        let rows = text.lines().skip(1).filter_map(|line| {
            let mut cells = line.split(',');
            let is_of_source = cells.next() == Some(source);
            Some((cells.next()?, cells.next()?)).filter(|_| is_of_source)
        });
        let rows: Vec<String> = rows.map(|(old, new)| format!("{old},{new}\n")).collect();
        fs::write(
            state.folder().join("map.csv"),
            format!("old_key,new_key\n{}", rows.concat()),
        )
        .unwrap();
        let outcome = guiyi_in(
            state.folder(),
            &with_author(&["decide", "rekey", source, "map.csv"]),
        );
        is_taken_over = outcome.code == PUBLISHED;
        assert!(is_taken_over, "{outcome:?}");
        tally.count("renumbering taken over");
    }
    state.renumber(exports, source, is_taken_over);
    state.hold("decide rekey");
    let outcome = guiyi_in(state.folder(), &["run", "--quiet"]);
    assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
    state.hold("run under new keys");
    if outcome.code == crate::support::REFUSED {
        accept(state);
        state.hold("publish under new keys");
    }
}

/// One thing a steward does.
pub(super) fn act(
    state: &mut State,
    exports: &Exports,
    places: &[String],
    chance: &mut Chance,
    tally: &mut Tally,
) {
    if state.ids.is_empty() {
        return;
    }
    let what = match chance.below(16) {
        0..=2 => part(state, chance),
        3 | 4 => link(state, chance),
        5 => confirm(state, chance),
        6 => pin(state, chance),
        7 => undo(state, chance),
        8 => unmerge(state, chance),
        9 => forget(state, places, chance),
        10 => hold_back(state, chance),
        11 => audit(state, chance),
        12 => export(state, chance),
        13 => back_up(state),
        14 => roll_back(state),
        _ => killed_decision(state, chance),
    };
    tally.count(what);
    state.hold(what);
    let _ = exports;
}

/// A record of the crosswalk.
fn any(state: &State, chance: &mut Chance) -> Record {
    let records: Vec<&Record> = state
        .ids
        .iter()
        .filter(|(_, id)| !id.is_empty())
        .map(|(record, _)| record)
        .collect();
    (*chance.pick(&records)).clone()
}

/// Two records of one customer, when there are any.
fn two_of_one(state: &State, chance: &mut Chance) -> Option<(Record, Record)> {
    let mut members: BTreeMap<&String, Vec<&Record>> = BTreeMap::new();
    for (record, id) in state.ids.iter().filter(|(_, id)| !id.is_empty()) {
        members.entry(id).or_default().push(record);
    }
    let several: Vec<&Vec<&Record>> = members.values().filter(|members| members.len() > 1).collect();
    if several.is_empty() {
        return None;
    }
    let members = *chance.pick(&several);
    Some((members[0].clone(), members[1].clone()))
}

fn done(outcome: &Outcome, may_fail: bool) -> bool {
    assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
    assert!(may_fail || outcome.code == PUBLISHED, "{outcome:?}");
    outcome.code == PUBLISHED
}

/// The number of the newest decision.
fn newest_decision(state: &State) -> u64 {
    let outcome = guiyi_in(state.folder(), &["decide", "list", "--all", "--json"]).expect(PUBLISHED);
    let list: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    list.iter()
        .map(|decision| decision["decision"].as_u64().unwrap())
        .max()
        .unwrap()
}

fn part(state: &mut State, chance: &mut Chance) -> &'static str {
    let Some((a, b)) = two_of_one(state, chance) else {
        return "nothing to part";
    };
    let outcome = guiyi_in(
        state.folder(),
        &with_author(&["decide", "part", &name(&a), &name(&b)]),
    );
    if done(&outcome, true) {
        // It holds from the next run on; until then the records stand as they did.
        let rerun = guiyi_in(state.folder(), &["run", "--quiet"]);
        assert!(!rerun.stderr.contains("panicked"), "{rerun:?}");
        if rerun.code == crate::support::REFUSED {
            accept(state);
        }
        if matches!(rerun.code, 0 | 3 | 4) {
            state.parted.push((newest_decision(state), a, b));
        }
    }
    "decided: parted"
}

fn link(state: &State, chance: &mut Chance) -> &'static str {
    let (a, b) = (any(state, chance), any(state, chance));
    let outcome = guiyi_in(
        state.folder(),
        &with_author(&["decide", "link", &name(&a), &name(&b)]),
    );
    done(&outcome, true);
    "decided: linked"
}

fn confirm(state: &State, chance: &mut Chance) -> &'static str {
    let record = name(&any(state, chance));
    done(
        &guiyi_in(state.folder(), &with_author(&["decide", "confirm", &record])),
        true,
    );
    "decided: confirmed"
}

fn pin(state: &State, chance: &mut Chance) -> &'static str {
    let record = any(state, chance);
    let arguments = match chance.below(2) {
        0 => vec!["decide", "pin", "--replace", "RECORD", "phones", "13810012345"],
        _ => vec!["decide", "pin-id", "--replace", "RECORD", "ID"],
    };
    let (of, id) = (name(&record), state.ids[&record].clone());
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|&word| match word {
            "RECORD" => of.as_str(),
            "ID" => id.as_str(),
            other => other,
        })
        .collect();
    done(&guiyi_in(state.folder(), &with_author(&arguments)), true);
    "decided: pinned"
}

fn undo(state: &State, chance: &mut Chance) -> &'static str {
    let decisions: Vec<u64> = state.decisions.iter().copied().collect();
    if decisions.is_empty() {
        return "nothing to undo";
    }
    let number = chance.pick(&decisions).to_string();
    done(
        &guiyi_in(state.folder(), &with_author(&["decide", "undo", &number])),
        true,
    );
    "decided: undone"
}

fn unmerge(state: &State, chance: &mut Chance) -> &'static str {
    let Some((a, _)) = two_of_one(state, chance) else {
        return "nothing to unmerge";
    };
    let id = state.ids[&a].clone();
    done(
        &guiyi_in(state.folder(), &with_author(&["unmerge", &id, &name(&a)])),
        true,
    );
    "unmerged"
}

fn forget(state: &mut State, places: &[String], chance: &mut Chance) -> &'static str {
    let record = any(state, chance);
    let of = name(&record);
    let arguments = with_author(&["forget", &of]);
    let is_disturbed = chance.is_in(2, 1);
    if is_disturbed && !state.held_back.contains(&record) {
        let _ = super::disturbed(state.folder(), &arguments, places, chance);
    }
    let outcome = guiyi_in(state.folder(), &arguments);
    let is_done = done(&outcome, state.held_back.contains(&record));
    assert_ne!(is_done, state.held_back.contains(&record), "{outcome:?}");
    if is_done {
        state.parted.retain(|(_, a, b)| *a != record && *b != record);
        state.forgotten.insert(record);
        return "forget";
    }
    "forgetting held back"
}

fn hold_back(state: &mut State, chance: &mut Chance) -> &'static str {
    let record = any(state, chance);
    let of = name(&record);
    if done(
        &guiyi_in(state.folder(), &with_author(&["hold", "add", &of])),
        false,
    ) {
        state.held_back.insert(record);
    }
    "legal hold"
}

fn audit(state: &State, chance: &mut Chance) -> &'static str {
    let seed = chance.below(1_000).to_string();
    let arguments = [
        "audit",
        "draw",
        "--unit",
        "record-fields",
        "--seed",
        &seed,
        "--size",
        "12",
    ];
    done(&guiyi_in(state.folder(), &arguments), true);
    "audit drawn"
}

fn export(state: &State, chance: &mut Chance) -> &'static str {
    let role = *chance.pick(&["sales", "marketing", "finance", "subsidiary", "auditor"]);
    let to = format!("out-{}", chance.below(1_000_000));
    let mut arguments = vec!["export", "--role", role, "--to", &to];
    if ["sales", "subsidiary"].contains(&role) {
        arguments.extend(["--source", chance.pick(&SOURCES).0]);
    }
    done(&guiyi_in(state.folder(), &arguments), true);
    let _ = fs::remove_dir_all(state.folder().join(to));
    "exported"
}

/// A backup comes back whole.
fn back_up(state: &State) -> &'static str {
    for left in ["copy", "hub.backup"] {
        let left = state.folder().join(left);
        let _ = fs::remove_dir_all(&left);
        let _ = fs::remove_file(&left);
    }
    done(
        &guiyi_in(state.folder(), &["backup", "--to", "hub.backup"]),
        false,
    );
    done(
        &guiyi_in(state.folder(), &["restore", "hub.backup", "--to", "copy"]),
        false,
    );
    guiyi_in(&state.folder().join("copy"), &["verify", "--all"]).expect(PUBLISHED);
    "backed up and restored"
}

/// Goes back to the run before the published one, if it is there.
fn roll_back(state: &State) -> &'static str {
    let runs = runs(state);
    let published = runs.iter().filter(|run| run["standing"] == "published");
    let Some(run) = published.filter_map(|run| run["run_id"].as_str()).max() else {
        return "nothing to roll back to";
    };
    done(&guiyi_in(state.folder(), &with_author(&["rollback", run])), true);
    "rollback"
}

/// A decision that is killed in the making; it is there or it is not.
fn killed_decision(state: &State, chance: &mut Chance) -> &'static str {
    let record = name(&any(state, chance));
    let wait = std::time::Duration::from_millis(u64::from(chance.below(60)));
    super::killed_after(
        state.folder(),
        &with_author(&["decide", "confirm", &record]),
        wait,
    );
    "decision killed"
}
