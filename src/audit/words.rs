//! The words of worksheets, English and Chinese; a worksheet is read back in either.

use crate::model::Language;

/// A word in both languages.
pub(super) type Word = [&'static str; 2];

pub(super) const SHEET: Word = ["Audit", "抽查"];
pub(super) const HELP_SHEET: Word = ["How to", "说明"];
pub(super) const NUMBER: Word = ["No.", "序号"];
pub(super) const VERDICT: Word = ["Verdict", "结论"];
pub(super) const FOUND: Word = ["Further records", "同一客户的其他记录"];
pub(super) const COMMENT: Word = ["Remark", "备注"];
pub(super) const SOURCE: Word = ["Source", "来源"];
pub(super) const KEY: Word = ["Key", "编码"];
pub(super) const ID: Word = ["Unified ID", "统一客户编号"];
pub(super) const FIELD: Word = ["Field", "字段"];
pub(super) const VALUE: Word = ["Value", "取值"];
pub(super) const CHECK: Word = ["Audit check", "抽查校验码"];

pub(super) const CORRECT: Word = ["correct", "正确"];
pub(super) const WRONG: Word = ["wrong", "错误"];
pub(super) const CANNOT_TELL: Word = ["cannot tell", "无法判断"];
pub(super) const COMPLETE: Word = ["complete", "已查全"];

/// Columns that only the review queue has.
pub(super) const QUEUE_COLUMNS: [Word; 2] = [["Decision", "决定"], ["Key A", "编码A"]];

/// What each unit asks, on the sheet that explains the others.
pub(super) fn question(unit: crate::audit::Unit) -> Word {
    use crate::audit::Unit;
    match unit {
        Unit::RecordFields => [
            "Is the value right, by the customer's papers or the customer's own word?",
            "该取值是否正确？请对照客户证照或向客户核实。",
        ],
        Unit::GoldenFields => [
            "Is the published value right, by the customer's papers or the customer's own word?",
            "发布的取值是否正确？请对照客户证照或向客户核实。",
        ],
        Unit::Links => [
            "Each number has two rows. correct: both records are one customer. wrong: they are two.",
            "每个序号两行。“正确”：两条记录是同一客户；“错误”：不是同一客户。",
        ],
        Unit::Ids => [
            "Each number has the rows of one ID. correct: all of them are one customer. wrong: at least one is not.",
            "每个序号是同一编号下的各行。“正确”：全部是同一客户；“错误”：至少一条不是。",
        ],
        Unit::Records => [
            "Find every other record of the same customer, in any source, and write them as source:key, separated by semicolons. complete: the list is whole, also when it is empty.",
            "请在所有来源中查找同一客户的其他记录，写作 来源:编码，以分号分隔。“已查全”：清单完整（没有其他记录时留空并选此项）。",
        ],
    }
}

/// What holds for every unit.
pub(super) const HELP: [Word; 4] = [
    [
        "Choose a verdict in every coloured row. Cannot tell is an answer; it counts as a failure in the conservative figure.",
        "请在每个着色行选择结论。“无法判断”也是答案，在保守口径中按不合格计。",
    ],
    [
        "Judge by evidence from outside this sheet. The sheet shows no score and no opinion of the program on purpose.",
        "请依据本表以外的证据判断。本表有意不显示任何分数或程序的意见。",
    ],
    [
        "Rows may be sorted, filtered and shared out, but not altered elsewhere than in verdict, further records and remark.",
        "可以排序、筛选、分工，但除结论、其他记录和备注外请勿改动。",
    ],
    [
        "Save as XLSX or CSV in UTF-8 and read it back with: guiyi audit import FILE --auditor NAME",
        "保存为 XLSX 或 UTF-8 的 CSV，再执行：guiyi audit import 文件 --auditor 姓名",
    ],
];

/// The word in one language.
pub(super) fn say(word: Word, language: Language) -> &'static str {
    language.choose(word[0], word[1])
}

/// Is `text` the word, in any language?
pub(super) fn is(word: Word, text: &str) -> bool {
    word.contains(&text)
}
