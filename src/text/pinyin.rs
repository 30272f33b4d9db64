//! Readings: how a text sounds, without tones.
//!
//! In: Han or Latin text. Out: pinyin syllables (crate `pinyin`, all readings), the reading of a surname, or a sound key
//! that homophones share. The crate's first reading is wrong for some characters of names (厦 sha, 翟 di); tables here set
//! the common ones, and surnames have readings of their own (单 shàn, 仇 qiú). Keys are for blocking and for one
//! level of agreement; text itself is never replaced.

use crate::text::phonetic::nysiis;
use crate::text::script::has_han;
use crate::text::simplify::simplified;
use crate::text::tokens::joined_tokens;
use pinyin::ToPinyin;
use pinyin::ToPinyinMulti;
use std::collections::HashSet;
use std::sync::LazyLock;

/// All readings of a character, the default first; empty for characters without pinyin.
pub fn readings(c: char) -> Vec<&'static str> {
    let mut readings: Vec<&'static str> = reading(c).into_iter().collect();
    for other in c.to_pinyin_multi().into_iter().flatten() {
        if !readings.contains(&other.plain()) {
            readings.push(other.plain());
        }
    }
    readings
}

/// The default reading of a character outside surnames.
pub fn reading(c: char) -> Option<&'static str> {
    let c = simplified(c);
    let plain = match c {
        '厦' => "xia",
        '长' => "chang",
        '翟' => "zhai",
        '曾' => "zeng",
        '区' => "qu",
        '行' => "xing",
        '都' => "du",
        '朝' => "chao",
        _ => c.to_pinyin()?.plain(),
    };
    Some(plain)
}

/// The reading of a surname of one or two characters.
///
/// # Examples
/// ```
/// use guiyi::text::pinyin::surname_sound;
/// assert_eq!(surname_sound("单"), "shan");
/// assert_eq!(surname_sound("万俟"), "moqi");
/// assert_eq!(surname_sound("王"), "wang");
/// ```
pub fn surname_sound(surname: &str) -> String {
    match SURNAME_READINGS.iter().find(|(name, _)| *name == surname) {
        Some((_, sound)) => (*sound).to_owned(),
        None => sound(surname),
    }
}

/// Is the lower-case text made of pinyin syllables without tones, one or more?
///
/// # Examples
/// ```
/// use guiyi::text::pinyin::is_syllables;
/// assert!(is_syllables("xiaoming") && is_syllables("xian"));
/// assert!(!is_syllables("john") && !is_syllables(""));
/// ```
pub fn is_syllables(text: &str) -> bool {
    const LETTERS_MAX: usize = 18;
    if text.is_empty() || text.len() > LETTERS_MAX || !text.is_ascii() {
        return false;
    }
    // `ends` holds, as bits, the places where a row of syllables may end.
    let mut ends = 1_u32;
    for end in 1..=text.len() {
        let starts = end.saturating_sub(SYLLABLE_LETTERS_MAX)..end;
        let is_end = starts
            .into_iter()
            .any(|start| ends & (1 << start) != 0 && SYLLABLES.contains(&text[start..end]));
        ends |= u32::from(is_end) << end;
    }
    ends & (1 << text.len()) != 0
}

const SYLLABLE_LETTERS_MAX: usize = 6;

static SYLLABLES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let all = ('\u{4E00}'..='\u{9FFF}').filter_map(reading);
    all.filter(|syllable| syllable.contains(['a', 'e', 'i', 'o', 'u']))
        .chain(["lv", "nv"])
        .collect()
});

/// Sound key of a text: joined toneless pinyin for Han, NYSIIS codes joined by a blank for Latin words.
///
/// Digits and letters beside Han stay as they are, so that `3m中国` keeps its 3.
///
/// # Examples
/// ```
/// use guiyi::text::pinyin::sound;
/// assert_eq!(sound("华夏"), "huaxia");
/// assert_eq!(sound("厦门"), "xiamen");
/// assert_eq!(sound("philip"), sound("filip"));
/// ```
pub fn sound(text: &str) -> String {
    if !has_han(text) {
        let tokens = joined_tokens(text);
        let mut codes = String::with_capacity(tokens.len());
        for token in tokens.split(' ').filter(|token| !token.is_empty()) {
            if !codes.is_empty() {
                codes.push(' ');
            }
            let code = nysiis(token);
            // A code of one letter (Li, Huawei) says too little.
            codes.push_str(if code.len() < 2 { token } else { &code });
        }
        return codes;
    }
    let mut sound = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match reading(c) {
            Some(syllable) => sound.push_str(syllable),
            None if c.is_alphanumeric() => sound.extend(c.to_lowercase()),
            None => {}
        }
    }
    sound
}

const SURNAME_READINGS: &[(&str, &str)] = &[
    ("华", "hua"),
    ("任", "ren"),
    ("乐", "yue"),
    ("纪", "ji"),
    ("缪", "miao"),
    ("解", "xie"),
    ("应", "ying"),
    ("单", "shan"),
    ("於", "yu"),
    ("于", "yu"),
    ("曲", "qu"),
    ("郗", "xi"),
    ("宁", "ning"),
    ("仇", "qiu"),
    ("薄", "bo"),
    ("能", "nai"),
    ("燕", "yan"),
    ("都", "du"),
    ("那", "na"),
    ("曾", "zeng"),
    ("相", "xiang"),
    ("查", "zha"),
    ("盖", "ge"),
    ("牟", "mou"),
    ("哈", "ha"),
    ("肖", "xiao"),
    ("区", "ou"),
    ("朴", "piao"),
    ("繁", "po"),
    ("员", "yun"),
    ("句", "gou"),
    ("要", "yao"),
    ("过", "guo"),
    ("钻", "zuan"),
    ("折", "she"),
    ("召", "shao"),
    ("郄", "qie"),
    ("撒", "sa"),
    ("甯", "ning"),
    ("六", "lu"),
    ("啜", "chuai"),
    ("重", "chong"),
    ("翟", "zhai"),
    ("覃", "qin"),
    ("尉迟", "yuchi"),
    ("万俟", "moqi"),
    ("长孙", "zhangsun"),
    ("澹台", "tantai"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_have_their_own_readings() {
        for (surname, sound) in [
            ("仇", "qiu"),
            ("解", "xie"),
            ("查", "zha"),
            ("曾", "zeng"),
            ("区", "ou"),
        ] {
            assert_eq!(surname_sound(surname), sound);
        }
    }

    #[test]
    fn homophones_share_a_key_in_any_script() {
        assert_eq!(sound("小明"), sound("晓鸣"));
        assert_eq!(sound("長沙"), "changsha");
        assert_eq!(sound("3M中国"), "3mzhongguo");
        assert_eq!(sound(""), "");
        assert!(readings('长').contains(&"zhang"));
    }
}
