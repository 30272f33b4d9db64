//! `forgotten.json`: which records were erased and must not come back, and an erasure that is under way.
//!
//! In: names of records, who asked and why. Out: the file, its own SHA-256 in it, replaced by one rename. Names are kept as digests
//! under a random key of the hub; in clear only while an erasure is under way, so that one that was killed is finished. The key
//! lies beside the digests: it keeps them from being compared between hubs and with lists made in advance, not from who has the
//! hub and tries every possible key.

use crate::publish::erase::ErasedRun;
use crate::publish::error::PublishError;
use crate::publish::files::digest_bytes;
use crate::publish::files::replace_file;
use crate::publish::hub::Hub;
use crate::publish::lock::Lock;
use crate::table::Forgotten;
use crate::table::name_digest;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

const FILE: &str = "forgotten.json";

/// Newest format of the file that this program writes and reads.
const FORMAT: u32 = 1;

/// Why, when and by whom a record was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgottenRecord {
    /// Name of its source.
    pub source: String,
    /// Digest of its source and key, in hexadecimal digits.
    pub name: String,
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Number of the certificate.
    pub certificate: u32,
}

/// An erasure that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingErasure {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The records, as (source, key).
    pub names: Vec<(String, String)>,
    /// Runs that are done.
    pub done: Vec<ErasedRun>,
    /// Decisions that were undone and emptied.
    pub decisions: Vec<i64>,
    /// Files of audits that were removed, below the hub.
    pub worksheets: Vec<String>,
}

/// Everything that a hub knows of erasures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasures {
    format: u32,
    /// The hub's key, in hexadecimal digits.
    key: String,
    /// Erased records in the order of time.
    pub records: Vec<ForgottenRecord>,
    /// What is not finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingErasure>,
    sha256: String,
}

impl Erasures {
    /// Nothing was erased yet; `key` is a fresh random one.
    pub fn new(key: &[u8]) -> Self {
        Self {
            format: FORMAT,
            key: hex(key),
            records: Vec::new(),
            pending: None,
            sha256: String::new(),
        }
    }

    /// The digest of a record's name, as it is kept.
    pub fn name(&self, source: &str, key: &str) -> String {
        hex(&name_digest(&self.key(), source, key))
    }

    /// Number of the next certificate.
    pub fn next_certificate(&self) -> u32 {
        self.records
            .iter()
            .map(|record| record.certificate)
            .max()
            .unwrap_or(0)
            + 1
    }

    /// The records as ingest asks for them.
    pub fn forgotten(&self) -> Forgotten {
        let names = self
            .records
            .iter()
            .filter_map(|record| unhex(&record.name)?.try_into().ok());
        Forgotten::new(self.key(), names.collect::<BTreeSet<_>>())
    }

    fn key(&self) -> Vec<u8> {
        unhex(&self.key).unwrap_or_default()
    }

    fn render(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts and numbers have a JSON form");
        text + "\n"
    }

    fn digest(&self) -> String {
        let unsigned = Self {
            sha256: String::new(),
            ..self.clone()
        };
        digest_bytes(unsigned.render().as_bytes())
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, PublishError> {
        let fault = |error: serde_json::Error| {
            PublishError::damaged(path, format!("line {} is not as written", error.line()))
        };
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(bytes).map_err(fault)?;
        if format > FORMAT {
            return Err(PublishError::Newer {
                path: path.to_path_buf(),
                found: format,
                known: FORMAT,
            });
        }
        let found: Self = serde_json::from_slice(bytes).map_err(fault)?;
        if found.digest() != found.sha256 || found.render().as_bytes() != bytes {
            return Err(PublishError::damaged(path, "its checksum does not fit"));
        }
        Ok(found)
    }
}

impl Hub {
    /// What was erased from this hub; `None` when nothing ever was.
    ///
    /// # Errors
    /// As [`read_erasures`].
    pub fn erasures(&self) -> Result<Option<Erasures>, PublishError> {
        read_erasures(self.path())
    }

    /// Replaces what is known of erasures.
    ///
    /// # Errors
    /// [`PublishError::Io`]; the former file stands then.
    pub fn write_erasures(&self, lock: &Lock, erasures: &Erasures) -> Result<(), PublishError> {
        debug_assert_eq!(lock.path().parent(), Some(self.path()));
        let mut sealed = erasures.clone();
        sealed.sha256 = erasures.digest();
        replace_file(self.path(), FILE, sealed.render().as_bytes())
    }
}

/// What was erased from the hub at `path`; `None` when nothing ever was, or there is no hub.
///
/// # Errors
/// [`PublishError::Damaged`], [`PublishError::Newer`], [`PublishError::Io`].
pub fn read_erasures(path: &Path) -> Result<Option<Erasures>, PublishError> {
    let path = path.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => Erasures::parse(&path, &bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(PublishError::io(&path)(error)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_erased_comes_back_and_damage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        assert_eq!(hub.erasures().unwrap(), None);
        let lock = hub.lock().unwrap();
        let mut erasures = Erasures::new(&[9; 32]);
        assert_eq!(erasures.next_certificate(), 1);
        erasures.records.push(ForgottenRecord {
            source: "华东".to_owned(),
            name: erasures.name("华东", "13800138000"),
            at: "2026-11-23T16:00:00Z".to_owned(),
            author: "Ann 安".to_owned(),
            reason: "request 申请".to_owned(),
            certificate: 3,
        });
        hub.write_erasures(&lock, &erasures).unwrap();
        let read = hub.erasures().unwrap().unwrap();
        assert_eq!((read.records.len(), read.next_certificate()), (1, 4));
        assert!(read.forgotten().holds("华东", "13800138000"));
        assert!(!read.forgotten().holds("华东", "13800138001"));
        let path = directory.path().join(FILE);
        let bytes = fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("13800138000"));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!(hub.erasures().is_err(), "byte {at}");
        }
    }
}
