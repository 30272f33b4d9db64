//! Telephone numbers: mobile, landline, service and foreign.
//!
//! In: a cell with one or several numbers. Out: each number in one form, with class, key and area code. China first:
//! mobile numbers by their dated prefix table, landlines by area code (a lost leading zero is put back when the lengths
//! fit, a retired code becomes its successor), 400/800/95/96/1010 as service numbers; numbers with another country code are
//! foreign and judged by libphonenumber's metadata, all else is `other`. The key is the digits without country code 86 and
//! trunk zero. Classes: `mobile`, `landline`, `service`, `special` (machines, satellites), `foreign`, `other`. Sample
//! numbers are stop-gaps, runs and few distinct digits suspicious, prefixes that nobody assigned invalid. A local number
//! without area code stays as it is, suspicious: the record's address tells its area. Whether a number is in service only
//! a carrier knows.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::code_text;
use super::code_text::NumberForm;
use super::phone_foreign::foreign;
use super::phone_text;
use super::phone_text::Written;
use crate::model::ValueStatus;
use crate::reference::area_codes::LocalDigits;
use crate::reference::area_codes::current_area_code;
use crate::reference::area_codes::leading_area_code;
use crate::reference::area_codes::local_digits;
use crate::reference::mobile_prefixes::MobileClass;
use crate::reference::mobile_prefixes::mobile_class;
use crate::reference::placeholders;
use crate::reference::placeholders::is_repeated;
use std::borrow::Cow;

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
        // Most cells hold one mobile number and nothing else.
        if code_text::is_mobile(raw) {
            let mut cell = Cell::new(raw);
            add_mobile(&mut cell, raw);
            return cell.finish();
        }
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
            ("025-96889", Some("025-96889")),
            ("+44 (0)20 7946 0958", Some("+442079460958")),
            ("(212) 555-0187", Some("2125550187")),
            ("0412 345 678", Some("0412345678")),
            ("020 7946 0958", Some("020-79460958")),
            ("+886 0912 345 678", Some("+886912345678")),
            ("852-2123 4567", Some("+85221234567")),
            ("13812349876.0", Some("13812349876")),
            ("=\"13812349876\"", Some("13812349876")),
            ("巢湖0565-82315566", Some("0551-82315566")),
            ("138****9876", None),
            ("13800755500", None),
            ("1.38123E+10", None),
            ("+852 2123 4567", Some("+85221234567")),
            ("13800138000", None),
            ("11111111111", None),
            ("15O-1648-4348", Some("15016484348")),
            ("O412 345 678", Some("0412345678")),
            ("12012345678", None),
            ("无电话", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("10-82325566", "repaired"),
            ("0565-82315566", "repaired"),
            ("021-55667799、55667788", "repaired"),
            ("５５６６７７９９", "ambiguous_value"),
            ("138****9876", "malformed"),
            ("+1 23", "malformed"),
            ("电话不详细", "malformed"),
            ("16012349876", "unassigned_number"),
            ("15O-1648-4348", "repaired"),
            ("1064812345678", "suspicious"),
            ("13812345678", "suspicious"),
            ("10086", "suspicious"),
            ("+852 1234 5678", "suspicious"),
            ("13800138000", "placeholder"),
            ("1.38123E+10", "precision_lost"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short_cow(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let text = match code_text::number_form(code_text::without_guards(&text)) {
        NumberForm::Rounded => return cell::invalid("precision_lost"),
        NumberForm::Exact(digits) => Cow::Owned(digits),
        NumberForm::Text => text,
    };
    let mut cell = Cell::new(raw);
    let mut area = None;
    let mut has_number = false;
    for written in phone_text::numbers(&text) {
        has_number = true;
        add_number(&mut cell, written, &mut area);
    }
    if !has_number {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// Adds one number; a local number takes the area code of the landline before it in the cell.
fn add_number(cell: &mut Cell, mut written: Written, area: &mut Option<&'static str>) {
    if written.is_masked {
        return cell.invalid("malformed");
    }
    if written.digits.len() > 14 && written.extension.is_empty() && !written.has_country {
        if !add_landline(cell, &written) {
            add_run_together(cell, &written.digits);
        }
        return;
    }
    let is_local = is_local(&written.digits) && !written.has_country;
    if let Some(area) = area.filter(|_| is_local) {
        cell.repaired(["→ ", area].concat());
        written.digits.insert_str(0, area);
        written.groups.clear();
    }
    *area = leading_area_code(&written.digits).filter(|_| !written.has_country);
    if !written.repair.is_empty() {
        cell.repaired(written.repair);
    }
    classify(cell, &written);
}

/// Seven or eight digits that may be dialled without an area code.
fn is_local(digits: &str) -> bool {
    matches!(digits.len(), 7 | 8) && matches!(digits.as_bytes()[0], b'2'..=b'8')
}

/// Numbers typed without a separator: mobile numbers and landlines of full length, one after the other.
fn add_run_together(cell: &mut Cell, digits: &str) {
    let mut found = Vec::new();
    let mut rest = digits;
    while !rest.is_empty() {
        let length = match leading_area_code(rest) {
            None if rest.get(..11).is_some_and(code_text::is_mobile) => 11,
            Some(area) => match local_digits(area) {
                Some(LocalDigits::Eight) => area.len() + 8,
                Some(LocalDigits::Seven) => area.len() + 7,
                _ => 0,
            },
            None => 0,
        };
        let Some((number, after)) = rest.split_at_checked(length).filter(|_| length > 0) else {
            return cell.invalid("malformed");
        };
        found.push(number);
        rest = after;
    }
    for number in found {
        let written = Written {
            digits: number.to_owned(),
            ..Written::default()
        };
        classify(cell, &written);
    }
}

fn classify(cell: &mut Cell, written: &Written) {
    let digits = written.digits.as_str();
    if is_stop_gap(digits) {
        return cell.placeholder();
    }
    if written.has_country || is_foreign_form(digits, &written.groups) {
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
        return add_special(cell, digits);
    }
    if let Some(value) = service_number(digits) {
        // Numbers of carriers and of the state are nobody's own.
        if digits.len() <= 6 && digits.starts_with('1') {
            cell.doubt("suspicious", "");
        }
        return cell.item(ValueStatus::Valid, value, cell::parts(["service", digits, ""]));
    }
    if !add_landline(cell, written) {
        add_other(cell, digits);
    }
}

/// Is a country code written without a mark before it?
///
/// `1-800-555-0199`: a lone 1 in front is that of North America; `852-21234567`, `853-…`, `886-…` name theirs by the group.
fn is_foreign_form(digits: &str, groups: &[usize]) -> bool {
    let has_own_group = groups.first() == Some(&3);
    match (digits.get(..3), digits.len()) {
        (Some("852" | "853"), 11) => has_own_group && digits.as_bytes()[3] >= b'2',
        (Some("886"), 11 | 12) => has_own_group,
        _ => digits.len() == 11 && digits.starts_with('1') && groups.starts_with(&[1, 4]),
    }
}

/// Adds digits that are no number of the plan but may be one elsewhere.
fn add_other(cell: &mut Cell, digits: &str) {
    if is_local(digits) {
        cell.doubt("ambiguous_value", "");
        let parts = cell::parts(["landline", digits, ""]);
        return cell.item(ValueStatus::Suspicious, digits.to_owned(), parts);
    }
    if !(6..=14).contains(&digits.len()) {
        return cell.invalid("malformed");
    }
    // A mobile number with a digit too few or too many, or an area code with too little behind it.
    let is_miscounted = matches!(digits.len(), 10 | 12)
        && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
        || digits.len() <= 8 && digits.starts_with('0');
    if is_miscounted || is_unlikely(digits) {
        cell.doubt("suspicious", "");
    }
    let key = digits.trim_start_matches('0');
    cell.item(
        ValueStatus::Valid,
        digits.to_owned(),
        cell::parts(["other", key, ""]),
    );
}

fn add_foreign(cell: &mut Cell, digits: &str) {
    match foreign(digits) {
        Some(number) => {
            let key = &number.value[1..];
            if !number.is_valid || is_unlikely(key) {
                cell.doubt("suspicious", "");
            }
            let parts = cell::parts(["foreign", key, ""]);
            cell.item(ValueStatus::Valid, number.value, parts);
        }
        None => cell.invalid("malformed"),
    }
}

fn add_mobile(cell: &mut Cell, digits: &str) {
    if is_stop_gap(digits) {
        return cell.placeholder();
    }
    match mobile_class(digits) {
        MobileClass::Unassigned => cell.invalid("unassigned_number"),
        MobileClass::Special => add_special(cell, digits),
        MobileClass::Assigned => {
            if is_unlikely(digits) {
                cell.doubt("suspicious", "");
            }
            let parts = cell::parts(["mobile", digits, ""]);
            cell.item(ValueStatus::Valid, digits.to_owned(), parts);
        }
    }
}

fn add_special(cell: &mut Cell, digits: &str) {
    cell.doubt("suspicious", "");
    let parts = cell::parts(["special", digits, ""]);
    cell.item(ValueStatus::Suspicious, digits.to_owned(), parts);
}

/// Numbers of companies and operators, never of one person.
fn service_number(digits: &str) -> Option<String> {
    let is_service = match digits.len() {
        10 => digits.starts_with("400") || digits.starts_with("800"),
        8 if digits.starts_with("1010") => true,
        5..=8 if digits.starts_with("95") => true,
        5..=7 if digits.starts_with("96") => true,
        5 | 6 => digits.starts_with("100") || digits.starts_with("12"),
        3 => matches!(digits, "110" | "119" | "120" | "122" | "114"),
        8 | 9 if digits.starts_with('0') => return area_service_number(digits),
        _ => false,
    };
    is_service.then(|| match digits.len() {
        10 => [&digits[..3], "-", &digits[3..]].concat(),
        _ => digits.to_owned(),
    })
}

/// A service number of one city: `025-96889`.
fn area_service_number(digits: &str) -> Option<String> {
    let area = leading_area_code(digits)?;
    let rest = &digits[area.len()..];
    let is_service = matches!(rest.len(), 5 | 6) && (rest.starts_with("95") || rest.starts_with("96"));
    is_service.then(|| [area, "-", rest].concat())
}

/// A landline taken apart.
struct Landline<'a> {
    area: &'static str,
    local: &'a str,
    extension: &'a str,
    /// Did the area code stand without its zero?
    lacks_zero: bool,
}

/// Adds a Chinese landline; false when the number is none.
fn add_landline(cell: &mut Cell, written: &Written) -> bool {
    let Some(landline) = landline(written) else {
        return false;
    };
    let Landline { area, local, .. } = landline;
    let now = current_area_code(area).unwrap_or(area);
    if landline.lacks_zero && !written.is_international {
        cell.repaired([&area[1..], " → ", area].concat());
    }
    if now != area {
        cell.repaired([area, " → ", now].concat());
    }
    let fits = now != area || local_digits(now).is_some_and(|digits| digits.allows(local.len()));
    if !fits || is_unlikely(local) {
        cell.doubt("suspicious", "");
    }
    let mut value = [now, "-", local].concat();
    if !landline.extension.is_empty() {
        value.push('-');
        value.push_str(landline.extension);
    }
    let key = [&now[1..], local].concat();
    cell.item(
        ValueStatus::Valid,
        value,
        vec!["landline".to_owned(), key, now.to_owned()],
    );
    true
}

fn landline(written: &Written) -> Option<Landline<'_>> {
    let digits = written.digits.as_str();
    let lacks_zero = !digits.starts_with('0');
    let area = if lacks_zero {
        let mut first = String::with_capacity(5);
        first.push('0');
        first.push_str(&digits[..digits.len().min(4)]);
        leading_area_code(&first)?
    } else {
        leading_area_code(digits)?
    };
    let area_length = area.len() - usize::from(lacks_zero);
    let mut local = digits.get(area_length..)?;
    let mut extension = written.extension.as_str();
    // `021-55667788-801`: a third group after a complete number is an extension.
    if local.len() > 8 && extension.is_empty() {
        let ends = written.groups.iter();
        let end = *ends
            .filter(|&&end| end > area_length)
            .find(|&&end| matches!(end - area_length, 7 | 8))?;
        extension = &digits[end..];
        local = &digits[area_length..end];
    }
    let has_mark = written.groups.first() == Some(&area_length);
    let length_min = if area.len() == 3 && !has_mark { 8 } else { 7 };
    if !(length_min..=8).contains(&local.len()) || !matches!(local.as_bytes()[0], b'2'..=b'8') {
        return None;
    }
    // Without its zero a landline needs a mark after the area code or a length that no other number has.
    let is_american = written.groups == [3, 6] && digits.len() == 10;
    let is_clear = written.is_international || has_mark || digits.len() == 11;
    (!lacks_zero || is_clear && !is_american).then_some(Landline {
        area,
        local,
        extension,
        lacks_zero,
    })
}

/// Public samples, one digit throughout, zeros after the prefix, and the short-message centres of a carrier.
fn is_stop_gap(digits: &str) -> bool {
    let is_centre = digits.len() == 11 && digits.starts_with("13800") && digits.ends_with("500");
    let has_zeros = digits.len() >= 10 && digits.bytes().skip(3).all(|b| b == b'0');
    is_centre || has_zeros || is_repeated(digits, 3) || placeholders::is_phone(digits)
}

/// A run of seven digits up or down, or at most two different digits in the last eight.
fn is_unlikely(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let (mut up, mut down) = (1, 1);
    for pair in bytes.windows(2) {
        up = if pair[1] == pair[0].wrapping_add(1) {
            up + 1
        } else {
            1
        };
        down = if pair[0] == pair[1].wrapping_add(1) {
            down + 1
        } else {
            1
        };
        if up >= 7 || down >= 7 {
            return true;
        }
    }
    let last = &bytes[bytes.len().saturating_sub(8)..];
    let kinds = last
        .iter()
        .fold(0u16, |kinds, digit| kinds | 1 << (digit.wrapping_sub(b'0') % 16));
    last.len() == 8 && kinds.count_ones() <= 2
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

    #[test]
    fn numbers_run_together_come_apart_when_their_lengths_tell() {
        let values = |raw: &str| -> Vec<String> {
            let items = Phone.standardise(raw).items;
            items.into_iter().map(|item| item.value).collect()
        };
        assert_eq!(values("0215566779913812349876"), ["021-55667799", "13812349876"]);
        assert_eq!(
            values("王总13812349876李经理13912340987"),
            ["13812349876", "13912340987"]
        );
        assert_eq!(values("138123498761391234098"), Vec::<String>::new());
    }

    #[test]
    fn what_was_done_is_told() {
        let finding = |raw: &str| {
            let value = Phone.standardise(raw);
            let finding = value.findings.into_iter().next();
            (
                value.status,
                finding.map(|f| (f.code.name, f.evidence.into_owned())),
            )
        };
        let repaired = |evidence: &str| (ValueStatus::Repaired, Some(("repaired", evidence.to_owned())));
        assert_eq!(finding("10-82325566"), repaired("10 → 010"));
        assert_eq!(finding("0565-82315566"), repaired("0565 → 0551"));
        assert_eq!(finding("021-55667799、55667788"), repaired("→ 021"));
        assert_eq!(finding("+86 10 8232 5566"), (ValueStatus::Valid, None));
        assert_eq!(finding("021-55667799").0, ValueStatus::Valid);
        assert_eq!(finding("010-8232556").0, ValueStatus::Suspicious);
    }

    #[test]
    fn prefixes_in_one_form() {
        for raw in [
            "+8613812349876",
            "008613812349876",
            "86-13812349876",
            "(86)13812349876",
            "＋８６　１３８１２３４９８７６",
            "'13812349876",
            "\t13812349876",
            "1.3812349876E+10",
            "013812349876",
            "王小明13812349876",
        ] {
            let value = Phone.standardise(raw);
            assert_eq!(value.items[0].value, "13812349876", "{raw}");
        }
    }

    #[test]
    fn invented_numbers_are_doubted_or_refused() {
        use ValueStatus::Placeholder;
        use ValueStatus::Suspicious;
        for (raw, status) in [
            ("13812345678", Suspicious),
            ("13987654321", Suspicious),
            ("13888888888", Suspicious),
            ("13000000000", Placeholder),
            ("12345678901", Placeholder),
            ("11111111111", Placeholder),
            ("00000000", Placeholder),
            ("88888888", Placeholder),
            ("1008600000", Placeholder),
            ("10086", Suspicious),
            ("10000", Suspicious),
            ("95588", ValueStatus::Valid),
            ("16912349876", ValueStatus::Invalid),
        ] {
            assert_eq!(Phone.standardise(raw).status, status, "{raw}");
        }
    }
}
