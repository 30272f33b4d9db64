//! Calls the job's `[hooks]` when a run has ended.
//!
//! In: the plan and how the run ended. Out: nothing but a line in the log: a hook never changes the outcome. The command is
//! started without a shell in the job's folder, in a process group of its own, with one JSON object on stdin (exit code,
//! name, run, message, hub, job, times; no value of a record). What it prints goes nowhere, so that it can neither fill a
//! disk nor bring data into the log. After the limit the whole group is ended.

use crate::cli::console;
use crate::cli::log;
use crate::cli::log::Level;
use crate::plan::Plan;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// How a run ended.
pub(super) struct Ended<'a> {
    pub(super) code: u8,
    pub(super) name: &'a str,
    pub(super) run_id: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) started_at: &'a str,
}

/// How often a running hook is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Calls the hook of this outcome, if the job names one, and waits for it.
pub(super) fn call(plan: &Plan, ended: &Ended) {
    let (hook, command) = match ended.code {
        0 => ("on_success", &plan.hooks.on_success),
        3 | 6 => ("on_warning", &plan.hooks.on_warning),
        _ => ("on_failure", &plan.hooks.on_failure),
    };
    let Some((program, arguments)) = command.split_first() else {
        return;
    };
    let limit = Duration::from_secs(plan.hooks.seconds_max);
    let folder = match plan.job.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let message = match start(program, arguments, folder) {
        Ok(child) => wait(child, told(plan, ended), limit),
        Err(kind) => Err(format!("cannot be started ({kind})")),
    };
    match message {
        Ok(()) => log::figures(Level::Info, "end", "hook_called", &[]),
        Err(reason) => log::warn(&format!("hook `{hook}` {reason}; the outcome of the run stands")),
    }
}

fn told(plan: &Plan, ended: &Ended) -> Vec<u8> {
    let full = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        path.to_string_lossy().into_owned()
    };
    let object = serde_json::json!({
        "code": ended.code,
        "name": ended.name,
        "run_id": ended.run_id,
        "message": ended.message,
        "job": full(&plan.job),
        "hub": full(&plan.hub),
        "started_at": ended.started_at,
        "finished_at": console::now(),
    });
    let mut bytes = object.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

fn start(program: &str, arguments: &[String], folder: &Path) -> Result<Child, std::io::ErrorKind> {
    // A program with a folder in its name is looked for beside the job, whatever the working directory.
    let own = folder.join(program);
    let program = match program.contains('/') && own.exists() {
        true => std::path::absolute(&own).unwrap_or(own),
        false => program.into(),
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).process_group(0);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().map_err(|error| error.kind())
}

/// Waits until the hook ends or the limit is over; says what went wrong.
fn wait(mut child: Child, told: Vec<u8>, limit: Duration) -> Result<(), String> {
    let start = Instant::now();
    if let Some(mut stdin) = child.stdin.take() {
        // A hook that does not read may not hold the run; the thread ends with the pipe.
        std::thread::spawn(move || {
            let _ = stdin.write_all(&told);
        });
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("failed ({status})")),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(POLL),
            _ => break,
        }
    }
    end_group(&child);
    let _ = child.wait();
    Err(format!("took more than {} s and was ended", limit.as_secs()))
}

/// Ends the hook and everything that it started; its leader is not yet waited for, so the number is still its own.
fn end_group(child: &Child) {
    let group = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}
