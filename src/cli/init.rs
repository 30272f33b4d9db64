//! `guiyi init`: a commented job file from the exports themselves.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::log;
use crate::cli::reader;
use crate::ingest::ProfileOptions;
use crate::plan::propose;
use std::fs;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Exports: files or folders.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The job file to write.
    #[arg(long, default_value = "guiyi.toml")]
    out: PathBuf,
    /// Replace an existing job file.
    #[arg(long)]
    force: bool,
}

/// Writes the job file and says what it holds and what it asks.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let out = &arguments.out;
    if out.exists() && !arguments.force {
        let text = format!(
            "`{}` exists; give another `--out`, or `--force` to replace it",
            out.display()
        );
        return Err(Failure::usage(text));
    }
    let options = ProfileOptions {
        isolation: reader::isolation(),
        ..ProfileOptions::default()
    };
    let proposal =
        propose(&arguments.files, out, &options).map_err(|error| Failure::usage(error.to_string()))?;
    let fault = |error: std::io::Error| Failure {
        code: 1,
        name: "internal",
        message: format!("`{}` cannot be written: {error}", out.display()),
        is_shown: false,
    };
    if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    fs::write(out, proposal.to_toml()).map_err(fault)?;
    for source in &proposal.sources {
        let (mapped, left) = (source.mappings.len(), source.not_carried.len());
        console::print(&format!(
            "{:<20} {mapped:>3} columns mapped, {left:>3} not carried, {:>2} questions",
            source.name,
            source.questions.len()
        ));
    }
    for (file, reason) in &proposal.skipped {
        log::warn(&format!("`{file}` was left out: {reason}"));
    }
    let next = format!(
        "written to {}; read its comments, then: guiyi run {}",
        out.display(),
        out.display()
    );
    console::print(&next);
    Ok(0)
}
