//! Traditional to simplified characters.
//!
//! In: text. Out: text with each traditional character replaced by its simplified one, character by character, by
//! OpenCC's table `TSCharacters` (Apache-2.0; `data/traditional_simplified.txt`, made by `scripts/reference/traditional.py`).
//! Of phrases only those count in which a character of names stays (乾坤, 著名), so a few surnames change (於 → 于): callers
//! keep the original beside the result.

use std::borrow::Cow;
use std::sync::LazyLock;

pub(crate) const TABLE: &str = include_str!("data/traditional_simplified.txt");
const FIRST: u32 = 0x3400;
const LAST: u32 = 0xFAFF;

static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = (FIRST..=LAST).map(|c| char::from_u32(c).unwrap_or(' ')).collect();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut pair = line.chars();
        if let (Some(traditional), Some(simplified)) = (pair.next(), pair.next())
            && let Some(slot) = table.get_mut((traditional as usize).wrapping_sub(FIRST as usize))
        {
            *slot = simplified;
        }
    }
    table
});

/// The simplified form of one character, itself when it has none.
pub fn simplified(c: char) -> char {
    match c as u32 {
        code @ FIRST..=LAST if !(0xD800..=0xDFFF).contains(&code) => SIMPLIFIED[(code - FIRST) as usize],
        _ => c,
    }
}

/// The text in simplified characters.
///
/// # Examples
/// ```
/// use guiyi::text::simplify::simplify;
/// assert_eq!(simplify("臺灣積體電路製造"), "台湾积体电路制造");
/// assert_eq!(simplify("ABC Ltd"), "ABC Ltd");
/// ```
pub fn simplify(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| simplified(c) == c) {
        return Cow::Borrowed(text);
    }
    let mut simple = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let is_kept = keeps(before, c, chars.peek().copied());
        simple.push(if is_kept { c } else { simplified(c) });
        before = Some(c);
    }
    Cow::Owned(simple)
}

/// Does a traditional character stay because of its neighbours?
///
/// 乾 is 干 when it means dry and stays in 乾坤 and 乾隆; after OpenCC's `TSPhrases` (Apache-2.0), with words of company
/// names added.
fn keeps(before: Option<char>, c: char, after: Option<char>) -> bool {
    c == '乾'
        && (before == Some('康')
            || after.is_some_and(|after| "坤隆元陵县縣盛泰通宇安清德道卦嘉符".contains(after)))
}

/// Number of pairs in the table.
pub fn rows() -> usize {
    TABLE.lines().filter(|line| !line.starts_with('#')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_names_become_simplified_and_the_rest_stays() {
        assert_eq!(simplify("瀋陽鍾氏貿易"), "沈阳钟氏贸易");
        assert_eq!(simplify("王小明 O'Brien"), "王小明 O'Brien");
        assert_eq!(simplify("乾隆餅乾廠"), "乾隆饼干厂");
        assert_eq!(simplify("乾元資本"), "乾元资本");
        assert!(matches!(simplify("上海"), Cow::Borrowed(_)));
        assert!(TABLE.lines().count() > 2_500);
    }
}
