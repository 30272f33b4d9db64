//! `guiyi id check ID…`: is an ID copied right? No hub is asked.

use crate::cli::Failure;
use crate::cli::console;
use crate::model::UnifiedId;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Tell whether IDs are well formed and their check characters fit; every wrong character and every swap of two
    /// neighbours is noticed.
    Check {
        /// Unified IDs.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let Command::Check { ids } = &arguments.command;
    let mut wrong = 0;
    for id in ids {
        match id.parse::<UnifiedId>() {
            Ok(_) => console::print(&format!("{id}  ok")),
            Err(error) => {
                wrong += 1;
                console::print(&format!("{id}  {error}"));
            }
        }
    }
    match wrong {
        0 => Ok(0),
        _ => Err(Failure::usage(format!("{wrong} of {} IDs are wrong", ids.len()))),
    }
}
