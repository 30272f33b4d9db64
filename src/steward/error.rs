//! What can go wrong with the steward's store; messages name places and numbers of decisions, never values.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why decisions cannot be read or kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StewardError {
    /// The file is there and no store, or contradicts itself.
    #[error("`{path}` is damaged: {detail}; restore it from a backup")]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A newer program wrote the store.
    #[error("`{path}` has format {found}, this program knows up to {known}; use the newer program")]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program reads.
        known: i64,
    },
    /// The operating system refused.
    #[error("cannot write or read `{path}`")]
    Io {
        /// The store.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The database refused; the disk may be full.
    #[error("cannot write or read `{path}`")]
    Database {
        /// The store.
        path: PathBuf,
        /// What it said.
        #[source]
        source: rusqlite::Error,
    },
    /// No decision has this number.
    #[error("there is no decision {id}; `guiyi decide list` shows them")]
    UnknownDecision {
        /// The number asked for.
        id: i64,
    },
    /// The decision was undone before.
    #[error("decision {id} has been undone already")]
    UndoneBefore {
        /// The decision.
        id: i64,
    },
    /// A decision, an undoing or a re-key map that says nothing sound.
    #[error("{detail}")]
    Unsound {
        /// What is missing.
        detail: &'static str,
    },
}

/// Who has to act, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StewardErrorKind {
    /// The command named something that cannot serve.
    Usage,
    /// The store is damaged or newer.
    State,
    /// The disk is full.
    Budget,
    /// The operating system refused.
    Environment,
}

impl StewardError {
    /// Who has to act.
    pub fn kind(&self) -> StewardErrorKind {
        match self {
            Self::UnknownDecision { .. } | Self::UndoneBefore { .. } | Self::Unsound { .. } => {
                StewardErrorKind::Usage
            }
            Self::Damaged { .. } | Self::Newer { .. } => StewardErrorKind::State,
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StewardErrorKind::Budget,
                _ => StewardErrorKind::Environment,
            },
            Self::Database { source, .. } => match source.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                    StewardErrorKind::State
                }
                Some(rusqlite::ErrorCode::DiskFull) => StewardErrorKind::Budget,
                _ => StewardErrorKind::Environment,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_under_the_store_has_its_own_kind() {
        let io = |kind| StewardError::Io {
            path: PathBuf::from("steward.db"),
            source: io::Error::from(kind),
        };
        assert_eq!(io(io::ErrorKind::StorageFull).kind(), StewardErrorKind::Budget);
        assert_eq!(
            io(io::ErrorKind::PermissionDenied).kind(),
            StewardErrorKind::Environment
        );
    }
}
