//! The seal of the store: a checksum of every byte, which SQLite does not keep.
//!
//! In: the store's image as SQLite reads it, within one transaction. Out: `steward.db.seal` beside it, with the SHA-256 of the
//! image and the change counter of its header (SQLite file format, section 1.3.7), sealed itself. A store whose counter has gone
//! on was written after it was sealed (a command was killed in between, or another program wrote): it is sealed again. A store
//! with the counter of its seal and other bytes is damaged. The header holds the counter twice (offsets 24 and 92), so that one
//! wrong bit in it shows.

use crate::disk;
use crate::disk::failpoint;
use rusqlite::Connection;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Newest format that this program writes and reads.
const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    format: u32,
    change: u32,
    size_bytes: u64,
    sha256: String,
    /// SHA-256 of this line with this value empty.
    seal_sha256: String,
}

/// How a store and its seal agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Every byte is as it was sealed.
    Sound,
    /// Written since it was sealed, or never sealed.
    Unsealed,
    /// The bytes are others, or the seal is none.
    Broken(&'static str),
    /// A newer program sealed it: the format of the seal.
    Newer(u32),
}

/// The file of the seal of the store at `path`.
pub(super) fn seal_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".seal");
    PathBuf::from(name)
}

impl Seal {
    fn of(image: &[u8], change: u32) -> Self {
        let mut seal = Self {
            format: FORMAT,
            change,
            size_bytes: image.len() as u64,
            sha256: digest(image),
            seal_sha256: String::new(),
        };
        seal.seal_sha256 = digest(seal.render().as_bytes());
        seal
    }

    fn render(&self) -> String {
        let text = serde_json::to_string(self).expect("texts and numbers have a JSON form");
        text + "\n"
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let seal: Self = serde_json::from_slice(bytes).ok()?;
        let unsigned = Self {
            seal_sha256: String::new(),
            ..seal.clone()
        };
        let is_sound = digest(unsigned.render().as_bytes()) == seal.seal_sha256;
        (is_sound && seal.render().as_bytes() == bytes).then_some(seal)
    }
}

/// Compares the store that `connection` has open with its seal.
pub(super) fn examine(connection: &mut Connection, path: &Path) -> rusqlite::Result<Standing> {
    let bytes = match fs::read(seal_path(path)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Unsealed),
        Err(_) => return Ok(Standing::Broken("its seal cannot be read")),
    };
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    match serde_json::from_slice::<Format>(&bytes) {
        Ok(Format { format }) if format > FORMAT => return Ok(Standing::Newer(format)),
        _ => {}
    }
    let Some(seal) = Seal::parse(&bytes) else {
        return Ok(Standing::Broken("its seal is not as written"));
    };
    let image = connection.serialize("main")?;
    Ok(match change_counter(&image) {
        None => Standing::Broken("its header contradicts itself"),
        Some(change) if change != seal.change => Standing::Unsealed,
        Some(change) if Seal::of(&image, change) == seal => Standing::Sound,
        Some(_) => Standing::Broken("its bytes are not those that were sealed"),
    })
}

/// Seals the store that `connection` has open.
///
/// # Errors
/// What SQLite or the system says; the store is sound nevertheless, and sealed when it is opened next.
pub(super) fn seal(connection: &mut Connection, path: &Path) -> io::Result<()> {
    let image = connection.serialize("main").map_err(io::Error::other)?;
    let Some(change) = change_counter(&image) else {
        return Ok(());
    };
    let seal = seal_path(path);
    let (Some(directory), Some(name)) = (seal.parent(), seal.file_name().and_then(|name| name.to_str()))
    else {
        return Ok(());
    };
    disk::replace_file(directory, name, Seal::of(&image, change).render().as_bytes())?;
    failpoint::hit("store.sealed")
}

/// The bytes of the seal of a store with these bytes.
pub(super) fn of(image: &[u8]) -> Option<Vec<u8>> {
    let change = change_counter(image)?;
    Some(Seal::of(image, change).render().into_bytes())
}

/// The counter when both copies agree; none of an empty store too.
fn change_counter(image: &[u8]) -> Option<u32> {
    let at = |from: usize| Some(u32::from_be_bytes(image.get(from..from + 4)?.try_into().ok()?));
    at(24).filter(|&change| Some(change) == at(92))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
