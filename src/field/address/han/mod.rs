//! Chinese addresses, taken apart from left to right.
//!
//! In: a folded address with Han characters and its columns. Out: province, city and county by full name, zone, town, road,
//! number, compound, building, unit, floor, room, postcode and notes; a village or community is the compound, and
//! `locality` repeats the town. Steps: `key` (one spelling, postcode), `divisions` and `settle` (GB/T 2260), `area` (zone,
//! town), `road`, `house` (the rest), each in its file. Comparing addresses is left to `compare`.

mod area;
mod divisions;
mod house;
mod key;
mod note;
mod numeral;
mod overseas;
mod road;
mod rooms;
mod settle;
mod typo;
mod units;

use super::Components;
use super::Levels;
use super::postcode_of;
use crate::reference::regions::DivisionRef;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::regions::divisions_named;
use crate::reference::regions::is_within;
use divisions::Divisions;
use divisions::MARKS;

/// What was put right in the text: as written, as meant.
pub(super) type Repair = (String, &'static str);

/// Reads an address; columns fill the levels that it does not name.
pub(super) fn read(text: &str, components: &Components) -> (Levels, Option<Repair>) {
    let mut levels = Levels::default();
    let key = key::key_of(text);
    levels.full = key.text.chars().filter(|c| c.is_alphanumeric()).collect();
    levels.postcode = key.postcode;
    if levels.postcode.is_empty() {
        levels.postcode = postcode_of(&components.postcode);
        restore_zero(&mut levels);
    }
    let mut found = Divisions::default();
    let text = leading_note(&key.text, &mut levels);
    let (zone, rest) = free_trade_zone(text);
    let start = zone.as_ref().map_or(text, |(_, place)| place.as_str());
    let after_place = divisions::read(start, &mut found);
    let rest = if let Some((name, _)) = zone {
        levels.zone = name;
        divisions::read(rest, &mut found)
    } else {
        after_place
    };
    let (rest, repair) = read_misspelt(rest, &mut found, &mut levels);
    if let Some((written, meant)) = &repair {
        levels.full = levels.full.replacen(written.as_str(), meant, 1);
    }
    let rest = rest.trim_start_matches(MARKS);
    let chars: Vec<char> = rest.chars().collect();
    let mut at = 0;
    if levels.zone.is_empty() {
        at = area::zone_length(&chars);
        levels.zone = chars[..at].iter().collect();
    }
    if at > 0 {
        // A zone may stand between city and district: 成都市高新区武侯区.
        let byte = rest.char_indices().nth(at).map_or(rest.len(), |(byte, _)| byte);
        let left = divisions::read(&rest[byte..], &mut found);
        at = chars.len() - left.chars().count();
    }
    let bare = district_stem(&chars[at..], &found.candidates);
    settle::settle(found, components, &mut levels);
    read_inside(&chars[at + bare..], &mut levels);
    levels.locality.clone_from(&levels.town);
    (levels, repair)
}

/// Takes a note in brackets off the front: (收)北京市.
fn leading_note<'a>(text: &'a str, levels: &mut Levels) -> &'a str {
    let Some((inner, rest)) = text.strip_prefix('(').and_then(|text| text.split_once(')')) else {
        return text;
    };
    let inner: Vec<char> = inner.chars().collect();
    if !note::is_bracket_note(&inner) {
        return text;
    }
    levels.add_note(&inner);
    rest
}

/// 中国(上海)自由贸易试验区: a zone that holds the name of its place.
fn free_trade_zone(key: &str) -> (Option<(String, String)>, &str) {
    const END: &str = "自由贸易试验区";
    let zone = key.strip_prefix("中国(").and_then(|rest| {
        let (place, after) = rest.split_once(')')?;
        let after = after.strip_prefix(END)?;
        Some((place, after))
    });
    match zone {
        Some((place, after)) => (Some((format!("中国({place}){END}"), place.to_owned())), after),
        None => (None, key),
    }
}

/// A division with a wrong character at the place where none was read.
fn read_misspelt<'a>(rest: &'a str, found: &mut Divisions, levels: &mut Levels) -> (&'a str, Option<Repair>) {
    let is_lowest = found
        .candidates
        .iter()
        .any(|division| division.level == Level::County);
    if is_lowest || found.candidates.len() > 1 {
        return (rest, None);
    }
    let next = rest.trim_start_matches(MARKS);
    let head: Vec<char> = next.chars().take(8).collect();
    if found.candidates.is_empty() {
        return match typo::first_division(&head) {
            Some(first) => read_first(next, &first, found, levels),
            None => (rest, None),
        };
    }
    let Some((length, meant)) = typo::misspelt(&head, &found.candidates) else {
        return (rest, None);
    };
    let written: String = head[..length].iter().collect();
    let evidence = format!("{written} → {}", meant.name);
    levels.find("repaired", evidence);
    found.candidates = vec![meant];
    meant.name.clone_into(&mut found.written);
    let rest = divisions::read(&next[written.len()..], found);
    (rest, Some((written, meant.name)))
}

/// An unknown province or city at the start: put right when a division inside it follows, otherwise suggested; a word in
/// 省 is suggested as the province of the city that follows.
fn read_first<'a>(
    text: &'a str,
    first: &typo::First,
    found: &mut Divisions,
    levels: &mut Levels,
) -> (&'a str, Option<Repair>) {
    let length = text.char_indices().nth(first.length);
    let (written, after) = text.split_at(length.map_or(text.len(), |(byte, _)| byte));
    let inside = only_inside(&first.likely, after).or_else(|| only_inside(&first.possible, after));
    if let Some((meant, below, rest)) = inside {
        levels.find("repaired", format!("{written} → {}", meant.name));
        *found = below;
        return (rest, Some((written.to_owned(), meant.name)));
    }
    let mut below = Divisions::default();
    let rest = divisions::read(after, &mut below);
    let province = match below.candidates.as_slice() {
        [only] if written.ends_with('省') && first.length <= 4 => division(only.code / 10_000 * 10_000),
        _ => None,
    };
    let likely = match first.likely.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let Some(suggested) = province.or(likely) else {
        return (text, None);
    };
    levels.find("typo_suggested", format!("{written} → {}", suggested.name));
    written.clone_into(settle::level_mut(levels, suggested.level));
    *found = below;
    (rest, None)
}

/// The one division among `meant` that a division inside it follows, with what was read and the text after it.
fn only_inside<'a>(meant: &[DivisionRef], after: &'a str) -> Option<(DivisionRef, Divisions, &'a str)> {
    let mut inside = meant.iter().filter_map(|&outer| {
        let mut below = Divisions {
            candidates: vec![outer],
            written: outer.name.to_owned(),
            former: Vec::new(),
        };
        let rest = divisions::read(after, &mut below);
        let is_inner = |inner: &DivisionRef| {
            inner.level > outer.level && (inner.level == Level::City || inner.name == below.written)
        };
        let is_confirmed = !below.former.is_empty() || below.candidates.iter().any(is_inner);
        is_confirmed.then_some((outer, below, rest))
    });
    let only = inside.next()?;
    inside.next().is_none().then_some(only)
}

/// A lost leading zero of a Chinese postcode: 37100 beside an address in Shanxi.
fn restore_zero(levels: &mut Levels) {
    if let Some(postcode) = super::postcode::with_lost_zero(&levels.postcode) {
        levels.find("repaired", format!("{} → {postcode}", levels.postcode));
        levels.postcode = postcode;
    }
}

/// Town, road and house.
fn read_inside(chars: &[char], levels: &mut Levels) {
    let mut at = skip_marks(chars, 0);
    at += unregistered_district(&chars[at..], levels);
    at += overseas::read(&chars[at..], levels);
    at = skip_marks(chars, at);
    let (length, name) = area::town_length(&chars[at..]);
    if name > 0 {
        levels.town = chars[at..at + name].iter().collect();
    }
    at = skip_marks(chars, at + length);
    if levels.zone.is_empty() && length > 0 {
        let zone = area::zone_length(&chars[at..]);
        if zone > 0 && zone <= 8 {
            levels.zone = chars[at..at + zone].iter().collect();
            at = skip_marks(chars, at + zone);
        }
    }
    let chars = &chars[at..];
    let Some(mut road) = road::find(chars).or_else(|| road::square(chars)) else {
        house::read(chars, levels);
        return;
    };
    if let Some(second) = town_before_road(chars, &road, levels) {
        levels.town = chars[road.start..road.end].iter().collect();
        road = second;
    }
    house::read(&chars[..road.place], levels);
    let before = note::trimmed(&chars[road.place..road.start]);
    if before.len() > 1 {
        levels.compound = note::without_community(before).iter().collect();
    }
    levels.road = chars[road.start..road.end].iter().collect();
    let crossing = note::crossing(&chars[road.end..]);
    levels.add_note(&chars[road.end..road.end + crossing]);
    house::read(&chars[road.end + crossing..], levels);
}

/// Codes from here on are those of Taiwan, Hong Kong and Macao.
const OVERSEAS: u32 = 710_000;

/// Length of a district named without its suffix before a road (杭州西湖文三路): it is no part of the road's name, and
/// without its suffix no county either.
fn district_stem(chars: &[char], candidates: &[DivisionRef]) -> usize {
    let [city] = candidates else { return 0 };
    if city.level == Level::County || city.code >= OVERSEAS {
        return 0;
    }
    let start = skip_marks(chars, 0);
    for length in [2, 3] {
        let Some(stem) = chars.get(start..start + length) else {
            return 0;
        };
        let rest = &chars[start + length..];
        let is_road =
            |road: &road::Road| road.place == 0 && road.start == 0 && road::is_full(&rest[..road.end]);
        let is_before_road = road::find(rest).is_some_and(|road| is_road(&road));
        let name: String = stem.iter().chain(&['区']).collect();
        if is_before_road && divisions_named(&name).any(|county| is_within(county, city.code)) {
            return start + length;
        }
    }
    0
}

/// A subdistrict written as 街 before the road: 大石街南大路5号.
fn town_before_road(chars: &[char], first: &road::Road, levels: &Levels) -> Option<road::Road> {
    let is_street = chars[first.end - 1] == '街' && chars.get(first.end - 2) != Some(&'大');
    if !is_street || !levels.town.is_empty() || levels.county.is_empty() || first.end - first.start > 5 {
        return None;
    }
    let after = &chars[first.end..];
    let second = road::find(after).filter(|second| second.place == 0 && second.end - second.start >= 3)?;
    let is_crossing = note::crossing(after) > 0 || after.get(second.end) == Some(&'口');
    (!is_crossing).then_some(road::Road {
        place: first.end,
        start: first.end + second.start,
        end: first.end + second.end,
    })
}

fn skip_marks(chars: &[char], at: usize) -> usize {
    (at..chars.len())
        .find(|&i| !MARKS.contains(&chars[i]))
        .unwrap_or(chars.len())
}

/// A district that the register does not have right after its city: 东莞市莞城区. It is kept as written.
fn unregistered_district(chars: &[char], levels: &mut Levels) -> usize {
    const NOT_BEFORE: &[char] = &[
        '小', '园', '社', '校', '库', '超', '路', '街', '道', '村', '镇', '夜', '号', '栋',
    ];
    if levels.city.is_empty() || !levels.county.is_empty() {
        return 0;
    }
    if levels.province.starts_with('台') {
        let end = (2..chars.len().min(5))
            .find(|&at| matches!(chars[at], '区' | '市' | '镇' | '乡') && chars.get(at + 1) != Some(&'区'));
        let length = end
            .filter(|&at| {
                !chars[..at]
                    .iter()
                    .any(|c| matches!(c, '路' | '街' | '里') || c.is_ascii())
            })
            .map_or(0, |at| at + 1);
        levels.county = chars[..length].iter().collect();
        return length;
    }
    let Some(at) = (2..chars.len().min(4)).find(|&at| chars[at] == '区') else {
        return 0;
    };
    let name = &chars[..at];
    let is_name = !name
        .iter()
        .any(|c| NOT_BEFORE.contains(c) || !c.is_alphabetic() || c.is_ascii())
        && !matches!(name, ['商' | '新' | '老' | '古', '城'])
        && !name
            .iter()
            .all(|&c| numeral::is_numeral(c) || matches!(c, '东' | '西' | '南' | '北'));
    if !is_name {
        return 0;
    }
    levels.county = chars[..=at].iter().collect();
    at + 1
}

#[cfg(test)]
mod tests;
