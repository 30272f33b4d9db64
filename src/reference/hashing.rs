//! Fast, fixed hashing for lookups in the reference lists.
//!
//! In: keys of the embedded lists and texts looked up in them. Out: [`FixedMap`] and [`FixedSet`], hashed by the project's
//! own [`hash_bytes`], so that no order depends on chance. The keys come from this program, so no attacker chooses them.

use crate::text::hash::hash_bytes;
use crate::text::hash::mix;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

/// A map with the fixed hash.
pub(super) type FixedMap<K, V> = hashbrown::HashMap<K, V, BuildHasherDefault<FixedHasher>>;
/// A set with the fixed hash.
pub(super) type FixedSet<K> = hashbrown::HashSet<K, BuildHasherDefault<FixedHasher>>;

/// A hasher over [`hash_bytes`]; numbers are mixed in directly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FixedHasher(u64);

impl Hasher for FixedHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = if self.0 == 0 {
            hash_bytes(bytes)
        } else {
            mix(self.0, hash_bytes(bytes))
        };
    }

    // The byte that ends a text says nothing where keys are single texts.
    fn write_u8(&mut self, value: u8) {
        self.0 = self.0.wrapping_add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = mix(self.0, u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mix(self.0, value);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_found_again() {
        let map: FixedMap<&str, u32> = [("苏州", 1), ("Suzhou", 2), ("", 3)].into_iter().collect();
        assert_eq!(
            (map.get("苏州"), map.get("Suzhou"), map.get("")),
            (Some(&1), Some(&2), Some(&3))
        );
        assert_eq!(map.get("无锡"), None);
        let set: FixedSet<char> = "赵钱孙".chars().collect();
        assert!(set.contains(&'钱') && !set.contains(&'李'));
    }
}
