//! XLSX as people keep it: a merged title above the header, codes as text, amounts and dates as numbers, a totals row at the end.
//!
//! Rows are streamed (constant memory); a sheet that would pass the format's limit is followed by another. The creation time is fixed, so that the
//! same rows give the same bytes.

use super::super::SynthError;
use super::super::row::Field;
use super::super::row::Row;
use super::create_file;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;
use std::path::PathBuf;

/// Data rows per sheet; the format allows 1,048,576 rows.
const ROWS_PER_SHEET: u32 = 1_000_000;

/// First data row: title and header stand above.
const FIRST_ROW: u32 = 2;

/// An open workbook.
pub(crate) struct WorkbookSink {
    path: PathBuf,
    workbook: Workbook,
    columns: &'static [(Field, &'static str)],
    title: &'static str,
    total_label: &'static str,
    date: Format,
    sheet: usize,
    row: u32,
    /// Sum of the amounts of the sheet, in hundredths.
    total: i64,
}

impl WorkbookSink {
    pub(super) fn create(
        path: PathBuf,
        columns: &'static [(Field, &'static str)],
        title: &'static str,
        total_label: &'static str,
    ) -> Result<Self, SynthError> {
        let mut workbook = Workbook::new();
        let created =
            ExcelDateTime::from_ymd(2026, 6, 30).map_err(|source| SynthError::workbook(&path, source))?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let mut sink = Self {
            path,
            workbook,
            columns,
            title,
            total_label,
            date,
            sheet: 0,
            row: FIRST_ROW,
            total: 0,
        };
        sink.start_sheet()
            .map_err(|source| SynthError::workbook(&sink.path, source))?;
        Ok(sink)
    }

    fn start_sheet(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(0);
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.merge_range(0, 0, 0, last, self.title, &bold)?;
        for (position, (_, header)) in self.columns.iter().enumerate() {
            sheet.write_string_with_format(1, u16::try_from(position).unwrap_or(0), *header, &bold)?;
        }
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let amount = self.columns.iter().position(|column| column.0 == Field::Amount);
        let (row, total, label) = (self.row, self.total, self.total_label);
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        sheet.write_string(row, 0, label)?;
        if let Some(position) = amount {
            write_hundredths(sheet, row, u16::try_from(position).unwrap_or(0), total)?;
        }
        Ok(())
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        self.write_row(row)
            .map_err(|source| SynthError::workbook(&self.path, source))
    }

    fn write_row(&mut self, row: &Row) -> Result<(), XlsxError> {
        if self.row == FIRST_ROW + ROWS_PER_SHEET {
            self.end_sheet()?;
            self.start_sheet()?;
            (self.sheet, self.row, self.total) = (self.sheet + 1, FIRST_ROW, 0);
        }
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (position, (field, _)) in self.columns.iter().enumerate() {
            let value = row.get(*field);
            if value.is_empty() {
                continue;
            }
            let column = u16::try_from(position).unwrap_or(0);
            match field {
                Field::Amount if let Some(hundredths) = hundredths(value) => {
                    self.total += hundredths;
                    write_hundredths(sheet, self.row, column, hundredths)?;
                }
                Field::Created | Field::Born if let Ok(serial) = value.parse::<i32>() => {
                    sheet.write_number_with_format(self.row, column, f64::from(serial), &self.date)?;
                }
                _ => {
                    sheet.write_string(self.row, column, value)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, SynthError> {
        self.end_sheet()
            .map_err(|source| SynthError::workbook(&self.path, source))?;
        let file = create_file(&self.path)?;
        self.workbook
            .save_to_writer(file)
            .map_err(|source| SynthError::workbook(&self.path, source))?;
        Ok(self.path)
    }
}

/// `12.5` as 1250; none when the text is no plain amount.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part: i64 = format!("{part:0<2}").get(..2)?.parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

/// Writes an amount given in hundredths; amounts of this generator are far below 2^53 hundredths.
fn write_hundredths(sheet: &mut Worksheet, row: u32, column: u16, value: i64) -> Result<(), XlsxError> {
    let high = i32::try_from(value / 1_000_000).unwrap_or(i32::MAX);
    let low = i32::try_from(value % 1_000_000).unwrap_or(0);
    sheet.write_number(
        row,
        column,
        (f64::from(high) * 1_000_000.0 + f64::from(low)) / 100.0,
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::WorkbookSink;
    use super::hundredths;
    use crate::synth::row::Field;
    use crate::synth::row::Row;
    use calamine::Data;
    use calamine::Reader as _;

    #[test]
    fn title_header_codes_as_text_and_totals_stand_in_their_rows() {
        let folder = tempfile::tempdir().unwrap();
        let columns = &[
            (Field::Code, "客户代码"),
            (Field::Uscc, "税号"),
            (Field::Amount, "合作金额(万元)"),
        ];
        let path = folder.path().join("x.xlsx");
        let mut sink = WorkbookSink::create(path, columns, "客户档案", "合计").unwrap();
        let mut row = Row::new();
        row.set(Field::Code, "007");
        row.set(Field::Uscc, "911101081234567890");
        row.set(Field::Amount, "12.50");
        sink.write(&row).unwrap();
        sink.write(&row).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(sink.finish().unwrap()).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(
            range.get_value((0, 0)),
            Some(&Data::String("客户档案".to_owned()))
        );
        assert_eq!(
            range.get_value((1, 2)),
            Some(&Data::String("合作金额(万元)".to_owned()))
        );
        assert_eq!(range.get_value((2, 0)), Some(&Data::String("007".to_owned())));
        assert_eq!(
            range.get_value((3, 1)),
            Some(&Data::String("911101081234567890".to_owned()))
        );
        assert_eq!(range.get_value((4, 0)), Some(&Data::String("合计".to_owned())));
        assert_eq!(range.get_value((4, 2)), Some(&Data::Float(25.0)));
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(hundredths("12.50"), Some(1250));
        assert_eq!(hundredths("7"), Some(700));
        assert_eq!(hundredths("万元"), None);
        assert_eq!(hundredths("1.5"), Some(150));
    }
}
