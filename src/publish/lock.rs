//! One run at a time: the hub's lock.
//!
//! In: the hub's directory. Out: a [`Lock`] that ends with its value or its process, `kill -9` included, because the
//! operating system holds it (`flock`) and the text in the file is for the message only.

use crate::disk::failpoint::hit;
use crate::publish::error::PublishError;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::fs::TryLockError;
use std::io::Seek;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

/// The right to change the hub; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of the hub at `hub` without waiting.
    pub(super) fn take(hub: &Path) -> Result<Self, PublishError> {
        let path = hub.join("lock");
        let mut file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(PublishError::Locked {
                    holder: holder(&path),
                });
            }
            Err(TryLockError::Error(source)) => return Err(PublishError::Io { path, source }),
        }
        note_holder(&mut file).map_err(PublishError::io(&path))?;
        hit("lock.taken").map_err(PublishError::io(&path))?;
        Ok(Self { _file: file, path })
    }

    /// The lock file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn open(path: &Path) -> Result<File, PublishError> {
    let mut options = OpenOptions::new();
    let file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path);
    let file = file.map_err(PublishError::io(path))?;
    file.set_permissions(Permissions::from_mode(0o600))
        .map_err(PublishError::io(path))?;
    Ok(file)
}

fn note_holder(file: &mut File) -> std::io::Result<()> {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() {
        "this host"
    } else {
        host.trim()
    };
    let start = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    file.set_len(0)?;
    file.rewind()?;
    // In one piece: whoever reads it meanwhile sees all of it.
    let line = format!("process {} on {host} since {start}\n", std::process::id());
    file.write_all(line.as_bytes())
}

/// What the holder wrote; it may be about to write.
fn holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    match text.lines().next() {
        Some(line) if !line.is_empty() => line.chars().take(200).collect(),
        _ => "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_refused_and_told_who_holds_the_lock() {
        let hub = tempfile::tempdir().unwrap();
        let first = Lock::take(hub.path()).unwrap();
        let Err(PublishError::Locked { holder }) = Lock::take(hub.path()) else {
            panic!("the lock is held");
        };
        let process = format!("process {} on ", std::process::id());
        assert!(
            holder.starts_with(&process) && holder.contains(" since 2"),
            "{holder}"
        );
        drop(first);
        assert!(Lock::take(hub.path()).is_ok());
    }

    #[test]
    fn text_left_by_a_killed_process_does_not_lock() {
        let hub = tempfile::tempdir().unwrap();
        fs::write(
            hub.path().join("lock"),
            "process 1 on some much longer host name since 2026\n",
        )
        .unwrap();
        let lock = Lock::take(hub.path()).unwrap();
        let text = fs::read_to_string(lock.path()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let mode = fs::metadata(lock.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
