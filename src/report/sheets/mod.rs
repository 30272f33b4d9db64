//! The figures as tables for a spreadsheet: overview, scorecard, findings, suspicious entries, contradictions, trend.
//!
//! In: [`Quality`] (what `quality.json` holds) and a language. Out: [`Sheet`]s of texts and numbers, equal for equal figures. Column names
//! are English identifiers for CSV, labels are for the workbook. Shares stand as numerator, denominator and a fraction; a share that
//! was not measured has no fraction. How cells are typed and guarded is known to `publish`.

mod overview;
mod rows;

use super::messages::messages;
use super::sections::Context;
use crate::model::Language;
use crate::quality::Quality;
use crate::quality::Share;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, such as a name.
    Text(String),
    /// A count.
    Count(i64),
    /// A share from 0 to 1.
    Fraction(f64),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in CSV.
    pub name: &'static str,
    /// Its label in the workbook.
    pub label: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name, such as `scorecard`.
    pub name: &'static str,
    /// What the workbook calls it; at most 31 characters.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// As many cells a row.
    pub rows: Vec<Vec<Cell>>,
    /// Is it a CSV file of its own?
    pub is_csv: bool,
}

/// The tables of `quality` in `language`.
pub fn sheets(quality: &Quality, language: Language) -> Vec<Sheet> {
    let context = Context {
        quality,
        m: messages(language),
        language,
    };
    vec![
        overview::overview(context),
        rows::scorecard(context),
        rows::findings(context),
        rows::suspicions(context),
        rows::conflicts(context),
        rows::trend(context),
    ]
}

fn sheet(
    name: &'static str,
    title: &str,
    is_csv: bool,
    columns: &[(&'static str, &str)],
    rows: Vec<Vec<Cell>>,
) -> Sheet {
    let column = |(name, label): &(&'static str, &str)| Column {
        name,
        label: (*label).to_owned(),
    };
    Sheet {
        name,
        title: title.to_owned(),
        columns: columns.iter().map(column).collect(),
        rows,
        is_csv,
    }
}

/// A text; nothing of an empty one.
fn text(text: impl Into<String>) -> Cell {
    let text = text.into();
    match text.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(text),
    }
}

fn count(count: u64) -> Cell {
    Cell::Count(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Basis points or millionths as a fraction of `scale`.
fn fraction(parts: i64, scale: f64) -> Cell {
    Cell::Fraction(parts as f64 / scale)
}

/// Numerator, denominator and fraction.
fn share(share: Share) -> [Cell; 3] {
    let [part, whole] = [share.numerator, share.denominator].map(count);
    let of = match share.denominator {
        0 => Cell::Empty,
        denominator => Cell::Fraction(share.numerator as f64 / denominator as f64),
    };
    [part, whole, of]
}
