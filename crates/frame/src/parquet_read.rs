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
