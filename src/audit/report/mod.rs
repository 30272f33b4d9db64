//! What an audit found: estimates with their intervals, verdicts with their risks, notices.
//!
//! In: a sample and the answers. Out: an [`AuditReport`] whose figures are rounded once, here, so that its JSON and pages are the same
//! bytes for the same answers, and the pages made from it. No share stands without n, interval and method. Who is told is the
//! command's.

mod estimates;
mod figures;
mod naive;
mod page;
#[cfg(test)]
mod tests;
mod texts;
mod values;

pub use figures::AuditReport;
pub use figures::Auditor;
pub use figures::Bounds;
pub use figures::Estimate;
pub use figures::Note;
pub use figures::StratumFigures;
pub use figures::VerdictFigures;
pub use figures::report;
pub use naive::refuse_naive;
pub use page::notice;
pub use page::render;
pub use page::summary;
pub use values::AuditedValues;
pub use values::audited_values;
