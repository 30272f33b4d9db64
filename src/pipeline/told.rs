//! What a run tells people beside its figures: warnings, which someone must look at, and notices; places and counts only, in the
//! language of the job.

use crate::identify::Rekey;
use crate::ingest::Ingested;
use crate::model::Language;
use crate::pipeline::Matched;
use crate::pipeline::decisions;
use crate::table::RecordStatus;
use std::collections::BTreeMap;

/// Share of rejected rows of one source above which the run is published with a warning.
const REJECTS_WARNED: f64 = 0.001;

/// What a steward must look at.
pub(super) fn warnings(
    language: Language,
    ingested: &Ingested,
    matched: &Matched,
    rekeys: &[Rekey],
    run: u32,
) -> Vec<String> {
    let faults = ingested.faults.iter();
    let mut warnings: Vec<String> = faults
        .map(|fault| {
            let (source, error) = (&fault.source, &fault.error);
            match language {
                Language::En => format!("source `{source}` could not be read: {error}"),
                Language::Zh => format!("来源 `{source}` 无法读取：{error}"),
            }
        })
        .collect();
    for (source, account) in ingested.records.sources.iter().zip(&ingested.records.accounts) {
        let (name, rejected, read) = (&source.name, account.rejected, account.read);
        // An export that broke off behind its header would retire the customers that only this source knows.
        if read == 0 && source.status == RecordStatus::Active {
            warnings.push(match language {
                Language::En => format!(
                    "source `{name}`: no rows below the header; export it again unless it has no customers"
                ),
                Language::Zh => format!("来源 `{name}`：表头之下没有数据；除非确无客户，请重新导出"),
            });
        }
        if rejected as f64 > REJECTS_WARNED * read as f64 {
            warnings.push(match language {
                Language::En => {
                    format!("source `{name}`: {rejected} of {read} rows rejected; see rejects.csv")
                }
                Language::Zh => format!("来源 `{name}`：{read} 行中拒收 {rejected} 行，见 rejects.csv"),
            });
        }
    }
    warnings.extend(of_kept(language, ingested, run));
    warnings.extend(rekeys.iter().map(|rekey| {
        let (name, kept, before) = (&rekey.source, rekey.contents_kept, rekey.rows_before);
        match language {
            Language::En => format!(
                "source `{name}`: {kept} of {before} rows are those of the last run under other keys, and get new IDs; \
                 see rekey.csv"
            ),
            Language::Zh => format!(
                "来源 `{name}`：{before} 行中有 {kept} 行与上次运行内容相同而编码不同，将得到新编号；见 rekey.csv"
            ),
        }
    }));
    warnings.extend(decisions::warnings(language, &matched.decisions));
    warnings
}

/// Records that no export of tonight gives, by source.
fn of_kept(language: Language, ingested: &Ingested, run: u32) -> Vec<String> {
    let records = &ingested.records;
    let mut counts: BTreeMap<(usize, RecordStatus), (u64, u32)> = BTreeMap::new();
    for kept in &records.kept {
        let of = (records.source_of[kept.record.at()].at(), kept.status);
        let (count, since_run) = counts.entry(of).or_insert((0, kept.since_run));
        *count += 1;
        *since_run = (*since_run).min(kept.since_run);
    }
    let tell = |((source, status), (count, since_run)): ((usize, RecordStatus), (u64, u32))| {
        let source = &records.sources[source];
        let name = &source.name;
        match (status, source.status) {
            (RecordStatus::Stale, _) => Some(match language {
                Language::En => {
                    format!("source `{name}`: its {count} records stand as in the run before run {since_run}")
                }
                Language::Zh => format!("来源 `{name}`：沿用第 {since_run} 次运行之前的 {count} 条记录"),
            }),
            // A source that was read loses records every night; one that is gone altogether is worth a word, in the first night.
            (RecordStatus::Withdrawn, RecordStatus::Withdrawn) if since_run == run => Some(match language {
                Language::En => format!(
                    "source `{name}` is no longer in the job or its exports; its {count} records stand as withdrawn"
                ),
                Language::Zh => {
                    format!("来源 `{name}` 已不在作业或导出中；其 {count} 条记录标为已撤回，数据仍保留")
                }
            }),
            _ => None,
        }
    };
    counts.into_iter().filter_map(tell).collect()
}

/// The model that the last run left.
#[derive(Debug, Clone, Copy)]
pub(super) enum LastModel {
    /// There is none, or it was not to be looked at.
    Absent,
    /// It is to be used as it is.
    Frozen,
    /// It was learned from so few records that it is learned again.
    Outgrown {
        /// How many.
        records: u64,
    },
}

/// What is worth knowing.
pub(super) fn notices(
    language: Language,
    ingested: &Ingested,
    matched: &Matched,
    last_model: LastModel,
    of_matching: [Option<String>; 2],
) -> Vec<String> {
    let codes = ingested.unmapped_codes.iter().map(|code| {
        let (source, field, table, records) = (&code.source, &code.field, &code.table, code.records);
        match language {
            Language::En => {
                format!(
                    "source `{source}`: field `{field}` has a code that `{table}` lacks in {records} records"
                )
            }
            Language::Zh => {
                format!("来源 `{source}`：字段 `{field}` 有 {records} 条记录的代码不在 `{table}` 中")
            }
        }
    });
    let mut notices: Vec<String> = codes.collect();
    let say = |en: &str, zh: &str| language.choose(en, zh).to_owned();
    if !matched.model.is_converged {
        notices.push(say(
            "the model did not converge within its limit of rounds",
            "模型在规定轮数内没有收敛",
        ));
    }
    match last_model {
        LastModel::Frozen if matched.is_newly_trained => notices.push(say(
            "the last run's model does not fit this job and was learned again; unified IDs may move",
            "上次运行的模型不适用于本作业，已重新学习；统一客户编号可能变动",
        )),
        LastModel::Outgrown { records } => notices.push(match language {
            Language::En => format!(
                "the model had been learned from {records} records and was learned again, as there are twice as many now; \
                 unified IDs may move"
            ),
            Language::Zh => format!(
                "模型原由 {records} 条记录学得，现记录数已达两倍以上，已重新学习；统一客户编号可能变动"
            ),
        }),
        LastModel::Absent | LastModel::Frozen => {}
    }
    notices.extend(of_matching.into_iter().flatten());
    notices.extend(decisions::notices(language, &matched.decisions));
    notices.extend(of_clusters(language, matched));
    notices
}

/// What is worth knowing of the clusters.
fn of_clusters(language: Language, matched: &Matched) -> Vec<String> {
    let clustering = &matched.clustering;
    let expected = &clustering.expected;
    let mut notices = Vec::new();
    if let (Some(precision), Some(recall)) = (expected.precision(), expected.recall()) {
        let (pairs, [precision, recall]) = (expected.pairs, [precision, recall].map(|share| share * 100.0));
        notices.push(match language {
            Language::En => format!(
                "by its weights the model expects {precision:.1} % of the {pairs} merged pairs to be right, and that they \
                 are {recall:.1} % of the matches among the pairs it kept"
            ),
            Language::Zh => format!(
                "按权重估计，合并的 {pairs} 对中 {precision:.1} % 正确，占所保留记录对中全部匹配的 {recall:.1} %"
            ),
        });
    }
    if clustering.components_parted > 0 {
        let (parted, size) = (clustering.components_parted, clustering.component_size_max);
        notices.push(match language {
            Language::En => format!(
                "{parted} groups of linked records were too large to be judged as a whole and were parted at their \
                 lightest pairs; the largest has {size} records"
            ),
            Language::Zh => format!(
                "{parted} 组相连的记录过多，无法整体判断，已从最弱的记录对处拆分；最大的一组有 {size} 条记录"
            ),
        });
    }
    if matched.review.left_out > 0 {
        let (items, left_out) = (matched.review.items.len(), matched.review.left_out);
        notices.push(match language {
            Language::En => {
                format!("the review holds the {items} questions whose answers weigh most; {left_out} more were left out")
            }
            Language::Zh => format!("复核队列保留了最要紧的 {items} 个问题，另有 {left_out} 个未列入"),
        });
    }
    let refused = clustering.links_refused.iter();
    // Those of decisions are warnings.
    let refused = refused.filter(|(left, right)| !matched.decisions.joins(*left, *right));
    let refused = refused.count();
    if refused > 0 {
        notices.push(match language {
            Language::En => format!(
                "{refused} labels that join records were not followed, as something else keeps them apart"
            ),
            Language::Zh => format!("{refused} 个要求合并的标注没有执行，因为另有依据使其分开"),
        });
    }
    notices
}
