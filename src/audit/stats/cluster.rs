//! Estimators from labelled true clusters.
//!
//! In: per sampled true cluster its size c, how many of its members a member's predicted cluster lacks on average (m), how far that
//! cluster's size is from c on average (d), and the sampling weight. Out: precision and recall as ratios of means, with the correction
//! for bias and the standard deviation of Binette et al. (arXiv:2210.01230; formulas in their section 4): with A the denominators,
//! B the numerators, Ā, B̄ their means over n clusters, the factor is `1 + mean(A (B/B̄ - A/Ā)) / ((n-1) Ā)` and the variance
//! `(B̄/Ā)² sum((A/Ā)² + (B/B̄)² - 2AB/(ĀB̄)) / (n(n-1))`. Precision needs the whole prediction, not the labelled records alone.

/// An estimate with its standard deviation, from n units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioEstimate {
    /// The estimate.
    pub estimate: f64,
    /// Its standard deviation; not a guarantee.
    pub sd: f64,
    /// Units that it rests on.
    pub n: u64,
}

/// One sampled true cluster beside what was predicted of its members.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelledCluster {
    /// Records of the true cluster.
    pub size: f64,
    /// Mean, over its members, of the members that the predicted cluster lacks.
    pub missing: f64,
    /// Mean, over its members, of the predicted cluster's size less `size`.
    pub size_difference: f64,
    /// Mean, over its members, of the share of the predicted cluster that belongs here.
    pub pure: f64,
    /// Is it one predicted cluster, exactly?
    pub is_exact: bool,
    /// Inverse of the probability with which it was sampled, up to a factor.
    pub weight: f64,
}

impl LabelledCluster {
    /// From the members of a true cluster: per member how many records its predicted cluster has, and how many of them belong here.
    pub fn new(members: &[(u64, u64)], weight: f64) -> Self {
        let size = members.len() as f64;
        let mean = |of: &dyn Fn(&(u64, u64)) -> f64| members.iter().map(of).sum::<f64>() / size;
        let is_whole =
            |(predicted, inside): &(u64, u64)| *predicted == *inside && *inside == members.len() as u64;
        Self {
            size,
            missing: mean(&|(_, inside)| size - *inside as f64),
            size_difference: mean(&|(predicted, _)| *predicted as f64 - size),
            pure: mean(&|(predicted, inside)| *inside as f64 / *predicted as f64),
            is_exact: members.iter().all(is_whole),
            weight,
        }
    }

    fn right_pairs(&self) -> f64 {
        self.weight * self.size * (self.size - 1.0 - self.missing)
    }
}

/// The ratio of means of (numerator, denominator) with its correction for bias; `None` for fewer than two units or an empty denominator.
pub fn ratio(units: impl Iterator<Item = (f64, f64)>) -> Option<RatioEstimate> {
    let units: Vec<(f64, f64)> = units.collect();
    let n = units.len() as f64;
    let above = units.iter().map(|unit| unit.0).sum::<f64>() / n;
    let below = units.iter().map(|unit| unit.1).sum::<f64>() / n;
    if n < 2.0 || below <= 0.0 {
        return None;
    }
    if above <= 0.0 {
        return Some(RatioEstimate {
            estimate: 0.0,
            sd: 0.0,
            n: units.len() as u64,
        });
    }
    let bias = units
        .iter()
        .map(|(b, a)| a * (b / above - a / below))
        .sum::<f64>()
        / n
        / ((n - 1.0) * below);
    let spread = units
        .iter()
        .map(|(b, a)| (a / below).powi(2) + (b / above).powi(2) - 2.0 * a * b / (below * above))
        .sum::<f64>();
    let plain = above / below;
    Some(RatioEstimate {
        estimate: plain * (1.0 + bias),
        sd: plain * (spread.max(0.0) / (n * (n - 1.0))).sqrt(),
        n: units.len() as u64,
    })
}

/// Share of predicted links that are right.
pub fn pairwise_precision(clusters: &[LabelledCluster]) -> Option<RatioEstimate> {
    let links = |c: &LabelledCluster| c.weight * c.size * (c.size - 1.0 + c.size_difference);
    ratio(clusters.iter().map(|c| (c.right_pairs(), links(c))))
}

/// Share of true links that were predicted.
pub fn pairwise_recall(clusters: &[LabelledCluster]) -> Option<RatioEstimate> {
    ratio(
        clusters
            .iter()
            .map(|c| (c.right_pairs(), c.weight * c.size * (c.size - 1.0))),
    )
}

/// Mean, over records, of the share of their predicted cluster that belongs to them.
pub fn b_cubed_precision(clusters: &[LabelledCluster]) -> Option<RatioEstimate> {
    ratio(
        clusters
            .iter()
            .map(|c| (c.weight * c.size * c.pure, c.weight * c.size)),
    )
}

/// Mean, over records, of the share of their true cluster that was found: `1 - m/c`.
pub fn b_cubed_recall(clusters: &[LabelledCluster]) -> Option<RatioEstimate> {
    ratio(
        clusters
            .iter()
            .map(|c| (c.weight * (c.size - c.missing), c.weight * c.size)),
    )
}

/// Share of true clusters that were predicted exactly.
pub fn cluster_recall(clusters: &[LabelledCluster]) -> Option<RatioEstimate> {
    ratio(
        clusters
            .iter()
            .map(|c| (c.weight * f64::from(u8::from(c.is_exact)), c.weight)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Predicted cluster of the records 1 to 8, as in the examples of the er-evaluation documentation.
    const PREDICTED: [u32; 8] = [1, 1, 2, 3, 2, 4, 4, 4];

    fn labelled(clusters: &[&[usize]], is_by_size: bool) -> Vec<LabelledCluster> {
        clusters
            .iter()
            .map(|records| {
                let of = |record: &usize| PREDICTED[record - 1];
                let members: Vec<(u64, u64)> = records
                    .iter()
                    .map(|record| {
                        let predicted = PREDICTED.iter().filter(|id| **id == of(record)).count();
                        let inside = records.iter().filter(|other| of(other) == of(record)).count();
                        (predicted as u64, inside as u64)
                    })
                    .collect();
                let weight = if is_by_size {
                    1.0 / records.len() as f64
                } else {
                    1.0
                };
                LabelledCluster::new(&members, weight)
            })
            .collect()
    }

    fn close(found: Option<RatioEstimate>, estimate: f64, sd: Option<f64>) {
        let found = found.unwrap();
        assert!((found.estimate - estimate).abs() < 1e-6, "{found:?}");
        assert!(sd.is_none_or(|sd| (found.sd - sd).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn q14_cluster_estimators_give_the_documented_values_of_er_evaluation() {
        let three = labelled(&[&[1, 2, 3], &[4, 5], &[8]], false);
        close(pairwise_precision(&three), 0.388_888_889, Some(0.254_587_539));
        close(pairwise_recall(&three), 0.296_875, Some(0.108_253_175));
        let two = labelled(&[&[1, 2, 3], &[4, 5]], true);
        close(b_cubed_precision(&two), 0.791_666_667, None);
        close(b_cubed_recall(&two), 0.527_777_778, None);
        let all = labelled(&[&[1, 2, 3], &[4, 5], &[6, 7, 8]], false);
        close(cluster_recall(&all), 0.333_333_333, None);
    }

    #[test]
    fn too_little_is_no_estimate() {
        assert_eq!(pairwise_recall(&labelled(&[&[1, 2, 3]], false)), None);
        assert_eq!(pairwise_recall(&labelled(&[&[1], &[3]], false)), None);
        assert_eq!(
            pairwise_recall(&labelled(&[&[1, 3], &[4, 6]], false))
                .unwrap()
                .estimate,
            0.0
        );
    }
}
