//! Chinese capitals of amounts 大写金额.
//!
//! In: numerals in capitals or ordinary characters, simplified, with units up to 亿, 元, 角 and 分. Out: a decimal with two
//! places. Words beside the number (人民币, 整) are taken away by `amount`.

/// Chinese capitals 大写 as a decimal with two places.
pub(super) fn decimal(text: &str) -> Option<String> {
    let mut total: u64 = 0;
    let mut section: u64 = 0;
    let mut digit: Option<u64> = None;
    let mut cents: u64 = 0;
    let mut seen = 0;
    for c in text.chars() {
        seen += 1;
        if let Some(value) = digit_of(c) {
            digit = Some(value);
            continue;
        }
        let unit = match c {
            '拾' | '十' => 10,
            '佰' | '百' => 100,
            '仟' | '千' => 1_000,
            '万' | '萬' => 10_000,
            '亿' | '億' => 100_000_000,
            '元' | '圆' | '圓' => 1,
            '角' => {
                cents += digit.take()? * 10;
                continue;
            }
            '分' => {
                cents += digit.take()?;
                continue;
            }
            '廿' | '卅' => {
                let tens = if c == '廿' { 20 } else { 30 };
                section = section.checked_add(tens)?;
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
    let is_capital = seen > 1 && (whole > 0 || text.chars().any(|c| digit_of(c).is_some()));
    (is_capital && cents < 100).then(|| format!("{whole}.{cents:02}"))
}

fn digit_of(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '壹' | '一' | '弌' => 1,
        '贰' | '二' | '弍' | '两' | '貳' => 2,
        '叁' | '三' | '参' | '參' | '弎' => 3,
        '肆' | '四' => 4,
        '伍' | '五' => 5,
        '陆' | '六' | '陸' => 6,
        '柒' | '七' => 7,
        '捌' | '八' => 8,
        '玖' | '九' => 9,
        _ => return None,
    })
}

/// Is this a numeral or unit of such amounts?
pub(super) fn is_capital(c: char) -> bool {
    digit_of(c).is_some()
        || matches!(
            c,
            '拾' | '十' | '廿' | '卅' | '佰' | '百' | '仟' | '千' | '万' | '萬' | '亿' | '億' | '角' | '分'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_decimals() {
        for (text, expected) in [
            ("壹拾贰万叁仟元伍角", Some("123000.50")),
            ("贰亿零伍佰万元", Some("205000000.00")),
            ("壹仟零伍元零叁分", Some("1005.03")),
            ("叁萬陸仟元", Some("36000.00")),
            ("廿伍万元", Some("250000.00")),
            ("卅元", Some("30.00")),
            ("十万", Some("100000.00")),
            ("一万二千", Some("12000.00")),
            ("伍角", Some("0.50")),
            ("元", None),
            ("公司", None),
        ] {
            assert_eq!(decimal(text).as_deref(), expected, "{text}");
        }
    }
}
