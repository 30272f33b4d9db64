//! Words of trade between the core of a Chinese name and its form.
//!
//! In: the name without region and form. Out: core, words of trade as one text, and whether 集团 stood among them. Words
//! are taken off the end, longest first, as long as two characters stay; a name of words of trade only is all core.

use crate::reference::industries;

const GROUP: &str = "集团";

/// Core and words of trade.
pub(super) struct Core<'a> {
    pub(super) core: &'a str,
    pub(super) industry: &'a str,
    pub(super) has_group: bool,
}

/// Core, words of trade, and whether 集团 stood between or after them.
pub(super) fn split_industry(body: &str) -> Core<'_> {
    let all_core = Core {
        core: body,
        industry: "",
        has_group: false,
    };
    let (core, has_group) = without_trade(body, 2);
    if core.is_empty() || is_of_trade(body) {
        return all_core;
    }
    Core {
        core,
        industry: &body[core.len()..],
        has_group,
    }
}

/// Is the text made of words of trade only?
pub(super) fn is_of_trade(text: &str) -> bool {
    trade_start(text) == 0
}

/// Where the words of trade at the end of `text` start.
pub(super) fn trade_start(text: &str) -> usize {
    let mut rest = text;
    while let Some(word) = industries::suffixes(rest).next() {
        rest = &rest[..rest.len() - word.len()];
    }
    rest.len()
}

/// Characters of core before the words of trade of a name, 2 standing for more. A word of trade gives way to a shorter one
/// that leaves two: 恒光电子 is 恒光 and 电子.
pub(super) fn core_chars(text: &str) -> usize {
    let (rest, _) = without_trade(text, 2);
    let least = industries::suffixes(rest).next();
    let core = &rest[..rest.len() - least.map_or(0, str::len)];
    core.chars().take(2).count()
}

/// `body` without the words of trade and 集团 at its end; at least `chars_min` characters stay.
fn without_trade(body: &str, chars_min: usize) -> (&str, bool) {
    let mut rest = body;
    let mut has_group = false;
    let bytes_min = body
        .char_indices()
        .nth(chars_min.saturating_sub(1))
        .map_or(body.len(), |(at, c)| at + c.len_utf8());
    loop {
        let leaves_enough = |word: &str| rest.len() - word.len() >= bytes_min;
        if rest.ends_with(GROUP) && leaves_enough(GROUP) {
            rest = &rest[..rest.len() - GROUP.len()];
            has_group = true;
            continue;
        }
        match industries::suffixes(rest).find(|word| leaves_enough(word)) {
            Some(word) => rest = &rest[..rest.len() - word.len()],
            None => return (rest, has_group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_trade_gives_way_to_a_shorter_one() {
        assert_eq!(core_chars("恒光电子"), 2);
        assert_eq!(core_chars("滩百货"), 1);
        assert_eq!(core_chars("贸易"), 0);
    }

    #[test]
    fn the_core_keeps_two_characters() {
        let split = |body| {
            let core = split_industry(body);
            [core.core, core.industry]
        };
        assert_eq!(split("华夏信息科技"), ["华夏", "信息科技"]);
        assert_eq!(split("信息科技"), ["信息科技", ""]);
        assert_eq!(split("大疆"), ["大疆", ""]);
        assert!(split_industry("阿里巴巴集团控股").has_group);
    }
}
