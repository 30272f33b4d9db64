//! Wording of the page, English and Chinese side by side.
//!
//! In: a language. Out: its [`Messages`]. One line a message makes a missing translation a syntax error. Chinese terms
//! are those of the project's word list (黄金记录, 簇, 一致级别 …) and of GB/T 36344-2018.

use crate::model::Language;
use crate::quality::MainFault;

macro_rules! messages {
    ($($name:ident $en:literal $zh:literal;)*) => {
        /// Every text of the page in one language.
        #[derive(Debug)]
        pub(super) struct Messages {
            $(pub(super) $name: &'static str,)*
        }

        const EN: Messages = Messages { $($name: $en,)* };
        const ZH: Messages = Messages { $($name: $zh,)* };

        #[cfg(test)]
        const NAMED: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $zh),)*];
    };
}

/// The texts of `language`.
pub(super) fn messages(language: Language) -> &'static Messages {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

impl Messages {
    /// Name of a fault.
    pub(super) fn fault(&self, fault: MainFault) -> &'static str {
        match fault {
            MainFault::Completeness => self.fault_completeness,
            MainFault::Validity => self.fault_validity,
            MainFault::Rejects => self.fault_rejects,
            MainFault::Duplicates => self.fault_duplicates,
        }
    }

    /// Words for a kind of suspicious entries; the name when unknown.
    pub(super) fn suspicion<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "shared_contact" => self.shared_contact,
            "sequential_numbers" => self.sequential_numbers,
            "copied_block" => self.copied_block,
            "placeholder_burst" => self.placeholder_burst,
            other => other,
        }
    }

    /// Words for a kind of relation; the name when unknown.
    pub(super) fn relation<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "branch" => self.relation_branch,
            "sibling" => self.relation_sibling,
            "group" => self.relation_group,
            other => other,
        }
    }

    /// Words for a kind of contradiction; the name when unknown.
    pub(super) fn conflict<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "identifier" => self.conflict_identifier,
            "name" => self.conflict_name,
            "detail" => self.conflict_detail,
            other => other,
        }
    }

    /// Words for the reason of a question; the name when unknown.
    pub(super) fn doubt<'a>(&self, reason: &'a str) -> &'a str {
        match reason {
            "conflict" => self.doubt_conflict,
            "apart" => self.doubt_apart,
            "weak" => self.doubt_weak,
            "bridge" => self.doubt_bridge,
            "near" => self.doubt_near,
            "stale" => self.doubt_stale,
            other => other,
        }
    }

    /// Word of a severity; the English word when unknown.
    pub(super) fn severity<'a>(&self, severity: &'a str) -> &'a str {
        match severity {
            "error" => self.severity_error,
            "warning" => self.severity_warning,
            "info" => self.severity_info,
            other => other,
        }
    }
}

messages! {
    comma ", " "、";
    lang "en" "zh-CN";
    title "Customer data quality report" "客户数据质量报告";
    product "guiyi 归一" "归一 guiyi";
    overview "Overview" "概览";
    item "Item" "项目";
    value "Value" "取值";
    day "Day" "日期";
    job "Job" "作业";
    scope "Scope" "范围";
    name "Name" "名称";
    label "Label" "说明";
    finding "Finding" "问题";
    standing "Standing" "达标情况";
    numerator "Numerator" "分子";
    denominator "Denominator" "分母";
    interval_lo "95% interval from" "95% 区间下限";
    interval_hi "95% interval to" "95% 区间上限";
    run "Run" "运行批次";
    skip "Skip to content" "跳到正文";
    contents "Contents" "目录";
    colon ": " "：";
    total "Total" "合计";
    all_sources "All sources" "全部来源";

    published "Published" "已发布";
    held_back "Not published" "未发布";
    published_lead "This run is the published customer master." "本次运行结果已成为当前发布的客户主数据。";
    published_with_warnings "This run is the published customer master; please read the warnings." "本次运行结果已发布，请查看以下警告。";
    held_back_lead "This run was held back; the last published run stays in force." "本次运行结果被拦截，继续沿用上一次发布的结果。";
    reasons "Why" "原因";
    warnings "Warnings" "警告";
    unreadable "Sources that could not be read" "无法读取的来源";
    since_run "against run" "对比批次";
    since_last "Against the last run" "较上次";
    was "was" "上次";
    points_unit "pp" "个百分点";

    published_below_gates "This run is the published customer master; some sources do not pass their quality gates." "本次运行结果已发布，部分来源未达到质量门槛。";
    notices "Notices" "提示";
    what_changed "What changed" "有何变化";
    to_do "What to do" "需要处理";
    queue_waits "Questions waiting in the review queue" "待复核问题";
    queue_how "export them with guiyi review export" "用 guiyi review export 导出";
    queue_oldest "oldest" "最久";
    queue_median "median" "中位数";
    days "days" "天";
    queue_new "new in this run" "本次新增";
    doubt_conflict "identifiers contradict each other" "证照号码矛盾";
    doubt_apart "kept apart inside one customer" "同一客户内要求分开";
    doubt_weak "one customer, but only just" "勉强合并";
    doubt_bridge "one customer, held by one pair alone" "只靠一对相连";
    doubt_near "two customers, but only just" "勉强分开";
    doubt_stale "decided before, records have changed" "以前已决定，记录有变化";
    gates_failed "Gates not passed" "未达门槛";
    gates_more "more in the scorecard" "其余见记分卡";
    gate "gate" "门槛";
    stands_out "Stands out against the last runs" "与近期相比异常";
    median_of_runs "median of 30 runs" "近 30 次中位数";
    robust_score "robust score" "稳健得分";
    trend "Trend" "趋势";
    trend_lead "The last 30 runs and this one; a figure stands out when its robust score (median and MAD) is beyond ±3." "最近 30 次运行及本次；稳健得分（中位数与 MAD）超出 ±3 视为异常。";
    trend_none "One run is no trend yet." "仅有一次运行，尚无趋势。";
    run_number "Run no." "批次号";
    now "this run" "本次";
    line_of "Line of the last runs" "近期走势";

    scorecard "Scorecard" "记分卡";
    scorecard_lead "Every source by every measure; numerator and denominator stand below each share. A measure that was not taken never counts as 100%." "各来源逐项评分，比率之下为分子与分母。未测的指标不视为 100%。";
    scorecard_owners "By data owner" "按数据责任人";
    gate_passed "passed" "达标";
    gate_failed "not passed" "未达标";
    gates_none "The job sets no gates; add [gates] to the job file." "作业未设门槛，可在作业文件中加入 [gates]。";
    late "late: its last records stand" "未到：沿用上次记录";
    measures_mean "What the measures mean" "指标说明";
    measure "Measure" "指标";
    meaning "Numerator and denominator" "分子与分母";
    rules "Rules" "规则";
    own_measure "our own" "自定";
    own_page "own page" "单独报告";

    findings "From findings to rows" "问题明细";
    findings_lead "The largest findings of each source, with the first rows concerned; values are masked. All rows are in the issues table, raw value included." "各来源主要问题及首批涉及的行，内容已遮盖。全部行及原值见 issues 表。";
    findings_more "All findings of this source are on its own page." "该来源的全部问题见其单独报告。";
    file "File" "文件";
    line "Line" "行";
    column "Column" "列";
    masked "Value, masked" "内容（已遮盖）";
    no_samples "Rows are in the issues table." "涉及的行见 issues 表。";
    derived_column "made of several" "由多列得出";
    first_rows "First rows" "首批行";
    suspicions "Entries to look at" "可疑录入";
    suspicions_lead "Patterns that honest work hardly makes. They accuse nobody and change nothing; look at the rows and ask." "正常工作中极少出现的录入模式。仅供核实，不作定论，也不改动数据。";
    suspicions_none "No such pattern was found." "未发现可疑录入。";
    kind "Pattern" "模式";
    evidence "Evidence, masked" "线索（已遮盖）";
    shared_contact "one contact, many customers" "同一联系方式对应多个客户";
    sequential_numbers "numbers in a row" "号码连号";
    copied_block "telephone and address copied" "电话地址成块复制";
    placeholder_burst "many placeholders on one day" "单日集中填写占位值";

    subsidiary_title "Data quality of one source" "来源数据质量报告";
    subsidiary_scope "This page shows the rows of this source alone." "本页仅含该来源自身的数据。";
    standing_good "All gates are passed" "各项门槛均已达到";
    standing_poor "Gates are not passed" "有门槛未达到";
    standing_plain "No gates are set for this source" "该来源未设门槛";
    standing_good_lead "Nothing has to be done; the findings below say what could still be better." "无须整改；可改进之处见下方问题明细。";
    standing_poor_lead "Correct the rows named below in the source system, and deliver the export again." "请在源系统中更正下列行，并重新导出。";
    standing_plain_lead "The findings below say which rows to correct first." "应优先更正的行见下方问题明细。";
    own_rejects_lead "Rows that could not become records, by cause." "未能成为记录的行，按原因统计。";
    own_duplicates "Duplicates inside this source" "来源内部重复";
    own_duplicates_lead "Only records of this source are compared here; other sources are not counted." "此处仅统计该来源自身记录，不计其他来源。";
    shared_records "Records of customers whom other sources serve too" "同时为其他来源客户的记录";
    own_findings_lead "Every finding of this source, errors first, each with its first rows; values are masked." "该来源的全部问题，错误在前，各列首批涉及的行；内容已遮盖。";
    missing "Missing" "缺失";
    placeholder "Placeholder" "占位";
    invalid "Not valid" "不合规";
    suspicious "Suspicious" "可疑";
    repaired "Repaired" "已修复";
    own_foot "Figures come from the quality figures of the run; each carries its place there as data-path." "数据来自本次运行的质量数据，位置见各数字的 data-path。";

    key_figures "Key figures" "关键指标";
    rows_read "Rows read" "读取行数";
    rows_rejected "Rows rejected" "拒收行数";
    unified_ids "Unified customers" "统一客户数";
    redundant "Redundant share" "冗余率";
    affected "Affected share" "涉重率";
    shared_ids "Shared by 2+ sources" "多家共有客户";
    rows_rejected_note "with place and code in rejects" "位置与代码见 rejects 表";
    unified_ids_note "one golden record each" "每个客户一条黄金记录";
    completeness_note "necessary values that are there" "必填项已填占比";
    redundant_note "records above one per customer" "超出每客户一条的记录占比";
    shared_ids_note "served by two or more" "由两家及以上公司服务";

    worst "Where to act first" "优先整改来源";
    worst_none "No source shows a fault." "各来源均未发现问题。";
    worst_rule "Order: sum of missing necessary values, values not valid, rejected rows and redundant records, each as a share." "排序依据：必填缺失、取值不合规、拒收行、内部冗余四项比率之和。";
    main_fault "Main fault" "主要问题";
    rejected_share "Rejected share" "拒收率";
    owner "Data owner" "数据责任人";
    no_owner "no owner named" "未指定责任人";
    weakest "Weakest" "最弱项";
    fault_completeness "necessary values missing" "必填信息缺失";
    fault_validity "values not valid" "取值不合规";
    fault_rejects "rows that cannot be read" "数据行无法读取";
    fault_duplicates "customers held twice" "客户重复登记";

    sources "Sources" "数据来源";
    sources_lead "Rows read = accepted + rejected + skipped. Skipped rows are left out by declaration, such as title and totals rows." "读取行数 = 接收 + 拒收 + 略过。略过为按声明不计入的行，如标题行、合计行。";
    source "Source" "来源";
    read "Read" "读取";
    accepted "Accepted" "接收";
    rejected "Rejected" "拒收";
    skipped "Skipped" "略过";
    completeness "Completeness" "完整性";
    validity "Validity" "合规性";
    within "Redundant within" "内部冗余率";
    not_measured "not measured" "未测";
    composition "Share of rows" "行构成";
    cleansing "What cleansing gained" "清洗成效";
    cleansing_lead "Records fit for contact: telephone and address both keep their rules. Before counts values valid as delivered; after also counts those repaired, or filled from other fields of the record. Doubtful values never count. Every repaired value stands in issues.parquet with its raw text, its standard text and the evidence." "可联系记录：电话与地址均符合规则。清洗前只计按原样即合规的值；清洗后另计已修复及由同一记录其他字段补全的值；存疑值一律不计。每个修复值的原值、标准值与依据见 issues.parquet。";
    fit_before "Fit before" "清洗前合格率";
    fit_after "Fit after" "清洗后合格率";
    repaired_values "Values repaired" "修复值数";
    good "on target" "达标";
    fair "below target" "未达标";
    poor "far below target" "严重不足";
    legend_good "95% or more" "不低于 95%";
    legend_fair "80% to 95%" "80% 至 95%";
    legend_poor "below 80%" "低于 80%";

    fields "Fields" "字段";
    fields_lead "Upper figure: completeness, records with a value that is no placeholder, of all records (GB/T 36344 0201). Lower figure: validity, valid and repaired values of those present (0302). Necessary fields carry a star; only their completeness is graded." "上行：完整性，即有值且非占位值的记录占全部记录的比例（GB/T 36344 0201）。下行：合规性，即有效及修复值占已填值的比例（0302）。标星为必填字段，仅必填字段的完整性参与评级。";
    fields_shortened "Necessary fields only; all fields of a source are on its own page." "仅列必填字段；各来源全部字段见其单独报告。";
    field "Field" "字段";
    necessary "necessary" "必填";
    valid_of "valid" "合规";
    in_parts "measured on its parts" "按分项字段计量";
    not_mapped_short "not supplied" "未提供";

    rejects "Rejected rows" "拒收行";
    rejects_lead "Rows that could not become records. The rejects table has file, line, byte and column of each." "未能成为记录的行。文件、行号、字节位置和列见 rejects 表。";
    rejects_none "No row was rejected." "没有拒收行。";
    issues "Findings in accepted records" "已接收记录中的问题";
    issues_lead "The issues table has source, record, file and line of each." "来源、记录、文件和行号见 issues 表。";
    issues_none "Nothing was found." "未发现问题。";
    code "Code" "代码";
    severity "Severity" "级别";
    severity_error "error" "错误";
    severity_warning "warning" "警告";
    severity_info "note" "提示";
    what_to_do "What to do" "处理建议";
    share_of_total "Share" "占比";

    duplicates "Duplicates" "重复客户";
    redundant_means "Redundant share = (records − unified customers) ÷ records: how many records could go." "冗余率 =（记录数 − 统一客户数）÷ 记录数：可以消除的记录占比。";
    affected_means "Affected share = records whose customer has two or more records ÷ records: how many records have a double." "涉重率 = 所属客户有两条及以上记录的记录数 ÷ 记录数：存在重复的记录占比。";
    duplicates_lead "The first line counts over all sources; the others count within one source alone." "首行按全部来源合并统计，其余各行仅统计该来源内部。";
    records "Records" "记录数";

    overlap "Customers that sources share" "来源间共有客户";
    overlap_lead "Unified customers with records in both sources; the diagonal counts the customers of one source." "在两个来源中都有记录的统一客户数；对角线为该来源自身客户数。";
    by_source_count "Customers by number of sources" "按服务来源数统计客户";
    source_count "Number of sources" "来源数";
    customers "Customers" "客户数";

    relations "Related customers" "关联客户";
    relations_lead "Customers that belong together without being one; they are never merged. Every relation is a row of relations.csv, under the unified IDs shown here." "相互关联但并非同一客户的对象，不会合并。全部关联见 relations.csv，按此处的统一客户编号查找。";
    relations_none "No related customers were found." "未发现关联客户。";
    relations_shown "The heaviest" "权重最高的关联";
    relation_kind "Relation" "关系";
    relation_count "Pairs of customers" "客户对数";
    relation_between "Between sources" "其中跨来源";
    relation_branch "branch or numbered unit" "分支机构或编号单位";
    relation_sibling "same name, other region" "同字号异地公司";
    relation_group "same name, other industry" "同字号其他行业公司";
    customer_a "Customer" "客户";
    customer_b "Related to" "关联客户";

    conflicts "Contradictions between sources" "来源间冲突";
    conflicts_lead "Fields in which sources give different sound values for one customer. Every value is a row of conflicts.csv, with the published one beside it." "同一客户在不同来源中取值不同的字段。全部取值见 conflicts.csv，并列出所发布的取值。";
    conflicts_none "No source contradicts another." "各来源之间没有冲突。";
    conflicts_customers "Customers concerned" "涉及客户";
    conflicts_values "Contradicting values" "冲突取值";
    conflict_kind "Kind" "类别";
    conflict_identifier "identifier" "证照号码";
    conflict_name "name" "名称";
    conflict_detail "detail" "其他信息";
    conflicts_pairs "Sources that contradict each other" "相互冲突的来源";
    conflicts_count "Contradictions" "冲突数";
    conflicts_samples "First customers of each field" "各字段首批客户";
    source_a "Source" "来源";
    source_b "And" "与";
    own_conflicts "Contradictions with other sources" "与其他来源的冲突";
    own_conflicts_lead "Customers about whom this source says another thing than others; the values of others are not shown here." "该来源与其他来源说法不同的客户数；此处不显示其他来源的取值。";

    audit_of "audit" "抽查";
    audit_interval "95% interval" "95% 区间";
    audit_drawn "drawn" "抽样于";
    audit_sources "sources audited" "已抽查来源";
    hash "Hash" "散列";

    sizes "Records per customer" "每客户记录数";
    sizes_lead "Large clusters deserve a look: they may join different customers." "记录过多的簇值得检查，可能误并了不同客户。";
    size_max "Largest" "最大";
    size_and_more "and more" "及以上";

    weights "Match weights of pairs" "记录对的匹配权重";
    weights_lead "Pairs above the floor in bins of one bit; bar heights are on a logarithmic scale. A pair at or above the cut is a link." "高于下限的记录对，每档一比特，柱高为对数刻度。权重达到分界线的记录对视为同一客户。";
    weights_none "No pair reached the floor." "没有记录对达到下限。";
    weights_chart "Histogram of pairs by match weight" "记录对匹配权重直方图";
    weight "Weight, bits" "权重（比特）";
    below_cut "Below the cut" "分界线以下";
    at_cut "At or above the cut" "达到分界线";
    cut "cut" "分界线";
    floor "floor" "下限";
    prior "prior" "先验";
    pairs "Pairs" "记录对";
    show_table "Show the figures" "查看数据";

    model "Model" "匹配模型";
    model_lead "Probability of each agreement level among matches (m) and non-matches (u), and its weight log2(m/u)." "各一致级别在匹配对中的概率 m、非匹配对中的概率 u，及其权重 log2(m/u)。";
    model_none "No comparison was made." "没有比较项。";
    converged "Training converged." "训练已收敛。";
    not_converged "Training did not converge; treat the weights with care." "训练未收敛，权重请谨慎使用。";
    comparison "Comparison" "比较项";
    agreement_level "Agreement level" "一致级别";
    bits "Bits" "比特";

    weakest_links "Weakest links" "最弱的联结";
    weakest_links_lead "The customers that hang together by the least: for each, the pair of records without which it would fall into two. Bars add up to the weight of the pair. Ask guiyi explain with the ID for the records." "靠得最松的客户：每个客户取一对记录，缺了它该客户就会一分为二。各条相加即为该对的权重。查看具体记录：guiyi explain 加编号。";
    weakest_links_none "No customer has two records." "没有多条记录的客户。";
    unified_id "Unified ID" "统一客户编号";
    weighed_against "Weighed against" "对照";
    before_comparing "Before comparing" "比较之前";
    other_kinds "Other kinds of pairs" "其余各类";

    changes "Changes since the last run" "与上次运行相比";
    changes_first "This is the first run; there is nothing to compare with." "这是首次运行，没有可比较的结果。";
    id_changes "Unified IDs" "统一客户编号";
    new "New" "新增";
    merged "Merged" "合并";
    split "Split" "拆分";
    resurrected "Restored" "恢复";
    retired "Retired" "停用";
    new_means "issued for new customers" "为新客户分配";
    merged_means "now redirect to another ID" "已并入其他编号";
    split_means "gave records to another ID" "部分记录转至其他编号";
    resurrected_means "came back to their records" "重新启用原编号";
    retired_means "no record is left" "已无记录";
    records_before "Records before" "上次记录数";
    records_now "Records now" "本次记录数";
    difference "Difference" "变化";

    foot "Every figure on this page stands in quality.json at the place its data-path names; hold the pointer over a share for numerator and denominator." "本页所有数字均取自 quality.json，位置见各数字的 data-path；鼠标悬停于比率可见分子与分母。";
    dash_means "– means not measured; it never counts as 100%." "“–”表示未测，不视为 100%。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_there_in_both_languages() {
        for (name, en, zh) in NAMED {
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
            let is_han = |text: &str| text.chars().any(|c| ('\u{4E00}'..'\u{A000}').contains(&c));
            assert!(*name == "product" || !is_han(en), "{name}");
            assert!(["colon", "comma", "lang"].contains(name) || is_han(zh), "{name}");
        }
    }
}
