//! The header of a table: which row it is, what its columns are called.
//!
//! In: the first rows of a file. Out: cleaned column names (line breaks and marks removed, repeated names numbered),
//! the unit and the tax statement that a header carries in brackets or as a word, and the position of a column named
//! in the job, with or without its unit. The header is the first row that has the columns the job names; without
//! such names, the first row that is nearly as wide as the table and holds words. Title rows and merged titles above it
//! have one or two cells (china.md section 14). What a column means is left to the job.

use super::profile::TaxStatement;
use serde::Deserialize;
use serde::Serialize;

/// One column of a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeaderColumn {
    /// Cleaned name, unique in the header; `列5` when the header cell is empty.
    pub(super) name: String,
    /// Name without unit.
    plain: String,
    /// Unit in brackets, such as `万元`.
    pub(super) unit: Option<String>,
    /// Tax statement anywhere in the name.
    pub(super) tax: Option<TaxStatement>,
    /// Is the header cell empty?
    pub(super) is_blank: bool,
}

/// The columns of a table, and where its header stood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Header {
    /// Line or sheet row, from 1; 0 when the format has no header row.
    pub(super) line: u64,
    pub(super) columns: Vec<HeaderColumn>,
}

impl Header {
    /// Makes the header of a row's cells; empty cells at the end are no columns.
    pub(super) fn new<'a>(line: u64, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut columns: Vec<HeaderColumn> = Vec::new();
        let mut seen = std::collections::BTreeMap::new();
        for (at, cell) in cells.enumerate() {
            let clean = clean(cell);
            let is_blank = clean.is_empty();
            let mut name = if is_blank { format!("列{}", at + 1) } else { clean };
            let (plain, unit, tax) = parts_of(&name);
            let count = seen.entry(name.clone()).or_insert(0u32);
            *count += 1;
            if *count > 1 {
                name = format!("{name}#{count}");
            }
            columns.push(HeaderColumn {
                plain,
                unit,
                tax,
                is_blank,
                name,
            });
        }
        while columns.last().is_some_and(|column| column.is_blank) {
            columns.pop();
        }
        Self { line, columns }
    }

    /// The header of a format that names its columns itself.
    pub(super) fn of_names(names: &[String]) -> Self {
        let mut header = Self::new(0, names.iter().map(String::as_str));
        // A column without a name at the end is still a column here.
        for at in header.columns.len()..names.len() {
            header.columns.push(HeaderColumn {
                name: format!("列{}", at + 1),
                plain: format!("列{}", at + 1),
                unit: None,
                tax: None,
                is_blank: true,
            });
        }
        header
    }

    /// Position of the column the job calls `name`: by its exact name, without unit, then width and case folded.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let name = clean(name);
        let by = |is_it: &dyn Fn(&HeaderColumn) -> bool| self.columns.iter().position(is_it);
        by(&|column| column.name == name)
            .or_else(|| by(&|column| column.plain == name))
            .or_else(|| {
                let folded = fold(&name);
                by(&|column| fold(&column.name) == folded || fold(&column.plain) == folded)
            })
            .or_else(|| {
                let (plain, unit, _) = parts_of(&name);
                unit.and_then(|_| by(&|column| column.plain == plain && column.unit.is_none()))
            })
    }

    /// The name most like `name`, when it is like it at all.
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        let names = self.columns.iter().filter(|column| !column.is_blank);
        nearest(name, names.map(|column| column.name.as_str()))
    }

    /// Folded names in order, to compare the headers of sheets.
    pub(super) fn signature(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .columns
            .iter()
            .filter(|column| !column.is_blank)
            .map(|column| fold(&column.name))
            .collect();
        names.sort();
        names
    }
}

/// The candidate most like `name` by edit distance over the longer length, at least 0.4 alike; ties to the first.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let folded = fold(name);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(&folded, &fold(candidate));
        if likeness >= 0.4 && best.is_none_or(|(known, _)| likeness > known) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// A header cell on one line, without marks and surplus white space.
fn clean(cell: &str) -> String {
    let mut clean = String::with_capacity(cell.len());
    for word in
        super::cell::unguarded(cell).split(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}')
    {
        // A line break inside a Chinese header separates nothing; Latin words need their space.
        let needs_space = clean.ends_with(|c: char| c.is_ascii_alphanumeric())
            && word.starts_with(|c: char| c.is_ascii_alphanumeric());
        if needs_space {
            clean.push(' ');
        }
        clean.push_str(word);
    }
    // A star marks mandatory columns in import templates.
    clean.trim_matches(['*', '＊']).to_owned()
}

/// Width, case and inner spaces folded, for names that differ in nothing else.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

const UNITS: &[&str] = &[
    "元",
    "千元",
    "万元",
    "百万元",
    "千万元",
    "亿元",
    "万",
    "亿",
    "千",
    "人民币",
    "rmb",
    "cny",
    "usd",
    "eur",
    "hkd",
    "美元",
    "万美元",
    "欧元",
    "港元",
    "港币",
    "日元",
    "jpy",
    "gbp",
    "k",
    "m",
    "thousand",
    "million",
    "人民币元",
    "人民币万元",
    "单位:元",
    "单位:万元",
    "单位:亿元",
    "k cny",
    "万rmb",
    "¥",
    "$",
    "€",
];

/// Name without unit, unit, tax statement.
fn parts_of(name: &str) -> (String, Option<String>, Option<TaxStatement>) {
    let tax = tax_of(name);
    let mut plain = name.to_owned();
    let mut unit = None;
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】')] {
        let Some(start) = plain.find(open) else { continue };
        let Some(length) = plain[start..].find(close) else {
            continue;
        };
        let inner_start = start + open.len_utf8();
        let (found, is_statement) = unit_of(&plain[inner_start..start + length]);
        if is_statement {
            unit = unit.or(found);
            plain.replace_range(start..start + length + close.len_utf8(), "");
        }
    }
    for separator in ['/', '_', '-', '：', ':'] {
        let Some((rest, last)) = plain.rsplit_once(separator) else {
            continue;
        };
        if unit.is_none() && !rest.is_empty() && is_unit(last) {
            unit = Some(last.to_owned());
            plain = rest.to_owned();
            break;
        }
    }
    let plain = plain.trim().to_owned();
    if plain.is_empty() {
        return (name.to_owned(), unit, tax);
    }
    (plain, unit, tax)
}

/// The unit in the text of a bracket, and whether the text says nothing but unit and tax.
fn unit_of(inner: &str) -> (Option<String>, bool) {
    let mut unit = None;
    let mut is_statement = true;
    for part in inner.split([',', '，', '、', '/', ';', '；']) {
        let part = part.trim();
        let part = part
            .strip_prefix("单位")
            .map_or(part, |rest| rest.trim_start_matches([':', '：']));
        if is_unit(part) {
            unit = unit.or_else(|| Some(part.to_owned()));
        } else if tax_of(part).is_none() {
            is_statement = false;
        }
    }
    (unit, is_statement)
}

fn is_unit(text: &str) -> bool {
    UNITS.contains(&fold(text).as_str())
}

fn tax_of(text: &str) -> Option<TaxStatement> {
    let folded = fold(text);
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&[
        "不含税",
        "未税",
        "除税",
        "税前",
        "excl.vat",
        "exclvat",
        "excl.tax",
        "excltax",
        "excludingvat",
        "excludingtax",
        "netamount",
    ]) {
        Some(TaxStatement::Excluded)
    } else if has(&[
        "含税",
        "价税合计",
        "税后",
        "incl.vat",
        "inclvat",
        "incl.tax",
        "incltax",
        "includingvat",
        "includingtax",
    ]) {
        Some(TaxStatement::Included)
    } else {
        None
    }
}

/// One of the first rows of a file, for finding the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FirstRow {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl FirstRow {
    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }

    /// Share of the filled cells that read as words, not numbers or dates.
    fn words(&self) -> f64 {
        let is_word = |cell: &&String| {
            let mut letters = cell.chars().filter(|c| c.is_alphabetic());
            let digits = cell.chars().filter(char::is_ascii_digit).count();
            letters.next().is_some() && digits * 2 <= cell.chars().count()
        };
        let filled = self.cells.iter().filter(|cell| !cell.trim().is_empty());
        filled.filter(is_word).count() as f64 / (self.filled().max(1)) as f64
    }
}

/// Position in `rows` of the header; `None` when no row can be one.
///
/// `declared` is a line; `wanted` are the columns the job names.
pub(super) fn find_header(rows: &[FirstRow], declared: Option<u32>, wanted: &[String]) -> Option<usize> {
    if let Some(line) = declared {
        return rows.iter().position(|row| row.line == u64::from(line));
    }
    if let Some(at) = header_by_names(rows, wanted) {
        return Some(at);
    }
    let widest = rows.iter().map(FirstRow::filled).max()?;
    let needed = if widest <= 2 {
        1
    } else {
        (widest * 7).div_ceil(10).max(2)
    };
    let fits = |row: &&FirstRow| row.filled() >= needed;
    let with_words = rows.iter().find(|row| fits(row) && row.words() >= 0.7);
    // A header row of numbers (years, sizes) is taken when nothing better is there.
    let found = with_words.or_else(|| rows.iter().find(fits))?;
    rows.iter().position(|row| row == found)
}

/// The first row with all wanted names, or with most of them and at least half.
fn header_by_names(rows: &[FirstRow], wanted: &[String]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in rows.iter().enumerate() {
        if row.filled() == 0 {
            continue;
        }
        let header = Header::new(row.line, row.cells.iter().map(String::as_str));
        let hits = wanted
            .iter()
            .filter(|name| header.position(name).is_some())
            .count();
        if hits * 2 > wanted.len() && best.is_none_or(|(known, _)| hits > known) {
            best = Some((hits, at));
        }
    }
    best.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cells: &[&str]) -> Header {
        Header::new(1, cells.iter().copied())
    }

    #[test]
    fn names_are_cleaned_and_repeated_names_numbered() {
        let header = header(&[
            "\u{FEFF}客户\n名称",
            " Customer  Name ",
            "电话",
            "电话",
            "*税号",
            "",
            "x",
            "",
            "",
        ]);
        let names: Vec<&str> = header.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(
            names,
            ["客户名称", "Customer Name", "电话", "电话#2", "税号", "列6", "x"]
        );
    }

    #[test]
    fn units_and_tax_statements_are_taken_from_headers() {
        for (name, plain, unit, tax) in [
            ("合作金额(万元)", "合作金额", Some("万元"), None),
            ("合作金额（元）", "合作金额", Some("元"), None),
            ("金额(万元,含税)", "金额", Some("万元"), Some("含税")),
            ("不含税金额（单位：元）", "不含税金额", Some("元"), Some("不含税")),
            ("销售额/万元", "销售额", Some("万元"), None),
            ("Amount (CNY)", "Amount", Some("CNY"), None),
            ("客户名称(全称)", "客户名称(全称)", None, None),
            ("价税合计", "价税合计", None, Some("含税")),
            ("(元)", "(元)", Some("元"), None),
            ("Revenue", "Revenue", None, None),
        ] {
            let got = parts_of(name);
            let expected = (plain.to_owned(), unit.map(str::to_owned), tax);
            assert_eq!(
                (got.0, got.1, got.2.map(TaxStatement::as_str)),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn columns_are_found_with_and_without_unit_and_by_folded_name() {
        let header = header(&["合作金额(万元)", "E-Mail", "客户名称（全称）"]);
        assert_eq!(header.position("合作金额(万元)"), Some(0));
        assert_eq!(header.position("合作金额"), Some(0));
        assert_eq!(header.position("e-mail"), Some(1));
        assert_eq!(header.position("客户名称(全称)"), Some(2));
        assert_eq!(header.position("客户"), None);
        assert_eq!(header.nearest("客户名称").as_deref(), Some("客户名称（全称）"));
        assert_eq!(header.nearest("zzz"), None);
    }

    fn rows(texts: &[&[&str]]) -> Vec<FirstRow> {
        let row = |(at, cells): (usize, &&[&str])| FirstRow {
            line: at as u64 + 1,
            cells: cells.iter().map(|&c| c.to_owned()).collect(),
        };
        texts.iter().enumerate().map(row).collect()
    }

    #[test]
    fn the_header_stands_below_titles_and_merged_cells() {
        let sheet = rows(&[
            &["2024年客户清单", "", "", ""],
            &["制表人：王芳", "", "日期：2024-01-02", ""],
            &["编号", "客户名称", "电话", "金额"],
            &["C001", "上海德诚", "021-1", "12"],
        ]);
        assert_eq!(find_header(&sheet, None, &[]), Some(2));
        assert_eq!(find_header(&sheet, Some(3), &[]), Some(2));
        assert_eq!(find_header(&sheet, Some(9), &[]), None);
        let plain = rows(&[&["id", "name"], &["1", "Ann"]]);
        assert_eq!(find_header(&plain, None, &[]), Some(0));
        assert_eq!(find_header(&[], None, &[]), None);
    }

    #[test]
    fn columns_named_in_the_job_decide_where_the_header_is() {
        let sheet = rows(&[
            &["基本信息", "客户信息", "联系", "金额"],
            &["编号", "客户名称", "电话", "2024"],
        ]);
        let wanted = ["编号".to_owned(), "客户名称".to_owned()];
        assert_eq!(find_header(&sheet, None, &wanted), Some(1));
    }
}
