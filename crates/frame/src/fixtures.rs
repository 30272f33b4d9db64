//! Files that only foreign writers make, for the tests of the readers.

use std::path::Path;

use polars_arrow::array::Array;
use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::datatypes::Field;

use crate::parquet_write::write_foreign;

/// Writes one column per `(name, array)` to `path`, with the Arrow types as they are.
pub(crate) fn write_arrays(path: &Path, columns: Vec<(&str, Box<dyn Array>)>) {
    let fields = columns
        .iter()
        .map(|(name, array)| Field::new((*name).into(), array.dtype().clone(), true));
    let schema: ArrowSchema = fields.map(|field| (field.name.clone(), field)).collect();
    write_foreign(
        path,
        schema,
        columns.into_iter().map(|(_, array)| array).collect(),
    )
    .unwrap();
}
