//! Weights of the pairs, and the model that gave them.

use super::super::chart;
use super::super::chart::Histogram;
use super::super::format::Figure;
use super::Context;
use crate::quality::LevelFigures;

/// The histogram with its table.
pub(crate) struct WeightsSection {
    pub(crate) pairs: Figure,
    pub(crate) pairs_at_cut: Figure,
    pub(crate) cut: Figure,
    pub(crate) floor: Figure,
    pub(crate) prior: Figure,
    pub(crate) chart: Option<Histogram>,
    pub(crate) rows: Vec<WeightRow>,
}

/// One bin.
pub(crate) struct WeightRow {
    pub(crate) from: Figure,
    pub(crate) below_cut: Figure,
    pub(crate) at_cut: Figure,
}

impl WeightsSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let (weights, model) = (&context.quality.weights, &context.quality.model);
        let bins = weights.bins.iter().enumerate();
        Self {
            pairs: Figure::count("weights.pairs", weights.pairs),
            pairs_at_cut: Figure::count("weights.pairs_at_cut", weights.pairs_at_cut),
            cut: Figure::bits("model.cut_millibits", model.cut_millibits),
            floor: Figure::bits("model.floor_millibits", model.floor_millibits),
            prior: Figure::bits("model.prior_millibits", model.prior_millibits),
            chart: chart::histogram(weights, model.cut_millibits),
            rows: bins
                .map(|(at, bin)| WeightRow {
                    from: Figure::whole_bits(format!("weights.bins.{at}.from_bits"), bin.from_bits),
                    below_cut: Figure::count(format!("weights.bins.{at}.below_cut"), bin.below_cut),
                    at_cut: Figure::count(format!("weights.bins.{at}.at_cut"), bin.at_cut),
                })
                .collect(),
        }
    }
}

/// The table of agreement levels.
pub(crate) struct ModelSection {
    pub(crate) has_converged: bool,
    pub(crate) comparisons: Vec<Comparison>,
}

/// One comparison.
pub(crate) struct Comparison {
    pub(crate) label: String,
    pub(crate) comparator: String,
    pub(crate) levels: Vec<Level>,
}

/// One agreement level.
pub(crate) struct Level {
    pub(crate) label: String,
    pub(crate) m: Figure,
    pub(crate) u: Figure,
    pub(crate) bits: Figure,
    /// Bars to the left (against) and right (for) of the middle, in per cent.
    pub(crate) against_x: String,
    pub(crate) against: String,
    pub(crate) in_favour: String,
}

impl ModelSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let model = &context.quality.model;
        let levels = model.comparisons.iter().flat_map(|c| &c.levels);
        let most = levels.map(|level| level.weight_millibits.unsigned_abs()).max();
        let comparisons = model.comparisons.iter().enumerate();
        Self {
            has_converged: model.has_converged,
            comparisons: comparisons
                .map(|(at, comparison)| Comparison {
                    label: context.pick(&comparison.en, &comparison.zh).to_owned(),
                    comparator: comparison.comparator.clone(),
                    levels: comparison
                        .levels
                        .iter()
                        .enumerate()
                        .map(|(level_at, level)| {
                            let path = format!("model.comparisons.{at}.levels.{level_at}");
                            level_row(context, &path, level, u64::from(most.unwrap_or(0)))
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

fn level_row(context: Context<'_>, path: &str, level: &LevelFigures, most: u64) -> Level {
    let size = u64::from(level.weight_millibits.unsigned_abs());
    let half = chart::width(size, most.saturating_mul(2));
    let none = || "0".to_owned();
    let is_against = level.weight_millibits < 0;
    Level {
        label: context.pick(&level.en, &level.zh).to_owned(),
        m: Figure::probability(format!("{path}.m_per_trillion"), level.m_per_trillion),
        u: Figure::probability(format!("{path}.u_per_trillion"), level.u_per_trillion),
        bits: Figure::bits(format!("{path}.weight_millibits"), level.weight_millibits),
        against_x: chart::width(most.saturating_sub(size), most.saturating_mul(2)),
        against: if is_against { half.clone() } else { none() },
        in_favour: if is_against { none() } else { half },
    }
}
