//! What became of customers from run to run.
//!
//! In: sealed runs of a hub. Out: the difference of two runs ([`diff`]) and the life of one ID ([`history`]), for machines
//! and people. Only what runs published is read, each file checked against its manifest; names of fields, unified IDs and
//! record keys are shown, values never. Moving `CURRENT` is `publish`'s business.

mod causes;
mod diff;
mod golden;
mod history;
mod ids;
mod snapshot;

pub use causes::Cause;
pub use causes::CauseCount;
pub use causes::Circumstances;
pub use diff::Diff;
pub use diff::diff;
pub use golden::CellExample;
pub use golden::FieldDiff;
pub use golden::GoldenDiff;
pub use history::History;
pub use history::Moment;
pub use history::MomentEvent;
pub use history::history;
pub use ids::IdDiff;
pub use ids::IdExample;
pub use ids::IdKind;
pub use ids::RecordDiff;
