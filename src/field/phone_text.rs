//! Telephone numbers as people write them: one cell taken apart into digits.
//!
//! In: folded text of a cell. Out: one [`Written`] number after the other: digits, where groups of them end, the extension
//! and whether a country code was marked. Names, labels and remarks beside a number are passed over. What the digits mean
//! is left to `phone`.

use super::cell;

/// Most digits of one piece that are kept; three mobile numbers run together have 33.
const DIGITS_MAX: usize = 48;
/// Most digits of an extension.
const EXTENSION_MAX: usize = 6;

/// A number as written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Digits in their order, without those of the extension.
    pub(super) digits: String,
    /// Digits before each mark inside the number, ascending.
    pub(super) groups: Vec<usize>,
    /// Digits of the extension.
    pub(super) extension: String,
    /// A plus sign before the digits, or the international prefix 00.
    pub(super) has_country: bool,
    /// The country code 86 was there and has been cut off.
    pub(super) is_international: bool,
    /// Letters were read as the digits they look like: `O → 0`; empty otherwise.
    pub(super) repair: &'static str,
    /// Digits are hidden by `*` or `xx`.
    pub(super) is_masked: bool,
}

impl Written {
    /// Takes `length` digits away from the front.
    fn cut(&mut self, length: usize) {
        self.digits.drain(..length);
        self.groups.retain(|&end| end > length);
        self.groups.iter_mut().for_each(|end| *end -= length);
    }

    /// Takes the country code 86 away, and 00 before another one.
    fn cut_country(&mut self) {
        let digits = self.digits.as_str();
        let cut = if self.has_country && digits.starts_with("86") {
            2
        } else if digits.starts_with("0086") {
            4
        } else if digits.starts_with("86") && digits.len() >= 12 {
            2
        } else {
            0
        };
        if cut > 0 {
            self.has_country = false;
            self.is_international = true;
            self.cut(cut);
        } else if !self.has_country && digits.starts_with("00") && digits.len() >= 10 {
            self.has_country = true;
            self.cut(2);
        }
    }
}

/// The numbers of a cell, in order; pieces without digits are left out.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Written> {
    const SEPARATORS: &[char] = &['/', ';', ',', '、', '|', '或', '和', '\\', '&'];
    cell::pieces(text, SEPARATORS)
        .flat_map(at_blanks)
        .map(read)
        .filter(|written| !written.digits.is_empty())
}

/// Splits `13812349876 13912340987` into two and leaves `138 1234 9876` whole.
fn at_blanks(piece: &str) -> impl Iterator<Item = &str> {
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |word: &str| match digits(word) {
        0 => true,
        1..=6 => false,
        7..=10 => !word.starts_with('+'),
        _ => true,
    };
    let is_list = piece.contains(' ') && piece.split(' ').all(is_number);
    // A letter splits like a blank when it must; NUL is in no folded text.
    piece.split(if is_list { ' ' } else { '\0' })
}

/// Reads one piece.
fn read(piece: &str) -> Written {
    let mut written = Written::default();
    let mut rest = piece;
    let mut before = ' ';
    while let Some(typed) = rest.chars().next() {
        let after = &rest[typed.len_utf8()..];
        let c = match look_alike(typed).filter(|_| is_among_digits(before, after)) {
            Some((digit, repair)) => {
                written.repair = repair;
                digit
            }
            None => typed,
        };
        before = c;
        if c.is_ascii_digit() {
            if written.digits.len() < DIGITS_MAX {
                written.digits.push(c);
            }
        } else if written.digits.len() >= 5
            && let Some(extension) = extension(c, after)
        {
            let digits = extension.chars().filter(char::is_ascii_digit);
            written.extension = digits.take(EXTENSION_MAX).collect();
            break;
        } else if rest.starts_with("(0)") {
            // `+44 (0)20`: the zero is for callers at home.
            rest = &rest[3..];
            continue;
        } else if c == '+' && written.digits.is_empty() {
            written.has_country = true;
        } else if !written.digits.is_empty() {
            written.is_masked |= c == '*' || matches!(c, 'x' | 'X') && after.starts_with(['x', 'X']);
            if written.groups.last() != Some(&written.digits.len()) {
                written.groups.push(written.digits.len());
            }
        }
        rest = after;
    }
    written.cut_country();
    written
}

/// The digit that a letter is typed for.
fn look_alike(c: char) -> Option<(char, &'static str)> {
    match c {
        'O' | 'o' => Some(('0', "O → 0")),
        'l' | 'I' => Some(('1', "l → 1")),
        _ => None,
    }
}

/// Does a letter stand inside a number: no other letter beside it, and a digit next to it?
fn is_among_digits(before: char, after: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || look_alike(c).is_some();
    let next = after.chars().next().unwrap_or(' ');
    let is_clear = |c: char| !c.is_alphabetic() || look_alike(c).is_some();
    let digits_after = after
        .chars()
        .take_while(|&c| is_part(c))
        .filter(char::is_ascii_digit);
    is_clear(before) && is_clear(next) && (before.is_ascii_digit() || digits_after.count() >= 2)
}

/// The text of the extension that a character introduces: 转, 分机, `x`, `ext`, `#`.
fn extension(c: char, after: &str) -> Option<&str> {
    match c {
        '转' | '轉' | '分' | '#' => Some(after),
        'x' | 'X' if !after.starts_with(['x', 'X']) => Some(after),
        'e' | 'E' if after.get(..2).is_some_and(|two| two.eq_ignore_ascii_case("xt")) => Some(&after[2..]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Vec<(String, String)> {
        numbers(text)
            .map(|written| (written.digits, written.extension))
            .collect()
    }

    fn one(digits: &str, extension: &str) -> Vec<(String, String)> {
        vec![(digits.to_owned(), extension.to_owned())]
    }

    #[test]
    fn extensions_are_told_from_numbers() {
        for raw in [
            "010-82325566转801",
            "010-82325566分机801",
            "010-82325566 ext.801",
            "010-82325566x801",
            "+86 (010) 82325566#801",
            "0086-010-82325566 转 801",
        ] {
            assert_eq!(read_all(raw), one("01082325566", "801"), "{raw}");
        }
    }

    #[test]
    fn lists_and_groups_are_told_apart() {
        assert_eq!(read_all("138 1234 9876"), one("13812349876", ""));
        assert_eq!(read_all("13812349876 13912340987").len(), 2);
        assert_eq!(read_all("张先生 13812349876 李女士 13912340987").len(), 2);
        assert_eq!(read_all("手机13812349876、座机021-55667799").len(), 2);
        assert!(numbers("138****9876").all(|written| written.is_masked));
        assert!(numbers("无电话").next().is_none());
    }
}
