//! The key of a Chinese address: one spelling of what matters to the reader.
//!
//! In: a folded address. Out: simplified lower-case letters and digits with the marks that part levels (blank, comma,
//! brackets) or join numbers (hyphen, slash, #); labels and the country taken off the front, the postcode taken out. Which
//! levels the key holds is left to the reader.

use crate::text::simplify::simplified;

/// Words before an address, longest first where one starts another.
const LABELS: &[&str] = &[
    "注册地址",
    "通讯地址",
    "通信地址",
    "联系地址",
    "办公地址",
    "经营地址",
    "收货地址",
    "详细地址",
    "单位地址",
    "公司地址",
    "地址",
    "住所",
    "收货人",
    "位于",
    "中华人民共和国",
    "中国大陆",
];

/// A key and the postcode that was in it.
pub(super) struct Key {
    pub(super) text: String,
    pub(super) postcode: String,
}

/// The key of a folded address.
pub(super) fn key_of(text: &str) -> Key {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' | '-' | '/' | '#' | '(' | ')' | ' ' | '~' => key.push(c),
            'A'..='Z' => key.push(c.to_ascii_lowercase()),
            '_' => key.push('-'),
            '\u{4E00}'..='\u{9FFF}' => key.push(simplified(c)),
            c if c.is_ascii() || !c.is_alphanumeric() => key.push(','),
            c => key.extend(c.to_lowercase().map(simplified)),
        }
    }
    let mut found = Key {
        text: without_labels(key),
        postcode: String::new(),
    };
    take_postcode(&mut found);
    found
}

fn without_labels(key: String) -> String {
    let mut rest = key.trim_start_matches([' ', ',', '-', '/']);
    while let Some(after) = LABELS.iter().find_map(|label| rest.strip_prefix(label)) {
        rest = after.trim_start_matches([' ', ',', '-', '/']);
    }
    // 中国 before a division is the country; 中国银行 and 中国(上海)自由贸易试验区 are names.
    if let Some(after) = rest.strip_prefix("中国") {
        let after = after.trim_start_matches([' ', ',']);
        if crate::reference::regions::longest_prefixes(after)
            .next()
            .is_some()
        {
            rest = after;
        }
    }
    if rest.len() == key.len() {
        return key;
    }
    rest.to_owned()
}

fn is_postcode(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Six digits after 邮编, at the start, or apart at the end.
fn take_postcode(key: &mut Key) {
    let text = &key.text;
    let label = ["邮政编码", "邮编"]
        .iter()
        .find_map(|label| text.find(label).map(|at| (at, label.len())));
    if let Some((at, length)) = label {
        let after = text[at + length..].trim_start_matches([',', ' ', '(']);
        if let Some((digits, rest)) = after.split_at_checked(6)
            && is_postcode(digits)
            && !rest.starts_with(|c: char| c.is_ascii_digit())
        {
            key.postcode = digits.to_owned();
            let before = text[..at].trim_end_matches([',', ' ', '(']);
            key.text = format!("{before},{}", rest.trim_start_matches([')', ' ', ',']));
            return;
        }
    }
    let bytes = text.as_bytes();
    let leading = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_apart = |at: usize| {
        bytes
            .get(at)
            .is_none_or(|&b| !b.is_ascii_alphanumeric() && b != b'-' && b != b'/')
    };
    // A Taiwanese postcode has three or five digits, perhaps with a hyphen: 110台北市, 11049台北市.
    if (leading == 6 || (matches!(leading, 3 | 5) && text[leading..].trim_start().starts_with('台')))
        && leading < bytes.len()
        && is_apart(leading)
    {
        key.postcode = text[..leading].to_owned();
        key.text = text[leading..].trim_start_matches([' ', ',']).to_owned();
        return;
    }
    let trimmed = text.trim_end_matches([')', ' ', ',']);
    let trailing = trimmed.bytes().rev().take_while(u8::is_ascii_digit).count();
    if trailing == 6 && trimmed.len() > 6 {
        let start = trimmed.len() - 6;
        let before = &trimmed[..start];
        // Digits right after Han may be a house number; a postcode stands apart or after a unit word.
        let is_parted = before.ends_with([
            ' ', ',', '(', '号', '室', '楼', '栋', '层', ')', '镇', '村', '厦', '区',
        ]);
        if is_parted && !before.ends_with("- ") {
            key.postcode = trimmed[start..].to_owned();
            key.text = before.trim_end_matches([' ', ',', '(']).to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_postcodes_are_taken_off() {
        for (text, key, postcode) in [
            ("地址:北京市朝阳区", "北京市朝阳区", ""),
            ("100022 北京市朝阳区", "北京市朝阳区", "100022"),
            ("北京市朝阳区1号 100022", "北京市朝阳区1号", "100022"),
            ("北京市朝阳区1号(邮编:100022)", "北京市朝阳区1号,", "100022"),
            ("北京市朝阳区邮编100022", "北京市朝阳区,", "100022"),
            ("臺北市信義區市府路45號", "台北市信义区市府路45号", ""),
            ("110臺北市信義區", "台北市信义区", "110"),
            ("中国北京市", "北京市", ""),
            ("中国银行大厦", "中国银行大厦", ""),
            ("", "", ""),
        ] {
            let found = key_of(text);
            assert_eq!(
                (found.text.as_str(), found.postcode.as_str()),
                (key, postcode),
                "{text}"
            );
        }
    }
}
