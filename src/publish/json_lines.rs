//! Tables as JSON lines for programs.
//!
//! In: a table. Out: one object a row in the order of its columns, UTF-8, texts exactly as they are (no guard, as no
//! spreadsheet reads it), null for what is missing.

use crate::publish::view::Cells;
use crate::publish::view::View;
use std::io;
use std::io::Write;

/// Writes `table` to `writer`.
pub(super) fn write_json_lines(writer: &mut impl Write, table: &View) -> io::Result<()> {
    let names: Vec<String> = table
        .columns()
        .iter()
        .map(|column| serde_json::Value::from(column.name.as_ref()).to_string())
        .collect();
    for row in 0..table.rows() {
        for (at, (column, name)) in table.columns().iter().zip(&names).enumerate() {
            let before = if at == 0 { '{' } else { ',' };
            write!(writer, "{before}{name}:")?;
            match &column.cells {
                Cells::Text { codes, pool } => match codes[row] {
                    0 => writer.write_all(b"null")?,
                    code => serde_json::to_writer(&mut *writer, pool.text(code))?,
                },
                Cells::I64(values) => serde_json::to_writer(&mut *writer, &values[row])?,
                Cells::F64(values) => serde_json::to_writer(&mut *writer, &values[row])?,
            }
        }
        writer.write_all(b"}\n")?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::view::counts;
    use crate::publish::view::texts;

    #[test]
    fn texts_are_exact_and_missing_values_null() {
        let columns = vec![
            texts("key", ["=1\"", "", "客\n户"].into_iter()),
            counts("run", [1, 2, 3].into_iter()),
        ];
        let table = View::try_new("t", columns).unwrap();
        let mut bytes = Vec::new();
        write_json_lines(&mut bytes, &table).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"key\":\"=1\\\"\",\"run\":1}\n{\"key\":null,\"run\":2}\n{\"key\":\"客\\n户\",\"run\":3}\n"
        );
    }
}
