//! `pairs`: scored pairs with what made them candidates.

use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::coded;
use crate::publish::view::pool_of;
use crate::publish::view::weights;
use crate::table::ScoredPairs;

/// One row a pair, sorted by its records: source_a, record_key_a, source_b, record_key_b, weight_bits, blocking_rule.
///
/// `rules` names the plan's blocking rules in their order.
///
/// # Errors
/// [`PublishError::Table`] when a pair has a rule that `rules` lacks.
pub fn pairs_table<'a>(
    records: &RecordKeys<'a>,
    scored: &ScoredPairs,
    rules: &[&str],
) -> Result<View<'a>, PublishError> {
    let pairs = &scored.pairs;
    let [source_a, key_a] = records.columns("_a", pairs.iter().map(|pair| pair.left));
    let [source_b, key_b] = records.columns("_b", pairs.iter().map(|pair| pair.right));
    let rule_codes: Vec<u32> = pairs.iter().map(|pair| u32::from(pair.rule) + 1).collect();
    let columns = vec![
        source_a,
        key_a,
        source_b,
        key_b,
        weights("weight_bits", pairs.iter().map(|pair| pair.weight)),
        coded("blocking_rule", rule_codes, &pool_of(rules.iter().copied())),
    ];
    View::try_new("pairs", columns)
}
