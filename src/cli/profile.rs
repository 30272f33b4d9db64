//! `guiyi profile`: what the columns of files hold that were never mapped.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::log;
use crate::cli::reader;
use crate::ingest::Format;
use crate::ingest::IngestError;
use crate::ingest::ProfileOptions;
use crate::model::Language;
use crate::profile;
use crate::profile::Profile;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to profile, one after the other.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder for `<file>.profile.html` and `<file>.profile.json`.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Language of text and page; Chinese when a header is.
    #[arg(long, value_parser = language_named, value_name = "zh|en")]
    language: Option<Language>,
    /// Format, when it is not seen from the file: csv, xlsx, xls, ods, parquet, jsonl.
    #[arg(long, value_parser = format_named)]
    format: Option<Format>,
    /// Encoding, such as gbk, utf-8, utf-16le; found by itself unless given.
    #[arg(long)]
    encoding: Option<String>,
    /// Delimiter, one ASCII character or `\t`; found by itself unless given.
    #[arg(long, value_parser = delimiter_named)]
    delimiter: Option<u8>,
    /// Line or sheet row of the header, from 1; found by itself unless given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    header_row: Option<u32>,
    /// Replace profiles that exist.
    #[arg(long)]
    force: bool,
}

fn language_named(word: &str) -> Result<Language, String> {
    match word {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("must be `zh` or `en`".to_owned()),
    }
}

fn format_named(word: &str) -> Result<Format, String> {
    let words = || Format::ALL.map(Format::as_str).join(", ");
    Format::named(word).ok_or_else(|| format!("must be one of {}", words()))
}

fn delimiter_named(word: &str) -> Result<u8, String> {
    match word.as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'"' => Ok(*byte),
        br"\t" => Ok(b'\t'),
        _ => Err("must be one ASCII character other than the quote, or `\\t`".to_owned()),
    }
}

/// Profiles every file; a file that cannot be read is told and takes no other with it.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let outputs = outputs(&arguments.files);
    let existing = outputs
        .iter()
        .flat_map(|name| paths(&arguments.out, name))
        .find(|path| path.exists());
    if let Some(path) = existing.filter(|_| !arguments.force) {
        let text = format!(
            "`{}` exists; give another `--out`, or `--force` to replace it",
            path.display()
        );
        return Err(Failure::usage(text));
    }
    let options = ProfileOptions {
        format: arguments.format,
        encoding: arguments.encoding.clone(),
        delimiter: arguments.delimiter,
        header_row: arguments.header_row,
        isolation: reader::isolation(),
        ..ProfileOptions::default()
    };
    let mut failures = Vec::new();
    for (file, name) in arguments.files.iter().zip(&outputs) {
        match profile::profile(file, &options) {
            Ok(profile) => show(&profile, arguments, name, quiet)?,
            Err(error) => failures.push(told(&error)),
        }
    }
    let Some(first) = failures.first() else {
        return Ok(0);
    };
    for failure in &failures {
        let human = format!("error: {failure}");
        log::tell(log::Level::Error, "source_unreadable", &human, failure);
    }
    Err(Failure {
        code: 5,
        name: "source_missing",
        message: first.lines().next().unwrap_or_default().to_owned(),
        is_shown: true,
    })
}

/// An error with its causes.
fn told(error: &IngestError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str("\n  because: ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// Name of each file's outputs: its own, with the folder in front and then a number where several files share one.
fn outputs(files: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    let with_folder = |path: &PathBuf| {
        let folder = path.parent().and_then(Path::file_name);
        let folder = folder.map(|folder| format!("{}-", folder.to_string_lossy()));
        format!("{}{}", folder.unwrap_or_default(), name(path))
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        *counts.entry(name(file)).or_default() += 1;
    }
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    files
        .iter()
        .map(|file| {
            let own = if counts[&name(file)] > 1 {
                with_folder(file)
            } else {
                name(file)
            };
            let nth = taken.entry(own.clone()).or_default();
            *nth += 1;
            if *nth > 1 { format!("{own}-{nth}") } else { own }
        })
        .collect()
}

fn paths(folder: &Path, name: &str) -> [PathBuf; 2] {
    ["html", "json"].map(|ending| folder.join(format!("{name}.profile.{ending}")))
}

fn show(profile: &Profile, arguments: &Arguments, name: &str, quiet: bool) -> Result<(), Failure> {
    let by_headers = if profile.has_han_headers {
        Language::Zh
    } else {
        Language::En
    };
    let language = arguments.language.unwrap_or(by_headers);
    let defect = |text: String| Failure {
        code: 1,
        name: "internal",
        message: text,
        is_shown: false,
    };
    let page = profile::render(profile, language).map_err(|error| defect(error.to_string()))?;
    let json = profile::to_json(profile).map_err(|error| defect(error.to_string()))?;
    let folder = &arguments.out;
    let unwritable =
        |path: &Path, error: &io::Error| defect(format!("`{}` cannot be written: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let written = paths(folder, name);
    for (path, text) in written.iter().zip([page, json]) {
        write_private(path, &text).map_err(|error| unwritable(path, &error))?;
    }
    if !quiet {
        let [html, json] = written.map(|path| path.display().to_string());
        console::print(&format!(
            "{}→ {html}\n→ {json}\n",
            profile::terminal(profile, language)
        ));
    }
    Ok(())
}

/// Writes a file that only its owner may read: aside, then renamed.
pub(super) fn write_private(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".aside");
    let aside = PathBuf::from(aside);
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_ref())?;
    file.sync_all()?;
    fs::rename(&aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_get_names_of_their_own() {
        let files = ["a/客户.csv", "b/客户.csv", "b/客户.csv", "x.xlsx"].map(PathBuf::from);
        assert_eq!(
            outputs(&files),
            ["a-客户.csv", "b-客户.csv", "b-客户.csv-2", "x.xlsx"]
        );
    }

    #[test]
    fn words_of_the_command_line_are_checked() {
        assert_eq!(delimiter_named(r"\t"), Ok(b'\t'));
        assert!(delimiter_named("；").is_err() && delimiter_named("\"").is_err());
        assert!(format_named("pdf").is_err_and(|text| text.contains("parquet")));
        assert!(language_named("fr").is_err());
    }
}
