//! Folding: one spelling for characters that look or mean the same.
//!
//! In: any text. Out: text in NFKC (Unicode Annex 15) without zero-width and control characters, with one dot, one
//! bracket, one dash, one quote, with CJK radicals as ordinary characters, and with single blanks between words. Case
//! and script are kept; [`fold_case`] and [`strip_accents`] go further. NFKC alone leaves 113 radicals of the CJK
//! Radicals Supplement and several dots (measured, Unicode 16), which tables here add after Unicode's
//! `EquivalentUnifiedIdeograph.txt`. Simplifying characters is left to `simplify`.

use crate::text::script::has_han;
use crate::text::script::is_han;
use encoding_rs::GB18030;
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded text; folding twice changes nothing.
///
/// # Examples
/// ```
/// use guiyi::text::fold::fold;
/// assert_eq!(fold("ＡＢＣ　（北京）"), "ABC (北京)");
/// assert_eq!(fold("买买提•吐尔逊\u{200B}"), "买买提·吐尔逊");
/// assert_eq!(fold("⻓沙"), "长沙");
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        wants_blank: false,
    };
    if !text
        .chars()
        .all(|c| one_to_one(c).map(|c| folded.push(c)).is_some())
    {
        folded.text.clear();
        folded.wants_blank = false;
        let visible = text.chars().map(named_private).filter_map(visible_or_blank);
        visible.nfkc().map(variant).for_each(|c| folded.push(c));
    }
    Cow::Owned(folded.text)
}

/// Text with single blanks between words and none at its ends.
struct Folded {
    text: String,
    wants_blank: bool,
}

impl Folded {
    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.wants_blank = !self.text.is_empty();
        } else {
            if self.wants_blank {
                self.text.push(' ');
                self.wants_blank = false;
            }
            self.text.push(c);
        }
    }
}

/// The folded character of one that folds without regard to its neighbours; `None` for those that NFKC must see.
fn one_to_one(c: char) -> Option<char> {
    match c {
        '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '。' | '、' | '《' | '》' | '·' => Some(variant(c)),
        ' ' | '\u{3000}' | '\u{A0}' | '\t' | '\r' | '\n' | '\u{1F}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).map(variant),
        '\u{2010}'..='\u{2015}' if c != '\u{2011}' => Some('-'),
        '“' | '”' | '‘' | '’' | '【' | '】' | '〔' | '〕' | '•' => Some(variant(c)),
        '\u{C0}'..='\u{FF}' => Some(c),
        _ => None,
    }
}

/// The folded text in lower case.
pub fn fold_case(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        folded.to_ascii_lowercase()
    } else {
        folded.to_lowercase()
    }
}

/// Drops accents from Latin letters and writes ligatures as letters: `Müller` → `Muller`, `Søren` → `Soren`.
pub fn strip_accents(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_han(c)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.nfd().filter(|&c| !is_combining_mark(c)) {
        match ligature(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Drops blanks beside Han characters, and beside brackets and dots of a text with Han: `王 小明` → `王小明`.
pub fn join_han(text: &str) -> String {
    if !has_han(text) {
        return text.trim().to_owned();
    }
    let mut joined = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        let is_dropped = c == ' '
            && (before.is_none_or(is_han_or_bracket) || chars.peek().copied().is_none_or(is_han_or_bracket));
        if !is_dropped {
            joined.push(c);
            before = Some(c);
        }
    }
    joined
}

fn is_han_or_bracket(c: char) -> bool {
    is_han(c) || matches!(c, '(' | ')' | '·')
}

fn is_folded(text: &str) -> bool {
    if text.is_ascii() {
        return is_folded_ascii(text.as_bytes());
    }
    let mut after_blank = true;
    for c in text.chars() {
        match c {
            ' ' if after_blank => return false,
            ' ' => after_blank = true,
            '[' | ']' => return false,
            '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '\u{C0}'..='\u{FF}' | '·' => after_blank = false,
            _ => return false,
        }
    }
    !after_blank || text.is_empty()
}

fn is_folded_ascii(text: &[u8]) -> bool {
    let is_graphic = |b: u8| matches!(b, b'!'..=b'~') && b != b'[' && b != b']';
    let mut after_blank = true;
    for &b in text {
        let is_blank = b == b' ';
        if is_blank && after_blank || !is_blank && !is_graphic(b) {
            return false;
        }
        after_blank = is_blank;
    }
    !after_blank || text.is_empty()
}

/// `None` for characters without width; controls become blanks.
fn visible_or_blank(c: char) -> Option<char> {
    match c {
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{E0000}'..='\u{E01EF}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    }
}

fn variant(c: char) -> char {
    match c {
        '\u{2022}' | '\u{30FB}' | '\u{2027}' | '\u{22C5}' | '\u{2219}' | '\u{387}' | '\u{2024}' => '·',
        '[' | '〔' | '【' | '〖' | '〘' | '〚' => '(',
        ']' | '〕' | '】' | '〗' | '〙' | '〛' => ')',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{2500}' => '-',
        '\u{301C}' | '\u{223C}' => '~',
        '“' | '”' | '„' | '‟' | '〝' | '〞' => '"',
        '‘' | '’' | '‚' | '‛' | '\u{2032}' | '\u{B4}' | '\u{2BC}' => '\'',
        '\u{2E80}'..='\u{2EF3}' => radical(c),
        c => c,
    }
}

/// The ordinary character of a CJK radical that NFKC leaves alone.
fn radical(c: char) -> char {
    RADICALS
        .get((c as usize).wrapping_sub(0x2E80))
        .copied()
        .unwrap_or(c)
}

/// The character that a private-use code of older GBK tables stands for; itself when none is known.
///
/// Tools with the tables of GBK or GB 18030-2000 write U+E78D–U+E796, U+E7C7 and U+E815–U+E864 where Unicode has had
/// characters since 2005; GB 18030-2022 names them. The last block is in the order of the codes FE50–FEA0.
pub(super) fn named_private(c: char) -> char {
    const VERTICAL: [char; 10] = [
        '\u{FE10}', '\u{FE12}', '\u{FE11}', '\u{FE13}', '\u{FE14}', '\u{FE15}', '\u{FE16}', '\u{FE17}',
        '\u{FE18}', '\u{FE19}',
    ];
    match c {
        '\u{E78D}'..='\u{E796}' => VERTICAL[c as usize - 0xE78D],
        '\u{E7C7}' => '\u{1E3F}',
        // Characters beyond the first plane, which decoders of GBK leave private.
        '\u{E816}' => '\u{20087}',
        '\u{E817}' => '\u{20089}',
        '\u{E818}' => '\u{200CC}',
        '\u{E831}' => '\u{215D7}',
        '\u{E83B}' => '\u{2298F}',
        '\u{E855}' => '\u{241FE}',
        '\u{E815}'..='\u{E864}' => LAST_OF_GBK[c as usize - 0xE815],
        c => c,
    }
}

static LAST_OF_GBK: LazyLock<[char; 80]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let trail = 0x50 + at as u8 + u8::from(at >= 0x2F);
        let bytes = [0xFE, trail];
        let (text, ..) = GB18030.decode(&bytes);
        text.chars().next().unwrap_or('\u{FFFD}')
    })
});

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        _ => return None,
    })
}

/// Equivalent unified ideographs of U+2E80 to U+2EF3, in order; itself where Unicode names none.
#[rustfmt::skip]
const RADICALS: [char; 116] = [
    '⺀', '厂', '乛', '乚', '乙', '亻', '冂', '𠘨', '刀', '刂', '卜', '㔾', '小', '小', '兀', '尣', '尢', '𡯂', '巳', '幺',
    '彑', '彐', '忄', '心', '扌', '攵', '⺚', '旡', '日', '月', '歺', '母', '民', '氵', '氺', '灬', '爫', '爫', '丬', '牛',
    '犭', '王', '𤴔', '目', '示', '礻', '𥫗', '糹', '纟', '罓', '罒', '㓁', '冗', '𦉫', '羊', '𦍌', '𦍋', '耂', '肀', '聿',
    '肉', '𦥑', '艹', '艹', '艹', '虎', '衤', '覀', '西', '见', '角', '𧢲', '讠', '贝', '𧾷', '车', '辶', '辶', '辶', '邑',
    '钅', '長', '镸', '长', '门', '𨸏', '阝', '雨', '青', '韦', '页', '风', '飞', '食', '𩙿', '飠', '饣', '𩠐', '马', '骨',
    '鬼', '鱼', '鸟', '卤', '麦', '黄', '黾', '斉', '齐', '歯', '齿', '竜', '龙', '龜', '亀', '龟',
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variants_come_to_one_spelling() {
        for (raw, folded) in [
            ("", ""),
            ("ABC Ltd", "ABC Ltd"),
            ("  ABC \t\n Ltd ", "ABC Ltd"),
            ("（株）〔北京〕【收】", "(株)(北京)(收)"),
            ("㈱ № ①", "(株) No 1"),
            ("a—b–c−d", "a-b-c-d"),
            ("“O’Brien”", "\"O'Brien\""),
            ("张\u{FEFF}三", "张三"),
            ("\u{202A}13812349876\u{202C}", "13812349876"),
            ("买买提•吐尔逊", "买买提·吐尔逊"),
            ("⻓⻄⻛⻢", "长西风马"),
            ("\u{E78D}\u{E816}", ",\u{20087}"),
            ("\u{E81E}", "\u{9FB4}"),
            ("Müller　Straße", "Müller Straße"),
            ("e\u{301}té É", "été É"),
        ] {
            assert_eq!(fold(raw), folded);
        }
        assert_eq!(strip_accents("Müller Straße Łódź"), "Muller Strasse Lodz");
        assert_eq!(join_han("王 小明 ABC Ltd 公司"), "王小明ABC Ltd公司");
        assert_eq!(join_han("Microsoft (China) Ltd"), "Microsoft (China) Ltd");
    }

    #[test]
    fn every_code_of_the_last_block_of_gbk_has_its_character() {
        for c in '\u{E815}'..='\u{E864}' {
            let named = named_private(c);
            assert!(
                !('\u{E000}'..='\u{F8FF}').contains(&named) && named != '\u{FFFD}',
                "{:x}",
                c as u32
            );
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text).into_owned();
            let twice = fold(&once).into_owned();
            prop_assert_eq!(twice, once);
        }
    }
}
