//! The process that reads workbooks and Parquet: this program, started anew under a word of its own.
//!
//! In: the job of a command that reads exports. Out: its plan, with this program as the reader. Which files are read there
//! and within which limits is known to `ingest`.

use crate::ingest::Isolation;
use crate::ingest::serve_reader;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Plan;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// The running program, also when its file was replaced by an update meanwhile.
const RUNNING: &str = "/proc/self/exe";

/// Reads what the starting process asks for; what goes wrong is seen there as an end of the stream.
pub(super) fn main() -> ExitCode {
    // A panic of a foreign parser may name what it read.
    std::panic::set_hook(Box::new(|_| {}));
    match serve_reader() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The settings of readers when no job says otherwise.
pub(super) fn isolation() -> Isolation {
    Isolation {
        program: program(),
        ..Isolation::default()
    }
}

/// The plan of a job whose exports will be read.
pub(super) fn load(job: &Path) -> Result<Plan, RunError> {
    let mut plan = plan::load(job)?;
    plan.ingest.isolation.program = program();
    Ok(plan)
}

fn program() -> Option<PathBuf> {
    let running = Path::new(RUNNING);
    if running.exists() {
        return Some(running.to_path_buf());
    }
    std::env::current_exe().ok()
}
