//! One row of codes for every record: all that comparing reads of it, side by side.
//!
//! The codes of one record lie in a few cache lines, and the rows of the right records of one left record are gathered into
//! a small buffer first, so that their cache misses overlap instead of standing in the way of every comparison.

use crate::compare::PreparedComparison;
use crate::model::RecordIndex;
use rayon::prelude::*;

/// Records whose rows one task writes.
const CHUNK_RECORDS: usize = 4_096;

/// Bytes of a cache line.
const LINE_BYTES: usize = 64;

/// A record and the words of its row that belong to one comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The record.
    pub record: RecordIndex,
    /// The words that the comparison wrote for it.
    pub words: &'a [u32],
}

impl Side<'_> {
    /// The same record without the first `count` words, for a comparison inside another.
    pub(super) fn without_first(self, count: usize) -> Self {
        Self {
            record: self.record,
            words: &self.words[count..],
        }
    }
}

/// The first words of a comparison's part of a row.
#[inline]
pub(super) fn words<const N: usize>(row: &[u32]) -> &[u32; N] {
    row.first_chunk()
        .expect("a row is as wide as its comparison says")
}

/// The rows of all records.
#[derive(Debug, Default)]
pub(super) struct Rows {
    stride: usize,
    /// Words before the first row, so that it begins with a cache line.
    start: usize,
    words: Vec<u32>,
}

impl Rows {
    /// Writes every comparison's words for `len` records, one comparison after the other.
    pub(super) fn new(comparisons: &[&dyn PreparedComparison], len: usize) -> Self {
        let stride = comparisons.iter().map(|comparison| comparison.width()).sum();
        let mut words = vec![0; stride * len + LINE_BYTES / size_of::<u32>()];
        // A start that cannot be told is any start.
        let start = words
            .as_ptr()
            .align_offset(LINE_BYTES)
            .min(words.len() - stride * len);
        if stride > 0 {
            words[start..start + stride * len]
                .par_chunks_mut(stride * CHUNK_RECORDS)
                .enumerate()
                .for_each(|(chunk, words)| {
                    let first = chunk * CHUNK_RECORDS;
                    for (at, row) in words.chunks_exact_mut(stride).enumerate() {
                        write(comparisons, RecordIndex((first + at) as u32), row);
                    }
                });
        }
        Self { stride, start, words }
    }

    /// Words of a row.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// The row of a record.
    #[inline]
    pub(super) fn of(&self, record: RecordIndex) -> &[u32] {
        &self.words[self.start + record.at() * self.stride..][..self.stride]
    }
}

fn write(comparisons: &[&dyn PreparedComparison], record: RecordIndex, mut row: &mut [u32]) {
    for comparison in comparisons {
        let (own, rest) = row.split_at_mut(comparison.width());
        comparison.write(record, own);
        row = rest;
    }
}
