//! The sections of the page as the template needs them.
//!
//! In: figures and wording. Out: one struct a section, texts and [`Figure`](super::format::Figure)s ready to print. One
//! file a section; each picks figures and their places, grades them, and leaves layout to the template.

mod changes;
mod codes;
mod conflicts;
mod duplicates;
mod findings;
mod grade;
mod overview;
mod pairs;
mod relations;
mod scorecard;
mod sources;
mod subsidiary;
mod trend;
mod weakest;

pub(super) use changes::ChangesSection;
pub(super) use codes::CodeTable;
pub(super) use conflicts::ConflictSection;
pub(super) use duplicates::DuplicatesSection;
pub(super) use duplicates::OverlapSection;
pub(super) use duplicates::SizesSection;
pub(super) use findings::SourceFindings;
pub(super) use findings::SuspicionSection;
pub(super) use findings::of_group as findings_of_group;
pub(super) use overview::Overview;
pub(super) use pairs::ModelSection;
pub(super) use pairs::WeightsSection;
pub(super) use relations::RelationSection;
pub(super) use scorecard::MeaningRow;
pub(super) use scorecard::ScoreTable;
pub(super) use scorecard::meanings;
pub(super) use sources::FieldTable;
pub(super) use sources::SourceTable;
pub(super) use subsidiary::Subsidiary;
pub(super) use trend::TrendTable;
pub(super) use weakest::WeakestSection;

use super::messages::Messages;
use crate::model::Language;
use crate::quality::Quality;

/// Sources up to which tables of codes have a column for each, and the table of fields all fields. Beyond a dozen nobody reads them, and
/// each source has a page of its own.
pub(super) const COLUMNS_MAX: usize = 12;

/// What every section is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) quality: &'a Quality,
    pub(super) m: &'static Messages,
    pub(super) language: Language,
}

impl Context<'_> {
    /// The label of a field in the page's language; its name when the figures do not list it.
    pub(in crate::report) fn field_label<'b>(&'b self, name: &'b str) -> &'b str {
        let label = self.quality.fields.iter().find(|field| field.name == name);
        label.map_or(name, |label| self.pick(&label.en, &label.zh))
    }

    /// The label of a measure in the page's language; its name when the figures do not list it.
    pub(in crate::report) fn measure_label<'b>(&'b self, name: &'b str) -> &'b str {
        let label = self.quality.measures.iter().find(|measure| measure.name == name);
        label.map_or(name, |label| self.pick(&label.en, &label.zh))
    }

    /// The name of the source at a position; a dash when the figures do not list it.
    pub(in crate::report) fn source_name(&self, at: usize) -> &str {
        let source = self.quality.sources.get(at);
        source.map_or(super::format::NOT_MEASURED, |source| source.name.as_str())
    }

    pub(in crate::report) fn pick<'b>(&self, en: &'b str, zh: &'b str) -> &'b str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }
}
