//! Labels of a run: which records they speak of, and what a verdict makes of a pair in clustering.

use crate::cluster::Judgement;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline::matching::Matching;
use crate::plan::labels;
use crate::score::LabelledPair;
use crate::table::RawRecords;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use std::borrow::Cow;

impl Matching<'_> {
    /// Takes up the labels of the plan whose records are there.
    #[must_use]
    pub fn with_labels(mut self, records: &RawRecords) -> Self {
        let rows = &self.plan.matching.labels.rows;
        let (found, missing) = labels::resolve(rows, |source, key| records.find(source, key));
        self.labels_missing = missing.len();
        let labelled = |(left, right, is_same)| LabelledPair {
            left,
            right,
            vector: self.comparisons.vector(left, right),
            is_same,
        };
        self.labels = found.into_iter().map(labelled).collect();
        self.labels
            .sort_unstable_by_key(|label| (label.left, label.right));
        // Contradictions were faults of the job, so that the rest is repetition.
        self.labels.dedup_by_key(|label| (label.left, label.right));
        self
    }

    /// A word on labels of which a record is missing, when there are any; counts only.
    pub fn report_labels(&self) -> Option<String> {
        let (all, missing) = (self.plan.matching.labels.rows.len(), self.labels_missing);
        (missing > 0).then(|| {
            format!("{missing} of {all} labels name a record that the exports do not hold and were left out")
        })
    }

    /// The verdict on a pair, if there is one: is it one customer?
    fn verdict(&self, left: RecordIndex, right: RecordIndex) -> Option<bool> {
        if self.labels.is_empty() {
            return None;
        }
        let pair = (left.min(right), left.max(right));
        let at = self
            .labels
            .binary_search_by_key(&pair, |label| (label.left, label.right));
        at.ok().map(|at| self.labels[at].is_same)
    }

    /// What is made of a pair under its verdict: the same weighs `loudest` or more, different is a conflict.
    pub(super) fn judged(
        &self,
        left: RecordIndex,
        right: RecordIndex,
        own: Judgement,
        loudest: MatchWeight,
    ) -> Judgement {
        match self.verdict(left, right) {
            None => own,
            Some(true) => Judgement {
                weight: own.weight.max(loudest),
                is_conflict: false,
            },
            Some(false) => Judgement {
                is_conflict: true,
                ..own
            },
        }
    }

    /// The pairs that clustering starts from: those judged the same are among them, whatever they weigh.
    pub(super) fn with_verdicts<'p>(
        &self,
        pairs: &'p ScoredPairs,
        weight: MatchWeight,
    ) -> Cow<'p, ScoredPairs> {
        if self.labels.is_empty() {
            return Cow::Borrowed(pairs);
        }
        let mut edges = self.without_judged(pairs).into_owned();
        edges.pairs.extend(
            self.labels
                .iter()
                .filter(|label| label.is_same)
                .map(|label| ScoredPair {
                    left: label.left,
                    right: label.right,
                    weight,
                    vector: label.vector,
                    rule: 0,
                }),
        );
        edges.pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        Cow::Owned(edges)
    }

    /// The pairs that nobody has judged; the others are no question any more.
    pub(super) fn without_judged<'p>(&self, pairs: &'p ScoredPairs) -> Cow<'p, ScoredPairs> {
        if self.labels.is_empty() {
            return Cow::Borrowed(pairs);
        }
        let open = pairs
            .pairs
            .iter()
            .filter(|pair| self.verdict(pair.left, pair.right).is_none());
        Cow::Owned(ScoredPairs {
            pairs: open.copied().collect(),
        })
    }
}
