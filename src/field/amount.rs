//! Amounts of money 金额.
//!
//! In: a number with or without unit, or `number␟unit␟tax statement` (U+001F). Out: a plain decimal in the base unit with at
//! least two decimals, the currency as ISO 4217 code, and the tax statement `included`, `excluded` or empty. Units
//! (千 万 百万 亿) multiply; Chinese capitals (大写) are read; approximate amounts are suspicious and ranges invalid. An amount
//! without statement on tax is noted and never converted.

use super::COMPONENT_SEPARATOR;
use super::FieldType;
use super::StandardValue;
use super::cell;
use super::tax_flag::tax_statement;
use crate::model::ValueStatus;
use crate::text::fold::fold;
use crate::text::simplify::simplify;

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
            ("500-1000万", None),
            ("面议", None),
            ("无", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let mut components = raw.split(COMPONENT_SEPARATOR);
    let number = components.next().unwrap_or_default();
    let unit = components.next().map(fold).unwrap_or_default();
    let tax = components.next().map(fold).unwrap_or_default();
    let text = match cell::folded_short(number) {
        Ok(text) => simplify(&text).to_lowercase(),
        Err(answer) => return answer,
    };
    let unit = simplify(&unit).to_lowercase();
    let Some(parsed) = parse(&text, &unit) else {
        let is_range = text.contains(['~', '至']) || text.trim_start_matches('-').contains('-');
        return cell::invalid(if is_range { "ambiguous_value" } else { "malformed" });
    };
    let mut cell = cell::Cell::new(raw);
    let tax = [tax.as_ref(), unit.as_str(), text.as_str()]
        .into_iter()
        .find_map(|t| {
            tax_statement(t).or(
                matches!(t, "included" | "excluded").then_some(if t == "included" {
                    "included"
                } else {
                    "excluded"
                }),
            )
        });
    if tax.is_none() {
        cell.issue("tax_flag_unknown");
    }
    let status = if parsed.is_approximate {
        cell.issue("suspicious");
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    };
    cell.item(
        status,
        parsed.decimal,
        cell::parts([parsed.currency, tax.unwrap_or_default()]),
    );
    cell.finish()
}

struct Parsed {
    decimal: String,
    currency: &'static str,
    is_approximate: bool,
}

const CURRENCIES: &[(&str, &str)] = &[
    ("hk$", "HKD"),
    ("hkd", "HKD"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("us$", "USD"),
    ("usd", "USD"),
    ("美元", "USD"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("欧元", "EUR"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("英镑", "GBP"),
    ("jpy", "JPY"),
    ("日元", "JPY"),
    ("a$", "AUD"),
    ("aud", "AUD"),
    ("澳元", "AUD"),
    ("twd", "TWD"),
    ("新台币", "TWD"),
    ("$", "USD"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("¥", "CNY"),
    ("人民币", "CNY"),
    ("元", "CNY"),
];

/// Units, longest first, with the power of ten.
const UNITS: &[(&str, u32)] = &[
    ("百万", 6),
    ("千万", 7),
    ("十万", 5),
    ("十亿", 9),
    ("百亿", 10),
    ("万亿", 12),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
    ("million", 6),
    ("billion", 9),
    ("thousand", 3),
];

fn parse(text: &str, unit: &str) -> Option<Parsed> {
    let find_currency = |t: &str| {
        CURRENCIES
            .iter()
            .find(|(sign, _)| t.contains(sign))
            .map(|&(_, code)| code)
    };
    let currency = find_currency(text)
        .or_else(|| find_currency(unit))
        .unwrap_or_default();
    let mut rest = text.to_owned();
    for word in ["价税合计", "不含税", "含税", "人民币", "大写", "整", "正", "()"] {
        rest = rest.replace(word, "");
    }
    let is_approximate = ["约", "以上", "以内", "左右", "近", "余", ">", "<"]
        .iter()
        .any(|w| rest.contains(w));
    for word in ["约", "以上", "以内", "左右", "近", "余", ">", "<", "大"] {
        rest = rest.replace(word, "");
    }
    let rest = rest.trim_matches([':', ' ']);
    if let Some(decimal) = capital_amount(rest) {
        return Some(Parsed {
            decimal,
            currency: "CNY",
            is_approximate,
        });
    }
    let mut number = rest.to_owned();
    for (sign, _) in CURRENCIES {
        number = number.replace(sign, "");
    }
    let number = number.trim();
    let (digits, own_unit) = split_unit(number);
    let power = own_unit.or_else(|| split_unit(unit).1).unwrap_or(0);
    let decimal = plain_decimal(digits.trim(), power)?;
    Some(Parsed {
        decimal,
        currency,
        is_approximate,
    })
}

/// The text before a unit, and the unit's power of ten.
fn split_unit(text: &str) -> (&str, Option<u32>) {
    let found = UNITS
        .iter()
        .filter_map(|&(unit, power)| text.find(unit).map(|at| (at, unit.len(), power)))
        .min_by_key(|&(at, length, _)| (at, std::cmp::Reverse(length)));
    match found {
        Some((at, length, power))
            if text[at + length..]
                .chars()
                .all(|c| !c.is_alphanumeric() || "元".contains(c)) =>
        {
            (&text[..at], Some(power))
        }
        Some((at, _, power)) if !text.chars().any(|c| c.is_ascii_digit()) => (&text[..at], Some(power)),
        _ => (text, None),
    }
}

/// A plain decimal times a power of ten; `None` when the text is not a number of at most 18 digits before the point.
fn plain_decimal(text: &str, power: u32) -> Option<String> {
    let (text, is_negative) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (text.trim_start_matches('-'), text.starts_with('-')),
    };
    let (whole, fraction) = split_decimals(text)?;
    let power = power as usize;
    let mut fraction = fraction.to_owned();
    while fraction.len() < power {
        fraction.push('0');
    }
    let whole = format!("{whole}{}", &fraction[..power]);
    let whole = whole.trim_start_matches('0');
    let mut fraction = fraction[power..].trim_end_matches('0').to_owned();
    while fraction.len() < 2 {
        fraction.push('0');
    }
    if whole.len() > 18 || fraction.len() > 12 {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let is_zero = whole == "0" && fraction.bytes().all(|b| b == b'0');
    let sign = if is_negative && !is_zero { "-" } else { "" };
    Some(format!("{sign}{whole}.{fraction}"))
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

/// Chinese capitals 大写 as a decimal with two places.
fn capital_amount(text: &str) -> Option<String> {
    let mut total: u64 = 0;
    let mut section: u64 = 0;
    let mut digit: Option<u64> = None;
    let mut cents: u64 = 0;
    let mut seen = 0;
    for c in text.chars() {
        seen += 1;
        if let Some(value) = capital_digit(c) {
            digit = Some(value);
            continue;
        }
        let unit = match c {
            '拾' | '十' => 10,
            '佰' | '百' => 100,
            '仟' | '千' => 1_000,
            '万' => 10_000,
            '亿' => 100_000_000,
            '元' | '圆' | '圓' => 1,
            '角' => {
                cents += digit.take()? * 10;
                continue;
            }
            '分' => {
                cents += digit.take()?;
                continue;
            }
            ' ' => continue,
            _ => return None,
        };
        match unit {
            1 => total = total.checked_add(section.checked_add(digit.take().unwrap_or(0))?)?,
            10 | 100 | 1_000 => section = section.checked_add(digit.take().unwrap_or(1) * unit)?,
            10_000 => {
                section = section
                    .checked_add(digit.take().unwrap_or(0))?
                    .checked_mul(unit)?;
                total = total.checked_add(section)?;
            }
            _ => {
                total = total
                    .checked_add(section)?
                    .checked_add(digit.take().unwrap_or(0))?
                    .checked_mul(unit)?
            }
        }
        if unit == 1 || unit >= 10_000 {
            section = 0;
        }
    }
    let whole = total.checked_add(section)?.checked_add(digit.unwrap_or(0))?;
    let is_capital = seen > 1 && (whole > 0 || text.chars().any(|c| capital_digit(c).is_some()));
    (is_capital && cents < 100).then(|| format!("{whole}.{cents:02}"))
}

fn capital_digit(c: char) -> Option<u64> {
    const DIGITS: [&str; 10] = [
        "零〇",
        "壹一弌",
        "贰二弍两",
        "叁三参",
        "肆四",
        "伍五",
        "陆六",
        "柒七",
        "捌八",
        "玖九",
    ];
    DIGITS.iter().position(|set| set.contains(c)).map(|at| at as u64)
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
}
