//! Parquet files: our own back as tables, anybody's as text.
//!
//! In: a path. Out: typed columns ([`read_parquet`]) or every value as exact text ([`read_parquet_as_text`], rules in
//! `render`). Files are read, not mapped into memory: a file cut short meanwhile is an error, not a dead process. In
//! memory are the compressed chunks of one row group and the decoded rows of one slice, [`SLICE_ROWS`] at most.
//! Before anything is decoded, the lengths that the file states are compared with each other and with its size,
//! because polars believes them (`check_groups`, `check_pages`). Nested columns are refused by name; callers may
//! leave them out of the columns they ask for.

use std::fs::File;
use std::io;
use std::io::Cursor;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::ops::ControlFlow;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;

use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::datatypes::Field;
use polars_arrow::datatypes::TimeUnit;
use polars_buffer::Buffer;
use polars_parquet::read::BasicDecompressor;
use polars_parquet::read::ColumnChunkMetadata;
use polars_parquet::read::FileMetadata;
use polars_parquet::read::Filter;
use polars_parquet::read::PageReader;
use polars_parquet::read::ParquetType;
use polars_parquet::read::PhysicalType;
use polars_parquet::read::PrimitiveConvertedType;
use polars_parquet::read::PrimitiveLogicalType;
use polars_parquet::read::RowGroupMetadata;
use polars_parquet::read::column_iter_to_arrays;
use polars_parquet::read::read_metadata;
use polars_parquet::read::schema::SchemaInferenceOptions;
use polars_parquet::read::schema::infer_schema_with_options;
use polars_parquet::write::CompressedPage;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use crate::convert::Arrays;
use crate::convert::typed_data;
use crate::error::FrameError;
use crate::guard::guarded;
use crate::render::RenderFault;
use crate::render::is_renderable;
use crate::render::render;
use crate::table::Column;
use crate::table::ColumnData;
use crate::table::Table;

/// Most rows decoded at once. Every slice decodes the dictionary of its chunk anew, so slices are not small.
const SLICE_ROWS: usize = 1 << 17;
/// Largest page accepted. Writers make pages of about 1 MiB; a larger claim is damage or a bomb.
const PAGE_BYTES_MAX: usize = 1 << 30;
/// Parquet begins and ends with this; an encrypted footer ends with `PARE` and is refused like other formats.
const MAGIC: [u8; 4] = *b"PAR1";

/// What a file says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParquetShape {
    /// Columns at top level, in order.
    pub columns: Vec<ParquetColumn>,
    /// Number of rows.
    pub rows: u64,
}

/// One column of a [`ParquetShape`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParquetColumn {
    /// Name as in the file.
    pub name: String,
    /// Type as Arrow names it, for messages.
    pub type_name: String,
    /// False when [`read_parquet_as_text`] refuses the column, because it is nested or of a type without exact text.
    pub has_text: bool,
}

/// Some rows of a file as text.
pub struct TextBatch<'a> {
    columns: &'a [Column],
    rows: Range<usize>,
    first_row: u64,
}

impl TextBatch<'_> {
    /// Position in the file of the batch's first row, from 0.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        self.first_row
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Name of the column at `column`; empty beyond the last.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| &column.name)
    }

    /// The value at `row` of this batch and `column`; `None` for null and outside the batch.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<&str> {
        if row >= self.rows.len() {
            return None;
        }
        self.columns
            .get(column)?
            .data
            .as_text()?
            .get(self.rows.start + row)
    }
}

/// Reads names, types and number of rows, without values.
///
/// # Errors
/// [`FrameError::Io`], [`FrameError::NotParquet`], [`FrameError::Damaged`].
pub fn parquet_shape(path: &Path) -> Result<ParquetShape, FrameError> {
    let source = Source::open(path)?;
    let columns = source.fields.iter().map(|field| ParquetColumn {
        name: field.name.to_string(),
        type_name: format!("{:?}", field.dtype),
        has_text: is_renderable(&field.dtype),
    });
    Ok(ParquetShape {
        columns: columns.collect(),
        rows: source.metadata.num_rows as u64,
    })
}

/// Reads `columns` of a file of our own, in the order asked for; all of them in the order of the file for `None`.
///
/// # Errors
/// [`FrameError::Io`], [`FrameError::NotParquet`], [`FrameError::Damaged`], [`FrameError::UnknownColumn`], and
/// [`FrameError::UnsupportedType`] for types that [`ColumnData`] lacks.
pub fn read_parquet(path: &Path, columns: Option<&[&str]>) -> Result<Table, FrameError> {
    let mut whole = Table::default();
    read_parquet_batches(path, columns, &mut |part| {
        if whole.columns().is_empty() {
            whole = part;
        } else {
            whole.append(&part, 0..part.rows());
        }
        ControlFlow::Continue(())
    })?;
    Ok(whole)
}

/// As [`read_parquet`], slice by slice (at most 131,072 rows) in order of rows; `each` may break off.
///
/// A file without rows gives one table without rows.
///
/// # Errors
/// As [`read_parquet`].
pub fn read_parquet_batches(
    path: &Path,
    columns: Option<&[&str]>,
    each: &mut dyn FnMut(Table) -> ControlFlow<()>,
) -> Result<(), FrameError> {
    let source = Source::open(path)?;
    let wanted = source.wanted(columns)?;
    let convert = |field: &Field, arrays: &Arrays| typed_data(&field.dtype, arrays).ok_or(RenderFault::Type);
    let empty = source.empty_table(&wanted, &convert)?;
    if source.metadata.num_rows == 0 {
        let _ = each(empty);
        return Ok(());
    }
    source.read_slices(&wanted, &convert, &mut |part, _| each(part))
}

/// Reads `columns` of anybody's file as text, all of them for `None`, in batches of at most `rows_per_batch` rows.
///
/// `each` sees the batches in order of rows and may break off. A file without rows gives no batch.
///
/// # Errors
/// [`FrameError::Io`], [`FrameError::NotParquet`], [`FrameError::Damaged`], [`FrameError::UnknownColumn`],
/// [`FrameError::UnsupportedType`] (before the first batch) and [`FrameError::BinaryColumn`].
pub fn read_parquet_as_text(
    path: &Path,
    columns: Option<&[&str]>,
    rows_per_batch: usize,
    each: &mut dyn FnMut(&TextBatch<'_>) -> ControlFlow<()>,
) -> Result<(), FrameError> {
    let source = Source::open(path)?;
    let wanted = source.wanted(columns)?;
    let convert = |field: &Field, arrays: &Arrays| render(&field.dtype, arrays).map(ColumnData::Text);
    source.empty_table(&wanted, &convert)?;
    source.read_slices(&wanted, &convert, &mut |part, first_row| {
        for start in (0..part.rows()).step_by(rows_per_batch.max(1)) {
            let rows = start..part.rows().min(start.saturating_add(rows_per_batch.max(1)));
            each(&TextBatch {
                columns: part.columns(),
                rows,
                first_row: first_row + start as u64,
            })?;
        }
        ControlFlow::Continue(())
    })
}

type Convert<'a> = &'a (dyn Fn(&Field, &Arrays) -> Result<ColumnData, RenderFault> + Sync);

/// An open file whose description has been checked.
struct Source {
    path: PathBuf,
    file: File,
    metadata: FileMetadata,
    fields: Vec<Field>,
}

impl Source {
    fn open(path: &Path) -> Result<Self, FrameError> {
        let io = |error| FrameError::io(path, error);
        let damaged = |detail: String| FrameError::damaged(path, detail);
        let mut file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        if !check_magic(&mut file, size).map_err(io)? {
            return Err(FrameError::NotParquet {
                path: path.to_path_buf(),
            });
        }
        file.rewind().map_err(io)?;
        let metadata = guarded(|| read_metadata(&mut file)).map_err(damaged)?;
        let fields = guarded(|| infer_fields(&metadata)).map_err(damaged)?;
        guarded(|| check_groups(&metadata, &fields, size)).map_err(damaged)?;
        Ok(Self {
            path: path.to_path_buf(),
            file,
            metadata,
            fields,
        })
    }

    /// Indexes of the columns asked for.
    fn wanted(&self, columns: Option<&[&str]>) -> Result<Vec<usize>, FrameError> {
        let Some(columns) = columns else {
            return Ok((0..self.fields.len()).collect());
        };
        let find = |name: &&str| {
            let found = self.fields.iter().position(|field| field.name.as_str() == *name);
            found.ok_or_else(|| FrameError::UnknownColumn {
                path: self.path.clone(),
                column: (*name).to_owned(),
            })
        };
        columns.iter().map(find).collect()
    }

    /// The wanted columns without rows; refuses types before the first chunk is read.
    fn empty_table(&self, wanted: &[usize], convert: Convert<'_>) -> Result<Table, FrameError> {
        let column = |&index: &usize| {
            let field = &self.fields[index];
            let data = convert(field, &Vec::new()).map_err(|fault| self.refuse(field, &fault))?;
            Ok(Column {
                name: field.name.to_string(),
                data,
            })
        };
        let columns: Result<Vec<_>, FrameError> = wanted.iter().map(column).collect();
        Ok(Table::try_new(columns?)?)
    }

    /// Hands each slice of rows to `each`, with the position of its first row.
    fn read_slices(
        &self,
        wanted: &[usize],
        convert: Convert<'_>,
        each: &mut dyn FnMut(Table, u64) -> ControlFlow<()>,
    ) -> Result<(), FrameError> {
        let mut first_row = 0;
        for group in &self.metadata.row_groups {
            let chunks = self.read_chunks(group, wanted)?;
            for start in (0..group.num_rows()).step_by(SLICE_ROWS) {
                let rows = start..group.num_rows().min(start + SLICE_ROWS);
                let part = self.convert_slice(&chunks, &rows, convert)?;
                if each(part, first_row + start as u64).is_break() {
                    return Ok(());
                }
            }
            first_row += group.num_rows() as u64;
        }
        Ok(())
    }

    /// Reads the bytes of the wanted chunks of one row group and checks their pages.
    fn read_chunks<'a>(
        &'a self,
        group: &'a RowGroupMetadata,
        wanted: &[usize],
    ) -> Result<Vec<Chunk<'a>>, FrameError> {
        let read = |&index: &usize| {
            let field = &self.fields[index];
            let meta = guarded(|| chunk_of(group, field)).map_err(|detail| self.damaged(field, &detail))?;
            let bytes = read_range(&self.file, meta.byte_range())
                .map_err(|error| FrameError::io(&self.path, error))?;
            let chunk = Chunk {
                field,
                meta,
                bytes: bytes.into(),
            };
            guarded(|| check_pages(&chunk)).map_err(|detail| self.damaged(field, &detail))?;
            Ok(chunk)
        };
        wanted.iter().map(read).collect()
    }

    /// Decodes and converts the rows `rows` of a row group, columns in parallel.
    fn convert_slice(
        &self,
        chunks: &[Chunk<'_>],
        rows: &Range<usize>,
        convert: Convert<'_>,
    ) -> Result<Table, FrameError> {
        let column = |chunk: &Chunk<'_>| {
            let decoded = guarded(|| {
                let arrays = decode(chunk, rows)?;
                Ok::<_, String>(convert(chunk.field, &arrays))
            });
            let data = decoded
                .map_err(|detail| self.damaged(chunk.field, &detail))?
                .map_err(|fault| self.refuse(chunk.field, &fault))?;
            Ok(Column {
                name: chunk.field.name.to_string(),
                data,
            })
        };
        let columns: Result<Vec<_>, FrameError> = chunks.par_iter().map(column).collect();
        Ok(Table::try_new(columns?)?)
    }

    fn damaged(&self, field: &Field, detail: &str) -> FrameError {
        FrameError::damaged(&self.path, format!("column `{}`: {detail}", field.name))
    }

    fn refuse(&self, field: &Field, fault: &RenderFault) -> FrameError {
        let (path, column) = (self.path.clone(), field.name.to_string());
        match fault {
            RenderFault::Type => FrameError::UnsupportedType {
                path,
                column,
                type_name: format!("{:?}", field.dtype),
            },
            RenderFault::Binary => FrameError::BinaryColumn { path, column },
            RenderFault::Mismatch => self.damaged(field, "values are not of the stated type"),
        }
    }
}

/// The compressed bytes of one column in one row group.
struct Chunk<'a> {
    field: &'a Field,
    meta: &'a ColumnChunkMetadata,
    bytes: Buffer<u8>,
}

impl Chunk<'_> {
    fn pages(&self) -> PageReader {
        PageReader::new(
            Cursor::new(self.bytes.clone()),
            self.meta,
            Vec::new(),
            PAGE_BYTES_MAX,
        )
    }
}

fn check_magic(file: &mut File, size: u64) -> io::Result<bool> {
    // Magic, footer length and magic: the shortest file there can be.
    if size < 12 {
        return Ok(false);
    }
    let mut first = [0; 4];
    let mut last = [0; 4];
    file.read_exact(&mut first)?;
    file.seek(SeekFrom::End(-4))?;
    file.read_exact(&mut last)?;
    Ok(first == MAGIC && last == MAGIC)
}

fn read_range(mut file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    // `check_groups` has compared the range with the size of the file, so this allocates no more than that.
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Top-level columns with the types to decode them to.
fn infer_fields(metadata: &FileMetadata) -> Result<Vec<Field>, String> {
    // The default, nanoseconds, turns 9999-12-31 (a common "for ever") into 2262 without a word.
    let options = Some(SchemaInferenceOptions {
        int96_coerce_to_timeunit: TimeUnit::Microsecond,
    });
    let schema = infer_schema_with_options(metadata, &options).map_err(|error| error.to_string())?;
    let mut fields: Vec<Field> = schema.iter_values().cloned().collect();
    for field in &mut fields {
        let column = metadata
            .schema()
            .fields()
            .iter()
            .find(|column| column.name() == field.name.as_str());
        let Some(column) = column else {
            return Err(format!("column `{}` is described but not there", field.name));
        };
        if let ParquetType::PrimitiveType(column) = column {
            adjust_type(
                &mut field.dtype,
                column.physical_type,
                column.logical_type,
                column.converted_type,
            );
        }
    }
    Ok(fields)
}

/// Types whose text is at hand although the file, or polars, calls them something else.
fn adjust_type(
    dtype: &mut ArrowDataType,
    physical: PhysicalType,
    logical: Option<PrimitiveLogicalType>,
    converted: Option<PrimitiveConvertedType>,
) {
    let is_json_or_enum = matches!(
        logical,
        Some(PrimitiveLogicalType::Json | PrimitiveLogicalType::Enum)
    ) || matches!(
        converted,
        Some(PrimitiveConvertedType::Json | PrimitiveConvertedType::Enum)
    );
    match dtype {
        ArrowDataType::Dictionary(_, values, _) if **values == ArrowDataType::Utf8View => {
            *dtype = ArrowDataType::Utf8View;
        }
        ArrowDataType::BinaryView if is_json_or_enum => *dtype = ArrowDataType::Utf8View,
        ArrowDataType::Timestamp(unit, _) if physical == PhysicalType::Int96 => *unit = TimeUnit::Microsecond,
        _ => {}
    }
}

/// Compares what the footer says with itself and with the size of the file.
fn check_groups(metadata: &FileMetadata, fields: &[Field], size: u64) -> Result<(), String> {
    let mut rows = 0_usize;
    for group in &metadata.row_groups {
        rows = rows
            .checked_add(group.num_rows())
            .ok_or("row groups have too many rows")?;
        for column in group.parquet_columns() {
            let range = column.byte_range();
            if range.start > range.end || range.end > size {
                return Err("a column lies beyond the end of the file".to_owned());
            }
        }
        for field in fields.iter().filter(|field| !field.dtype.is_nested()) {
            let values = u64::try_from(chunk_of(group, field)?.num_values());
            if values != Ok(group.num_rows() as u64) {
                return Err(format!(
                    "column `{}` has another number of values than its row group",
                    field.name
                ));
            }
        }
    }
    if rows == metadata.num_rows {
        Ok(())
    } else {
        Err("row groups do not add up to the number of rows".to_owned())
    }
}

/// The one chunk of a column that is not nested.
fn chunk_of<'a>(group: &'a RowGroupMetadata, field: &Field) -> Result<&'a ColumnChunkMetadata, String> {
    let mut chunks = group.columns_under_root_iter(&field.name).into_iter().flatten();
    match (chunks.next(), chunks.next()) {
        (Some(chunk), None) => Ok(chunk),
        _ => Err(format!("column `{}` is not one chunk", field.name)),
    }
}

/// Goes through the page headers of a chunk: no page too large to unpack, as many values as the footer says.
fn check_pages(chunk: &Chunk<'_>) -> Result<(), String> {
    if first_page_size(&chunk.bytes).is_some_and(|size| size > PAGE_BYTES_MAX as u64) {
        return Err("a page is too large".to_owned());
    }
    let mut pages = chunk.pages();
    pages.read_dict().map_err(|error| error.to_string())?;
    let mut values = 0_u64;
    for page in pages {
        let CompressedPage::Data(page) = page.map_err(|error| error.to_string())? else {
            return Err("a dictionary follows data".to_owned());
        };
        if page.uncompressed_size() > PAGE_BYTES_MAX {
            return Err("a page is too large".to_owned());
        }
        values += page.num_values() as u64;
    }
    if u64::try_from(chunk.meta.num_values()) == Ok(values) {
        Ok(())
    } else {
        Err("pages do not add up to the number of values".to_owned())
    }
}

/// The unpacked size in the first page header (Thrift compact protocol: field 1 kind, field 2 unpacked size, both
/// i32), which polars does not show for dictionaries; `None` when the header is of another form.
fn first_page_size(bytes: &[u8]) -> Option<u64> {
    const NEXT_FIELD_I32: u8 = 0x15;
    let mut rest = bytes.iter().copied();
    let mut value = 0;
    for _ in 0..2 {
        if rest.next()? != NEXT_FIELD_I32 {
            return None;
        }
        value = 0;
        for shift in (0..35).step_by(7) {
            let byte = rest.next()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    // Zigzag: even numbers are the non-negative ones.
    Some(value / 2)
}

/// Unpacks the rows `rows` of a chunk.
fn decode(chunk: &Chunk<'_>, rows: &Range<usize>) -> Result<Arrays, String> {
    let pages = BasicDecompressor::new(chunk.pages(), Vec::new());
    let column_type = &chunk.meta.descriptor().descriptor.primitive_type;
    let filter = Filter::new_ranged(rows.start, rows.end);
    let (arrays, _) =
        column_iter_to_arrays(vec![pages], vec![column_type], chunk.field.clone(), Some(filter))
            .map_err(|error| error.to_string())?;
    if arrays.iter().map(|array| array.len()).sum::<usize>() == rows.len() {
        Ok(arrays)
    } else {
        Err("pages hold another number of rows than stated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::path::Path;

    use polars_arrow::array::Array;
    use polars_arrow::array::BinaryViewArray;
    use polars_arrow::array::BooleanArray;
    use polars_arrow::array::PrimitiveArray;
    use polars_arrow::array::StructArray;
    use polars_arrow::array::Utf8ViewArray;
    use polars_arrow::datatypes::ArrowDataType;
    use polars_arrow::datatypes::Field;
    use polars_arrow::datatypes::TimeUnit;
    use proptest::prelude::any;
    use proptest::prelude::prop;
    use proptest::prop_assert;
    use proptest::prop_oneof;
    use proptest::proptest;
    use proptest::strategy::Just;
    use proptest::strategy::Strategy;

    use super::SLICE_ROWS;
    use super::parquet_shape;
    use super::read_parquet;
    use super::read_parquet_as_text;
    use super::read_parquet_batches;
    use crate::error::FrameError;
    use crate::fixtures::write_arrays;
    use crate::parquet_write::write_parquet;
    use crate::table::Column;
    use crate::table::ColumnData;
    use crate::table::Table;

    fn sample() -> Table {
        let text = [
            Some("上海归一科技有限公司"),
            None,
            Some(""),
            Some("310000000000000018"),
            Some("00123"),
        ];
        Table::try_new(vec![
            Column::text("名称", text.into_iter().collect()),
            Column::i64("n", vec![Some(i64::MIN), None, Some(0), Some(i64::MAX), Some(7)]),
            Column {
                name: "i".into(),
                data: ColumnData::I32(vec![None, Some(-1), Some(i32::MAX), None, Some(2)]),
            },
            Column {
                name: "f".into(),
                data: ColumnData::F64(vec![Some(0.1), None, Some(3.0), Some(1e300), None]),
            },
            Column {
                name: "b".into(),
                data: ColumnData::Bool(vec![Some(true), Some(false), None, None, Some(true)]),
            },
            Column::text("all null", vec![None; 5].into_iter().collect()),
        ])
        .unwrap()
    }

    /// Every value as text, row by row, `∅` for null, read in batches of `size`.
    fn rows_as_text(
        path: &Path,
        columns: Option<&[&str]>,
        size: usize,
    ) -> Result<Vec<Vec<String>>, FrameError> {
        let mut rows = Vec::new();
        read_parquet_as_text(path, columns, size, &mut |batch| {
            assert!(batch.rows() <= size && batch.first_row() == rows.len() as u64);
            assert_eq!(batch.get(batch.rows(), 0), None);
            for row in 0..batch.rows() {
                rows.push(
                    (0..batch.columns())
                        .map(|c| batch.get(row, c).unwrap_or("∅").to_owned())
                        .collect(),
                );
            }
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    fn one_column(array: impl Array) -> Result<Vec<String>, FrameError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.parquet");
        write_arrays(&path, vec![("列", Box::new(array))]);
        Ok(rows_as_text(&path, None, 2)?.into_iter().flatten().collect())
    }

    #[test]
    fn tables_come_back_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        for table in [sample(), sample().empty_like()] {
            write_parquet(&path, &table).unwrap();
            assert_eq!(read_parquet(&path, None).unwrap(), table);
            let some = read_parquet(&path, Some(&["b", "名称"])).unwrap();
            assert_eq!(
                some.columns(),
                [table.columns()[4].clone(), table.columns()[0].clone()]
            );
            let shape = parquet_shape(&path).unwrap();
            assert_eq!(shape.rows, table.rows() as u64);
            assert!(shape.columns.iter().all(|column| column.has_text));
        }
        let unknown = read_parquet(&path, Some(&["电话"]));
        assert!(matches!(unknown, Err(FrameError::UnknownColumn { column, .. }) if column == "电话"));
    }

    #[test]
    fn our_own_tables_read_as_text_in_any_batch_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        write_parquet(&path, &sample()).unwrap();
        let expected = [
            [
                "上海归一科技有限公司",
                "-9223372036854775808",
                "∅",
                "0.1",
                "true",
                "∅",
            ],
            ["∅", "∅", "-1", "∅", "false", "∅"],
            ["", "0", "2147483647", "3", "∅", "∅"],
            [
                "310000000000000018",
                "9223372036854775807",
                "∅",
                "1e300",
                "∅",
                "∅",
            ],
            ["00123", "7", "2", "∅", "true", "∅"],
        ];
        for size in [1, 2, 5, 100] {
            assert_eq!(rows_as_text(&path, None, size).unwrap(), expected);
        }
    }

    #[test]
    fn foreign_types_read_as_exact_text() {
        let decimal =
            PrimitiveArray::<i128>::from([Some(1250), None, Some(-5)]).to(ArrowDataType::Decimal(20, 2));
        assert_eq!(one_column(decimal).unwrap(), ["12.50", "∅", "-0.05"]);
        let small = PrimitiveArray::<i128>::from([Some(1250), None]).to(ArrowDataType::Decimal(9, 3));
        assert_eq!(one_column(small).unwrap(), ["1.250", "∅"]);
        let date = PrimitiveArray::<i32>::from([Some(19_782), None]).to(ArrowDataType::Date32);
        assert_eq!(one_column(date).unwrap(), ["2024-02-29", "∅"]);
        let instant = ArrowDataType::Timestamp(TimeUnit::Microsecond, Some("Asia/Shanghai".into()));
        let instant = PrimitiveArray::<i64>::from([Some(1_500_000), None]).to(instant);
        assert_eq!(one_column(instant).unwrap(), ["1970-01-01T00:00:01.500Z", "∅"]);
        let local = ArrowDataType::Timestamp(TimeUnit::Millisecond, None);
        let local = PrimitiveArray::<i64>::from([Some(253_402_300_799_000)]).to(local);
        assert_eq!(one_column(local).unwrap(), ["9999-12-31T23:59:59"]);
        let time =
            PrimitiveArray::<i64>::from([Some(1_000)]).to(ArrowDataType::Time64(TimeUnit::Microsecond));
        assert_eq!(one_column(time).unwrap(), ["00:00:00.001"]);
        assert_eq!(
            one_column(PrimitiveArray::<u64>::from([Some(u64::MAX), None])).unwrap(),
            ["18446744073709551615", "∅"]
        );
        assert_eq!(
            one_column(PrimitiveArray::<i8>::from([Some(-8), None])).unwrap(),
            ["-8", "∅"]
        );
        assert_eq!(
            one_column(PrimitiveArray::<f32>::from([Some(0.1), Some(1e10)])).unwrap(),
            ["0.1", "10000000000"]
        );
        assert_eq!(
            one_column(BooleanArray::from([Some(true), None, Some(false)])).unwrap(),
            ["true", "∅", "false"]
        );
        assert_eq!(
            one_column(Utf8ViewArray::from_slice([Some("归一"), None])).unwrap(),
            ["归一", "∅"]
        );
    }

    #[test]
    fn unmarked_text_is_taken_and_binary_is_refused() {
        let text = BinaryViewArray::from_slice([Some("归一".as_bytes()), None]);
        assert_eq!(one_column(text).unwrap(), ["归一", "∅"]);
        let binary = BinaryViewArray::from_slice([Some(&b"\xff\x00"[..])]);
        assert!(matches!(one_column(binary), Err(FrameError::BinaryColumn { column, .. }) if column == "列"));
    }

    #[test]
    fn nested_columns_are_refused_by_name_and_may_be_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nested.parquet");
        let inner = PrimitiveArray::<i64>::from([Some(1), Some(2)]);
        let dtype = ArrowDataType::Struct(vec![Field::new("inner".into(), ArrowDataType::Int64, true)]);
        let nested = StructArray::new(dtype, 2, vec![Box::new(inner.clone())], None);
        write_arrays(&path, vec![("地址", Box::new(nested)), ("n", Box::new(inner))]);
        let shape = parquet_shape(&path).unwrap();
        assert_eq!(
            shape
                .columns
                .iter()
                .map(|column| column.has_text)
                .collect::<Vec<_>>(),
            [false, true]
        );
        let refused = rows_as_text(&path, None, 10);
        assert!(matches!(refused, Err(FrameError::UnsupportedType { column, .. }) if column == "地址"));
        assert_eq!(rows_as_text(&path, Some(&["n"]), 10).unwrap(), [["1"], ["2"]]);
    }

    #[test]
    fn large_row_groups_are_decoded_in_slices() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.parquet");
        let rows = i64::try_from(SLICE_ROWS * 2 + 17).unwrap();
        let text: Vec<String> = (0..rows).map(|row| format!("客户{row}")).collect();
        let text = Utf8ViewArray::from_slice(text.iter().map(|text| Some(text.as_str())).collect::<Vec<_>>());
        let numbers: PrimitiveArray<i64> = (0..rows).map(|row| (row % 3 != 0).then_some(row)).collect();
        write_arrays(&path, vec![("text", Box::new(text)), ("n", Box::new(numbers))]);
        let mut next = 0;
        read_parquet_as_text(&path, None, 50_000, &mut |batch| {
            assert_eq!((batch.first_row(), batch.name(1)), (next, "n"));
            for row in 0..batch.rows() {
                assert_eq!(batch.get(row, 0), Some(format!("客户{next}").as_str()));
                assert_eq!(
                    batch.get(row, 1),
                    (next % 3 != 0).then(|| next.to_string()).as_deref()
                );
                next += 1;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(next, rows.unsigned_abs());
        let mut parts = 0;
        read_parquet_batches(&path, Some(&["n"]), &mut |part| {
            parts += part.rows();
            ControlFlow::Break(())
        })
        .unwrap();
        assert_eq!(parts, SLICE_ROWS);
    }

    /// Reads a file in both ways; `true` when it was refused. A panic fails the test.
    fn is_refused(path: &Path) -> bool {
        let typed = read_parquet(path, None).is_err();
        let text = rows_as_text(path, None, 3).is_err();
        let _ = parquet_shape(path);
        typed && text
    }

    #[test]
    fn files_cut_anywhere_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.parquet");
        write_parquet(&path, &sample()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            std::fs::write(&path, &bytes[..end]).unwrap();
            assert!(is_refused(&path), "cut at {end}");
            // Cut in the middle, as a gap of a resumed upload leaves it.
            let gap: Vec<u8> = bytes[..end]
                .iter()
                .chain(&bytes[(end + 9).min(bytes.len())..])
                .copied()
                .collect();
            std::fs::write(&path, gap).unwrap();
            is_refused(&path);
        }
        std::fs::write(&path, "客户,电话\n归一,1380013800\n").unwrap();
        assert!(matches!(
            read_parquet(&path, None),
            Err(FrameError::NotParquet { .. })
        ));
        assert!(matches!(
            read_parquet(folder.path(), None),
            Err(FrameError::Io { .. } | FrameError::NotParquet { .. })
        ));
        assert!(matches!(
            read_parquet(Path::new("no such file"), None),
            Err(FrameError::Io { .. })
        ));
    }

    #[test]
    fn flipped_bits_never_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flipped.parquet");
        // Repetitive and distinct text, so that dictionary and plain pages are both hit.
        let rows = 300;
        let name: Vec<String> = (0..rows).map(|row| format!("客户{row}")).collect();
        let city = (0..rows).map(|row| (row % 5 != 0).then(|| ["上海", "Paris", ""][row % 3]));
        let table = Table::try_new(vec![
            Column::text("name", name.iter().map(|name| Some(name.as_str())).collect()),
            Column::text("city", city.collect()),
            Column::i64("n", (0..300).map(Some).collect()),
            Column {
                name: "f".into(),
                data: ColumnData::F64((0..rows).map(|row| Some(row as f64 / 7.0)).collect()),
            },
            Column {
                name: "b".into(),
                data: ColumnData::Bool((0..rows).map(|row| Some(row % 2 == 0)).collect()),
            },
        ])
        .unwrap();
        write_parquet(&path, &table).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            std::fs::write(&path, &flipped).unwrap();
            is_refused(&path);
        }
    }

    fn tables() -> impl Strategy<Value = Table> {
        let text = prop_oneof![
            Just(None),
            Just(Some(String::new())),
            "[0-9]{18}".prop_map(Some),
            "[\u{4e00}-\u{9fff}a-zA-Z0 ]{0,12}".prop_map(Some),
            any::<String>().prop_map(Some),
        ];
        let row = (
            text,
            any::<Option<i64>>(),
            any::<Option<i32>>(),
            any::<Option<f64>>(),
            any::<Option<bool>>(),
        );
        prop::collection::vec(row, 0..60).prop_map(|rows| {
            let text = rows.iter().map(|row| row.0.as_deref()).collect();
            Table::try_new(vec![
                Column::text("文", text),
                Column::i64("l", rows.iter().map(|row| row.1).collect()),
                Column {
                    name: "i".into(),
                    data: ColumnData::I32(rows.iter().map(|row| row.2).collect()),
                },
                Column {
                    name: "f".into(),
                    data: ColumnData::F64(rows.iter().map(|row| row.3).collect()),
                },
                Column {
                    name: "b".into(),
                    data: ColumnData::Bool(rows.iter().map(|row| row.4).collect()),
                },
            ])
            .unwrap()
        })
    }

    proptest! {
        #[test]
        fn any_table_survives_parquet_and_ipc(table in tables()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("any.parquet");
            write_parquet(&path, &table).unwrap();
            let first = std::fs::read(&path).unwrap();
            prop_assert!(read_parquet(&path, None).unwrap() == table);
            let text: Vec<_> = rows_as_text(&path, Some(&["文"]), 7).unwrap().into_iter().flatten().collect();
            let expected = table.columns()[0].data.as_text().unwrap().iter();
            prop_assert!(text.iter().map(String::as_str).eq(expected.map(|value| value.unwrap_or("∅"))));
            write_parquet(&path, &table).unwrap();
            prop_assert!(std::fs::read(&path).unwrap() == first);
            let mut stream = Vec::new();
            crate::ipc::write_ipc_stream(&table, &mut stream).unwrap();
            prop_assert!(crate::ipc::read_ipc_stream(&mut stream.as_slice()).unwrap() == table);
        }
    }
}
