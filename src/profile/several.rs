//! Cells that hold several fields, such as a name with a telephone number.
//!
//! In: a text. Out: the kinds of things in it, when there is more than one: words beside a telephone number, an e-mail
//! address or a card number. Words that belong to a number (转, ext, 手机) are none of their own. Where a column holds
//! such cells often enough to be told is decided by `checks`.

use crate::field::mask::MaskingClass;
use crate::field::personal::personal_shape;
use crate::text::fold::fold_case;

/// Words that stand beside numbers and say what they are.
const LABELS: [&str; 24] = [
    "手机号码",
    "联系电话",
    "电话号码",
    "手机号",
    "电话",
    "手机",
    "传真",
    "分机",
    "座机",
    "固话",
    "办公",
    "住宅",
    "邮箱",
    "转",
    "或",
    "办",
    "宅",
    "家",
    "ext",
    "tel",
    "fax",
    "phone",
    "mobile",
    "mob",
];

/// Kinds that a cell holds beside each other, `text` first; empty when it holds one thing.
pub(super) fn several(text: &str) -> Vec<&'static str> {
    let folded = fold_case(text);
    let mut kinds = Vec::new();
    let mut words = String::new();
    for piece in folded.split(|c: char| c.is_whitespace() || "/;,、|:()[]".contains(c)) {
        let (before, number, behind) = divide(piece);
        words.push_str(before);
        words.push_str(behind);
        let kind = match personal_shape(number) {
            Some(MaskingClass::Phone) => "phone",
            Some(MaskingClass::Email) => "email",
            Some(MaskingClass::Id) => "id_card",
            _ => {
                words.push_str(number);
                continue;
            }
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return kinds;
    }
    let rest = LABELS.iter().fold(words, |rest, label| rest.replace(label, ""));
    if rest.chars().filter(|c| c.is_alphabetic()).count() >= 2 {
        kinds.insert(0, "text");
    }
    if kinds.len() < 2 {
        kinds.clear();
    }
    kinds
}

/// The letters that stand before a number without a blank, the number, and what stands behind it.
fn divide(piece: &str) -> (&str, &str, &str) {
    if piece.contains('@') {
        return ("", piece, "");
    }
    let start = piece
        .find(|c: char| c.is_ascii_digit() || c == '+')
        .unwrap_or(piece.len());
    let (before, rest) = piece.split_at(start);
    let end = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
    let (number, behind) = rest.split_at(end);
    (before, number, behind)
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn two_kinds_in_one_cell_are_seen() {
        let cases: [(&str, &[&str]); 10] = [
            ("13800138000张三", &["text", "phone"]),
            ("张三13800138000", &["text", "phone"]),
            ("张三/13800138000/a@b.com", &["text", "phone", "email"]),
            ("Ann Lee +44 20", &[]),
            ("Ann Lee, ann@x.com", &["text", "email"]),
            ("手机:13800138000", &[]),
            ("010-66885566转802", &[]),
            ("张三", &[]),
            ("13800138000;010-66885566", &[]),
            ("北京市朝阳区汉庭路3号", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(several(text), expected, "`{text}`");
        }
    }
}
