//! The worksheet as it comes back.
//!
//! In: an XLSX file, or a CSV in UTF-8 or GB 18030, saved by whatever program. Out: the answers, or every row that is wrong: a verdict that is none, a check that
//! was touched, a question answered twice, a record that the run does not have. Rows may be sorted, filtered, shared out or left
//! out, columns moved; either language is read. The review queue is refused by name: its answers train the matching.

use crate::audit::error::AuditError;
use crate::audit::error::RowFault;
use crate::audit::published::Published;
use crate::audit::sample::Sample;
use crate::audit::sheet::check_of;
use crate::audit::unit::RecordName;
use crate::audit::unit::Unit;
use crate::audit::words;
use crate::audit::words::Word;
use crate::audit::words::is;
use crate::publish::Run;
use crate::publish::unguard_cell;
use crate::steward::StoredAnswer;
use calamine::Data;
use calamine::Reader;
use calamine::Xlsx;
use encoding_rs::GB18030;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// The asked rows of a file, not yet understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilledSheet {
    rows: Vec<FilledRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FilledRow {
    /// Row of the sheet, 1-based.
    row: u32,
    verdict: String,
    found: String,
    comment: String,
    check: String,
}

/// What the rows say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    /// The answers by item and part.
    pub answers: Vec<StoredAnswer>,
    /// Questions of the sample without answer.
    pub open: u64,
}

impl FilledSheet {
    /// The audit that the first row with a check belongs to.
    pub fn audit(&self) -> Option<i64> {
        let mut checks = self.rows.iter().map(|row| row.check.as_str());
        checks.find_map(|check| check.split_once(':')?.0.parse().ok())
    }
}

/// Reads a worksheet.
///
/// # Errors
/// [`AuditError::NotReadable`], [`AuditError::NotAWorksheet`], [`AuditError::ReviewQueue`].
pub fn read_sheet(path: &Path) -> Result<FilledSheet, AuditError> {
    let sheets = match workbook_sheets(path) {
        Some(sheets) => sheets,
        None => vec![csv_sheet(path)?],
    };
    for cells in &sheets {
        if let Some(columns) = cells.first().and_then(|(_, header)| Columns::find(header)) {
            return Ok(columns.rows(&cells[1..]));
        }
    }
    let header = |cells: &Vec<(u32, Vec<String>)>| {
        cells.first().is_some_and(|(_, header)| {
            let has = |word: &Word| header.iter().any(|cell| is(*word, cell.trim()));
            words::QUEUE_COLUMNS.iter().all(has)
        })
    };
    let path = path.to_path_buf();
    match sheets.iter().any(header) {
        true => Err(AuditError::ReviewQueue { path }),
        false => Err(AuditError::NotAWorksheet { path }),
    }
}

type Cells = Vec<(u32, Vec<String>)>;

fn workbook_sheets(path: &Path) -> Option<Vec<Cells>> {
    let mut workbook = calamine::open_workbook::<Xlsx<_>, _>(path).ok()?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let Ok(range) = workbook.worksheet_range(&name) else {
            continue;
        };
        let first = range.start().map_or(0, |(row, _)| row);
        let text = |cell: &Data| match cell {
            Data::Empty => String::new(),
            cell => cell.to_string(),
        };
        let rows = range.rows().enumerate();
        let cells = rows.map(|(at, row)| (first + at as u32 + 1, row.iter().map(text).collect()));
        sheets.push(cells.collect());
    }
    Some(sheets)
}

fn csv_sheet(path: &Path) -> Result<Cells, AuditError> {
    let unreadable = || AuditError::NotReadable {
        path: path.to_path_buf(),
    };
    let bytes = std::fs::read(path).map_err(|_| unreadable())?;
    // Spreadsheets on Chinese Windows save CSV in GB 18030.
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .ok_or_else(unreadable)?,
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let mut cells = Cells::new();
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|_| unreadable())?;
        let texts = row.iter().map(|cell| unguard_cell(cell).to_owned());
        cells.push((at as u32 + 1, texts.collect()));
    }
    Ok(cells)
}

struct Columns {
    verdict: usize,
    found: Option<usize>,
    comment: Option<usize>,
    check: usize,
}

impl Columns {
    fn find(header: &[String]) -> Option<Self> {
        let at = |word: Word| header.iter().position(|cell| is(word, cell.trim()));
        Some(Self {
            verdict: at(words::VERDICT)?,
            found: at(words::FOUND),
            comment: at(words::COMMENT),
            check: at(words::CHECK)?,
        })
    }

    fn rows(&self, cells: &[(u32, Vec<String>)]) -> FilledSheet {
        let row = |(row, cells): &(u32, Vec<String>)| {
            let text = |at: usize| cells.get(at).map_or("", |cell| cell.trim()).to_owned();
            FilledRow {
                row: *row,
                verdict: text(self.verdict),
                found: self.found.map(text).unwrap_or_default(),
                comment: self.comment.map(text).unwrap_or_default(),
                check: text(self.check),
            }
        };
        let is_filled = |row: &FilledRow| {
            ![&row.verdict, &row.found, &row.check]
                .into_iter()
                .all(String::is_empty)
        };
        FilledSheet {
            rows: cells.iter().map(row).filter(is_filled).collect(),
        }
    }
}

/// Understands the rows of a sheet by its sample; one wrong row refuses all.
///
/// # Errors
/// [`AuditError::Rows`] with every wrong row; [`AuditError`] when the run's tables are not as published.
pub fn fill(sheet: &FilledSheet, sample: &Sample, run: &Run) -> Result<Filled, AuditError> {
    let published = match sample.unit {
        Unit::Records => Some(Published::of(run)?),
        _ => None,
    };
    let sources = published.as_ref().map(Published::sources).unwrap_or_default();
    let mut asked: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for (at, (_, item)) in sample.items.iter().enumerate() {
        let parts: Vec<&str> = match item.parts.is_empty() {
            true => vec![""],
            false => item.parts.iter().map(|part| part.field.as_str()).collect(),
        };
        for part in parts {
            asked.insert(check_of(sample, at, part), (at as u32, part.to_owned()));
        }
    }
    let (mut answers, mut faults) = (Vec::new(), Vec::new());
    let mut first_row_of: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &sheet.rows {
        if row.check.is_empty() {
            faults.push(RowFault::new(
                row.row,
                [
                    "the row only shows more of its number; answer in the coloured row",
                    "本行只是同一序号的补充；请在着色行作答",
                ],
            ));
            continue;
        }
        let Some((item, part)) = asked.get(&row.check) else {
            faults.push(RowFault::new(
                row.row,
                [
                    "the row is not one of the sample's, or its check was changed; take it from the worksheet as drawn",
                    "本行不属于该样本，或校验码已被改动；请从抽样时的工作表恢复",
                ],
            ));
            continue;
        };
        if let Some(other) = first_row_of.insert(&row.check, row.row) {
            faults.push(RowFault {
                row: row.row,
                message: [
                    format!("the same question is in row {other}"),
                    format!("与第 {other} 行是同一问题"),
                ],
            });
            continue;
        }
        match answer(row, sample.unit, published.as_ref(), &sources) {
            Ok(None) => {}
            Ok(Some((verdict, found))) => answers.push(StoredAnswer {
                item: *item,
                part: part.clone(),
                verdict: verdict.to_owned(),
                found: serde_json::to_string(&found).expect("names have a JSON form"),
                comment: row.comment.clone(),
            }),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        faults.sort();
        return Err(AuditError::Rows(faults));
    }
    answers.sort();
    let open = (asked.len() - answers.len()) as u64;
    Ok(Filled { answers, open })
}

type Answered = Option<(&'static str, Vec<RecordName>)>;

fn answer(
    row: &FilledRow,
    unit: Unit,
    published: Option<&Published>,
    sources: &[String],
) -> Result<Answered, RowFault> {
    let of_records = [(words::COMPLETE, "correct"), (words::CANNOT_TELL, "cannot_tell")];
    let of_others = [
        (words::CORRECT, "correct"),
        (words::WRONG, "wrong"),
        (words::CANNOT_TELL, "cannot_tell"),
    ];
    let known: &[(Word, &'static str)] = if unit == Unit::Records {
        &of_records
    } else {
        &of_others
    };
    if row.verdict.is_empty() {
        return match row.found.is_empty() {
            true => Ok(None),
            false => Err(RowFault::new(
                row.row,
                [
                    "further records are named, but there is no verdict; choose complete or cannot tell",
                    "写了其他记录但没有结论；请选择“已查全”或“无法判断”",
                ],
            )),
        };
    }
    let verdict = known.iter().find(|(word, _)| is(*word, &row.verdict));
    let Some((_, verdict)) = verdict else {
        let message = match unit {
            Unit::Records => [
                "the verdict is none of: complete, cannot tell",
                "结论须为：已查全、无法判断",
            ],
            _ => [
                "the verdict is none of: correct, wrong, cannot tell",
                "结论须为：正确、错误、无法判断",
            ],
        };
        return Err(RowFault::new(row.row, message));
    };
    let Some(published) = published else {
        return Ok(Some((verdict, Vec::new())));
    };
    match resolve(&row.found, published, sources) {
        Some(found) => Ok(Some((verdict, found))),
        None => Err(RowFault::new(
            row.row,
            [
                "a further record is not in the audited run; write source:key, separated by semicolons",
                "有的“其他记录”不在被抽查的运行中；请写作 来源:编码，以分号分隔",
            ],
        )),
    }
}

/// The records that a cell names; a key may itself hold a semicolon or a colon.
fn resolve(cell: &str, published: &Published, sources: &[String]) -> Option<Vec<RecordName>> {
    let pieces: Vec<&str> = cell.split([';', '；', '\n']).map(str::trim).collect();
    let mut found: Vec<RecordName> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        if pieces[at].is_empty() {
            at += 1;
            continue;
        }
        let named = (at + 1..=pieces.len()).find_map(|end| {
            let text = pieces[at..end].join(";");
            record(&text, published, sources).map(|record| (end, record))
        });
        let (end, record) = named?;
        found.push(record);
        at = end;
    }
    found.sort();
    found.dedup();
    Some(found)
}

fn record(text: &str, published: &Published, sources: &[String]) -> Option<RecordName> {
    sources.iter().find_map(|source| {
        let key = text.strip_prefix(source.as_str())?.trim_start();
        let key = key.strip_prefix(':').or_else(|| key.strip_prefix('：'))?.trim();
        published.find(source, key).map(|record| published.name(record))
    })
}
