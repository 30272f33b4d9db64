//! Evaluate: how a published partition compares with the truth.
//!
//! In: predicted cluster and true cluster of every labelled record. Out: [`Agreement`]: pairwise and B-cubed precision,
//! recall and F1, and the cluster sizes of both sides. Definitions: pairwise counts pairs of records in one cluster; B-cubed
//! (Bagga and Baldwin 1998) averages, over records, the share of its cluster that is right. Linear in records. `truth` reads the
//! files, `separation` counts related customers that were merged and customers that were split.

mod separation;
mod truth;

pub use separation::Labelled;
pub use separation::RelationFigures;
pub use separation::Separation;
pub use separation::SplitFigures;
pub use separation::separation;
pub use truth::EvaluateError;
pub use truth::Label;
pub use truth::Relations;
pub use truth::Truth;

use std::collections::BTreeMap;

/// Counts and shares of one comparison with the truth.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Agreement {
    /// Labelled records.
    pub records: u64,
    /// Labelled records that the run does not have; each counts as a cluster of its own.
    pub records_missing: u64,
    /// Records of the run without a label; left out.
    pub records_unlabelled: u64,
    /// Pairs in one predicted and one true cluster.
    pub pairs_right: u64,
    /// Pairs in one predicted cluster.
    pub pairs_predicted: u64,
    /// Pairs in one true cluster.
    pub pairs_true: u64,
    /// Pairwise precision, `0.0..=1.0`; 1 when nothing was predicted.
    pub precision: f64,
    /// Pairwise recall.
    pub recall: f64,
    /// Pairwise F1.
    pub f1: f64,
    /// B-cubed precision.
    pub b_cubed_precision: f64,
    /// B-cubed recall.
    pub b_cubed_recall: f64,
    /// B-cubed F1.
    pub b_cubed_f1: f64,
    /// Predicted clusters by size.
    pub sizes_predicted: BTreeMap<u64, u64>,
    /// True clusters by size.
    pub sizes_true: BTreeMap<u64, u64>,
}

fn pairs(size: u64) -> u64 {
    size * size.saturating_sub(1) / 2
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 {
        2.0 * precision * recall / (precision + recall)
    } else {
        0.0
    }
}

fn sizes(of: &BTreeMap<u64, u64>) -> BTreeMap<u64, u64> {
    let mut sizes = BTreeMap::new();
    for size in of.values() {
        *sizes.entry(*size).or_default() += 1;
    }
    sizes
}

/// Compares (predicted cluster, true cluster) of every labelled record.
pub fn agreement(labels: &[(u64, u64)]) -> Agreement {
    let (mut predicted, mut truth) = (BTreeMap::<u64, u64>::new(), BTreeMap::<u64, u64>::new());
    let mut both = BTreeMap::<(u64, u64), u64>::new();
    for &(p, t) in labels {
        *predicted.entry(p).or_default() += 1;
        *truth.entry(t).or_default() += 1;
        *both.entry((p, t)).or_default() += 1;
    }
    let records = labels.len() as u64;
    let right: u64 = both.values().map(|&n| pairs(n)).sum();
    let pairs_predicted: u64 = predicted.values().map(|&n| pairs(n)).sum();
    let pairs_true: u64 = truth.values().map(|&n| pairs(n)).sum();
    let share = |part: u64, all: u64| if all == 0 { 1.0 } else { part as f64 / all as f64 };
    let (precision, recall) = (share(right, pairs_predicted), share(right, pairs_true));
    let mean = |size_of: &dyn Fn(&(u64, u64)) -> u64| {
        let sum: f64 = both
            .iter()
            .map(|(key, &n)| (n * n) as f64 / size_of(key) as f64)
            .sum();
        if records == 0 { 1.0 } else { sum / records as f64 }
    };
    let (b_precision, b_recall) = (mean(&|key| predicted[&key.0]), mean(&|key| truth[&key.1]));
    Agreement {
        records,
        records_missing: 0,
        records_unlabelled: 0,
        pairs_right: right,
        pairs_predicted,
        pairs_true,
        precision,
        recall,
        f1: f1(precision, recall),
        b_cubed_precision: b_precision,
        b_cubed_recall: b_recall,
        b_cubed_f1: f1(b_precision, b_recall),
        sizes_predicted: sizes(&predicted),
        sizes_true: sizes(&truth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_equal_those_counted_by_hand() {
        // Predicted {a b c} {d e}; true {a b} {c d e}.
        let found = agreement(&[(1, 1), (1, 1), (1, 2), (2, 2), (2, 2)]);
        assert_eq!(
            (found.pairs_right, found.pairs_predicted, found.pairs_true),
            (2, 4, 4)
        );
        assert!((found.f1 - 0.5).abs() < 1e-12);
        // B-cubed precision: (2/3 + 2/3 + 1/3 + 1 + 1) / 5.
        assert!((found.b_cubed_precision - 11.0 / 15.0).abs() < 1e-12);
        assert_eq!(found.sizes_predicted, BTreeMap::from([(2, 1), (3, 1)]));
    }
}
