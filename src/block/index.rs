//! The block index: per record, the blocks it is in.

use crate::block::Settings;
use crate::block::choice;
use crate::block::choice::Choice;
use crate::block::choice::Sample;
use crate::block::features::Evidence;
use crate::block::features::Feature;
use crate::block::features::Reader;
use crate::block::features::evidence;
use crate::block::features::feature;
use crate::block::keys;
use crate::block::keys::Groups;
use crate::block::keys::Keys;
use crate::block::lists::Lists;
use crate::block::refine;
use crate::block::rules::BlockingRule;
use crate::block::rules::RuleReport;
use crate::block::rules::blocking_rules;
use crate::block::weight;
use crate::model::RecordIndex;
use crate::table::CandidatePairs;
use crate::table::StandardRecords;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::hint::black_box;

/// Left records whose blocks are touched before the first of them is read.
const WARMED: usize = 16;

/// The later members of one block, seen from one of its records: all that is needed to read them, so that no table is
/// asked for it.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// Place of the first later member.
    first: u32,
    /// Number of later members; blocks are never larger.
    count: u16,
    /// The block's [`weight::entry`].
    kind: u16,
}

/// Which records share a blocking key.
#[derive(Debug)]
pub struct Blocks {
    /// Members of all blocks, block after block, ascending in each.
    members: Vec<u32>,
    /// Per block, the end of its members.
    ends: Vec<u32>,
    /// Per block, its [`weight::entry`].
    kinds: Vec<u16>,
    /// Per record, the end of its slots.
    slot_ends: Vec<u32>,
    /// Where a record finds the later members of its blocks, block after block.
    slots: Vec<Slot>,
    /// Per rule, what it speaks about.
    evidence: Vec<Evidence>,
    /// What a pair's keys have to say together.
    level: u32,
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
        self.visit(lefts, |left, right, rules, _| {
            pairs.push(RecordIndex(left), RecordIndex(right), rules)
        });
        pairs
    }

    /// Calls `body` with every candidate pair of `lefts`: left, right, rules, and whether its keys single out one record.
    pub(super) fn visit(
        &self,
        lefts: impl IntoIterator<Item = u32>,
        mut body: impl FnMut(u32, u32, u32, bool),
    ) {
        let whole = weight::whole(self.slot_ends.len());
        let mut found = Vec::new();
        let mut lefts = lefts.into_iter();
        loop {
            let next: Vec<u32> = lefts.by_ref().take(WARMED).collect();
            if next.is_empty() {
                break;
            }
            self.warm(&next);
            for left in next {
                self.partners(left, &mut found);
                for same in found.chunk_by(|a, b| a >> 32 == b >> 32) {
                    let entries = same.iter().map(|&entry| entry as u16);
                    let said = weight::together(&self.evidence, entries);
                    if said >= self.level {
                        let rules = same.iter().fold(0, |rules, entry| rules | 1u32 << (entry & 0xFF));
                        body(left, (same[0] >> 32) as u32, rules, said >= whole);
                    }
                }
            }
        }
    }

    /// Where the later members of the blocks of a record are.
    fn slots_of(&self, record: u32) -> &[Slot] {
        let at = record as usize;
        let start = if at == 0 {
            0
        } else {
            self.slot_ends[at - 1] as usize
        };
        &self.slots[start..self.slot_ends[at] as usize]
    }

    /// Reads a member of every block of these records, so that the waits for memory overlap.
    fn warm(&self, lefts: &[u32]) {
        let slots = lefts.iter().flat_map(|&left| self.slots_of(left));
        black_box(slots.fold(0, |sum, slot| sum ^ self.members[slot.first as usize]));
    }

    /// Number of records.
    pub(super) fn records(&self) -> u32 {
        self.slot_ends.len() as u32
    }

    /// What a rule speaks about.
    pub(super) fn evidence_of(&self, rule: usize) -> Evidence {
        self.evidence[rule]
    }

    /// The later records that share a key with `left`: record, what the key leaves open, rule; sorted.
    fn partners(&self, left: u32, found: &mut Vec<u64>) {
        found.clear();
        for slot in self.slots_of(left) {
            let first = slot.first as usize;
            let later = &self.members[first..first + usize::from(slot.count)];
            found.extend(
                later
                    .iter()
                    .map(|&right| u64::from(right) << 32 | u64::from(slot.kind)),
            );
        }
        found.sort_unstable();
    }

    fn block(&self, block: usize) -> &[u32] {
        let start = if block == 0 {
            0
        } else {
            self.ends[block - 1] as usize
        };
        &self.members[start..self.ends[block] as usize]
    }
}

/// Indexes the records by every rule: first the groups of all rules, then the size that the budget allows, then blocks.
pub(super) fn build(settings: &Settings, records: &StandardRecords) -> Blocks {
    let rules = blocking_rules();
    let mut reader = Reader::new(records);
    let grouped = group_all(settings, rules, &mut reader, records.len());
    let limit = refine::size_limit(settings, records.len(), grouped.iter().map(|(_, groups)| groups));
    // A slot counts to 65,535.
    let limit = limit.min(usize::from(u16::MAX));
    let none = || Feature::Own(Lists::build(records.len(), |_, _| {}));
    let names = feature("family_or_core", &mut reader).unwrap_or_else(none);
    drop(reader);
    let table = weight::by_size(records.len(), settings.block_size_max);
    let mut all = Groups::with_capacity(
        grouped.iter().map(|(_, groups)| groups.len()).sum(),
        grouped.iter().map(|(_, groups)| groups.members()).sum(),
    );
    let (mut kinds, mut reports) = (Vec::new(), Vec::new());
    for (number, groups) in grouped {
        let rule = &rules[number];
        let is_shareable = refine::is_shareable(rule);
        let mut report =
            refine::bounded_blocks(settings, limit, &groups, is_shareable, &names, records, &mut all);
        report.rule = rule.name;
        reports.push(report);
        let own = all.iter_from(kinds.len());
        kinds.extend(own.map(|block| weight::entry(number as u8, table[block.len()])));
    }
    let (members, ends) = all.into_parts();
    let mut blocks = Blocks {
        members,
        ends,
        kinds,
        slot_ends: vec![0; records.len()],
        slots: Vec::new(),
        evidence: rules.iter().map(evidence_of).collect(),
        level: 0,
        reports,
    };
    let sample = blocks.sample(settings, records);
    let choice = choice::choose(settings, records.len(), &blocks.evidence, &sample);
    blocks.keep(&choice);
    blocks.place();
    blocks
}

/// Which records are sampled: by a hash of all their values, so that neither order nor a name they all share decides.
fn sampled(settings: &Settings, records: &StandardRecords) -> Vec<bool> {
    let limit = choice::sample_limit(settings, records.len());
    let mut hashes = vec![0x5Au64; records.len()];
    for column in records.columns() {
        // Each distinct text once: records mostly read neighbouring cells.
        let cells = (0..column.raw.len() as u32).into_par_iter();
        let of_cell: Vec<u64> = cells.map(|cell| hash_text(column.raw.get(cell))).collect();
        hashes
            .par_iter_mut()
            .zip(&column.cell_of)
            .for_each(|(hash, &cell)| *hash = mix(*hash, of_cell[cell as usize]));
    }
    hashes.into_iter().map(|hash| hash <= limit).collect()
}

impl Blocks {
    /// All pairs of the sampled records, whichever side they are on.
    fn sample(&self, settings: &Settings, records: &StandardRecords) -> Sample {
        let is_sampled = sampled(settings, records);
        let mut places: Vec<(u32, u32)> = Vec::new();
        for block in 0..self.ends.len() {
            let own = self
                .block(block)
                .iter()
                .filter(|&&record| is_sampled[record as usize]);
            places.extend(own.map(|&record| (record, block as u32)));
        }
        places.sort_unstable();
        let mut sample = Sample::default();
        let mut found: Vec<u64> = Vec::new();
        for own in places.chunk_by(|a, b| a.0 == b.0) {
            found.clear();
            for &(record, block) in own {
                let kind = u64::from(self.kinds[block as usize]);
                let others = self
                    .block(block as usize)
                    .iter()
                    .filter(|&&other| other != record);
                found.extend(others.map(|&other| u64::from(other) << 32 | kind));
            }
            found.sort_unstable();
            sample.push_record(&found);
        }
        sample
    }

    /// Drops the blocks that are not read.
    fn keep(&mut self, choice: &Choice) {
        self.level = choice.level;
        let (mut start, mut kept, mut filled) = (0, 0, 0);
        for block in 0..self.ends.len() {
            let (end, kind) = (self.ends[block] as usize, self.kinds[block]);
            let (rule, steps) = weight::rule_and_steps(kind);
            if choice.is_read(rule, steps) {
                self.members.copy_within(start..end, filled);
                filled += end - start;
                self.ends[kept] = filled as u32;
                self.kinds[kept] = kind;
                kept += 1;
            }
            start = end;
        }
        self.members.truncate(filled);
        self.ends.truncate(kept);
        self.kinds.truncate(kept);
        self.members.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.kinds.shrink_to_fit();
    }

    /// Fills the slots: the last member of a block has no later ones and needs none.
    fn place(&mut self) {
        let mut start = 0;
        for &end in &self.ends {
            for &record in &self.members[start..end as usize - 1] {
                self.slot_ends[record as usize] += 1;
            }
            start = end as usize;
        }
        let mut total = 0;
        for end in &mut self.slot_ends {
            total += std::mem::replace(end, total);
        }
        self.slots = vec![Slot::default(); total as usize];
        start = 0;
        for (&end, &kind) in self.ends.iter().zip(&self.kinds) {
            let members = &self.members[start..end as usize];
            for (at, &record) in members[..members.len() - 1].iter().enumerate() {
                let next = &mut self.slot_ends[record as usize];
                self.slots[*next as usize] = Slot {
                    first: (start + at + 1) as u32,
                    count: (members.len() - at - 1) as u16,
                    kind,
                };
                *next += 1;
            }
            start = end as usize;
        }
    }
}

fn evidence_of(rule: &BlockingRule) -> Evidence {
    rule.features.iter().fold(0, |all, name| all | evidence(name))
}

/// The groups of every rule whose fields are there. A feature is held from the first rule that needs it to the last.
fn group_all<'a>(
    settings: &Settings,
    rules: &[BlockingRule],
    reader: &mut Reader<'a>,
    len: usize,
) -> Vec<(usize, Groups)> {
    let mut features: BTreeMap<&str, Option<Feature<'a>>> = BTreeMap::new();
    let mut grouped = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        for &name in rule.features {
            features.entry(name).or_insert_with(|| feature(name, reader));
        }
        let own: Option<Vec<&Feature>> = rule.features.iter().map(|name| features[name].as_ref()).collect();
        if let Some(own) = own {
            let keys = if rule.features.len() == 2 && rule.features[0] == rule.features[1] {
                Keys::Paired(own[0])
            } else {
                Keys::Combined(own)
            };
            grouped.push((number, keys::group(&keys, len, settings.keys_per_record_max)));
        }
        let later = &rules[number + 1..];
        features.retain(|name, _| later.iter().any(|rule| rule.features.contains(name)));
    }
    grouped
}
