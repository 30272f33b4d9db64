//! Cluster: which records are one customer, judged as wholes.
//!
//! In: scored pairs, a judge that can weigh any pair, and a steward's links ([`Evidence`]). Out: [`Clustering`], the
//! questions to a steward ([`review`]) and related customers ([`relations`]). Method: components of the pairs at or above
//! the cut, then average-link agglomeration inside each component with every missing pair weighed on demand, so that pairs
//! which blocking did not make neither veto nor vanish. Conflicts (two valid, different identifiers, another branch) and a
//! steward's word hold between whole clusters. A pair at or above the cut must exist for two clusters to average above it,
//! so working by components loses nothing. The merges below the cut are the review band. IDs are given by `identify`.

mod agglomerate;
mod components;
mod expected;
mod history;
mod links;
mod relations;
mod review;
mod standing;

#[cfg(test)]
mod properties;
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

pub use expected::Expected;
pub use links::Links;
pub use relations::Relation;
pub use relations::relations;
pub use review::Doubt;
pub use review::DoubtfulPair;
pub use review::Review;
pub use review::review;
pub use standing::Policy;
pub use standing::Standing;

use crate::model::Claim;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::Clusters;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use agglomerate::Linkage;
use components::Components;
use rayon::prelude::*;

/// Limits of clustering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Average weight at which two clusters become one.
    pub cut: MatchWeight,
    /// Reach of the review below the cut.
    pub band: MatchWeight,
    /// Weight beyond which a pair speaks no louder, either way; keeps one exact copy from carrying a stranger in.
    pub weight_max: MatchWeight,
    /// Components above this size are parted at their lightest pairs; all their pairs would cost too much.
    pub component_size_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cut: MatchWeight(0),
            band: MatchWeight(6_000),
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
    /// What it says beyond its weight.
    pub claim: Claim,
}

/// Weighs any pair, also pairs that blocking did not make; symmetric and pure.
pub type Judge<'a> = dyn Fn(RecordIndex, RecordIndex) -> Judgement + Sync + 'a;

/// What clustering goes by. Weights and vectors of `pairs` must be those that `judge` would find.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// Pairs at or above the floor, each once.
    pub pairs: &'a ScoredPairs,
    /// Weighs the pairs that are not among them.
    pub judge: &'a Judge<'a>,
    /// What a vector says beyond its weight.
    pub claim: &'a (dyn Fn(ComparisonVector) -> Claim + Sync + 'a),
    /// A steward's word.
    pub links: &'a Links,
    /// What stood last night.
    pub standing: &'a Standing,
}

/// The clusters, and what is known of the way to them.
#[derive(Debug, Clone, Default)]
pub struct Clustering {
    /// The partition.
    pub clusters: Clusters,
    /// Components that were larger than the limit and were parted.
    pub components_parted: u64,
    /// Records of the largest component.
    pub component_size_max: u64,
    /// What the weights promise of the partition.
    pub expected: Expected,
    /// Must-links that a conflict or another word kept apart, ascending.
    pub links_refused: Vec<(RecordIndex, RecordIndex)>,
    /// Of every cluster that is held together by little, the merge that came last; by its smaller record.
    weakest: Vec<Link>,
}

/// A merge, or a merge that was refused: two groups of records and what lies between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    left: RecordIndex,
    right: RecordIndex,
    /// Weight of the strongest pair, which is `left` and `right`.
    weight: MatchWeight,
    /// Average over all pairs, rounded down.
    average: MatchWeight,
    /// Pairs between the two groups.
    pairs: u64,
    /// Is it the only pair at or above the cut, of several?
    is_bridge: bool,
}

impl Evidence<'_> {
    /// Weight at which a pair is heard: its own, and what its past gives it or asks for.
    fn heard(&self, pair: &ScoredPair) -> MatchWeight {
        pair.weight + self.standing.bits(pair.left, pair.right)
    }

    /// What a pair says beyond its weight, its past and a steward's word included.
    fn claim_of(&self, pair: &ScoredPair) -> Claim {
        if self.standing.parts(pair.left, pair.right) || self.links.parts(pair.left, pair.right) {
            Claim::Conflict
        } else {
            (self.claim)(pair.vector)
        }
    }
}

/// Components that one thread takes at a time; most have two or three records.
const COMPONENTS_PER_TASK: usize = 512;

/// Parts `records` records into clusters.
///
/// The result does not depend on the order of the pairs or the number of threads.
pub fn cluster(settings: &Settings, records: usize, evidence: &Evidence) -> Clustering {
    let components = Components::new(settings, records, evidence);
    let parts: Vec<Part> = (0..components.len().div_ceil(COMPONENTS_PER_TASK))
        .into_par_iter()
        .map(|task| {
            let start = task * COMPONENTS_PER_TASK;
            let end = components.len().min(start + COMPONENTS_PER_TASK);
            Part::of(settings, evidence, &components, start..end)
        })
        .collect();
    let mut labels: Vec<u32> = (0..records as u32).collect();
    let mut clustering = Clustering {
        components_parted: components.parted,
        component_size_max: components.size_max,
        ..Clustering::default()
    };
    for part in parts {
        for (record, label) in part.labels {
            labels[record.at()] = label.0;
        }
        clustering.expected.merge(&part.expected);
        clustering.weakest.extend(part.weakest);
    }
    clustering.clusters = Clusters::from_labels(&labels);
    let clusters = &clustering.clusters;
    clustering
        .expected
        .merge(&Expected::of_pairs_apart(evidence, clusters));
    clustering.links_refused = evidence.links.refused(clusters);
    clustering
}

/// What some components came to.
#[derive(Default)]
struct Part {
    labels: Vec<(RecordIndex, RecordIndex)>,
    weakest: Vec<Link>,
    expected: Expected,
}

impl Part {
    fn of(
        settings: &Settings,
        evidence: &Evidence,
        components: &Components,
        range: std::ops::Range<usize>,
    ) -> Self {
        let mut part = Self::default();
        let mut linkage = Linkage::new(settings, evidence);
        for component in range {
            let (members, pairs) = (components.members(component), components.pairs(component));
            linkage.agglomerate(members, pairs, &mut part);
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn claim(is_conflict: bool) -> Claim {
        if is_conflict {
            Claim::Conflict
        } else {
            Claim::Nothing
        }
    }

    fn groups(clusters: &Clusters) -> Vec<Vec<u32>> {
        let groups = clusters.groups();
        groups.iter().map(|g| g.iter().map(|r| r.0).collect()).collect()
    }

    /// Clusters six records by `edges`; pairs that are not listed weigh `-5` bits and `conflicts` are never one customer.
    /// Returns the clusters and the review as (left, right, doubt).
    fn run(
        settings: &Settings,
        edges: &[(u32, u32, i32)],
        conflicts: &[(u32, u32)],
        links: &Links,
    ) -> (Clustering, Vec<(u32, u32, Doubt)>) {
        let judge = |left: RecordIndex, right: RecordIndex| {
            let key = (left.0.min(right.0), left.0.max(right.0));
            let weight = edges.iter().find(|e| (e.0, e.1) == key).map_or(-5_000, |e| e.2);
            Judgement {
                weight: MatchWeight(weight),
                claim: claim(conflicts.contains(&key)),
            }
        };
        let mut pairs = pairs(edges);
        for pair in &mut pairs.pairs {
            if conflicts.contains(&(pair.left.0, pair.right.0)) {
                pair.vector = pair.vector.with(0, crate::model::AgreementLevel(1));
            }
        }
        let evidence = Evidence {
            pairs: &pairs,
            judge: &judge,
            claim: &|vector| claim(vector.level(0).0 == 1),
            links,
            standing: &Standing::default(),
        };
        let clustering = cluster(settings, 6, &evidence);
        let review = review(settings, &clustering, &evidence);
        let items = review.items.iter();
        let items = items
            .map(|item| (item.left.0, item.right.0, item.doubt))
            .collect();
        (clustering, items)
    }

    fn check(edges: &[(u32, u32, i32)], conflicts: &[(u32, u32)], expected: &[&[u32]]) {
        for order in [edges.to_vec(), edges.iter().rev().copied().collect()] {
            let (clustering, _) = run(&Settings::default(), &order, conflicts, &Links::default());
            assert_eq!(groups(&clustering.clusters), expected);
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

    #[test]
    fn every_refused_merge_of_the_band_is_one_question() {
        let edges = [
            (0, 1, 9_000),
            (0, 2, -1_000),
            (1, 2, -3_000),
            (3, 4, 2_500),
            (2, 5, 1_000),
        ];
        let (clustering, items) = run(&Settings::default(), &edges, &[(2, 5)], &Links::default());
        assert_eq!(
            groups(&clustering.clusters),
            [vec![0, 1], vec![2], vec![3, 4], vec![5]]
        );
        // Two pairs hang on the one answer, one on the other.
        assert_eq!(items, [(0, 2, Doubt::Near), (2, 5, Doubt::Conflict)]);
        // A second pair of clusters that a closer question already joins is not asked for.
        let edges = [(0, 1, -1_000), (1, 2, -2_000), (0, 2, -3_000)];
        let (_, items) = run(&Settings::default(), &edges, &[], &Links::default());
        assert_eq!(items, [(0, 1, Doubt::Near), (1, 2, Doubt::Near)]);
    }

    #[test]
    fn a_pair_that_alone_holds_a_cluster_together_is_asked() {
        let edges = [(0, 1, 9_000), (1, 2, 8_000), (0, 2, -1_000), (3, 4, 1_000)];
        let (clustering, items) = run(&Settings::default(), &edges, &[], &Links::default());
        assert_eq!(groups(&clustering.clusters), [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(items, [(3, 4, Doubt::Weak), (1, 2, Doubt::Bridge)]);
    }

    #[test]
    fn s24_the_answer_on_which_most_hangs_comes_first() {
        // Two and two by one pair, against a pair that is nearer to the cut.
        let edges = [
            (0, 1, 9_000),
            (2, 3, 9_000),
            (1, 2, 8_000),
            (0, 2, -1_000),
            (0, 3, -1_000),
            (1, 3, -2_000),
            (4, 5, 900),
        ];
        let (_, items) = run(&Settings::default(), &edges, &[], &Links::default());
        assert_eq!(items, [(1, 2, Doubt::Bridge), (4, 5, Doubt::Weak)]);
    }

    #[test]
    fn a_steward_joins_and_parts_but_never_against_a_conflict() {
        let edges = [(0, 1, 9_000), (2, 3, 9_000), (4, 5, -4_000)];
        let record = |(a, b): (u32, u32)| (RecordIndex(a), RecordIndex(b));
        let links = Links::new([(4, 5), (3, 1)].map(record), [(1, 0)].map(record));
        let (clustering, items) = run(&Settings::default(), &edges, &[(1, 3)], &links);
        assert_eq!(
            groups(&clustering.clusters),
            [vec![0], vec![1], vec![2, 3], vec![4, 5]]
        );
        assert_eq!(clustering.links_refused, [record((1, 3))]);
        assert_eq!(items, []);
    }

    #[test]
    fn an_oversized_component_is_parted_at_its_lightest_pairs_and_reported() {
        let settings = Settings {
            component_size_max: 3,
            ..Settings::default()
        };
        let mut edges = Vec::new();
        for left in 0..6 {
            for right in left + 1..6 {
                let weight = if (left < 3) == (right < 3) { 60_000 } else { 50_000 };
                edges.push((left, right, weight));
            }
        }
        let (clustering, _) = run(&settings, &edges, &[], &Links::default());
        assert_eq!(groups(&clustering.clusters), [vec![0, 1, 2], vec![3, 4, 5]]);
        assert_eq!(
            (clustering.components_parted, clustering.component_size_max),
            (1, 6)
        );
    }

    #[test]
    fn the_expected_precision_is_that_of_the_merged_pairs() {
        let (clustering, _) = run(
            &Settings::default(),
            &[(0, 1, 1_000), (2, 3, -1_000)],
            &[],
            &Links::default(),
        );
        let (two_thirds, a_third) = (2.0 / 3.0, 1.0 / 3.0);
        let expected = clustering.expected;
        assert!((expected.precision().expect("a merge") - two_thirds).abs() < 1e-6);
        assert!((expected.recall().expect("a merge") - two_thirds / (two_thirds + a_third)).abs() < 1e-6);
    }
}
