//! How figures move from run to run, and which of them stand out.
//!
//! In: the points of the runs before and the figures of this one. Out: [`Trend`], at most [`RUNS_MAX`] points, oldest first, which
//! each run publishes as `trend.json`: a run that is rolled back takes its point along. A figure stands out when its robust
//! score, .6745 (x - median) / MAD over the last [`SPREAD_RUNS`] runs before it, is beyond ±[`SCORE_MAX`] (Iglewicz and Hoaglin 1993
//! use 3.5 for outliers of one sample; 3 finds a shift of three deviations within a few nights, see the tests for what it
//! costs in false alarms). Everything is in integers: shares in basis points, scores in hundredths.

use super::figures::Quality;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Runs kept.
pub const RUNS_MAX: usize = 800;

/// Runs that are shown, and whose median a figure stands beside.
pub const WINDOW: usize = 30;

/// Runs that tell how much a figure moves by itself; the spread of thirty is too rough for rare alarms.
const SPREAD_RUNS: usize = 100;

/// Runs before the first alert; a spread of fewer says nothing.
const RUNS_MIN: usize = 20;

/// Score beyond which a figure stands out, in hundredths.
const SCORE_MAX: i64 = 300;

/// Least MAD: a figure that never moved stands out by a multiple of this.
const MAD_MIN_BASIS_POINTS: i64 = 5;

/// The same for counts, in parts of the median.
const MAD_MIN_COUNT: i64 = 200;

/// Figures of one run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Point {
    /// Number of the run.
    pub run: u32,
    /// Its day, `YYYY-MM-DD`; empty in points of older programs.
    #[serde(default)]
    pub day: String,
    /// Figures of the first screen by name: counts, and shares in basis points.
    pub key: BTreeMap<String, i64>,
    /// By source, its measures in basis points and its rows.
    pub sources: BTreeMap<String, BTreeMap<String, i64>>,
}

/// Points of the runs that the last one is built on, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trend {
    /// The points.
    pub points: Vec<Point>,
}

/// A figure that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Name of the source; empty for a figure of the whole run.
    pub source: String,
    /// Name of the figure.
    pub figure: String,
    /// Its value.
    pub value: i64,
    /// Median of the runs before.
    pub median: i64,
    /// Robust score in hundredths.
    pub score: i64,
}

/// A figure of the first screen over the last runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Name of the figure.
    pub figure: String,
    /// Is it a share in basis points?
    pub is_share: bool,
    /// Median of the last runs before this one; `None` in the first run.
    pub median: Option<i64>,
    /// Its values, oldest first, this run's last.
    pub values: Vec<i64>,
}

/// What a page shows of the trend.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrendFigures {
    /// Numbers of the runs shown, oldest first, this one last.
    pub runs: Vec<u32>,
    /// Figures of the first screen.
    pub key: Vec<Series>,
    /// Per source, in the order of the sources, its measures.
    pub sources: Vec<Vec<Series>>,
    /// What stands out, by source and figure.
    pub alerts: Vec<Alert>,
}

/// Names of the shares among the figures of the first screen.
const KEY_SHARES: [&str; 3] = ["redundant", "affected", "completeness"];

impl Point {
    /// The point of a run.
    pub fn of(quality: &Quality) -> Self {
        let figures = quality.key_figures;
        let points = |share: super::Share| share.basis_points().map(|points| points as i64);
        let counts = [
            ("rows_read", figures.rows_read),
            ("rows_rejected", figures.rows_rejected),
            ("records", figures.records),
            ("unified_ids", figures.unified_ids),
            ("shared_ids", figures.shared_ids),
        ];
        let mut key: BTreeMap<String, i64> = counts
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count as i64))
            .collect();
        let shares = [
            ("redundant", figures.redundant),
            ("affected", figures.affected),
            ("completeness", figures.completeness),
        ];
        key.extend(
            shares
                .iter()
                .filter_map(|(name, share)| Some(((*name).to_owned(), points(*share)?))),
        );
        let of_source = |source: &super::SourceQuality| {
            let measured = source.scorecard.iter();
            let mut figures: BTreeMap<String, i64> = measured
                .filter_map(|of| Some((of.measure.clone(), points(of.share)?)))
                .collect();
            figures.insert("rows_read".to_owned(), source.read as i64);
            (source.name.clone(), figures)
        };
        Self {
            run: quality.run.run_number,
            day: quality.run.day.clone(),
            key,
            sources: quality.sources.iter().map(of_source).collect(),
        }
    }
}

impl Trend {
    /// The trend with one more run; the oldest fall away beyond 800.
    #[must_use]
    pub fn with(mut self, point: Point) -> Self {
        self.points.retain(|known| known.run < point.run);
        self.points.push(point);
        let surplus = self.points.len().saturating_sub(RUNS_MAX);
        self.points.drain(..surplus);
        self
    }

    /// What a page shows of `now`, which comes after these runs.
    pub fn figures(&self, now: &Point, sources: &[String]) -> TrendFigures {
        let before = last(&self.points, SPREAD_RUNS);
        let of_key = |point: &Point| Some(&point.key).cloned();
        let (key, mut alerts) = series(before, now, "", &of_key);
        let mut of_sources = Vec::new();
        for source in sources {
            let of_source = |point: &Point| point.sources.get(source).cloned();
            let (series, found) = series(before, now, source, &of_source);
            of_sources.push(series);
            alerts.extend(found);
        }
        let runs = last(before, WINDOW).iter().chain([now]).map(|point| point.run);
        TrendFigures {
            runs: runs.collect(),
            key,
            sources: of_sources,
            alerts,
        }
    }
}

fn last<T>(of: &[T], count: usize) -> &[T] {
    &of[of.len().saturating_sub(count)..]
}

fn series(
    before: &[Point],
    now: &Point,
    source: &str,
    of: &dyn Fn(&Point) -> Option<BTreeMap<String, i64>>,
) -> (Vec<Series>, Vec<Alert>) {
    let past: Vec<BTreeMap<String, i64>> = before.iter().filter_map(of).collect();
    let mut all = Vec::new();
    let mut alerts = Vec::new();
    for (figure, value) in of(now).unwrap_or_default() {
        let mut values: Vec<i64> = past
            .iter()
            .filter_map(|figures| figures.get(&figure).copied())
            .collect();
        let is_share = KEY_SHARES.contains(&figure.as_str())
            || super::measures().iter().any(|measure| measure.name == figure);
        let center = median(last(&values, WINDOW));
        if let Some((median, score)) =
            score(&values, value, is_share).filter(|(_, score)| score.abs() > SCORE_MAX)
        {
            alerts.push(Alert {
                source: source.to_owned(),
                figure: figure.clone(),
                value,
                median,
                score,
            });
        }
        values.drain(..values.len().saturating_sub(WINDOW));
        values.push(value);
        all.push(Series {
            figure,
            is_share,
            median: center,
            values,
        });
    }
    (all, alerts)
}

/// The middle value, of an even number the mean of the two in the middle rounded down; `None` of nothing.
fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]).div_euclid(2)),
    }
}

/// Median of `past` and the robust score of `value` against it in hundredths; `None` while there are too few.
fn score(past: &[i64], value: i64, is_share: bool) -> Option<(i64, i64)> {
    if past.len() < RUNS_MIN {
        return None;
    }
    let center = median(past)?;
    let distances: Vec<i64> = past.iter().map(|value| (value - center).abs()).collect();
    let least = match is_share {
        true => MAD_MIN_BASIS_POINTS,
        false => (center.abs() / MAD_MIN_COUNT).max(1),
    };
    let spread = median(&distances)?.max(least);
    // .6745 / MAD, in hundredths.
    Some((
        center,
        (value - center).saturating_mul(6_745) / spread.saturating_mul(100),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of standard deviation `deviation` around `center`: the sum of twelve uniform numbers (Irwin-Hall).
    struct Noise(u64);

    impl Noise {
        fn next(&mut self, center: i64, deviation: i64) -> i64 {
            let mut sum = 0i64;
            for _ in 0..12 {
                self.0 = self
                    .0
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                sum += ((self.0 >> 33) % 10_000) as i64;
            }
            center + (sum - 60_000) * deviation / 10_000
        }
    }

    fn point(run: u32, value: i64) -> Point {
        let figures = BTreeMap::from([("validity".to_owned(), value)]);
        Point {
            run,
            day: String::new(),
            key: BTreeMap::new(),
            sources: BTreeMap::from([("华东".to_owned(), figures)]),
        }
    }

    fn alerts(trend: &Trend, point: &Point) -> usize {
        trend.figures(point, &["华东".to_owned()]).alerts.len()
    }

    #[test]
    fn q8_noise_alarms_in_less_than_one_of_a_hundred_runs_and_a_shift_is_found() {
        let mut alarms = 0;
        for seed in 1..=5 {
            let mut noise = Noise(seed);
            let mut trend = Trend::default();
            for run in 1..=1_000 {
                let next = point(run, noise.next(9_200, 60));
                alarms += alerts(&trend, &next);
                trend = trend.with(next);
            }
            assert_eq!(trend.points.len(), RUNS_MAX);
            let mut found = 0;
            for run in 1_001..=1_005 {
                let next = point(run, noise.next(9_200 - 3 * 60, 60));
                found += alerts(&trend, &next);
                trend = trend.with(next);
            }
            assert!(
                found >= 1,
                "a shift of three deviations stays unseen for five nights"
            );
        }
        assert!(alarms < 50, "{alarms} of 5,000");
    }

    #[test]
    fn a_figure_that_never_moved_stands_out_when_it_does_and_few_runs_say_nothing() {
        let mut trend = Trend::default();
        for run in 1..=19 {
            trend = trend.with(point(run, 9_900));
        }
        assert_eq!(alerts(&trend, &point(20, 5_000)), 0);
        trend = trend.with(point(20, 9_900));
        assert_eq!(alerts(&trend, &point(21, 9_880)), 0);
        assert_eq!(alerts(&trend, &point(21, 9_800)), 1);
    }

    #[test]
    fn the_store_stays_small() {
        let figures: BTreeMap<String, i64> = super::super::measures()
            .iter()
            .map(|measure| (measure.name.to_owned(), 10_000))
            .collect();
        let point = |run| Point {
            run,
            day: "2026-11-23".to_owned(),
            key: BTreeMap::new(),
            sources: (0..50)
                .map(|source| (format!("子公司{source:02}"), figures.clone()))
                .collect(),
        };
        let trend = (1..=400).fold(Trend::default(), |trend, run| trend.with(point(run)));
        let bytes = serde_json::to_vec(&trend).unwrap().len();
        assert!(bytes < 10 << 20, "{bytes}");
    }
}
