//! `guiyi explain A B`: the waterfall of weights, and the rules that made the pair.

use crate::block::blocking_rules;
use crate::cli::Failure;
use crate::cli::console;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline;
use crate::pipeline::Matching;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::score::Model;
use crate::table::StandardColumn;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// First record, `source:key`, or the key alone when it is unique.
    first: String,
    /// Second record.
    second: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let text = console::Watch::new(true).watch(|circumstances| -> Result<String, Failure> {
        let prepared = pipeline::prepare(&plan, circumstances)?;
        let (a, b) = (
            find(&prepared, &arguments.first)?,
            find(&prepared, &arguments.second)?,
        );
        if a == b {
            return Err(Failure::usage("the two keys name one record"));
        }
        let matching = Matching::new(&plan, &prepared.standard);
        let (model, is_new) = matching.model(published_model(&plan), circumstances);
        let (left, right) = (a.min(b), a.max(b));
        let mut lines = readings(plan.language, &prepared, left);
        lines.extend(readings(plan.language, &prepared, right));
        lines.push(String::new());
        lines.extend(waterfall(&plan, &matching, &model, left, right));
        if is_new {
            lines.push("note: no published model fits this job; it was learned for this answer".to_owned());
        }
        Ok(lines.join("\n"))
    })?;
    console::print(&text);
    Ok(0)
}

fn published_model(plan: &Plan) -> Option<Model> {
    let run = Hub::open(&plan.hub).ok()?.current().ok()??;
    serde_json::from_slice(&std::fs::read(run.path("model.json")).ok()?).ok()
}

/// The record of `source:key`, or of a key that occurs once.
fn find(prepared: &Prepared, name: &str) -> Result<RecordIndex, Failure> {
    let records = &prepared.ingested.records;
    if let Some(found) = name
        .split_once(':')
        .and_then(|(source, key)| records.find(source, key))
    {
        return Ok(found);
    }
    let mut found = records
        .sources
        .iter()
        .filter_map(|source| records.find(&source.name, name));
    match (found.next(), found.next()) {
        (Some(record), None) => Ok(record),
        (Some(_), Some(_)) => Err(Failure::usage(
            "the key occurs in several sources; write it as `source:key`",
        )),
        (None, _) => Err(RunError::UnknownRecord { key: name.to_owned() }.into()),
    }
}

/// Source and key of a record, and how its name and its address were read.
fn readings(language: Language, prepared: &Prepared, record: RecordIndex) -> Vec<String> {
    let records = &prepared.ingested.records;
    let mut lines = vec![format!("{}:{}", records.source(record).name, records.key(record))];
    for (field, en, zh) in [("party", "name", "名称"), ("location", "address", "地址")] {
        if let Some(column) = prepared.standard.column(field)
            && column.item_of(record) != 0
        {
            let label = language.choose(en, zh);
            lines.push(format!("  {label}  {}", parts_of(column, record)));
        }
    }
    lines
}

fn parts_of(column: &StandardColumn, record: RecordIndex) -> String {
    const INTERNAL: &[&str] = &["tokens"];
    let item = column.item_of(record);
    let shown: Vec<String> = column
        .parts
        .iter()
        .filter(|part| part.codes[item as usize] != 0)
        .filter(|part| !part.name.ends_with("_sound") && !INTERNAL.contains(&part.name))
        .map(|part| format!("{}={}", part.name, part.values.get(part.codes[item as usize])))
        .collect();
    shown.join(" ")
}

fn waterfall(
    plan: &Plan,
    matching: &Matching,
    model: &Model,
    left: RecordIndex,
    right: RecordIndex,
) -> Vec<String> {
    let weights = matching.weights(model);
    let comparisons = matching.comparisons();
    let vector = comparisons.vector(left, right);
    let waterfall = weights.waterfall(left, right, vector);
    let mut lines = vec![bar(
        "prior",
        waterfall.prior,
        plan.language.choose("two random records", "任意两条记录"),
    )];
    for (at, comparison) in comparisons.list().iter().enumerate() {
        let level = comparison.comparator.levels().get(vector.level(at).at());
        if let Some(level) = level {
            lines.push(bar(
                comparison.name,
                waterfall.comparisons[at],
                plan.language.choose(level.en, level.zh),
            ));
        }
    }
    lines.push(bar(
        "total",
        waterfall.total(),
        verdict(plan.language, comparisons.is_conflict(vector)),
    ));
    let batch = matching.blocks().candidates(left.0..left.0 + 1);
    let rules = batch
        .right
        .iter()
        .position(|other| *other == right)
        .map_or(0, |at| batch.rules[at]);
    let names: Vec<&str> = blocking_rules()
        .iter()
        .enumerate()
        .filter(|(number, _)| rules & (1 << number) != 0)
        .map(|(_, rule)| rule.name)
        .collect();
    let made_by = if names.is_empty() {
        "no rule".to_owned()
    } else {
        names.join(", ")
    };
    lines.push(format!("blocking rules: {made_by}"));
    lines
}

fn verdict(language: Language, is_conflict: bool) -> &'static str {
    if is_conflict {
        language.choose("a conflict keeps the two apart", "存在硬冲突，不合并")
    } else {
        language.choose("log2 odds", "对数几率")
    }
}

/// One line: name, bits, a bar to the left or right of the zero line, and the label.
fn bar(name: &str, weight: MatchWeight, label: &str) -> String {
    let bits = weight.bits();
    let length = (bits.abs().min(20.0)).round() as usize;
    let (minus, plus) = if bits < 0.0 { (length, 0) } else { (0, length) };
    format!(
        "{name:<22} {bits:>8.2}  {}{}|{:<20}  {label}",
        " ".repeat(20 - minus),
        "-".repeat(minus),
        "+".repeat(plus)
    )
}
