//! Telephone numbers: mobile, landline, service and foreign.
//!
//! In: a cell with one or several numbers. Out: each number in one form, with class, key and area code. China first:
//! mobile numbers by their dated prefix table, landlines by area code (a lost leading zero is put back when the lengths
//! fit), 400/800/95/96/1010 as service numbers; numbers with another country code are foreign, all else is `other`. The key
//! is the digits without country code 86 and trunk zero. Sample numbers are stop-gaps, runs and few distinct digits
//! suspicious, prefixes that nobody assigned invalid.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;
use crate::reference::area_codes::leading_area_code;
use crate::reference::mobile_prefixes::MobileClass;
use crate::reference::mobile_prefixes::mobile_class;
use crate::reference::placeholders;
use crate::reference::placeholders::is_repeated;

/// The field type.
pub(super) struct Phone;

impl FieldType for Phone {
    fn name(&self) -> &'static str {
        "phone"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Telephone", "电话"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["class", "key", "area"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("phone")
    }
    fn masking(&self) -> &'static str {
        "phone"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("138 1234 9876", Some("13812349876")),
            ("＋86-13912340987", Some("13912340987")),
            ("0086 186 1234 0987", Some("18612340987")),
            ("手机：13812349876（张先生）", Some("13812349876")),
            ("（021）5566-7799", Some("021-55667799")),
            ("010-82325566转801", Some("010-82325566-801")),
            ("10-82325566", Some("010-82325566")),
            ("755-28560808", Some("0755-28560808")),
            ("4008123456", Some("400-8123456")),
            ("95533", Some("95533")),
            ("+44 (0)20 7946 0958", Some("+442079460958")),
            ("(212) 555-0187", Some("2125550187")),
            ("+852 2123 4567", Some("+85221234567")),
            ("13800138000", None),
            ("11111111111", None),
            ("12012345678", None),
            ("无电话", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    if cell::is_scientific(&text) {
        return cell::invalid("precision_lost");
    }
    let mut cell = cell::Cell::new(raw);
    const SEPARATORS: &[char] = &['/', ';', ',', '、', '|', '或', '和', '\\', '&'];
    let mut area = None;
    for piece in cell::pieces(&text, SEPARATORS) {
        for number in split_at_blanks(piece) {
            add_number(&mut cell, &number, &mut area);
        }
    }
    if cell.is_empty() && !text.chars().any(|c| c.is_ascii_digit()) {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// A number as written: digits, where groups end, and what is known from marks.
struct Written {
    digits: String,
    groups: Vec<usize>,
    extension: String,
    country: bool,
}

/// Splits `13812349876 13912340987` into two and leaves `138 1234 9876` whole.
fn split_at_blanks(piece: &str) -> Vec<String> {
    let is_number = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        digits >= 11 || (digits >= 7 && !word.starts_with('+'))
    };
    let words: Vec<&str> = piece.split(' ').collect();
    if words.len() > 1
        && words
            .iter()
            .all(|word| is_number(word) || !word.chars().any(|c| c.is_ascii_digit()))
    {
        words.into_iter().map(str::to_owned).collect()
    } else {
        vec![piece.to_owned()]
    }
}

fn read_number(text: &str) -> Written {
    let lower = text.to_lowercase();
    let mut written = Written {
        digits: String::new(),
        groups: Vec::new(),
        extension: String::new(),
        country: false,
    };
    let (number, extension) = ["转", "分机", "ext", "x", "#"]
        .iter()
        .filter_map(|mark| lower.find(mark).map(|at| (at, mark.len())))
        .filter(|&(at, _)| lower[..at].chars().filter(char::is_ascii_digit).count() >= 5)
        .min()
        .map_or((lower.as_str(), ""), |(at, length)| {
            (&lower[..at], &lower[at + length..])
        });
    written.extension = extension.chars().filter(char::is_ascii_digit).take(6).collect();
    let number = number.replace("(0)", "");
    for c in number.chars() {
        if c.is_ascii_digit() {
            written.digits.push(c);
        } else if c == '+' && written.digits.is_empty() {
            written.country = true;
        } else if !written.digits.is_empty() && written.groups.last() != Some(&written.digits.len()) {
            written.groups.push(written.digits.len());
        }
    }
    written
}

/// Adds the number of one piece; a local number takes the area code of the landline before it in the cell.
fn add_number(cell: &mut cell::Cell, text: &str, area: &mut Option<&'static str>) {
    let mut written = read_number(text);
    if written.digits.is_empty() {
        return;
    }
    let cut = if written.country && written.digits.starts_with("86") {
        2
    } else if written.digits.starts_with("0086") {
        4
    } else if written.digits.starts_with("86") && written.digits.len() >= 12 {
        2
    } else {
        0
    };
    if cut > 0 {
        written.country = false;
        written.digits.drain(..cut);
        written.groups = written
            .groups
            .iter()
            .filter_map(|g| g.checked_sub(cut))
            .filter(|&g| g > 0)
            .collect();
    } else if !written.country && written.digits.starts_with("00") && written.digits.len() >= 10 {
        written.country = true;
        written.digits.drain(..2);
    }
    if written.digits.len() > 14 && written.extension.is_empty() && !written.country {
        return add_run_together(cell, &written.digits);
    }
    let is_local =
        matches!(written.digits.len(), 7 | 8) && matches!(written.digits.as_bytes()[0], b'2'..=b'8');
    if let Some(area) = area.filter(|_| is_local && !written.country) {
        let number = format!("{area}{}", written.digits);
        written.digits = number;
        written.groups.clear();
        cell.issue("repaired");
    }
    *area = leading_area_code(&written.digits).filter(|_| !written.country);
    classify(cell, &written);
}

/// Numbers typed without a separator: eleven digits each when all begin like mobiles.
fn add_run_together(cell: &mut cell::Cell, digits: &str) {
    let chunks: Vec<&str> = digits
        .as_bytes()
        .chunks(11)
        .filter_map(|c| std::str::from_utf8(c).ok())
        .collect();
    if chunks
        .iter()
        .all(|chunk| chunk.len() == 11 && mobile_class(chunk) == MobileClass::Assigned)
    {
        for chunk in chunks {
            add_mobile(cell, chunk);
        }
    } else {
        cell.invalid("malformed");
    }
}

fn classify(cell: &mut cell::Cell, written: &Written) {
    let digits = written.digits.as_str();
    if is_stop_gap(digits) {
        return cell.placeholder();
    }
    if written.country {
        return add_foreign(cell, digits);
    }
    // `1-800-555-0199`: a lone 1 in front is the country code of North America.
    if digits.len() == 11 && digits.starts_with('1') && written.groups.starts_with(&[1, 4]) {
        return add_foreign(cell, digits);
    }
    let mobile = digits
        .strip_prefix('0')
        .filter(|rest| rest.len() == 11)
        .unwrap_or(digits);
    if mobile.len() == 11 && mobile.starts_with('1') && !mobile.starts_with("10") {
        return add_mobile(cell, mobile);
    }
    if digits.len() == 13 && mobile_class(digits) == MobileClass::Special {
        cell.issue("suspicious");
        return cell.item(
            ValueStatus::Suspicious,
            digits.to_owned(),
            cell::parts(["other", digits, ""]),
        );
    }
    if let Some(value) = service_number(digits) {
        return cell.item(ValueStatus::Valid, value, cell::parts(["service", digits, ""]));
    }
    if add_landline(cell, written) {
        return;
    }
    match digits.len() {
        7 | 8 if matches!(digits.as_bytes()[0], b'2'..=b'8') => {
            cell.issue("ambiguous_value");
            cell.item(
                ValueStatus::Suspicious,
                digits.to_owned(),
                cell::parts(["landline", digits, ""]),
            );
        }
        6..=14 => {
            let key = digits.trim_start_matches('0');
            // A mobile number with a digit too few or too many.
            let is_miscounted =
                matches!(digits.len(), 10 | 12) && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]);
            if is_miscounted {
                cell.issue("suspicious");
            }
            let status = likelihood(cell_issue(cell, digits) || is_miscounted);
            cell.item(status, digits.to_owned(), cell::parts(["other", key, ""]));
        }
        _ => cell.invalid("malformed"),
    }
}

/// Notes a suspicious run of digits and says whether there was one.
fn cell_issue(cell: &mut cell::Cell, digits: &str) -> bool {
    let is_odd = is_unlikely(digits);
    if is_odd {
        cell.issue("suspicious");
    }
    is_odd
}

fn likelihood(is_odd: bool) -> ValueStatus {
    if is_odd {
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    }
}

fn add_foreign(cell: &mut cell::Cell, digits: &str) {
    if (7..=15).contains(&digits.len()) {
        let status = likelihood(cell_issue(cell, digits));
        cell.item(status, format!("+{digits}"), cell::parts(["foreign", digits, ""]));
    } else {
        cell.invalid("malformed");
    }
}

fn add_mobile(cell: &mut cell::Cell, digits: &str) {
    if is_stop_gap(digits) {
        return cell.placeholder();
    }
    match mobile_class(digits) {
        MobileClass::Unassigned => cell.invalid("unassigned_number"),
        MobileClass::Special => {
            cell.issue("suspicious");
            cell.item(
                ValueStatus::Suspicious,
                digits.to_owned(),
                cell::parts(["other", digits, ""]),
            );
        }
        MobileClass::Assigned => {
            let status = likelihood(cell_issue(cell, digits));
            cell.item(status, digits.to_owned(), cell::parts(["mobile", digits, ""]));
        }
    }
}

/// Numbers of companies and operators, never of one person.
fn service_number(digits: &str) -> Option<String> {
    let is_service = match digits.len() {
        10 => digits.starts_with("400") || digits.starts_with("800"),
        8 => digits.starts_with("1010"),
        5..=8 if digits.starts_with("95") => digits.len() <= 8,
        5 | 6 => digits.starts_with("96") || digits.starts_with("100") || digits.starts_with("12"),
        3 => matches!(digits, "110" | "119" | "120" | "122" | "114"),
        _ => false,
    };
    is_service.then(|| match digits.len() {
        10 => format!("{}-{}", &digits[..3], &digits[3..]),
        _ => digits.to_owned(),
    })
}

/// Adds a Chinese landline; false when the number is none.
fn add_landline(cell: &mut cell::Cell, written: &Written) -> bool {
    let digits = written.digits.as_str();
    let with_zero = format!("0{digits}");
    let (full, is_repaired) = match digits.starts_with('0') {
        true => (digits, false),
        false => (with_zero.as_str(), true),
    };
    let Some(area) = leading_area_code(full) else {
        return false;
    };
    let mut local = &full[area.len()..];
    let mut extension = written.extension.as_str();
    // `021-55667788-801`: a third group after a complete number is an extension.
    if local.len() > 8 && extension.is_empty() {
        let end = written
            .groups
            .iter()
            .map(|g| g + usize::from(is_repaired))
            .find(|g| {
                g.checked_sub(area.len())
                    .is_some_and(|length| matches!(length, 7 | 8))
            });
        let Some(end) = end else { return false };
        extension = &full[end..];
        local = &full[area.len()..end];
    }
    let length_min = if area.len() == 3 { 8 } else { 7 };
    if !(length_min..=8).contains(&local.len()) || !matches!(local.as_bytes()[0], b'2'..=b'8') {
        return false;
    }
    // Without its zero a landline needs a mark after the area code or a length that no other number has.
    let has_mark = written.groups.first() == Some(&(area.len() - 1));
    let is_american = written.groups == [3, 6] && digits.len() == 10;
    if is_repaired && (is_american || !(has_mark || digits.len() == 11)) {
        return false;
    }
    let key = format!("{}{local}", &area[1..]);
    let mut status = likelihood(cell_issue(cell, local));
    if is_repaired {
        cell.issue("repaired");
        status = status.min(ValueStatus::Repaired);
    }
    let mut value = format!("{area}-{local}");
    if !extension.is_empty() {
        value.push('-');
        value.push_str(extension);
    }
    cell.item(status, value, vec!["landline".to_owned(), key, area.to_owned()]);
    true
}

fn is_stop_gap(digits: &str) -> bool {
    placeholders::PHONES.contains(&digits)
        || is_repeated(digits, 3)
        || digits.len() >= 10
            && digits
                .get(3..)
                .is_some_and(|rest| rest.bytes().all(|b| b == b'0'))
}

/// A run of seven digits up or down, or at most two different digits in the last eight.
fn is_unlikely(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let has_run = bytes.windows(7).any(|window| {
        window.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1))
            || window.windows(2).all(|pair| pair[0] == pair[1].wrapping_add(1))
    });
    let last = &bytes[bytes.len().saturating_sub(8)..];
    let kinds = (b'0'..=b'9').filter(|digit| last.contains(digit)).count();
    has_run || (last.len() == 8 && kinds <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_numbers_of_a_cell_come_out_one_by_one() {
        let values = |raw: &str| -> Vec<String> {
            Phone
                .standardise(raw)
                .items
                .into_iter()
                .map(|item| item.value)
                .collect()
        };
        assert_eq!(
            values("13812349876/021-55667799"),
            ["13812349876", "021-55667799"]
        );
        assert_eq!(values("13812349876 13912340987"), ["13812349876", "13912340987"]);
        assert_eq!(values("1381234987613912340987"), ["13812349876", "13912340987"]);
        assert_eq!(values("021-55667799-801"), ["021-55667799-801"]);
        assert_eq!(values("021-55667799、55667788"), ["021-55667799", "021-55667788"]);
        assert_eq!(values("1-800-555-0199"), ["+18005550199"]);
    }

    #[test]
    fn classes_and_keys_follow_the_number_plan() {
        let parts = |raw: &str| Phone.standardise(raw).items[0].parts.clone();
        assert_eq!(parts("021-55667799"), ["landline", "2155667799", "021"]);
        assert_eq!(parts("10-82325566"), ["landline", "1082325566", "010"]);
        assert_eq!(parts("17012349876"), ["mobile", "17012349876", ""]);
        assert_eq!(parts("0412 345 678"), ["other", "412345678", ""]);
        assert_eq!(Phone.standardise("13812345678").status, ValueStatus::Suspicious);
        assert_eq!(
            Phone.standardise("16012349876").findings[0].code.name,
            "unassigned_number"
        );
    }
}
