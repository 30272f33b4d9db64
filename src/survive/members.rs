//! The records of every unified ID.
//!
//! In: the ID of every record. Out: IDs in ascending order with their records, flat, and an order of the IDs in which
//! records are met nearly as they stand: records and cells that lie near each other are then read together.

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
        };
        for (at, (id, _)) in order.iter().enumerate() {
            if members.ids.last() != Some(id) {
                members.ids.push(*id);
                members.ends.push(at as u32);
            }
            *members.ends.last_mut().expect("an ID was pushed before") = at as u32 + 1;
        }
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

    /// Rows in the order of their smallest records.
    pub(super) fn by_record(&self) -> Vec<u32> {
        let mut row_of = vec![u32::MAX; self.records.len()];
        for row in 0..self.len() {
            row_of[self.of(row)[0].at()] = row as u32;
        }
        row_of.retain(|&row| row != u32::MAX);
        row_of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stand_under_their_ids_in_ascending_order() {
        let id_of = [9, 3, 9, 5].map(UnifiedId::from_number);
        let members = Members::new(&id_of);
        let rows: Vec<Vec<u32>> = (0..members.len())
            .map(|row| members.of(row).iter().map(|record| record.0).collect())
            .collect();
        assert_eq!(rows, [vec![1], vec![3], vec![0, 2]]);
        assert_eq!(members.sizes(), [1, 1, 2]);
        assert_eq!(members.by_record(), [2, 0, 1]);
        assert_eq!(Members::new(&[]).by_record(), [] as [u32; 0]);
    }
}
