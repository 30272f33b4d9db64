//! Block: blocking rules make the candidate pairs.
//!
//! In: standard records. Out: [`Blocks`], an index of which records share a blocking key, from which candidate pairs are
//! drawn in batches of left records: each pair once, ordered by (left, right), with one bit for every rule that makes
//! it. Method: the union of many cheap rules on parts of values (Christen, *Data Matching*, 2012, chapter 4). A key says
//! more the fewer records share it, and a pair is a candidate when all the keys it shares say enough together for a file of
//! this size (meta-blocking, Papadakis et al. 2014). Blocks too large or shared by many names are refined by further keys
//! of their records, and what could not be refined is counted. Judging the pairs is left to `compare` and `score`.

mod choice;
mod features;
mod index;
mod keys;
mod lists;
mod refine;
mod report;
mod rules;
mod weight;

pub use index::Blocks;
pub use report::Forecast;
pub use report::RuleYield;
pub use rules::RuleReport;
pub use rules::blocking_rules;

use crate::table::StandardRecords;

/// How many pairs blocking may make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Candidate pairs per record; blocks may hold twice as many, a pair counted once for each rule.
    pub pairs_per_record_max: f64,
    /// Records one block may have before it is refined or left out; earlier when the budget asks for it.
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
