//! A steward's word: decisions that outlive runs, rebuilds, retraining and renumbered keys.
//!
//! In: what stewards decided ([`Store`], one SQLite file of the hub), tonight's records and the run date. Out: [`Resolved`], which
//! clustering, identifying and surviving follow, and the standing of every decision. A decision is keyed by source and record
//! key, never by ID or row; it is never changed, only undone. Contradictions are reported, never dropped: what keeps records
//! apart is stronger than what joins them, and two values of one cell both wait (operations.md S7–S10, S16). How records are
//! joined, IDs given and values chosen is decided by the stages; the clock is the caller's.

mod closure;
mod decision;
mod error;
mod rekey;
mod resolve;
mod seal;
mod seen;
mod settle;
mod store;
mod unmerge;

pub use closure::Join;
pub use closure::Parting;
pub use closure::Refused;
pub use closure::refused_joins;
pub use decision::DecidedRecord;
pub use decision::Decision;
pub use decision::DecisionState;
pub use decision::Expiry;
pub use decision::Matter;
pub use decision::NewDecision;
pub use decision::UnknownExpiry;
pub use decision::Word;
pub use error::StewardError;
pub use error::StewardErrorKind;
pub use rekey::Rekeys;
pub use rekey::Since;
pub use resolve::IdPin;
pub use resolve::Known;
pub use resolve::Resolved;
pub use resolve::Stale;
pub use resolve::ValuePin;
pub use resolve::resolve;
pub use seen::MATERIAL;
pub use seen::material_of;
pub use seen::seen;
pub use settle::Against;
pub use settle::Contradiction;
pub use store::ErasedRows;
pub use store::FILE;
pub use store::Hold;
pub use store::Store;
pub use store::StoredAnswer;
pub use store::StoredAudit;
pub use store::StoredImport;
pub use store::StoredSteering;
pub use unmerge::former_part;
