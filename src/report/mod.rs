//! The page a group opens in the morning, `report.html`, and the page of each source, `report-<source>.html`, for whoever answers for it.
//!
//! In: [`Quality`] (what `quality.json` holds) and a language. Out: one self-contained HTML page without script,
//! external address or inline event, equal bytes for equal figures. Charts are inline SVG with a table beside each.
//! Every number carries `data-path`, its place in `quality.json`. Wording is in `messages`, layout in `templates/`,
//! numbers become text in `format`; nothing is counted here. Other pages of guiyi share its style sheet and its numbers.

mod chart;
mod format;
mod messages;
mod page;
mod sections;
mod sheets;
mod waterfall;

pub(crate) use chart::width;
pub(crate) use format::Figure;
pub(crate) use format::grouped;
pub(crate) use format::percent;
pub(crate) use page::STYLE;
pub(crate) use page::style_hash;
pub use sheets::Cell;
pub use sheets::Column;
pub use sheets::Sheet;
pub use sheets::sheets;
pub use waterfall::WaterfallPicture;
pub use waterfall::WaterfallStep;
pub use waterfall::waterfall_svg;

use crate::model::Language;
use crate::quality::Quality;
use crate::quality::SCHEMA_VERSION;
use sha2::Digest;
use sha2::Sha256;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The figures were written by another version of guiyi.
    #[error(
        "figures have schema version {found}, this program writes pages of version {expected}; run the job again"
    )]
    SchemaVersion {
        /// Version of the figures.
        found: u32,
        /// Version this program knows.
        expected: u32,
    },
    /// Figures that contradict themselves, such as a worst source that is not in the list.
    #[error("figures name {what} {position}, but there are {len}; was `quality.json` edited?")]
    OutOfRange {
        /// What is named.
        what: &'static str,
        /// The position named.
        position: usize,
        /// How many there are.
        len: usize,
    },
    /// The template could not be filled.
    #[error("the page could not be written")]
    Template(#[from] askama::Error),
}

/// Writes the page of `quality` in `language`.
///
/// The result depends on the arguments alone, so a page made again from `quality.json` is equal byte for byte.
///
/// # Errors
/// [`ReportError::SchemaVersion`] for figures of another version, [`ReportError::OutOfRange`] for edited ones.
pub fn render(quality: &Quality, language: Language) -> Result<String, ReportError> {
    check_version(quality)?;
    let position = |worst: &crate::quality::WorstSource| worst.source;
    if let Some(position) = quality.worst_sources.iter().map(position).max()
        && position >= quality.sources.len()
    {
        return Err(ReportError::OutOfRange {
            what: "source",
            position,
            len: quality.sources.len(),
        });
    }
    page::fill(quality, language)
}

/// Writes the page of one source, the one at `source` in the list, in `language`: its own figures and rows, and nothing of others.
///
/// # Errors
/// As of [`render`].
pub fn render_source(quality: &Quality, source: usize, language: Language) -> Result<String, ReportError> {
    check_version(quality)?;
    if source >= quality.sources.len() {
        return Err(ReportError::OutOfRange {
            what: "source",
            position: source,
            len: quality.sources.len(),
        });
    }
    page::fill_source(quality, source, language)
}

fn check_version(quality: &Quality) -> Result<(), ReportError> {
    match quality.schema_version {
        SCHEMA_VERSION => Ok(()),
        found => Err(ReportError::SchemaVersion {
            found,
            expected: SCHEMA_VERSION,
        }),
    }
}

/// Longest name of a source that a file name holds as it is.
const NAME_MAX: usize = 60;

/// Name of the file with the page of a source. Names that a file system could change or confuse are told apart by a hash.
pub fn file_name(source: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if !source.is_empty() && source.len() <= NAME_MAX && source.chars().all(is_plain) {
        return format!("report-{source}.html");
    }
    let kept = source
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let kept: String = kept.take(NAME_MAX / 4).collect();
    let hash = Sha256::digest(source.as_bytes());
    let hash: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    // A dot keeps these apart from plain names.
    format!("report-{kept}.{hash}.html")
}

#[cfg(test)]
mod tests;
