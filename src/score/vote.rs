//! Rules vote on probabilities: per level the weighed median, so that one misled rule does not carry the day.

use crate::score::Settings;
use crate::score::em::Probabilities;

/// Probabilities of every level as several rules have learned them.
pub(super) struct Vote<'a> {
    settings: &'a Settings,
    start: &'a Probabilities,
    /// Per comparison, what each rule says and how loud.
    heard: Vec<Vec<(f64, Vec<f64>)>>,
}

impl<'a> Vote<'a> {
    pub(super) fn new(settings: &'a Settings, start: &'a Probabilities) -> Self {
        Self {
            settings,
            start,
            heard: vec![Vec::new(); start.len()],
        }
    }

    /// One rule's word on the comparisons it could learn, weighed by the pairs expected behind it.
    pub(super) fn hear(&mut self, comparisons: &[usize], learned: &Probabilities, pairs: &[f64]) {
        for &comparison in comparisons {
            if pairs[comparison] >= self.settings.heard_min {
                self.heard[comparison].push((
                    pairs[comparison].min(self.settings.heard_max),
                    learned[comparison].clone(),
                ));
            }
        }
    }

    /// The medians, summing to one, the start where nobody spoke; and the pairs behind each comparison.
    pub(super) fn finish(self) -> (Probabilities, Vec<f64>) {
        let finish = |(heard, start): (&Vec<(f64, Vec<f64>)>, &Vec<f64>)| {
            if heard.is_empty() {
                return start.clone();
            }
            let medians: Vec<f64> = (0..start.len())
                .map(|level| {
                    median(
                        heard
                            .iter()
                            .map(|(weight, shares)| (shares[level], *weight))
                            .collect(),
                    )
                })
                .collect();
            let sum: f64 = medians.iter().sum();
            medians.iter().map(|median| median / sum).collect()
        };
        let pairs = self
            .heard
            .iter()
            .map(|heard| heard.iter().map(|(weight, _)| weight).sum());
        let pairs = pairs.collect();
        (self.heard.iter().zip(self.start).map(finish).collect(), pairs)
    }
}

/// The weighed median: the mean of the values on both sides of half the weight.
fn median(mut values: Vec<(f64, f64)>) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half: f64 = values.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let at = |is_past: &dyn Fn(f64) -> bool| {
        let mut sum = 0.0;
        let found = values.iter().find(|(_, weight)| {
            sum += weight;
            is_past(sum)
        });
        found.or(values.last()).map_or(0.0, |(value, _)| *value)
    };
    f64::midpoint(at(&|sum| sum >= half), at(&|sum| sum > half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_misled_rule_is_outvoted() {
        let start = vec![vec![0.5, 0.5]];
        let settings = Settings::default();
        let mut vote = Vote::new(&settings, &start);
        for (share, pairs) in [(0.01, 6_000.0), (0.02, 5_000.0), (0.8, 8_000.0), (0.03, 5_000.0)] {
            vote.hear(&[0], &vec![vec![share, 1.0 - share]], &[pairs]);
        }
        let (shares, pairs) = vote.finish();
        assert!(shares[0][0] < 0.05, "{shares:?}");
        assert_eq!(pairs, [24_000.0]);
    }

    #[test]
    fn equal_voices_meet_in_the_middle_and_silence_keeps_the_start() {
        assert!((median(vec![(0.2, 1.0), (0.4, 1.0)]) - 0.3).abs() < 1e-12);
        let start = vec![vec![0.1, 0.9]];
        assert_eq!(Vote::new(&Settings::default(), &start).finish().0, start);
    }
}
