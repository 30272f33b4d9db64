//! Related customers: clusters that belong together without being one.

use crate::model::ComparisonVector;
use crate::table::Clusters;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;

/// Two customers that belong together without being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The pair.
    pub pair: ScoredPair,
    /// `branch`, `sibling`, `group`.
    pub kind: &'static str,
}

/// Related customers among the pairs, ordered by (left, right): pairs of different clusters whose levels speak of a
/// relation, the heaviest of every two clusters and kind.
pub fn relations(
    pairs: &ScoredPairs,
    clusters: &Clusters,
    relation_of: &dyn Fn(ComparisonVector) -> Option<&'static str>,
) -> Vec<Relation> {
    let apart = pairs
        .pairs
        .iter()
        .filter(|pair| clusters.label(pair.left) != clusters.label(pair.right));
    let mut relations: Vec<Relation> = apart
        .filter_map(|pair| relation_of(pair.vector).map(|kind| Relation { pair: *pair, kind }))
        .collect();
    let of = |relation: &Relation| {
        let (a, b) = (
            clusters.label(relation.pair.left),
            clusters.label(relation.pair.right),
        );
        (a.min(b), a.max(b), relation.kind)
    };
    relations.sort_unstable_by_key(|relation| {
        let pair = relation.pair;
        (
            of(relation),
            std::cmp::Reverse(pair.weight),
            pair.left,
            pair.right,
        )
    });
    relations.dedup_by_key(|relation| of(relation));
    relations.sort_unstable_by_key(|relation| (relation.pair.left, relation.pair.right));
    relations
}
