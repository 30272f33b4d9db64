//! The borders of DESIGN.md section 2: which folder of `src/` may name which.
//!
//! In: the text of every source file. Out: file and line of every path that crosses a border. Paths are read off the
//! text with comments, string literals and test code taken out; imports are one path per line, so groups at the root of
//! the crate are refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const STAGES: &[&str] = &[
    "ingest",
    "standardise",
    "block",
    "compare",
    "score",
    "cluster",
    "identify",
    "survive",
];

/// Every module at the root of the crate with those it may name; itself is understood.
const BORDERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("disk", &[]),
    ("text", &[]),
    ("reference", &["model", "text"]),
    ("field", &["model", "text", "reference"]),
    ("table", &["model", "text", "reference"]),
    ("ingest", BELOW_STAGES),
    ("standardise", BELOW_STAGES),
    ("block", BELOW_STAGES),
    ("compare", BELOW_STAGES),
    ("score", BELOW_STAGES),
    ("cluster", BELOW_STAGES),
    ("identify", BELOW_STAGES),
    ("survive", BELOW_STAGES),
    ("guard", &["model"]),
    ("quality", &["model", "field", "table"]),
    ("report", &["model", "field", "table", "quality"]),
    ("publish", &["model", "disk", "field", "table"]),
    ("review", &["model", "text", "field", "publish"]),
    ("export", &["model", "field", "publish"]),
    ("ledger", &["disk"]),
    (
        "audit",
        &["model", "text", "field", "report", "publish", "steward"],
    ),
    ("timeline", &["model", "table", "publish"]),
    ("evaluate", &["model"]),
    ("steward", &["model", "disk", "text", "table"]),
    ("synth", &["model", "text", "reference", "field"]),
    (
        "plan",
        &[
            "model",
            "text",
            "reference",
            "field",
            "guard",
            "ingest",
            "quality",
            "survive",
            "export",
        ],
    ),
    ("profile", BELOW_PROFILE),
    ("pipeline", BELOW_PIPELINE),
    ("cli", BELOW_CLI),
    ("main", &["cli"]),
];

const BELOW_STAGES: &[&str] = &["model", "text", "reference", "field", "table"];

const BELOW_PROFILE: &[&str] = &[
    "model",
    "text",
    "reference",
    "field",
    "ingest",
    "quality",
    "report",
    "plan",
];

#[rustfmt::skip]
const BELOW_PIPELINE: &[&str] = &[
    "model", "disk", "text", "reference", "field", "table",
    "ingest", "standardise", "block", "compare", "score", "cluster", "identify", "survive",
    "guard", "quality", "report", "publish", "steward", "audit", "plan",
];

#[rustfmt::skip]
const BELOW_CLI: &[&str] = &[
    "model", "disk", "text", "reference", "field", "table",
    "ingest", "standardise", "block", "compare", "score", "cluster", "identify", "survive",
    "guard", "quality", "report", "publish", "timeline", "review", "audit", "export", "ledger", "evaluate", "steward", "synth", "plan", "profile", "pipeline",
];

/// Rust text with comments and the insides of literals blanked; every line keeps its number.
fn without_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped_until(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    out
}

/// End of the comment or literal that starts at `at`; `at` itself when none does.
fn skipped_until(chars: &[char], at: usize) -> usize {
    let after = |from: usize, end: &[char]| {
        (from..chars.len())
            .find(|&found| chars[found..].starts_with(end))
            .map_or(chars.len(), |found| found + end.len())
    };
    let rest = &chars[at..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match rest {
        ['/', '/', ..] => (at..chars.len())
            .find(|&end| chars[end] == '\n')
            .unwrap_or(chars.len()),
        ['/', '*', ..] => after(at + 2, &['*', '/']),
        ['r', '"' | '#', ..] if at == 0 || !is_word(chars[at - 1]) || chars[at - 1] == 'b' => {
            let hashes = rest[1..].iter().take_while(|&&c| c == '#').count();
            if rest.get(1 + hashes) != Some(&'"') {
                return at;
            }
            let mut end = vec!['"'];
            end.extend(std::iter::repeat_n('#', hashes));
            after(at + 2 + hashes, &end)
        }
        ['"', ..] => {
            let mut end = at + 1;
            while end < chars.len() && chars[end] != '"' {
                end += if chars[end] == '\\' { 2 } else { 1 };
            }
            (end + 1).min(chars.len())
        }
        // A lifetime has no closing quote after its first character.
        ['\'', '\\', ..] => after(at + 3, &['\'']),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

/// The text with every `#[cfg(test)]` item blanked, and the names of the modules that are such items.
fn without_tests(text: &str) -> (String, Vec<String>) {
    let mut out = without_comments_and_literals(text);
    let mut modules = Vec::new();
    while let Some(start) = out.find("#[cfg(test)]") {
        let item = &out[start..];
        let mut depth = 0_usize;
        let end = item
            .char_indices()
            .skip("#[cfg(test)]".len())
            .find_map(|(at, c)| {
                match c {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (depth == 0 && matches!(c, '}' | ';')).then_some(at + 1)
            })
            .unwrap_or(item.len());
        if let Some((_, name)) = item[..end].split_once("mod ") {
            modules.extend(name.strip_suffix(';').map(str::to_owned));
        }
        let blank: String = item[..end]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect();
        out.replace_range(start..start + end, &blank);
    }
    (out, modules)
}

/// One path that starts at the root of the crate: its line, and the first name behind the root.
#[derive(Debug, PartialEq, Eq)]
struct RootPath {
    line: usize,
    name: String,
}

/// Paths of `line` that reach the root of the crate from a module `depth` folders below it.
fn root_paths(number: usize, line: &str, depth: usize) -> Vec<RootPath> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let paths = line.split(|c| !is_path(c)).filter(|path| path.contains("::"));
    paths
        .filter_map(|path| {
            let mut names = path.split("::").skip_while(|name| name.is_empty()).peekable();
            let mut supers = 0;
            while names.next_if_eq(&"super").is_some() {
                supers += 1;
            }
            let is_rooted = (supers > 0 && supers >= depth)
                || names.next_if(|name| matches!(*name, "crate" | "guiyi")).is_some();
            is_rooted.then(|| RootPath {
                line: number,
                name: names.next().unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

/// Borders that the file of `module` crosses, as `line: what`.
fn crossings(module: &str, depth: usize, text: &str) -> Vec<String> {
    let Some((_, allowed)) = BORDERS.iter().find(|(name, _)| *name == module) else {
        return vec![format!("1: `{module}` has no line in the table of borders")];
    };
    let (text, _) = without_tests(text);
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(at, line)| root_paths(at + 1, line, depth))
        .filter(|path| path.name != module && !allowed.contains(&path.name.as_str()))
        .map(|path| format!("{}: `{module}` names `{}`", path.line, path.name))
        .collect()
}

/// A source file: its path, its module at the root of the crate, and how many modules deep it is.
struct SourceFile {
    path: PathBuf,
    module: String,
    depth: usize,
    text: String,
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every file of `src/` that is compiled outside tests, `lib.rs` left out.
fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut test_files = BTreeSet::new();
    for path in rust_files(&root) {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let mut names: Vec<&str> = inside.iter().map(|name| name.to_str().unwrap()).collect();
        if names == ["lib"] {
            continue;
        }
        names.pop_if(|name| *name == "mod");
        let text = fs::read_to_string(&path).unwrap();
        let folder = root.join(names.join("/"));
        for module in without_tests(&text).1 {
            test_files.insert(folder.join(&module).with_extension("rs"));
            test_files.insert(folder.join(&module).join("mod.rs"));
        }
        files.push(SourceFile {
            module: names[0].to_owned(),
            depth: names.len(),
            path,
            text,
        });
    }
    files.retain(|file| !test_files.contains(&file.path));
    files
}

fn shown(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    path.strip_prefix(root).unwrap().display().to_string()
}

#[test]
fn no_border_is_crossed() {
    let mut found = Vec::new();
    for file in source_files() {
        let crossed = crossings(&file.module, file.depth, &file.text);
        found.extend(
            crossed
                .into_iter()
                .map(|what| format!("{}:{what}", shown(&file.path))),
        );
    }
    assert!(found.is_empty(), "borders crossed:\n{}", found.join("\n"));
}

#[test]
fn every_module_at_the_root_has_its_line_and_every_line_its_module() {
    let modules: BTreeSet<String> = source_files().into_iter().map(|file| file.module).collect();
    let lines: BTreeSet<String> = BORDERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(modules, lines);
    let allowed = BORDERS.iter().flat_map(|(_, allowed)| allowed.iter());
    assert!(allowed.into_iter().all(|name| lines.contains(*name)));
}

#[test]
fn an_injected_sideways_import_is_found_with_its_line() {
    let text = "//! Compare. `crate::score` is named in a comment only.\n\nuse crate::model::RecordIndex;\n\
                use crate::block::Blocks;\n";
    assert_eq!(crossings("compare", 1, text), ["4: `compare` names `block`"]);
    assert_eq!(
        crossings("model", 2, "fn f() -> crate::table::Pool { todo() }"),
        ["1: `model` names `table`"]
    );
    assert_eq!(
        crossings("score", 2, "use super::super::cluster::Clusters;"),
        ["1: `score` names `cluster`"]
    );
    assert_eq!(
        crossings("score", 1, "use super::cluster::Clusters;"),
        ["1: `score` names `cluster`"]
    );
    assert_eq!(
        crossings("block", 1, "use crate::{model, score};"),
        ["1: `block` names ``"]
    );
    assert_eq!(
        crossings("pipeline", 1, "use crate::cli::console;"),
        ["1: `pipeline` names `cli`"]
    );
    assert_eq!(
        crossings("novelty", 1, ""),
        ["1: `novelty` has no line in the table of borders"]
    );
}

#[test]
fn comments_literals_and_tests_are_no_crossings() {
    let text = "/* crate::cli */\nconst A: &str = \"crate::cli::x\";\nconst B: &str = r#\"a \" crate::cli\"#;\n\
                const C: char = '\"'; fn f<'a>(a: &'a str) -> &'a str { a }\nuse super::similarity::nearness;\n\
                #[cfg(test)]\nmod tests {\n    use crate::score::Model;\n    fn g() { if true {} }\n}\n";
    assert_eq!(crossings("compare", 2, text), Vec::<String>::new());
    let behind = "#[cfg(test)]\nmod samples;\nuse crate::cli::Failure;\n";
    assert_eq!(crossings("publish", 1, behind), ["3: `publish` names `cli`"]);
    assert_eq!(without_tests(behind).1, ["samples"]);
}

/// Fails with file and line where one of `words` is in a file that `applies`.
fn check_absent(words: &[&str], applies: impl Fn(&SourceFile) -> bool) {
    let mut found = Vec::new();
    for file in source_files().iter().filter(|file| applies(file)) {
        let (text, _) = without_tests(&file.text);
        for (at, line) in text.lines().enumerate() {
            let named = words.iter().find(|word| line.contains(**word));
            found.extend(named.map(|word| format!("{}:{}: `{word}`", shown(&file.path), at + 1)));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    check_absent(
        &["println!", "eprintln!", "print!(", "eprint!(", "dbg!"],
        |file| !matches!(file.module.as_str(), "cli" | "main"),
    );
}

#[test]
fn stages_know_no_clock_no_environment_and_no_chance() {
    let words = [
        // A length of time is no clock.
        "std::time;",
        "time::Instant",
        "time::SystemTime",
        "UNIX_EPOCH",
        "std::env",
        "rand::",
        "RandomState",
        "Instant::",
        "SystemTime",
        "jiff::",
    ];
    check_absent(&words, |file| {
        let below = BELOW_STAGES.contains(&file.module.as_str());
        below || STAGES.contains(&file.module.as_str())
    });
}

#[test]
fn stages_behind_ingest_open_no_files_and_print_no_maps_in_hash_order() {
    check_absent(
        &[
            "std::fs",
            "File::",
            "std::net",
            "collections::HashMap",
            "collections::HashSet",
        ],
        |file| STAGES[1..].contains(&file.module.as_str()),
    );
}

#[test]
fn chance_comes_in_with_the_encryption_of_exports_only() {
    check_absent(&["use age::", " age::", "(age::", "&age::", "<age::"], |file| {
        file.module != "export"
    });
}

#[test]
fn polars_is_named_in_the_frame_crate_only() {
    let words = ["polars"];
    check_absent(&words, |_| true);
    let manifest = include_str!("../../Cargo.toml");
    let dependencies = manifest.split("\n[").filter(|table| {
        table
            .split(']')
            .next()
            .is_some_and(|name| name.contains("dependencies"))
    });
    assert!(dependencies.into_iter().all(|table| !table.contains("polars")));
}
