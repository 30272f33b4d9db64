//! Tables as CSV for people.
//!
//! In: a table. Out: UTF-8 with a byte-order mark (spreadsheets take it for a local encoding otherwise), a header of the
//! table's column names, commas, quotes where needed, one line feed a row. Every text cell is guarded (see `guard`);
//! a null is an empty cell.

use crate::publish::guard::guard_cell;
use frame::ColumnData;
use frame::Table;
use std::io;
use std::io::Write;

/// Writes `table` to `writer`.
pub(super) fn write_csv(writer: &mut impl Write, table: &Table) -> io::Result<()> {
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().from_writer(writer);
    csv.write_record(table.columns().iter().map(|column| column.name.as_str()))?;
    let mut number = String::new();
    for row in 0..table.rows() {
        for column in table.columns() {
            match &column.data {
                ColumnData::Text(texts) => {
                    csv.write_field(guard_cell(texts.get(row).unwrap_or("")).as_bytes())?;
                }
                data => {
                    number.clear();
                    show_number(&mut number, data, row);
                    csv.write_field(&number)?;
                }
            }
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// Numbers are our own figures and cannot be formulas; a negative weight keeps its sign.
fn show_number(text: &mut String, data: &ColumnData, row: usize) {
    use std::fmt::Write;
    let shown = match data {
        ColumnData::I64(values) => values[row].map(|value| write!(text, "{value}")),
        ColumnData::I32(values) => values[row].map(|value| write!(text, "{value}")),
        ColumnData::F64(values) => values[row].map(|value| write!(text, "{value}")),
        ColumnData::Bool(values) => values[row].map(|value| write!(text, "{value}")),
        ColumnData::Text(_) => None,
    };
    debug_assert!(shown.is_none_or(|result| result.is_ok()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::guard::unguard_cell;
    use frame::Column;

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
        let mut table = vec![Column::text("customer_name", cells.into_iter().collect())];
        let bits: Vec<Option<f64>> = (0..9).map(|n| Some(f64::from(n) - 1.5)).collect();
        table.push(Column {
            name: "weight_bits".to_owned(),
            data: ColumnData::F64(bits),
        });
        let mut bytes = Vec::new();
        write_csv(&mut bytes, &Table::try_new(table).unwrap()).unwrap();
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
}
