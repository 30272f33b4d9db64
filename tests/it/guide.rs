//! The steward's guides: every command in them runs as it stands and ends as they say.

use crate::support::Workplace;
use std::path::Path;
use std::process::Command;

/// Commands of the shell blocks of a page, each with the exit code that it says.
fn commands(page: &str) -> Vec<(String, i32)> {
    let mut commands = Vec::new();
    let mut is_inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_inside = line == "```sh";
            continue;
        }
        if is_inside && !line.is_empty() {
            let (command, code) = line.split_once("  # ").unwrap_or((line, "0"));
            commands.push((command.to_owned(), code.parse().unwrap()));
        }
    }
    commands
}

fn follow(name: &str, least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/guide")
        .join(name);
    let page = std::fs::read_to_string(path).unwrap();
    let workplace = Workplace::new();
    let program = Path::new(env!("CARGO_BIN_EXE_guiyi")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let commands = commands(&page);
    assert!(commands.len() >= least, "{} commands", commands.len());
    for (command, code) in commands {
        let ended = Command::new("sh")
            .args(["-c", &command])
            .current_dir(workplace.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(code), "{name}: `{command}`: {told}");
    }
}

#[test]
fn every_command_of_the_english_guide_for_stewards_runs() {
    follow("stewards.en.md", 26);
}

#[test]
fn every_command_of_the_chinese_guide_for_stewards_runs() {
    follow("stewards.zh.md", 26);
}

#[test]
fn every_command_of_the_english_guide_for_auditors_runs() {
    follow("audit.en.md", 15);
}

#[test]
fn every_command_of_the_chinese_guide_for_auditors_runs() {
    follow("audit.zh.md", 15);
}
