//! What four words tell of a text: enough to know most unlike pairs without reading the texts.
//!
//! In: texts. Out: [`Hint`]s, which say whether two texts may be one edit apart, near or close as `similarity` means it. A
//! letter that only one of two texts has is not matched, so letters, lengths and beginnings bound every similarity from
//! above; what a hint calls impossible is impossible, what it calls possible is for the texts to tell.

use crate::compare::similarity;

/// First bits of the set: letters, digits, and buckets of all other characters.
const BUCKETS: u32 = 40;

/// What is known of a text without reading it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hint {
    /// Letters (bits 0 to 25), digits, other characters by bucket; from bit 40 on, letters that occur again, by bucket.
    letters: u64,
    /// First four bytes, filled up with zeros; the first byte lowest.
    first: u32,
    /// Characters, at most 255.
    chars: u8,
    /// Bytes, at most 255.
    bytes: u8,
    is_ascii: bool,
    is_han: bool,
}

impl Hint {
    /// Words of a row.
    pub(super) const WIDTH: usize = 4;

    pub(super) fn of(text: &str) -> Self {
        let mut first = [0; 4];
        first
            .iter_mut()
            .zip(text.bytes())
            .for_each(|(slot, byte)| *slot = byte);
        let mut letters = 0_u64;
        let mut chars = 0_u8;
        let mut seen = 0_u64;
        for c in text.chars() {
            chars = chars.saturating_add(1);
            let (once, again) = bits(c);
            // Only a letter that was there itself is there again; another character of its bucket does not count.
            letters |= if again != 0 && seen & once != 0 {
                again
            } else {
                once
            };
            seen |= if again != 0 { once } else { 0 };
        }
        let is_ascii = text.is_ascii();
        Self {
            letters,
            first: u32::from_le_bytes(first),
            chars,
            bytes: u8::try_from(text.len()).unwrap_or(u8::MAX),
            is_ascii,
            is_han: !is_ascii && similarity::is_han(text),
        }
    }

    /// The words of a row.
    pub(super) fn words(self) -> [u32; Self::WIDTH] {
        let flags = u8::from(self.is_ascii) | u8::from(self.is_han) << 1;
        let last = u32::from_le_bytes([self.chars, self.bytes, flags, 0]);
        [self.letters as u32, (self.letters >> 32) as u32, self.first, last]
    }

    /// Back from the words of a row.
    #[inline]
    pub(super) fn from_words([low, high, first, last]: [u32; Self::WIDTH]) -> Self {
        let [chars, bytes, flags, _] = last.to_le_bytes();
        Self {
            letters: u64::from(high) << 32 | u64::from(low),
            first,
            chars,
            bytes,
            is_ascii: flags & 1 != 0,
            is_han: flags & 2 != 0,
        }
    }

    /// Is all of it ASCII?
    #[inline]
    pub(super) fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// Characters of the text, at most 255.
    #[inline]
    pub(super) fn chars(&self) -> usize {
        usize::from(self.chars)
    }

    /// Bytes of the text, at most 255.
    #[inline]
    pub(super) fn bytes(&self) -> usize {
        usize::from(self.bytes)
    }

    /// Characters of this text that the other surely lacks.
    #[inline]
    pub(super) fn lacking(&self, other: &Self) -> u32 {
        (self.letters & !other.letters).count_ones()
    }

    /// What is known of this text with another put behind it, as far as [`Self::may_be_one_edit`] asks.
    pub(super) fn followed_by(self, other: Self) -> Self {
        Self {
            letters: (self.letters | other.letters) & ((1 << BUCKETS) - 1),
            chars: self.chars.saturating_add(other.chars),
            ..Self::default()
        }
    }

    /// Can the texts be one edit apart, or equal?
    #[inline]
    pub(super) fn may_be_one_edit(&self, other: &Self) -> bool {
        self.chars.abs_diff(other.chars) <= 1
            && has_one_at_most(self.letters & !other.letters)
            && has_one_at_most(other.letters & !self.letters)
    }

    /// Can the texts be anything but unlike?
    #[inline]
    pub(super) fn may_be_near(&self, other: &Self) -> bool {
        if self.may_be_one_edit(other) {
            return true;
        }
        if self.is_han || other.is_han {
            return false;
        }
        let (short, long) = if self.bytes <= other.bytes {
            (self, other)
        } else {
            (other, self)
        };
        // A short text that begins the other is an initial, or the other cut short.
        let is_beginning =
            beginning(short, long) >= u32::from(short.bytes.min(4)) && short.letters & !long.letters == 0;
        is_beginning || (short.chars >= 2 && may_reach(&NEAR, self, other))
    }

    /// Can the texts be close or equal?
    #[inline]
    pub(super) fn may_be_close(&self, other: &Self) -> bool {
        self.may_be_one_edit(other) || !(self.is_han || other.is_han) && may_reach(&CLOSE, self, other)
    }
}

/// Is at most one bit set?
#[inline]
fn has_one_at_most(bits: u64) -> bool {
    bits & bits.wrapping_sub(1) == 0
}

/// Bits of a character when it occurs, and when it occurs again; only letters have a second one.
fn bits(c: char) -> (u64, u64) {
    match c {
        'a'..='z' => {
            let letter = c as u32 - 'a' as u32;
            (1 << letter, 1 << (BUCKETS + letter % (64 - BUCKETS)))
        }
        '0'..='9' => (1 << (26 + c as u32 - '0' as u32), 0),
        c if c.is_ascii() => (1 << (36 + c as u32 % 4), 0),
        c => {
            let bucket = (c as u32).wrapping_mul(0x9E37_79B1) >> 16;
            (1 << (bucket % BUCKETS), 0)
        }
    }
}

/// Jaro similarity below which Jaro–Winkler stays below a threshold, as thousandths of `3 j - 1`, by common beginning.
type Bound = [u64; 5];

/// For the threshold 0.88: `3 (0.88 - 0.1 p) / (1 - 0.1 p) - 1`, rounded down, one thousandth less for rounding.
const NEAR: Bound = [1_639, 1_599, 1_549, 1_484, 1_399];

/// For the threshold 0.92.
const CLOSE: Bound = [1_759, 1_732, 1_699, 1_656, 1_599];

/// Can the Jaro–Winkler similarity reach the threshold that `bound` is of?
///
/// m matched characters, all in order, give `(m/a + m/b + 1) / 3`; m is at most what either text keeps of its letters.
#[inline]
fn may_reach(bound: &Bound, left: &Hint, right: &Hint) -> bool {
    if left.chars.max(right.chars) == u8::MAX {
        return true;
    }
    let (a, b) = (u64::from(left.chars), u64::from(right.chars));
    let kept = |all: u64, lacking: u32| all.saturating_sub(u64::from(lacking));
    let matched = kept(a, left.lacking(right)).min(kept(b, right.lacking(left)));
    let beginning = if left.is_ascii && right.is_ascii {
        beginning(left, right)
    } else {
        4
    };
    matched * (a + b) * 1_000 >= bound[beginning.min(4) as usize] * a * b
}

/// Common first bytes, at most four.
#[inline]
fn beginning(left: &Hint, right: &Hint) -> u32 {
    let shared = (left.first ^ right.first).trailing_zeros() / 8;
    shared.min(u32::from(left.bytes.min(right.bytes)))
}
