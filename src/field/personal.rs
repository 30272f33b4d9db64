//! Texts that look personal wherever they stand.
//!
//! In: a text. Out: the masking class of what it looks like, by form alone: no check digit and no list of numbers in use
//! is asked, because a damaged number is as personal as a sound one. Names have no form and are not seen here; how a value
//! is masked is left to `mask`.

use super::mask::MaskingClass;
use crate::reference::area_codes::leading_area_code;
use crate::text::fold::fold;

/// The class of a text that looks personal wherever it stands: e-mail, telephone, ID card, licence of a sole trader
/// (registration authority code 92, GB 32100-2015), bank card. A text that holds more beside it is [`MaskingClass::Text`].
///
/// Telephones of other countries are recognised by `+` or by their groups (`213-849-0421`), because bare digits may be
/// anything.
pub fn personal_shape(value: &str) -> Option<MaskingClass> {
    let is_harmless = |b: u8| !b.is_ascii_digit() && b != b'@' && b < 0x80;
    if value.bytes().all(is_harmless) {
        return None;
    }
    let text = fold(value);
    let is_mail = |word: &str| {
        word.split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    };
    if text.split([' ', ',', ';']).any(is_mail) {
        let is_alone = !text.contains(' ') && text.is_ascii();
        return Some(if is_alone {
            MaskingClass::Email
        } else {
            MaskingClass::Text
        });
    }
    let (start, end, class) = numbers(&text).find_map(|(start, end)| {
        let class = number_class(&text[start..end])?;
        Some((start, end, class))
    })?;
    let rest = [&text[..start], &text[end..]];
    let is_alone = rest.iter().all(|part| !part.chars().any(char::is_alphanumeric));
    Some(if is_alone { class } else { MaskingClass::Text })
}

/// Stretches of digits with single blanks, hyphens, dots or brackets inside, as byte ranges; `+` before and one letter
/// behind belong to them.
fn numbers(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_digit() {
            at += 1;
        }
        if at == bytes.len() {
            return None;
        }
        let start = if at > 0 && bytes[at - 1] == b'+' {
            at - 1
        } else {
            at
        };
        let mut end = at;
        let mut gap = 0;
        while at < bytes.len() && gap < 2 {
            match bytes[at] {
                b'0'..=b'9' => {
                    end = at + 1;
                    gap = 0;
                }
                b' ' | b'-' | b'(' | b')' | b'.' => gap += 1,
                _ => break,
            }
            at += 1;
        }
        // The whole licence or card number, letters included.
        while end < bytes.len() && bytes[end].is_ascii_alphanumeric() {
            end += 1;
        }
        at = end;
        Some((start, end))
    })
}

/// Registration authority and kind of organisations that are no persons (GB 32100-2015, table 1).
const LICENCES: [&str; 9] = ["11", "12", "13", "19", "51", "52", "53", "91", "93"];

fn number_class(number: &str) -> Option<MaskingClass> {
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let all_digits = digits == plain.len();
    let bytes = plain.as_bytes();
    if is_card(&plain) || (plain.len() == 18 && plain.starts_with("92")) {
        return Some(MaskingClass::Id);
    }
    // Licences of companies and institutions are public, and some have no letter.
    let is_licence = plain.len() == 18 && LICENCES.contains(&&plain[..2]);
    if !all_digits || is_licence {
        return None;
    }
    let groups: Vec<usize> = number
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|&length| length > 0)
        .collect();
    let national = plain.strip_prefix("86").unwrap_or(&plain);
    let is_mobile = |digits: &str| {
        digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
    };
    let is_landline = (10..=12).contains(&digits)
        && bytes[0] == b'0'
        && leading_area_code(&plain).is_some()
        && groups.len() <= 3;
    let is_foreign = (number.starts_with('+') && (8..=15).contains(&digits)) || groups == [3, 3, 4];
    if is_mobile(national) || is_mobile(&plain) || is_landline || is_foreign {
        return Some(MaskingClass::Phone);
    }
    (groups.len() != 2 && (16..=19).contains(&digits)).then_some(MaskingClass::BankCard)
}

/// An ID card number by its form: place, date of birth, sequence; 18 or 15 characters.
pub(super) fn is_card(plain: &str) -> bool {
    let bytes = plain.as_bytes();
    let number = |from: usize, to: usize| plain.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let is_date = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        let (Some(year), Some(month), Some(day)) = (year, month, day) else {
            return false;
        };
        (1880..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    };
    match bytes.len() {
        18 => {
            bytes[..17].iter().all(u8::is_ascii_digit)
                && (bytes[17].is_ascii_digit() || matches!(bytes[17], b'X' | b'x'))
                && is_date(number(6, 10), number(10, 12), number(12, 14))
        }
        15 => {
            bytes.iter().all(u8::is_ascii_digit)
                && matches!(bytes[0], b'1'..=b'8')
                && is_date(
                    number(6, 8).map(|year| 1900 + year),
                    number(8, 10),
                    number(10, 12),
                )
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_are_seen_wherever_they_stand() {
        let cases = [
            ("13800138000", Some(MaskingClass::Phone)),
            ("１３８００１３８０００", Some(MaskingClass::Phone)),
            ("010-66885566", Some(MaskingClass::Phone)),
            ("213-849-0421", Some(MaskingClass::Phone)),
            ("张三13800138000", Some(MaskingClass::Text)),
            ("a@b.com", Some(MaskingClass::Email)),
            ("11010519491231002X", Some(MaskingClass::Id)),
            ("92110105MA1H8R7C6D", Some(MaskingClass::Id)),
            ("6222021234567890123", Some(MaskingClass::BankCard)),
            ("91440300192181490G", None),
            ("914403001922038216", None),
            ("2024-01-02 10:11:12", None),
            ("1234567.89", None),
            ("上海", None),
            ("Main St 12", None),
        ];
        for (value, expected) in cases {
            assert_eq!(personal_shape(value), expected, "`{value}`");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_judged(text in "\\PC{0,24}|[0-9A-Zx+() @.-]{0,24}") {
            personal_shape(&text);
        }
    }
}
