//! A job file for exports never seen before.
//!
//! In: files. Out: a [`Proposal`].
use std::path::Path;
use std::path::PathBuf;
use thiserror::Error;

/// A proposed job.
#[derive(Debug)]
pub struct Proposal {}

/// Why nothing can be proposed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProposeError {
    /// No file was given.
    #[error("no file to propose a job for; name exports or folders")]
    NoFiles,
}

/// Proposes a job for `files` that will be written to `out`.
///
/// # Errors
/// [`ProposeError::NoFiles`] without files.
pub fn propose(files: &[PathBuf], _out: &Path) -> Result<Proposal, ProposeError> {
    if files.is_empty() {
        Err(ProposeError::NoFiles)
    } else {
        Ok(Proposal {})
    }
}

impl Proposal {
    /// The text of the job file.
    pub fn to_toml(&self) -> String {
        String::new()
    }
}
