//! Valid identifiers for generated customers: unified social credit codes, ID cards, tax numbers and phone numbers.
//!
//! In: an entity number, an office code, a random stream. Out: identifiers whose check digits hold and which two entities never share.
//! Rules: GB 32100-2015 (18 characters, weights 3^(i-1) mod 31), GB 11714-1997 (organisation code, mod 11), GB 11643-1999 (ID card,
//! ISO 7064 MOD 11-2). Damage to codes belongs to `noise`.

use super::dates::DateStyle;
use super::dates::Day;
use super::rng::Rng;
use std::fmt::Write as _;

/// GB 32100-2015, table 1: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [u64; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const ID_CARD_WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CARD_CHECKS: &[u8; 11] = b"10X98765432";

/// Prefixes of ordinary mobile numbers, commonest first.
const MOBILE_PREFIXES: [&str; 30] = [
    "138", "139", "137", "136", "135", "158", "159", "150", "151", "186", "185", "188", "187", "133", "189",
    "130", "131", "132", "152", "182", "183", "177", "176", "180", "181", "155", "156", "199", "198", "166",
];

/// The last character of a USCC whose first 17 are given; `0` when a character is outside the alphabet.
pub(super) fn uscc_check(first: &str) -> char {
    let sum: u64 = first
        .bytes()
        .zip(USCC_WEIGHTS)
        .map(|(byte, weight)| {
            let value = ALPHABET.iter().position(|&known| known == byte).unwrap_or(0);
            value as u64 * weight
        })
        .sum();
    char::from(ALPHABET[usize::try_from((31 - sum % 31) % 31).unwrap_or(0)])
}

/// The check character of an organisation code of eight characters.
pub(super) fn organisation_check(body: &str) -> char {
    let sum: u64 = body
        .bytes()
        .zip(ORGANISATION_WEIGHTS)
        .map(|(byte, weight)| {
            let value = if byte.is_ascii_digit() {
                byte - b'0'
            } else {
                byte.saturating_sub(b'A') + 10
            };
            u64::from(value) * weight
        })
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or(0)),
    }
}

/// The check character of an ID card whose first 17 digits are given.
pub(super) fn id_card_check(first: &str) -> char {
    let sum: u64 = first
        .bytes()
        .zip(ID_CARD_WEIGHTS)
        .map(|(byte, weight)| u64::from(byte.saturating_sub(b'0')) * weight)
        .sum();
    char::from(ID_CARD_CHECKS[usize::try_from(sum % 11).unwrap_or(0)])
}

/// Eight characters that no other entity number gives: digits for codes of before October 2015, `MA` and six more after.
fn organisation_body(number: u64, is_new: bool) -> String {
    if is_new {
        // 31^6 codes; the factor shares no divisor with 31, so the map is one to one.
        let mut rest = (number.wrapping_mul(398_213_611) + 77_041_993) % 887_503_681;
        let mut body = *b"MA000000";
        for slot in body[2..].iter_mut().rev() {
            *slot = ALPHABET[usize::try_from(rest % 31).unwrap_or(0)];
            rest /= 31;
        }
        body.iter().map(|&byte| char::from(byte)).collect()
    } else {
        format!(
            "{:08}",
            (number % 100_000_000 * 61_803_399 + 71_828_183) % 100_000_000
        )
    }
}

/// The USCC of an entity: `92…` for sole traders, `91…` for the rest; both the USCC and the organisation check hold.
pub(super) fn uscc(number: u64, is_sole_trader: bool, county_code: &str, is_new: bool) -> String {
    let mut code = String::with_capacity(18);
    code.push_str(if is_sole_trader { "92" } else { "91" });
    code.push_str(county_code);
    let body = organisation_body(number, is_new);
    code.push_str(&body);
    code.push(organisation_check(&body));
    code.push(uscc_check(&code));
    code
}

/// The tax number of fifteen characters from before 2015: office code and organisation code.
pub(super) fn old_tax_number(uscc: &str) -> String {
    uscc.get(2..17).unwrap_or(uscc).to_owned()
}

/// An ID card for a person born on `born`; the serial is odd for men.
pub(super) fn id_card(rng: &mut Rng, county_code: &str, born: Day, is_male: bool) -> String {
    let mut card = String::with_capacity(18);
    card.push_str(county_code);
    born.write(DateStyle::Compact, &mut card);
    let serial = rng.below(498) * 2 + u64::from(is_male);
    let written = write!(card, "{serial:03}");
    debug_assert!(written.is_ok(), "writing to a String does not fail");
    card.push(id_card_check(&card));
    card
}

/// A mainland mobile number of eleven digits.
pub(super) fn mobile(rng: &mut Rng) -> String {
    // The lower of two draws: the first prefixes are the common ones.
    let index = rng
        .index(MOBILE_PREFIXES.len())
        .min(rng.index(MOBILE_PREFIXES.len()));
    let mut number = MOBILE_PREFIXES[index].to_owned();
    rng.digits(8, &mut number);
    number
}

/// A landline without its area code: seven or eight digits, the first of them 2 to 8.
pub(super) fn landline_local(rng: &mut Rng, length: usize) -> String {
    let mut number = String::from(rng.pick_char("2345678"));
    rng.digits(length - 1, &mut number);
    number
}

#[cfg(test)]
mod tests {
    use super::id_card_check;
    use super::organisation_check;
    use super::uscc;
    use super::uscc_check;

    #[test]
    fn check_digits_agree_with_real_codes() {
        for code in [
            "914403001922038216",
            "9144030071526726XG",
            "9111000071093123XX",
            "91350100M000100Y43",
        ] {
            assert_eq!(code.chars().last(), Some(uscc_check(&code[..17])), "{code}");
            assert_eq!(
                code.chars().nth(16),
                Some(organisation_check(&code[8..16])),
                "{code}"
            );
        }
        assert_eq!(id_card_check("11010519491231002"), 'X');
        assert_eq!(id_card_check("44052418800101001"), '4');
    }

    #[test]
    fn no_two_entities_share_a_code() {
        let mut codes: Vec<String> = (0..20_000)
            .map(|number| uscc(number, false, "110105", number % 2 == 0))
            .collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 20_000);
    }
}
