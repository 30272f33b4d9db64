//! Why the log cannot be written or believed.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A fault of the log.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A file cannot be read or written.
    #[error("`{}` cannot be used: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: io::Error,
    },
    /// The key cannot be used.
    #[error("the key of the log `{}` cannot be used: {reason}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A line is not what was written.
    #[error("line {line} of the log is not as it was written: {reason}")]
    Broken {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The log ends before the anchor.
    #[error("the log has {lines} lines, the anchor knows {anchored}: its end was cut, or it is another log")]
    Cut {
        /// Lines of the log.
        lines: u64,
        /// Lines that the anchor saw.
        anchored: u64,
    },
    /// The log has another line where the anchor knows one.
    #[error("line {line} of the log is another than the anchor saw")]
    Other {
        /// The line, from 1.
        line: u64,
    },
}
