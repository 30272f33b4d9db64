//! `guiyi explain A B`: why two records are, or are not, one customer. `guiyi explain ID`: how a customer grew.
//!
//! The records are read and weighed again with the published model; what was published is asked of the hub.

mod case;
mod customer;
mod decided;
mod outcome;
mod pair;
mod pair_text;
mod words;

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::profile::write_private;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::pipeline;
use crate::pipeline::Circumstances;
use crate::pipeline::Matching;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Plan;
use crate::report::waterfall_svg;
use crate::steward::Resolved;
use crate::table::Resolution;
use case::Case;
use case::Published;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A record, `source:key`, or the key alone when it is unique; a unified ID when it stands alone.
    first: String,
    /// The other record.
    second: Option<String>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Write the waterfall of the pair as a picture.
    #[arg(long, value_name = "FILE", requires = "second")]
    svg: Option<PathBuf>,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let published = Published::read(&plan)?;
    let text = console::Watch::new(true).watch(|circumstances| match &arguments.second {
        Some(second) => pair(arguments, second, &plan, published.as_ref(), circumstances),
        None => customer(arguments, &plan, published.as_ref(), circumstances),
    })?;
    console::print(&text);
    Ok(0)
}

fn json(answer: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(answer).expect("figures and names have a JSON form")
}

/// Reads and binds everything, then asks.
fn on_case<T>(
    plan: &Plan,
    published: Option<&Published>,
    prepared: &Prepared,
    circumstances: &Circumstances,
    ask: impl FnOnce(&Case) -> T,
) -> Result<T, Failure> {
    let decided = match published {
        Some(published) => pipeline::resolve_decisions(&published.hub, prepared, circumstances)?,
        None => Resolved::default(),
    };
    let matching = Matching::new(plan, &prepared.standard).with_decisions(decided);
    let known = published.and_then(|published| published.model.clone());
    let (model, is_model_new) = matching.model(known, circumstances);
    Ok(ask(&Case {
        plan,
        prepared,
        matching: &matching,
        specs: matching.comparisons().specs(),
        weights: matching.weights(&model),
        model: &model,
        is_model_new,
        published,
        circumstances,
    }))
}

fn pair(
    arguments: &Arguments,
    second: &str,
    plan: &Plan,
    published: Option<&Published>,
    circumstances: &Circumstances,
) -> Result<String, Failure> {
    let prepared = pipeline::prepare(plan, published.map(Published::last), circumstances)?;
    let (a, b) = (find(&prepared, &arguments.first)?, find(&prepared, second)?);
    if a == b {
        return Err(Failure::usage("the two keys name one record"));
    }
    let answer = on_case(plan, published, &prepared, circumstances, |case| {
        pair::explain(case, a, b)
    })?;
    if let Some(path) = &arguments.svg {
        let svg = waterfall_svg(&pair_text::picture(&answer, plan.language));
        write_private(path, &svg)
            .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", path.display())))?;
    }
    Ok(if arguments.json {
        json(&answer)
    } else {
        pair_text::text(&answer, plan.language)
    })
}

fn customer(
    arguments: &Arguments,
    plan: &Plan,
    published: Option<&Published>,
    circumstances: &Circumstances,
) -> Result<String, Failure> {
    let asked: UnifiedId = arguments.first.parse().map_err(|_| {
        Failure::usage(
            "one name alone must be a unified ID; to explain a pair, give two records as `source:key`",
        )
    })?;
    let published =
        published.ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
    let registry = &published.registry;
    let leads = registry.resolve(asked);
    let leads = leads.ok_or_else(|| Failure::usage(format!("`{asked}` was never issued by this hub")))?;
    let id = match leads {
        Resolution::Live(id) => id,
        Resolution::Split(ids) => {
            let ids: Vec<String> = ids.iter().map(UnifiedId::to_string).collect();
            return Err(Failure::usage(format!(
                "the records of `{asked}` are now several customers, ask for one of them: {}",
                ids.join(", ")
            )));
        }
        Resolution::Deleted => {
            return Err(Failure::usage(format!(
                "`{asked}` is retired: no record of it is left"
            )));
        }
    };
    let members = registry.members.iter().filter(|(_, _, of)| *of == id);
    let members: Vec<(&str, &str)> = members
        .map(|(source, key, _)| (source.as_str(), key.as_str()))
        .collect();
    let prepared = pipeline::prepare(plan, Some(published.last()), circumstances)?;
    let answer = on_case(plan, Some(published), &prepared, circumstances, |case| {
        customer::explain(case, id, &published.run_id, &members)
    })?;
    Ok(if arguments.json {
        json(&answer)
    } else {
        customer::text(&answer, plan.language)
    })
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
