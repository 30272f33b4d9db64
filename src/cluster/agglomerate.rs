//! Average-link agglomeration of one component, with conflicts and must-not-links as hard limits.
//!
//! In: the members of a component and the known pairs between them; the judge weighs the others. Out: labels, the last
//! merge of every cluster that hangs together by little, and what the weights promise. Sums of weights are integers and
//! averages are compared by cross-multiplication, so the order of merges is exact; ties go to the pair of clusters with the
//! smaller records. A heap holds every pair of clusters that may merge; an entry whose clusters have grown since is
//! dropped when it comes up, as growing clusters enter anew: `O(n² log n)` (Murtagh and Contreras 2012, section 3).

use crate::cluster::Evidence;
use crate::cluster::Link;
use crate::cluster::Part;
use crate::cluster::Settings;
use crate::cluster::expected;
use crate::model::Claim;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::ScoredPair;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Weight of a pair that is not known yet.
const UNKNOWN: i32 = i32::MIN;

/// No further member.
const END: usize = usize::MAX;

/// Two clusters that may merge, by the positions of their smallest members.
#[derive(Debug, Clone, Copy)]
struct Entry {
    sum: i64,
    pairs: i64,
    left: usize,
    right: usize,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let [one, two] = [(self, other), (other, self)].map(|(a, b)| i128::from(a.sum) * i128::from(b.pairs));
        one.cmp(&two)
            .then_with(|| (other.left, other.right).cmp(&(self.left, self.right)))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// State of the clusters of one component; its room is used again for the next.
pub(super) struct Linkage<'a> {
    settings: &'a Settings,
    evidence: &'a Evidence<'a>,
    n: usize,
    /// Weight of the pair of members a and b at `a * n + b`, in both triangles, as are the next two.
    weights: Vec<i32>,
    /// Sum of the weights at which the pairs between two clusters are heard; clusters are named by their smallest members.
    sums: Vec<i64>,
    /// What the pairs between two clusters say beyond their weights.
    claims: Vec<Claim>,
    /// Members per cluster; 0 once it is part of another.
    sizes: Vec<i64>,
    /// The member of the same cluster after this one, and the last of the cluster.
    next: Vec<usize>,
    tail: Vec<usize>,
    /// The last merge of every cluster, unless a steward made it.
    last: Vec<Option<Link>>,
    heap: BinaryHeap<Entry>,
}

fn refill<T: Copy>(room: &mut Vec<T>, len: usize, value: T) {
    room.clear();
    room.resize(len, value);
}

impl<'a> Linkage<'a> {
    pub(super) fn new(settings: &'a Settings, evidence: &'a Evidence<'a>) -> Self {
        Self {
            settings,
            evidence,
            n: 0,
            weights: Vec::new(),
            sums: Vec::new(),
            claims: Vec::new(),
            sizes: Vec::new(),
            next: Vec::new(),
            tail: Vec::new(),
            last: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Parts one component, whose members ascend, into clusters.
    pub(super) fn agglomerate(&mut self, members: &[RecordIndex], pairs: &[ScoredPair], part: &mut Part) {
        if let ([_, _], [pair]) = (members, pairs)
            && self.evidence.links.must().is_empty()
        {
            return self.join_two(pair, part);
        }
        self.fill(members, pairs);
        self.join_linked(members);
        for left in 0..self.n {
            for right in left + 1..self.n {
                self.push(left, right);
            }
        }
        while let Some(entry) = self.heap.pop() {
            if self.sizes[entry.left] * self.sizes[entry.right] == entry.pairs {
                let link = self.link(members, entry, &mut part.expected);
                self.merge(entry.left, entry.right);
                self.last[entry.left] = Some(link);
            }
        }
        self.tell(members, part);
    }

    /// The shortest way for most components.
    fn join_two(&self, pair: &ScoredPair, part: &mut Part) {
        let weight = self.clamped(pair.weight);
        if self.clamped(self.evidence.heard(pair)) < self.settings.cut.0
            || self.evidence.claim_of(pair).parts()
        {
            return;
        }
        let right = expected::parts(MatchWeight(weight));
        part.labels.push((pair.right, pair.left));
        part.expected.pairs += 1;
        part.expected.pairs_right += right;
        part.expected.merges += 1;
        part.expected.merges_right += right;
        let link = Link {
            left: pair.left,
            right: pair.right,
            weight: MatchWeight(weight),
            average: MatchWeight(weight),
            pairs: 1,
            is_bridge: false,
        };
        part.weakest.extend(link.is_little(self.settings).then_some(link));
    }

    fn clamped(&self, weight: MatchWeight) -> i32 {
        let limit = self.settings.weight_max.0;
        weight.0.clamp(-limit, limit)
    }

    /// Weighs every pair of the component.
    fn fill(&mut self, members: &[RecordIndex], pairs: &[ScoredPair]) {
        let n = members.len();
        self.n = n;
        refill(&mut self.weights, n * n, UNKNOWN);
        refill(&mut self.claims, n * n, Claim::Nothing);
        for pair in pairs {
            let positions = [pair.left, pair.right].map(|record| members.binary_search(&record));
            if let [Ok(left), Ok(right)] = positions {
                self.set(left, right, pair.weight, self.evidence.claim_of(pair));
            }
        }
        for left in 0..n {
            for right in left + 1..n {
                if self.weights[left * n + right] == UNKNOWN {
                    let (a, b) = (members[left], members[right]);
                    let judgement = (self.evidence.judge)(a, b);
                    let is_parted = self.evidence.standing.parts(a, b);
                    let claim = if is_parted {
                        Claim::Conflict
                    } else {
                        judgement.claim
                    };
                    self.set(left, right, judgement.weight, claim);
                }
            }
            for (_, right) in self.evidence.links.must_not_of(members[left]) {
                if let Ok(right) = members.binary_search(right) {
                    self.claims[left * n + right] = Claim::Conflict;
                    self.claims[right * n + left] = Claim::Conflict;
                }
            }
        }
        self.hear(members);
        refill(&mut self.sizes, n, 1);
        refill(&mut self.next, n, END);
        refill(&mut self.last, n, None);
        self.tail.clear();
        self.tail.extend(0..n);
        self.heap.clear();
    }

    /// Starts the sums: the weights, and what the past of each pair adds.
    fn hear(&mut self, members: &[RecordIndex]) {
        self.sums.clear();
        self.sums
            .extend(self.weights.iter().map(|&weight| i64::from(weight)));
        let standing = self.evidence.standing;
        if standing.is_empty() {
            return;
        }
        for left in 0..self.n {
            for right in left + 1..self.n {
                let bits = standing.bits(members[left], members[right]);
                let heard = self.clamped(MatchWeight(self.weights[left * self.n + right]) + bits);
                self.sums[left * self.n + right] = i64::from(heard);
                self.sums[right * self.n + left] = i64::from(heard);
            }
        }
    }

    fn set(&mut self, left: usize, right: usize, weight: MatchWeight, claim: Claim) {
        let weight = self.clamped(weight);
        for at in [left * self.n + right, right * self.n + left] {
            self.weights[at] = weight;
            self.claims[at] = claim;
        }
    }

    /// A steward's must-links, the heaviest first, unless a conflict stands between; other names do not.
    fn join_linked(&mut self, members: &[RecordIndex]) {
        if self.evidence.links.must().is_empty() {
            return;
        }
        let mut links: Vec<(i32, usize, usize)> = Vec::new();
        for (left, record) in members.iter().enumerate() {
            for (_, right) in self.evidence.links.must_of(*record) {
                if let Ok(right) = members.binary_search(right) {
                    links.push((self.weights[left * self.n + right], left, right));
                }
            }
        }
        links.sort_unstable_by_key(|&(weight, left, right)| (std::cmp::Reverse(weight), left, right));
        let mut cluster_of: Vec<usize> = (0..self.n).collect();
        for (_, left, right) in links {
            let (left, right) = (cluster_of[left], cluster_of[right]);
            let (left, right) = (left.min(right), left.max(right));
            if left != right && self.claims[left * self.n + right] != Claim::Conflict {
                self.merge(left, right);
                cluster_of
                    .iter_mut()
                    .filter(|cluster| **cluster == right)
                    .for_each(|cluster| *cluster = left);
            }
        }
    }

    /// Enters two clusters if they may merge.
    fn push(&mut self, left: usize, right: usize) {
        let at = left * self.n + right;
        let (sum, pairs) = (self.sums[at], self.sizes[left] * self.sizes[right]);
        if pairs > 0 && !self.claims[at].parts() && sum >= i64::from(self.settings.cut.0) * pairs {
            self.heap.push(Entry {
                sum,
                pairs,
                left,
                right,
            });
        }
    }

    fn cluster(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(head), |&member| {
            Some(self.next[member]).filter(|&next| next != END)
        })
    }

    /// What lies between two clusters that are about to merge; counts their pairs.
    fn link(&self, members: &[RecordIndex], entry: Entry, expected: &mut expected::Expected) -> Link {
        // Of the weights alone: what stood last night is no evidence.
        let mut sum = 0;
        let mut strongest = (UNKNOWN, members[entry.left], members[entry.right]);
        let mut at_cut = 0;
        for left in self.cluster(entry.left) {
            for right in self.cluster(entry.right) {
                let weight = self.weights[left * self.n + right];
                sum += i64::from(weight);
                expected.pairs_right += expected::parts(MatchWeight(weight));
                at_cut += u32::from(weight >= self.settings.cut.0);
                let (low, high) = (members[left.min(right)], members[left.max(right)]);
                if weight > strongest.0 || weight == strongest.0 && (low, high) < (strongest.1, strongest.2) {
                    strongest = (weight, low, high);
                }
            }
        }
        let average = MatchWeight(sum.div_euclid(entry.pairs) as i32);
        expected.pairs += entry.pairs as u64;
        expected.merges += 1;
        expected.merges_right += expected::parts(average);
        Link {
            left: strongest.1,
            right: strongest.2,
            weight: MatchWeight(strongest.0),
            average,
            pairs: entry.pairs as u64,
            is_bridge: at_cut == 1 && entry.pairs > 1,
        }
    }

    /// Puts cluster `right` into cluster `left`, `left < right`.
    fn merge(&mut self, left: usize, right: usize) {
        let n = self.n;
        self.sizes[left] += self.sizes[right];
        self.sizes[right] = 0;
        self.next[self.tail[left]] = right;
        self.tail[left] = self.tail[right];
        self.last[left] = None;
        for other in (0..n).filter(|&other| other != left) {
            if self.sizes[other] == 0 {
                continue;
            }
            let sum = self.sums[left * n + other] + self.sums[right * n + other];
            let claim = self.claims[left * n + other].max(self.claims[right * n + other]);
            for at in [left * n + other, other * n + left] {
                self.sums[at] = sum;
                self.claims[at] = claim;
            }
            self.push(left.min(other), left.max(other));
        }
    }

    /// The labels, and the clusters that hang together by little.
    fn tell(&self, members: &[RecordIndex], part: &mut Part) {
        for head in (0..self.n).filter(|&head| self.sizes[head] > 1) {
            let cluster = self.cluster(head).skip(1);
            part.labels
                .extend(cluster.map(|member| (members[member], members[head])));
            let last = self.last[head].filter(|link| link.is_little(self.settings));
            part.weakest.extend(last);
        }
    }
}
