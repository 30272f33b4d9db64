//! Which pairs are worth comparing, and which blocks are worth reading: seen on a sample of the records, without labels.
//!
//! Keys that together say log2(n) bits single out one record of n: chance makes one such pair a record. A record with
//! m true partners stands beside them under every key they share, so that a key of k records is not unselective when most
//! of the k are partners. So a pair is compared when its keys leave open no more than log2(m + 8) of the log2(n) bits, where
//! m is the number of strong partners that a strong pair's record has: 8 chance partners are what a key may bring along.
//! The level rises when the pairs of the sample exceed the budget, and falls in small files as far as any file can afford.
//!
//! Blocks too large to make pairs by themselves still add their evidence to other keys. They are read, rule by rule and
//! size by size, as long as enough pairs need them.

use crate::block::Settings;
use crate::block::features::Evidence;
use crate::block::weight;
use crate::block::weight::STEPS;

/// Size classes of a rule, half a bit wide each.
const CLASSES: usize = 64;

/// Number of bins: classes of all rules.
const BINS: usize = 32 * CLASSES;

/// The bin of a block: its rule and its size class.
fn bin(n_steps: u32, rule: u8, steps: u8) -> usize {
    let class = n_steps.saturating_sub(u32::from(steps)) / (STEPS / 2);
    usize::from(rule) * CLASSES + (class as usize).min(CLASSES - 1)
}

/// What was chosen.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    n_steps: u32,
    /// Per bin: are its blocks read?
    read: Vec<bool>,
    /// What a pair's keys have to say together.
    pub(super) level: u32,
}

impl Choice {
    /// Are blocks of this rule and weight read?
    pub(super) fn is_read(&self, rule: u8, steps: u8) -> bool {
        self.read[bin(self.n_steps, rule, steps)]
    }
}

/// Pairs of the sample: the entries of each, sorted by what they say.
#[derive(Debug, Default)]
pub(super) struct Sample {
    record_ends: Vec<u32>,
    ends: Vec<u32>,
    entries: Vec<u16>,
}

impl Sample {
    /// One record more, with all its sorted partner entries.
    pub(super) fn push_record(&mut self, found: &[u64]) {
        for same in found.chunk_by(|a, b| a >> 32 == b >> 32) {
            self.entries.extend(same.iter().map(|&entry| entry as u16));
            self.ends.push(self.entries.len() as u32);
        }
        self.record_ends.push(self.ends.len() as u32);
    }

    fn pair(&self, at: usize) -> &[u16] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.entries[start..self.ends[at] as usize]
    }

    /// Strong partners of the record of a strong pair, in the mean over the pairs.
    fn partners(&self, scores: &[u32], n_steps: u32) -> f64 {
        let (mut strong, mut squares, mut start) = (0u64, 0u64, 0);
        for &end in &self.record_ends {
            let own = &scores[start..end as usize];
            let partners = own.iter().filter(|&&score| score >= n_steps).count() as u64;
            strong += partners;
            squares += partners * partners;
            start = end as usize;
        }
        squares as f64 / strong.max(1) as f64
    }
}

/// Which records are sampled, as a limit of their hash.
pub(super) fn sample_limit(settings: &Settings, records: usize) -> u64 {
    if records <= settings.sample_records {
        return u64::MAX;
    }
    u64::MAX / records as u64 * settings.sample_records as u64
}

/// Chooses for a file of `records` records.
pub(super) fn choose(settings: &Settings, records: usize, of_rule: &[Evidence], sample: &Sample) -> Choice {
    let n_steps = weight::whole(records);
    let scores: Vec<u32> = (0..sample.ends.len())
        .map(|at| weight::together(of_rule, sample.pair(at).iter().copied()))
        .collect();
    // A pair of two records is in the sample of each, so a record sees twice its share of the pairs.
    let sampled = 2.0 * sample.record_ends.len() as f64;
    let partners = sample.partners(&scores, n_steps);
    let open = libm::log2(partners + settings.chance_partners) * f64::from(STEPS);
    let mut sorted = scores.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let at = |pairs_per_record: f64| {
        let place = (pairs_per_record * sampled) as usize;
        sorted.get(place).map_or(0, |score| score + 1)
    };
    // Without a sample nothing is known to be free.
    let free = if sorted.is_empty() {
        u32::MAX
    } else {
        at(settings.pairs_free / records.max(1) as f64)
    };
    let level = n_steps
        .saturating_sub(open as u32)
        .max(at(settings.pairs_per_record_max))
        .min(free);
    let read = read_for_evidence(settings, of_rule, sample, &scores, level, n_steps);
    Choice { n_steps, read, level }
}

/// The bins without which pairs would not reach the level; the largest blocks have to prove their need first.
fn read_for_evidence(
    settings: &Settings,
    of_rule: &[Evidence],
    sample: &Sample,
    scores: &[u32],
    level: u32,
    n_steps: u32,
) -> Vec<bool> {
    let bin_of = |entry: u16| {
        let (rule, steps) = weight::rule_and_steps(entry);
        bin(n_steps, rule, steps)
    };
    let mut in_bins: Vec<(u16, u32)> = Vec::with_capacity(sample.entries.len());
    for at in 0..sample.ends.len() {
        in_bins.extend(
            sample
                .pair(at)
                .iter()
                .map(|&entry| (bin_of(entry) as u16, at as u32)),
        );
    }
    in_bins.sort_unstable();
    let mut order: Vec<&[(u16, u32)]> = in_bins.chunk_by(|a, b| a.0 == b.0).collect();
    // Blocks that make pairs by themselves are read in any case, so that every rule is heard.
    order.retain(|entries| {
        usize::from(entries[0].0) % CLASSES > (n_steps.saturating_sub(level) / (STEPS / 2)) as usize
    });
    order.sort_by_key(|entries| {
        let bin = usize::from(entries[0].0);
        (std::cmp::Reverse(bin % CLASSES), bin)
    });
    let mut read = vec![true; BINS];
    for entries in order {
        let own = usize::from(entries[0].0);
        read[own] = false;
        let needs = |&&(_, at): &&(u16, u32)| {
            let pair = sample.pair(at as usize).iter().copied();
            scores[at as usize] >= level
                && weight::together(of_rule, pair.filter(|&entry| read[bin_of(entry)])) < level
        };
        let needed = entries.iter().filter(needs).count();
        read[own] = needed * settings.lookups_per_comparison >= entries.len();
    }
    read
}
