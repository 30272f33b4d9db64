//! `guiyi init`: a commented job file from the exports themselves.

use crate::cli::Failure;
use crate::cli::console;
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

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let _ = (&arguments.files, &arguments.out, arguments.force);
    console::print("");
    Ok(0)
}
