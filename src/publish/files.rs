//! Files of the hub and of runs, by the order of [`crate::disk`], with sizes and SHA-256 digests.
//!
//! In: names, paths and bytes. Out: the same files with this folder's errors. What the files hold is decided by the callers.

use crate::disk;
use crate::disk::failpoint::hit_file;
use crate::publish::error::PublishError;
use sha2::Digest;
use sha2::Sha256;
use std::fs::File;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::path::Path;

pub(super) use crate::disk::aside_path;

/// Size and digest of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digested {
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// May `name` stand as a file or directory of the hub? Letters, digits, `.`, `-`, `_`; at most 100, no leading dot.
pub(super) fn is_safe_name(name: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(safe)
}

/// Refuses a name that is not safe.
pub(super) fn check_name(name: &str) -> Result<(), PublishError> {
    if is_safe_name(name) {
        return Ok(());
    }
    Err(PublishError::UnsafeName {
        name: name.to_owned(),
    })
}

/// Makes a directory of mode 0700 if there is none, its parents as well.
pub(super) fn make_directory(path: &Path) -> Result<(), PublishError> {
    disk::make_directory(path).map_err(PublishError::io(path))
}

/// Opens an empty file of mode 0600, replacing what is there.
pub(super) fn create_file(path: &Path) -> Result<File, PublishError> {
    disk::create_file(path).map_err(PublishError::io(path))
}

/// Passes a failpoint of the file `name`.
pub(super) fn pass(step: &'static str, directory: &Path, name: &str) -> Result<(), PublishError> {
    hit_file(step, name).map_err(PublishError::io(&directory.join(name)))
}

/// Writes `directory/name` with `fill`: aside, to disk, then renamed; the directory is the caller's to sync.
pub(super) fn write_file(
    directory: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), PublishError>,
) -> Result<(), PublishError> {
    let aside = aside_path(directory, name);
    let write = || {
        let mut writer = BufWriter::with_capacity(1 << 20, create_file(&aside)?);
        pass("made", directory, name)?;
        fill(&mut writer)?;
        writer.flush().map_err(PublishError::io(&aside))?;
        pass("filled", directory, name)?;
        writer.get_ref().sync_all().map_err(PublishError::io(&aside))
    };
    if let Err(error) = write() {
        disk::drop_aside(directory, name);
        return Err(error);
    }
    name_aside(directory, name)
}

/// Gives a file that was written aside and is on disk its name.
pub(super) fn name_aside(directory: &Path, name: &str) -> Result<(), PublishError> {
    disk::name_aside(directory, name).map_err(PublishError::io(&directory.join(name)))
}

/// Writes `bytes` as `directory/name`: aside, to disk, then renamed; the directory is the caller's to sync.
pub(super) fn write_bytes(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
    let aside = aside_path(directory, name);
    write_file(directory, name, |writer| {
        writer.write_all(bytes).map_err(PublishError::io(&aside))
    })
}

/// Replaces `directory/name`, a file of the hub: as [`write_bytes`], and its name is on disk.
pub(super) fn replace_file(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
    disk::replace_file(directory, name, bytes).map_err(PublishError::io(&directory.join(name)))
}

/// Brings the names in a directory to disk.
pub(super) fn sync_directory(path: &Path) -> Result<(), PublishError> {
    disk::sync_directory(path).map_err(PublishError::io(path))
}

/// Size and SHA-256 of a file.
pub(super) fn digest_file(path: &Path) -> Result<Digested, PublishError> {
    let mut file = File::open(path).map_err(PublishError::io(path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 18];
    let mut size_bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(PublishError::io(path))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        size_bytes += read as u64;
    }
    Ok(Digested {
        size_bytes,
        sha256: hexadecimal(&hasher.finalize()),
    })
}

/// SHA-256 of bytes in hexadecimal.
pub(super) fn digest_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest_bytes(b"abc"), expected);
        let directory = tempfile::tempdir().unwrap();
        write_bytes(directory.path(), "abc", b"abc").unwrap();
        let digested = digest_file(&directory.path().join("abc")).unwrap();
        assert_eq!((digested.size_bytes, digested.sha256.as_str()), (3, expected));
    }

    #[test]
    fn names_stay_within_their_directory() {
        assert!(is_safe_name("000001-20261122T191500Z"));
        assert!(is_safe_name("golden.parquet"));
        for name in [
            "", ".", "..", "../x", "a/b", "a\\b", ".hidden", "运行", "a b", "a\n",
        ] {
            assert!(!is_safe_name(name), "{name}");
        }
    }
}
