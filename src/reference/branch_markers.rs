//! Endings that name a branch, office or shop of an organisation.
//!
//! Compiled for guiyi after 企业名称登记管理规定 (2020) and the SAS QKB zh-CN examples; dated 2026-11.

use super::ReferenceData;

/// Endings that always mean a branch.
pub const STRONG: &[&str] = &[
    "分公司",
    "支公司",
    "中心支公司",
    "分行",
    "支行",
    "分理处",
    "储蓄所",
    "营业部",
    "营业厅",
    "营业所",
    "分店",
    "分厂",
    "分院",
    "分校",
    "分部",
    "分社",
    "分所",
    "分局",
    "办事处",
    "代表处",
    "联络处",
    "项目部",
    "事业部",
    "子公司",
    "分中心",
    "分号",
    "分站",
    "分会",
    "分馆",
    "联络站",
];

/// Endings that mean a branch only after a legal form; alone they are the form of a small firm.
pub const WEAK: &[&str] = &[
    "销售部",
    "服务中心",
    "门市部",
    "经营部",
    "工厂",
    "仓库",
    "门店",
    "运销处",
    "旗舰店",
    "专卖店",
    "直营店",
    "加盟店",
    "体验店",
    "服务部",
    "服务站",
    "营销中心",
    "研发中心",
    "采购部",
    "工程部",
    "技术部",
    "市场部",
    "财务部",
    "车间",
];

pub(super) fn about() -> ReferenceData {
    super::own("branch_markers", &[STRONG, WEAK], &[])
}
