//! Wrong characters in names of divisions: 杭洲市, 深训市, 朝阳曲.
//!
//! In: text at a place where no division could be read. Out: the one division there whose name sounds the same without
//! tones (z = zh, n = ng, l = n) or has one similar-looking character, by the table of `reference::similar_characters`. Two
//! such divisions are none. Whether the name is put right is decided by the caller: only below a division that was read.

use crate::reference::regions::Division;
use crate::reference::regions::DivisionRef;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::regions::is_within;
use crate::reference::similar_characters::are_similar;
use crate::text::pinyin::readings;
use std::sync::LazyLock;

/// A division whose name can be mistyped, by characters.
struct Entry {
    division: DivisionRef,
    name: Vec<char>,
}

/// Characters of division names and what is written for them, beside the table's pairs.
const SIMILAR: &[(char, char)] = &[
    ('圳', '训'),
    ('圳', '川'),
    ('莞', '菀'),
    ('莞', '苑'),
    ('湛', '谌'),
    ('邯', '邮'),
    ('淄', '缁'),
    ('濮', '璞'),
    ('亳', '毫'),
    ('衢', '瞿'),
    ('滁', '除'),
    ('孝', '考'),
    ('淀', '定'),
];

/// Every division with a name of three characters or more, in the order of codes.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let provinces = (11..=82_u32).filter(|code| division(code * 10_000).is_some());
    provinces
        .flat_map(|province| province * 10_000..(province + 1) * 10_000)
        .filter_map(division)
        .map(|division| Entry {
            division,
            name: division.name.chars().collect(),
        })
        .filter(|entry| (3..=8).contains(&entry.name.len()))
        .collect()
});

/// Provinces and cities alone: what the start of an address can name.
static LARGE: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
    ENTRIES
        .iter()
        .filter(|entry| entry.division.level < Level::County)
        .collect()
});

/// The division that `text` starts with, one wrong character allowed, and its length in characters.
pub(super) fn misspelt(text: &[char], above: &[DivisionRef]) -> Option<(usize, DivisionRef)> {
    if text.len() < 3 {
        return None;
    }
    if above.is_empty() {
        // Most addresses without a division hold no word for one either.
        let is_suffix = |c: &char| matches!(c, '省' | '市' | '区' | '州' | '盟');
        let end = text.iter().skip(2).position(is_suffix)? + 3;
        return only(
            LARGE.iter().copied().filter(|entry| entry.name.len() == end),
            text,
            above,
        );
    }
    let (start, end) = range(above);
    only(ENTRIES[start..end].iter(), text, above)
}

/// The one entry that fits.
fn only<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    text: &[char],
    above: &[DivisionRef],
) -> Option<(usize, DivisionRef)> {
    let mut found: Option<(usize, DivisionRef)> = None;
    for entry in entries {
        let length = entry.name.len();
        let is_candidate = text.len() >= length
            && is_open(entry.division, above)
            && is_misspelt(&text[..length], &entry.name, !above.is_empty());
        if !is_candidate {
            continue;
        }
        if found.is_some() {
            return None;
        }
        found = Some((length, entry.division));
    }
    found
}

/// Entries below `above`, or all.
fn range(above: &[DivisionRef]) -> (usize, usize) {
    let [outer] = above else { return (0, ENTRIES.len()) };
    let (first, step) = match outer.level {
        Level::Province => (outer.code, 10_000),
        _ => (outer.code, 100),
    };
    let place = |code: u32| ENTRIES.partition_point(|entry| entry.division.code < code);
    (place(first), place(first + step))
}

/// At the start of an address provinces and cities only: county names are too many.
fn is_open(inner: &Division, above: &[DivisionRef]) -> bool {
    if above.is_empty() {
        return inner.level < Level::County;
    }
    above
        .iter()
        .any(|outer| inner.level > outer.level && is_within(inner, outer.code))
}

/// Is `text` the name with one wrong character? The suffix may be the wrong one below a known division only.
fn is_misspelt(text: &[char], name: &[char], below: bool) -> bool {
    let mut differing = text.iter().zip(name).enumerate().filter(|(_, (a, b))| a != b);
    let Some((at, (&written, &meant))) = differing.next() else {
        return false;
    };
    let is_suffix = at == name.len() - 1;
    if differing.next().is_some() || (is_suffix && !below) {
        return false;
    }
    if is_suffix {
        // 镇, 路 and the like are words of their own: only a homophone stands for 区, 县 or 市.
        return !matches!(
            written,
            '市' | '区' | '县' | '州' | '旗' | '盟' | '镇' | '乡' | '路'
        ) && sounds_alike(written, meant);
    }
    sounds_alike(written, meant) || are_similar(written, meant) || SIMILAR.contains(&(meant, written))
}

fn sounds_alike(one: char, other: char) -> bool {
    let others: Vec<String> = readings(other).into_iter().map(blurred).collect();
    readings(one)
        .into_iter()
        .any(|reading| others.contains(&blurred(reading)))
}

/// A syllable without what dialects mix up: zh, ch, sh; final ng; l and n.
fn blurred(syllable: &str) -> String {
    let head = match syllable.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => format!("{}{}", &syllable[..1], &syllable[2..]),
        [b'l', ..] => format!("n{}", &syllable[1..]),
        _ => syllable.to_owned(),
    };
    match head.strip_suffix("ng") {
        Some(stem) => format!("{stem}n"),
        None => head,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, above: &[u32], expected: Option<&str>) {
        let chars: Vec<char> = text.chars().collect();
        let above: Vec<DivisionRef> = above.iter().filter_map(|&code| division(code)).collect();
        let found = misspelt(&chars, &above).map(|(_, division)| division.name);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn one_wrong_character_is_understood_when_one_division_fits() {
        check("杭洲市西湖区", &[], Some("杭州市"));
        check("深训市南山区", &[440_000], Some("深圳市"));
        check("朝阳曲建国路", &[110_000], Some("朝阳区"));
        check("海定区中关村", &[110_000], Some("海淀区"));
        check("朝阳镇建国路", &[110_000], None);
        check("建国路88号", &[110_000], None);
        check("海", &[110_000], None);
    }
}
