//! The texts of a pool with a sketch of each: most unlike pairs are told by the sketches, without reading the texts.
//!
//! In: codes of one pool. Out: [`Text`]s that [`is_one_edit`], [`nearness`] and [`is_close`] judge exactly as
//! `similarity` judges the plain texts. A sketch holds the letters as a set of bits, the length, and the text itself when
//! it is short. A letter that only one of two texts has is not matched, so the bits bound every similarity from above.

use crate::compare::similarity;
use crate::compare::similarity::Nearness;
use crate::table::ValuePool;
use crate::text::distance::jaro_winkler_ascii;

/// Bytes of text that a sketch holds.
const HEAD_BYTES: usize = 16;

/// First bits of the set: letters, digits, and buckets of all other characters.
const BUCKETS: u32 = 40;

/// What is known of a text without reading it.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    /// Letters (bits 0 to 25), digits, other characters by bucket; from bit 40 on, letters that occur again, by bucket.
    letters: u64,
    /// First bytes, filled up with zeros.
    head: [u8; HEAD_BYTES],
    bytes: u16,
    chars: u16,
    /// All of it is ASCII.
    is_ascii: bool,
    is_han: bool,
    /// ASCII without NUL, and short enough to be in `head` whole.
    is_whole: bool,
}

impl Sketch {
    fn of(text: &str) -> Self {
        let is_ascii = text.is_ascii();
        let mut head = [0; HEAD_BYTES];
        let shown = text.len().min(HEAD_BYTES);
        head[..shown].copy_from_slice(&text.as_bytes()[..shown]);
        let mut letters = 0_u64;
        let mut chars = 0_usize;
        for c in text.chars() {
            chars += 1;
            let (first, again) = bits(c);
            letters |= if letters & first == 0 { first } else { again };
        }
        Self {
            letters,
            head,
            bytes: u16::try_from(text.len()).unwrap_or(u16::MAX),
            chars: u16::try_from(chars).unwrap_or(u16::MAX),
            is_ascii,
            is_han: !is_ascii && similarity::is_han(text),
            is_whole: is_ascii && text.len() <= HEAD_BYTES && !text.contains('\0'),
        }
    }

    fn head(&self) -> u128 {
        u128::from_le_bytes(self.head)
    }

    /// Characters of this text that the other surely lacks.
    #[inline]
    fn lacking(&self, other: &Self) -> u32 {
        (self.letters & !other.letters).count_ones()
    }

    /// Could the texts be one edit apart (or none)?
    #[inline]
    fn may_be_one_edit(&self, other: &Self) -> bool {
        self.chars.abs_diff(other.chars) <= 1 && self.lacking(other) <= 1 && other.lacking(self) <= 1
    }
}

/// Bits of a character when it occurs, and when it occurs again. Only letters have a second bit: their own first bit tells
/// for certain that they were there before.
fn bits(c: char) -> (u64, u64) {
    match c {
        'a'..='z' => {
            let letter = c as u32 - 'a' as u32;
            (1 << letter, 1 << (BUCKETS + letter % (64 - BUCKETS)))
        }
        '0'..='9' => (1 << (26 + c as u32 - '0' as u32), 0),
        c => {
            let bucket = (c as u32).wrapping_mul(0x9E37_79B1) >> 16;
            (1 << (bucket % BUCKETS), 0)
        }
    }
}

/// The texts of a pool with their sketches.
pub(super) struct Texts<'a> {
    values: &'a ValuePool,
    sketches: Vec<Sketch>,
}

impl<'a> Texts<'a> {
    /// Sketches every text.
    pub(super) fn new(values: &'a ValuePool) -> Self {
        Self {
            values,
            sketches: values.iter().map(Sketch::of).collect(),
        }
    }

    /// The text of a code.
    #[inline]
    pub(super) fn get(&self, code: u32) -> Text<'_> {
        Text {
            sketch: &self.sketches[code as usize],
            values: self.values,
            code,
        }
    }
}

/// One text, read only when its sketch does not tell.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    sketch: &'a Sketch,
    values: &'a ValuePool,
    code: u32,
}

impl<'a> Text<'a> {
    /// The text.
    pub(super) fn text(&self) -> &'a str {
        self.values.get(self.code)
    }

    /// Is there no text?
    pub(super) fn is_empty(&self) -> bool {
        self.sketch.bytes == 0
    }

    /// Is all of it ASCII?
    pub(super) fn is_ascii(&self) -> bool {
        self.sketch.is_ascii
    }

    /// May `self` hold every character of `other`?
    pub(super) fn may_hold(&self, other: Text) -> bool {
        other.sketch.lacking(self.sketch) == 0
    }

    fn bytes(&self) -> &'a [u8] {
        if self.sketch.is_whole {
            &self.sketch.head[..usize::from(self.sketch.bytes)]
        } else {
            self.text().as_bytes()
        }
    }
}

/// As [`similarity::is_one_edit`].
pub(super) fn is_one_edit(left: Text, right: Text) -> bool {
    if !left.sketch.may_be_one_edit(right.sketch) {
        return false;
    }
    if left.sketch.is_whole && right.sketch.is_whole {
        return is_one_edit_of_whole(left.sketch, right.sketch);
    }
    similarity::is_one_edit(left.text(), right.text())
}

/// Two short texts as numbers: what follows the first byte that differs must agree once one side, or both, or a swapped
/// pair is skipped.
fn is_one_edit_of_whole(left: &Sketch, right: &Sketch) -> bool {
    let (long, short) = if left.bytes >= right.bytes {
        (left, right)
    } else {
        (right, left)
    };
    let (a, b) = (long.head(), short.head());
    let differing = a ^ b;
    if differing == 0 {
        return true;
    }
    let at = differing.trailing_zeros() / 8;
    let (a, b) = (a >> (8 * at), b >> (8 * at));
    if long.bytes > short.bytes {
        return long.bytes - short.bytes == 1 && a >> 8 == b;
    }
    let is_swap = a as u8 == (b >> 8) as u8 && (a >> 8) as u8 == b as u8;
    a >> 8 == b >> 8 || (is_swap && a >> 16 == b >> 16)
}

/// Jaro similarity below which Jaro–Winkler stays below a threshold, as thousandths of `3 j - 1`, by common beginning.
type Bound = [u64; 5];

/// For [`similarity::NEAR`]: `3 (0.88 - 0.1 p) / (1 - 0.1 p) - 1`, rounded down, one thousandth less for rounding.
const NEAR: Bound = [1_639, 1_599, 1_549, 1_484, 1_399];

/// For [`similarity::CLOSE`]: the same of 0.92.
const CLOSE: Bound = [1_759, 1_732, 1_699, 1_656, 1_599];

/// Can the Jaro–Winkler similarity reach the threshold that `bound` is of?
///
/// m matched characters, all in order, give `(m/a + m/b + 1) / 3`; m is at most what either text keeps of its letters.
#[inline]
fn may_reach(bound: &Bound, left: &Sketch, right: &Sketch) -> bool {
    if left.chars.max(right.chars) == u16::MAX {
        return true;
    }
    let (a, b) = (u64::from(left.chars), u64::from(right.chars));
    let kept = |all: u64, lacking: u32| all.saturating_sub(u64::from(lacking));
    let matched = kept(a, left.lacking(right)).min(kept(b, right.lacking(left)));
    let beginning = if left.is_ascii && right.is_ascii {
        beginning(left, right).min(4)
    } else {
        4
    };
    matched * (a + b) * 1_000 >= bound[beginning] * a * b
}

/// Common first bytes, as far as the sketches show.
fn beginning(left: &Sketch, right: &Sketch) -> usize {
    let shared = ((left.head() ^ right.head()).trailing_zeros() / 8) as usize;
    shared.min(usize::from(left.bytes.min(right.bytes)))
}

/// As [`similarity::nearness`].
pub(super) fn nearness(left: Text, right: Text) -> Nearness {
    judge(left, right, &NEAR, true)
}

/// Is [`similarity::nearness`] at least [`Nearness::Close`]?
pub(super) fn is_close(left: Text, right: Text) -> bool {
    judge(left, right, &CLOSE, false) >= Nearness::Close
}

/// Nearness, where everything below what `bound` is of may be called unlike.
#[inline]
fn judge(left: Text, right: Text, bound: &Bound, with_beginning: bool) -> Nearness {
    let (a, b) = (left.sketch, right.sketch);
    let may_be_one_edit = a.may_be_one_edit(b);
    if a.is_han || b.is_han {
        // Equal texts are no edit apart.
        return if may_be_one_edit {
            similarity::nearness(left.text(), right.text())
        } else {
            Nearness::Unlike
        };
    }
    let short = if a.bytes <= b.bytes { a } else { b };
    if short.chars >= 2 {
        let may_begin = with_beginning
            && short.bytes >= 3
            && beginning(a, b) >= HEAD_BYTES.min(usize::from(short.bytes));
        if !may_be_one_edit && !may_begin && !may_reach(bound, a, b) {
            return Nearness::Unlike;
        }
    } else if a.is_whole && b.is_whole {
        return match (short.bytes, a.head == b.head) {
            (_, true) => Nearness::Equal,
            (1, _) if a.head[0] != b.head[0] => Nearness::Unlike,
            _ => Nearness::Initial,
        };
    }
    if a.is_ascii && b.is_ascii {
        ascii_nearness(left, right)
    } else {
        similarity::nearness(left.text(), right.text())
    }
}

/// [`similarity::nearness`] of ASCII texts.
fn ascii_nearness(left: Text, right: Text) -> Nearness {
    if !(left.sketch.is_whole && right.sketch.is_whole) {
        return similarity::nearness(left.text(), right.text());
    }
    if left.sketch.head == right.sketch.head {
        return Nearness::Equal;
    }
    let (a, b) = (left.bytes(), right.bytes());
    similarity::latin_nearness(
        (a.len(), b.len()),
        jaro_winkler_ascii(a, b),
        || is_one_edit_of_whole(left.sketch, right.sketch),
        || a.starts_with(b) || b.starts_with(a),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Interner;
    use proptest::prelude::*;

    fn check(a: &str, b: &str) {
        let mut interner = Interner::default();
        let (of_a, of_b) = (interner.intern(a), interner.intern(b));
        let pool = interner.finish();
        let texts = Texts::new(&pool);
        let (left, right) = (texts.get(of_a), texts.get(of_b));
        let plain = similarity::nearness(a, b);
        assert_eq!(nearness(left, right), plain, "{a:?} {b:?}");
        assert_eq!(is_close(left, right), plain >= Nearness::Close, "{a:?} {b:?}");
        assert_eq!(
            is_one_edit(left, right),
            similarity::is_one_edit(a, b),
            "{a:?} {b:?}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn sketches_change_no_nearness_of_short_texts(a in "[abcd]{0,7}", b in "[abcd]{0,7}") {
            check(&a, &b);
        }

        #[test]
        fn sketches_change_no_nearness_of_mixed_texts(
            a in "[a-e王伟李é 1-3.\0]{0,22}", b in "[a-e王伟李é 1-3.\0]{0,22}"
        ) {
            check(&a, &b);
        }

        #[test]
        fn sketches_change_no_nearness_of_a_damaged_text(
            text in "[a-h]{2,20}|[王伟李强电子]{1,6}|[a-hé]{2,18}", at in 0_usize..24, other in "[a-h王]{0,2}", cut in 0_usize..3
        ) {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at % chars.len();
            let end = chars.len().min(at + cut);
            chars.splice(at..end, other.chars());
            let damaged: String = chars.iter().collect();
            check(&text, &damaged);
            let first = 1.min(chars.len());
            chars.rotate_left(first);
            check(&text, &chars.into_iter().collect::<String>());
        }
    }

    #[test]
    fn texts_that_begin_alike_and_hold_much_else_are_near_as_before() {
        for (a, b) in [
            ("will", "williamsoncompanyofgreatlength"),
            ("abcdefghijklmnopqr", "abcdefghijklmnopqrstuvw"),
            ("j", "john"),
            ("", ""),
            ("", "a"),
            ("é", "élan"),
            ("a\0", "a"),
            ("王", "王伟"),
            ("恒瑞医药", "恒端医药"),
        ] {
            check(a, b);
            check(b, a);
        }
    }
}
