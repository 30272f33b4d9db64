//! Small tables as guarded CSV and as sheets of one workbook.
//!
//! In: [`PlainSheet`]s of texts and numbers. Out: bytes. In CSV every text is guarded (see `guard`); in the workbook every text is a cell
//! of type string, so that nothing is a formula. The bytes depend on the tables alone: the creation date in the document's
//! properties is fixed. What the tables hold is decided by their makers.

use crate::publish::error::PublishError;
use crate::publish::guard::guard_cell;
use crate::publish::sheet_xml::cut;
use rust_xlsxwriter::Color;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::FormatAlign;
use rust_xlsxwriter::IgnoreError;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;
use std::path::Path;

/// Widths of columns in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=48;

/// Rows that are looked at for the width of a column.
const ROWS_MEASURED: usize = 200;

/// Characters of a sheet's name.
const TITLE_MAX: usize = 31;

/// Decimals of a fraction in CSV.
const DECIMALS: usize = 6;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum PlainCell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A share from 0 to 1.
    Fraction(f64),
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainSheet {
    /// Name of the sheet.
    pub title: String,
    /// Names of the columns in CSV.
    pub names: Vec<String>,
    /// Their labels in the workbook.
    pub labels: Vec<String>,
    /// As many cells a row.
    pub rows: Vec<Vec<PlainCell>>,
}

/// The table as CSV: UTF-8 with a byte-order mark, line feeds, every text guarded.
///
/// # Examples
/// ```
/// use guiyi::publish::PlainCell;
/// use guiyi::publish::PlainSheet;
/// use guiyi::publish::plain_csv;
/// let sheet = PlainSheet {
///     title: "记分卡".to_owned(),
///     names: vec!["source".to_owned(), "share".to_owned()],
///     labels: vec!["来源".to_owned(), "占比".to_owned()],
///     rows: vec![vec![PlainCell::Text("=华东".to_owned()), PlainCell::Fraction(0.95)]],
/// };
/// assert_eq!(plain_csv(&sheet), "\u{FEFF}source,share\n'=华东,0.950000\n".as_bytes());
/// ```
pub fn plain_csv(sheet: &PlainSheet) -> Vec<u8> {
    let mut text = "\u{FEFF}".to_owned();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    };
    line(&mut sheet.names.iter().cloned());
    for row in &sheet.rows {
        line(&mut row.iter().map(|cell| match cell {
            PlainCell::Empty => String::new(),
            PlainCell::Text(text) => guard_cell(text).into_owned(),
            PlainCell::Count(count) => count.to_string(),
            PlainCell::Fraction(share) => format!("{share:.DECIMALS$}"),
        }));
    }
    text.into_bytes()
}

/// The cell in quotes where it needs them (RFC 4180).
fn quoted(cell: &str) -> String {
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

/// The tables as one workbook, a sheet each.
///
/// # Errors
/// [`PublishError::Workbook`] when a table has more rows than a sheet.
pub fn plain_workbook(sheets: &[PlainSheet]) -> Result<Vec<u8>, PublishError> {
    write(sheets).map_err(PublishError::workbook(Path::new("quality.xlsx")))
}

fn write(sheets: &[PlainSheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for sheet in sheets {
        let title: String = sheet.title.chars().take(TITLE_MAX).collect();
        let worksheet = workbook.add_worksheet().set_name(title)?;
        write_header(worksheet, sheet)?;
        write_rows(worksheet, sheet)?;
    }
    workbook.save_to_buffer()
}

fn write_header(worksheet: &mut Worksheet, sheet: &PlainSheet) -> Result<(), XlsxError> {
    let bold = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0xEE_F2_F5))
        .set_align(FormatAlign::Top);
    for (at, label) in sheet.labels.iter().enumerate() {
        let column = column_number(at)?;
        worksheet.set_column_width(column, width(sheet, at) as f64)?;
        worksheet.write_string_with_format(0, column, label, &bold)?;
    }
    let last_row = u32::try_from(sheet.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    let last_column = column_number(sheet.labels.len().saturating_sub(1))?;
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.autofilter(0, 0, last_row, last_column)?;
    worksheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    worksheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    Ok(())
}

fn write_rows(worksheet: &mut Worksheet, sheet: &PlainSheet) -> Result<(), XlsxError> {
    let text_format = Format::new().set_num_format("@");
    let count_format = Format::new().set_num_format("#,##0");
    let share_format = Format::new().set_num_format("0.00%");
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for (at, cell) in cells.iter().enumerate() {
            let column = column_number(at)?;
            match cell {
                PlainCell::Empty => continue,
                PlainCell::Text(text) => {
                    worksheet.write_string_with_format(row, column, cut(text), &text_format)?
                }
                PlainCell::Count(count) => {
                    worksheet.write_number_with_format(row, column, *count as f64, &count_format)?
                }
                PlainCell::Fraction(share) => {
                    worksheet.write_number_with_format(row, column, *share, &share_format)?
                }
            };
        }
    }
    Ok(())
}

fn column_number(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

/// Width of the column at `at`, by its label and its first cells; Han characters are two wide.
fn width(sheet: &PlainSheet, at: usize) -> usize {
    let wide = |text: &str| {
        text.chars()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum::<usize>()
            + 2
    };
    let cells = sheet
        .rows
        .iter()
        .take(ROWS_MEASURED)
        .map(|row| match row.get(at) {
            Some(PlainCell::Text(text)) => wide(text),
            _ => 0,
        });
    // The arrow of the filter takes three more.
    let label = wide(&sheet.labels[at]) + 3;
    let most = cells.max().unwrap_or(0).max(label);
    most.clamp(*WIDTHS.start(), *WIDTHS.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::Data;
    use calamine::Reader;
    use calamine::Xlsx;
    use std::io::Cursor;

    fn sheet() -> PlainSheet {
        let cells = |name: &str, count: i64, share: f64| {
            vec![
                PlainCell::Text(name.to_owned()),
                PlainCell::Count(count),
                PlainCell::Fraction(share),
                PlainCell::Empty,
            ]
        };
        let owned = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
        PlainSheet {
            title: "记分卡".to_owned(),
            names: owned(["source", "records", "share", "gate"]),
            labels: owned(["来源", "记录数", "占比", "门槛"]),
            rows: vec![
                cells("=HYPERLINK(\"http://x\")", 1_234, 0.953),
                cells("华东 \"信息部\", 一", -1, 1.0),
                cells("110105194912310021", 0, 0.0),
            ],
        }
    }

    #[test]
    fn q4_texts_of_the_workbook_are_strings_and_nothing_is_a_formula() {
        let bytes = plain_workbook(&[sheet()]).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("记分卡").unwrap();
        let name = |row| range.get((row, 0)).cloned();
        assert_eq!(name(1), Some(Data::String("=HYPERLINK(\"http://x\")".to_owned())));
        assert_eq!(name(3), Some(Data::String("110105194912310021".to_owned())));
        assert_eq!(range.get((1, 1)), Some(&Data::Float(1_234.0)));
        assert!(book.worksheet_formula("记分卡").unwrap().is_empty());
    }

    #[test]
    fn q4_the_same_tables_give_the_same_bytes() {
        let first = plain_workbook(&[sheet()]).unwrap();
        // Times in a zip file have a resolution of two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == plain_workbook(&[sheet()]).unwrap());
    }

    #[test]
    fn csv_is_guarded_and_quoted() {
        let text = String::from_utf8(plain_csv(&sheet())).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "\u{FEFF}source,records,share,gate");
        assert_eq!(lines[1], "\"'=HYPERLINK(\"\"http://x\"\")\",1234,0.953000,");
        assert_eq!(lines[2], "\"华东 \"\"信息部\"\", 一\",-1,1.000000,");
    }
}
