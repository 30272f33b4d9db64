//! Every cell is kept as its exact text: from the export into `raw.parquet` and back, byte for byte (R27).
//!
//! 10,000 random cells a format, 1,000,000 with `GUIYI_TEST_FULL`. What the rules change is not drawn here and has tests of
//! its own in `ingest`: guards of text cells, tabs around a cell, and cells of nothing but white space. A NUL rejects its
//! row by rule.

use crate::support::PUBLISHED;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Fields of plain text, so that nothing beside the cells matters.
const FIELDS: [&str; 10] = [
    "customer_name",
    "short_name",
    "occupation",
    "country",
    "street",
    "street_number",
    "address_line2",
    "locality",
    "industry",
    "owner",
];

/// Own seeded generator (Knuth's MMIX numbers).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }

    fn cell(&mut self) -> String {
        let text = match self.below(12) {
            0 => String::new(),
            1 => format!("00{}", self.digits(6)),
            2 => self.digits(18),
            3 => format!("+86{}", self.digits(11)),
            4 => format!("-{}.{}", self.digits(3), self.digits(2)),
            5 => format!("{}E{}", self.digits(2), self.digits(2)),
            6 => format!("x{}y", char::from(1 + self.below(31) as u8)),
            7 => "上海，（德诚）\u{3000}电子".to_owned() + &self.digits(3),
            8 => format!("a,\"{}\";\t|\r\nb", self.digits(2)),
            9 => "\u{FF10}\u{FF11}\u{1F600}e\u{301}\u{200B}z".to_owned() + &self.digits(2),
            10 => format!("  {} ", self.digits(3)),
            _ => (0..1 + self.below(9))
                .map(|_| char::from_u32(0x21 + self.below(0x9000) as u32).unwrap_or('x'))
                .collect(),
        };
        let is_ruled = text.starts_with(['\'', '=', '\t']) || text.ends_with('\t');
        let is_blank = text.trim().is_empty();
        match (is_ruled || is_blank, self.below(2_000)) {
            (true, _) => String::new(),
            (false, 0) => format!("{text}\0x"),
            (false, _) => text,
        }
    }
}

fn rows(count: usize, seed: u64) -> Vec<Vec<String>> {
    let mut draw = Draw(seed);
    (0..count)
        .map(|row| {
            let mut cells: Vec<String> = FIELDS.iter().map(|_| draw.cell()).collect();
            cells.insert(0, format!("K{row:07}"));
            cells
        })
        .collect()
}

fn header() -> Vec<&'static str> {
    [&["key"][..], &FIELDS].concat()
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = header().join(",");
    text.push('\n');
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text.into_bytes()
}

fn json_lines(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let object: BTreeMap<&str, &str> = header().into_iter().zip(row.iter().map(String::as_str)).collect();
        let _ = writeln!(text, "{}", serde_json::to_string(&object).unwrap());
    }
    text.into_bytes()
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, name) in header().into_iter().enumerate() {
        page.write_string(0, column as u16, name).unwrap();
        for (at, row) in rows.iter().enumerate() {
            page.write_string(at as u32 + 1, column as u16, &row[column])
                .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn parquet(rows: &[Vec<String>]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let columns = header()
        .into_iter()
        .enumerate()
        .map(|(at, name)| frame::Column::text(name, rows.iter().map(|row| Some(row[at].as_str())).collect()));
    frame::write_parquet(&path, &frame::Table::try_new(columns.collect()).unwrap()).unwrap();
    std::fs::read(path).unwrap()
}

/// Reads the rows back from the published run.
fn check(file: &str, rows: &[Vec<String>], bytes: &[u8]) {
    let mut job = format!(
        "[[source]]\nname = \"a\"\nfiles = [\"{file}\"]\nkey = \"key\"\nskip_rows_starting = []\n[source.map]\n"
    );
    for field in FIELDS {
        let _ = writeln!(job, "{field} = \"{field}\"");
    }
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", job);
    workplace.write(file, bytes);
    let outcome = workplace.guiyi(&["run"]);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&outcome.code),
        "{file}: {outcome:?}"
    );
    let fields = FIELDS.map(|field| format!("field.{field}"));
    let columns: Vec<&str> = std::iter::once("record_key")
        .chain(fields.iter().map(String::as_str))
        .collect();
    let raw = workplace.published().rows("raw.parquet", &columns);
    let expected: Vec<&Vec<String>> = rows
        .iter()
        .filter(|row| !row.iter().any(|cell| cell.contains('\0')))
        .collect();
    assert!(expected.len() < rows.len(), "a NUL was drawn");
    for (got, expected) in raw.iter().zip(&expected) {
        assert_eq!(&got, expected, "{file}");
    }
    assert_eq!(raw.len(), expected.len(), "{file}");
    let rejects = workplace.published().rejects();
    assert_eq!(rejects.len(), rows.len() - expected.len(), "{file}");
    assert!(
        rejects.iter().all(|(_, code)| code == "nul_character"),
        "{file}: {:?}",
        rejects.first()
    );
}

fn count() -> usize {
    match std::env::var_os("GUIYI_TEST_FULL") {
        Some(_) => 100_000,
        None => 1_000,
    }
}

#[test]
fn r27_every_cell_of_delimited_text_comes_back() {
    let rows = rows(count(), 1);
    check("a.csv", &rows, &csv(&rows));
}

#[test]
fn r27_every_cell_of_json_lines_comes_back() {
    let rows = rows(count(), 2);
    check("a.jsonl", &rows, &json_lines(&rows));
}

#[test]
fn r27_every_cell_of_a_workbook_comes_back() {
    let rows = rows(count(), 3);
    check("a.xlsx", &rows, &xlsx(&rows));
}

#[test]
fn r27_every_cell_of_parquet_comes_back() {
    let rows = rows(count(), 4);
    check("a.parquet", &rows, &parquet(&rows));
}
