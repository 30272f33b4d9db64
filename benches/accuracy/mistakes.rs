//! Every pair that went wrong, and the step at which it did.

use crate::measure::Pairs;
use guiyi::model::RecordIndex;
use guiyi::model::UnifiedId;
use guiyi::pipeline::Matching;
use guiyi::score::Model;
use guiyi::score::Weights;
use guiyi::table::RawRecords;
use guiyi::table::StandardRecords;
use std::collections::BTreeMap;
use std::collections::HashSet;

/// What is looked at.
pub(super) struct Mistakes<'a> {
    pub(super) records: &'a RawRecords,
    pub(super) standard: &'a StandardRecords,
    pub(super) matching: &'a Matching<'a>,
    pub(super) model: &'a Model,
    /// Thousandths of a bit.
    pub(super) cut: i32,
    pub(super) ids: &'a [UnifiedId],
    pub(super) cluster_of: &'a [Option<u32>],
    /// Pairs of each kind to show on stderr.
    pub(super) shown: usize,
}

impl Mistakes<'_> {
    /// Counts the pairs by where they went, and shows some.
    pub(super) fn count(&self) -> Pairs {
        let blocked = self.true_candidates();
        let weights = self.matching.weights(self.model);
        let mut pairs = Pairs {
            blocked: blocked.len() as u64,
            ..Pairs::default()
        };
        let mut samples: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
        let labelled = |at: &usize| self.cluster_of[*at].is_some();
        for_pairs(
            (0..self.ids.len()).filter(labelled),
            |at| self.cluster_of[at],
            |left, right| {
                if self.ids[left as usize] == self.ids[right as usize] {
                    return;
                }
                let (weight, is_conflict) = self.weigh(&weights, left, right);
                let (kind, counter) = match (blocked.contains(&(left, right)), weight >= self.cut) {
                    (false, false) => (
                        "missed, not a candidate, below the cut",
                        &mut pairs.unblocked_weak,
                    ),
                    (false, true) => (
                        "missed, not a candidate, above the cut",
                        &mut pairs.unblocked_strong,
                    ),
                    (true, false) => ("missed, candidate below the cut", &mut pairs.below),
                    (true, true) if is_conflict => ("missed, conflict", &mut pairs.conflict),
                    (true, true) => ("missed, clusters stayed apart", &mut pairs.apart),
                };
                *counter += 1;
                samples.entry(kind).or_default().push((left, right));
            },
        );
        for_pairs(
            (0..self.ids.len()).filter(labelled),
            |at| self.ids[at],
            |left, right| {
                if self.cluster_of[left as usize] == self.cluster_of[right as usize] {
                    return;
                }
                let (kind, counter) = if self.weigh(&weights, left, right).0 >= self.cut {
                    ("false, above the cut", &mut pairs.false_strong)
                } else {
                    ("false, below the cut", &mut pairs.false_weak)
                };
                *counter += 1;
                samples.entry(kind).or_default().push((left, right));
            },
        );
        self.show(&weights, &samples);
        pairs
    }

    /// Candidate pairs of one true cluster, `left < right`.
    fn true_candidates(&self) -> HashSet<(u32, u32)> {
        let mut found = HashSet::new();
        let records = self.ids.len() as u32;
        for start in (0..records).step_by(4_096) {
            let batch = self
                .matching
                .blocks()
                .candidates(start..records.min(start + 4_096));
            for (left, right) in batch.left.iter().zip(&batch.right) {
                let cluster = self.cluster_of[left.at()];
                if cluster.is_some() && cluster == self.cluster_of[right.at()] {
                    found.insert((left.0, right.0));
                }
            }
        }
        found
    }

    fn weigh(&self, weights: &Weights, left: u32, right: u32) -> (i32, bool) {
        let (left, right) = (RecordIndex(left), RecordIndex(right));
        let comparisons = self.matching.comparisons();
        let vector = comparisons.vector(left, right);
        let weight = weights.weight(left, right, vector).0;
        (weight, comparisons.claim(vector).parts())
    }

    /// Evenly drawn pairs of every kind with the fields in which they hold anything.
    fn show(&self, weights: &Weights, samples: &BTreeMap<&str, Vec<(u32, u32)>>) {
        for (kind, pairs) in samples.iter().filter(|_| self.shown > 0) {
            eprintln!("== {kind}: {} pairs", pairs.len());
            for &(left, right) in pairs.iter().step_by(pairs.len().div_ceil(self.shown)) {
                let (weight, _) = self.weigh(weights, left, right);
                eprintln!("  {:.1} bits", f64::from(weight) / 1_000.0);
                for record in [left, right].map(RecordIndex) {
                    let cells = self.standard.columns().iter().filter_map(|column| {
                        let raw = column.raw_of(record);
                        (!raw.is_empty()).then(|| format!("{}={raw}", column.field.as_str()))
                    });
                    let key = (&self.records.source(record).name, self.records.key(record));
                    eprintln!(
                        "    {}/{} {}",
                        key.0,
                        key.1,
                        cells.collect::<Vec<_>>().join(" | ")
                    );
                }
            }
        }
    }
}

/// Calls `each` with every pair of records of one group, `left < right`, in the order of the groups.
fn for_pairs<G: Ord>(
    records: impl Iterator<Item = usize>,
    group_of: impl Fn(usize) -> G,
    mut each: impl FnMut(u32, u32),
) {
    let mut ordered: Vec<(G, u32)> = records.map(|at| (group_of(at), at as u32)).collect();
    ordered.sort_unstable();
    for group in ordered.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, left)) in group.iter().enumerate() {
            group[at + 1..].iter().for_each(|(_, right)| each(*left, *right));
        }
    }
}
