//! Tokens of Latin text.
//!
//! In: text. Out: lower-case words of letters and digits, accents dropped, apostrophes inside words closed (`O'Brien` →
//! `obrien`), `&` as a word of its own (`and`). Han text has no blanks to split at: its parts are found by `field`.

use crate::text::fold::fold_case;
use crate::text::fold::strip_accents;

/// The tokens of `text`, in order.
///
/// # Examples
/// ```
/// use guiyi::text::tokens::tokens;
/// assert_eq!(tokens("Müller & Söhne GmbH"), ["muller", "and", "sohne", "gmbh"]);
/// assert_eq!(tokens("O'Brien-Smith"), ["obrien", "smith"]);
/// ```
pub fn tokens(text: &str) -> Vec<String> {
    if text.is_ascii() {
        let joined = joined_ascii(text);
        return joined
            .split(' ')
            .filter(|token| !token.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let folded = fold_case(text);
    let plain = strip_accents(&folded);
    let mut tokens = Vec::new();
    let mut token = String::new();
    for c in plain.chars() {
        if c.is_alphanumeric() {
            token.push(c);
        } else if c != '\'' {
            if !token.is_empty() {
                tokens.push(std::mem::take(&mut token));
            }
            if c == '&' {
                tokens.push("and".to_owned());
            }
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

/// The tokens of `text` with one blank between them.
pub fn joined_tokens(text: &str) -> String {
    if text.is_ascii() {
        joined_ascii(text)
    } else {
        tokens(text).join(" ")
    }
}

/// Tokens of an ASCII text, joined by blanks. Folding only changes what is between tokens.
fn joined_ascii(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut wants_blank = false;
    let mut push = |word: &str, wants_blank: &mut bool| {
        if *wants_blank && !joined.is_empty() {
            joined.push(' ');
        }
        *wants_blank = false;
        joined.push_str(word);
    };
    let is_word = |b: &u8| b.is_ascii_alphanumeric();
    let mut rest = text;
    while let Some(&first) = rest.as_bytes().first() {
        let length = if is_word(&first) {
            let length = rest.bytes().take_while(is_word).count();
            push(&rest[..length], &mut wants_blank);
            length
        } else {
            if first == b'&' {
                wants_blank = true;
                push("and", &mut wants_blank);
            }
            wants_blank |= first != b'\'';
            1
        };
        rest = &rest[length..];
    }
    joined.make_ascii_lowercase();
    joined
}

/// Letters and digits of `text` only, in lower case and without accents: a key that blanks and punctuation do not change.
pub fn squeeze(text: &str) -> String {
    if text.is_ascii() {
        let words = text.bytes().filter(u8::is_ascii_alphanumeric);
        return words.map(|b| char::from(b.to_ascii_lowercase())).collect();
    }
    let folded = fold_case(text);
    strip_accents(&folded)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The runs of ASCII digits of `text`.
pub fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens of any text, by the way of texts beyond ASCII.
    fn tokens_by_characters(text: &str) -> Vec<String> {
        let marked = format!("{text} \u{E9}");
        let mut tokens = tokens(&marked);
        tokens.pop();
        tokens
    }

    proptest! {
        #[test]
        fn ascii_is_read_as_any_other_text(text in "[ -~\\x00-\\x1F]{0,24}", words in "([a-zA-Z0-9&' .\\[-]){0,24}") {
            for text in [text, words] {
                prop_assert_eq!(tokens(&text), tokens_by_characters(&text));
                prop_assert_eq!(joined_tokens(&text), tokens_by_characters(&text).join(" "));
                let squeezed = squeeze(&format!("{text}\u{E9}"));
                prop_assert_eq!(squeezed, squeeze(&text) + "e");
            }
        }
    }
}
