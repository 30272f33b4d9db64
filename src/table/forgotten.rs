//! Records that must not come back (operations.md R22).
//!
//! Kept as keyed digests: a key may itself be personal data, such as a telephone number.

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;
use std::collections::BTreeSet;

/// HMAC-SHA-256 of a record's name.
pub type NameDigest = [u8; 32];

/// Names of forgotten records, as digests under a key of the hub.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    key: Vec<u8>,
    names: BTreeSet<NameDigest>,
}

impl Forgotten {
    /// Records by their digests under `key`.
    pub fn new(key: Vec<u8>, names: BTreeSet<NameDigest>) -> Self {
        Self { key, names }
    }

    /// Is nothing forgotten?
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Is the record with this key in this source forgotten?
    pub fn holds(&self, source: &str, key: &str) -> bool {
        !self.is_empty() && self.names.contains(&name_digest(&self.key, source, key))
    }
}

/// The digest of a record's name: HMAC-SHA-256 over source and key, parted by a zero byte (RFC 2104).
pub fn name_digest(key: &[u8], source: &str, record: &str) -> NameDigest {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(source.as_bytes());
    mac.update(&[0]);
    mac.update(record.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_known_by_its_source_and_key_alone() {
        let key = vec![7; 32];
        let names = [("华东", "13800138000"), ("north", "K7")]
            .map(|(source, record)| name_digest(&key, source, record));
        let forgotten = Forgotten::new(key, names.into());
        assert!(forgotten.holds("华东", "13800138000") && forgotten.holds("north", "K7"));
        assert!(!forgotten.holds("华北", "13800138000") && !forgotten.holds("north", "K70"));
        assert!(!forgotten.holds("northK", "7"));
        assert!(!Forgotten::default().holds("north", "K7"));
    }
}
