//! Generated exports of a group's subsidiaries, and the truth about them.
//!
//! In: [`Settings`]: how many records, which script, how many sources, a seed, how many nights. Out: one folder per source with the file
//! that this subsidiary would export (its own encoding, headers, format and habits), and `truth.csv` beside them, which says which
//! records are one customer and what happened to each; `truth_relations.csv` says which customers are related but different. Customers are skewed as in life: surnames, cities, trades and the number of records per customer
//! have heavy tails; siblings, branches, families and namesakes are there as hard negatives.
//!
//! Method: every group of related customers is made from its number alone (`groups`), so groups are made in parallel and the
//! bytes depend on the settings only. Batches of groups are shuffled within each source and streamed to the writers.
//! Names, cities and roads are public knowledge; persons and firms are invented. What is done with the files is left to the commands.

mod codes;
mod companies;
mod damage;
mod dates;
mod entity;
mod formats;
mod groups;
mod habits;
mod latin;
mod makers;
mod nights;
mod noise;
mod people;
mod places;
mod relations;
mod render;
mod rng;
mod row;
mod run;
mod sources;
mod truth;
mod variation;
mod world;
mod writers;

pub use run::generate;

use std::io;
use std::path::Path;
use std::path::PathBuf;
use thiserror::Error;

/// Script of the generated customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// Chinese companies, sole traders and some persons.
    Zh,
    /// Latin persons and firms.
    En,
    /// Both, in every source.
    Mixed,
}

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Records over all sources. With several nights: records that exist on any of them; the first exports about five
    /// sixths of them, later ones more.
    pub records: u64,
    /// Script of the customers.
    pub locale: Locale,
    /// Number of subsidiaries, at least 1; the eight (Latin: seven) habits are cycled.
    pub sources: u16,
    /// The same seed gives the same bytes, whatever the number of threads.
    pub seed: u64,
    /// Nights to export; with more than one, each has its own folder `night-01`, `night-02` …
    pub nights: u32,
    /// Folder to write; made if it is missing, files of the same names are replaced.
    pub out: PathBuf,
    /// Writes every source as UTF-8 CSV, for benches that are not about formats.
    pub plain: bool,
}

/// What was generated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Folder name and number of records of each source, on the last night.
    pub sources: Vec<(String, u64)>,
    /// Customers with at least one record on the last night.
    pub entities: u64,
    /// Pairs of records of one customer on the last night.
    pub true_pairs: u64,
    /// Every file written, in order of nights and sources; the truth comes last in each night.
    pub files: Vec<PathBuf>,
}

impl Summary {
    /// Records of all sources on the last night.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.sources.iter().map(|source| source.1).sum()
    }
}

/// Why nothing, or not everything, was generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A setting that cannot be followed.
    #[error("`{setting}` is `{value}`, but must be at least 1")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What it was.
        value: u64,
    },
    /// A folder or file that cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A workbook that cannot be written.
    #[error("cannot write workbook `{}`", path.display())]
    Workbook {
        /// The workbook.
        path: PathBuf,
        /// What the writer said.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// A Parquet file that cannot be written.
    #[error("cannot write Parquet file `{}`", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        source: frame::FrameError,
    },
}

impl SynthError {
    fn parquet(path: &Path, source: frame::FrameError) -> Self {
        Self::Parquet {
            path: path.to_owned(),
            source,
        }
    }

    fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    fn workbook(path: &Path, source: rust_xlsxwriter::XlsxError) -> Self {
        Self::Workbook {
            path: path.to_owned(),
            source,
        }
    }
}
