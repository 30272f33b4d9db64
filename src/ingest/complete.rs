//! Is a file delivered whole? Companion files say so (operations.md B7).
//!
//! In: a located file and what its source promises. Out: nothing, or [`IngestError::Incomplete`]. `客户.csv.done` says that
//! `客户.csv` is written to its end and may not be older; `客户.csv.sha256` holds its digest (as `sha256sum` writes it);
//! `客户.csv.rows` holds the number of its rows below the header. Without a companion the row-count guard is what is left.

use super::IngestError;
use super::locate::SourceFile;
use super::open::hash_file;
use super::open::open_plain;

use std::io::Read;
use std::path::PathBuf;

/// Most bytes of a companion that are read.
const COMPANION_BYTES_MAX: u64 = 4_096;

/// What a source promises on each of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompleteWhen {
    /// `<file>.done` is there, and not older than the file.
    Done,
    /// `<file>.sha256` holds its digest.
    Sha256,
    /// `<file>.rows` holds its number of rows.
    Rows,
}

impl CompleteWhen {
    /// Every promise, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Done, Self::Sha256, Self::Rows];

    /// The word in job files, and the ending of the companion.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Sha256 => "sha256",
            Self::Rows => "rows",
        }
    }
}

/// Checks what can be known before a file is read; for [`CompleteWhen::Rows`] gives the number of rows.
pub(super) fn check_before(file: &SourceFile, promise: CompleteWhen) -> Result<Option<u64>, IngestError> {
    let path = companion(file, promise);
    let missing = || incomplete(file, format!("`{}.{}` is not there", file.path, promise.as_str()));
    match promise {
        CompleteWhen::Done => {
            let time = |path: &PathBuf| {
                std::fs::metadata(path)
                    .ok()
                    .and_then(|found| found.modified().ok())
            };
            let done = time(&path).ok_or_else(missing)?;
            if time(&file.real).is_some_and(|written| written > done) {
                return Err(incomplete(file, "it was written to after its companion"));
            }
            Ok(None)
        }
        CompleteWhen::Sha256 => {
            let text = read(file, path).ok_or_else(missing)?;
            let stated = text.split_whitespace().next().unwrap_or_default();
            let (digest, _) = hash_file(file)?;
            match digest.eq_ignore_ascii_case(stated) {
                true => Ok(None),
                false => Err(incomplete(file, "its digest is not that of its companion")),
            }
        }
        CompleteWhen::Rows => {
            let text = read(file, path).ok_or_else(missing)?;
            let rows = text.trim().parse().map_err(|_| {
                incomplete(file, format!("`{}.rows` does not hold a whole number", file.path))
            })?;
            Ok(Some(rows))
        }
    }
}

/// Holds the rows read against the rows promised; totals rows may be counted or not.
pub(super) fn check_rows(
    file: &SourceFile,
    promised: u64,
    read: u64,
    skipped: u64,
) -> Result<(), IngestError> {
    if promised == read || promised + skipped == read {
        return Ok(());
    }
    Err(incomplete(
        file,
        format!("{read} rows were read and its companions promise {promised}"),
    ))
}

fn companion(file: &SourceFile, promise: CompleteWhen) -> PathBuf {
    let mut path = file.real.clone().into_os_string();
    path.push(".");
    path.push(promise.as_str());
    PathBuf::from(path)
}

/// The text of a companion: a plain file, its first bytes.
fn read(file: &SourceFile, path: PathBuf) -> Option<String> {
    let companion = SourceFile {
        real: path,
        ..file.clone()
    };
    let mut bytes = Vec::new();
    let opened = open_plain(&companion).ok()?;
    opened.take(COMPANION_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

fn incomplete(file: &SourceFile, reason: impl Into<String>) -> IngestError {
    let (source_name, file) = file.names();
    IngestError::Incomplete {
        source_name,
        file,
        reason: reason.into(),
    }
}
