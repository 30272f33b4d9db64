//! The block index: per record, the blocks it is in.

use crate::block::Settings;
use crate::block::features::Feature;
use crate::block::features::feature;
use crate::block::refine;
use crate::block::rules::RuleReport;
use crate::block::rules::blocking_rules;
use crate::model::RecordIndex;
use crate::table::CandidatePairs;
use crate::table::StandardRecords;
use crate::text::hash::mix;
use rayon::prelude::*;

/// Keys a record may have under one rule; long lists come from damaged cells and make only noise.
const KEYS_PER_RECORD_MAX: usize = 24;

/// One blocking key of one record.
pub(super) type Entry = (u64, u32);

/// The rest of a block, seen from one of its records: the members after it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    start: u32,
    end: u32,
    rule: u8,
}

/// Which records share a blocking key.
#[derive(Debug)]
pub struct Blocks {
    members: Vec<u32>,
    slot_ends: Vec<u32>,
    slots: Vec<Slot>,
    reports: Vec<RuleReport>,
}

impl Blocks {
    /// What every rule did, in rule order; rules without their fields are left out.
    pub fn reports(&self) -> &[RuleReport] {
        &self.reports
    }

    /// Upper bound of the candidate pairs: pairs of several rules count once for each.
    pub fn pairs_max(&self) -> u64 {
        self.reports.iter().map(|report| report.pairs).sum()
    }

    /// The candidate pairs whose left record is one of `lefts`, ordered by (left, right), each once, when `lefts` ascend.
    pub fn candidates(&self, lefts: impl IntoIterator<Item = u32>) -> CandidatePairs {
        let mut pairs = CandidatePairs::default();
        let mut found: Vec<(u32, u32)> = Vec::new();
        for left in lefts {
            found.clear();
            for slot in self.slots_of(left) {
                let block = &self.members[slot.start as usize..slot.end as usize];
                found.extend(block.iter().map(|&right| (right, 1u32 << slot.rule)));
            }
            found.sort_unstable();
            for same in found.chunk_by(|a, b| a.0 == b.0) {
                let rules = same.iter().fold(0, |rules, (_, rule)| rules | rule);
                pairs.push(RecordIndex(left), RecordIndex(same[0].0), rules);
            }
        }
        pairs
    }

    fn slots_of(&self, record: u32) -> &[Slot] {
        let at = record as usize;
        let start = if at == 0 {
            0
        } else {
            self.slot_ends[at - 1] as usize
        };
        &self.slots[start..self.slot_ends[at] as usize]
    }
}

/// Indexes the records by every rule: first the groups of all rules, then the size that the budget allows, then blocks.
pub(super) fn build(settings: &Settings, records: &StandardRecords) -> Blocks {
    let mut grouped: Vec<(usize, Groups)> = Vec::new();
    for (number, rule) in blocking_rules().iter().enumerate() {
        let features: Option<Vec<Feature>> =
            rule.features.iter().map(|name| feature(name, records)).collect();
        let Some(features) = features else { continue };
        let mut entries = entries(&features, records.len());
        entries.par_sort_unstable();
        grouped.push((number, Groups::new(&entries)));
    }
    let limit = refine::size_limit(settings, records.len(), grouped.iter().map(|(_, groups)| groups));
    let refiners = refine::refiners(records);
    let mut members: Vec<u32> = Vec::new();
    let mut by_record: Vec<(u32, Slot)> = Vec::new();
    let mut reports = Vec::new();
    for (number, groups) in grouped {
        let (blocks, mut report) = refine::bounded_blocks(limit, &groups, &refiners);
        report.rule = blocking_rules()[number].name;
        for block in blocks.iter() {
            let start = members.len() as u32;
            let end = start + block.len() as u32;
            members.extend(block);
            for (at, &record) in block[..block.len() - 1].iter().enumerate() {
                by_record.push((
                    record,
                    Slot {
                        start: start + at as u32 + 1,
                        end,
                        rule: number as u8,
                    },
                ));
            }
        }
        reports.push(report);
    }
    // Stable, so that a record's slots keep the order of the rules.
    by_record.par_sort_by_key(|(record, _)| *record);
    let mut slot_ends = vec![0u32; records.len()];
    for (record, _) in &by_record {
        slot_ends[*record as usize] += 1;
    }
    let mut total = 0;
    for end in &mut slot_ends {
        total += *end;
        *end = total;
    }
    let slots = by_record.into_iter().map(|(_, slot)| slot).collect();
    Blocks {
        members,
        slot_ends,
        slots,
        reports,
    }
}

/// The records of every blocking key that two or more share, one flat list; members ascend.
#[derive(Default)]
pub(super) struct Groups {
    keys: Vec<u64>,
    ends: Vec<usize>,
    members: Vec<u32>,
}

impl Groups {
    /// Groups sorted entries; keys of a single record are left out.
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut groups = Self::default();
        for group in entries
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
        {
            groups.keys.push(group[0].0);
            groups.members.extend(group.iter().map(|entry| entry.1));
            groups.ends.push(groups.members.len());
        }
        groups
    }

    /// Adds a group.
    pub(super) fn push(&mut self, key: u64, members: impl Iterator<Item = u32>) {
        self.keys.push(key);
        self.members.extend(members);
        self.ends.push(self.members.len());
    }

    /// Keys with their records.
    pub(super) fn with_keys(&self) -> impl Iterator<Item = (u64, &[u32])> {
        self.keys.iter().copied().zip(self.iter())
    }

    /// The records of each key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.members[start..end])
    }
}

/// Every (key, record) of a rule, unsorted.
fn entries(features: &[Feature], len: usize) -> Vec<Entry> {
    (0..len as u32)
        .into_par_iter()
        .fold(
            || (Vec::new(), Vec::new()),
            |(mut entries, mut keys): (Vec<Entry>, Vec<u64>), record| {
                record_keys(features, RecordIndex(record), &mut keys);
                entries.extend(keys.iter().take(KEYS_PER_RECORD_MAX).map(|&key| (key, record)));
                (entries, keys)
            },
        )
        .map(|(entries, _)| entries)
        .reduce(Vec::new, |mut all, mut more| {
            all.append(&mut more);
            all
        })
}

/// The keys of one record: one for every combination of its features' hashes.
fn record_keys(features: &[Feature], record: RecordIndex, keys: &mut Vec<u64>) {
    keys.clear();
    let mut hashes = Vec::new();
    for (at, feature) in features.iter().enumerate() {
        hashes.clear();
        feature.collect(record, &mut hashes);
        if at == 0 {
            keys.extend(&hashes);
            continue;
        }
        let combined: Vec<u64> = keys
            .iter()
            .flat_map(|&key| hashes.iter().map(move |&hash| mix(key, hash)))
            .collect();
        *keys = combined;
    }
    keys.sort_unstable();
    keys.dedup();
}
