//! Waterfalls of weights: where each bar hangs, and the picture that stands for itself.
//!
//! In: labelled weights that are added one after another. Out: positions for the page's template ([`floats`]), or one SVG
//! file ([`waterfall_svg`]) of 640 pixels with dark text, a white ground and no script. Every bar begins where the one before it ended.

use super::format::decimal_bits;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallStep {
    /// What is weighed.
    pub label: String,
    /// What was found; may be empty.
    pub note: String,
    /// What it adds.
    pub millibits: i32,
}

/// Everything that a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallPicture {
    /// Heading.
    pub title: String,
    /// Line below the heading.
    pub subtitle: String,
    /// Bars in their order.
    pub steps: Vec<WaterfallStep>,
    /// Label of the sum.
    pub total: String,
    /// Label of the line of the cut.
    pub cut: String,
    /// Where that line stands.
    pub cut_millibits: i32,
}

/// A bar's place, in hundredths of a per cent of the plot's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Float {
    pub(super) x: u32,
    pub(super) width: u32,
}

/// The whole width of a plot.
const WHOLE: i64 = 10_000;

/// Places of bars that hang one at the other's end, then of their sum, then of nothing and of the cut.
pub(super) struct Floats {
    pub(super) steps: Vec<Float>,
    pub(super) total: Float,
    pub(super) zero: u32,
    pub(super) cut: u32,
}

/// Lays out weights that are added one after another.
pub(super) fn floats(weights: &[i32], cut: i32) -> Floats {
    let mut ends = vec![0i64];
    for weight in weights {
        ends.push(ends[ends.len() - 1] + i64::from(*weight));
    }
    let with_cut = || ends.iter().copied().chain([i64::from(cut)]);
    let (low, high) = (with_cut().min().unwrap_or(0), with_cut().max().unwrap_or(0));
    let span = (high - low).max(1);
    let x = |at: i64| ((at - low) * WHOLE / span) as u32;
    // Something never draws as nothing.
    let float = |a: i64, b: i64| Float {
        x: x(a.min(b)),
        width: (x(a.max(b)) - x(a.min(b))).max(40),
    };
    Floats {
        steps: ends.windows(2).map(|ends| float(ends[0], ends[1])).collect(),
        total: float(0, ends[ends.len() - 1]),
        zero: x(0),
        cut: x(i64::from(cut)),
    }
}

const WIDTH: u32 = 640;
/// The plot stands between the labels and the weights.
const PLOT: (u32, u32) = (272, 560);
const TOP: u32 = 74;
const ROW: u32 = 38;
/// Width of the column of labels, in halves of a Han character.
const LABEL_MAX: usize = 38;
const NOTE_MAX: usize = 46;

/// One picture as a file; the result depends on `picture` alone.
pub fn waterfall_svg(picture: &WaterfallPicture) -> String {
    let weights: Vec<i32> = picture.steps.iter().map(|step| step.millibits).collect();
    let floats = floats(&weights, picture.cut_millibits);
    let bottom = TOP + ROW * (picture.steps.len() as u32 + 1);
    let height = bottom + 30;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" \
         font-family=\"system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif\" fill=\"#1b2733\">\n<title>{}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escaped(&picture.title)
    );
    svg.push_str(&text(
        16,
        28,
        16,
        "start",
        &shortened(&picture.title, 76),
        " font-weight=\"650\"",
    ));
    svg.push_str(&text(16, 50, 13, "start", &shortened(&picture.subtitle, 92), ""));
    let line = |at: u32, attributes: &str| {
        let (x, top) = (scaled(at), TOP - 8);
        format!("<line x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{bottom}\" {attributes}/>\n")
    };
    svg.push_str(&line(floats.zero, "stroke=\"#9aa7b2\""));
    for (at, (step, float)) in picture.steps.iter().zip(&floats.steps).enumerate() {
        let colour = if step.millibits < 0 { "#b5443e" } else { "#2f7199" };
        svg.push_str(&row(at as u32, step, *float, colour, ""));
    }
    let total = WaterfallStep {
        label: picture.total.clone(),
        note: String::new(),
        millibits: weights
            .iter()
            .fold(0, |sum: i32, weight| sum.saturating_add(*weight)),
    };
    let at = picture.steps.len() as u32;
    svg.push_str(&row(at, &total, floats.total, "#1b2733", " font-weight=\"650\""));
    svg.push_str(&line(
        floats.cut,
        "stroke=\"#1b2733\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"",
    ));
    let label = format!("{} {}", picture.cut, decimal_bits(picture.cut_millibits));
    let x = scaled(floats.cut);
    let anchor = if x > PLOT.1 - 60 {
        "end"
    } else if x < PLOT.0 + 60 {
        "start"
    } else {
        "middle"
    };
    svg.push_str(&text(x, bottom + 18, 12, anchor, &label, ""));
    svg.push_str("</svg>\n");
    svg
}

fn row(at: u32, step: &WaterfallStep, float: Float, colour: &str, weight: &str) -> String {
    let y = TOP + ROW * at;
    let (x, end) = (scaled(float.x), scaled(float.x + float.width));
    let base = if step.note.is_empty() { y + 18 } else { y + 13 };
    let mut row = text(16, base, 13, "start", &shortened(&step.label, LABEL_MAX), weight);
    if !step.note.is_empty() {
        row.push_str(&text(
            16,
            y + 28,
            11,
            "start",
            &shortened(&step.note, NOTE_MAX),
            "",
        ));
    }
    let width = end.saturating_sub(x).max(1);
    row.push_str(&format!(
        "<rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"18\" fill=\"{colour}\"><title>{}</title></rect>\n",
        y + 5,
        escaped(&step.note)
    ));
    let sign = if step.millibits > 0 { "+" } else { "" };
    let bits = format!("{sign}{}", decimal_bits(step.millibits));
    row.push_str(&text(WIDTH - 12, y + 18, 13, "end", &bits, weight));
    row
}

fn scaled(at: u32) -> u32 {
    PLOT.0 + at * (PLOT.1 - PLOT.0) / WHOLE as u32
}

fn text(x: u32, y: u32, size: u32, anchor: &str, text: &str, more: &str) -> String {
    let text = escaped(text);
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{more}>{text}</text>\n")
}

/// The text as XML may hold it; control characters are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
    {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text, cut to a width in which characters beyond Latin count twice.
fn shortened(text: &str, most: usize) -> String {
    let width = |c: char| if c < '\u{1100}' { 1 } else { 2 };
    if text.chars().map(width).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut left = most - 1;
    let kept = text.chars().take_while(|c| {
        let width = width(*c);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_begins_where_the_one_before_ended() {
        let floats = floats(&[-10_000, 30_000, -5_000], 0);
        let places: Vec<(u32, u32)> = floats.steps.iter().map(|float| (float.x, float.width)).collect();
        assert_eq!(places, [(0, 3_333), (0, 10_000), (8_333, 1_667)]);
        assert_eq!((floats.total.x, floats.zero, floats.cut), (3_333, 3_333, 3_333));
        assert_eq!(floats_of_nothing(), (0, 40));
    }

    fn floats_of_nothing() -> (u32, u32) {
        let floats = floats(&[], 0);
        (floats.total.x, floats.total.width)
    }

    #[test]
    fn names_of_either_script_are_escaped_and_cut() {
        let picture = WaterfallPicture {
            title: "a<b>&\"c\" ↔ 华东:客户\u{1}一".to_owned(),
            subtitle: String::new(),
            steps: vec![WaterfallStep {
                label: "单位名称".repeat(12),
                note: "same parts".to_owned(),
                millibits: i32::MIN,
            }],
            total: "合计".to_owned(),
            cut: "分界线".to_owned(),
            cut_millibits: i32::MAX,
        };
        let svg = waterfall_svg(&picture);
        assert!(
            svg.contains("a&lt;b&gt;&amp;&quot;c&quot; ↔ 华东:客户一"),
            "{svg}"
        );
        assert!(svg.contains("…</text>") && !svg.contains("script"), "{svg}");
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }
}
