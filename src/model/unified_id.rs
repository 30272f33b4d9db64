//! Unified customer IDs.
//!
//! An ID is `GY`, twelve digits in base 31 and one check character over all of them. The alphabet is that of
//! GB 32100-2015 (no I, O, S, V, Z), the check is ISO 7064 MOD 31-3 as in the unified social credit code: it detects
//! every single wrong character and every swap of two neighbours. IDs are opaque: they are made from a hash of the
//! record key that first carried them, hold no meaning, and are never used again.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const PREFIX: &str = "GY";
const DIGITS: usize = 12;

/// Entry of [`VALUE_OF`] for bytes outside the alphabet.
const NO_VALUE: u8 = u8::MAX;

/// Per byte, the digit it stands for.
const VALUE_OF: [u8; 256] = {
    let mut values = [NO_VALUE; 256];
    let mut at = 0;
    while at < ALPHABET.len() {
        values[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values
};

/// ID of one customer that outlives the run, such as `GY0A1B2C3D4E5FX`.
///
/// Ordered by its number, which is the order of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnifiedId(u64);

/// Why a text is not a unified ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnifiedIdError {
    /// Wrong length, prefix or a character outside the alphabet.
    #[error("not of the form `GY` + 13 characters of 0-9 A-Y without I O S V Z")]
    Form,
    /// The check character does not fit the digits.
    #[error("the check character is wrong; compare the ID with its source")]
    Check,
}

impl UnifiedId {
    /// Number of different IDs, 31^12.
    pub const COUNT: u64 = 31u64.pow(DIGITS as u32);

    /// Characters of an ID's text.
    pub const LENGTH: usize = PREFIX.len() + DIGITS + 1;

    /// The ID with `number` modulo [`UnifiedId::COUNT`].
    pub fn from_number(number: u64) -> Self {
        Self(number % Self::COUNT)
    }

    /// The ID as text: 15 ASCII characters, as [`fmt::Display`] shows them.
    ///
    /// # Examples
    /// ```
    /// use guiyi::model::UnifiedId;
    /// let id = UnifiedId::from_number(31);
    /// assert_eq!(std::str::from_utf8(&id.to_ascii()), Ok(id.to_string().as_str()));
    /// ```
    pub fn to_ascii(self) -> [u8; Self::LENGTH] {
        let digits = self.digits();
        let mut text = [0; Self::LENGTH];
        text[..PREFIX.len()].copy_from_slice(PREFIX.as_bytes());
        for (byte, &digit) in text[PREFIX.len()..].iter_mut().zip(&digits) {
            *byte = ALPHABET[usize::from(digit)];
        }
        text[Self::LENGTH - 1] = ALPHABET[usize::from(check_digit(&digits))];
        text
    }

    /// A number that spreads IDs over a hash table; IDs are made from hashes.
    pub fn spread(self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn digits(self) -> [u8; DIGITS] {
        let mut digits = [0; DIGITS];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = (rest % 31) as u8;
            rest /= 31;
        }
        digits
    }
}

fn check_digit(digits: &[u8; DIGITS]) -> u8 {
    let mut weight = 1u32;
    let mut sum = 0u32;
    for &digit in digits {
        sum += u32::from(digit) * weight;
        weight = weight * 3 % 31;
    }
    ((31 - sum % 31) % 31) as u8
}

impl fmt::Display for UnifiedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_ascii()).expect("the alphabet is ASCII"))
    }
}

impl FromStr for UnifiedId {
    type Err = UnifiedIdError;

    fn from_str(text: &str) -> Result<Self, UnifiedIdError> {
        let body = text.strip_prefix(PREFIX).ok_or(UnifiedIdError::Form)?;
        if body.len() != DIGITS + 1 {
            return Err(UnifiedIdError::Form);
        }
        let mut values = [0u8; DIGITS + 1];
        for (value, byte) in values.iter_mut().zip(body.bytes()) {
            *value = VALUE_OF[usize::from(byte)];
            if *value == NO_VALUE {
                return Err(UnifiedIdError::Form);
            }
        }
        let mut digits = [0; DIGITS];
        digits.copy_from_slice(&values[..DIGITS]);
        if check_digit(&digits) != values[DIGITS] {
            return Err(UnifiedIdError::Check);
        }
        Ok(Self(digits.iter().fold(0, |n, &d| n * 31 + u64::from(d))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_from_its_text() {
        for number in [0, 1, 30, 31, 123_456_789_012, UnifiedId::COUNT - 1] {
            let id = UnifiedId::from_number(number);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    /// IDs in which every digit stands in every place, beside every other digit.
    fn ids() -> Vec<String> {
        let digits_of =
            |a: u64, b: u64| (0..12).fold(0, |number, at| number * 31 + if at % 2 == 0 { a } else { b });
        (0..31)
            .flat_map(|a| (0..31).map(move |b| digits_of(a, b)))
            .chain([714_325_871_113, UnifiedId::COUNT - 1])
            .map(|number| UnifiedId::from_number(number).to_string())
            .collect()
    }

    /// The check is linear: whether an error is noticed rests on its place and on the two characters, not on the others.
    /// So every error there is happens to one of these IDs.
    #[test]
    fn s27_every_single_wrong_character_is_noticed() {
        for text in ids() {
            for at in 0..text.len() {
                for other in (0..=0x7F).filter(|other| *other != text.as_bytes()[at]) {
                    let mut wrong = text.clone().into_bytes();
                    wrong[at] = other;
                    let wrong = String::from_utf8(wrong).expect("the bytes are ASCII");
                    let is_digit = at >= PREFIX.len() && ALPHABET.contains(&other);
                    let expected = if is_digit {
                        UnifiedIdError::Check
                    } else {
                        UnifiedIdError::Form
                    };
                    assert_eq!(wrong.parse::<UnifiedId>(), Err(expected), "{wrong}");
                }
            }
        }
    }

    #[test]
    fn s27_every_swap_of_neighbours_is_noticed() {
        for text in ids() {
            for at in 0..text.len() - 1 {
                let mut swapped = text.clone().into_bytes();
                swapped.swap(at, at + 1);
                let swapped = String::from_utf8(swapped).expect("the bytes are ASCII");
                assert!(
                    swapped == text || swapped.parse::<UnifiedId>().is_err(),
                    "{swapped}"
                );
            }
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            "GY",
            "gy0000000000000",
            "GY00000000000000",
            "ＧＹ0000000000000",
            "归一编号",
        ] {
            assert_eq!(text.parse::<UnifiedId>(), Err(UnifiedIdError::Form), "{text}");
        }
    }
}
