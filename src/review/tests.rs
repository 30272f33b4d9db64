//! The workbook there and back.

use crate::model::Language;
use crate::review::Question;
use crate::review::Queue;
use crate::review::RecordKey;
use crate::review::ReviewError;
use crate::review::Shown;
use crate::review::Verdict;
use crate::review::read_answers;
use crate::review::write_queue;
use calamine::Reader;
use calamine::Xlsx;
use rust_xlsxwriter::Workbook;
use std::io::Cursor;
use std::path::PathBuf;

fn record(source: &str, key: &str) -> RecordKey {
    RecordKey {
        source: source.to_owned(),
        key: key.to_owned(),
    }
}

fn queue() -> Queue {
    let question = |pair, reason: &str, values: [[&str; 2]; 2]| Question {
        pair,
        weight_bits: 0.4,
        reason: reason.to_owned(),
        pairs: 6,
        values: values.map(|pair| pair.map(str::to_owned)).to_vec(),
    };
    Queue {
        run_id: "000007-20260930T210000Z".to_owned(),
        fields: vec![
            Shown {
                name: "customer_name".to_owned(),
                labels: ["Customer name".to_owned(), "客户名称".to_owned()],
            },
            Shown {
                name: "uscc".to_owned(),
                labels: ["USCC".to_owned(), "统一社会信用代码".to_owned()],
            },
        ],
        questions: vec![
            question(
                [record("华东", "0000131"), record("north", "K=2")],
                "bridge",
                [
                    ["北京华夏科技有限公司", "北京华夏科技公司"],
                    ["911100001000013428", "911100001000013428"],
                ],
            ),
            question(
                [record("north", "007"), record("north", "7")],
                "near",
                [["Ann Smith", "=Ann Smyth"], ["", ""]],
            ),
            question(
                [record("华东", "1"), record("华东", "2")],
                "weak",
                [["欧阳娜娜", "欧阳娜"], ["", "91110000"]],
            ),
        ],
    }
}

/// The cells of the sheet of questions, as text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let rows = sheet.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

/// The workbook as a steward saves it with another program: texts of `rows`, empty cells left out.
fn saved(rows: &[Vec<String>]) -> (tempfile::TempDir, PathBuf) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row as u32, column as u16, cell).unwrap();
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("复核.xlsx");
    workbook.save(&path).unwrap();
    (directory, path)
}

fn column(rows: &[Vec<String>], label: &str) -> usize {
    rows[0].iter().position(|cell| cell == label).unwrap()
}

fn faults(rows: &[Vec<String>]) -> Vec<u32> {
    let (_guard, path) = saved(rows);
    match read_answers(&path) {
        Err(ReviewError::Rows(faults)) => faults.iter().map(|fault| fault.row).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn s26_a_workbook_shows_both_records_and_names_what_differs() {
    let rows = cells(&write_queue(&queue(), Language::Zh).unwrap());
    assert_eq!(rows.len(), 4);
    let differences = column(&rows, "不同之处");
    assert_eq!(rows[1][differences], "客户名称");
    assert_eq!(rows[2][column(&rows, "编码A")], "007");
    assert_eq!(rows[2][column(&rows, "客户名称 B")], "=Ann Smyth");
    assert_eq!(rows[1][column(&rows, "统一社会信用代码 A")], "911100001000013428");
    // One empty side is missing, not different.
    assert_eq!(rows[3][differences], "客户名称");
    let english = cells(&write_queue(&queue(), Language::En).unwrap());
    assert_eq!(english[1][column(&english, "Differs in")], "Customer name");
}

#[test]
fn s26_answers_come_back_whatever_the_order_of_rows_and_columns() {
    for language in [Language::Zh, Language::En] {
        let mut rows = cells(&write_queue(&queue(), language).unwrap());
        rows[1][1] = language.choose("same customer", "同一客户").to_owned();
        rows[1][2] = "  电话核实 by phone ".to_owned();
        rows[2][1] = language.choose("different customers", "不同客户").to_owned();
        rows[3][1] = language.choose("cannot tell", "无法判断").to_owned();
        rows.swap(1, 3);
        rows.iter_mut().for_each(|row| row.reverse());
        let (_guard, path) = saved(&rows);
        let answers = read_answers(&path).unwrap();
        assert_eq!(answers.run_id, "000007-20260930T210000Z");
        assert_eq!((answers.cannot_tell, answers.open), (1, 0));
        let decided: Vec<_> = answers
            .decided
            .iter()
            .map(|answer| {
                (
                    answer.pair[0].key.as_str(),
                    answer.verdict,
                    answer.comment.as_str(),
                )
            })
            .collect();
        assert_eq!(
            decided,
            [
                ("007", Verdict::Different, ""),
                ("0000131", Verdict::Same, "电话核实 by phone")
            ]
        );
    }
}

#[test]
fn s26_wrong_rows_are_told_by_number_and_nothing_is_taken() {
    let mut rows = cells(&write_queue(&queue(), Language::En).unwrap());
    rows[1][1] = "same customer".to_owned();
    let (key, source) = (column(&rows, "Key A"), column(&rows, "Source B"));
    for (change, row) in [("maybe", 2), ("相同", 3)] {
        let mut rows = rows.clone();
        rows[row - 1][1] = change.to_owned();
        assert_eq!(faults(&rows), [row as u32], "{change}");
    }
    for (at, text) in [(key, "131"), (source, "south"), (key, "")] {
        let mut rows = rows.clone();
        rows[1][at] = text.to_owned();
        assert_eq!(faults(&rows), [2], "{text}");
    }
    let mut doubled = rows.clone();
    doubled.push(rows[1].clone());
    assert_eq!(faults(&doubled), [5]);
    let mut foreign = rows.clone();
    let other = Queue {
        run_id: "000008-x".to_owned(),
        ..queue()
    };
    foreign.extend(cells(&write_queue(&other, Language::En).unwrap()).drain(1..2));
    assert_eq!(faults(&foreign), [5, 5]);
}

#[test]
fn a_file_that_is_no_queue_is_refused() {
    let (_guard, path) = saved(&[vec!["客户名称".to_owned()], vec!["Ann".to_owned()]]);
    assert!(matches!(read_answers(&path), Err(ReviewError::NotAQueue { .. })));
    std::fs::write(&path, "Decision,Comment\n").unwrap();
    assert!(matches!(
        read_answers(&path),
        Err(ReviewError::NotAWorkbook { .. })
    ));
}

#[test]
fn a_queue_without_questions_is_a_workbook_without_rows() {
    let queue = Queue::default();
    let bytes = write_queue(&queue, Language::Zh).unwrap();
    assert_eq!(cells(&bytes).len(), 1);
    assert_eq!(bytes, write_queue(&queue, Language::Zh).unwrap());
}

/// The questions of `queue()` in Chinese, answered, and saved by LibreOffice Calc 7.4 (`soffice --convert-to xlsx`).
const SAVED_BY_LIBREOFFICE: &str = "fixtures/review/saved-by-libreoffice-7.4.xlsx";

#[test]
fn s26_codes_and_chinese_survive_another_program() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(SAVED_BY_LIBREOFFICE);
    let answers = read_answers(&path).unwrap();
    let decided: Vec<_> = answers
        .decided
        .iter()
        .map(|answer| (answer.pair.clone(), answer.verdict))
        .collect();
    let questions = queue().questions;
    assert_eq!(
        decided,
        [
            (questions[0].pair.clone(), Verdict::Same),
            (questions[1].pair.clone(), Verdict::Different)
        ]
    );
    assert_eq!(answers.decided[0].comment, "电话核实 by phone");
    assert_eq!((answers.cannot_tell, answers.open), (1, 0));
    let saved = cells(&std::fs::read(&path).unwrap());
    let made = cells(&write_queue(&queue(), Language::Zh).unwrap());
    let values = |rows: &[Vec<String>]| rows.iter().map(|row| row[3..].to_vec()).collect::<Vec<_>>();
    assert_eq!(values(&saved), values(&made));
}
