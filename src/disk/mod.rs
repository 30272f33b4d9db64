//! The one layer through which the hub is written: private files that are on disk when a function returns.
//!
//! In: paths and bytes. Out: files of mode 0600 and directories of mode 0700 whatever the umask. What a name stands for is
//! always whole, before and after a loss of power, because every writer keeps this order:
//!
//! 1. `name.aside` is made and filled, then `fsync`: the bytes are on disk before any name stands for them. A rename first
//!    would let the name survive a loss of power and the bytes not (POSIX promises nothing about their order).
//! 2. `rename` onto `name`: atomic for readers and for a kill; whoever has the old file open keeps it.
//! 3. `fsync` of the directory: only then is the name itself on disk. Until then a loss of power may bring the old one back.
//!
//! A run follows it once more as a whole: files, log, manifest (1, 2), `fsync` of `runs/<id>.partial`, rename to `runs/<id>`,
//! `fsync` of `runs`, and only then `CURRENT` (1, 2, 3), so that `CURRENT` never names what is not on disk. What people said
//! (tombstones, acceptances) is on disk (1, 2, 3) before `CURRENT` moves: a kill in between leaves a word too much, never
//! one too few. A new directory is brought to disk in its parent before anything is written below it that counts.
//! `steward.db` keeps its own order (SQLite's rollback journal with `synchronous = EXTRA`, which also brings the journal's
//! removal to disk: without it a confirmed decision could be rolled back after a loss of power).
//!
//! Every step has a named failpoint ([`failpoint`]). What the files hold is decided by the callers.

pub mod failpoint;

use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

/// Ending of files that are being written.
pub const ASIDE: &str = ".aside";

/// Makes a directory of mode 0700 if there is none, its parents as well, and brings the new names to disk.
///
/// # Errors
/// What the system says; levels made before stay.
pub fn make_directory(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    let parent = parent(path);
    make_directory(parent)?;
    match DirBuilder::new().mode(0o700).create(path) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
        made => made?,
    }
    fs::set_permissions(path, Permissions::from_mode(0o700))?;
    failpoint::hit("directory.made")?;
    sync_directory(parent)?;
    failpoint::hit("directory.synced")
}

/// Opens an empty file of mode 0600, replacing what is there.
///
/// # Errors
/// What the system says.
pub fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true);
    let file = options.mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Where `directory/name` is written before it gets its name.
pub fn aside_path(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}{ASIDE}"))
}

/// Gives `directory/name.aside`, which is on disk, its name; the name is on disk after [`sync_directory`].
///
/// # Errors
/// What the system says; the file aside is then gone, and what `name` stood for stays.
pub fn name_aside(directory: &Path, name: &str) -> io::Result<()> {
    let aside = aside_path(directory, name);
    let named = failpoint::hit_file("synced", name)
        .and_then(|()| fs::rename(&aside, directory.join(name)))
        .and_then(|()| failpoint::hit_file("renamed", name));
    if named.is_err() {
        drop_aside(directory, name);
    }
    named
}

/// Removes what a failed writer left; what cannot be removed now is removed when the next run begins.
pub fn drop_aside(directory: &Path, name: &str) {
    let _ = fs::remove_file(aside_path(directory, name));
}

/// Replaces `directory/name` by `bytes`, all or nothing and on disk, its name included.
///
/// # Errors
/// What the system says; the former file stays then, or, when only the directory could not be brought to disk, either.
pub fn replace_file(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let fill = || {
        let mut file = create_file(&aside_path(directory, name))?;
        failpoint::hit_file("made", name)?;
        file.write_all(bytes)?;
        failpoint::hit_file("filled", name)?;
        file.sync_all()
    };
    if let Err(error) = fill() {
        drop_aside(directory, name);
        return Err(error);
    }
    name_aside(directory, name)?;
    sync_directory(directory)?;
    failpoint::hit_file("directory_synced", name)
}

/// Brings the names in a directory to disk.
///
/// # Errors
/// What the system says.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The directory that holds `path`; the working directory for a bare name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => Path::new("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_and_files_are_private_at_every_level() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("归一/b/c");
        make_directory(&deep).unwrap();
        make_directory(&deep).unwrap();
        replace_file(&deep, "name", b"1").unwrap();
        replace_file(&deep, "name", b"2").unwrap();
        assert_eq!(fs::read(deep.join("name")).unwrap(), b"2");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for path in [&deep, parent(&deep), parent(parent(&deep))] {
            assert_eq!(mode(path), 0o700);
        }
        assert_eq!(mode(&deep.join("name")), 0o600);
    }

    #[test]
    fn a_failed_replacement_leaves_the_former_file_and_nothing_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("name")).unwrap();
        assert!(replace_file(folder.path(), "name", b"2").is_err());
        assert!(!aside_path(folder.path(), "name").exists());
        assert!(make_directory(&folder.path().join("name/x")).is_ok());
    }

    #[test]
    fn a_bare_name_lies_in_the_working_directory() {
        assert_eq!(parent(Path::new("hub")), Path::new("."));
        assert_eq!(parent(Path::new("/")), Path::new("/"));
        assert_eq!(parent(Path::new("/a/b")), Path::new("/a"));
    }
}
