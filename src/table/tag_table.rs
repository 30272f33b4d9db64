//! Codes found by a 32-bit tag.
//!
//! In: tags (the upper half of a hash) with codes from 1. Out: the codes that have a tag. A slot holds tag and code in
//! eight bytes, is placed by the first bits of the tag, and the next free slot takes what finds its own taken (linear
//! probing; Knuth, The Art of Computer Programming 3, section 6.4, algorithm L). Since the first bits give the place, a
//! table that grows moves its slots in their order, and reads neither text nor hash again. Whether a code is the one
//! looked for is the caller's to say.

use std::hint::black_box;

/// Slots below which a table stays in the processor's nearest memory, so that touching ahead gains nothing.
const WARM_SLOTS_MIN: usize = 1 << 12;

/// Codes by tag.
#[derive(Debug, Clone, Default)]
pub struct TagTable {
    /// Code in the upper half, tag in the lower; 0 is a free slot. A power of two, or none.
    slots: Vec<u64>,
    /// Bits of a tag that are no part of its place.
    shift: u32,
    len: usize,
}

impl TagTable {
    /// The first code with this tag of which `is_same` holds.
    #[inline]
    pub fn find(&self, tag: u32, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = self.home(tag);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let code = (slot >> 32) as u32;
            if slot as u32 == tag && is_same(code) {
                return Some(code);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a code, which must not be 0.
    #[inline]
    pub fn insert(&mut self, tag: u32, code: u32) {
        debug_assert!(code != 0);
        // At most five eighths full: beyond, the runs of taken slots grow long.
        if (self.len + 1) * 8 > self.slots.len() * 5 {
            self.grow();
        }
        self.place(u64::from(code) << 32 | u64::from(tag));
        self.len += 1;
    }

    /// Reads the slots of `tags`, and through `touch` what the codes found there stand for, all before anything waits.
    #[inline]
    pub fn warm(&self, tags: &[u32], touch: impl Fn(u32) -> u64) {
        if self.slots.len() < WARM_SLOTS_MIN {
            return;
        }
        let mut codes = [0u32; 32];
        for (code, &tag) in codes.iter_mut().zip(tags) {
            let slot = self.slots[self.home(tag)];
            *code = if slot as u32 == tag {
                (slot >> 32) as u32
            } else {
                0
            };
        }
        let codes = &codes[..tags.len().min(32)];
        black_box(codes.iter().fold(0, |sum: u64, &code| sum ^ touch(code)));
    }

    fn home(&self, tag: u32) -> usize {
        (tag >> self.shift) as usize
    }

    fn place(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut at = self.home(slot as u32);
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        // Above 2^32 slots, which no column of 2^32 codes needs, the tag's bits would not tell places apart.
        self.shift = u32::BITS - size.ilog2().min(u32::BITS - 1);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for slot in old.into_iter().filter(|&slot| slot != 0) {
            self.place(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash::hash_text;

    #[test]
    fn codes_are_found_by_tag_and_by_what_they_stand_for() {
        let mut table = TagTable::default();
        assert_eq!(table.find(7, |_| true), None);
        let texts: Vec<String> = (0..5_000).map(|i| format!("客户{i}")).collect();
        let tag = |text: &str| (hash_text(text) >> 32) as u32;
        for (at, text) in texts.iter().enumerate() {
            table.insert(tag(text), at as u32 + 1);
        }
        // One tag twice, at the last place of the table.
        table.insert(u32::MAX, 6_001);
        table.insert(u32::MAX, 6_002);
        for (at, text) in texts.iter().enumerate() {
            let found = table.find(tag(text), |code| texts.get(code as usize - 1) == Some(text));
            assert_eq!(found, Some(at as u32 + 1));
        }
        assert_eq!(table.find(u32::MAX, |code| code == 6_002), Some(6_002));
        assert_eq!(table.find(u32::MAX, |_| false), None);
    }
}
