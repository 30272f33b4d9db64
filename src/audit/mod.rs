//! Audits: sampling plans, draws, worksheets and estimates (operations.md Q9 to Q17).
//!
//! In: a published run and a steward's request. Out: how many to ask and how many may be wrong ([`sampling`]), a drawn sample, blind
//! worksheets, the answers back, and estimates with intervals ([`stats`]).

pub mod sampling;
pub mod stats;
