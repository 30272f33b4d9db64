//! From the house number inwards: number, compound, building, unit, floor, room.
//!
//! In: the characters after the road. Out: the levels that numbers with their unit words name; text between them is a
//! compound, or a note when it only describes the place. 栋 = 幢 = 座 = 号楼 = #, 层 = 楼 = F, 室 = 房 = 户. Rows of
//! numbers with hyphens are read by `rooms`.

use super::Levels;
use super::note;
use super::numeral::Number;
use super::numeral::number_at;
use super::rooms::assign_house;
use super::rooms::assign_room;
use super::rooms::floor_text;
use super::rooms::put;
use super::rooms::without_zeros;
use super::units::Unit;
use super::units::unit_at;

/// What has been read so far, and the text that waits for its meaning.
pub(super) struct House<'a> {
    chars: &'a [char],
    /// Start of the text that is not yet a level.
    pending: usize,
    /// Nothing but the road was read.
    is_after_road: bool,
    /// The compound stood before the road: one after it lies inside and counts.
    is_outer: bool,
    levels: &'a mut Levels,
}

/// Reads everything after the road, or everything when there is no road.
pub(super) fn read(chars: &[char], levels: &mut Levels) {
    let is_after_road = !levels.road.is_empty();
    let mut house = House {
        chars,
        pending: 0,
        is_after_road,
        is_outer: is_after_road && !levels.compound.is_empty(),
        levels,
    };
    let mut at = 0;
    while at < chars.len() {
        at = house.step(at);
    }
    house.keep_text(chars.len());
}

impl House<'_> {
    /// Reads what starts at `at` and gives the place after it.
    fn step(&mut self, at: usize) -> usize {
        let c = self.chars[at];
        if is_mark(c) && !self.is_inside_name(at) {
            self.keep_text(at);
            self.pending = at + 1;
            return if c == '(' { self.bracket(at) } else { at + 1 };
        }
        if let Some(end) = self.floor_word(at).or_else(|| self.wing(at)) {
            self.is_after_road = false;
            return end;
        }
        let after_letter = at > self.pending && self.chars[at - 1].is_ascii_alphanumeric();
        if after_letter {
            return at + 1;
        }
        match number_at(self.chars, at) {
            Some(number) => self.number(at, number),
            None if c.is_ascii_alphanumeric() => self.word_end(at),
            None => at + 1,
        }
    }

    /// Is this the blank between two Latin words of one name: The One?
    fn is_inside_name(&self, at: usize) -> bool {
        let is_letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        self.chars[at] == ' '
            && at > self.pending + 1
            && is_letter(self.chars.get(at - 1))
            && is_letter(self.chars.get(at - 2))
            && is_letter(self.chars.get(at + 1))
            && is_letter(self.chars.get(at + 2))
    }

    fn word_end(&self, at: usize) -> usize {
        (at..self.chars.len())
            .find(|&i| !self.chars[i].is_ascii_alphanumeric())
            .unwrap_or(self.chars.len())
    }

    /// A bracket: a note, or more of the address.
    fn bracket(&mut self, at: usize) -> usize {
        let close = self.chars[at..].iter().position(|&c| c == ')');
        let end = close.map_or(self.chars.len(), |length| at + length);
        let inner = &self.chars[at + 1..end];
        if note::is_bracket_note(inner) {
            self.levels.add_note(inner);
            self.pending = (end + 1).min(self.chars.len());
            return self.pending;
        }
        at + 1
    }

    /// A number with its unit, or a number that stands alone.
    fn number(&mut self, at: usize, number: Number) -> usize {
        match unit_at(self.chars, &number, self.levels) {
            Some((Unit::Building, end)) if self.is_numbered_by_hash(at, &number, end) => {
                self.set(at, number, Unit::House, end)
            }
            Some((unit, end)) => self.set(at, number, unit, end),
            None if number.is_han => at + 1,
            None => self.bare(at, number),
        }
    }

    /// `#` for 号 right behind the road (创业路45#); 3#楼 and 88号3# are buildings.
    fn is_numbered_by_hash(&self, at: usize, number: &Number, end: usize) -> bool {
        self.is_after_road
            && at == self.pending
            && !number.is_han
            && self.chars[end - 1] == '#'
            && self.levels.number.is_empty()
    }

    fn set(&mut self, at: usize, number: Number, unit: Unit, end: usize) -> usize {
        if unit == Unit::Metre {
            let end = note::distance_end(self.chars, end);
            self.levels.add_note(&self.chars[self.pending..end]);
            self.pending = end;
            return end;
        }
        if matches!(unit, Unit::Phase | Unit::Group) {
            // 阳光花园二期 and 王家村3组 are one name; a group keeps its numeral.
            let tail = if unit == Unit::Phase {
                format!("{}期", number.text)
            } else {
                self.chars[at..end].iter().collect()
            };
            self.keep_text(at);
            if !self.levels.compound.is_empty() || self.is_after_road {
                self.levels.compound.push_str(&tail);
                self.pending = end;
                return end;
            }
            self.pending = at;
            return end;
        }
        self.keep_text(at);
        self.is_after_road = false;
        self.assign(unit, number.text);
        self.pending = if unit == Unit::House {
            self.attached(end)
        } else {
            end
        };
        self.pending
    }

    /// 25号之一, 7号之3: one house of several under a number.
    fn attached(&mut self, end: usize) -> usize {
        let number = match self.chars.get(end) {
            Some('之') => number_at(self.chars, end + 1),
            _ => None,
        };
        let Some(number) = number.filter(|number| {
            self.chars
                .get(number.end)
                .is_none_or(|&c| is_mark(c) || !matches!(c, '楼' | '室' | '栋'))
        }) else {
            return end;
        };
        self.levels.number.push('-');
        self.levels.number.push_str(&number.text);
        number.end
    }

    fn assign(&mut self, unit: Unit, text: String) {
        let levels = &mut *self.levels;
        match unit {
            Unit::Lane => {
                levels.number.push_str(&text);
                levels.number.push('弄');
            }
            Unit::Alley => {
                levels.number.push_str(&text);
                levels.number.push('巷');
            }
            Unit::House => assign_house(levels, &text),
            Unit::Building => put(&mut levels.building, &without_zeros(&text)),
            Unit::Entrance => match text.split_once('-') {
                Some((building, unit)) if levels.building.is_empty() => {
                    levels.building = without_zeros(building);
                    levels.unit = without_zeros(unit);
                }
                _ => put(&mut levels.unit, &without_zeros(&text)),
            },
            Unit::Floor => put(&mut levels.floor, &floor_text(&text)),
            Unit::Room => assign_room(levels, &text),
            Unit::Metre | Unit::Phase | Unit::Group => {}
        }
    }

    /// A number without a unit word.
    fn bare(&mut self, at: usize, number: Number) -> usize {
        let end = number.end;
        let next = self.chars.get(end).copied();
        let is_last = next.is_none_or(is_mark);
        let starts_with_digit = number.text.starts_with(|c: char| c.is_ascii_digit());
        let is_house =
            self.is_after_road && at == self.pending && starts_with_digit && self.levels.number.is_empty();
        let digits = number.text.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 10 && digits == number.text.len() {
            return self.telephone(at);
        }
        if is_house && digits <= 8 && !next.is_some_and(|c| matches!(c, '%' | '路' | '街' | '线')) {
            self.is_after_road = false;
            self.pending = end;
            self.house_then_rooms(&number.text);
            return end;
        }
        if !is_last || !self.has_place(at) {
            return end;
        }
        if digits > 6 && !number.text.contains('-') {
            self.keep_text(at);
            self.levels.add_note(&self.chars[at..end]);
            self.pending = end;
            return end;
        }
        self.keep_text(at);
        self.pending = end;
        assign_room(self.levels, &number.text);
        end
    }

    /// A telephone number, and the name beside it up to the next mark.
    fn telephone(&mut self, at: usize) -> usize {
        self.keep_text(at);
        let end = (at..self.chars.len())
            .find(|&i| is_mark(self.chars[i]))
            .unwrap_or(self.chars.len());
        self.levels.add_note(&self.chars[at..end]);
        self.pending = end;
        end
    }

    /// `建国路88-3` is a house number; `88-3-501` ends in a room.
    fn house_then_rooms(&mut self, text: &str) {
        match text.split('-').count() {
            0..=2 => self.levels.number = text.to_owned(),
            _ => {
                let (number, rest) = text.split_once('-').unwrap_or((text, ""));
                self.levels.number = number.to_owned();
                assign_room(self.levels, rest);
            }
        }
    }

    /// Is there a place that a room can be in?
    fn has_place(&self, at: usize) -> bool {
        let l = &*self.levels;
        at > self.pending
            || [&l.number, &l.compound, &l.building, &l.unit, &l.floor, &l.road]
                .iter()
                .any(|level| !level.is_empty())
    }

    /// 地下一层, 负二层, 首层, 底楼, G/F.
    fn floor_word(&mut self, at: usize) -> Option<usize> {
        let rest = &self.chars[at..];
        let (skipped, below) = match rest {
            ['负', ..] => (1, true),
            ['地', '下', ..] => (2, true),
            ['-', c, ..] if c.is_ascii_digit() => (1, true),
            ['首' | '底', '层' | '楼', ..] => return Some(self.floor(at, at + 2, "1")),
            ['顶', '层' | '楼', ..] => return Some(self.floor(at, at + 2, "顶")),
            ['g', '/', 'f', ..] => return Some(self.floor(at, at + 3, "g")),
            _ => return None,
        };
        let number = number_at(self.chars, at + skipped)?;
        let end = match self.chars.get(number.end) {
            Some('层' | '楼' | 'f') if below => number.end + 1,
            _ => return None,
        };
        Some(self.floor(at, end, &format!("b{}", number.text)))
    }

    fn floor(&mut self, at: usize, end: usize, text: &str) -> usize {
        self.keep_text(at);
        put(&mut self.levels.floor, text);
        self.pending = end;
        end
    }

    /// A wing named by its side: 国贸大厦东楼, 写字楼北座.
    fn wing(&mut self, at: usize) -> Option<usize> {
        let rest = &self.chars[at..];
        let (
            [
                '东' | '西' | '南' | '北' | '主' | '副' | '附' | '裙',
                '楼' | '座' | '塔' | '幢' | '栋',
                ..,
            ],
            true,
        ) = (rest, at > self.pending || self.levels.has_house())
        else {
            return None;
        };
        let is_name = rest
            .get(2)
            .is_some_and(|&c| !is_mark(c) && number_at(self.chars, at + 2).is_none());
        if is_name || !self.levels.building.is_empty() {
            return None;
        }
        self.keep_text(at);
        self.levels.building = rest[0].to_string();
        self.pending = at + 2;
        Some(at + 2)
    }

    /// The text since the last level: a compound, or a note.
    fn keep_text(&mut self, end: usize) {
        let text = &self.chars[self.pending.min(end)..end];
        self.pending = end;
        let text = note::trimmed(text);
        if text.is_empty() {
            return;
        }
        let (place, note) = note::split(text);
        self.levels.add_note(note);
        if place.len() < 2 || self.levels.compound.chars().eq(place.iter().copied()) {
            return;
        }
        if place == ['自', '编'] {
            return;
        }
        let is_inside = self.levels.has_house_inside();
        if (self.is_outer || note::is_community(&self.levels.compound)) && !is_inside {
            self.levels.compound.clear();
            self.is_outer = false;
        }
        if self.levels.compound.is_empty() && (!is_inside || note::is_place(place)) {
            self.levels.compound = note::without_community(place).iter().collect();
        } else if note::is_place(place) && !is_inside {
            self.levels.compound.extend(place);
        } else {
            self.levels.add_note(place);
        }
        self.is_after_road = false;
    }
}

/// A comma, blank or bracket: what stands on both sides belongs to different levels.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, ' ' | ',' | '(' | ')')
}
