//! The `guiyi` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    guiyi::cli::main()
}
