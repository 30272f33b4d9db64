//! The scorecard: every source by every measure, each a part of a whole, and the gates it must pass.
//!
//! In: the counts of a source and the job's gates ([`Gates`]). Out: one [`Measurement`] a measure, in the order of [`measures`].
//! Codes and names are those of GB/T 36344-2018. A measure without a whole is not measured, which is neither 0 nor 100 per
//! cent; accuracy is measured by audits alone, and a gate on it is not passed without one.

use super::accuracy::AuditedShare;
use super::share::Share;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureSpec {
    /// Name in figures and in `[gates]`.
    pub name: &'static str,
    /// Indicator of GB/T 36344-2018; empty for our own.
    pub code: &'static str,
    /// Labels, English then Chinese.
    pub labels: [&'static str; 2],
    /// Numerator and denominator in words, English then Chinese.
    pub meaning: [&'static str; 2],
    /// Is less better?
    pub is_lower_better: bool,
    /// Dimension of the issue codes behind it; empty when other counts are.
    pub dimension: &'static str,
}

/// Every measure, in the order of the scorecard.
pub const fn measures() -> &'static [MeasureSpec] {
    MEASURES
}

const fn spec(
    name: &'static str,
    code: &'static str,
    labels: [&'static str; 2],
    meaning: [&'static str; 2],
    is_lower_better: bool,
    dimension: &'static str,
) -> MeasureSpec {
    MeasureSpec {
        name,
        code,
        labels,
        meaning,
        is_lower_better,
        dimension,
    }
}

const MEASURES: &[MeasureSpec] = &[
    spec(
        "completeness",
        "0201",
        ["Completeness", "完整率"],
        [
            "necessary values assigned, of those expected",
            "已赋值的必填数据元素 / 应赋值的必填数据元素",
        ],
        false,
        "completeness",
    ),
    spec(
        "validity",
        "0302",
        ["Conformity", "格式合规率"],
        [
            "values that have the form of their type, also after a safe repair, of those assigned",
            "符合格式（含安全修复后）的元素 / 已赋值的元素",
        ],
        false,
        "conformity",
    ),
    spec(
        "consistency",
        "0402",
        ["Consistency of fields", "关联数据一致率"],
        [
            "records whose fields do not contradict each other, of all",
            "字段之间无矛盾的记录 / 全部记录",
        ],
        false,
        "consistency",
    ),
    spec(
        "agreement",
        "0401",
        ["Agreement between sources", "相同数据一致率"],
        [
            "records of shared customers that contradict no other source, of all records of shared customers",
            "与其他来源无冲突的共同客户记录 / 全部共同客户记录",
        ],
        false,
        "",
    ),
    spec(
        "duplicate_rate",
        "0303",
        ["Duplicate rate", "重复率"],
        [
            "records beyond one a customer, of all records of the source",
            "同一客户的多余记录 / 该来源全部记录",
        ],
        true,
        "uniqueness",
    ),
    spec(
        "uniqueness",
        "0304",
        ["Uniqueness", "唯一率"],
        [
            "records that are alone with their customer in the source, of all",
            "在该来源中客户唯一的记录 / 全部记录",
        ],
        false,
        "uniqueness",
    ),
    spec(
        "placeholder_rate",
        "0305",
        ["Placeholders", "脏数据率"],
        [
            "stop-gaps, of all elements that hold any text",
            "占位、虚假内容的元素 / 有内容的元素",
        ],
        true,
        "",
    ),
    spec(
        "timeliness",
        "0502",
        ["Timeliness", "及时率"],
        [
            "records changed within `fresh_days`, of those with a date",
            "在 fresh_days 天内更新的记录 / 有日期的记录",
        ],
        false,
        "timeliness",
    ),
    spec(
        "reject_rate",
        "",
        ["Rejected rows", "拒收率"],
        [
            "rows that could not become records, of all rows read",
            "拒收的行 / 读取的行",
        ],
        true,
        "",
    ),
    spec(
        "accuracy",
        "0301",
        ["Accuracy by audit", "准确率（抽查）"],
        [
            "sampled elements found right, of those audited; by `guiyi audit` alone",
            "抽查正确的元素 / 抽查的元素；仅由抽查得出",
        ],
        false,
        "accuracy",
    ),
];

/// Limits that sources must meet, in basis points by the name of the measure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gates {
    /// For every source.
    pub general: BTreeMap<String, u64>,
    /// By source; they stand in place of the general ones.
    pub of_source: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Gates {
    /// The limit of a measure for a source: its own, that of the export it comes from, or that for every source.
    pub fn limit(&self, [source, export]: [&str; 2], measure: &str) -> Option<u64> {
        let own = |name: &str| self.of_source.get(name).and_then(|own| own.get(measure));
        let own = own(source).or_else(|| own(export));
        own.or_else(|| self.general.get(measure)).copied()
    }
}

/// How a source stands at a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// The limit is met.
    Passed,
    /// It is not.
    Failed,
    /// There was nothing to measure.
    NotMeasured,
}

/// A gate and how the source stands at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The limit; a least share, or a largest one for measures of which less is better.
    pub limit_basis_points: u64,
    /// The standing.
    pub state: GateState,
}

/// One measure of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measurement {
    /// Name of the measure.
    pub measure: String,
    /// The figure; a whole of 0 means that it was not measured.
    pub share: Share,
    /// The gate, where the job sets one.
    pub gate: Option<Gate>,
    /// For accuracy, the audits that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditedShare>,
}

/// Name, code and wording of a measure, so that a page needs no catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureLabel {
    /// Name in figures.
    pub name: String,
    /// Indicator of GB/T 36344-2018; empty for our own.
    pub code: String,
    /// English label.
    pub en: String,
    /// Chinese label.
    pub zh: String,
    /// What is divided by what, in English.
    pub meaning_en: String,
    /// What is divided by what, in Chinese.
    pub meaning_zh: String,
    /// Is less better?
    pub is_lower_better: bool,
    /// Issue codes whose findings stand behind it.
    pub rules: Vec<String>,
}

/// A source that does not pass a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedGate {
    /// Position in the list of sources.
    pub source: usize,
    /// Name of the measure.
    pub measure: String,
    /// The figure.
    pub share: Share,
    /// The limit.
    pub limit_basis_points: u64,
}

/// The measures with the issue codes that stand behind them.
pub(super) fn labels() -> Vec<MeasureLabel> {
    let label = |spec: &MeasureSpec| MeasureLabel {
        name: spec.name.to_owned(),
        code: spec.code.to_owned(),
        en: spec.labels[0].to_owned(),
        zh: spec.labels[1].to_owned(),
        meaning_en: spec.meaning[0].to_owned(),
        meaning_zh: spec.meaning[1].to_owned(),
        is_lower_better: spec.is_lower_better,
        rules: rules(spec.dimension),
    };
    MEASURES.iter().map(label).collect()
}

fn rules(dimension: &str) -> Vec<String> {
    let codes = crate::model::issue_catalogue().iter();
    let of_it = codes.filter(|code| !dimension.is_empty() && code.dimension == dimension);
    of_it.map(|code| code.name.to_owned()).collect()
}

/// The measurements of one source, given with its export, from its shares by name; what is not given is not measured.
pub(super) fn scorecard(
    source: [&str; 2],
    shares: &BTreeMap<&str, Share>,
    gates: &Gates,
) -> Vec<Measurement> {
    let measurement = |spec: &MeasureSpec| {
        let share = shares.get(spec.name).copied().unwrap_or_default();
        Measurement {
            measure: spec.name.to_owned(),
            share,
            gate: gates
                .limit(source, spec.name)
                .map(|limit| gate(spec, share, limit)),
            audit: None,
        }
    };
    MEASURES.iter().map(measurement).collect()
}

/// Puts what audits found beside the accuracy of a scorecard.
pub(super) fn add_audit(scorecard: &mut [Measurement], audited: Option<AuditedShare>) {
    if let Some(accuracy) = scorecard.iter_mut().find(|of| of.measure == "accuracy") {
        accuracy.audit = audited;
    }
}

fn gate(spec: &MeasureSpec, share: Share, limit: u64) -> Gate {
    // Compared as fractions: a rounded share would let 94.996 % pass a gate of 95 %.
    let part = u128::from(share.numerator) * 10_000;
    let asked = u128::from(limit) * u128::from(share.denominator);
    let state = match (share.denominator, spec.is_lower_better) {
        (0, _) => GateState::NotMeasured,
        (_, true) if part <= asked => GateState::Passed,
        (_, false) if part >= asked => GateState::Passed,
        _ => GateState::Failed,
    };
    Gate {
        limit_basis_points: limit,
        state,
    }
}

/// Gates that are not passed, by source in order: those failed, and a gate on accuracy that no audit has answered.
pub(super) fn failed<'a>(scorecards: impl Iterator<Item = &'a [Measurement]>) -> Vec<FailedGate> {
    let mut failed = Vec::new();
    for (source, measurements) in scorecards.enumerate() {
        for measurement in measurements {
            let Some(gate) = measurement.gate else { continue };
            let is_owed = gate.state == GateState::NotMeasured && measurement.measure == "accuracy";
            if gate.state == GateState::Failed || is_owed {
                failed.push(FailedGate {
                    source,
                    measure: measurement.measure.clone(),
                    share: measurement.share,
                    limit_basis_points: gate.limit_basis_points,
                });
            }
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates(limits: &[(&str, u64)]) -> Gates {
        Gates {
            general: limits
                .iter()
                .map(|(name, limit)| ((*name).to_owned(), *limit))
                .collect(),
            ..Gates::default()
        }
    }

    fn state(share: Share, measure: &str, limit: u64) -> GateState {
        let card = scorecard(
            ["华东"; 2],
            &BTreeMap::from([(measure, share)]),
            &gates(&[(measure, limit)]),
        );
        let of_it = card.iter().find(|of| of.measure == measure).unwrap();
        of_it.gate.unwrap().state
    }

    #[test]
    fn gates_are_exact_and_know_which_way_is_better() {
        assert_eq!(
            state(Share::of(95, 100), "completeness", 9_500),
            GateState::Passed
        );
        assert_eq!(
            state(Share::of(94_999, 100_000), "completeness", 9_500),
            GateState::Failed
        );
        assert_eq!(state(Share::of(3, 100), "duplicate_rate", 300), GateState::Passed);
        assert_eq!(
            state(Share::of(31, 1_000), "duplicate_rate", 300),
            GateState::Failed
        );
        assert_eq!(state(Share::default(), "validity", 9_900), GateState::NotMeasured);
    }

    #[test]
    fn accuracy_is_owed_until_an_audit_and_an_empty_source_owes_nothing_else() {
        let gates = gates(&[("accuracy", 9_200), ("validity", 9_000)]);
        let card = scorecard(["north"; 2], &BTreeMap::new(), &gates);
        let failed = failed([&card[..]].into_iter());
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].measure, "accuracy");
        assert_eq!(failed[0].share.basis_points(), None, "not measured is not 100 %");
    }

    #[test]
    fn a_source_may_have_limits_of_its_own() {
        let mut gates = gates(&[("validity", 9_000)]);
        gates.of_source.insert(
            "华东".to_owned(),
            BTreeMap::from([("validity".to_owned(), 5_000)]),
        );
        assert_eq!(gates.limit(["华东"; 2], "validity"), Some(5_000));
        assert_eq!(gates.limit(["north"; 2], "validity"), Some(9_000));
        assert_eq!(gates.limit(["north"; 2], "accuracy"), None);
        // A subsidiary that a column tells has the limits of its export.
        assert_eq!(gates.limit(["杭州", "华东"], "validity"), Some(5_000));
    }

    #[test]
    fn every_issue_code_stands_behind_a_measure() {
        let behind: Vec<String> = labels().into_iter().flat_map(|label| label.rules).collect();
        for code in crate::model::issue_catalogue() {
            assert!(
                behind.iter().any(|rule| rule == code.name),
                "{} ({})",
                code.name,
                code.dimension
            );
        }
    }
}
