//! S4: how near the greedy assignment comes to the exact optimum.
//!
//! The optimum is the one-to-one assignment of IDs to clusters that keeps the most records (a maximum-weight bipartite
//! matching), found exactly for every connected group of clusters and IDs by trying all ways, with what was tried
//! remembered (dynamic programming over the IDs taken).

use crate::identify::Settings;
use crate::identify::fixture::night;
use crate::model::UnifiedId;
use crate::table::Registry;
use crate::text::hash::mix;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// Records of (cluster, ID), both numbered from 0.
type Overlaps = BTreeMap<(usize, usize), u64>;

/// IDs of one group beyond which the exact way would take too long.
const GROUP_MAX: usize = 20;

/// Connected groups of clusters and IDs.
fn groups(overlaps: &Overlaps) -> Vec<Overlaps> {
    let clusters = overlaps.keys().map(|key| key.0 + 1).max().unwrap_or(0);
    let ids = overlaps.keys().map(|key| key.1 + 1).max().unwrap_or(0);
    let mut root: Vec<usize> = (0..clusters + ids).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for &(cluster, id) in overlaps.keys() {
        let (a, b) = (find(&mut root, cluster), find(&mut root, clusters + id));
        root[a] = b;
    }
    let mut groups: BTreeMap<usize, Overlaps> = BTreeMap::new();
    for (&(cluster, id), &records) in overlaps {
        let group = find(&mut root, cluster);
        groups.entry(group).or_default().insert((cluster, id), records);
    }
    groups.into_values().collect()
}

/// Most records that any assignment of one group keeps.
fn optimum(group: &Overlaps) -> u64 {
    let mut ids: Vec<usize> = group.keys().map(|key| key.1).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() <= GROUP_MAX, "{} IDs in one group", ids.len());
    let mut by_cluster: BTreeMap<usize, Vec<(u32, u64)>> = BTreeMap::new();
    for (&(cluster, id), &records) in group {
        let bit = ids.binary_search(&id).expect("every ID is in the list") as u32;
        by_cluster.entry(cluster).or_default().push((bit, records));
    }
    // Per set of IDs taken, the most records kept so far.
    let mut best: HashMap<u32, u64> = HashMap::from([(0, 0)]);
    for choices in by_cluster.values() {
        let mut next = best.clone();
        for (&taken, &kept) in &best {
            for &(bit, records) in choices.iter().filter(|(bit, _)| taken >> bit & 1 == 0) {
                let entry = next.entry(taken | 1 << bit).or_default();
                *entry = (*entry).max(kept + records);
            }
        }
        best = next;
    }
    best.values().copied().max().unwrap_or(0)
}

/// Records that two nights keep under their ID, and the most that could be kept.
fn kept_and_optimum(first: &[u32], second: &[u32]) -> (u64, u64) {
    let keys: Vec<String> = (0..first.len()).map(|at| format!("客{at:07}")).collect();
    let names: Vec<(&str, &str)> = keys.iter().map(|key| ("华东", key.as_str())).collect();
    let settings = Settings::default();
    let (one, registry) = night(&settings, &names, first, &Registry::default());
    let (two, _) = night(&settings, &names, second, &registry);
    let kept = one.id_of.iter().zip(&two.id_of).filter(|(a, b)| a == b).count();
    let mut numbers: HashMap<UnifiedId, usize> = HashMap::new();
    let mut overlaps = Overlaps::new();
    for (cluster, id) in second.iter().zip(&one.id_of) {
        let next = numbers.len();
        let number = *numbers.entry(*id).or_insert(next);
        *overlaps.entry((*cluster as usize, number)).or_default() += 1;
    }
    let best = groups(&overlaps).iter().map(optimum).sum();
    (kept as u64, best)
}

fn draw(state: &mut u64, limit: u64) -> u64 {
    *state = mix(*state, 3);
    *state % limit
}

#[test]
fn s4_greedy_keeps_99_99_percent_of_what_the_optimum_keeps() {
    // Customers of one to some twenty records; overnight one in fifty parts, joins another or trades a record.
    let mut state = 4;
    let mut first: Vec<u32> = Vec::new();
    let mut customers = 0;
    while first.len() < 100_000 {
        let size = 1 + (draw(&mut state, 1 << 16).leading_zeros() - 48).min(5) * draw(&mut state, 4) as u32;
        first.extend(std::iter::repeat_n(customers, size as usize));
        customers += 1;
    }
    let mut second = first.clone();
    let mut fresh = customers;
    for at in 0..second.len() {
        match draw(&mut state, 150) {
            0 => second[at] = second[(at + 7) % first.len()],
            1 => {
                second[at] = fresh;
                fresh += 1;
            }
            2 if at > 0 => {
                // The whole customer joins its neighbour.
                let (from, to) = (second[at], second[at - 1]);
                let near = at.saturating_sub(30)..(at + 30).min(first.len());
                second[near]
                    .iter_mut()
                    .filter(|label| **label == from)
                    .for_each(|label| *label = to);
            }
            _ => {}
        }
    }
    let (kept, best) = kept_and_optimum(&first, &second);
    assert!(kept <= best);
    assert!(kept as f64 >= 0.9999 * best as f64, "{kept} of {best}");
    assert!(
        kept < first.len() as u64 * 99 / 100,
        "too little happened to say anything"
    );
}

#[test]
fn s4_greedy_never_keeps_less_than_half_and_mostly_all_of_small_tangles() {
    let (mut all_kept, mut all_best) = (0, 0);
    for seed in 0..400 {
        let mut state = seed;
        let count = 4 + draw(&mut state, 20) as usize;
        let customers = 2 + draw(&mut state, 5);
        let first: Vec<u32> = (0..count).map(|_| draw(&mut state, customers) as u32).collect();
        let second: Vec<u32> = first
            .iter()
            .map(|&label| match draw(&mut state, 3) {
                0 => draw(&mut state, customers) as u32,
                _ => label,
            })
            .collect();
        let (kept, best) = kept_and_optimum(&first, &second);
        assert!(kept <= best && 2 * kept >= best, "{kept} of {best}");
        all_kept += kept;
        all_best += best;
    }
    assert!(all_kept * 100 >= all_best * 97, "{all_kept} of {all_best}");
}
