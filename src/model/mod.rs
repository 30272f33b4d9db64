//! The field's words as types.
//!
//! In: nothing. Out: small value types that every other folder names: record and source indexes, agreement levels,
//! match weights, unified IDs, issues and the catalogue of their codes. The terms are those of the record-linkage
//! literature (Fellegi and Sunter 1969; Christen, *Data Matching*, 2012). Tables of these values are in `table`.

mod claim;
mod comparison;
mod index;
mod issue;
mod language;
mod level;
mod name;
mod status;
mod unified_id;
mod weight;

pub use claim::Claim;
pub use comparison::ComparisonSpec;
pub use comparison::LevelSpec;
pub use index::RecordIndex;
pub use index::SourceId;
pub use issue::IssueCode;
pub use issue::Severity;
pub use issue::issue_catalogue;
pub use language::Language;
pub use level::AgreementLevel;
pub use level::ComparisonVector;
pub use name::FieldName;
pub use status::ValueStatus;
pub use unified_id::UnifiedId;
pub use unified_id::UnifiedIdError;
pub use weight::MatchWeight;
