//! The chain: how lines are written and checked.

use crate::disk;
use crate::ledger::Entry;
use crate::ledger::LedgerError;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

/// Behind the name of the log, for its head.
const HEAD: &str = ".head";

/// Least length of a key.
const KEY_BYTES_MIN: usize = 32;

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number, from 1.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
    /// Is the chain keyed?
    pub is_keyed: bool,
    /// Code of the line before; empty in the first.
    pub before: String,
    /// Code of this line: over `before` and everything above it.
    pub code: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// Was a key used?
    pub is_keyed: bool,
    /// Was the end held against an anchor?
    pub is_anchored: bool,
}

/// The log of a hub, to append to and to check.
#[derive(Debug, Clone)]
pub struct Ledger {
    path: PathBuf,
    key: Option<Vec<u8>>,
    anchor: Option<PathBuf>,
}

impl Ledger {
    /// The log at `path`; `key` and `anchor` are files outside the hub.
    ///
    /// # Errors
    /// [`LedgerError::Key`] when the key is missing, readable by others than its owner, shorter than 32 bytes, or in the hub.
    pub fn open(path: &Path, key: Option<&Path>, anchor: Option<&Path>) -> Result<Self, LedgerError> {
        Ok(Self {
            path: path.to_path_buf(),
            key: key.map(|key| read_key(key, path)).transpose()?,
            anchor: anchor.map(Path::to_path_buf),
        })
    }

    /// Appends one line and syncs it; returns its number.
    ///
    /// # Errors
    /// [`LedgerError::Io`]; [`LedgerError::Broken`] when the last line is not as it was written.
    pub fn append(&self, entry: Entry) -> Result<u64, LedgerError> {
        let fault = |source| self.fault(source);
        let mut file = private(&self.path).map_err(fault)?;
        file.lock().map_err(fault)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(fault)?;
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        if whole < text.len() {
            file.set_len(whole as u64).map_err(fault)?;
        }
        let last = self.last(&text[..whole])?;
        let (seq, before) = last.map_or((1, String::new()), |last| (last.seq + 1, last.code));
        let mut line = Line {
            seq,
            entry,
            is_keyed: self.key.is_some(),
            before,
            code: String::new(),
        };
        line.code = code(&line, self.key.as_deref());
        let mut bytes = serde_json::to_vec(&line).expect("texts and numbers have a JSON form");
        bytes.push(b'\n');
        file.seek(SeekFrom::Start(whole as u64)).map_err(fault)?;
        file.write_all(&bytes)
            .and_then(|()| file.sync_all())
            .map_err(fault)?;
        let (directory, name) = self.head();
        disk::replace_file(directory, &name, head(&line).as_bytes()).map_err(fault)?;
        self.anchor(&line)?;
        Ok(seq)
    }

    /// The last line, with its head beside it: a crash between the two left the head of the line before.
    fn last(&self, text: &str) -> Result<Option<Line>, LedgerError> {
        let mut lines = Vec::new();
        let count = text.lines().count();
        for (at, written) in text.lines().enumerate().skip(count.saturating_sub(2)) {
            let line: Line = serde_json::from_str(written).map_err(|_| LedgerError::Broken {
                line: at as u64 + 1,
                reason: "it is no line of this log",
            })?;
            lines.push(line);
        }
        let (directory, name) = self.head();
        let head_of = read(&directory.join(&name))?;
        follows_head(&lines, &head_of)?;
        if let Some(last) = lines.last().map(head).filter(|last| *last != head_of) {
            let written = disk::replace_file(directory, &name, last.as_bytes());
            written.map_err(|source| self.fault(source))?;
        }
        Ok(lines.pop())
    }

    /// Folder and name of the head: the last line's number and code, so that a line that vanished is missed.
    fn head(&self) -> (&Path, String) {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        (directory, format!("{name}{HEAD}"))
    }

    fn anchor(&self, line: &Line) -> Result<(), LedgerError> {
        let Some(anchor) = &self.anchor else {
            return Ok(());
        };
        let fault = |source| LedgerError::Io {
            path: anchor.clone(),
            source,
        };
        let mut file = private(anchor).map_err(fault)?;
        file.seek(SeekFrom::End(0)).map_err(fault)?;
        file.write_all(head(line).as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(fault)
    }

    /// Checks every line, and the end against the anchor where there is one.
    ///
    /// # Errors
    /// [`LedgerError::Broken`], [`LedgerError::Cut`], [`LedgerError::Other`], [`LedgerError::Io`].
    pub fn check(&self) -> Result<Checked, LedgerError> {
        let lines = check(&read(&self.path)?, self.key.as_deref())?;
        let (directory, name) = self.head();
        follows_head(&lines, &read(&directory.join(name))?)?;
        if let Some(anchor) = &self.anchor {
            held_against(&lines, &read(anchor)?)?;
        }
        Ok(Checked {
            is_keyed: self.key.is_some(),
            is_anchored: self.anchor.is_some(),
            lines,
        })
    }

    fn fault(&self, source: std::io::Error) -> LedgerError {
        LedgerError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

/// The text of a file; none when it is not there.
fn read(path: &Path) -> Result<String, LedgerError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(LedgerError::Io {
            path: path.to_path_buf(),
            source,
        }),
    }
}

fn read_key(key: &Path, log: &Path) -> Result<Vec<u8>, LedgerError> {
    let fault = |reason: String| LedgerError::Key {
        path: key.to_path_buf(),
        reason,
    };
    let metadata = std::fs::metadata(key).map_err(|error| fault(error.to_string()))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(fault(
            "others than its owner may read it; `chmod 600` it".to_owned(),
        ));
    }
    let hub = log.parent().and_then(|hub| hub.canonicalize().ok());
    let place = key.canonicalize().map_err(|error| fault(error.to_string()))?;
    if hub.is_some_and(|hub| place.starts_with(hub)) {
        return Err(fault("it lies in the hub that it guards".to_owned()));
    }
    let bytes = std::fs::read(key).map_err(|error| fault(error.to_string()))?;
    match bytes.len() < KEY_BYTES_MIN {
        true => Err(fault(format!("it has fewer than {KEY_BYTES_MIN} bytes"))),
        false => Ok(bytes),
    }
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600);
    options.open(path)
}

/// The code of a line: over all of it but the code.
fn code(line: &Line, key: Option<&[u8]>) -> String {
    let said = Line {
        code: String::new(),
        ..line.clone()
    };
    let bytes = serde_json::to_vec(&said).expect("texts and numbers have a JSON form");
    let code: [u8; 32] = match key {
        Some(key) => {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
            mac.update(&bytes);
            mac.finalize().into_bytes().into()
        }
        None => Sha256::digest(&bytes).into(),
    };
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lines of a log, if every one is as it was written. A last line without its end was never finished and is left out.
///
/// # Errors
/// [`LedgerError::Broken`] names the first line that is not.
pub fn check(text: &str, key: Option<&[u8]>) -> Result<Vec<Line>, LedgerError> {
    let whole = text.rfind('\n').map_or(0, |at| at + 1);
    let mut lines: Vec<Line> = Vec::new();
    for (at, written) in text[..whole].lines().enumerate() {
        let number = at as u64 + 1;
        let broken = |reason| LedgerError::Broken { line: number, reason };
        let line: Line = serde_json::from_str(written).map_err(|_| broken("it is no line of this log"))?;
        let before = lines.last().map_or("", |last| last.code.as_str());
        if line.seq != number {
            return Err(broken("its number is not the next"));
        }
        if line.before != before {
            return Err(broken("it does not follow the line before"));
        }
        if line.is_keyed != key.is_some() {
            return Err(broken(match key {
                Some(_) => "it was written without the key",
                None => "it was written with a key; name it as `log_key` in `[security]`",
            }));
        }
        if line.code != code(&line, key) {
            return Err(broken("its code is another"));
        }
        // Spaces and the order of names mean nothing to JSON, but were not written so.
        if serde_json::to_string(&line).ok().as_deref() != Some(written) {
            return Err(broken("it is written in another way"));
        }
        lines.push(line);
    }
    Ok(lines)
}

fn head(line: &Line) -> String {
    format!("{} {}\n", line.seq, line.code)
}

/// The head is that of the last line, or of the one before when a crash came between the two.
fn follows_head(lines: &[Line], head_of: &str) -> Result<(), LedgerError> {
    let last = lines.iter().rev().take(2).map(head).collect::<Vec<_>>();
    let is_new = lines.len() < 2 && head_of.is_empty();
    match is_new || last.iter().any(|head| head == head_of) {
        true => Ok(()),
        false => Err(LedgerError::Cut {
            lines: lines.len() as u64,
            anchored: head_of
                .split(' ')
                .next()
                .and_then(|seq| seq.parse().ok())
                .unwrap_or(0),
        }),
    }
}

fn held_against(lines: &[Line], anchor: &str) -> Result<(), LedgerError> {
    for head in anchor.lines() {
        let Some((seq, code)) = head
            .split_once(' ')
            .and_then(|(seq, code)| Some((seq.parse::<u64>().ok()?, code)))
        else {
            return Err(LedgerError::Other { line: 0 });
        };
        match lines.get(seq.saturating_sub(1) as usize) {
            None => {
                return Err(LedgerError::Cut {
                    lines: lines.len() as u64,
                    anchored: seq,
                });
            }
            Some(line) if line.code != code => return Err(LedgerError::Other { line: seq }),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt;

    fn entry(number: u32) -> Entry {
        Entry {
            at: format!("2026-11-23T00:00:{number:02}Z"),
            event: "decision".to_owned(),
            by: "王芳 Wang".to_owned(),
            facts: BTreeMap::from([("decision".to_owned(), number.to_string())]),
        }
    }

    /// A keyed log of five lines with its anchor.
    fn log() -> (tempfile::TempDir, Ledger, String) {
        let directory = tempfile::tempdir().unwrap();
        let hub = directory.path().join("hub");
        std::fs::create_dir(&hub).unwrap();
        let key = directory.path().join("log.key");
        std::fs::write(&key, [9; 32]).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let anchor = directory.path().join("anchor");
        let ledger = Ledger::open(&hub.join("audit.log"), Some(&key), Some(&anchor)).unwrap();
        for number in 1..=5 {
            assert_eq!(ledger.append(entry(number)).unwrap(), u64::from(number));
        }
        let text = std::fs::read_to_string(&ledger.path).unwrap();
        (directory, ledger, text)
    }

    fn refuses(ledger: &Ledger, text: &[u8]) -> bool {
        std::fs::write(&ledger.path, text).unwrap();
        ledger.check().is_err()
    }

    #[test]
    fn r18_every_flipped_byte_is_found() {
        let (_directory, ledger, text) = log();
        assert_eq!(ledger.check().unwrap().lines.len(), 5);
        for at in 0..text.len() {
            for bit in [0, 5] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert!(refuses(&ledger, &bytes), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn r18_lines_deleted_reordered_spliced_or_cut_are_found() {
        let (_directory, ledger, text) = log();
        let lines: Vec<&str> = text.lines().collect();
        let of = |order: &[usize]| {
            order
                .iter()
                .map(|&at| format!("{}\n", lines[at]))
                .collect::<String>()
        };
        for order in [
            &[1, 2, 3, 4][..],
            &[0, 2, 3, 4],
            &[0, 2, 1, 3, 4],
            &[0, 1, 2, 3, 4, 4],
            &[0, 1, 2, 3],
            &[],
        ] {
            assert!(refuses(&ledger, of(order).as_bytes()), "{order:?}");
        }
        // A line of another log with the same key.
        let (_other, _, foreign) = log();
        let mut spliced: Vec<&str> = lines.clone();
        let entry = foreign.lines().nth(2).unwrap().replace("\"3\"", "\"7\"");
        spliced[2] = &entry;
        assert!(refuses(&ledger, format!("{}\n", spliced.join("\n")).as_bytes()));
        // A log made anew without the key.
        let plain = Ledger {
            key: None,
            anchor: None,
            ..ledger.clone()
        };
        std::fs::remove_file(&ledger.path).unwrap();
        std::fs::remove_file(ledger.path.with_file_name("audit.log.head")).unwrap();
        for number in 1..=5 {
            plain.append(super::tests::entry(number)).unwrap();
        }
        assert!(plain.check().is_ok() && ledger.check().is_err());
    }

    #[test]
    fn r18_a_cut_end_is_found_by_the_head_alone_and_a_flipped_head_too() {
        let (_directory, ledger, text) = log();
        let ledger = Ledger {
            anchor: None,
            ..ledger
        };
        assert!(
            refuses(&ledger, &text.as_bytes()[..text.len() - 1]),
            "the last line lost its end"
        );
        std::fs::write(&ledger.path, &text).unwrap();
        let path = ledger.path.with_file_name("audit.log.head");
        let head = std::fs::read(&path).unwrap();
        for at in 0..head.len() {
            let mut flipped = head.clone();
            flipped[at] ^= 1;
            std::fs::write(&path, flipped).unwrap();
            assert!(ledger.check().is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_head_that_was_not_brought_up_is_and_one_of_another_log_stops_the_next_line() {
        let (_directory, ledger, text) = log();
        let head = ledger.path.with_file_name("audit.log.head");
        let last = std::fs::read_to_string(&head).unwrap();
        let before: Line = serde_json::from_str(text.lines().nth(3).unwrap()).unwrap();
        std::fs::write(&head, super::head(&before)).unwrap();
        assert_eq!(ledger.append(entry(6)).unwrap(), 6);
        assert!(ledger.check().is_ok());
        std::fs::write(&head, last.replacen('5', "9", 1)).unwrap();
        assert!(ledger.append(entry(7)).is_err());
    }

    #[test]
    fn a_line_that_a_crash_tore_was_never_written() {
        let (_directory, ledger, text) = log();
        std::fs::write(&ledger.path, format!("{text}{{\"seq\":6,\"at\":\"20")).unwrap();
        assert_eq!(ledger.check().unwrap().lines.len(), 5);
        assert_eq!(ledger.append(entry(6)).unwrap(), 6);
        assert_eq!(ledger.check().unwrap().lines.len(), 6);
    }

    #[test]
    fn a_key_in_the_hub_or_readable_by_others_is_refused() {
        let (directory, ledger, _) = log();
        let inside = directory.path().join("hub/key");
        std::fs::write(&inside, [1; 32]).unwrap();
        std::fs::set_permissions(&inside, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Ledger::open(&ledger.path, Some(&inside), None).is_err());
        let open = directory.path().join("open.key");
        std::fs::write(&open, [1; 32]).unwrap();
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Ledger::open(&ledger.path, Some(&open), None).is_err());
    }
}
