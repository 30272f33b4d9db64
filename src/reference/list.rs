//! Embedded lists: packed by `build.rs`, inflated once, and open to replacement by a newer file.
//!
//! In: the deflated text of `data/NAME.tsv`, or the text that a job gives in its place before the list is first used. Out:
//! the text, living as long as the program, with its hash. Lines that start with `#` are comments. What a row means is
//! known to the module of the list; here only its shape is checked, by the list's own rule.

use super::ReferenceData;
use flate2::read::DeflateDecoder;
use sha2::Digest;
use sha2::Sha256;
use std::fmt::Write;
use std::io::Read;
use std::sync::OnceLock;
use thiserror::Error;

/// The packed text of a list, as `build.rs` wrote it.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".deflate"))
    };
}
pub(super) use packed;

/// One embedded list.
pub(super) struct List {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) source: &'static str,
    pub(super) licence: &'static str,
    pub(super) packed: &'static [u8],
    /// Has a row, split at tabs, the shape that the list's module reads?
    pub(super) is_row: fn(&[&str]) -> bool,
    pub(super) loaded: OnceLock<Loaded>,
}

/// The text of a list in use.
pub(super) struct Loaded {
    text: &'static str,
    hash: String,
    is_from_job: bool,
}

/// Why a list cannot be replaced.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplaceError {
    /// No list of this name can be replaced.
    #[error("no reference list `{list}` can be replaced")]
    UnknownList {
        /// The name given.
        list: String,
    },
    /// The list was read before; two texts in one program would give two answers.
    #[error("the reference list `{list}` is in use already")]
    AlreadyInUse {
        /// Name of the list.
        list: &'static str,
    },
    /// A row lacks a cell or holds one that does not fit.
    #[error("line {line} of the reference list `{list}` is malformed")]
    MalformedLine {
        /// Name of the list.
        list: &'static str,
        /// Line of the text, 1-based.
        line: usize,
    },
    /// The text has no row.
    #[error("the reference list `{list}` has no rows")]
    Empty {
        /// Name of the list.
        list: &'static str,
    },
}

impl List {
    /// Rows of the list, split at tabs.
    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<&'static str>> {
        self.lines().map(|line| line.split('\t').collect())
    }

    /// Lines of the list without comments.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'static str> {
        rows_of(self.loaded().text)
    }

    fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let mut text = String::new();
            DeflateDecoder::new(self.packed)
                .read_to_string(&mut text)
                .expect("build.rs packs every list as deflated UTF-8");
            Loaded::new(text, false)
        })
    }

    /// Checks a text that shall stand in for the list; its hash.
    pub(super) fn check(&self, text: &str) -> Result<String, ReplaceError> {
        let list = self.name;
        let lines = text.lines().enumerate();
        let malformed = lines
            .filter(|(_, line)| is_row(line))
            .find(|(_, line)| !(self.is_row)(&line.split('\t').collect::<Vec<_>>()));
        if let Some((at, _)) = malformed {
            return Err(ReplaceError::MalformedLine { list, line: at + 1 });
        }
        if rows_of(text).next().is_none() {
            return Err(ReplaceError::Empty { list });
        }
        Ok(hash_of([text]))
    }

    /// Takes `text` in the list's place; the same text again is no fault.
    pub(super) fn replace(&self, text: String) -> Result<(), ReplaceError> {
        let hash = self.check(&text)?;
        if self.loaded.get().is_none() && self.loaded.set(Loaded::new(text, true)).is_ok() {
            return Ok(());
        }
        if self.loaded().hash == hash {
            return Ok(());
        }
        Err(ReplaceError::AlreadyInUse { list: self.name })
    }

    /// What is known about the list.
    pub(super) fn about(&self) -> ReferenceData {
        let loaded = self.loaded();
        let (version, source, licence) = if loaded.is_from_job {
            ("job file", "given by the job", "not known")
        } else {
            (self.version, self.source, self.licence)
        };
        ReferenceData {
            name: self.name,
            version,
            source,
            licence,
            rows: rows_of(loaded.text).count(),
            hash: loaded.hash.clone(),
        }
    }
}

impl Loaded {
    fn new(text: String, is_from_job: bool) -> Self {
        Self {
            hash: hash_of([text.as_str()]),
            text: Box::leak(text.into_boxed_str()),
            is_from_job,
        }
    }
}

fn is_row(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn rows_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| is_row(line))
}

/// SHA-256 in hexadecimal of the texts, each but the last followed by a line break.
pub(super) fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for (at, text) in texts.into_iter().enumerate() {
        if at > 0 {
            hasher.update(b"\n");
        }
        hasher.update(text.as_bytes());
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Are these cells a text of at most `chars_max` characters and no blank end?
pub(super) fn is_word(cell: &str) -> bool {
    !cell.is_empty() && cell.trim() == cell
}

/// Is the cell a number of `digits` digits?
pub(super) fn is_code(cell: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours() -> List {
        List {
            name: "colours",
            version: "1",
            source: "test",
            licence: "none",
            packed: &[],
            is_row: |cells| matches!(cells, [word, code] if is_word(word) && is_code(code, 1..=2)),
            loaded: OnceLock::new(),
        }
    }

    #[test]
    fn a_text_is_taken_once_and_then_stays() {
        let list = colours();
        list.replace("# word\tcode\n红\t1\nblue\t22\n".to_owned())
            .unwrap();
        let rows: Vec<_> = list.rows().collect();
        assert_eq!(rows, [["红", "1"], ["blue", "22"]]);
        assert_eq!(list.replace("# word\tcode\n红\t1\nblue\t22\n".to_owned()), Ok(()));
        let again = list.replace("green\t3\n".to_owned());
        assert_eq!(again, Err(ReplaceError::AlreadyInUse { list: "colours" }));
        let about = list.about();
        assert_eq!((about.version, about.rows, about.hash.len()), ("job file", 2, 64));
    }

    #[test]
    fn a_malformed_or_empty_text_is_refused_with_its_line() {
        let fault = colours().check("# c\n红\t1\n\nblue\tx\n");
        assert_eq!(
            fault,
            Err(ReplaceError::MalformedLine {
                list: "colours",
                line: 4
            })
        );
        assert_eq!(
            colours().check("# c\n"),
            Err(ReplaceError::Empty { list: "colours" })
        );
    }

    #[test]
    fn a_hash_is_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash_of([""]), empty);
        assert_ne!(hash_of(["a", "b"]), hash_of(["ab"]));
    }
}
