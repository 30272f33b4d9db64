//! Tokens of a Chinese name that may not differ by one character.
//!
//! In: core and branch. Out: digits and numerals as numbers, and the directions of the core, joined by blanks. Directions
//! and numerals inside names of places (广东, 西安) and words of trade (五金) are parts of those words and left out.

use crate::field::region::place_length;
use crate::reference::industries;

const DIRECTIONS: &str = "东南西北";
const NUMERALS: &str = "〇零一二三四五六七八九十百";

/// Is this a Chinese numeral?
pub(super) fn is_numeral(c: char) -> bool {
    NUMERALS.contains(c)
}

/// The hard tokens of a core and a branch.
pub(super) fn hard_tokens(core: &str, branch: &str) -> String {
    let mut tokens = Tokens::default();
    if core.chars().any(is_hard) {
        add_core(core, &mut tokens);
        tokens.end_run();
    }
    for c in branch.chars() {
        tokens.character(c, false);
    }
    tokens.end_run();
    tokens.text
}

fn is_hard(c: char) -> bool {
    c.is_ascii_digit() || is_numeral(c) || DIRECTIONS.contains(c)
}

fn add_core(core: &str, tokens: &mut Tokens) {
    let mut rest = core;
    while let Some(c) = rest.chars().next() {
        let word = place_length(rest).max(trade_length(rest));
        if word > 0 {
            tokens.end_run();
            rest = &rest[word..];
        } else {
            tokens.character(c, true);
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// Bytes of the word of trade of two characters that starts `text`.
fn trade_length(text: &str) -> usize {
    let end = text.char_indices().nth(2).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let is_word = industries::suffixes(head).next().is_some_and(|word| word == head);
    if is_word { end } else { 0 }
}

#[derive(Default)]
struct Tokens {
    text: String,
    run: String,
}

impl Tokens {
    fn character(&mut self, c: char, with_directions: bool) {
        if c.is_ascii_digit() || is_numeral(c) {
            self.run.push(c);
            return;
        }
        self.end_run();
        if with_directions && DIRECTIONS.contains(c) {
            self.push(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn end_run(&mut self) {
        if !self.run.is_empty() {
            let number = number(&self.run);
            self.push(&number);
            self.run.clear();
        }
    }

    fn push(&mut self, token: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(token);
    }
}

/// A run of numerals in digits: 十二 → 12, 二〇八 → 208. A lone 十 or 百 stays, because it is rarely a number in a name.
fn number(run: &str) -> String {
    let has_units = run.contains(['十', '百']);
    if !has_units || run.chars().count() == 1 || run.bytes().any(|b| b.is_ascii_digit()) {
        return run.chars().map(arabic).collect();
    }
    let mut total = 0_u64;
    let mut digit = None;
    for c in run.chars() {
        match c {
            '十' => total = total.saturating_add(digit.take().unwrap_or(1) * 10),
            '百' => total = total.saturating_add(digit.take().unwrap_or(1) * 100),
            c => digit = arabic(c).to_digit(10).map(u64::from),
        }
    }
    total.saturating_add(digit.unwrap_or(0)).to_string()
}

fn arabic(c: char) -> char {
    match "零一二三四五六七八九".chars().position(|numeral| numeral == c) {
        Some(digit) => char::from(b'0' + digit as u8),
        None if c == '〇' => '0',
        None => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_numbers_and_places_are_no_directions() {
        for (core, branch, tokens) in [
            ("中铁二局", "", "2"),
            ("华东电力", "第一分公司", "东 1"),
            ("华东电力", "第十二分公司", "东 12"),
            ("华夏", "第12分公司", "12"),
            ("广东五金", "", ""),
            ("西安南方", "", "南"),
            ("3m", "", "3"),
            ("百度", "", "百"),
            ("华夏", "二十三分店", "23"),
            ("", "", ""),
        ] {
            assert_eq!(hard_tokens(core, branch), tokens, "{core} {branch}");
        }
    }
}
