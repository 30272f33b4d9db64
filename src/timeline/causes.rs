//! Why a golden value is another one: exactly one cause a cell, so that causes add up to all changes.
//!
//! In: the members of the customer in both runs, what their sources said, and what else differs between the runs. Out: the
//! first of these that fits. What a source says now of the record whose value was or is taken: `source`. A winner that was
//! not the customer's record, or is not any more, although no source changed it: what joined or parted records, that is
//! `model`, `rule`, `decision`, else `membership` (the evidence of other records). The same winners at both ends: another
//! member that a source changed, then another membership, then `rule` when job or program are others, else `decision`.

use super::snapshot::Key;
use serde::Serialize;

/// Why a golden cell changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A source says something else, or a record came or went.
    Source,
    /// Records were joined or parted on the evidence of others.
    Membership,
    /// The job or the program is another.
    Rule,
    /// The model is another.
    Model,
    /// A steward decided.
    Decision,
}

impl Cause {
    /// Every cause in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Source,
        Self::Membership,
        Self::Rule,
        Self::Model,
        Self::Decision,
    ];

    /// The word in reports, and its Chinese label.
    pub fn labels(self) -> [&'static str; 2] {
        match self {
            Self::Source => ["source", "来源变更"],
            Self::Membership => ["membership", "成员变更"],
            Self::Rule => ["rule", "规则变更"],
            Self::Model => ["model", "模型变更"],
            Self::Decision => ["decision", "人工裁决"],
        }
    }
}

/// Cells of one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CauseCount {
    /// The cause.
    pub cause: Cause,
    /// Cells that changed for it.
    pub cells: u64,
}

/// Counts by cause.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally([u64; Cause::ALL.len()]);

impl Tally {
    pub(super) fn add(&mut self, cause: Cause) {
        self.0[cause as usize] += 1;
    }

    pub(super) fn counts(&self) -> Vec<CauseCount> {
        let count = |cause: Cause| CauseCount {
            cause,
            cells: self.0[cause as usize],
        };
        Cause::ALL.map(count).to_vec()
    }
}

/// What differs between two runs as wholes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Circumstances {
    /// Is the job or the program another?
    pub has_other_rules: bool,
    /// Is the model another?
    pub has_other_model: bool,
    /// Are the decisions others?
    pub has_other_decisions: bool,
}

/// What is known of one cell.
pub(super) struct Cell<'a> {
    /// Record that gave the value before and record that gives it now, where there is one.
    pub(super) winners: [Option<&'a Key>; 2],
    /// Members of the customer in either run that were not or are not in the other, without a change of any source.
    pub(super) has_other_members: bool,
    /// Is this record the customer's in both runs?
    pub(super) is_shared: &'a dyn Fn(&Key) -> bool,
    /// Does the record's source say something else of the field now?
    pub(super) is_changed: &'a dyn Fn(&Key) -> bool,
    /// Does the source of any member say something else?
    pub(super) has_changed_member: &'a dyn Fn() -> bool,
}

impl Cell<'_> {
    pub(super) fn cause(&self, circumstances: Circumstances) -> Cause {
        let mut winners = self.winners.iter().flatten().copied();
        if winners.clone().any(self.is_changed) {
            return Cause::Source;
        }
        if !winners.all(self.is_shared) {
            return circumstances.of_membership();
        }
        if (self.has_changed_member)() {
            return Cause::Source;
        }
        if self.has_other_members {
            return circumstances.of_membership();
        }
        match circumstances.has_other_rules {
            true => Cause::Rule,
            false => Cause::Decision,
        }
    }
}

impl Circumstances {
    fn of_membership(self) -> Cause {
        if self.has_other_model {
            Cause::Model
        } else if self.has_other_rules {
            Cause::Rule
        } else if self.has_other_decisions {
            Cause::Decision
        } else {
            Cause::Membership
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cause of a cell whose winner went from `a` to `b`.
    fn cause(shared: &[&str], changed: &[&str], has_other_members: bool, of: Circumstances) -> Cause {
        let [a, b] = ["a", "b"].map(|key| ("华东".to_owned(), key.to_owned()));
        let cell = Cell {
            winners: [Some(&a), Some(&b)],
            has_other_members,
            is_shared: &|key| shared.contains(&key.1.as_str()),
            is_changed: &|key| changed.contains(&key.1.as_str()),
            has_changed_member: &|| changed.contains(&"c"),
        };
        cell.cause(of)
    }

    #[test]
    fn q18_each_cell_has_one_cause_and_the_nearest_one() {
        let same = Circumstances::default();
        let rules = Circumstances {
            has_other_rules: true,
            ..same
        };
        let model = Circumstances {
            has_other_model: true,
            ..rules
        };
        let decisions = Circumstances {
            has_other_decisions: true,
            ..same
        };
        assert_eq!(cause(&["a", "b"], &["a"], false, model), Cause::Source);
        assert_eq!(cause(&["a"], &[], true, same), Cause::Membership);
        assert_eq!(cause(&["a"], &[], true, rules), Cause::Rule);
        assert_eq!(cause(&["a"], &[], true, model), Cause::Model);
        assert_eq!(cause(&["a"], &[], true, decisions), Cause::Decision);
        assert_eq!(cause(&["a", "b"], &["c"], false, rules), Cause::Source);
        assert_eq!(cause(&["a", "b"], &[], true, same), Cause::Membership);
        assert_eq!(cause(&["a", "b"], &[], false, rules), Cause::Rule);
        assert_eq!(cause(&["a", "b"], &[], false, same), Cause::Decision);
    }
}
