//! Blocks within the budget: what is too large, or shared by many names, is split by further keys of its records.
//!
//! Rules on names are refined by the other rules on names: a common name with a birth date, a year, a place is a key of its
//! own. A telephone, mail address, house or identifier has no such rules. Their blocks are split here, by names, dates and
//! each other, when there are too many members or when the members have many different names: an agent's telephone, an
//! address where companies are registered by the hundred. Members that no split brings into small parts are put in the
//! order of their values and meet their neighbours only (Hernández, Stolfo: *The merge/purge problem*, 1995).

use crate::block::Settings;
use crate::block::features::Feature;
use crate::block::features::SHAREABLE;
use crate::block::features::collect;
use crate::block::features::evidence;
use crate::block::keys::Groups;
use crate::block::rules::BlockingRule;
use crate::block::rules::REFINERS;
use crate::block::rules::RuleReport;
use crate::model::RecordIndex;
use crate::table::StandardRecords;

/// Appends to `blocks` those of at most `limit` records: groups within it as they are, larger and shared ones refined where
/// the rule is of a kind that no other one refines (`is_shareable`); `names` tells the records' names apart.
pub(super) fn bounded_blocks(
    settings: &Settings,
    limit: usize,
    groups: &Groups,
    is_shareable: bool,
    names: &Feature,
    records: &StandardRecords,
    blocks: &mut Groups,
) -> RuleReport {
    let mut report = RuleReport::default();
    let first = blocks.len();
    for group in groups.iter() {
        let is_shared = is_shareable && has_many_names(settings, group, names);
        report.shared += u64::from(is_shared);
        if group.len() <= limit && !is_shared {
            blocks.push(group.iter().copied());
            continue;
        }
        let mut kept = 0;
        if is_shareable {
            report.refined += 1;
            kept = split(settings, group, limit, records, blocks);
        }
        report.pairs_dropped += pairs(group.len()).saturating_sub(kept);
    }
    for block in blocks.iter_from(first) {
        report.blocks += 1;
        report.pairs += pairs(block.len());
        report.block_size_max = report.block_size_max.max(block.len() as u64);
    }
    report
}

fn pairs(size: usize) -> u64 {
    (size as u64) * (size as u64 - 1) / 2
}

/// The largest block size at which the blocks of all rules together stay within what may be looked up.
///
/// Small blocks come first whatever their rule: the fewer records share a key, the more it says.
pub(super) fn size_limit<'a>(
    settings: &Settings,
    records: usize,
    groups: impl Iterator<Item = &'a Groups>,
) -> usize {
    let budget = ((settings.pairs_per_record_max * settings.lookups_per_pair * records as f64) as u64)
        .max(settings.lookups_free);
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
        .max(settings.block_size_floor)
}

/// Have at least half of the members, and a least number, a name of their own?
fn has_many_names(settings: &Settings, group: &[u32], names: &Feature) -> bool {
    if group.len() < settings.shared_names_min {
        return false;
    }
    let first = |&record: &u32| names.of(record as usize).first().copied();
    let mut own: Vec<u32> = group.iter().filter_map(first).collect();
    own.sort_unstable();
    own.dedup();
    own.len() >= settings.shared_names_min.max(group.len() / 2)
}

/// May values under this rule be shared by many customers, and does no rule combine them with a name? Near keys are left
/// to the rules of the values themselves.
pub(super) fn is_shareable(rule: &BlockingRule) -> bool {
    let is_exact = |name: &&str| !name.ends_with("_near");
    rule.features
        .iter()
        .all(|name| is_exact(name) && evidence(name) & !SHAREABLE == 0)
}

/// A record in the order of its values under the refiners.
type Place = ([u32; REFINERS.len()], u32);

/// Splits one group by every refiner; returns an upper bound of the pairs that its parts hold.
fn split(
    settings: &Settings,
    group: &[u32],
    limit: usize,
    records: &StandardRecords,
    blocks: &mut Groups,
) -> u64 {
    let mut kept = 0;
    let mut is_rest = false;
    let mut order: Vec<Place> = group
        .iter()
        .map(|&record| ([0; REFINERS.len()], record))
        .collect();
    let mut hashes = Vec::new();
    for (number, name) in REFINERS.iter().enumerate() {
        let mut parts: Vec<u64> = Vec::with_capacity(group.len());
        for place in &mut order {
            hashes.clear();
            collect(name, records, RecordIndex(place.1), &mut hashes);
            let key = |&hash: &u32| u64::from(hash) << 32 | u64::from(place.1);
            parts.extend(hashes.iter().map(key));
            place.0[number] = hashes.first().copied().unwrap_or(0);
        }
        parts.sort_unstable();
        parts.dedup();
        for part in parts.chunk_by(|a, b| a >> 32 == b >> 32) {
            if part.len() > limit {
                is_rest = true;
            } else if part.len() > 1 {
                kept += pairs(part.len());
                blocks.push(part.iter().map(|&entry| entry as u32));
            }
        }
    }
    if is_rest {
        kept += meet_neighbours(settings.neighbours, order, blocks);
    }
    kept
}

/// Puts the records in the order of all their values and makes blocks of neighbours that overlap by half.
fn meet_neighbours(neighbours: usize, mut order: Vec<Place>, blocks: &mut Groups) -> u64 {
    order.sort_unstable();
    let mut kept = 0;
    for start in (0..order.len()).step_by((neighbours / 2).max(1)) {
        let end = order.len().min(start + neighbours);
        if end - start < 2 {
            continue;
        }
        let mut block: Vec<u32> = order[start..end].iter().map(|place| place.1).collect();
        block.sort_unstable();
        kept += pairs(block.len());
        blocks.push(block);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::lists::Lists;

    fn groups(sizes: &[u32]) -> Groups {
        let mut groups = Groups::default();
        sizes.iter().for_each(|&size| groups.push(0..size));
        groups
    }

    #[test]
    fn small_blocks_of_all_rules_are_looked_up_first() {
        let settings = Settings {
            pairs_per_record_max: 1.0,
            block_size_max: 5_000,
            ..Settings::default()
        };
        // The pairs of the large block are more than any file may look up.
        let (large, small) = (groups(&[4_800]), groups(&[10, 10]));
        assert_eq!(size_limit(&settings, 100, [&large, &small].into_iter()), 4_799);
        assert_eq!(
            size_limit(&settings, 10_000_000, [&large, &small].into_iter()),
            5_000
        );
        assert_eq!(size_limit(&settings, 1, [&small].into_iter()), 5_000);
    }

    #[test]
    fn what_is_not_refined_is_counted() {
        let none = StandardRecords::default();
        let mut blocks = Groups::default();
        let report = bounded_blocks(
            &Settings::default(),
            8,
            &groups(&[20, 5]),
            false,
            &Feature::Own(Lists::default()),
            &none,
            &mut blocks,
        );
        assert_eq!(blocks.iter().map(<[u32]>::len).collect::<Vec<_>>(), [5]);
        assert_eq!((report.refined, report.pairs_dropped), (0, 190));
    }

    #[test]
    fn neighbours_in_the_order_of_values_meet() {
        let mut blocks = Groups::default();
        meet_neighbours(
            8,
            (0..100u32).map(|at| ([at; REFINERS.len()], 99 - at)).collect(),
            &mut blocks,
        );
        for left in 0..99 {
            assert!(
                blocks
                    .iter()
                    .any(|block| block.contains(&left) && block.contains(&(left + 1)))
            );
        }
        assert!(blocks.iter().all(|block| block.len() <= 8 && block.is_sorted()));
    }
}
