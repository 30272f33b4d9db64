//! The weakest links of the run as waterfalls: labels and weights, no values.

use super::super::format::Figure;
use super::super::waterfall::Float;
use super::super::waterfall::floats;
use super::Context;
use crate::quality::WeakestLink;

/// The links, weakest first.
pub(crate) struct WeakestSection {
    pub(crate) links: Vec<Link>,
}

/// One link.
pub(crate) struct Link {
    pub(crate) unified_id: String,
    pub(crate) records: Figure,
    pub(crate) weight: Figure,
    pub(crate) against: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) total: Place,
    pub(crate) zero: String,
    pub(crate) cut: String,
}

/// One bar.
pub(crate) struct Step {
    pub(crate) label: String,
    pub(crate) level: String,
    pub(crate) bits: Figure,
    pub(crate) is_against: bool,
    pub(crate) place: Place,
}

/// Where a bar stands, in per cent.
pub(crate) struct Place {
    pub(crate) x: String,
    pub(crate) width: String,
}

fn per_cent(at: u32) -> String {
    format!("{}.{:02}", at / 100, at % 100)
}

impl From<Float> for Place {
    fn from(float: Float) -> Self {
        Self {
            x: per_cent(float.x),
            width: per_cent(float.width),
        }
    }
}

impl WeakestSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let links = context.quality.weakest.iter().enumerate();
        Self {
            links: links.map(|(at, found)| link(context, at, found)).collect(),
        }
    }
}

fn link(context: Context<'_>, at: usize, found: &WeakestLink) -> Link {
    let path = format!("weakest.{at}");
    let weights = found.steps.iter().map(|step| step.weight_millibits);
    let weights = [found.prior_millibits].into_iter().chain(weights);
    let weights: Vec<i32> = weights.chain([found.rest_millibits]).collect();
    let floats = floats(&weights, context.quality.model.cut_millibits);
    let own = |label: &str, name: &str| {
        let path = format!("{path}.{name}");
        (label.to_owned(), String::new(), path)
    };
    let mut rows = vec![own(context.m.before_comparing, "prior_millibits")];
    rows.extend(found.steps.iter().enumerate().map(|(at, step)| {
        let label = context.pick(&step.en, &step.zh).to_owned();
        let level = context.pick(&step.level_en, &step.level_zh).to_owned();
        (label, level, format!("{path}.steps.{at}.weight_millibits"))
    }));
    rows.push(own(context.m.other_kinds, "rest_millibits"));
    let steps = rows.into_iter().zip(weights).zip(floats.steps);
    Link {
        unified_id: found.unified_id.clone(),
        records: Figure::count(format!("{path}.records"), found.records),
        weight: Figure::bits(format!("{path}.weight_millibits"), found.weight_millibits),
        against: context.pick(&found.against_en, &found.against_zh).to_owned(),
        steps: steps
            .map(|(((label, level, path), weight), float)| Step {
                label,
                level,
                bits: Figure::bits(path, weight),
                is_against: weight < 0,
                place: float.into(),
            })
            .collect(),
        total: floats.total.into(),
        zero: per_cent(floats.zero),
        cut: per_cent(floats.cut),
    }
}
