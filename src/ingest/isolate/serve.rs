//! The reader's side: limits itself, reads one file, writes what is in it.
//!
//! In: a request on stdin. Out: events on stdout. Before the file is opened the process gives up more memory, processor
//! time, open files and core dumps than it was granted, may make no file larger than nothing, and dies with the process
//! that started it. What it cannot do is then the kernel's business, not that of a parser of foreign formats.

use super::super::IngestError;
use super::super::header::Header;
use super::super::read::read_file;
use super::super::row::BadRow;
use super::super::row::Row;
use super::super::row::TablePlace;
use super::super::row::TableSink;
use super::Isolation;
use super::request::Request;
use super::wire::EventWriter;
use rustix::process::Resource;
use rustix::process::Rlimit;
use rustix::process::setrlimit;
use std::io;
use std::io::BufWriter;
use std::io::Read;

/// Largest request: names of columns are the most of it.
const REQUEST_BYTES_MAX: u64 = 16 << 20;
/// Files a reader has open at once.
const FILES_MAX: u64 = 64;

/// Serves one request from stdin to stdout; an error means that nobody listens, or that nothing sensible was asked.
///
/// # Errors
/// Those of stdin, stdout and the limits.
pub fn serve() -> io::Result<()> {
    let mut text = Vec::new();
    io::stdin().take(REQUEST_BYTES_MAX).read_to_end(&mut text)?;
    let request: Request = serde_json::from_slice(&text)?;
    confine(&request)?;
    // Fails only when a pool exists already, and none does.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads.max(1))
        .build_global();
    let in_process = Isolation::default();
    let mut sink = Sender {
        writer: EventWriter::new(BufWriter::with_capacity(256 << 10, io::stdout().lock())),
        broken: None,
    };
    let file = request.file();
    let outcome = read_file(&file, &request.options(&in_process), &mut sink);
    if let Some(error) = sink.broken {
        return Err(error);
    }
    match outcome {
        Ok(read) => sink.writer.end(read),
        Err(error) => sink.writer.fault(error),
    }
}

fn confine(request: &Request) -> io::Result<()> {
    let to = |limit: u64| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    let seconds = Rlimit {
        current: Some(request.seconds_max),
        maximum: Some(request.seconds_max.saturating_add(1)),
    };
    setrlimit(Resource::Core, to(0))?;
    setrlimit(Resource::Fsize, to(0))?;
    setrlimit(Resource::Nofile, to(FILES_MAX))?;
    setrlimit(Resource::Cpu, seconds)?;
    setrlimit(Resource::As, to(request.memory_bytes_max))?;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// Writes the tables of a file as events.
struct Sender<W: io::Write> {
    writer: EventWriter<W>,
    /// Why nothing more can be written.
    broken: Option<io::Error>,
}

impl<W: io::Write> Sender<W> {
    /// Keeps the first fault and ends the reading.
    fn hold(&mut self, written: io::Result<()>) -> Result<(), IngestError> {
        let Err(error) = written else { return Ok(()) };
        self.broken.get_or_insert(error);
        Err(IngestError::TooMany {
            what: "events nobody reads",
            limit: 0,
        })
    }
}

impl<W: io::Write> TableSink for Sender<W> {
    fn begin(&mut self, place: TablePlace<'_>, header: &Header) -> Result<(), IngestError> {
        let written = self.writer.begin(place.sheet, header);
        self.hold(written)
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), IngestError> {
        let written = self.writer.row(row);
        self.hold(written)
    }

    fn bad(&mut self, bad: BadRow) {
        let written = self.writer.bad(&bad);
        // The next row ends the reading.
        let _ = self.hold(written);
    }
}
