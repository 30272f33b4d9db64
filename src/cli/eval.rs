//! `guiyi eval`: the published run against labelled truth.

use crate::cli::Failure;
use crate::cli::console;
use crate::evaluate::Agreement;
use crate::evaluate::EvaluateError;
use crate::evaluate::Labelled;
use crate::evaluate::Relations;
use crate::evaluate::Separation;
use crate::evaluate::Truth;
use crate::evaluate::agreement;
use crate::evaluate::separation;
use crate::model::Language;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::plan;
use crate::publish::Hub;
use crate::publish::read_registry;
use crate::table::Registry;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The job file.
    #[arg(default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// CSV with the columns record key (`id`, `key` or `record_key`), `cluster`, and `source` where keys repeat; `damage`, words parted
    /// by blanks, tells splits apart by what happened to a record.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// CSV with the columns `cluster`, `relation` and `group`: customers of one relation and group are related but different; counts
    /// those that were merged. `guiyi synth` writes `truth_relations.csv`.
    #[arg(long, value_name = "FILE")]
    relations: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Everything that is printed.
#[derive(Debug, serde::Serialize)]
struct Found {
    #[serde(flatten)]
    agreement: Agreement,
    #[serde(flatten)]
    separation: Separation,
}

impl From<EvaluateError> for Failure {
    fn from(error: EvaluateError) -> Self {
        Self::usage(error.to_string())
    }
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let plan = plan::load(&arguments.job).map_err(RunError::from)?;
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let run = hub
        .current()
        .map_err(RunError::from)?
        .ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
    let registry = read_registry(&run).map_err(RunError::from)?;
    let truth = Truth::read(&arguments.truth)?;
    let relations = match &arguments.relations {
        Some(path) => Relations::read(path, &truth)?,
        None => Relations::default(),
    };
    let found = compare(&registry, &truth, &relations)?;
    if arguments.json {
        let text = serde_json::to_string(&found);
        console::print(&text.map_err(|error| Failure::usage(error.to_string()))?);
    } else {
        console::print(&render(&found, plan.language));
    }
    Ok(0)
}

/// Matches labels to records and counts; a label without a record is a cluster of its own.
fn compare(registry: &Registry, truth: &Truth, relations: &Relations) -> Result<Found, Failure> {
    let members = registry.members.iter();
    let records = truth.records(members.map(|(source, key, _)| (&**source, &**key)))?;
    let mut ids: HashMap<UnifiedId, u64> = HashMap::new();
    let mut missing = 0;
    let mut labels = Vec::with_capacity(records.len());
    for (row, (label, record)) in truth.labels().iter().zip(records).enumerate() {
        let next = ids.len() as u64 * 2;
        let predicted = match record {
            Some(at) => *ids.entry(registry.members[at as usize].2).or_insert(next),
            None => {
                missing += 1;
                row as u64 * 2 + 1
            }
        };
        labels.push(Labelled {
            predicted,
            cluster: label.cluster,
            damage: label.damage,
        });
    }
    let pairs: Vec<(u64, u64)> = labels
        .iter()
        .map(|label| (label.predicted, u64::from(label.cluster)))
        .collect();
    let mut found = agreement(&pairs);
    found.records_missing = missing;
    found.records_unlabelled = (registry.members.len() as u64).saturating_sub(labels.len() as u64 - missing);
    Ok(Found {
        agreement: found,
        separation: separation(&labels, relations, truth.damages()),
    })
}

/// Words for the relations and damages that `guiyi synth` writes; others are shown as they are.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "agent_phone",
        "clients of one bookkeeping agent's phone",
        "共用代账电话",
    ),
    ("branch", "parent and branches", "总公司与分支机构"),
    ("family", "family at one address", "同址家庭成员"),
    ("father_son", "father and son", "父子"),
    ("group_company", "companies of one group", "同集团公司"),
    ("namesake", "namesakes", "同名异人"),
    ("parent_child", "parent and child", "父母与子女"),
    ("same_owner", "shops of one owner", "同一经营者的店铺"),
    ("same_name_family", "parent and child of one name", "同名父子"),
    ("sibling", "siblings in other cities", "异地兄弟公司"),
    ("twin", "twins", "双胞胎"),
    ("any", "all", "全部"),
    ("none", "undamaged", "无损坏"),
    ("former_name", "former name", "旧名称"),
    ("former_address", "former address", "旧地址"),
    ("no_code", "no identifier", "缺证件号码"),
    ("other_code", "identifier not as registered", "证件号码与登记不符"),
    ("no_phone", "no phone", "缺电话"),
    ("no_address", "no address", "缺地址"),
    ("other_name", "name not as registered", "名称与登记不符"),
];

fn word(name: &str, language: Language) -> &str {
    let known = WORDS.iter().find(|(known, ..)| *known == name);
    known.map_or(name, |(_, en, zh)| language.choose(en, zh))
}

fn render(found: &Found, language: Language) -> String {
    let mut lines = render_agreement(&found.agreement, language);
    lines.extend(render_separation(&found.separation, language));
    lines.join("\n")
}

fn render_agreement(found: &Agreement, language: Language) -> Vec<String> {
    let sizes = |of: &BTreeMap<u64, u64>| {
        let shown: Vec<String> = of.iter().map(|(size, n)| format!("{size}×{n}")).collect();
        shown.join(" ")
    };
    let say = |en, zh| language.choose(en, zh);
    let (precision, recall) = (say("precision", "准确率"), say("recall", "召回率"));
    vec![
        format!(
            "{} {} {}, {} {}, {} {}",
            say("records  ", "记录     "),
            found.records,
            say("labelled", "条有标注"),
            found.records_missing,
            say("not in the run", "条不在本次运行中"),
            found.records_unlabelled,
            say("without a label", "条无标注")
        ),
        format!(
            "{} {precision} {:.4}  {recall} {:.4}  F1 {:.4}   ({} {}, {} {}, {} {})",
            say("pairs    ", "记录对   "),
            found.precision,
            found.recall,
            found.f1,
            say("right", "正确"),
            found.pairs_right,
            say("predicted", "判定"),
            found.pairs_predicted,
            say("true", "真实"),
            found.pairs_true
        ),
        format!(
            "B-cubed   {precision} {:.4}  {recall} {:.4}  F1 {:.4}",
            found.b_cubed_precision, found.b_cubed_recall, found.b_cubed_f1
        ),
        format!(
            "{}  {}",
            say(
                "cluster sizes, predicted (size×clusters)",
                "簇大小，判定（大小×簇数）"
            ),
            sizes(&found.sizes_predicted)
        ),
        format!(
            "{}  {}",
            say(
                "cluster sizes, true                     ",
                "簇大小，真实             "
            ),
            sizes(&found.sizes_true)
        ),
    ]
}

fn render_separation(found: &Separation, language: Language) -> Vec<String> {
    let say = |en, zh| language.choose(en, zh);
    let mut lines = Vec::new();
    if !found.relations.is_empty() {
        lines.push(
            say(
                "related customers, wrongly merged (pairs of customers)",
                "有关联的不同客户被误并（客户对）",
            )
            .to_owned(),
        );
        for figures in &found.relations {
            lines.push(format!(
                "  {:>9} / {:<9} {:>8.2} ‰  {}",
                figures.merged,
                figures.pairs,
                figures.merged_per_thousand,
                word(&figures.relation, language)
            ));
        }
        let others = say("pairs without a known relation", "无已知关联的客户对");
        lines.push(format!(
            "  {:>9}   {:<9} {:>8}    {others}",
            found.unrelated_merged, "", ""
        ));
    }
    lines.push(
        say(
            "customers of two or more records, wrongly split (by what happened to a record)",
            "有两条及以上记录的客户被误拆（按记录的损坏）",
        )
        .to_owned(),
    );
    for figures in &found.splits {
        lines.push(format!(
            "  {:>9} / {:<9} {:>8.2} ‰  {}",
            figures.split,
            figures.customers,
            figures.split_per_thousand,
            word(&figures.damage, language)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::RelationFigures;
    use crate::evaluate::SplitFigures;

    #[test]
    fn hard_negatives_and_splits_are_shown_in_both_languages_with_unknown_words_as_they_are() {
        let relation = |relation: &str| RelationFigures {
            relation: relation.to_owned(),
            pairs: 2_000,
            merged: 3,
            merged_per_thousand: 1.5,
        };
        let found = Separation {
            relations: vec![relation("sibling"), relation("同门")],
            unrelated_merged: 7,
            splits: vec![SplitFigures {
                damage: "any".to_owned(),
                customers: 10,
                split: 1,
                split_per_thousand: 100.0,
            }],
        };
        for (language, sibling) in [
            (Language::En, "siblings in other cities"),
            (Language::Zh, "异地兄弟公司"),
        ] {
            let text = render_separation(&found, language).join("\n");
            assert!(text.contains(sibling) && text.contains("同门"), "{text}");
            assert!(text.contains("1.50 ‰") && text.contains("100.00 ‰"), "{text}");
        }
    }
}
