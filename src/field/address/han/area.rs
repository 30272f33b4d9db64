//! Zones and towns between the divisions and the road.
//!
//! In: the characters after the divisions. Out: a development zone (高新区, 苏州工业园区) as its own token, and the town: 镇,
//! 乡, 街道, 苏木. Zones are no units of GB/T 2260. A village or community stays in the text: it becomes the compound.

use super::house::is_mark;
use super::numeral::is_numeral;

/// How zones end; a zone is one of these with at most [`ZONE_CHARS_MAX`] characters.
const ZONE_ENDS: &[&str] = &[
    "开发区",
    "高新区",
    "经开区",
    "新技术区",
    "工业园区",
    "产业园区",
    "科技园区",
    "技术园区",
    "物流园区",
    "保税区",
    "保税港区",
    "综保区",
    "自贸区",
    "试验区",
    "实验区",
    "新区",
    "示范区",
    "合作区",
    "加工区",
    "度假区",
    "名胜区",
    "风景区",
    "旅游区",
    "集聚区",
    "聚集区",
    "集中区",
    "工业区",
    "管理区",
    "管委会",
];

const ZONE_CHARS_MAX: usize = 16;
const TOWN_CHARS_MAX: usize = 9;

/// Length of the zone that starts `chars`; 0 when there is none.
pub(super) fn zone_length(chars: &[char]) -> usize {
    for (at, &c) in chars.iter().enumerate().take(ZONE_CHARS_MAX) {
        let is_other = is_mark(c) || matches!(c, '路' | '街' | '号' | '弄' | '栋' | '镇' | '乡' | '村' | '#');
        if is_other || c.is_ascii_digit() {
            return 0;
        }
        if matches!(c, '区' | '会') && ends_zone(&chars[..=at]) {
            return at + 1;
        }
        if c == '区' && at >= 1 && !matches!(chars[at - 1], '港' | '园') {
            return 0;
        }
    }
    0
}

fn ends_zone(text: &[char]) -> bool {
    ZONE_ENDS.iter().any(|end| {
        let length = end.len() / 3;
        text.len() >= length && end.chars().eq(text[text.len() - length..].iter().copied())
    })
}

/// Length of the town that starts `chars`, and of its name without 办事处; zeros when there is none.
pub(super) fn town_length(chars: &[char]) -> (usize, usize) {
    for (at, &c) in chars.iter().enumerate().take(TOWN_CHARS_MAX) {
        let next = chars.get(at + 1).copied();
        let end = at + 1;
        match c {
            '镇' if at >= 1 && !matches!(next, Some('镇' | '区')) && !is_road_of_town(chars, at) => {
                return (end + office(&chars[end..]), end);
            }
            '乡' if at >= 1 && next != Some('村') && chars[at - 1] != '城' && !is_road_of_town(chars, at) =>
            {
                return (end + office(&chars[end..]), end);
            }
            '街' if at >= 1 && next == Some('道') => {
                let end = end + 1;
                return (end + office(&chars[end..]), end);
            }
            '街' if at >= 1 && next == Some('办') => return (end + 1, end + 1),
            '木' if at >= 2 && chars[at - 1] == '苏' => return (end, end),
            '办' if at >= 2 && chars[at..].starts_with(&['办', '事', '处']) => return (at + 3, at + 3),
            c if is_mark(c) || c.is_ascii_digit() || matches!(c, '号' | '弄' | '栋' | '#') => {
                return (0, 0);
            }
            // 花园路办事处 is a town; other roads end the search.
            '路' if next != Some('办') && next != Some('街') && next != Some('镇') => return (0, 0),
            '街' | '巷' => return (0, 0),
            _ => {}
        }
    }
    (0, 0)
}

/// Length of 办事处 or 人民政府 after a town.
fn office(chars: &[char]) -> usize {
    [&['办', '事', '处'][..], &['人', '民', '政', '府']]
        .iter()
        .find(|word| chars.starts_with(word))
        .map_or(0, |word| word.len())
}

/// 镇南路 and 乡中街 are roads when one character stands before: 新镇南路.
fn is_road_of_town(chars: &[char], at: usize) -> bool {
    let rest = &chars[at + 1..];
    let sides = rest
        .iter()
        .take_while(|&&c| matches!(c, '东' | '西' | '南' | '北' | '中' | '前' | '后') || is_numeral(c))
        .count();
    let is_road = matches!(
        rest[sides..],
        ['路' | '街' | '巷' | '道', ..] | ['大', '街' | '道', ..]
    );
    is_road && (at == 1 || sides == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn zones_end_with_their_word() {
        for (text, length) in [
            ("高新区天府大道", 3),
            ("工业园区星湖街328号", 4),
            ("东湖新技术开发区光谷大道", 8),
            ("经济技术开发区5号", 7),
            ("阳光小区3栋", 0),
            ("城厢镇工业区", 0),
            ("建国路88号", 0),
        ] {
            assert_eq!(zone_length(&chars(text)), length, "{text}");
        }
    }

    #[test]
    fn towns_end_with_their_word() {
        for (text, town) in [
            ("城厢镇华源上海城", "城厢镇"),
            ("古镇镇中兴大道", "古镇镇"),
            ("中关村街道中关村大街", "中关村街道"),
            ("西湖街道办事处文三路", "西湖街道"),
            ("花园路办事处", "花园路办事处"),
            ("三里屯路19号", ""),
            ("新镇南路5号", ""),
            ("城关镇南街5号", "城关镇"),
            ("水乡人家3栋", "水乡"),
        ] {
            let chars = chars(text);
            let name: String = chars[..town_length(&chars).1].iter().collect();
            assert_eq!(name, town, "{text}");
        }
    }
}
