//! The workbook as it comes back.
//!
//! In: an XLSX file, saved by whatever program. Out: the [`Answers`], or every row that is wrong: a decision that is none, keys that
//! were touched, a question answered twice. Rows may be sorted, filtered or removed, columns moved; either language is read. An
//! empty decision, and `cannot tell`, leave a question open.

use crate::review::error::ReviewError;
use crate::review::error::RowFault;
use crate::review::page::check_of;
use crate::review::queue::RecordKey;
use crate::review::words;
use crate::review::words::Word;
use crate::review::words::is;
use calamine::Data;
use calamine::Range;
use calamine::Reader;
use calamine::Xlsx;
use std::collections::BTreeMap;
use std::path::Path;

/// A steward's answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The two records are one customer.
    Same,
    /// They are two.
    Different,
}

/// One answered question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The records.
    pub pair: [RecordKey; 2],
    /// What was decided.
    pub verdict: Verdict,
    /// What the steward wrote beside it.
    pub comment: String,
}

/// What a workbook says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// The run that asked.
    pub run_id: String,
    /// Decided questions, in the order of the rows.
    pub decided: Vec<Answer>,
    /// Questions that the steward could not tell.
    pub cannot_tell: u64,
    /// Rows without decision.
    pub open: u64,
}

/// Positions of the columns that are read.
struct Columns {
    decision: usize,
    comment: Option<usize>,
    keys: [usize; 4],
    check: usize,
}

impl Columns {
    fn find(header: &[Data]) -> Option<Self> {
        let at = |word: Word| {
            let is_it = |cell: &Data| matches!(cell, Data::String(text) if is(word, text.trim()));
            header.iter().position(is_it)
        };
        Some(Self {
            decision: at(words::DECISION)?,
            comment: at(words::COMMENT),
            keys: [
                at(words::SOURCE_A)?,
                at(words::KEY_A)?,
                at(words::SOURCE_B)?,
                at(words::KEY_B)?,
            ],
            check: at(words::CHECK)?,
        })
    }
}

/// Reads the answers of a workbook; one wrong row refuses all.
///
/// # Errors
/// [`ReviewError::NotAWorkbook`], [`ReviewError::NotAQueue`], and [`ReviewError::Rows`] with every wrong row.
pub fn read_answers(path: &Path) -> Result<Answers, ReviewError> {
    let opened = calamine::open_workbook::<Xlsx<_>, _>(path);
    let mut workbook = opened.map_err(|source| ReviewError::NotAWorkbook {
        path: path.to_path_buf(),
        source,
    })?;
    for name in workbook.sheet_names() {
        let Ok(sheet) = workbook.worksheet_range(&name) else {
            continue;
        };
        let columns = sheet.rows().next().and_then(Columns::find);
        if let Some(columns) = columns {
            return answers(&sheet, &columns);
        }
    }
    Err(ReviewError::NotAQueue {
        path: path.to_path_buf(),
    })
}

/// The text of a cell as it was written; `None` for a number, a date or an error, which no program makes of our texts by itself.
fn text(row: &[Data], column: usize) -> Option<&str> {
    match row.get(column) {
        None | Some(Data::Empty) => Some(""),
        Some(Data::String(text)) => Some(text),
        Some(_) => None,
    }
}

fn answers(sheet: &Range<Data>, columns: &Columns) -> Result<Answers, ReviewError> {
    let mut answers = Answers::default();
    let mut faults = Vec::new();
    let mut first_row_of: BTreeMap<[RecordKey; 2], u32> = BTreeMap::new();
    let first = sheet.start().map_or(0, |(row, _)| row);
    for (at, cells) in sheet.rows().enumerate().skip(1) {
        let row = first + at as u32 + 1;
        if cells.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        let Some((run_id, pair)) = question(cells, columns) else {
            let message = [
                "source, key or check was changed; take the row from the workbook as exported",
                "来源、编码或校验码已被改动；请从导出的工作簿恢复本行",
            ];
            faults.push(RowFault::new(row, message));
            continue;
        };
        if answers.run_id.is_empty() {
            run_id.clone_into(&mut answers.run_id);
        } else if answers.run_id != run_id {
            let message = [
                "the row is from the workbook of another run",
                "本行来自另一次运行的工作簿",
            ];
            faults.push(RowFault::new(row, message));
        }
        if let Some(other) = first_row_of.insert(pair.clone(), row) {
            faults.push(RowFault {
                row,
                message: [
                    format!("the same two records are in row {other}"),
                    format!("与第 {other} 行是同样的两条记录"),
                ],
            });
        }
        match text(cells, columns.decision).map(str::trim) {
            Some("") => answers.open += 1,
            Some(decision) if is(words::CANNOT_TELL, decision) => answers.cannot_tell += 1,
            decision => match decision.and_then(verdict) {
                Some(verdict) => answers.decided.push(Answer {
                    pair,
                    verdict,
                    comment: columns.comment.map_or_else(String::new, |at| comment(cells, at)),
                }),
                None => faults.push(RowFault::new(
                    row,
                    [
                        "the decision is none of: same customer, different customers, cannot tell",
                        "决定须为：同一客户、不同客户、无法判断",
                    ],
                )),
            },
        }
    }
    if faults.is_empty() {
        Ok(answers)
    } else {
        faults.sort();
        Err(ReviewError::Rows(faults))
    }
}

fn verdict(decision: &str) -> Option<Verdict> {
    let known = [
        (words::SAME, Verdict::Same),
        (words::DIFFERENT, Verdict::Different),
    ];
    known
        .into_iter()
        .find(|(word, _)| is(*word, decision))
        .map(|(_, verdict)| verdict)
}

/// A comment may be anything that a person types.
fn comment(cells: &[Data], column: usize) -> String {
    cells
        .get(column)
        .map_or_else(String::new, |cell| cell.to_string().trim().to_owned())
}

/// The run and the records of a row; `None` when they are not what was exported.
fn question<'a>(cells: &'a [Data], columns: &Columns) -> Option<(&'a str, [RecordKey; 2])> {
    let [source_a, key_a, source_b, key_b] = columns.keys.map(|at| text(cells, at));
    let pair = [(source_a?, key_a?), (source_b?, key_b?)].map(|(source, key)| RecordKey {
        source: source.to_owned(),
        key: key.to_owned(),
    });
    let check = text(cells, columns.check)?;
    let (run_id, _) = check.rsplit_once(':')?;
    (check == check_of(run_id, &pair)).then_some((run_id, pair))
}
