//! How sources write phone numbers and amounts.
//!
//! In: digits or a whole amount, and a style. Out: the text of the cell. Dates are in `dates`.

use super::rng::Rng;
use super::sources::AmountStyle;
use super::sources::PhoneStyle;
use std::fmt::Write as _;

/// The style of this cell: the source's own, now and then another.
fn any_style(rng: &mut Rng, style: PhoneStyle) -> PhoneStyle {
    const STYLES: [PhoneStyle; 4] = [
        PhoneStyle::Plain,
        PhoneStyle::Hyphens,
        PhoneStyle::Spaced,
        PhoneStyle::Country,
    ];
    if style == PhoneStyle::Mixed || rng.chance(40) {
        rng.pick(&STYLES)
    } else {
        style
    }
}

/// Adds a mobile number.
pub(super) fn write_mobile(
    rng: &mut Rng,
    style: PhoneStyle,
    digits: &str,
    is_chinese: bool,
    out: &mut String,
) {
    let [first, second] = if is_chinese { [3, 7] } else { [3, 6] };
    let (Some(head), Some(middle), Some(tail)) = (
        digits.get(..first),
        digits.get(first..second),
        digits.get(second..),
    ) else {
        out.push_str(digits);
        return;
    };
    let written = match (any_style(rng, style), is_chinese) {
        (PhoneStyle::Hyphens, _) => write!(out, "{head}-{middle}-{tail}"),
        (PhoneStyle::Spaced, true) => write!(out, "{head} {middle} {tail}"),
        (PhoneStyle::Spaced, false) => write!(out, "({head}) {middle}-{tail}"),
        (PhoneStyle::Country, true) => write!(out, "+86 {digits}"),
        (PhoneStyle::Country, false) => write!(out, "+1 {head} {middle} {tail}"),
        _ => write!(out, "{digits}"),
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

/// Adds a landline, at times with an extension or without its area code.
pub(super) fn write_landline(rng: &mut Rng, style: PhoneStyle, area: &str, local: &str, out: &mut String) {
    let half = local.len() - 4;
    let written = match any_style(rng, style) {
        PhoneStyle::Hyphens if rng.chance(300) => write!(out, "{area}-{}-{}", &local[..half], &local[half..]),
        PhoneStyle::Spaced => write!(out, "({area}){local}"),
        PhoneStyle::Country if area.starts_with('0') => write!(out, "+86 {} {local}", &area[1..]),
        _ if rng.chance(30) => write!(out, "{local}"),
        _ => write!(out, "{area}-{local}"),
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
    if rng.chance(60) && area.starts_with('0') {
        out.push_str(rng.pick(&["-801", "转802", "-8008"]));
    }
}

/// Adds an amount given in whole yuan or dollars.
pub(super) fn write_amount(style: AmountStyle, amount: u64, out: &mut String) {
    let written = match style {
        AmountStyle::Plain => write!(out, "{amount}.00"),
        AmountStyle::TenThousands => write!(out, "{}.{:02}", amount / 10_000, amount % 10_000 / 100),
        AmountStyle::Thousands => write!(out, "{}.{}", amount / 1000, amount % 1000 / 100),
        AmountStyle::WithUnit if amount >= 10_000 => {
            write!(out, "{}.{:02}万元", amount / 10_000, amount % 10_000 / 100)
        }
        AmountStyle::WithUnit => write!(out, "{amount}元"),
        AmountStyle::Commas | AmountStyle::Dollars => {
            if style == AmountStyle::Dollars {
                out.push('$');
            }
            let digits = amount.to_string();
            for (position, digit) in digits.chars().enumerate() {
                if position > 0 && (digits.len() - position).is_multiple_of(3) {
                    out.push(',');
                }
                out.push(digit);
            }
            Ok(())
        }
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

#[cfg(test)]
mod tests {
    use super::write_amount;
    use super::write_landline;
    use super::write_mobile;
    use crate::synth::rng::Rng;
    use crate::synth::sources::AmountStyle;
    use crate::synth::sources::PhoneStyle;

    #[test]
    fn amounts_follow_their_style() {
        let shown = |style, amount| {
            let mut out = String::new();
            write_amount(style, amount, &mut out);
            out
        };
        assert_eq!(shown(AmountStyle::Commas, 1_234_567), "1,234,567");
        assert_eq!(shown(AmountStyle::Commas, 12), "12");
        assert_eq!(shown(AmountStyle::Dollars, 1234), "$1,234");
        assert_eq!(shown(AmountStyle::TenThousands, 1_234_567), "123.45");
        assert_eq!(shown(AmountStyle::WithUnit, 999), "999元");
        assert_eq!(shown(AmountStyle::WithUnit, 12_300), "1.23万元");
    }

    #[test]
    fn phones_keep_their_digits_in_every_style() {
        for index in 0..400 {
            let mut rng = Rng::new(2, &[index]);
            let (mut mobile, mut landline) = (String::new(), String::new());
            write_mobile(&mut rng, PhoneStyle::Mixed, "13812345678", true, &mut mobile);
            write_landline(&mut rng, PhoneStyle::Mixed, "0571", "87654321", &mut landline);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert!(digits(&mobile).ends_with("13812345678"));
            assert!(digits(&landline).contains("87654321"));
        }
    }
}
