//! The words of the workbook, English and Chinese; a workbook is read back in either.

use crate::model::Language;

/// A word in both languages.
pub(super) type Word = [&'static str; 2];

pub(super) const SHEET: Word = ["Review", "复核"];
pub(super) const HELP_SHEET: Word = ["How to", "说明"];

pub(super) const NUMBER: Word = ["No.", "序号"];
pub(super) const DECISION: Word = ["Decision", "决定"];
pub(super) const COMMENT: Word = ["Comment", "备注"];
pub(super) const REASON: Word = ["Asked because", "提问原因"];
pub(super) const WEIGHT: Word = ["Weight (bits)", "权重（比特）"];
pub(super) const PAIRS: Word = ["Pairs decided", "所系记录对"];
pub(super) const DIFFERENCES: Word = ["Differs in", "不同之处"];
pub(super) const SOURCE_A: Word = ["Source A", "来源A"];
pub(super) const KEY_A: Word = ["Key A", "编码A"];
pub(super) const SOURCE_B: Word = ["Source B", "来源B"];
pub(super) const KEY_B: Word = ["Key B", "编码B"];
pub(super) const CHECK: Word = ["Check", "校验码"];

pub(super) const SAME: Word = ["same customer", "同一客户"];
pub(super) const DIFFERENT: Word = ["different customers", "不同客户"];
pub(super) const CANNOT_TELL: Word = ["cannot tell", "无法判断"];

/// Reasons of the table `review` with what a steward reads.
pub(super) const REASONS: &[(&str, Word)] = &[
    (
        "conflict",
        [
            "alike, but two valid identifiers contradict each other",
            "很像，但两个有效证照号码互相矛盾",
        ],
    ),
    (
        "apart",
        [
            "alike, but their customers as wholes are not",
            "很像，但两个客户整体上不像",
        ],
    ),
    (
        "weak",
        ["one customer now, but only just", "现为同一客户，但只是勉强够"],
    ),
    (
        "bridge",
        [
            "one customer now, held together by this pair alone",
            "现为同一客户，只靠这一对相连",
        ],
    ),
    (
        "near",
        ["two customers now, but only just", "现为两个客户，只差一点"],
    ),
    (
        "stale",
        [
            "decided before, but the records have changed",
            "以前已决定，但记录有变化",
        ],
    ),
];

/// Lines of the sheet that explains the others.
pub(super) const HELP: &[Word] = &[
    [
        "Choose a decision for every row you are sure of; leave the others empty.",
        "请逐行选择决定；没有把握的行留空。",
    ],
    [
        "same customer: the two records are joined and stay joined. different customers: they are never one customer.",
        "“同一客户”：两条记录合并且保持合并。“不同客户”：两条记录永不合并。",
    ],
    [
        "cannot tell: nothing is decided; the question may come back.",
        "“无法判断”：不作决定，以后可能再次提问。",
    ],
    [
        "Cells that differ are marked in colour and named under “Differs in”. Do not change the other columns.",
        "不同的单元格以颜色标出，并列在“不同之处”。请勿改动其他列。",
    ],
    [
        "Save as XLSX and read it back with: guiyi review import FILE --author NAME --reason TEXT",
        "保存为 XLSX，再执行：guiyi review import 文件 --author 姓名 --reason 理由",
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
