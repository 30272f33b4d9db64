//! Chinese surnames, single and compound, with their readings.
//!
//! `data/surnames.tsv`: compiled for guiyi from 百家姓 (public domain) and the common surnames of today, in simplified
//! characters, dated 2026-11; completed and checked against pinyin-pro 3.29.4 (MIT) by `scripts/reference/surnames.py`. Real
//! families differ (乐 yuè and lè), so every reading is kept, the usual one first. A name outside the list is unlikely, not
//! wrong. One reading for one name is chosen by `text::pinyin`; other spellings of a surname are in `variant_surnames`.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::list::List;
use super::list::is_word;
use super::list::packed;
use crate::text::pinyin::surname_sound;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "surnames",
    version: "2026-11",
    source: "compiled for guiyi; readings checked against pinyin-pro 3.29.4 (MIT)",
    licence: "Apache-2.0",
    packed: packed!("surnames"),
    is_row: |cells| matches!(cells, [surname] | [surname, _] if is_word(surname) && surname.chars().count() <= 4),
    loaded: OnceLock::new(),
};

struct Surnames {
    readings: FixedMap<&'static str, Vec<String>>,
    chars_max: usize,
}

static SURNAMES: LazyLock<Surnames> = LazyLock::new(|| {
    let mut surnames = Surnames {
        readings: FixedMap::default(),
        chars_max: 1,
    };
    for cells in LIST.rows() {
        let surname = cells[0];
        let given = cells.get(1).copied().unwrap_or_default();
        let mut readings: Vec<String> = given
            .split(',')
            .filter(|reading| !reading.is_empty())
            .map(str::to_owned)
            .collect();
        if readings.is_empty() {
            readings.push(surname_sound(surname));
        }
        surnames.chars_max = surnames.chars_max.max(surname.chars().count());
        surnames.readings.insert(surname, readings);
    }
    surnames
});

/// The surname that starts a name in simplified characters: a compound one when at least one character follows it.
///
/// # Examples
/// ```
/// use guiyi::reference::surnames::leading_surname;
/// assert_eq!(leading_surname("欧阳娜娜"), Some("欧阳"));
/// assert_eq!(leading_surname("王伟"), Some("王"));
/// assert_eq!(leading_surname("咪咪"), None);
/// ```
pub fn leading_surname(name: &str) -> Option<&str> {
    let first = name.chars().next()?;
    // Compound surnames need a character behind them.
    let compound = (2..=SURNAMES.chars_max).rev().find_map(|length| {
        let (end, _) = name.char_indices().nth(length)?;
        let surname = &name[..end];
        SURNAMES.readings.contains_key(surname).then_some(surname)
    });
    compound.or_else(|| {
        let surname = &name[..first.len_utf8()];
        SURNAMES.readings.contains_key(surname).then_some(surname)
    })
}

/// Is the text, in simplified characters, a surname?
pub fn is_surname(text: &str) -> bool {
    SURNAMES.readings.contains_key(text)
}

/// Every reading of a surname without tones, the usual one first; none for a text that is no surname.
///
/// # Examples
/// ```
/// use guiyi::reference::surnames::surname_readings;
/// assert_eq!(surname_readings("乐"), ["yue", "le"]);
/// assert_eq!(surname_readings("万俟"), ["moqi"]);
/// ```
pub fn surname_readings(surname: &str) -> &'static [String] {
    SURNAMES.readings.get(surname).map_or(&[], Vec::as_slice)
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readings_of_china_md_come_first() {
        let table = "华hua 任ren 乐yue 纪ji 缪miao 解xie 应ying 单shan 於yu 曲qu 郗xi 宁ning 仇qiu 薄bo 能nai 燕yan 都du 那na \
                     曾zeng 相xiang 查zha 盖ge 牟mou 哈ha 肖xiao 区ou 朴piao 繁po 员yun 句gou 要yao 过guo 钻zuan 折she 召shao 郄qie \
                     撒sa 甯ning 六lu 啜chuai 尉迟yuchi 万俟moqi 长孙zhangsun 翟zhai 覃qin";
        for entry in table.split(' ') {
            let (surname, reading) = entry.split_at(entry.find(|c: char| c.is_ascii()).unwrap());
            assert_eq!(
                surname_readings(surname).first().map(String::as_str),
                Some(reading),
                "{surname}"
            );
            // The list and the reading that pinyin chooses may not part.
            assert_eq!(surname_sound(surname), reading, "{surname}");
        }
        assert!(surname_readings("咪").is_empty());
    }

    #[test]
    fn compound_surnames_win_when_a_name_follows() {
        assert_eq!(leading_surname("司马光"), Some("司马"));
        assert_eq!(leading_surname("欧阳"), Some("欧"));
        assert_eq!(leading_surname("爱新觉罗溥仪"), Some("爱新觉罗"));
        assert_eq!(leading_surname("Wang"), None);
        assert_eq!(leading_surname(""), None);
        assert!(is_surname("诸葛") && is_surname("王") && !is_surname("王伟"));
    }
}
