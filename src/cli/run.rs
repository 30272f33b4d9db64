//! `guiyi run`: the nightly job.

use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::console;
use crate::cli::log;
use crate::cli::metrics;
use crate::model::Language;
use crate::pipeline;
use crate::pipeline::Options;
use crate::pipeline::RunError;
use crate::pipeline::Summary;
use crate::plan;
use crate::plan::Plan;
use crate::quality::Cleansing;
use crate::quality::FailedGate;
use crate::quality::Share;
use crate::quality::measures;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: JobArgument,
    /// Learn the matching model again instead of using the last run's.
    #[arg(long)]
    from_scratch: bool,
    /// Do everything but publish.
    #[arg(long)]
    dry_run: bool,
    /// Exit with 6 when a source does not pass a quality gate of the job.
    #[arg(long)]
    gate: bool,
}

/// Runs the job; 0 published, 3 published with warnings, 4 refused by a guard, 6 published below a quality gate.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job.job).map_err(RunError::from)?;
    let outcome = run(arguments, &plan, quiet);
    let has_hub = plan.hub.is_dir();
    if !arguments.dry_run && has_hub {
        let code = outcome.as_ref().map_or_else(|failure| failure.code, |code| *code);
        let event = match code {
            0 | 3 | 6 => "run_published",
            4 => "run_refused",
            _ => "run_failed",
        };
        let current = std::fs::read_to_string(plan.hub.join("CURRENT")).unwrap_or_default();
        let facts = [("code", code.to_string()), ("current", current.trim().to_owned())];
        let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
        // Another run holds the hub: its line is the one that counts.
        if code != 11 {
            let left = log::leave(&plan, event, "", &facts);
            // A failure of the run says more than one of its log.
            if outcome.is_ok() {
                left?;
            }
        }
    }
    if !arguments.dry_run {
        metrics::write(
            &plan,
            outcome.as_ref().map_or_else(|failure| failure.code, |code| *code),
        );
    }
    outcome
}

fn run(arguments: &Arguments, plan: &Plan, quiet: bool) -> Result<u8, Failure> {
    let options = Options {
        is_from_scratch: arguments.from_scratch,
        is_dry_run: arguments.dry_run,
    };
    let watch = console::Watch::new(quiet);
    let summary = watch.watch(|circumstances| pipeline::run(plan, options, circumstances))?;
    if !quiet {
        console::print(&render(&summary, plan.language));
    }
    if arguments.gate && summary.refused.is_empty() && !summary.quality.gates_failed.is_empty() {
        for warning in &summary.warnings {
            eprintln!("warning: {warning}");
        }
        return Ok(below_gate(&summary, plan.language));
    }
    if summary.warnings.is_empty() {
        return Ok(0);
    }
    for warning in &summary.warnings {
        eprintln!("warning: {warning}");
    }
    if !summary.refused.is_empty() {
        return Ok(refuse(&summary, plan.language));
    }
    let more = match summary.warnings.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let message = format!("{}{more}", summary.warnings[0]);
    console::closing_line(3, "published_with_warnings", Some(&summary.run_id), &message);
    Ok(3)
}

/// Says which sources are below which gates.
fn below_gate(summary: &Summary, language: Language) -> u8 {
    let quality = &summary.quality;
    let tell = |failed: &FailedGate| {
        let source = &quality.sources[failed.source].name;
        let spec = measures().iter().find(|spec| spec.name == failed.measure);
        let label = spec.map_or("", |spec| language.choose(spec.labels[0], spec.labels[1]));
        let limit = failed.limit_basis_points as f64 / 100.0;
        let percent = match failed.share.basis_points() {
            Some(points) => format!("{:.2} %", points as f64 / 100.0),
            None => language.choose("not measured", "未测量").to_owned(),
        };
        match language {
            Language::En => format!("source `{source}`: {label} {percent}, the gate is {limit:.2} %"),
            Language::Zh => format!("来源 `{source}`：{label} {percent}，门槛 {limit:.2} %"),
        }
    };
    let told: Vec<String> = quality.gates_failed.iter().map(tell).collect();
    for gate in &told {
        eprintln!("{}: {gate}", language.choose("gate", "门槛"));
    }
    let more = match told.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let run_id = Some(summary.run_id.as_str()).filter(|id| !id.is_empty());
    console::closing_line(6, "below_gate", run_id, &format!("{}{more}", told[0]));
    6
}

/// Says which guards refuse the run and what a steward may do.
fn refuse(summary: &Summary, language: Language) -> u8 {
    let guards = summary.refused.join(",");
    let run_id = Some(summary.run_id.as_str()).filter(|id| !id.is_empty());
    if let Some(run_id) = run_id {
        let command = format!("guiyi publish {run_id} --accept {guards} --reason … --author …");
        match language {
            Language::En => {
                eprintln!("refused: the last published run stands; look at {run_id}, then `{command}`")
            }
            Language::Zh => eprintln!("已拒绝：仍以上次发布为准；查看 {run_id} 后可用 `{command}` 接受"),
        }
    }
    let message = match run_id {
        Some(_) => format!("refused by {guards}; the run is kept as a candidate"),
        None => format!("refused by {guards}; a run would be kept as a candidate"),
    };
    console::refused_line(run_id, &summary.refused, &message);
    4
}

/// What cleansing gained.
fn cleansing(cleansing: Cleansing, language: Language) -> String {
    let percent = |share: Share| percent(share.numerator, share.denominator);
    let (before, after) = (percent(cleansing.before), percent(cleansing.after));
    let repaired = cleansing.repaired_values;
    match language {
        Language::En => format!(
            "fit            {after:>10.1} %   telephone and address in order ({before:.1} % as delivered, {repaired} values repaired)"
        ),
        Language::Zh => format!(
            "清洗后合格率   {after:>10.1} %   电话与地址均合规 (原始 {before:.1} %，修复 {repaired} 个值)"
        ),
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        100.0 * part as f64 / whole as f64
    }
}

fn render(summary: &Summary, language: Language) -> String {
    let quality = &summary.quality;
    let figures = &quality.key_figures;
    let redundant = figures.records.saturating_sub(figures.unified_ids);
    let share = percent(redundant, figures.records);
    let mut lines = match language {
        Language::En => vec![
            format!(
                "rows read      {:>12}   ({} rejected, {} skipped)",
                figures.rows_read, figures.rows_rejected, figures.rows_skipped
            ),
            format!(
                "records        {:>12}   from {} sources",
                figures.records,
                quality.sources.len()
            ),
            format!("unified IDs    {:>12}", figures.unified_ids),
            format!("duplicates     {redundant:>12}   ({share:.1} % of the records are redundant)"),
            format!(
                "shared         {:>12}   customers served by two or more sources",
                figures.shared_ids
            ),
        ],
        Language::Zh => vec![
            format!(
                "读取行数       {:>12}   (拒收 {}，跳过 {})",
                figures.rows_read, figures.rows_rejected, figures.rows_skipped
            ),
            format!(
                "有效记录       {:>12}   来自 {} 个来源",
                figures.records,
                quality.sources.len()
            ),
            format!("统一客户编号   {:>12}", figures.unified_ids),
            format!("重复记录       {redundant:>12}   (冗余率 {share:.1} %)"),
            format!(
                "共同客户       {:>12}   被两个及以上来源同时服务",
                figures.shared_ids
            ),
        ],
    };
    lines.push(cleansing(quality.cleansing, language));
    for notice in &summary.notices {
        lines.push(format!("{}           {notice}", language.choose("note", "提示")));
    }
    if summary.run_id.is_empty() {
        lines.push(
            language
                .choose("dry run: nothing was published", "试运行：未发布")
                .to_owned(),
        );
    } else {
        let report = summary.directory.join("report.html");
        lines.push(format!(
            "{}         {}",
            language.choose("report", "报告"),
            report.display()
        ));
    }
    lines.join("\n")
}
