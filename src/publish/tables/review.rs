//! `review`: pairs for a steward to decide.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::texts;
use crate::publish::view::weights;
use crate::publish::view::words;
use frame::ColumnData;

/// One question; `left < right`, or twice the same record for a question about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewItem {
    /// Smaller index.
    pub left: RecordIndex,
    /// Larger index; `left` again when only one record is asked about.
    pub right: RecordIndex,
    /// Weight of the pair.
    pub weight: MatchWeight,
    /// Pairs of records that the answer decides.
    pub pairs: u64,
    /// Why it is asked, such as `near`.
    pub reason: &'static str,
    /// Customer names of the two records; the second is empty when there is one.
    pub names: [String; 2],
    /// Number of the first run that asked it without a break.
    pub since_run: u32,
}

/// One row a question, in the order given: source_a, record_key_a, source_b, record_key_b, weight_bits, reason,
/// name_a, name_b, pairs (of records that the answer decides), since_run (that asked it first). Without a second record its
/// columns are null.
///
/// # Errors
/// [`PublishError::Table`] when an item names a record that `records` lacks.
pub fn review_table<'a>(records: &RecordKeys<'a>, items: &[ReviewItem]) -> Result<View<'a>, PublishError> {
    let [source_a, key_a] = records.columns("_a", items.iter().map(|item| item.left));
    let other = |item: &ReviewItem| (item.right != item.left).then_some(item.right);
    let [source_b, key_b] = records.columns_of_some("_b", items.iter().map(other));
    let columns = vec![
        source_a,
        key_a,
        source_b,
        key_b,
        weights("weight_bits", items.iter().map(|item| item.weight)),
        words("reason", &[], items.iter().map(|item| item.reason)),
        texts("name_a", items.iter().map(|item| item.names[0].as_str())),
        texts("name_b", items.iter().map(|item| item.names[1].as_str())),
        counts("pairs", items.iter().map(|item| item.pairs)),
        counts("since_run", items.iter().map(|item| u64::from(item.since_run))),
    ];
    View::try_new("review", columns)
}

/// A question of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastQuestion {
    /// Source and key of its records; one record twice when only one was asked about.
    pub records: [(String, String); 2],
    /// Number of the first run that asked it.
    pub since_run: u32,
}

/// The questions of a run, in its order; questions of a run from before ages were kept are as old as that run.
///
/// # Errors
/// [`PublishError::Frame`] when the table cannot be read.
pub fn read_questions(run: &Run) -> Result<Vec<PastQuestion>, PublishError> {
    let name = "review.parquet";
    if run.manifest().file(name).is_none() {
        return Ok(Vec::new());
    }
    let table = frame::read_parquet(&run.path(name), None)?;
    let text = |column: &str, row: usize| {
        let texts = table.column(column).ok().and_then(ColumnData::as_text);
        texts.and_then(|texts| texts.get(row)).map(str::to_owned)
    };
    let facts = &run.manifest().facts;
    let since_run = |row: usize| match table.column("since_run") {
        Ok(ColumnData::I64(runs)) => runs[row].and_then(|run| u32::try_from(run).ok()),
        _ => None,
    };
    let question = |row: usize| {
        let record = |side: &str| {
            let source = text(&format!("source_{side}"), row)?;
            Some((source, text(&format!("record_key_{side}"), row)?))
        };
        let first = record("a")?;
        let second = record("b").unwrap_or_else(|| first.clone());
        Some(PastQuestion {
            records: [first, second],
            since_run: since_run(row).unwrap_or(facts.run),
        })
    };
    Ok((0..table.rows()).filter_map(question).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;

    #[test]
    fn both_names_stand_beside_the_pair() {
        let raw = samples::raw();
        let item = ReviewItem {
            left: RecordIndex(0),
            right: RecordIndex(1),
            weight: MatchWeight(-250),
            pairs: 2,
            reason: "near",
            names: ["北京华夏科技有限公司".to_owned(), "Ann Smith".to_owned()],
            since_run: 4,
        };
        let alone = ReviewItem {
            right: item.left,
            names: ["北京华夏科技有限公司".to_owned(), String::new()],
            ..item.clone()
        };
        let table = review_table(&RecordKeys::new(&raw), &[item, alone]).expect("the records are there");
        assert_eq!((table.text(0, 2).is_some(), table.text(1, 2)), (true, None));
        assert_eq!((table.text(1, 3), table.text(1, 7)), (None, None));
        assert_eq!(table.text(0, 6), Some("北京华夏科技有限公司"));
        assert_eq!(table.text(0, 7), Some("Ann Smith"));
    }
}
