//! What someone has decided already, and what therefore no audit may ask.
//!
//! In: the steward's decisions, undone ones included, and the labels of the job. Out: whether two records, a record or a cell was the matter of
//! one. The model has learned from them or the clusters follow them, so that asking about them would audit the steward, not the
//! matching (operations.md Q16).

use crate::audit::unit::RecordName;
use crate::steward::Known;
use crate::steward::Matter;
use std::collections::HashMap;
use std::collections::HashSet;

/// Pairs and cells that were decided.
#[derive(Debug, Default)]
pub struct Judged {
    /// Numbers of the matters that name a record.
    matters: HashMap<RecordName, Vec<u32>>,
    /// Pinned cells: record and field.
    pinned: HashSet<(RecordName, String)>,
}

impl Judged {
    /// Everything decided in the store or labelled for the job.
    pub fn new(known: &Known, labels: impl Iterator<Item = [RecordName; 2]>) -> Self {
        let mut judged = Self::default();
        let mut number = 0;
        for decision in &known.decisions {
            let name = |source: &str, key: &str| RecordName {
                source: source.to_owned(),
                key: known.rekeys.current(decision.id, source, key).to_owned(),
            };
            for record in &decision.records {
                let name = name(&record.source, &record.key);
                match &decision.matter {
                    Matter::PinValue { field, .. } => {
                        judged.pinned.insert((name, field.to_string()));
                    }
                    Matter::PinId { .. } => {}
                    _ => judged.matters.entry(name).or_default().push(number),
                }
            }
            number += 1;
        }
        for pair in labels {
            for name in pair {
                judged.matters.entry(name).or_default().push(number);
            }
            number += 1;
        }
        judged
    }

    /// Was anything decided at all?
    pub fn is_empty(&self) -> bool {
        self.matters.is_empty() && self.pinned.is_empty()
    }

    /// The matters that name a record.
    pub fn matters(&self, record: &RecordName) -> &[u32] {
        self.matters.get(record).map_or(&[], Vec::as_slice)
    }

    /// Was something decided between two of the records?
    pub fn has_pair(&self, records: &[RecordName]) -> bool {
        let mut all: Vec<u32> = records
            .iter()
            .flat_map(|record| self.matters(record))
            .copied()
            .collect();
        all.sort_unstable();
        all.windows(2).any(|two| two[0] == two[1])
    }

    /// Was a value of the record's field pinned?
    pub fn is_pinned(&self, record: &RecordName, field: &str) -> bool {
        !self.pinned.is_empty() && self.pinned.contains(&(record.clone(), field.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(source: &str, key: &str) -> RecordName {
        RecordName {
            source: source.to_owned(),
            key: key.to_owned(),
        }
    }

    #[test]
    fn q16_labels_of_the_job_count_as_decided() {
        let labels = [
            [name("华东", "1"), name("north", "1")],
            [name("华东", "2"), name("north", "3")],
        ];
        let judged = Judged::new(&Known::default(), labels.into_iter());
        assert!(judged.has_pair(&[name("north", "1"), name("华东", "1")]));
        // Both records were judged, but not against each other.
        assert!(!judged.has_pair(&[name("华东", "1"), name("华东", "2")]));
        assert!(
            !judged.matters(&name("north", "3")).is_empty() && judged.matters(&name("north", "4")).is_empty()
        );
        assert!(Judged::new(&Known::default(), std::iter::empty()).is_empty());
    }
}
