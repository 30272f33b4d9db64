//! What can go wrong with the hub, and which exit code it asks for.
//!
//! Messages name places (path, column, run), never values of records.

use std::io;
use std::path::Path;
use std::path::PathBuf;
use thiserror::Error;

/// Why the hub cannot be read or a run cannot be published.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The hub's path is a file.
    #[error("`{path}` is not a directory; name another hub")]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// Others may write into the hub.
    #[error("`{path}` can be written by other users (mode {mode:o}); run `chmod go-w` on it")]
    OpenToOthers {
        /// The hub.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process works on the hub.
    #[error("the hub is locked by {holder}; wait until it ends")]
    Locked {
        /// Process, host and start of the holder, as it wrote them.
        holder: String,
    },
    /// A file of the hub contradicts itself or its manifest.
    #[error("`{path}` is damaged: {detail}; restore it from a backup or publish an earlier run")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A newer program wrote the hub.
    #[error("`{path}` has format {found}, this program knows up to {known}; use the newer program")]
    Newer {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this program reads.
        known: u32,
    },
    /// No sealed run has this id.
    #[error("the hub has no run `{run_id}`")]
    UnknownRun {
        /// The id asked for.
        run_id: String,
    },
    /// A sealed run cannot become the published one.
    #[error("run `{run_id}` cannot be published: {reason}")]
    NotPublishable {
        /// The run.
        run_id: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A run id or file name that could leave its directory.
    #[error("`{name}` is not a safe name; use letters, digits, `.`, `-` and `_`, not beginning with `.`")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// A run of this id was sealed before.
    #[error("run `{run_id}` exists already; choose another run id")]
    RunExists {
        /// The id.
        run_id: String,
    },
    /// A file of the run would be written twice.
    #[error("file `{name}` of the run is written twice")]
    FileTwice {
        /// Its name.
        name: String,
    },
    /// The operating system refused.
    #[error("cannot write or read `{path}`")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A Parquet file could not be written or read.
    #[error(transparent)]
    Frame(#[from] frame::FrameError),
    /// Columns do not make a table.
    #[error("table `{table}` cannot be built")]
    Table {
        /// The published table.
        table: &'static str,
        /// What does not fit.
        #[source]
        source: frame::TableError,
    },
    /// A workbook could not be made.
    #[error("cannot make workbook `{path}`")]
    Workbook {
        /// The workbook.
        path: PathBuf,
        /// What the writer said.
        #[source]
        source: Box<rust_xlsxwriter::XlsxError>,
    },
    /// Scratch files of a workbook could not be written.
    #[error("cannot make workbook `{path}`: its scratch files cannot be written; is the disk full?")]
    WorkbookScratch {
        /// The workbook.
        path: PathBuf,
    },
}

/// Who has to act, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishErrorKind {
    /// The user named something that cannot serve: exit code 2.
    Usage,
    /// The hub's state is damaged or newer: exit code 10.
    State,
    /// Another run holds the hub: exit code 11.
    Locked,
    /// The disk is full: exit code 12.
    Budget,
    /// The operating system refused: exit code 1.
    Environment,
    /// A fault of this program: exit code 1.
    Defect,
}

impl PublishErrorKind {
    /// The program's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::State => 10,
            Self::Locked => 11,
            Self::Budget => 12,
            Self::Environment | Self::Defect => 1,
        }
    }
}

impl PublishError {
    /// Who has to act.
    pub fn kind(&self) -> PublishErrorKind {
        match self {
            Self::NotADirectory { .. }
            | Self::OpenToOthers { .. }
            | Self::UnknownRun { .. }
            | Self::NotPublishable { .. } => PublishErrorKind::Usage,
            Self::Damaged { .. } | Self::Newer { .. } => PublishErrorKind::State,
            Self::Locked { .. } => PublishErrorKind::Locked,
            Self::WorkbookScratch { .. } => PublishErrorKind::Budget,
            Self::Io { source, .. } => kind_of_io(source),
            Self::Frame(frame::FrameError::Io { source, .. }) => kind_of_io(source),
            Self::Workbook { source, .. } => kind_of_workbook(source),
            Self::Frame(_)
            | Self::Table { .. }
            | Self::UnsafeName { .. }
            | Self::RunExists { .. }
            | Self::FileTwice { .. } => PublishErrorKind::Defect,
        }
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    pub(super) fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_path_buf(),
            detail: detail.into(),
        }
    }

    pub(super) fn table(table: &'static str) -> impl FnOnce(frame::TableError) -> Self {
        move |source| Self::Table { table, source }
    }

    pub(super) fn workbook(path: &Path) -> impl FnOnce(rust_xlsxwriter::XlsxError) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Workbook {
            path,
            source: Box::new(source),
        }
    }
}

fn kind_of_io(error: &io::Error) -> PublishErrorKind {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::OutOfMemory => {
            PublishErrorKind::Budget
        }
        _ => PublishErrorKind::Environment,
    }
}

fn kind_of_workbook(error: &rust_xlsxwriter::XlsxError) -> PublishErrorKind {
    match error {
        rust_xlsxwriter::XlsxError::IoError(error) | rust_xlsxwriter::XlsxError::TempFileError(_, error) => {
            kind_of_io(error)
        }
        _ => PublishErrorKind::Defect,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_a_lock_and_damage_have_codes_of_their_own() {
        let path = Path::new("hub");
        let full = PublishError::io(path)(io::Error::from(io::ErrorKind::StorageFull));
        let denied = PublishError::io(path)(io::Error::from(io::ErrorKind::PermissionDenied));
        let locked = PublishError::Locked {
            holder: "pid 1".to_owned(),
        };
        let damaged = PublishError::damaged(path, "no run id");
        let codes = [full, denied, locked, damaged].map(|error| error.kind().exit_code());
        assert_eq!(codes, [12, 1, 11, 10]);
    }
}
