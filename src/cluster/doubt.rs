//! Pairs to show a steward, and pairs that are related customers rather than one.

use crate::cluster::Judge;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::table::Clusters;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;

/// Why a pair is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// At or above the cut, yet a hard conflict keeps the two apart.
    Conflict,
    /// At or above the cut, yet the clusters as wholes stay apart.
    Apart,
    /// One cluster, although this pair alone is below the cut and nothing but it would hold the two together.
    Weak,
    /// Just below the cut.
    Near,
}

impl Doubt {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Apart => "apart",
            Self::Weak => "weak",
            Self::Near => "near",
        }
    }
}

/// One question to a steward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtfulPair {
    /// The pair.
    pub pair: ScoredPair,
    /// Why it is asked.
    pub doubt: Doubt,
}

/// Two customers that belong together without being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The pair.
    pub pair: ScoredPair,
    /// `branch`, `sibling`, `group`.
    pub kind: &'static str,
}

/// Doubtful pairs within `band` of the cut, nearest to the cut first, then by records; one per pair of clusters.
pub fn doubtful_pairs(
    cut: MatchWeight,
    band: MatchWeight,
    pairs: &ScoredPairs,
    clusters: &Clusters,
    judge: &Judge,
) -> Vec<DoubtfulPair> {
    let mut doubtful: Vec<DoubtfulPair> = pairs
        .pairs
        .iter()
        .filter_map(|pair| {
            let is_one = clusters.label(pair.left) == clusters.label(pair.right);
            let doubt = match (is_one, pair.weight >= cut) {
                (true, true) => None,
                (true, false) => (pair.weight + band >= cut).then_some(Doubt::Weak),
                (false, true) if judge(pair.left, pair.right).is_conflict => Some(Doubt::Conflict),
                (false, true) => Some(Doubt::Apart),
                (false, false) => (pair.weight + band >= cut).then_some(Doubt::Near),
            };
            doubt.map(|doubt| DoubtfulPair { pair: *pair, doubt })
        })
        .collect();
    let clusters_of = |item: &DoubtfulPair| {
        let (a, b) = (clusters.label(item.pair.left), clusters.label(item.pair.right));
        (a.min(b), a.max(b))
    };
    let distance = |item: &DoubtfulPair| (item.pair.weight.0 - cut.0).unsigned_abs();
    doubtful
        .sort_unstable_by_key(|item| (clusters_of(item), distance(item), item.pair.left, item.pair.right));
    doubtful.dedup_by_key(|item| clusters_of(item));
    doubtful.sort_unstable_by_key(|item| (distance(item), item.pair.left, item.pair.right));
    doubtful
}

/// Related customers among the pairs, ordered by (left, right): pairs of different clusters whose levels speak of a relation.
pub fn relations(
    pairs: &ScoredPairs,
    clusters: &Clusters,
    relation_of: &dyn Fn(ComparisonVector) -> Option<&'static str>,
) -> Vec<Relation> {
    let apart = pairs
        .pairs
        .iter()
        .filter(|pair| clusters.label(pair.left) != clusters.label(pair.right));
    apart
        .filter_map(|pair| relation_of(pair.vector).map(|kind| Relation { pair: *pair, kind }))
        .collect()
}
