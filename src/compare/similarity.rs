//! Similarity of two short texts.

use crate::text::distance::jaro_winkler;

/// Jaro–Winkler similarity at which Latin names count as close (Splink's upper fuzzy level).
const CLOSE: f64 = 0.92;

/// Jaro–Winkler similarity at which Latin names count as near (Splink's middle fuzzy level).
const NEAR: f64 = 0.88;

/// Nearness of two texts that are not equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// Unlike.
    Unlike,
    /// One is the initial of the other.
    Initial,
    /// Alike with several differences, or one is cut short.
    Near,
    /// One typing error apart, or very alike.
    Close,
    /// Equal.
    Equal,
}

/// Is every character a Han character (or any other letter beyond U+2E80)?
pub(super) fn is_han(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c >= '\u{2E80}')
}

/// Are the texts at most one insertion, deletion, substitution or swap of neighbours apart?
///
/// The same as an optimal string alignment distance of at most 1, but linear and without allocation: what is left between
/// the common beginning and the common end must be one character, or two that change places.
pub(super) fn is_one_edit(left: &str, right: &str) -> bool {
    if left.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let beginning: usize = left
        .chars()
        .zip(right.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (left, right) = (&left[beginning..], &right[beginning..]);
    let end: usize = left
        .chars()
        .rev()
        .zip(right.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (mut left, mut right) = (
        left[..left.len() - end].chars(),
        right[..right.len() - end].chars(),
    );
    match (left.next(), left.next(), right.next(), right.next()) {
        (_, None, _, None) => true,
        (Some(a), Some(b), Some(c), Some(d)) => {
            a == d && b == c && left.next().is_none() && right.next().is_none()
        }
        _ => false,
    }
}

/// Are the texts one insertion, deletion or swap of neighbours apart? A character in the place of another is no slip: it often
/// makes another name.
pub(super) fn is_slip<T: DoubleEndedIterator<Item = char> + Clone>(left: T, right: T) -> bool {
    let lengths = [&left, &right].map(|text| text.clone().count());
    let shorter = lengths[0].min(lengths[1]);
    let same = |(a, b): &(char, char)| a == b;
    let beginning = left.clone().zip(right.clone()).take_while(same).count();
    let ends = left.clone().rev().zip(right.clone().rev());
    let end = ends.take_while(same).count().min(shorter - beginning);
    match lengths.map(|length| length - beginning - end) {
        [1, 0] | [0, 1] => true,
        [2, 2] => left.skip(beginning).take(2).eq(right
            .skip(beginning)
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()),
        _ => false,
    }
}

/// Nearness of two non-empty names in any script.
///
/// Jaro–Winkler misranks Chinese names (one character is half a name), so Han texts are near only by one edit in three
/// or more characters; homophones are the caller's business.
pub(super) fn nearness(left: &str, right: &str) -> Nearness {
    if left == right {
        return Nearness::Equal;
    }
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    if is_han(short) || is_han(long) {
        let enough = short.chars().count() >= 3;
        return if enough && is_one_edit(left, right) {
            Nearness::Close
        } else {
            Nearness::Unlike
        };
    }
    if short.chars().nth(1).is_none() {
        return if long.starts_with(short) {
            Nearness::Initial
        } else {
            Nearness::Unlike
        };
    }
    latin_nearness(
        (left.len(), right.len()),
        jaro_winkler(left, right),
        || is_one_edit(left, right),
        || long.starts_with(short),
    )
}

/// Nearness of two unequal texts of two characters and more that are no Han texts: by their lengths in bytes, their
/// Jaro–Winkler similarity, and where these leave it open, by whether they are one edit apart or one begins the other.
#[inline]
pub(super) fn latin_nearness(
    (left, right): (usize, usize),
    similarity: f64,
    is_one_edit: impl FnOnce() -> bool,
    is_beginning: impl FnOnce() -> bool,
) -> Nearness {
    let short = left.min(right);
    if similarity >= CLOSE || (short >= 4 && similarity > 0.7 && is_one_edit()) {
        return Nearness::Close;
    }
    if similarity >= NEAR || (short >= 3 && is_beginning()) {
        Nearness::Near
    } else {
        Nearness::Unlike
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_slip_is_one_edit_and_leaves_a_character_or_its_neighbour(a in "[ab王伟]{0,6}", b in "[ab王伟]{0,6}") {
            let is_replaced = a.chars().count() == b.chars().count()
                && a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() < 2;
            let expected = strsim::osa_distance(&a, &b) == 1 && !is_replaced;
            proptest::prop_assert_eq!(is_slip(a.chars(), b.chars()), expected);
        }

        #[test]
        fn one_edit_is_an_alignment_distance_of_at_most_one(a in "[ab王伟]{0,6}", b in "[ab王伟]{0,6}") {
            proptest::prop_assert_eq!(is_one_edit(&a, &b), strsim::osa_distance(&a, &b) <= 1);
        }
    }

    #[test]
    fn a_slip_is_an_edit_that_replaces_no_character() {
        let is_slip = |left: &str, right: &str| is_slip(left.chars(), right.chars());
        assert!(is_slip("运春博车汽租赁", "运春博汽车租赁"));
        assert!(is_slip("大天鑫装工程", "大天鑫装饰工程"));
        assert!(is_slip("miller tradding", "miller trading"));
        assert!(is_slip("", "永"));
        assert!(!is_slip("永安实业", "永安置业"));
        assert!(!is_slip("marten trading", "martin trading"));
        assert!(!is_slip("永安实业", "永安实业"));
        assert!(!is_slip("永永安安", "安永永安"));
    }

    #[test]
    fn latin_and_han_names_have_their_own_nearness() {
        assert_eq!(nearness("armstrong", "armstong"), Nearness::Close);
        assert_eq!(nearness("ann", "a"), Nearness::Initial);
        assert_eq!(nearness("will", "william"), Nearness::Near);
        assert_eq!(nearness("smith", "jones"), Nearness::Unlike);
        assert_eq!(nearness("王芳", "王伟"), Nearness::Unlike);
        assert_eq!(nearness("恒瑞医药", "恒端医药"), Nearness::Close);
        assert_eq!(nearness("ß", "ß"), Nearness::Equal);
    }
}
