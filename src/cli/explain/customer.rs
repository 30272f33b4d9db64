//! How a unified ID came to hold its records, and what was kept out of it.
//!
//! In: a published ID. Out: [`CustomerAnswer`], printed as JSON as it stands and as text by [`text`]. The records are matched
//! again as a run would, and each cluster that holds a member tells its merges.

use super::case::Case;
use super::outcome::Link;
use super::outcome::NamedPair;
use super::outcome::link;
use super::outcome::members;
use super::outcome::named;
use super::pair_text::link_text;
use super::words::bits;
use super::words::signed;
use crate::cluster::HeldBack;
use crate::cluster::Merge;
use crate::cluster::Settings;
use crate::cluster::held_back;
use crate::cluster::history;
use crate::model::Language;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::pipeline::Matched;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Everything that is told of a customer.
#[derive(Debug, Serialize)]
pub(super) struct CustomerAnswer {
    schema_version: u32,
    unified_id: String,
    run_id: String,
    cut_bits: f64,
    /// Most that one pair counts for in an average, either way.
    pair_bits_max: f64,
    /// Published members.
    records: Vec<String>,
    /// Published members that the exports no longer have.
    missing: Vec<String>,
    /// Clusters of the records as they are now: one, unless exports or model have changed.
    clusters: Vec<ClusterAnswer>,
    is_model_new: bool,
}

/// One cluster and how it grew.
#[derive(Debug, Serialize)]
struct ClusterAnswer {
    members: Vec<String>,
    /// Names of the customers beside them, where the records have any.
    values: Vec<String>,
    merges: Vec<MergeAnswer>,
    /// Position of the merge with the least average; `null` for a single record.
    weakest_link: Option<usize>,
    held_back: Vec<HeldBackAnswer>,
}

/// One step.
#[derive(Debug, Serialize)]
struct MergeAnswer {
    left: Vec<String>,
    right: Vec<String>,
    #[serde(flatten)]
    link: Link,
    /// The only pair at the cut between the two groups, where they have more.
    bridge: Option<NamedPair>,
}

/// A customer that was kept apart.
#[derive(Debug, Serialize)]
struct HeldBackAnswer {
    unified_ids: Vec<String>,
    members: Vec<String>,
    constraint: &'static str,
    #[serde(flatten)]
    link: Link,
}

/// Explains `id`, of which `members` are the published records by source and key.
pub(super) fn explain(
    case: &Case,
    id: UnifiedId,
    run_id: &str,
    published: &[(&str, &str)],
) -> CustomerAnswer {
    let (matched, settings) = case.match_records();
    let raw = &case.prepared.ingested.records;
    let mut answer = CustomerAnswer {
        schema_version: 1,
        unified_id: id.to_string(),
        run_id: run_id.to_owned(),
        cut_bits: bits(settings.cut),
        pair_bits_max: bits(settings.weight_max),
        records: Vec::new(),
        missing: Vec::new(),
        clusters: Vec::new(),
        is_model_new: case.is_model_new,
    };
    let mut labels = BTreeSet::new();
    for (source, key) in published {
        let name = format!("{source}:{key}");
        match raw.find(source, key) {
            Some(record) => {
                labels.insert(matched.clustering.clusters.label(record));
            }
            None => answer.missing.push(name.clone()),
        }
        answer.records.push(name);
    }
    let clusters = labels.into_iter();
    answer.clusters = clusters
        .map(|label| cluster(case, &settings, &matched, label))
        .collect();
    answer
}

fn cluster(case: &Case, settings: &Settings, matched: &Matched, record: RecordIndex) -> ClusterAnswer {
    let judge = |a, b| case.judge(a, b);
    let clusters = &matched.clustering.clusters;
    let members = members(clusters, record);
    let merges = history(settings, &members, &judge);
    let weakest = merges.iter().enumerate();
    let weakest = weakest.min_by_key(|(_, merge)| merge.between.average);
    let weakest_link = weakest.map(|(at, _)| at);
    let held = held_back(settings, &matched.pairs, clusters, record, &judge);
    let party = case.prepared.standard.column("party");
    let value = |record| party.map_or_else(String::new, |party| super::words::shown(&party.text_of(record)));
    ClusterAnswer {
        values: members.iter().map(|&record| value(record)).collect(),
        members: names(case, &members),
        merges: merges.iter().map(|merge| merge_answer(case, merge)).collect(),
        weakest_link,
        held_back: held.iter().map(|held| held_answer(case, held)).collect(),
    }
}

fn names(case: &Case, records: &[RecordIndex]) -> Vec<String> {
    records.iter().map(|&record| case.name(record)).collect()
}

fn merge_answer(case: &Case, merge: &Merge) -> MergeAnswer {
    MergeAnswer {
        left: names(case, &merge.left),
        right: names(case, &merge.right),
        link: link(case, &merge.between),
        bridge: merge.bridge().map(|pair| named(case, pair)),
    }
}

fn held_answer(case: &Case, held: &HeldBack) -> HeldBackAnswer {
    let ids: BTreeSet<UnifiedId> = held
        .members
        .iter()
        .filter_map(|&record| case.id_of(record))
        .collect();
    HeldBackAnswer {
        unified_ids: ids.iter().map(ToString::to_string).collect(),
        members: names(case, &held.members),
        constraint: held.constraint.as_str(),
        link: link(case, &held.between),
    }
}

/// The answer as text.
pub(super) fn text(answer: &CustomerAnswer, language: Language) -> String {
    let count = answer.records.len();
    let head = match language {
        Language::En => format!("{}: {count} records in run {}", answer.unified_id, answer.run_id),
        Language::Zh => format!(
            "{}：运行 {} 中有 {count} 条记录",
            answer.unified_id, answer.run_id
        ),
    };
    let mut lines = vec![head];
    if !answer.missing.is_empty() {
        let what = language.choose("no longer in the exports", "导出文件中已不存在");
        lines.push(format!("{what}: {}", answer.missing.join(", ")));
    }
    if answer.clusters.len() > 1 {
        let note = language.choose(
            "by the exports and the model as they are now the records fall apart; run the job again",
            "按当前的导出文件和模型，这些记录不再是同一客户；请重新运行作业",
        );
        lines.push(note.to_owned());
    }
    for cluster in &answer.clusters {
        growth(answer, cluster, language, &mut lines);
        held_lines(cluster, language, &mut lines);
    }
    if answer.is_model_new {
        let note = language.choose(
            "note: no published model fits this job; it was learned for this answer",
            "注：没有适用于本作业的已发布模型，为本次解释临时学习",
        );
        lines.push(note.to_owned());
    }
    lines.join("\n")
}

fn growth(answer: &CustomerAnswer, cluster: &ClusterAnswer, language: Language, lines: &mut Vec<String>) {
    for (name, value) in cluster.members.iter().zip(&cluster.values) {
        lines.push(format!("  {name}  {value}").trim_end().to_owned());
    }
    lines.push(String::new());
    let (cut, most) = (signed(answer.cut_bits), answer.pair_bits_max);
    lines.push(match language {
        Language::En => {
            format!("how it grew: average link, cut {cut}; a pair counts for at most {most:.2} bits")
        }
        Language::Zh => format!("成簇过程：平均联结，分界线 {cut}；一对至多计 {most:.2} 比特"),
    });
    if cluster.merges.is_empty() {
        lines.push(format!("  {}", language.choose("a single record", "仅一条记录")));
    }
    // The last step that made a group, by its first record.
    let mut step_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, merge) in cluster.merges.iter().enumerate() {
        let group = |members: &[String]| match (members, step_of.get(members[0].as_str())) {
            ([only], _) => only.clone(),
            (_, Some(step)) => format!("[{step}]×{}", members.len()),
            (members, None) => members.join(" + "),
        };
        let (left, right) = (group(&merge.left), group(&merge.right));
        let weakest = if cluster.weakest_link == Some(at) && cluster.merges.len() > 1 {
            language.choose("  ← weakest link", "  ← 最弱的联结")
        } else {
            ""
        };
        let step = at + 1;
        let link = link_text(&merge.link, language);
        lines.push(format!("  [{step}] {left} + {right}{weakest}"));
        lines.push(format!("      {link}"));
        if let Some(bridge) = &merge.bridge {
            let what = language.choose("bridge, the only pair at the cut", "桥接，唯一达到分界线的一对");
            lines.push(format!("      {what}: {} ↔ {}", bridge.a, bridge.b));
        }
        step_of.insert(&merge.left[0], step);
    }
}

fn held_lines(cluster: &ClusterAnswer, language: Language, lines: &mut Vec<String>) {
    lines.push(String::new());
    let head = match cluster.held_back.is_empty() {
        true => language.choose(
            "kept apart: nothing; no other customer has a pair at the cut",
            "未合并：无，其他客户没有达到分界线的记录对",
        ),
        false => language.choose(
            "kept apart although a pair reaches the cut:",
            "有记录对达到分界线但未合并：",
        ),
    };
    lines.push(head.to_owned());
    for held in &cluster.held_back {
        let ids = held.unified_ids.join(", ");
        let why = match held.constraint {
            "conflict" => language.choose("hard conflict", "硬冲突"),
            "average" => language.choose("average below the cut", "平均权重未达分界线"),
            _ => language.choose("too many records around", "相连的记录过多"),
        };
        lines.push(format!("  {ids} ({}): {why}", held.members.join(" + ")));
        lines.push(format!("      {}", link_text(&held.link, language)));
        for found in &held.link.conflicts {
            let reasons = found
                .conflicts
                .iter()
                .map(|of| format!("{}: {}", of.label, of.level));
            let reasons: Vec<String> = reasons.collect();
            lines.push(format!(
                "      {} ↔ {}: {}",
                found.pair.a,
                found.pair.b,
                reasons.join(", ")
            ));
        }
    }
}
