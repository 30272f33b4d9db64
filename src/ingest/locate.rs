//! Which files a pattern of the job names.
//!
//! In: the job's folder and the patterns of one source. Out: regular files, sorted by their path as in the job. A
//! pattern is a file, a folder (its files of known endings, not those of folders inside) or a glob. Links that leave
//! the folder the job names, devices and FIFOs are refused, and so is every other link unless the source may have them
//! (operations.md R13); a folder that the job names in full may be a link itself. What is in the files is left to
//! `open`.

use super::IngestError;
use super::settings::SourceSettings;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// Endings read from folders; other files there are left alone.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "tab", "psv", "xlsx", "xlsm", "xls", "ods", "parquet", "jsonl", "ndjson", "json",
];

/// A file of a source, and the names it has in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceFile {
    /// Source in the job.
    pub(super) source: String,
    /// Path as in the job.
    pub(super) path: String,
    /// Path on this machine, links resolved.
    pub(super) real: PathBuf,
}

impl SourceFile {
    /// The error of an operation on this file.
    pub(super) fn io_error(&self, cause: io::Error) -> IngestError {
        let (source_name, file) = self.names();
        match cause.kind() {
            io::ErrorKind::NotFound => IngestError::Missing { source_name, file },
            io::ErrorKind::PermissionDenied => IngestError::Permission { source_name, file },
            _ => IngestError::Io {
                source_name,
                file,
                cause,
            },
        }
    }

    /// The file breaks off or contradicts itself.
    pub(super) fn damaged(&self, reason: impl Into<String>) -> IngestError {
        let (source_name, file) = self.names();
        IngestError::Damaged {
            source_name,
            file,
            reason: reason.into(),
        }
    }

    /// The file is above a limit.
    pub(super) fn too_large(&self, what: &'static str, limit: u64) -> IngestError {
        let (source_name, file) = self.names();
        IngestError::TooLarge {
            source_name,
            file,
            what: what.into(),
            limit,
        }
    }

    /// The file holds nothing.
    pub(super) fn empty(&self) -> IngestError {
        let (source_name, file) = self.names();
        IngestError::Empty { source_name, file }
    }

    /// Source and path, for the fields of an error.
    pub(super) fn names(&self) -> (String, String) {
        (self.source.clone(), self.path.clone())
    }

    /// File name without its endings: `客户` of `export/客户.csv.gz`.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path);
        let plain = strip_ending(name, &["gz", "zst"]);
        match plain.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => plain,
        }
    }

    /// Last ending in lower case, that of the compression left out: `csv` of `客户.CSV.gz`.
    pub(super) fn ending(&self) -> String {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path);
        let plain = strip_ending(name, &["gz", "zst"]);
        plain
            .rsplit_once('.')
            .map_or_else(String::new, |(_, ending)| ending.to_lowercase())
    }
}

fn strip_ending<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    match name.rsplit_once('.') {
        Some((rest, ending)) if endings.iter().any(|e| e.eq_ignore_ascii_case(ending)) => rest,
        _ => name,
    }
}

/// The files of a source, each once, sorted by path as in the job.
pub(super) fn locate(
    base: &Path,
    source: &SourceSettings,
    files_max: usize,
) -> Result<Vec<SourceFile>, IngestError> {
    // The folder of a job file named without one.
    let base = if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        base
    };
    let mut found: BTreeMap<PathBuf, SourceFile> = BTreeMap::new();
    for pattern in &source.patterns {
        for path in expand(base, source, pattern)? {
            let file = resolve(base, source, pattern, &path)?;
            let known = found.entry(file.real.clone()).or_insert_with(|| file.clone());
            // A file that two patterns name has the smaller of its names, whatever the order of the patterns.
            if file.path < known.path {
                *known = file;
            }
            if found.len() > files_max {
                return Err(IngestError::TooManyFiles {
                    source_name: source.name.clone(),
                    limit: files_max,
                });
            }
        }
    }
    if found.is_empty() {
        return Err(IngestError::Settings {
            source_name: source.name.clone(),
            reason: "no file is named; add its path to `files`".to_owned(),
        });
    }
    let mut files: Vec<SourceFile> = found.into_values().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Paths a pattern stands for. A literal path comes back as it is, whether it exists or not.
fn expand(base: &Path, source: &SourceSettings, pattern: &str) -> Result<Vec<PathBuf>, IngestError> {
    let full = base.join(pattern);
    let metadata = fs::metadata(&full);
    if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
        let inside = files_of_folder(&full).map_err(|cause| bare(source, pattern).io_error(cause))?;
        return none_is_an_error(inside, source, pattern);
    }
    if metadata.is_ok() || !pattern.contains(['*', '?', '[']) {
        return Ok(vec![full]);
    }
    let escaped = format!("{}/{pattern}", glob::Pattern::escape(&base.to_string_lossy()));
    let text = if Path::new(pattern).is_absolute() {
        pattern
    } else {
        &escaped
    };
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let paths = glob::glob_with(text, options).map_err(|error| IngestError::Pattern {
        source_name: source.name.clone(),
        pattern: pattern.to_owned(),
        reason: error.msg.to_owned(),
    })?;
    let mut matched = Vec::new();
    for path in paths {
        let path = path.map_err(|error| bare(source, pattern).io_error(error.into()))?;
        if !is_lock_file(&path) && !path.is_dir() {
            matched.push(path);
        }
    }
    none_is_an_error(matched, source, pattern)
}

fn none_is_an_error(
    paths: Vec<PathBuf>,
    source: &SourceSettings,
    pattern: &str,
) -> Result<Vec<PathBuf>, IngestError> {
    if paths.is_empty() {
        return Err(IngestError::NothingMatches {
            source_name: source.name.clone(),
            pattern: pattern.to_owned(),
        });
    }
    Ok(paths)
}

fn files_of_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let plain = strip_ending(&name, &["gz", "zst"]);
        let ending = plain
            .rsplit_once('.')
            .map_or("", |(_, ending)| ending)
            .to_lowercase();
        if ENDINGS.contains(&ending.as_str()) && !is_lock_file(&path) && !path.is_dir() {
            files.push(path);
        }
    }
    Ok(files)
}

/// Hidden files and the owner files that office programs leave beside an open workbook.
fn is_lock_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.starts_with("~$")
}

fn bare(source: &SourceSettings, pattern: &str) -> SourceFile {
    SourceFile {
        source: source.name.clone(),
        path: pattern.to_owned(),
        real: PathBuf::new(),
    }
}

/// Checks one path and gives it its names.
fn resolve(
    base: &Path,
    source: &SourceSettings,
    pattern: &str,
    path: &Path,
) -> Result<SourceFile, IngestError> {
    let shown = path.strip_prefix(base).unwrap_or(path);
    let mut file = bare(source, &shown.to_string_lossy());
    file.real = fs::canonicalize(path).map_err(|cause| file.io_error(cause))?;
    let root = root_of(base, pattern);
    // A glob gives paths without the `./` that they were asked with.
    let plain = root.strip_prefix(".").unwrap_or(&root);
    let inside = path
        .strip_prefix(".")
        .unwrap_or(path)
        .strip_prefix(plain)
        .map(Path::to_path_buf);
    let root = fs::canonicalize(&root).map_err(|cause| file.io_error(cause))?;
    let is_direct = inside.is_ok_and(|inside| file.real == root.join(inside));
    let (source_name, path) = file.names();
    if !file.real.starts_with(&root) {
        return Err(IngestError::LeavesBase {
            source_name,
            file: path,
        });
    }
    if !source.follow_links && !is_direct {
        return Err(IngestError::Link {
            source_name,
            file: path,
        });
    }
    let metadata = fs::metadata(&file.real).map_err(|cause| file.io_error(cause))?;
    if !metadata.is_file() {
        return Err(IngestError::NotAFile {
            source_name,
            file: path,
        });
    }
    Ok(file)
}

/// The folder that files of a pattern may not leave: the job's folder, or, for a pattern that names a place outside
/// it, the folder that is written out before the first wildcard.
fn root_of(base: &Path, pattern: &str) -> PathBuf {
    let path = Path::new(pattern);
    let leaves = path.is_absolute() || path.components().any(|part| part == Component::ParentDir);
    if !leaves {
        return base.to_path_buf();
    }
    let full = base.join(pattern);
    if full.is_dir() {
        return full;
    }
    let mut root = PathBuf::new();
    let parent = full.parent().unwrap_or(base);
    for part in parent.components() {
        if part.as_os_str().to_string_lossy().contains(['*', '?', '[']) {
            break;
        }
        root.push(part);
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::settings::RecordKey;
    use std::fs::write;

    fn source(patterns: &[&str]) -> SourceSettings {
        SourceSettings::new("甲", patterns, RecordKey::Row)
    }

    fn paths(base: &Path, patterns: &[&str]) -> Result<Vec<String>, IngestError> {
        Ok(locate(base, &source(patterns), 100)?
            .into_iter()
            .map(|f| f.path)
            .collect())
    }

    #[test]
    fn folders_globs_and_files_are_found_once_and_in_order() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.csv", "一月.csv", "a.xlsx", "~$a.xlsx", ".c.csv", "notes.md"] {
            write(dir.path().join(name), "x").unwrap();
        }
        assert_eq!(
            paths(dir.path(), &["*.csv", "b.csv"]).unwrap(),
            ["b.csv", "一月.csv"]
        );
        assert_eq!(
            paths(dir.path(), &["."]).unwrap(),
            ["a.xlsx", "b.csv", "一月.csv"].map(|n| n.to_owned())
        );
        // A job named without a folder: tests stand in that of the crate.
        for pattern in ["Cargo.tom*", "./Cargo.tom*", "Cargo.toml", "./Cargo.toml"] {
            assert_eq!(paths(Path::new(""), &[pattern]).unwrap().len(), 1, "{pattern}");
        }
        let outside = dir.path().join("b.csv").display().to_string();
        assert_eq!(paths(Path::new("/"), &[&outside]).unwrap().len(), 1);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(
            paths(dir.path(), &["无.csv"]),
            Err(IngestError::Missing { .. })
        ));
        assert!(matches!(
            paths(dir.path(), &["*.csv"]),
            Err(IngestError::NothingMatches { .. })
        ));
        assert!(matches!(
            paths(dir.path(), &["[.csv"]),
            Err(IngestError::Pattern { .. })
        ));
        assert!(matches!(
            paths(dir.path(), &[]),
            Err(IngestError::Settings { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_leave_the_folder_and_devices_are_refused() {
        let outside = tempfile::tempdir().unwrap();
        let dir = tempfile::tempdir().unwrap();
        write(outside.path().join("secret.csv"), "x").unwrap();
        write(dir.path().join("real.csv"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.csv"), dir.path().join("link.csv")).unwrap();
        std::os::unix::fs::symlink("real.csv", dir.path().join("inner.csv")).unwrap();
        assert!(matches!(
            paths(dir.path(), &["link.csv"]),
            Err(IngestError::LeavesBase { .. })
        ));
        assert!(matches!(
            paths(dir.path(), &["inner.csv"]),
            Err(IngestError::Link { .. })
        ));
        let mut following = source(&["inner.csv", "link.csv"]);
        following.follow_links = true;
        assert!(matches!(
            locate(dir.path(), &following, 9),
            Err(IngestError::LeavesBase { .. })
        ));
        following.patterns.pop();
        assert_eq!(locate(dir.path(), &following, 9).unwrap()[0].path, "inner.csv");
        assert!(matches!(
            paths(dir.path(), &["/dev/null"]),
            Err(IngestError::NotAFile { .. })
        ));
    }

    #[test]
    fn stems_and_endings_see_through_compression() {
        let file = |path: &str| bare(&source(&[]), path);
        assert_eq!(file("导出/客户.CSV.gz").stem(), "客户");
        assert_eq!(file("导出/客户.CSV.gz").ending(), "csv");
        assert_eq!(
            (file("a.b.xlsx").stem(), file("README").stem()),
            ("a.b", "README")
        );
    }
}
