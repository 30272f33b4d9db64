//! Words of a Latin address row.
//!
//! In: one row of a folded address. Out: lower-case words without accents and marks; hyphens and slashes stay inside numbers
//! (12-14, 3/15, 12/f), initials close up (P.O. → po), and # stands alone.

use crate::text::fold::strip_accents;

/// The words of `row`, in order.
pub(super) fn words(row: &str) -> Vec<String> {
    let lower = row.to_lowercase();
    let plain = strip_accents(&lower);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = plain.chars();
    while let Some(c) = chars.next() {
        let mut after = chars.clone();
        match c {
            c if c.is_alphanumeric() => word.push(c),
            '\'' => {}
            // P.O. and N.W. close up; St.Kilda and No.8 are two words.
            '.' if word.chars().count() == 1 && after.next().is_some_and(char::is_alphabetic) => {
                if after.next().is_some_and(char::is_alphanumeric) {
                    flush(&mut word, &mut words);
                }
            }
            '-' | '/' | '&' if joins(&word, after.next()) => word.push(if c == '&' { '-' } else { c }),
            '#' => {
                flush(&mut word, &mut words);
                words.push("#".to_owned());
            }
            '&' => {
                flush(&mut word, &mut words);
                words.push("and".to_owned());
            }
            _ => flush(&mut word, &mut words),
        }
    }
    flush(&mut word, &mut words);
    words
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        // The room of `word` stays for the next one, and every word gets just what it needs.
        words.push(word.as_str().to_owned());
        word.clear();
    }
}

/// Does a mark join a number to what follows: 12-14, 3/15, 12/f, g/f?
fn joins(word: &str, next: Option<char>) -> bool {
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    let is_floor = word.len() == 1 && next == Some('f');
    is_floor || (has_digit && next.is_some_and(|c| c.is_ascii_digit() || c == 'f'))
}

/// Does the word start with a digit?
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_joins_them() {
        for (row, expected) in [
            ("12-14 O'Brien St.", "12-14|obrien|st"),
            ("3/15 Stoke-on-Trent Rd", "3/15|stoke|on|trent|rd"),
            ("P.O. Box 123", "po|box|123"),
            ("No.88 Jianguo Rd.", "no|88|jianguo|rd"),
            ("12/F, G/F", "12/f|g/f"),
            ("Apt #4B", "apt|#|4b"),
            ("Königstraße 5", "konigstrasse|5"),
            ("Smith & Sons", "smith|and|sons"),
            ("", ""),
        ] {
            assert_eq!(words(row).join("|"), expected, "{row}");
        }
    }
}
