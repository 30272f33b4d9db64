//! The review queue through a spreadsheet: exported, answered, imported, followed by the next run.

use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use calamine::Reader;
use calamine::Xlsx;
use rust_xlsxwriter::Workbook;
use std::path::Path;

/// The cells of the first sheet.
fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let rows = sheet.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

/// Saves the cells as a person's program would, empty ones left out.
fn save(path: &Path, rows: &[Vec<String>]) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row as u32, column as u16, cell).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

fn at(rows: &[Vec<String>], label: &str) -> usize {
    rows[0].iter().position(|cell| cell == label).unwrap()
}

const IMPORT: [&str; 7] = [
    "review",
    "import",
    "answers.xlsx",
    "--author",
    "王芳 Wang",
    "--reason",
    "周会复核",
];

type Record = (String, String);

/// The records of a question.
fn records(rows: &[Vec<String>], row: &[String]) -> [Record; 2] {
    let text = |label: &str| row[at(rows, label)].clone();
    [(text("来源A"), text("编码A")), (text("来源B"), text("编码B"))]
}

/// A published run with its first questions, every one answered against what the run did.
fn turned_round(workplace: &Workplace) -> Vec<Vec<String>> {
    workplace
        .guiyi(&["init", "--out", "guiyi.toml", "huadong", "huabei", "huanan"])
        .expect(PUBLISHED);
    run(workplace);
    workplace
        .guiyi(&["review", "export", "--limit", "12"])
        .expect(PUBLISHED);
    let mut rows = cells(&workplace.path().join("review.xlsx"));
    assert!((3..=13).contains(&rows.len()), "{} rows", rows.len());
    let ids = workplace.published().ids();
    for row in 1..rows.len() {
        let [a, b] = records(&rows, &rows[row]);
        let answer = if ids[&a] == ids[&b] {
            "不同客户"
        } else {
            "同一客户"
        };
        answer.clone_into(&mut rows[row][1]);
    }
    rows
}

fn run(workplace: &Workplace) {
    let outcome = workplace.guiyi(&["run", "--quiet"]);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&outcome.code),
        "{}",
        outcome.stderr
    );
}

/// How many decisions stand with the reason of [`IMPORT`].
fn decided(workplace: &Workplace) -> usize {
    let listed = workplace.guiyi(&["decide", "list", "--json"]).expect(PUBLISHED);
    listed.stdout.matches("周会复核").count()
}

fn workplace() -> Workplace {
    Workplace::with_synth(&["--records", "400", "--sources", "3", "--seed", "11"])
}

#[test]
fn s26_a_workbook_with_a_wrong_row_changes_nothing() {
    let workplace = workplace();
    let mut rows = turned_round(&workplace);
    "也许".clone_into(&mut rows[2][1]);
    save(&workplace.path().join("answers.xlsx"), &rows);
    let refused = workplace.guiyi(&IMPORT).expect(USAGE);
    assert!(refused.stderr.contains("answers.xlsx:3: "), "{}", refused.stderr);
    assert_eq!(decided(&workplace), 0);
    // A workbook that is there is not written over.
    workplace.guiyi(&["review", "export"]).expect(USAGE);
}

#[test]
fn s26_answers_of_a_workbook_hold_in_the_next_run_and_are_not_asked_again() {
    let workplace = workplace();
    let rows = turned_round(&workplace);
    save(&workplace.path().join("answers.xlsx"), &rows);
    let imported = workplace.guiyi(&IMPORT);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&imported.code),
        "{}",
        imported.stderr
    );
    assert_eq!(decided(&workplace), rows.len() - 1);
    let job = workplace.read_text("guiyi.toml");
    workplace.write("guiyi.toml", job + "\n[guards]\nfew = 100\n");
    run(&workplace);
    let (ids, states) = (
        workplace.published().ids(),
        workplace.published().text("decisions.csv"),
    );
    for row in &rows[1..] {
        let [a, b] = records(&rows, row);
        let (is_one, is_joined) = (ids[&a] == ids[&b], row[1] == "同一客户");
        assert!(!is_one || is_joined, "a parting always holds");
        // A join against valid identifiers that conflict is refused, and said so.
        assert!(
            is_one == is_joined || states.contains("contradicted"),
            "row {}",
            row[0]
        );
    }
    workplace
        .guiyi(&["review", "export", "--out", "second.xlsx"])
        .expect(PUBLISHED);
    let again = cells(&workplace.path().join("second.xlsx"));
    let asked: Vec<_> = rows[1..].iter().map(|row| records(&rows, row)).collect();
    assert!(
        again[1..]
            .iter()
            .all(|row| !asked.contains(&records(&again, row)))
    );
}
