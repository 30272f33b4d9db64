//! Wording of the page and of the terminal, English and Chinese side by side.
//!
//! In: a language. Out: its [`Words`]. One line a text makes a missing translation a syntax error.

use crate::model::Language;

macro_rules! words {
    ($($name:ident $en:literal $zh:literal;)*) => {
        /// Every text in one language.
        #[derive(Debug)]
        pub struct Words {
            $(
                #[doc = concat!("`", $en, "`.")]
                pub $name: &'static str,
            )*
        }

        const EN: Words = Words { $($name: $en,)* };
        const ZH: Words = Words { $($name: $zh,)* };
    };
}

/// The texts of `language`.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

words! {
    lang "en" "zh-CN";
    title "Data profile" "数据探查报告";
    product "guiyi 归一" "归一 guiyi";
    skip "Skip to content" "跳到正文";
    contents "Contents" "目录";
    colon ": " "：";
    comma ", " "、";
    overview "Overview" "概览";
    checks "Before mapping" "映射前检查";
    checks_lead "What should be known or decided before this file is mapped." "在为该文件编写映射之前需要了解或决定的事项。";
    checks_none "Nothing to note." "无需注意的事项。";
    columns "Columns" "列";
    columns_lead "One row a column: what it would be mapped to, and how its cells read by the field type that tells most." "每列一行：建议映射的字段，以及按最相关字段类型读取的结果。";
    details "Columns one by one" "逐列详情";
    details_lead "Values are masked by the class of the suggested field; patterns show digits as 9, letters as A and a, Chinese characters as 汉, blanks as ␣." "取值按建议字段的脱敏类别显示；模式中 9 为数字，A/a 为字母，汉 为汉字，␣ 为空白。";
    rows "Rows" "行数";
    rejected "Rejected rows" "不可读行";
    totals "Totals rows" "合计行";
    mapped "Columns with a suggested field" "有建议字段的列";
    undecided "Columns to decide" "待确认的列";
    warnings "Warnings" "警告";
    format "Format" "格式";
    encoding "Encoding" "编码";
    delimiter "Delimiter" "分隔符";
    header_row "Header row" "表头行";
    sheets "Sheets" "工作表";
    key "Record key" "主键";
    key_rows "none: position of the row" "无：以行位置代替";
    key_sure "filled, unique and called so" "非空、唯一，名称相符";
    key_by_contents "filled and unique, but called otherwise" "非空、唯一，但名称不明";
    key_not_quite "called so, but not quite unique" "名称相符，但不完全唯一";
    source_column "Column of the subsidiary" "子公司列";
    product_export "Export of" "导出系统";
    check "Check" "检查";
    affected "Affected" "涉及";
    share "Share" "占比";
    place "Place" "位置";
    line "line" "第";
    line_end "" "行";
    info "note" "提示";
    warning "warning" "警告";
    error "error" "错误";
    column "Column" "列名";
    filled "Filled" "非空";
    empty "Empty" "为空";
    distinct "Distinct" "不同值";
    unique "unique" "唯一";
    constant "one value" "单一取值";
    no_values "no value" "全空";
    field "Suggested field" "建议字段";
    none "none" "无";
    role_key "record key" "主键";
    role_source "subsidiary" "子公司";
    role_question "to be decided" "待确认";
    instead "given better by another column" "已有更合适的列";
    candidates "Other candidates" "其他候选";
    reason "Reason" "依据";
    by_preset "header of a known product" "已知系统的表头";
    by_header "header" "表头";
    by_contents "contents" "内容";
    confidence "confidence" "置信度";
    looks_like "Cells look like" "单元格形似";
    unit "Unit in header" "表头单位";
    tax "Tax in header" "表头含税标志";
    masking "Masking" "脱敏类别";
    mask_none "shown as they are" "不脱敏";
    mask_name "names" "名称";
    mask_phone "telephone numbers" "电话";
    mask_email "e-mail" "邮箱";
    mask_id "identifiers" "证件号";
    mask_address "addresses" "地址";
    mask_date "dates of persons" "个人日期";
    mask_text "text" "文本";
    standing "Validity" "有效性";
    reading "Read as" "读取类型";
    usable "usable" "可用";
    valid "valid" "有效";
    repaired "repaired" "已修复";
    suspicious "suspicious" "可疑";
    invalid "invalid" "无效";
    placeholder "placeholder" "占位";
    findings "Findings" "发现的问题";
    cells "Cells" "单元格";
    example "Example" "示例";
    patterns "Patterns" "字符模式";
    of_patterns "different patterns" "种模式";
    top_values "Frequent values" "高频取值";
    all_different "Every value occurs once." "每个取值只出现一次。";
    frequent "Unusually frequent" "异常集中";
    lengths "Length" "长度";
    min "min" "最小";
    median "median" "中位";
    max "max" "最大";
    scripts "Scripts" "文字";
    han "Han" "汉字";
    latin "Latin" "拉丁字母";
    mixed "mixed" "混合";
    digits "digits" "数字";
    other "other" "其他";
    range "Range" "取值范围";
    date "dates" "日期";
    number "numbers" "数值";
    of_cells "of cells" "的单元格";
    sampled "The figures of this column rest on a random sample of its distinct values" "该列的统计基于不同取值的随机样本";
    foot "Made by guiyi. Values are masked; the figures are in the JSON file of the same name." "由 guiyi 生成。取值均已脱敏；数据见同名 JSON 文件。";
}
