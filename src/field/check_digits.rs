//! Check characters of Chinese identifiers.
//!
//! In: upper-case ASCII codes. Out: do they pass? Rules: GB 32100-2015 (unified social credit code), GB 11714-1997
//! (organisation code), GS 15-2006 with ISO 7064 MOD 11,10 (registration number), GB 11643-1999 with ISO 7064 MOD 11-2
//! (ID card), ISO/IEC 7812-1 (bank cards), ISO 13616 (bank accounts), and the published rules of Hong Kong and Taiwan
//! identity cards, of Taiwan's and of Australia's business numbers. A pass is evidence, not proof: real codes
//! fail and fakes pass; grading them is left to the field types.

const USCC_ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// No character of the alphabet.
const NO_VALUE: u8 = u8::MAX;
/// Value of every byte in the alphabet.
const USCC_VALUES: [u8; 256] = {
    let mut values = [NO_VALUE; 256];
    let mut at = 0;
    while at < USCC_ALPHABET.len() {
        values[USCC_ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values
};
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
        let value = USCC_VALUES[usize::from(*byte)];
        if value == NO_VALUE {
            return false;
        }
        sum += usize::from(value) * weight;
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

/// Does a business number of Taiwan 統一編號 (8 digits) pass the rule in force since 2023-04?
///
/// Weights 1 2 1 2 1 2 4 1 on the digits, the digits of each product added up; the sum is a multiple of 5, or one less
/// when the seventh digit is 7. Every number that passes the older rule of 10 passes.
pub(super) fn passes_taiwan_business(code: &str) -> bool {
    const WEIGHTS: [usize; 8] = [1, 2, 1, 2, 1, 2, 4, 1];
    let Some(digits) = digits::<8>(code) else {
        return false;
    };
    let sum: usize = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(d, w)| d * w / 10 + d * w % 10)
        .sum();
    sum.is_multiple_of(5) || digits[6] == 7 && (sum + 1).is_multiple_of(5)
}

/// Does an Australian business number (11 digits) pass its rule of 89?
pub(super) fn passes_australian_business(code: &str) -> bool {
    const WEIGHTS: [usize; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    let Some(digits) = digits::<11>(code) else {
        return false;
    };
    let sum: usize = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    digits[0] > 0 && (sum - 10).is_multiple_of(89)
}

/// Do the digits pass the Luhn rule (ISO/IEC 7812-1, annex B)?
pub(super) fn passes_luhn(code: &str) -> bool {
    let mut sum = 0;
    for (at, byte) in code.bytes().rev().enumerate() {
        let Some(digit) = byte.checked_sub(b'0').filter(|d| *d < 10) else {
            return false;
        };
        let value = usize::from(digit) * (1 + at % 2);
        sum += value / 10 + value % 10;
    }
    !code.is_empty() && sum.is_multiple_of(10)
}

/// Does an international bank account number pass ISO 7064 MOD 97-10 (ISO 13616)?
pub(super) fn passes_iban(code: &str) -> bool {
    if !code.is_ascii() || !(15..=34).contains(&code.len()) {
        return false;
    }
    let (head, body) = code.split_at(4);
    let mut rest = 0;
    for byte in body.bytes().chain(head.bytes()) {
        rest = match byte {
            b'0'..=b'9' => (rest * 10 + usize::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + usize::from(byte - b'A') + 10) % 97,
            _ => return false,
        };
    }
    rest == 1
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

    const CODES: [&str; 7] = [
        "914403001922038216",
        "9144030071526726XG",
        "91330100799655058B",
        "91110000802100433B",
        "91440300192181490G",
        "91310115MA1H9YGWXX",
        "92141127MA0KD1Y64A",
    ];

    #[test]
    fn every_single_substitution_and_transposition_is_found() {
        let passes = |code: &[u8]| {
            let code = std::str::from_utf8(code).expect("ASCII");
            passes_uscc(code)
        };
        let (mut substitutions, mut transpositions) = (0, 0);
        for code in CODES {
            for at in 0..18 {
                for &other in USCC_ALPHABET.iter().filter(|&&c| c != code.as_bytes()[at]) {
                    let mut wrong = code.as_bytes().to_vec();
                    wrong[at] = other;
                    assert!(!passes(&wrong), "{code}");
                    substitutions += 1;
                }
                let mut wrong = code.as_bytes().to_vec();
                if at < 17 && wrong[at] != wrong[at + 1] {
                    wrong.swap(at, at + 1);
                    assert!(!passes(&wrong), "{code}");
                    transpositions += 1;
                }
            }
        }
        assert_eq!(substitutions, 3_780);
        assert!(transpositions >= 90, "{transpositions}");
    }

    #[test]
    fn few_id_cards_pass_for_credit_codes() {
        let (mut state, mut own, mut both) = (1_u64, 0, 0);
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        const DRAWS: usize = 50_000;
        for _ in 0..DRAWS {
            let body = format!(
                "{}{}{:02}{:02}{:04}{:02}{:02}{:03}",
                1 + next(6),
                next(7),
                1 + next(20),
                1 + next(30),
                1940 + next(70),
                1 + next(12),
                1 + next(28),
                next(1_000)
            );
            let check = id_card_check(&body).expect("17 digits");
            let code = format!("{body}{check}");
            if passes_uscc(&code) {
                own += 1;
                both += usize::from(passes_organisation(&code[8..17]));
            }
        }
        let share = |count: usize| count as f64 / DRAWS as f64;
        assert!((share(own) - 0.0325).abs() < 0.004, "{}", share(own));
        assert!((share(both) - 0.003).abs() < 0.0015, "{}", share(both));
    }

    #[test]
    fn bank_and_foreign_numbers_follow_their_rules() {
        assert!(passes_luhn("4111111111111111") && !passes_luhn("4111111111111112") && !passes_luhn(""));
        assert!(passes_taiwan_business("22099131") && passes_taiwan_business("04595257"));
        assert!(!passes_taiwan_business("22099132") && !passes_taiwan_business("2209913"));
        assert!(passes_australian_business("51824753556") && !passes_australian_business("51824753557"));
        assert!(passes_iban("DE89370400440532013000") && !passes_iban("DE88370400440532013000"));
    }
}
