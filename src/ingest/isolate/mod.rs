//! Reads workbooks and Parquet in a process of their own (operations.md R8, R9).
//!
//! In: a located file, what is declared on it, and the program to start ([`Isolation`]). Out: the tables in it, row by
//! row, as `read` gives them in this process. The other process is this program under the hidden word
//! [`READER_WORD`], with an empty environment; it limits its own memory and processor time before it opens anything
//! (`serve`), reads what is asked on its stdin (`request`) and writes rows to its stdout (`wire`). Whatever happens to
//! it, this process sees an end of the stream: a crash, a limit or a kill is [`IngestError::ReaderEnded`].
//!
//! Text formats are read by code of our own within its own limits and stay in this process; so does everything when
//! no program is given, as in tests of the library.

mod fault;
mod request;
mod serve;
mod wire;

pub use serve::serve;

use super::IngestError;
use super::locate::SourceFile;
use super::open::open_plain;
use super::read::ReadFile;
use super::read::ReadOptions;
use super::row::RowBuffer;
use super::row::TablePlace;
use super::row::TableSink;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;
use wire::Event;
use wire::EventReader;

/// The first argument that makes this program a reader.
pub const READER_WORD: &str = "read-source";

/// Wall-clock time a reader may take, as a multiple of its processor time: machines are shared at night.
const WALL_FACTOR: u64 = 4;

/// How workbooks and Parquet are kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// The program to start; `None` reads in this process. The command line sets its own.
    pub program: Option<PathBuf>,
    /// Does the job want it?
    pub is_wanted: bool,
    /// Address space of a reader.
    pub memory_bytes_max: u64,
    /// Processor time of a reader; its time on the clock is four times that.
    pub seconds_max: u64,
}

impl Default for Isolation {
    fn default() -> Self {
        Self {
            program: None,
            is_wanted: true,
            memory_bytes_max: 1 << 30,
            seconds_max: 900,
        }
    }
}

impl Isolation {
    /// The program to start for `file`, when it is of a kind that is kept apart.
    pub(super) fn program_for(&self, file: &SourceFile) -> Result<Option<&PathBuf>, IngestError> {
        let Some(program) = self.program.as_ref().filter(|_| self.is_wanted) else {
            return Ok(None);
        };
        let mut head = Vec::with_capacity(8);
        let opened = open_plain(file)?;
        opened
            .take(8)
            .read_to_end(&mut head)
            .map_err(|cause| file.io_error(cause))?;
        let is_binary =
            head.starts_with(b"PK") || head.starts_with(b"PAR1") || head.starts_with(b"\xD0\xCF\x11\xE0");
        Ok(is_binary.then_some(program))
    }
}

/// Reads `file` to its end in a process of its own.
pub(super) fn read_isolated(
    program: &PathBuf,
    file: &SourceFile,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<ReadFile, IngestError> {
    let isolation = options.isolation;
    let mut reader = Reader::start(program, file, isolation)?;
    let request = request::encode(file, options).map_err(|cause| file.io_error(cause))?;
    // A reader that does not listen has ended, and the stream below says how.
    let stdin = reader.stdin.take();
    let _ = stdin.map(|mut stdin| stdin.write_all(&request));
    let Some(stdout) = reader.stdout.take() else {
        return Err(reader.ended(file, isolation));
    };
    let limits = &options.limits;
    let mut events = EventReader::new(BufReader::with_capacity(256 << 10, stdout), limits);
    let mut row = RowBuffer::default();
    loop {
        match events.next(&mut row) {
            Ok(Some(Event::Row {
                line,
                byte,
                may_be_short,
            })) => {
                let mut given = row.as_row(line, byte);
                given.may_be_short = may_be_short;
                sink.row(&given)?;
            }
            Ok(Some(Event::Bad(bad))) => sink.bad(bad),
            Ok(Some(Event::Begin { sheet, header })) => {
                let sheet = sheet.as_deref();
                sink.begin(TablePlace { file, sheet }, &header)?;
            }
            Ok(Some(Event::End(end))) => return Ok(end.into_read(file)),
            Ok(Some(Event::Fault(fault))) => return Err(fault.into_error(file)),
            // The stream breaks off, or is none of ours.
            Ok(None) | Err(_) => return Err(reader.ended(file, isolation)),
        }
    }
}

/// A running reader; dropping it ends the process.
struct Reader {
    child: Arc<Mutex<Child>>,
    stdin: Option<std::process::ChildStdin>,
    stdout: Option<std::process::ChildStdout>,
    is_late: Arc<AtomicBool>,
    /// Dropped to tell the clock that the reader has ended.
    _finished: mpsc::Sender<()>,
}

impl Reader {
    fn start(program: &PathBuf, file: &SourceFile, isolation: &Isolation) -> Result<Self, IngestError> {
        let mut command = Command::new(program);
        command
            .arg0("guiyi")
            .arg(READER_WORD)
            .env_clear()
            // Every arena of glibc reserves address space, which is what is limited.
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|cause| {
            let (source_name, file) = file.names();
            IngestError::NoReader {
                source_name,
                file,
                cause,
            }
        })?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let child = Arc::new(Mutex::new(child));
        let is_late = Arc::new(AtomicBool::new(false));
        let (finished, is_finished) = mpsc::channel::<()>();
        let watched = (Arc::clone(&child), Arc::clone(&is_late));
        let patience = Duration::from_secs(isolation.seconds_max.saturating_mul(WALL_FACTOR));
        let clock = std::thread::Builder::new().name("reader".to_owned());
        // Without a thread to spare the limit of processor time still holds.
        let _ = clock.spawn(move || {
            if is_finished.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
                watched.1.store(true, Ordering::Relaxed);
                end(&watched.0);
            }
        });
        Ok(Self {
            child,
            stdin,
            stdout,
            is_late,
            _finished: finished,
        })
    }

    /// Why the stream broke off.
    fn ended(&self, file: &SourceFile, isolation: &Isolation) -> IngestError {
        // It may be alive when what it wrote is no stream of ours; else the kill changes nothing.
        let status = wait_briefly(&self.child).or_else(|| end(&self.child));
        let signal = status.and_then(|status| status.signal());
        let is_late =
            self.is_late.load(Ordering::Relaxed) || signal == Some(rustix::process::Signal::XCPU.as_raw());
        let (source_name, file) = file.names();
        let reason = if is_late {
            format!(
                "it took more than {} s; raise `reader_seconds`",
                isolation.seconds_max
            )
        } else {
            let mib = isolation.memory_bytes_max >> 20;
            format!("it needs more than {mib} MiB (`reader_memory`), or the file is made to break it")
        };
        IngestError::ReaderEnded {
            source_name,
            file,
            reason,
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stdout = None;
        end(&self.child);
    }
}

/// Ends the process, if it has not, and says how it went.
fn end(child: &Mutex<Child>) -> Option<ExitStatus> {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().ok()
}

/// How the process ended, which takes it a moment after its last byte.
fn wait_briefly(child: &Mutex<Child>) -> Option<ExitStatus> {
    for _ in 0..1_000 {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        drop(child);
        std::thread::sleep(Duration::from_millis(2));
    }
    None
}
