//! Wrong characters in names of divisions: 杭洲市, 深训市, 朝阳曲.
//!
//! In: text at a place where no division could be read. Out: the one division there whose name has one other character that
//! sounds the same without tones (z = zh, n = ng, l = n) or looks alike, by the table of `reference::similar_characters`.
//! Two such divisions are none. At the start of an address all provinces and cities that the word can mean are given, those
//! with the same sound or with swapped characters too. Whether the name is put right is decided by the caller: below a
//! division that was read, or before one that lies inside.

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

/// A province or city, which the start of an address can name, with the blurred readings of its characters.
struct Large {
    entry: &'static Entry,
    sounds: Vec<Vec<String>>,
}

static LARGE: LazyLock<Vec<Large>> = LazyLock::new(|| {
    let entries = ENTRIES
        .iter()
        .filter(|entry| entry.division.level < Level::County);
    entries
        .map(|entry| Large {
            entry,
            sounds: entry.name.iter().map(|&c| sounds_of(c)).collect(),
        })
        .collect()
});

/// An unknown word for a province or city at the start of an address.
pub(super) struct First {
    /// Its length in characters.
    pub(super) length: usize,
    /// Divisions whose names have one other character, alike in sound or shape.
    pub(super) likely: Vec<DivisionRef>,
    /// Divisions whose names sound the same or have two neighbours swapped: only what follows can speak for them.
    pub(super) possible: Vec<DivisionRef>,
}

/// The word for a province or city that `text` starts with, and what it can mean.
pub(super) fn first_division(text: &[char]) -> Option<First> {
    // Most addresses without a division hold no word for one either.
    let is_suffix = |c: &char| matches!(c, '省' | '市' | '区' | '州' | '盟');
    let length = text.iter().skip(2).position(is_suffix)? + 3;
    let (token, after) = text.split_at(length);
    if after.first() == Some(&'场') || token.iter().any(char::is_ascii) {
        return None;
    }
    let sounds: Vec<Vec<String>> = match token[length - 1] {
        '省' | '市' => token.iter().map(|&c| sounds_of(c)).collect(),
        _ => Vec::new(),
    };
    let mut first = First {
        length,
        likely: Vec::new(),
        possible: Vec::new(),
    };
    for large in LARGE.iter().filter(|large| large.entry.name.len() == length) {
        let Entry { division, name } = large.entry;
        if is_misspelt(token, name, false) {
            first.likely.push(division);
        } else if !sounds.is_empty()
            && name[length - 1] == token[length - 1]
            && (is_swapped(token, name) || is_homophone(&sounds, &large.sounds))
        {
            first.possible.push(division);
        }
    }
    Some(first)
}

/// Is `text` the name with two neighbouring characters swapped: 海上市?
fn is_swapped(text: &[char], name: &[char]) -> bool {
    let Some(at) = text.iter().zip(name).position(|(a, b)| a != b) else {
        return false;
    };
    at + 2 < name.len()
        && text[at] == name[at + 1]
        && text[at + 1] == name[at]
        && text[at + 2..] == name[at + 2..]
}

fn is_homophone(text: &[Vec<String>], name: &[Vec<String>]) -> bool {
    let mut pairs = text.iter().zip(name);
    pairs.all(|(text, name)| text.iter().any(|sound| name.contains(sound)))
}

/// The division below `above` that `text` starts with, one wrong character allowed, and its length in characters.
pub(super) fn misspelt(text: &[char], above: &[DivisionRef]) -> Option<(usize, DivisionRef)> {
    if text.len() < 3 {
        return None;
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
            && is_misspelt(&text[..length], &entry.name, true);
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

fn is_open(inner: &Division, above: &[DivisionRef]) -> bool {
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
    let others = sounds_of(other);
    sounds_of(one).iter().any(|sound| others.contains(sound))
}

fn sounds_of(c: char) -> Vec<String> {
    readings(c).into_iter().map(blurred).collect()
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
        check("深训市南山区", &[440_000], Some("深圳市"));
        check("朝阳曲建国路", &[110_000], Some("朝阳区"));
        check("海定区中关村", &[110_000], Some("海淀区"));
        check("朝阳镇建国路", &[110_000], None);
        check("建国路88号", &[110_000], None);
        check("海", &[110_000], None);
    }

    #[test]
    fn the_first_word_can_mean_names_alike_in_sound_shape_or_order() {
        for (text, likely, possible) in [
            ("杭洲市西湖区", "杭州市", ""),
            ("疆苏省南京市", "江苏省", ""),
            ("海上市浦东新区", "", "上海市"),
            ("田筋市西青区", "", "天津市"),
            ("杭洲市场5号", "", ""),
            ("阳光小区", "", ""),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let names = |all: &[DivisionRef]| all.iter().map(|division| division.name).collect::<String>();
            let found = first_division(&chars);
            let found = found.map(|first| (names(&first.likely), names(&first.possible)));
            let found = found.unwrap_or_default();
            assert_eq!((found.0.as_str(), found.1.as_str()), (likely, possible), "{text}");
        }
    }
}
