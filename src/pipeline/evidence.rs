//! A pair's weight, item by item, as people are told it.
//!
//! In: a [`Waterfall`]. Out: the kind of other pairs that decides and the weights against it. The three kinds are put together
//! as `score` does; what they leave to the deciding kind is the rest, so that the items add up to the pair's weight.

use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::plan::Plan;
use crate::score::Waterfall;

/// What a pair is if it is no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Two customers that have nothing to do with each other.
    Strangers,
    /// Two customers of one family or group of companies.
    Kin,
    /// Two customers of one place, phone or agent.
    Neighbours,
}

impl Against {
    /// All three, in their order.
    pub const ALL: [Self; 3] = [Self::Strangers, Self::Kin, Self::Neighbours];

    /// The kind that decides: the one against which the pair weighs least.
    pub fn deciding(waterfall: &Waterfall) -> Self {
        let least = Self::ALL.into_iter().min_by_key(|kind| kind.total(waterfall));
        least.unwrap_or(Self::Strangers)
    }

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strangers => "strangers",
            Self::Kin => "kin",
            Self::Neighbours => "neighbours",
        }
    }

    /// Labels, English then Chinese.
    pub fn labels(self) -> [&'static str; 2] {
        match self {
            Self::Strangers => ["strangers", "陌生方"],
            Self::Kin => ["kin", "关联方"],
            Self::Neighbours => ["neighbours", "邻近方"],
        }
    }

    /// Weight of a pair against this kind before its comparisons.
    pub fn prior(self, waterfall: &Waterfall) -> MatchWeight {
        match self {
            Self::Strangers => waterfall.prior,
            Self::Kin => waterfall.circles[0].prior,
            Self::Neighbours => waterfall.circles[1].prior,
        }
    }

    /// Weight of each comparison against this kind.
    pub fn comparisons(self, waterfall: &Waterfall) -> &[MatchWeight; ComparisonVector::WIDTH_MAX] {
        match self {
            Self::Strangers => &waterfall.comparisons,
            Self::Kin => &waterfall.circles[0].comparisons,
            Self::Neighbours => &waterfall.circles[1].comparisons,
        }
    }

    /// Weight of the pair against this kind.
    pub fn total(self, waterfall: &Waterfall) -> MatchWeight {
        self.prior(waterfall) + self.comparisons(waterfall).iter().copied().sum()
    }

    /// What the other two kinds take off the weight against this one.
    pub fn rest(self, waterfall: &Waterfall) -> MatchWeight {
        waterfall.total() - self.total(waterfall)
    }
}

/// Labels of a comparison, English then Chinese.
pub fn comparison_labels(plan: &Plan, name: &str) -> [String; 2] {
    let field = plan.fields.iter().find(|field| &*field.name == name);
    if let Some(field) = field {
        return [field.en.to_string(), field.zh.to_string()];
    }
    let labels = match name {
        "organisation_name" => ["Organisation name", "单位名称"],
        "person_name" => ["Person's name", "人名"],
        "organisation_key" => ["Organisation code", "机构代码"],
        "location" => ["Address", "地址"],
        other => [other, other],
    };
    labels.map(str::to_owned)
}
