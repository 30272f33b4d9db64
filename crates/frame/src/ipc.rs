//! Arrow IPC streams of our own tables, for pipes to other programs.
//!
//! In: a [`Table`]; out: the stream every Arrow version reads (large_utf8, int64, int32, float64, bool; uncompressed,
//! no views, no dictionaries), in batches of 100,000 rows. Back: the same types and utf8 or utf8_view text; a stream
//! must end with its end mark, so that a writer that died is told from one that finished.

use std::io;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::io::ipc::read::StreamReader;
use polars_arrow::io::ipc::read::StreamState;
use polars_arrow::io::ipc::read::read_stream_metadata;
use polars_arrow::io::ipc::write::StreamWriter;
use polars_arrow::io::ipc::write::WriteOptions;
use polars_arrow::record_batch::RecordBatch;

use crate::convert::Arrays;
use crate::convert::plain_array;
use crate::convert::schema_of;
use crate::convert::typed_data;
use crate::error::FrameError;
use crate::guard::guarded;
use crate::parquet_write::ROWS_PER_GROUP;
use crate::table::Column;
use crate::table::Table;

const STREAM: &str = "(stream)";

/// Writes `table` to `sink` and flushes it.
///
/// # Errors
/// [`FrameError::Io`] with the sink's own error (a closed pipe keeps its kind), [`FrameError::NoColumns`],
/// [`FrameError::Encode`].
pub fn write_ipc_stream(table: &Table, sink: &mut dyn Write) -> Result<(), FrameError> {
    let path = Path::new(STREAM);
    if table.columns().is_empty() {
        return Err(FrameError::NoColumns {
            path: path.to_path_buf(),
        });
    }
    let mut sink = NotingWriter {
        inner: sink,
        fault: None,
    };
    let outcome = guarded(|| write_batches(table, &mut sink));
    match (sink.fault, outcome) {
        (Some(fault), _) => Err(FrameError::io(path, fault)),
        (None, Err(detail)) => Err(FrameError::encode(path, detail)),
        (None, Ok(())) => sink.inner.flush().map_err(|error| FrameError::io(path, error)),
    }
}

fn write_batches(table: &Table, sink: &mut NotingWriter<'_>) -> Result<(), String> {
    let schema = Arc::new(schema_of(table.columns()));
    let mut writer = StreamWriter::new(sink, WriteOptions { compression: None });
    writer.start(&schema, None).map_err(|error| error.to_string())?;
    for start in (0..table.rows()).step_by(ROWS_PER_GROUP) {
        let end = table.rows().min(start + ROWS_PER_GROUP);
        let arrays: Result<Arrays, String> = table
            .columns()
            .iter()
            .map(|column| plain_array(&column.data, start..end))
            .collect();
        let batch = RecordBatch::try_new(end - start, Arc::clone(&schema), arrays?);
        let batch = batch.map_err(|error| error.to_string())?;
        writer.write(&batch, None).map_err(|error| error.to_string())?;
    }
    writer.finish().map_err(|error| error.to_string())
}

/// Keeps the first fault of the sink, which polars would turn into text.
struct NotingWriter<'a> {
    inner: &'a mut dyn Write,
    fault: Option<io::Error>,
}

impl NotingWriter<'_> {
    fn note<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.map_err(|error| {
            let kind = error.kind();
            // An interrupted call is tried again by the caller and is no fault.
            if kind != io::ErrorKind::Interrupted {
                self.fault.get_or_insert(error);
            }
            io::Error::from(kind)
        })
    }
}

impl Write for NotingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let outcome = self.inner.write(bytes);
        self.note(outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        let outcome = self.inner.flush();
        self.note(outcome)
    }
}

/// Reads a whole stream from `source`, which is held in memory beside the table while decoding.
///
/// # Errors
/// [`FrameError::Io`], [`FrameError::Damaged`] (also for a stream without its end mark),
/// [`FrameError::UnsupportedType`], [`FrameError::Table`].
pub fn read_ipc_stream(source: &mut dyn Read) -> Result<Table, FrameError> {
    let path = Path::new(STREAM);
    let mut bytes = Vec::new();
    source
        .read_to_end(&mut bytes)
        .map_err(|error| FrameError::io(path, error))?;
    let (schema, batches) =
        guarded(|| read_batches(bytes)).map_err(|detail| FrameError::damaged(path, detail))?;
    let mut columns = Vec::with_capacity(schema.len());
    for (index, field) in schema.iter_values().enumerate() {
        let arrays: Arrays = batches
            .iter()
            .map(|batch| batch.arrays()[index].clone())
            .collect();
        let data = guarded(|| Ok::<_, String>(typed_data(&field.dtype, &arrays)))
            .map_err(|detail| FrameError::damaged(path, detail))?;
        let Some(data) = data else {
            return Err(FrameError::UnsupportedType {
                path: path.to_path_buf(),
                column: field.name.to_string(),
                type_name: format!("{:?}", field.dtype),
            });
        };
        columns.push(Column {
            name: field.name.to_string(),
            data,
        });
    }
    Ok(Table::try_new(columns)?)
}

fn read_batches(bytes: Vec<u8>) -> Result<(ArrowSchema, Vec<RecordBatch>), String> {
    let mut cursor = Cursor::new(bytes);
    let metadata = read_stream_metadata(&mut cursor).map_err(|error| error.to_string())?;
    let schema = metadata.schema.clone();
    let mut batches = Vec::new();
    for state in StreamReader::new(cursor, metadata, None) {
        match state.map_err(|error| error.to_string())? {
            StreamState::Some(batch) if batch.arrays().len() == schema.len() => batches.push(batch),
            StreamState::Some(_) => return Err("a batch lacks columns of the schema".to_owned()),
            StreamState::Waiting => return Err("the stream ends without its end mark".to_owned()),
        }
    }
    Ok((schema, batches))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::read_ipc_stream;
    use super::write_ipc_stream;
    use crate::error::FrameError;
    use crate::table::Column;
    use crate::table::ColumnData;
    use crate::table::Table;

    fn table() -> Table {
        let names = [Some("归一科技"), Some(""), None, Some("Acme")]
            .into_iter()
            .collect();
        Table::try_new(vec![
            Column::text("名称", names),
            Column::i64("n", vec![Some(1), None, Some(i64::MIN), Some(4)]),
            Column {
                name: "i".into(),
                data: ColumnData::I32(vec![Some(1), None, Some(i32::MAX), Some(4)]),
            },
            Column {
                name: "f".into(),
                data: ColumnData::F64(vec![None, Some(0.1), Some(-0.0), Some(1e300)]),
            },
            Column {
                name: "b".into(),
                data: ColumnData::Bool(vec![Some(true), None, Some(false), None]),
            },
        ])
        .unwrap()
    }

    fn stream() -> Vec<u8> {
        let mut bytes = Vec::new();
        write_ipc_stream(&table(), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn streams_come_back_as_written() {
        assert_eq!(read_ipc_stream(&mut stream().as_slice()).unwrap(), table());
        let empty = table().empty_like();
        let mut bytes = Vec::new();
        write_ipc_stream(&empty, &mut bytes).unwrap();
        assert_eq!(read_ipc_stream(&mut bytes.as_slice()).unwrap(), empty);
        assert!(matches!(
            write_ipc_stream(&Table::default(), &mut bytes),
            Err(FrameError::NoColumns { .. })
        ));
    }

    #[test]
    fn cut_streams_are_damaged_and_flipped_ones_never_panic() {
        let bytes = stream();
        for end in 0..bytes.len() {
            let outcome = read_ipc_stream(&mut &bytes[..end]);
            // The last four bytes are the length 0 of the end mark; without them the stream is not complete.
            assert!(matches!(outcome, Err(FrameError::Damaged { .. })), "cut at {end}");
        }
        for at in 0..bytes.len() {
            for bit in [0, 3, 7] {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                let _ = read_ipc_stream(&mut flipped.as_slice());
            }
        }
    }

    #[test]
    fn a_closed_pipe_keeps_its_kind() {
        struct Closed;
        impl io::Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let outcome = write_ipc_stream(&table(), &mut Closed);
        let Err(FrameError::Io { source, .. }) = outcome else {
            panic!("a closed pipe is an io error")
        };
        assert_eq!(source.kind(), io::ErrorKind::BrokenPipe);
    }
}
