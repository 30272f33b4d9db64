//! `guiyi synth`: synthetic exports with truth.

use crate::cli::Failure;
use crate::cli::console;
use crate::synth;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Records over all sources.
    #[arg(long, default_value_t = 2_000)]
    records: u64,
    /// Language of the customers.
    #[arg(long, value_enum, default_value = "zh")]
    locale: Locale,
    /// Number of sources (subsidiaries).
    #[arg(long, default_value_t = 5)]
    sources: u16,
    /// Seed; the same seed writes the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Nights to write, each with the changes since the night before.
    #[arg(long, default_value_t = 1)]
    nights: u32,
    /// Write every source as plain UTF-8 CSV.
    #[arg(long)]
    plain: bool,
    /// Folder to write to.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Locale {
    Zh,
    En,
    Mixed,
}

pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let settings = synth::Settings {
        records: arguments.records,
        locale: match arguments.locale {
            Locale::Zh => synth::Locale::Zh,
            Locale::En => synth::Locale::En,
            Locale::Mixed => synth::Locale::Mixed,
        },
        sources: arguments.sources,
        seed: arguments.seed,
        nights: arguments.nights,
        out: arguments.out.clone(),
        plain: arguments.plain,
    };
    let summary = synth::generate(&settings).map_err(|error| Failure::usage(error.to_string()))?;
    if !quiet {
        for (source, records) in &summary.sources {
            console::print(&format!("{source:<16} {records:>12} records"));
        }
        console::print(&format!("customers        {:>12}", summary.entities));
        console::print(&format!("true pairs       {:>12}", summary.true_pairs));
        console::print(&format!("written to       {}", arguments.out.display()));
    }
    Ok(0)
}
