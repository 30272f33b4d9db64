//! What a steward should know of a file before mapping it.
//!
//! In: the columns with what was seen and suggested. Out: [`Check`]s, the general ones first, in a fixed order of codes.
//! A check says what is so; what to do with it is the steward's decision.

use super::figures::Check;
use super::figures::Column;
use super::masking::Headers;
use super::measure::KnownColumn;
use super::several::several;
use super::watch::Seen;
use crate::ingest::WatchedFile;
use crate::plan::propose::KeyNote;
use crate::plan::propose::Role;
use crate::plan::propose::Suggestion;
use crate::quality::Share;
use std::collections::BTreeMap;

/// Columns that are compared with each other, at most.
const COMPARED_COLUMNS_MAX: usize = 400;

/// Distinct values of a column that are searched for several fields.
const SEARCHED_MAX: usize = 4_000;

struct Text {
    code: &'static str,
    severity: &'static str,
    en: &'static str,
    zh: &'static str,
}

macro_rules! texts {
    ($($name:ident $code:literal $severity:literal $en:literal $zh:literal;)*) => {
        $(const $name: Text = Text { code: $code, severity: $severity, en: $en, zh: $zh };)*
    };
}

texts! {
    NO_ROWS "no_rows" "warning" "the file has a header and no rows" "文件只有表头，没有数据行";
    HEADER_IS_DATA "header_is_data" "warning" "headers look like values: the file may have no header" "表头看起来像数据：文件可能没有表头";
    REJECTED "rejected_rows" "warning" "rows cannot be read and would be rejected" "部分行无法读取，运行时会被剔除";
    TOTALS "totals_rows" "info" "totals rows are left out" "合计行不计入数据";
    SHEETS "sheets_left_out" "info" "sheets are left out, because hidden or of another header" "部分工作表未读取（隐藏或表头不同）";
    KEYS "key_candidates" "info" "every row has a value of its own: a key, if it stays with the customer" "每行取值唯一：若长期不变，可作主键";
    KEY_REPEATS "key_not_unique" "warning" "called a key, but not unique in every row; such rows would be rejected" "名为主键，但存在空值或重复，相应行会被剔除";
    SOURCE "split_by_source" "info" "names the subsidiary: the file can be split by it" "标明子公司：可据此拆分为多个来源";
    SOURCE_PERHAPS "perhaps_source" "info" "may name the subsidiary; please decide" "可能标明子公司，请确认";
    UNDECIDED "undecided_column" "warning" "may be several fields, or header and contents contradict each other; please decide" "可对应多个字段，或表头与内容不符，请确认";
    REPEATED_ROWS "repeated_rows" "warning" "rows repeat another row in everything but the record number" "除编号外与其他行完全相同的行";
    REPEATED_COLUMNS "repeated_columns" "warning" "columns hold the same cells" "两列内容基本相同";
    EMPTY "empty_columns" "info" "columns without any value" "整列为空";
    CONSTANT "constant_columns" "info" "columns with one value throughout" "整列只有一个取值";
    SEVERAL "several_fields" "warning" "cells hold several fields; split the column in the job file" "一个单元格含多个字段，请在作业文件中拆分该列";
    ENCODING "encoding_damage" "warning" "texts were damaged by a wrong encoding" "文字因编码错误受损";
    PRECISION "precision_lost" "warning" "numbers were rounded by a spreadsheet; format the column as text and export again" "数字被电子表格截断，请将该列设为文本格式后重新导出";
    FREQUENT "frequent_value" "warning" "values that are unusually frequent: defaults, stop-gaps, an agent's, or one customer many times" "取值异常集中：可能是默认值、占位值、代理机构信息，或同一客户多次录入";
    TAX "tax_open" "info" "nothing says whether amounts include tax" "未注明金额是否含税";
}

impl Text {
    fn check(&self, columns: Vec<String>, share: Option<Share>) -> Check {
        Check {
            code: self.code,
            severity: self.severity,
            en: self.en,
            zh: self.zh,
            columns,
            share,
            lines: Vec::new(),
            evidence: String::new(),
        }
    }
}

/// Every check of one file.
pub(super) fn checks(
    known: &[KnownColumn<'_>],
    columns: &[Column],
    suggestion: &Suggestion,
    watched: &WatchedFile,
    seen: &Seen,
    headers: Headers,
) -> Vec<Check> {
    let mut checks = of_rows(watched, seen);
    if headers.are_data() {
        checks.push(HEADER_IS_DATA.check(Vec::new(), None));
    }
    of_keys(known, columns, suggestion, &mut checks);
    for (known, column) in known.iter().zip(columns) {
        let options = match &known.suggestion.role {
            Role::Question(options) => options,
            _ => continue,
        };
        let text = if options.is_empty() {
            SOURCE_PERHAPS
        } else {
            UNDECIDED
        };
        checks.push(Check {
            evidence: options.join(", "),
            ..text.check(vec![column.header.clone()], None)
        });
    }
    repeated_columns(known, columns, seen, &mut checks);
    let named = |is_so: &dyn Fn(&Column) -> bool| -> Vec<String> {
        let such = columns.iter().filter(|column| is_so(column));
        such.map(|column| column.header.clone()).collect()
    };
    let rows = watched.profile.rows;
    for (text, such) in [
        (EMPTY, named(&|column| column.filled == 0 && rows > 0)),
        (CONSTANT, named(&|column| column.distinct == 1 && rows > 1)),
    ] {
        if !such.is_empty() {
            checks.push(text.check(such, None));
        }
    }
    for (known, column) in known.iter().zip(columns) {
        of_column(known, column, &mut checks);
    }
    if suggestion.source.is_tax_open {
        let amounts = named(&|column| column.suggestion.field == Some("amount"));
        checks.push(TAX.check(amounts, None));
    }
    checks
}

fn of_rows(watched: &WatchedFile, seen: &Seen) -> Vec<Check> {
    let profile = &watched.profile;
    let mut checks = Vec::new();
    let all = profile.rows + profile.rows_rejected;
    if all == 0 {
        checks.push(NO_ROWS.check(Vec::new(), None));
    }
    if profile.rows_rejected > 0 {
        let mut lines: Vec<u64> = seen
            .rejected
            .values()
            .flat_map(|rows| rows.places.iter().map(|place| place.line))
            .collect();
        lines.sort_unstable();
        checks.push(Check {
            lines,
            ..REJECTED.check(Vec::new(), Some(Share::of(profile.rows_rejected, all)))
        });
    }
    if seen.totals.count > 0 {
        checks.push(Check {
            lines: seen.totals.places.iter().map(|place| place.line).collect(),
            ..TOTALS.check(
                Vec::new(),
                Some(Share::of(seen.totals.count, all + seen.totals.count)),
            )
        });
    }
    if !watched.sheets_left_out.is_empty() {
        checks.push(Check {
            evidence: watched.sheets_left_out.join(", "),
            ..SHEETS.check(Vec::new(), None)
        });
    }
    if let Some(repeated) = seen.repeated_rows.filter(|&repeated| repeated > 0) {
        checks.push(REPEATED_ROWS.check(Vec::new(), Some(Share::of(repeated, profile.rows))));
    }
    checks
}

fn of_keys(known: &[KnownColumn<'_>], columns: &[Column], suggestion: &Suggestion, checks: &mut Vec<Check>) {
    // A telephone number is unique until the customer gets a new one.
    let keys: Vec<String> = known
        .iter()
        .zip(columns)
        .filter(|(known, column)| column.is_unique && column.filled > 1 && known.field().is_none())
        .map(|(_, column)| column.header.clone())
        .collect();
    if !keys.is_empty() {
        checks.push(KEYS.check(keys, None));
    }
    for (known, column) in known.iter().zip(columns) {
        let header = || vec![column.header.clone()];
        match known.suggestion.role {
            Role::Key if suggestion.source.key_note == KeyNote::NotQuiteUnique => {
                let rows = column.filled + column.empty;
                checks.push(KEY_REPEATS.check(header(), Some(Share::of(column.distinct.min(rows), rows))));
            }
            Role::Source => checks.push(Check {
                evidence: column.distinct.to_string(),
                ..SOURCE.check(header(), None)
            }),
            _ => {}
        }
    }
}

/// Pairs of columns that hold the same in at least 95 % of the rows in which either is filled.
fn repeated_columns(known: &[KnownColumn<'_>], columns: &[Column], seen: &Seen, checks: &mut Vec<Check>) {
    let compared: Vec<(&KnownColumn<'_>, &Column)> = known
        .iter()
        .zip(columns)
        .filter(|(_, column)| column.distinct > 1)
        .take(COMPARED_COLUMNS_MAX)
        .collect();
    for (at, (a, left)) in compared.iter().enumerate() {
        for (b, right) in &compared[at + 1..] {
            let most = left.filled.max(right.filled);
            let least = left.filled.min(right.filled);
            if least * 20 < most * 19 {
                continue;
            }
            let allowed = seen.compared.rows() / 20 + 1;
            let Some((equal, filled)) = seen.compared.equal(a.position, b.position, allowed) else {
                continue;
            };
            if filled >= 3 && equal * 20 >= filled * 19 {
                let both = vec![left.header.clone(), right.header.clone()];
                checks.push(REPEATED_COLUMNS.check(both, Some(Share::of(equal, filled))));
            }
        }
    }
}

fn of_column(known: &KnownColumn<'_>, column: &Column, checks: &mut Vec<Check>) {
    let header = || vec![column.header.clone()];
    checks.extend(several_fields(known, column));
    let damaged = column
        .readings
        .iter()
        .map(|reading| {
            let damage = reading
                .findings
                .iter()
                .filter(|finding| matches!(finding.code, "mojibake" | "replacement_character"));
            let cells: u64 = damage.clone().map(|finding| finding.cells).sum();
            let first = damage.map(|finding| finding.example.line).min();
            (cells.min(reading.cells), reading.cells, first)
        })
        .max_by_key(|(cells, ..)| *cells);
    if let Some((cells, all, first)) = damaged.filter(|(cells, ..)| *cells > 0) {
        checks.push(Check {
            lines: first.into_iter().collect(),
            ..ENCODING.check(header(), Some(Share::of(cells, all)))
        });
    }
    if known.seen.rounded > 0 {
        checks.push(PRECISION.check(header(), Some(Share::of(known.seen.rounded, column.filled))));
    }
    if !column.frequent_values.is_empty() {
        let values = &column.frequent_values;
        let cells = values.iter().map(|value| value.cells).sum();
        let shown: Vec<String> = values
            .iter()
            .map(|value| format!("{} ×{}", value.masked, value.cells))
            .collect();
        checks.push(Check {
            lines: values.iter().map(|value| value.line).collect(),
            evidence: shown.join(", "),
            ..FREQUENT.check(header(), Some(Share::of(cells, column.filled)))
        });
    }
}

/// Cells with several fields, when they are a tenth of the filled ones and at least three.
fn several_fields(known: &KnownColumn<'_>, column: &Column) -> Option<Check> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let (mut cells, mut all, mut first) = (0, 0, None);
    for (value, count) in known.seen.values.spread(SEARCHED_MAX) {
        all += count;
        let found = several(&value.text);
        if found.is_empty() {
            continue;
        }
        cells += count;
        first = first.into_iter().chain([value.place.line]).min();
        *kinds.entry(found.join(" + ")).or_default() += count;
    }
    if cells < 3 || cells * 10 < all {
        return None;
    }
    let main = kinds
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    Some(Check {
        lines: first.into_iter().collect(),
        evidence: main.map(|(kinds, _)| kinds).unwrap_or_default(),
        ..SEVERAL.check(vec![column.header.clone()], Some(Share::of(cells, all)))
    })
}
