//! Dates.
//!
//! In: text as people and systems write dates. Out: `YYYY-MM-DD`, `YYYY-MM` or `YYYY` with year, month and day as parts.
//! Formats: ISO 8601 with or without time, 2024年1月2日, Chinese numerals (also in capitals and with 廿 and 卅), 民国,
//! separators `-/.`, 8 digits, English months, spreadsheet serial numbers and Unix times in seconds or milliseconds.
//! Two-digit years below 30 are of this century. Day and month are told apart by a number above 12; otherwise month comes
//! first as in ISO, and the value is ambiguous with the other reading as evidence. A date that no calendar has keeps its
//! digits as value, so that a typing error can still be compared. Serial numbers count from 1900: a workbook that counts
//! from 1904 says so itself and is read by `ingest`.

use super::FieldType;
use super::StandardValue;
use super::calendar::SERIAL_OF_1970;
use super::calendar::date_of_day;
use super::calendar::is_date;
use super::cell;
use super::cell::Cell;
use super::code_text;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::tokens::digit_runs;
use std::borrow::Cow;

/// The field type.
pub(super) struct Date;

impl FieldType for Date {
    fn name(&self) -> &'static str {
        "date"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Date", "日期"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["year", "month", "day"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        // Most cells hold standard text or eight digits.
        match iso_reading(raw) {
            Some(reading) => reading.answer(raw, raw),
            None => cell::settled(raw, read_cell),
        }
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("date")
    }
    fn masking(&self) -> &'static str {
        "date"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("2024年1月2日", Some("2024-01-02")),
            ("二〇二四年一月二日", Some("2024-01-02")),
            ("民国113年1月2日", Some("2024-01-02")),
            ("２０２４／１／２", Some("2024-01-02")),
            ("19461118", Some("1946-11-18")),
            ("2024-01-02T08:30:00Z", Some("2024-01-02")),
            ("2024.1.2 下午3:20", Some("2024-01-02")),
            ("2024年1月", Some("2024-01")),
            ("1853", Some("1853")),
            ("25/12/1999", Some("1999-12-25")),
            ("2 Jan 2024", Some("2024-01-02")),
            ("January 2, 2024", Some("2024-01-02")),
            ("45293", Some("2024-01-02")),
            ("45293.5", Some("2024-01-02")),
            ("民国八十年三月", Some("1991-03")),
            ("19740164", Some("19740164")),
            ("1974-01-64", Some("19740164")),
            ("二○二四年一月廿三日", Some("2024-01-23")),
            ("贰零贰肆年壹拾贰月叁拾壹日", Some("2024-12-31")),
            ("民國113年1月2日", Some("2024-01-02")),
            ("2024年1月2日 星期二", Some("2024-01-02")),
            ("Tue Jan 02 2024", Some("2024-01-02")),
            ("1704153600", Some("2024-01-02")),
            ("1704153600000", Some("2024-01-02")),
            ("2024年1月2日下午3:20", Some("2024-01-02")),
            ("'2024-01-02", Some("2024-01-02")),
            ("1900-01-01", None),
            ("00000000", None),
            ("昨天", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("03/04/2024", "ambiguous_value"),
            ("24/1/2", "ambiguous_value"),
            ("45293", "repaired"),
            ("民国113年1月2日", "repaired"),
            ("1704153600000", "repaired"),
            ("2024-02-30", "date_out_of_range"),
            ("２０２４－１３－０１", "date_out_of_range"),
            ("0112-01-02", "date_out_of_range"),
            ("1900-01-01", "placeholder"),
            ("1970-01-01T00:00:00Z", "placeholder"),
            ("2099年12月31日", "placeholder"),
            ("昨天", "malformed"),
        ]
    }
}

/// `YYYY-MM-DD` or `YYYYMMDD`, without any other character.
fn iso_reading(raw: &str) -> Option<Reading> {
    let bytes = raw.as_bytes();
    let (month_at, day_at) = match bytes.len() {
        8 => (4, 6),
        10 if bytes[4] == b'-' && bytes[7] == b'-' => (5, 8),
        _ => return None,
    };
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0, |number, byte| {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
            Some(number * 10 + u32::from(digit))
        })
    };
    let reading = Reading::whole(
        number(0, 4)?,
        number(month_at, month_at + 2)?,
        number(day_at, day_at + 2)?,
    );
    reading.is_date().then_some(reading)
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short_cow(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let text = code_text::without_guards(&text);
    if text.bytes().all(|b| b == b'0') {
        return cell::placeholder();
    }
    match read(text) {
        Some(reading) => reading.answer(raw, text),
        None => cell::invalid("malformed"),
    }
}

/// What the text says; a month or day of 0 was not given.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    year: u32,
    month: u32,
    day: u32,
    has_month: bool,
    has_day: bool,
    is_ambiguous: bool,
    /// Two digits in front were taken for the year.
    is_short: bool,
    is_converted: bool,
}

impl Reading {
    fn whole(year: u32, month: u32, day: u32) -> Self {
        Self {
            year,
            month,
            day,
            has_month: true,
            has_day: true,
            ..Self::default()
        }
    }

    fn is_date(&self) -> bool {
        (!self.has_month || (1..=12).contains(&self.month))
            && (!self.has_day || is_date(self.year, self.month, self.day))
    }

    /// Year, month and day with `separator`, as far as they were given.
    fn text(&self, separator: &str) -> String {
        let mut text = String::with_capacity(10);
        push_number(&mut text, self.year, 4);
        for (is_given, number) in [(self.has_month, self.month), (self.has_day, self.day)] {
            if is_given {
                text.push_str(separator);
                push_number(&mut text, number, 2);
            }
        }
        text
    }

    /// The standard value of a cell with this reading.
    fn answer(self, raw: &str, text: &str) -> StandardValue {
        let iso = self.text("-");
        if placeholders::is_date(&iso) || self.year == 0 && self.is_date() {
            return cell::placeholder();
        }
        let mut cell = Cell::new(raw);
        let number = |is_given: bool, number: u32, width: usize| {
            let mut text = String::new();
            if is_given {
                push_number(&mut text, number, width);
            }
            text
        };
        let parts = vec![
            number(true, self.year, 4),
            number(self.has_month, self.month, 2),
            number(self.has_day, self.day, 2),
        ];
        let is_likely_year = (1000..=2200).contains(&self.year);
        if !self.is_date() || !is_likely_year {
            cell.doubt("date_out_of_range", "");
        } else if self.is_ambiguous {
            cell.doubt("ambiguous_value", self.other_reading());
        } else if self.is_converted {
            cell.repaired([text, " → ", &iso].concat());
        }
        let value = if self.is_date() { iso } else { self.text("") };
        cell.item(ValueStatus::Valid, value, parts);
        cell.finish()
    }

    /// The date with day and month, or day and year, the other way round, when that is one.
    fn other_reading(&self) -> String {
        let other = if self.is_short {
            Self::whole(century(self.day), self.month, self.year % 100)
        } else {
            Self::whole(self.year, self.day, self.month)
        };
        if other.is_date() {
            other.text("-")
        } else {
            String::new()
        }
    }
}

/// Appends a number with at least `width` digits.
fn push_number(text: &mut String, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut rest = number;
    let mut start = digits.len();
    while rest > 0 || start > digits.len() - width {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text.extend(digits[start..].iter().map(|&digit| char::from(digit)));
}

fn read(text: &str) -> Option<Reading> {
    let arabic = arabic_numerals(text);
    let era = ["民国", "民國"].iter().find_map(|era| arabic.split_once(era));
    let (text, offset) = match era {
        Some((_, rest)) => (rest, 1911),
        None => (&*arabic, 0),
    };
    let text = without_time(without_weekday(text));
    if let Some(reading) = read_english(text) {
        return Some(reading);
    }
    let is_date_text = |c: char| c.is_ascii_digit() || " -/.,年月日号_".contains(c);
    if !text.chars().all(is_date_text) {
        return None;
    }
    let mut runs = [""; 3];
    let mut count = 0;
    for run in digit_runs(text) {
        *runs.get_mut(count)? = run;
        count += 1;
    }
    let mut reading = match count {
        1 => read_digits(runs[0], text.contains('年') || offset > 0),
        2 if runs[0].len() == 5 && text.contains('.') => read_digits(runs[0], false),
        2 => read_two(runs[0], runs[1], offset > 0),
        3 => read_three(runs, offset > 0),
        _ => None,
    }?;
    reading.year += offset;
    reading.is_converted |= offset > 0;
    Some(reading)
}

/// One run of digits: a year, a date without separators, a serial number or a Unix time.
fn read_digits(run: &str, is_year: bool) -> Option<Reading> {
    let number: u64 = run.parse().ok()?;
    match run.len() {
        _ if is_year && number < 10_000 => Some(Reading {
            year: number as u32,
            ..Reading::default()
        }),
        4 if (1000..=2200).contains(&number) => Some(Reading {
            year: number as u32,
            ..Reading::default()
        }),
        5 if (10_000..=73_050).contains(&number) => {
            let (year, month, day) = serial_date(number as u32);
            Some(Reading {
                is_converted: true,
                ..Reading::whole(year, month, day)
            })
        }
        6 => read_six(run),
        8 => Some(Reading::whole(
            run[..4].parse().ok()?,
            run[4..6].parse().ok()?,
            run[6..].parse().ok()?,
        )),
        10 | 13 => {
            let seconds = if run.len() == 13 { number / 1000 } else { number };
            let (year, month, day) = date_of_day((seconds / 86_400) as u32);
            Some(Reading {
                is_converted: true,
                ..Reading::whole(year, month, day)
            })
        }
        14 => read_digits(&run[..8], false),
        _ => None,
    }
}

/// The date of a spreadsheet's serial number.
fn serial_date(serial: u32) -> (u32, u32, u32) {
    if serial >= SERIAL_OF_1970 {
        return date_of_day(serial - SERIAL_OF_1970);
    }
    // 146097 days are exactly 400 years.
    let (year, month, day) = date_of_day(serial + 146_097 - SERIAL_OF_1970);
    (year - 400, month, day)
}

/// `YYYYMM`, or `YYMMDD`, which is ambiguous; otherwise the digits of an impossible month.
fn read_six(run: &str) -> Option<Reading> {
    let (year, month): (u32, u32) = (run[..4].parse().ok()?, run[4..].parse().ok()?);
    let (short, middle, day): (u32, u32, u32) = (run[..2].parse().ok()?, run[2..4].parse().ok()?, month);
    if (1900..=2100).contains(&year) && !is_date(century(short), middle, day)
        || year >= 1300 && (1..=12).contains(&month)
    {
        return Some(Reading {
            year,
            month,
            has_month: true,
            ..Reading::default()
        });
    }
    is_date(century(short), middle, day).then(|| Reading {
        is_ambiguous: true,
        ..Reading::whole(century(short), middle, day)
    })
}

fn read_two(first: &str, second: &str, is_year_first: bool) -> Option<Reading> {
    let (year, month) = match (first.len(), second.len()) {
        (4, 1 | 2) => (first, second),
        (1..=3, 1 | 2) if is_year_first => (first, second),
        (1 | 2, 4) => (second, first),
        _ => return None,
    };
    Some(Reading {
        year: year.parse().ok()?,
        month: month.parse().ok()?,
        has_month: true,
        ..Reading::default()
    })
}

fn read_three(runs: [&str; 3], is_year_first: bool) -> Option<Reading> {
    if runs.iter().any(|run| run.len() > 4) {
        return None;
    }
    let number = |at: usize| runs[at].parse::<u32>().ok();
    let (a, b, c) = (number(0)?, number(1)?, number(2)?);
    if runs[0].len() >= 3 || is_year_first {
        return (runs[1].len() <= 2 && runs[2].len() <= 2).then(|| Reading::whole(a, b, c));
    }
    if runs[2].len() >= 3 {
        return (runs[1].len() <= 2).then(|| day_and_month(c, a, b));
    }
    if c > 31 && a <= 31 {
        return Some(day_and_month(century(c), a, b));
    }
    if runs[1].len() > 2 {
        return None;
    }
    Some(Reading {
        is_ambiguous: a <= 31,
        is_short: true,
        ..Reading::whole(century(a), b, c)
    })
}

/// A year with two numbers of which either may be the month: above 12 is a day, else the month comes first.
fn day_and_month(year: u32, first: u32, second: u32) -> Reading {
    if first > 12 && second <= 12 {
        return Reading::whole(year, second, first);
    }
    Reading {
        is_ambiguous: second <= 12 && first != second,
        ..Reading::whole(year, first, second)
    }
}

fn century(short: u32) -> u32 {
    match short {
        0..=29 => 2000 + short,
        30..=99 => 1900 + short,
        whole => whole,
    }
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `2 Jan 2024`, `Jan 2nd, 2024`, `Jan 2024`.
fn read_english(text: &str) -> Option<Reading> {
    let lower = text.to_ascii_lowercase();
    let mut month = None;
    let mut numbers = Vec::new();
    for word in lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if digits.is_empty() && WEEKDAYS.iter().any(|day| word.starts_with(day)) {
            continue;
        }
        if digits.is_empty() {
            let named = MONTHS.iter().position(|name| word.starts_with(name));
            month = Some(month.xor(named)?);
        } else if matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th") {
            numbers.push(digits);
        } else {
            return None;
        }
    }
    let month = month? as u32 + 1;
    match numbers.as_slice() {
        [year] if year.len() == 4 => Some(Reading {
            year: year.parse().ok()?,
            month,
            has_month: true,
            ..Reading::default()
        }),
        [year, day] if year.len() == 4 && day.len() <= 2 => {
            Some(Reading::whole(year.parse().ok()?, month, day.parse().ok()?))
        }
        [day, year] if day.len() <= 2 && matches!(year.len(), 2 | 4) => Some(Reading::whole(
            century(year.parse().ok()?),
            month,
            day.parse().ok()?,
        )),
        _ => None,
    }
}

/// The text before a Chinese day of the week: `2024年1月2日 星期二`.
fn without_weekday(text: &str) -> &str {
    let cut = ["星期", "周", "礼拜"].iter().find_map(|word| text.find(word));
    cut.map_or(text, |at| text[..at].trim_end_matches(['(', ' ']))
}

/// The text before a time of day.
fn without_time(text: &str) -> &str {
    let end = text
        .find(['T', 't'])
        .filter(|&at| {
            text[..at].ends_with(|c: char| c.is_ascii_digit())
                && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
        })
        .or_else(|| {
            let colon = text.find([':', '时', '点'])?;
            text[..colon].rfind([' ', '午', '日'])
        })
        .unwrap_or(text.len());
    let cut = &text[..end];
    let cut = if text[end..].starts_with('日') {
        cut
    } else {
        cut.trim_end_matches(['上', '下'])
    };
    cut.trim()
}

/// Chinese numerals of dates as Arabic ones: 二〇二四年十二月三十一日 → 2024年12月31日.
fn arabic_numerals(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut arabic = String::with_capacity(text.len());
    let mut run: Vec<Numeral> = Vec::new();
    for c in text.chars() {
        match numeral(c) {
            Some(numeral) => run.push(numeral),
            None => {
                push_numeral(&mut arabic, &run);
                run.clear();
                arabic.push(c);
            }
        }
    }
    push_numeral(&mut arabic, &run);
    Cow::Owned(arabic)
}

/// A character of a Chinese numeral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numeral {
    Digit(u32),
    /// 十, 廿 and 卅 are one, two and three of them.
    Tens(u32),
}

fn numeral(c: char) -> Option<Numeral> {
    Some(match c {
        '〇' | '零' | '○' | '◯' => Numeral::Digit(0),
        '一' | '壹' | '元' => Numeral::Digit(1),
        '二' | '贰' | '貳' | '两' => Numeral::Digit(2),
        '三' | '叁' | '參' => Numeral::Digit(3),
        '四' | '肆' => Numeral::Digit(4),
        '五' | '伍' => Numeral::Digit(5),
        '六' | '陆' | '陸' => Numeral::Digit(6),
        '七' | '柒' => Numeral::Digit(7),
        '八' | '捌' => Numeral::Digit(8),
        '九' | '玖' => Numeral::Digit(9),
        '十' | '拾' => Numeral::Tens(1),
        '廿' => Numeral::Tens(2),
        '卅' => Numeral::Tens(3),
        _ => return None,
    })
}

/// Appends a run of numerals: a number below 100 when it holds tens, otherwise digit by digit.
fn push_numeral(text: &mut String, run: &[Numeral]) {
    use Numeral::Digit;
    use Numeral::Tens;
    match *run {
        [Tens(tens)] => push_number(text, 10 * tens, 1),
        [Tens(tens), Digit(ones)] => push_number(text, 10 * tens + ones, 1),
        [Digit(0), Tens(tens)] => push_number(text, 10 * tens, 1),
        [Digit(tens), Tens(1)] => push_number(text, 10 * tens, 1),
        [Digit(tens), Tens(1), Digit(ones)] => push_number(text, 10 * tens + ones, 1),
        _ => run.iter().for_each(|numeral| match numeral {
            Digit(digit) => push_number(text, *digit, 1),
            Tens(tens) => push_number(text, 10 * tens, 1),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_and_impossible_dates_are_suspicious() {
        let ambiguous = Date.standardise("03/04/2024");
        assert_eq!(ambiguous.status, ValueStatus::Suspicious);
        assert_eq!(ambiguous.findings[0].code.name, "ambiguous_value");
        let impossible = Date.standardise("19740164");
        assert_eq!(impossible.items[0].parts, ["1974", "01", "64"]);
        assert_eq!(impossible.status, ValueStatus::Suspicious);
    }

    #[test]
    fn two_digit_years_come_from_the_order() {
        let date = |raw: &str| Date.standardise(raw).items[0].value.clone();
        assert_eq!(date("24/1/2"), "2024-01-02");
        assert_eq!(date("98-12-31"), "1998-12-31");
        assert_eq!(date("31.12.98"), "1998-12-31");
    }

    #[test]
    fn the_other_reading_and_the_repair_are_told() {
        let evidence = |raw: &str| Date.standardise(raw).findings[0].evidence.to_string();
        assert_eq!(evidence("03/04/2024"), "2024-04-03");
        assert_eq!(evidence("24/1/2"), "2002-01-24");
        assert_eq!(evidence("45293"), "45293 → 2024-01-02");
        assert_eq!(Date.standardise("2024-01-02").status, ValueStatus::Valid);
        assert_eq!(Date.standardise("民国113年1月2日").status, ValueStatus::Repaired);
    }

    #[test]
    fn what_systems_write_without_a_date_is_a_stop_gap() {
        for raw in [
            "1900-01-01",
            "1970-01-01",
            "1899-12-30",
            "0001-01-01",
            "2099-12-31",
            "9999-12-31",
            "19000101",
            "1900/1/1 0:00:00",
            "00000000",
            "0000-00-00",
        ] {
            assert_eq!(Date.standardise(raw).status, ValueStatus::Placeholder, "{raw}");
        }
    }
}
