//! Lists of hashes: one list for every text of a pool or for every record.
//!
//! Lists are made in stretches by several threads and stay in them: nothing is copied together. Where no list of a stretch
//! has more than one hash, as with most values of most fields, it holds a hash a list and no ends.

use rayon::prelude::*;

/// Lists of one stretch, as a power of two.
const STRETCH_BITS: u32 = 13;

/// Lists of one stretch.
const STRETCH: usize = 1 << STRETCH_BITS;

/// Short lists of 32-bit hashes.
#[derive(Debug, Default)]
pub(super) struct Lists {
    stretches: Vec<Stretch>,
}

/// Neighbouring lists.
#[derive(Debug)]
struct Stretch {
    /// Per list, its end; none when `hashes` has one hash a list, with 0 for none.
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Lists {
    /// `len` lists; `fill(at, hashes)` appends list `at`.
    pub(super) fn build(len: usize, fill: impl Fn(usize, &mut Vec<u32>) + Sync) -> Self {
        let stretch = |at: usize| {
            let range = at * STRETCH..len.min((at + 1) * STRETCH);
            let mut ends = Vec::with_capacity(range.len());
            let mut hashes = Vec::with_capacity(range.len());
            for at in range {
                fill(at, &mut hashes);
                ends.push(hashes.len() as u32);
            }
            Stretch { ends, hashes }.settled()
        };
        let stretches = (0..len.div_ceil(STRETCH)).into_par_iter().map(stretch);
        Self {
            stretches: stretches.collect(),
        }
    }

    /// Has no list more than one hash?
    pub(super) fn is_single(&self) -> bool {
        self.stretches.iter().all(|stretch| stretch.ends.is_empty())
    }

    /// List `at`.
    #[inline]
    pub(super) fn of(&self, at: usize) -> &[u32] {
        let stretch = &self.stretches[at >> STRETCH_BITS];
        let at = at & (STRETCH - 1);
        if stretch.ends.is_empty() {
            let start = at + usize::from(stretch.hashes[at] == 0);
            return &stretch.hashes[start..=at];
        }
        let start = if at == 0 { 0 } else { stretch.ends[at - 1] as usize };
        &stretch.hashes[start..stretch.ends[at] as usize]
    }
}

impl Stretch {
    /// The same lists without ends where these tell nothing.
    fn settled(mut self) -> Self {
        let mut start = 0;
        let is_single = self
            .ends
            .iter()
            .all(|&end| end - std::mem::replace(&mut start, end) <= 1);
        // A hash of 0 would read as none.
        if !is_single || self.hashes.contains(&0) {
            self.hashes.shrink_to_fit();
            return self;
        }
        let mut start = 0;
        let of_list = |&end: &u32| {
            let has_one = end > std::mem::replace(&mut start, end);
            if has_one { self.hashes[end as usize - 1] } else { 0 }
        };
        let hashes = self.ends.iter().map(of_list).collect();
        Self {
            ends: Vec::new(),
            hashes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists of `STRETCH + 3` texts, each as long as `len_of` says.
    fn check(len_of: impl Fn(usize) -> usize + Sync, hash_of: impl Fn(usize) -> u32 + Sync) {
        let list = |at: usize| (0..len_of(at)).map(|_| hash_of(at)).collect::<Vec<u32>>();
        let lists = Lists::build(STRETCH + 3, |at, out| out.extend(list(at)));
        for at in 0..STRETCH + 3 {
            assert_eq!(lists.of(at), list(at), "{at}");
        }
    }

    #[test]
    fn lists_are_as_they_were_filled() {
        check(|_| 1, |at| at as u32 + 1);
        check(|at| at % 2, |at| at as u32 + 1);
        check(|at| at % 4, |at| at as u32);
        check(|_| 0, |_| 0);
        // A hash that happens to be 0.
        check(|at| at % 2, |at| at as u32 % 5);
    }
}
