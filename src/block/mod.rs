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
    /// Candidate pairs per record; blocks may hold `lookups_per_pair` as many, a pair counted once for each rule.
    pub pairs_per_record_max: f64,
    /// Records one block may have before it is refined or left out; earlier when the budget asks for it.
    pub block_size_max: usize,
    /// Smallest limit of the block size, whatever the budget: true customers have this many records.
    pub block_size_floor: usize,
    /// Keys a record may have under one rule; long lists come from damaged cells and make only noise.
    pub keys_per_record_max: usize,
    /// Fewest different names that make a value a shared one; a family or a firm with its branches has fewer.
    pub shared_names_min: usize,
    /// Records that meet inside a block of which nothing else is left to split by; at least 2.
    pub neighbours: usize,
    /// Pairs looked up in blocks for every pair of the budget.
    pub lookups_per_pair: f64,
    /// Pairs that may be looked up in any file.
    pub lookups_free: u64,
    /// Pairs that any file can afford, whatever they yield.
    pub pairs_free: f64,
    /// Records of the sample on which keys and blocks are chosen.
    pub sample_records: usize,
    /// Chance partners a record may have under one key that is compared whole.
    pub chance_partners: f64,
    /// Pairs that can be looked up in blocks for the time of one comparison.
    pub lookups_per_comparison: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pairs_per_record_max: 40.0,
            block_size_max: 200,
            block_size_floor: 8,
            keys_per_record_max: 32,
            shared_names_min: 5,
            neighbours: 8,
            lookups_per_pair: 2.0,
            lookups_free: 10_000_000,
            pairs_free: 250_000.0,
            sample_records: 4_096,
            chance_partners: 8.0,
            lookups_per_comparison: 100,
        }
    }
}

/// Indexes the records by every blocking rule whose fields are there.
///
/// The result depends on the values alone, not on codes, threads or the order in which values were first seen.
pub fn block(settings: &Settings, records: &StandardRecords) -> Blocks {
    index::build(settings, records)
}
