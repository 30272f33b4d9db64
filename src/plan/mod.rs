//! The job file as a typed, checked plan.
//!
//! In: the path of a TOML job file. Out: a [`Plan`], or all faults at once with line, column and hint ([`JobFaults`]).
//! Folders: `job` is the file as written, `checked` what it means, `code_table` reads 编码映射表, `reference_files` newer reference lists,
//! `labels` judged pairs, `tuning` knows every number of matching, `sources` compares the
//! plan with the files it names, `propose` writes a job for exports never seen before. What a run does with a plan is
//! known to `pipeline`.

mod checked;
mod checked_source;
mod code_table;
mod faults;
mod gates;
mod guards;
mod hash;
mod hooks;
mod job;
pub mod labels;
pub mod propose;
mod reference_files;
mod retention;
mod roles;
mod sources;
mod toml_table;
pub mod tuning;

pub use faults::JobFault;
pub use faults::JobFaults;
pub use hooks::Hooks;
pub use labels::Label;
pub use labels::Labels;
pub use propose::Proposal;
pub use propose::ProposeError;
pub use propose::propose;
pub use retention::Retention;
pub use retention::Term;
pub use sources::check_sources;
pub use tuning::Tunable;
pub use tuning::Tuning;
pub use tuning::tunables;

use crate::export::Role;
use crate::field::FieldSpec;
use crate::guard::Limits;
use crate::ingest;
use crate::model::FieldName;
use crate::model::Language;
use faults::FaultList;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

/// A checked job: everything that a run needs to know, with every default filled in.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The job file.
    pub job: PathBuf,
    /// Folder of runs and state.
    pub hub: PathBuf,
    /// Language of labels and reports.
    pub language: Language,
    /// What to read and how columns become fields; sources by name.
    pub ingest: ingest::Settings,
    /// The built-in schema in its order, then the fields that the job adds.
    pub fields: Vec<FieldSpec>,
    /// How far matching goes.
    pub matching: MatchingSettings,
    /// For the fields that the job names, the survivorship rules in their order.
    pub survivorship: BTreeMap<FieldName, Vec<String>>,
    /// Questions that stewards answer a day.
    pub review_per_day: u64,
    /// The log of what was done with the hub.
    pub security: Security,
    /// Fields of the golden record that subsidiaries see of each other.
    pub shared_fields: Vec<String>,
    /// Who may be exported to: the built-in roles, narrowed where the job says so, then those of the job by name.
    pub roles: Vec<Role>,
    /// Quality gates, and what is measured by them.
    pub quality: crate::quality::Settings,
    /// Newest runs that the hub keeps; all when neither this nor `keep_days` is given.
    pub keep_runs: Option<u64>,
    /// Days that the hub keeps a run at least.
    pub keep_days: Option<u64>,
    /// How long customers are kept; `None` = for ever.
    pub retention: Option<Retention>,
    /// Commands to call when a run has ended.
    pub hooks: Hooks,
    /// Limits of the guards.
    pub guards: Limits,
    /// Reference lists that the job replaces, by name.
    pub reference: Vec<ReferenceFile>,
    /// SHA-256 in hexadecimal of what the job says; the place of job, hub and files does not count.
    pub hash: String,
    /// SHA-256 in hexadecimal of what the job says about matching.
    pub matching_hash: String,
    /// Where the job file says what, for faults found later.
    places: JobPlaces,
}

/// A reference list that the job gives in place of the embedded one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceFile {
    /// Name of the list.
    pub list: String,
    /// Its checked text.
    pub text: String,
    /// SHA-256 in hexadecimal of the text.
    pub hash: String,
}

/// How far matching goes.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchingSettings {
    /// Candidate pairs per record that blocking may make, on average.
    pub pairs_per_record_max: f64,
    /// Records of one blocking key beyond which the key is refined.
    pub block_size_max: usize,
    /// Match weight in bits from which a pair is joined; `None` = 0 bits, as likely one customer as not.
    pub cut_bits: Option<f64>,
    /// Width in bits of the band below the cut that goes to review.
    pub review_band_bits: f64,
    /// Seed of every drawn sample.
    pub seed: u64,
    /// Every other number of matching; those above are in it as well.
    pub tuning: Tuning,
    /// Pairs that someone has judged.
    pub labels: Labels,
}

impl Default for MatchingSettings {
    fn default() -> Self {
        Self {
            pairs_per_record_max: 40.0,
            block_size_max: 200,
            cut_bits: None,
            review_band_bits: 6.0,
            seed: 1,
            tuning: Tuning::default(),
            labels: Labels::default(),
        }
    }
}

/// How the log of the hub is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// File with the key of its chain.
    pub log_key: Option<PathBuf>,
    /// File outside the hub that takes the head of every line.
    pub log_anchor: Option<PathBuf>,
}

/// Where the job file speaks of each source; bytes of its text.
#[derive(Debug, Clone, Default)]
struct JobPlaces {
    text: String,
    sources: BTreeMap<String, SourcePlaces>,
}

/// Where the job file speaks of one source.
#[derive(Debug, Clone, Default)]
struct SourcePlaces {
    files: Vec<std::ops::Range<usize>>,
    /// Column names that the job expects, with the place of each.
    columns: Vec<(String, std::ops::Range<usize>)>,
}

/// Reads and checks a job file.
///
/// # Errors
/// [`JobFaults`] with every fault of the file: wrong types, unknown keys and fields, sources without key or files,
/// unreadable code tables. Exports are not opened; [`check_sources`] does that.
pub fn load(path: &Path) -> Result<Plan, JobFaults> {
    let mut faults = FaultList::default();
    let text = match std::fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            faults.add_hint(valid..valid, "the job file is not UTF-8", "save it as UTF-8");
            return Err(faults.into_faults(path, &text));
        }
        Err(error) => {
            let message = format!("cannot read the job file: {error}");
            faults.add_hint(
                0..0,
                message,
                "`guiyi init FILES… --out DIR/guiyi.toml` writes one",
            );
            return Err(faults.into_faults(path, ""));
        }
    };
    let text = text.trim_start_matches('\u{FEFF}');
    let job = job::JobFile::read(text, &mut faults);
    checked::check(path, text, job, faults)
}

/// JSON schema (2020-12) of the job file, for editors.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(job::JobFile).to_value()
}

#[cfg(test)]
mod tests;
