//! Average-link agglomeration of one component, with conflicts as hard limits.
//!
//! Sums of weights are integers and averages are compared by cross-multiplication, so the order of merges is exact; ties
//! go to the pair of clusters with the smaller records.

use crate::cluster::Judge;
use crate::cluster::Settings;
use crate::model::RecordIndex;

/// State of the clusters of one component.
struct Linkage {
    /// Sum of the weights between clusters a and b at `a * n + b`, in both triangles.
    sums: Vec<i64>,
    /// Does any pair between the two conflict?
    conflicts: Vec<bool>,
    sizes: Vec<i64>,
    members: Vec<Vec<RecordIndex>>,
    n: usize,
}

/// The clusters of one component, largest-first order not implied; members ascend, clusters by their smallest record.
pub(super) fn agglomerate(
    settings: &Settings,
    component: &[RecordIndex],
    judge: &Judge,
) -> Vec<Vec<RecordIndex>> {
    let mut linkage = Linkage::new(settings, component, judge);
    while let Some((a, b)) = linkage.best(i64::from(settings.cut.0)) {
        linkage.merge(a, b);
    }
    linkage
        .members
        .into_iter()
        .filter(|members| !members.is_empty())
        .collect()
}

impl Linkage {
    fn new(settings: &Settings, component: &[RecordIndex], judge: &Judge) -> Self {
        let n = component.len();
        let limit = settings.weight_max.0;
        let mut sums = vec![0i64; n * n];
        let mut conflicts = vec![false; n * n];
        for a in 0..n {
            for b in a + 1..n {
                let judgement = judge(component[a], component[b]);
                let weight = i64::from(judgement.weight.0.clamp(-limit, limit));
                for at in [a * n + b, b * n + a] {
                    sums[at] = weight;
                    conflicts[at] = judgement.is_conflict;
                }
            }
        }
        let members = component.iter().map(|&record| vec![record]).collect();
        Self {
            sums,
            conflicts,
            sizes: vec![1; n],
            members,
            n,
        }
    }

    /// The pair of clusters with the highest average at or above `cut`; the first of equal ones.
    fn best(&self, cut: i64) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize, i64, i64)> = None;
        for a in (0..self.n).filter(|&a| self.sizes[a] > 0) {
            for b in (a + 1..self.n).filter(|&b| self.sizes[b] > 0) {
                let at = a * self.n + b;
                let (sum, pairs) = (self.sums[at], self.sizes[a] * self.sizes[b]);
                if self.conflicts[at] || sum < cut * pairs {
                    continue;
                }
                // sum / pairs > best_sum / best_pairs, exactly.
                let is_better = best.is_none_or(|(_, _, best_sum, best_pairs)| {
                    i128::from(sum) * i128::from(best_pairs) > i128::from(best_sum) * i128::from(pairs)
                });
                if is_better {
                    best = Some((a, b, sum, pairs));
                }
            }
        }
        best.map(|(a, b, ..)| (a, b))
    }

    /// Puts cluster `b` into cluster `a`, `a < b`.
    fn merge(&mut self, a: usize, b: usize) {
        for other in (0..self.n).filter(|&other| other != a && other != b && self.sizes[other] > 0) {
            let sum = self.sums[a * self.n + other] + self.sums[b * self.n + other];
            let conflict = self.conflicts[a * self.n + other] || self.conflicts[b * self.n + other];
            for at in [a * self.n + other, other * self.n + a] {
                self.sums[at] = sum;
                self.conflicts[at] = conflict;
            }
        }
        self.sizes[a] += self.sizes[b];
        self.sizes[b] = 0;
        let taken = std::mem::take(&mut self.members[b]);
        self.members[a].extend(taken);
        self.members[a].sort_unstable();
    }
}
