//! Lists of hashes, flat: one list for every text of a pool or for every record.

use rayon::prelude::*;

/// Lists made by one task.
const CHUNK: usize = 8_192;

/// Short lists of 32-bit hashes, one after the other.
#[derive(Debug, Default)]
pub(super) struct Lists {
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Lists {
    /// `len` lists; `fill(at, hashes)` appends list `at`.
    pub(super) fn build(len: usize, fill: impl Fn(usize, &mut Vec<u32>) + Sync) -> Self {
        let parts: Vec<Self> = (0..len.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let range = chunk * CHUNK..len.min((chunk + 1) * CHUNK);
                let mut part = Self {
                    ends: Vec::with_capacity(range.len()),
                    hashes: Vec::with_capacity(range.len()),
                };
                for at in range {
                    fill(at, &mut part.hashes);
                    part.ends.push(part.hashes.len() as u32);
                }
                part
            })
            .collect();
        let mut all = Self {
            ends: Vec::with_capacity(len),
            hashes: Vec::with_capacity(parts.iter().map(|part| part.hashes.len()).sum()),
        };
        for part in parts {
            let start = all.hashes.len() as u32;
            all.ends.extend(part.ends.iter().map(|end| end + start));
            all.hashes.extend(part.hashes);
        }
        all
    }

    /// List `at`.
    #[inline]
    pub(super) fn of(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.hashes[start..self.ends[at] as usize]
    }
}
