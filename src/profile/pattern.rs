//! Patterns of character classes: what cells look like without what they say.
//!
//! In: a text. Out: its pattern, such as `9{11}`, `汉{4}`, `A9{3}-9{2}`, and its script. Digits are `9`, Latin capitals
//! `A`, small letters `a`, Han characters `汉`, other letters `x`; full-width digits and letters are `９` and `Ａ`, because
//! they tell a habit of their source; white space is `␣`, everything else stands for itself. Repeats are counted in braces.
//! A pattern holds no letter and no digit of its text, so it may be shown.

use crate::text::script::Script;
use crate::text::script::is_han;
use crate::text::script::is_latin;
use crate::text::script::script;

/// Classes after which a pattern is cut off; long texts share no pattern.
const RUNS_MAX: usize = 16;

fn class(c: char) -> char {
    match c {
        '0'..='9' => '9',
        'A'..='Z' => 'A',
        'a'..='z' => 'a',
        '０'..='９' => '９',
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => 'Ａ',
        c if is_han(c) => '汉',
        c if is_latin(c) => {
            if c.is_uppercase() {
                'A'
            } else {
                'a'
            }
        }
        c if c.is_alphanumeric() => 'x',
        c if c.is_whitespace() => '␣',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}

/// The pattern of `text`; cut off with `…` when it is long.
pub(super) fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    let mut classes = text.chars().map(class).peekable();
    let mut runs = 0;
    while let Some(class) = classes.next() {
        if runs == RUNS_MAX {
            pattern.push('…');
            break;
        }
        let mut length = 1;
        while classes.next_if_eq(&class).is_some() {
            length += 1;
        }
        pattern.push(class);
        if length > 1 {
            pattern.push('{');
            pattern.push_str(&length.to_string());
            pattern.push('}');
        }
        runs += 1;
    }
    pattern
}

/// Script of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellScript {
    Han,
    Latin,
    Mixed,
    /// Digits without letters.
    Digits,
    Other,
}

/// The script of `text`; digits beside letters do not count.
pub(super) fn cell_script(text: &str) -> CellScript {
    match script(text) {
        Script::Han => CellScript::Han,
        Script::Latin => CellScript::Latin,
        Script::Mixed => CellScript::Mixed,
        Script::Other if text.chars().any(char::is_alphabetic) => CellScript::Other,
        Script::Other if text.chars().any(char::is_numeric) => CellScript::Digits,
        Script::Other => CellScript::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_count_classes() {
        let cases = [
            ("13800138000", "9{11}"),
            ("张三丰王", "汉{4}"),
            ("A9", "A9"),
            ("KH-00012", "A{2}-9{5}"),
            ("Ann Lee", "Aa{2}␣Aa{2}"),
            ("１３８", "９{3}"),
            ("Zoë", "Aa{2}"),
            ("북경", "x{2}"),
            ("a\tb", "a␣a"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(pattern(text), expected, "`{text}`");
        }
        assert!(pattern(&"a1".repeat(50)).ends_with("a9…"));
    }

    #[test]
    fn scripts_are_told_by_letters() {
        let cases = [
            ("北京3号", CellScript::Han),
            ("Main St 3", CellScript::Latin),
            ("3M中国", CellScript::Mixed),
            ("010-66885566", CellScript::Digits),
            ("—", CellScript::Other),
            ("Москва", CellScript::Other),
        ];
        for (text, expected) in cases {
            assert_eq!(cell_script(text), expected, "`{text}`");
        }
    }
}
