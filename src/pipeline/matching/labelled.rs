//! Labels of a run: which records they speak of, and what the verdicts ask of clustering.

use crate::cluster::Links;
use crate::model::RecordIndex;
use crate::pipeline::matching::Matching;
use crate::plan::labels;
use crate::score::LabelledPair;
use crate::table::RawRecords;

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

    /// Pairs judged to be the same.
    pub(in crate::pipeline) fn decided_same(&self) -> impl Iterator<Item = (RecordIndex, RecordIndex)> {
        let same = self.labels.iter().filter(|label| label.is_same);
        same.map(|label| (label.left, label.right))
    }

    /// The verdicts as what clustering has to hold.
    pub(super) fn links(&self) -> Links {
        let judged = |is_same: bool| {
            let own = self.labels.iter().filter(move |label| label.is_same == is_same);
            own.map(|label| (label.left, label.right))
        };
        Links::new(judged(true), judged(false))
    }
}
