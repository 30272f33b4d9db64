//! Between our columns and Arrow arrays.
//!
//! In: a column and a range of its rows. Out: one array of a type every Arrow reader knows (large_utf8, int64, int32,
//! float64, bool); no views, no categoricals. For Parquet, [`page_array`] chooses a dictionary of its own making, so
//! that file bytes depend on values alone: entries in order of first occurrence, used when at most half of the rows
//! are distinct. Back: [`typed_data`] for the types we write and their view forms.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use polars_arrow::array::Array;
use polars_arrow::array::BooleanArray;
use polars_arrow::array::DictionaryArray;
use polars_arrow::array::PrimitiveArray;
use polars_arrow::array::Utf8Array;
use polars_arrow::array::Utf8ViewArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::datatypes::Field;
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::types::NativeType;

use crate::row_group::GroupColumn;
use crate::row_group::GroupData;
use crate::table::Column;
use crate::table::ColumnData;
use crate::text::FlatText;
use crate::text::Form;
use crate::text::TextColumn;

pub(crate) type Arrays = Vec<Box<dyn Array>>;

/// The schema of `columns` in files and streams; every column may be null.
pub(crate) fn schema_of(columns: &[Column]) -> ArrowSchema {
    let field = |column: &Column| Field::new(column.name.as_str().into(), type_of(&column.data), true);
    columns
        .iter()
        .map(field)
        .map(|field| (field.name.clone(), field))
        .collect()
}

/// The schema of borrowed columns.
pub(crate) fn schema_of_group(columns: &[GroupColumn<'_>]) -> ArrowSchema {
    let type_of = |data: &GroupData<'_>| match data {
        GroupData::Text { .. } => ArrowDataType::LargeUtf8,
        GroupData::I64(_) => ArrowDataType::Int64,
        GroupData::F64(_) => ArrowDataType::Float64,
    };
    columns
        .iter()
        .map(|column| Field::new(column.name.into(), type_of(&column.data), true))
        .map(|field| (field.name.clone(), field))
        .collect()
}

/// Numbers as an array.
pub(crate) fn primitive_array<T: NativeType>(values: &[Option<T>]) -> Box<dyn Array> {
    Box::new(values.iter().copied().collect::<PrimitiveArray<T>>())
}

fn type_of(data: &ColumnData) -> ArrowDataType {
    match data {
        ColumnData::Text(_) => ArrowDataType::LargeUtf8,
        ColumnData::I64(_) => ArrowDataType::Int64,
        ColumnData::I32(_) => ArrowDataType::Int32,
        ColumnData::F64(_) => ArrowDataType::Float64,
        ColumnData::Bool(_) => ArrowDataType::Boolean,
    }
}

/// The rows `rows` of `data` as an array of the type in [`schema_of`].
pub(crate) fn plain_array(data: &ColumnData, rows: Range<usize>) -> Result<Box<dyn Array>, String> {
    Ok(match data {
        ColumnData::Text(values) => text_array(values, rows)?,
        ColumnData::I64(values) => primitive_array(&values[rows]),
        ColumnData::I32(values) => primitive_array(&values[rows]),
        ColumnData::F64(values) => primitive_array(&values[rows]),
        ColumnData::Bool(values) => Box::new(values[rows].iter().copied().collect::<BooleanArray>()),
    })
}

/// As [`plain_array`], with repetitive text as a dictionary (Parquet pages only, the schema stays large_utf8).
pub(crate) fn page_array(data: &ColumnData, rows: Range<usize>) -> Result<Box<dyn Array>, String> {
    if let ColumnData::Text(values) = data
        && let Some(keys) = dictionary_keys(values, &rows)
    {
        return dictionary_array(values, rows, keys);
    }
    plain_array(data, rows)
}

fn text_array(values: &TextColumn, rows: Range<usize>) -> Result<Box<dyn Array>, String> {
    let mut part = TextColumn::with_capacity(rows.len(), 0);
    let flat = match values.form() {
        Form::Flat(flat) if rows == (0..flat.len()) => flat,
        _ => {
            part.append(values, rows);
            let Form::Flat(flat) = part.form() else {
                unreachable!("a new column is flat")
            };
            flat
        }
    };
    flat_array(flat)
}

fn flat_array(flat: &FlatText) -> Result<Box<dyn Array>, String> {
    let offsets = OffsetsBuffer::try_from(flat.offsets.clone()).map_err(|error| error.to_string())?;
    let bytes = flat.text.clone().into_bytes();
    let valid = flat.valid.as_ref().map(|flags| Bitmap::from(flags.as_slice()));
    let array = Utf8Array::<i64>::try_new(ArrowDataType::LargeUtf8, offsets, bytes.into(), valid);
    Ok(Box::new(array.map_err(|error| error.to_string())?))
}

/// Keys into a dictionary, with the row that first shows each entry.
struct DictionaryKeys {
    keys: Vec<Option<u32>>,
    first_rows: Vec<usize>,
}

/// Numbers the distinct values of `rows` by first occurrence; `None` when more than half of the rows are distinct.
fn dictionary_keys(values: &TextColumn, rows: &Range<usize>) -> Option<DictionaryKeys> {
    match values.form() {
        Form::Flat(_) => number_distinct(rows.clone().map(|row| values.get(row)), rows),
        Form::Coded { codes, .. } => number_distinct(
            codes[rows.clone()]
                .iter()
                .map(|&code| (code != 0).then_some(code)),
            rows,
        ),
    }
}

fn number_distinct<T: Hash + Eq>(
    values: impl Iterator<Item = Option<T>>,
    rows: &Range<usize>,
) -> Option<DictionaryKeys> {
    let mut numbers = HashMap::new();
    let mut found = DictionaryKeys {
        keys: Vec::with_capacity(rows.len()),
        first_rows: Vec::new(),
    };
    for (value, row) in values.zip(rows.clone()) {
        let Some(value) = value else {
            found.keys.push(None);
            continue;
        };
        let next = u32::try_from(found.first_rows.len()).ok()?;
        let number = *numbers.entry(value).or_insert(next);
        if number == next {
            found.first_rows.push(row);
            if found.first_rows.len() * 2 > rows.len() {
                return None;
            }
        }
        found.keys.push(Some(number));
    }
    (!found.first_rows.is_empty()).then_some(found)
}

fn dictionary_array(
    values: &TextColumn,
    rows: Range<usize>,
    keys: DictionaryKeys,
) -> Result<Box<dyn Array>, String> {
    let entries: TextColumn = keys.first_rows.iter().map(|&row| values.get(row)).collect();
    let count = entries.len();
    debug_assert!(count <= rows.len(), "every entry is the value of some row");
    let entries = text_array(&entries, 0..count)?;
    let keys: PrimitiveArray<u32> = keys.keys.into_iter().collect();
    let array = DictionaryArray::try_from_keys(keys, entries, false).map_err(|error| error.to_string())?;
    Ok(Box::new(array))
}

/// Arrays of one column as our own data; `None` for types we do not write.
pub(crate) fn typed_data(dtype: &ArrowDataType, arrays: &Arrays) -> Option<ColumnData> {
    Some(match dtype {
        ArrowDataType::Utf8View => ColumnData::Text(text_of::<Utf8ViewArray>(arrays)?),
        ArrowDataType::LargeUtf8 => ColumnData::Text(text_of::<Utf8Array<i64>>(arrays)?),
        ArrowDataType::Utf8 => ColumnData::Text(text_of::<Utf8Array<i32>>(arrays)?),
        ArrowDataType::Int64 => ColumnData::I64(values_of(arrays)?),
        ArrowDataType::Int32 => ColumnData::I32(values_of(arrays)?),
        ArrowDataType::Float64 => ColumnData::F64(values_of(arrays)?),
        ArrowDataType::Boolean => {
            let mut values = Vec::new();
            for array in arrays {
                values.extend(array.as_any().downcast_ref::<BooleanArray>()?.iter());
            }
            ColumnData::Bool(values)
        }
        _ => return None,
    })
}

fn values_of<T: NativeType>(arrays: &Arrays) -> Option<Vec<Option<T>>> {
    let mut values = Vec::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        values.extend(
            array
                .as_any()
                .downcast_ref::<PrimitiveArray<T>>()?
                .iter()
                .map(Option::<&T>::copied),
        );
    }
    Some(values)
}

/// Text of all `arrays`, which must be of type `A`.
fn text_of<A: TextArray>(arrays: &Arrays) -> Option<TextColumn> {
    let rows = arrays.iter().map(|array| array.len()).sum();
    let mut column = TextColumn::with_capacity(rows, 0);
    for array in arrays {
        let array = array.as_any().downcast_ref::<A>()?;
        (0..array.len()).for_each(|row| column.push_option(array.text(row)));
    }
    Some(column)
}

/// The layouts in which text arrives.
trait TextArray: Array {
    fn text(&self, row: usize) -> Option<&str>;
}

impl TextArray for Utf8ViewArray {
    fn text(&self, row: usize) -> Option<&str> {
        self.get(row)
    }
}

impl TextArray for Utf8Array<i64> {
    fn text(&self, row: usize) -> Option<&str> {
        self.get(row)
    }
}

impl TextArray for Utf8Array<i32> {
    fn text(&self, row: usize) -> Option<&str> {
        self.get(row)
    }
}
