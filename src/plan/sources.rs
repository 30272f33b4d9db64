//! Compares a plan with the files it names, before a run.
//!
//! In: a plan. Out: every file that is missing or unreadable and every column that a header lacks, as faults at the
//! place where the job file names it. Files are profiled, not read to the end of their meaning: bad rows are found by
//! `ingest`.

use crate::ingest::FileProfile;
use crate::ingest::IngestError;
use crate::ingest::ProfileOptions;
use crate::ingest::SourceSettings;
use crate::ingest::profile;
use crate::plan::JobFaults;
use crate::plan::Plan;
use crate::plan::SourcePlaces;
use crate::plan::faults::FaultList;
use crate::plan::faults::nearest;
use std::error::Error;
use std::path::Path;
use std::path::PathBuf;

/// Looks at every file of every source.
///
/// # Errors
/// [`JobFaults`] with every pattern of a required source that no file matches, every file that cannot be read, and
/// every column of the job that a file lacks.
pub fn check_sources(plan: &Plan) -> Result<(), JobFaults> {
    let mut faults = FaultList::default();
    let nowhere = SourcePlaces::default();
    for source in &plan.ingest.sources {
        let places = plan.places.sources.get(&source.name).unwrap_or(&nowhere);
        check_source(plan, source, places, &mut faults);
    }
    faults.into_result(&plan.job, &plan.places.text)
}

fn check_source(plan: &Plan, source: &SourceSettings, places: &SourcePlaces, faults: &mut FaultList) {
    for (pattern, span) in source.patterns.iter().zip(&places.files) {
        let files = files_of(&plan.ingest.base, pattern);
        if files.is_empty() && source.required {
            let message = format!("source `{}`: no file matches `{pattern}`", source.name);
            let hint = "correct the pattern, deliver the files, or set `required = false`";
            faults.add_hint(span.clone(), message, hint);
        }
        for file in files {
            match profile(&file, &options(plan, source)) {
                Ok(seen) => check_columns(source, &seen, &file, places, faults),
                Err(error) => faults.add(span.clone(), with_causes(&error, source, &file)),
            }
        }
    }
}

fn options(plan: &Plan, source: &SourceSettings) -> ProfileOptions {
    ProfileOptions {
        format: source.format,
        encoding: source.encoding.clone(),
        delimiter: source.delimiter,
        header_row: source.header_row,
        header: source.header.clone(),
        samples_max: 0,
        exact_rows_max: 0,
        limits: plan.ingest.limits,
        isolation: plan.ingest.isolation.clone(),
        follow_links: source.follow_links,
    }
}

/// Files of a pattern, sorted; a folder stands for its files, as in `ingest`.
fn files_of(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let escaped_base = glob::Pattern::escape(&base.to_string_lossy());
    let full = Path::new(&escaped_base).join(pattern);
    let Ok(found) = glob::glob(&full.to_string_lossy()) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in found.filter_map(Result::ok) {
        if path.is_dir() {
            files.extend(visible_files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn visible_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect()
}

fn check_columns(
    source: &SourceSettings,
    seen: &FileProfile,
    file: &Path,
    places: &SourcePlaces,
    faults: &mut FaultList,
) {
    let headers: Vec<&str> = seen.columns.iter().map(|column| column.header.as_str()).collect();
    let is_there = |column: &str| headers.iter().any(|header| is_same_header(header, column));
    // Where nothing is as expected, the row may be no header but the first customer: its cells are not shown.
    let is_header = places.columns.iter().any(|(column, _)| is_there(column));
    for (column, span) in &places.columns {
        if is_there(column) {
            continue;
        }
        let name = file_name(file);
        let message = format!("source `{}`: file `{name}` has no column `{column}`", source.name);
        match nearest(column, headers.iter().copied()) {
            Some(header) => faults.add_hint(span.clone(), message, format!("did you mean `{header}`?")),
            None if is_header => {
                let hint = format!("its columns are {}", some(&headers));
                faults.add_hint(span.clone(), message, hint);
            }
            None => faults.add_hint(span.clone(), message, "`guiyi profile FILE` shows its columns"),
        }
    }
}

/// Headers are the same with or without the unit in brackets.
fn is_same_header(header: &str, column: &str) -> bool {
    let bare = |text: &str| {
        text.split(['(', '（', '[', '【'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let (header, column) = (header.trim(), column.trim());
    header == column || (bare(header) == column && !column.is_empty()) || header == bare(column)
}

fn some(headers: &[&str]) -> String {
    const SHOWN: usize = 20;
    let shown = crate::plan::faults::listed(&headers[..headers.len().min(SHOWN)]);
    if headers.len() > SHOWN {
        format!("{shown} and {} more", headers.len() - SHOWN)
    } else {
        shown
    }
}

fn file_name(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The message of `error` and its causes, for the source of the job instead of the file's stem.
fn with_causes(error: &IngestError, source: &SourceSettings, file: &Path) -> String {
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = error.to_string();
    let mut text = match text.strip_prefix(&format!("source `{stem}`: ")) {
        Some(rest) => format!("source `{}`: {rest}", source.name),
        None => text,
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
