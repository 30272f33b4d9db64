//! How a cluster grew, what kept others out of it, and which links of a run are the weakest: for people who ask.
//!
//! In: the members of a cluster and the judge of their pairs. Out: the merges of average link in their order, what lies
//! between any two groups of records, and the pairs by which whole clusters hang together. Merges inside one cluster do not
//! depend on the records around it (average link is reducible: Bruynooghe 1978), so a cluster is told by its members alone.
//! The agglomeration here adds every pair anew at every step: slow and plain; a test holds it to that of [`cluster`].
//!
//! [`cluster`]: super::cluster

use crate::cluster::Judge;
use crate::cluster::Judgement;
use crate::cluster::Settings;
use crate::model::Claim;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::Clusters;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One pair of records and its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighedPair {
    /// Smaller index of the two groups' pairs comes from the left group.
    pub left: RecordIndex,
    /// Record of the right group.
    pub right: RecordIndex,
    /// Weight of the pair.
    pub weight: MatchWeight,
}

/// What lies between two groups of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// Pairs: the product of the two sizes.
    pub pairs: u64,
    /// Pairs at or above the cut.
    pub pairs_at_cut: u64,
    /// Average weight, pairs that speak louder than the limit taken at the limit.
    pub average: MatchWeight,
    /// Heaviest pair; the first of equal ones.
    pub strongest: WeighedPair,
    /// Lightest pair; the first of equal ones.
    pub weakest: WeighedPair,
    /// What the pairs say beyond their weights.
    pub claim: Claim,
    /// The pairs that keep the two apart; none where nothing does.
    pub conflicts: Vec<WeighedPair>,
}

/// One step of the agglomeration: two groups that became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Records of the group with the smaller first record, ascending.
    pub left: Vec<RecordIndex>,
    /// Records of the other group, ascending.
    pub right: Vec<RecordIndex>,
    /// What joined them.
    pub between: Between,
}

impl Merge {
    /// The only pair at or above the cut between two groups that have more pairs than it.
    pub fn bridge(&self) -> Option<WeighedPair> {
        (self.between.pairs > 1 && self.between.pairs_at_cut == 1).then_some(self.between.strongest)
    }
}

/// Why two clusters with a pair at or above the cut are not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// Some of their records may never be one customer.
    Conflict,
    /// All pairs together weigh less than the cut.
    Average,
    /// The records around them were too many to be judged as a whole.
    Size,
}

impl Constraint {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Average => "average",
            Self::Size => "size",
        }
    }
}

/// Another cluster that was kept apart although a pair reaches the cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBack {
    /// Its records, ascending.
    pub members: Vec<RecordIndex>,
    /// What lies between.
    pub between: Between,
    /// What keeps the two apart.
    pub constraint: Constraint,
}

/// What lies between `left` and `right`; `None` when one of them is empty.
pub fn between(
    settings: &Settings,
    left: &[RecordIndex],
    right: &[RecordIndex],
    judge: &Judge,
) -> Option<Between> {
    let pairs = left.iter().flat_map(|&a| right.iter().map(move |&b| (a, b)));
    sum(settings, pairs.map(|(a, b)| (a, b, judge(a, b))))
}

fn sum(
    settings: &Settings,
    pairs: impl Iterator<Item = (RecordIndex, RecordIndex, Judgement)>,
) -> Option<Between> {
    let limit = settings.weight_max.0;
    let mut total = 0i64;
    let mut found: Option<Between> = None;
    for (left, right, judgement) in pairs {
        let pair = WeighedPair {
            left,
            right,
            weight: judgement.weight,
        };
        let sum = found.get_or_insert(Between {
            pairs: 0,
            pairs_at_cut: 0,
            average: MatchWeight::ZERO,
            strongest: pair,
            weakest: pair,
            claim: Claim::Nothing,
            conflicts: Vec::new(),
        });
        sum.pairs += 1;
        sum.pairs_at_cut += u64::from(pair.weight >= settings.cut);
        if pair.weight > sum.strongest.weight {
            sum.strongest = pair;
        }
        if pair.weight < sum.weakest.weight {
            sum.weakest = pair;
        }
        if judgement.claim > sum.claim {
            sum.claim = judgement.claim;
            sum.conflicts.clear();
        }
        if judgement.claim == sum.claim && sum.claim.parts() {
            sum.conflicts.push(pair);
        }
        total += i64::from(pair.weight.0.clamp(-limit, limit));
    }
    let mut found = found?;
    found.average = MatchWeight(total.div_euclid(found.pairs as i64) as i32);
    Some(found)
}

/// Clusters of positions with the weights of all pairs.
struct Growth {
    members: Vec<RecordIndex>,
    /// Judgement of positions a and b at `a * n + b`.
    judgements: Vec<Judgement>,
    limit: i32,
    /// Positions of each cluster, ascending; clusters by their first position.
    clusters: Vec<Vec<usize>>,
}

impl Growth {
    fn new(settings: &Settings, members: &[RecordIndex], judge: &Judge) -> Self {
        let n = members.len();
        let itself = Judgement {
            weight: MatchWeight::ZERO,
            claim: Claim::Nothing,
        };
        let mut judgements = vec![itself; n * n];
        for a in 0..n {
            for b in a + 1..n {
                let judgement = judge(members[a], members[b]);
                judgements[a * n + b] = judgement;
                judgements[b * n + a] = judgement;
            }
        }
        Self {
            members: members.to_vec(),
            judgements,
            limit: settings.weight_max.0,
            clusters: (0..n).map(|at| vec![at]).collect(),
        }
    }

    fn pairs(&self, a: usize, b: usize) -> impl Iterator<Item = (usize, usize, Judgement)> + '_ {
        let n = self.members.len();
        self.clusters[a].iter().flat_map(move |&left| {
            let rights = self.clusters[b].iter();
            rights.map(move |&right| (left, right, self.judgements[left * n + right]))
        })
    }

    /// The two clusters with the highest average at or above the cut; the first of equal ones.
    fn best(&self, cut: MatchWeight) -> Option<(usize, usize)> {
        let mut best: Option<(i128, i128, usize, usize)> = None;
        for a in 0..self.clusters.len() {
            for b in a + 1..self.clusters.len() {
                let (mut sum, mut claim) = (0i128, Claim::Nothing);
                for (_, _, judgement) in self.pairs(a, b) {
                    sum += i128::from(judgement.weight.0.clamp(-self.limit, self.limit));
                    claim = claim.max(judgement.claim);
                }
                let pairs = (self.clusters[a].len() * self.clusters[b].len()) as i128;
                if claim.parts() || sum < i128::from(cut.0) * pairs {
                    continue;
                }
                // sum / pairs > best sum / best pairs, exactly.
                if best.is_none_or(|(most, of, ..)| sum * of > most * pairs) {
                    best = Some((sum, pairs, a, b));
                }
            }
        }
        best.map(|(_, _, a, b)| (a, b))
    }

    fn records(&self, cluster: usize) -> Vec<RecordIndex> {
        self.clusters[cluster]
            .iter()
            .map(|&at| self.members[at])
            .collect()
    }

    fn merge(&mut self, settings: &Settings, a: usize, b: usize) -> Option<Merge> {
        let pairs = self
            .pairs(a, b)
            .map(|(left, right, judgement)| (self.members[left], self.members[right], judgement));
        let between = sum(settings, pairs)?;
        let (left, right) = (self.records(a), self.records(b));
        let taken = self.clusters.remove(b);
        self.clusters[a].extend(taken);
        self.clusters[a].sort_unstable();
        Some(Merge { left, right, between })
    }
}

/// The merges that made one cluster of `members`, which ascend, in their order; one fewer than members.
///
/// Fewer when `members` are no cluster of these settings: then the merges are those that average link would make.
pub fn history(settings: &Settings, members: &[RecordIndex], judge: &Judge) -> Vec<Merge> {
    let mut growth = Growth::new(settings, members, judge);
    let mut merges = Vec::with_capacity(members.len());
    while let Some((a, b)) = growth.best(settings.cut) {
        merges.extend(growth.merge(settings, a, b));
    }
    merges
}

/// The clusters that were kept apart from that of `record` although a pair reaches the cut, most similar first.
pub fn held_back(
    settings: &Settings,
    pairs: &ScoredPairs,
    clusters: &Clusters,
    record: RecordIndex,
    judge: &Judge,
) -> Vec<HeldBack> {
    let own = clusters.label(record);
    let mut members: BTreeMap<RecordIndex, Vec<RecordIndex>> = BTreeMap::new();
    for pair in pairs.pairs.iter().filter(|pair| pair.weight >= settings.cut) {
        let (left, right) = (clusters.label(pair.left), clusters.label(pair.right));
        if left != right && (left == own || right == own) {
            members.insert(if left == own { right } else { left }, Vec::new());
        }
    }
    let mut of_own = Vec::new();
    for at in (0..clusters.len() as u32).map(RecordIndex) {
        let label = clusters.label(at);
        if label == own {
            of_own.push(at);
        } else if let Some(members) = members.get_mut(&label) {
            members.push(at);
        }
    }
    let mut held: Vec<HeldBack> = members
        .into_values()
        .filter_map(|members| {
            let between = between(settings, &of_own, &members, judge)?;
            let constraint = constraint(settings, &between);
            Some(HeldBack {
                members,
                between,
                constraint,
            })
        })
        .collect();
    held.sort_by_key(|held| (Reverse(held.between.average), held.members[0]));
    held
}

/// What keeps two clusters apart between which this lies.
pub fn constraint(settings: &Settings, between: &Between) -> Constraint {
    if !between.conflicts.is_empty() {
        Constraint::Conflict
    } else if between.average < settings.cut {
        Constraint::Average
    } else {
        Constraint::Size
    }
}

/// The `count` clusters that hang together by the least, each as the heaviest pair that holds its two parts together;
/// lightest first, then by records.
///
/// For a cluster of two it is their pair, for larger ones the lightest pair of a maximum spanning tree (Gower and Ross 1969).
/// Pairs far above the cut are only joined, not sorted, so that the cost is linear in the pairs.
pub fn weakest_links(
    pairs: &ScoredPairs,
    clusters: &Clusters,
    cut: MatchWeight,
    count: usize,
) -> Vec<ScoredPair> {
    let inner = |pair: &&ScoredPair| clusters.label(pair.left) == clusters.label(pair.right);
    let heaviest = pairs.pairs.iter().map(|pair| pair.weight).max().unwrap_or(cut);
    let mut margin = MatchWeight(2_000);
    loop {
        let limit = cut + margin;
        let mut roots = Roots::new(clusters.len());
        for pair in pairs
            .pairs
            .iter()
            .filter(|pair| pair.weight >= limit)
            .filter(inner)
        {
            roots.join(pair.left, pair.right);
        }
        let mut loose: Vec<&ScoredPair> = pairs
            .pairs
            .iter()
            .filter(|pair| pair.weight < limit)
            .filter(inner)
            .filter(|pair| !roots.are_one(pair.left, pair.right))
            .collect();
        loose.sort_by_key(|pair| (Reverse(pair.weight), pair.left, pair.right));
        let mut last: BTreeMap<RecordIndex, ScoredPair> = BTreeMap::new();
        for pair in loose {
            if roots.join(pair.left, pair.right) {
                last.insert(clusters.label(pair.left), *pair);
            }
        }
        if last.len() >= count || limit > heaviest {
            let mut links: Vec<ScoredPair> = last.into_values().collect();
            links.sort_by_key(|pair| (pair.weight, pair.left, pair.right));
            links.truncate(count);
            return links;
        }
        margin = margin + margin;
    }
}

/// Union-find over records.
struct Roots(Vec<u32>);

impl Roots {
    fn new(records: usize) -> Self {
        Self((0..records as u32).collect())
    }

    fn root(&mut self, record: RecordIndex) -> u32 {
        let mut at = record.0;
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at
    }

    fn are_one(&mut self, left: RecordIndex, right: RecordIndex) -> bool {
        self.root(left) == self.root(right)
    }

    /// Were the two apart until now?
    fn join(&mut self, left: RecordIndex, right: RecordIndex) -> bool {
        let (left, right) = (self.root(left), self.root(right));
        self.0[left.max(right) as usize] = left.min(right);
        left != right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Evidence;
    use crate::cluster::Links;
    use crate::cluster::Standing;
    use crate::cluster::cluster;
    use crate::model::ComparisonVector;
    use crate::text::hash::mix;

    const RECORDS: u32 = 12;

    /// The claim that stands in a vector.
    fn claim_in(vector: ComparisonVector) -> Claim {
        [Claim::Nothing, Claim::OtherName, Claim::Tie, Claim::Conflict][vector.0 as usize]
    }

    /// A random judge of `seed`: few conflicts, weights about the cut, with ties.
    fn judge_of(seed: u64) -> impl Fn(RecordIndex, RecordIndex) -> Judgement + Sync {
        move |left: RecordIndex, right: RecordIndex| {
            let (low, high) = (left.min(right), left.max(right));
            let bits = mix(seed, u64::from(low.0 * RECORDS + high.0));
            Judgement {
                weight: MatchWeight((bits % 40) as i32 * 1_000 - 20_000),
                claim: match (bits >> 32) % 20 {
                    0 => Claim::Conflict,
                    1 => Claim::Tie,
                    2 | 3 => Claim::OtherName,
                    _ => Claim::Nothing,
                },
            }
        }
    }

    fn pairs(settings: &Settings, judge: &Judge) -> ScoredPairs {
        let all = (0..RECORDS).flat_map(|left| (left + 1..RECORDS).map(move |right| (left, right)));
        let pair = |(left, right)| {
            let (left, right) = (RecordIndex(left), RecordIndex(right));
            ScoredPair {
                left,
                right,
                weight: judge(left, right).weight,
                vector: ComparisonVector(judge(left, right).claim as u64),
                rule: 0,
            }
        };
        let above = all.map(pair).filter(|pair| pair.weight >= settings.cut);
        ScoredPairs {
            pairs: above.collect(),
        }
    }

    #[test]
    fn the_merges_of_every_cluster_lead_to_it_and_no_cluster_is_held_back_without_a_reason() {
        let settings = Settings::default();
        for seed in 0..300 {
            let judge = judge_of(seed);
            let pairs = pairs(&settings, &judge);
            let evidence = Evidence {
                pairs: &pairs,
                judge: &judge,
                claim: &claim_in,
                links: &Links::default(),
                standing: &Standing::default(),
            };
            let found = cluster(&settings, RECORDS as usize, &evidence).clusters;
            for members in found.groups() {
                let merges = history(&settings, &members, &judge);
                assert_eq!(merges.len(), members.len() - 1, "seed {seed}");
                assert!(merges.iter().all(|m| m.between.average >= settings.cut));
                let whole = merges.last().map_or(1, |m| m.left.len() + m.right.len());
                assert_eq!(whole, members.len());
                for held in held_back(&settings, &pairs, &found, members[0], &judge) {
                    assert_ne!(held.constraint, Constraint::Size, "seed {seed}");
                    assert!(held.between.pairs_at_cut > 0);
                }
            }
            let all: Vec<RecordIndex> = (0..RECORDS).map(RecordIndex).collect();
            let merges = history(&settings, &all, &judge);
            assert_eq!(
                RECORDS as usize - merges.len(),
                found.groups().len(),
                "seed {seed}"
            );
        }
    }

    #[test]
    fn the_weakest_link_is_the_best_pair_between_two_parts() {
        let pair = |left, right, weight| ScoredPair {
            left: RecordIndex(left),
            right: RecordIndex(right),
            weight: MatchWeight(weight),
            vector: ComparisonVector::default(),
            rule: 0,
        };
        let pairs = ScoredPairs {
            pairs: vec![
                pair(0, 1, 30_000),
                pair(1, 2, 1_500),
                pair(0, 2, -500),
                pair(2, 3, 28_000),
                pair(4, 5, 40_000),
                pair(5, 6, 3_000),
            ],
        };
        let clusters = Clusters::from_labels(&[0, 0, 0, 0, 4, 4, 6]);
        let links = |count| -> Vec<(u32, u32)> {
            let links = weakest_links(&pairs, &clusters, MatchWeight(0), count);
            links.iter().map(|pair| (pair.left.0, pair.right.0)).collect()
        };
        assert_eq!(links(1), [(1, 2)]);
        assert_eq!(links(5), [(1, 2), (4, 5)]);
    }
}
