//! The road of a Chinese address.
//!
//! In: the characters after the divisions and the town. Out: the road's name with its section (解放路东段, 忠孝东路四段),
//! the compound named before it, and where it ends. Numerals in a road's name stay as they are: 五一路, 解放二路. A road
//! needs its word (路, 街, 大道, 巷, 胡同, 国道 …); 里, 条, 道, 段 and 线 count only right before a house number.

use super::Levels;
use super::house::is_mark;
use super::note;
use super::numeral::is_numeral;
use super::numeral::is_stem;
use super::numeral::number_at;
use super::units::Unit;
use super::units::unit_at;

/// A road: the name is `start..end`, `place..start` names a compound or village before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Road {
    pub(super) place: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The first road of `chars`; `None` when a house or building comes before any.
pub(super) fn find(chars: &[char]) -> Option<Road> {
    let mut start = 0;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if is_mark(c) {
            start = at + 1;
            at += 1;
            continue;
        }
        let is_word_start = at == start || !chars[at - 1].is_ascii_alphanumeric();
        if is_word_start && (c.is_ascii_alphanumeric() || is_numeral(c) || is_stem(c)) {
            match skip_number(chars, at) {
                Some(next) if next > at => {
                    at = next;
                    continue;
                }
                Some(_) => {}
                None => return None,
            }
        }
        if let Some(end) = road_end(chars, start, at) {
            let end = extended(chars, end);
            return Some(split_place(chars, start, end));
        }
        at += 1;
    }
    None
}

/// A square right before a house number stands for the road: 五四广场156号.
pub(super) fn square(chars: &[char]) -> Option<Road> {
    let at = chars.windows(2).position(|pair| pair == ['广', '场'])?;
    let start = chars[..at]
        .iter()
        .rposition(|&c| is_mark(c))
        .map_or(0, |mark| mark + 1);
    let end = at + 2;
    let has_number = chars[..at].iter().any(char::is_ascii_digit);
    let number = number_at(chars, end).filter(|number| !number.is_han && at > start && !has_number)?;
    let (unit, after) = unit_at(chars, &number, &Levels::default())?;
    let is_house = unit == Unit::House && chars.get(after) != Some(&'门');
    let road = split_place(chars, start, end);
    // 新城市广场 is one name: a square after a compound has a name of two characters.
    let start_of_name = if end - road.start < 4 { start } else { road.start };
    is_house.then_some(Road {
        start: start_of_name,
        ..road
    })
}

/// Passes a number that belongs to a name (104国道, 5号路); `None` at a number of a house.
fn skip_number(chars: &[char], at: usize) -> Option<usize> {
    let Some(number) = number_at(chars, at) else {
        return Some(at);
    };
    match unit_at(chars, &number, &Levels::default()) {
        // 三层楼路 or 五房街: a single numeral may begin a name.
        Some((Unit::House | Unit::Building | Unit::Lane, _)) => None,
        Some((Unit::Room | Unit::Floor | Unit::Entrance, _)) if !number.is_han => None,
        _ if number.is_han => Some(at),
        _ => Some(number.end),
    }
}

/// The end of a road whose word stands at `at`.
fn road_end(chars: &[char], start: usize, at: usize) -> Option<usize> {
    let before = at.checked_sub(start)?;
    let after = chars.get(at + 1).copied();
    let previous = at.checked_sub(1).map(|i| chars[i]);
    let end = at + 1;
    let is_named = match chars[at] {
        '路' => before >= 1 && !(previous == Some('铁') && after.is_some_and(|c| !is_end(c))),
        '街' => before >= 1 && after != Some('道'),
        '巷' => before >= 1,
        '道' if previous == Some('大') => before >= 2,
        '道' if matches!(previous, Some('国' | '省' | '县' | '乡')) => {
            return (before >= 2 && chars[start..at].iter().any(char::is_ascii_digit)).then_some(end);
        }
        '道' => return (before >= 1).then(|| end_of_way(chars, end)).flatten(),
        '同' => before >= 2 && previous == Some('胡'),
        '弄' => before >= 1 && previous.is_some_and(|c| !c.is_ascii_digit() && !is_numeral(c)),
        '里' | '条' | '段' | '线' => {
            return (before >= 1 && is_before_house(chars, end)).then_some(end);
        }
        _ => return None,
    };
    let continues = after.is_some_and(|c| {
        matches!(
            c,
            '路' | '街' | '道' | '巷' | '里' | '弄' | '条' | '桥' | '局' | '段'
        )
    });
    let is_section = after == Some('里') && is_before_house(chars, end + 1);
    (is_named && (!continues || is_section)).then_some(end)
}

fn is_end(c: char) -> bool {
    is_mark(c) || c.is_ascii_digit()
}

/// 道, perhaps with its side as in Hong Kong (皇后大道中): right before a number or the end.
fn end_of_way(chars: &[char], end: usize) -> Option<usize> {
    let side = usize::from(matches!(chars.get(end), Some('中' | '东' | '西' | '南' | '北')));
    let is_last = chars
        .get(end + side)
        .is_none_or(|&c| is_mark(c) || matches!(c, '与' | '和' | '及'));
    (is_last || is_before_house(chars, end + side)).then_some(end + side)
}

/// Does a house number stand here?
fn is_before_house(chars: &[char], at: usize) -> bool {
    let Some(number) = number_at(chars, at) else {
        return false;
    };
    match unit_at(chars, &number, &Levels::default()) {
        Some((unit, _)) => matches!(unit, Unit::House | Unit::Lane | Unit::Metre),
        None => !number.is_han && chars.get(number.end).is_none_or(|&c| is_mark(c)),
    }
}

/// The end of a road with its side, section or side road: 东段, 四段, 三巷, 东二条, 大道中.
fn extended(chars: &[char], end: usize) -> usize {
    let mut at = end;
    if chars[end - 1] == '道'
        && matches!(chars.get(at), Some('中' | '东' | '西' | '南' | '北'))
        && is_before_house(chars, at + 1)
    {
        return at + 1;
    }
    while let Some(&c) = chars.get(at) {
        let is_ordinal = matches!(
            c,
            '东' | '西' | '南' | '北' | '中' | '上' | '下' | '前' | '后' | '支' | '辅'
        ) || is_numeral(c);
        if !is_ordinal || at > end + 3 {
            break;
        }
        at += 1;
    }
    if at == end && chars.get(at).is_some_and(char::is_ascii_digit) && chars.get(at + 1) == Some(&'段') {
        return at + 2;
    }
    let is_side_road = at > end
        && matches!(
            chars.get(at),
            Some('段' | '巷' | '条' | '街' | '里' | '路' | '弄')
        );
    if is_side_road && !matches!(chars.get(at + 1), Some('口' | '街' | '道')) {
        return at + 1;
    }
    end
}

/// Takes a compound or village off the front of a road's name: 科技园科苑路, 王家村建设路.
fn split_place(chars: &[char], start: usize, end: usize) -> Road {
    let name = &chars[start..end];
    let split = (2..name.len())
        .rev()
        .find(|&at| note::ends_place(&name[..at]) && is_full(&name[at..]));
    let start_of_road = start + split.unwrap_or(0);
    Road {
        place: start,
        start: start_of_road,
        end,
    }
}

/// Has the road a name of its own? 南大街 after 中关村 has none.
pub(super) fn is_full(road: &[char]) -> bool {
    road.iter().take(road.len().saturating_sub(1)).any(|&c| {
        !matches!(
            c,
            '东' | '西' | '南' | '北' | '中' | '大' | '小' | '环' | '前' | '后' | '内' | '外' | '路' | '街'
        ) && !is_numeral(c)
    }) && road.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let chars: Vec<char> = text.chars().collect();
        let found = find(&chars).map(|road| {
            let place: String = chars[road.place..road.start].iter().collect();
            let name: String = chars[road.start..road.end].iter().collect();
            (place, name)
        });
        let found = found
            .as_ref()
            .map(|(place, name)| (place.as_str(), name.as_str()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_road_ends_with_its_word() {
        for (text, road) in [
            ("建国路88号", "建国路"),
            ("山西北路12号", "山西北路"),
            ("五一路三号", "五一路"),
            ("解放二路5号", "解放二路"),
            ("中关村南大街5号", "中关村南大街"),
            ("三里屯路19号", "三里屯路"),
            ("东四十条甲22号", "东四十条"),
            ("g312国道5号", "g312国道"),
            ("104国道边", "104国道"),
            ("府学胡同15号", "府学胡同"),
            ("解放路东段5号", "解放路东段"),
            ("忠孝东路四段1号", "忠孝东路四段"),
            ("建设路三巷5号", "建设路三巷"),
            ("皇后大道中99号", "皇后大道中"),
            ("弥敦道100号", "弥敦道"),
            ("6号大街452号", "6号大街"),
            ("经三路88", "经三路"),
            ("平安里5号", "平安里"),
        ] {
            check(text, Some(("", road)));
        }
    }

    #[test]
    fn a_square_stands_for_a_road_before_a_house_number_only() {
        for (text, name) in [
            ("五四广场156号", Some("五四广场")),
            ("阳光花园五四广场156号", Some("五四广场")),
            ("新城市广场12号", Some("新城市广场")),
            ("五一广场", None),
            ("万达广场5号楼", None),
            ("万达广场5号门", None),
            ("广场5号", None),
            ("3号万达广场5号", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found = square(&chars).map(|road| chars[road.start..road.end].iter().collect::<String>());
            assert_eq!(found.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn compounds_before_a_road_stay_apart() {
        check("科技园科苑路15号", Some(("科技园", "科苑路")));
        check("王家村建设路5号", Some(("王家村", "建设路")));
        check("望京园603号楼", None);
        check("幸福村12号幸福路", None);
        check("三里屯soho5号商场", None);
    }
}
