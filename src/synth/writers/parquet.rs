//! Parquet: text columns under English names, amounts as 64-bit floats, empty cells as nulls.
//!
//! Rows are gathered into tables of some ten thousand and handed to the `frame` crate, which sizes the row groups.

use super::super::SynthError;
use super::super::row::Field;
use super::super::row::Row;
use super::create_file;
use frame::Column;
use frame::ColumnData;
use frame::ParquetTableWriter;
use frame::Table;
use frame::TextColumn;
use std::path::PathBuf;

/// Rows handed over at once.
const ROWS_PER_TABLE: usize = 20_000;

/// An open Parquet file.
pub(crate) struct ParquetSink {
    path: PathBuf,
    columns: &'static [(Field, &'static str)],
    pending: Vec<Pending>,
    rows: usize,
    writer: ParquetTableWriter,
}

/// Values of one column that are not handed over yet.
enum Pending {
    Text(TextColumn),
    Number(Vec<Option<f64>>),
}

impl ParquetSink {
    pub(super) fn create(
        path: PathBuf,
        columns: &'static [(Field, &'static str)],
    ) -> Result<Self, SynthError> {
        // The file is made first, so that it is readable by its owner only; the writer keeps that.
        create_file(&path)?;
        let mut pending = empty(columns);
        let pattern = table(columns, &mut pending).map_err(|source| SynthError::parquet(&path, source))?;
        let writer = ParquetTableWriter::create(&path, &pattern)
            .map_err(|source| SynthError::parquet(&path, source))?;
        Ok(Self {
            path,
            columns,
            pending,
            rows: 0,
            writer,
        })
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        for ((field, _), pending) in self.columns.iter().zip(&mut self.pending) {
            let value = row.get(*field);
            match pending {
                Pending::Text(column) => column.push_option((!value.is_empty()).then_some(value)),
                Pending::Number(numbers) => numbers.push(value.parse().ok()),
            }
        }
        self.rows += 1;
        if self.rows == ROWS_PER_TABLE {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        self.rows = 0;
        let wrote = table(self.columns, &mut self.pending).and_then(|table| self.writer.write(&table));
        wrote.map_err(|source| SynthError::parquet(&self.path, source))
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, SynthError> {
        self.flush()?;
        self.writer
            .finish()
            .map_err(|source| SynthError::parquet(&self.path, source))?;
        Ok(self.path)
    }
}

fn empty(columns: &[(Field, &'static str)]) -> Vec<Pending> {
    let column = |field| match field {
        Field::Amount => Pending::Number(Vec::new()),
        _ => Pending::Text(TextColumn::new()),
    };
    columns.iter().map(|column_of| column(column_of.0)).collect()
}

/// The pending values as a table; leaves empty columns behind.
fn table(columns: &[(Field, &'static str)], pending: &mut Vec<Pending>) -> Result<Table, frame::FrameError> {
    let full = std::mem::replace(pending, empty(columns));
    let columns = columns.iter().zip(full).map(|((_, header), values)| {
        let data = match values {
            Pending::Text(column) => ColumnData::Text(column),
            Pending::Number(numbers) => ColumnData::F64(numbers),
        };
        Column {
            name: (*header).to_owned(),
            data,
        }
    });
    Ok(Table::try_new(columns.collect())?)
}

#[cfg(test)]
mod tests {
    use super::ParquetSink;
    use crate::synth::row::Field;
    use crate::synth::row::Row;

    #[test]
    fn texts_amounts_and_nulls_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let columns = &[
            (Field::Code, "id"),
            (Field::Name, "name"),
            (Field::Amount, "amount"),
        ];
        let mut sink = ParquetSink::create(folder.path().join("x.parquet"), columns).unwrap();
        let mut row = Row::new();
        row.set(Field::Code, "007");
        row.set(Field::Amount, "12.50");
        sink.write(&row).unwrap();
        let table = frame::read_parquet(&sink.finish().unwrap(), None).unwrap();
        assert_eq!(table.column("id").unwrap().as_text().unwrap().get(0), Some("007"));
        assert_eq!(table.column("name").unwrap().as_text().unwrap().get(0), None);
        assert_eq!(
            table.column("amount").unwrap(),
            &frame::ColumnData::F64(vec![Some(12.5)])
        );
    }
}
