//! Words of trade that stand between the core of a Chinese company name and its legal form.
//!
//! `data/industries.tsv`, compiled for guiyi after the divisions of GB/T 4754-2017 and common company names, dated 2026-11, and
//! extended by the reviewed words of companynameparser 0.1.8 (Apache-2.0); words that make good core names (金桥, 天骄, 现代) were
//! left out. They are weak evidence: a name of such words alone agrees with the same words only.

use super::ReferenceData;
use super::hashing::FixedSet;
use super::list::List;
use super::list::is_word;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "industries",
    version: "2026-11",
    source: "compiled for guiyi after GB/T 4754-2017; companynameparser 0.1.8",
    licence: "Apache-2.0",
    packed: packed!("industries"),
    is_row: |cells| matches!(cells, [word] if is_word(word)),
    loaded: OnceLock::new(),
};

/// Words of trade, longest first.
pub static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<_> = LIST.lines().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words
});

static KNOWN: LazyLock<FixedSet<&'static str>> = LazyLock::new(|| WORDS.iter().copied().collect());
static CHARS_MAX: LazyLock<usize> =
    LazyLock::new(|| WORDS.iter().map(|word| word.chars().count()).max().unwrap_or(0));

/// The words of trade that `text` ends with, longest first.
pub fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    super::suffixes(text, *CHARS_MAX).filter(|suffix| KNOWN.contains(suffix))
}

/// Is the text a word of trade?
pub fn is_industry(text: &str) -> bool {
    KNOWN.contains(text)
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_are_found_longest_first() {
        assert_eq!(suffixes("华夏信息技术").next(), Some("信息技术"));
        assert_eq!(suffixes("华夏").count(), 0);
        assert_eq!(suffixes("Huaxia Trading").count(), 0);
        assert_eq!(suffixes("").count(), 0);
        assert!(WORDS.len() > 1_000);
        for core in ["金桥", "天骄", "现代", "埃航", "南方电网", "明月", "第一"] {
            assert!(!is_industry(core), "{core}");
        }
    }
}
