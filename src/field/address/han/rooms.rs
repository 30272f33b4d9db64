//! Numbers put into their levels: house, building, unit, floor, room.
//!
//! In: the text of a number whose unit is known. Out: the levels it fills. A row of numbers with hyphens is read as building,
//! unit and room (3-2-501), two of them as building and room (3-501) unless they are a range of rooms; three can be meant
//! otherwise, which is a finding.

use super::Levels;

/// 号: the house; after a building or a second time, the room (2单元3号).
pub(super) fn assign_house(levels: &mut Levels, text: &str) {
    let is_lane = levels.number.ends_with(['弄', '巷']);
    if is_lane {
        levels.number.push_str(text);
    } else if levels.has_house_inside() {
        assign_room(levels, text);
    } else if levels.number.is_empty() {
        levels.number = without_zeros(text);
    } else if let Some(attached) = text.strip_prefix('附') {
        levels.number.push('附');
        levels.number.push_str(attached);
    } else {
        assign_room(levels, text);
    }
}

/// A room, with building and unit in front of it when hyphens say so.
pub(super) fn assign_room(levels: &mut Levels, text: &str) {
    let pieces: Vec<&str> = text.split('-').filter(|piece| !piece.is_empty()).collect();
    let is_range = |first: &str, last: &str| first.len() >= 3 || last.len() < 2;
    match pieces.as_slice() {
        [first, room] if levels.building.is_empty() && !is_range(first, room) => {
            levels.building = without_zeros(first);
            put(&mut levels.room, room);
        }
        [first, room] if levels.unit.is_empty() && !is_range(first, room) => {
            levels.unit = without_zeros(first);
            put(&mut levels.room, room);
        }
        [building, unit, room] if levels.building.is_empty() && building.len() < 3 => {
            levels.building = without_zeros(building);
            levels.unit = without_zeros(unit);
            put(&mut levels.room, room);
            levels.find("ambiguous_value", text.to_owned());
        }
        [unit, floor, room] if levels.unit.is_empty() && unit.len() < 3 => {
            levels.unit = without_zeros(unit);
            levels.floor = without_zeros(floor);
            put(&mut levels.room, room);
        }
        [building, unit, floor, room] if levels.building.is_empty() => {
            levels.building = without_zeros(building);
            levels.unit = without_zeros(unit);
            levels.floor = without_zeros(floor);
            put(&mut levels.room, room);
            levels.find("ambiguous_value", text.to_owned());
        }
        _ => put(&mut levels.room, text),
    }
}

/// The first text of a level stays.
pub(super) fn put(level: &mut String, text: &str) {
    if level.is_empty() {
        text.clone_into(level);
    }
}

pub(super) fn without_zeros(text: &str) -> String {
    let plain = text.trim_start_matches('0');
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        plain.to_owned()
    } else {
        text.to_owned()
    }
}

/// `12f` and `b1` as floors.
pub(super) fn floor_text(text: &str) -> String {
    without_zeros(
        text.strip_suffix('f')
            .filter(|rest| !rest.is_empty())
            .unwrap_or(text),
    )
}
