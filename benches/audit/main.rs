//! Audits of generated data whose truth is known: bias of the estimates and coverage of their intervals.
//!
//! In: nothing. Out: the table of `docs/audit.md`: Chinese companies of three subsidiaries, matched with the default cut and with two worse
//! ones; 200 draws of each unit and size, answered by the truth; the naive estimator beside them. Run with
//! `cargo bench --bench audit`.

#[path = "../../tests/it/audit_trial.rs"]
mod audit_trial;

use audit_trial::Truth;
use audit_trial::trials;
use guiyi::audit::Unit;
use guiyi::publish::Hub;
use std::path::Path;
use std::process::Command;

/// Units and sample sizes.
const DRAWS: [(Unit, u64); 4] = [
    (Unit::Links, 100),
    (Unit::Links, 300),
    (Unit::Ids, 200),
    (Unit::Records, 300),
];

const TIMES: u64 = 200;

fn guiyi(folder: &Path, arguments: &[&str]) {
    let program = env!("CARGO_BIN_EXE_guiyi");
    let output = Command::new(program).current_dir(folder).args(arguments).output();
    let output = output.expect("the program starts");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 3)), "{arguments:?}: {code:?}");
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let folder = folder.path();
    guiyi(
        folder,
        &[
            "synth",
            "--out",
            ".",
            "--records",
            "4000",
            "--sources",
            "3",
            "--seed",
            "5",
            "--plain",
        ],
    );
    guiyi(
        folder,
        &["init", "--out", "guiyi.toml", "huadong", "huabei", "huanan"],
    );
    let truth = Truth::read(&folder.join("truth.csv"));
    let job = std::fs::read_to_string(folder.join("guiyi.toml")).expect("the job was written");
    println!(
        "| cut | unit | n | quantity | truth | mean of estimates | sd | reported covers | exact covers | width |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for cut in ["0", "-8", "14"] {
        let hub = format!("hub{cut}");
        let text = format!("hub = \"{hub}\"\n{job}\n[matching]\ncut_bits = {cut}\n");
        std::fs::write(folder.join("cut.toml"), text).expect("the job can be written");
        guiyi(folder, &["run", "cut.toml", "--quiet"]);
        let hub = Hub::open(&folder.join(hub)).expect("the hub is there");
        let run = hub
            .current()
            .expect("the hub is sound")
            .expect("a run was published");
        for (unit, size) in DRAWS {
            for trial in trials(&run, &truth, unit, size, TIMES) {
                let share = |share: f64| {
                    if share.is_nan() {
                        "–".to_owned()
                    } else {
                        format!("{share:.3}")
                    }
                };
                println!(
                    "| {cut} | {} | {size} | {} | {:.4} | {:.4} | {:.4} | {} | {} | {} |",
                    unit.as_str(),
                    trial.name,
                    trial.truth,
                    trial.mean,
                    trial.sd,
                    share(trial.reported),
                    share(trial.guaranteed),
                    share(trial.width)
                );
            }
        }
    }
}
