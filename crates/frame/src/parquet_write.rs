//! Parquet files of our own tables.
//!
//! In: a [`Table`], or many of the same columns one after another. Out: one file, readable by its owner only, on
//! disk when the call returns. Zstandard pages, row groups of [`ROWS_PER_GROUP`] rows whatever the size of the
//! tables given, so the bytes depend on the rows alone: not on batches, threads, pools or the clock. Text is stored
//! as large_utf8, numbers and truth values as they are; repetitive text is dictionary-encoded inside the pages, which
//! readers do not see. Checksums are in the footer (see `seal`). Writing aside and renaming is left to the caller.

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use polars_arrow::array::Array;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::datatypes::PhysicalType;
use polars_parquet::parquet::error::ParquetError;
use polars_parquet::write::CompressedPage;
use polars_parquet::write::CompressionOptions;
use polars_parquet::write::DynIter;
use polars_parquet::write::DynStreamingIterator;
use polars_parquet::write::Encoding;
use polars_parquet::write::FileWriter;
use polars_parquet::write::KeyValue;
use polars_parquet::write::ParquetType;
use polars_parquet::write::StatisticsOptions;
use polars_parquet::write::Version;
use polars_parquet::write::WriteOptions;
use polars_parquet::write::array_to_columns;
use polars_parquet::write::compress;
use polars_parquet::write::fallible_streaming_iterator;
use polars_parquet::write::schema_to_metadata_key;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::convert::page_array;
use crate::convert::primitive_array;
use crate::convert::schema_of;
use crate::convert::schema_of_group;
use crate::error::FrameError;
use crate::guard::guarded;
use crate::row_group::GroupColumn;
use crate::row_group::GroupData;
use crate::row_group::text_pages;
use crate::seal;
use crate::seal::Sealer;
use crate::seal::SealingWriter;
use crate::seal::sealing;
use crate::seal::shape_digest;
use crate::table::Table;

/// Rows of every row group but the last.
pub const ROWS_PER_GROUP: usize = 100_000;

/// Everything that could depend on the environment or on a version's defaults is stated here.
const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: Some(64),
    },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: Some(1 << 20),
};

/// Writes `table` to `path`, replacing what is there.
///
/// # Errors
/// [`FrameError::Io`], [`FrameError::NoColumns`], [`FrameError::Encode`].
pub fn write_parquet(path: &Path, table: &Table) -> Result<(), FrameError> {
    let mut writer = ParquetTableWriter::create(path, table)?;
    writer.write(table)?;
    writer.finish()
}

/// The bytes of a Parquet file of `table`, as [`write_parquet`] would write them, in memory alone.
///
/// # Errors
/// [`FrameError::NoColumns`], [`FrameError::Encode`].
pub fn parquet_bytes(table: &Table) -> Result<Vec<u8>, FrameError> {
    let mut writer =
        ParquetTableWriter::open(Path::new("memory"), table, |_| Ok(Target::Memory(Vec::new())))?;
    writer.write(table)?;
    match writer.end()? {
        Target::Memory(bytes) => Ok(bytes),
        Target::Disk(_) => unreachable!("the target was opened in memory"),
    }
}

/// Where the bytes go.
enum Target {
    Disk(BufWriter<File>),
    Memory(Vec<u8>),
}

impl Target {
    /// Waits until the disk has everything.
    fn close(self, path: &Path) -> Result<(), FrameError> {
        let Self::Disk(file) = self else {
            return Ok(());
        };
        let file = file
            .into_inner()
            .map_err(|error| FrameError::io(path, error.into_error()))?;
        file.sync_all().map_err(|error| FrameError::io(path, error))
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Disk(file) => file.write(bytes),
            Self::Memory(memory) => memory.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Disk(file) => file.flush(),
            Self::Memory(memory) => memory.flush(),
        }
    }
}

type Sink = FileWriter<SealingWriter<Target>>;

/// One Parquet file, written table by table. Dropped without [`ParquetTableWriter::finish`], it leaves a file that
/// no reader takes for complete.
pub struct ParquetTableWriter {
    path: PathBuf,
    sink: Sink,
    sealer: Sealer,
    /// Rows of each row group written.
    group_rows: Vec<usize>,
    /// Rows that do not fill a row group yet; also the pattern of the columns.
    pending: Table,
}

impl ParquetTableWriter {
    /// Creates the file for tables with the columns of `pattern`, whose rows are not written.
    ///
    /// # Errors
    /// [`FrameError::Io`], [`FrameError::NoColumns`], [`FrameError::Encode`].
    pub fn create(path: &Path, pattern: &Table) -> Result<Self, FrameError> {
        Self::open(path, pattern, private_file)
    }

    fn open(
        path: &Path,
        pattern: &Table,
        target: impl FnOnce(&Path) -> Result<Target, FrameError>,
    ) -> Result<Self, FrameError> {
        if pattern.columns().is_empty() {
            return Err(FrameError::NoColumns {
                path: path.to_path_buf(),
            });
        }
        let (sink, sealer) = open_sink(path, target(path)?, schema_of(pattern.columns()))?;
        Ok(Self {
            path: path.to_path_buf(),
            sink,
            sealer,
            group_rows: Vec::new(),
            pending: pattern.empty_like(),
        })
    }

    /// Creates the file for row groups with the columns of `pattern`, whose rows are not written.
    ///
    /// # Errors
    /// [`FrameError::Io`], [`FrameError::NoColumns`], [`FrameError::Encode`].
    pub fn create_like(path: &Path, pattern: &[GroupColumn<'_>]) -> Result<Self, FrameError> {
        if pattern.is_empty() {
            return Err(FrameError::NoColumns {
                path: path.to_path_buf(),
            });
        }
        let (sink, sealer) = open_sink(path, private_file(path)?, schema_of_group(pattern))?;
        Ok(Self {
            path: path.to_path_buf(),
            sink,
            sealer,
            group_rows: Vec::new(),
            pending: Table::default(),
        })
    }

    /// Adds `columns`, at most [`ROWS_PER_GROUP`] rows, as one row group; none for no rows.
    ///
    /// Only for files of [`ParquetTableWriter::create_like`], with columns of the same names and types.
    ///
    /// # Errors
    /// [`FrameError::UnlikeColumns`] when columns do not fit together or to the file, [`FrameError::Io`], [`FrameError::Encode`].
    pub fn write_group_of(&mut self, columns: &[GroupColumn<'_>]) -> Result<(), FrameError> {
        let count = self.check_group(columns)?;
        if count == 0 {
            return Ok(());
        }
        let outcome =
            encode_columns(&self.sink, columns).and_then(|pages| write_pages(&mut self.sink, count, &pages));
        outcome.map_err(|detail| self.fault(detail))?;
        self.sealer.seal_group();
        self.group_rows.push(count);
        Ok(())
    }

    fn check_group(&self, columns: &[GroupColumn<'_>]) -> Result<usize, FrameError> {
        let unlike = |column: &str| FrameError::UnlikeColumns {
            path: self.path.clone(),
            column: column.to_owned(),
        };
        let schema = self.sink.schema();
        if columns.len() != schema.len() {
            return Err(unlike(""));
        }
        let rows = columns.first().map_or(0, |column| column.data.len());
        for (column, field) in columns.iter().zip(schema_of_group(columns).iter_values()) {
            if schema.get(&field.name) != Some(field) || column.data.len() != rows || rows > ROWS_PER_GROUP {
                return Err(unlike(column.name));
            }
            if !column.data.is_sound() {
                return Err(unlike(column.name));
            }
        }
        Ok(rows)
    }

    /// Adds the rows of `table`.
    ///
    /// # Errors
    /// [`FrameError::UnlikeColumns`], [`FrameError::Io`], [`FrameError::Encode`]. The file is then not usable.
    pub fn write(&mut self, table: &Table) -> Result<(), FrameError> {
        self.check_columns(table)?;
        let mut next = 0;
        if self.pending.rows() > 0 {
            next = table.rows().min(ROWS_PER_GROUP - self.pending.rows());
            self.pending.append(table, 0..next);
            if self.pending.rows() == ROWS_PER_GROUP {
                self.flush_pending()?;
            }
        }
        while table.rows() - next >= ROWS_PER_GROUP {
            self.write_group(table, next..next + ROWS_PER_GROUP)?;
            next += ROWS_PER_GROUP;
        }
        if next < table.rows() {
            if self.pending.rows() == 0 {
                self.pending = table.empty_like();
            }
            self.pending.append(table, next..table.rows());
        }
        Ok(())
    }

    /// Writes the rest and the footer and waits until the disk has them.
    ///
    /// # Errors
    /// [`FrameError::Io`], [`FrameError::Encode`].
    pub fn finish(self) -> Result<(), FrameError> {
        let path = self.path.clone();
        self.end()?.close(&path)
    }

    /// Writes the rest and the footer.
    fn end(mut self) -> Result<Target, FrameError> {
        if self.pending.rows() > 0 {
            self.flush_pending()?;
        }
        let shape = shape_digest(self.sink.schema().iter_values(), self.group_rows.iter().copied());
        let seal = KeyValue {
            key: seal::KEY.to_owned(),
            value: Some(self.sealer.seal(shape).to_line()),
        };
        let outcome = guarded(|| {
            let schema = schema_to_metadata_key(self.sink.schema());
            self.sink.end(Some(vec![schema, seal]))
        });
        outcome.map_err(|detail| self.fault(detail))?;
        Ok(self.sink.into_inner().into_inner())
    }

    fn flush_pending(&mut self) -> Result<(), FrameError> {
        let empty = self.pending.empty_like();
        let full = std::mem::replace(&mut self.pending, empty);
        self.write_group(&full, 0..full.rows())
    }

    fn write_group(&mut self, table: &Table, rows: Range<usize>) -> Result<(), FrameError> {
        let count = rows.len();
        let outcome = encode_group(&self.sink, table, &rows)
            .and_then(|pages| write_pages(&mut self.sink, count, &pages));
        outcome.map_err(|detail| self.fault(detail))?;
        self.sealer.seal_group();
        self.group_rows.push(count);
        Ok(())
    }

    /// The fault of the disk when there was one, that of the encoder otherwise.
    fn fault(&self, detail: String) -> FrameError {
        match self.sealer.take_fault() {
            Some(error) => FrameError::io(&self.path, error),
            None => FrameError::encode(&self.path, detail),
        }
    }

    fn check_columns(&self, table: &Table) -> Result<(), FrameError> {
        let unlike = |column: &str| FrameError::UnlikeColumns {
            path: self.path.clone(),
            column: column.to_owned(),
        };
        if table.columns().len() != self.pending.columns().len() {
            return Err(unlike(""));
        }
        for (new, old) in table.columns().iter().zip(self.pending.columns()) {
            if new.name != old.name || !new.data.is_like(&old.data) {
                return Err(unlike(&new.name));
            }
        }
        Ok(())
    }
}

/// Creates the file with mode 0600, also when one with other rights is there already.
fn private_file(path: &Path) -> Result<Target, FrameError> {
    let io = |error| FrameError::io(path, error);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(io)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(io)?;
    Ok(Target::Disk(BufWriter::with_capacity(1 << 20, file)))
}

/// Starts the file in `target`; `path` is named in faults.
fn open_sink(path: &Path, target: Target, schema: ArrowSchema) -> Result<(Sink, Sealer), FrameError> {
    let (writer, sealer) = sealing(target);
    let sink = guarded(|| FileWriter::try_new(writer, schema, OPTIONS));
    Ok((sink.map_err(|detail| FrameError::encode(path, detail))?, sealer))
}

/// Encodes the rows `rows`, columns in parallel.
fn encode_group(sink: &Sink, table: &Table, rows: &Range<usize>) -> Result<Vec<Vec<CompressedPage>>, String> {
    let types = sink.parquet_schema().fields();
    let encode = |index: usize| {
        let array = guarded(|| page_array(&table.columns()[index].data, rows.clone()))?;
        encode_column(array, types[index].clone())
    };
    (0..table.columns().len()).into_par_iter().map(encode).collect()
}

/// Encodes borrowed columns, in parallel.
fn encode_columns(sink: &Sink, columns: &[GroupColumn<'_>]) -> Result<Vec<Vec<CompressedPage>>, String> {
    let types = sink.parquet_schema().fields();
    let encode = |index: usize| match &columns[index].data {
        GroupData::Text { codes, texts } => guarded(|| text_pages(codes, *texts, &types[index])),
        GroupData::I64(values) => encode_column(primitive_array(values), types[index].clone()),
        GroupData::F64(values) => encode_column(primitive_array(values), types[index].clone()),
    };
    (0..columns.len()).into_par_iter().map(encode).collect()
}

/// Encodes and compresses one column of one row group.
fn encode_column(array: Box<dyn Array>, column_type: ParquetType) -> Result<Vec<CompressedPage>, String> {
    guarded(|| {
        let encoding = [encoding_of(array.dtype())];
        let mut compressed = Vec::new();
        for column in
            array_to_columns(array, column_type, OPTIONS, &encoding).map_err(|error| error.to_string())?
        {
            for page in column {
                let page = page.map_err(|error| error.to_string())?;
                let page = compress(page, Vec::new(), OPTIONS.compression);
                compressed.push(page.map_err(|error: ParquetError| error.to_string())?);
            }
        }
        Ok::<_, String>(compressed)
    })
}

/// Text has its dictionary made (or refused) before it comes here; numbers leave that to polars, by fixed seeds.
fn encoding_of(dtype: &ArrowDataType) -> Encoding {
    match dtype.to_physical_type() {
        PhysicalType::Dictionary(_) | PhysicalType::Primitive(_) => Encoding::RleDictionary,
        _ => Encoding::Plain,
    }
}

fn write_pages(sink: &mut Sink, rows: usize, columns: &[Vec<CompressedPage>]) -> Result<(), String> {
    let streams = columns.iter().map(|pages| {
        Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(
            pages.iter().map(Ok),
        )))
    });
    guarded(|| sink.write(rows as u64, DynIter::new(streams)))
}

/// Writes arrays of any type as one row group, as foreign programs do.
#[cfg(test)]
pub(crate) fn write_foreign(
    path: &Path,
    schema: ArrowSchema,
    arrays: Vec<Box<dyn Array>>,
) -> Result<(), FrameError> {
    let (mut sink, _) = open_sink(path, private_file(path)?, schema)?;
    let rows = arrays.first().map_or(0, |array| array.len());
    let types = sink.parquet_schema().fields().to_vec();
    let pages: Result<Vec<_>, String> = arrays
        .into_iter()
        .zip(types)
        .map(|(array, column_type)| match array.dtype().to_physical_type() {
            PhysicalType::Struct | PhysicalType::LargeList => encode_nested(array, column_type),
            _ => encode_column(array, column_type),
        })
        .collect();
    write_pages(
        &mut sink,
        rows,
        &pages.map_err(|detail| FrameError::encode(path, detail))?,
    )
    .map_err(|detail| FrameError::encode(path, detail))?;
    guarded(|| sink.end(None)).map_err(|detail| FrameError::encode(path, detail))?;
    sink.into_inner().into_inner().close(path)
}

#[cfg(test)]
fn encode_nested(array: Box<dyn Array>, column_type: ParquetType) -> Result<Vec<CompressedPage>, String> {
    let columns =
        array_to_columns(array, column_type, OPTIONS, &[Encoding::Plain]).map_err(|e| e.to_string())?;
    let pages = columns.into_iter().flatten();
    pages
        .map(|page| compress(page.unwrap(), Vec::new(), OPTIONS.compression).map_err(|e| e.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    use super::ParquetTableWriter;
    use super::ROWS_PER_GROUP;
    use super::parquet_bytes;
    use super::write_parquet;
    use crate::error::FrameError;
    use crate::parquet_read::parquet_shape;
    use crate::parquet_read::read_parquet;
    use crate::table::Column;
    use crate::table::Table;
    use crate::text::TextColumn;
    use crate::text::TextPool;

    const CITIES: [&str; 4] = ["上海", "", "Paris", "北京"];

    /// `rows` rows with a repetitive column, a distinct one and a number, from row `first` on.
    fn table(first: usize, rows: usize) -> Table {
        let rows = first..first + rows;
        let city = |row: usize| (!row.is_multiple_of(7)).then(|| CITIES[row % 4]);
        let code: Vec<String> = rows.clone().map(|row| format!("{row:018}")).collect();
        Table::try_new(vec![
            Column::text("城市", rows.clone().map(city).collect()),
            Column::text("code", code.iter().map(|code| Some(code.as_str())).collect()),
            Column::i64(
                "n",
                rows.map(|row| i64::try_from(row).ok().filter(|n| n % 5 != 0))
                    .collect(),
            ),
        ])
        .unwrap()
    }

    #[test]
    fn bytes_in_memory_are_those_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for rows in [0, 1, 1000] {
            write_parquet(&path, &table(0, rows)).unwrap();
            assert_eq!(
                parquet_bytes(&table(0, rows)).unwrap(),
                std::fs::read(&path).unwrap()
            );
        }
        let none = parquet_bytes(&Table::try_new(Vec::new()).unwrap());
        assert!(matches!(none, Err(FrameError::NoColumns { .. })));
    }

    #[test]
    fn batches_do_not_change_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (whole, parts) = (folder.path().join("whole"), folder.path().join("parts"));
        let rows = ROWS_PER_GROUP * 2 + 12_345;
        write_parquet(&whole, &table(0, rows)).unwrap();
        let mut writer = ParquetTableWriter::create(&parts, &table(0, 0)).unwrap();
        let mut first = 0;
        for size in [1, 60_000, 0, ROWS_PER_GROUP - 1, 50_000, rows - 210_000] {
            writer.write(&table(first, size)).unwrap();
            first += size;
        }
        writer.finish().unwrap();
        assert_eq!(first, rows);
        assert!(std::fs::read(&whole).unwrap() == std::fs::read(&parts).unwrap());
        assert_eq!(parquet_shape(&parts).unwrap().rows, rows as u64);
        assert!(read_parquet(&parts, None).unwrap() == table(0, rows));
        let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        one_thread
            .install(|| write_parquet(&parts, &table(0, rows)))
            .unwrap();
        assert!(std::fs::read(&whole).unwrap() == std::fs::read(&parts).unwrap());
    }

    #[test]
    fn coded_and_flat_text_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (flat, coded) = (folder.path().join("flat"), folder.path().join("coded"));
        let pool = Arc::new(TextPool::try_new("上海Paris北京".into(), vec![0, 0, 6, 11, 17]).unwrap());
        for codes in [vec![3, 0, 1, 1, 2, 3, 3, 1], vec![2, 1], vec![0, 0]] {
            let column = TextColumn::from_codes(codes, Arc::clone(&pool)).unwrap();
            let again: TextColumn = column.iter().collect();
            write_parquet(
                &coded,
                &Table::try_new(vec![Column::text("城市", column)]).unwrap(),
            )
            .unwrap();
            write_parquet(&flat, &Table::try_new(vec![Column::text("城市", again)]).unwrap()).unwrap();
            assert_eq!(std::fs::read(&flat).unwrap(), std::fs::read(&coded).unwrap());
        }
    }

    #[test]
    fn only_the_owner_may_read_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("客户.parquet");
        std::fs::write(&path, "older").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        write_parquet(&path, &table(0, 3)).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn unlike_tables_and_places_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        let none = write_parquet(&path, &Table::default());
        assert!(matches!(none, Err(FrameError::NoColumns { .. })));
        let mut writer = ParquetTableWriter::create(&path, &table(0, 0)).unwrap();
        let other = Table::try_new(vec![Column::i64("城市", vec![])]).unwrap();
        assert!(matches!(
            writer.write(&other),
            Err(FrameError::UnlikeColumns { .. })
        ));
        drop(writer);
        assert!(matches!(parquet_shape(&path), Err(FrameError::NotParquet { .. })));
        let nowhere = write_parquet(&folder.path().join("no/such/folder"), &table(0, 1));
        assert!(matches!(nowhere, Err(FrameError::Io { .. })));
    }
}
