//! Columns out of codes and pools.
//!
//! In: pools, codes and IDs. Out: columns of `frame` that share their texts. [`RecordKeys`] is made once a run and names
//! the records of every table by source and key.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::table::RawRecords;
use crate::table::ValuePool;
use frame::Column;
use frame::ColumnData;
use frame::Table;
use frame::TableError;
use frame::TextColumn;
use frame::TextPool;
use std::fmt::Write;
use std::sync::Arc;

/// Source and key of every record, as pools that all tables of a run share.
#[derive(Debug, Clone)]
pub struct RecordKeys {
    source_of: Vec<u32>,
    sources: Arc<TextPool>,
    keys: Arc<TextPool>,
}

impl RecordKeys {
    /// Takes the names from `raw`; one copy of all keys.
    pub fn new(raw: &RawRecords) -> Self {
        Self {
            source_of: raw
                .source_of
                .iter()
                .map(|source| u32::from(source.0) + 1)
                .collect(),
            sources: pool_of(raw.sources.iter().map(|source| source.name.as_str())),
            keys: pool(&raw.keys),
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.source_of.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.source_of.is_empty()
    }

    /// Every record, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = RecordIndex> + Clone {
        (0..self.len() as u32).map(RecordIndex)
    }

    /// The columns `source` and `record_key`, with `suffix` at their names.
    pub(super) fn columns(
        &self,
        suffix: &str,
        records: impl Iterator<Item = RecordIndex> + Clone,
    ) -> Result<[Column; 2], TableError> {
        // A code outside the pool makes a record that does not exist a typed fault.
        let source = |record: RecordIndex| self.source_of.get(record.at()).copied().unwrap_or(u32::MAX);
        let sources = records.clone().map(source).collect();
        let keys = records.map(|record| record.0.saturating_add(1)).collect();
        Ok([
            coded(&format!("source{suffix}"), sources, &self.sources)?,
            coded(&format!("record_key{suffix}"), keys, &self.keys)?,
        ])
    }
}

/// The pool as `frame` holds it: the same codes, 0 for the missing value.
pub(super) fn pool(values: &ValuePool) -> Arc<TextPool> {
    pool_of(values.iter().skip(1))
}

/// A pool of `texts`, numbered from 1.
pub(super) fn pool_of<'a>(texts: impl Iterator<Item = &'a str>) -> Arc<TextPool> {
    let mut bytes = Vec::new();
    let mut offsets = vec![0, 0];
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(bytes.len());
    }
    Arc::new(TextPool::try_new(bytes, offsets).expect("texts end to end are a sound pool"))
}

/// A column of codes into `pool`.
pub(super) fn coded(name: &str, codes: Vec<u32>, pool: &Arc<TextPool>) -> Result<Column, TableError> {
    Ok(Column::text(
        name,
        TextColumn::from_codes(codes, Arc::clone(pool))?,
    ))
}

/// A column of few distinct words known to the program.
pub(super) fn words<'a>(
    name: &str,
    known: &[&'a str],
    values: impl Iterator<Item = &'a str>,
) -> Result<Column, TableError> {
    let mut known = known.to_vec();
    let mut code_of = |word: &'a str| {
        let found = known.iter().position(|known| *known == word);
        let at = found.unwrap_or_else(|| {
            known.push(word);
            known.len() - 1
        });
        at as u32 + 1
    };
    let codes = values.map(&mut code_of).collect();
    coded(name, codes, &pool_of(known.into_iter()))
}

/// A column of IDs.
pub(super) fn ids(name: &str, ids: impl Iterator<Item = Option<UnifiedId>>) -> Column {
    let mut column = TextColumn::with_capacity(ids.size_hint().0, ids.size_hint().0 * 15);
    let mut text = String::new();
    for id in ids {
        match id {
            Some(id) => {
                text.clear();
                write!(text, "{id}").expect("writing into a string in memory does not fail");
                column.push(&text);
            }
            None => column.push_null(),
        }
    }
    Column::text(name, column)
}

/// A pool of IDs, numbered from 1 in their order.
pub(super) fn id_pool(ids: &[UnifiedId]) -> Arc<TextPool> {
    let mut text = String::with_capacity(ids.len() * 15);
    let mut offsets = vec![0, 0];
    for id in ids {
        write!(text, "{id}").expect("writing into a string in memory does not fail");
        offsets.push(text.len());
    }
    Arc::new(TextPool::try_new(text.into_bytes(), offsets).expect("texts end to end are a sound pool"))
}

/// A column of counts.
pub(super) fn counts(name: &str, values: impl Iterator<Item = u64>) -> Column {
    Column::i64(name, values.map(|value| i64::try_from(value).ok()).collect())
}

/// A column of line numbers, where 0 means unknown.
pub(super) fn places(name: &str, values: impl Iterator<Item = u64>) -> Column {
    let known = |value: u64| i64::try_from(value).ok().filter(|&value| value > 0);
    Column::i64(name, values.map(known).collect())
}

/// A column of weights in bits, exact to the thousandth.
pub(super) fn weights(name: &str, values: impl Iterator<Item = MatchWeight>) -> Column {
    Column {
        name: name.to_owned(),
        data: ColumnData::F64(values.map(|weight| Some(weight.bits())).collect()),
    }
}

/// A column of texts; the empty text is null.
pub(super) fn texts<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Column {
    let filled = values.map(|text| Some(text).filter(|text| !text.is_empty()));
    Column::text(name, filled.collect())
}

/// The columns as the published table `name`.
pub(super) fn table(
    name: &'static str,
    columns: Result<Vec<Column>, TableError>,
) -> Result<Table, PublishError> {
    columns
        .and_then(Table::try_new)
        .map_err(PublishError::table(name))
}

/// The text column `name` of a table that was read back.
pub(super) fn text_column<'a>(table: &'a Table, name: &str) -> Option<&'a TextColumn> {
    table.column(name).ok()?.as_text()
}
