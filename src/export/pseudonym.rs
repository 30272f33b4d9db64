//! Keyed pseudonyms: HMAC-SHA-256 over field and standard value (RFC 2104, FIPS 198-1).
//!
//! The same value of the same field has the same pseudonym under the same key, in every export, and under no other. Whoever
//! lacks the key cannot try all telephone numbers; without a key there are no pseudonyms at all. Data under pseudonyms is
//! still personal data (PIPL article 73).

use crate::export::ExportError;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Least length of a key; as long as the hash has bytes of strength.
const KEY_BYTES_MIN: usize = 32;

/// A key of pseudonyms.
pub struct Key(Hmac<Sha256>);

impl Key {
    /// The bytes of a file that only its owner may read.
    ///
    /// # Errors
    /// [`ExportError::Key`] when the file is missing, readable by others, or shorter than 32 bytes.
    pub fn read(path: &Path) -> Result<Self, ExportError> {
        let fault = |reason: String| ExportError::Key {
            path: path.to_path_buf(),
            reason,
        };
        let metadata = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?;
        if metadata.mode() & 0o077 != 0 {
            return Err(fault(
                "others than its owner may read it; `chmod 600` it".to_owned(),
            ));
        }
        let bytes = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
        if bytes.len() < KEY_BYTES_MIN {
            let reason =
                format!("it has fewer than {KEY_BYTES_MIN} bytes; make one with `head -c 32 /dev/urandom`");
            return Err(fault(reason));
        }
        Ok(Self::new(&bytes))
    }

    fn new(bytes: &[u8]) -> Self {
        Self(Hmac::<Sha256>::new_from_slice(bytes).expect("HMAC takes keys of any length"))
    }

    /// Names the key in manifests without telling it.
    pub fn id(&self) -> String {
        hex(&self.mac("guiyi key id", "")[..8])
    }

    /// The pseudonym of a value.
    pub fn pseudonym(&self, field: &str, value: &str) -> String {
        match value {
            "" => String::new(),
            value => hex(&self.mac(field, value)[..16]),
        }
    }

    fn mac(&self, field: &str, value: &str) -> [u8; 32] {
        let mut mac = self.0.clone();
        // The length keeps field and value apart.
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field.as_bytes());
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn r20_the_hmac_is_that_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
        ];
        for (key, data, expected) in cases {
            let mut mac = Key::new(key).0;
            mac.update(data);
            assert_eq!(hex(&mac.finalize().into_bytes()), expected);
        }
    }

    #[test]
    fn r20_a_person_joins_under_one_key_and_one_field_only() {
        let (one, other) = (Key::new(&[1; 32]), Key::new(&[2; 32]));
        let of = |key: &Key, field: &str| key.pseudonym(field, "13800138000");
        assert_eq!(of(&one, "phones"), of(&one, "phones"));
        assert_ne!(of(&one, "phones"), of(&other, "phones"));
        assert_ne!(of(&one, "phones"), of(&one, "qq"));
        assert_ne!(one.pseudonym("ab", "c"), one.pseudonym("a", "bc"));
        assert_ne!(one.id(), other.id());
        assert_eq!(one.pseudonym("phones", ""), "");
    }

    #[test]
    fn r20_a_key_that_others_may_read_or_that_is_short_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        std::fs::write(&path, [7; 32]).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Key::read(&path).is_err());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Key::read(&path).is_ok());
        std::fs::write(&path, [7; 31]).unwrap();
        assert!(Key::read(&path).is_err());
    }
}
