//! A backup as one file: a POSIX ustar archive (IEEE Std 1003.1, pax, section ustar interchange format) packed with zstd.
//!
//! In: names and files, sorted. Out: the same bytes for the same files, whenever and wherever: no times, owners or modes of their
//! own. The first member `backup.json` lists every other with size and SHA-256 and carries its own, so that a changed bit, a
//! missing and a foreign member are noticed. Read back, only what it lists is taken, only regular files, only names of safe parts.
//! What belongs into a backup is decided by the callers.

use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Name of the first member.
const LIST: &str = "backup.json";

/// Newest format of backups that this program writes and reads.
const FORMAT: u32 = 1;

const BLOCK: usize = 512;

/// Largest list that is read; a hub of ten thousand runs has a smaller one.
const LIST_MAX: u64 = 256 << 20;

/// Where the bytes of a member come from.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A file, which does not change meanwhile.
    File(PathBuf),
    /// These bytes.
    Bytes(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    size_bytes: u64,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct List {
    format: u32,
    members: BTreeMap<String, Member>,
    sha256: String,
}

impl List {
    fn render(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers have a JSON form") + "\n"
    }

    fn seal(&mut self) {
        self.sha256.clear();
        self.sha256 = hexadecimal(Sha256::digest(self.render().as_bytes()).as_slice());
    }
}

/// Writes `members`, by name, into `out`.
///
/// # Errors
/// What the system says; also when a file has changed meanwhile.
pub(super) fn write(members: &BTreeMap<String, Content>, out: impl Write) -> io::Result<()> {
    let mut list = List {
        format: FORMAT,
        members: BTreeMap::new(),
        sha256: String::new(),
    };
    for (name, content) in members {
        list.members.insert(name.clone(), measure(content)?);
    }
    list.seal();
    let mut packed = zstd::Encoder::new(out, 3)?;
    packed.include_checksum(true)?;
    let text = list.render();
    append(&mut packed, LIST, text.len() as u64, &mut text.as_bytes())?;
    for (name, content) in members {
        let size = list.members[name].size_bytes;
        match content {
            Content::File(path) => append(&mut packed, name, size, &mut File::open(path)?)?,
            Content::Bytes(bytes) => append(&mut packed, name, size, &mut bytes.as_slice())?,
        }
    }
    packed.write_all(&[0; 2 * BLOCK])?;
    packed.finish()?.flush()
}

fn measure(content: &Content) -> io::Result<Member> {
    let mut hasher = Sha256::new();
    let size_bytes = match content {
        Content::Bytes(bytes) => io::copy(&mut bytes.as_slice(), &mut Hashing(&mut hasher))?,
        Content::File(path) => io::copy(&mut File::open(path)?, &mut Hashing(&mut hasher))?,
    };
    Ok(Member {
        size_bytes,
        sha256: hexadecimal(hasher.finalize().as_slice()),
    })
}

struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn append(out: &mut impl Write, name: &str, size: u64, content: &mut impl Read) -> io::Result<()> {
    out.write_all(&header(name, size)?)?;
    if io::copy(&mut content.take(size), out)? != size {
        return Err(io::Error::other(format!("`{name}` has become shorter meanwhile")));
    }
    out.write_all(&vec![0; padding(size)])
}

fn padding(size: u64) -> usize {
    (BLOCK - (size % BLOCK as u64) as usize) % BLOCK
}

fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    let (prefix, rest) =
        split(name).ok_or_else(|| io::Error::other(format!("`{name}` is too long a name")))?;
    put(0, rest.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    match size < 1 << 33 {
        true => put(124, format!("{size:011o}\0").as_bytes()),
        // The extension of GNU and POSIX.1-2001 readers: the number in base 256, marked by the first bit.
        false => put(124, &[&[0x80, 0, 0, 0][..], &size.to_be_bytes()].concat()),
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(345, prefix.as_bytes());
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

/// Prefix and name of at most 155 and 100 bytes.
fn split(name: &str) -> Option<(&str, &str)> {
    if name.len() <= 100 {
        return Some(("", name));
    }
    let cuts = name
        .match_indices('/')
        .map(|(at, _)| (&name[..at], &name[at + 1..]));
    cuts.into_iter()
        .find(|(prefix, rest)| prefix.len() <= 155 && rest.len() <= 100)
}

/// What `archive` holds, each member given to `take` with its content; the content must be read to its end.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] with the reason when it is no backup, of a newer format, or not as written.
pub(super) fn read(
    archive: impl Read,
    mut take: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut unpacked = zstd::Decoder::new(archive)?;
    let Some((name, size)) = next(&mut unpacked)? else {
        return Err(wrong("it is empty"));
    };
    if name != LIST || size > LIST_MAX {
        return Err(wrong("it is no backup of guiyi"));
    }
    let list = read_list(&mut unpacked, size)?;
    let mut left: BTreeMap<&str, &Member> = list
        .members
        .iter()
        .map(|(name, member)| (name.as_str(), member))
        .collect();
    while let Some((name, size)) = next(&mut unpacked)? {
        let Some(member) = left
            .remove(name.as_str())
            .filter(|member| member.size_bytes == size)
        else {
            return Err(wrong("it holds a member that its list does not have"));
        };
        let mut content = Checked {
            content: (&mut unpacked).take(size),
            hasher: Sha256::new(),
        };
        take(&name, &mut content)?;
        let Checked { content, hasher } = content;
        if content.limit() > 0 || hexadecimal(hasher.finalize().as_slice()) != member.sha256 {
            return Err(wrong(&format!("the checksum of `{name}` does not fit")));
        }
        skip(&mut unpacked, padding(size))?;
    }
    // To the end, where the checksum of the packing stands.
    let mut end = Vec::new();
    unpacked.take(BLOCK as u64 + 1).read_to_end(&mut end)?;
    if end != [0; BLOCK] {
        return Err(wrong("it does not end where it should"));
    }
    match left.keys().next() {
        Some(name) => Err(wrong(&format!("`{name}` is missing"))),
        None => Ok(()),
    }
}

struct Checked<R> {
    content: io::Take<R>,
    hasher: Sha256,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

fn read_list(archive: &mut impl Read, size: u64) -> io::Result<List> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let mut text = Vec::new();
    archive.take(size).read_to_end(&mut text)?;
    skip(archive, padding(size))?;
    let unread = |_| wrong("its list is not as written");
    let Format { format } = serde_json::from_slice(&text).map_err(unread)?;
    if format > FORMAT {
        let reason =
            format!("it has format {format}, this program knows up to {FORMAT}; use the newer program");
        return Err(wrong(&reason));
    }
    let list: List = serde_json::from_slice(&text).map_err(unread)?;
    let mut fresh = list.clone();
    fresh.seal();
    if fresh.render().as_bytes() != text {
        return Err(wrong("its list is not as written"));
    }
    match list.members.keys().find(|name| !is_safe(name)) {
        Some(_) => Err(wrong("it names a file outside itself")),
        None => Ok(list),
    }
}

/// May `name` be a path below a directory? Parts of letters of any script, digits, `.`, `-`, `_`, none beginning with a dot.
pub(super) fn is_safe(name: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(safe);
    name.len() <= 255 && name.split('/').all(part)
}

/// Name and size of the next member; none at the end.
fn next(archive: &mut impl Read) -> io::Result<Option<(String, u64)>> {
    let mut block = [0; BLOCK];
    archive.read_exact(&mut block)?;
    if block.iter().all(|&byte| byte == 0) {
        return Ok(None);
    }
    let text = |from: usize, to: usize| {
        let bytes = &block[from..to];
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        std::str::from_utf8(&bytes[..end]).map_err(|_| wrong("a name in it is no text"))
    };
    let (name, prefix) = (text(0, 100)?, text(345, 500)?);
    let name = if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}/{name}")
    };
    let size = match block[124] & 0x80 {
        0 => {
            u64::from_str_radix(text(124, 136)?.trim(), 8).map_err(|_| wrong("a size in it is no number"))?
        }
        _ => u64::from_be_bytes(block[128..136].try_into().expect("eight bytes")),
    };
    // The header is what we would have written: a regular file, no link, no owner, no time.
    if header(&name, size)? != block {
        return Err(wrong("it holds what is no regular file of a backup"));
    }
    Ok(Some((name, size)))
}

fn skip(archive: &mut impl Read, bytes: usize) -> io::Result<()> {
    let mut rest = vec![0; bytes];
    archive.read_exact(&mut rest)
}

fn wrong(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Name of a file below `directory` as a member `prefix/…`.
pub(super) fn member_name(prefix: &str, directory: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(directory).ok()?.to_str()?;
    Some(format!("{prefix}/{rest}")).filter(|name| is_safe(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> BTreeMap<String, Content> {
        let long = format!("hub/runs/{}/{}", "r".repeat(60), "f".repeat(60));
        let names = ["hub/CURRENT", "hub/归一.db", "job.toml", &long];
        let content = |name: &&str| ((*name).to_owned(), Content::Bytes(name.repeat(100).into_bytes()));
        names.iter().map(content).collect()
    }

    fn packed() -> Vec<u8> {
        let mut out = Vec::new();
        write(&members(), &mut out).unwrap();
        out
    }

    fn unpack(bytes: &[u8]) -> io::Result<BTreeMap<String, Vec<u8>>> {
        let mut found = BTreeMap::new();
        read(bytes, |name, content| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            found.insert(name.to_owned(), bytes);
            Ok(())
        })?;
        Ok(found)
    }

    /// The archive around `blocks`, with the list of `members` in front.
    fn forged(members: &[(&str, &[u8])], change: impl Fn(&mut [u8])) -> Vec<u8> {
        let mut list = List {
            format: FORMAT,
            members: BTreeMap::new(),
            sha256: String::new(),
        };
        for (name, bytes) in members {
            let member = measure(&Content::Bytes(bytes.to_vec())).unwrap();
            list.members.insert((*name).to_owned(), member);
        }
        list.seal();
        let mut raw = Vec::new();
        append(
            &mut raw,
            LIST,
            list.render().len() as u64,
            &mut list.render().as_bytes(),
        )
        .unwrap();
        for (name, bytes) in members {
            let mut block = header(name, bytes.len() as u64).unwrap();
            change(&mut block);
            block[148..156].copy_from_slice(b"        ");
            let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            raw.extend(block);
            raw.extend(*bytes);
            raw.extend(vec![0; padding(bytes.len() as u64)]);
        }
        raw.extend([0; 2 * BLOCK]);
        zstd::encode_all(raw.as_slice(), 3).unwrap()
    }

    #[test]
    fn members_come_back_and_the_same_members_give_the_same_bytes() {
        let found = unpack(&packed()).unwrap();
        assert_eq!(found.len(), 4);
        assert!(
            found
                .iter()
                .all(|(name, bytes)| *bytes == name.repeat(100).into_bytes())
        );
        assert_eq!(packed(), packed());
    }

    #[test]
    fn every_flipped_bit_of_a_backup_is_noticed() {
        let bytes = packed();
        for position in (0..bytes.len() * 8).step_by(3) {
            let mut flipped = bytes.clone();
            flipped[position / 8] ^= 1 << (position % 8);
            // A bit of the frame that says nothing about the content may be another.
            if let Ok(found) = unpack(&flipped) {
                assert_eq!(found, unpack(&bytes).unwrap(), "bit {position}");
            }
        }
        for end in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(unpack(&bytes[..end]).is_err());
        }
    }

    #[test]
    fn names_that_leave_and_links_are_refused() {
        for name in [
            "../x",
            "/etc/passwd",
            "hub/../../x",
            "hub//x",
            "hub/.x",
            "a\\b",
            "hub/a b",
            "",
        ] {
            assert!(!is_safe(name), "{name}");
            if !name.is_empty() {
                assert!(unpack(&forged(&[(name, b"x")], |_| {})).is_err(), "{name}");
            }
        }
        unpack(&forged(&[("hub/x", b"x")], |_| {})).unwrap();
        for kind in b"123456LKx" {
            let archive = forged(&[("hub/x", b"x")], |block| block[156] = *kind);
            assert!(unpack(&archive).is_err(), "{kind}");
        }
        assert!(unpack(b"PK\x03\x04").is_err());
        assert!(unpack(&zstd::encode_all(&[0_u8; 1024][..], 3).unwrap()).is_err());
    }

    #[test]
    fn a_file_beyond_eight_gibibytes_has_its_size() {
        let block = header("hub/x", 9 << 33).unwrap();
        assert_eq!(
            next(&mut block.as_slice()).unwrap(),
            Some(("hub/x".to_owned(), 9 << 33))
        );
    }
}
