//! Wording of the report and the notice, English and Chinese side by side.

use super::figures::Note;
use crate::audit::unit::BETWEEN;
use crate::audit::unit::Band;
use crate::model::Language;

macro_rules! texts {
    ($($name:ident $en:literal $zh:literal;)*) => {
        /// Every fixed text of the pages in one language.
        #[derive(Debug)]
        pub(super) struct Texts {
            $(pub(super) $name: &'static str,)*
        }

        const EN: Texts = Texts { $($name: $en,)* };
        const ZH: Texts = Texts { $($name: $zh,)* };

        #[cfg(test)]
        const NAMED: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $zh),)*];
    };
}

/// The texts of `language`.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

texts! {
    lang "en" "zh-CN";
    product "guiyi 归一" "归一 guiyi";
    title "Sampling audit" "数据质量抽查报告";
    skip "Skip to content" "跳到正文";
    audit "Audit" "抽查编号";
    run "Run" "运行批次";
    about "About this audit" "抽查概况";
    unit "Asked about" "抽查对象";
    population "Frame" "抽样框";
    drawn "Sample" "样本量";
    seed "Seed" "随机种子";
    frame_hash "SHA-256 of the frame" "抽样框 SHA-256";
    drawn_at "Drawn" "抽样时间";
    auditors "Auditors" "抽查人";
    complete "all answered" "已答完";
    unfinished "unfinished" "未答完";
    kappa "Agreement of two auditors (Cohen's kappa)" "两位抽查人的一致性（Cohen κ）";
    verdicts "Verdicts by subsidiary" "各子公司结论";
    verdicts_lead "A lot passes when its wrong units, and those that nobody could tell, are at most Ac together. Beside each verdict stands how often a lot of the bad level would pass." "不合格数与无法判断数合计不超过 Ac 则通过。每个结论旁列出差错率达到不可接受水平时仍被判通过的概率（使用方风险）。";
    subsidiary "Subsidiary" "子公司";
    owner "Data owner" "数据责任人";
    verdict "Verdict" "结论";
    lot "Lot" "批量";
    accept "Ac" "接收数 Ac";
    wrong "Wrong" "错误";
    correct "Correct" "正确";
    cannot_tell "Cannot tell" "无法判断";
    open "Open" "未答";
    error_rate "Error rate, 95 % interval" "差错率及 95% 区间";
    producers_risk "Producer's risk" "生产方风险";
    consumers_risk "Consumer's risk" "使用方风险";
    holm "Holds with others (Holm)" "合并后成立（Holm）";
    yes "yes" "是";
    no "no" "否";
    notice_link "Notice" "通报";
    estimates "Estimates" "估计";
    estimates_lead "Every share stands with its n, its 95 % interval and the method. The conservative figure counts what nobody could tell as wrong; a promise may rest on it." "每个比例均列出样本量 n、95 % 置信区间和方法。保守口径把“无法判断”按错误计，承诺应以它为准。";
    field "Field" "字段";
    n "n" "n";
    x "x" "x";
    estimate "Estimate" "估计值";
    interval "95 % interval" "95 % 区间";
    method "Method" "方法";
    conservative "Conservative" "保守口径";
    strata "Strata" "分层";
    band "Score band" "分数带";
    size "Records of the customer" "客户记录数";
    sampled "Drawn" "抽取";
    notes "What to know" "须知";
    all "all" "全部";
    none "No answers have been imported yet." "尚未导入答案。";
    foot "Made from the answers alone; no value of a customer is shown unmasked." "本报告仅由抽查答案生成，不含未脱敏的客户数据。";
    notice_title "Notice of an audit not passed" "数据质量抽查不合格通报";
    notice_to "To" "致";
    notice_facts "Facts" "抽查情况";
    notice_evidence "What was found wrong" "不合格明细";
    notice_records "Record" "记录";
    notice_value "Value (masked)" "取值（脱敏）";
    notice_action "What to do" "整改要求";
    notice_action_text "Correct the values listed in the source system, find the cause, check other records with the same cause, and report back. The next delivery is audited again." "请在源系统更正所列数据，查明原因，排查同类记录，并书面反馈。下一批数据将再次抽查。";
    notice_statement "The audit found more wrong units than the plan allows." "本次抽查的不合格数超过抽样方案的接收数。";
    notice_sign "Issued by" "签发";
    notice_date "Date" "日期";
    more "more" "其余";
    colon ": " "：";
    number "No." "序号";
    notice_due "To be done by" "整改期限";
    notice_received "Received by the data owner" "数据责任人签收";
}

/// Name of an estimated quantity, English and Chinese.
pub(super) fn estimate_name(name: &str) -> [&'static str; 2] {
    match name {
        "precision_of_links" => ["precision of links", "关联准确率"],
        "purity_of_ids" => ["purity of unified IDs", "统一编号纯度"],
        "records_without_error" => ["records without error", "无差错记录占比"],
        "values_correct" => ["correct values", "字段准确率"],
        "golden_values_correct" => ["correct golden values", "黄金记录取值准确率"],
        "records_with_nothing_missed" => ["records with nothing missed", "无遗漏记录占比"],
        "pairwise_recall" => ["pairwise recall", "成对召回率"],
        "b_cubed_recall" => ["B-cubed recall", "B³ 召回率"],
        "pairwise_precision" => ["pairwise precision, whole prediction", "成对准确率（全部预测）"],
        "b_cubed_precision" => ["B-cubed precision, whole prediction", "B³ 准确率（全部预测）"],
        _ => ["share", "占比"],
    }
}

/// Name of a subsidiary; what belongs to several has a name of its own.
pub(super) fn source_name(source: &str, language: Language) -> String {
    match source {
        BETWEEN => language.choose("between subsidiaries", "跨子公司").to_owned(),
        "" => texts(language).all.to_owned(),
        source => source.to_owned(),
    }
}

/// Name of a band, English and Chinese.
pub(super) fn band_name(band: Band) -> [&'static str; 2] {
    match band {
        Band::Clean => ["clean", "清晰"],
        Band::Near => ["near the cut", "临界"],
        Band::Below => ["below the cut or unscored", "低于界限或无分数"],
        Band::Unscored => ["–", "–"],
    }
}

/// What a reader must know, English and Chinese.
pub(super) fn note_text(note: Note) -> [&'static str; 2] {
    match note {
        Note::Unfinished => [
            "Not everything is answered yet: the estimates rest on what is, and may move.",
            "尚有问题未答：估计仅依据已有答案，可能变化。",
        ],
        Note::ExcludesDecided => [
            "Units that a steward has decided, or that label the job, are not in the frame: the model follows them, and asking again would audit the steward.",
            "已由数据专员裁决或作业标注的对象不在抽样框内：模型遵从这些裁决，再次抽查等于抽查专员本人。",
        ],
        Note::CannotTell => [
            "Some units could not be told. They are left out of the estimate and count as wrong in the conservative figure.",
            "部分对象无法判断：不计入估计值，在保守口径中按错误计。",
        ],
        Note::SeveralVerdicts => [
            "Several verdicts stand side by side: each alone fails a good lot with the producer's risk, all together more often. Holm's procedure names the failures that hold at 5 % over all.",
            "多个结论并列：单个结论误判合格批的概率为生产方风险，合起来更高。Holm 程序给出总体 5 % 水平下仍成立的不通过结论。",
        ],
        Note::AqlPlan => [
            "Plans of GB/T 2828.1 steer series of lots; that one lot passes says little of error rates a few times the AQL. See the consumer's risk.",
            "GB/T 2828.1 的方案用于连续批；单批通过并不能说明差错率没有达到 AQL 的几倍，请看使用方风险。",
        ],
        Note::RatioInterval => [
            "The intervals of recall and precision from labelled records rest on approximations and are for information. What can be promised is the share of records with nothing missed.",
            "由已标注记录得出的召回率、准确率区间含近似，仅供参考；可承诺的是“无遗漏记录占比”。",
        ],
        Note::BetweenSubsidiaries => [
            "What belongs to records of several subsidiaries is counted by itself, not with any of them.",
            "涉及多家子公司的对象单独统计，不计入任何一家。",
        ],
        Note::WholePrediction => [
            "Precision rests on the whole published customer of each sampled record, never on the labelled records alone, where it would come near 1 whatever the matching does.",
            "准确率依据每条样本记录所在的完整客户计算，而非仅在已标注记录内计算；后者无论匹配好坏都接近 1。",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages() {
        assert!(NAMED.iter().all(|(_, en, zh)| !en.is_empty() && !zh.is_empty()));
        let is_han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        let untranslated = NAMED
            .iter()
            .filter(|(name, _, zh)| !is_han(zh) && !["lang", "n", "x", "colon"].contains(name));
        assert_eq!(untranslated.count(), 0);
    }
}
