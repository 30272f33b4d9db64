//! `guiyi audit plan`: how many to ask, how many may be wrong, and what such a verdict is worth.

use super::desk::Desk;
use super::desk::failure;
use crate::audit::Unit;
use crate::audit::lots;
use crate::audit::sampling::AcceptancePlan;
use crate::audit::sampling::Mode;
use crate::audit::sampling::PlanRequest;
use crate::audit::sampling::Severity;
use crate::audit::sampling::acceptance_plan;
use crate::audit::sampling::parts_per_million;
use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use serde::Serialize;
use std::path::PathBuf;

/// What a plan must keep; shared with `draw`.
#[derive(Debug, clap::Args)]
pub(super) struct PlanArguments {
    /// The form of the plan.
    #[arg(long, value_parser = mode_named, default_value = "two-risk", value_name = "two-risk|gbt2828.4|gbt2828.1")]
    pub(super) mode: Mode,
    /// Good level: the error rate that is tolerated, declared (gbt2828.4) or the AQL (gbt2828.1), such as `.01` or `1%`.
    #[arg(long, value_parser = share, default_value = ".01", value_name = "SHARE")]
    pub(super) p0: u64,
    /// Bad level: the error rate that must be found.
    #[arg(long, value_parser = share, value_name = "SHARE")]
    pub(super) p1: Option<u64>,
    /// Limiting quality ratio: the bad level as a multiple of the good one, instead of `--p1`; 3 unless told.
    #[arg(long, conflicts_with = "p1", value_name = "RATIO")]
    pub(super) lqr: Option<u64>,
    /// Inspection level of gbt2828.1.
    #[arg(long, default_value = "II", value_name = "LEVEL")]
    pub(super) level: String,
}

/// Bad level as a multiple of the good one unless told.
const LQR_DEFAULT: u64 = 3;

impl PlanArguments {
    pub(super) fn request(&self) -> PlanRequest {
        let by_ratio = self.p0.saturating_mul(self.lqr.unwrap_or(LQR_DEFAULT));
        PlanRequest {
            mode: self.mode,
            p0_ppm: self.p0,
            p1_ppm: self.p1.unwrap_or(by_ratio),
            level: self.level.clone(),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A subsidiary of the published run; all of them unless given.
    #[arg(long, value_name = "SOURCE")]
    lot: Option<String>,
    /// Plan for a lot of this size, without a job.
    #[arg(long, conflicts_with = "lot", value_name = "N")]
    lot_size: Option<u64>,
    #[command(flatten)]
    plan: PlanArguments,
    /// Severity of gbt2828.1; that of the subsidiary's series unless given.
    #[arg(long, value_parser = severity_named, value_name = "normal|tightened|reduced")]
    severity: Option<Severity>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

pub(super) fn mode_named(word: &str) -> Result<Mode, String> {
    let found = Mode::ALL.into_iter().find(|mode| mode.as_str() == word);
    found.ok_or_else(|| "must be one of two-risk, gbt2828.4, gbt2828.1".to_owned())
}

pub(super) fn share(text: &str) -> Result<u64, String> {
    parts_per_million(text)
        .ok_or_else(|| "must be a share such as .01 or 1%, with at most six decimals".to_owned())
}

fn severity_named(word: &str) -> Result<Severity, String> {
    let all = [Severity::Normal, Severity::Tightened, Severity::Reduced];
    let found = all.into_iter().find(|severity| severity.names()[0] == word);
    found.ok_or_else(|| "must be one of normal, tightened, reduced".to_owned())
}

#[derive(Debug, Serialize)]
struct Planned<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    mode: Mode,
    p0: f64,
    p1: f64,
    reject: u64,
    #[serde(flatten)]
    plan: AcceptancePlan,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let request = arguments.plan.request();
    let (language, lots) = match arguments.lot_size {
        // Without a hub the job only says in which language.
        Some(size) => {
            let language = match arguments.job.exists() {
                true => crate::plan::load(&arguments.job).map_or(Language::En, |plan| plan.language),
                false => Language::En,
            };
            (language, vec![(None, size, Severity::Normal)])
        }
        None => of_run(arguments)?,
    };
    for (source, lot, severity) in &lots {
        let severity = arguments.severity.unwrap_or(*severity);
        let plan = acceptance_plan(&request, *lot, severity).map_err(|error| failure(&error.into()))?;
        let planned = Planned {
            source: source.as_deref(),
            mode: request.mode,
            p0: request.p0_ppm as f64 / 1e6,
            p1: request.p1_ppm as f64 / 1e6,
            reject: plan.accept + 1,
            plan,
        };
        match arguments.json {
            true => console::print(&hub::json(&planned)?),
            false => console::print(&told(&planned, language)),
        }
    }
    Ok(0)
}

type Lots = Vec<(Option<String>, u64, Severity)>;

fn of_run(arguments: &Arguments) -> Result<(Language, Lots), Failure> {
    let desk = Desk::open(&arguments.job)?;
    let run = desk.run(None)?;
    let states = desk.states(Unit::RecordFields)?;
    let all = lots(&run).map_err(|error| failure(&error))?;
    let mut chosen: Lots = Vec::new();
    for (source, size) in &all {
        if arguments.lot.as_ref().is_none_or(|asked| asked == source) {
            let severity = states
                .get(source)
                .map_or(Severity::Normal, |state| state.severity);
            chosen.push((Some(source.clone()), *size, severity));
        }
    }
    if let (true, Some(asked)) = (chosen.is_empty(), &arguments.lot) {
        let known: Vec<&str> = all.iter().map(|(source, _)| source.as_str()).collect();
        return Err(Failure::usage(format!(
            "the published run has no subsidiary `{asked}`; it has {}",
            known.join(", ")
        )));
    }
    Ok((desk.language(), chosen))
}

fn per_cent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

fn told(planned: &Planned, language: Language) -> String {
    let plan = &planned.plan;
    let (p0, p1) = (per_cent(planned.p0), per_cent(planned.p1));
    let risk = |risk: f64| format!("{:.2} %", risk * 100.0);
    let (alpha, beta) = (risk(plan.producers_risk), risk(plan.consumers_risk));
    let table = match (plan.severity, plan.code) {
        (Some(severity), Some(code)) => {
            let [en, zh] = severity.names();
            language
                .choose(
                    &format!(", {en} inspection, code letter {code}"),
                    &format!("，{zh}，字码 {code}"),
                )
                .to_owned()
        }
        _ => String::new(),
    };
    let name = planned
        .source
        .map(|source| format!("{source}: "))
        .unwrap_or_default();
    let (lot, n, accept, reject, mode) = (
        plan.lot,
        plan.n,
        plan.accept,
        planned.reject,
        planned.mode.as_str(),
    );
    match language {
        Language::En => format!(
            "{name}lot of {lot} ({mode}{table})\n  ask n = {n}; passes with at most Ac = {accept} wrong, fails from Re = {reject}\n  \
             producer's risk: a lot with {p0} wrong fails with {alpha}\n  \
             consumer's risk: a lot with {p1} wrong passes with {beta}"
        ),
        Language::Zh => format!(
            "{name}批量 {lot}（{mode}{table}）\n  样本量 n = {n}；不合格不超过 Ac = {accept} 则通过，达到 Re = {reject} 则不通过\n  \
             生产方风险：差错率为 {p0} 的批被判不通过的概率为 {alpha}\n  \
             使用方风险：差错率为 {p1} 的批被判通过的概率为 {beta}"
        ),
    }
}
