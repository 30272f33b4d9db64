//! Cluster: which records are one customer, judged as wholes.
//!
//! In: scored pairs and a judge that can weigh any pair. Out: [`Clusters`] and the doubtful pairs. Method: components of
//! the pairs at or above the cut, then average-link agglomeration inside each component with every missing pair weighed
//! on demand, so that pairs which blocking did not make neither veto nor vanish. Conflicts (two valid, different
//! identifiers, another branch) hold between whole clusters. A pair at or above the cut must exist for two clusters to
//! average above it, so working by components loses nothing. IDs are given by `identify`.

mod agglomerate;
mod components;
mod doubt;
mod history;

pub use doubt::Doubt;
pub use doubt::DoubtfulPair;
pub use doubt::Relation;
pub use doubt::doubtful_pairs;
pub use doubt::relations;
pub use history::Between;
pub use history::Constraint;
pub use history::HeldBack;
pub use history::Merge;
pub use history::WeighedPair;
pub use history::between;
pub use history::constraint;
pub use history::held_back;
pub use history::history;
pub use history::weakest_links;

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::Clusters;
use crate::table::ScoredPairs;
use rayon::prelude::*;

/// Limits of clustering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Average weight at which two clusters become one.
    pub cut: MatchWeight,
    /// Weight beyond which a pair speaks no louder, either way; keeps one exact copy from carrying a stranger in.
    pub weight_max: MatchWeight,
    /// Components above this size are first parted at higher cuts; all their pairs would cost too much.
    pub component_size_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cut: MatchWeight(0),
            weight_max: MatchWeight(15_000),
            component_size_max: 400,
        }
    }
}

/// What a judge says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Weight of the pair.
    pub weight: MatchWeight,
    /// May the two never be one customer?
    pub is_conflict: bool,
}

/// Weighs any pair, also pairs that blocking did not make; symmetric and pure.
pub type Judge<'a> = dyn Fn(RecordIndex, RecordIndex) -> Judgement + Sync + 'a;

/// The clusters, and what could not be judged as a whole.
#[derive(Debug, Clone, Default)]
pub struct Clustering {
    /// The partition.
    pub clusters: Clusters,
    /// Components that were larger than the limit and were parted at higher cuts.
    pub components_parted: u64,
    /// Records of the largest component.
    pub component_size_max: u64,
}

/// Parts `records` records into clusters.
///
/// The result does not depend on the order of the pairs or the number of threads.
pub fn cluster(settings: &Settings, records: usize, pairs: &ScoredPairs, judge: &Judge) -> Clustering {
    let edges: Vec<components::Edge> = pairs
        .pairs
        .iter()
        .filter(|pair| pair.weight >= settings.cut)
        .map(|p| (p.left, p.right, p.weight))
        .collect();
    let components = components::components(settings, records, &edges);
    let groups: Vec<Vec<Vec<RecordIndex>>> = components
        .groups
        .par_iter()
        .map(|members| agglomerate::agglomerate(settings, members, judge))
        .collect();
    let mut labels: Vec<u32> = (0..records as u32).collect();
    for cluster in groups.iter().flatten() {
        for record in cluster {
            labels[record.at()] = cluster[0].0;
        }
    }
    Clustering {
        clusters: Clusters::from_labels(&labels),
        components_parted: components.parted,
        component_size_max: components.size_max,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ComparisonVector;
    use crate::table::ScoredPair;

    fn pairs(edges: &[(u32, u32, i32)]) -> ScoredPairs {
        let pair = |&(left, right, weight): &(u32, u32, i32)| ScoredPair {
            left: RecordIndex(left),
            right: RecordIndex(right),
            weight: MatchWeight(weight),
            vector: ComparisonVector::default(),
            rule: 0,
        };
        ScoredPairs {
            pairs: edges.iter().map(pair).collect(),
        }
    }

    /// Clusters of `edges`; pairs that are not listed weigh `-5` bits; `conflicts` are never one customer.
    fn check(edges: &[(u32, u32, i32)], conflicts: &[(u32, u32)], expected: &[&[u32]]) {
        let judge = |left: RecordIndex, right: RecordIndex| {
            let key = (left.0.min(right.0), left.0.max(right.0));
            let weight = edges.iter().find(|e| (e.0, e.1) == key).map_or(-5_000, |e| e.2);
            Judgement {
                weight: MatchWeight(weight),
                is_conflict: conflicts.contains(&key),
            }
        };
        let records = 6;
        for order in [edges.to_vec(), edges.iter().rev().copied().collect()] {
            let clustering = cluster(&Settings::default(), records, &pairs(&order), &judge);
            let groups: Vec<Vec<u32>> = clustering
                .clusters
                .groups()
                .iter()
                .map(|g| g.iter().map(|r| r.0).collect())
                .collect();
            assert_eq!(groups, expected);
        }
    }

    #[test]
    fn a_weak_bridge_does_not_join_two_dense_groups() {
        let edges = [
            (0, 1, 9_000),
            (0, 2, 9_000),
            (1, 2, 9_000),
            (3, 4, 9_000),
            (2, 3, 1_000),
        ];
        check(&edges, &[], &[&[0, 1, 2], &[3, 4], &[5]]);
    }

    #[test]
    fn a_conflict_holds_across_the_cluster() {
        let edges = [(0, 1, 9_000), (1, 2, 8_000), (0, 2, 7_000)];
        check(&edges, &[(0, 2)], &[&[0, 1], &[2], &[3], &[4], &[5]]);
    }

    #[test]
    fn missing_pairs_are_weighed_and_not_taken_for_agreement() {
        check(
            &[(0, 1, 6_000), (1, 2, 4_000)],
            &[],
            &[&[0, 1], &[2], &[3], &[4], &[5]],
        );
    }
}
