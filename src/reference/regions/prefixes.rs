//! Names at the start of a text, found in one look.
//!
//! In: names of at least two characters with what they stand for. Out: for a text, the names it starts with, longest
//! first. Names are indexed by their first two characters, which few share, so that a look costs one hash and a handful of
//! comparisons and allocates nothing.

use crate::reference::hashing::FixedMap;

/// Names with their values, by the first two characters.
pub(super) struct PrefixIndex<T: 'static> {
    by_head: FixedMap<u64, Vec<(&'static str, Vec<&'static T>)>>,
}

/// The first two characters as one number; 0 for shorter texts.
fn head(text: &str) -> u64 {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) => u64::from(first) << 32 | u64::from(second),
        _ => 0,
    }
}

impl<T> PrefixIndex<T> {
    /// Indexes names; the values of one name keep their order.
    pub(super) fn new(names: impl Iterator<Item = (&'static str, &'static T)>) -> Self {
        let mut by_head: FixedMap<u64, Vec<(&'static str, Vec<&'static T>)>> = FixedMap::default();
        for (name, value) in names.filter(|(name, _)| head(name) != 0) {
            let entries = by_head.entry(head(name)).or_default();
            match entries.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => entries.push((name, vec![value])),
            }
        }
        for entries in by_head.values_mut() {
            entries.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
        }
        Self { by_head }
    }

    /// The names that `text` starts with, longest first, as byte lengths with their values.
    pub(super) fn longest<'index, 'text>(
        &'index self,
        text: &'text str,
    ) -> impl Iterator<Item = (usize, &'index [&'static T])> + use<'index, 'text, T> {
        let entries = self.by_head.get(&head(text)).into_iter().flatten();
        entries
            .filter(move |(name, _)| text.starts_with(name))
            .map(|(name, values)| (name.len(), values.as_slice()))
    }

    /// What a whole text stands for.
    pub(super) fn named(&self, name: &str) -> &[&'static T] {
        let entries = self.by_head.get(&head(name)).into_iter().flatten();
        let mut found = entries.filter(|(known, _)| *known == name);
        found.next().map_or(&[], |(_, values)| values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static VALUES: [u8; 3] = [1, 2, 3];

    #[test]
    fn names_are_found_longest_first_and_whole() {
        let names = [("苏州", &VALUES[0]), ("苏州市", &VALUES[1]), ("苏州", &VALUES[2])];
        let index = PrefixIndex::new(names.into_iter());
        let found: Vec<_> = index.longest("苏州市虎丘区").map(|(n, v)| (n, v.len())).collect();
        assert_eq!(found, [(9, 1), (6, 2)]);
        assert_eq!(index.named("苏州"), [&1, &3]);
        for absent in ["", "苏", "Su", "苏锡"] {
            assert_eq!(index.longest(absent).count(), 0);
            assert!(index.named(absent).is_empty());
        }
    }
}
