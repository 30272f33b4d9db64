//! The figure that is refused: precision among the labelled records alone.
//!
//! In: a report. Out: why that figure would mislead, and the right one. Of a published customer that wrongly holds two true ones, a sample
//! of records rarely has records of both; their wrong link is then outside the labelled subset, and the subset looks pure
//! (operations.md section 2: .9998 where the truth is .957).

use super::figures::AuditReport;
use super::figures::Estimate;
use super::page::interval_text;
use super::texts::estimate_name;
use crate::audit::unit::Unit;
use crate::model::Language;

/// Says why precision on the labelled subset is not given, and gives the right figure.
pub fn refuse_naive(report: &AuditReport, language: Language) -> String {
    let why = language.choose(
        "precision among the labelled records alone is refused: a wrong link mostly leads from a labelled record to one \
         outside the sample, where it is not seen, so that the figure comes near 100 % whatever the matching does",
        "不提供“仅在已标注记录内”的准确率：错误关联多半连到样本之外的记录，在标注子集中看不到，\
         因此无论匹配好坏，该数字都接近 100 %",
    );
    let right = right_figure(report);
    let right = match right {
        Some(estimate) => {
            let [en, zh] = estimate_name(estimate.name);
            let figure = interval_text(&estimate.figure, language);
            let (intro, colon) = (
                language.choose("the right figure: ", "正确的数字："),
                language.choose(": ", "："),
            );
            format!("{intro}{}{colon}{figure}", language.choose(en, zh))
        }
        None if report.auditors.is_empty() => language
            .choose(
                "the right figure: this audit has no answers yet",
                "正确的数字：本次抽查尚无答案",
            )
            .to_owned(),
        None => language
            .choose(
                "the right figure needs an audit of links: guiyi audit draw --unit links",
                "正确的数字需要抽查关联：guiyi audit draw --unit links",
            )
            .to_owned(),
    };
    format!("{why}\n{right}")
}

fn right_figure(report: &AuditReport) -> Option<&Estimate> {
    let name = match report.unit {
        Unit::Links => "precision_of_links",
        Unit::Ids => "purity_of_ids",
        Unit::Records => "pairwise_precision",
        Unit::RecordFields | Unit::GoldenFields => return None,
    };
    let is_it = |estimate: &&Estimate| estimate.name == name && estimate.source.is_none();
    report.estimates.iter().find(is_it)
}
