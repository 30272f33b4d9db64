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

/// Letters and digits of `text` only, in lower case and without accents: a key that blanks and punctuation do not change.
pub fn squeeze(text: &str) -> String {
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
