//! Counting and joining for reports.
//!
//! In: tables. Out: tables in a fixed order: [`count_by`] sorts by its keys, [`left_join`] keeps the order of both
//! sides. Keys are compared by type and value; floats by their bits, so NaN equals itself. Meant for reports and run
//! outputs of some million rows; matching has its own, leaner arrays.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::error::TableError;
use crate::table::Column;
use crate::table::ColumnData;
use crate::table::Table;

/// Counts the rows of `table` by the columns `keys`.
///
/// Returns the key columns and `count` (64-bit), one row per distinct key, sorted by the keys in the order given;
/// null comes first and is a key like others, text sorts by bytes.
///
/// # Errors
/// [`TableError::UnknownColumn`]; [`TableError::DuplicateColumn`] for a key named twice or called `count`.
pub fn count_by(table: &Table, keys: &[&str]) -> Result<Table, TableError> {
    let columns = key_columns(table, keys)?;
    let mut groups: HashMap<Vec<u8>, (usize, i64)> = HashMap::new();
    let mut key = Vec::new();
    for row in 0..table.rows() {
        encode_key(&columns, row, &mut key);
        match groups.get_mut(&key) {
            Some((_, count)) => *count += 1,
            None => {
                groups.insert(key.clone(), (row, 1));
            }
        }
    }
    let mut groups: Vec<(usize, i64)> = groups.into_values().collect();
    groups.sort_by(|a, b| compare_rows(&columns, a.0, b.0));
    let rows: Vec<Option<usize>> = groups.iter().map(|group| Some(group.0)).collect();
    let counts = groups.iter().map(|group| Some(group.1)).collect();
    let named = keys.iter().zip(&columns);
    let mut counted: Vec<Column> = named
        .map(|(name, data)| Column {
            name: (*name).to_owned(),
            data: data.take(&rows),
        })
        .collect();
    counted.push(Column::i64("count", counts));
    Table::try_new(counted)
}

/// Joins each row of `left` with the rows of `right` that agree in the columns `on`.
///
/// Returns all columns of `left`, then those of `right` outside `on`. A row of `left` without partner stays once,
/// with nulls; with several partners it is repeated in their order. A key with a null in it has no partner.
///
/// # Errors
/// [`TableError::UnknownColumn`], [`TableError::UnlikeTypes`]; [`TableError::DuplicateColumn`] when a column of
/// `right` is named like one of `left`.
pub fn left_join(left: &Table, right: &Table, on: &[&str]) -> Result<Table, TableError> {
    let left_keys = key_columns(left, on)?;
    let right_keys = key_columns(right, on)?;
    for ((name, a), b) in on.iter().zip(&left_keys).zip(&right_keys) {
        if !a.is_like(b) {
            return Err(TableError::UnlikeTypes {
                column: (*name).to_owned(),
            });
        }
    }
    let mut partners: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    let mut key = Vec::new();
    for row in 0..right.rows() {
        if encode_key(&right_keys, row, &mut key) {
            partners.entry(key.clone()).or_default().push(row);
        }
    }
    let mut left_rows = Vec::with_capacity(left.rows());
    let mut right_rows = Vec::with_capacity(left.rows());
    for row in 0..left.rows() {
        let found = encode_key(&left_keys, row, &mut key)
            .then(|| partners.get(&key))
            .flatten();
        let found = found.map_or(&[][..], Vec::as_slice);
        left_rows.extend(std::iter::repeat_n(Some(row), found.len().max(1)));
        right_rows.extend(found.iter().copied().map(Some));
        if found.is_empty() {
            right_rows.push(None);
        }
    }
    let take = |column: &Column, rows: &[_]| Column {
        name: column.name.clone(),
        data: column.data.take(rows),
    };
    let kept = right
        .columns()
        .iter()
        .filter(|column| !on.contains(&column.name.as_str()));
    let joined = left.columns().iter().map(|column| take(column, &left_rows));
    Table::try_new(
        joined
            .chain(kept.map(|column| take(column, &right_rows)))
            .collect(),
    )
}

fn key_columns<'a>(table: &'a Table, names: &[&str]) -> Result<Vec<&'a ColumnData>, TableError> {
    names.iter().map(|name| table.column(name)).collect()
}

/// Writes the key of `row` so that equal bytes mean equal keys; false when a value of it is null.
fn encode_key(columns: &[&ColumnData], row: usize, key: &mut Vec<u8>) -> bool {
    fn put(key: &mut Vec<u8>, value: Option<&[u8]>) -> bool {
        // Lengths keep ("a", "bc") apart from ("ab", "c"); the maximum stands for null.
        key.extend_from_slice(&value.map_or(u64::MAX, |value| value.len() as u64).to_le_bytes());
        key.extend_from_slice(value.unwrap_or_default());
        value.is_some()
    }
    key.clear();
    let mut is_whole = true;
    for column in columns {
        is_whole &= match column {
            ColumnData::Text(values) => put(key, values.get(row).map(str::as_bytes)),
            ColumnData::I64(values) => put(
                key,
                values[row].map(i64::to_le_bytes).as_ref().map(|bytes| &bytes[..]),
            ),
            ColumnData::I32(values) => put(
                key,
                values[row].map(i32::to_le_bytes).as_ref().map(|bytes| &bytes[..]),
            ),
            ColumnData::F64(values) => put(
                key,
                values[row].map(f64::to_le_bytes).as_ref().map(|bytes| &bytes[..]),
            ),
            ColumnData::Bool(values) => put(
                key,
                values[row]
                    .map(|value| [u8::from(value)])
                    .as_ref()
                    .map(|b| &b[..]),
            ),
        };
    }
    is_whole
}

fn compare_rows(columns: &[&ColumnData], a: usize, b: usize) -> Ordering {
    let compare = |column: &&ColumnData| match column {
        ColumnData::Text(values) => values.get(a).cmp(&values.get(b)),
        ColumnData::I64(values) => values[a].cmp(&values[b]),
        ColumnData::I32(values) => values[a].cmp(&values[b]),
        ColumnData::Bool(values) => values[a].cmp(&values[b]),
        ColumnData::F64(values) => match (values[a], values[b]) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
    };
    columns
        .iter()
        .map(compare)
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::count_by;
    use super::left_join;
    use crate::error::TableError;
    use crate::table::Column;
    use crate::table::Table;

    fn table(names: [&str; 2], text: &[Option<&str>], numbers: &[Option<i64>]) -> Table {
        let text = Column::text(names[0], text.iter().copied().collect());
        Table::try_new(vec![text, Column::i64(names[1], numbers.to_vec())]).unwrap()
    }

    #[test]
    fn counts_are_sorted_by_key_with_null_first() {
        let rows = table(
            ["省", "n"],
            &[Some("沪"), Some("A"), None, Some("沪"), Some("")],
            &[None; 5],
        );
        let counted = count_by(&rows, &["省"]).unwrap();
        let expected = table(
            ["省", "count"],
            &[None, Some(""), Some("A"), Some("沪")],
            &[1, 1, 1, 2].map(Some),
        );
        assert_eq!(counted, expected);
        assert_eq!(count_by(&rows, &["n", "省"]).unwrap().rows(), 4);
        let missing = TableError::UnknownColumn { column: "市".into() };
        assert_eq!(count_by(&rows, &["市"]), Err(missing));
    }

    #[test]
    fn a_left_join_keeps_every_left_row() {
        let left = table(
            ["id", "n"],
            &[Some("b"), Some("客"), None, Some("a")],
            &[1, 2, 3, 4].map(Some),
        );
        let right = table(
            ["id", "m"],
            &[Some("客"), Some("a"), Some("客"), None],
            &[10, 20, 30, 40].map(Some),
        );
        let joined = left_join(&left, &right, &["id"]).unwrap();
        let text = [Some("b"), Some("客"), Some("客"), None, Some("a")]
            .into_iter()
            .collect();
        let expected = Table::try_new(vec![
            Column::text("id", text),
            Column::i64("n", [1, 2, 2, 3, 4].map(Some).to_vec()),
            Column::i64("m", vec![None, Some(10), Some(30), None, Some(20)]),
        ]);
        assert_eq!(Ok(joined), expected);
        let unlike = table(["n", "id"], &[None], &[None]);
        assert_eq!(
            left_join(&left, &unlike, &["id"]),
            Err(TableError::UnlikeTypes { column: "id".into() })
        );
        let clash = TableError::DuplicateColumn { column: "n".into() };
        assert_eq!(left_join(&left, &left, &["id"]), Err(clash));
    }
}
