//! Wrong characters 错别字 in names of organisations.
//!
//! In: a text at the place of a known word. Out: the word that was meant, when one character of the text sounds like the
//! word's (same pinyin without tones) or looks like it, or two are swapped or one is doubled
//! (`reference::similar_characters`). Regions and words of trade are suggested, legal forms are put
//! right by the caller. Only texts that are no known word are looked at, so clean names cost nothing.

use super::word_list::WordList;
use crate::reference::industries;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::similar_characters::are_similar;
use crate::text::pinyin::reading;
use std::sync::LazyLock;

/// Does `text` differ from `word` in one character, by a slip?
pub(super) fn one_slip(text: &str, word: &str) -> bool {
    let mut slips = 0;
    let mut left = text.chars();
    let mut right = word.chars();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return slips == 1,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if slips == 0 && is_slip(a, b) => slips = 1,
            _ => return false,
        }
    }
}

/// May `a` have been typed for `b`: do they sound or look alike?
fn is_slip(a: char, b: char) -> bool {
    let sounds_alike = || reading(a).is_some_and(|sound| reading(b) == Some(sound));
    sounds_alike() || are_similar(a, b) || is_pair(a, b)
}

/// Pairs seen in names that the list of similar characters lacks.
fn is_pair(a: char, b: char) -> bool {
    const PAIRS: &[[char; 2]] = &[
        ['技', '枝'],
        ['技', '支'],
        ['司', '同'],
        ['司', '可'],
        ['司', '词'],
        ['公', '么'],
    ];
    PAIRS.contains(&[a, b]) || PAIRS.contains(&[b, a])
}

static TRADES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::new(
        industries::WORDS
            .iter()
            .copied()
            .filter(|word| word.chars().count() == 2),
    )
});

static REGIONS: LazyLock<WordList> = LazyLock::new(|| {
    // Codes of provinces and cities end in 00.
    let coded = (1_100..=8_300).filter_map(|code| division(code * 100));
    let cities = coded.filter(|division| division.level < Level::County);
    WordList::new(cities.flat_map(|division| [division.short, division.name]))
});

/// The word of trade that the last two characters of `text` were meant to be; its core must keep two characters.
pub(super) fn trade_meant(text: &str) -> Option<&'static str> {
    let (at, last) = text.char_indices().next_back()?;
    let (start, first) = text[..at].char_indices().next_back()?;
    if text[..start].chars().count() < 2 {
        return None;
    }
    let tail = &text[start..];
    unique(
        TRADES
            .starting_with(first)
            .iter()
            .chain(TRADES.ending_with(last))
            .copied()
            .filter(|word| one_slip(tail, word)),
    )
}

/// A word of trade at the end of `text` whose two characters are swapped or whose last is doubled: where it starts and the
/// word; its core must keep two characters.
pub(super) fn trade_mistyped(text: &str) -> Option<(usize, &'static str)> {
    let (last_at, last) = text.char_indices().next_back()?;
    let (at, before) = text[..last_at].char_indices().next_back()?;
    let start = if before == last {
        text[..at].char_indices().next_back()?.0
    } else {
        at
    };
    let word: String = if before == last {
        text[start..last_at].to_owned()
    } else {
        [last, before].iter().collect()
    };
    let keeps_core = text[..start].chars().nth(1).is_some();
    let known = TRADES.ending_with(*word.chars().last().as_ref()?);
    let found = known.iter().copied().find(|known| *known == word)?;
    keeps_core.then_some((start, found))
}

/// The province or city that the first characters of `text` were meant to be, and the bytes they take.
pub(super) fn region_meant(text: &str) -> Option<(&'static str, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().take(4).collect();
    let first = chars.first()?.1;
    if let [_, (one, second), (two, _), ..] = chars[..]
        && let Some(found) = region_mistyped(&text[..two], second == first, &text[one..])
    {
        return Some(found);
    }
    for length in (2..chars.len()).rev() {
        let head = &text[..chars[length].0];
        let words = REGIONS
            .starting_with(first)
            .iter()
            .chain(REGIONS.ending_with(chars[length - 1].1))
            .copied()
            .filter(|word| one_slip(head, word));
        if let Some(word) = unique(words) {
            return Some((word, head.len()));
        }
    }
    None
}

/// A region whose first character is doubled (北北京) or whose two characters are swapped (海上).
fn region_mistyped(head: &str, is_doubled: bool, rest: &str) -> Option<(&'static str, usize)> {
    let first = rest.chars().next()?;
    if is_doubled {
        let words = REGIONS.starting_with(first).iter().copied();
        let longest = words
            .filter(|word| rest.starts_with(word))
            .max_by_key(|word| word.len())?;
        return Some((longest, first.len_utf8() + longest.len()));
    }
    let swapped: String = head.chars().rev().collect();
    let words = REGIONS.starting_with(first).iter().copied();
    unique(words.filter(|word| *word == swapped)).map(|word| (word, head.len()))
}

/// The only word, if there is just one.
fn unique(words: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let mut found: Option<&'static str> = None;
    for word in words {
        if found.is_some_and(|known| known != word) {
            return None;
        }
        found = Some(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_sound_or_look_alike() {
        assert!(one_slip("工司", "公司"));
        assert!(!one_slip("公司", "公司"));
        assert!(!one_slip("同工", "公司"));
        assert!(!one_slip("公", "公司"));
    }

    #[test]
    fn what_was_meant_is_named_when_it_is_the_only_word() {
        assert_eq!(trade_meant("华夏科枝"), Some("科技"));
        assert_eq!(trade_meant("华夏贸意"), Some("贸易"));
        assert_eq!(trade_meant("科枝"), None);
        assert_eq!(region_meant("杭洲华夏"), Some(("杭州", 6)));
        assert_eq!(region_meant("杭洲市华夏"), Some(("杭州市", 9)));
        assert_eq!(region_meant("申圳华夏"), Some(("深圳", 6)));
        assert_eq!(region_meant("北北京华夏"), Some(("北京", 9)));
        assert_eq!(region_meant("海上华夏"), Some(("上海", 6)));
        assert_eq!(region_meant("华夏科技"), None);
        assert_eq!(trade_mistyped("华夏易贸"), Some((6, "贸易")));
        assert_eq!(trade_mistyped("千通商贸贸"), Some((6, "商贸")));
        assert_eq!(trade_mistyped("华夏贸易"), None);
        assert_eq!(trade_mistyped("易贸"), None);
    }
}
