//! A sealed run: its directory, its manifest, its checksums.
//!
//! In: a directory below `runs/`. Out: the manifest, checked, and the paths of its files. A run is never changed.

use crate::publish::error::PublishError;
use crate::publish::files::digest_file;
use crate::publish::files::is_safe_name;
use crate::publish::manifest::FileEntry;
use crate::publish::manifest::MANIFEST;
use crate::publish::manifest::Manifest;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// A sealed run with its manifest.
#[derive(Debug, Clone)]
pub struct Run {
    directory: PathBuf,
    manifest: Manifest,
}

impl Run {
    /// Reads the manifest in `directory` and checks it against the directory's name.
    pub(super) fn open(directory: &Path) -> Result<Self, PublishError> {
        let path = directory.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(PublishError::damaged(&path, "it is missing"));
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(PublishError::damaged(&path, "it is not UTF-8"));
            }
            Err(error) => return Err(PublishError::io(&path)(error)),
        };
        let manifest = Manifest::parse(&path, &text)?;
        if directory.file_name().and_then(|name| name.to_str()) != Some(&manifest.run_id) {
            return Err(PublishError::damaged(&path, "it belongs to another run"));
        }
        if !manifest.files.iter().all(|file| is_safe_name(&file.name)) {
            return Err(PublishError::damaged(&path, "it lists a file outside the run"));
        }
        Ok(Self {
            directory: directory.to_path_buf(),
            manifest,
        })
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.manifest.run_id
    }

    /// The run's directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What the run consists of.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Path of the file `name`, whether or not the run has it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Checks size and SHA-256 of one file against the manifest.
    ///
    /// # Errors
    /// [`PublishError::Damaged`] when the file is missing, unlisted or not as published.
    pub fn verify_file(&self, name: &str) -> Result<(), PublishError> {
        let path = self.path(name);
        match self.manifest.file(name) {
            Some(entry) => verify_entry(&path, entry),
            None => Err(PublishError::damaged(&path, "the manifest does not list it")),
        }
    }
}

/// Checks every file of the run against its manifest, and that there are no others.
///
/// # Errors
/// [`PublishError::Damaged`] names the first file that is missing, changed or foreign.
pub fn verify(run: &Run) -> Result<(), PublishError> {
    let first = faults(run)?.into_iter().next();
    first.map_or(Ok(()), Err)
}

/// Every file of the run that is missing, changed or foreign.
pub(super) fn faults(run: &Run) -> Result<Vec<PublishError>, PublishError> {
    let fresh = Run::open(&run.directory)?;
    let mut faults = Vec::new();
    for entry in &fresh.manifest.files {
        match verify_entry(&run.path(&entry.name), entry) {
            Err(fault @ PublishError::Damaged { .. }) => faults.push(fault),
            other => other?,
        }
    }
    let mut listed: BTreeSet<&str> = fresh
        .manifest
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    listed.insert(MANIFEST);
    for found in fs::read_dir(&run.directory).map_err(PublishError::io(&run.directory))? {
        let found = found.map_err(PublishError::io(&run.directory))?;
        if !found
            .file_name()
            .to_str()
            .is_some_and(|name| listed.contains(name))
        {
            faults.push(PublishError::damaged(&found.path(), "it is not part of the run"));
        }
    }
    Ok(faults)
}

fn verify_entry(path: &Path, entry: &FileEntry) -> Result<(), PublishError> {
    let digested = match digest_file(path) {
        Err(PublishError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Err(PublishError::damaged(path, "it is missing"));
        }
        other => other?,
    };
    if digested.size_bytes != entry.size_bytes {
        let detail = format!(
            "it has {} bytes instead of {}",
            digested.size_bytes, entry.size_bytes
        );
        return Err(PublishError::damaged(path, detail));
    }
    if digested.sha256 != entry.sha256 {
        return Err(PublishError::damaged(path, "its checksum does not fit"));
    }
    Ok(())
}
