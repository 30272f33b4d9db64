//! `guiyi run`: the nightly job.

use crate::cli::Failure;
use crate::cli::JobArgument;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::forget;
use crate::cli::hooks;
use crate::cli::limits;
use crate::cli::limits::Guarded;
use crate::cli::log;
use crate::cli::metrics;
use crate::cli::reader;
use crate::model::Language;
use crate::pipeline;
use crate::pipeline::Options;
use crate::pipeline::Summary;
use crate::pipeline::budget;
use crate::pipeline::budget::Budget;
use crate::plan::Plan;
use crate::quality::Cleansing;
use crate::quality::FailedGate;
use crate::quality::Share;
use crate::quality::measures;
use std::sync::Arc;
use std::time::Duration;

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
    /// End the run when it has not begun to publish after this time, such as `90m` (exit 12).
    #[arg(long, value_name = "TIME", value_parser = budget::parse_time)]
    max_time: Option<Duration>,
    /// End the run when it holds, or will need, more memory than this, such as `4GiB` (exit 12).
    #[arg(long, value_name = "SIZE", value_parser = budget::parse_bytes)]
    max_memory: Option<u64>,
    /// Run only while that much stays free on the disk of the hub, such as `2GiB` (exit 12).
    #[arg(long, value_name = "SIZE", value_parser = budget::parse_bytes)]
    min_free_disk: Option<u64>,
}

/// How a run ended, for the closing line and the hooks.
struct Ended {
    code: u8,
    name: &'static str,
    run_id: Option<String>,
    message: String,
    /// Guards that refuse the run.
    guards: Vec<String>,
}

/// Runs the job; 0 published, 3 published with warnings, 4 refused by a guard, 6 published below a quality gate, 12 ended by
/// a limit.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let plan = reader::load(&arguments.job.job)?;
    if !arguments.dry_run {
        forget::finish_pending(&plan)?;
    }
    let started_at = console::now();
    let outcome = run(arguments, &plan, &started_at, quiet);
    let told = match &outcome {
        Ok(ended) => hooks::Ended {
            code: ended.code,
            name: ended.name,
            run_id: ended.run_id.as_deref(),
            message: &ended.message,
            started_at: &started_at,
        },
        Err(failure) => hooks::Ended {
            code: failure.code,
            name: failure.name,
            run_id: None,
            message: failure.message.lines().next().unwrap_or_default(),
            started_at: &started_at,
        },
    };
    // A failure of the run says more than one of its log.
    let logged = match arguments.dry_run {
        true => Ok(()),
        false => log_outcome(&plan, told.code),
    };
    if !arguments.dry_run {
        metrics::write(&plan, told.code);
        hooks::call(&plan, &told);
    }
    let ended = outcome?;
    logged?;
    let run_id = ended.run_id.as_deref();
    match ended.code {
        0 => {}
        4 => console::refused_line(run_id, &ended.guards, &ended.message),
        code => console::closing_line(code, ended.name, run_id, &ended.message),
    }
    Ok(ended.code)
}

/// Leaves a line in the log of the hub.
fn log_outcome(plan: &Plan, code: u8) -> Result<(), Failure> {
    let event = match code {
        0 | 3 | 6 => "run_published",
        4 => "run_refused",
        // Another run holds the hub: its line is the one that counts.
        11 => return Ok(()),
        _ => "run_failed",
    };
    if !plan.hub.is_dir() {
        return Ok(());
    }
    let current = std::fs::read_to_string(plan.hub.join("CURRENT")).unwrap_or_default();
    let code = code.to_string();
    audit_log::leave(plan, event, "", &[("code", &code), ("current", current.trim())])
}

/// Holds the limits of the command line; the disk is asked before anything is read.
fn limits(arguments: &Arguments, plan: &Plan, started_at: &str) -> Result<Arc<Guarded>, Failure> {
    let budget = Budget {
        time_max: arguments.max_time,
        memory_bytes_max: arguments.max_memory,
        disk_free_bytes_min: arguments.min_free_disk.filter(|_| !arguments.dry_run),
    };
    if let Some(breach) = limits::check_before(&budget, &plan.hub) {
        return Err(Failure {
            code: limits::CODE,
            name: limits::NAME,
            message: limits::stopped(&breach),
            is_shown: false,
        });
    }
    let is_dry_run = arguments.dry_run;
    let (plan, started_at) = (plan.clone(), started_at.to_owned());
    let hub = plan.hub.clone();
    let before_end = move |message: &str| {
        let told = hooks::Ended {
            code: limits::CODE,
            name: limits::NAME,
            run_id: None,
            message,
            started_at: &started_at,
        };
        if !is_dry_run {
            metrics::write(&plan, limits::CODE);
            hooks::call(&plan, &told);
        }
    };
    Ok(Guarded::start(budget, hub, Box::new(before_end)))
}

fn run(arguments: &Arguments, plan: &Plan, started_at: &str, quiet: bool) -> Result<Ended, Failure> {
    let options = Options {
        is_from_scratch: arguments.from_scratch,
        is_dry_run: arguments.dry_run,
    };
    let watch = console::Watch::with_limits(quiet, limits(arguments, plan, started_at)?);
    let summary = watch.watch(|circumstances| pipeline::run(plan, options, circumstances))?;
    if !quiet {
        console::print(&render(&summary, plan.language));
    }
    if !summary.run_id.is_empty() {
        log::about(&summary.run_id);
    }
    let figures = &summary.quality.key_figures;
    let counts = [
        ("rows_read", figures.rows_read),
        ("rows_rejected", figures.rows_rejected),
        ("records", figures.records),
        ("unified_ids", figures.unified_ids),
    ];
    log::figures(log::Level::Info, "end", "run_ended", &counts);
    for warning in &summary.warnings {
        log::warn(warning);
    }
    let is_below_gate =
        arguments.gate && summary.refused.is_empty() && !summary.quality.gates_failed.is_empty();
    if is_below_gate {
        return Ok(below_gate(&summary, plan.language));
    }
    let mut ended = Ended {
        code: 0,
        name: "published",
        run_id: Some(summary.run_id.clone()).filter(|id| !id.is_empty()),
        message: String::new(),
        guards: Vec::new(),
    };
    let Some(first) = summary.warnings.first() else {
        return Ok(ended);
    };
    if !summary.refused.is_empty() {
        return Ok(refuse(&summary, plan.language));
    }
    let more = match summary.warnings.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    (ended.code, ended.name) = (3, "published_with_warnings");
    ended.message = format!("{first}{more}");
    Ok(ended)
}

/// Says which sources are below which gates.
fn below_gate(summary: &Summary, language: Language) -> Ended {
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
        let human = format!("{}: {gate}", language.choose("gate", "门槛"));
        log::tell(log::Level::Warning, "below_gate", &human, gate);
    }
    let more = match told.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    Ended {
        code: 6,
        name: "below_gate",
        run_id: Some(summary.run_id.clone()).filter(|id| !id.is_empty()),
        message: format!("{}{more}", told[0]),
        guards: Vec::new(),
    }
}

/// Says which guards refuse the run and what a steward may do.
fn refuse(summary: &Summary, language: Language) -> Ended {
    let guards = summary.refused.join(",");
    let run_id = Some(summary.run_id.as_str()).filter(|id| !id.is_empty());
    if let Some(run_id) = run_id {
        let command = format!("guiyi publish {run_id} --accept {guards} --reason … --author …");
        let told = match language {
            Language::En => format!("the last published run stands; look at {run_id}, then `{command}`"),
            Language::Zh => format!("仍以上次发布为准；查看 {run_id} 后可用 `{command}` 接受"),
        };
        let human = match language {
            Language::En => format!("refused: {told}"),
            Language::Zh => format!("已拒绝：{told}"),
        };
        log::tell(log::Level::Error, "refused", &human, &told);
    }
    let message = match run_id {
        Some(_) => format!("refused by {guards}; the run is kept as a candidate"),
        None => format!("refused by {guards}; a run would be kept as a candidate"),
    };
    Ended {
        code: 4,
        name: "refused",
        run_id: run_id.map(str::to_owned),
        message,
        guards: summary.refused.clone(),
    }
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
