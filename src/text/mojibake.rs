//! Text that was read in a wrong encoding, 乱码.
//!
//! In: text. Out: what is wrong with it, and the text as it was meant when that can be proved. Three accidents are undone:
//! UTF-8 read as GBK (有限 → 鏈夐檺), UTF-8 read as Windows-1252 (é → Ã©) and GBK read as Windows-1252 (北京 → ±±¾©). A text
//! is repaired when its characters give bytes that the right encoding reads strictly, when the result is of ordinary
//! characters, mostly the 3 755 common ones of GB 2312 level 1, and when damaging the result again gives the text. Marks
//! of damage that cannot be undone (锟斤拷, 烫烫烫, half of a pair lost) are told apart. Clean text costs one look at each
//! character; ASCII text costs less.

use crate::text::fold::named_private;
use encoding_rs::Encoding;
use encoding_rs::GBK;
use encoding_rs::WINDOWS_1252;
use std::sync::LazyLock;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// Read in a wrong encoding, and provably meant otherwise.
    Undone {
        /// The text as it was meant.
        text: String,
        /// The encoding it was read in, an arrow, and the right one.
        how: &'static str,
    },
    /// Signs of a wrong encoding, beyond repair.
    Signed,
    /// Characters were replaced or are private: U+FFFD, or a private-use character without known meaning.
    Lost,
}

/// The damage of `text`; `None` for clean text.
///
/// # Examples
/// ```
/// use guiyi::text::mojibake::{Damage, damage};
/// assert_eq!(damage("北京华夏科技有限公司"), None);
/// assert_eq!(damage("Müller & Söhne"), None);
/// assert_eq!(damage("锟斤拷锟斤拷"), Some(Damage::Signed));
/// ```
pub fn damage(text: &str) -> Option<Damage> {
    if text.is_ascii() {
        return None;
    }
    let signs = Signs::of(text);
    if let Some((text, how)) = undone(text, &signs) {
        return Some(Damage::Undone { text, how });
    }
    if signs.is_signed || signs.is_like_gbk && begins_as_utf8(text) {
        Some(Damage::Signed)
    } else {
        signs.is_lost.then_some(Damage::Lost)
    }
}

/// The text as it was meant, when it is provably read in a wrong encoding.
///
/// # Examples
/// ```
/// use guiyi::text::mojibake::repair;
/// assert_eq!(repair("é”¦æ±Ÿ").as_deref(), Some("锦江"));
/// assert_eq!(repair("鍖椾含鍗庡").as_deref(), None);
/// assert_eq!(repair("上海"), None);
/// ```
pub fn repair(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    undone(text, &Signs::of(text)).map(|(text, _)| text)
}

/// What one look at the characters shows.
#[derive(Default)]
struct Signs {
    /// The first character beyond Latin begins a three-byte sequence when written in GBK.
    is_like_gbk: bool,
    /// Two neighbouring characters of Windows-1252 beyond ASCII, and nothing beyond Windows-1252.
    is_like_latin: bool,
    is_signed: bool,
    is_lost: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self::default();
        let (mut before, mut before_that) = ('\0', '\0');
        let (mut has_pair, mut is_narrow, mut is_first) = (false, true, true);
        for c in text.chars() {
            match c {
                '\0'..='\x7F' => {}
                '\u{4E00}'..='\u{9FFF}' => {
                    is_narrow = false;
                    if is_first {
                        signs.is_like_gbk = LEADING.has(c);
                    }
                    is_first = false;
                    let three = (before_that, before, c);
                    signs.is_signed |= matches!(
                        three,
                        ('锟', '斤', '拷') | ('烫', '烫', '烫') | ('屯', '屯', '屯') | ('鏈', '夐', '檺')
                    );
                }
                '\u{FFFD}' => signs.is_lost = true,
                '\u{E000}'..='\u{F8FF}' => {
                    is_narrow = false;
                    signs.is_lost |= named_private(c) == c;
                }
                _ if is_windows_1252(c) => {
                    has_pair |= is_windows_1252(before);
                    signs.is_signed |= is_continuation(c)
                        && (matches!(before, 'Ã' | 'Â')
                            || is_continuation(before) && matches!(before_that, 'ä'..='é'));
                }
                _ => is_narrow = false,
            }
            (before_that, before) = (before, c);
        }
        signs.is_like_latin = is_narrow && has_pair;
        signs
    }
}

fn undone(text: &str, signs: &Signs) -> Option<(String, &'static str)> {
    if signs.is_like_latin {
        return reread(text, WINDOWS_1252, utf8)
            .filter(|meant| is_ordinary(meant))
            .map(|meant| (meant, "windows-1252 → utf-8"))
            .or_else(|| {
                reread_bytes(text)
                    .filter(|meant| is_ordinary(meant))
                    .map(|meant| (meant, "iso-8859-1 → utf-8"))
            })
            .or_else(|| {
                reread(text, WINDOWS_1252, gbk)
                    .filter(|meant| is_ordinary(meant) && is_common(meant))
                    .map(|meant| (meant, "windows-1252 → gbk"))
            });
    }
    if !signs.is_like_gbk {
        return None;
    }
    reread(text, GBK, utf8)
        .filter(|meant| is_ordinary(meant) && is_common(meant))
        .map(|meant| (meant, "gbk → utf-8"))
}

/// UTF-8 that a program took for ISO-8859-1: every character is a byte, the controls of 80–9F included.
fn reread_bytes(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    utf8(&bytes?).filter(|meant| meant != text)
}

/// The text read again from its bytes in `wrong`, when damaging the result gives the text.
fn reread(text: &str, wrong: &'static Encoding, read: fn(&[u8]) -> Option<String>) -> Option<String> {
    let (bytes, _, has_errors) = wrong.encode(text);
    if has_errors {
        return None;
    }
    let meant = read(&bytes)?;
    let (again, _) = wrong.decode_without_bom_handling(&bytes);
    (again == text && meant != text).then_some(meant)
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn gbk(bytes: &[u8]) -> Option<String> {
    let text = GBK.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (again, _, has_errors) = GBK.encode(&text);
    (!has_errors && *again == *bytes).then(|| text.into_owned())
}

/// Do the bytes of `text` in GBK begin with two or more characters of UTF-8, the rest being damaged?
fn begins_as_utf8(text: &str) -> bool {
    let end = text.find(['\u{FFFD}', '?']).unwrap_or(text.len());
    let (bytes, _, has_errors) = GBK.encode(&text[..end]);
    let sound = match std::str::from_utf8(&bytes) {
        _ if has_errors => return false,
        Ok(text) => text,
        Err(error) => match std::str::from_utf8(&bytes[..error.valid_up_to()]) {
            Ok(text) if bytes.len() - text.len() <= 2 => text,
            _ => return false,
        },
    };
    is_common(sound)
}

/// Are all characters such as customers' data hold: Han, Latin, digits, their punctuation?
fn is_ordinary(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
            ' '..='~' | '\t' | '\n' | '\r' | '\u{1F}'
            | '\u{A0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2027}' | '€' | '™'
            | '\u{2160}'..='\u{217F}' | '\u{2460}'..='\u{249B}' | '\u{3000}'..='\u{303F}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}' | '￥' | '\u{20000}'..='\u{323AF}')
    })
}

/// Are there two or more Han characters, most of them common?
fn is_common(text: &str) -> bool {
    let (mut han, mut common) = (0, 0);
    for c in text.chars().filter(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')) {
        han += 1;
        common += usize::from(COMMON.has(c));
    }
    han >= 2 && common * 3 >= han * 2
}

/// Characters that Windows-1252 has beyond ASCII, with the controls that stand for its gaps.
fn is_windows_1252(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{FF}') || is_high_1252(c)
}

/// Characters that Windows-1252 reads the bytes 80–9F as.
fn is_high_1252(c: char) -> bool {
    matches!(
        c,
        '€' | '‚'
            | 'ƒ'
            | '„'
            | '…'
            | '†'
            | '‡'
            | 'ˆ'
            | '‰'
            | 'Š'
            | '‹'
            | 'Œ'
            | 'Ž'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '•'
            | '–'
            | '—'
            | '˜'
            | '™'
            | 'š'
            | '›'
            | 'œ'
            | 'ž'
            | 'Ÿ'
    )
}

/// Characters that Windows-1252 reads the bytes 80–BF as.
fn is_continuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{BF}') || is_high_1252(c)
}

/// A set of characters from U+4E00 to U+9FFF.
struct HanSet([u64; 328]);

impl HanSet {
    /// The characters of GBK with a first byte from `lead` and a second from `trail`.
    fn of_bytes(lead: std::ops::RangeInclusive<u8>, trail: std::ops::RangeInclusive<u8>) -> Self {
        let mut set = Self([0; 328]);
        for lead in lead {
            for trail in trail.clone() {
                let bytes = [lead, trail];
                let (text, ..) = GBK.decode(&bytes);
                for c in text.chars() {
                    set.insert(c);
                }
            }
        }
        set
    }

    fn insert(&mut self, c: char) {
        let at = (c as usize).wrapping_sub(0x4E00);
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn has(&self, c: char) -> bool {
        let at = (c as usize).wrapping_sub(0x4E00);
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// Level 1 of GB 2312.
static COMMON: LazyLock<HanSet> = LazyLock::new(|| HanSet::of_bytes(0xB0..=0xD7, 0xA1..=0xFE));

/// Characters that the first two bytes of a Han character or a full-width mark in UTF-8 become in GBK.
static LEADING: LazyLock<HanSet> = LazyLock::new(|| {
    let mut set = HanSet::of_bytes(0xE3..=0xE9, 0x80..=0xBF);
    set.insert('锛');
    set
});

#[cfg(test)]
mod tests {
    use super::*;

    fn damaged(text: &str, right: &'static Encoding, wrong: &'static Encoding) -> String {
        let (bytes, ..) = right.encode(text);
        wrong.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn provable_damage_is_undone() {
        use encoding_rs::UTF_8;
        for (text, right, wrong, how) in [
            ("锦江", UTF_8, WINDOWS_1252, "windows-1252 → utf-8"),
            ("Müller Straße", UTF_8, WINDOWS_1252, "windows-1252 → utf-8"),
            ("北京华夏科技有限公司", GBK, WINDOWS_1252, "windows-1252 → gbk"),
            ("北京华夏科技有限公司", UTF_8, GBK, "gbk → utf-8"),
            ("上海（长宁）ABC贸易公司", UTF_8, GBK, "gbk → utf-8"),
        ] {
            let raw = damaged(text, right, wrong);
            let undone = Damage::Undone {
                text: text.to_owned(),
                how,
            };
            assert_eq!(damage(&raw), Some(undone), "{text} {raw}");
            assert_eq!(repair(&raw).as_deref(), Some(text));
        }
    }

    #[test]
    fn bytes_taken_for_characters_are_undone() {
        for text in ["安徽省合肥市长江西路259号", "Église-Neuve"] {
            let raw: String = text.bytes().map(char::from).collect();
            assert_eq!(repair(&raw).as_deref(), Some(text));
        }
    }

    #[test]
    fn damage_beyond_repair_is_told() {
        for raw in ["锟斤拷", "深圳烫烫烫", "屯屯屯屯", "鍖椾含鍗?", "ä¸\u{AD}å"] {
            assert_eq!(damage(raw), Some(Damage::Signed), "{raw}");
        }
        assert_eq!(damage("北京\u{FFFD}夏"), Some(Damage::Lost));
        assert_eq!(damage("\u{E000}王"), Some(Damage::Lost));
        assert_eq!(damage("\u{E81E}王"), None);
    }

    #[test]
    fn clean_text_stays() {
        for raw in [
            "",
            "ABC Ltd",
            "北京华夏科技有限公司",
            "宸",
            "濮阳市泓润贸易有限公司",
            "涓涓商行",
            "São Paulo Ção",
            "«Société» «é»",
            "ÄÖÜ GmbH",
            "臺灣積體電路製造",
            "烫金厂",
            "买买提·吐尔逊",
            "１３８１２３４９８７６",
        ] {
            assert_eq!(damage(raw), None, "{raw}");
        }
    }
}
