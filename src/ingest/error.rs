//! Why a source cannot be read at all. Rows that cannot be read are rejects, not errors.

use std::borrow::Cow;
use std::io;
use thiserror::Error;

/// A fault of a whole source or file. Every message says what to do next when that is known.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// Nothing is at the path.
    #[error("source `{source_name}`: file `{file}` does not exist; correct the path or deliver the file")]
    Missing {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// A glob or folder has no file that can be read.
    #[error("source `{source_name}`: no file matches `{pattern}`; correct the pattern or deliver the files")]
    NothingMatches {
        /// Source.
        source_name: String,
        /// Pattern as in the job.
        pattern: String,
    },
    /// The pattern is not a glob.
    #[error(
        "source `{source_name}`: `{pattern}` is not a valid pattern ({reason}); escape `[` and `*` as `[[]` and `[*]`"
    )]
    Pattern {
        /// Source.
        source_name: String,
        /// Pattern as in the job.
        pattern: String,
        /// What the glob parser says.
        reason: String,
    },
    /// More files than the limit.
    #[error("source `{source_name}`: more than {limit} files match; narrow the pattern")]
    TooManyFiles {
        /// Source.
        source_name: String,
        /// Largest number.
        limit: usize,
    },
    /// The operating system refuses the file.
    #[error(
        "source `{source_name}`: file `{file}` may not be read; give the job's user the right to read it"
    )]
    Permission {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// Its companion does not say that it was delivered whole.
    #[error(
        "source `{source_name}`: file `{file}` is not complete ({reason}); deliver the file first and its companion last"
    )]
    Incomplete {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A device, FIFO or socket.
    #[error("source `{source_name}`: `{file}` is not a regular file; name an ordinary file")]
    NotAFile {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// A symbolic link leads out of the folder that the job names.
    #[error(
        "source `{source_name}`: `{file}` is a link that leaves its folder; name the real path in the job file"
    )]
    LeavesBase {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// A symbolic link where the job names a file or folder.
    #[error(
        "source `{source_name}`: `{file}` is a symbolic link, or lies behind one; name the real path, or set `follow_links = true` for this source"
    )]
    Link {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// The process that was to read it ended.
    #[error("source `{source_name}`: file `{file}` cannot be read: its reader was ended ({reason})")]
    ReaderEnded {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Which limit, and what to do.
        reason: String,
    },
    /// No process can be started to read it.
    #[error(
        "source `{source_name}`: no process can be started to read `{file}`; allow it, or set `isolate_readers = false` in `[limits]`"
    )]
    NoReader {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Cause.
        #[source]
        cause: io::Error,
    },
    /// Reading failed.
    #[error("source `{source_name}`: file `{file}` cannot be read")]
    Io {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Cause.
        #[source]
        cause: io::Error,
    },
    /// No byte, or nothing but blank lines.
    #[error("source `{source_name}`: file `{file}` is empty; export it again with its header")]
    Empty {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// The first bytes belong to another format.
    #[error("source `{source_name}`: file `{file}` is not {expected}; {hint}")]
    WrongMagic {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Format expected, as words.
        expected: Cow<'static, str>,
        /// What it looks like and what to do.
        hint: Cow<'static, str>,
    },
    /// Compressed or structured content that breaks off or contradicts itself.
    #[error("source `{source_name}`: file `{file}` is damaged ({reason}); export or copy it again")]
    Damaged {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// What the reader says; holds no cell.
        reason: String,
    },
    /// A workbook with a password.
    #[error("source `{source_name}`: workbook `{file}` is encrypted; save it without a password")]
    Encrypted {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// Sizes above the limits: a decompression bomb or an export that must be split.
    #[error(
        "source `{source_name}`: file `{file}` has {what} above the limit of {limit}; split the export, or look for a decompression bomb"
    )]
    TooLarge {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// What is too large.
        what: Cow<'static, str>,
        /// The limit.
        limit: u64,
    },
    /// The declared encoding has no known label.
    #[error(
        "source `{source_name}`: encoding `{encoding}` is unknown; use `utf-8`, `gbk`, `gb18030`, `big5`, `utf-16le`, `utf-16be` or another WHATWG label"
    )]
    UnknownEncoding {
        /// Source.
        source_name: String,
        /// Label in the job.
        encoding: String,
    },
    /// Most rows cannot be decoded, or the header cannot.
    #[error(
        "source `{source_name}`: file `{file}` is not {encoding}, from line {line} on; set `encoding` for this source"
    )]
    WrongEncoding {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Encoding that was tried.
        encoding: &'static str,
        /// First line that cannot be decoded.
        line: u64,
    },
    /// No row looks like a header, or the declared row is not there.
    #[error(
        "source `{source_name}`: file `{file}` has no header; set `header_row` for this source, or name its columns in `header`"
    )]
    NoHeader {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
    },
    /// A column of the key or the mapping is not in the header.
    #[error("source `{source_name}`: file `{file}` has no column `{column}` in its header (row {line}){}", near(.nearest))]
    MissingColumn {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Header row; 0 when the format has none.
        line: u64,
        /// Column as in the job.
        column: String,
        /// The header that is most like it.
        nearest: Option<String>,
    },
    /// No sheet fits.
    #[error("source `{source_name}`: workbook `{file}` has no sheet `{pattern}`{}", near(.nearest))]
    NoSheet {
        /// Source.
        source_name: String,
        /// Path as in the job.
        file: String,
        /// Pattern as in the job; `*` when it names none.
        pattern: String,
        /// The sheet name that is most like it.
        nearest: Option<String>,
    },
    /// Settings that contradict themselves.
    #[error("source `{source_name}`: {reason}")]
    Settings {
        /// Source.
        source_name: String,
        /// What is wrong.
        reason: String,
    },
    /// The cells of a `source_column` name a source that another part of the job has.
    #[error(
        "source `{source_name}`: its column `{column}` names `{other}`, which is another source of the job; rename one of them"
    )]
    SourceNameTaken {
        /// Source.
        source_name: String,
        /// The splitting column.
        column: String,
        /// The name that is taken.
        other: String,
    },
    /// More sources or records than the indexes hold.
    #[error("more than {limit} {what}; split the job")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// Largest number.
        limit: u64,
    },
    /// Rows were lost or counted twice: a defect of the program.
    #[error(
        "source `{source_name}`: {read} rows read are not {accepted} accepted + {rejected} rejected + {skipped} skipped; this is a defect, report it"
    )]
    Unbalanced {
        /// Source.
        source_name: String,
        /// Rows read.
        read: u64,
        /// Rows accepted.
        accepted: u64,
        /// Rows rejected.
        rejected: u64,
        /// Rows skipped.
        skipped: u64,
    },
}

fn near(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
