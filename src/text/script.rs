//! Which script a text is written in.
//!
//! In: characters or text. Out: a [`Script`]. Han is the CJK Unified Ideographs with their extensions and 〇 (Unicode
//! 16, chapter 18); Latin is every alphabetic character below U+0250 or in Latin Extended Additional. What follows from
//! the script is decided by the caller.

/// Script of a text, by the letters it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Han letters only.
    Han,
    /// Latin letters only.
    Latin,
    /// Han and Latin letters.
    Mixed,
    /// Another script, or no letters at all.
    Other,
}

/// Is this a Han character?
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}'
        | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}')
}

/// Is this a Latin letter, accented or not?
pub fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (matches!(c, '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic())
}

/// Does the text hold a Han character?
pub fn has_han(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_han)
}

/// The script of the letters of `text`.
///
/// # Examples
/// ```
/// use guiyi::text::script::{Script, script};
/// assert_eq!(script("北京3号"), Script::Han);
/// assert_eq!(script("Zürich 3"), Script::Latin);
/// assert_eq!(script("3M中国"), Script::Mixed);
/// assert_eq!(script("123"), Script::Other);
/// ```
pub fn script(text: &str) -> Script {
    match (has_han(text), text.chars().any(is_latin)) {
        (true, true) => Script::Mixed,
        (true, false) => Script::Han,
        (false, true) => Script::Latin,
        (false, false) => Script::Other,
    }
}
