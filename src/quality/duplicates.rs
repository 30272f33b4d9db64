//! Duplicates, overlap between sources, and sizes of unified IDs.
//!
//! In: the unified ID and the source of every record. Out: three views of one count. Two definitions of the duplicate
//! rate stand side by side, because a group's own figure may mean either: *redundant* counts the records that could go
//! (records minus unified IDs), *affected* counts every record that has a double. Both are taken over all records and
//! within each source alone.

use super::share::Share;
use crate::model::SourceId;
use crate::model::UnifiedId;
use serde::Deserialize;
use serde::Serialize;

/// Duplicates by both definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DuplicateFigures {
    /// Different unified IDs.
    pub unified_ids: u64,
    /// (records - unified IDs) of records.
    pub redundant: Share,
    /// Records whose unified ID has two or more records, of records.
    pub affected: Share,
}

/// Customers by the sources that serve them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overlap {
    /// Unified IDs with records of two or more sources.
    pub shared_ids: u64,
    /// Entry n: unified IDs with records of exactly n + 1 sources.
    pub ids_by_source_count: Vec<u64>,
    /// Row i, column j: unified IDs with records of both sources; the diagonal counts the IDs of one source.
    pub matrix: Vec<Vec<u64>>,
}

/// Unified IDs with a number of records in `size_min..=size_max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterSizeBin {
    /// Smallest number of records.
    pub size_min: u64,
    /// Largest number of records; `None` in the open last bin.
    pub size_max: Option<u64>,
    /// Unified IDs.
    pub unified_ids: u64,
    /// Their records.
    pub records: u64,
}

/// Ends of the size bins after 1, 2, .. 10; the last bin is open.
const BIN_ENDS: [u64; 13] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100];

/// What one walk over the unified IDs gives.
pub(super) struct Grouped {
    pub(super) overall: DuplicateFigures,
    pub(super) by_source: Vec<DuplicateFigures>,
    pub(super) overlap: Overlap,
    pub(super) sizes: Vec<ClusterSizeBin>,
    pub(super) size_max: u64,
    /// Per source, records of customers that other sources serve too.
    pub(super) shared_records: Vec<u64>,
}

/// Counts `sources` sources; `records` are given by ID and source.
pub(super) fn count_groups(sources: usize, records: impl Iterator<Item = (UnifiedId, SourceId)>) -> Grouped {
    let mut order: Vec<(UnifiedId, SourceId)> = records.filter(|(_, source)| source.at() < sources).collect();
    order.sort_unstable();
    let mut walk = Walk::new(sources);
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        walk.add(group);
    }
    walk.finish()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    records: u64,
    ids: u64,
    affected: u64,
}

impl Tally {
    fn add(&mut self, records: u64) {
        self.records += records;
        self.ids += 1;
        if records > 1 {
            self.affected += records;
        }
    }

    fn figures(self) -> DuplicateFigures {
        DuplicateFigures {
            unified_ids: self.ids,
            redundant: Share::of(self.records - self.ids, self.records),
            affected: Share::of(self.affected, self.records),
        }
    }
}

struct Walk {
    overall: Tally,
    by_source: Vec<Tally>,
    overlap: Overlap,
    sizes: Vec<Tally>,
    size_max: u64,
    shared_records: Vec<u64>,
}

impl Walk {
    fn new(sources: usize) -> Self {
        Self {
            overall: Tally::default(),
            by_source: vec![Tally::default(); sources],
            overlap: Overlap {
                shared_ids: 0,
                ids_by_source_count: vec![0; sources],
                matrix: vec![vec![0; sources]; sources],
            },
            sizes: vec![Tally::default(); BIN_ENDS.len() + 1],
            size_max: 0,
            shared_records: vec![0; sources],
        }
    }

    fn add(&mut self, group: &[(UnifiedId, SourceId)]) {
        let size = group.len() as u64;
        self.overall.add(size);
        self.size_max = self.size_max.max(size);
        self.sizes[BIN_ENDS.partition_point(|&end| end < size)].add(size);
        let mut present: Vec<usize> = Vec::with_capacity(2);
        for of_source in group.chunk_by(|a, b| a.1 == b.1) {
            let source = of_source[0].1.at();
            self.by_source[source].add(of_source.len() as u64);
            present.push(source);
        }
        if present.len() > 1 {
            for (_, source) in group {
                self.shared_records[source.at()] += 1;
            }
        }
        self.overlap.ids_by_source_count[present.len() - 1] += 1;
        self.overlap.shared_ids += u64::from(present.len() > 1);
        for &i in &present {
            for &j in &present {
                self.overlap.matrix[i][j] += 1;
            }
        }
    }

    fn finish(self) -> Grouped {
        Grouped {
            overall: self.overall.figures(),
            by_source: self.by_source.into_iter().map(Tally::figures).collect(),
            overlap: self.overlap,
            sizes: size_bins(&self.sizes),
            size_max: self.size_max,
            shared_records: self.shared_records,
        }
    }
}

/// Bins up to the last that holds an ID.
fn size_bins(tallies: &[Tally]) -> Vec<ClusterSizeBin> {
    let used = tallies.iter().rposition(|t| t.ids > 0).map_or(0, |last| last + 1);
    let bin = |(at, tally): (usize, &Tally)| ClusterSizeBin {
        size_min: at.checked_sub(1).map_or(1, |before| BIN_ENDS[before] + 1),
        size_max: BIN_ENDS.get(at).copied(),
        unified_ids: tally.ids,
        records: tally.records,
    };
    tallies[..used].iter().enumerate().map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(records: &[(u16, u64)], sources: usize) -> Grouped {
        let source_of: Vec<SourceId> = records.iter().map(|r| SourceId(r.0)).collect();
        let id_of: Vec<UnifiedId> = records.iter().map(|r| UnifiedId::from_number(r.1)).collect();
        count_groups(sources, id_of.into_iter().zip(source_of))
    }

    #[test]
    fn both_definitions_are_counted_over_all_and_within_each_source() {
        // ID 1: twice in source 0, once in source 1. ID 2: source 1 alone.
        let got = count(&[(0, 1), (0, 1), (1, 1), (1, 2)], 2);
        assert_eq!(got.overall.redundant, Share::of(2, 4));
        assert_eq!(got.overall.affected, Share::of(3, 4));
        assert_eq!(got.by_source[0].redundant, Share::of(1, 2));
        assert_eq!(got.by_source[0].affected, Share::of(2, 2));
        assert_eq!(got.by_source[1].redundant, Share::of(0, 2));
        assert_eq!(got.overlap.matrix, [[1, 1], [1, 2]]);
        assert_eq!(got.overlap.ids_by_source_count, [1, 1]);
    }

    #[test]
    fn sizes_above_ten_share_bins_and_the_last_is_open() {
        let mut records = vec![(0, 1); 101];
        records.extend([(0, 2); 11]);
        let got = count(&records, 1);
        assert_eq!(got.size_max, 101);
        assert_eq!(got.sizes.len(), 14);
        assert_eq!(
            (
                got.sizes[10].size_min,
                got.sizes[10].size_max,
                got.sizes[10].records
            ),
            (11, Some(20), 11)
        );
        assert_eq!((got.sizes[13].size_min, got.sizes[13].size_max), (101, None));
    }

    #[test]
    fn no_records_give_no_figures() {
        let got = count(&[], 2);
        assert_eq!(got.overall, DuplicateFigures::default());
        assert!(got.sizes.is_empty());
    }
}
