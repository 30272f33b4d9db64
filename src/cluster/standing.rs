//! What stood last night: unified IDs that records had, and IDs that a steward confirmed.
//!
//! In: per record the ID of the last published run, and the confirmed groups. Out: bits that are added to the weight of a pair
//! before clusters are judged, and pairs that may not meet. Two records that were one customer stay one until their weight
//! falls clearly below the cut, so that a weight that trembles around it moves no ID (hysteresis); joining what has an ID
//! already, or what a steward confirmed, may ask for more than joining what is new (the merge policy). The bits are added to
//! pairs, so that average link weighs a group's past like the rest of its evidence. Published weights are without them.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::UnifiedId;

/// Bits that a pair's past gives it, or that joining it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Given to two records that had one ID last night.
    pub keep: MatchWeight,
    /// Asked of two records without ID.
    pub new_new: MatchWeight,
    /// Asked of a record without ID and one with.
    pub new_existing: MatchWeight,
    /// Asked of two records with different IDs.
    pub existing_existing: MatchWeight,
    /// Asked of a record of a confirmed ID and any other record.
    pub confirmed: MatchWeight,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            keep: MatchWeight(720),
            new_new: MatchWeight::ZERO,
            new_existing: MatchWeight::ZERO,
            existing_existing: MatchWeight::ZERO,
            confirmed: MatchWeight(2_000),
        }
    }
}

/// No confirmed group.
const UNCONFIRMED: u32 = u32::MAX;

/// What stood last night, by record.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    policy: Policy,
    /// The ID of last night; empty when there was no night before.
    id_of: Vec<Option<UnifiedId>>,
    /// The confirmed group; empty when there is none.
    group_of: Vec<u32>,
}

impl Standing {
    /// The standing of `records` records: their IDs of last night (empty before the first run), and the groups that a steward
    /// confirmed. A record of two groups counts in the first.
    pub fn new(
        policy: Policy,
        records: usize,
        id_of: Vec<Option<UnifiedId>>,
        confirmed: &[Vec<RecordIndex>],
    ) -> Self {
        let mut group_of = Vec::new();
        if !confirmed.is_empty() {
            group_of = vec![UNCONFIRMED; records];
        }
        for (group, members) in confirmed.iter().enumerate().rev() {
            for record in members.iter().filter(|record| record.at() < records) {
                group_of[record.at()] = group as u32;
            }
        }
        Self {
            policy,
            id_of,
            group_of,
        }
    }

    /// Is there nothing that any pair could be given or asked for?
    pub fn is_empty(&self) -> bool {
        self.id_of.is_empty() && self.group_of.is_empty() && self.policy.new_new == MatchWeight::ZERO
    }

    fn id(&self, record: RecordIndex) -> Option<UnifiedId> {
        self.id_of.get(record.at()).copied().flatten()
    }

    fn group(&self, record: RecordIndex) -> u32 {
        self.group_of.get(record.at()).copied().unwrap_or(UNCONFIRMED)
    }

    /// Bits that the past of two records adds to their weight.
    pub fn bits(&self, left: RecordIndex, right: RecordIndex) -> MatchWeight {
        let policy = &self.policy;
        let groups = (self.group(left), self.group(right));
        match (self.id(left), self.id(right)) {
            (Some(one), Some(other)) if one == other => policy.keep,
            _ if groups.0 != groups.1 => MatchWeight::ZERO - policy.confirmed,
            (Some(_), Some(_)) => MatchWeight::ZERO - policy.existing_existing,
            (None, None) => MatchWeight::ZERO - policy.new_new,
            _ => MatchWeight::ZERO - policy.new_existing,
        }
    }

    /// Were the two confirmed as different customers? Then only a steward joins them.
    pub fn parts(&self, left: RecordIndex, right: RecordIndex) -> bool {
        let groups = (self.group(left), self.group(right));
        groups.0 != groups.1 && groups.0 != UNCONFIRMED && groups.1 != UNCONFIRMED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(ids: &[u64], confirmed: &[&[u32]]) -> Standing {
        let policy = Policy {
            new_new: MatchWeight(100),
            new_existing: MatchWeight(200),
            existing_existing: MatchWeight(300),
            ..Policy::default()
        };
        let id_of = ids
            .iter()
            .map(|&id| (id > 0).then(|| UnifiedId::from_number(id)))
            .collect();
        let groups: Vec<Vec<RecordIndex>> = confirmed
            .iter()
            .map(|group| group.iter().copied().map(RecordIndex).collect())
            .collect();
        Standing::new(policy, ids.len(), id_of, &groups)
    }

    #[test]
    fn s11_every_cell_of_the_merge_policy() {
        // Two of one ID, two of another, two without.
        let standing = standing(&[1, 1, 2, 2, 0, 0], &[&[2, 3]]);
        let bits = |a, b| standing.bits(RecordIndex(a), RecordIndex(b)).0;
        let cells = [
            ((0, 1), 720),
            ((2, 3), 720),
            ((4, 5), -100),
            ((0, 4), -200),
            ((0, 2), -2_000),
            ((2, 4), -2_000),
        ];
        for ((a, b), expected) in cells {
            assert_eq!(bits(a, b), expected, "{a} {b}");
            assert_eq!(bits(b, a), expected, "{b} {a}");
        }
        let unconfirmed = self::standing(&[1, 2], &[]);
        assert_eq!(unconfirmed.bits(RecordIndex(0), RecordIndex(1)).0, -300);
    }

    #[test]
    fn s11_two_confirmed_customers_never_meet_by_themselves() {
        let standing = standing(&[1, 1, 2, 2, 0, 0], &[&[0, 1], &[2, 3]]);
        let parts = |a, b| standing.parts(RecordIndex(a), RecordIndex(b));
        assert!(parts(0, 2) && parts(3, 1));
        assert!(!parts(0, 1) && !parts(0, 4) && !parts(4, 5));
    }

    #[test]
    fn without_a_past_the_pairs_are_taken_as_they_are() {
        assert!(Standing::default().is_empty());
        assert_eq!(
            Standing::default().bits(RecordIndex(0), RecordIndex(1)),
            MatchWeight::ZERO
        );
    }
}
