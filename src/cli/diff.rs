//! `guiyi diff RUN RUN`: what is other in the second run, and why.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::hub;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::timeline::CauseCount;
use crate::timeline::Diff;
use crate::timeline::IdKind;
use crate::timeline::diff;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The first run: its id, or its number.
    before: String,
    /// The second run.
    now: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    let before = hub::find_run(&hub, &arguments.before)?;
    let now = hub::find_run(&hub, &arguments.now)?;
    let diff = diff(&before, &now).map_err(RunError::from)?;
    console::print(&match arguments.json {
        true => hub::json(&diff)?,
        false => render(&diff, plan.language).join("\n"),
    });
    Ok(0)
}

fn render(diff: &Diff, language: Language) -> Vec<String> {
    let mut lines = vec![format!("{} → {}", diff.before, diff.now)];
    let of = &diff.circumstances;
    let notes = [
        (
            of.has_other_rules,
            "the job or the program is another",
            "作业或程序已变更",
        ),
        (of.has_other_model, "the model is another", "模型已变更"),
        (of.has_other_decisions, "decisions are others", "裁决已变更"),
    ];
    let notes = notes.iter().filter(|(differs, ..)| *differs);
    lines.extend(notes.map(|(_, en, zh)| language.choose(en, zh).to_owned()));
    let records = diff.records;
    lines.push(match language {
        Language::En => format!(
            "records: {} came, {} left, {} have another ID",
            records.came, records.left, records.changed_id
        ),
        Language::Zh => format!(
            "记录：新增 {}，消失 {}，更换编号 {}",
            records.came, records.left, records.changed_id
        ),
    });
    let ids = &diff.ids;
    let kinds = [
        ("new", "新增", &ids.new),
        ("merged", "合并", &ids.merged),
        ("split", "拆分", &ids.split),
        ("moved", "移动", &ids.moved),
        ("resurrected", "恢复", &ids.resurrected),
        ("retired", "停用", &ids.retired),
    ];
    for (en, zh, kind) in kinds {
        lines.extend(id_lines(language.choose(en, zh), kind));
    }
    lines.extend(golden(diff, language));
    lines
}

fn id_lines(label: &str, kind: &IdKind) -> Vec<String> {
    let mut lines = vec![format!("{label:<12} {:>10}", kind.ids)];
    lines.extend(kind.examples.iter().map(|example| {
        let other = match example.other_id.as_str() {
            "" => String::new(),
            other => format!(" → {other}"),
        };
        let keys = example.record_keys.join("  ");
        format!("  {}{other}  ({})  {keys}", example.unified_id, example.records)
    }));
    lines
}

fn causes(counts: &[CauseCount], changed: u64, language: Language) -> String {
    let shown = counts.iter().filter(|count| count.cells > 0).map(|count| {
        let [en, zh] = count.cause.labels();
        let share = 100.0 * count.cells as f64 / changed.max(1) as f64;
        format!("{} {} ({share:.1} %)", language.choose(en, zh), count.cells)
    });
    shown.collect::<Vec<_>>().join(language.choose(", ", "，"))
}

fn golden(diff: &Diff, language: Language) -> Vec<String> {
    let golden = &diff.golden;
    let all = causes(&golden.causes, golden.changed, language);
    let mut lines = vec![match language {
        Language::En => format!(
            "golden cells of {} customers in both runs: {} changed  {all}",
            golden.customers, golden.changed
        ),
        Language::Zh => format!(
            "两次运行共有客户 {} 个，黄金记录变更 {} 处  {all}",
            golden.customers, golden.changed
        ),
    }];
    lines.extend(golden.fields.iter().map(|field| {
        let causes = causes(&field.causes, field.changed, language);
        format!("  {:<22} {:>10}  {causes}", field.field, field.changed)
    }));
    lines.extend(golden.examples.iter().map(|example| {
        let [en, zh] = example.cause.labels();
        let cause = language.choose(en, zh);
        let (before, now) = (&example.record_before, &example.record_now);
        format!(
            "    {}  {}  {cause}  {before} → {now}",
            example.unified_id, example.field
        )
    }));
    lines
}
