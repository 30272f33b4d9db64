//! Connected components of the pairs at or above the cut, in flat arrays.
//!
//! In: the pairs and a steward's must-links. Out: for every component of two or more records its members and all known pairs
//! between them, also those below the cut. A component above the limit is parted like a minimum spanning forest is grown:
//! its pairs are taken from the heaviest to the lightest, and one that would join too many records is left out, so that
//! only its lightest pairs are lost and exact copies stay together however many there are.

use crate::cluster::Evidence;
use crate::cluster::Settings;
use crate::model::RecordIndex;
use crate::table::ScoredPair;

/// No component.
const NONE: u32 = u32::MAX;

/// Components of two or more records, by their smallest record.
pub(super) struct Components {
    /// Members, component after component, ascending within each.
    members: Vec<RecordIndex>,
    member_ends: Vec<usize>,
    /// Known pairs within a component, component after component.
    pairs: Vec<ScoredPair>,
    pair_ends: Vec<usize>,
    /// Components that were larger than the limit.
    pub(super) parted: u64,
    /// Records of the largest component, before it was parted.
    pub(super) size_max: u64,
}

fn between<T>(all: &[T], ends: &[usize], at: usize) -> std::ops::Range<usize> {
    let start = if at == 0 { 0 } else { ends[at - 1] };
    start..ends[at].min(all.len())
}

impl Components {
    /// Components of at most `settings.component_size_max` records.
    pub(super) fn new(settings: &Settings, records: usize, evidence: &Evidence) -> Self {
        let mut forest = Forest::new(records);
        let pairs = &evidence.pairs.pairs;
        for pair in pairs.iter().filter(|pair| evidence.heard(pair) >= settings.cut) {
            forest.join(pair.left.0, pair.right.0);
        }
        for (left, right) in evidence.links.must() {
            forest.join(left.0, right.0);
        }
        let size_max = forest.size_max();
        let mut parted = 0;
        if size_max > settings.component_size_max as u64 {
            parted = forest.part(settings, evidence);
        }
        let (component_of, members, member_ends) = forest.members();
        let (pairs, pair_ends) = pairs_within(pairs, &component_of, member_ends.len());
        Self {
            members,
            member_ends,
            pairs,
            pair_ends,
            parted,
            size_max,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.member_ends.len()
    }

    /// Members of a component, ascending.
    pub(super) fn members(&self, component: usize) -> &[RecordIndex] {
        &self.members[between(&self.members, &self.member_ends, component)]
    }

    /// Known pairs of a component, in the order given.
    pub(super) fn pairs(&self, component: usize) -> &[ScoredPair] {
        &self.pairs[between(&self.pairs, &self.pair_ends, component)]
    }
}

/// Starts of runs of the given lengths, which become their ends once every run is filled.
fn starts(lengths: &[usize]) -> Vec<usize> {
    let mut start = 0;
    lengths
        .iter()
        .map(|length| {
            start += length;
            start - length
        })
        .collect()
}

/// Pairs inside components, by component.
fn pairs_within(
    pairs: &[ScoredPair],
    component_of: &[u32],
    components: usize,
) -> (Vec<ScoredPair>, Vec<usize>) {
    let of = |pair: &ScoredPair| {
        let component = component_of[pair.left.at()];
        (component != NONE && component == component_of[pair.right.at()]).then_some(component as usize)
    };
    let mut lengths = vec![0; components];
    pairs
        .iter()
        .filter_map(of)
        .for_each(|component| lengths[component] += 1);
    let mut ends = starts(&lengths);
    let Some(first) = pairs.first() else {
        return (Vec::new(), ends);
    };
    let mut within = vec![*first; lengths.iter().sum()];
    for pair in pairs {
        if let Some(component) = of(pair) {
            within[ends[component]] = *pair;
            ends[component] += 1;
        }
    }
    (within, ends)
}

/// Union-find whose roots are the smallest records.
pub(super) struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    pub(super) fn new(records: usize) -> Self {
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

    /// Joins two trees; `false` when they are one already.
    pub(super) fn join(&mut self, left: u32, right: u32) -> bool {
        let (left, right) = (self.root(left), self.root(right));
        self.parent[left.max(right) as usize] = left.min(right);
        left != right
    }

    /// Records per root.
    fn sizes(&mut self) -> Vec<u32> {
        let mut sizes = vec![0; self.parent.len()];
        for record in 0..self.parent.len() as u32 {
            sizes[self.root(record) as usize] += 1;
        }
        sizes
    }

    fn size_max(&mut self) -> u64 {
        self.sizes()
            .into_iter()
            .max()
            .filter(|&size| size > 1)
            .map_or(0, u64::from)
    }

    /// Parts the trees above the limit; returns how many there were.
    fn part(&mut self, settings: &Settings, evidence: &Evidence) -> u64 {
        let limit = settings.component_size_max as u32;
        let before = self.sizes();
        let is_large: Vec<bool> = (0..before.len() as u32)
            .map(|record| before[self.root(record) as usize] > limit)
            .collect();
        let mut edges: Vec<&ScoredPair> = evidence
            .pairs
            .pairs
            .iter()
            .filter(|pair| evidence.heard(pair) >= settings.cut && is_large[pair.left.at()])
            .collect();
        edges.sort_unstable_by_key(|pair| (std::cmp::Reverse(evidence.heard(pair)), pair.left, pair.right));
        let mut sizes = vec![1u32; self.parent.len()];
        for record in (0..self.parent.len() as u32).filter(|&record| is_large[record as usize]) {
            self.parent[record as usize] = record;
        }
        let must = evidence.links.must().iter().copied();
        let must = must.filter(|(left, _)| is_large[left.at()]);
        for (left, right) in must.chain(edges.into_iter().map(|pair| (pair.left, pair.right))) {
            let (left, right) = (self.root(left.0), self.root(right.0));
            let size = sizes[left as usize] + sizes[right as usize];
            if left != right && size <= limit {
                self.parent[left.max(right) as usize] = left.min(right);
                sizes[left.min(right) as usize] = size;
            }
        }
        before.iter().filter(|&&size| size > limit).count() as u64
    }

    /// Component per record, members by component, and the ends of the components.
    fn members(&mut self) -> (Vec<u32>, Vec<RecordIndex>, Vec<usize>) {
        let sizes = self.sizes();
        let mut component_of = vec![NONE; sizes.len()];
        let mut lengths = Vec::new();
        // Roots are the smallest records, so that components are numbered by them.
        for record in 0..sizes.len() as u32 {
            let root = self.root(record);
            if sizes[root as usize] > 1 {
                if root == record {
                    component_of[record as usize] = lengths.len() as u32;
                    lengths.push(sizes[root as usize] as usize);
                } else {
                    component_of[record as usize] = component_of[root as usize];
                }
            }
        }
        let mut ends = starts(&lengths);
        let mut members = vec![RecordIndex(0); lengths.iter().sum()];
        for (record, &component) in component_of.iter().enumerate() {
            if component != NONE {
                members[ends[component as usize]] = RecordIndex(record as u32);
                ends[component as usize] += 1;
            }
        }
        (component_of, members, ends)
    }
}
