//! What can go wrong with a table, a file or a stream.
//!
//! Messages name places (path, column), never values: a damaged export still holds personal data.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use thiserror::Error;

/// Why columns do not make a table, or a text pool is not sound.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableError {
    /// Two columns of one table differ in length.
    #[error("column `{column}` has {rows} rows where the table has {expected}")]
    UnequalLength {
        /// The first column that differs from the first one.
        column: String,
        /// Its length.
        rows: usize,
        /// The length of the first column.
        expected: usize,
    },
    /// Two columns of one table have the same name.
    #[error("column `{column}` occurs twice")]
    DuplicateColumn {
        /// The name in question.
        column: String,
    },
    /// A column is asked for that the table lacks.
    #[error("column `{column}` does not exist")]
    UnknownColumn {
        /// The name in question.
        column: String,
    },
    /// Key columns of two joined tables have different types.
    #[error("column `{column}` has another type in the second table")]
    UnlikeTypes {
        /// The name in question.
        column: String,
    },
    /// The offsets of a text pool do not rise from 0 to its length on character borders, or its bytes are not UTF-8.
    #[error("text pool is not sound at entry {entry}")]
    UnsoundPool {
        /// The entry at fault; 0 when the whole is at fault.
        entry: usize,
    },
    /// A code of a text column lies outside its pool.
    #[error("code at row {row} lies outside the text pool")]
    CodeOutsidePool {
        /// The row of the code.
        row: usize,
    },
}

/// Why a file or stream could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The operating system refused.
    #[error("cannot access `{path}`")]
    Io {
        /// The file, or `(stream)`.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file does not begin and end like Parquet: another format, or cut short.
    #[error("`{path}` is not a complete Parquet file; was the upload cut short?")]
    NotParquet {
        /// The file.
        path: PathBuf,
    },
    /// The bytes contradict themselves or the format.
    #[error("`{path}` is damaged: {detail}")]
    Damaged {
        /// The file, or `(stream)`.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A column has a type this crate does not carry.
    #[error(
        "`{path}` column `{column}` has the type {type_name}, which cannot be read; export it as text or number"
    )]
    UnsupportedType {
        /// The file, or `(stream)`.
        path: PathBuf,
        /// The column.
        column: String,
        /// The type as Arrow names it.
        type_name: String,
    },
    /// A column without declared text type holds bytes that are not UTF-8.
    #[error("`{path}` column `{column}` holds binary values; export it as text")]
    BinaryColumn {
        /// The file, or `(stream)`.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A column is asked for that the file lacks.
    #[error("`{path}` has no column `{column}`")]
    UnknownColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A table given to a writer has other columns than the first one.
    #[error("`{path}` is being written with other columns than `{column}` here")]
    UnlikeColumns {
        /// The file.
        path: PathBuf,
        /// The first column that differs; empty when one is missing.
        column: String,
    },
    /// A table without columns cannot be written.
    #[error("`{path}` would have no columns")]
    NoColumns {
        /// The file, or `(stream)`.
        path: PathBuf,
    },
    /// The encoder failed; a defect, or a value beyond the format's limits.
    #[error("cannot encode `{path}`: {detail}")]
    Encode {
        /// The file, or `(stream)`.
        path: PathBuf,
        /// What the encoder said.
        detail: String,
    },
    /// Columns read do not make a table.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl FrameError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    pub(crate) fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_path_buf(),
            detail: detail.into(),
        }
    }

    pub(crate) fn encode(path: &Path, detail: impl Into<String>) -> Self {
        Self::Encode {
            path: path.to_path_buf(),
            detail: detail.into(),
        }
    }
}
