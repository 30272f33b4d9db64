//! Parquet to rows, by the workspace crate `frame`.
//!
//! In: a located file. Out: its rows, every value as exact text (rules in `frame`), null as an empty cell. The line of a
//! row is its position from 1. Columns that the job does not name are not read, so that a nested column beside them does
//! no harm.

use super::IngestError;
use super::header::Header;
use super::locate::SourceFile;
use super::open::open_plain;
use super::read::ReadOptions;
use super::row::BadRow;
use super::row::RowBuffer;
use super::row::TablePlace;
use super::row::TableSink;
use crate::model::IssueCode;
use frame::FrameError;
use frame::OpenParquet;
use std::ops::ControlFlow;

const ROWS_PER_BATCH: usize = 16_384;

/// Reads the columns the job names, or, when it names none, every column that has text.
pub(super) fn read_parquet(
    file: &SourceFile,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<(), IngestError> {
    let opened = OpenParquet::new(open_plain(file)?, &file.real).map_err(|error| frame_error(file, error))?;
    let shape = opened.shape();
    let names: Vec<String> = shape.columns.iter().map(|column| column.name.clone()).collect();
    let whole = Header::of_names(&names);
    let mut positions: Vec<usize> = if options.wish.wanted.is_empty() {
        (0..names.len())
            .filter(|&at| shape.columns[at].has_text)
            .collect()
    } else {
        options
            .wish
            .wanted
            .iter()
            .filter_map(|name| whole.position(name))
            .collect()
    };
    positions.sort_unstable();
    positions.dedup();
    let is_complete = options
        .wish
        .wanted
        .iter()
        .all(|name| whole.position(name).is_some());
    if !is_complete || positions.is_empty() {
        // The sink names the column that is missing.
        return sink.begin(TablePlace { file, sheet: None }, &whole);
    }
    let read: Vec<&str> = positions.iter().map(|&at| names[at].as_str()).collect();
    let header = Header {
        line: 0,
        columns: positions.iter().map(|&at| whole.columns[at].clone()).collect(),
    };
    sink.begin(TablePlace { file, sheet: None }, &header)?;
    let mut row = RowBuffer::default();
    let mut fault = None;
    let outcome = opened.read_as_text(Some(&read), ROWS_PER_BATCH, &mut |batch| {
        for at in 0..batch.rows() {
            let line = batch.first_row() + at as u64 + 1;
            if let Err(error) = give_row(batch, at, line, &mut row, options, sink) {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    outcome.map_err(|error| frame_error(file, error))?;
    fault.map_or(Ok(()), Err)
}

fn give_row(
    batch: &frame::TextBatch<'_>,
    at: usize,
    line: u64,
    row: &mut RowBuffer,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<(), IngestError> {
    row.clear();
    for column in 0..batch.columns() {
        let text = batch.get(at, column).unwrap_or("");
        let is_long = text.len() > options.limits.field_bytes_max
            || row.text.len() + text.len() > options.limits.record_bytes_max;
        let code = if is_long {
            "record_too_long"
        } else if memchr::memchr(0, text.as_bytes()).is_some() {
            "nul_character"
        } else {
            row.set(column, |buffer| buffer.push_str(text));
            continue;
        };
        sink.bad(BadRow {
            line,
            byte: 0,
            cell: Some(column),
            code: IssueCode::named(code),
        });
        return Ok(());
    }
    sink.row(&row.as_row(line, 0))
}

fn frame_error(file: &SourceFile, error: FrameError) -> IngestError {
    match error {
        FrameError::Io { source, .. } => file.io_error(source),
        FrameError::NotParquet { .. } => file.damaged("it does not end as Parquet does"),
        FrameError::UnsupportedType {
            column, type_name, ..
        } => file.damaged(format!(
            "column `{column}` has the type {type_name}, which has no text"
        )),
        FrameError::BinaryColumn { column, .. } => {
            file.damaged(format!("column `{column}` holds bytes that are no text"))
        }
        FrameError::Damaged { detail, .. } => file.damaged(detail),
        _ => file.damaged("it cannot be decoded"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::IngestError;
    use super::super::tests::rejects;
    use super::super::tests::rows;
    use super::super::tests::run;
    use super::super::tests::source;
    use frame::Column;
    use frame::Table;
    use frame::TextColumn;

    fn text(name: &str, cells: &[Option<&str>]) -> Column {
        Column::text(name, cells.iter().copied().collect::<TextColumn>())
    }

    #[test]
    fn rows_come_back_and_damage_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.parquet");
        let table = Table::try_new(vec![
            text("编号", &[Some("2"), Some("0010"), None]),
            text("客户名称", &[Some("王芳"), Some("Ann\0"), Some("x")]),
            text("别的", &[None, None, None]),
            text("电话", &[None, Some("1"), Some("2")]),
        ])
        .unwrap();
        frame::write_parquet(&path, &table).unwrap();
        let ingested = run(dir.path(), vec![source("甲", &["a.parquet"])]);
        assert!(ingested.faults.is_empty(), "{:?}", ingested.faults);
        assert_eq!(rows(&ingested), ["甲/2/王芳/"]);
        assert_eq!(rejects(&ingested), [(2, "nul_character"), (3, "missing_key")]);

        let mut other = source("甲", &["a.parquet"]);
        other.columns.push(super::super::tests::field("address", "地址"));
        let faults = run(dir.path(), vec![other]).faults;
        assert!(matches!(faults[0].error, IngestError::MissingColumn { .. }));

        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
        let faults = run(dir.path(), vec![source("甲", &["a.parquet"])]).faults;
        assert!(matches!(faults[0].error, IngestError::Damaged { .. }));
    }
}
