//! Why an export cannot be made.

use crate::publish::PublishError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A fault of an export; nothing of it stays behind.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The role gets the rows of one source, and none was named.
    #[error("role `{role}` gets the rows of one source; name it with `--source`")]
    SourceMissing {
        /// The role.
        role: String,
    },
    /// The run has no such source.
    #[error("the run has no records of source `{source_name}`; it has {known}")]
    UnknownSource {
        /// The source asked for.
        source_name: String,
        /// Those that there are.
        known: String,
    },
    /// The key file of pseudonyms cannot be used.
    #[error("the key file `{}` cannot be used: {reason}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A text is no key that can be encrypted for; the text itself is not told.
    #[error(
        "{place} is no recipient: {reason}; hint: a recipient is a public key of age (X25519), `age-keygen -y KEYFILE` shows it"
    )]
    Recipient {
        /// Where it was given.
        place: String,
        /// Why.
        reason: &'static str,
    },
    /// The file of recipients cannot be used.
    #[error(
        "the recipients file `{}` cannot be used: {reason}; hint: it has one `age1…` a line",
        path.display()
    )]
    RecipientsFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A workbook cannot hold the rows.
    #[error("{rows} rows are more than a sheet of a workbook holds; use `--format csv` or `parquet`")]
    TooManyRows {
        /// The rows.
        rows: usize,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: io::Error,
    },
    /// The published run cannot be read.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A table or a workbook refuses what is written.
    #[error("`{name}` cannot be made: {reason}")]
    Format {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
}
