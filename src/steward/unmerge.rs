//! Which records leave an ID together with one of them.
//!
//! In: the members of an ID, and the crosswalk of an earlier night. Out: the part of them that stood with the record when they
//! were not yet one customer (Informatica MDM's *tree unmerge*; the linear one takes the record alone). Records that the night
//! did not have belong to no part. Nights are read by the caller, the latest first.

use crate::model::UnifiedId;

/// Positions in `members` of the records that had the ID of the one at `record` on that night; `None` when the night shows all
/// that it had of them under one ID, or lacks the record.
///
/// `night` is a crosswalk sorted by (source, key); `members` are (source, key).
pub fn former_part(
    night: &[(String, String, UnifiedId)],
    members: &[(String, String)],
    record: usize,
) -> Option<Vec<usize>> {
    let id_of = |(source, key): &(String, String)| {
        let at = night.binary_search_by(|row| (&row.0, &row.1).cmp(&(source, key)));
        at.ok().map(|at| night[at].2)
    };
    let ids: Vec<Option<UnifiedId>> = members.iter().map(id_of).collect();
    let own = ids[record]?;
    let is_parted = ids.iter().flatten().any(|id| *id != own);
    is_parted.then(|| (0..members.len()).filter(|&at| ids[at] == Some(own)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> (String, String) {
        ("华东".to_owned(), name.to_owned())
    }

    fn night(ids: &[(&str, u64)]) -> Vec<(String, String, UnifiedId)> {
        let row = |&(name, id): &(&str, u64)| (key(name).0, name.to_owned(), UnifiedId::from_number(id));
        ids.iter().map(row).collect()
    }

    #[test]
    fn a_tree_falls_apart_where_it_grew_together_last() {
        let members = ["A", "B", "C", "D"].map(key);
        let nights = [
            night(&[("A", 1), ("B", 1), ("C", 1), ("D", 1)]),
            night(&[("A", 1), ("B", 1), ("C", 3), ("D", 3)]),
            night(&[("A", 1), ("B", 2), ("C", 3), ("D", 4)]),
        ];
        let part = |night: &[(String, String, UnifiedId)], record| former_part(night, &members, record);
        assert_eq!(part(&nights[0], 2), None);
        assert_eq!(part(&nights[1], 2), Some(vec![2, 3]));
        assert_eq!(part(&nights[1], 0), Some(vec![0, 1]));
        assert_eq!(part(&nights[2], 2), Some(vec![2]));
    }

    #[test]
    fn records_that_came_later_belong_to_no_part() {
        let members = ["A", "C", "E"].map(key);
        assert_eq!(former_part(&night(&[("A", 1), ("C", 1)]), &members, 1), None);
        assert_eq!(
            former_part(&night(&[("A", 1), ("C", 3)]), &members, 1),
            Some(vec![1])
        );
        assert_eq!(former_part(&night(&[("A", 1), ("C", 3)]), &members, 2), None);
    }
}
