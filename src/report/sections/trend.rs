//! Figures over the last runs: sparklines, changes against the last run and the median, the table beside them, and alerts.
//!
//! A change is a difference of two figures of `quality.json`; both places stand with it. Counts of a trend are whole numbers and shares
//! basis points. Where a figure was not measured in every run shown, its values cannot be put beside run numbers and are left out of the table.

use super::super::format::Figure;
use super::super::format::Scale;
use super::Context;
use crate::quality::Series;

/// A figure against its past.
pub(crate) struct Movement {
    pub(crate) since_last: Option<Delta>,
    pub(crate) since_median: Option<Delta>,
    /// Corners of the sparkline in a box of 100 × 28.
    pub(crate) spark: Option<String>,
}

/// How far a figure is from another.
pub(crate) struct Delta {
    pub(crate) delta: Figure,
    pub(crate) unit: &'static str,
    pub(crate) against: Figure,
}

/// Runs downwards, newest first, by figures.
pub(crate) struct TrendTable {
    pub(crate) heads: Vec<TrendHead>,
    pub(crate) rows: Vec<TrendRow>,
}

/// One figure with its line.
pub(crate) struct TrendHead {
    pub(crate) label: String,
    pub(crate) median: Option<Figure>,
    pub(crate) spark: Option<String>,
}

/// One run.
pub(crate) struct TrendRow {
    pub(crate) run: Figure,
    pub(crate) cells: Vec<Option<Figure>>,
}

/// A figure that stands out.
pub(crate) struct AlertRow {
    /// Name of the source; `None` for a figure of the whole run.
    pub(crate) source: Option<String>,
    pub(crate) label: String,
    pub(crate) value: Figure,
    pub(crate) median: Figure,
    pub(crate) score: Figure,
}

fn scale(series: &Series) -> Scale {
    if series.is_share {
        Scale::Share
    } else {
        Scale::Count
    }
}

/// The movement of the series at `path`.
pub(super) fn movement(context: Context<'_>, path: &str, series: &Series) -> Movement {
    let scale = scale(series);
    let unit = if series.is_share {
        context.m.points_unit
    } else {
        ""
    };
    let last = series.values.len().wrapping_sub(1);
    let delta = |place: String, value: i64| {
        let now = *series.values.last()?;
        Some(Delta {
            delta: Figure::difference(
                format!("{path}.values.{last}"),
                place.clone(),
                now.saturating_sub(value),
                scale,
            ),
            unit,
            against: Figure::of_trend(place, value, scale),
        })
    };
    let before = series.values.iter().rev().nth(1);
    Movement {
        since_last: before
            .and_then(|&value| delta(format!("{path}.values.{}", last.saturating_sub(1)), value)),
        since_median: series
            .median
            .and_then(|value| delta(format!("{path}.median"), value)),
        spark: spark(&series.values),
    }
}

/// The line of `values`; `None` of fewer than two.
fn spark(values: &[i64]) -> Option<String> {
    let (low, high) = (*values.iter().min()?, *values.iter().max()?);
    let steps = values.len().checked_sub(1).filter(|&steps| steps > 0)?;
    let span = i128::from(high) - i128::from(low);
    let corner = |(at, &value): (usize, &i64)| {
        let x = at * 1_000 / steps;
        // A figure that never moved runs along the middle.
        let y = match span {
            0 => 140,
            span => 260 - 240 * (i128::from(value) - i128::from(low)) / span,
        };
        format!("{}.{},{}.{}", x / 10, x % 10, y / 10, y % 10)
    };
    let corners: Vec<String> = values.iter().enumerate().map(corner).collect();
    Some(corners.join(" "))
}

impl TrendTable {
    /// The figures of the first screen.
    pub(crate) fn of_run(context: Context<'_>) -> Self {
        table(context, "trend.key", &context.quality.trend.key)
    }

    /// The measures of one source.
    pub(crate) fn of_source(context: Context<'_>, at: usize) -> Self {
        let series = context.quality.trend.sources.get(at);
        table(
            context,
            &format!("trend.sources.{at}"),
            series.map_or(&[], Vec::as_slice),
        )
    }
}

fn table(context: Context<'_>, path: &str, all: &[Series]) -> TrendTable {
    let runs = &context.quality.trend.runs;
    let heads = all.iter().enumerate().map(|(at, series)| TrendHead {
        label: label(context, &series.figure),
        median: series
            .median
            .map(|median| Figure::of_trend(format!("{path}.{at}.median"), median, scale(series))),
        spark: spark(&series.values),
    });
    let cell = |run: usize, (at, series): (usize, &Series)| {
        let value = series
            .values
            .get(run)
            .filter(|_| series.values.len() == runs.len())?;
        Some(Figure::of_trend(
            format!("{path}.{at}.values.{run}"),
            *value,
            scale(series),
        ))
    };
    let rows = runs.iter().enumerate().rev().map(|(at, &run)| TrendRow {
        run: Figure::count(format!("trend.runs.{at}"), u64::from(run)),
        cells: all.iter().enumerate().map(|series| cell(at, series)).collect(),
    });
    TrendTable {
        heads: heads.collect(),
        // One run is no trend.
        rows: if runs.len() > 1 {
            rows.collect()
        } else {
            Vec::new()
        },
    }
}

/// What stands out; of one source when it is named.
pub(super) fn alerts(context: Context<'_>, of_source: Option<&str>) -> Vec<AlertRow> {
    let trend = &context.quality.trend;
    let alerts = trend.alerts.iter().enumerate();
    let wanted = alerts.filter(|(_, alert)| of_source.is_none_or(|name| alert.source == name));
    let row = |(at, alert): (usize, &crate::quality::Alert)| {
        let of_sources = trend.sources.iter().flatten();
        let series = trend.key.iter().chain(of_sources);
        let is_share = series
            .filter(|series| series.figure == alert.figure)
            .any(|series| series.is_share);
        let scale = if is_share { Scale::Share } else { Scale::Count };
        let path = |name: &str| format!("trend.alerts.{at}.{name}");
        AlertRow {
            source: Some(alert.source.clone()).filter(|name| !name.is_empty() && of_source.is_none()),
            label: label(context, &alert.figure),
            value: Figure::of_trend(path("value"), alert.value, scale),
            median: Figure::of_trend(path("median"), alert.median, scale),
            score: Figure::score(path("score"), alert.score),
        }
    };
    wanted.map(row).collect()
}

/// The label of a figure of a trend.
fn label(context: Context<'_>, figure: &str) -> String {
    let m = context.m;
    let own = match figure {
        "rows_read" => Some(m.rows_read),
        "rows_rejected" => Some(m.rows_rejected),
        "records" => Some(m.records),
        "unified_ids" => Some(m.unified_ids),
        "shared_ids" => Some(m.shared_ids),
        "redundant" => Some(m.redundant),
        "affected" => Some(m.affected),
        "completeness" => Some(m.completeness),
        _ => None,
    };
    own.map_or_else(|| context.measure_label(figure).to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_inside_its_box_and_one_value_has_none() {
        assert_eq!(spark(&[5]), None);
        assert_eq!(spark(&[]), None);
        assert_eq!(spark(&[1, 3, 2]).as_deref(), Some("0.0,26.0 50.0,2.0 100.0,14.0"));
        assert_eq!(spark(&[7, 7]).as_deref(), Some("0.0,14.0 100.0,14.0"));
        assert_eq!(
            spark(&[i64::MIN, i64::MAX]).as_deref(),
            Some("0.0,26.0 100.0,2.0")
        );
    }
}
