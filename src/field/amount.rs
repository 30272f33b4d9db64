//! Amounts of money 金额.
//!
//! In: a number with or without unit, or `number␟unit␟tax statement` (U+001F). Out: a plain decimal in the base unit with at
//! least two decimals, the currency as ISO 4217 code, and the tax statement `included`, `excluded` or empty. Units
//! (千 万 百万 亿) multiply, also one after the other (1亿2000万); Chinese capitals (大写) are read by `capitals`. Approximate
//! amounts (约 以上 以内) are suspicious; a range keeps its lower end, suspicious, with both ends as evidence. An amount
//! without statement on tax is noted and never converted. A comma is a decimal point only where it cannot be anything else.

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::StandardValue;
use super::capitals;
use super::cell;
use super::cell::Cell;
use super::code_text;
use super::code_text::NumberForm;
use super::tax_flag::tax_statement;
use crate::model::ValueStatus;
use crate::text::fold::fold;
use crate::text::simplify::simplify;
use std::borrow::Cow;

/// The field type.
pub(super) struct Amount;

impl FieldType for Amount {
    fn name(&self) -> &'static str {
        "amount"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Amount", "金额"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["currency", "tax"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        None
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("12.5\u{1F}万元\u{1F}含税", Some("125000.00")),
            ("￥1,234.56", Some("1234.56")),
            ("１．２亿元", Some("120000000.00")),
            ("USD 3000", Some("3000.00")),
            ("(1,000.00)", Some("-1000.00")),
            ("壹拾贰万叁仟元伍角整", Some("123000.50")),
            ("约500万", Some("5000000.00")),
            ("十万元", Some("100000.00")),
            ("500-1000万", Some("5000000.00")),
            ("1亿2000万元", Some("120000000.00")),
            ("1.234,56 €", Some("1234.56")),
            ("1,234.56-", Some("-1234.56")),
            ("￥-100", Some("-100.00")),
            ("2.5 million USD", Some("2500000.00")),
            ("50w", Some("500000.00")),
            ("1000000.00元（大写：壹佰万元整）", Some("1000000.00")),
            ("含税价100万", Some("1000000.00")),
            ("卅伍萬圓整", Some("350000.00")),
            ("3万5", None),
            ("1.23457E+14", None),
            ("面议", None),
            ("无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("100", "tax_flag_unknown"),
            ("约５００万", "suspicious"),
            ("500万以上", "suspicious"),
            ("500-1000万", "ambiguous_value"),
            ("1.23457E+14", "precision_lost"),
            ("面议", "malformed"),
            ("12 apples", "malformed"),
            ("暂无", "placeholder"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let mut components = raw.split(COMPONENT_SEPARATOR);
    let number = components.next().unwrap_or_default();
    let unit = components.next().map(fold).unwrap_or_default();
    let tax = components.next().map(fold).unwrap_or_default();
    let text = match cell::folded_short_cow(number) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let unit = lower_simplified(unit);
    let text = lower_simplified(text);
    if text.contains('e') && code_text::number_form(&text) == NumberForm::Rounded {
        return cell::invalid("precision_lost");
    }
    // `1000.00元(大写:壹仟元整)`: the digits say it already.
    let said_twice = text
        .find("(大写")
        .or_else(|| text.find("大写"))
        .filter(|&at| text[..at].bytes().any(|b| b.is_ascii_digit()));
    let amount = &text[..said_twice.unwrap_or(text.len())];
    let Some(parsed) = parse(code_text::without_guards(amount), &unit) else {
        return cell::invalid("malformed");
    };
    let mut cell = Cell::new(raw);
    let tax = statement(&tax)
        .or_else(|| statement(&unit))
        .or_else(|| statement(&text));
    if tax.is_none() {
        cell.issue("tax_flag_unknown");
    }
    if let Some(end) = parsed.range_end {
        cell.doubt("ambiguous_value", [&parsed.decimal, " ~ ", &end].concat());
    } else if parsed.is_approximate {
        cell.doubt("suspicious", "");
    }
    let parts = cell::parts([parsed.currency, tax.unwrap_or_default()]);
    cell.item(ValueStatus::Valid, parsed.decimal, parts);
    cell.finish()
}

fn lower_simplified(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return text;
    }
    Cow::Owned(simplify(&text).to_lowercase())
}

fn statement(text: &str) -> Option<&'static str> {
    match text {
        "included" => Some("included"),
        "excluded" => Some("excluded"),
        _ if text.bytes().all(|b| !b.is_ascii_alphabetic() && b.is_ascii()) => None,
        _ => tax_statement(text),
    }
}

/// An amount as read.
struct Parsed {
    decimal: String,
    currency: &'static str,
    is_approximate: bool,
    /// The upper end, when the amount is a range.
    range_end: Option<String>,
}

/// What a word of an amount means.
#[derive(Debug, Clone, Copy)]
enum Word {
    Currency(&'static str),
    Approximate,
    /// A unit, in Chinese.
    Unit(&'static str),
    /// Says nothing about the number.
    Empty,
}

/// The words of amounts; of two that begin alike the longer comes first.
const WORDS: &[(&str, Word)] = &[
    ("价税合计", Word::Empty),
    ("不含税价", Word::Empty),
    ("含税价", Word::Empty),
    ("不含税", Word::Empty),
    ("未含税", Word::Empty),
    ("含税", Word::Empty),
    ("未税", Word::Empty),
    ("大写", Word::Empty),
    ("金额", Word::Empty),
    ("合计", Word::Empty),
    ("整", Word::Empty),
    ("正", Word::Empty),
    ("大约", Word::Approximate),
    ("不低于", Word::Approximate),
    ("不少于", Word::Approximate),
    ("不超过", Word::Approximate),
    ("约", Word::Approximate),
    ("以上", Word::Approximate),
    ("以内", Word::Approximate),
    ("以下", Word::Approximate),
    ("左右", Word::Approximate),
    ("上下", Word::Approximate),
    ("近", Word::Approximate),
    ("余", Word::Approximate),
    ("多", Word::Approximate),
    (">=", Word::Approximate),
    ("<=", Word::Approximate),
    (">", Word::Approximate),
    ("<", Word::Approximate),
    ("≥", Word::Approximate),
    ("≤", Word::Approximate),
    ("+", Word::Approximate),
    ("hk$", Word::Currency("HKD")),
    ("hkd", Word::Currency("HKD")),
    ("港元", Word::Currency("HKD")),
    ("港币", Word::Currency("HKD")),
    ("us$", Word::Currency("USD")),
    ("usd", Word::Currency("USD")),
    ("美元", Word::Currency("USD")),
    ("美金", Word::Currency("USD")),
    ("eur", Word::Currency("EUR")),
    ("€", Word::Currency("EUR")),
    ("欧元", Word::Currency("EUR")),
    ("gbp", Word::Currency("GBP")),
    ("£", Word::Currency("GBP")),
    ("英镑", Word::Currency("GBP")),
    ("jpy", Word::Currency("JPY")),
    ("日元", Word::Currency("JPY")),
    ("au$", Word::Currency("AUD")),
    ("a$", Word::Currency("AUD")),
    ("aud", Word::Currency("AUD")),
    ("澳元", Word::Currency("AUD")),
    ("nt$", Word::Currency("TWD")),
    ("twd", Word::Currency("TWD")),
    ("新台币", Word::Currency("TWD")),
    ("mop", Word::Currency("MOP")),
    ("澳门元", Word::Currency("MOP")),
    ("s$", Word::Currency("SGD")),
    ("sgd", Word::Currency("SGD")),
    ("$", Word::Currency("USD")),
    ("rmb", Word::Currency("CNY")),
    ("cny", Word::Currency("CNY")),
    ("¥", Word::Currency("CNY")),
    ("人民币", Word::Currency("CNY")),
    ("million", Word::Unit("百万")),
    ("billion", Word::Unit("十亿")),
    ("thousand", Word::Unit("千")),
    ("incl.", Word::Empty),
    ("incl", Word::Empty),
    ("excl.", Word::Empty),
    ("excl", Word::Empty),
    ("vat", Word::Empty),
    ("gst", Word::Empty),
    ("tax", Word::Empty),
    ("k", Word::Unit("千")),
    ("w", Word::Unit("万")),
];

/// Reads an amount in lower case and simplified characters; `unit` is that of the header.
fn parse(text: &str, unit: &str) -> Option<Parsed> {
    let mut parsed = Parsed {
        decimal: String::new(),
        currency: "",
        is_approximate: false,
        range_end: None,
    };
    let number = scan(text, &mut parsed)?;
    if parsed.currency.is_empty() && !unit.is_empty() {
        let found = WORDS.iter().find_map(|&(word, meaning)| match meaning {
            Word::Currency(code) if unit.contains(word) => Some(code),
            _ => None,
        });
        parsed.currency = found.unwrap_or(if unit.contains('元') { "CNY" } else { "" });
    }
    let power = unit_power(unit);
    match range(&number) {
        Some((low, high)) => {
            let own = low.chars().filter(|c| char_power(*c).is_some()).count() > 0;
            let shared: String = high.chars().filter(|c| char_power(*c).is_some()).collect();
            let low = if own {
                low.to_owned()
            } else {
                [low, &shared].concat()
            };
            parsed.decimal = decimal(&low, power)?;
            parsed.range_end = Some(decimal(high, power)?);
        }
        None => parsed.decimal = decimal(&number, power)?,
    }
    Some(parsed)
}

/// The number of a text, with its units and signs; words are noted in `parsed`. `None` when a word is unknown.
fn scan(text: &str, parsed: &mut Parsed) -> Option<String> {
    let mut number = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '0'..='9' | '.' | ',' | '\'' | ' ' | '-' | '(' | ')' | '~' => number.push(c),
            '至' | '到' => number.push('~'),
            ':' => {}
            '元' | '圆' => {
                number.push('元');
                if parsed.currency.is_empty() {
                    parsed.currency = "CNY";
                }
            }
            _ => match WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
                Some(&(word, meaning)) => {
                    length = word.len();
                    match meaning {
                        Word::Currency(code) if parsed.currency.is_empty() => parsed.currency = code,
                        Word::Approximate => parsed.is_approximate = true,
                        Word::Unit(unit) => number.push_str(unit),
                        Word::Currency(_) | Word::Empty => {}
                    }
                }
                None if capitals::is_capital(c) => number.push(c),
                None => return None,
            },
        }
        rest = &rest[length..];
    }
    // A remark in brackets leaves them empty.
    Some(number.replace("()", "").trim().to_owned())
}

/// The two ends of a range.
fn range(number: &str) -> Option<(&str, &str)> {
    let is_end = |c: char| c.is_ascii_digit() || char_power(c).is_some() || c == '元';
    let at = number
        .char_indices()
        .find(|&(at, c)| {
            let before = number[..at].trim_end().chars().next_back();
            let after = number[at + c.len_utf8()..].trim_start().chars().next();
            matches!(c, '~' | '-') && before.is_some_and(is_end) && after.is_some_and(|c| c.is_ascii_digit())
        })?
        .0;
    Some((number[..at].trim(), number[at + 1..].trim()))
}

/// Power of ten of a unit's character.
fn char_power(c: char) -> Option<u32> {
    Some(match c {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// Power of ten of the unit that a header states; 0 when it states none.
fn unit_power(unit: &str) -> u32 {
    if unit.is_empty() {
        return 0;
    }
    let words = WORDS.iter().find_map(|&(word, meaning)| match meaning {
        Word::Unit(chinese) if word.len() > 1 && unit.contains(word) => Some(chinese),
        _ => None,
    });
    let unit = words.unwrap_or(unit);
    unit.chars().filter_map(char_power).sum()
}

/// The plain decimal of a number with its signs and units; `power` counts when it names no unit itself.
fn decimal(number: &str, power: u32) -> Option<String> {
    let (number, is_negative) = match number.strip_prefix('(').and_then(|n| n.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => match (number.strip_prefix('-'), number.strip_suffix('-')) {
            (Some(rest), _) | (None, Some(rest)) => (rest, true),
            (None, None) => (number, false),
        },
    };
    let number = number.trim_matches(['元', ' ']);
    let decimal = if !number.bytes().any(|b| b.is_ascii_digit()) {
        capitals::decimal(number)?
    } else if number.is_ascii() {
        plain_decimal(number, power)?
    } else {
        compound_decimal(number)?
    };
    let is_zero = decimal.bytes().all(|b| matches!(b, b'0' | b'.'));
    Some(if is_negative && !is_zero {
        ["-", &decimal].concat()
    } else {
        decimal
    })
}

/// A sum of numbers with falling units: `1亿2000万`.
fn compound_decimal(number: &str) -> Option<String> {
    let mut sum: Option<String> = None;
    let mut power_before = u32::MAX;
    let mut rest = number;
    while !rest.is_empty() {
        let digits_end = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(digits_end);
        let unit_end = after
            .find(|c: char| char_power(c).is_none() && c != '元')
            .unwrap_or(after.len());
        let power = after[..unit_end].chars().filter_map(char_power).sum();
        // `3万5` may mean 35 000 or 30 005.
        let is_short = power == 0 && sum.is_some() && digits.trim().len() < 3;
        if power >= power_before || is_short || unit_end == 0 && !after.is_empty() {
            return None;
        }
        let part = plain_decimal(digits.trim(), power)?;
        sum = Some(match sum {
            Some(sum) => added(&sum, &part)?,
            None => part,
        });
        power_before = power;
        rest = after[unit_end..].trim_start();
    }
    sum
}

/// The sum of two decimals.
fn added(left: &str, right: &str) -> Option<String> {
    const PLACES: usize = 12;
    let scaled = |text: &str| -> Option<u128> {
        let (whole, fraction) = text.split_once('.')?;
        let mut digits = [whole, fraction].concat();
        digits.extend(std::iter::repeat_n('0', PLACES.checked_sub(fraction.len())?));
        digits.parse().ok()
    };
    let sum = scaled(left)?.checked_add(scaled(right)?)?.to_string();
    let (whole, fraction) = sum.split_at_checked(sum.len().checked_sub(PLACES)?)?;
    plain_decimal(&[whole, ".", fraction].concat(), 0)
}

/// A decimal times a power of ten; `None` when the text is not a number of at most 18 digits before the point.
fn plain_decimal(text: &str, power: u32) -> Option<String> {
    let (whole, fraction) = split_decimals(text)?;
    let power = power as usize;
    let mut fraction = fraction.to_owned();
    while fraction.len() < power {
        fraction.push('0');
    }
    let whole = [&*whole, &fraction[..power]].concat();
    let whole = whole.trim_start_matches('0');
    let mut fraction = fraction[power..].trim_end_matches('0').to_owned();
    while fraction.len() < 2 {
        fraction.push('0');
    }
    if whole.len() > 18 || fraction.len() > 12 {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Some([whole, ".", &fraction].concat())
}

/// Digits before and after the decimal point. A comma with three digits after it groups thousands.
fn split_decimals(text: &str) -> Option<(String, &str)> {
    let (whole, fraction) = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => (&text[..comma], &text[comma + 1..]),
        (Some(point), _) if text.matches('.').count() == 1 => (&text[..point], &text[point + 1..]),
        (Some(_), None) => (text, ""),
        (None, Some(comma)) if text.len() - comma != 4 && text.matches(',').count() == 1 => {
            (&text[..comma], &text[comma + 1..])
        }
        _ => (text, ""),
    };
    let is_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let whole: String = whole
        .chars()
        .filter(|c| !matches!(c, ',' | '.' | ' ' | '\''))
        .collect();
    let has_digit = !whole.is_empty() || !fraction.is_empty();
    (has_digit && is_digits(&whole) && is_digits(fraction)).then_some((whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tax_statement_is_kept_or_missed() {
        let value = Amount.standardise("12.5\u{1F}万元\u{1F}含税");
        assert_eq!(value.items[0].parts, ["CNY", "included"]);
        assert!(value.findings.is_empty());
        assert_eq!(
            Amount.standardise("100").findings[0].code.name,
            "tax_flag_unknown"
        );
        assert_eq!(
            Amount.standardise("100元(不含税)").items[0].parts,
            ["CNY", "excluded"]
        );
    }

    #[test]
    fn both_ends_of_a_range_are_told() {
        let value = Amount.standardise("500-1000万元");
        assert_eq!(value.status, ValueStatus::Suspicious);
        let evidence: Vec<_> = value.findings.iter().map(|f| f.evidence.to_string()).collect();
        assert!(
            evidence.contains(&"5000000.00 ~ 10000000.00".to_owned()),
            "{evidence:?}"
        );
        assert_eq!(
            Amount.standardise("100~200\u{1F}万元").items[0].value,
            "1000000.00"
        );
    }

    #[test]
    fn commas_are_decimal_only_without_doubt() {
        let value = |raw: &str| Amount.standardise(raw).items[0].value.clone();
        assert_eq!(value("1.234.567,89"), "1234567.89");
        assert_eq!(value("1,234,567.89"), "1234567.89");
        assert_eq!(value("1,234"), "1234.00");
        assert_eq!(value("12,5"), "12.50");
        assert_eq!(value("1 234,50 EUR"), "1234.50");
        assert_eq!(value("HK$ 3,000"), "3000.00");
    }
}
