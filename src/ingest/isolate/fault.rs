//! The errors of a reader on their way to the process that started it.
//!
//! In: an [`IngestError`] about one file. Out: the same, with the names that the starting process gave the file. Errors
//! that only a sink or the job can make do not occur here; should one, its sentence is kept.

use super::super::IngestError;
use super::super::locate::SourceFile;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::io;

type Words = Cow<'static, str>;

/// An error without the names of source and file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Fault {
    Missing,
    Permission,
    NotAFile,
    Link,
    Empty,
    Encrypted,
    NoHeader,
    Io(Option<i32>),
    Damaged(String),
    Settings(String),
    WrongMagic {
        expected: Words,
        hint: Words,
    },
    TooLarge {
        what: Words,
        limit: u64,
    },
    Pattern {
        pattern: String,
        reason: String,
    },
    NoSheet {
        pattern: String,
        nearest: Option<String>,
    },
}

impl From<IngestError> for Fault {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Missing { .. } => Self::Missing,
            IngestError::Permission { .. } => Self::Permission,
            IngestError::NotAFile { .. } => Self::NotAFile,
            IngestError::Link { .. } => Self::Link,
            IngestError::Empty { .. } => Self::Empty,
            IngestError::Encrypted { .. } => Self::Encrypted,
            IngestError::NoHeader { .. } => Self::NoHeader,
            IngestError::Io { cause, .. } => Self::Io(cause.raw_os_error()),
            IngestError::Damaged { reason, .. } => Self::Damaged(reason),
            IngestError::Settings { reason, .. } => Self::Settings(reason),
            IngestError::WrongMagic { expected, hint, .. } => Self::WrongMagic { expected, hint },
            IngestError::TooLarge { what, limit, .. } => Self::TooLarge { what, limit },
            IngestError::Pattern { pattern, reason, .. } => Self::Pattern { pattern, reason },
            IngestError::NoSheet { pattern, nearest, .. } => Self::NoSheet { pattern, nearest },
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl Fault {
    /// The error about `file`.
    pub(super) fn into_error(self, file: &SourceFile) -> IngestError {
        let (source_name, path) = file.names();
        let file_name = path;
        match self {
            Self::Missing => IngestError::Missing {
                source_name,
                file: file_name,
            },
            Self::Permission => IngestError::Permission {
                source_name,
                file: file_name,
            },
            Self::NotAFile => IngestError::NotAFile {
                source_name,
                file: file_name,
            },
            Self::Link => IngestError::Link {
                source_name,
                file: file_name,
            },
            Self::Empty => file.empty(),
            Self::Encrypted => IngestError::Encrypted {
                source_name,
                file: file_name,
            },
            Self::NoHeader => IngestError::NoHeader {
                source_name,
                file: file_name,
            },
            Self::Io(code) => {
                let unknown = || io::Error::other("the reader could not read it");
                IngestError::Io {
                    source_name,
                    file: file_name,
                    cause: code.map_or_else(unknown, io::Error::from_raw_os_error),
                }
            }
            Self::Damaged(reason) => file.damaged(reason),
            Self::Settings(reason) => IngestError::Settings { source_name, reason },
            Self::WrongMagic { expected, hint } => IngestError::WrongMagic {
                source_name,
                file: file_name,
                expected,
                hint,
            },
            Self::TooLarge { what, limit } => IngestError::TooLarge {
                source_name,
                file: file_name,
                what,
                limit,
            },
            Self::Pattern { pattern, reason } => IngestError::Pattern {
                source_name,
                pattern,
                reason,
            },
            Self::NoSheet { pattern, nearest } => IngestError::NoSheet {
                source_name,
                file: file_name,
                pattern,
                nearest,
            },
        }
    }
}
