//! What sharing blocking keys says.
//!
//! A key that k of n records share says log2(n / k) bits: among unrelated records one pair in n / k shares it by chance.
//! Keys of one pair overlap in what they speak about (a name and a birth date; the same name and a place): they are taken
//! in the order of what they say, and of each only the share of its evidence that no earlier key spoke about. A pair whose
//! keys together say log2(n) bits is one that chance makes less than once a record. This is the weighing of
//! meta-blocking (Papadakis, Koutrika, Palpanas, Nejdl: *Meta-Blocking*, TKDE 2014) with one weight for each evidence.

use crate::block::features::Evidence;

/// Steps of a bit.
pub(super) const STEPS: u32 = 8;

/// What sharing a key says, in steps, by the number of records that share it, up to `size_max`.
pub(super) fn by_size(records: usize, size_max: usize) -> Vec<u8> {
    let steps = |size: usize| {
        let bits = libm::log2(records.max(1) as f64 / size.max(1) as f64);
        (bits * f64::from(STEPS)).clamp(0.0, 255.0) as u8
    };
    (0..=size_max.max(16)).map(steps).collect()
}

/// The lower half of an entry: sorts by what the key says, most first, then by rule.
pub(super) fn entry(rule: u8, steps: u8) -> u16 {
    u16::from(255 - steps) << 8 | u16::from(rule)
}

/// Rule and weight of an entry.
pub(super) fn rule_and_steps(entry: u16) -> (u8, u8) {
    (entry as u8, 255 - (entry >> 8) as u8)
}

/// What identifying one record among all says, in steps.
pub(super) fn whole(records: usize) -> u32 {
    (libm::log2(records.max(1) as f64) * f64::from(STEPS)) as u32
}

/// What the keys of one pair say together, in steps; `entries` are the lower 16 bits of its sorted entries.
pub(super) fn together(of_rule: &[Evidence], entries: impl Iterator<Item = u16>) -> u32 {
    let mut spoken: Evidence = 0;
    let mut sum = 0;
    for entry in entries {
        let own = of_rule[usize::from(entry & 0xFF)];
        let new = own & !spoken;
        if new != 0 {
            sum += u32::from(255 - (entry >> 8)) * new.count_ones() / own.count_ones();
            spoken |= own;
        }
    }
    sum
}
