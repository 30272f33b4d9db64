//! The page a group opens in the morning: `report.html`.
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
mod waterfall;

pub(crate) use chart::width;
pub(crate) use format::Figure;
pub(crate) use format::grouped;
pub(crate) use format::percent;
pub(crate) use page::STYLE;
pub(crate) use page::style_hash;
pub use waterfall::WaterfallPicture;
pub use waterfall::WaterfallStep;
pub use waterfall::waterfall_svg;

use crate::model::Language;
use crate::quality::Quality;
use crate::quality::SCHEMA_VERSION;

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
    if quality.schema_version != SCHEMA_VERSION {
        return Err(ReportError::SchemaVersion {
            found: quality.schema_version,
            expected: SCHEMA_VERSION,
        });
    }
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

#[cfg(test)]
mod tests;
