//! Parquet files: our own back as tables, anybody's as text.
//!
//! In: a path. Out: typed columns ([`read_parquet`]) or every value as exact text ([`read_parquet_as_text`], rules in
//! `render`), slice by slice, so that memory does not grow with the file. Opening, checking and decoding are in
//! `parquet_source`. Nested columns are refused by name; callers may leave them out of the columns they ask for.

use std::fs::File;
use std::ops::ControlFlow;
use std::ops::Range;
use std::path::Path;

use polars_arrow::datatypes::Field;

use crate::convert::Arrays;
use crate::convert::typed_data;
use crate::error::FrameError;
use crate::parquet_source::Source;
use crate::render::RenderFault;
use crate::render::is_renderable;
use crate::render::render;
use crate::table::Column;
use crate::table::ColumnData;
use crate::table::Table;

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
    Ok(shape_of(&Source::open(path)?))
}

fn shape_of(source: &Source) -> ParquetShape {
    let columns = source.fields().iter().map(|field| ParquetColumn {
        name: field.name.to_string(),
        type_name: format!("{:?}", field.dtype),
        has_text: is_renderable(&field.dtype),
    });
    ParquetShape {
        columns: columns.collect(),
        rows: source.rows(),
    }
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
    if source.rows() == 0 {
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
    text_of(&Source::open(path)?, columns, rows_per_batch, each)
}

/// A file of anybody's, opened by the caller: links and devices are the caller's business.
pub struct OpenParquet {
    source: Source,
}

impl OpenParquet {
    /// Checks the description of `file`; `path` names it in errors.
    ///
    /// # Errors
    /// As [`parquet_shape`].
    pub fn new(file: File, path: &Path) -> Result<Self, FrameError> {
        let source = Source::of(file, path)?;
        Ok(Self { source })
    }

    /// Names, types and number of rows.
    #[must_use]
    pub fn shape(&self) -> ParquetShape {
        shape_of(&self.source)
    }

    /// Reads rows as [`read_parquet_as_text`] does.
    ///
    /// # Errors
    /// As [`read_parquet_as_text`].
    pub fn read_as_text(
        &self,
        columns: Option<&[&str]>,
        rows_per_batch: usize,
        each: &mut dyn FnMut(&TextBatch<'_>) -> ControlFlow<()>,
    ) -> Result<(), FrameError> {
        text_of(&self.source, columns, rows_per_batch, each)
    }
}

fn text_of(
    source: &Source,
    columns: Option<&[&str]>,
    rows_per_batch: usize,
    each: &mut dyn FnMut(&TextBatch<'_>) -> ControlFlow<()>,
) -> Result<(), FrameError> {
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

    use super::parquet_shape;
    use super::read_parquet;
    use super::read_parquet_as_text;
    use super::read_parquet_batches;
    use crate::error::FrameError;
    use crate::fixtures::write_arrays;
    use crate::parquet_source::SLICE_ROWS;
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
