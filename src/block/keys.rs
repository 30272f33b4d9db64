//! The keys of one rule over all records, and the records that share one.
//!
//! In: the features of a rule. Out: groups of records by key, members ascending. Method: a first pass over the keys marks
//! in a bit filter which of them may occur twice, a second one keeps the entries of those; entries are spread over buckets
//! by their first bits and sorted there, in cache. Keys are 32 bits wide, so that key and record are one 64-bit number.

use crate::block::features::Feature;
use crate::text::hash::mix;
use rayon::prelude::*;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Records whose keys one task makes.
const CHUNK: usize = 16_384;

/// Buckets that entries are spread over by the first bits of their key.
const BUCKETS: usize = 256;

/// Bits of the filter for every record; with some five keys a record most keys of one record are seen as such.
const FILTER_BITS_PER_RECORD: usize = 16;

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

/// Which keys were seen once, and which more than once; a few keys of one record pass for shared ones.
struct Filter {
    once: Vec<AtomicU64>,
    twice: Vec<AtomicU64>,
    shift: u32,
}

impl Filter {
    fn new(records: usize) -> Self {
        let bits = (records * FILTER_BITS_PER_RECORD)
            .next_power_of_two()
            .clamp(1 << 12, 1 << 30);
        let words = || (0..bits / 64).map(|_| AtomicU64::new(0)).collect();
        Self {
            once: words(),
            twice: words(),
            shift: 32 - bits.trailing_zeros(),
        }
    }

    fn at(&self, key: u32) -> (usize, u64) {
        let bit = key >> self.shift;
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    /// Marks in any order give the same filter.
    fn mark(&self, key: u32) {
        let (word, bit) = self.at(key);
        let is_new = self.once[word].load(Ordering::Relaxed) & bit == 0
            && self.once[word].fetch_or(bit, Ordering::Relaxed) & bit == 0;
        if !is_new && self.twice[word].load(Ordering::Relaxed) & bit == 0 {
            self.twice[word].fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn is_shared(&self, key: u32) -> bool {
        let (word, bit) = self.at(key);
        self.twice[word].load(Ordering::Relaxed) & bit != 0
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
    let chunks = len.div_ceil(CHUNK);
    let records = |chunk: usize| chunk * CHUNK..len.min((chunk + 1) * CHUNK);
    let filter = Filter::new(len);
    (0..chunks).into_par_iter().for_each_init(Vec::new, |own, chunk| {
        for record in records(chunk) {
            keys.of(record, keys_max, own);
            own.iter().for_each(|&key| filter.mark(key));
        }
    });
    let spread: Vec<Spread> = (0..chunks)
        .into_par_iter()
        .map_init(Vec::new, |own, chunk| {
            let mut entries = Vec::new();
            for record in records(chunk) {
                keys.of(record, keys_max, own);
                let shared = own.iter().filter(|&&key| filter.is_shared(key));
                entries.extend(shared.map(|&key| u64::from(key) << 32 | record as u64));
            }
            Spread::new(&entries)
        })
        .collect();
    drop(filter);
    let parts: Vec<Groups> = (0..BUCKETS)
        .into_par_iter()
        .map_init(Vec::new, |entries: &mut Vec<u64>, bucket| {
            entries.clear();
            spread
                .iter()
                .for_each(|part| entries.extend_from_slice(part.of(bucket)));
            entries.sort_unstable();
            // A record that has a key twice has it once.
            entries.dedup();
            Groups::of_sorted(entries)
        })
        .collect();
    drop(spread);
    let mut all = Groups::with_capacity(
        parts.iter().map(Groups::len).sum(),
        parts.iter().map(Groups::members).sum(),
    );
    parts.into_iter().for_each(|part| all.append(part));
    all
}

/// The entries of one chunk by bucket.
struct Spread {
    starts: Vec<u32>,
    entries: Vec<u64>,
}

impl Spread {
    fn new(unsorted: &[u64]) -> Self {
        let bucket = |entry: u64| (entry >> 56) as usize;
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
