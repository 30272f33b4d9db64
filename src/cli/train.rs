//! `guiyi train`: a new model, its effect, and its adoption.

use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::console;
use crate::cli::reader;
use crate::model::Language;
use crate::pipeline;
use crate::pipeline::Effect;
use crate::pipeline::RunError;
use crate::publish::Hub;
use crate::score::Population;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: JobArgument,
    /// Keep the model for the next run; without it nothing is written.
    #[arg(long)]
    adopt: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is printed as JSON.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    effect: &'a Effect,
    notices: &'a [String],
    /// SHA-256 of the adopted model; `null` without `--adopt`.
    adopted_sha256: Option<&'a str>,
}

/// Learns from the exports as they are; shows what would change, and adopts when told to.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let plan = reader::load(&arguments.job.job)?;
    let hub = arguments.adopt.then(|| Hub::open(&plan.hub)).transpose();
    let hub = hub.map_err(RunError::from)?;
    // Held to the end, so that the effect shown is that of the run after the one published now.
    let lock = hub.as_ref().map(Hub::lock).transpose().map_err(RunError::from)?;
    let training = console::Watch::new(quiet).watch(|c| pipeline::train(&plan, c))?;
    let adopted = match hub.as_ref().zip(lock.as_ref()) {
        Some((hub, lock)) => Some(training.adopt(hub, lock, &console::now())?),
        None => None,
    };
    if arguments.json {
        let shown = Shown {
            effect: &training.effect,
            notices: &training.notices,
            adopted_sha256: adopted.as_deref(),
        };
        let text = serde_json::to_string(&shown).map_err(|error| Failure::usage(error.to_string()))?;
        console::print(&text);
    } else {
        let mut lines = render(plan.language, &training.effect);
        let note = plan.language.choose("note", "提示");
        lines.extend(training.notices.iter().map(|notice| format!("{note}  {notice}")));
        lines.push(outcome(plan.language, adopted.as_deref()));
        console::print(&lines.join("\n"));
    }
    Ok(0)
}

fn outcome(language: Language, adopted: Option<&str>) -> String {
    match (language, adopted) {
        (Language::En, None) => "nothing was written; `--adopt` keeps this model for the next run".to_owned(),
        (Language::Zh, None) => "未写入任何内容；加 `--adopt` 则下次运行采用此模型".to_owned(),
        (Language::En, Some(hash)) => format!("adopted for the next run: {hash}"),
        (Language::Zh, Some(hash)) => format!("已采用，下次运行生效：{hash}"),
    }
}

fn population(language: Language, population: Population) -> &'static str {
    match population {
        Population::Persons => language.choose("persons", "个人"),
        Population::Organisations => language.choose("organisations", "单位"),
    }
}

fn render(language: Language, effect: &Effect) -> Vec<String> {
    let mut lines = vec![match language {
        Language::En => format!(
            "learned from {} records and {} labels",
            effect.records, effect.labels
        ),
        Language::Zh => format!("已学习 {} 条记录、{} 个标注对", effect.records, effect.labels),
    }];
    if !effect.is_converged {
        let text = language.choose(
            "the model did not converge within its limit of rounds",
            "模型在轮数上限内未收敛",
        );
        lines.push(text.to_owned());
    }
    if !effect.has_old {
        let text = language.choose(
            "no model of an earlier run fits this job, so there is nothing to compare with",
            "没有适用于本作业的既有模型，无从比较",
        );
        lines.push(text.to_owned());
    }
    for prior in &effect.priors {
        let who = population(language, prior.population);
        let (bits, offset) = (prior.prior_bits, prior.offset_bits);
        lines.push(match language {
            Language::En => format!(
                "{who}: prior {} bits, of which calibration {}",
                change(effect, bits.old, bits.new),
                change(effect, offset.old, offset.new)
            ),
            Language::Zh => format!(
                "{who}：先验 {} 比特，其中校准 {}",
                change(effect, bits.old, bits.new),
                change(effect, offset.old, offset.new)
            ),
        });
    }
    if !effect.weights.is_empty() {
        let text = language.choose("largest changes of weights, in bits:", "变化最大的权重（比特）：");
        lines.push(text.to_owned());
    }
    for weight in &effect.weights {
        let [en, zh] = &weight.level;
        lines.push(format!(
            "  {:+.2}  {:.2} → {:.2}  {} · {} · {}",
            weight.bits.new - weight.bits.old,
            weight.bits.old,
            weight.bits.new,
            population(language, weight.population),
            weight.comparison,
            language.choose(en, zh)
        ));
    }
    lines.extend(clusters(language, effect));
    lines
}

/// `old → new`, or the new figure alone.
fn change(effect: &Effect, old: f64, new: f64) -> String {
    if effect.has_old {
        format!("{old:.2} → {new:.2}")
    } else {
        format!("{new:.2}")
    }
}

fn clusters(language: Language, effect: &Effect) -> Vec<String> {
    let (ids, pairs) = (effect.ids, effect.pairs);
    match (language, effect.has_old) {
        (Language::En, false) => vec![
            format!("unified IDs    {}", ids.new),
            format!("pairs joined   {}", pairs.new),
        ],
        (Language::Zh, false) => vec![
            format!("统一客户编号   {}", ids.new),
            format!("合并的记录对   {}", pairs.new),
        ],
        (Language::En, true) => vec![
            format!(
                "unified IDs    {} → {} ({} would go, {} would be new)",
                ids.old, ids.new, effect.ids_gone, effect.ids_new
            ),
            format!("records        {} would change their ID", effect.records_moved),
            format!(
                "pairs joined   {} → {} ({} would be joined, {} parted)",
                pairs.old, pairs.new, effect.pairs_joined, effect.pairs_parted
            ),
        ],
        (Language::Zh, true) => vec![
            format!(
                "统一客户编号   {} → {}（消失 {}，新增 {}）",
                ids.old, ids.new, effect.ids_gone, effect.ids_new
            ),
            format!("记录           {} 条将更换编号", effect.records_moved),
            format!(
                "合并的记录对   {} → {}（新合并 {}，拆开 {}）",
                pairs.old, pairs.new, effect.pairs_joined, effect.pairs_parted
            ),
        ],
    }
}
