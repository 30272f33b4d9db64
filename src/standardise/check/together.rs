//! Two fields of one record that cannot both be right.

use super::all;
use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::reference::area_codes;
use crate::reference::regions;
use crate::table::Part;
use crate::table::RecordFinding;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::text::script::has_han;

/// The carrier's status column says that the number is out of service.
pub(super) fn disconnected_number(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    const WORDS: &[&str] = &[
        "空号",
        "停机",
        "销号",
        "停用",
        "disconnected",
        "out of service",
        "invalid",
    ];
    let (Some(status), Some(_)) = (records.column("phone_status"), records.column("phones")) else {
        return;
    };
    let is_off: Vec<bool> = status
        .raw
        .iter()
        .map(|text| WORDS.iter().any(|word| text.to_lowercase().contains(word)))
        .collect();
    for record in all(records) {
        if is_off[status.cell_of[record.at()] as usize] {
            add(
                findings,
                record,
                "phones",
                "disconnected_number",
                status.raw_of(record).to_owned(),
            );
        }
    }
}

/// The date of birth is not that of the ID card.
pub(super) fn id_birth_date(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    differs_from_card(records, findings, "birth_date", "id_birth_date");
}

/// The gender is not that of the ID card.
pub(super) fn id_gender(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    differs_from_card(records, findings, "gender", "id_gender");
}

fn differs_from_card(
    records: &StandardRecords,
    findings: &mut Vec<RecordFinding>,
    field: &'static str,
    code: &'static str,
) {
    let (Some(card), Some(given)) = (records.column("id_card"), records.column(field)) else {
        return;
    };
    let Some(part) = card.part(field) else { return };
    for record in all(records).filter(|&record| is_sound(card, record)) {
        let (on_card, item) = (text_of(part, card.item_of(record)), given.item_of(record));
        let text = given.values.get(item);
        // A month or a year alone does not contradict a day.
        if !on_card.is_empty() && item != 0 && !on_card.starts_with(text) {
            add(findings, record, field, code, format!("{text} ≠ {on_card}"));
        }
    }
}

/// A landline's area code belongs to another place than the address.
pub(super) fn phone_area(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let (Some(phones), Some(location)) = (records.column("phones"), records.column("location")) else {
        return;
    };
    let [Some(area), Some(city), Some(province)] = [
        phones.part("area"),
        location.part("city"),
        location.part("province"),
    ] else {
        return;
    };
    for record in all(records).filter(|&record| is_sound(location, record)) {
        let place = location.item_of(record);
        let (city, province) = (text_of(city, place), text_of(province, place));
        let seat = if city.is_empty() { province } else { city };
        for &phone in phones.items_of(record) {
            let code = text_of(area, phone);
            let Some((_, of_code)) = area_codes::place_of(code).and_then(|place| place.split_once('/'))
            else {
                continue;
            };
            let is_own = |city: &str| area_codes::area_code_of(city) == area_codes::current_area_code(code);
            if !seat.is_empty()
                && !is_own(seat)
                && !seat.starts_with(of_code)
                && !is_within_prefecture(seat, of_code)
            {
                add(
                    findings,
                    record,
                    "phones",
                    "phone_area",
                    format!("{code} {of_code} ≠ {seat}"),
                );
            }
        }
    }
}

/// Names of prefectures and areas are written in several lengths: 延边 and 延边朝鲜族自治州.
fn is_within_prefecture(seat: &str, of_code: &str) -> bool {
    let start: String = of_code.chars().take(2).collect();
    seat.starts_with(&start)
}

/// A licence of another province than the address.
pub(super) fn code_region(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let (Some(codes), Some(location)) = (records.column("uscc"), records.column("location")) else {
        return;
    };
    let Some(province) = location.part("province") else {
        return;
    };
    let province_codes: Vec<u32> = province
        .values
        .iter()
        .map(|name| {
            regions::divisions_named(name)
                .next()
                .map_or(0, |division| division.code / 10_000)
        })
        .collect();
    let sound = |record: &RecordIndex| is_sound(codes, *record) && is_sound(location, *record);
    for record in all(records).filter(sound) {
        let place = location.item_of(record) as usize;
        let of_address = province_codes[province.codes[place] as usize];
        let code = codes.values.get(codes.item_of(record));
        let of_licence = code.get(2..4).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        // 10 is the national registrar's.
        if of_address != 0 && of_licence > 10 && of_licence != of_address {
            let name = text_of(province, location.item_of(record));
            add(
                findings,
                record,
                "uscc",
                "code_region",
                format!("{of_licence:02}0000 ≠ {name}"),
            );
        }
    }
}

/// The company's mail domain is not that of its website.
pub(super) fn email_company(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let (Some(emails), Some(websites)) = (records.column("emails"), records.column("website")) else {
        return;
    };
    let (Some(domain), Some(class)) = (emails.part("domain"), emails.part("class")) else {
        return;
    };
    let Some(host) = websites.part("domain") else {
        return;
    };
    for record in all(records).filter(|&record| is_sound(websites, record)) {
        let site = registrable(text_of(host, websites.item_of(record)));
        for &email in emails.items_of(record) {
            let of_mail = registrable(text_of(domain, email));
            if text_of(class, email) != "free" && !site.is_empty() && of_mail != site {
                add(
                    findings,
                    record,
                    "emails",
                    "email_company",
                    format!("{of_mail} ≠ {site}"),
                );
            }
        }
    }
}

/// A Chinese address of which no field of the record says the city.
pub(super) fn incomplete_address(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    let (Some(location), Some(_)) = (records.column("location"), records.column("address")) else {
        return;
    };
    let places: Vec<&Part> = ["province", "city", "county", "state"]
        .iter()
        .filter_map(|name| location.part(name))
        .collect();
    for record in all(records) {
        let item = location.item_of(record);
        let is_nowhere = places.iter().all(|part| part.codes[item as usize] == 0);
        if item != 0 && is_nowhere && has_han(location.values.get(item)) {
            add(findings, record, "address", "incomplete_address", String::new());
        }
    }
}

/// The part of a host that is registered: `huaxia.com.cn` of `www.huaxia.com.cn/zh`.
fn registrable(host: &str) -> &str {
    const SECOND_LEVEL: &[&str] = &["com", "net", "org", "gov", "edu", "co", "ac", "gob", "or", "ne"];
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
    let labels = match dots.as_slice() {
        [.., before, last] if SECOND_LEVEL.contains(&&host[before + 1..*last]) && host.len() - last == 3 => 3,
        _ => 2,
    };
    match dots.len().checked_sub(labels) {
        Some(at) => &host[dots[at] + 1..],
        None => host,
    }
}

/// Born after the account was made, or updated before.
pub(super) fn date_order(records: &StandardRecords, findings: &mut Vec<RecordFinding>) {
    for (earlier, later) in [("birth_date", "created_date"), ("created_date", "updated_date")] {
        let (Some(first), Some(second)) = (records.column(earlier), records.column(later)) else {
            continue;
        };
        for record in all(records) {
            let (a, b) = (first.item_of(record), second.item_of(record));
            let (a, b) = (first.values.get(a), second.values.get(b));
            let length = a.len().min(b.len());
            if length > 0 && a[..length] > b[..length] {
                add(
                    findings,
                    record,
                    later,
                    "date_order",
                    format!("{earlier} {a} > {later} {b}"),
                );
            }
        }
    }
}

/// Was the record's value given and found sound? A filled value says nothing new.
fn is_sound(column: &StandardColumn, record: RecordIndex) -> bool {
    column.status_of(record) >= ValueStatus::Repaired
}

fn text_of(part: &Part, item: u32) -> &str {
    part.values.get(part.codes[item as usize])
}

fn add(
    findings: &mut Vec<RecordFinding>,
    record: RecordIndex,
    field: &'static str,
    code: &'static str,
    evidence: String,
) {
    findings.push(RecordFinding {
        record,
        field: FieldName::from(field),
        code,
        evidence,
    });
}
