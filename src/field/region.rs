//! Regions in names of organisations.
//!
//! In: text in simplified characters. Out: the region's short form without 市, such as 北京 or 昆山: the county-level city
//! or county when named, otherwise the city, otherwise the province; a district gives way to its city. 中国 counts as a
//! region, and a development zone after a region goes with it. Divisions are those of `reference::regions`, read from
//! left to right and downwards only.
//!
//! Short forms of county-level cities are often ordinary names. One that is put together of two characters of the
//! traditional poem of shop names (朱彭寿, 安乐康平室随笔, 1940) is taken for a shop name: 永安, 福安, 德兴. A short list adds
//! those that mean something else. Both are regions only when written with 市.

use crate::reference::industries;
use crate::reference::regions::Division;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::regions::divisions_named;
use crate::reference::regions::is_within;
use crate::reference::regions::longest_former_prefixes;
use crate::reference::regions::longest_prefixes;
use crate::reference::zones::leading_zone;

/// A region at the start of a text.
pub(super) struct LeadingRegion {
    pub(super) region: String,
    /// Bytes it takes.
    pub(super) length: usize,
    /// Was it written in a way that means nothing else: a country, province or city, or a county with its suffix?
    pub(super) is_certain: bool,
    /// Does it end in the short form of a division, so that the next character may belong to the same word?
    pub(super) is_short: bool,
    /// The district without 区, when a district of `region` is named.
    pub(super) district: &'static str,
}

/// The 56 characters of the poem of shop names.
const SHOP_CHARACTERS: &str = "顺裕兴隆瑞永昌元亨万利复丰祥泰和茂盛同乾德谦吉公仁协鼎光聚益中通全信义久恒大美庆安康新春正合生成广润发洪源厚福长";

/// The region that starts `text`.
pub(super) fn leading_region(text: &str) -> Option<LeadingRegion> {
    for country in ["中华人民共和国", "中国"] {
        if text.starts_with(country) {
            return Some(LeadingRegion {
                region: "中国".to_owned(),
                length: country.len(),
                is_certain: true,
                is_short: false,
                district: "",
            });
        }
    }
    let mut at = 0;
    let mut above: Option<&'static Division> = None;
    let mut last: Option<&'static Division> = None;
    let mut is_certain = true;
    let mut is_short = false;
    while let Some((length, division)) = next_division(&text[at..], last) {
        is_short = text[at..at + length] != *division.name;
        is_certain &= !is_short || division.level < Level::County;
        at += length;
        above = last;
        last = Some(division);
    }
    let last = last?;
    let zone = zone_length(&text[at..]);
    if zone > 0 {
        at += zone;
        is_short = false;
    }
    let (region, district) = named_by(last, above);
    Some(LeadingRegion {
        region,
        length: at,
        is_certain,
        is_short,
        district,
    })
}

/// The region a division stands for, and the district without 区 when it is one.
fn named_by(last: &'static Division, above: Option<&'static Division>) -> (String, &'static str) {
    if last.level != Level::County || !last.name.ends_with('区') {
        return (short(last), "");
    }
    let above = above.or_else(|| {
        let is_unique = divisions_named(last.name).nth(1).is_none();
        division(last.parent).filter(|_| is_unique)
    });
    match above {
        Some(above) => (short(above), district_stem(last.name)),
        None => (short(last), ""),
    }
}

fn district_stem(name: &'static str) -> &'static str {
    ["新区", "区"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix).filter(|stem| stem.chars().count() >= 2))
        .unwrap_or(name)
}

/// The region of today for a former one that starts `text`, written with its suffix and with one successor: 襄樊市 → 襄阳.
pub(super) fn former_region(text: &str) -> Option<LeadingRegion> {
    let (length, former) = longest_former_prefixes(text).next()?;
    let current = former.iter().filter(|former| former.is_name);
    let mut current = current.flat_map(|former| former.successors.iter().copied());
    let code = current.next()?;
    let is_written_out = text[..length].ends_with(['省', '市', '县', '区', '州', '盟', '旗']);
    let is_only = is_written_out && current.all(|other| other == code);
    let (region, district) = named_by(division(code).filter(|_| is_only)?, None);
    Some(LeadingRegion {
        region,
        length,
        is_certain: true,
        is_short: false,
        district,
    })
}

/// Bytes of the development zone that starts `text`. A zone of the kinds that the state sets up may have a name of its
/// own of up to four characters, when more than words of trade follows.
fn zone_length(text: &str) -> usize {
    if let Some((zone, _)) = leading_zone(text) {
        return zone.len();
    }
    if !text.contains('区') {
        return 0;
    }
    let mut starts = text.char_indices().skip(1).take(4).map(|(at, _)| at);
    let found = starts.find_map(|at| {
        let (zone, kind) = leading_zone(&text[at..])?;
        let is_of_state = matches!(
            kind,
            "高新区" | "经开区" | "自贸区" | "综保区" | "保税区" | "开发区" | "自创区" | "科技园区"
        );
        let end = at + zone.len();
        (is_of_state && zone.ends_with('区') && has_core(&text[end..])).then_some(end)
    });
    found.unwrap_or(0)
}

/// Do two characters stay when the words of trade at the end are off?
fn has_core(text: &str) -> bool {
    let mut rest = text;
    while let Some(word) = industries::suffixes(rest).next() {
        rest = &rest[..rest.len() - word.len()];
    }
    rest.chars().nth(1).is_some()
}

/// The region that the whole text names.
pub(super) fn region_named(text: &str) -> Option<String> {
    let found = leading_region(text).filter(|found| found.length == text.len());
    found
        .map(|found| found.region)
        .or_else(|| divisions_named(text).next().map(short))
}

/// Bytes of the place that starts `text`: a country-wide name, or a division down to county-level cities.
pub(super) fn place_length(text: &str) -> usize {
    longest_prefixes(text).next().map_or(0, |(length, _)| length)
}

/// The short form of a division: without 省, 市 and 县, and without the peoples of an autonomous unit.
pub(super) fn short(division: &'static Division) -> String {
    const PEOPLES: &[&str] = &[
        "蒙古族",
        "回族",
        "藏族",
        "苗族",
        "彝族",
        "壮族",
        "布依族",
        "朝鲜族",
        "满族",
        "侗族",
        "瑶族",
        "白族",
        "土家族",
        "哈尼族",
        "哈萨克族",
        "傣族",
        "黎族",
        "傈僳族",
        "佤族",
        "畲族",
        "拉祜族",
        "水族",
        "东乡族",
        "纳西族",
        "土族",
        "达斡尔族",
        "仫佬族",
        "羌族",
        "布朗族",
        "撒拉族",
        "毛南族",
        "仡佬族",
        "锡伯族",
        "普米族",
        "怒族",
        "保安族",
        "裕固族",
        "独龙族",
        "各族",
        "塔吉克",
        "锡伯",
        "蒙古",
        "哈萨克",
        "景颇族",
        "柯尔克孜族",
    ];
    if let Some(mut stem) = division.name.strip_suffix("自治县") {
        while let Some(shorter) = PEOPLES
            .iter()
            .find_map(|people| stem.strip_suffix(people))
            .filter(|shorter| shorter.chars().count() >= 2)
        {
            stem = shorter;
        }
        return stem.to_owned();
    }
    match division.name.strip_suffix('县') {
        Some(stem) if stem.chars().count() >= 2 => stem.to_owned(),
        _ => division.short.to_owned(),
    }
}

/// The longest division that starts `text`, inside `above` when that is given.
fn next_division(text: &str, above: Option<&Division>) -> Option<(usize, &'static Division)> {
    for (length, divisions) in longest_prefixes(text) {
        let name = &text[..length];
        let found = divisions.iter().copied().find(|division| match above {
            Some(above) => {
                division.level > above.level
                    && is_within(division, above.code)
                    && !is_doubtful(name, division)
            }
            None => !is_doubtful(name, division),
        });
        let is_road = text[length..].starts_with(['路', '街', '道']);
        if let Some(division) = found
            && !(is_road && name != division.name)
        {
            return Some((length, division));
        }
    }
    None
}

/// Is this the short form of a division that is more often a word, a shop name or a brand?
fn is_doubtful(name: &str, division: &Division) -> bool {
    let is_short = name == division.short && name != division.name;
    is_short && (is_other_word(name) || division.level == Level::County && is_shop_name(name))
}

fn is_shop_name(name: &str) -> bool {
    name.chars().all(|c| SHOP_CHARACTERS.contains(c))
}

/// Short forms that mean something else: directions and common words (东方, 天长, 双河), surnames with a good sign (高平),
/// well-known brands (阿里, 凤凰), or a prefecture whose name is a usual shop name (安康, 金昌).
fn is_other_word(name: &str) -> bool {
    matches!(
        name,
        "东方"
            | "阿里"
            | "和田"
            | "安康"
            | "金昌"
            | "凤凰"
            | "天长"
            | "海阳"
            | "新华"
            | "新星"
            | "新民"
            | "新乐"
            | "双河"
            | "三河"
            | "海城"
            | "凌云"
            | "白杨"
            | "北安"
            | "同江"
            | "安达"
            | "开平"
            | "高平"
            | "乐平"
            | "兴平"
            | "永平"
            | "平和"
            | "宁安"
            | "万宁"
            | "兴宁"
            | "兴化"
            | "华亭"
            | "华阴"
            | "东兴"
            | "东阳"
            | "龙泉"
            | "和龙"
            | "高安"
            | "建德"
            | "乐昌"
            | "丰城"
            | "金坛"
            | "共青城"
    )
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
        assert_eq!(region("浦东新区华夏"), Some(("上海".to_owned(), 4)));
        assert_eq!(region("中国石油"), Some(("中国".to_owned(), 2)));
        assert_eq!(region("广西壮族自治区南宁市华夏"), Some(("南宁".to_owned(), 10)));
        assert!(region("东方明珠").is_none());
        assert!(region("南京路百货").is_none());
        assert_eq!(region_named("呼伦贝尔").as_deref(), Some("呼伦贝尔"));
        assert_eq!(region_named("长阳土家族自治县").as_deref(), Some("长阳"));
    }

    #[test]
    fn zones_go_with_their_region() {
        let length = |text| leading_region(text).map_or(0, |found| found.length / 3);
        assert_eq!(length("苏州工业园区恒泰"), 6);
        assert_eq!(length("北京经济技术开发区华夏"), 9);
        assert_eq!(length("上海张江高科技园区华夏"), 9);
        assert_eq!(length("北京创新区块链"), 2);
    }

    #[test]
    fn short_forms_made_of_shop_characters_need_their_suffix() {
        assert!(leading_region("永安华夏").is_none());
        assert!(leading_region("福安华夏").is_none());
        assert_eq!(
            leading_region("永安市华夏").map(|found| found.region).as_deref(),
            Some("永安")
        );
        assert_eq!(
            leading_region("长春华夏").map(|found| found.region).as_deref(),
            Some("长春")
        );
        assert_eq!(
            leading_region("泰安华夏").map(|found| found.region).as_deref(),
            Some("泰安")
        );
    }
}
