//! Regions in names of organisations.
//!
//! In: text in simplified characters. Out: the region's short form without 市, such as 北京 or 昆山: the county-level city
//! or county when named, otherwise the city, otherwise the province; a district gives way to its city. 中国 counts as a
//! region. Divisions are those of `reference::regions`, read from left to right and downwards only.

use crate::reference::regions::Division;
use crate::reference::regions::Level;
use crate::reference::regions::divisions_named;
use crate::reference::regions::is_within;
use crate::reference::regions::prefix_lengths;

/// A region at the start of a text.
pub(super) struct LeadingRegion {
    pub(super) region: String,
    /// Bytes it takes.
    pub(super) length: usize,
    /// Was it written in a way that means nothing else?
    pub(super) is_certain: bool,
}

/// Short names of cities that are common words or brands: regions only when written with 市.
const DOUBTFUL: &[&str] = &[
    "东方",
    "阿里",
    "永安",
    "永康",
    "瑞安",
    "建德",
    "宁安",
    "福安",
    "德兴",
    "华亭",
    "万宁",
    "北安",
    "同江",
    "天长",
    "乐昌",
    "龙泉",
    "金昌",
    "安康",
    "和田",
    "东兴",
    "兴化",
    "凤凰",
    "大安",
    "高安",
    "平和",
    "东阳",
    "乐平",
    "高平",
    "福鼎",
    "金坛",
    "英德",
    "信宜",
    "常宁",
    "兴宁",
    "新民",
    "海阳",
    "华阴",
    "兴平",
    "丰城",
    "新乐",
    "新星",
    "双河",
    "昆玉",
    "和龙",
    "武安",
    "白杨",
    "北屯",
    "可克达拉",
    "海城",
    "大石桥",
    "共青城",
    "三河",
    "新华",
    "安达",
    "凌云",
    "开平",
    "老河口",
];

/// Zones that stand after a region and are no divisions; the longer before the shorter.
const ZONES: &[&str] = &[
    "经济技术开发区",
    "高新技术产业开发区",
    "高新技术开发区",
    "自由贸易试验区",
    "自贸试验区",
    "工业园区",
    "综合保税区",
    "经济开发区",
    "高新区",
    "经开区",
    "开发区",
    "自贸区",
    "保税区",
    "示范区",
    "新区",
];

/// The region that starts `text`.
pub(super) fn leading_region(text: &str) -> Option<LeadingRegion> {
    for country in ["中华人民共和国", "中国"] {
        if text.starts_with(country) {
            return Some(LeadingRegion {
                region: "中国".to_owned(),
                length: country.len(),
                is_certain: true,
            });
        }
    }
    let mut at = 0;
    let mut named: Vec<&'static Division> = Vec::new();
    let mut is_certain = true;
    while let Some((length, division)) = next_division(&text[at..], named.last().copied()) {
        let is_short = &text[at..at + length] != division.name;
        is_certain &= !is_short || division.level < Level::County;
        at += length;
        named.push(division);
    }
    let last = named.last()?;
    if let Some(zone) = ZONES.iter().find(|zone| text[at..].starts_with(**zone)) {
        at += zone.len();
    }
    let region = match last.level {
        Level::County if last.name.ends_with('区') && named.len() > 1 => short(named[named.len() - 2]),
        _ => short(last),
    };
    Some(LeadingRegion {
        region,
        length: at,
        is_certain,
    })
}

/// The region that the whole text names.
pub(super) fn region_named(text: &str) -> Option<String> {
    let found = leading_region(text).filter(|found| found.length == text.len());
    found
        .or_else(|| {
            let division = divisions_named(text).next()?;
            Some(LeadingRegion {
                region: short(division),
                length: text.len(),
                is_certain: false,
            })
        })
        .map(|found| found.region)
}

fn short(division: &Division) -> String {
    match division.name.strip_suffix('县') {
        Some(stem) if stem.chars().count() >= 2 => stem.to_owned(),
        _ => division.short.to_owned(),
    }
}

/// The longest division that starts `text`, inside `above` when that is given.
fn next_division(text: &str, above: Option<&Division>) -> Option<(usize, &'static Division)> {
    for length in prefix_lengths(text) {
        let name = &text[..length];
        let found = divisions_named(name).find(|division| match above {
            Some(above) => {
                division.level > above.level
                    && is_within(division, above.code)
                    && !is_doubtful(name, division)
            }
            None => !is_doubtful(name, division),
        });
        let is_road = text[length..].starts_with(['路', '街', '道']);
        if let Some(division) = found
            && !is_road
        {
            return Some((length, division));
        }
    }
    None
}

fn is_doubtful(name: &str, division: &Division) -> bool {
    name == division.short && name != division.name && DOUBTFUL.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_read_downwards() {
        let region = |text| leading_region(text).map(|found| (found.region, found.length / 3));
        assert_eq!(region("北京华夏"), Some(("北京".to_owned(), 2)));
        assert_eq!(region("江苏省苏州市昆山市华夏"), Some(("昆山".to_owned(), 9)));
        assert_eq!(region("北京市朝阳区华夏"), Some(("北京".to_owned(), 6)));
        assert_eq!(region("中国石油"), Some(("中国".to_owned(), 2)));
        assert!(region("东方明珠").is_none());
        assert!(region("南京路百货").is_none());
        assert_eq!(region_named("呼伦贝尔").as_deref(), Some("呼伦贝尔"));
    }
}
