//! Issues: findings about values and records, and the one catalogue of their codes.
//!
//! Every stage that judges data names a code of this catalogue; tables, reports and the quality figures take
//! severity and wording from here. Dimensions are those of GB/T 36344-2018.

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Info,
    /// The value is used with care, or repaired.
    Warning,
    /// The value is not used, or the row is rejected.
    Error,
}

impl Severity {
    /// The word in tables: `info`, `warning`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One kind of finding. Two codes are equal when their names are.
#[derive(Debug)]
pub struct IssueCode {
    /// Stable name in tables, such as `precision_lost`.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Quality dimension of GB/T 36344-2018: completeness, conformity, accuracy, uniqueness, consistency, timeliness.
    pub dimension: &'static str,
    /// Message in English.
    pub en: &'static str,
    /// Message in Chinese.
    pub zh: &'static str,
    /// What to do next, English and Chinese.
    pub hint: [&'static str; 2],
    /// A text in which it is found.
    pub example: &'static str,
}

impl PartialEq for IssueCode {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for IssueCode {}

impl IssueCode {
    /// The code of this name.
    ///
    /// # Panics
    /// When the catalogue has no such name; the names in the code are checked by the tests that use them.
    pub fn named(name: &str) -> &'static IssueCode {
        Self::find(name).unwrap_or_else(|| panic!("`{name}` is not in the issue catalogue"))
    }

    /// The code of this name, if the catalogue has it.
    pub fn find(name: &str) -> Option<&'static IssueCode> {
        issue_catalogue().iter().find(|code| code.name == name)
    }
}

/// Every code, in the order of the documentation.
pub fn issue_catalogue() -> &'static [IssueCode] {
    CATALOGUE
}

macro_rules! catalogue {
    ($($name:ident $severity:ident $dimension:ident $en:literal $zh:literal $hint_en:literal $hint_zh:literal $example:literal;)*) => {
        const CATALOGUE: &[IssueCode] = &[$(IssueCode {
            name: stringify!($name), severity: Severity::$severity, dimension: stringify!($dimension),
            en: $en, zh: $zh, hint: [$hint_en, $hint_zh], example: $example,
        }),*];
    };
}

catalogue! {
    // Rows that cannot be read.
    ragged_row Error conformity "the row has another number of cells than the header" "该行的列数与表头不一致"
        "quote cells that hold the delimiter, or export the row again" "单元格含分隔符时请加引号，或重新导出该行" "a,b,c under a,b";
    bad_encoding Error conformity "bytes that the encoding cannot hold" "存在编码无法表示的字节"
        "set `encoding` for this source, or export again as UTF-8" "请为该来源设置 encoding，或以 UTF-8 重新导出" "\\xff";
    record_too_long Error conformity "a record, field or line above the size limit" "记录、字段或行超过长度上限"
        "look for an unclosed quote at this place" "请检查该处是否有未闭合的引号" "\"a cell of 2 MB …";
    unclosed_quote Error conformity "a quoted cell is not closed" "引号未闭合"
        "close or double the quote at this place" "请在该处补全或双写引号" "\"北京华夏";
    nul_character Error conformity "the row holds NUL characters" "该行含有 NUL 字符"
        "export again; the file may be damaged" "请重新导出，文件可能已损坏" "a\\0b";
    missing_key Error completeness "the record key is empty" "记录主键为空"
        "give every row of this source its key" "请为该来源的每一行填写主键" "";
    duplicate_key Error uniqueness "the record key occurs again in this source" "该来源内记录主键重复"
        "the first row of this key was kept; correct the key or choose another key column" "已保留首行；请更正主键或更换主键列" "K001 twice";
    missing_source Error completeness "the column that names the source is empty" "来源列为空"
        "fill in the column that names the subsidiary" "请填写标明子公司的列" "";
    bad_json Error conformity "the line is not a JSON object" "该行不是 JSON 对象"
        "export one JSON object a line" "请按每行一个 JSON 对象导出" "{\"name\": }";
    unreadable_region Error conformity "this part of the file cannot be read" "文件的这一部分无法读取"
        "export the file again; the other rows were kept" "请重新导出该文件；其余行已保留" "a damaged row group";
    // Cells.
    precision_lost Error accuracy "the spreadsheet rounded this number" "数字已被电子表格截断，精度丢失"
        "format the column as text and export again" "请将该列设为文本格式后重新导出" "1.10105E+17";
    placeholder Warning completeness "a stop-gap instead of a value" "占位值"
        "fill in the value or leave the cell empty" "请填写真实值或留空" "13800138000";
    replacement_character Warning accuracy "the text was damaged by a wrong encoding" "文字因编码错误受损"
        "export again in the right encoding" "请以正确编码重新导出" "北京\u{FFFD}夏";
    malformed Error conformity "the value does not have the form of its field" "值不符合字段格式"
        "correct the value at its source" "请在来源系统中更正" "138123";
    check_digit Warning accuracy "the check digit does not fit" "校验位不符"
        "compare the code with the licence or card" "请与证照核对" "91310115MA1H8R7C6D";
    repaired Info conformity "the value was repaired; the raw value is beside it" "值已修复，原值保留"
        "correct the value at its source" "请在来源系统中更正" "9144O3OOI92I8I49OG";
    suspicious Warning accuracy "the value has the right form but is unlikely" "值格式正确但可疑"
        "verify the value" "请核实" "13812345678";
    unassigned_number Warning accuracy "a telephone number that no operator assigns" "号段未分配"
        "ask the customer for the number" "请向客户核实号码" "16012349876";
    surname_only Warning completeness "the name is a surname with a title" "只有姓氏和称谓"
        "fill in the full name" "请填写全名" "王总";
    ambiguous_value Warning consistency "the value can be read in several ways" "值存在多种解释"
        "write it out in full" "请写完整" "朝阳区汉庭酒店";
    tax_flag_unknown Warning completeness "an amount without a statement on tax" "金额未注明是否含税"
        "state 含税 or 不含税 in the header or the job file" "请在表头或作业文件中注明含税或不含税" "100";
    unmapped_code Warning conformity "the code is not in the code table" "代码不在编码映射表中"
        "add the code to the table named in the job file" "请在作业文件指定的编码映射表中补充" "Z9";
    date_out_of_range Warning accuracy "the date is not possible for its field" "日期超出合理范围"
        "correct the date at its source" "请在来源系统中更正" "2999-01-01";
    catch_all_account Info uniqueness "an account for many customers; kept, never matched" "散客归集账户：保留，不参与匹配"
        "nothing to do" "无需处理" "散户";
    conflicting_values Warning consistency "sources give different valid values" "各来源的有效值互相矛盾"
        "settle which source is right" "请确认以哪个来源为准" "AAA / C";
    mojibake Warning accuracy "the text was read in a wrong encoding; put right where that is provable" "文字因编码误读成乱码，可证实的已还原"
        "export again in the right encoding" "请以正确编码重新导出" "é”¦æ±Ÿ";
    wrong_field Warning conformity "the value belongs in another field" "值应填在其他字段"
        "move the value to the field named in the evidence" "请将该值移至证据所示字段" "11010519491231002X as a social credit code";
    typo_suggested Warning accuracy "probably a typing error; the evidence names what was meant" "疑似录入错误，证据列为建议值"
        "correct the value at its source" "请在来源系统中更正" "a@gamil.com";
    filled Info completeness "the value was taken from another field of the record" "值取自同一记录的其他字段"
        "fill in the field at its source" "请在来源系统中补填" "55667799 with an address in 上海";
    incomplete_address Warning completeness "no field of the record says which city the address is in" "地址缺少所在城市"
        "add province and city" "请补充省市" "中山路5号";
    former_region Info timeliness "the place has been renamed or merged" "行政区划已更名或撤并"
        "bring the address up to date" "请更新地址" "杭州市下城区青云街";
    unknown_region Warning accuracy "the code of the place has never existed" "行政区划代码不存在"
        "compare the number with the card or licence" "请与证照核对" "99010519491231002X";
    role_account Info accuracy "an address of a function, not of a person" "职能邮箱，非个人邮箱"
        "nothing to do" "无需处理" "info@huaxia.com";
    disconnected_number Warning timeliness "the carrier reports that the number is out of service" "运营商反馈该号码为空号或停机"
        "ask the customer for the new number" "请向客户核实新号码" "13912340987 with 空号";
    id_birth_date Warning consistency "the date of birth is not that of the ID card" "出生日期与身份证号不符"
        "compare both with the card" "请与证件核对" "1980-01-01 beside 11010519491231002X";
    id_gender Warning consistency "the gender is not that of the ID card" "性别与身份证号不符"
        "compare both with the card" "请与证件核对" "男 beside 11010519491231002X";
    phone_area Info consistency "the area code belongs to another place than the address" "电话区号与地址所在城市不符"
        "verify telephone and address" "请核实电话与地址" "021-55667799 beside 北京市";
    code_region Info consistency "the licence was issued in another province than the address" "证照登记地与地址所在省份不符"
        "verify the address" "请核实地址" "91440300192181490G beside 北京市";
    email_company Info consistency "the mail domain is that of another customer's website" "邮箱域名与网站域名不符"
        "verify e-mail and website" "请核实邮箱与网站" "a@huaxia.com beside www.beifang.com";
    date_order Warning consistency "the dates are in an impossible order" "日期先后顺序不合理"
        "correct the dates at their source" "请在来源系统中更正日期" "created after updated";
    frequent_value Warning uniqueness "many different customers share this value" "大量不同客户共用该值"
        "find out whether it is a default or an agent's" "请核实是否为默认值或代理机构信息" "one mobile number on 300 customers";
    repeated_across_fields Warning accuracy "several fields of the record hold the same value" "同一记录的多个字段填写了相同的值"
        "fill in each field with its own value" "请分别填写各字段" "the customer's name as address";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_both_languages_are_there() {
        let names: BTreeSet<_> = issue_catalogue().iter().map(|code| code.name).collect();
        assert_eq!(names.len(), issue_catalogue().len());
        assert!(
            issue_catalogue()
                .iter()
                .all(|c| c.zh.chars().any(|ch| ch > '\u{2E80}'))
        );
        assert!(
            issue_catalogue()
                .iter()
                .all(|c| c.hint.iter().all(|h| !h.is_empty()))
        );
    }
}
