//! The weakest links of a run: the customers that hang together by the least, and why they do.
//!
//! In: what matching says of them. Out: labels and weights, never values. Nothing is chosen here.

use serde::Deserialize;
use serde::Serialize;

/// The pair by which one customer hangs together. `prior + steps + rest = weight`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeakestLink {
    /// The customer.
    pub unified_id: String,
    /// Its records.
    pub records: u64,
    /// Weight of the pair.
    pub weight_millibits: i32,
    /// The kind of other pairs that it was weighed against, in English.
    pub against_en: String,
    /// The same in Chinese.
    pub against_zh: String,
    /// Weight of a pair against this kind before its comparisons.
    pub prior_millibits: i32,
    /// Comparisons that had values on both sides, in the order of the plan.
    pub steps: Vec<WeakestLinkStep>,
    /// What the other kinds of pairs take off.
    pub rest_millibits: i32,
}

/// One comparison of a weakest link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeakestLinkStep {
    /// English label of the comparison.
    pub en: String,
    /// Chinese label of the comparison.
    pub zh: String,
    /// English label of the agreement level.
    pub level_en: String,
    /// Chinese label of the agreement level.
    pub level_zh: String,
    /// Weight against the deciding kind.
    pub weight_millibits: i32,
}
