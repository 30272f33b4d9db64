//! From files and folders to sources.
//!
//! In: paths as the user names them. Out: groups of files that are one export each: same folder, same format, same
//! headers; with the patterns that the job file will name, and a name for the source. Files that cannot be profiled are
//! listed with the reason.

use crate::ingest::FileProfile;
use crate::ingest::Format;
use crate::plan::propose::Profiler;
use crate::text::pinyin::reading;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// Folders below a named one that are searched.
const DEPTH_MAX: usize = 4;

/// One export: files that are read alike.
#[derive(Debug)]
pub(super) struct Group {
    /// Folder of the files.
    pub(super) folder: PathBuf,
    /// Files with their profiles, by path.
    pub(super) files: Vec<(PathBuf, FileProfile)>,
    /// Was the folder named, rather than the files?
    pub(super) is_folder: bool,
}

impl Group {
    /// The profile of the file with the most rows.
    pub(super) fn widest(&self) -> &FileProfile {
        let mut best = &self.files[0].1;
        for (_, profile) in &self.files {
            if profile.rows > best.rows {
                best = profile;
            }
        }
        best
    }
}

/// A file that cannot be profiled, and why.
pub(super) type Unread = (PathBuf, String);

/// Profiles the files and puts those that are one export together.
pub(super) fn group(paths: &[PathBuf], profiler: Profiler<'_>) -> (Vec<Group>, Vec<Unread>) {
    let mut unread = Vec::new();
    let mut groups: BTreeMap<(PathBuf, Format, BTreeSet<String>), Group> = BTreeMap::new();
    for (path, is_folder) in expanded(paths) {
        let seen = match profiler(&path) {
            Ok(seen) => seen,
            Err(error) => {
                unread.push((path, error.to_string()));
                continue;
            }
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let headers = seen.columns.iter().map(|column| column.header.clone()).collect();
        let group = groups
            .entry((folder.clone(), seen.format, headers))
            .or_insert_with(|| Group {
                folder,
                files: Vec::new(),
                is_folder: true,
            });
        group.is_folder &= is_folder;
        group.files.push((path, seen));
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| a.files[0].0.cmp(&b.files[0].0));
    (groups, unread)
}

/// Files of the paths, sorted, each once, with the answer whether it came from a folder.
fn expanded(paths: &[PathBuf]) -> Vec<(PathBuf, bool)> {
    let mut files = BTreeMap::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            collect(path, 0, &mut found);
            for file in found {
                files.entry(file).or_insert(true);
            }
        } else {
            files.insert(path.clone(), false);
        }
    }
    files.into_iter().collect()
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() && depth < DEPTH_MAX {
            collect(&path, depth + 1, files);
        } else if path.is_file() && is_export(&name) {
            files.push(path);
        }
    }
}

/// Endings of files that a folder is searched for.
fn is_export(name: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        "csv", "tsv", "txt", "tab", "psv", "xlsx", "xlsm", "xls", "ods", "parquet", "jsonl", "ndjson", "json",
    ];
    let name = name.to_lowercase();
    let bare = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".zst"))
        .unwrap_or(&name);
    bare.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// Patterns of a group, relative to `base`: one glob for a whole folder, else the files.
pub(super) fn patterns(group: &Group, groups: &[Group], base: &Path) -> Vec<String> {
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().into_owned())
    };
    let endings: BTreeSet<Option<String>> = group.files.iter().map(|(path, _)| ending(path)).collect();
    let others = groups
        .iter()
        .filter(|other| !std::ptr::eq(*other, group) && other.folder == group.folder);
    let is_shared = others
        .flat_map(|other| &other.files)
        .any(|(path, _)| endings.contains(&ending(path)));
    let is_glob = (group.is_folder || group.files.len() > 1) && !is_shared;
    if let (true, Some(Some(ending)), 1) = (is_glob, endings.first(), endings.len()) {
        let folder = glob::Pattern::escape(&relative(&group.folder, base));
        let slash = if folder.is_empty() { "" } else { "/" };
        return vec![format!("{folder}{slash}*.{ending}")];
    }
    group
        .files
        .iter()
        .map(|(path, _)| glob::Pattern::escape(&relative(path, base)))
        .collect()
}

/// `path` as seen from the folder `base`, with `/` on every platform.
pub(super) fn relative(path: &Path, base: &Path) -> String {
    let parts = |path: &Path| -> Vec<String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let mut parts: Vec<String> = Vec::new();
        for component in path.components() {
            match component {
                Component::ParentDir if parts.len() > 1 => drop(parts.pop()),
                Component::CurDir | Component::ParentDir => {}
                other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        parts
    };
    let (path, base) = (parts(path), parts(base));
    let shared = path.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), base.len() - shared);
    up.chain(path[shared..].iter().cloned())
        .collect::<Vec<_>>()
        .join("/")
}

/// A name for each group: the file's stem or the folder's name, in ASCII, each once.
pub(super) fn names(groups: &[Group], base: &Path) -> Vec<String> {
    let stems: Vec<Option<String>> = groups
        .iter()
        .map(|group| (group.files.len() == 1).then(|| stem(group)))
        .collect();
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let folder = group
            .folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let is_alone = stems.iter().filter(|stem| **stem == stems[at]).count() == 1;
        let has_neighbours = groups.iter().filter(|other| other.folder == group.folder).count() > 1;
        let first = stems[at].clone().filter(|_| {
            is_alone && (!group.is_folder || has_neighbours || relative(&group.folder, base).is_empty())
        });
        let wanted = [first, Some(folder), stems[at].clone()];
        let name = wanted
            .into_iter()
            .flatten()
            .map(|name| ascii(&name))
            .find(|name| !name.is_empty() && !taken.contains(name));
        let name = name.unwrap_or_else(|| numbered(&taken));
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

fn stem(group: &Group) -> String {
    let name = group.files[0]
        .0
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or_default()
        .to_owned()
}

fn numbered(taken: &BTreeSet<String>) -> String {
    let mut number = 1;
    loop {
        let name = format!("source{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// Lower-case ASCII letters, digits and underscores; Han as pinyin.
fn ascii(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match reading(c) {
            _ if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            Some(reading) => out.push_str(reading),
            None if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            None => {}
        }
    }
    out.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_job() {
        let base = Path::new("/jobs/night");
        assert_eq!(relative(Path::new("/jobs/night/a/b.csv"), base), "a/b.csv");
        assert_eq!(relative(Path::new("/data/x.csv"), base), "../../data/x.csv");
        assert_eq!(relative(Path::new("/jobs/night"), base), "");
        assert_eq!(relative(Path::new("/jobs/other/../night/c.csv"), base), "c.csv");
    }

    #[test]
    fn names_are_ascii() {
        assert_eq!(ascii("华东公司 2026"), "huadonggongsi_2026");
        assert_eq!(ascii("CRM-Export (north)"), "crm_export_north");
    }

    #[test]
    fn only_exports_are_taken_from_folders() {
        assert!(is_export("a.CSV") && is_export("b.jsonl.gz"));
        assert!(!is_export("README.md") && !is_export("csv"));
    }
}
