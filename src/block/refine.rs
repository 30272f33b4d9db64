//! Blocks within the budget: what is too large is split by further keys of its records.

use crate::block::Settings;
use crate::block::features::Feature;
use crate::block::features::feature;
use crate::block::index::Entry;
use crate::block::rules::REFINERS;
use crate::block::rules::RuleReport;
use crate::model::RecordIndex;
use crate::table::StandardRecords;
use crate::text::hash::mix;

/// Smallest limit of the block size, whatever the budget: true customers have this many records.
const BLOCK_SIZE_FLOOR: usize = 8;

/// The refining features whose columns are there.
pub(super) fn refiners(records: &StandardRecords) -> Vec<Feature<'_>> {
    REFINERS
        .iter()
        .filter_map(|name| feature(name, records))
        .collect()
}

/// Blocks of two or more records made from sorted `entries`, each within the size that the budget allows.
pub(super) fn bounded_blocks(
    settings: &Settings,
    records: usize,
    entries: Vec<Entry>,
    refiners: &[Feature],
) -> (Vec<Vec<u32>>, RuleReport) {
    let mut report = RuleReport {
        rule: "",
        blocks: 0,
        pairs: 0,
        block_size_max: 0,
        refined: 0,
        pairs_dropped: 0,
    };
    let groups: Vec<&[Entry]> = entries
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .collect();
    let limit = size_limit(settings, records, &groups);
    let mut blocks = Vec::with_capacity(groups.len());
    for group in groups {
        if group.len() <= limit {
            blocks.push(group.iter().map(|entry| entry.1).collect());
        } else {
            report.refined += 1;
            report.pairs_dropped += split(group, limit, refiners, &mut blocks);
        }
    }
    report.blocks = blocks.len() as u64;
    report.pairs = blocks.iter().map(|block: &Vec<u32>| pairs(block.len())).sum();
    report.block_size_max = blocks.iter().map(Vec::len).max().unwrap_or(0) as u64;
    (blocks, report)
}

fn pairs(size: usize) -> u64 {
    (size as u64) * (size as u64 - 1) / 2
}

/// The largest block size whose blocks, and all smaller ones, stay within the rule's budget.
fn size_limit(settings: &Settings, records: usize, groups: &[&[Entry]]) -> usize {
    let budget = (settings.pairs_per_record_max * records as f64) as u64;
    let mut sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    sizes.sort_unstable();
    let mut spent = 0;
    let mut limit = settings.block_size_max;
    for size in sizes {
        spent += pairs(size);
        if spent > budget {
            limit = limit.min(size.saturating_sub(1));
            break;
        }
    }
    limit.max(BLOCK_SIZE_FLOOR)
}

/// Splits one block by every refiner; returns an upper bound of the pairs that no part of it holds.
fn split(group: &[Entry], limit: usize, refiners: &[Feature], blocks: &mut Vec<Vec<u32>>) -> u64 {
    let mut kept = 0;
    let mut hashes = Vec::new();
    for (number, refiner) in refiners.iter().enumerate() {
        let mut parts: Vec<Entry> = Vec::with_capacity(group.len());
        for &(key, record) in group {
            hashes.clear();
            refiner.collect(RecordIndex(record), &mut hashes);
            parts.extend(
                hashes
                    .iter()
                    .map(|&hash| (mix(mix(key, number as u64), hash), record)),
            );
        }
        parts.sort_unstable();
        for part in parts
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|part| (2..=limit).contains(&part.len()))
        {
            kept += pairs(part.len());
            blocks.push(part.iter().map(|entry| entry.1).collect());
        }
    }
    pairs(group.len()).saturating_sub(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_above_the_budget_lowers_the_limit_for_all_of_its_size() {
        let settings = Settings {
            pairs_per_record_max: 1.0,
            block_size_max: 100,
        };
        let large: Vec<Entry> = (0..60).map(|record| (1, record)).collect();
        let small: Vec<Entry> = (60..70).map(|record| (2, record)).collect();
        assert_eq!(size_limit(&settings, 100, &[&large, &small]), 59);
        assert_eq!(size_limit(&settings, 10_000, &[&large, &small]), 100);
    }

    #[test]
    fn what_cannot_be_refined_is_counted() {
        let settings = Settings {
            pairs_per_record_max: 0.0,
            block_size_max: 8,
        };
        let entries: Vec<Entry> = (0..20).map(|record| (5, record)).collect();
        let (blocks, report) = bounded_blocks(&settings, 20, entries, &[]);
        assert!(blocks.is_empty());
        assert_eq!((report.refined, report.pairs_dropped), (1, 190));
    }
}
