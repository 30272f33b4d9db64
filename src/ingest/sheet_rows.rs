//! The cells of one sheet to rows of text.
//!
//! In: calamine's cells, streamed or held whole. Out: rows, and the rows that are too long, hold NULs or come out of
//! order. Whole numbers are written without `.0`, dates in ISO 8601, other numbers with the digits they have; numbers of
//! 16 digits or more are marked as rounded. Which sheets are read is left to `workbook`.

use super::IngestError;
use super::locate::SourceFile;
use super::row::BadRow;
use super::row::RowBuffer;
use super::settings::Limits;
use super::workbook::Input;
use crate::model::IssueCode;
use calamine::DataRef;
use calamine::ExcelDateTime;
use std::fmt::Write;

/// From here on a spreadsheet's number has lost digits.
const ROUNDED_FROM: f64 = 1e15;

/// Serial number behind 9999-12-31, the last date of spreadsheets.
const SERIAL_END: f64 = 2_958_466.0;

/// Takes a row with its number; false ends the reading.
pub(super) type EachRow<'a> = dyn FnMut(u64, Result<&RowBuffer, BadRow>) -> Result<bool, IngestError> + 'a;

/// Puts cells into rows and checks the rows.
struct RowMaker<'a, 'b> {
    row: RowBuffer,
    line: u64,
    /// Why the row cannot be used.
    fault: Option<(&'static str, usize)>,
    limits: &'a Limits,
    each: &'a mut EachRow<'b>,
}

impl RowMaker<'_, '_> {
    /// Hands on the row so far; false ends the reading.
    fn flush(&mut self) -> Result<bool, IngestError> {
        if self.line == 0 {
            return Ok(true);
        }
        let line = self.line;
        let go_on = match self.fault.take() {
            None => (self.each)(line, Ok(&self.row))?,
            Some((code, cell)) => {
                let code = IssueCode::named(code);
                let cell = Some(cell);
                let byte = 0;
                (self.each)(
                    line,
                    Err(BadRow {
                        line,
                        byte,
                        cell,
                        code,
                    }),
                )?
            }
        };
        self.row.clear();
        Ok(go_on)
    }

    fn put(&mut self, position: usize, value: &DataRef<'_>) {
        if self.fault.is_some() {
            return;
        }
        let size = match value {
            DataRef::SharedString(text) => text.len(),
            DataRef::String(text) => text.len(),
            _ => 0,
        };
        let is_long = size > self.limits.field_bytes_max
            || self.row.text.len() + size > self.limits.record_bytes_max
            || position >= self.limits.columns_max;
        if is_long {
            self.fault = Some(("record_too_long", position));
            return;
        }
        if position < self.row.cells.len() {
            // A cell that comes twice or out of order: only a damaged sheet has it.
            self.fault = Some(("unreadable_region", position));
            return;
        }
        let start = self.row.text.len();
        let mut is_rounded = false;
        self.row
            .set(position, |text| is_rounded = write_cell(value, text));
        if is_rounded {
            self.row.rounded.push(position as u32);
        }
        if memchr::memchr(0, &self.row.text.as_bytes()[start..]).is_some() {
            self.fault = Some(("nul_character", position));
        }
    }
}

/// Gives the rows of an `.xlsx` sheet, cell by cell.
pub(super) fn stream_rows(
    book: &mut calamine::Xlsx<Input>,
    file: &SourceFile,
    sheet: &str,
    limits: &Limits,
    each: &mut EachRow<'_>,
) -> Result<(), IngestError> {
    let damaged = || file.damaged("a sheet cannot be parsed");
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
    let mut maker = RowMaker {
        row: RowBuffer::default(),
        line: 0,
        fault: None,
        limits,
        each,
    };
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        if line != maker.line {
            if !maker.flush()? {
                return Ok(());
            }
            maker.line = line;
        }
        if !matches!(cell.get_value(), DataRef::Empty) {
            maker.put(column as usize, cell.get_value());
        }
    }
    maker.flush()?;
    Ok(())
}

/// Gives the rows of a sheet that is held whole.
pub(super) fn range_rows(
    range: Option<calamine::Range<calamine::Data>>,
    file: &SourceFile,
    limits: &Limits,
    each: &mut EachRow<'_>,
) -> Result<(), IngestError> {
    let range = range.ok_or_else(|| file.damaged("a sheet cannot be parsed"))?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut maker = RowMaker {
        row: RowBuffer::default(),
        line: 0,
        fault: None,
        limits,
        each,
    };
    for (at, row) in range.rows().enumerate() {
        maker.line = u64::from(first_row) + at as u64 + 1;
        for (column, value) in row.iter().enumerate() {
            let value = borrowed(value);
            if !matches!(value, DataRef::Empty) {
                maker.put(first_column as usize + column, &value);
            }
        }
        if !maker.flush()? {
            return Ok(());
        }
    }
    Ok(())
}

fn borrowed(value: &calamine::Data) -> DataRef<'_> {
    use calamine::Data;
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Appends the text of a cell; true when it is a number that has lost digits.
fn write_cell(value: &DataRef<'_>, text: &mut String) -> bool {
    match value {
        DataRef::String(cell) | DataRef::DateTimeIso(cell) | DataRef::DurationIso(cell) => {
            text.push_str(cell)
        }
        DataRef::SharedString(cell) => text.push_str(cell),
        DataRef::Int(number) => {
            let _ = write!(text, "{number}");
        }
        DataRef::Float(number) => return write_number(*number, text),
        DataRef::Bool(is_true) => text.push_str(if *is_true { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(date) => return write_date(date, text),
        DataRef::Error(error) => {
            let _ = write!(text, "{error}");
        }
        _ => {}
    }
    false
}

/// Shortest text that reads as the number; Rust writes it without exponent.
fn write_number(number: f64, text: &mut String) -> bool {
    let _ = write!(text, "{number}");
    number.abs() >= ROUNDED_FROM
}

fn write_date(date: &ExcelDateTime, text: &mut String) -> bool {
    let serial = date.as_f64();
    if !(0.0..SERIAL_END).contains(&serial) {
        // A code formatted as a date; the number is what was typed.
        return write_number(serial, text);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let _ = if date.is_duration() {
        let seconds = (serial * 86_400.0).round() as u64;
        write!(
            text,
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    } else if serial < 1.0 {
        write!(text, "{hour:02}:{minute:02}:{second:02}")
    } else if serial.fract() == 0.0 {
        write!(text, "{year:04}-{month:02}-{day:02}")
    } else {
        write!(
            text,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )
    };
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn text(value: &DataRef<'_>) -> (String, bool) {
        let mut text = String::new();
        let is_rounded = write_cell(value, &mut text);
        (text, is_rounded)
    }

    #[test]
    fn numbers_and_dates_are_written_as_people_see_them() {
        let date = |serial, kind| DataRef::DateTime(ExcelDateTime::new(serial, kind, false));
        let moment = ExcelDateTimeType::DateTime;
        for (value, expected) in [
            (DataRef::Float(13_800_138_000.0), ("13800138000", false)),
            (DataRef::Float(0.5), ("0.5", false)),
            (DataRef::Float(1.10105e17), ("110105000000000000", true)),
            (DataRef::Int(-7), ("-7", false)),
            (DataRef::SharedString("0012 王芳"), ("0012 王芳", false)),
            (DataRef::Bool(true), ("TRUE", false)),
            (date(45_293.0, moment), ("2024-01-02", false)),
            (date(45_293.5, moment), ("2024-01-02T12:00:00", false)),
            (date(0.25, moment), ("06:00:00", false)),
            (date(1.5, ExcelDateTimeType::TimeDelta), ("36:00:00", false)),
            (date(13_800_138_000.0, moment), ("13800138000", false)),
        ] {
            assert_eq!(text(&value), (expected.0.to_owned(), expected.1), "{value:?}");
        }
    }
}
