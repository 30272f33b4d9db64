//! The command line: arguments in, exit code out; one file a command.
//!
//! Results go to stdout or to files, everything else to stderr. The last line on stderr of a failed or warned run is one
//! JSON object. The clock is read here and nowhere else.

mod archive;
mod audit;
mod audit_log;
mod backup;
mod check;
mod console;
mod decide;
mod diff;
mod eval;
mod explain;
mod export;
mod forget;
mod history;
mod hold;
mod hooks;
mod hub;
mod id;
mod init;
mod limits;
mod list;
mod log;
mod metrics;
mod profile;
mod publish;
mod reader;
mod restore;
mod retain;
mod review;
mod rollback;
mod run;
mod runs;
mod sbom;
mod schema;
mod show;
mod signals;
mod synth;
mod train;
mod unmerge;
mod verify;

use clap::Parser;
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;

/// 归一 guiyi: one clean customer master from the exports of a group's subsidiaries.
#[derive(Debug, Parser)]
#[command(name = "guiyi", version, about, propagate_version = true)]
struct Arguments {
    /// Threads to use; all processors when left out.
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
    /// No progress and no summary; errors are still shown.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// How stderr is written: `auto` (progress on a terminal, plain lines elsewhere), `human` (plain lines) or `json`.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "FORM")]
    log_format: log::LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Profile exports and write a commented job file.
    Init(init::Arguments),
    /// Show what the columns of files hold that were never mapped.
    Profile(profile::Arguments),
    /// Report every fault of the job and its sources at once, and forecast the work.
    Check(check::Arguments),
    /// Run the nightly job: read, match, identify, publish, report.
    Run(run::Arguments),
    /// Learn the matching model again, show what it would change, and adopt it when told to.
    Train(train::Arguments),
    /// Show why two records are, or are not, one customer, or how a unified ID grew.
    Explain(explain::Arguments),
    /// Check unified IDs for slips of the pen.
    Id(id::Arguments),
    /// Show a unified ID: golden record, members, origin of its values.
    Show(show::Arguments),
    /// Say what is one customer, what is not, and which value or ID stands; the next run follows.
    Decide(decide::Arguments),
    /// Let a record, or the part of the customer it came with, leave a unified ID.
    Unmerge(unmerge::Arguments),
    /// Take the questions of the published run to a workbook, and read the answers back.
    Review(review::Arguments),
    /// Audit the published run by sample: plan, draw, read the answers, report.
    Audit(audit::Arguments),
    /// List the retained runs: current, published, taken back, candidates.
    Runs(runs::Arguments),
    /// Show what is other in a second run than in a first, and why.
    Diff(diff::Arguments),
    /// Show a unified ID in every retained run.
    History(history::Arguments),
    /// Publish a candidate that guards refused, accepting their refusal.
    Publish(publish::Arguments),
    /// Publish an earlier run again; IDs issued since are never used again.
    Rollback(rollback::Arguments),
    /// Recompute every checksum and invariant of the hub.
    Verify(verify::Arguments),
    /// Write the whole state of the hub into one file.
    Backup(backup::Arguments),
    /// Make a hub out of its backup, in an empty directory.
    Restore(restore::Arguments),
    /// Write what a role may see of the published run: sales, marketing, finance, subsidiary, auditor, or one of the job.
    Export(export::Arguments),
    /// Erase records from every retained byte of the hub, with a certificate.
    Forget(forget::Arguments),
    /// Show the customers whose term of retention is over, and erase them when told to.
    Retain(retain::Arguments),
    /// Keep records from being erased: legal holds.
    Hold(hold::Arguments),
    /// Check or show the log of what was done with the hub.
    Log(audit_log::Arguments),
    /// Compare the published run with labelled truth.
    Eval(eval::Arguments),
    /// Write synthetic exports of several subsidiaries, with truth.
    Synth(synth::Arguments),
    /// List field types, fields, comparators, rules, issue codes, roles, reference data.
    List(list::Arguments),
    /// Print the JSON schema of the job file.
    Schema,
    /// Print the bill of materials of this program: every crate in it (CycloneDX).
    Sbom,
}

/// A job file argument shared by the commands.
#[derive(Debug, clap::Args)]
struct JobArgument {
    /// The job file.
    #[arg(default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

/// Why a command failed: exit code, name and message, with a hint.
#[derive(Debug)]
struct Failure {
    code: u8,
    name: &'static str,
    message: String,
    /// Text already shown; then only the closing line follows.
    is_shown: bool,
}

impl Failure {
    fn usage(message: impl Into<String>) -> Self {
        Self {
            code: 2,
            name: "usage",
            message: message.into(),
            is_shown: false,
        }
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == crate::ingest::READER_WORD)
    {
        return reader::main();
    }
    console::keep_panics_silent();
    signals::watch();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return report_arguments(&error),
    };
    log::choose(arguments.log_format);
    if let Some(threads) = arguments.threads {
        // Fails only when a pool exists already, and none does.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .build_global();
    }
    let quiet = arguments.quiet;
    let command = arguments.command;
    // A defect ends as exit code 1 with its closing line, like every other failure.
    let result = std::panic::catch_unwind(|| execute(command, quiet)).unwrap_or_else(|_| {
        let message = "internal error; nothing was published, please report the place shown above";
        Err(Failure {
            code: 1,
            name: "internal",
            message: message.to_owned(),
            is_shown: false,
        })
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            console::report_failure(&failure);
            ExitCode::from(failure.code)
        }
    }
}

/// Help and version go to stdout with 0; a fault of the command line ends like every other failure.
fn report_arguments(error: &clap::Error) -> ExitCode {
    // A closed pipe ends the output, not the program.
    let _ = error.print();
    if error.exit_code() == 0 {
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    // Without a command the text is the help page.
    let message = text.lines().next().and_then(|line| line.strip_prefix("error: "));
    console::closing_line(2, "usage", None, message.unwrap_or("a command is missing"));
    ExitCode::from(2)
}

fn execute(command: Command, quiet: bool) -> Result<u8, Failure> {
    match command {
        Command::Init(arguments) => init::execute(&arguments),
        Command::Profile(arguments) => profile::execute(&arguments, quiet),
        Command::Check(arguments) => check::execute(&arguments, quiet),
        Command::Run(arguments) => run::execute(&arguments, quiet),
        Command::Train(arguments) => train::execute(&arguments, quiet),
        Command::Explain(arguments) => explain::execute(&arguments),
        Command::Id(arguments) => id::execute(&arguments),
        Command::Show(arguments) => show::execute(&arguments),
        Command::Decide(arguments) => decide::execute(&arguments),
        Command::Unmerge(arguments) => unmerge::execute(&arguments),
        Command::Review(arguments) => review::execute(&arguments),
        Command::Audit(arguments) => audit::execute(&arguments),
        Command::Runs(arguments) => runs::execute(&arguments),
        Command::Diff(arguments) => diff::execute(&arguments),
        Command::History(arguments) => history::execute(&arguments),
        Command::Publish(arguments) => publish::execute(&arguments),
        Command::Forget(arguments) => forget::execute(&arguments),
        Command::Retain(arguments) => retain::execute(&arguments),
        Command::Hold(arguments) => hold::execute(&arguments),
        Command::Rollback(arguments) => rollback::execute(&arguments),
        Command::Verify(arguments) => verify::execute(&arguments),
        Command::Backup(arguments) => backup::execute(&arguments),
        Command::Restore(arguments) => restore::execute(&arguments),
        Command::Export(arguments) => export::execute(&arguments, quiet),
        Command::Log(arguments) => audit_log::execute(&arguments),
        Command::Eval(arguments) => eval::execute(&arguments),
        Command::Synth(arguments) => synth::execute(&arguments, quiet),
        Command::List(arguments) => list::execute(&arguments),
        Command::Schema => schema::execute(),
        Command::Sbom => sbom::execute(),
    }
}
