//! R12: no value of a record leaves the published tables: canaries in every field of every subsidiary, and a search through
//! whatever else the program writes.
//!
//! A canary is a token that cannot come about by chance, and that standardising leaves as it is.

use crate::support::Outcome;
use crate::support::Workplace;
use guiyi::field::customer_schema;
use std::fs;
use std::path::Path;

/// What every canary begins with; also searched without regard to case.
const TOKEN: &str = "qzxcanary";

/// Files that are there to hold data, by their endings; changes name records by their keys.
const TABLES: &[&str] = &["parquet", "csv", "xlsx", "db"];
const FEED: &str = "changes.jsonl";

/// A value for a field that differs in every subsidiary and row.
fn canary(field: &str, source: &str, row: usize) -> String {
    let tail: String = field.chars().filter(char::is_ascii_alphabetic).collect();
    match field {
        // Two records of one customer, so that something is merged, and its conflict is about the other fields.
        "customer_name" => format!("QzxCanary{} Trading Ltd", row / 2),
        "customer_type" => String::new(),
        "emails" | "email" => format!("{TOKEN}{source}{row}@{TOKEN}.com"),
        _ => format!("{TOKEN}{tail}{source}{row}"),
    }
}

/// A job of two subsidiaries that map every field of the schema, with canaries as keys as well.
fn job(more: &str) -> Workplace {
    let workplace = Workplace::new();
    let fields: Vec<&str> = customer_schema()
        .iter()
        .map(|field| field.name.as_ref())
        .collect();
    let mut job = format!("language = \"en\"\n{more}\n");
    for source in ["north", "south"] {
        let mut csv = format!("no,{}\n", fields.join(","));
        for row in 0..8 {
            let cells: Vec<String> = fields.iter().map(|field| canary(field, source, row)).collect();
            csv.push_str(&format!("{TOKEN}key{source}{row},{}\n", cells.join(",")));
        }
        // Rejects: a short row, a key twice, a row without a key.
        csv.push_str(&format!("{TOKEN}short{source},{TOKEN}\n"));
        csv.push_str(&format!(
            "{TOKEN}key{source}0,{TOKEN}twice{}\n",
            ",".repeat(fields.len() - 1)
        ));
        csv.push_str(&format!(",{TOKEN}keyless{}\n", ",".repeat(fields.len() - 1)));
        workplace.write(&format!("{source}.csv"), csv);
        job.push_str(&format!(
            "[[source]]\nname = \"{source}\"\nfiles = [\"{source}.csv\"]\nkey = \"no\"\n[source.map]\n"
        ));
        for field in &fields {
            job.push_str(&format!("{field} = \"{field}\"\n"));
        }
    }
    workplace.write("guiyi.toml", job);
    workplace
}

fn holds_canary(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let at = text.find(TOKEN)?;
    let start = text[..at].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    Some(text[start..].chars().take(140).collect())
}

fn check_stderr(command: &str, outcome: &Outcome) {
    let found = holds_canary(outcome.stderr.as_bytes());
    assert!(found.is_none(), "stderr of `{command}`: {found:?}");
    assert!(!outcome.stderr.contains("panicked"), "{command}");
}

/// Every file below `folder` that is no table, and every name.
fn check_files(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(holds_canary(name.as_bytes()).is_none(), "{}", path.display());
        if path.is_dir() {
            check_files(&path);
            continue;
        }
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if TABLES.contains(&ending.as_str()) || name == FEED {
            continue;
        }
        let found = holds_canary(&fs::read(&path).unwrap());
        assert!(found.is_none(), "{}: {found:?}", path.display());
    }
}

#[test]
fn r12_no_value_leaves_the_published_tables() {
    let workplace = job("");
    for format in ["human", "json"] {
        for arguments in [
            "run",
            "run --dry-run",
            "run --gate",
            "run --from-scratch",
            "check",
            "check --json",
            "train",
            "runs",
            "verify",
            "review export --out review.xlsx",
            "profile north.csv --out seen.html",
            "init north.csv south.csv --out again.toml",
            "list fields",
            "diff 000001 000002",
            "explain north:nobody south:nobody",
            "show C-nothing",
            "history C-nothing",
            "decide link north:1 south:1 --author a --reason b",
            "unmerge north:nobody --author a --reason b",
            "rollback 000001 --author a --reason b",
            "publish 000009 --accept rows --author a --reason b",
            "eval --truth north.csv",
            "review import north.csv --author a",
            "backup north.csv",
            "run --max-time 1ms",
            "run --max-memory 1MiB",
        ] {
            let mut words: Vec<&str> = arguments.split(' ').collect();
            words.extend(["--log-format", format]);
            check_stderr(arguments, &workplace.guiyi(&words));
        }
    }
    // The first run has published; a table does hold what is looked for.
    assert!(holds_canary(&workplace.read("north.csv")).is_some());
    let run = workplace.published();
    assert!(run.text("golden.csv").to_lowercase().contains(TOKEN));
    check_files(&workplace.path().join("hub"));
}

#[test]
fn r12_broken_exports_are_told_by_their_places() {
    let good = job("").read("north.csv");
    let header_end = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let body = &good[header_end..];
    let broken: [(&str, Vec<u8>); 7] = [
        ("headless", body.to_vec()),
        ("cut", good[..good.len() / 2].to_vec()),
        ("quote", [&good[..header_end], b"\"", body].concat()),
        (
            "bytes",
            [&good[..header_end], &b"\xFF\xFE\xFF"[..], body].concat(),
        ),
        ("nul", [&good[..header_end], b"qzxcanary\0", body].concat()),
        ("zip", [&b"PK\x03\x04"[..], body].concat()),
        ("parquet", [&b"PAR1"[..], body].concat()),
    ];
    for (name, bytes) in broken {
        let workplace = job("");
        workplace.write("north.csv", &bytes);
        for command in ["run", "check", "profile north.csv", "init north.csv --out x.toml"] {
            let words: Vec<&str> = command.split(' ').collect();
            let outcome = workplace.guiyi(&words);
            check_stderr(&format!("{command} ({name})"), &outcome);
        }
        if workplace.path().join("hub").exists() {
            check_files(&workplace.path().join("hub"));
        }
    }
}
