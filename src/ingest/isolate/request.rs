//! What a reader is asked to read, and within which limits: JSON on its stdin.
//!
//! In: a located file and what is declared on it. Out: the same in the other process. Nothing of it stands on the
//! command line, where every user of the machine could read it.

use super::super::headed::HeaderWish;
use super::super::locate::SourceFile;
use super::super::read::ReadOptions;
use super::super::settings::Format;
use super::super::settings::Limits;
use super::Isolation;
use serde::Deserialize;
use serde::Serialize;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::ffi::OsStringExt;

/// Threads that a reader decodes columns with at most.
const THREADS_MAX: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    source: String,
    path: String,
    /// Bytes of the path on this machine, which need not be UTF-8.
    real: Vec<u8>,
    format: Option<Format>,
    encoding: Option<String>,
    delimiter: Option<u8>,
    pub(super) sheets: Vec<String>,
    header_row: Option<u32>,
    header: Vec<String>,
    wanted: Vec<String>,
    pub(super) limits: Limits,
    pub(super) memory_bytes_max: u64,
    pub(super) seconds_max: u64,
    pub(super) threads: usize,
}

pub(super) fn encode(file: &SourceFile, options: &ReadOptions<'_>) -> io::Result<Vec<u8>> {
    let request = Request {
        source: file.source.clone(),
        path: file.path.clone(),
        real: file.real.as_os_str().as_bytes().to_vec(),
        format: options.format,
        encoding: options.encoding.map(str::to_owned),
        delimiter: options.delimiter,
        sheets: options.sheets.to_vec(),
        header_row: options.wish.row,
        header: options.wish.names.clone(),
        wanted: options.wish.wanted.clone(),
        limits: options.limits,
        memory_bytes_max: options.isolation.memory_bytes_max,
        seconds_max: options.isolation.seconds_max,
        threads: rayon::current_num_threads().min(THREADS_MAX),
    };
    serde_json::to_vec(&request).map_err(io::Error::other)
}

impl Request {
    pub(super) fn file(&self) -> SourceFile {
        SourceFile {
            source: self.source.clone(),
            path: self.path.clone(),
            real: OsString::from_vec(self.real.clone()).into(),
        }
    }

    /// What is declared; `in_process` reads here and not in yet another process.
    pub(super) fn options<'a>(&'a self, in_process: &'a Isolation) -> ReadOptions<'a> {
        ReadOptions {
            format: self.format,
            encoding: self.encoding.as_deref(),
            delimiter: self.delimiter,
            sheets: &self.sheets,
            wish: HeaderWish {
                row: self.header_row,
                names: self.header.clone(),
                wanted: self.wanted.clone(),
            },
            limits: self.limits,
            isolation: in_process,
        }
    }
}
