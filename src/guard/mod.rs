//! Guards: is it safe to publish what this night came to?
//!
//! In: the figures of tonight ([`Night`]), those of the last published runs ([`Trend`]) and the job's [`Limits`]. Out: one
//! [`Verdict`] for every figure beyond a limit, a warning or a refusal; what is within its limits is silent. A refused run
//! is kept as a candidate that a steward may accept. Rule: each figure against its own recent past (the median of the last
//! seven runs, or the last run), as operations.md section 3 lists them; shares of a few rows or IDs are nobody's concern
//! ([`Limits::few`]). An accepted figure is the new normal: the past before it no longer counts. A guard that needs a past
//! is silent in the first run. Taking the figures and acting on verdicts is the pipeline's business.

mod catalogue;
mod drift;
mod judge;
mod limits;
mod night;
mod report;
mod verdict;

pub use catalogue::Guard;
pub use catalogue::Limit;
pub use catalogue::guards;
pub use catalogue::limits;
pub use drift::FieldShape;
pub use judge::judge;
pub use limits::Limits;
pub use night::FieldFigures;
pub use night::GoldenFigures;
pub use night::Header;
pub use night::LostColumn;
pub use night::Night;
pub use night::Part;
pub use night::SourceFigures;
pub use report::GuardReport;
pub use report::SCHEMA_VERSION;
pub use report::Trend;
pub use verdict::Level;
pub use verdict::Verdict;
