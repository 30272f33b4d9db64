//! `guiyi check`: every fault of the job and its sources, and a forecast of the work.

use crate::block::Blocks;
use crate::block::Forecast;
use crate::block::RuleReport;
use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::console;
use crate::cli::log;
use crate::cli::reader;
use crate::model::Language;
use crate::pipeline;
use crate::pipeline::RunError;
use crate::plan;
use serde::Serialize;

// From `benches/whole_run` on 1,000,000 mixed records (docs/performance.md, commit ec587a4): 75.3 CPU s for the stages that
// work by record, 69.0 CPU s for training, scoring and clustering where blocking holds some 60 million pairs, 3,297 MB at the
// peak; 100,000 records take 510 MB.

/// Records read, standardised, blocked, identified and published in one CPU second.
const RECORDS_PER_CPU_SECOND: u64 = 13_300;

/// Pairs that blocking holds (a pair counts once for each rule) trained on, scored and clustered in one CPU second.
const PAIRS_PER_CPU_SECOND: u64 = 850_000;

/// Bytes of peak memory a record beside the base.
const BYTES_PER_RECORD: u64 = 3_200;

/// Memory of a run without records, MiB.
const BASE_MIB: u64 = 150;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: JobArgument,
    /// Go through the candidate pairs and tell what each blocking rule gives: its pairs, those that only it makes, and the
    /// share of matches expected among them.
    #[arg(long)]
    pairs: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is told of one rule.
#[derive(Debug, Serialize)]
struct RuleLine {
    rule: &'static str,
    blocks: u64,
    block_pairs: u64,
    block_size_max: u64,
    refined: u64,
    shared: u64,
    pairs_dropped: u64,
    /// Of `--pairs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches_expected_share: Option<f64>,
}

/// What the command tells.
#[derive(Debug, Serialize)]
struct Shown {
    records: u64,
    candidates_max: u64,
    /// Of `--pairs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<u64>,
    /// Of `--pairs`: share of the pairs that single out one record which blocking found, as estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    recall_estimated: Option<f64>,
    memory_mib: u64,
    cpu_s: u64,
    threads: u64,
    rules: Vec<RuleLine>,
}

/// Prints faults and forecast; 2 when there is a fault.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let plan = reader::load(&arguments.job.job)?;
    plan::check_sources(&plan).map_err(RunError::from)?;
    let watch = console::Watch::new(quiet);
    let prepared = watch.watch(|circumstances| pipeline::prepare(&plan, None, circumstances))?;
    let blocks = pipeline::forecast(&plan, &prepared.standard);
    let forecast = arguments.pairs.then(|| blocks.forecast());
    let shown = shown(prepared.ingested.records.len() as u64, &blocks, forecast.as_ref());
    if arguments.json {
        let text = serde_json::to_string(&shown);
        console::print(&text.map_err(|error| Failure::usage(error.to_string()))?);
    } else {
        console::print(&render(plan.language, &shown));
    }
    for fault in &prepared.ingested.faults {
        log::warn(&format!(
            "source `{}` cannot be read: {}",
            fault.source, fault.error
        ));
    }
    Ok(if prepared.ingested.faults.is_empty() { 0 } else { 3 })
}

fn shown(records: u64, blocks: &Blocks, forecast: Option<&Forecast>) -> Shown {
    let candidates_max = blocks.pairs_max();
    let pairs = forecast.map_or(candidates_max, |forecast| forecast.candidates);
    let line = |(at, report): (usize, &RuleReport)| {
        let own = forecast.and_then(|forecast| forecast.rules.get(at));
        RuleLine {
            rule: report.rule,
            blocks: report.blocks,
            block_pairs: report.pairs,
            block_size_max: report.block_size_max,
            refined: report.refined,
            shared: report.shared,
            pairs_dropped: report.pairs_dropped,
            candidates: own.map(|own| own.candidates),
            only: own.map(|own| own.only),
            matches_expected_share: own.map(|own| own.strong_share),
        }
    };
    Shown {
        records,
        candidates_max,
        candidates: forecast.map(|forecast| forecast.candidates),
        recall_estimated: forecast.and_then(|forecast| forecast.recall),
        memory_mib: (records * BYTES_PER_RECORD) / (1 << 20) + BASE_MIB,
        cpu_s: records / RECORDS_PER_CPU_SECOND + pairs / PAIRS_PER_CPU_SECOND + 1,
        threads: rayon::current_num_threads() as u64,
        rules: blocks.reports().iter().enumerate().map(line).collect(),
    }
}

/// The table of the rules and the forecast below it. Chinese headings stand in a line of their own words, since columns
/// are counted in characters.
fn render(language: Language, shown: &Shown) -> String {
    let head = language.choose(
        "rule                           blocks          pairs  largest   refined    shared        dropped",
        "规则 rule · 块 blocks · 块内记录对 pairs · 最大块 largest · 已细分 refined · 多名共用 shared · 未比 dropped",
    );
    let more = language.choose(
        "     candidates           only  matches",
        " · 候选对 candidates · 仅此规则 only · 预计匹配率 matches",
    );
    let is_long = shown.candidates.is_some();
    let mut lines = vec![format!("{head}{}", if is_long { more } else { "" })];
    for rule in &shown.rules {
        let mut line = format!(
            "{:<24} {:>12} {:>14} {:>8} {:>9} {:>9} {:>14}",
            rule.rule,
            rule.blocks,
            rule.block_pairs,
            rule.block_size_max,
            rule.refined,
            rule.shared,
            rule.pairs_dropped
        );
        if let (Some(candidates), Some(only), Some(share)) =
            (rule.candidates, rule.only, rule.matches_expected_share)
        {
            line.push_str(&format!(" {candidates:>14} {only:>14} {:>6.1} %", share * 100.0));
        }
        lines.push(line);
    }
    lines.push(total(language, shown));
    if let Some(recall) = shown.recall_estimated {
        lines.push(format!(
            "{}: {:.1} %",
            language.choose(
                "estimated share of the matching pairs that became candidates",
                "预计进入候选的匹配对比例"
            ),
            recall * 100.0
        ));
    }
    let seconds = shown.cpu_s.div_ceil(shown.threads.max(1));
    lines.push(match language {
        Language::En => format!(
            "forecast: about {} MiB of memory and {} s of processor time, at best {seconds} s on {} threads",
            shown.memory_mib, shown.cpu_s, shown.threads
        ),
        Language::Zh => format!(
            "预计：内存约 {} MiB，处理器时间约 {} 秒，{} 线程时最快 {seconds} 秒 (MiB of memory, threads)",
            shown.memory_mib, shown.cpu_s, shown.threads
        ),
    });
    lines.join("\n")
}

fn total(language: Language, shown: &Shown) -> String {
    let (records, most) = (shown.records, shown.candidates_max);
    match (language, shown.candidates) {
        (Language::En, None) => format!("records {records}, candidate pairs at most {most}"),
        (Language::En, Some(pairs)) => format!("records {records}, candidate pairs {pairs}"),
        (Language::Zh, None) => format!("记录 records {records}，候选对 candidate pairs 至多 {most}"),
        (Language::Zh, Some(pairs)) => format!("记录 records {records}，候选对 candidate pairs {pairs}"),
    }
}
