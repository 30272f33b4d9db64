//! The sections of the page as the template needs them.
//!
//! In: figures and wording. Out: one struct a section, texts and [`Figure`](super::format::Figure)s ready to print. One
//! file a section; each picks figures and their places, grades them, and leaves layout to the template.

mod changes;
mod codes;
mod duplicates;
mod grade;
mod overview;
mod pairs;
mod sources;
mod weakest;

pub(super) use changes::ChangesSection;
pub(super) use codes::CodeTable;
pub(super) use duplicates::DuplicatesSection;
pub(super) use duplicates::OverlapSection;
pub(super) use duplicates::SizesSection;
pub(super) use overview::Overview;
pub(super) use pairs::ModelSection;
pub(super) use pairs::WeightsSection;
pub(super) use sources::FieldTable;
pub(super) use sources::SourceTable;
pub(super) use weakest::WeakestSection;

use super::messages::Messages;
use crate::model::Language;
use crate::quality::Quality;

/// What every section is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) quality: &'a Quality,
    pub(super) m: &'static Messages,
    pub(super) language: Language,
}

impl Context<'_> {
    /// The label of a field in the page's language; its name when the figures do not list it.
    fn field_label<'b>(&'b self, name: &'b str) -> &'b str {
        let label = self.quality.fields.iter().find(|field| field.name == name);
        label.map_or(name, |label| self.pick(&label.en, &label.zh))
    }

    fn pick<'b>(&self, en: &'b str, zh: &'b str) -> &'b str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }
}
