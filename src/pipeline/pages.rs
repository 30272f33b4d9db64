//! Every file that is made from the figures alone: the pages, and the figures for spreadsheets.
//!
//! In: the figures of a run. Out: `quality.json` and what is made from it, by name: `report.html`, a page for every source,
//! `quality.xlsx`, and its larger tables as CSV. The same figures give the same bytes.

use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::PlainCell;
use crate::publish::PlainSheet;
use crate::publish::plain_csv;
use crate::publish::plain_workbook;
use crate::quality::Quality;
use crate::report;
use std::collections::BTreeMap;

/// Name of the figures.
pub(super) const FIGURES: &str = "quality.json";

/// The figures and every file made from them, by name.
pub(super) fn made(quality: &Quality, language: Language) -> Result<BTreeMap<String, Vec<u8>>, RunError> {
    let mut files = BTreeMap::new();
    let mut figures = serde_json::to_vec_pretty(quality).expect("figures and names have a JSON form");
    figures.push(b'\n');
    files.insert(FIGURES.to_owned(), figures);
    files.insert(
        "report.html".to_owned(),
        report::render(quality, language)?.into_bytes(),
    );
    for (at, source) in quality.sources.iter().enumerate() {
        let page = report::render_source(quality, at, language)?;
        files.insert(report::file_name(&source.name), page.into_bytes());
    }
    let mut sheets = Vec::new();
    for sheet in report::sheets(quality, language) {
        let (name, is_csv) = (sheet.name, sheet.is_csv);
        let plain = plain_sheet(sheet);
        if is_csv {
            files.insert(format!("quality_{name}.csv"), plain_csv(&plain));
        }
        sheets.push(plain);
    }
    files.insert("quality.xlsx".to_owned(), plain_workbook(&sheets)?);
    Ok(files)
}

fn plain_sheet(sheet: report::Sheet) -> PlainSheet {
    let cell = |cell: report::Cell| match cell {
        report::Cell::Empty => PlainCell::Empty,
        report::Cell::Text(text) => PlainCell::Text(text),
        report::Cell::Count(count) => PlainCell::Count(count),
        report::Cell::Fraction(share) => PlainCell::Fraction(share),
    };
    let (names, labels) = sheet
        .columns
        .into_iter()
        .map(|column| (column.name.to_owned(), column.label))
        .unzip();
    PlainSheet {
        title: sheet.title,
        names,
        labels,
        rows: sheet
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect())
            .collect(),
    }
}
