//! Short names of known organisations: 工行 is 中国工商银行, 中建三局 is 中国建筑第三工程局.
//!
//! `data/abbreviations.tsv`, compiled for guiyi, dated 2026-11: public names of large enterprises, banks and universities. Full
//! names stand without region of a branch, group mark and legal form. A hit makes a candidate, never a merge: 中石油 names a
//! group of many companies.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::list::List;
use super::list::is_word;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "abbreviations",
    version: "2026-11",
    source: "compiled for guiyi",
    licence: "Apache-2.0",
    packed: packed!("abbreviations"),
    is_row: |cells| matches!(cells, [short, full] if is_word(short) && is_word(full) && short != full),
    loaded: OnceLock::new(),
};

static PAIRS: LazyLock<FixedMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut pairs: FixedMap<&'static str, Vec<&'static str>> = FixedMap::default();
    for cells in LIST.rows() {
        pairs.entry(cells[0]).or_default().push(cells[1]);
    }
    pairs
});

/// Longest short name, in characters.
pub const SHORT_CHARS_MAX: usize = 6;

/// Full names of a short name.
///
/// # Examples
/// ```
/// use guiyi::reference::abbreviations::full_names;
/// assert_eq!(full_names("工行"), ["中国工商银行"]);
/// assert!(full_names("Acme").is_empty());
/// ```
pub fn full_names(short: &str) -> &'static [&'static str] {
    PAIRS.get(short).map_or(&[], Vec::as_slice)
}

/// The longest short name that `text` starts with.
pub fn leading_short_name(text: &str) -> Option<&str> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends = ends.skip(1).take(SHORT_CHARS_MAX - 1);
    let known = ends
        .map(|end| &text[..end])
        .filter(|short| PAIRS.contains_key(short));
    known.last()
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_lead_to_full_ones() {
        assert!(LIST.rows().count() >= 60);
        for (short, full) in [
            ("中石油", "中国石油天然气"),
            ("中石化", "中国石油化工"),
            ("建行", "中国建设银行"),
            ("农行", "中国农业银行"),
            ("中行", "中国银行"),
            ("国网", "国家电网"),
            ("中建三局", "中国建筑第三工程局"),
            ("中铁建", "中国铁建"),
        ] {
            assert_eq!(full_names(short), [full]);
        }
        assert_eq!(leading_short_name("中石油昆仑燃气"), Some("中石油"));
        assert_eq!(leading_short_name("中建三局集团"), Some("中建三局"));
        assert_eq!(leading_short_name("ICBC"), None);
        assert_eq!(leading_short_name(""), None);
    }
}
