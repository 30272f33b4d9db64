//! The records of every unified ID.
//!
//! In: the ID of every record. Out: IDs in ascending order with their records, flat, and the IDs of several records in an
//! order in which records are met nearly as they stand: records and cells that lie near each other are then read together.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use rayon::prelude::*;

/// Records by unified ID.
pub(super) struct Members {
    /// The IDs, ascending.
    pub(super) ids: Vec<UnifiedId>,
    /// Per ID, the end of its records.
    ends: Vec<u32>,
    /// Records of all IDs, ID after ID; those of one ascend.
    records: Vec<RecordIndex>,
    /// Per ID, its smallest record.
    firsts: Vec<RecordIndex>,
    /// Rows of several records, by their smallest record.
    shared: Vec<u32>,
}

impl Members {
    pub(super) fn new(id_of: &[UnifiedId]) -> Self {
        let mut order: Vec<(UnifiedId, RecordIndex)> = id_of
            .iter()
            .enumerate()
            .map(|(record, id)| (*id, RecordIndex(record as u32)))
            .collect();
        order.par_sort_unstable();
        let mut members = Self {
            ids: Vec::new(),
            ends: Vec::new(),
            records: order.iter().map(|(_, record)| *record).collect(),
            firsts: Vec::new(),
            shared: Vec::new(),
        };
        for (at, (id, _)) in order.iter().enumerate() {
            if members.ids.last() != Some(id) {
                members.ids.push(*id);
                members.ends.push(at as u32);
                members.firsts.push(members.records[at]);
            }
            *members.ends.last_mut().expect("an ID was pushed before") = at as u32 + 1;
        }
        let mut shared: Vec<u32> = (0..members.len() as u32)
            .filter(|&row| members.of(row as usize).len() > 1)
            .collect();
        shared.par_sort_unstable_by_key(|&row| members.firsts[row as usize]);
        members.shared = shared;
        members
    }

    /// Number of IDs.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Records of the ID at `row`, ascending; at least one.
    pub(super) fn of(&self, row: usize) -> &[RecordIndex] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.records[start..self.ends[row] as usize]
    }

    /// Per ID, its number of records.
    pub(super) fn sizes(&self) -> Vec<u32> {
        (0..self.len()).map(|row| self.of(row).len() as u32).collect()
    }

    /// Rows of more than one record, in the order of their smallest records.
    pub(super) fn shared(&self) -> &[u32] {
        &self.shared
    }

    /// Per ID, its smallest record.
    pub(super) fn firsts(&self) -> &[RecordIndex] {
        &self.firsts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stand_under_their_ids_in_ascending_order() {
        let id_of = [9, 3, 9, 5, 3].map(UnifiedId::from_number);
        let members = Members::new(&id_of);
        let rows: Vec<Vec<u32>> = (0..members.len())
            .map(|row| members.of(row).iter().map(|record| record.0).collect())
            .collect();
        assert_eq!(rows, [vec![1, 4], vec![3], vec![0, 2]]);
        assert_eq!(members.sizes(), [2, 1, 2]);
        assert_eq!(members.firsts(), [1, 3, 0].map(RecordIndex));
        assert_eq!(members.shared(), [2, 0]);
        assert_eq!(Members::new(&[]).shared(), [] as [u32; 0]);
    }
}
