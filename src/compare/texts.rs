//! The texts of a pool with a sketch of each: most unlike pairs are told by the sketches, without reading the texts.
//!
//! In: codes of one pool. Out: [`Text`]s that [`nearness`] and [`is_close`] judge exactly as
//! `similarity` judges the plain texts. A sketch is a [`Hint`], and the text itself when it is short.

use crate::compare::hint::Hint;
use crate::compare::similarity;
use crate::compare::similarity::Nearness;
use crate::table::ValuePool;
use crate::text::distance::jaro_winkler_ascii;

/// Bytes of text that a sketch holds.
const HEAD_BYTES: usize = 16;

/// What is known of a text without reading it.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    hint: Hint,
    /// The whole text, filled up with zeros, when it is ASCII without NUL and short enough; all zeros otherwise.
    head: [u8; HEAD_BYTES],
}

impl Sketch {
    fn of(text: &str) -> Self {
        let mut head = [0; HEAD_BYTES];
        if text.is_ascii() && text.len() <= HEAD_BYTES && !text.contains('\0') {
            head[..text.len()].copy_from_slice(text.as_bytes());
        }
        Self {
            hint: Hint::of(text),
            head,
        }
    }

    /// Is the text in `head`?
    #[inline]
    fn is_whole(&self) -> bool {
        self.head[0] != 0
    }

    fn head(&self) -> u128 {
        u128::from_le_bytes(self.head)
    }

    fn text(&self) -> &[u8] {
        &self.head[..self.hint.bytes().min(HEAD_BYTES)]
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

    /// What is known of it without reading it.
    pub(super) fn hint(&self) -> Hint {
        self.sketch.hint
    }

    /// Is there no text?
    pub(super) fn is_empty(&self) -> bool {
        self.sketch.hint.bytes() == 0
    }

    /// Is all of it ASCII?
    pub(super) fn is_ascii(&self) -> bool {
        self.sketch.hint.is_ascii()
    }

    /// May `self` hold every character of `other`?
    pub(super) fn may_hold(&self, other: Text) -> bool {
        other.sketch.hint.lacking(&self.sketch.hint) == 0
    }
}

/// Two short texts as numbers: what follows the first byte that differs must agree once one side, or both, or a swapped
/// pair is skipped.
fn is_one_edit_of_whole(left: &Sketch, right: &Sketch) -> bool {
    let (left, right) = (left.head(), right.head());
    if left == right {
        return true;
    }
    let at = (left ^ right).trailing_zeros() & !7;
    let (a, b) = (left >> at, right >> at);
    let is_swap = || a as u8 == (b >> 8) as u8 && (a >> 8) as u8 == b as u8 && a >> 16 == b >> 16;
    a >> 8 == b >> 8 || a >> 8 == b || a == b >> 8 || is_swap()
}

/// As [`similarity::nearness`].
pub(super) fn nearness(left: Text, right: Text) -> Nearness {
    if left.sketch.hint.may_be_near(&right.sketch.hint) {
        read(left, right)
    } else {
        Nearness::Unlike
    }
}

/// Is [`similarity::nearness`] at least [`Nearness::Close`]?
pub(super) fn is_close(left: Text, right: Text) -> bool {
    left.sketch.hint.may_be_close(&right.sketch.hint) && read(left, right) >= Nearness::Close
}

/// Nearness by the texts.
fn read(left: Text, right: Text) -> Nearness {
    let (a, b) = (left.sketch, right.sketch);
    if !(a.is_whole() && b.is_whole()) {
        return similarity::nearness(left.text(), right.text());
    }
    if a.head == b.head {
        return Nearness::Equal;
    }
    let (of_a, of_b) = (a.text(), b.text());
    let is_beginning = || of_a.starts_with(of_b) || of_b.starts_with(of_a);
    if of_a.len().min(of_b.len()) == 1 {
        return if is_beginning() {
            Nearness::Initial
        } else {
            Nearness::Unlike
        };
    }
    similarity::latin_nearness(
        (of_a.len(), of_b.len()),
        jaro_winkler_ascii(of_a, of_b),
        || is_one_edit_of_whole(a, b),
        is_beginning,
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
        let may_be_one_edit = Hint::of(a).may_be_one_edit(&Hint::of(b));
        assert!(may_be_one_edit || !similarity::is_one_edit(a, b), "{a:?} {b:?}");
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
