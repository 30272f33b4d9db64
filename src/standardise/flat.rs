//! Standard values of many cells in flat buffers.
//!
//! In: the values of consecutive cells, one after the other. Out: their standing, findings and texts, each part in a
//! buffer of its own. Worker threads fill these, so that the small pieces a field type makes of a cell are given back on
//! the thread, and in the moment, they were made.

use crate::field::Finding;
use crate::field::StandardValue;
use crate::model::ValueStatus;
use crate::table::TextBatch;

/// The values of consecutive cells.
pub(super) struct FlatValues {
    /// Per cell, its standing.
    pub(super) status: Vec<ValueStatus>,
    /// Per cell, the end of its items.
    pub(super) item_ends: Vec<u32>,
    /// Findings with the position of their cell, ascending.
    pub(super) findings: Vec<(u32, Finding)>,
    /// Per item, its text.
    pub(super) values: TextBatch,
    /// Per part, its text of every item.
    pub(super) parts: Vec<TextBatch>,
}

impl FlatValues {
    /// No values of a type with so many parts.
    pub(super) fn new(parts: usize) -> Self {
        Self {
            status: Vec::new(),
            item_ends: Vec::new(),
            findings: Vec::new(),
            values: TextBatch::default(),
            parts: vec![TextBatch::default(); parts],
        }
    }

    /// Adds the value of the next cell.
    pub(super) fn push(&mut self, value: StandardValue) {
        let cell = self.status.len() as u32;
        self.status.push(value.status);
        for item in &value.items {
            self.values.push(&item.value);
            for (texts, text) in self.parts.iter_mut().zip(&item.parts) {
                texts.push(text);
            }
        }
        self.item_ends.push(self.values.len() as u32);
        self.findings
            .extend(value.findings.into_iter().map(|finding| (cell, finding)));
    }
}
