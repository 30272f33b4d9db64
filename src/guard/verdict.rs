//! What a guard says of a figure, for machines and for people.

use crate::model::Language;
use serde::Deserialize;
use serde::Serialize;

/// How serious a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Published with a warning.
    Warn,
    /// Kept as a candidate until a steward accepts it.
    Refuse,
}

/// A figure beyond a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Name of the guard.
    pub guard: String,
    /// Source concerned; empty when the whole run is.
    pub source: String,
    /// Fields or columns concerned.
    pub names: Vec<String>,
    /// The figure: a share, a factor or a count, as the guard's limits are.
    pub measured: f64,
    /// What it is measured against: the median or the last run's figure; none when it stands alone.
    pub usual: Option<f64>,
    /// The limit that it passes; none for guards without number.
    pub limit: Option<f64>,
    /// How serious.
    pub level: Level,
}

/// Guards whose figures are shares.
const SHARES: [&str; 6] = [
    "keys",
    "unusable",
    "rejects",
    "ids_merged",
    "ids_split",
    "golden_changes",
];

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

impl Verdict {
    /// One line for people; places and numbers only.
    pub fn text(&self, language: Language) -> String {
        let place = match self.source.as_str() {
            "" => String::new(),
            source => language
                .choose("source `{}`: ", "来源 `{}`：")
                .replace("{}", source),
        };
        let guard = &self.guard;
        let end = match self.level {
            Level::Warn => language.choose("warned", "警告"),
            Level::Refuse => language.choose("refused", "拒绝"),
        };
        let what = self.what(language);
        match language {
            Language::En => format!("{place}{what} (guard `{guard}` {end})"),
            Language::Zh => format!("{place}{what}（守卫 `{guard}` {end}）"),
        }
    }

    fn what(&self, language: Language) -> String {
        let names = self
            .names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>();
        let names = names.join(language.choose(", ", "、"));
        let shown = |number: f64| match SHARES.contains(&self.guard.as_str()) {
            true => percent(number),
            false => format!("{number:.0}"),
        };
        let (now, limit) = (shown(self.measured), self.limit.map_or_else(String::new, shown));
        let usual = self.usual.map_or_else(String::new, shown);
        let is_zh = language == Language::Zh;
        match self.guard.as_str() {
            "rows" if is_zh => format!("{now} 行，通常 {usual} 行"),
            "rows" => format!("{now} rows, usually {usual}"),
            "keys" if is_zh => format!("上次的主键仅 {now} 仍在，下限 {limit}；主键是否已重新编号"),
            "keys" => format!(
                "{now} of the last run's keys are there, at least {limit} should be; were they renumbered?"
            ),
            "unusable" if is_zh => format!("{names} 有 {now} 缺失或无效，通常 {usual}"),
            "unusable" => format!("{now} of {names} missing or invalid, usually {usual}"),
            "rejects" if is_zh => format!("{now} 的行被拒收或无法解码，上限 {limit}"),
            "rejects" => format!("{now} rejected or undecodable, at most {limit} should be"),
            "ids_merged" if is_zh => format!("{now} 的统一客户编号因合并停用，上限 {limit}"),
            "ids_merged" => {
                format!("{now} of the unified IDs would be merged away, at most {limit} should be")
            }
            "ids_split" if is_zh => format!("{now} 的统一客户编号被拆分，上限 {limit}"),
            "ids_split" => format!("{now} of the unified IDs would be split, at most {limit} should be"),
            "largest_cluster" if is_zh => format!("最大客户有 {now} 条记录，上限 {limit}"),
            "largest_cluster" => format!("the largest customer has {now} records, at most {limit} should be"),
            "candidate_pairs" if is_zh => format!("候选对 {now} 个，上限 {limit}"),
            "candidate_pairs" => format!("{now} candidate pairs, at most {limit} should be"),
            "golden_changes" if is_zh => format!("黄金记录 {names} 有 {now} 变更，上限 {limit}"),
            "golden_changes" => format!("{now} of the golden {names} changed, at most {limit} should"),
            "tax_id_conflicts" if is_zh => format!("{now} 个客户含两个不同的有效证照号"),
            "tax_id_conflicts" => format!("{now} customers hold two different valid identifiers"),
            "schema" => self.columns(language),
            _ => now,
        }
    }

    /// Which columns changed, told by the number of names: added, lost with its neighbour, or swapped.
    fn columns(&self, language: Language) -> String {
        let names = self
            .names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>();
        match (self.level, names.split_first()) {
            (Level::Refuse, Some((lost, []))) => match language {
                Language::En => format!("the mapped column {lost} is gone"),
                Language::Zh => format!("已映射的列 {lost} 缺失"),
            },
            (Level::Refuse, Some((lost, [near]))) if self.measured == 0.0 => match language {
                Language::En => format!("the mapped column {lost} is gone; did you mean {near}?"),
                Language::Zh => format!("已映射的列 {lost} 缺失；是否为 {near}？"),
            },
            (Level::Refuse, Some((a, rest))) => match language {
                Language::En => format!(
                    "the columns of {a} and {} seem to have changed places",
                    rest.join(", ")
                ),
                Language::Zh => format!("{a} 与 {} 的列似已互换", rest.join("、")),
            },
            _ => match language {
                Language::En => format!(
                    "columns came or went that the job does not map: {}",
                    names.join(", ")
                ),
                Language::Zh => format!("作业未映射的列有增减：{}", names.join("、")),
            },
        }
    }
}
