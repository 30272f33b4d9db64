//! House numbers as they are written: digits, letters, hyphens and Chinese numerals.
//!
//! In: the characters of an address and a place in them. Out: where the number ends and its text with Arabic digits.
//! Numerals become digits for the caller who found a unit after them; 五一路 and 三里屯 are never asked for.

/// Longest run of Chinese numerals that is a number (一百二十三).
const NUMERALS_MAX: usize = 5;

/// A number that starts at a place: its end and its text.
pub(super) struct Number {
    pub(super) end: usize,
    pub(super) text: String,
    /// Written in Chinese numerals?
    pub(super) is_han: bool,
}

pub(super) fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '〇' | '零' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百'
    )
}

/// The marks of a second house of one number: 甲12号, 12号乙.
pub(super) fn is_stem(c: char) -> bool {
    matches!(c, '甲' | '乙' | '丙' | '丁' | '戊')
}

/// The number at `at`, if one starts there.
pub(super) fn number_at(chars: &[char], at: usize) -> Option<Number> {
    let first = *chars.get(at)?;
    if is_stem(first) {
        let number = number_at(chars, at + 1).filter(|_| !is_stem(chars[at + 1]))?;
        return Some(Number {
            text: format!("{first}{}", number.text),
            ..number
        });
    }
    if first.is_ascii_alphanumeric() {
        return ascii_at(chars, at);
    }
    if !is_numeral(first) {
        return None;
    }
    let end = (at..chars.len())
        .find(|&i| !is_numeral(chars[i]))
        .unwrap_or(chars.len());
    if end - at > NUMERALS_MAX {
        return None;
    }
    let mut text = value_of(&chars[at..end])?.to_string();
    let end = joined_digits(chars, end, &mut text);
    Some(Number {
        end,
        text,
        is_han: true,
    })
}

/// Letters and digits with what joins them: `3-2-501`, `a12`, `12之3`, `12附3`, `501,502`.
fn ascii_at(chars: &[char], at: usize) -> Option<Number> {
    let mut end = at;
    let mut letters = 0;
    while let Some(c) = chars.get(end).filter(|c| c.is_ascii_alphanumeric()) {
        letters = if c.is_ascii_alphabetic() { letters + 1 } else { 0 };
        // A word (`soho`) is no number; `def101` is a room.
        let is_before_digit = letters == 3 && chars.get(end + 1).is_some_and(char::is_ascii_digit);
        if letters > 2 && !is_before_digit {
            return None;
        }
        end += 1;
    }
    let mut text: String = chars[at..end].iter().collect();
    let end = joined_digits(chars, end, &mut text);
    Some(Number {
        end,
        text,
        is_han: false,
    })
}

/// Adds what is joined to the number that ends at `end`, and gives the new end.
fn joined_digits(chars: &[char], end: usize, text: &mut String) -> usize {
    let mut end = end;
    while let Some(&joint) = chars.get(end) {
        let joint = match joint {
            '-' | '~' | '至' | '/' | '之' => '-',
            ',' => ',',
            '附' => '附',
            _ => break,
        };
        let next = end + 1;
        let stop = (next..chars.len())
            .find(|&i| !chars[i].is_ascii_alphanumeric())
            .unwrap_or(chars.len());
        let piece = &chars[next..stop];
        let is_block =
            matches!(chars.get(stop), Some('座' | '栋' | '幢' | '室')) && (1..=2).contains(&piece.len());
        let has_digit = is_block || piece.iter().any(char::is_ascii_digit);
        let is_short = is_block || piece.iter().filter(|c| c.is_ascii_alphabetic()).count() <= 1;
        // A comma joins rooms (501,502) only, not the parts of an address.
        let is_list = joint != ',' || (piece.len() >= 3 && last_run(text) == piece.len());
        if !has_digit || !is_short || !is_list {
            break;
        }
        text.push(joint);
        text.extend(piece);
        end = stop;
    }
    end
}

fn last_run(text: &str) -> usize {
    text.bytes().rev().take_while(u8::is_ascii_alphanumeric).count()
}

/// The number that numerals write: 十二 and 一百零五 by value, 二〇五 digit by digit.
pub(super) fn value_of(numerals: &[char]) -> Option<u32> {
    let mut total = 0;
    let mut last = None;
    for &c in numerals {
        match c {
            '十' => total += last.take().unwrap_or(1) * 10,
            '百' => total += last.take().unwrap_or(1) * 100,
            c => match last.replace(digit(c)?) {
                // Digits in a row (五〇一) are a number digit by digit.
                Some(before) if total == 0 || before > 0 => last = last.map(|now| before * 10 + now),
                _ => {}
            },
        }
    }
    Some(total + last.unwrap_or(0))
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, usize)>) {
        let chars: Vec<char> = text.chars().collect();
        let found = number_at(&chars, 0);
        assert_eq!(
            found.as_ref().map(|n| (n.text.as_str(), n.end)),
            expected,
            "{text}"
        );
    }

    #[test]
    fn numbers_are_read_in_digits_letters_and_numerals() {
        check("12号", Some(("12", 2)));
        check("3-2-501", Some(("3-2-501", 7)));
        check("12之3号", Some(("12-3", 4)));
        check("甲12号", Some(("甲12", 3)));
        check("a座", Some(("a", 1)));
        check("b12室", Some(("b12", 3)));
        check("十二层", Some(("12", 2)));
        check("二〇五室", Some(("205", 3)));
        check("一百零五号", Some(("105", 4)));
        check("501,502室", Some(("501,502", 7)));
        check("12,3栋", Some(("12", 2)));
        check("soho", None);
        check("建国路", None);
        check("", None);
    }
}
