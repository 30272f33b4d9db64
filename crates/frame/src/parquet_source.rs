//! An open Parquet file: checked when opened, decoded slice by slice.
//!
//! In: a path. Out: slices of rows of the wanted columns, converted by a function of the caller. Files are read, not
//! mapped into memory: a file cut short meanwhile is an error, not a dead process. In memory are the compressed chunks
//! of one row group and the decoded rows of one slice, [`SLICE_ROWS`] at most. Before anything is decoded, the lengths
//! that the file states are compared with each other and with its size, because polars believes them
//! (`check_groups`, `check_pages`); what slips through is caught by `guard`. The format is that of
//! <https://github.com/apache/parquet-format>.

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

use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::read::BasicDecompressor;
use polars_parquet::read::ColumnChunkMetadata;
use polars_parquet::read::FileMetadata;
use polars_parquet::read::Filter;
use polars_parquet::read::PageReader;
use polars_parquet::read::RowGroupMetadata;
use polars_parquet::read::column_iter_to_arrays;
use polars_parquet::read::read_metadata;
use polars_parquet::write::CompressedPage;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use crate::convert::Arrays;
use crate::error::FrameError;
use crate::guard::guarded;
use crate::parquet_types::infer_fields;
use crate::render::RenderFault;
use crate::seal;
use crate::seal::Seal;
use crate::seal::digest_of;
use crate::seal::shape_digest;
use crate::table::Column;
use crate::table::ColumnData;
use crate::table::Table;

/// Most rows decoded at once. Every slice decodes the dictionary of its chunk anew, so slices are not small.
pub(crate) const SLICE_ROWS: usize = 1 << 17;
/// Largest page accepted. Writers make pages of about 1 MiB; a larger claim is damage or a bomb.
const PAGE_BYTES_MAX: usize = 1 << 30;
/// Parquet begins and ends with this; an encrypted footer ends with `PARE` and is refused like other formats.
const MAGIC: [u8; 4] = *b"PAR1";

/// Turns the arrays of one column into our data.
pub(crate) type Convert<'a> = &'a (dyn Fn(&Field, &Arrays) -> Result<ColumnData, RenderFault> + Sync);

/// An open file whose description has been checked.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    metadata: FileMetadata,
    fields: Vec<Field>,
    /// Checksums, when the file is one of our own.
    seal: Option<Seal>,
    size: u64,
}

impl Source {
    /// Opens and checks the file at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, FrameError> {
        let file = File::open(path).map_err(|error| FrameError::io(path, error))?;
        Self::of(file, path)
    }

    /// Checks an open file; `path` names it in errors.
    pub(crate) fn of(mut file: File, path: &Path) -> Result<Self, FrameError> {
        let io = |error| FrameError::io(path, error);
        let damaged = |detail: String| FrameError::damaged(path, detail);
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
        let seal = check_shape(&metadata, &fields).map_err(damaged)?;
        Ok(Self {
            path: path.to_path_buf(),
            file,
            metadata,
            fields,
            seal,
            size,
        })
    }

    /// Columns at top level, in order.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> u64 {
        self.metadata.num_rows as u64
    }

    /// Indexes of the columns asked for.
    pub(crate) fn wanted(&self, columns: Option<&[&str]>) -> Result<Vec<usize>, FrameError> {
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
    pub(crate) fn empty_table(&self, wanted: &[usize], convert: Convert<'_>) -> Result<Table, FrameError> {
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
    pub(crate) fn read_slices(
        &self,
        wanted: &[usize],
        convert: Convert<'_>,
        each: &mut dyn FnMut(Table, u64) -> ControlFlow<()>,
    ) -> Result<(), FrameError> {
        let mut first_row = 0;
        for (index, group) in self.metadata.row_groups.iter().enumerate() {
            let sealed = self.read_sealed(index)?;
            let chunks = self.read_chunks(group, sealed.as_ref(), wanted)?;
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

    /// Reads all bytes of a row group of our own, and compares them with their seal; `None` for files of others.
    fn read_sealed(&self, index: usize) -> Result<Option<SealedGroup>, FrameError> {
        let Some(seal) = &self.seal else {
            return Ok(None);
        };
        let start = if index == 0 { 0 } else { seal.groups[index - 1].end };
        let range = start..seal.groups[index].end;
        if range.end > self.size {
            return Err(FrameError::damaged(
                &self.path,
                "a row group lies beyond the end of the file",
            ));
        }
        let bytes =
            read_range(&self.file, range.clone()).map_err(|error| FrameError::io(&self.path, error))?;
        if digest_of(&bytes) == seal.groups[index].digest {
            Ok(Some(SealedGroup {
                start,
                bytes: bytes.into(),
            }))
        } else {
            Err(FrameError::damaged(
                &self.path,
                format!("row group {index} differs from its checksum"),
            ))
        }
    }

    /// Takes or reads the bytes of the wanted chunks of one row group and checks their pages.
    fn read_chunks<'a>(
        &'a self,
        group: &'a RowGroupMetadata,
        sealed: Option<&SealedGroup>,
        wanted: &[usize],
    ) -> Result<Vec<Chunk<'a>>, FrameError> {
        let read = |&index: &usize| {
            let field = &self.fields[index];
            let meta = guarded(|| chunk_of(group, field)).map_err(|detail| self.damaged(field, &detail))?;
            let range = meta.byte_range();
            let bytes = match sealed {
                Some(group) => {
                    let part = group.part(&range);
                    part.ok_or_else(|| self.damaged(field, "it lies outside its row group"))?
                }
                None => read_range(&self.file, range)
                    .map_err(|error| FrameError::io(&self.path, error))?
                    .into(),
            };
            let chunk = Chunk { field, meta, bytes };
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

/// All bytes of a row group of our own, found equal to what was written.
struct SealedGroup {
    start: u64,
    bytes: Buffer<u8>,
}

impl SealedGroup {
    /// The part at `range` of the file; `None` when it lies outside the row group.
    fn part(&self, range: &Range<u64>) -> Option<Buffer<u8>> {
        let start = usize::try_from(range.start.checked_sub(self.start)?).ok()?;
        let end = usize::try_from(range.end.checked_sub(self.start)?).ok()?;
        (start <= end && end <= self.bytes.len()).then(|| self.bytes.clone().sliced(start..end))
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

/// Compares names, types, row counts and places with the file's seal and returns it; `None` when there is none.
fn check_shape(metadata: &FileMetadata, fields: &[Field]) -> Result<Option<Seal>, String> {
    let mut entries = metadata.key_value_metadata().iter().flatten();
    let Some(entry) = entries.find(|entry| entry.key == seal::KEY) else {
        return Ok(None);
    };
    let seal = entry
        .value
        .as_deref()
        .and_then(Seal::from_line)
        .ok_or("its checksums cannot be read")?;
    let shape = shape_digest(
        fields.iter(),
        metadata.row_groups.iter().map(RowGroupMetadata::num_rows),
    );
    let is_rising = seal.groups.windows(2).all(|pair| pair[0].end <= pair[1].end);
    if seal.shape == shape && seal.groups.len() == metadata.row_groups.len() && is_rising {
        Ok(Some(seal))
    } else {
        Err("its columns or row groups differ from their checksum".to_owned())
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

    use polars_arrow::array::PrimitiveArray;
    use polars_arrow::array::Utf8ViewArray;
    use polars_arrow::datatypes::ArrowDataType;

    use crate::error::FrameError;
    use crate::fixtures::write_arrays;
    use crate::parquet_read::parquet_shape;
    use crate::parquet_read::read_parquet;
    use crate::parquet_read::read_parquet_as_text;
    use crate::parquet_write::write_parquet;
    use crate::table::Column;
    use crate::table::ColumnData;
    use crate::table::Table;

    fn sample() -> Table {
        let text = [
            Some("上海归一科技有限公司"),
            None,
            Some(""),
            Some("Acme Ltd"),
            Some("00123"),
        ];
        Table::try_new(vec![
            Column::text("名称", text.into_iter().collect()),
            Column::i64("n", vec![Some(i64::MIN), None, Some(0), Some(i64::MAX), Some(7)]),
            Column::text("all null", vec![None; 5].into_iter().collect()),
        ])
        .unwrap()
    }

    /// Reads a file in both ways; `true` when it was refused. A panic fails the test.
    fn is_refused(path: &Path) -> bool {
        let typed = read_parquet(path, None).is_err();
        let text = read_parquet_as_text(path, None, 3, &mut |batch| {
            for row in 0..batch.rows() {
                (0..batch.columns()).for_each(|column| {
                    std::hint::black_box(batch.get(row, column));
                });
            }
            ControlFlow::Continue(())
        });
        let _ = parquet_shape(path);
        typed && text.is_err()
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
    fn flipped_bits_are_refused_or_change_nothing() {
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
            if !is_refused(&path) {
                assert!(read_parquet(&path, None).unwrap() == table, "flipped at {at}");
            }
        }
    }
    #[test]
    fn damage_to_files_of_others_never_panics() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("foreign.parquet");
        let numbers =
            PrimitiveArray::<i128>::from([Some(1250), None, Some(-5)]).to(ArrowDataType::Decimal(20, 2));
        let text = Utf8ViewArray::from_slice([Some("上海归一科技有限公司"), None, Some("Acme")]);
        write_arrays(&path, vec![("金额", Box::new(numbers)), ("text", Box::new(text))]);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            std::fs::write(&path, &flipped).unwrap();
            is_refused(&path);
        }
    }
}
