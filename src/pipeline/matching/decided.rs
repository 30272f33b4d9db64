//! Decisions of stewards in matching: what keeps joined records apart, and how much changed pairs weigh.

use crate::model::MatchWeight;
use crate::pipeline::StalePair;
use crate::pipeline::matching::Against;
use crate::pipeline::matching::Matching;
use crate::pipeline::matching::RecordIndex;
use crate::pipeline::matching::Resolved;
use crate::pipeline::matching::Weights;

impl Matching<'_> {
    /// Takes up what stewards said of the records.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Resolved) -> Self {
        self.decisions = decisions;
        self
    }

    /// What stewards said, before clustering.
    pub fn decisions(&self) -> &Resolved {
        &self.decisions
    }

    /// What keeps two records apart that a steward joined; `left < right`.
    pub(super) fn against(&self, left: RecordIndex, right: RecordIndex) -> Against {
        if self.is_parted_by_label(left, right) {
            return Against::Label;
        }
        let vector = self.comparisons.vector(left, right);
        match self.comparisons.is_conflict(vector) {
            true => Against::Identifiers,
            false => Against::Members,
        }
    }

    /// Decisions that are asked again, with the weights of their pairs.
    pub(super) fn stale(&self, decisions: &Resolved, weights: &Weights) -> Vec<StalePair> {
        let pairs = decisions.stale.iter().map(|stale| {
            let other = stale.other.unwrap_or(stale.changed);
            let (left, right) = (stale.changed.min(other), stale.changed.max(other));
            let weight = match left == right {
                true => MatchWeight(0),
                false => weights.weight(left, right, self.comparisons.vector(left, right)),
            };
            StalePair { left, right, weight }
        });
        pairs.collect()
    }
}
