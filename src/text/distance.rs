//! Distances between texts, counted in characters.
//!
//! In: two texts. Out: Jaro-Winkler similarity in `0.0..=1.0` (Winkler 1990), Levenshtein distance (1966) or optimal
//! string alignment, which also counts a swap of two neighbours as one edit. `strsim` is the reference; Jaro-Winkler, which
//! is taken of millions of pairs, has a kernel of its own for texts of up to [`KERNEL_CHARS_MAX`] characters: the same
//! arithmetic with the marks of matched characters in two words instead of on the heap, and for ASCII with the places of
//! every letter in a word. Thresholds are the caller's.

/// Longest text, in characters, that the kernel takes: one bit each.
pub const KERNEL_CHARS_MAX: usize = 64;

/// Jaro-Winkler similarity: 1.0 for equal texts, 0.0 for nothing in common. Bit for bit that of `strsim`.
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    if a.is_ascii() && b.is_ascii() {
        if a.len().max(b.len()) <= KERNEL_CHARS_MAX {
            return jaro_winkler_ascii(a.as_bytes(), b.as_bytes());
        }
    } else if let (Some(a), Some(b)) = (Chars::of(a), Chars::of(b)) {
        return kernel(a.get(), b.get());
    }
    strsim::jaro_winkler(a, b)
}

/// The characters of a short text, on the stack.
struct Chars {
    chars: [char; KERNEL_CHARS_MAX],
    len: usize,
}

impl Chars {
    fn of(text: &str) -> Option<Self> {
        let mut chars = ['\0'; KERNEL_CHARS_MAX];
        let mut len = 0;
        for c in text.chars() {
            *chars.get_mut(len)? = c;
            len += 1;
        }
        Some(Self { chars, len })
    }

    fn get(&self) -> &[char] {
        &self.chars[..self.len]
    }
}

/// Jaro-Winkler similarity of ASCII texts of at most [`KERNEL_CHARS_MAX`] bytes each.
///
/// The places of every byte of `b` are one word, so that the first free one in reach of a byte of `a` is found at once.
///
/// # Panics
/// When a text is longer.
pub fn jaro_winkler_ascii(a: &[u8], b: &[u8]) -> f64 {
    assert!(a.len().max(b.len()) <= KERNEL_CHARS_MAX);
    let mut places = [0_u64; 128];
    for (j, &byte) in b.iter().enumerate() {
        places[usize::from(byte & 127)] |= 1 << j;
    }
    similarity(a, b, |unit, reach| places[usize::from(unit & 127)] & reach)
}

/// Similarity of at most 64 units each.
fn kernel<T: Copy + PartialEq>(a: &[T], b: &[T]) -> f64 {
    similarity(a, b, |unit, reach| {
        let mut rest = reach;
        while rest != 0 {
            if b[rest.trailing_zeros() as usize] == unit {
                return rest;
            }
            rest &= rest - 1;
        }
        0
    })
}

/// Similarity of at most 64 units each. Of the places in `reach` (a set of bits), `find` gives those of `b` that hold the
/// unit; the lowest bit of what it gives must be the first of them.
#[inline]
fn similarity<T: Copy + PartialEq>(a: &[T], b: &[T], find: impl Fn(T, u64) -> u64) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() && b.is_empty() { 1.0 } else { 0.0 };
    }
    let range = (a.len().max(b.len()) / 2).saturating_sub(1);
    let within = u64::MAX >> (64 - b.len());
    let (mut a_marks, mut free) = (0_u64, within);
    // The places in reach of unit i: from i - range to i + range.
    let mut reach = u64::MAX >> (63 - range);
    for (i, &unit) in a.iter().enumerate() {
        let found = find(unit, free & reach);
        free &= !(found & found.wrapping_neg());
        a_marks |= u64::from(found != 0) << i;
        reach = (reach << 1) | u64::from(i < range);
    }
    let b_marks = within & !free;
    let matches = a_marks.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let mut swapped = 0_u32;
    let mut left = b_marks;
    let mut marks = a_marks;
    while marks != 0 {
        let (i, j) = (marks.trailing_zeros(), left.trailing_zeros());
        swapped += u32::from(a[i as usize] != b[j as usize]);
        marks &= marks - 1;
        left &= left - 1;
    }
    let found = f64::from(matches);
    let in_order = f64::from(matches - swapped / 2);
    let similarity = (found / a.len() as f64 + found / b.len() as f64 + in_order / found) / 3.0;
    if similarity <= 0.7 {
        return similarity;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
    similarity + 0.1 * prefix as f64 * (1.0 - similarity)
}

/// Levenshtein distance: inserted, deleted and replaced characters.
pub fn levenshtein(a: &str, b: &str) -> usize {
    strsim::levenshtein(a, b)
}

/// Optimal string alignment distance, when it is at most `max`.
///
/// # Examples
/// ```
/// use guiyi::text::distance::osa_within;
/// assert_eq!(osa_within("13812345678", "13812354678", 1), Some(1));
/// assert_eq!(osa_within("王伟", "李娜", 1), None);
/// ```
pub fn osa_within(a: &str, b: &str, max: usize) -> Option<usize> {
    let (left, right) = (a.chars().count(), b.chars().count());
    if left.abs_diff(right) > max {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= max).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_kernel_is_strsim_bit_for_bit(
            a in "[abcd王李 é]{0,12}|.{0,80}", b in "[abcd王李 é]{0,12}|.{0,80}"
        ) {
            prop_assert_eq!(jaro_winkler(&a, &b).to_bits(), strsim::jaro_winkler(&a, &b).to_bits());
        }

        #[test]
        fn the_kernel_takes_bytes_as_it_takes_characters(a in "[a-d]{0,70}", b in "[a-d]{0,70}") {
            prop_assert_eq!(jaro_winkler(&a, &b).to_bits(), strsim::jaro_winkler(&a, &b).to_bits());
        }
    }
}
