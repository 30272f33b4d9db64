//! Connected components of the pairs at or above the cut.

use crate::cluster::Settings;
use crate::model::MatchWeight;
use crate::model::RecordIndex;

/// A pair of records and its weight.
pub(super) type Edge = (RecordIndex, RecordIndex, MatchWeight);

/// Components of two or more records; members ascend.
pub(super) struct Components {
    pub(super) groups: Vec<Vec<RecordIndex>>,
    pub(super) parted: u64,
    pub(super) size_max: u64,
}

/// Components of at most `settings.component_size_max` records: larger ones are parted at rising cuts.
pub(super) fn components(settings: &Settings, records: usize, edges: &[Edge]) -> Components {
    let mut found = Components {
        groups: Vec::new(),
        parted: 0,
        size_max: 0,
    };
    let mut forest = Forest::new(records);
    let mut work = vec![(settings.cut, edges.to_vec())];
    while let Some((cut, edges)) = work.pop() {
        let (groups, group_of) = forest.groups(&edges);
        let mut inner: Vec<Vec<Edge>> = vec![Vec::new(); groups.len()];
        for edge in &edges {
            let group = group_of(edge.0);
            if groups[group].len() > settings.component_size_max {
                inner[group].push(*edge);
            }
        }
        for (group, edges) in groups.into_iter().zip(inner) {
            found.size_max = found.size_max.max(group.len() as u64);
            if edges.is_empty() {
                found.groups.push(group);
                continue;
            }
            found.parted += 1;
            let next = cut + settings.component_step.max(MatchWeight(1));
            work.push((next, edges.into_iter().filter(|edge| edge.2 >= next).collect()));
        }
    }
    found.groups.sort_unstable_by_key(|group| group[0]);
    found
}

/// Union-find whose roots are the smallest records.
struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    fn new(records: usize) -> Self {
        Self {
            parent: (0..records as u32).collect(),
        }
    }

    fn root(&mut self, record: u32) -> u32 {
        let mut at = record;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    /// The components of `edges` alone, and the component of a record of them.
    fn groups(&mut self, edges: &[Edge]) -> (Vec<Vec<RecordIndex>>, impl Fn(RecordIndex) -> usize + use<>) {
        let mut touched: Vec<u32> = edges.iter().flat_map(|edge| [edge.0.0, edge.1.0]).collect();
        touched.sort_unstable();
        touched.dedup();
        touched
            .iter()
            .for_each(|&record| self.parent[record as usize] = record);
        for (left, right, _) in edges {
            let (left, right) = (self.root(left.0), self.root(right.0));
            self.parent[left.max(right) as usize] = left.min(right);
        }
        let mut rooted: Vec<(u32, u32)> = touched
            .iter()
            .map(|&record| (self.root(record), record))
            .collect();
        rooted.sort_unstable();
        let mut groups: Vec<Vec<RecordIndex>> = Vec::new();
        let mut group_of: Vec<(u32, u32)> = Vec::with_capacity(rooted.len());
        for same in rooted.chunk_by(|a, b| a.0 == b.0) {
            group_of.extend(same.iter().map(|(_, record)| (*record, groups.len() as u32)));
            groups.push(same.iter().map(|(_, record)| RecordIndex(*record)).collect());
        }
        group_of.sort_unstable();
        let lookup = move |record: RecordIndex| {
            let at = group_of.binary_search_by_key(&record.0, |(known, _)| *known);
            group_of[at.expect("the record is in an edge")].1 as usize
        };
        (groups, lookup)
    }
}
