//! A fixed list of words that is asked for the words at the ends of a text.
//!
//! In: words. Out: those a text ends with, or that start or end with a character, longest first. Words are kept by their last (first) character, so
//! that a text is compared with the few words that can fit rather than with all.

use std::collections::HashMap;

/// Words by one of their outer characters, longest first.
pub(in crate::field) struct WordList {
    by_last: HashMap<char, Vec<&'static str>>,
    by_first: HashMap<char, Vec<&'static str>>,
}

impl WordList {
    /// The list of these words.
    pub(in crate::field) fn new(words: impl IntoIterator<Item = &'static str>) -> Self {
        let mut list = Self {
            by_last: HashMap::new(),
            by_first: HashMap::new(),
        };
        for word in words {
            let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else {
                continue;
            };
            list.by_last.entry(last).or_default().push(word);
            list.by_first.entry(first).or_default().push(word);
        }
        for words in list.by_last.values_mut().chain(list.by_first.values_mut()) {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        list
    }

    /// The words that `text` ends with, longest first.
    pub(in crate::field) fn suffixes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let last = text.chars().next_back();
        let words = last.and_then(|last| self.by_last.get(&last));
        words
            .into_iter()
            .flatten()
            .copied()
            .filter(move |word| text.ends_with(word))
    }

    /// The longest word that `text` ends with.
    pub(in crate::field) fn suffix(&self, text: &str) -> Option<&'static str> {
        self.suffixes(text).next()
    }

    /// The words that start with `c`, longest first.
    pub(in crate::field) fn starting_with(&self, c: char) -> &[&'static str] {
        self.by_first.get(&c).map_or(&[], Vec::as_slice)
    }

    /// The words that end with `c`, longest first.
    pub(in crate::field) fn ending_with(&self, c: char) -> &[&'static str] {
        self.by_last.get(&c).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_comes_first() {
        let list = WordList::new(["公司", "有限公司", "co"]);
        assert_eq!(list.suffix("华夏有限公司"), Some("有限公司"));
        assert_eq!(list.suffixes("华夏有限公司").count(), 2);
        assert_eq!(list.starting_with('公'), ["公司"]);
        assert_eq!(list.ending_with('司'), ["有限公司", "公司"]);
        assert_eq!(list.suffix(""), None);
    }
}
