//! The one reading of codes: what all identifiers have in common before their own rules begin.
//!
//! In: raw text. Out: upper-case ASCII letters and digits, or the answer when the cell holds no code. The steps, in this
//! order: fold, marks that keep a spreadsheet from changing a number (`'`, `="…"`), a label before a colon, remarks in
//! brackets, numbers that a spreadsheet rounded, separators, stop-gaps. Stop-gaps come before check digits because many
//! pass one (`000000000000000000`, `666666666666666666`). Letters typed for digits and values of other fields are told here
//! too; what they mean for a value is the type's decision. Sources: GB 32100-2015 leaves out I, O, S, V and Z; spreadsheets
//! keep fifteen digits (IEEE 754 and Excel's own limit).

use super::StandardValue;
use super::calendar::is_date;
use super::cell;
use super::check_digits::passes_id_card;
use super::uscc;
use crate::reference::mobile_prefixes::MobileClass;
use crate::reference::mobile_prefixes::mobile_class;
use crate::reference::placeholders;
use crate::text::script::has_han;
use crate::text::script::is_han;
use std::borrow::Cow;

/// Digits that a spreadsheet keeps of a number.
const EXACT_DIGITS: usize = 15;

/// The upper-case letters and digits of a code, or the answer when the cell holds none.
pub(super) fn code(raw: &str) -> Result<Cow<'_, str>, StandardValue> {
    let line = line(raw)?;
    let is_plain = line.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let code = if is_plain {
        line
    } else {
        // `工行 6222…`: a word before the code.
        let named = || {
            let (word, rest) = line.split_once(' ')?;
            word.chars().all(is_han).then(|| code_characters(rest))?
        };
        let code = code_characters(&line).or_else(named);
        Cow::Owned(code.ok_or_else(|| cell::invalid("malformed"))?)
    };
    if code.is_empty() || placeholders::is_code(&code) {
        return Err(cell::placeholder());
    }
    Ok(code)
}

/// The folded text of a code without marks and label, or the answer when there is none or a spreadsheet rounded it.
pub(super) fn line(raw: &str) -> Result<Cow<'_, str>, StandardValue> {
    let text = cell::folded_short_cow(raw)?;
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(text);
    }
    let bare = without_remarks(without_label(without_guards(&text)));
    match number_form(&bare) {
        NumberForm::Rounded => return Err(cell::invalid("precision_lost")),
        NumberForm::Exact(digits) => return Ok(Cow::Owned(digits)),
        NumberForm::Text => {}
    }
    Ok(if bare.len() == text.len() {
        text
    } else {
        Cow::Owned(bare.into_owned())
    })
}

/// The text without what keeps a spreadsheet from reading it as a number: `'123`, `="123"`, "`123".
pub(super) fn without_guards(text: &str) -> &str {
    text.trim_start_matches(['\'', '=', '"', '`', ' ', ':'])
        .trim_end_matches(['\'', '"', ' ', ';', ',', '。'])
}

/// The text after a label of letters and a colon: `税号: 440300192181490`.
fn without_label(text: &str) -> &str {
    match text.split_once(':') {
        Some((label, rest)) if !rest.is_empty() && !label.bytes().any(|b| b.is_ascii_digit()) => {
            rest.trim_start()
        }
        _ => text,
    }
}

/// The text without remarks in brackets: `91440300192181490G(三证合一)`.
fn without_remarks(text: &str) -> Cow<'_, str> {
    match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open > 0 && open < close && has_han(&text[open..close]) => {
            Cow::Owned([text[..open].trim_end(), &text[close + 1..]].concat())
        }
        _ => Cow::Borrowed(text),
    }
}

/// How a text stands to the number that a spreadsheet or program made of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NumberForm {
    /// No such number.
    Text,
    /// A number with fewer digits than the code had.
    Rounded,
    /// A number that still has all digits: `13812349876.0`, `1.3812349876E+10`.
    Exact(String),
}

/// Reads a text as the number that a spreadsheet or program made of a code.
pub(super) fn number_form(text: &str) -> NumberForm {
    let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !is_digits(whole) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return NumberForm::Text;
    }
    let Some(exponent) = exponent else {
        let is_whole = mantissa.contains('.') && fraction.bytes().all(|b| b == b'0');
        return match is_whole {
            true if whole.len() > EXACT_DIGITS => NumberForm::Rounded,
            true => NumberForm::Exact(whole.to_owned()),
            false => NumberForm::Text,
        };
    };
    let digits = exponent.strip_prefix('+').unwrap_or(exponent);
    // Without its sign `1E10` may well be a code.
    if !is_digits(digits) || digits.len() == exponent.len() && fraction.is_empty() {
        return NumberForm::Text;
    }
    let power: usize = digits.parse().unwrap_or(usize::MAX);
    let fraction = fraction.trim_end_matches('0');
    // Spreadsheets show six digits: fewer than that may have been more.
    if fraction.len() != power || fraction.len() < 6 || whole.len() + power > EXACT_DIGITS {
        return NumberForm::Rounded;
    }
    NumberForm::Exact([whole, fraction].concat())
}

/// Is this a code of eighteen or more digits that a spreadsheet cut to fifteen and filled up with zeros?
///
/// Only codes that fail their check are asked: one true code in a thousand ends so.
pub(super) fn is_cut(code: &str) -> bool {
    code.len() >= EXACT_DIGITS + 3
        && code.bytes().all(|b| b.is_ascii_digit())
        && code[EXACT_DIGITS..].bytes().all(|b| b == b'0')
}

/// Upper-case ASCII letters and digits of a code, other characters dropped; `None` when letters of another script occur.
pub(super) fn code_characters(text: &str) -> Option<String> {
    let mut code = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Typed for the check character of an ID card, from the keyboard of another script.
            '×' | 'Х' | 'х' => code.push('X'),
            c if c.is_ascii_alphanumeric() => code.push(c.to_ascii_uppercase()),
            c if c.is_alphanumeric() => return None,
            _ => {}
        }
    }
    Some(code)
}

/// Letters typed for digits that look like them, where the letters cannot occur.
pub(super) const LOOK_ALIKES: [(u8, u8); 4] = [(b'I', b'1'), (b'O', b'0'), (b'Z', b'2'), (b'S', b'5')];

/// The code with [`LOOK_ALIKES`] as digits, and what was done; `None` when it holds none.
pub(super) fn with_digits_for_letters(code: &str) -> Option<(String, String)> {
    let digit = |byte: u8| {
        LOOK_ALIKES
            .iter()
            .find(|(letter, _)| *letter == byte)
            .map(|&(_, d)| d)
    };
    if !code.bytes().any(|byte| digit(byte).is_some()) {
        return None;
    }
    let mut repaired = String::with_capacity(code.len());
    let mut done = String::new();
    for byte in code.bytes() {
        let Some(digit) = digit(byte) else {
            repaired.push(char::from(byte));
            continue;
        };
        repaired.push(char::from(digit));
        let letter = char::from(byte);
        if !done.contains(letter) {
            if !done.is_empty() {
                done.push_str(", ");
            }
            done.extend([letter, ' ', '→', ' ', char::from(digit)]);
        }
    }
    Some((repaired, done))
}

/// The field that a code clearly belongs to by its form and check digits; `None` when no other field claims it.
pub(super) fn home_field(code: &str) -> Option<&'static str> {
    match code.len() {
        18 if uscc::grade(code) == Some("strong") => Some("uscc"),
        18 if passes_id_card(code) && birth_date(code).is_some() => Some("id_card"),
        11 if is_mobile(code) => Some("phones"),
        _ => None,
    }
}

/// Is this a mobile number that a carrier may have given out?
pub(super) fn is_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && digits.bytes().all(|b| b.is_ascii_digit())
        && mobile_class(digits) == MobileClass::Assigned
}

/// Birth date of the first 14 digits of an ID card number, when it is a date.
pub(super) fn birth_date(body: &str) -> Option<String> {
    let date = body.get(6..14)?;
    let (year, month, day) = (
        date[..4].parse().ok()?,
        date[4..6].parse().ok()?,
        date[6..].parse().ok()?,
    );
    let is_possible = (1850..=2100).contains(&year) && is_date(year, month, day);
    is_possible.then(|| [&date[..4], "-", &date[4..6], "-", &date[6..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ValueStatus;

    #[test]
    fn marks_labels_and_separators_go() {
        for raw in [
            "91440300192181490G",
            "９１４４０３００１９２１８１４９０ｇ",
            "'91440300192181490G",
            "=\"91440300192181490G\"",
            "\t91440300 192181490-G ",
            "(91440300192181490G)",
            "统一社会信用代码：91440300192181490G（三证合一）",
            "91440300192181490G\u{200B}",
            "信用代码 91440300192181490G",
        ] {
            assert_eq!(code(raw).as_deref(), Ok("91440300192181490G"), "{raw}");
        }
    }

    #[test]
    fn numbers_of_spreadsheets_are_told_apart() {
        let exact = |digits: &str| NumberForm::Exact(digits.to_owned());
        assert_eq!(number_form("1.10105E+17"), NumberForm::Rounded);
        assert_eq!(number_form("1.38123E10"), NumberForm::Rounded);
        assert_eq!(number_form("110105194912310016.0"), NumberForm::Rounded);
        assert_eq!(number_form("13812349876.0"), exact("13812349876"));
        assert_eq!(number_form("1.3812349876E+10"), exact("13812349876"));
        assert_eq!(number_form("1E10"), NumberForm::Text);
        assert_eq!(number_form("ABC"), NumberForm::Text);
        assert!(
            is_cut("110105194912310000") && !is_cut("110105194912310021") && !is_cut("11010519491231000X")
        );
    }

    #[test]
    fn stop_gaps_come_before_check_digits() {
        for raw in [
            "0000 0000 0000 000000",
            "６６６６６６６６６６６６６６６６６６",
            "123456789012345678",
            "——",
            "NULL",
        ] {
            assert_eq!(
                code(raw).expect_err("stop-gaps are no codes").status,
                ValueStatus::Placeholder,
                "{raw}"
            );
        }
    }

    #[test]
    fn letters_for_digits_are_named() {
        let repaired = with_digits_for_letters("9144O3OOI9");
        assert_eq!(
            repaired,
            Some(("9144030019".to_owned(), "O → 0, I → 1".to_owned()))
        );
        assert_eq!(with_digits_for_letters("91440300"), None);
    }

    #[test]
    fn codes_find_their_field() {
        assert_eq!(home_field("91440300192181490G"), Some("uscc"));
        assert_eq!(home_field("11010519491231002X"), Some("id_card"));
        assert_eq!(home_field("13812349876"), Some("phones"));
        assert_eq!(home_field("HRB86891"), None);
    }
}
