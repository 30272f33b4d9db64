//! Titles and forms of address around personal names.
//!
//! Compiled for guiyi from common usage, dated 2026-11.

use super::ReferenceData;

/// Chinese titles that follow a name.
pub const HAN: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "太太",
    "总",
    "总经理",
    "副总",
    "副总经理",
    "董",
    "董事长",
    "总裁",
    "副总裁",
    "经理",
    "主任",
    "副主任",
    "主管",
    "处长",
    "科长",
    "局长",
    "院长",
    "校长",
    "会计",
    "出纳",
    "财务",
    "采购",
    "老师",
    "教授",
    "医生",
    "律师",
    "工",
    "工程师",
    "师傅",
    "姐",
    "哥",
    "老板",
    "店长",
    "厂长",
    "部长",
    "助理",
    "秘书",
    "书记",
    "队长",
    "站长",
    "所长",
    "行长",
    "同志",
    "同学",
    "法人",
    "联系人",
    "业务员",
    "销售",
    "前台",
    "仓库",
];

/// Latin titles before a name.
pub const LATIN_BEFORE: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "reverend",
    "capt",
    "captain",
    "col",
    "major",
    "hon",
    "madam",
    "mister",
    "herr",
    "frau",
    "mme",
    "mlle",
    "ing",
    "dipl",
];

/// Latin titles and generations after a name.
pub const LATIN_AFTER: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mba", "cpa", "obe", "mbe", "cbe", "qc", "kc", "bsc",
    "msc", "dds",
];

/// Particles that belong to the family name after them.
pub const PARTICLES: &[&str] = &[
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "el", "al",
    "bin", "ibn", "ter", "ten", "zu", "zur", "af", "av", "st", "san", "santa", "mac", "mc", "o", "ap",
];

pub(super) fn about() -> ReferenceData {
    super::own("titles", &[HAN, LATIN_BEFORE, LATIN_AFTER, PARTICLES], &[])
}
