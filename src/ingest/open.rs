//! Opens a file: what it is by its first bytes, what its bytes are, how to read on.
//!
//! In: a located file. Out: its [`Layout`] (compression and format) and plain byte streams: hashed (SHA-256, FIPS
//! 180-4) for the survey, decompressed within limits for reading. Ratios are counted from 16 MiB on, because a small
//! file of one repeated line is no bomb. Encodings are left to `encoding`.

use super::IngestError;
use super::locate::SourceFile;
use super::preflight;
use super::settings::Format;
use super::settings::Limits;
#[cfg(target_os = "linux")]
use rustix::fs::CWD;
#[cfg(target_os = "linux")]
use rustix::fs::Mode;
use rustix::fs::OFlags;
#[cfg(target_os = "linux")]
use rustix::fs::ResolveFlags;
#[cfg(target_os = "linux")]
use rustix::fs::openat2;
use rustix::io::Errno;
use sha2::Digest;
use sha2::Sha256;
use std::fs::File;
use std::io;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Decompressed bytes from which the ratio is judged.
const RATIO_FROM: u64 = 16 << 20;

/// Compression of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) compression: Compression,
    pub(super) format: Format,
}

/// Opens a located file: the plain file that was found, even when a link or a FIFO has taken its place since, or the
/// place of a folder above it. The path has no links: `locate` resolved those that are allowed.
pub(super) fn open_plain(file: &SourceFile) -> Result<File, IngestError> {
    let opened = open_directly(&file.real).map_err(|cause| {
        if cause.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
            let (source_name, file) = file.names();
            return IngestError::Link { source_name, file };
        }
        file.io_error(cause)
    })?;
    let metadata = opened.metadata().map_err(|cause| file.io_error(cause))?;
    if !metadata.is_file() {
        let (source_name, file) = file.names();
        return Err(IngestError::NotAFile { source_name, file });
    }
    Ok(opened)
}

const FLAGS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// Opens without following any link, also none among the folders.
#[cfg(target_os = "linux")]
fn open_directly(path: &Path) -> io::Result<File> {
    let flags = FLAGS.union(OFlags::CLOEXEC);
    match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        Ok(opened) => Ok(File::from(opened)),
        // Kernels before 5.6, and sandboxes that know it not.
        Err(Errno::NOSYS | Errno::PERM) => open_no_follow(path),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_directly(path: &Path) -> io::Result<File> {
    open_no_follow(path)
}

fn open_no_follow(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).custom_flags(FLAGS.bits().cast_signed());
    options.open(path)
}

/// Says what a file is, by declaration, first bytes and ending, and refuses what contradicts itself.
pub(super) fn layout(
    file: &SourceFile,
    declared: Option<Format>,
    limits: &Limits,
) -> Result<Layout, IngestError> {
    let head = read_head(open_plain(file)?).map_err(|cause| file.io_error(cause))?;
    if head.is_empty() {
        return Err(file.empty());
    }
    let compression = match head.as_slice() {
        [0x1F, 0x8B, ..] => Compression::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression::Zstd,
        _ => Compression::None,
    };
    let head = if compression == Compression::None {
        head
    } else {
        let inner = reader(file, compression, limits)?;
        let head = read_head(inner).map_err(|cause| stream_error(file, cause))?;
        if head.is_empty() {
            return Err(file.empty());
        }
        head
    };
    let format = format_of(file, declared, &head)?;
    let is_text = matches!(format, Format::Csv | Format::JsonLines);
    if compression != Compression::None && !is_text {
        return Err(wrong(
            file,
            "an uncompressed file",
            "unpack it; only text formats are read compressed",
        ));
    }
    Ok(Layout { compression, format })
}

fn read_head(mut reader: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(4096);
    reader.by_ref().take(4096).read_to_end(&mut head)?;
    Ok(head)
}

/// Format by magic number; text formats by declaration, ending and first character.
fn format_of(file: &SourceFile, declared: Option<Format>, head: &[u8]) -> Result<Format, IngestError> {
    let seen = match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(preflight::zip_format(file)?),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(Format::Xls),
        [b'P', b'A', b'R', b'1', ..] => Some(Format::Parquet),
        _ => None,
    };
    let ending = file.ending();
    let by_ending = match ending.as_str() {
        "xlsx" | "xlsm" => Some(Format::Xlsx),
        "ods" => Some(Format::Ods),
        "parquet" => Some(Format::Parquet),
        "jsonl" | "ndjson" | "json" => Some(Format::JsonLines),
        _ => None,
    };
    let is_html = looks_like_html(head);
    // Systems that call a page or a tab-separated text `.xls` are common; the text can be read, the page cannot.
    if is_html && (declared.is_none_or(Format::is_workbook)) {
        return Err(wrong(
            file,
            "a table",
            "it is a web page under another name; open it and save it as .xlsx",
        ));
    }
    match (seen, declared) {
        (Some(seen), None) => Ok(seen),
        (Some(seen), Some(declared)) if seen == declared => Ok(seen),
        // An encrypted workbook is wrapped in the container of .xls; `workbook` names the reason.
        (Some(seen), Some(declared)) if seen.is_workbook() && declared.is_workbook() => Ok(seen),
        (Some(_), Some(declared)) => Err(wrong(
            file,
            words(declared),
            "its first bytes are of another format; correct `format`",
        )),
        (None, declared) => match declared.or(by_ending) {
            Some(Format::JsonLines) => Ok(Format::JsonLines),
            Some(Format::Csv) => Ok(Format::Csv),
            None if head.trim_ascii_start().starts_with(b"{\"") => Ok(Format::JsonLines),
            None => Ok(Format::Csv),
            Some(format) => Err(wrong(
                file,
                words(format),
                "its first bytes are not those of that format; export it again or correct `format`",
            )),
        },
    }
}

fn looks_like_html(head: &[u8]) -> bool {
    let start = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let begins = |word: &[u8]| start.len() >= word.len() && start[..word.len()].eq_ignore_ascii_case(word);
    [&b"<html"[..], b"<!doctype html", b"<table", b"<meta", b"<?xml"]
        .iter()
        .any(|word| begins(word))
}

fn words(format: Format) -> &'static str {
    match format {
        Format::Csv => "delimited text",
        Format::Xlsx => "an .xlsx workbook",
        Format::Xls => "an .xls workbook",
        Format::Ods => "an .ods spreadsheet",
        Format::Parquet => "a Parquet file",
        Format::JsonLines => "JSON lines",
    }
}

fn wrong(file: &SourceFile, expected: &'static str, hint: &'static str) -> IngestError {
    let (source_name, file) = file.names();
    IngestError::WrongMagic {
        source_name,
        file,
        expected: expected.into(),
        hint: hint.into(),
    }
}

/// The bytes of a text file, decompressed within the limits.
pub(super) fn reader(
    file: &SourceFile,
    compression: Compression,
    limits: &Limits,
) -> Result<Box<dyn Read + Send>, IngestError> {
    let raw = open_plain(file)?;
    decompress(raw, compression, limits).map_err(|cause| file.io_error(cause))
}

/// As [`reader`], hashing the bytes on disk as they pass.
pub(super) fn hashed_reader(
    file: &SourceFile,
    compression: Compression,
    limits: &Limits,
) -> Result<(Box<dyn Read + Send>, Arc<Hashed>), IngestError> {
    let raw = open_plain(file)?;
    let hashed = Arc::new(Hashed::default());
    let tap = Tap {
        inner: raw,
        hashed: Arc::clone(&hashed),
    };
    let reader = decompress(tap, compression, limits).map_err(|cause| file.io_error(cause))?;
    Ok((reader, hashed))
}

fn decompress(
    raw: impl Read + Send + 'static,
    compression: Compression,
    limits: &Limits,
) -> io::Result<Box<dyn Read + Send>> {
    if compression == Compression::None {
        return Ok(Box::new(raw));
    }
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        inner: raw,
        read: Arc::clone(&read),
    };
    let inner: Box<dyn Read + Send> = if compression == Compression::Gzip {
        Box::new(flate2::read::MultiGzDecoder::new(counted))
    } else {
        Box::new(zstd::stream::read::Decoder::new(counted)?)
    };
    Ok(Box::new(Bounded {
        inner,
        read,
        written: 0,
        bytes_max: limits.decompressed_bytes_max,
        ratio_max: limits.ratio_max,
    }))
}

/// Marks the errors of [`Bounded`], so that [`stream_error`] tells a bomb from a damaged file.
#[derive(Debug, thiserror::Error)]
#[error("decompressed bytes above the limit of {limit}")]
struct TooLarge {
    what: &'static str,
    limit: u64,
}

/// The error of a byte stream: above a limit, damaged, or refused by the system.
pub(super) fn stream_error(file: &SourceFile, cause: io::Error) -> IngestError {
    let large = cause.get_ref().and_then(|inner| inner.downcast_ref::<TooLarge>());
    if let Some(large) = large {
        return file.too_large(large.what, large.limit);
    }
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => file.damaged("it breaks off"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            file.damaged("its compressed data is wrong")
        }
        // zstd reports damage as an error without kind.
        io::ErrorKind::Other => file.damaged("its compressed data is wrong"),
        _ => file.io_error(cause),
    }
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.read.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

struct Bounded {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
    written: u64,
    bytes_max: u64,
    ratio_max: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.written += got as u64;
        let compressed = self.read.load(Ordering::Relaxed).max(1);
        let (what, limit) = if self.written > self.bytes_max {
            ("decompressed bytes", self.bytes_max)
        } else if self.written > RATIO_FROM && self.written / compressed > self.ratio_max {
            ("a compression ratio", self.ratio_max)
        } else {
            return Ok(got);
        };
        Err(io::Error::other(TooLarge { what, limit }))
    }
}

/// Hash and size of the bytes on disk, complete once the stream is read to its end.
#[derive(Debug, Default)]
pub(super) struct Hashed(std::sync::Mutex<(Sha256, u64)>);

impl Hashed {
    fn update(&self, bytes: &[u8]) {
        if let Ok(mut state) = self.0.lock() {
            state.0.update(bytes);
            state.1 += bytes.len() as u64;
        }
    }

    /// Lower-case hexadecimal digest and number of bytes so far.
    pub(super) fn finish(&self) -> (String, u64) {
        let state = self.0.lock().map(|state| state.clone()).unwrap_or_default();
        let mut text = String::with_capacity(64);
        for byte in state.0.finalize() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        (text, state.1)
    }
}

struct Tap<R> {
    inner: R,
    hashed: Arc<Hashed>,
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.hashed.update(&buffer[..got]);
        Ok(got)
    }
}

/// Hash and size of a file, read to its end.
pub(super) fn hash_file(file: &SourceFile) -> Result<(String, u64), IngestError> {
    let (mut reader, hashed) = hashed_reader(file, Compression::None, &Limits::default())?;
    let mut buffer = vec![0; 256 << 10];
    while reader.read(&mut buffer).map_err(|cause| file.io_error(cause))? > 0 {}
    Ok(hashed.finish())
}
