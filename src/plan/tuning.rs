//! Every number of matching that is neither learned from the data nor given by a steward, with the reason for its value.
//!
//! In: the table `[matching.tuning]` of a job, which may move any of them. Out: [`Tuning`], the values by name. The defaults come from the
//! literature, from the meaning of the quantity or from what a machine can do, never from fitting one set; `benches/accuracy --sensitivity`
//! shows how far accuracy moves with each. What a value does is known to the stage that it is handed to.

use crate::model::MatchWeight;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use schemars::Schema;
use schemars::SchemaGenerator;

/// How a value is moved by a share of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// By the factor itself.
    Factor,
    /// A similarity: its distance from 1 is moved.
    FromOne,
    /// A place on an open scale, where 0 means something: moved by a share of this unit.
    Unit(f64),
}

/// One number that a job may move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tunable {
    /// Its key in `[matching.tuning]`.
    pub name: &'static str,
    /// Its value unless the job gives another.
    pub default: f64,
    /// Least and largest value.
    pub range: (f64, f64),
    /// Must it be whole?
    pub is_whole: bool,
    /// How it is moved to see what hangs on it.
    pub scale: Scale,
    /// What it is and why it is as it is, in English and Chinese.
    pub reason: [&'static str; 2],
}

impl Tunable {
    /// The default moved by `factor` (0.8: a fifth down), held within the range; whole numbers move by at least 1.
    pub fn moved(&self, factor: f64) -> f64 {
        let value = match self.scale {
            Scale::Factor if self.is_whole => {
                let change = (self.default * (factor - 1.0)).round();
                let least = if factor < 1.0 { -1.0 } else { 1.0 };
                self.default + if change == 0.0 { least } else { change }
            }
            Scale::Factor => self.default * factor,
            // A factor above 1 makes the similarity stricter.
            Scale::FromOne => 1.0 - (1.0 - self.default) * (2.0 - factor),
            Scale::Unit(unit) => self.default + unit * (factor - 1.0),
        };
        // Rounded, so that it is written in a job as it is meant.
        let value = (value * 1e9).round() / 1e9;
        value.clamp(self.range.0, self.range.1)
    }
}

const fn real(
    name: &'static str,
    default: f64,
    range: (f64, f64),
    scale: Scale,
    reason: [&'static str; 2],
) -> Tunable {
    Tunable {
        name,
        default,
        range,
        is_whole: false,
        scale,
        reason,
    }
}

const fn whole(name: &'static str, default: f64, range: (f64, f64), reason: [&'static str; 2]) -> Tunable {
    Tunable {
        name,
        default,
        range,
        is_whole: true,
        scale: Scale::Factor,
        reason,
    }
}

/// The registry, in the order of the stages.
const TUNABLES: &[Tunable] = &[
    real(
        "pairs_per_record_max",
        40.0,
        (1.0, 100_000.0),
        Scale::Factor,
        [
            "candidate pairs per record that blocking may make; a core compares a million records' worth in seconds",
            "每条记录的候选对上限；单核数秒可比较百万条记录的候选对",
        ],
    ),
    whole(
        "block_size_max",
        200.0,
        (2.0, 1e9),
        [
            "records of one blocking key beyond which it is refined; a customer has tens of records, not hundreds",
            "同一分块键的记录数上限，超过则细分；一个客户有几十条记录，不会有几百条",
        ],
    ),
    whole(
        "block_size_floor",
        8.0,
        (2.0, 1e9),
        [
            "records of one key that the pair budget never refines further; below it a customer's own records would be parted",
            "候选对预算不再细分的分块大小；再小会拆开同一客户的记录",
        ],
    ),
    whole(
        "keys_per_record_max",
        24.0,
        (1.0, 10_000.0),
        [
            "keys of one record under one rule; lists of phones and long names would make more, at quadratic cost",
            "一条记录在一条规则下的分块键上限；多号码、长名称会使代价按平方增长",
        ],
    ),
    whole(
        "training_records",
        60_000.0,
        (1.0, 1e9),
        [
            "records whose candidate pairs train the model; levels of 1 in 1,000 pairs are then seen hundreds of times",
            "用于训练的记录数；千分之一的级别也能见到数百次",
        ],
    ),
    whole(
        "random_pairs",
        200_000.0,
        (1.0, 1e9),
        [
            "random pairs that u is read from; a u of 1 in 10,000 is then known within a quarter",
            "估计 u 概率的随机对数；万分之一的 u 误差约四分之一",
        ],
    ),
    whole(
        "rounds_max",
        50.0,
        (1.0, 100_000.0),
        [
            "rounds of EM; it converges in 10 to 30 or not at all",
            "EM 轮数上限；通常 10 至 30 轮收敛",
        ],
    ),
    real(
        "change_min",
        1e-4,
        (0.0, 1.0),
        Scale::Factor,
        [
            "change of the largest probability at which EM stops; a thousandth of a bit at most",
            "EM 停止时最大概率的变化；至多千分之一比特",
        ],
    ),
    real(
        "m_min",
        0.01,
        (0.0, 1.0),
        Scale::Factor,
        [
            "smallest m of a level: one field in a hundred is changed or mistaken in any export, so no field decides alone",
            "各级别 m 概率的下限：任何导出中约百分之一的字段会变更或出错，单一字段不能决定结果",
        ],
    ),
    real(
        "pseudo_pairs",
        0.5,
        (0.0, 1e6),
        Scale::Factor,
        [
            "pairs that every level is taken to have been seen in before any was (Jeffreys' prior)",
            "每个级别的先验对数（Jeffreys 先验）",
        ],
    ),
    whole(
        "corrections",
        2.0,
        (0.0, 100.0),
        [
            "rounds of taking expected matches out of u; the second moves it by hundredths of a bit",
            "从 u 中剔除期望匹配的轮数；第二轮仅变动百分之几比特",
        ],
    ),
    whole(
        "pairs_min",
        50.0,
        (0.0, 1e9),
        [
            "pairs below which a blocking rule teaches nothing: shares of fewer are known within a tenth at best",
            "分块规则参与学习的最少对数；更少时比例误差超过一成",
        ],
    ),
    real(
        "matches_heard_max",
        20_000.0,
        (1.0, 1e12),
        Scale::Factor,
        [
            "expected matches beyond which a rule's word grows no louder; its shares are exact long before, its bias stays",
            "规则话语权的匹配数上限；此前比例早已精确，偏差却不会减小",
        ],
    ),
    whole(
        "sharing_min",
        200.0,
        (0.0, 1e9),
        [
            "pairs sharing a phone, e-mail or house with other names below which their own u is not learned",
            "共用电话、邮箱或住址的对数下限，不足则不单独学习 u",
        ],
    ),
    real(
        "term_bits_max",
        24.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "most bits that the rarity of a value speaks for: once in 16 million, rarer is a slip of the pen as likely",
            "罕见值的最大权重：一千六百万分之一；更罕见的多为笔误",
        ],
    ),
    real(
        "close_similarity",
        0.92,
        (0.0, 1.0),
        Scale::FromOne,
        [
            "Jaro-Winkler from which two words are close: one slip in eight letters (Winkler 1990)",
            "两词相近的 Jaro-Winkler 值：八个字母错一个（Winkler 1990）",
        ],
    ),
    real(
        "near_similarity",
        0.88,
        (0.0, 1.0),
        Scale::FromOne,
        [
            "Jaro-Winkler from which two words are near: two slips in eight letters (Winkler 1990)",
            "两词相似的 Jaro-Winkler 值：八个字母错两个（Winkler 1990）",
        ],
    ),
    real(
        "cut_bits",
        0.0,
        (-100.0, 1_000.0),
        Scale::Unit(6.0),
        [
            "average weight at which clusters become one: as likely one customer as not",
            "两簇合并的平均权重：是与不是同一客户的可能性相等",
        ],
    ),
    real(
        "review_band_bits",
        6.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "width of the band below the cut that goes to review: from even odds to 1 in 64",
            "合并线以下送交复核的宽度：从一半到六十四分之一",
        ],
    ),
    real(
        "weight_max_bits",
        15.0,
        (0.0, 1_000.0),
        Scale::Factor,
        [
            "weight beyond which a pair speaks no louder in a cluster: 1 in 32,768 is certain enough either way",
            "单对记录在簇内话语权的上限：三万分之一已足够确定",
        ],
    ),
    whole(
        "component_size_max",
        400.0,
        (2.0, 1e9),
        [
            "records of a component beyond which it is parted at higher cuts: all its pairs are weighed, 80,000 at most",
            "连通分量的记录数上限，超过则以更高的线拆分；分量内全部记录对都要计算，至多八万对",
        ],
    ),
    real(
        "component_step_bits",
        2.0,
        (0.01, 100.0),
        Scale::Factor,
        [
            "by how much the cut rises until an oversized component falls apart: a quarter of the odds a step",
            "拆分过大分量时每步提高的权重：每步为四分之一的几率",
        ],
    ),
];

/// Every number that a job may move.
pub fn tunables() -> &'static [Tunable] {
    TUNABLES
}

fn position(name: &str) -> Option<usize> {
    TUNABLES.iter().position(|tunable| tunable.name == name)
}

/// The values of a job, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// In the order of the registry; `None` = the default.
    given: Vec<Option<f64>>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            given: vec![None; TUNABLES.len()],
        }
    }
}

impl Tuning {
    /// The value that the job gives; `None` = it leaves the default.
    ///
    /// # Panics
    /// When no tunable has this name: names are constants of the program.
    pub fn given(&self, name: &str) -> Option<f64> {
        let at = position(name).expect("the program asks for names of the registry only");
        self.given[at]
    }

    /// The value: the job's or the default.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn get(&self, name: &str) -> f64 {
        let at = position(name).expect("the program asks for names of the registry only");
        self.given[at].unwrap_or(TUNABLES[at].default)
    }

    /// The value of a whole number.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn whole(&self, name: &str) -> u64 {
        // Ranges are below 2^53 and not negative, so the cast is exact.
        self.get(name) as u64
    }

    /// The value of a number of records or pairs in memory.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.whole(name)).unwrap_or(usize::MAX)
    }

    /// The value of a number of bits.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn weight(&self, name: &str) -> MatchWeight {
        MatchWeight::from_bits(self.get(name))
    }

    /// Names and values that the job gives, in the order of the registry.
    pub fn moved(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        let named = TUNABLES.iter().zip(&self.given);
        named.filter_map(|(tunable, given)| Some((tunable.name, (*given)?)))
    }

    pub(super) fn set(&mut self, name: &str, value: f64) {
        if let Some(at) = position(name) {
            self.given[at] = Some(value);
        }
    }
}

/// Checks the table `[matching.tuning]`.
pub(super) fn check(given: &[(Located<String>, Located<f64>)], faults: &mut FaultList) -> Tuning {
    let mut tuning = Tuning::default();
    for (name, value) in given {
        let Some(at) = position(&name.value) else {
            let names: Vec<&str> = TUNABLES.iter().map(|tunable| tunable.name).collect();
            let message = format!("unknown key `{}` in [matching.tuning]", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &names));
            continue;
        };
        let tunable = &TUNABLES[at];
        let (least, most) = tunable.range;
        let is_sound = (least..=most).contains(&value.value);
        if !is_sound || tunable.is_whole && value.value.fract() != 0.0 {
            let kind = if tunable.is_whole {
                "whole number"
            } else {
                "number"
            };
            let message = format!("`{}` must be a {kind} from {least} to {most}", name.value);
            faults.add(value.span.clone(), message);
            continue;
        }
        tuning.given[at] = Some(value.value);
    }
    tuning
}

/// The table in the JSON schema: every name with range, default and reason.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let mut properties = serde_json::Map::new();
    for tunable in TUNABLES {
        let number = if tunable.is_whole { "integer" } else { "number" };
        let property = serde_json::json!({
            "type": number,
            "minimum": tunable.range.0,
            "maximum": tunable.range.1,
            "default": tunable.default,
            "description": tunable.reason[0],
        });
        properties.insert(tunable.name.to_owned(), property);
    }
    schemars::json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_range_and_moves_both_ways() {
        for (at, tunable) in TUNABLES.iter().enumerate() {
            let (least, most) = tunable.range;
            assert!((least..=most).contains(&tunable.default), "{}", tunable.name);
            assert!(
                !tunable.is_whole || tunable.default.fract() == 0.0,
                "{}",
                tunable.name
            );
            let (down, up) = (tunable.moved(0.8), tunable.moved(1.2));
            assert!(down < tunable.default && tunable.default < up, "{}", tunable.name);
            assert!(
                !tunable.is_whole || down.fract() == 0.0 && up.fract() == 0.0,
                "{}",
                tunable.name
            );
            assert_eq!(position(tunable.name), Some(at));
        }
    }

    #[test]
    fn values_are_those_of_the_job_or_the_defaults() {
        let mut tuning = Tuning::default();
        assert_eq!((tuning.get("m_min"), tuning.given("m_min")), (0.01, None));
        assert_eq!(tuning.weight("weight_max_bits"), MatchWeight(15_000));
        tuning.set("component_size_max", 300.0);
        assert_eq!(tuning.count("component_size_max"), 300);
        assert_eq!(
            tuning.moved().collect::<Vec<_>>(),
            [("component_size_max", 300.0)]
        );
    }

    #[test]
    fn similarities_move_by_their_distance_from_one_and_the_cut_by_bits() {
        let named = |name: &str| TUNABLES.iter().find(|tunable| tunable.name == name).unwrap();
        assert!((named("close_similarity").moved(0.8) - 0.904).abs() < 1e-9);
        assert!((named("cut_bits").moved(1.2) - 1.2).abs() < 1e-9);
        assert_eq!(named("corrections").moved(0.8), 1.0);
    }
}
