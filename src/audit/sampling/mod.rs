//! How many to ask, and how many may be wrong.
//!
//! In: the size of a lot and the levels of quality that a group cares for. Out: an [`AcceptancePlan`] with both parties' risks, exact for
//! that lot: two-risk plans (the default), the form of GB/T 2828.4-2008 for an audit of a stated level, and the tables of
//! GB/T 2828.1-2012 with their switching rules. Levels are parts per million, so that a decimal of the command line is exact.

mod gbt2828_1;
mod plan;
mod switching;
mod two_risk;

pub use gbt2828_1::Severity;
pub use gbt2828_1::TABLE_CODES;
pub use gbt2828_1::TablePlan;
pub use gbt2828_1::aqls;
pub use gbt2828_1::code_letter;
pub use gbt2828_1::table_plan;
pub use gbt2828_1::tighter_aql;
pub use plan::AcceptancePlan;
pub use plan::Mode;
pub use plan::PlanRequest;
pub use plan::UnplannableError;
pub use plan::acceptance_plan;
pub(crate) use plan::aql_of;
pub use plan::parts_per_million;
pub use switching::LotOutcome;
pub use switching::State;
pub use switching::Steering;
pub(crate) use two_risk::at_most;
pub use two_risk::two_risk;
