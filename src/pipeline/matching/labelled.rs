//! Labels of a run: which records they speak of, and what the verdicts ask of clustering.

use crate::cluster::Links;
use crate::model::Language;
use crate::model::RecordIndex;
use crate::pipeline::matching::Matching;
use crate::plan::labels;
use crate::score::LabelledPair;
use crate::steward::Resolved;
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
        (missing > 0).then(|| match self.plan.language {
            Language::En => {
                format!(
                    "{missing} of {all} labels name a record that the exports do not hold and were left out"
                )
            }
            Language::Zh => format!("{all} 个标注中有 {missing} 个提到的记录不在导出文件中，未采用"),
        })
    }

    /// Pairs judged, or decided by stewards, to be the same.
    pub(in crate::pipeline) fn decided_same(&self) -> impl Iterator<Item = (RecordIndex, RecordIndex)> {
        let same = self.labels.iter().filter(|label| label.is_same);
        let judged = same.map(|label| (label.left, label.right));
        judged.chain(self.decisions.must.iter().copied())
    }

    /// The verdicts and the decisions as what clustering has to hold.
    pub(super) fn links(&self, decisions: &Resolved) -> Links {
        let judged = |is_same: bool| {
            let own = self.labels.iter().filter(move |label| label.is_same == is_same);
            own.map(|label| (label.left, label.right))
        };
        let must = judged(true).chain(decisions.must.iter().copied());
        let must_not = judged(false).chain(decisions.must_not.iter().copied());
        Links::new(must, must_not)
    }

    /// Did a label say that the two are never one customer?
    pub(super) fn is_parted_by_label(&self, left: RecordIndex, right: RecordIndex) -> bool {
        let found = self
            .labels
            .binary_search_by_key(&(left, right), |label| (label.left, label.right));
        found.is_ok_and(|at| !self.labels[at].is_same)
    }
}
