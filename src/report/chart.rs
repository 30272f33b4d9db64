//! Geometry of the charts.
//!
//! In: counts. Out: positions in per cent of the chart's width and pixels of its height, as text. Per cent lets a chart
//! follow the width of its box while its text stays readable on a telephone. Colours and labels are the template's.

use super::format::grouped;
use super::format::whole;
use crate::quality::WeightHistogram;

/// Height of the histogram's plot in pixels.
pub(super) const PLOT_HEIGHT: u32 = 200;
/// Room above the tallest bar, for the label of the cut.
const PLOT_TOP: u32 = 22;
/// Ticks on the horizontal axis at most; more do not fit a telephone.
const TICKS_MAX: i32 = 7;

/// `part` of `whole` in per cent with two decimals; something never draws as nothing.
pub(crate) fn width(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0".to_owned();
    }
    let hundredths = u128::from(part.min(whole)) * 10_000 / u128::from(whole);
    let hundredths = hundredths.max(40);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// One bar of the histogram.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) width: String,
    pub(super) y: String,
    pub(super) height: String,
    pub(super) is_link: bool,
}

/// A labelled position on an axis.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) at: String,
    pub(super) label: String,
    /// Which end of the label stands at the position, so that none leaves the chart: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
}

/// The histogram of weights.
#[derive(Debug)]
pub(super) struct Histogram {
    pub(super) bars: Vec<Bar>,
    /// Bits along the horizontal axis.
    pub(super) bits: Vec<Tick>,
    /// Powers of ten up the vertical axis.
    pub(super) counts: Vec<Tick>,
    /// Position of the cut when it lies in the chart.
    pub(super) cut: Option<String>,
    /// Does the label of the cut stand to the left of its line?
    pub(super) is_cut_label_left: bool,
}

/// Height above the base line of `count` on the logarithmic scale that ends at `max`, in pixels.
fn log_height(count: u64, max: u64) -> f64 {
    let log = |n: u64| libm::log10(n as f64 + 1.0);
    f64::from(PLOT_HEIGHT - PLOT_TOP) * log(count) / log(max)
}

fn y(count: u64, max: u64) -> f64 {
    f64::from(PLOT_HEIGHT) - log_height(count, max)
}

/// Lays out `weights`; `None` when there is no pair. The bin that holds the cut is divided at the cut.
pub(super) fn histogram(weights: &WeightHistogram, cut_millibits: i32) -> Option<Histogram> {
    let (first, last) = (weights.bins.first()?, weights.bins.last()?);
    let (from, to) = (first.from_bits, last.from_bits.saturating_add(1));
    let span = (f64::from(to) - f64::from(from)).max(1.0);
    let x = |bits: f64| (bits - f64::from(from)) / span * 100.0;
    let max = weights
        .bins
        .iter()
        .map(|bin| bin.below_cut.max(bin.at_cut))
        .max()
        .filter(|&max| max > 0)?;
    let cut = f64::from(cut_millibits) / 1000.0;
    let mut bars = Vec::new();
    for bin in &weights.bins {
        let left = f64::from(bin.from_bits);
        let divide = cut.clamp(left, left + 1.0);
        for (count, start, end, is_link) in [
            (bin.below_cut, left, divide, false),
            (bin.at_cut, divide, left + 1.0, true),
        ] {
            if count > 0 {
                bars.push(Bar {
                    x: format!("{:.3}", x(start)),
                    width: format!("{:.3}", (x(end) - x(start)).max(0.1)),
                    y: format!("{:.1}", y(count, max)),
                    height: format!("{:.1}", log_height(count, max)),
                    is_link,
                });
            }
        }
    }
    let is_cut_inside = cut >= f64::from(from) && cut <= f64::from(to);
    Some(Histogram {
        bars,
        bits: bit_ticks(from, to, x),
        counts: count_ticks(max),
        cut: is_cut_inside.then(|| format!("{:.3}", x(cut))),
        is_cut_label_left: x(cut) > 60.0,
    })
}

/// Anchor of a label at `at` per cent of the width.
fn anchor(at: f64) -> &'static str {
    if at < 3.0 {
        "start"
    } else if at > 97.0 {
        "end"
    } else {
        "middle"
    }
}

fn bit_ticks(from: i32, to: i32, x: impl Fn(f64) -> f64) -> Vec<Tick> {
    let span = to.saturating_sub(from);
    let step = [1, 2, 5, 10, 20, 50, 100]
        .into_iter()
        .find(|step| span / step < TICKS_MAX)
        .unwrap_or(span.max(1));
    let first = from
        .div_euclid(step)
        .saturating_add(i32::from(from.rem_euclid(step) > 0));
    (first..=to.div_euclid(step))
        .map(|n| n.saturating_mul(step))
        .map(|bits| {
            let at = x(f64::from(bits));
            Tick {
                at: format!("{at:.3}"),
                label: whole(bits),
                anchor: anchor(at),
            }
        })
        .collect()
}

fn count_ticks(max: u64) -> Vec<Tick> {
    let powers = (0..20).map_while(|power| 10u64.checked_pow(power));
    powers
        .take_while(|&count| count <= max)
        .map(|count| Tick {
            at: format!("{:.1}", y(count, max)),
            label: grouped(count),
            anchor: "end",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::WeightBin;

    #[test]
    fn something_never_draws_as_nothing() {
        assert_eq!(width(1, 3), "33.33");
        assert_eq!(width(1, 1_000_000), "0.40");
        assert_eq!(width(0, 3), "0");
        assert_eq!(width(5, 0), "0");
    }

    #[test]
    fn the_bin_of_the_cut_is_divided_at_the_cut() {
        let bin = |from_bits, below_cut, at_cut| WeightBin {
            from_bits,
            below_cut,
            at_cut,
        };
        let weights = WeightHistogram {
            pairs: 12,
            pairs_at_cut: 2,
            bins: vec![bin(0, 9, 0), bin(1, 1, 2)],
        };
        let chart = histogram(&weights, 1_500).expect("there are pairs");
        let places: Vec<_> = chart.bars.iter().map(|b| (b.x.as_str(), b.is_link)).collect();
        assert_eq!(places, [("0.000", false), ("50.000", false), ("75.000", true)]);
        assert_eq!(chart.cut.as_deref(), Some("75.000"));
        assert_eq!(chart.bars[0].y, "22.0");
    }

    #[test]
    fn ticks_stay_few_however_wide_the_range() {
        for (from, to) in [(-100, 101), (0, 1), (-7, 31), (i32::MIN, i32::MAX)] {
            let ticks = bit_ticks(from, to, f64::from);
            assert!((1..=8).contains(&ticks.len()), "{from} {to}: {}", ticks.len());
        }
    }
}
