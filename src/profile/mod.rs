//! What a file holds that was never mapped: the figures and the page of `guiyi profile`.
//!
//! In: one file and what is declared on it. Out: a [`Profile`]: layout, rows, checks before mapping, and for each column
//! the field that a job would make of it, how field types read its cells, patterns, lengths, scripts, frequent values and
//! ranges; as JSON and as one self-contained page. The file is read once, in memory that does not grow with its rows
//! (`values`, `watch`); what columns mean is judged by `plan`, what values are by `field`. Every text of a cell is masked
//! before it leaves `measure` (`masking`).

mod checks;
mod column_view;
pub mod figures;
mod masking;
mod measure;
mod page;
mod pattern;
mod reading;
mod several;
mod terminal;
mod values;
mod watch;
mod words;

pub use figures::Profile;
pub use page::render;
pub use terminal::terminal;

use crate::ingest;
use crate::ingest::IngestError;
use crate::ingest::ProfileOptions;
use crate::plan::propose;
use std::path::Path;

/// Profiles one file.
///
/// The result depends on the contents and the name of the file alone.
///
/// # Errors
/// As [`ingest::profile`] for a file that cannot be read.
pub fn profile(path: &Path, options: &ProfileOptions) -> Result<Profile, IngestError> {
    let mut watch = watch::Watch::default();
    let watched = ingest::profile_watched(path, options, &mut watch)?;
    let seen = watch.finish();
    let suggestion = propose::suggest(&watched.profile);
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    Ok(measure::measure(name, &watched, &suggestion, &seen))
}

/// The figures as JSON text, indented, with a line break at the end.
///
/// # Errors
/// Never for figures made by [`profile`]; the type is that of the JSON writer.
pub fn to_json(profile: &Profile) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(profile)?;
    text.push('\n');
    Ok(text)
}
