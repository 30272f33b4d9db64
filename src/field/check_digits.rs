//! Check characters of Chinese identifiers.
//!
//! In: upper-case ASCII codes. Out: do they pass? Rules: GB 32100-2015 (unified social credit code), GB 11714-1997
//! (organisation code), GS 15-2006 with ISO 7064 MOD 11,10 (registration number), GB 11643-1999 with ISO 7064 MOD 11-2
//! (ID card), and the published rules of Hong Kong and Taiwan identity cards. A pass is evidence, not proof: real codes
//! fail and fakes pass; grading them is left to the field types.

const USCC_ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const ID_CARD_WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CARD_CHECKS: &[u8] = b"10X98765432";

/// Does an 18-character code pass the check of GB 32100-2015?
pub(super) fn passes_uscc(code: &str) -> bool {
    let code = code.as_bytes();
    if code.len() != 18 {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in code.iter().zip(USCC_WEIGHTS) {
        let Some(value) = USCC_ALPHABET.iter().position(|a| a == byte) else {
            return false;
        };
        sum += value * weight;
    }
    USCC_ALPHABET[(31 - sum % 31) % 31] == code[17]
}

/// Does a 9-character code pass the check of GB 11714-1997?
pub(super) fn passes_organisation(code: &str) -> bool {
    let code = code.as_bytes();
    if code.len() != 9 {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in code.iter().zip(ORGANISATION_WEIGHTS) {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return false,
        };
        sum += usize::from(value) * weight;
    }
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    };
    check == code[8]
}

/// Does a 15-digit registration number pass ISO 7064 MOD 11,10?
pub(super) fn passes_registration(code: &str) -> bool {
    let Some(digits) = digits::<15>(code) else {
        return false;
    };
    let mut product = 10;
    for digit in &digits[..14] {
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        product = 2 * sum % 11;
    }
    (11 - product) % 10 == digits[14]
}

/// Check character of the 17 digits of an ID card.
pub(super) fn id_card_check(body: &str) -> Option<char> {
    let digits = digits::<17>(body)?;
    let sum: usize = digits.iter().zip(ID_CARD_WEIGHTS).map(|(d, w)| d * w).sum();
    Some(char::from(ID_CARD_CHECKS[sum % 11]))
}

/// Does an 18-character ID card number pass?
pub(super) fn passes_id_card(code: &str) -> bool {
    code.len() == 18 && code.get(..17).and_then(id_card_check) == code.chars().last()
}

/// Does a Hong Kong identity card number (1–2 letters, 6 digits, check) pass?
pub(super) fn passes_hong_kong_id(code: &str) -> bool {
    let code = code.as_bytes();
    if !matches!(code.len(), 8 | 9) {
        return false;
    }
    let letters = code.len() - 7;
    let value_at = |at: usize| match code[at] {
        letter @ b'A'..=b'Z' if at < letters => Some(usize::from(letter - b'A') + 10),
        digit @ b'0'..=b'9' if at >= letters => Some(usize::from(digit - b'0')),
        b'A' if at == code.len() - 1 => Some(10),
        _ => None,
    };
    let mut sum = if letters == 1 { 36 * 9 } else { 0 };
    for (at, weight) in (0..code.len()).zip((1..=7 + letters).rev()) {
        let Some(value) = value_at(at) else { return false };
        sum += value * weight;
    }
    sum.is_multiple_of(11)
}

/// Does a Taiwan identity card number (letter and 9 digits) pass?
pub(super) fn passes_taiwan_id(code: &str) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some(first) = code.bytes().next() else {
        return false;
    };
    let Some(letter) = LETTERS.iter().position(|&l| l == first) else {
        return false;
    };
    let Some(digits) = code.get(1..).and_then(digits::<9>) else {
        return false;
    };
    let number = letter + 10;
    let sum: usize = digits[..8].iter().zip((1..=8).rev()).map(|(d, w)| d * w).sum();
    (number / 10 + number % 10 * 9 + sum + digits[8]).is_multiple_of(10)
}

fn digits<const N: usize>(text: &str) -> Option<[usize; N]> {
    let mut digits = [0; N];
    if text.len() != N {
        return None;
    }
    for (digit, byte) in digits.iter_mut().zip(text.bytes()) {
        *digit = usize::from(byte.checked_sub(b'0').filter(|d| *d < 10)?);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_pass() {
        for code in [
            "914403001922038216",
            "9144030071526726XG",
            "91330100799655058B",
            "91110000802100433B",
            "91110000710925462X",
            "91100000100003962T",
            "91440300192317458F",
            "91440300192181490G",
            "91440606722473344C",
            "9111000071093123XX",
            "911100001000044477",
            "911000001000013428",
            "91350900587527783P",
            "9132070070404786XB",
            "91310115MA1H9YGWXX",
            "91330105MACPN4X08Y",
            "12440600MB2C07549J",
            "91350100M000100Y43",
            "92141127MA0KD1Y64A",
        ] {
            assert!(passes_uscc(code) && passes_organisation(&code[8..17]), "{code}");
        }
        for code in [
            "110108002734659",
            "440301103097413",
            "440301103448669",
            "330100400013364",
        ] {
            assert!(passes_registration(code), "{code}");
        }
        for code in ["11010519491231002X", "440524188001010014", "34052419800101001X"] {
            assert!(passes_id_card(code), "{code}");
        }
        assert!(passes_hong_kong_id("A1234563") && passes_hong_kong_id("C6686689"));
        assert!(passes_taiwan_id("A123456789"));
    }

    #[test]
    fn wrong_codes_fail() {
        assert!(!passes_uscc("91310115MA1H8R7C6D") && !passes_uscc("91350100M000100Y4Z"));
        assert!(!passes_uscc("91350203M0001QKT19") && passes_organisation("M0001QKT1"));
        assert!(!passes_id_card("110105194912310021") && !passes_registration("110108002734658"));
        assert!(!passes_taiwan_id("A123456788") && !passes_hong_kong_id("A1234564"));
        assert!(!passes_uscc("") && !passes_organisation("字") && !passes_id_card("一"));
    }
}
