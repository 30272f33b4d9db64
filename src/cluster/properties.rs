//! Properties of clustering on random graphs: what may never be together is not, the order and the names of the records do
//! not matter, and the heap does what the plain method does.

use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Judgement;
use crate::cluster::Links;
use crate::cluster::Policy;
use crate::cluster::Settings;
use crate::cluster::Standing;
use crate::cluster::cluster;
use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use crate::text::hash::mix;

/// Random graphs; together they take about a second.
const CASES: u64 = 10_000;

/// The claim that [`Graph::run_after`] puts into a vector.
fn claim_in(vector: ComparisonVector) -> Claim {
    [Claim::Nothing, Claim::OtherName, Claim::Tie, Claim::Conflict][vector.level(0).at()]
}

/// A random graph: all its pairs, some of them known.
#[derive(Clone)]
struct Graph {
    records: u32,
    /// Weight, claim and known or not, at `left * records + right`, `left < right`.
    pairs: Vec<(i32, Claim, bool)>,
    must: Vec<(u32, u32)>,
    must_not: Vec<(u32, u32)>,
}

impl Graph {
    /// Records that tend to three groups, all weights different; small graphs are sparse, dense and anything between.
    fn new(case: u64) -> Self {
        let mut state = case;
        let mut below = |limit: u64| {
            state = mix(state, 7);
            (state >> 11) % limit
        };
        let records = 2 + below(10) as u32;
        let (conflicts, names, links) = (below(4) * 5, below(3) * 10, below(3) * 4);
        let groups: Vec<u64> = (0..records).map(|_| below(3)).collect();
        let mut graph = Self {
            records,
            pairs: vec![(0, Claim::Nothing, false); (records * records) as usize],
            must: Vec::new(),
            must_not: Vec::new(),
        };
        for left in 0..records {
            for right in left + 1..records {
                let at = left * records + right;
                let mean = if groups[left as usize] == groups[right as usize] {
                    3
                } else {
                    -4
                };
                // No two pairs weigh the same, so that no tie depends on the names of records.
                let weight = (mean - 5 + below(11) as i32) * 1_000 + below(7) as i32 * 128 + at as i32;
                // What last night adds to a pair never lifts one above the cut that is not known.
                let is_known = weight >= 0 || below(2) == 0 || weight >= -1_500;
                let claim = match below(100) {
                    hit if hit < conflicts => Claim::Conflict,
                    hit if hit < conflicts + names => Claim::OtherName,
                    hit if hit < conflicts + 2 * names => Claim::Tie,
                    _ => Claim::Nothing,
                };
                graph.pairs[at as usize] = (weight, claim, is_known);
                if below(100) < links {
                    graph.must.push((left, right));
                }
                if below(100) < links {
                    graph.must_not.push((right, left));
                }
            }
        }
        graph
    }

    fn of(&self, a: u32, b: u32) -> (i32, Claim, bool) {
        self.pairs[(a.min(b) * self.records + a.max(b)) as usize]
    }

    /// What a pair says, a steward's word included.
    fn claim(&self, a: u32, b: u32) -> Claim {
        if self.must_not.contains(&(a, b)) || self.must_not.contains(&(b, a)) {
            Claim::Conflict
        } else {
            self.of(a, b).1
        }
    }

    /// Clusters the graph with record r named `names[r]`, its pairs turned by `turn`.
    fn run(&self, settings: &Settings, names: &[u32], turn: usize) -> Clustering {
        self.run_after(&Standing::default(), settings, names, turn)
    }

    /// The same after a night.
    fn run_after(&self, standing: &Standing, settings: &Settings, names: &[u32], turn: usize) -> Clustering {
        let mut old = vec![0; names.len()];
        names
            .iter()
            .enumerate()
            .for_each(|(record, &name)| old[name as usize] = record as u32);
        let record = |name: u32| RecordIndex(names[name as usize]);
        let mut pairs = Vec::new();
        for left in 0..self.records {
            for right in left + 1..self.records {
                let (weight, claim, is_known) = self.of(left, right);
                if is_known {
                    let (a, b) = (record(left), record(right));
                    let level = AgreementLevel(claim as u8);
                    pairs.push(ScoredPair {
                        left: a.min(b),
                        right: a.max(b),
                        weight: MatchWeight(weight),
                        vector: ComparisonVector::default().with(0, level),
                        rule: 0,
                    });
                }
            }
        }
        let turn = turn % pairs.len().max(1);
        pairs.rotate_left(turn);
        let judge = |left: RecordIndex, right: RecordIndex| {
            let (weight, claim, _) = self.of(old[left.at()], old[right.at()]);
            Judgement {
                weight: MatchWeight(weight),
                claim,
            }
        };
        let pairs = ScoredPairs { pairs };
        let named =
            |pairs: &[(u32, u32)]| -> Vec<_> { pairs.iter().map(|&(a, b)| (record(a), record(b))).collect() };
        let evidence = Evidence {
            pairs: &pairs,
            standing,
            judge: &judge,
            claim: &claim_in,
            links: &Links::new(named(&self.must), named(&self.must_not)),
        };
        cluster(settings, self.records as usize, &evidence)
    }

    /// Average link as it is defined: every step looks at every pair of clusters and adds all their weights. `None` when two averages tie: then
    /// the names of the records decide.
    fn plain(&self, cut: i32) -> Option<Vec<Vec<u32>>> {
        let mut clusters: Vec<Vec<u32>> = (0..self.records).map(|record| vec![record]).collect();
        let mut must = self.must.clone();
        must.sort_by_key(|&(a, b)| std::cmp::Reverse(self.of(a, b).0));
        for (a, b) in must {
            let at = |record| {
                clusters
                    .iter()
                    .position(|c| c.contains(&record))
                    .expect("every record")
            };
            let (a, b) = (at(a).min(at(b)), at(a).max(at(b)));
            if a != b && self.claim_between(&clusters[a], &clusters[b]) != Claim::Conflict {
                let taken = clusters.remove(b);
                clusters[a].extend(taken);
            }
        }
        loop {
            let mut best: Option<(i64, i64, usize, usize)> = None;
            for a in 0..clusters.len() {
                for b in a + 1..clusters.len() {
                    let each = |&left: &u32| {
                        clusters[b]
                            .iter()
                            .map(move |&right| i64::from(self.of(left, right).0))
                    };
                    let sum: i64 = clusters[a].iter().flat_map(each).sum();
                    let pairs = (clusters[a].len() * clusters[b].len()) as i64;
                    let may = sum >= i64::from(cut) * pairs
                        && !self.claim_between(&clusters[a], &clusters[b]).parts();
                    if may && best.is_some_and(|(s, p, ..)| sum * p == s * pairs) {
                        return None;
                    }
                    if may && best.is_none_or(|(s, p, ..)| sum * p > s * pairs) {
                        best = Some((sum, pairs, a, b));
                    }
                }
            }
            let Some((_, _, a, b)) = best else { break };
            let taken = clusters.remove(b);
            clusters[a].extend(taken);
        }
        clusters.iter_mut().for_each(|cluster| cluster.sort_unstable());
        clusters.sort_unstable();
        Some(clusters)
    }

    /// The strongest claim between two groups.
    fn claim_between(&self, a: &[u32], b: &[u32]) -> Claim {
        let pairs = a
            .iter()
            .flat_map(|&left| b.iter().map(move |&right| (left, right)));
        pairs
            .map(|(left, right)| self.claim(left, right))
            .max()
            .unwrap_or_default()
    }
}

fn groups(clustering: &Clustering, names: &[u32]) -> Vec<Vec<u32>> {
    let old = |name: u32| names.iter().position(|&known| known == name).expect("every name") as u32;
    let mut groups: Vec<Vec<u32>> = clustering
        .clusters
        .groups()
        .iter()
        .map(|group| group.iter().map(|record| old(record.0)).collect())
        .collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    groups
}

/// Names in the order of a hash.
fn renamed(records: u32, case: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..records).collect();
    order.sort_by_key(|&record| mix(case, u64::from(record)));
    order
}

#[test]
fn what_may_never_be_together_is_in_no_cluster() {
    for case in 0..CASES {
        let graph = Graph::new(case);
        // Small limits part components, which must not matter here.
        let settings = Settings {
            component_size_max: 3 + (case % 10) as usize,
            ..Settings::default()
        };
        let names: Vec<u32> = (0..graph.records).collect();
        let clustering = graph.run(&settings, &names, 0);
        for cluster in groups(&clustering, &names) {
            let pairs = cluster.iter().enumerate();
            let pairs = pairs.flat_map(|(at, &a)| cluster[..at].iter().map(move |&b| (a, b)));
            let has = |claim| pairs.clone().any(|(a, b)| graph.claim(a, b) == claim);
            assert!(!has(Claim::Conflict), "case {case}");
            let is_linked = pairs
                .clone()
                .any(|pair| graph.must.contains(&pair) || graph.must.contains(&(pair.1, pair.0)));
            assert!(
                !has(Claim::OtherName) || has(Claim::Tie) || is_linked,
                "case {case}"
            );
        }
    }
}

#[test]
fn order_and_names_of_records_do_not_matter_and_the_plain_method_agrees() {
    let settings = Settings::default();
    let mut ties = 0;
    for case in 0..CASES {
        let graph = Graph::new(case);
        let names: Vec<u32> = (0..graph.records).collect();
        let clustering = graph.run(&settings, &names, 0);
        let found = groups(&clustering, &names);
        let Some(plain) = graph.plain(0) else {
            ties += 1;
            continue;
        };
        assert_eq!(found, plain, "case {case}");
        let renamed = renamed(graph.records, case);
        let other = graph.run(&settings, &renamed, case as usize);
        assert_eq!(found, groups(&other, &renamed), "case {case}");
        assert_eq!(clustering.expected, other.expected, "case {case}");
        let turned = graph.run(&settings, &names, 1 + case as usize);
        assert_eq!(clustering.weakest, turned.weakest, "case {case}");
    }
    assert!(ties < CASES / 100, "{ties}");
}

/// The IDs that a night gives to the records of a clustering.
fn ids(clustering: &Clustering) -> Vec<Option<UnifiedId>> {
    let records = 0..clustering.clusters.len() as u32;
    let label = |record| u64::from(clustering.clusters.label(RecordIndex(record)).0);
    records
        .map(|record| Some(UnifiedId::from_number(label(record) + 1)))
        .collect()
}

#[test]
fn s3_the_same_pairs_a_second_night_move_no_record() {
    let settings = Settings::default();
    for case in 0..CASES {
        let graph = Graph::new(case);
        let names: Vec<u32> = (0..graph.records).collect();
        let first = graph.run(&settings, &names, 0);
        let standing = Standing::new(Policy::default(), names.len(), ids(&first), &[]);
        let second = graph.run_after(&standing, &settings, &names, 0);
        assert_eq!(groups(&first, &names), groups(&second, &names), "case {case}");
    }
}

#[test]
fn s6_weights_that_tremble_move_a_third_of_the_records_or_fewer() {
    let settings = Settings::default();
    let band_of_none = Policy {
        keep: MatchWeight::ZERO,
        ..Policy::default()
    };
    let moved = |policy: Policy| {
        let mut moved = 0;
        for case in 0..500 {
            let graph = Graph::new(case);
            let names: Vec<u32> = (0..graph.records).collect();
            let mut last = graph.run(&settings, &names, 0);
            for night in 0..5 {
                let mut trembling = graph.clone();
                for (at, pair) in trembling.pairs.iter_mut().enumerate() {
                    // At most a quarter of a bit either way.
                    pair.0 += (mix(mix(case, night), at as u64) % 501) as i32 - 250;
                }
                let standing = Standing::new(policy, names.len(), ids(&last), &[]);
                let now = trembling.run_after(&standing, &settings, &names, 0);
                let labels = |clustering: &Clustering| -> Vec<u32> {
                    let label = |&record: &u32| clustering.clusters.label(RecordIndex(record)).0;
                    names.iter().map(label).collect()
                };
                moved += labels(&last)
                    .iter()
                    .zip(labels(&now))
                    .filter(|(a, b)| **a != *b)
                    .count();
                last = now;
            }
        }
        moved
    };
    let (without, with) = (moved(band_of_none), moved(Policy::default()));
    assert!(with * 3 <= without, "{with} of {without}");
}
