//! Blocks within the budget: what is too large is split by further keys of its records.

use crate::block::Settings;
use crate::block::features::Feature;
use crate::block::features::feature;
use crate::block::index::Entry;
use crate::block::index::Groups;
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

/// Blocks of at most `limit` records: groups within it as they are, larger ones refined.
pub(super) fn bounded_blocks(limit: usize, groups: &Groups, refiners: &[Feature]) -> (Groups, RuleReport) {
    let mut report = RuleReport {
        rule: "",
        blocks: 0,
        pairs: 0,
        block_size_max: 0,
        refined: 0,
        pairs_dropped: 0,
    };
    let mut blocks = Groups::default();
    for (key, group) in groups.with_keys() {
        if group.len() <= limit {
            blocks.push(key, group.iter().copied());
        } else {
            report.refined += 1;
            report.pairs_dropped += split(key, group, limit, refiners, &mut blocks);
        }
    }
    for block in blocks.iter() {
        report.blocks += 1;
        report.pairs += pairs(block.len());
        report.block_size_max = report.block_size_max.max(block.len() as u64);
    }
    (blocks, report)
}

fn pairs(size: usize) -> u64 {
    (size as u64) * (size as u64 - 1) / 2
}

/// The largest block size at which the blocks of all rules together stay within the budget.
///
/// Small blocks come first whatever their rule: the fewer records share a key, the more it says.
pub(super) fn size_limit<'a>(
    settings: &Settings,
    records: usize,
    groups: impl Iterator<Item = &'a Groups>,
) -> usize {
    let budget = (settings.pairs_per_record_max * records as f64) as u64;
    let mut blocks_of_size = vec![0u64; settings.block_size_max + 1];
    for group in groups.flat_map(Groups::iter) {
        if let Some(blocks) = blocks_of_size.get_mut(group.len()) {
            *blocks += 1;
        }
    }
    let mut spent = 0;
    let within = |(size, blocks): (usize, &u64)| {
        spent += blocks * if size > 1 { pairs(size) } else { 0 };
        (spent > budget).then(|| size - 1)
    };
    let first_above = blocks_of_size.iter().enumerate().find_map(within);
    first_above
        .unwrap_or(settings.block_size_max)
        .max(BLOCK_SIZE_FLOOR)
}

/// Splits one group by every refiner; returns an upper bound of the pairs that no part of it holds.
fn split(key: u64, group: &[u32], limit: usize, refiners: &[Feature], blocks: &mut Groups) -> u64 {
    let mut kept = 0;
    let mut hashes = Vec::new();
    for (number, refiner) in refiners.iter().enumerate() {
        let mut parts: Vec<Entry> = Vec::with_capacity(group.len());
        for &record in group {
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
            blocks.push(part[0].0, part.iter().map(|entry| entry.1));
        }
    }
    pairs(group.len()).saturating_sub(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(sizes: &[u32]) -> Groups {
        let mut entries: Vec<Entry> = Vec::new();
        for (key, &size) in sizes.iter().enumerate() {
            entries.extend((0..size).map(|record| (key as u64, record)));
        }
        Groups::new(&entries)
    }

    #[test]
    fn small_blocks_of_all_rules_are_paid_first() {
        let settings = Settings {
            pairs_per_record_max: 1.0,
            block_size_max: 100,
        };
        let (large, small) = (groups(&[60]), groups(&[10, 10]));
        assert_eq!(size_limit(&settings, 100, [&large, &small].into_iter()), 59);
        assert_eq!(size_limit(&settings, 10_000, [&large, &small].into_iter()), 100);
        assert_eq!(
            size_limit(&settings, 1, [&large].into_iter()),
            BLOCK_SIZE_FLOOR.max(59)
        );
    }

    #[test]
    fn what_cannot_be_refined_is_counted() {
        let (blocks, report) = bounded_blocks(8, &groups(&[20, 5]), &[]);
        assert_eq!(blocks.iter().map(<[u32]>::len).collect::<Vec<_>>(), [5]);
        assert_eq!((report.refined, report.pairs_dropped), (1, 190));
    }
}
