//! The unit words that follow a number: 号, 栋, 单元, 层, 室 and their synonyms.
//!
//! In: a number in its place and the levels read before it. Out: what the number counts, and where the word ends. 楼 is
//! a building before a unit or before a room that starts with other digits, otherwise a floor.

use super::Levels;
use super::house::is_mark;
use super::numeral::Number;
use super::numeral::number_at;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// 号, 号院.
    House,
    /// 弄.
    Lane,
    /// 巷 after digits.
    Alley,
    /// 栋, 幢, 座, 号楼, #.
    Building,
    /// 单元, 门, 梯.
    Entrance,
    /// 层, 楼, F.
    Floor,
    /// 室, 房, 户.
    Room,
    /// 期 of a compound.
    Phase,
    /// 组, 队 of a village.
    Group,
    /// 米: a distance, not an address.
    Metre,
}

/// The unit of `number` and the end of its word.
pub(super) fn unit_at(chars: &[char], number: &Number, levels: &Levels) -> Option<(Unit, usize)> {
    let end = number.end;
    let rest = &chars[end..];
    let found = |unit, length| Some((unit, end + length));
    if number.text.ends_with('f') && is_floor_in_latin(&number.text) {
        return found(Unit::Floor, usize::from(matches!(rest, ['层' | '楼', ..])));
    }
    match *rest.first()? {
        '号' => house_word(chars, number, levels),
        '栋' | '幢' => found(Unit::Building, if rest.get(1) == Some(&'楼') { 2 } else { 1 }),
        '座' if !matches!(rest.get(1), Some('桥' | '山' | '谈' | '位')) => found(Unit::Building, 1),
        '塔' if rest
            .get(1)
            .is_none_or(|&c| c == '楼' || is_mark(c) || number_at(chars, end + 1).is_some()) =>
        {
            found(Unit::Building, if rest.get(1) == Some(&'楼') { 2 } else { 1 })
        }
        '#' => found(
            Unit::Building,
            if matches!(rest.get(1), Some('楼' | '栋')) {
                2
            } else {
                1
            },
        ),
        '单' if rest.get(1) == Some(&'元') => found(Unit::Entrance, 2),
        '门' | '梯' if is_entrance(chars, end + 1, levels) => found(Unit::Entrance, 1),
        '层' => found(Unit::Floor, if rest.get(1) == Some(&'楼') { 2 } else { 1 }),
        '楼' => found(storey(chars, number, levels), 1),
        '/' if rest.get(1) == Some(&'f') => found(Unit::Floor, 2),
        '室' => found(Unit::Room, 1),
        '房' if !matches!(rest.get(1), Some('产' | '地' | '东' | '屋' | '子' | '山' | '管')) => {
            found(Unit::Room, if rest.get(1) == Some(&'间') { 2 } else { 1 })
        }
        '户' | '铺' | '床' if !number.is_han || levels.has_house_inside() => found(Unit::Room, 1),
        '商' if rest.get(1) == Some(&'铺') => found(Unit::Room, 2),
        '期' => found(Unit::Phase, 1),
        '弄' => found(Unit::Lane, 1),
        '巷' if !number.is_han => found(Unit::Alley, 1),
        '组' | '队' | '屯'
            if rest
                .get(1)
                .is_none_or(|&c| is_mark(c) || number_at(chars, end + 1).is_some()) =>
        {
            found(Unit::Group, 1)
        }
        '米' | '公' if rest[0] == '米' || rest.get(1) == Some(&'里') => {
            found(Unit::Metre, if rest[0] == '米' { 1 } else { 2 })
        }
        _ => None,
    }
}

fn is_floor_in_latin(text: &str) -> bool {
    let number = &text[..text.len() - 1];
    let digits = number.strip_prefix('b').unwrap_or(number);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// 号 with what follows it: 号楼, 号院, 号室; no house in 5号路 and 2号线.
fn house_word(chars: &[char], number: &Number, levels: &Levels) -> Option<(Unit, usize)> {
    let end = number.end;
    let rest = &chars[end + 1..];
    let found = |unit, length| Some((unit, end + 1 + length));
    match rest {
        ['路' | '街' | '线' | '站' | '井' | '店' | '桥', ..] | ['大', '街' | '道', ..] | ['公', '路', ..] => {
            None
        }
        ['楼', '梯' | '层', ..] => found(Unit::House, 0),
        ['楼' | '栋' | '幢', ..] => found(Unit::Building, 1),
        ['厂', '房', ..] => found(Unit::Building, 2),
        ['单', '元', ..] => found(Unit::Entrance, 2),
        ['院', '内', ..] => found(Unit::House, 2),
        ['院', ..] => found(Unit::House, 1),
        ['室' | '房' | '铺' | '档', ..] => found(Unit::Room, 1),
        ['商', '铺', ..] | ['门', '面', ..] | ['摊', '位', ..] => found(Unit::Room, 2),
        ['门', ..] if levels.has_house() => found(Unit::Entrance, 1),
        _ => found(Unit::House, 0),
    }
}

/// 门 and 梯 count entrances of a building only, and before a number or the end: 三门峡, 九门口.
fn is_entrance(chars: &[char], next: usize, levels: &Levels) -> bool {
    let is_inside = !levels.building.is_empty() || !levels.number.is_empty();
    is_inside
        && chars
            .get(next)
            .is_none_or(|&c| is_mark(c) || number_at(chars, next).is_some())
}

/// Is 楼 after a number the building or the floor?
fn storey(chars: &[char], number: &Number, levels: &Levels) -> Unit {
    let is_named = number.text.bytes().all(|b| b.is_ascii_alphabetic());
    if !levels.building.is_empty() {
        return Unit::Floor;
    }
    if is_named {
        return Unit::Building;
    }
    let mut next = number.end + 1;
    if chars.get(next) == Some(&'-') {
        next += 1;
    }
    let Some(following) = number_at(chars, next) else {
        return Unit::Floor;
    };
    match chars[following.end..] {
        ['单', '元', ..] if number_at(chars, following.end + 2).is_none() => Unit::Floor,
        ['单', '元', ..] | ['门' | '层' | '楼' | '梯', ..] => Unit::Building,
        _ if following.text.len() >= 3 && !following.text.starts_with(number.text.as_str()) => Unit::Building,
        _ => Unit::Floor,
    }
}
