//! The typed tables between the stages.
//!
//! In: columns made by one stage. Out: the same columns, checked once at construction, lent to the next stage. Plain
//! columns of codes, offsets and bytes; no table knows how it is stored (that is `publish`) or what its values mean
//! (that is `field`). Row order is stated by each table.

mod candidate_pairs;
mod clusters;
mod findings;
mod forgotten;
mod golden_records;
mod id_assignments;
mod issues;
mod pool;
mod raw_records;
mod registry;
mod rejects;
mod scored_pairs;
mod standard_records;
mod tag_table;
mod terms;

pub use candidate_pairs::CandidatePairs;
pub use clusters::Clusters;
pub use clusters::Layers;
pub use findings::CellFindings;
pub use forgotten::Forgotten;
pub use forgotten::NameDigest;
pub use forgotten::name_digest;
pub use golden_records::Conflict;
pub use golden_records::FieldLineage;
pub use golden_records::GoldenRecords;
pub use golden_records::Lineage;
pub use id_assignments::Cause;
pub use id_assignments::EventKind;
pub use id_assignments::IdAssignments;
pub use id_assignments::IdChange;
pub use id_assignments::IdEvent;
pub use id_assignments::PinConflict;
pub use id_assignments::PinFault;
pub use id_assignments::RecordStatus;
pub use issues::Issue;
pub use pool::Interner;
pub use pool::TextBatch;
pub use pool::ValuePool;
pub use raw_records::Kept;
pub use raw_records::Place;
pub use raw_records::RawColumn;
pub use raw_records::RawRecords;
pub use raw_records::SourceAccount;
pub use raw_records::SourceInfo;
pub use registry::Former;
pub use registry::IdState;
pub use registry::Mark;
pub use registry::Registry;
pub use registry::RegistryEntry;
pub use registry::Resolution;
pub use registry::find_entry;
pub use registry::resolve;
pub use rejects::Reject;
pub use scored_pairs::ScoredPair;
pub use scored_pairs::ScoredPairs;
pub use standard_records::Part;
pub use standard_records::RecordFinding;
pub use standard_records::StandardColumn;
pub use standard_records::StandardRecords;
pub use standard_records::TableError;
pub use tag_table::TagTable;
pub use terms::TermColumn;
pub use terms::Terms;
