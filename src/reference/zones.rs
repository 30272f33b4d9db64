//! Development zones: 高新区, 经开区 and their kin, which are no divisions of GB/T 2260.
//!
//! Compiled for guiyi from the national catalogue of development zones (2018) and the notices on pilot zones, dated 2026-11.
//! In: text. Out: the zone word that it starts or ends with, and its standard. A zone stands with a region (企业名称登记管理规定,
//! article 7); which region it belongs to is decided in `field`.

use super::ReferenceData;

/// Words for zones and their standard, longer words before shorter ones.
#[rustfmt::skip]
pub const ZONES: &[(&str, &str)] = &[
    ("高新技术产业园区", "高新区"), ("高新技术产业开发区", "高新区"), ("高新技术开发区", "高新区"), ("高新技术产业区", "高新区"),
    ("高技术产业开发区", "高新区"), ("国家高新区", "高新区"), ("高新开发区", "高新区"),
    ("经济技术开发区", "经开区"), ("国家经开区", "经开区"), ("经济开发区", "经开区"), ("技术开发区", "经开区"), ("经开区", "经开区"),
    ("自由贸易试验区", "自贸区"), ("自贸试验区", "自贸区"), ("自由贸易港", "自贸区"), ("自由贸易区", "自贸区"), ("自贸港", "自贸区"),
    ("综合保税区", "综保区"), ("保税港区", "保税区"), ("保税物流园区", "保税区"), ("综保区", "综保区"), ("保税区", "保税区"),
    ("出口加工区", "出口加工区"), ("边境经济合作区", "边合区"), ("跨境经济合作区", "边合区"), ("航空港经济综合实验区", "航空港区"),
    ("临空经济示范区", "临空经济区"), ("临空经济区", "临空经济区"), ("航空港区", "航空港区"), ("临港新片区", "临港新片区"), ("临港经济区", "临港经济区"),
    ("新技术产业示范区", "高新区"), ("自主创新示范区", "自创区"), ("农业高新技术产业示范区", "农高区"), ("生态示范区", "示范区"),
    ("城乡一体化示范区", "示范区"), ("一体化示范区", "示范区"), ("产业集聚区", "产业园区"), ("产业转移工业园", "工业园区"),
    ("循环经济园区", "产业园区"), ("生态工业园区", "工业园区"), ("化学工业园区", "化工园区"), ("化工园区", "化工园区"), ("工业集中区", "工业园区"),
    ("工业园区", "工业园区"), ("工业区", "工业园区"), ("工业园", "工业园区"), ("产业园区", "产业园区"), ("产业园", "产业园区"),
    ("科技园区", "科技园区"), ("科技园", "科技园区"), ("软件园区", "软件园"), ("软件园", "软件园"), ("科学城", "科学城"), ("大学城", "大学城"),
    ("旅游度假区", "旅游度假区"), ("旅游区", "旅游度假区"), ("风景名胜区", "风景区"), ("风景区", "风景区"),
    ("投资区", "投资区"), ("合作区", "合作区"), ("实验区", "实验区"), ("示范区", "示范区"), ("管理区", "管理区"), ("商务区", "商务区"),
    ("高新区", "高新区"), ("开发区", "开发区"), ("自贸区", "自贸区"), ("新片区", "新片区"), ("园区", "园区"), ("新区", "新区"),
];

/// The zone word that `text` starts with, the longest of them, and its standard.
pub fn leading_zone(text: &str) -> Option<(&'static str, &'static str)> {
    let found = ZONES.iter().filter(|(word, _)| text.starts_with(word));
    found.max_by_key(|(word, _)| word.len()).copied()
}

/// The zone word that `text` ends with, the longest of them, and its standard.
///
/// # Examples
/// ```
/// use guiyi::reference::zones::trailing_zone;
/// assert_eq!(trailing_zone("合肥高新技术产业开发区"), Some(("高新技术产业开发区", "高新区")));
/// assert_eq!(trailing_zone("合肥市蜀山区"), None);
/// ```
pub fn trailing_zone(text: &str) -> Option<(&'static str, &'static str)> {
    let found = ZONES.iter().filter(|(word, _)| text.ends_with(word));
    found.max_by_key(|(word, _)| word.len()).copied()
}

pub(super) fn about() -> ReferenceData {
    super::own("zones", &[], &[ZONES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_wins_at_either_end() {
        assert_eq!(
            leading_zone("经济技术开发区科学大道").map(|(_, zone)| zone),
            Some("经开区")
        );
        assert_eq!(leading_zone("高新区").map(|(word, _)| word), Some("高新区"));
        assert_eq!(
            trailing_zone("苏州工业园区").map(|(_, zone)| zone),
            Some("工业园区")
        );
        for text in ["", "Pudong", "朝阳区"] {
            assert_eq!(leading_zone(text), None);
            assert_eq!(trailing_zone(text), None);
        }
    }
}
