//! Review: the questions of a run as a workbook for stewards, and their answers back.
//!
//! In: a published run. Out: a [`Queue`], written as XLSX with drop-downs; and from the workbook that comes back [`Answer`]s, or
//! every row that is wrong. Importing is all or nothing: a workbook with one wrong row changes nothing. What an answer does is
//! decided by `steward`; which questions there are, by `cluster`.

mod answers;
mod error;
mod page;
mod queue;
#[cfg(test)]
mod tests;
mod words;

pub use answers::Answer;
pub use answers::Answers;
pub use answers::Verdict;
pub use answers::read_answers;
pub use error::ReviewError;
pub use error::RowFault;
pub use page::write_queue;
pub use queue::Question;
pub use queue::Queue;
pub use queue::RecordKey;
pub use queue::Shown;
pub use queue::read_queue;
