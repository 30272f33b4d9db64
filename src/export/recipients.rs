//! For whom an export is encrypted: X25519 recipients of the age format (<https://age-encryption.org/v1>).
//!
//! In: public keys as texts and files of them. Out: [`Recipients`], whose writer encrypts everything that goes through it. The crate
//! `age` does the cryptography; nothing of it is done here. Its file key and nonce are random, so that two encrypted exports of the
//! same rows are never the same bytes: nothing but the command `export` may use it.

use crate::export::ExportError;
use age::Encryptor;
use age::stream::StreamWriter;
use age::x25519::Recipient;
use sha2::Digest;
use sha2::Sha256;
use std::io;
use std::io::Write;
use std::path::Path;

/// Keys of small order (RFC 7748 section 6.1): what is encrypted for one of them can be read by everyone.
const SMALL_ORDER: [&str; 14] = [
    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqsuwj9m",
    "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
    "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqk67yly",
    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhzqqxqejhu",
    "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
    "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz8ts72fzt7",
    "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
    "age1anllllllllllllllllllllllllllllllllllllllllllllllllls3hcv9z",
    "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
    "age1ahlllllllllllllllllllllllllllllllllllllllllllllllllsh3g6la",
    "age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv",
    "age1amlllllllllllllllllllllllllllllllllllllllllllllllllsam3fc4",
];

/// Those who can read an export; at least one, each once.
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// The keys given one by one, and those of a file: one a line, blank lines and lines that begin with `#` left out.
    ///
    /// `None` when neither is given. Texts are never repeated in faults, because one may be a secret key by mistake.
    ///
    /// # Errors
    /// [`ExportError::Recipient`] with the place of the first text that is no public key; [`ExportError::RecipientsFile`] when the
    /// file cannot be read or names nobody, for then the export would go out in clear.
    pub fn read(given: &[String], file: Option<&Path>) -> Result<Option<Self>, ExportError> {
        if given.is_empty() && file.is_none() {
            return Ok(None);
        }
        let mut keys: Vec<Recipient> = Vec::new();
        for (at, text) in given.iter().enumerate() {
            add(&mut keys, text, || format!("`--recipient` number {}", at + 1))?;
        }
        if let Some(path) = file {
            add_file(&mut keys, path)?;
        }
        Ok(Some(Self(keys)))
    }

    /// How many can read the export.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Names each key without telling it: 16 digits of the SHA-256 of its text.
    pub fn fingerprints(&self) -> Vec<String> {
        let of = |key: &Recipient| {
            let digest = Sha256::digest(key.to_string().as_bytes());
            digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
        };
        self.0.iter().map(of).collect()
    }

    /// A writer whose bytes arrive encrypted in `sink`; whoever writes must call `finish`, or the end is missing.
    pub(super) fn encrypt<W: Write>(&self, sink: W) -> io::Result<StreamWriter<W>> {
        let keys = self.0.iter().map(|key| key as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(keys).map_err(io::Error::other)?;
        encryptor.wrap_output(sink)
    }
}

fn add_file(keys: &mut Vec<Recipient>, path: &Path) -> Result<(), ExportError> {
    let fault = |reason: String| ExportError::RecipientsFile {
        path: path.to_path_buf(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut is_empty = true;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        add(keys, line, || format!("`{}` line {}", path.display(), at + 1))?;
        is_empty = false;
    }
    match is_empty {
        true => Err(fault("it names no recipient".to_owned())),
        false => Ok(()),
    }
}

/// Adds the key of `text` unless it is there already.
fn add(keys: &mut Vec<Recipient>, text: &str, place: impl Fn() -> String) -> Result<(), ExportError> {
    let fault = |reason| ExportError::Recipient {
        place: place(),
        reason,
    };
    let key: Recipient = text.parse().map_err(|_| fault(why_not(text)))?;
    if SMALL_ORDER.contains(&key.to_string().as_str()) {
        return Err(fault("it is a key that protects nothing"));
    }
    if !keys.contains(&key) {
        keys.push(key);
    }
    Ok(())
}

/// Why a text is no public key of the kind asked for.
fn why_not(text: &str) -> &'static str {
    let text = text.to_ascii_lowercase();
    if text.starts_with("age-secret-key-") {
        "it is a secret key; give its public key and keep the secret one to its owner"
    } else if text.starts_with("ssh-") {
        "keys of SSH are not taken"
    } else if text.starts_with("age1") {
        "it was cut or mistyped, or belongs to a plugin"
    } else {
        "it does not begin with `age1`"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::secrecy::ExposeSecret;
    use age::x25519::Identity;

    fn fault(given: &[&str]) -> String {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        Recipients::read(&given, None)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn r23_keys_count_once_and_are_named_by_their_digest() {
        let [one, two] = [(), ()].map(|()| Identity::generate().to_public().to_string());
        let found = Recipients::read(&[one.clone(), two, one.to_uppercase()], None)
            .unwrap()
            .unwrap();
        assert_eq!(found.count(), 2);
        let names = found.fingerprints();
        assert!(names[0] != names[1] && names.iter().all(|name| name.len() == 16));
        assert!(Recipients::read(&[], None).unwrap().is_none());
    }

    #[test]
    fn r23_what_is_no_public_key_is_told_by_place_and_not_repeated() {
        let good = Identity::generate().to_public().to_string();
        let secret = Identity::generate().to_string().expose_secret().to_owned();
        let cut = &good[..good.len() - 1];
        for (text, reason) in [
            (secret.as_str(), "secret key"),
            (cut, "cut or mistyped"),
            ("ssh-ed25519 AAAA", "SSH"),
            ("bob@example.com", "begin with `age1`"),
            ("", "begin with `age1`"),
            (SMALL_ORDER[0], "protects nothing"),
        ] {
            let found = fault(&[&good, text]);
            assert!(
                found.contains(reason) && found.contains("number 2") && found.contains("hint"),
                "{found}"
            );
            assert!(text.is_empty() || !found.contains(text), "{found}");
        }
    }

    #[test]
    fn r23_keys_of_small_order_are_keys_to_the_format_and_refused_here() {
        for text in SMALL_ORDER {
            let key: Recipient = text.parse().unwrap();
            // The crate takes such a key for a broken source of random numbers.
            let outcome = std::panic::catch_unwind(|| {
                Encryptor::with_recipients(std::iter::once(&key as &dyn age::Recipient)).is_ok()
            });
            assert!(outcome.is_err(), "{text}");
            assert!(fault(&[text]).contains("protects nothing"));
        }
    }
}
