//! Related customers: clusters that belong together without being one.

use crate::model::ComparisonVector;
use crate::table::Clusters;
use crate::table::ScoredPair;

/// Two customers that belong together without being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The pair that speaks for the two.
    pub pair: ScoredPair,
    /// `branch`, `sibling`, `group`.
    pub kind: &'static str,
}

/// Related customers among the pairs, ordered by (left, right): pairs of different clusters whose levels speak of a
/// relation; of every two clusters the heaviest.
pub fn relations<'a>(
    pairs: impl IntoIterator<Item = &'a ScoredPair>,
    clusters: &Clusters,
    relation_of: &dyn Fn(ComparisonVector) -> Option<&'static str>,
) -> Vec<Relation> {
    let mut relations: Vec<Relation> = pairs
        .into_iter()
        .filter(|pair| clusters.label(pair.left) != clusters.label(pair.right))
        .filter_map(|pair| relation_of(pair.vector).map(|kind| Relation { pair: *pair, kind }))
        .collect();
    let customers = |relation: &Relation| {
        let (a, b) = (
            clusters.label(relation.pair.left),
            clusters.label(relation.pair.right),
        );
        (a.min(b), a.max(b))
    };
    relations.sort_unstable_by_key(|relation| {
        let pair = relation.pair;
        (
            customers(relation),
            std::cmp::Reverse(pair.weight),
            pair.left,
            pair.right,
        )
    });
    relations.dedup_by_key(|relation| customers(relation));
    relations.sort_unstable_by_key(|relation| (relation.pair.left, relation.pair.right));
    relations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AgreementLevel;
    use crate::model::MatchWeight;
    use crate::model::RecordIndex;

    #[test]
    fn two_customers_have_one_relation_that_of_their_heaviest_pair() {
        let pair = |left: u32, right: u32, weight, level| ScoredPair {
            left: RecordIndex(left),
            right: RecordIndex(right),
            weight: MatchWeight(weight),
            vector: ComparisonVector::default().with(0, AgreementLevel(level)),
            rule: 0,
        };
        let pairs = [
            pair(0, 1, 9_000, 3),
            pair(0, 2, -4_000, 3),
            pair(1, 2, -2_000, 4),
            pair(2, 3, -9_000, 5),
        ];
        let clusters = Clusters::from_labels(&[0, 0, 2, 3]);
        let kind = |vector: ComparisonVector| match vector.level(0).0 {
            3 => Some("branch"),
            4 => Some("sibling"),
            _ => None,
        };
        let found = relations(&pairs, &clusters, &kind);
        let found: Vec<_> = found
            .iter()
            .map(|r| (r.pair.left.0, r.pair.right.0, r.kind))
            .collect();
        assert_eq!(found, [(1, 2, "sibling")]);
    }
}
