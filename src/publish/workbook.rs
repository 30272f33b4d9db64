//! Tables as workbooks for people.
//!
//! In: a table and the labels of its columns. Out: XLSX with a bold, frozen, filtered header; every text is a cell of
//! type string, so that 18-digit codes and leading zeros stay and nothing is a formula. Rows go to disk as they come
//! (constant memory); a sheet that is full is followed by another. The bytes depend on the table alone: the creation
//! date in the document's properties is fixed. Texts beyond Excel's 32,767 UTF-16 units are cut and end with `…`; the
//! whole text is in the Parquet file.

use frame::ColumnData;
use frame::Table;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::IgnoreError;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;
use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// Data rows of one sheet: Excel's 1,048,576 less the header.
pub const ROWS_PER_SHEET_MAX: usize = 1_048_575;
/// UTF-16 units of one cell in Excel.
const CELL_UNITS_MAX: usize = 32_767;

/// How a table is laid out in a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    /// Name of the sheets, at most 25 characters; a number is added from the second sheet on.
    pub name: String,
    /// Header cells, one a column of the table.
    pub labels: Vec<String>,
    /// Data rows a sheet, `1..=ROWS_PER_SHEET_MAX`.
    pub rows_per_sheet: usize,
}

/// Writes `table` to `writer`; scratch files without names go to `scratch`.
pub(super) fn write_workbook(
    writer: &mut (impl Write + Send),
    table: &Table,
    sheets: &Sheets,
    scratch: &Path,
) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(scratch)?;
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let rows_per_sheet = sheets.rows_per_sheet.clamp(1, ROWS_PER_SHEET_MAX);
    let count = table.rows().div_ceil(rows_per_sheet).max(1);
    workbook.use_zip_large_file(count > 1);
    for number in 0..count {
        let name = match number {
            0 => sheets.name.clone(),
            _ => format!("{} {}", sheets.name, number + 1),
        };
        let rows = number * rows_per_sheet..table.rows().min((number + 1) * rows_per_sheet);
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
        write_sheet(sheet, table, &sheets.labels, rows)?;
    }
    workbook.save_to_writer(writer)
}

fn write_sheet(
    sheet: &mut Worksheet,
    table: &Table,
    labels: &[String],
    rows: Range<usize>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let last_row = u32::try_from(rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    for (column, label) in labels.iter().enumerate() {
        let column = column_number(column)?;
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, label, &bold)?;
    }
    if let Some(last) = labels.len().checked_sub(1) {
        let last = column_number(last)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, last_row, last)?;
        sheet.ignore_error_range(0, 0, last_row, last, IgnoreError::NumberStoredAsText)?;
    }
    for (row, at) in (1..).zip(rows) {
        for (number, column) in (0..).zip(table.columns()) {
            write_cell(sheet, row, number, &column.data, at)?;
        }
    }
    Ok(())
}

fn column_number(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    data: &ColumnData,
    at: usize,
) -> Result<(), XlsxError> {
    match data {
        ColumnData::Text(texts) => {
            if let Some(text) = texts.get(at) {
                sheet.write_string(row, column, cut(text))?;
            }
        }
        ColumnData::Bool(values) => {
            if let Some(value) = values[at] {
                sheet.write_boolean(row, column, value)?;
            }
        }
        ColumnData::I64(values) => write_number(sheet, row, column, values[at].map(|value| value as f64))?,
        ColumnData::I32(values) => write_number(sheet, row, column, values[at].map(f64::from))?,
        ColumnData::F64(values) => write_number(sheet, row, column, values[at])?,
    }
    Ok(())
}

fn write_number(sheet: &mut Worksheet, row: u32, column: u16, number: Option<f64>) -> Result<(), XlsxError> {
    if let Some(number) = number {
        sheet.write_number(row, column, number)?;
    }
    Ok(())
}

/// The text as far as a cell holds it.
fn cut(text: &str) -> Cow<'_, str> {
    // A text has at most one UTF-16 unit a byte.
    if text.len() <= CELL_UNITS_MAX || text.encode_utf16().count() <= CELL_UNITS_MAX {
        return Cow::Borrowed(text);
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= CELL_UNITS_MAX
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::Data;
    use calamine::Reader;
    use calamine::Xlsx;
    use frame::Column;
    use std::io::Cursor;

    const CELLS: [Option<&str>; 7] = [
        Some("北京华夏科技有限公司"),
        Some("O'Neil & <Sons>"),
        Some("110105194912310021"),
        Some("00123"),
        Some("=HYPERLINK(\"http://x\")"),
        None,
        Some("+86 13800138000"),
    ];

    fn write(rows_per_sheet: usize) -> Vec<u8> {
        let mut columns = vec![Column::text("customer_name", CELLS.into_iter().collect())];
        columns.push(Column::i64("records", (0..7).map(Some).collect()));
        let sheets = Sheets {
            name: "黄金记录".to_owned(),
            labels: vec!["客户名称".to_owned(), "记录数".to_owned()],
            rows_per_sheet,
        };
        let scratch = tempfile::tempdir().unwrap();
        let mut bytes = Vec::new();
        write_workbook(
            &mut bytes,
            &Table::try_new(columns).unwrap(),
            &sheets,
            scratch.path(),
        )
        .unwrap();
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
        bytes
    }

    #[test]
    fn texts_stay_texts_and_nothing_is_a_formula() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write(ROWS_PER_SHEET_MAX))).unwrap();
        let sheet = book.worksheet_range("黄金记录").unwrap();
        let read: Vec<Option<String>> = sheet
            .rows()
            .skip(1)
            .map(|row| match &row[0] {
                Data::String(text) => Some(text.clone()),
                Data::Empty => None,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(read, CELLS.map(|cell| cell.map(str::to_owned)));
        assert_eq!(sheet.get((7, 1)), Some(&Data::Float(6.0)));
        assert!(book.worksheet_formula("黄金记录").unwrap().is_empty());
    }

    #[test]
    fn full_sheets_are_followed_by_others() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write(3))).unwrap();
        assert_eq!(book.sheet_names(), ["黄金记录", "黄金记录 2", "黄金记录 3"]);
        let last = book.worksheet_range("黄金记录 3").unwrap();
        assert_eq!(last.get((0, 0)), Some(&Data::String("客户名称".to_owned())));
        assert_eq!(last.get((1, 1)), Some(&Data::Float(6.0)));
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let first = write(4);
        // Times in a zip file have a resolution of two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == write(4));
    }

    #[test]
    fn texts_too_long_for_a_cell_are_cut_between_characters() {
        let long = "\u{20BB7}".repeat(20_000);
        let kept = cut(&long);
        assert_eq!(kept.encode_utf16().count(), CELL_UNITS_MAX);
        assert!(kept.ends_with("\u{20BB7}…"));
        assert_eq!(cut("吉野家"), "吉野家");
    }
}
