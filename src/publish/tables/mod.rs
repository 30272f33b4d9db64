//! The published tables: their columns are the contract with every reader of the hub.
//!
//! In: the typed tables of the stages. Out: one [`View`](crate::publish::view::View) each, large ones row group by row group; one file a table. Rows keep the order of the stage
//! that made them; repeated texts are codes into pools, so that a million rows cost a few bytes a cell. A missing value
//! is null. Columns may be added at the end, never renamed or removed.

mod changes;
mod conflicts;
mod crosswalk;
mod decisions;
mod events;
mod former;
mod golden;
mod issues;
mod lineage;
mod pairs;
mod raw;
mod registry;
mod rejects;
mod relations;
mod review;
mod standard;

pub use changes::RekeyRow;
pub use changes::changes_table;
pub use changes::rekey_table;
pub use conflicts::conflicts_table;
pub use crosswalk::crosswalk_table;
pub use decisions::DecisionRow;
pub use decisions::decisions_table;
pub use decisions::read_decision_states;
pub use events::events_table;
pub use former::former_table;
pub use golden::golden_labels;
pub use golden::golden_table;
pub use issues::Headers;
pub use issues::issues_table;
pub use lineage::lineage_tables;
pub use pairs::pairs_table;
pub use raw::raw_tables;
pub use registry::registry_table;
pub use rejects::rejects_table;
pub use relations::Relation;
pub use relations::relations_table;
pub use review::PastQuestion;
pub use review::ReviewItem;
pub use review::read_questions;
pub use review::review_table;
pub use standard::standard_tables;

pub(super) use crosswalk::Members;
pub(super) use crosswalk::SHOWN_COLUMNS;
pub(super) use crosswalk::read_members;
pub(super) use former::read_former;
pub(super) use raw::RawReader;
pub(super) use registry::read_entries;
