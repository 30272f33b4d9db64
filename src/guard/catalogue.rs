//! The guards and their limits: name, labels, defaults and reasons.
//!
//! Defaults are the starting values of operations.md section 3; a job moves any of them in `[guards]`.

/// One guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Name in verdicts and on the command line.
    pub name: &'static str,
    /// What it watches, English and Chinese.
    pub labels: [&'static str; 2],
}

const GUARDS: &[Guard] = &[
    Guard {
        name: "rows",
        labels: [
            "rows of a source against the median of the last runs",
            "来源行数与近几次运行中位数之比",
        ],
    },
    Guard {
        name: "keys",
        labels: [
            "keys of a source that the last run had too",
            "来源主键与上次运行的重合率",
        ],
    },
    Guard {
        name: "unusable",
        labels: [
            "missing or invalid values of a field used for matching",
            "匹配字段缺失或无效的比例",
        ],
    },
    Guard {
        name: "rejects",
        labels: [
            "rejected rows and undecodable cells of a source",
            "来源拒收行与无法解码单元格的比例",
        ],
    },
    Guard {
        name: "ids_merged",
        labels: ["unified IDs retired by merging", "因合并而停用的统一客户编号"],
    },
    Guard {
        name: "ids_split",
        labels: ["unified IDs that were split", "被拆分的统一客户编号"],
    },
    Guard {
        name: "largest_cluster",
        labels: ["records of the largest customer", "最大客户的记录数"],
    },
    Guard {
        name: "candidate_pairs",
        labels: [
            "candidate pairs against the median of the last runs",
            "候选对数与近几次运行中位数之比",
        ],
    },
    Guard {
        name: "golden_changes",
        labels: [
            "golden names or tax numbers that changed",
            "黄金记录名称或税号的变更率",
        ],
    },
    Guard {
        name: "tax_id_conflicts",
        labels: [
            "customers that hold two valid identifiers",
            "含两个不同有效证照号的客户",
        ],
    },
    Guard {
        name: "schema",
        labels: [
            "columns that came, went or changed places",
            "新增、缺失或互换的列",
        ],
    },
];

/// Every guard, in the order of its verdicts.
pub fn guards() -> &'static [Guard] {
    GUARDS
}

/// One number of `[guards]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Key in `[guards]`.
    pub name: &'static str,
    /// The value unless given.
    pub default: f64,
    /// Least and largest value.
    pub range: (f64, f64),
    /// What it means, English and Chinese.
    pub reason: [&'static str; 2],
}

const fn limit(name: &'static str, default: f64, max: f64, en: &'static str, zh: &'static str) -> Limit {
    Limit {
        name,
        default,
        range: (0.0, max),
        reason: [en, zh],
    }
}

/// Larger than any count.
const COUNT_MAX: f64 = 1e12;

const LIMITS: &[Limit] = &[
    limit(
        "few",
        5.0,
        COUNT_MAX,
        "rows or IDs up to which a share is not judged",
        "不超过此数的行或编号不按比例判断",
    ),
    limit(
        "rows_warn",
        0.1,
        1e6,
        "rows more or less than the median: warn",
        "行数偏离中位数：警告",
    ),
    limit(
        "rows_refuse",
        0.3,
        1e6,
        "rows more or less than the median: refuse; so do no rows at all",
        "行数偏离中位数：拒绝；零行亦拒绝",
    ),
    limit(
        "keys_warn",
        0.95,
        1.0,
        "least share of the last run's keys still there: warn",
        "上次主键保留率下限：警告",
    ),
    limit(
        "keys_refuse",
        0.5,
        1.0,
        "least share of the last run's keys still there: refuse",
        "上次主键保留率下限：拒绝",
    ),
    limit(
        "unusable_warn",
        0.03,
        1.0,
        "rise of missing or invalid values: warn",
        "缺失或无效比例上升：警告",
    ),
    limit(
        "unusable_refuse",
        0.15,
        1.0,
        "rise of missing or invalid values: refuse",
        "缺失或无效比例上升：拒绝",
    ),
    limit(
        "rejects_warn",
        0.001,
        1.0,
        "share of rejected or undecodable: warn",
        "拒收或无法解码比例：警告",
    ),
    limit(
        "rejects_refuse",
        0.01,
        1.0,
        "share of rejected or undecodable: refuse",
        "拒收或无法解码比例：拒绝",
    ),
    limit(
        "ids_merged_warn",
        0.005,
        1.0,
        "share of live IDs that merged: warn",
        "合并停用编号比例：警告",
    ),
    limit(
        "ids_merged_refuse",
        0.02,
        1.0,
        "share of live IDs that merged: refuse",
        "合并停用编号比例：拒绝",
    ),
    limit(
        "ids_split_warn",
        0.002,
        1.0,
        "share of live IDs that were split: warn",
        "拆分编号比例：警告",
    ),
    limit(
        "ids_split_refuse",
        0.01,
        1.0,
        "share of live IDs that were split: refuse",
        "拆分编号比例：拒绝",
    ),
    limit(
        "largest_cluster_warn",
        50.0,
        COUNT_MAX,
        "records of the largest customer: warn",
        "最大客户记录数：警告",
    ),
    limit(
        "largest_cluster_refuse",
        200.0,
        COUNT_MAX,
        "records of the largest customer: refuse",
        "最大客户记录数：拒绝",
    ),
    limit(
        "largest_cluster_growth",
        3.0,
        COUNT_MAX,
        "times the last run's largest customer, above the warning: refuse",
        "超过警告线且达上次最大客户的倍数：拒绝",
    ),
    limit(
        "candidate_pairs_warn",
        2.0,
        COUNT_MAX,
        "times the median of candidate pairs: warn",
        "候选对数达中位数的倍数：警告",
    ),
    limit(
        "candidate_pairs_refuse",
        5.0,
        COUNT_MAX,
        "times the median of candidate pairs: refuse",
        "候选对数达中位数的倍数：拒绝",
    ),
    limit(
        "candidate_pairs_max",
        2e10,
        1e15,
        "candidate pairs of any run: refuse",
        "候选对数上限：拒绝",
    ),
    limit(
        "golden_changes_warn",
        0.01,
        1.0,
        "share of golden names or tax numbers changed: warn",
        "名称或税号变更比例：警告",
    ),
    limit(
        "golden_changes_refuse",
        0.05,
        1.0,
        "share of golden names or tax numbers changed: refuse",
        "名称或税号变更比例：拒绝",
    ),
    limit(
        "tax_id_conflicts_refuse",
        0.0,
        COUNT_MAX,
        "customers of two valid identifiers, not joined by a steward: refuse above",
        "未经裁决而含两个有效证照号的客户数：超过则拒绝",
    ),
];

/// Every number of `[guards]`.
pub fn limits() -> &'static [Limit] {
    LIMITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_belong_to_guards_and_defaults_are_within_their_ranges() {
        for limit in limits() {
            let is_known = limit.name == "few" || guards().iter().any(|g| limit.name.starts_with(g.name));
            assert!(is_known, "{}", limit.name);
            assert!(
                (limit.range.0..=limit.range.1).contains(&limit.default),
                "{}",
                limit.name
            );
        }
    }
}
