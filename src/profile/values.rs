//! The distinct values of a column in bounded memory.
//!
//! In: cells, one after the other. Out: up to [`DISTINCT_MAX`] distinct values with exact counts and the place of the
//! first cell. With more distinct values the table holds those whose hash falls into a part of the range that halves
//! whenever the table is full: a random sample of the distinct values in which every value is counted exactly (adaptive
//! sampling: Wegman; Flajolet, *Computing* 43, 1990), so shares can be estimated from it, and the number of distinct
//! values is the size of the sample times the parts. Frequent values outside the sample are counted beside it (Misra and
//! Gries 1982): none with more than a share of 1 / [`FREQUENT_MAX`] of the cells is missed, and their counts are lower
//! bounds. Same cells, same table; no randomness but the project's own hash.

use crate::text::hash::hash_text;
use hashbrown::HashTable;

/// Distinct values up to which a table is exact.
pub(super) const DISTINCT_MAX: usize = 32_768;

/// Frequent values that are followed beside the sample.
const FREQUENT_MAX: usize = 512;

/// Longest text that is kept; what is longer is no value of a field, and is cut.
const TEXT_BYTES_MAX: usize = 2_048;

/// One distinct value.
#[derive(Debug, Clone)]
pub(super) struct Value {
    hash: u64,
    /// The trimmed cell.
    pub(super) text: Box<str>,
    /// Cells that hold it.
    pub(super) cells: u64,
    /// Length in characters.
    pub(super) chars: u32,
    /// Place of its first cell.
    pub(super) place: Place,
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Place {
    /// Number of the sheet among those read.
    pub(super) sheet: u16,
    /// Line or sheet row, from 1.
    pub(super) line: u64,
}

/// Values that can be found by hash.
#[derive(Debug, Default)]
struct Values {
    index: HashTable<u32>,
    list: Vec<Value>,
}

impl Values {
    fn position(&self, hash: u64) -> Option<usize> {
        let found = self.index.find(hash, |&at| self.list[at as usize].hash == hash);
        found.map(|&at| at as usize)
    }

    fn push(&mut self, value: Value) {
        let at = self.list.len() as u32;
        let list = &self.list;
        self.index
            .insert_unique(value.hash, at, |&at| list[at as usize].hash);
        self.list.push(value);
    }

    fn set(&mut self, list: Vec<Value>) {
        self.index.clear();
        self.list = Vec::with_capacity(list.len());
        for value in list {
            self.push(value);
        }
    }
}

/// The distinct values of one column.
#[derive(Debug, Default)]
pub(super) struct ValueTable {
    sample: Values,
    frequent: Values,
    /// The sample holds one part in 2^depth of the hashes.
    depth: u32,
    cells: u64,
}

/// Is the value of this hash in the sample? Bits of the middle, because the hash table uses those at both ends.
fn is_sampled(hash: u64, depth: u32) -> bool {
    (hash >> 16) & ((1 << depth.min(40)) - 1) == 0
}

impl ValueTable {
    /// Takes one non-empty cell and gives its hash.
    pub(super) fn note(&mut self, cell: &str, place: Place) -> u64 {
        let text = cell.trim();
        let hash = hash_text(text);
        self.cells += 1;
        if let Some(at) = self.sample.position(hash) {
            self.sample.list[at].cells += 1;
        } else if is_sampled(hash, self.depth) {
            self.sample.push(new_value(text, hash, place));
            if self.sample.list.len() > DISTINCT_MAX {
                self.halve();
            }
        } else if let Some(at) = self.frequent.position(hash) {
            let known = &mut self.frequent.list[at];
            known.cells += 1;
            if known.text.is_empty() {
                let Value { text, chars, .. } = new_value(text, hash, place);
                (known.text, known.chars) = (text, chars);
            }
        } else {
            // Most values outside the sample never come again; the second cell brings the text.
            self.offer(new_value("", hash, place));
        }
        hash
    }

    fn halve(&mut self) {
        self.depth += 1;
        let depth = self.depth;
        let all = std::mem::take(&mut self.sample.list);
        let (kept, mut left): (Vec<Value>, Vec<Value>) =
            all.into_iter().partition(|value| is_sampled(value.hash, depth));
        self.sample.set(kept);
        left.retain(|value| value.cells > 1);
        left.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.place.cmp(&b.place)));
        for value in left.into_iter().take(FREQUENT_MAX) {
            self.offer(value);
        }
    }

    /// Takes a value that is not among the frequent ones; when there is no room, each of them loses as much as it brings.
    fn offer(&mut self, mut value: Value) {
        if self.frequent.list.len() < FREQUENT_MAX {
            self.frequent.push(value);
            return;
        }
        let least = self
            .frequent
            .list
            .iter()
            .map(|known| known.cells)
            .min()
            .unwrap_or(0);
        let lost = least.min(value.cells);
        let mut list = std::mem::take(&mut self.frequent.list);
        for known in &mut list {
            known.cells -= lost;
        }
        list.retain(|known| known.cells > 0);
        value.cells -= lost;
        if value.cells > 0 {
            list.push(value);
        }
        self.frequent.set(list);
    }

    /// The values, once all cells are noted.
    pub(super) fn finish(mut self) -> DistinctValues {
        self.frequent.list.retain(|value| !value.text.is_empty());
        let scale = 1_u64 << self.depth.min(40);
        DistinctValues {
            distinct: (self.sample.list.len() as u64).saturating_mul(scale),
            is_sample: self.depth > 0,
            scale,
            cells: self.cells,
            values: self.sample.list,
            frequent: self.frequent.list,
        }
    }
}

fn new_value(text: &str, hash: u64, place: Place) -> Value {
    let end = text.floor_char_boundary(TEXT_BYTES_MAX);
    Value {
        hash,
        text: text[..end].into(),
        cells: 1,
        chars: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
        place,
    }
}

/// The distinct values of a column.
#[derive(Debug, Default)]
pub(super) struct DistinctValues {
    /// Number of distinct values; an estimate when the values are a sample (standard error about 0.8 %).
    pub(super) distinct: u64,
    /// Are `values` a sample of the distinct values?
    pub(super) is_sample: bool,
    /// Distinct values that each value of the sample stands for.
    pub(super) scale: u64,
    /// Cells of the column.
    pub(super) cells: u64,
    /// All or a sample, by first place.
    pub(super) values: Vec<Value>,
    /// Frequent values outside the sample; their counts are lower bounds.
    pub(super) frequent: Vec<Value>,
}

impl DistinctValues {
    /// The values to look at, and the cells that each stands for.
    ///
    /// Frequent values stand for themselves; of the others at most `max` are taken, evenly spread, each for as many as
    /// were left out. So the cells add up to about those of the column, and to exactly those when nothing is left out.
    pub(super) fn spread(&self, max: usize) -> Vec<(&Value, u64)> {
        let is_frequent = |value: &&Value| value.cells.saturating_mul(FREQUENT_MAX as u64) > self.cells;
        let mut spread: Vec<(&Value, u64)> = self
            .values
            .iter()
            .chain(&self.frequent)
            .filter(is_frequent)
            .map(|value| (value, value.cells))
            .collect();
        let others = || self.values.iter().filter(|value| !is_frequent(value));
        let step = others().count().div_ceil(max.max(1)).max(1);
        let weight = self.scale.max(1).saturating_mul(step as u64);
        spread.extend(
            others()
                .step_by(step)
                .map(|value| (value, value.cells.saturating_mul(weight))),
        );
        spread
    }

    /// The most frequent values, and whether each count is exact; ties by first place.
    pub(super) fn top(&self, count: usize) -> Vec<(&Value, bool)> {
        let exact = self.values.iter().map(|value| (value, true));
        let mut all: Vec<_> = exact
            .chain(self.frequent.iter().map(|value| (value, false)))
            .collect();
        all.sort_by(|(a, _), (b, _)| b.cells.cmp(&a.cells).then_with(|| a.place.cmp(&b.place)));
        all.truncate(count);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: impl Iterator<Item = String>) -> DistinctValues {
        let mut table = ValueTable::default();
        for (at, cell) in cells.enumerate() {
            let place = Place {
                sheet: 0,
                line: at as u64 + 2,
            };
            table.note(&cell, place);
        }
        table.finish()
    }

    #[test]
    fn few_values_are_counted_exactly() {
        let cells = ["甲", " 甲", "Ann", "甲", "Ann ", "乙"];
        let values = table(cells.iter().map(|cell| (*cell).to_owned()));
        assert_eq!((values.distinct, values.is_sample, values.cells), (3, false, 6));
        let spread: u64 = values.spread(10).iter().map(|(_, cells)| cells).sum();
        assert_eq!(spread, 6);
        let top: Vec<_> = values
            .top(2)
            .iter()
            .map(|(v, exact)| (&*v.text, v.cells, *exact))
            .collect();
        assert_eq!(top, [("甲", 3, true), ("Ann", 2, true)]);
        assert_eq!(values.values[0].place.line, 2);
    }

    #[test]
    fn many_values_are_estimated_and_frequent_ones_never_missed() {
        let rows = 300_000_u64;
        let cells = (0..rows).map(|row| match row % 100 {
            7 => "不详".to_owned(),
            8 if row > 150_000 => "n/a".to_owned(),
            _ => format!("客户{row}"),
        });
        let values = table(cells);
        let expected = 0.985 * rows as f64;
        assert!(
            (values.distinct as f64 / expected - 1.0).abs() < 0.03,
            "{}",
            values.distinct
        );
        assert!(values.is_sample && values.values.len() <= DISTINCT_MAX);
        for max in [1_000, usize::MAX] {
            let spread = values.spread(max);
            let cells: u64 = spread.iter().map(|(_, cells)| cells).sum();
            assert!((cells as f64 / rows as f64 - 1.0).abs() < 0.05, "{cells}");
            let unknown = spread.iter().find(|(value, _)| &*value.text == "不详");
            assert!(unknown.is_some_and(|(_, cells)| *cells > 2_400));
        }
        let top = values.top(2);
        assert_eq!(&*top[0].0.text, "不详");
        assert_eq!(&*top[1].0.text, "n/a");
        let within = |at: usize, exact: u64| (exact - rows / 512..=exact).contains(&top[at].0.cells);
        assert!(
            within(0, 3_000) && within(1, 1_500),
            "{} {}",
            top[0].0.cells,
            top[1].0.cells
        );
    }
}
