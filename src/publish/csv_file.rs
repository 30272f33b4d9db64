//! Tables as CSV for people.
//!
//! In: a table. Out: UTF-8 with a byte-order mark (spreadsheets take it for a local encoding otherwise), a header of the
//! table's column names, commas, quotes where needed, one line feed a row. Every text cell is guarded (see `guard`);
//! a null is an empty cell.

use crate::publish::guard::guard_cell;
use crate::publish::view::Cells;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use rayon::prelude::*;
use std::io;
use std::io::Write;
use std::ops::Range;

/// Rows whose text is made at once, by one thread.
const BATCH_ROWS: usize = 16_384;

/// Rows whose texts are touched before the first of them is written.
const TOUCHED_ROWS: usize = 64;

/// Batches that are held in memory at once.
const BATCHES_HELD: usize = 8;

/// Writes `table` to `writer`.
pub(super) fn write_csv(writer: &mut impl Write, table: &View) -> io::Result<()> {
    let mut header = "\u{FEFF}".as_bytes().to_vec();
    for (at, column) in table.columns().iter().enumerate() {
        if at > 0 {
            header.push(b',');
        }
        push_cell(&mut header, &column.name);
    }
    header.push(b'\n');
    writer.write_all(&header)?;
    let starts: Vec<usize> = (0..table.rows()).step_by(BATCH_ROWS).collect();
    for starts in starts.chunks(BATCHES_HELD) {
        let batches: Vec<Vec<u8>> = starts
            .par_iter()
            .map(|&start| lines(table, start..table.rows().min(start + BATCH_ROWS)))
            .collect();
        for batch in batches {
            writer.write_all(&batch)?;
        }
    }
    writer.flush()
}

/// Reads where the texts of `rows` begin, column by column.
fn touch(table: &View, rows: Range<usize>) {
    for column in table.columns() {
        if let Cells::Text { codes, pool } = &column.cells {
            pool.touch(&codes[rows.clone()]);
        }
    }
}

/// The lines of `rows`.
fn lines(table: &View, rows: Range<usize>) -> Vec<u8> {
    let mut lines = Vec::with_capacity(rows.len() * table.columns().len() * 12);
    for row in rows.clone() {
        if (row - rows.start).is_multiple_of(TOUCHED_ROWS) {
            touch(table, row..rows.end.min(row + TOUCHED_ROWS));
        }
        let start = lines.len();
        for (at, column) in table.columns().iter().enumerate() {
            if at > 0 {
                lines.push(b',');
            }
            push_value(&mut lines, column, row);
        }
        // A line without a byte would be no row.
        if lines.len() == start {
            lines.extend_from_slice(b"\"\"");
        }
        lines.push(b'\n');
    }
    lines
}

#[inline]
fn push_value(line: &mut Vec<u8>, column: &ViewColumn, row: usize) {
    match &column.cells {
        Cells::Text { codes, pool } => match codes[row] {
            0 => {}
            code => push_cell(line, &guard_cell(pool.text(code))),
        },
        // Numbers are our own figures and cannot be formulas; a negative weight keeps its sign.
        Cells::I64(values) => {
            if let Some(value) = values[row] {
                push_integer(line, value);
            }
        }
        Cells::F64(values) => {
            if let Some(value) = values[row] {
                write!(line, "{value}").expect("writing into memory does not fail");
            }
        }
    }
}

/// Writes a cell, in quotes where it holds a comma, a quote or the end of a line.
#[inline]
fn push_cell(line: &mut Vec<u8>, cell: &str) {
    // One look at most bytes: all four stand before the digits and the letters.
    let needs_quotes = |byte: &u8| *byte <= b',' && matches!(byte, b',' | b'"' | b'\r' | b'\n');
    if !cell.as_bytes().iter().any(needs_quotes) {
        line.extend_from_slice(cell.as_bytes());
        return;
    }
    line.push(b'"');
    for &byte in cell.as_bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}

fn push_integer(line: &mut Vec<u8>, value: i64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        line.push(b'-');
    }
    line.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::guard::unguard_cell;
    use crate::publish::view::counts;
    use crate::publish::view::texts;

    #[test]
    fn cells_come_back_from_the_file() {
        let cells = [
            Some("北京华夏，\"科技\"公司"),
            Some("Smith, \"Al\"\r\nLtd"),
            Some("91110105MA01A2B3C4"),
            Some("110105194912310021"),
            Some("00123"),
            Some("+86 13800138000"),
            Some("=cmd|' /C calc'!A0"),
            Some("'＝1"),
            None,
        ];
        let bits: Vec<Option<f64>> = (0..9).map(|n| Some(f64::from(n) - 1.5)).collect();
        let columns = vec![
            texts("customer_name", cells.iter().map(|cell| cell.unwrap_or(""))),
            ViewColumn {
                name: "weight_bits".into(),
                cells: Cells::F64(bits),
            },
        ];
        let mut bytes = Vec::new();
        write_csv(&mut bytes, &View::try_new("t", columns).unwrap()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let body = text.strip_prefix("\u{FEFF}customer_name,weight_bits\n").unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(body.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let read: Vec<&str> = rows.iter().map(|row| unguard_cell(&row[0])).collect();
        assert_eq!(read, cells.map(|cell| cell.unwrap_or("")));
        assert_eq!(&rows[0][1], "-1.5");
        assert!(!text.contains(",=") && !text.contains("\n=") && !text.contains("\n+"));
    }

    #[test]
    fn integers_and_empty_rows_are_as_the_format_has_them() {
        let written = |column| {
            let mut bytes = Vec::new();
            write_csv(&mut bytes, &View::try_new("t", vec![column]).unwrap()).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let numbers = ViewColumn {
            name: "n".into(),
            cells: Cells::I64(vec![Some(0), Some(-7), Some(i64::MIN), Some(i64::MAX), None]),
        };
        let expected = "\u{FEFF}n\n0\n-7\n-9223372036854775808\n9223372036854775807\n\"\"\n";
        assert_eq!(written(numbers), expected);
        assert_eq!(written(counts("n", [5].into_iter())), "\u{FEFF}n\n5\n");
        assert_eq!(
            written(texts("名", ["", "王芳"].into_iter())),
            "\u{FEFF}名\n\"\"\n王芳\n"
        );
    }
}
