//! Questions to a steward: the merges on either side of the cut.
//!
//! In: the clustering and the known pairs. Out: at most one question for two clusters and one for a cluster, those whose
//! answer is expected to remove the most errors first (the chance that the clusters are wrong, times the pairs of records that
//! hang on it, so that a bridge between large groups comes before a pair), and how many were left out. Between clusters it is the next merges of the same dendrogram that are
//! asked for: two clusters are averaged over all their pairs, and two that closer questions join already, if only by way of
//! others, wait until those are answered. Inside a cluster the last merge is the weakest, since average link never climbs.

use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Judgement;
use crate::cluster::Link;
use crate::cluster::Settings;
use crate::cluster::components::Forest;
use crate::cluster::expected;
use crate::model::Claim;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::Clusters;
use crate::table::ScoredPair;
use rayon::prelude::*;
use std::cmp::Reverse;

/// Questions that any file may raise; an afternoon's work.
const ITEMS_MIN: usize = 1_000;

/// A file may raise one question for this many records.
const RECORDS_PER_ITEM: usize = 50;

/// Members of a cluster that speak for it when two large clusters are averaged.
const MEMBERS_MAX: usize = 64;

/// Why a pair is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Enough evidence, yet a hard conflict keeps the two clusters apart.
    Conflict,
    /// The pair is at or above the cut, yet the clusters as wholes stay apart.
    Apart,
    /// One cluster, but only just.
    Weak,
    /// One cluster, and this is the only pair at or above the cut between its two halves.
    Bridge,
    /// Two clusters just below the cut.
    Near,
}

impl Doubt {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Apart => "apart",
            Self::Weak => "weak",
            Self::Bridge => "bridge",
            Self::Near => "near",
        }
    }
}

/// One question to a steward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtfulPair {
    /// Smaller record of the pair that speaks for two groups.
    pub left: RecordIndex,
    /// Larger record.
    pub right: RecordIndex,
    /// Weight of the pair.
    pub weight: MatchWeight,
    /// Average weight of all pairs between the two groups.
    pub average: MatchWeight,
    /// Pairs of records that the answer decides: every record of the one group with every record of the other.
    pub pairs: u64,
    /// Why it is asked.
    pub doubt: Doubt,
}

impl DoubtfulPair {
    /// Wrong pairs that the answer is expected to remove, in parts of 10^9 of a pair: by the average weight, the chance that what was
    /// done is wrong, at most a half, for all pairs.
    fn expected_errors(&self) -> u128 {
        let right = expected::parts(self.average);
        let wrong = expected::parts(MatchWeight::ZERO - self.average);
        u128::from(right.min(wrong)) * u128::from(self.pairs)
    }
}

/// The queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// By the errors that the answers are expected to remove, most first, then nearest to the cut, then by records.
    pub items: Vec<DoubtfulPair>,
    /// Questions of less weight that the queue has no room for.
    pub left_out: u64,
}

impl Link {
    /// Is a merge so close to the cut, or held by one pair so close to it, that a steward should look? Closer than a third
    /// of the band: with 6 bits, odds of less than four to one.
    pub(super) fn is_little(&self, settings: &Settings) -> bool {
        let reach = if self.is_bridge {
            settings.band
        } else {
            MatchWeight(settings.band.0 / 3)
        };
        self.average < settings.cut + reach
    }

    fn asked(self, doubt: Doubt) -> DoubtfulPair {
        DoubtfulPair {
            left: self.left,
            right: self.right,
            weight: self.weight,
            average: self.average,
            pairs: self.pairs,
            doubt,
        }
    }
}

/// The questions of a clustering; their number is bounded by that of the records.
pub fn review(settings: &Settings, clustering: &Clustering, evidence: &Evidence) -> Review {
    let mut items = refused(settings, &clustering.clusters, evidence);
    let inside = clustering.weakest.iter().map(|link| {
        let doubt = if link.is_bridge {
            Doubt::Bridge
        } else {
            Doubt::Weak
        };
        link.asked(doubt)
    });
    items.extend(inside);
    let distance = |item: &DoubtfulPair| item.average.0.abs_diff(settings.cut.0);
    items.par_sort_unstable_by_key(|item| {
        (
            Reverse(item.expected_errors()),
            distance(item),
            item.left,
            item.right,
        )
    });
    let room = ITEMS_MIN.max(clustering.clusters.len() / RECORDS_PER_ITEM);
    let left_out = items.len().saturating_sub(room) as u64;
    items.truncate(room);
    Review { items, left_out }
}

/// Two clusters by their labels, the smaller first, and a pair between them.
type Across<'a> = (RecordIndex, RecordIndex, &'a ScoredPair);

/// Merges that were refused in the band or above the cut.
fn refused(settings: &Settings, clusters: &Clusters, evidence: &Evidence) -> Vec<DoubtfulPair> {
    let floor = settings.cut - settings.band;
    let mut across: Vec<Across> = evidence
        .pairs
        .pairs
        .par_iter()
        .with_min_len(1 << 14)
        .filter(|pair| pair.weight >= floor)
        .filter_map(|pair| {
            let (left, right) = (clusters.label(pair.left), clusters.label(pair.right));
            (left != right).then(|| (left.min(right), left.max(right), pair))
        })
        .collect();
    across.par_sort_unstable_by_key(|(left, right, pair)| (*left, *right, pair.left, pair.right));
    let members = Members::new(clusters, &across);
    let runs: Vec<&[Across]> = across.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
    let mut asked: Vec<(RecordIndex, RecordIndex, DoubtfulPair)> = runs
        .into_par_iter()
        .with_min_len(256)
        .filter_map(|run| {
            let item = question(settings, evidence, &members, run)?;
            Some((run[0].0, run[0].1, item))
        })
        .collect();
    asked.par_sort_unstable_by_key(|(left, right, item)| (Reverse(item.average), *left, *right));
    let mut forest = Forest::new(clusters.len());
    let is_new = |(left, right, item): &(RecordIndex, RecordIndex, DoubtfulPair)| {
        item.doubt == Doubt::Conflict || forest.join(left.0, right.0)
    };
    let mut is_new = is_new;
    asked.retain(|item| is_new(item));
    asked.into_iter().map(|(_, _, item)| item).collect()
}

/// Members of the clusters that have more than one and are asked about.
struct Members {
    /// (label, record), ascending.
    list: Vec<(RecordIndex, RecordIndex)>,
}

impl Members {
    fn new(clusters: &Clusters, across: &[Across]) -> Self {
        let mut is_asked = vec![false; clusters.len()];
        for (left, right, _) in across {
            is_asked[left.at()] = true;
            is_asked[right.at()] = true;
        }
        let records = (0..clusters.len() as u32).map(RecordIndex);
        let labelled = records.map(|record| (clusters.label(record), record));
        let mut list: Vec<_> = labelled.filter(|(label, _)| is_asked[label.at()]).collect();
        list.sort_unstable();
        Self { list }
    }

    fn of(&self, label: RecordIndex) -> &[(RecordIndex, RecordIndex)] {
        let start = self.list.partition_point(|(known, _)| *known < label);
        let end = self.list[start..].iter().take(MEMBERS_MAX);
        let len = end.take_while(|(known, _)| *known == label).count();
        &self.list[start..start + len]
    }
}

/// What lies between two clusters.
#[derive(Default)]
struct Between {
    sum: i64,
    pairs: i64,
    strongest: Option<(MatchWeight, RecordIndex, RecordIndex)>,
    /// What its pairs say beyond their weights.
    claim: Claim,
    /// Strongest pair that says so.
    claiming: Option<(MatchWeight, RecordIndex, RecordIndex)>,
}

impl Between {
    fn add(&mut self, (left, right): (RecordIndex, RecordIndex), weight: MatchWeight, claim: Claim) {
        self.sum += i64::from(weight.0);
        self.pairs += 1;
        let (left, right) = (left.min(right), left.max(right));
        let is_better = |known: &Option<(MatchWeight, RecordIndex, RecordIndex)>| {
            known.is_none_or(|(best, a, b)| (Reverse(weight), left, right) < (Reverse(best), a, b))
        };
        if is_better(&self.strongest) {
            self.strongest = Some((weight, left, right));
        }
        // The strongest of the pairs that claim most.
        if claim > self.claim || claim == self.claim && is_better(&self.claiming) {
            self.claiming = Some((weight, left, right));
            self.claim = claim;
        }
    }
}

/// The question that the known pairs between two clusters raise; `None` where a steward has answered it.
fn question(
    settings: &Settings,
    evidence: &Evidence,
    members: &Members,
    run: &[Across],
) -> Option<DoubtfulPair> {
    let limit = settings.weight_max;
    let (lefts, rights) = (members.of(run[0].0), members.of(run[0].1));
    let mut between = Between::default();
    for &(_, left) in lefts {
        for &(_, right) in rights {
            let key = (left.min(right), left.max(right));
            if evidence.links.parts(left, right) {
                return None;
            }
            let known = run.binary_search_by_key(&key, |(_, _, pair)| (pair.left, pair.right));
            let judgement = known.map_or_else(
                |_| (evidence.judge)(key.0, key.1),
                |at| Judgement {
                    weight: run[at].2.weight,
                    claim: (evidence.claim)(run[at].2.vector),
                },
            );
            let weight = judgement.weight.clamp(MatchWeight(-limit.0), limit);
            between.add(key, weight, judgement.claim);
        }
    }
    let average = MatchWeight(between.sum.div_euclid(between.pairs.max(1)) as i32);
    let strongest = between.strongest?;
    let is_strong = strongest.0 >= settings.cut || average >= settings.cut;
    let (doubt, (weight, left, right)) = match between.claiming.filter(|_| between.claim.parts()) {
        Some(conflict) if is_strong => (Doubt::Conflict, conflict),
        Some(_) => return None,
        None if is_strong => (Doubt::Apart, strongest),
        None if average >= settings.cut - settings.band => (Doubt::Near, strongest),
        None => return None,
    };
    Some(DoubtfulPair {
        left,
        right,
        weight,
        average,
        pairs: between.pairs as u64,
        doubt,
    })
}
