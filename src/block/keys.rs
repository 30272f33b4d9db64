//! The keys of one rule over all records, and the records that share one.
//!
//! In: the features of a rule. Out: groups of records by key, members ascending. Method: entries of key and record are
//! spread over buckets by the first bits of the key; in each bucket, which the processor's nearest memory holds, a bit
//! filter drops the entries whose key occurs once, and the others are sorted. Keys are 32 bits wide, so that key and record
//! are one 64-bit number. Where the entries would take much room, they are made in rounds of ascending keys.

use crate::block::features::Feature;
use crate::text::hash::mix;
use rayon::prelude::*;

/// Records whose keys one task makes.
const CHUNK: usize = 16_384;

/// Bits of a key that give its bucket.
const BUCKET_BITS: u32 = 8;

/// Buckets that entries are spread over.
const BUCKETS: usize = 1 << BUCKET_BITS;

/// Entries that one round may hold, of 8 bytes each.
const ROUND_ENTRIES: usize = 1 << 23;

/// Bits of the filter for every entry of a bucket; with four, most keys of one record are seen as such.
const FILTER_BITS_PER_ENTRY: usize = 4;

/// One in so many records is asked how many keys it has.
const ASKED_EVERY: usize = 64;

/// The features of one rule.
pub(super) enum Keys<'a> {
    /// One key for every combination of the features' hashes.
    Combined(Vec<&'a Feature<'a>>),
    /// One key for every two different hashes of one feature, in either order.
    Paired(&'a Feature<'a>),
}

impl Keys<'_> {
    /// The keys of one record, at most `keys_max`, the lowest first where there are more; a key may be there twice.
    fn of(&self, record: usize, keys_max: usize, keys: &mut Vec<u32>) {
        keys.clear();
        match self {
            Self::Paired(feature) => pair_up(feature.of(record), keys),
            Self::Combined(features) => match features[..] {
                [] => {}
                [one] => keys.extend_from_slice(one.of(record)),
                [first, second, ..] => combine(first.of(record), second.of(record), keys),
            },
        }
        if keys.len() > keys_max {
            keys.sort_unstable();
            keys.dedup();
            keys.truncate(keys_max);
        }
    }
}

fn combine(first: &[u32], second: &[u32], keys: &mut Vec<u32>) {
    for &a in first {
        keys.extend(second.iter().map(|&b| short(u64::from(a), u64::from(b))));
    }
}

fn pair_up(hashes: &[u32], keys: &mut Vec<u32>) {
    for (at, &a) in hashes.iter().enumerate() {
        let others = hashes[at + 1..].iter().filter(|&&b| b != a);
        keys.extend(others.map(|&b| short(u64::from(a.min(b)), u64::from(a.max(b)))));
    }
}

fn short(a: u64, b: u64) -> u32 {
    (mix(a, b) >> 32) as u32
}

/// Drops the entries of a bucket whose key no other entry has; a few of them pass.
#[derive(Default)]
struct Filter {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl Filter {
    /// `used` bits of the keys are the same in all entries.
    fn keep_shared(&mut self, entries: &mut Vec<u64>, used: u32) {
        let bits = (entries.len() * FILTER_BITS_PER_ENTRY)
            .next_power_of_two()
            .clamp(1 << 6, 1 << (u32::BITS - used).min(20));
        for words in [&mut self.once, &mut self.twice] {
            words.clear();
            words.resize(bits / 64, 0);
        }
        // Not the bits of the bucket but those behind them tell the keys apart.
        let shift = u64::BITS - bits.trailing_zeros();
        let place = |entry: u64| {
            let bit = entry << used >> shift;
            ((bit >> 6) as usize, 1 << (bit & 63))
        };
        for &entry in entries.iter() {
            let (word, bit) = place(entry);
            self.twice[word] |= self.once[word] & bit;
            self.once[word] |= bit;
        }
        entries.retain(|&entry| {
            let (word, bit) = place(entry);
            self.twice[word] & bit != 0
        });
    }
}

/// The records of every key that two or more share, one flat list; keys and their members ascend.
#[derive(Debug, Default)]
pub(super) struct Groups {
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    /// Adds a group.
    pub(super) fn push(&mut self, members: impl IntoIterator<Item = u32>) {
        self.members.extend(members);
        self.ends.push(self.members.len() as u32);
    }

    /// No groups yet, with room for so many and their members.
    pub(super) fn with_capacity(groups: usize, members: usize) -> Self {
        Self {
            ends: Vec::with_capacity(groups),
            members: Vec::with_capacity(members),
        }
    }

    /// The records of each key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.iter_from(0)
    }

    /// The records of each key from group `first` on.
    pub(super) fn iter_from(&self, first: usize) -> impl Iterator<Item = &[u32]> {
        let mut start = if first == 0 {
            0
        } else {
            self.ends[first - 1] as usize
        };
        self.ends[first..]
            .iter()
            .map(move |&end| &self.members[std::mem::replace(&mut start, end as usize)..end as usize])
    }

    /// The members of all groups, group after group, and the end of each.
    pub(super) fn into_parts(self) -> (Vec<u32>, Vec<u32>) {
        (self.members, self.ends)
    }

    /// Number of groups.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Members of all groups, group after group.
    pub(super) fn members(&self) -> usize {
        self.members.len()
    }

    /// The group of every key in sorted entries that two or more records have.
    fn of_sorted(entries: &[u64]) -> Self {
        let mut groups = Self::default();
        for group in entries
            .chunk_by(|a, b| a >> 32 == b >> 32)
            .filter(|group| group.len() > 1)
        {
            groups.push(group.iter().map(|&entry| entry as u32));
        }
        groups
    }

    fn append(&mut self, other: Self) {
        let start = self.members.len() as u32;
        self.ends.extend(other.ends.iter().map(|end| end + start));
        self.members.extend(other.members);
    }
}

/// Groups the records `0..len` by the keys of a rule, at most `keys_max` a record.
pub(super) fn group(keys: &Keys, len: usize, keys_max: usize) -> Groups {
    let round_bits = round_bits(keys, len, keys_max);
    let rounds = 0..1 << round_bits;
    let parts: Vec<Groups> = rounds
        .flat_map(|round| group_round(keys, (len, keys_max), (round, round_bits)))
        .collect();
    let mut all = Groups::with_capacity(
        parts.iter().map(Groups::len).sum(),
        parts.iter().map(Groups::members).sum(),
    );
    parts.into_iter().for_each(|part| all.append(part));
    all
}

/// The first bits of the keys by which they are put into rounds, so that a round has room for its entries.
fn round_bits(keys: &Keys, len: usize, keys_max: usize) -> u32 {
    let mut own = Vec::new();
    let asked = (0..len).step_by(ASKED_EVERY).map(|record| {
        keys.of(record, keys_max, &mut own);
        own.len()
    });
    let entries = asked.sum::<usize>() * ASKED_EVERY;
    entries.div_ceil(ROUND_ENTRIES).next_power_of_two().ilog2().min(8)
}

/// The groups of the keys whose first `round_bits` bits are `round`.
fn group_round(keys: &Keys, (len, keys_max): (usize, usize), (round, round_bits): (u64, u32)) -> Vec<Groups> {
    let spread: Vec<Spread> = (0..len.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || (Vec::new(), Vec::new()),
            |(own, entries), chunk| {
                entries.clear();
                for record in chunk * CHUNK..len.min((chunk + 1) * CHUNK) {
                    keys.of(record, keys_max, own);
                    let entry = |&key: &u32| u64::from(key) << 32 | record as u64;
                    entries.extend(
                        own.iter()
                            .filter(|&&key| u64::from(key) >> (32 - round_bits) == round)
                            .map(entry),
                    );
                }
                Spread::new(entries, round_bits)
            },
        )
        .collect();
    (0..BUCKETS)
        .into_par_iter()
        .map_init(
            || (Vec::new(), Filter::default()),
            |(entries, filter), bucket| {
                entries.clear();
                spread
                    .iter()
                    .for_each(|part| entries.extend_from_slice(part.of(bucket)));
                filter.keep_shared(entries, round_bits + BUCKET_BITS);
                entries.sort_unstable();
                // A record that has a key twice has it once.
                entries.dedup();
                Groups::of_sorted(entries)
            },
        )
        .collect()
}

/// The entries of one chunk by bucket.
struct Spread {
    starts: Vec<u32>,
    entries: Vec<u64>,
}

impl Spread {
    /// The first `used` bits of the keys are the same in all entries.
    fn new(unsorted: &[u64], used: u32) -> Self {
        let bucket = |entry: u64| (entry << used >> (u64::BITS - BUCKET_BITS)) as usize;
        let mut starts = vec![0u32; BUCKETS + 1];
        for &entry in unsorted {
            starts[bucket(entry) + 1] += 1;
        }
        for at in 0..BUCKETS {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; unsorted.len()];
        for &entry in unsorted {
            let at = &mut next[bucket(entry)];
            entries[*at as usize] = entry;
            *at += 1;
        }
        Self { starts, entries }
    }

    fn of(&self, bucket: usize) -> &[u64] {
        &self.entries[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::lists::Lists;
    use std::collections::BTreeMap;

    #[test]
    fn groups_are_those_of_a_plain_map_in_one_round_or_several() {
        let len = 20_000;
        let hash = |at: u64| (mix(7, at) >> 32) as u32;
        let feature = Feature::Own(Lists::build(len, |record, out| {
            // Shared keys, keys of one record, and one key twice.
            out.extend([
                hash(record as u64 / 3),
                hash(1 << 40 | record as u64),
                hash(record as u64 / 3),
            ]);
        }));
        let keys = Keys::Combined(vec![&feature]);
        let mut plain: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for record in 0..len as u32 {
            for &key in feature.of(record as usize) {
                plain.entry(key).or_default().push(record);
            }
        }
        plain.values_mut().for_each(Vec::dedup);
        plain.retain(|_, members| members.len() > 1);
        for round_bits in [0, 1, 3] {
            let groups: Vec<Groups> = (0..1 << round_bits)
                .flat_map(|round| group_round(&keys, (len, 32), (round, round_bits)))
                .collect();
            let groups: Vec<&[u32]> = groups.iter().flat_map(Groups::iter).collect();
            assert_eq!(groups, plain.values().map(Vec::as_slice).collect::<Vec<_>>());
        }
    }
}
