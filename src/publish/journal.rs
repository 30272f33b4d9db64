//! Lists of the hub that only grow: acceptances, adoptions of models.
//!
//! In: one value in JSON. Out: one more line of `<name>.jsonl`, in which `sha256` seals the whole file before it and the rest of
//! its own line, so that any changed bit, removed line or changed order above the last line is noticed. The file is replaced as a
//! whole ([`crate::disk`]): it is small, and an append that a loss of power tears would leave half a line. Lines of older programs
//! have no seal; the first sealed line behind them seals them too.

use crate::publish::error::PublishError;
use crate::publish::files::digest_bytes;
use crate::publish::files::replace_file;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::Path;

const SEAL: &str = ",\"sha256\":\"";

/// Adds a line to `hub/name`; on disk when this returns.
///
/// # Errors
/// [`PublishError::Damaged`] when the lines before are not as they were sealed, and [`PublishError::Io`].
pub(super) fn append(hub: &Path, name: &str, value: &impl Serialize) -> Result<(), PublishError> {
    let path = hub.join(name);
    let mut bytes = read(&path)?;
    check(&path, &bytes)?;
    // Older programs appended in place: what a loss of power cut off was never confirmed to anybody.
    let whole = bytes
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    bytes.truncate(whole);
    let before = bytes.len();
    let text = serde_json::to_string(value).expect("texts and numbers have a JSON form");
    bytes.extend(text.as_bytes());
    let sha256 = digest_bytes(&bytes);
    bytes.truncate(before + text.len() - 1);
    bytes.extend(format!("{SEAL}{sha256}\"}}\n").as_bytes());
    replace_file(hub, name, &bytes)
}

/// Reads and checks `hub/name`; no lines when there is no such file.
///
/// # Errors
/// [`PublishError::Damaged`] names the line, and [`PublishError::Io`].
pub(super) fn verify(hub: &Path, name: &str) -> Result<(), PublishError> {
    let path = hub.join(name);
    let bytes = read(&path)?;
    check(&path, &bytes)
}

fn read(path: &Path) -> Result<Vec<u8>, PublishError> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(PublishError::io(path)),
    }
}

fn check(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    let mut start = 0;
    let mut has_seals = false;
    for (at, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let is_last = start + line.len() == bytes.len();
        match is_sound(&bytes[..start], line) {
            Some(true) => has_seals = true,
            // A line of an older program, or what is left of its last one.
            None if !has_seals && (line.ends_with(b"\n") || is_last) => {}
            _ => {
                let detail = format!("line {} is not as written", at + 1);
                return Err(PublishError::damaged(path, detail));
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Does the seal of `line` fit? `None` when it has none and is a value nevertheless.
fn is_sound(before: &[u8], line: &[u8]) -> Option<bool> {
    let end = line.len().saturating_sub(SEAL.len() + 64 + 3);
    let sealed = line[end..].strip_prefix(SEAL.as_bytes());
    let sealed = sealed.and_then(|rest| rest.strip_suffix(b"\"}\n"));
    let Some(sha256) = sealed else {
        let text = std::str::from_utf8(line).ok()?;
        let is_value =
            serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.get("sha256").is_none());
        return if is_value || !text.ends_with('\n') {
            None
        } else {
            Some(false)
        };
    };
    let whole = [before, &line[..end], b"}"].concat();
    Some(digest_bytes(&whole).as_bytes() == sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const NAME: &str = "words.jsonl";

    fn filled() -> tempfile::TempDir {
        let hub = tempfile::tempdir().unwrap();
        for reason in ["误报", "late export", "“x”"] {
            append(
                hub.path(),
                NAME,
                &BTreeMap::from([("at", "2026"), ("reason", reason)]),
            )
            .unwrap();
        }
        hub
    }

    #[test]
    fn every_flipped_bit_and_every_lost_line_is_noticed() {
        let hub = filled();
        let path = hub.path().join(NAME);
        let bytes = fs::read(&path).unwrap();
        verify(hub.path(), NAME).unwrap();
        for position in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[position / 8] ^= 1 << (position % 8);
            assert!(check(&path, &flipped).is_err(), "bit {position}");
        }
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        assert_eq!(lines.len(), 3);
        assert!(check(&path, &[lines[1], lines[2]].concat()).is_err());
        assert!(check(&path, &[lines[0], lines[2]].concat()).is_err());
        assert!(serde_json::from_slice::<serde_json::Value>(lines[2]).is_ok());
    }

    #[test]
    fn lines_of_older_programs_stay_and_a_torn_one_goes() {
        let hub = tempfile::tempdir().unwrap();
        let path = hub.path().join(NAME);
        fs::write(&path, "{\"at\":\"2025\"}\n{\"at\":\"20").unwrap();
        verify(hub.path(), NAME).unwrap();
        append(hub.path(), NAME, &BTreeMap::from([("at", "2026")])).unwrap();
        verify(hub.path(), NAME).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("{\"at\":\"2025\"}\n{\"at\":\"2026\",\"sha256\":\""),
            "{text}"
        );
        fs::write(&path, text.replace("2025", "2024")).unwrap();
        let refused = append(hub.path(), NAME, &BTreeMap::from([("at", "2027")]));
        assert!(matches!(refused, Err(PublishError::Damaged { .. })));
    }
}
