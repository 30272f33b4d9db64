//! `review`: pairs for a steward to decide.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::publish::columns::RecordKeys;
use crate::publish::columns::table;
use crate::publish::columns::texts;
use crate::publish::columns::weights;
use crate::publish::columns::words;
use crate::publish::error::PublishError;
use crate::table::RawRecords;
use frame::Table;

/// One question; `left < right`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewItem {
    /// Smaller index.
    pub left: RecordIndex,
    /// Larger index.
    pub right: RecordIndex,
    /// Weight of the pair.
    pub weight: MatchWeight,
    /// Why it is asked, such as `grey_zone`.
    pub reason: &'static str,
}

/// One row a question, in the order given: source_a, record_key_a, source_b, record_key_b, weight_bits, reason,
/// name_a, name_b (customer names as the sources have them).
///
/// # Errors
/// [`PublishError::Table`] when an item names a record that `records` lacks.
pub fn review_table(
    records: &RecordKeys,
    raw: &RawRecords,
    items: &[ReviewItem],
) -> Result<Table, PublishError> {
    let names_a: Vec<String> = items.iter().map(|item| name_of(raw, item.left)).collect();
    let names_b: Vec<String> = items.iter().map(|item| name_of(raw, item.right)).collect();
    let columns = || {
        let [source_a, key_a] = records.columns("_a", items.iter().map(|item| item.left))?;
        let [source_b, key_b] = records.columns("_b", items.iter().map(|item| item.right))?;
        Ok(vec![
            source_a,
            key_a,
            source_b,
            key_b,
            weights("weight_bits", items.iter().map(|item| item.weight)),
            words("reason", &[], items.iter().map(|item| item.reason))?,
            texts("name_a", names_a.iter().map(String::as_str)),
            texts("name_b", names_b.iter().map(String::as_str)),
        ])
    };
    table("review", columns())
}

/// The whole name, or its parts in the order that their script asks for.
fn name_of(raw: &RawRecords, record: RecordIndex) -> String {
    let whole = raw.value(record, "customer_name");
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let [given, middle, family] =
        ["given_name", "middle_name", "family_name"].map(|field| raw.value(record, field));
    if [given, family]
        .concat()
        .chars()
        .any(|c| matches!(c, '\u{3400}'..='\u{9FFF}'))
    {
        return [family, middle, given].concat();
    }
    let parts: Vec<&str> = [given, middle, family]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;

    #[test]
    fn names_stand_in_the_order_of_their_script() {
        let raw = samples::raw();
        let names: Vec<String> = (0..4).map(|record| name_of(&raw, RecordIndex(record))).collect();
        assert_eq!(
            names,
            ["北京华夏科技有限公司", "Ann Smith", "欧阳娜娜", "=Evil & Sons"]
        );
    }
}
