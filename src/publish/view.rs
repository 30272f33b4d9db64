//! Published tables as views of the run's results.
//!
//! In: codes, pools, IDs and numbers that stand in the tables of the stages. Out: named columns that writers walk by row
//! range without a copy of any text. What the columns mean is decided by `tables`, how they are written by `csv_file`,
//! `workbook` and `frame`.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::ValuePool;
use frame::ColumnData;
use frame::GroupColumn;
use frame::GroupData;
use frame::TableError;
use frame::Texts;
use std::borrow::Cow;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;

/// Texts that columns share.
pub(super) type Pool<'a> = Arc<dyn Texts + Send + Sync + 'a>;

/// A table of columns of equal length.
#[derive(Default)]
pub struct View<'a> {
    name: &'static str,
    rows: usize,
    columns: Vec<ViewColumn<'a>>,
}

/// One named column.
pub struct ViewColumn<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) cells: Cells<'a>,
}

/// Values by row; `None` and code 0 are null.
pub(super) enum Cells<'a> {
    Text { codes: Cow<'a, [u32]>, pool: Pool<'a> },
    I64(Vec<Option<i64>>),
    F64(Vec<Option<f64>>),
}

impl Cells<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Text { codes, .. } => codes.len(),
            Self::I64(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }
}

impl<'a> View<'a> {
    /// Checks that columns are of equal length and of distinct names and that their codes have texts.
    pub(super) fn try_new(name: &'static str, columns: Vec<ViewColumn<'a>>) -> Result<Self, PublishError> {
        let fault = PublishError::table(name);
        let expected = columns.first().map_or(0, |column| column.cells.len());
        for (at, column) in columns.iter().enumerate() {
            let rows = column.cells.len();
            if rows != expected {
                let column = column.name.to_string();
                return Err(fault(TableError::UnequalLength {
                    column,
                    rows,
                    expected,
                }));
            }
            if columns[..at].iter().any(|before| before.name == column.name) {
                let column = column.name.to_string();
                return Err(fault(TableError::DuplicateColumn { column }));
            }
            if let Cells::Text { codes, pool } = &column.cells {
                let len = pool.codes().max(1);
                let largest = codes.iter().copied().max().unwrap_or(0);
                if largest as usize >= len {
                    let row = codes.iter().position(|&code| code == largest).unwrap_or(0);
                    return Err(fault(TableError::CodeOutsidePool { row }));
                }
            }
        }
        Ok(Self {
            name,
            rows: expected,
            columns,
        })
    }

    /// A table that was read back.
    ///
    /// # Errors
    /// [`PublishError::Table`] when a column is of a type that no published table has.
    pub(super) fn of_table(name: &'static str, table: &frame::Table) -> Result<View<'static>, PublishError> {
        let column = |column: &frame::Column| {
            let cells = match &column.data {
                ColumnData::Text(values) => {
                    let mut owned = OwnedTexts::default();
                    let codes = values
                        .iter()
                        .map(|value| value.map_or(0, |text| owned.push(text)));
                    Cells::Text {
                        codes: codes.collect::<Vec<u32>>().into(),
                        pool: Arc::new(owned),
                    }
                }
                ColumnData::I64(values) => Cells::I64(values.clone()),
                ColumnData::F64(values) => Cells::F64(values.clone()),
                _ => {
                    let column = column.name.clone();
                    return Err(PublishError::table(name)(TableError::UnknownColumn { column }));
                }
            };
            Ok(ViewColumn {
                name: Cow::Owned(column.name.clone()),
                cells,
            })
        };
        let columns: Result<Vec<_>, _> = table.columns().iter().map(column).collect();
        View::try_new(name, columns?)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The table without the columns behind the first `count`.
    pub(super) fn first_columns(mut self, count: usize) -> Self {
        self.columns.truncate(count);
        self
    }

    /// The columns in order.
    pub(super) fn columns(&self) -> &[ViewColumn<'a>] {
        &self.columns
    }

    /// The text at `row` of the column at `column`; `None` for null and for numbers.
    #[cfg(test)]
    pub(super) fn text(&self, row: usize, column: usize) -> Option<&str> {
        match &self.columns[column].cells {
            Cells::Text { codes, pool } if codes[row] != 0 => Some(pool.text(codes[row])),
            _ => None,
        }
    }

    /// The rows `rows` for `frame`.
    pub(super) fn group(&self, rows: &Range<usize>) -> Vec<GroupColumn<'_>> {
        self.columns
            .iter()
            .map(|column| GroupColumn {
                name: &column.name,
                data: match &column.cells {
                    Cells::Text { codes, pool } => GroupData::Text {
                        codes: &codes[rows.clone()],
                        texts: &**pool,
                    },
                    Cells::I64(values) => GroupData::I64(&values[rows.clone()]),
                    Cells::F64(values) => GroupData::F64(&values[rows.clone()]),
                },
            })
            .collect()
    }
}

impl std::fmt::Debug for View<'_> {
    /// Shows the name and the length only: values are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({}, {} rows)", self.name, self.rows)
    }
}

/// A pool of values, lent.
struct Lent<'a>(&'a ValuePool);

impl Texts for Lent<'_> {
    fn text(&self, code: u32) -> &str {
        self.0.get(code)
    }

    fn codes(&self) -> usize {
        self.0.len()
    }

    fn touch(&self, codes: &[u32]) {
        touch(self.0, codes.iter().copied());
    }
}

/// Reads where the texts of `codes` begin; the waits for memory overlap.
fn touch(values: &ValuePool, codes: impl Iterator<Item = u32>) {
    let known = codes.filter(|&code| (code as usize) < values.len());
    black_box(known.fold(0, |sum, code| sum ^ values.touch(code)));
}

/// The pool as columns hold it; nothing is copied.
pub(super) fn lent(values: &ValuePool) -> Pool<'_> {
    Arc::new(Lent(values))
}

/// Pools one after another: code c of pool p is `starts[p] + c`.
struct Chained<'a> {
    pools: &'a [ValuePool],
    starts: Vec<u32>,
    /// Per 2^[`BLOCK_BITS`] codes, the pool of the first of them.
    pool_of_block: Vec<u32>,
}

/// Codes of one block of [`Chained`], as a power of two: pools are far larger, so that the pool of a block's first code is
/// nearly always that of all its codes.
const BLOCK_BITS: u32 = 12;

impl Texts for Chained<'_> {
    fn text(&self, code: u32) -> &str {
        let mut pool = self.pool_of_block[(code >> BLOCK_BITS) as usize] as usize;
        while self.starts.get(pool + 1).is_some_and(|&start| start < code) {
            pool += 1;
        }
        self.pools[pool].get(code - self.starts[pool])
    }

    fn codes(&self) -> usize {
        let values: usize = self.pools.iter().map(|pool| pool.len() - 1).sum();
        values + 1
    }
}

/// All `pools` as one, and per pool what is added to its codes, null apart.
pub(super) fn chained(pools: &[ValuePool]) -> (Pool<'_>, Vec<u32>) {
    let mut next = 0;
    let starts: Vec<u32> = pools
        .iter()
        .map(|pool| {
            let start = next;
            next += pool.len() as u32 - 1;
            start
        })
        .collect();
    let pool_of = |code: u32| starts.partition_point(|&start| start < code).saturating_sub(1) as u32;
    let blocks = 0..=(next >> BLOCK_BITS);
    let chained = Chained {
        pools,
        pool_of_block: blocks.map(|block| pool_of(block << BLOCK_BITS)).collect(),
        starts: starts.clone(),
    };
    (Arc::new(chained), starts)
}

impl Texts for OwnedTexts {
    fn text(&self, code: u32) -> &str {
        let at = code as usize;
        &self.text[self.ends[at - 1] as usize..self.ends[at] as usize]
    }

    fn codes(&self) -> usize {
        self.ends.len()
    }
}

/// Texts made for one table, numbered from 1.
pub(super) struct OwnedTexts {
    text: String,
    ends: Vec<u64>,
}

impl Default for OwnedTexts {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
        }
    }
}

impl OwnedTexts {
    /// Adds a text and returns its code.
    pub(super) fn push(&mut self, text: &str) -> u32 {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u64);
        self.ends.len() as u32 - 1
    }
}

/// A pool of values, lent, and texts made beside it.
pub(super) struct Extended<'a> {
    values: &'a ValuePool,
    more: OwnedTexts,
}

impl Texts for Extended<'_> {
    fn text(&self, code: u32) -> &str {
        match (code as usize).checked_sub(self.values.len()) {
            None => self.values.get(code),
            Some(at) => self.more.text(at as u32 + 1),
        }
    }

    fn codes(&self) -> usize {
        self.values.len() + self.more.codes() - 1
    }

    fn touch(&self, codes: &[u32]) {
        touch(self.values, codes.iter().copied());
    }
}

/// `values` as the beginning of a pool that grows.
pub(super) fn extended(values: &ValuePool) -> Extended<'_> {
    Extended {
        values,
        more: OwnedTexts::default(),
    }
}

impl<'a> Extended<'a> {
    /// Adds a text and returns its code.
    pub(super) fn push(&mut self, text: &str) -> u32 {
        self.values.len() as u32 + self.more.push(text) - 1
    }

    /// The finished pool.
    pub(super) fn finish(self) -> Pool<'a> {
        Arc::new(self)
    }
}

/// A pool of `texts`, numbered from 1.
pub(super) fn pool_of<'a>(texts: impl Iterator<Item = &'a str>) -> Pool<'static> {
    let mut owned = OwnedTexts::default();
    texts.for_each(|text| {
        owned.push(text);
    });
    Arc::new(owned)
}

/// IDs end to end, all of one length.
struct IdTexts(String);

impl Texts for IdTexts {
    fn text(&self, code: u32) -> &str {
        let end = code as usize * UnifiedId::LENGTH;
        &self.0[end - UnifiedId::LENGTH..end]
    }

    fn codes(&self) -> usize {
        self.0.len() / UnifiedId::LENGTH + 1
    }
}

/// A pool of IDs, numbered from 1 in their order.
pub(super) fn id_pool(ids: impl Iterator<Item = UnifiedId>) -> Pool<'static> {
    let mut text = Vec::with_capacity(ids.size_hint().0 * UnifiedId::LENGTH);
    ids.for_each(|id| text.extend_from_slice(&id.to_ascii()));
    Arc::new(IdTexts(String::from_utf8(text).expect("IDs are ASCII")))
}

/// A column of codes into `pool`.
pub(super) fn coded<'a>(
    name: impl Into<Cow<'a, str>>,
    codes: impl Into<Cow<'a, [u32]>>,
    pool: &Pool<'a>,
) -> ViewColumn<'a> {
    ViewColumn {
        name: name.into(),
        cells: Cells::Text {
            codes: codes.into(),
            pool: Arc::clone(pool),
        },
    }
}

/// A column of few distinct words known to the program.
pub(super) fn words<'a, 'w>(
    name: impl Into<Cow<'a, str>>,
    known: &[&'w str],
    values: impl Iterator<Item = &'w str>,
) -> ViewColumn<'a> {
    let mut known = known.to_vec();
    let code_of = |word: &'w str| {
        let found = known
            .iter()
            .position(|known| std::ptr::eq(*known, word) || *known == word);
        let at = found.unwrap_or_else(|| {
            known.push(word);
            known.len() - 1
        });
        at as u32 + 1
    };
    let codes: Vec<u32> = values.map(code_of).collect();
    coded(name, codes, &pool_of(known.into_iter()))
}

/// A column of IDs, each written for itself.
pub(super) fn ids<'a>(
    name: &'static str,
    ids: impl ExactSizeIterator<Item = Option<UnifiedId>> + Clone,
) -> ViewColumn<'a> {
    let mut next = 0;
    let codes: Vec<u32> = ids
        .clone()
        .map(|id| {
            next += u32::from(id.is_some());
            if id.is_some() { next } else { 0 }
        })
        .collect();
    coded(name, codes, &id_pool(ids.flatten()))
}

/// A column of counts.
pub(super) fn counts<'a>(name: &'static str, values: impl Iterator<Item = u64>) -> ViewColumn<'a> {
    ViewColumn {
        name: name.into(),
        cells: Cells::I64(values.map(|value| i64::try_from(value).ok()).collect()),
    }
}

/// A column of 64-bit hashes, kept as signed numbers of the same bits; 0 means unknown.
pub(super) fn hashes<'a>(name: &'static str, values: impl Iterator<Item = u64>) -> ViewColumn<'a> {
    let known = |hash: u64| (hash != 0).then_some(hash as i64);
    ViewColumn {
        name: name.into(),
        cells: Cells::I64(values.map(known).collect()),
    }
}

/// A column of numbers of which some are missing.
pub(super) fn numbers<'a>(name: &'static str, values: Vec<Option<i64>>) -> ViewColumn<'a> {
    ViewColumn {
        name: name.into(),
        cells: Cells::I64(values),
    }
}

/// A column of line numbers, where 0 means unknown.
pub(super) fn places<'a>(name: &'static str, values: impl Iterator<Item = u64>) -> ViewColumn<'a> {
    let known = |value: u64| i64::try_from(value).ok().filter(|&value| value > 0);
    ViewColumn {
        name: name.into(),
        cells: Cells::I64(values.map(known).collect()),
    }
}

/// A column of weights in bits, exact to the thousandth.
pub(super) fn weights<'a>(name: &'static str, values: impl Iterator<Item = MatchWeight>) -> ViewColumn<'a> {
    ViewColumn {
        name: name.into(),
        cells: Cells::F64(values.map(|weight| Some(weight.bits())).collect()),
    }
}

/// A column of texts; the empty text is null.
pub(super) fn texts<'a, 't>(name: &'static str, values: impl Iterator<Item = &'t str>) -> ViewColumn<'a> {
    let mut pool = OwnedTexts::default();
    let codes: Vec<u32> = values
        .map(|text| if text.is_empty() { 0 } else { pool.push(text) })
        .collect();
    let pool: Pool<'a> = Arc::new(pool);
    coded(name, codes, &pool)
}

/// Source and key of every record, as pools that all tables of a run share.
pub struct RecordKeys<'a> {
    raw: &'a RawRecords,
    sources: Pool<'a>,
    keys: Pool<'a>,
}

impl<'a> RecordKeys<'a> {
    /// Takes the names from `raw`; keys are lent.
    pub fn new(raw: &'a RawRecords) -> Self {
        Self {
            raw,
            sources: pool_of(raw.sources.iter().map(|source| source.name.as_str())),
            keys: lent(&raw.keys),
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Names of the source and of the record.
    pub(super) fn names(&self, record: RecordIndex) -> (&'a str, &'a str) {
        (self.raw.source(record).name.as_str(), self.raw.key(record))
    }

    /// Its standing tonight.
    pub(super) fn status(&self, record: RecordIndex) -> RecordStatus {
        self.raw.status(record)
    }

    /// Every record, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = RecordIndex> + Clone + use<> {
        (0..self.len() as u32).map(RecordIndex)
    }

    /// The columns `source` and `record_key`, with `suffix` at their names.
    pub(super) fn columns(
        &self,
        suffix: &str,
        records: impl Iterator<Item = RecordIndex> + Clone,
    ) -> [ViewColumn<'a>; 2] {
        self.columns_of_some(suffix, records.map(Some))
    }

    /// As [`Self::columns`], null where there is no record.
    pub(super) fn columns_of_some(
        &self,
        suffix: &str,
        records: impl Iterator<Item = Option<RecordIndex>> + Clone,
    ) -> [ViewColumn<'a>; 2] {
        // A code outside the pool makes a record that does not exist a typed fault.
        let source = |record: RecordIndex| {
            let of = self.raw.source_of.get(record.at());
            of.map_or(u32::MAX, |source| u32::from(source.0) + 1)
        };
        let sources = records.clone().map(|record| record.map_or(0, source));
        let sources: Vec<u32> = sources.collect();
        let key = |record: RecordIndex| record.0.saturating_add(1);
        let keys: Vec<u32> = records.map(|record| record.map_or(0, key)).collect();
        [
            coded(format!("source{suffix}"), sources, &self.sources),
            coded(format!("record_key{suffix}"), keys, &self.keys),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chained_pools_keep_their_texts_across_blocks_and_empty_pools() {
        let sizes = [3usize, 0, 5_000, 0, 0, 1, 9_000, 0];
        let pools: Vec<ValuePool> = (0..sizes.len())
            .map(|pool| {
                let mut values = ValuePool::default();
                for at in 1..=sizes[pool] {
                    values.push(&format!("{pool}客户{at}"));
                }
                values
            })
            .collect();
        let (all, starts) = chained(&pools);
        assert_eq!(all.codes(), sizes.iter().sum::<usize>() + 1);
        for (pool, values) in pools.iter().enumerate() {
            for code in 1..values.len() as u32 {
                assert_eq!(all.text(starts[pool] + code), values.get(code));
            }
        }
    }
}
