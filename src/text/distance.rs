//! Distances between texts, counted in characters.
//!
//! In: two texts. Out: Jaro-Winkler similarity in `0.0..=1.0` (Winkler 1990), Levenshtein distance (1966) or optimal
//! string alignment, which also counts a swap of two neighbours as one edit. `strsim` does the work; the bounded form
//! answers early when the lengths alone decide. Thresholds are the caller's.

/// Jaro-Winkler similarity: 1.0 for equal texts, 0.0 for nothing in common.
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
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
