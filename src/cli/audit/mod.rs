//! `guiyi audit`: sampling audits of the published run, from the plan to the notice.

mod desk;
mod draw;
mod import;
mod plan;
mod report;
mod steer;

use crate::cli::Failure;
use clap::Subcommand;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say how many to ask and how many may be wrong, with both parties' risks.
    Plan(plan::Arguments),
    /// Draw a sample from the published run and write its worksheets.
    Draw(draw::Arguments),
    /// Read the answers of a worksheet: all of them, or none when a row is wrong.
    Import(import::Arguments),
    /// Estimate, judge, and write report and notices; without a number, list the audits.
    Report(report::Arguments),
    /// Steer a subsidiary's series of lots under GB/T 2828.1: resume it, allow or withdraw reduced inspection.
    Steer(steer::Arguments),
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.action {
        Action::Plan(arguments) => plan::execute(arguments),
        Action::Draw(arguments) => draw::execute(arguments),
        Action::Import(arguments) => import::execute(arguments),
        Action::Report(arguments) => report::execute(arguments),
        Action::Steer(arguments) => steer::execute(arguments),
    }
}
