//! Block: blocking rules make the candidate pairs.
//!
//! In: standard records. Out: [`Blocks`], an index of which records share a blocking key, from which candidate pairs are
//! drawn in batches of left records: each pair once, ordered by (left, right), with one bit for every rule that makes
//! it. Method: the union of many cheap rules on parts of values (Christen, *Data Matching*, 2012, chapter 4), which
//! share one pair budget: small blocks first; a block above the size that it allows is refined by further keys of its records and what
//! could not be refined is counted. Judging the pairs is left to `compare` and `score`.

mod choice;
mod features;
mod index;
mod keys;
mod lists;
mod refine;
mod rules;
mod weight;

pub use index::Blocks;
pub use rules::RuleReport;
pub use rules::blocking_rules;

use crate::table::StandardRecords;

/// How many pairs blocking may make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Candidate pairs per record that the blocks of all rules may hold together; a pair counts once for each rule.
    pub pairs_per_record_max: f64,
    /// Records one block may have before it is refined; refining starts earlier when the budget asks for it.
    pub block_size_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pairs_per_record_max: 60.0,
            block_size_max: 200,
        }
    }
}

/// Indexes the records by every blocking rule whose fields are there.
///
/// The result depends on the values alone, not on codes, threads or the order in which values were first seen.
pub fn block(settings: &Settings, records: &StandardRecords) -> Blocks {
    index::build(settings, records)
}
