//! Published runs: the hub, its files, and what readers may rely on.
//!
//! In: the typed tables of a run, texts made by other folders (report, quality figures), log events. Out: one immutable
//! run directory named by `CURRENT`: Parquet for machines, CSV and a workbook for people, a manifest with the SHA-256 of
//! every file. Publishing is all or nothing: write aside, `fsync`, rename, in the order files, manifest, directory,
//! `CURRENT` (`hub`). The same results give the same bytes; only the manifest and the log know the time. `golden.xlsx`
//! holds the golden records up to [`WORKBOOK_ROWS_MAX`] of them and says above it that `golden.csv` and
//! `golden.parquet` do. What the values are and which run is good enough to publish is decided by the callers.

mod adopted;
mod ancestry;
mod csv_file;
mod erase;
mod error;
mod files;
mod flip;
mod forgotten;
mod golden_workbook;
mod guard;
mod hub;
mod inspect;
mod invariants;
mod journal;
mod json_lines;
mod lock;
mod manifest;
mod plain_sheets;
mod prune;
mod records;
mod registry;
mod run;
mod run_log;
#[cfg(test)]
mod samples;
mod sheet_xml;
mod since;
mod staging;
mod tables;
mod tombstones;
mod view;
mod workbook;
mod write;

pub use adopted::AdoptedModel;
pub use ancestry::RunStanding;
pub use ancestry::run_number;
pub use erase::ErasedRun;
pub use erase::Erasure;
pub use erase::RecordName;
pub use error::PublishError;
pub use error::PublishErrorKind;
pub use flip::Acceptance;
pub use flip::RolledBack;
pub use flip::Word;
pub use forgotten::Erasures;
pub use forgotten::ForgottenRecord;
pub use forgotten::PendingErasure;
pub use forgotten::read_erasures;
pub use golden_workbook::WORKBOOK_ROWS_MAX;
pub use guard::guard_cell;
pub use guard::unguard_cell;
pub use hub::Hub;
pub use inspect::Finding;
pub use inspect::FindingKind;
pub use inspect::Scope;
pub use lock::Lock;
pub use manifest::FileEntry;
pub use manifest::InputEntry;
pub use manifest::Manifest;
pub use manifest::RunFacts;
pub use plain_sheets::PlainCell;
pub use plain_sheets::PlainSheet;
pub use plain_sheets::plain_csv;
pub use plain_sheets::plain_workbook;
pub use prune::Keep;
pub use records::read_records;
pub use registry::read_registry;
pub use run::Run;
pub use run::verify;
pub use run_log::LogEvent;
pub use run_log::LogLevel;
pub use run_log::RunLog;
pub use since::Since;
pub use staging::Staging;
pub use tables::DecisionRow;
pub use tables::Headers;
pub use tables::PastQuestion;
pub use tables::RekeyRow;
pub use tables::Relation;
pub use tables::ReviewItem;
pub use tables::changes_table;
pub use tables::crosswalk_table;
pub use tables::decisions_table;
pub use tables::events_table;
pub use tables::former_table;
pub use tables::golden_labels;
pub use tables::golden_table;
pub use tables::issues_table;
pub use tables::lineage_tables;
pub use tables::pairs_table;
pub use tables::read_decision_states;
pub use tables::read_questions;
pub use tables::registry_table;
pub use tables::rejects_table;
pub use tables::rekey_table;
pub use tables::relations_table;
pub use tables::review_table;
pub use tombstones::Rollback;
pub use tombstones::Tombstone;
pub use tombstones::Tombstones;
pub use view::RecordKeys;
pub use view::View;
pub use workbook::ROWS_PER_SHEET_MAX;
pub use workbook::Sheets;
pub use write::RunTables;
pub use write::Settings;
pub use write::write_tables;
