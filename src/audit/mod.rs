//! Audits: sampling plans, draws, worksheets and estimates (operations.md Q9 to Q17).
//!
//! In: a published run and a steward's request. Out: how many to ask and how many may be wrong ([`sampling`]), a drawn [`Sample`], blind
//! worksheets, the answers back, and estimates with intervals ([`stats`]). A sample is frozen once drawn. What someone has decided is
//! not audited, and what was audited decides nothing: the tables of the store are apart, and each side refuses the other's files.
//! Who is told what, and where files lie, is the command's.

mod answers;
mod draw;
mod error;
mod frame_of;
mod judged;
mod outcome;
mod published;
pub mod report;
mod sample;
pub mod sampling;
mod sheet;
pub mod stats;
mod unit;
mod words;

pub use answers::Filled;
pub use answers::FilledSheet;
pub use answers::fill;
pub use answers::read_sheet;
pub use error::AuditError;
pub use error::RowFault;
pub use judged::Judged;
pub use outcome::ItemOutcome;
pub use outcome::Outcome;
pub use outcome::Standing;
pub use outcome::Verdict;
pub use outcome::first_auditor;
pub use outcome::outcomes;
pub use outcome::states;
pub use outcome::verdicts;
pub use published::lots;
pub use sample::DrawRequest;
pub use sample::Sample;
pub use sample::draw;
pub use sheet::Worksheet;
pub use sheet::worksheet;
pub use unit::BETWEEN;
pub use unit::Band;
pub use unit::Dimension;
pub use unit::DrawSpec;
pub use unit::DrawnStratum;
pub use unit::Item;
pub use unit::Part;
pub use unit::RecordName;
pub use unit::SizeBin;
pub use unit::StratumKey;
pub use unit::Unit;
