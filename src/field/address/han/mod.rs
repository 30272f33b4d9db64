//! Chinese addresses, taken apart from left to right.
//!
//! In: a folded address with Han characters. Out: province, city and county by full name (a child must belong to its
//! parent; a county never without its suffix), town or village as locality, road, house number, building, room.
//! Numerals become digits before 号, 栋, 层 and 室 only, so that 五一路 stays. A district that several cities have is
//! ambiguous unless a city is named.

use super::address::Components;
use super::address::Levels;
use super::organisation::han_key;
use super::postcode::standard_postcode;
use crate::reference::regions::Division;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::regions::divisions_named;
use crate::reference::regions::is_within;
use crate::reference::regions::prefix_lengths;

/// Reads an address; columns fill the levels that it does not name.
pub(super) fn read(text: &str, components: &Components) -> Levels {
    let mut levels = Levels::default();
    let spaced = take_postcode(&text.to_lowercase(), &mut levels.postcode);
    let key = address_key(&spaced);
    levels.full = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let rest = read_divisions(&key, &mut levels);
    let rest = read_former_divisions(rest, &mut levels);
    let rest = arabic_before_units(rest);
    let rest = read_town(&rest, &mut levels);
    read_street(rest, &mut levels);
    fill(&mut levels, components);
    levels
}

/// Simplified letters and digits with the marks that join numbers.
fn address_key(text: &str) -> String {
    let text = text.replace("(收)", "").replace("(代收)", "");
    let marked: String = text.chars().map(|c| if c == '#' { '栋' } else { c }).collect();
    let mut key = String::with_capacity(marked.len());
    for piece in marked.split_inclusive('-') {
        key.push_str(&han_key(piece).replace(['(', ')'], ""));
        if piece.ends_with('-') {
            key.push('-');
        }
    }
    for prefix in ["地址", "中华人民共和国", "中国"] {
        if let Some(rest) = key.strip_prefix(prefix) {
            key = rest.to_owned();
        }
    }
    key
}

/// Six digits at either end, or after 邮编.
fn take_postcode(text: &str, postcode: &mut String) -> String {
    let is_six = |t: &str| t.len() == 6 && t.bytes().all(|b| b.is_ascii_digit());
    if let Some((before, after)) = text.split_once("邮编") {
        let after = after.trim_start_matches([':', ' ']);
        if let Some((digits, rest)) = after.split_at_checked(6)
            && is_six(digits)
        {
            *postcode = digits.to_owned();
            return format!("{before}{}", rest.trim_start_matches([')', ' ', ',']));
        }
    }
    let start: String = text.chars().take_while(char::is_ascii_digit).collect();
    if is_six(&start) {
        let rest = &text[6..];
        *postcode = start;
        return rest.to_owned();
    }
    let end = text.trim_end_matches(|c: char| c.is_ascii_digit());
    // Digits right after Han may be a house number; a postcode stands apart or after a unit word.
    if is_six(&text[end.len()..]) && end.ends_with([' ', ',', '号', '室', '楼', '栋', '层', ')', '镇', '村'])
    {
        *postcode = text[end.len()..].to_owned();
        return end.to_owned();
    }
    text.to_owned()
}

/// Reads the divisions at the start and gives what follows them.
fn read_divisions<'a>(key: &'a str, levels: &mut Levels) -> &'a str {
    let mut rest = key;
    let mut above: Option<&'static Division> = None;
    while let Some((length, found)) = next_division(rest, above, levels) {
        rest = &rest[length..];
        above = Some(found);
        set(levels, found);
        // A repeated prefix (北京市北京市朝阳区) says nothing new.
        while let Some(repeated) = rest.strip_prefix(found.name) {
            rest = repeated;
        }
        if found.level == Level::County {
            break;
        }
    }
    rest
}

/// The longest division that starts `text` inside `above`.
fn next_division(
    text: &str,
    above: Option<&'static Division>,
    levels: &mut Levels,
) -> Option<(usize, &'static Division)> {
    for length in prefix_lengths(text) {
        let name = &text[..length];
        let mut found = divisions_named(name).filter(|division| match above {
            Some(above) => division.level > above.level && is_within(division, above.code),
            None => true,
        });
        let Some(first) = found.next() else { continue };
        let is_short = name != first.name;
        let is_other_name = is_short && (first.level == Level::County || is_road_name(&text[length..]));
        if is_other_name {
            continue;
        }
        // One name of several counties is not known to be any of them.
        if first.level == Level::County && found.next().is_some() {
            levels.county = name.to_owned();
            levels.is_ambiguous = above.is_none();
            return None;
        }
        return Some((length, first));
    }
    None
}

/// Cities and districts that the register does not have (any more): 台北市, 下城区, 高新区, 九龙.
fn read_former_divisions<'a>(text: &'a str, levels: &mut Levels) -> &'a str {
    let mut rest = text;
    if levels.province.is_empty() {
        return rest;
    }
    let ends_in = |text: &'a str, suffix: char| {
        let (at, _) = text.char_indices().take(5).skip(1).find(|&(_, c)| c == suffix)?;
        let (name, rest) = text.split_at(at + suffix.len_utf8());
        let is_other = name[..at].ends_with([
            '小', '园', '社', '校', '库', '城', '超', '路', '街', '道', '村', '镇', '夜',
        ]) && !levels_have_city_district(name);
        (!is_other && !name.chars().any(|c| c.is_ascii_alphanumeric())).then_some((name, rest))
    };
    for (area, name) in [("九龙", "九龙"), ("新界", "新界"), ("香港岛", "香港岛")] {
        if levels.province.starts_with("香港")
            && let Some(after) = rest.strip_prefix(area)
        {
            levels.city = name.to_owned();
            rest = after;
        }
    }
    if levels.city.is_empty()
        && let Some((name, after)) = ends_in(rest, '市')
    {
        levels.city = name.to_owned();
        rest = after;
    }
    if levels.county.is_empty()
        && let Some((name, after)) = ends_in(rest, '区')
    {
        levels.county = name.to_owned();
        rest = after;
    }
    rest
}

/// 下城区 and 莞城区 are districts; 商城区 and the like are not.
fn levels_have_city_district(name: &str) -> bool {
    name.ends_with("城区") && name.chars().count() == 3 && !name.starts_with(['商', '新', '老', '古'])
}

/// Does the text after a short name make it the name of a road or place: 南京(东)路, 上海(中)街, 北京镇?
fn is_road_name(after: &str) -> bool {
    let rest =
        after.trim_start_matches(|c: char| "东西南北中大上下内外前后新老一二三四五六七八九十".contains(c));
    rest.starts_with(['路', '街', '道', '镇', '乡', '村', '巷', '弄']) && !rest.starts_with("街道")
}

/// Sets the level of a division and those above it.
fn set(levels: &mut Levels, found: &Division) {
    match found.level {
        Level::Province => levels.province = found.name.to_owned(),
        Level::City => levels.city = found.name.to_owned(),
        Level::County => levels.county = found.name.to_owned(),
    }
    if let Some(above) = division(found.parent) {
        set(levels, above);
    }
}

/// Chinese numerals as digits, right before units of houses.
fn arabic_before_units(text: &str) -> String {
    const UNITS: &[char] = &['号', '栋', '幢', '座', '层', '楼', '室', '弄', '期', '单'];
    let chars: Vec<char> = text.chars().collect();
    let is_numeral = |c: char| "〇零一二三四五六七八九十百".contains(c);
    let mut arabic = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = (at..chars.len())
            .find(|&i| !is_numeral(chars[i]))
            .unwrap_or(chars.len());
        let is_unit = end > at && end - at <= 5 && chars.get(end).is_some_and(|c| UNITS.contains(c));
        match is_unit.then(|| number_of(&chars[at..end])).flatten() {
            Some(number) => arabic.push_str(&number.to_string()),
            None => arabic.extend(&chars[at..end]),
        }
        arabic.extend(chars.get(end));
        at = end + 1;
    }
    arabic
}

fn number_of(numerals: &[char]) -> Option<u32> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c || (d == '零' && c == '〇'))
            .map(|d| d as u32)
    };
    let mut total = 0;
    let mut last = None;
    for &c in numerals {
        match c {
            '十' => total += last.take().unwrap_or(1) * 10,
            '百' => total += last.take().unwrap_or(1) * 100,
            c => match last.replace(digit(c)?) {
                // Digits in a row (五〇一) are a number digit by digit.
                Some(before) if total == 0 || before > 0 => last = last.map(|now| before * 10 + now),
                _ => {}
            },
        }
    }
    Some(total + last.unwrap_or(0))
}

/// The town, township, subdistrict or village before the road.
fn read_town<'a>(text: &'a str, levels: &mut Levels) -> &'a str {
    for suffix in ["街道办事处", "街道", "镇", "乡"] {
        if let Some(at) = text.find(suffix) {
            let name = &text[..at];
            let length = name.chars().count();
            let is_town = (1..=6).contains(&length)
                && !name.contains(['路', '号', '弄'])
                && !name.bytes().any(|b| b.is_ascii_digit());
            if is_town {
                levels.locality = text[..at + suffix.len()].replace("办事处", "");
                return &text[at + suffix.len()..];
            }
        }
    }
    text
}

/// Road, house number, building and room.
fn read_street(text: &str, levels: &mut Levels) {
    const ROADS: &[&str] = &[
        "公路", "大道", "大街", "胡同", "路", "街", "道", "巷", "弄", "里", "条",
    ];
    let mut rest = text;
    let road_end = ROADS
        .iter()
        .filter_map(|suffix| {
            let mut ends = text.match_indices(suffix).map(|(at, _)| at + suffix.len());
            ends.find(|&end| text[..end].chars().count() >= 2 && is_road_end(&text[end..]))
        })
        .min();
    if let Some(end) = road_end
        && !text[..end].contains('号')
    {
        let segment_end = segment_of_road(&text[end..]) + end;
        levels.road = without_place(text[..segment_end].trim_matches('-')).to_owned();
        rest = &text[segment_end..];
    }
    let mut lane = String::new();
    if let Some((before, number, after)) = unit_number(rest, &["弄"]) {
        if levels.road.is_empty() {
            levels.road = before.to_owned();
        }
        levels.number.clone_from(&number);
        lane = format!("{number}-");
        rest = after;
    }
    if let Some((before, number, after)) = unit_number(rest, &["号楼"])
        && unit_number(before, &["号"]).is_none()
    {
        levels.building = number;
        rest = if before.is_empty() { after } else { rest };
    }
    if let Some((before, number, after)) = unit_number(rest, &["号院", "号"])
        && !after.starts_with('楼')
    {
        if levels.road.is_empty() {
            levels.road = before.to_owned();
        }
        levels.number = format!("{lane}{number}");
        rest = after;
    }
    if let Some((before, number, after)) = unit_number(rest, &["号楼", "栋", "幢", "座"]) {
        levels.building = number;
        keep_place(before, levels);
        rest = after;
    } else {
        keep_place(rest, levels);
    }
    if let Some((_, number, _)) = unit_number(rest, &["室", "房", "户"]) {
        levels.room = number;
        return;
    }
    let last = &rest[rest.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    match unit_number(rest, &["层", "楼", "f"]) {
        Some((_, number, _)) if last.len() < 3 => levels.room = format!("{number}层"),
        _ => levels.room = last.to_owned(),
    }
}

const PLACES: &[&str] = &[
    "大厦",
    "广场",
    "中心",
    "小区",
    "花园",
    "公寓",
    "家园",
    "新村",
    "工业园",
    "科技园",
    "产业园",
    "园区",
    "大楼",
    "商城",
    "市场",
    "苑",
    "城",
];

/// A road without the estate named before it: 科技园科苑路 → 科苑路.
fn without_place(road: &str) -> &str {
    let places = PLACES.iter().filter(|place| place.chars().count() > 1);
    places
        .filter_map(|place| road.rfind(place).map(|at| &road[at + place.len()..]))
        .filter(|rest| rest.chars().count() >= 3)
        .min_by_key(|rest| rest.len())
        .unwrap_or(road)
}

/// Does a road end here: at the end of the text, before a number, or before its section?
fn is_road_end(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        None => true,
        Some(c) if c.is_ascii_alphanumeric() || c == '-' => true,
        Some(c) => {
            "东西南北中一二三四五六七八九十甲乙丙丁附与交口旁段".contains(c) || !"路街道巷里弄条".contains(c)
        }
    }
}

/// Length of 东段 or 三段 after a road's name.
fn segment_of_road(after: &str) -> usize {
    let first = after.chars().next().map_or(0, char::len_utf8);
    if after[first..].starts_with('段') {
        first + "段".len()
    } else {
        0
    }
}

/// Text before, the number, and text after the first of `units` that follows a number.
fn unit_number<'a>(text: &'a str, units: &[&str]) -> Option<(&'a str, String, &'a str)> {
    for unit in units {
        for (at, _) in text.match_indices(unit) {
            let before = text[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
            let number = text[before.len()..at].trim_matches('-');
            if !number.is_empty() {
                return Some((before, number.to_owned(), &text[at + unit.len()..]));
            }
        }
    }
    None
}

/// A named building or estate, when there is no numbered one.
fn keep_place(text: &str, levels: &mut Levels) {
    if !levels.building.is_empty() {
        return;
    }
    let end = PLACES
        .iter()
        .filter_map(|place| text.find(place).map(|at| at + place.len()))
        .min();
    if let Some(end) = end {
        levels.building = text[..end].trim_matches('-').to_owned();
    }
}

/// Is the division inside the city and province that are already known?
fn fits(found: &Division, levels: &Levels) -> bool {
    let mut above = division(found.parent);
    while let Some(outer) = above {
        let known = if outer.level == Level::City {
            &levels.city
        } else {
            &levels.province
        };
        if !known.is_empty() && known != outer.name {
            return false;
        }
        above = division(outer.parent);
    }
    true
}

/// Levels that the address does not name, from their own columns.
fn fill(levels: &mut Levels, components: &Components) {
    for (text, level) in [
        (&components.province, Level::Province),
        (&components.city, Level::City),
        (&components.county, Level::County),
    ] {
        let known = match level {
            Level::Province => &levels.province,
            Level::City => &levels.city,
            Level::County => &levels.county,
        };
        if !known.is_empty() {
            continue;
        }
        let key = han_key(text);
        let mut found =
            divisions_named(&key).filter(|division| division.level == level && fits(division, levels));
        if let (Some(only), None) = (found.next(), found.next()) {
            set(levels, only);
        }
    }
    if levels.postcode.is_empty() {
        let code: String = components
            .postcode
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        levels.postcode = standard_postcode(&code.to_ascii_uppercase()).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::super::FieldType;
    use super::super::address::Address;

    fn check(raw: &str, expected: [&str; 7]) {
        let value = Address.standardise(raw);
        let got: Vec<&str> = value.items[0].parts[..7].iter().map(String::as_str).collect();
        assert_eq!(got, expected, "{raw}");
    }

    #[test]
    fn levels_are_read_downwards() {
        check(
            "北京市朝阳区建国路88号3栋501室",
            ["北京市", "", "朝阳区", "建国路", "88", "3", "501"],
        );
        check(
            "江苏省徐州市鼓楼区中山路5号",
            ["江苏省", "徐州市", "鼓楼区", "中山路", "5", "", ""],
        );
        check(
            "黑龙江省安达市朝阳街168号",
            ["黑龙江省", "绥化市", "安达市", "朝阳街", "168", "", ""],
        );
        check("上海市山西北路12号", ["上海市", "", "", "山西北路", "12", "", ""]);
        check(
            "广东深圳南山区科苑路15号科兴科学园B栋12层",
            ["广东省", "深圳市", "南山区", "科苑路", "15", "b", "12层"],
        );
        check(
            "长沙市五一路三号",
            ["湖南省", "长沙市", "", "五一路", "3", "", ""],
        );
        check(
            "北京市北京市海淀区中关村大街1号",
            ["北京市", "", "海淀区", "中关村大街", "1", "", ""],
        );
        check("南京路100号", ["", "", "", "南京路", "100", "", ""]);
    }

    #[test]
    fn a_district_of_several_cities_is_ambiguous() {
        let value = Address.standardise("朝阳区汉庭酒店");
        assert_eq!(value.findings[0].code.name, "ambiguous_value");
        assert_eq!(value.items[0].parts[..3], ["", "", "朝阳区"]);
    }
}
