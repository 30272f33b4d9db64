//! Telephone numbers of other countries, Hong Kong, Macao and Taiwan.
//!
//! In: digits that begin with a country code other than 86. Out: the number in E.164 and whether its country's plan has it,
//! by the metadata of libphonenumber (crate `rlibphonenumber`). Numbers of the mainland never come here: their plan is the
//! dated table of `reference`.

use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::PhoneNumber;
use rlibphonenumber::PhoneNumberFormat;
use rlibphonenumber::Region;

/// A number with its country code.
pub(super) struct Foreign {
    /// `+` and digits.
    pub(super) value: String,
    /// Does the plan of its country have the number?
    pub(super) is_valid: bool,
}

/// Reads digits that begin with a country code; `None` when there is no such country or the length cannot be.
pub(super) fn foreign(digits: &str) -> Option<Foreign> {
    if !(7..=16).contains(&digits.len()) {
        return None;
    }
    let mut text = String::with_capacity(digits.len() + 1);
    text.push('+');
    text.push_str(digits);
    let number = PHONE_NUMBER_UTIL.parse(&text, None).ok()?;
    Some(Foreign {
        is_valid: is_valid(&number),
        value: number.format_as(PhoneNumberFormat::E164).into_owned(),
    })
}

/// Does the plan of its country have the number?
///
/// Code 1 is that of 25 countries, the United States first; a number of theirs need not be sought in the others.
fn is_valid(number: &PhoneNumber) -> bool {
    number.country_code == 1 && number.is_valid_for_region(Region::US) || number.is_valid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_their_international_form() {
        for (digits, value, is_valid) in [
            ("442079460958", "+442079460958", true),
            ("4402079460958", "+442079460958", true),
            ("85221234567", "+85221234567", true),
            ("85366123456", "+85366123456", true),
            ("8860912345678", "+886912345678", true),
            ("61412345678", "+61412345678", true),
            ("85212345678", "+85212345678", false),
        ] {
            let number = foreign(digits).expect("numbers of countries");
            assert_eq!(
                (number.value.as_str(), number.is_valid),
                (value, is_valid),
                "{digits}"
            );
        }
        assert!(foreign("999123456789").is_none() && foreign("12").is_none());
    }

    #[test]
    fn numbers_of_north_america_are_valid_as_their_whole_plan_says() {
        let mut valid = 0;
        for area in 200..1_000 {
            for local in [
                "2000000", "2345678", "5550123", "5551212", "7654321", "9999999", "8", "87654321",
            ] {
                let text = format!("+1{area}{local}");
                if let Ok(number) = PHONE_NUMBER_UTIL.parse(&text, None) {
                    assert_eq!(is_valid(&number), number.is_valid(), "{text}");
                    valid += usize::from(number.is_valid());
                }
            }
        }
        assert!(valid > 1_000, "{valid}");
    }
}
