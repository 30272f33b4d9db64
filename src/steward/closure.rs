//! Joins that contradict partings, found over whole groups.
//!
//! In: joins and partings of any nodes, each with the number of its decision. Out: the joins that cannot stand. A parting always
//! stands; joins are taken in the order of their numbers, and one that would put the two ends of a parting into one group is
//! refused, so that the link which closes the path last in time gives way. Union-find in which every group carries the groups
//! that it is parted from, the smaller list moved: near linear.

use std::collections::BTreeMap;

/// Two nodes that a decision joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Join {
    /// Number of the decision.
    pub decision: i64,
    /// One node.
    pub left: u32,
    /// The other node.
    pub right: u32,
}

/// Two nodes that a decision parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parting {
    /// Number of the decision.
    pub decision: i64,
    /// One node.
    pub left: u32,
    /// The other node.
    pub right: u32,
}

/// A join that cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// The join.
    pub join: Join,
    /// Number of the decision that parts the groups it would join; the smallest of several.
    pub by: i64,
}

/// The groups so far.
struct Groups {
    /// Of a node that joins or partings name, the node above; roots are their own.
    above: BTreeMap<u32, u32>,
    /// Of a root, the roots it is parted from and the smallest decision that does it.
    parted: BTreeMap<u32, BTreeMap<u32, i64>>,
}

impl Groups {
    fn root(&mut self, node: u32) -> u32 {
        let mut at = node;
        loop {
            let above = *self.above.entry(at).or_insert(at);
            if above == at {
                break;
            }
            at = above;
        }
        self.above.insert(node, at);
        at
    }

    fn part(&mut self, parting: &Parting) {
        let (left, right) = (self.root(parting.left), self.root(parting.right));
        for (one, other) in [(left, right), (right, left)] {
            let by = self.parted.entry(one).or_default().entry(other);
            let by = by.or_insert(parting.decision);
            *by = (*by).min(parting.decision);
        }
    }

    /// Joins two groups; the decision that forbids it otherwise.
    fn join(&mut self, left: u32, right: u32) -> Option<i64> {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return None;
        }
        if let Some(by) = self.parted.get(&left).and_then(|parted| parted.get(&right)) {
            return Some(*by);
        }
        let count = |root| self.parted.get(&root).map_or(0, BTreeMap::len);
        let (kept, gone) = if count(left) < count(right) {
            (right, left)
        } else {
            (left, right)
        };
        self.above.insert(gone, kept);
        for (other, by) in self.parted.remove(&gone).unwrap_or_default() {
            for (one, other) in [(kept, other), (other, kept)] {
                let known = self.parted.entry(one).or_default().entry(other).or_insert(by);
                *known = (*known).min(by);
            }
            if let Some(parted) = self.parted.get_mut(&other) {
                parted.remove(&gone);
            }
        }
        None
    }
}

/// Joins that some parting forbids, in the order of their decisions.
pub fn refused_joins(joins: &[Join], partings: &[Parting]) -> Vec<Refused> {
    let mut groups = Groups {
        above: BTreeMap::new(),
        parted: BTreeMap::new(),
    };
    partings.iter().for_each(|parting| groups.part(parting));
    let mut joins = joins.to_vec();
    joins.sort_unstable();
    let refused = joins.into_iter().filter_map(|join| {
        let by = groups.join(join.left, join.right)?;
        Some(Refused { join, by })
    });
    refused.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(joins: &[(i64, u32, u32)], partings: &[(i64, u32, u32)], expected: &[(i64, i64)]) {
        let joins: Vec<Join> = joins
            .iter()
            .map(|&(decision, left, right)| Join {
                decision,
                left,
                right,
            })
            .collect();
        let partings: Vec<Parting> = partings
            .iter()
            .map(|&(decision, left, right)| Parting {
                decision,
                left,
                right,
            })
            .collect();
        for joins in [joins.clone(), joins.into_iter().rev().collect()] {
            let refused = refused_joins(&joins, &partings);
            let refused: Vec<(i64, i64)> = refused.iter().map(|r| (r.join.decision, r.by)).collect();
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn the_join_that_closes_a_path_last_gives_way_to_the_parting() {
        check(&[(1, 0, 1), (2, 1, 2)], &[(9, 0, 2)], &[(2, 9)]);
        check(&[(1, 0, 1), (2, 1, 2), (3, 2, 3)], &[(0, 3, 0)], &[(3, 0)]);
        check(&[(4, 0, 1)], &[(5, 1, 0), (3, 0, 1)], &[(4, 3)]);
        check(&[(1, 0, 1), (2, 2, 3)], &[(3, 0, 2)], &[]);
    }

    #[test]
    fn partings_follow_their_groups() {
        // 0-1 and 2-3 grow into groups before they meet; later joins of the same groups are refused as well.
        check(
            &[
                (1, 0, 1),
                (2, 2, 3),
                (3, 4, 5),
                (4, 1, 4),
                (5, 5, 3),
                (6, 0, 2),
                (7, 6, 3),
            ],
            &[(8, 0, 2), (9, 6, 7)],
            &[(5, 8), (6, 8)],
        );
    }

    #[test]
    fn against_a_slow_oracle() {
        let mut seed = 7u64;
        let mut next = |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..500 {
            let mut pairs = |count: u64, first: i64| -> Vec<(i64, u32, u32)> {
                let all = (0..count as i64).map(|at| (first + at, next(8) as u32, next(8) as u32));
                all.filter(|(_, a, b)| a != b).collect()
            };
            let (joins, partings) = (pairs(8, 1), pairs(4, 100));
            let (mut label, mut expected) = ((0..8u32).collect::<Vec<_>>(), Vec::new());
            for &(id, a, b) in &joins {
                let (from, to) = (label[a as usize], label[b as usize]);
                let of = |node: u32| label[node as usize];
                let by = partings
                    .iter()
                    .filter(|(_, c, d)| (of(*c), of(*d)) == (from, to) || (of(*c), of(*d)) == (to, from));
                match by.map(|(id, ..)| *id).min() {
                    Some(by) if from != to => expected.push((id, by)),
                    _ => label.iter_mut().filter(|l| **l == from).for_each(|l| *l = to),
                }
            }
            check(&joins, &partings, &expected);
        }
    }
}
