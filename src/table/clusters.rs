//! Records held to be one customer.

use crate::model::RecordIndex;

/// A partition of the records. A cluster is named by its smallest record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    label: Vec<RecordIndex>,
}

/// What each layer of judgement makes of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    /// By the weights of the model alone.
    pub model: Clusters,
    /// With identifiers and branches that keep records apart.
    pub rules: Clusters,
    /// With what stewards joined and parted.
    pub stewards: Clusters,
}

impl Clusters {
    /// Makes the partition in which records with equal labels are together; any labels will do.
    pub fn from_labels(labels: &[u32]) -> Self {
        let size = labels.iter().max().map_or(0, |&max| max as usize + 1);
        let mut first = vec![u32::MAX; size];
        let label = labels
            .iter()
            .enumerate()
            .map(|(record, &label)| {
                let smallest = &mut first[label as usize];
                if *smallest == u32::MAX {
                    *smallest = record as u32;
                }
                RecordIndex(*smallest)
            })
            .collect();
        Self { label }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.label.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.label.is_empty()
    }

    /// Smallest record of the record's cluster.
    pub fn label(&self, record: RecordIndex) -> RecordIndex {
        self.label[record.at()]
    }

    /// Clusters in the order of their smallest record; members ascend.
    pub fn groups(&self) -> Vec<Vec<RecordIndex>> {
        let mut group_of = vec![u32::MAX; self.len()];
        let mut groups: Vec<Vec<RecordIndex>> = Vec::new();
        for (record, label) in self.label.iter().enumerate() {
            let group = &mut group_of[label.at()];
            if *group == u32::MAX {
                *group = groups.len() as u32;
                groups.push(Vec::with_capacity(1));
            }
            groups[*group as usize].push(RecordIndex(record as u32));
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_named_by_their_smallest_record() {
        let clusters = Clusters::from_labels(&[7, 2, 7, 0]);
        let groups: Vec<Vec<u32>> = clusters
            .groups()
            .iter()
            .map(|g| g.iter().map(|r| r.0).collect())
            .collect();
        assert_eq!(groups, [vec![0, 2], vec![1], vec![3]]);
        assert_eq!(clusters.label(RecordIndex(2)), RecordIndex(0));
    }
}
